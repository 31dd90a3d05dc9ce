/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handshake.h knows an ordinary vhost and an ordinary client, and words to change one thing about them.
 * It refuses to know what the diagnosis makes of it.
 *
 * begin() gives: RSA certificate for www.example.net with its intermediate, TLS 1.2 and 1.3, a client that offers both, and a
 * handshake that has come to its complete ClientHello. Each word then changes facts or posture, which tests read back.
 */
#ifndef TLSDIAG_T_UNIT_DIAGNOSE_HANDSHAKE_H
#define TLSDIAG_T_UNIT_DIAGNOSE_HANDSHAKE_H

#include "../tap.h"

#include "diagnose/diagnosis.h"

#define DAY INT64_C(86400)
#define NOW (20000 * DAY)

static tlsdiag_facts_t facts;
static tlsdiag_posture_t posture;
static const tlsdiag_posture_t *vhost; /* posture, or NULL for a vhost of which nothing is known */
static tlsdiag_experience_t experience;
static tlsdiag_certificate_t certificates[16];
static tlsdiag_chain_t chains[2];
TAP_UNUSED static tlsdiag_certificate_t second_leaf;

#define COUNT(array) ((uint16_t)(sizeof(array) / sizeof((array)[0])))

/* Lists written in place; compound literals of file scope's functions would not outlive them, so these are static. */
#define SET_CODES(list, ...)                                     \
    do {                                                         \
        static const uint16_t codes_[] = { __VA_ARGS__ };        \
        (list) = (tlsdiag_code_list_t){ codes_, COUNT(codes_) }; \
    } while (0)
#define SET_TEXTS(list, ...)                                     \
    do {                                                         \
        static const char *const texts_[] = { __VA_ARGS__ };     \
        (list) = (tlsdiag_text_list_t){ texts_, COUNT(texts_) }; \
    } while (0)
#define OFFER(field, ...)                                        \
    do {                                                         \
        static const uint16_t codes_[] = { __VA_ARGS__ };        \
        memcpy(facts.client_hello.field, codes_, sizeof codes_); \
        facts.client_hello.field##_count = COUNT(codes_);        \
    } while (0)

static void issue(tlsdiag_certificate_t *certificate, const char *subject, const char *issuer)
{
    *certificate = (tlsdiag_certificate_t){ .subject = subject,
                                            .issuer = issuer,
                                            .serial = "01",
                                            .not_before = NOW - 30 * DAY,
                                            .not_after = NOW + 60 * DAY,
                                            .key_type = TLSDIAG_KEY_RSA,
                                            .key_bits = 2048,
                                            .signature_algorithm = "sha256WithRSAEncryption",
                                            .signature_hash = TLSDIAG_HASH_SHA2 };
}

static void make_certificates(void)
{
    memset(certificates, 0, sizeof certificates);
    memset(chains, 0, sizeof chains);
    issue(&certificates[0], "CN=www.example.net", "CN=Intermediate");
    certificates[0].links_to_next = certificates[0].has_subject_alt_name = true;
    certificates[0].common_name = "www.example.net";
    SET_TEXTS(certificates[0].dns_names, "www.example.net", "*.shop.example.net");
    SET_TEXTS(certificates[0].ip_addresses, "192.0.2.1");
    issue(&certificates[1], "CN=Intermediate", "CN=Root");
    certificates[1].is_ca = true;
    chains[0] = (tlsdiag_chain_t){ .certificates = certificates,
                                   .count = 2,
                                   .message_bytes = 2400,
                                   .complete = true,
                                   .root_known = true,
                                   .issuer_sent = true,
                                   .certificate_file = "/etc/ssl/www.pem",
                                   .key_file = "/etc/ssl/www.key" };
}

static void make_posture(void)
{
    posture = (tlsdiag_posture_t){ .name = "www.example.net:443",
                                   .server_name = "www.example.net",
                                   .port = 443,
                                   .defined_at = "httpd.conf:12",
                                   .is_default = true,
                                   .versions_configured = TLSDIAG_TLS12 | TLSDIAG_TLS13,
                                   .versions = TLSDIAG_TLS12 | TLSDIAG_TLS13,
                                   .security_level = 2,
                                   .chains = chains,
                                   .chains_count = 1,
                                   .verify_depth = 1,
                                   .http2_loaded = true,
                                   .remoteip_loaded = true };
    SET_CODES(posture.cipher_suites, 0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0xc02b, 0xc02f, 0xc013);
    posture.cipher_suites_configured = posture.cipher_suites;
    SET_CODES(posture.cipher_suites_known, 0x1302, 0x1303, 0x1301, 0x1304, 0xc02c, 0xc030, 0xc02b, 0xc02f, 0xc013,
              0xc014, 0xc009, 0x009c, 0x009d, 0x009e, 0x002f, 0x0035, 0x0033, 0x00a8, 0x0041);
    SET_CODES(posture.groups, 29, 23, 24);
    SET_CODES(posture.groups_known, 29, 23, 30, 25, 24, 256);
    SET_CODES(posture.signature_algorithms, 0x0403, 0x0503, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601);
    SET_CODES(posture.signature_algorithms_known, 0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b,
              0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201);
    SET_TEXTS(posture.alpn, "http/1.1");
}

static void make_client(void)
{
    memset(&facts, 0, sizeof facts);
    facts.ended_us = NOW * 1000000;
    strcpy(facts.client_address, "203.0.113.7");
    strcpy(facts.local_address, "198.51.100.1");
    facts.has_client_hello = true;
    facts.stage = TLSDIAG_CLIENT_HELLO;
    facts.network.bytes_received = 250;
    facts.timing.total_us = 2000;
    tlsdiag_client_hello_t *hello = &facts.client_hello;
    hello->complete = hello->has_extensions = hello->has_server_name = hello->has_supported_groups =
        hello->has_key_share = hello->has_signature_algorithms = hello->has_supported_versions = true;
    hello->legacy_version = 0x0303;
    hello->message_bytes = 240;
    strcpy((char *)hello->server_name, "www.example.net");
    hello->server_name_length = 15;
    OFFER(cipher_suites, 0x1301, 0x1302, 0xc02b, 0xc02f, 0x009c);
    OFFER(supported_versions, 0x0304, 0x0303);
    OFFER(supported_groups, 29, 23);
    OFFER(key_shares, 29);
    OFFER(signature_algorithms, 0x0403, 0x0804, 0x0401);
}

static void begin(void)
{
    make_certificates();
    make_posture();
    make_client();
    vhost = &posture;
    memset(&experience, 0, sizeof experience);
}

/* What happened. */

static void note_alert(bool received, uint8_t description)
{
    facts.alerts[facts.alerts_count++] = (tlsdiag_alert_t){ .received = received,
                                                            .fatal = description != 0 && description != 90,
                                                            .after_finished = facts.established,
                                                            .description = description };
}

static void openssl_says(uint16_t library, uint32_t reason)
{
    facts.openssl_errors[facts.openssl_errors_count++] =
        (tlsdiag_openssl_error_t){ .code = (uint64_t)library << 23 | reason, .library = library, .reason = reason };
}

/* We stopped it: OpenSSL's reason and the alert that goes with it. */
TAP_UNUSED static void we_refuse(uint32_t reason, uint8_t alert)
{
    openssl_says(20, reason);
    note_alert(false, alert);
    facts.ended_by = TLSDIAG_ENDED_ALERT_SENT;
}

TAP_UNUSED static void client_closes(void)
{
    facts.ended_by = TLSDIAG_ENDED_CLOSED;
    facts.network.end_of_file = true;
}

TAP_UNUSED static void client_resets(void)
{
    facts.ended_by = TLSDIAG_ENDED_RESET;
    facts.network.reset = true;
}

TAP_UNUSED static void time_runs_out(void)
{
    facts.ended_by = TLSDIAG_ENDED_TIMEOUT;
    facts.network.timed_out = true;
}

TAP_UNUSED static void client_says(uint8_t alert)
{
    note_alert(true, alert);
    openssl_says(20, 1000u + alert);
    facts.ended_by = TLSDIAG_ENDED_ALERT_RECEIVED;
}

/* Bytes instead of a ClientHello. */
TAP_UNUSED static void first_bytes(const void *bytes, size_t length)
{
    memset(&facts.client_hello, 0, sizeof facts.client_hello);
    facts.has_client_hello = false;
    facts.stage = length ? TLSDIAG_BYTES_RECEIVED : TLSDIAG_CONNECTED;
    facts.network.bytes_received = length;
    memcpy(facts.first_bytes, bytes, length);
    facts.first_bytes_length = (uint16_t)length;
}

/* Our flight was sent. */
TAP_UNUSED static void we_answer(uint16_t version)
{
    facts.stage = TLSDIAG_SERVER_FLIGHT_SENT;
    facts.negotiated.version = version;
    facts.negotiated.cipher_suite = version == 0x0304 ? 0x1302 : 0xc02f;
    facts.negotiated.group = 29;
    facts.negotiated.signature_scheme = 0x0804;
    facts.negotiated.certificate_message_bytes = 2400;
    facts.negotiated.certificate = 1;
    facts.timing.server_flight_us = 900;
}

TAP_UNUSED static void complete(void)
{
    we_answer(0x0304);
    facts.stage = TLSDIAG_FINISHED;
    facts.established = true;
    facts.ended_by = TLSDIAG_ENDED_FINISHED;
    facts.timing.client_answer_us = 1500;
}

TAP_UNUSED static void verify_fails(int32_t error, uint8_t alert)
{
    we_answer(0x0304);
    facts.stage = TLSDIAG_CLIENT_FLIGHT;
    posture.verify_client = TLSDIAG_VERIFY_REQUIRE;
    posture.trusted_authorities_count = 1;
    SET_TEXTS(posture.client_authorities, "CN=Client Root");
    facts.negotiated.certificate_requested = true;
    facts.verification.checked = true;
    facts.verification.error = error;
    facts.verification.sent_count = 1;
    facts.verification.failed =
        (tlsdiag_certificate_summary_t){ .present = true, .not_after = NOW - DAY, .not_before = NOW - 90 * DAY };
    strcpy(facts.verification.failed.subject, "CN=alice");
    strcpy(facts.verification.failed.issuer, "CN=Client CA");
    strcpy(facts.verification.failed.serial, "0a");
    facts.client_certificate = facts.verification.failed;
    we_refuse(134, alert);
}

#endif
