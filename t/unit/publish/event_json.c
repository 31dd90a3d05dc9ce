/* SPDX-License-Identifier: Apache-2.0 */
/* publish/event.h: which value stands under which name. */
#include "events.h"
#include "json_check.h"

static fixture_t fixture;
static char text[65536];

static const char *render(void)
{
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_event_json_write(&out, &fixture.event, 0);
    return tlsdiag_writer_text(&out);
}

typedef void (*maker_t)(fixture_t *fixture);

/* One promise: after change, path has that value as it stands in the text; NULL: it is absent. */
typedef struct value_row {
    const char *name;
    maker_t make;
    void (*change)(fixture_t *fixture);
    const char *path, *value;
} value_row_t;

static void nothing(fixture_t *changed)
{
    (void)changed;
}

static void cut_by_our_stop(fixture_t *changed)
{
    changed->diagnosis.cause = "server.stopping";
    changed->diagnosis.unknown = true;
    changed->facts.ended_by = TLSDIAG_ENDED_SERVER_STOP;
}

static void dropped_after_success(fixture_t *changed)
{
    changed->diagnosis.cause = "server_cert.closed_after_handshake";
    strcpy(changed->diagnosis.advice, "Look.");
    changed->facts.request_seen = false;
}

static void mask_24(fixture_t *changed)
{
    changed->event.mask = (tlsdiag_mask_t){ 24, 48 };
}

static void mask_what_is_no_address(fixture_t *changed)
{
    mask_24(changed);
    strcpy(changed->facts.client_address, "unix:/run/x");
}

static void sslv3(fixture_t *changed)
{
    changed->facts.negotiated.version = 0x0300;
}

static void private_suite(fixture_t *changed)
{
    changed->facts.negotiated.cipher_suite = 0xfffe;
    changed->facts.negotiated.group = 0xfeff;
}

static void resume_by_ticket(fixture_t *changed)
{
    changed->facts.negotiated.version = 0x0303;
    changed->facts.negotiated.resumed = true;
}

static void resume_by_session_id(fixture_t *changed)
{
    resume_by_ticket(changed);
    changed->facts.negotiated.resumed_by_session_id = true;
}

static void resume_tls13(fixture_t *changed)
{
    changed->facts.negotiated.resumed = true;
}

static void nobody_knows_the_certificate(fixture_t *changed)
{
    changed->facts.negotiated.certificate = 0;
}

static void offer_grease(fixture_t *changed)
{
    SET_CODES(&changed->facts.client_hello, cipher_suites, 0x1a1a, 0x1301, 0xeeee);
    SET_CODES(&changed->facts.client_hello, supported_groups, 0x2a2a, 29);
    changed->facts.client_hello.grease = true;
}

static void offer_unknown_modes(fixture_t *changed)
{
    memcpy(changed->facts.client_hello.psk_modes, "\x0b\x01", 2);
    changed->facts.client_hello.psk_modes_count = 2;
}

static void offer_too_much(fixture_t *changed)
{
    changed->facts.client_hello.supported_groups_count = TLSDIAG_GROUPS_KEPT + 1;
}

static void send_no_name(fixture_t *changed)
{
    changed->facts.client_hello.has_server_name = false;
}

static void break_hello(fixture_t *changed)
{
    changed->facts.client_hello.complete = false;
    strcpy(changed->facts.client_hello.malformed, "key_share");
    changed->facts.client_hello.malformed_at = 214;
}

static void send_client_certificate(fixture_t *changed)
{
    changed->facts.client_certificate = (tlsdiag_certificate_summary_t){
        .present = true, .subject = "CN=alice", .issuer = "CN=Staff", .serial = "0A", .not_before = 0, .not_after = 1
    };
    changed->facts.verification =
        (tlsdiag_verification_t){ .checked = true, .error = 10, .text = "certificate has expired", .depth = 0 };
    changed->facts.verification.failed = changed->facts.client_certificate;
}

static void fail_at_depth_1(fixture_t *changed)
{
    send_client_certificate(changed);
    changed->facts.verification.depth = 1;
    strcpy(changed->facts.verification.failed.subject, "CN=Staff");
}

static void two_alerts(fixture_t *changed)
{
    changed->facts.alerts[0] = (tlsdiag_alert_t){ .received = true, .description = 90, .at_us = 1 };
    changed->facts.alerts[1] =
        (tlsdiag_alert_t){ .received = true, .fatal = true, .description = 99, .after_finished = true };
    changed->facts.alerts_count = 2;
}

static void retry(fixture_t *changed)
{
    changed->facts.negotiated.hello_retry_request = true;
    changed->facts.negotiated.hello_retry_group = 23;
    changed->facts.has_second_client_hello = true;
    changed->facts.second_key_share = 23;
}

static void fold(fixture_t *changed)
{
    changed->event.repeats = (tlsdiag_repeats_t){ 523, INT64_C(1795222923123456), INT64_C(1795222983123456) };
    changed->event.lost_before = 7;
}

static void forget_posture(fixture_t *changed)
{
    changed->event.posture = NULL;
    changed->event.vhost = "backend.example:8443";
}

static void backend(fixture_t *changed)
{
    changed->facts.is_backend = true;
}

static void ldap_bind(fixture_t *changed)
{
    static const char bind[] = "\x30\x1c\x02\x01\x01\x60\x17\x02\x01\x03\x04\x08"
                               "cn=admin\x80\x06"
                               "secret";
    memset(changed->facts.first_bytes, 0, sizeof changed->facts.first_bytes);
    memcpy(changed->facts.first_bytes, bind, sizeof bind - 1);
    changed->facts.first_bytes_length = sizeof bind - 1;
}

static void proxy_header(fixture_t *changed)
{
    static const char header[] = "PROXY TCP4 203.0.113.9 198.51.100.10 40000 443\r\n";
    memcpy(changed->facts.first_bytes, header, sizeof header - 1);
    changed->facts.first_bytes_length = sizeof header - 1;
}

static void masked_proxy_header(fixture_t *changed)
{
    proxy_header(changed);
    mask_24(changed);
}

static void same_evidence_twice(fixture_t *changed)
{
    changed->diagnosis.evidence[2] = (tlsdiag_evidence_t){ "offered", "again" };
    changed->diagnosis.evidence_count = 3;
}

static void hidden_tables(fixture_t *changed)
{
    changed->event.ja3_string = tlsdiag_bytes("771,1,2,3,0", 11);
    changed->event.ja4_r = tlsdiag_bytes("t13_made_before", 15);
}

/* clang-format off */
static const value_row_t values[] = {
    { "time of the outcome", make_success, nothing, "@timestamp", "\"2026-11-21T01:02:03.125690Z\"" },
    { "time of the accept", make_success, nothing, "event.start", "\"2026-11-21T01:02:03.123456Z\"" },
    { "duration in ns", make_success, nothing, "event.duration", "2234000" },
    { "success is allowed", make_success, nothing, "event.type", "[\"connection\",\"allowed\"]" },
    { "success", make_success, nothing, "event.outcome", "\"success\"" },
    { "success has no reason", make_success, nothing, "event.reason", NULL },
    { "success has no error", make_success, nothing, "error", NULL },
    { "success has no confidence", make_success, nothing, "tlsdiag.confidence", NULL },
    { "failure is denied", make_too_old, nothing, "event.type", "[\"connection\",\"denied\"]" },
    { "failure", make_too_old, nothing, "event.outcome", "\"failure\"" },
    { "failure's reason", make_too_old, nothing, "event.reason", "\"The client offers at most TLSv1.1, this vhost allows TLSv1.2 and TLSv1.3.\"" },
    { "cause is the error's type", make_too_old, nothing, "error.type", "\"version.client_too_old\"" },
    { "packed code as OpenSSL prints it", make_too_old, nothing, "error.code", "\"0A000102\"" },
    { "OpenSSL's words", make_too_old, nothing, "error.message", "\"unsupported protocol\"" },
    { "our own stop is unknown", make_too_old, cut_by_our_stop, "event.outcome", "\"unknown\"" },
    { "our own stop before completion is denied", make_too_old, cut_by_our_stop, "event.type", "[\"connection\",\"denied\"]" },
    { "our own stop", make_too_old, cut_by_our_stop, "tlsdiag.ended_by", "\"server_stop\"" },
    { "dropped after success is a success", make_success, dropped_after_success, "event.outcome", "\"success\"" },
    { "... and explained", make_success, dropped_after_success, "tlsdiag.advice", "\"Look.\"" },
    { "... without a request", make_success, dropped_after_success, "tlsdiag.request_seen", "false" },
    { "level", make_too_old, nothing, "log.level", "\"warn\"" },
    { "client's address", make_success, nothing, "source.ip", "\"192.0.2.77\"" },
    { "client's address masked", make_success, mask_24, "source.ip", "\"192.0.2.0\"" },
    { "what cannot be masked is not shown", make_success, mask_what_is_no_address, "source.ip", NULL },
    { "client's port", make_success, nothing, "source.port", "51234" },
    { "bytes received", make_success, nothing, "source.bytes", "581" },
    { "bytes sent", make_success, nothing, "destination.bytes", "2931" },
    { "our address", make_success, nothing, "destination.ip", "\"198.51.100.10\"" },
    { "protocol", make_success, nothing, "network.protocol", "\"tls\"" },
    { "foreign protocol", make_plain_http, nothing, "network.protocol", "\"http\"" },
    { "to us", make_success, nothing, "network.direction", "\"ingress\"" },
    { "from us", make_success, backend, "network.direction", "\"egress\"" },
    { "httpd's version", make_success, nothing, "service.version", "\"2.4.71\"" },
    { "TLS version", make_success, nothing, "tls.version", "\"1.3\"" },
    { "SSL version", make_success, sslv3, "tls.version", "\"3.0\"" },
    { "SSL", make_success, sslv3, "tls.version_protocol", "\"ssl\"" },
    { "no version without a ServerHello", make_too_old, nothing, "tls.version", NULL },
    { "cipher suite", make_success, nothing, "tls.cipher", "\"TLS_AES_256_GCM_SHA384\"" },
    { "unknown cipher suite", make_success, private_suite, "tls.cipher", "\"0xfffe\"" },
    { "group", make_success, nothing, "tls.curve", "\"x25519\"" },
    { "unknown group", make_success, private_suite, "tls.curve", "\"0xfeff\"" },
    { "ALPN answer", make_success, nothing, "tls.next_protocol", "\"h2\"" },
    { "not resumed", make_success, nothing, "tls.resumed", "false" },
    { "not resumed in no way", make_success, nothing, "tlsdiag.negotiated.resumption", NULL },
    { "resumed by ticket", make_success, resume_by_ticket, "tlsdiag.negotiated.resumption", "\"ticket\"" },
    { "resumed by session id", make_success, resume_by_session_id, "tlsdiag.negotiated.resumption", "\"session_id\"" },
    { "resumed in TLS 1.3", make_success, resume_tls13, "tlsdiag.negotiated.resumption", "\"psk\"" },
    { "a resumed handshake sends no certificate", make_success, resume_tls13, "tls.server", NULL },
    { "certificate's subject", make_success, nothing, "tls.server.subject", "\"CN=shop.example,O=Shop\\\\, Inc.\"" },
    { "certificate's end", make_success, nothing, "tls.server.not_after", "\"2027-01-15T08:00:00.000000Z\"" },
    { "certificate's digest", make_success, nothing, "tls.server.hash.sha256", "\"ABCDEF0000000000000000000000000000000000000000000000000000000000\"" },
    { "no certificate where it is not known which", make_success, nobody_knows_the_certificate, "tls.server", NULL },
    { "... nor what it covers", make_success, nobody_knows_the_certificate, "tlsdiag.negotiated.name_covered", NULL },
    { "SNI", make_success, nothing, "tls.client.server_name", "\"shop.example\"" },
    { "no SNI", make_success, send_no_name, "tls.client.server_name", NULL },
    { "without SNI nothing matches", make_success, send_no_name, "tlsdiag.negotiated.sni_matched", NULL },
    { "suites without GREASE", make_success, offer_grease, "tls.client.supported_ciphers", "[\"TLS_AES_128_GCM_SHA256\",\"0xeeee\"]" },
    { "codes with GREASE", make_success, offer_grease, "tlsdiag.client.cipher_codes", "[\"0x1a1a\",\"0x1301\",\"0xeeee\"]" },
    { "groups with GREASE", make_success, offer_grease, "tlsdiag.client.groups", "[\"0x2a2a\",\"x25519\"]" },
    { "GREASE seen", make_success, offer_grease, "tlsdiag.client.grease", "true" },
    { "PSK modes with GREASE", make_success, offer_unknown_modes, "tlsdiag.client.psk_modes", "[\"0x0b\",\"psk_dhe_ke\"]" },
    { "a list longer than what is kept", make_success, offer_too_much, "tlsdiag.truncated", "true" },
    { "nothing is truncated", make_success, nothing, "tlsdiag.truncated", NULL },
    { "versions offered", make_success, nothing, "tlsdiag.client.versions", "[\"TLSv1.3\",\"TLSv1.2\"]" },
    { "no supported_versions", make_too_old, nothing, "tlsdiag.client.versions", NULL },
    { "legacy_version", make_too_old, nothing, "tlsdiag.client.legacy_version", "\"TLSv1.1\"" },
    { "ALPN offered", make_success, nothing, "tlsdiag.client.alpn", "[\"h2\",\"http/1.1\"]" },
    { "extensions", make_success, nothing, "tlsdiag.client.extensions", "[\"server_name\",\"supported_groups\",\"signature_algorithms\",\"application_layer_protocol_negotiation\",\"supported_versions\"]" },
    { "compression", make_success, nothing, "tlsdiag.client.compression", "[\"null\"]" },
    { "JA3", make_success, nothing, "tls.client.ja3", "\"0123456789abcdef0123456789abcdef\"" },
    { "JA3 string", make_success, nothing, "tlsdiag.ja3_string", "\"771,4866-4865-49195-255,0-10-13-16-43,29-23,\"" },
    { "JA4_r", make_success, nothing, "tlsdiag.ja4_r", "\"t13d0405h2_00ff,1301,1302,c02b_000a,000d,002b_0403,0804\"" },
    { "JA3 string made before", make_success, hidden_tables, "tlsdiag.ja3_string", "\"771,1,2,3,0\"" },
    { "JA4_r made before", make_success, hidden_tables, "tlsdiag.ja4_r", "\"t13_made_before\"" },
    { "no JA3 string without the message", make_too_old, nothing, "tlsdiag.ja3_string", NULL },
    { "a broken hello has no JA3", make_success, break_hello, "tls.client.ja3", NULL },
    { "a broken hello has no JA4", make_success, break_hello, "tlsdiag.ja4", NULL },
    { "what is broken", make_success, break_hello, "tlsdiag.client.malformed", "\"key_share\"" },
    { "where", make_success, break_hello, "tlsdiag.client.malformed_at", "214" },
    { "client certificate", make_success, send_client_certificate, "tls.client.subject", "\"CN=alice\"" },
    { "its serial number", make_success, send_client_certificate, "tls.client.x509.serial_number", "\"0A\"" },
    { "its dates", make_success, send_client_certificate, "tls.client.not_before", "\"1970-01-01T00:00:00.000000Z\"" },
    { "verify error", make_success, send_client_certificate, "tlsdiag.verify", "{\"code\":10,\"name\":\"certificate has expired\",\"depth\":0}" },
    { "the certificate that failed", make_success, fail_at_depth_1, "tlsdiag.verify.subject", "\"CN=Staff\"" },
    { "alerts", make_too_old, nothing, "tlsdiag.alerts", "[{\"direction\":\"sent\",\"level\":\"fatal\",\"code\":70,\"name\":\"protocol_version\",\"us\":260}]" },
    { "alerts in order", make_success, two_alerts, "tlsdiag.alerts",
      "[{\"direction\":\"received\",\"level\":\"warning\",\"code\":90,\"name\":\"user_canceled\",\"us\":1},"
      "{\"direction\":\"received\",\"level\":\"fatal\",\"code\":99,\"name\":\"unassigned\",\"after_finished\":true,\"us\":0}]" },
    { "OpenSSL's queue", make_too_old, nothing, "tlsdiag.openssl", "[{\"lib\":20,\"reason\":258,\"text\":\"unsupported protocol\"}]" },
    { "remedy, line by line", make_too_old, nothing, "tlsdiag.remedy", "\"SSLProtocol all\\nSSLCipherSuite DEFAULT:@SECLEVEL=0\"" },
    { "evidence", make_too_old, nothing, "tlsdiag.evidence", "{\"offered\":\"TLSv1.1\",\"allowed\":\"TLSv1.2, TLSv1.3\"}" },
    { "evidence named twice", make_too_old, same_evidence_twice, "tlsdiag.evidence", "{\"offered\":\"TLSv1.1\",\"allowed\":\"TLSv1.2, TLSv1.3\"}" },
    { "vhost", make_success, nothing, "tlsdiag.vhost", "\"shop.example:443\"" },
    { "vhost without a posture", make_success, forget_posture, "tlsdiag.vhost", "\"backend.example:8443\"" },
    { "vhost's place", make_success, nothing, "tlsdiag.vhost_defined_at", "\"/etc/apache2/sites-enabled/shop.conf:7\"" },
    { "HelloRetryRequest's group", make_success, retry, "tlsdiag.negotiated.hello_retry_group", "\"secp256r1\"" },
    { "its answer", make_success, retry, "tlsdiag.client.second_key_share", "\"secp256r1\"" },
    { "TCP", make_success, nothing, "tlsdiag.tcp", "{\"rtt_us\":312,\"rttvar_us\":98,\"retransmits\":0,\"unacked\":0,\"lost\":0,\"mss\":1448,\"pmtu\":1500}" },
    { "times that did not come are absent", make_plain_http, nothing, "tlsdiag.timing", "{\"first_byte\":210,\"total\":2234}" },
    { "plain HTTP: request line and Host", make_plain_http, nothing, "tlsdiag.client.first_bytes", "\"GET /cart HTTP/1.1\\\\x0d\\\\x0aHost: shop.example:443\"" },
    { "a password in the first bytes is not shown", make_plain_http, ldap_bind, "tlsdiag.client.first_bytes", "\"0\\\\x1c\\\\x02\\\\x01\\\\x01`\\\\x17\\\\x02\"" },
    { "PROXY header", make_plain_http, proxy_header, "tlsdiag.client.first_bytes", "\"PROXY TCP4 203.0.113.9 198.51.100.10 40000 443\\\\x0d\\\\x0a\"" },
    { "a PROXY header is not shown where addresses are masked", make_plain_http, masked_proxy_header, "tlsdiag.client", NULL },
    { "first bytes only where no hello came", make_success, ldap_bind, "tlsdiag.client.first_bytes", NULL },
    { "folded lines", make_too_old, fold, "tlsdiag.repeats", "{\"count\":523,\"first\":\"2026-11-21T01:02:03.123456Z\",\"last\":\"2026-11-21T01:03:03.123456Z\"}" },
    { "lines lost", make_too_old, fold, "tlsdiag.lost_before", "7" },
    { "no lines lost", make_too_old, nothing, "tlsdiag.lost_before", NULL },
    { "schema", make_success, nothing, "tlsdiag.schema", "1" },
};
/* clang-format on */

static void test_values(void)
{
    char value[4096];
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const value_row_t *row = &values[i];
        row->make(&fixture);
        row->change(&fixture);
        bool found = json_get(render(), row->path, value, sizeof value);
        is_str(found ? value : NULL, row->value, row->name);
    }
}

/* Names that tests outside of this project read: none may go or change (the schema's own list). */
static const char *const names[] = {
    "@timestamp",
    "message",
    "ecs.version",
    "event.id",
    "event.sequence",
    "event.kind",
    "event.module",
    "event.dataset",
    "event.category",
    "event.type",
    "event.action",
    "event.outcome",
    "event.reason",
    "event.start",
    "event.duration",
    "error.type",
    "error.code",
    "error.message",
    "log.level",
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "source.bytes",
    "destination.bytes",
    "network.transport",
    "network.protocol",
    "network.type",
    "network.direction",
    "service.type",
    "service.version",
    "host.hostname",
    "process.pid",
    "tls.established",
    "tls.version",
    "tls.version_protocol",
    "tls.cipher",
    "tls.curve",
    "tls.resumed",
    "tls.next_protocol",
    "tls.client.server_name",
    "tls.client.ja3",
    "tls.client.supported_ciphers",
    "tls.client.subject",
    "tls.client.issuer",
    "tls.client.not_before",
    "tls.client.not_after",
    "tls.client.hash.sha256",
    "tls.client.x509.serial_number",
    "tls.server.subject",
    "tls.server.issuer",
    "tls.server.not_before",
    "tls.server.not_after",
    "tls.server.hash.sha256",
    "tlsdiag.schema",
    "tlsdiag.cause",
    "tlsdiag.act",
    "tlsdiag.confidence",
    "tlsdiag.advice",
    "tlsdiag.remedy",
    "tlsdiag.evidence",
    "tlsdiag.vhost",
    "tlsdiag.vhost_defined_at",
    "tlsdiag.stage",
    "tlsdiag.ended_by",
    "tlsdiag.alerts",
    "tlsdiag.openssl",
    "tlsdiag.verify",
    "tlsdiag.history",
    "tlsdiag.ja3_string",
    "tlsdiag.ja4",
    "tlsdiag.ja4_r",
    "tlsdiag.client.legacy_version",
    "tlsdiag.client.versions",
    "tlsdiag.client.groups",
    "tlsdiag.client.key_shares",
    "tlsdiag.client.signature_algorithms",
    "tlsdiag.client.signature_algorithms_cert",
    "tlsdiag.client.alpn",
    "tlsdiag.client.extensions",
    "tlsdiag.client.psk_modes",
    "tlsdiag.client.compression",
    "tlsdiag.client.cipher_codes",
    "tlsdiag.client.grease",
    "tlsdiag.client.early_data",
    "tlsdiag.client.ech",
    "tlsdiag.client.session_ticket",
    "tlsdiag.client.session_id",
    "tlsdiag.client.status_request",
    "tlsdiag.client.psk",
    "tlsdiag.client.hello_bytes",
    "tlsdiag.client.hello_records",
    "tlsdiag.client.hello_reads",
    "tlsdiag.client.malformed",
    "tlsdiag.client.malformed_at",
    "tlsdiag.client.first_bytes",
    "tlsdiag.negotiated.signature_scheme",
    "tlsdiag.negotiated.resumption",
    "tlsdiag.negotiated.forward_secrecy",
    "tlsdiag.negotiated.hello_retry_request",
    "tlsdiag.negotiated.early_data",
    "tlsdiag.negotiated.ocsp_stapled",
    "tlsdiag.negotiated.sni_matched",
    "tlsdiag.negotiated.name_covered",
    "tlsdiag.negotiated.cipher_openssl",
    "tlsdiag.tcp.rtt_us",
    "tlsdiag.tcp.rttvar_us",
    "tlsdiag.tcp.retransmits",
    "tlsdiag.tcp.unacked",
    "tlsdiag.tcp.mss",
    "tlsdiag.tcp.pmtu",
    "tlsdiag.timing.first_byte",
    "tlsdiag.timing.client_hello",
    "tlsdiag.timing.server_flight",
    "tlsdiag.timing.client_answer",
    "tlsdiag.timing.total",
    "tlsdiag.repeats.count",
    "tlsdiag.repeats.first",
    "tlsdiag.repeats.last",
    "tlsdiag.lost_before",
    "tlsdiag.truncated",
    "tlsdiag.connection",
};

/* All that can be known of one handshake, at once. */
static void make_everything(void)
{
    make_success(&fixture);
    tlsdiag_client_hello_t *hello = &fixture.facts.client_hello;
    tlsdiag_facts_t *facts = &fixture.facts;
    fail_at_depth_1(&fixture);
    two_alerts(&fixture);
    retry(&fixture);
    fold(&fixture);
    offer_too_much(&fixture);
    SET_CODES(hello, key_shares, 29);
    SET_CODES(hello, signature_algorithms_cert, 0x0401);
    hello->psk_modes_count = 1;
    strcpy(hello->malformed, "session_ticket");
    facts->openssl_errors[0] = (tlsdiag_openssl_error_t){ .code = 1, .text = "x" };
    facts->openssl_errors_count = 1;
    fixture.diagnosis = (tlsdiag_diagnosis_t){ .cause = "unexplained",
                                               .failure = true,
                                               .says = "S.",
                                               .advice = "A.",
                                               .remedy = "R",
                                               .evidence_count = 1,
                                               .evidence = { { "offered", "x" } } };
}

static void test_names(void)
{
    static char everything[65536];
    char value[4096];
    make_everything();
    strcpy(everything, render());
    resume_by_ticket(&fixture);
    fixture.facts.has_client_hello = false;
    fixture.facts.first_bytes_length = 3;
    render(); /* text has what the other cannot have: resumption, first_bytes */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ok(json_get(everything, names[i], value, sizeof value) || json_get(text, names[i], value, sizeof value),
           "%s is there", names[i]);
    }
}

static const struct {
    const char *name, *bytes;
    size_t length;
    const char *expected;
} hostile[] = {
    { "NUL", "a\0b", 3, "\"a\\\\x00b\"" },
    { "invalid UTF-8", "\xff\xfe", 2, "\"\\\\xff\\\\xfe\"" },
    { "CR LF", "a\r\nb", 4, "\"a\\\\x0d\\\\x0ab\"" },
    { "double quote", "\"}", 2, "\"\\\"}\"" },
    { "backslash", "\\x41", 4, "\"\\\\x5cx41\"" },
    { "U+2028", "\xe2\x80\xa8", 3, "\"\\\\xe2\\\\x80\\\\xa8\"" },
    { "DEL", "\x7f", 1, "\"\\\\x7f\"" },
    { "script", "</script><!--", 13, "\"</script><!--\"" },
    { "jndi", "${jndi:ldap://x/y}", 18, "\"${jndi:ldap://x/y}\"" },
    { "format", "%n%s", 4, "\"%n%s\"" },
};

static void test_hostile_names(void)
{
    char value[4096];
    tlsdiag_client_hello_t *hello = &fixture.facts.client_hello;
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        make_success(&fixture);
        memcpy(hello->server_name, hostile[i].bytes, hostile[i].length);
        hello->server_name_length = (uint16_t)hostile[i].length;
        json_get(render(), "tls.client.server_name", value, sizeof value);
        is_str(value, hostile[i].expected, hostile[i].name);
        ok(json_valid(text, strlen(text)), "%s: valid JSON, printable ASCII", hostile[i].name);
    }
    memset(hello->server_name, 'a', sizeof hello->server_name);
    hello->server_name_length = 255;
    json_get(render(), "tls.client.server_name", value, sizeof value);
    is_int((int64_t)strlen(value), 257, "a name of 255 bytes is there whole");
    json_get(text, "tlsdiag.truncated", value, sizeof value);
    is_str(value, "", "... and nothing is truncated");
}

int main(void)
{
    test_values();
    test_names();
    test_hostile_names();
    return done_testing();
}
