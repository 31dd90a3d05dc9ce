/* SPDX-License-Identifier: Apache-2.0 */
/**
 * healthy.h knows a server with which nothing is wrong, for tests that break one thing of it: two vhosts at one address, an
 * ECDSA and an RSA chain each, files on disk, a clock that runs.
 * It refuses to know any check.
 *
 * healthy() makes it anew in static memory: a test changes what it likes, the next healthy() undoes it.
 */
#ifndef TLSDIAG_TEST_HEALTHY_H
#define TLSDIAG_TEST_HEALTHY_H

#include "audit/findings.h"
#include "tap.h"

/** Let a list hold these; the items stay. */
#define SET_TEXTS(list, ...)                                                        \
    do {                                                                            \
        static const char *const items_[] = { __VA_ARGS__ };                        \
        (list) = (tlsdiag_text_list_t){ items_, sizeof items_ / sizeof items_[0] }; \
    } while (0)
#define SET_CODES(list, ...)                                                        \
    do {                                                                            \
        static const uint16_t codes_[] = { __VA_ARGS__ };                           \
        (list) = (tlsdiag_code_list_t){ codes_, sizeof codes_ / sizeof codes_[0] }; \
    } while (0)

enum { DAY = 86400, NOW = 1795219200 /* 2026-11-21 */, FINDINGS = 64 };

static tlsdiag_certificate_t first_ecdsa[2], first_rsa[2], second_ecdsa[2];
static tlsdiag_chain_t first_chains[2], second_chains[1];
static tlsdiag_posture_t first, second;
static const tlsdiag_posture_t *vhosts[] = { &first, &second };
static tlsdiag_file_t files[4];
static tlsdiag_plain_vhost_t plain[1];
static tlsdiag_simulated_t simulated[2][2];
static tlsdiag_simulation_t simulations[2];
static tlsdiag_inventory_t server;

static void make_chain(tlsdiag_chain_t *chain, tlsdiag_certificate_t *certificates, tlsdiag_key_type_t type,
                       uint8_t number)
{
    bool rsa = type == TLSDIAG_KEY_RSA;
    certificates[0] = (tlsdiag_certificate_t){ .subject = "CN=www.example.net",
                                               .issuer = "CN=Intermediate,O=Example CA",
                                               .common_name = "www.example.net",
                                               .sha256 = { number },
                                               .public_key_sha256 = { number },
                                               .not_before = NOW - 20 * DAY,
                                               .not_after = NOW + 60 * DAY,
                                               .key_type = type,
                                               .key_bits = rsa ? 2048 : 256,
                                               .key_group = rsa ? 0 : 23,
                                               .signature_algorithm = "ecdsa-with-SHA256",
                                               .signature_hash = TLSDIAG_HASH_SHA2,
                                               .has_basic_constraints = true,
                                               .has_key_usage = true,
                                               .usage_digital_signature = true,
                                               .has_extended_key_usage = true,
                                               .usage_server_auth = true,
                                               .links_to_next = true,
                                               .has_subject_alt_name = true,
                                               .has_sct = true,
                                               .issuer_url = "http://ca.example/intermediate.der",
                                               .ocsp_url = "http://ocsp.ca.example/" };
    SET_TEXTS(certificates[0].dns_names, "example.net", "*.example.net");
    certificates[1] = (tlsdiag_certificate_t){ .subject = "CN=Intermediate,O=Example CA",
                                               .issuer = "CN=Root,O=Example CA",
                                               .sha256 = { 100 },
                                               .public_key_sha256 = { 100 },
                                               .not_before = NOW - 700 * DAY,
                                               .not_after = NOW + 900 * DAY,
                                               .key_type = TLSDIAG_KEY_ECDSA,
                                               .key_bits = 256,
                                               .key_group = 23,
                                               .signature_algorithm = "ecdsa-with-SHA384",
                                               .signature_hash = TLSDIAG_HASH_SHA2,
                                               .is_ca = true,
                                               .has_basic_constraints = true };
    *chain = (tlsdiag_chain_t){ .certificates = certificates,
                                .count = 2,
                                .message_bytes = 2000,
                                .complete = true,
                                .root_known = true,
                                .issuer_sent = true,
                                .certificate_file = rsa ? "/etc/tls/rsa.pem" : "/etc/tls/ecdsa.pem",
                                .key_file = "/etc/tls/server-key.pem" };
}

static void make_vhost(tlsdiag_posture_t *vhost, const char *name, tlsdiag_chain_t *chains, uint8_t count)
{
    *vhost = (tlsdiag_posture_t){ .name = name,
                                  .server_name = "www.example.net",
                                  .port = 443,
                                  .defined_at = "/etc/apache2/site.conf:1",
                                  .addresses = "*:443",
                                  .versions_configured = TLSDIAG_TLS12 | TLSDIAG_TLS13,
                                  .versions = TLSDIAG_TLS12 | TLSDIAG_TLS13,
                                  .security_level = 2,
                                  .chains = chains,
                                  .chains_count = count,
                                  .session_cache = true,
                                  .session_tickets = true,
                                  .timeout_us = 60000000,
                                  .handshake_timeout_us = 5000000,
                                  .openssl_version = "OpenSSL 3.5.0",
                                  .openssl_config = "/etc/ssl/openssl.cnf" };
    SET_CODES(vhost->cipher_suites, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030);
    SET_CODES(vhost->cipher_suites_known, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0x002f, 0x000a);
    SET_CODES(vhost->groups, 0x11ec, 29, 23, 24);
    SET_CODES(vhost->groups_known, 0x11ec, 29, 23, 24, 25, 30);
    SET_TEXTS(vhost->alpn, "h2", "http/1.1");
}

static void make_files(void)
{
    static const char *const paths[] = { "/etc/tls/ecdsa.pem", "/etc/tls/rsa.pem", "/etc/tls/server-key.pem",
                                         "/etc/tls/tickets" };
    for (int i = 0; i < 4; i++) {
        files[i] = (tlsdiag_file_t){
            .path = paths[i], .looked_at = true, .watched = true, .modified = NOW - 20 * DAY, .mode = 0644
        };
        if (i < 2) {
            files[i].has_certificate = true;
            files[i].sha256[0] = (uint8_t)(i + 1);
            files[i].not_before = NOW - 20 * DAY;
            files[i].not_after = NOW + 60 * DAY;
        }
    }
    files[2].mode = files[3].mode = 0600;
    files[2].has_key = true;
}

/** A server with nothing wrong. */
TAP_UNUSED static void healthy(void)
{
    make_chain(&first_chains[0], first_ecdsa, TLSDIAG_KEY_ECDSA, 1);
    make_chain(&first_chains[1], first_rsa, TLSDIAG_KEY_RSA, 2);
    make_chain(&second_chains[0], second_ecdsa, TLSDIAG_KEY_ECDSA, 1);
    make_vhost(&first, "www.example.net:443", first_chains, 2);
    make_vhost(&second, "shop.example.net:443", second_chains, 1);
    second.server_name = "shop.example.net";
    second.defined_at = "/etc/apache2/site.conf:20";
    make_files();
    plain[0] = (tlsdiag_plain_vhost_t){ .name = "www.example.net:80", .defined_at = "site.conf:40", .port = 80 };
    for (uint16_t v = 0; v < 2; v++) {
        for (uint16_t c = 0; c < 2; c++) {
            simulated[v][c] = (tlsdiag_simulated_t){ .client = c, .done = true, .connects = true, .cause = "ok" };
        }
        simulations[v] = (tlsdiag_simulation_t){ .clients = simulated[v], .count = 2 };
    }
    server = (tlsdiag_inventory_t){ .vhosts = vhosts,
                                    .vhosts_count = 2,
                                    .simulations = simulations,
                                    .plain_vhosts = plain,
                                    .plain_vhosts_count = 1,
                                    .files = files,
                                    .files_count = 4,
                                    .host = { .now = NOW,
                                              .module_built = NOW - 30 * DAY,
                                              .clock_known = true,
                                              .clock_synchronised = true,
                                              .time_zone = "Europe/Berlin",
                                              .time_zone_found = true,
                                              .utc_offset_minutes = 60,
                                              .random_ready = true,
                                              .entropy_bits = 256,
                                              .openssl_compiled = 0x30500000,
                                              .openssl_running = 0x30500000,
                                              .openssl_compiled_text = "OpenSSL 3.5.0",
                                              .openssl_running_text = "OpenSSL 3.5.0" } };
}

/** The finding with that id in the server as it is now; NULL: none. */
TAP_UNUSED static const tlsdiag_finding_t *found(const char *id)
{
    static tlsdiag_finding_t findings[FINDINGS];
    size_t count = tlsdiag_audit(findings, FINDINGS, &server);
    for (size_t i = 0; i < count && i < FINDINGS; i++) {
        if (strcmp(tlsdiag_check_id(findings[i].check), id) == 0) {
            return &findings[i];
        }
    }
    return NULL;
}

/** One check: a change of the healthy server that is the fault, and one as near to it as can be that is not. */
typedef struct fault_row {
    const char *id;
    void (*fault)(void);
    void (*neighbour)(void);
    const char *says; /**< words that the finding's text must hold; NULL: any */
} fault_row_t;

/* What has a brace left in it was never filled in; "unknown" is a value that was not there. */
static void judge_texts(const tlsdiag_finding_t *finding, const fault_row_t *row)
{
    bool filled =
        !strpbrk(finding->text, "{}") && !strpbrk(finding->advice, "{}") && !strpbrk(finding->directive, "{}");
    bool known = !strstr(finding->text, "unknown") && !strstr(finding->advice, "unknown");
    ok(filled && known && (row->says == NULL || strstr(finding->text, row->says)), "%s: %s", row->id, finding->text);
}

/** Each row's fault is found, its neighbour is not, and no check whose id begins with a prefix lacks a row. */
TAP_UNUSED static void judge_rows(const fault_row_t *rows, size_t count, const char *const *prefixes,
                                  size_t prefixes_count)
{
    for (size_t i = 0; i < count; i++) {
        healthy();
        ok(found(rows[i].id) == NULL, "%s: not in a healthy server", rows[i].id);
        rows[i].fault();
        const tlsdiag_finding_t *finding = found(rows[i].id);
        if (ok(finding != NULL, "%s: found", rows[i].id)) {
            judge_texts(finding, &rows[i]);
        }
        healthy();
        rows[i].neighbour();
        ok(found(rows[i].id) == NULL, "%s: its neighbour is none", rows[i].id);
    }
    for (uint16_t check = 0; check < tlsdiag_checks_count(); check++) {
        const char *id = tlsdiag_check_id(check);
        bool ours = false, has_row = false;
        for (size_t i = 0; i < prefixes_count; i++) {
            ours = ours || strncmp(id, prefixes[i], strlen(prefixes[i])) == 0;
        }
        for (size_t i = 0; i < count; i++) {
            has_row = has_row || strcmp(rows[i].id, id) == 0;
        }
        if (ours) {
            ok(has_row, "%s has a row", id);
        }
    }
}

#endif
