/* SPDX-License-Identifier: Apache-2.0 */
/* One row for each cause, and rows for its nearest neighbours: what differs by one fact and is another cause. */
#include "handshake.h"

#include "diagnose/rules.h"

typedef struct row {
    const char *cause;
    const char *name;
    void (*set)(void);
} row_t;

/* clang-format off */
#include "rows_first.inc"
#include "rows_offer.inc"
#include "rows_answer.inc"
#include "rows_rest.inc"
/* clang-format on */

static const struct {
    const row_t *rows;
    unsigned count;
} tables[] = { { first_rows, COUNT(first_rows) },
               { offer_rows, COUNT(offer_rows) },
               { answer_rows, COUNT(answer_rows) },
               { rest_rows, COUNT(rest_rows) } };

static bool is_printable(const char *text)
{
    for (; *text; text++) {
        if ((*text < 0x20 || *text > 0x7e) && *text != '\n') {
            return false;
        }
    }
    return true;
}

/* Whatever the verdict, its texts must be fit to print. */
static bool texts_are_fit(const tlsdiag_diagnosis_t *diagnosis)
{
    size_t length = strlen(diagnosis->says);
    bool fit = is_printable(diagnosis->says) && is_printable(diagnosis->advice) && is_printable(diagnosis->remedy) &&
               is_printable(diagnosis->remedy_cost) && length && diagnosis->says[length - 1] == '.' &&
               !strstr(diagnosis->says, "(none)");
    for (unsigned i = 0; i < diagnosis->evidence_count; i++) {
        fit &= is_printable(diagnosis->evidence[i].value) && diagnosis->evidence[i].value[0];
    }
    return fit;
}

static void judge(const row_t *row)
{
    static tlsdiag_diagnosis_t diagnosis;
    begin();
    row->set();
    tlsdiag_diagnose(&diagnosis, &facts, vhost, &experience);
    if (!ok(strcmp(diagnosis.cause, row->cause) == 0, "%s: %s", row->cause, row->name)) {
        printf("#      got: %s\n", diagnosis.cause);
    }
    if (!ok(texts_are_fit(&diagnosis), "%s: %s: texts", row->cause, row->name)) {
        printf("# %s\n# %s\n", diagnosis.says, diagnosis.advice);
    }
}

static bool has_row(const char *cause)
{
    for (unsigned t = 0; t < COUNT(tables); t++) {
        for (unsigned r = 0; r < tables[t].count; r++) {
            if (strcmp(tables[t].rows[r].cause, cause) == 0) {
                return true;
            }
        }
    }
    return false;
}

int main(void)
{
    for (unsigned t = 0; t < COUNT(tables); t++) {
        for (unsigned r = 0; r < tables[t].count; r++) {
            judge(&tables[t].rows[r]);
        }
    }
    for (uint16_t rule = 0; rule < tlsdiag_rules_count(); rule++) {
        ok(has_row(tlsdiag_rule_id(rule)), "%s has a row", tlsdiag_rule_id(rule));
    }
    return done_testing();
}
