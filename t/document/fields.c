/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the fields of the JSON record, and in which order they go, for README.md. t/document/update puts it there. */
#include <stdio.h>

#include "publish/fields.h"

/* A bar would end the cell, also inside `code`. */
static void print_cell(const char *text)
{
    for (; *text; text++) {
        printf(*text == '|' ? "\\%c" : "%c", *text);
    }
    printf(" |");
}

/* The value of a constant stands behind its name: `"kind":"event",`. */
static void print_constant(const tlsdiag_field_t *field)
{
    size_t from = tlsdiag_field_name(field).length + sizeof "\"\":" - 1;
    printf("`%.*s`%s", (int)(field->key_length - from - 1), field->key + from, *field->help ? " " : "");
}

static void print_field(const tlsdiag_field_t *field, const char *path, tlsdiag_when_t when, void *context)
{
    (void)context;
    if (field->rows) {
        return;
    }
    printf("| `%s` | %s | %s | ", path, tlsdiag_type_name((tlsdiag_type_t)field->type), tlsdiag_when_name(when));
    if (field->kind == TLSDIAG_ROW_CONSTANT) {
        print_constant(field);
    }
    print_cell(field->help);
    printf("\n");
}

typedef struct rank {
    uint8_t cut;
    const char *before;
} rank_t;

static void print_if_of_rank(const tlsdiag_field_t *field, const char *path, tlsdiag_when_t when, void *context)
{
    rank_t *rank = context;
    (void)when;
    if (field->cut == rank->cut) {
        printf("%s`%s`", rank->before, path);
        rank->before = ", ";
    }
}

int main(void)
{
    printf("| Field | Type | When | Meaning |\n|---|---|---|---|\n");
    tlsdiag_fields_visit(print_field, NULL);
    printf("\nA line that would be too long for a pipe leaves out whole fields, in this order, until it fits:\n\n");
    for (int cut = TLSDIAG_CUT_NEVER + 1; cut < TLSDIAG_CUT_COUNT; cut++) {
        rank_t rank = { (uint8_t)cut, "" };
        printf("%d. ", cut);
        tlsdiag_fields_visit(print_if_of_rank, &rank);
        printf("\n");
    }
    return 0;
}
