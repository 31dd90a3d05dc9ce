/* SPDX-License-Identifier: Apache-2.0 */
/* Mozilla's profiles, simulated clients, the tables as a whole, and the order and number of findings. */
#include "healthy.h"

#include "audit/check.h"
#include "audit/clients.h"

#define LEAF second_ecdsa[0]

static void modern(void)
{
    second.versions = TLSDIAG_TLS13;
}

static void modern_but_rsa(void)
{
    modern();
    LEAF.key_type = TLSDIAG_KEY_RSA;
    LEAF.key_bits = 2048;
}

static void intermediate(void)
{
    LEAF.not_before = NOW - DAY;
    LEAF.not_after = NOW + 199 * DAY;
}

static void old(void)
{
    second.versions |= TLSDIAG_TLS10;
    SET_CODES(second.cipher_suites, 0x1301, 0xc02b, 0xc009);
}

static void weaker_than_old(void)
{
    SET_CODES(second.cipher_suites, 0x1301, 0xc02b, 0xc007);
}

static void without_tls13(void)
{
    second.versions = TLSDIAG_TLS12;
}

/* Only the second vhost is asked. */
static bool second_meets(const char *id)
{
    static const tlsdiag_posture_t *only[] = { &second };
    server.vhosts = only;
    server.vhosts_count = 1;
    server.simulations = NULL;
    return found(id) != NULL;
}

static void judge_profiles(void)
{
    static const struct {
        const char *name;
        void (*change)(void);
        const char *id;
    } cases[] = {
        { "TLS 1.3 and a young ECDSA certificate", modern, "audit.mozilla.modern" },
        { "TLS 1.3 and an RSA certificate", modern_but_rsa, "audit.mozilla.intermediate" },
        { "TLS 1.2 and 1.3, AEAD", intermediate, "audit.mozilla.intermediate" },
        { "TLS 1.0 with CBC", old, "audit.mozilla.old" },
        { "RC4", weaker_than_old, "audit.mozilla.none" },
        { "TLS 1.3 off", without_tls13, "audit.mozilla.none" },
    };
    static const char *const ids[] = { "audit.mozilla.modern", "audit.mozilla.intermediate", "audit.mozilla.old",
                                       "audit.mozilla.none" };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t j = 0; j < sizeof ids / sizeof ids[0]; j++) {
            healthy();
            cases[i].change();
            ok(second_meets(ids[j]) == (strcmp(ids[j], cases[i].id) == 0), "%s: %s", cases[i].name, ids[j]);
        }
    }
    healthy();
    SET_CODES(second.groups_known, 29, 23, 24);
    second_meets("audit.mozilla.intermediate");
    is_str(found("audit.mozilla.intermediate")->directive,
           "SSLProtocol -all +TLSv1.3\nSSLHonorCipherOrder Off\nSSLOpenSSLConfCmd Groups X25519:P-256:P-384",
           "directives name no group that this OpenSSL does not know");
}

static void current_fails(void)
{
    simulated[0][0].connects = false;
    simulated[0][0].cause = "group.none_common";
}

static void current_not_done(void)
{
    simulated[0][0].connects = simulated[0][0].done = false;
}

static uint16_t aging_client(void)
{
    uint16_t i = 0;
    while (tlsdiag_known_client(i)->age != TLSDIAG_CLIENT_AGING) {
        i++;
    }
    return i;
}

static void aging_fails(void)
{
    simulated[0][1].client = aging_client();
    simulated[0][1].connects = false;
    simulated[0][1].cause = "version.client_too_old";
}

static const fault_row_t rows[] = {
    { "audit.simulation.current_clients", current_fails, current_not_done, "Current clients that cannot connect" },
    { "audit.simulation.current_clients", current_fails, aging_fails, "Chrome 156 (group.none_common)" },
    { "audit.simulation.aging_clients", aging_fails, current_fails, "(version.client_too_old)" },
};

static void judge_template(const char *id, const char *text)
{
    for (const char *open = text ? strchr(text, '{') : NULL; open; open = strchr(open + 1, '{')) {
        size_t length = strcspn(open + 1, "}");
        ok(tlsdiag_value_exists(open + 1, length), "%s: {%.*s} exists", id, (int)length, open + 1);
    }
}

static bool ends_with_stop(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && text[length - 1] == '.';
}

static void judge_tables(void)
{
    tlsdiag_check_text_t check, other;
    for (uint16_t i = 0; tlsdiag_check_get(&check, i); i++) {
        ok(strncmp(check.id, "audit.", 6) == 0 &&
               strspn(check.id, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(check.id),
           "%s: the id is fit for a label", check.id);
        ok(check.what && check.source && check.why && ends_with_stop(check.why) && check.advice,
           "%s: says what, why, what to do, and where that is from", check.id);
        judge_template(check.id, check.advice);
        judge_template(check.id, check.directive);
        for (uint16_t j = 0; j < i && tlsdiag_check_get(&other, j); j++) {
            if (strcmp(check.id, other.id) == 0) {
                ok(false, "%s: the id is there twice", check.id);
            }
        }
    }
}

static void judge_healthy_server(void)
{
    static tlsdiag_finding_t findings[FINDINGS];
    healthy();
    size_t count = tlsdiag_audit(findings, FINDINGS, &server);
    for (size_t i = 0; i < count; i++) {
        ok(strncmp(tlsdiag_check_id(findings[i].check), "audit.mozilla.", 14) == 0, "a healthy server: %s",
           tlsdiag_check_id(findings[i].check));
    }
    is_int((int64_t)count, 2, "a healthy server: one line for each vhost, on Mozilla's profiles");
}

static void judge_order(void)
{
    static tlsdiag_finding_t findings[FINDINGS];
    healthy();
    second.versions |= TLSDIAG_TLS10;
    second_ecdsa[0].not_after = NOW - 1;
    server.host.clock_synchronised = false;
    size_t count = tlsdiag_audit(findings, FINDINGS, &server);
    for (size_t i = 1; i < count; i++) {
        ok(findings[i - 1].severity <= findings[i].severity, "the worst come first (%zu)", i);
    }
    is_int((int64_t)tlsdiag_audit(findings, 1, &server), (int64_t)count, "all are counted when there is room for one");
    is_str(tlsdiag_check_id(findings[0].check), "audit.cert.expired", "and that one is the worst");
    is_int(findings[0].vhost, 2, "it says which vhost");
    uint64_t identity = findings[0].identity;
    server.host.now += DAY;
    tlsdiag_audit(findings, 1, &server);
    ok(findings[0].identity == identity, "the same fault keeps its identity");
}

static void judge_next_change(void)
{
    healthy();
    is_int(tlsdiag_audit_next_change(&server), NOW + 60 * DAY - 80 * DAY / 3, "the first threshold before expiry");
    second_ecdsa[0].not_after = NOW + 5;
    second_ecdsa[0].not_before = NOW - 1;
    is_int(tlsdiag_audit_next_change(&server), NOW + 3, "a third of six seconds before");
    server.host.now = NOW + 3;
    is_int(tlsdiag_audit_next_change(&server), NOW + 5, "then the expiry");
}

int main(void)
{
    static const char *const families[] = { "audit.simulation." };
    judge_profiles();
    judge_rows(rows, sizeof rows / sizeof rows[0], families, 1);
    judge_tables();
    judge_healthy_server();
    judge_order();
    judge_next_change();
    return done_testing();
}
