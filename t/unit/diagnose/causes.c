/* SPDX-License-Identifier: Apache-2.0 */
/* One row for each cause, and rows for its nearest neighbours: what differs by one fact and is another cause. */
#include "handshake.h"

#include "decode/offer.h"
#include "diagnose/repeat.h"
#include "diagnose/rules.h"
#include "redraw.h"

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

/* Everything that repeat.h calls circumstance, as another connection would have it. */
static void change_circumstances(void)
{
    facts.started_us += 123;
    facts.ended_us += 10 * 1000000;
    strcpy(facts.client_address, "198.51.100.77");
    strcpy(facts.connection_id, "another");
    facts.client_port++;
    facts.timing.first_byte_us += 1001;
    facts.timing.client_hello_us += 2002;
    facts.timing.server_flight_us += 3003;
    facts.timing.client_answer_us += facts.timing.client_answer_us ? 4004 : 0;
    facts.timing.total_us += 5005;
    facts.network.bytes_received += 7;
    facts.network.bytes_sent += 8;
    facts.network.rtt_us += 9;
    facts.network.rttvar_us += 10;
    facts.network.retransmits += 11;
    facts.network.unacked += 12;
    facts.network.lost += 13;
    facts.network.mss += 14;
    facts.network.pmtu += 15;
    facts.network.bytes_unread += 16;
    for (unsigned i = 0; i < facts.alerts_count; i++) {
        facts.alerts[i].at_us += 1234;
    }
}

static bool same_verdict(const tlsdiag_diagnosis_t *a, const tlsdiag_diagnosis_t *b)
{
    bool same = a->rule == b->rule && a->failure == b->failure && a->confidence == b->confidence &&
                a->evidence_count == b->evidence_count && strcmp(a->says, b->says) == 0 &&
                strcmp(a->advice, b->advice) == 0 && strcmp(a->remedy, b->remedy) == 0 &&
                strcmp(a->remedy_cost, b->remedy_cost) == 0;
    for (unsigned i = 0; i < a->evidence_count && same; i++) {
        same = strcmp(a->evidence[i].value, b->evidence[i].value) == 0;
    }
    return same;
}

/* What the verdict must not turn on (repeat.h). Returns whether it is one that repeats. */
static bool repeats(const row_t *row, const tlsdiag_diagnosis_t *diagnosis)
{
    static tlsdiag_diagnosis_t again;
    static tlsdiag_facts_t key, other_key;
    if (!tlsdiag_verdict_may_repeat(&facts) || diagnosis->varies) {
        return false;
    }
    tlsdiag_verdict_key(&key, &facts, vhost);
    change_circumstances();
    tlsdiag_verdict_key(&other_key, &facts, vhost);
    tlsdiag_diagnose(&again, &facts, vhost, &experience);
    ok(same_verdict(&again, diagnosis) && memcmp(&key, &other_key, sizeof key) == 0 &&
           tlsdiag_verdict_key_fits(&key, &facts, vhost, false),
       "%s: %s: again", row->cause, row->name);
    return true;
}

static void put_first(uint16_t *codes, uint16_t *count, size_t kept, uint16_t code)
{
    if (*count > 0 && *count < kept) {
        memmove(codes + 1, codes, *count * sizeof *codes);
        codes[0] = code;
        ++*count;
    }
}

/* As a browser would have sent it (RFC 8701). */
static void grease(tlsdiag_client_hello_t *hello)
{
    hello->grease = true;
#define PUT_FIRST(list, kept, code) put_first(hello->list, &hello->list##_count, kept, code)
    PUT_FIRST(cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT, 0x2a2a);
    PUT_FIRST(supported_groups, TLSDIAG_GROUPS_KEPT, 0x3a3a);
    PUT_FIRST(key_shares, TLSDIAG_KEY_SHARES_KEPT, 0x3a3a);
    PUT_FIRST(supported_versions, TLSDIAG_VERSIONS_KEPT, 0x4a4a);
    PUT_FIRST(signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT, 0x5a5a);
    PUT_FIRST(extensions, TLSDIAG_EXTENSIONS_KEPT, 0x6a6a);
#undef PUT_FIRST
}

/* A browser that fails so comes again and draws anew: it gets the same verdict, and the key says that it does. */
static void redraws(const row_t *row)
{
    static tlsdiag_diagnosis_t before, after;
    static tlsdiag_facts_t key;
    begin();
    row->set();
    grease(&facts.client_hello);
    tlsdiag_diagnose(&before, &facts, vhost, &experience);
    if (!tlsdiag_verdict_may_repeat(&facts) || before.varies || !tlsdiag_offer_is_whole(&facts.client_hello)) {
        return;
    }
    tlsdiag_verdict_key(&key, &facts, vhost);
    redraw_hello(&facts.client_hello, (unsigned char)row->name[0]);
    facts.client_hello.message_bytes += 32;
    strcpy(facts.ja3, "another");
    tlsdiag_diagnose(&after, &facts, vhost, &experience);
    ok(same_verdict(&before, &after) && tlsdiag_verdict_key_fits(&key, &facts, vhost, false), "%s: %s: drawn anew",
       row->cause, row->name);
    facts.client_hello.session_id_length ^= 32;
    ok(!tlsdiag_verdict_key_fits(&key, &facts, vhost, false), "... but all else in the hello counts");
}

static unsigned repeating;

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
    repeating += repeats(row, &diagnosis);
    redraws(row);
}

/* Whatever byte of the facts is another one, the key fits just when it is the same key. */
static void test_key(void)
{
    static tlsdiag_facts_t key, other_key;
    unsigned wrong = 0, fits = 0;
    begin();
    memset(&facts, 0x55, sizeof facts);
    facts.ended_us = 0;
    tlsdiag_verdict_key(&key, &facts, vhost);
    for (size_t i = 0; i < sizeof facts; i++) {
        ((uint8_t *)&facts)[i] ^= 1;
        tlsdiag_verdict_key(&other_key, &facts, vhost);
        bool fit = tlsdiag_verdict_key_fits(&key, &facts, vhost, false);
        wrong += fit != (memcmp(&key, &other_key, sizeof key) == 0);
        fits += fit;
        ((uint8_t *)&facts)[i] ^= 1;
    }
    is_int(wrong, 0, "a key fits the facts that have the same key");
    facts.client_hello.server_name[3] ^= 1;
    ok(!tlsdiag_verdict_key_fits(&key, &facts, vhost, true),
       "... a ClientHello known to be the same, but for the name: it is asked for");
    facts.client_hello.server_name[3] ^= 1;
    ok(tlsdiag_verdict_key_fits(&key, &facts, vhost, true), "... and then fits");
    facts.negotiated.cipher_suite ^= 1;
    ok(!tlsdiag_verdict_key_fits(&key, &facts, vhost, true), "... as all else is");
    facts.negotiated.cipher_suite ^= 1;
    size_t absent = sizeof facts.first_bytes + sizeof facts.verification.failed +
                    sizeof facts.client_certificate; /* from what may repeat */
    ok(fits > absent + 100 && fits < absent + sizeof facts / 8, "... which leaves out %u bytes of %zu", fits,
       sizeof facts);
    facts.timing.client_answer_us = 0;
    ok(!tlsdiag_verdict_key_fits(&key, &facts, vhost, false), "... but not that the client answered");
    facts.timing.client_answer_us = 1;
    facts.ended_us = INT64_MAX;
    ok(!tlsdiag_verdict_key_fits(&key, &facts, vhost, false), "... and not that a date has passed");
}

/* What the key leaves out because no failure has it that may repeat. */
static void test_what_may_repeat(void)
{
    begin();
    facts.has_client_hello = facts.client_hello.complete = true;
    facts.ended_by = TLSDIAG_ENDED_ALERT_SENT;
    ok(tlsdiag_verdict_may_repeat(&facts), "a failure that may repeat");
    facts.first_bytes_length = 1;
    ok(!tlsdiag_verdict_may_repeat(&facts), "... not with first bytes, which are not in the key");
    facts.first_bytes_length = 0;
    facts.verification.failed.present = true;
    ok(!tlsdiag_verdict_may_repeat(&facts), "... nor with a certificate that failed");
    facts.verification.failed.present = false;
    facts.client_certificate.present = true;
    ok(!tlsdiag_verdict_may_repeat(&facts), "... nor with a client certificate");
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
    test_key();
    test_what_may_repeat();
    ok(repeating > 100, "%u verdicts repeat", repeating);
    return done_testing();
}
