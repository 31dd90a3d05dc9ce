/* SPDX-License-Identifier: Apache-2.0 */
/**
 * events.h knows three handshakes that the tests tell again and again: one that went well (TLS 1.3, a resumable browser-like
 * client), one of a client that is too old, and a plain HTTP request on the TLS port.
 * It refuses to know how they are told.
 *
 * Each maker fills a fixture that holds all its parts, so that a test can change one of them.
 */
#ifndef TLSDIAG_EVENTS_H
#define TLSDIAG_EVENTS_H

#include <string.h>

#include "publish/event.h"
#include "tap.h"

typedef struct fixture {
    tlsdiag_facts_t facts;
    tlsdiag_posture_t posture;
    tlsdiag_chain_t chain;
    tlsdiag_certificate_t certificate;
    tlsdiag_diagnosis_t diagnosis;
    tlsdiag_event_t event;
} fixture_t;

/* A ClientHello of OpenSSL 3.0's shape, made for this test: SNI shop.example, ALPN h2 and http/1.1, X25519 and P-256. */
static const uint8_t hello_message[] = {
    0x03, 0x03, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,   0,   0,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,   0,   0, /* random */
    0x00,                                                       /* legacy_session_id */
    0x00, 0x08, 0x13, 0x02, 0x13, 0x01, 0xc0, 0x2b, 0x00, 0xff, /* cipher_suites */
    0x01, 0x00,                                                 /* legacy_compression_methods */
    0x00, 0x44,                                                 /* extensions */
    0x00, 0x00, 0x00, 0x11, 0x00, 0x0f, 0x00, 0x00, 0x0c, 's',  'h',  'o',  'p',  '.',  'e', 'x', 'a',
    'm',  'p',  'l',  'e',  0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x1d, 0x00, 0x17, /* supported_groups */
    0x00, 0x0d, 0x00, 0x06, 0x00, 0x04, 0x04, 0x03, 0x08, 0x04,                         /* signature_algorithms */
    0x00, 0x10, 0x00, 0x0e, 0x00, 0x0c, 0x02, 'h',  '2',  0x08, 'h',  't',  't',  'p',  '/', '1', '.',
    '1',  0x00, 0x2b, 0x00, 0x05, 0x04, 0x03, 0x04, 0x03, 0x03, /* supported_versions */
};

/* The arrays of a fixture are larger than what a literal list holds: count and copy. */
#define SET_CODES(hello, field, ...)                             \
    do {                                                         \
        const uint16_t codes[] = { __VA_ARGS__ };                \
        memcpy((hello)->field, codes, sizeof codes);             \
        (hello)->field##_count = sizeof codes / sizeof codes[0]; \
    } while (0)

static const char *const fixture_aliases[] = { "www.shop.example" };

static void set_posture(fixture_t *fixture)
{
    fixture->certificate = (tlsdiag_certificate_t){
        .subject = "CN=shop.example,O=Shop\\, Inc.",
        .issuer = "CN=Example Intermediate CA",
        .serial = "4F2A",
        .not_before = 1790000000,
        .not_after = 1800000000,
        .sha256 = { 0xab, 0xcd, 0xef },
    };
    fixture->chain = (tlsdiag_chain_t){ .certificates = &fixture->certificate, .count = 1 };
    fixture->posture = (tlsdiag_posture_t){
        .name = "shop.example:443",
        .defined_at = "/etc/apache2/sites-enabled/shop.conf:7",
        .server_aliases = { fixture_aliases, 1 },
        .chains = &fixture->chain,
        .chains_count = 1,
    };
}

static void set_connection(tlsdiag_facts_t *facts)
{
    facts->started_us = INT64_C(1795222923123456);
    facts->ended_us = INT64_C(1795222923125690);
    strcpy(facts->client_address, "192.0.2.77");
    strcpy(facts->local_address, "198.51.100.10");
    strcpy(facts->connection_id, "aSmQSxJ4nUY");
    facts->client_port = 51234;
    facts->local_port = 443;
    facts->network.bytes_received = 581;
    facts->network.bytes_sent = 2931;
    facts->network.tcp_known = true;
    facts->network.rtt_us = 312;
    facts->network.rttvar_us = 98;
    facts->network.mss = 1448;
    facts->network.pmtu = 1500;
    facts->timing.first_byte_us = 210;
    facts->timing.client_hello_us = 240;
    facts->timing.total_us = 2234;
}

static void set_event(fixture_t *fixture)
{
    fixture->event = (tlsdiag_event_t){
        .facts = &fixture->facts,
        .posture = &fixture->posture,
        .diagnosis = &fixture->diagnosis,
        .id = "0193e7c4a1b2-4f2a",
        .sequence = 4711,
        .hostname = "web1",
        .service_version = "2.4.71",
        .process_id = 31337,
    };
}

static void set_hello(tlsdiag_facts_t *facts)
{
    tlsdiag_client_hello_t *hello = &facts->client_hello;
    facts->has_client_hello = true;
    hello->complete = true;
    hello->legacy_version = 0x0303;
    hello->has_server_name = true;
    hello->server_name_length = 12;
    memcpy(hello->server_name, "shop.example", 12);
    hello->compression_count = 1;
    hello->message_bytes = sizeof hello_message;
    facts->network.hello_records = 1;
    facts->network.hello_reads = 2;
}

/** A TLS 1.3 handshake that completed, with HTTP/2. */
TAP_UNUSED static void make_success(fixture_t *fixture)
{
    *fixture = (fixture_t){ 0 };
    tlsdiag_facts_t *facts = &fixture->facts;
    tlsdiag_client_hello_t *hello = &facts->client_hello;
    set_posture(fixture);
    set_connection(facts);
    set_hello(facts);
    set_event(fixture);
    fixture->event.hello_message = tlsdiag_bytes(hello_message, sizeof hello_message);
    SET_CODES(hello, cipher_suites, 0x1302, 0x1301, 0xc02b, 0x00ff);
    SET_CODES(hello, extensions, 0, 10, 13, 16, 43);
    SET_CODES(hello, supported_versions, 0x0304, 0x0303);
    SET_CODES(hello, supported_groups, 29, 23);
    SET_CODES(hello, signature_algorithms, 0x0403, 0x0804);
    memcpy(hello->alpn, "\2h2\10http/1.1", 12);
    hello->alpn_bytes = 12;
    hello->alpn_count = 2;
    strcpy(facts->ja3, "0123456789abcdef0123456789abcdef");
    strcpy(facts->ja4, "t13d0405h2_0123456789ab_cdef01234567");
    facts->stage = TLSDIAG_FINISHED;
    facts->ended_by = TLSDIAG_ENDED_FINISHED;
    facts->established = true;
    facts->request_seen = true;
    strcpy(facts->history, "Csx");
    facts->timing.server_flight_us = 900;
    facts->timing.client_answer_us = 2100;
    facts->negotiated = (tlsdiag_negotiated_t){
        .version = 0x0304,
        .cipher_suite = 0x1302,
        .cipher_openssl = "TLS_AES_256_GCM_SHA384",
        .group = 29,
        .signature_scheme = 0x0403,
        .alpn = "h2",
        .forward_secrecy = true,
        .sni_matched = true,
        .name_covered = true,
        .certificate = 1,
    };
    fixture->diagnosis = (tlsdiag_diagnosis_t){ .cause = "ok", .act = TLSDIAG_ACT_NOBODY, .level = TLSDIAG_LEVEL_INFO };
}

/** A client that knows TLS 1.1 at most, refused with an alert. */
TAP_UNUSED static void make_too_old(fixture_t *fixture)
{
    *fixture = (fixture_t){ 0 };
    tlsdiag_facts_t *facts = &fixture->facts;
    set_posture(fixture);
    set_connection(facts);
    set_hello(facts);
    set_event(fixture);
    facts->client_hello.legacy_version = 0x0302;
    SET_CODES(&facts->client_hello, cipher_suites, 0xc014, 0x0035, 0x00ff);
    SET_CODES(&facts->client_hello, extensions, 0, 10, 11);
    strcpy(facts->ja3, "fedcba9876543210fedcba9876543210");
    strcpy(facts->ja4, "t11d030300_0123456789ab_cdef01234567");
    facts->stage = TLSDIAG_CLIENT_HELLO;
    facts->ended_by = TLSDIAG_ENDED_ALERT_SENT;
    strcpy(facts->history, "C");
    facts->alerts[0] = (tlsdiag_alert_t){ .fatal = true, .description = 70, .at_us = 260 };
    facts->alerts_count = 1;
    facts->openssl_errors[0] =
        (tlsdiag_openssl_error_t){ .code = 0x0a000102, .library = 20, .reason = 258, .text = "unsupported protocol" };
    facts->openssl_errors_count = 1;
    fixture->diagnosis = (tlsdiag_diagnosis_t){
        .cause = "version.client_too_old",
        .failure = true,
        .act = TLSDIAG_ACT_CLIENT,
        .level = TLSDIAG_LEVEL_WARN,
        .says = "The client offers at most TLSv1.1, this vhost allows TLSv1.2 and TLSv1.3.",
        .advice = "Update the client.",
        .remedy = "SSLProtocol all\nSSLCipherSuite DEFAULT:@SECLEVEL=0",
        .remedy_cost = "TLS 1.0 and 1.1 are broken (RFC 8996).",
        .evidence = { { "offered", "TLSv1.1" }, { "allowed", "TLSv1.2, TLSv1.3" } },
        .evidence_count = 2,
    };
}

/** `curl http://shop.example:443/`. */
TAP_UNUSED static void make_plain_http(fixture_t *fixture)
{
    static const char request[] = "GET /cart HTTP/1.1\r\nHost: shop.example:443\r\nUser-Agent: curl/7.88.1\r\n\r\n";
    *fixture = (fixture_t){ 0 };
    tlsdiag_facts_t *facts = &fixture->facts;
    set_posture(fixture);
    set_connection(facts);
    set_event(fixture);
    facts->timing.client_hello_us = 0;
    memcpy(facts->first_bytes, request, sizeof request - 1);
    facts->first_bytes_length = sizeof request - 1;
    facts->stage = TLSDIAG_BYTES_RECEIVED;
    facts->ended_by = TLSDIAG_ENDED_ERROR;
    facts->openssl_errors[0] =
        (tlsdiag_openssl_error_t){ .code = 0x0a00009c, .library = 20, .reason = 156, .text = "http request" };
    facts->openssl_errors_count = 1;
    fixture->diagnosis = (tlsdiag_diagnosis_t){
        .cause = "not_tls.http",
        .failure = true,
        .act = TLSDIAG_ACT_CLIENT,
        .level = TLSDIAG_LEVEL_INFO,
        .says = "A plain HTTP request came to the TLS port.",
        .advice = "Let the link begin with https://.",
    };
}

#endif
