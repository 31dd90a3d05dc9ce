/* SPDX-License-Identifier: Apache-2.0 */
/**
 * snapshots.h knows three servers whose page the tests look at: one where nothing has happened, a busy one, and one that
 * met nothing but hostile strings. It refuses to know what a page looks like.
 */
#ifndef TLSDIAG_T_SNAPSHOTS_H
#define TLSDIAG_T_SNAPSHOTS_H

#include "statistics/segment.h"

#include "audit/findings.h"
#include "publish/page.h"
#include "statistics/what_if.h"

static const uint16_t page_suites[] = { 0x1302, 0x1301, 0xc02f, 0x009c, 0x002f };
static const uint16_t page_groups[] = { 0x001d, 0x0017 };
static const uint16_t page_schemes[] = { 0x0403, 0x0804, 0x0401 };
static const char *const page_alpn[] = { "h2", "http/1.1" };
static const char *const page_names[] = { "www.example", "example" };

enum { DAY_SECONDS = 86400 };

static const int64_t noon_seconds = INT64_C(1795262400);

/** A server under observation, and the page made of it. */
typedef struct scenery {
    tlsdiag_statistics_t statistics;
    tlsdiag_snapshot_t snapshot;
    tlsdiag_certificate_t certificates[3];
    tlsdiag_chain_t chains[3];
    tlsdiag_posture_t postures[3];
    tlsdiag_page_vhost_t vhosts[3];
    tlsdiag_finding_t findings[4];
    tlsdiag_page_t page;
} scenery_t;

static void set_up_vhost(scenery_t *scenery, unsigned number, const char *name, const char *subject, int64_t days_left)
{
    tlsdiag_certificate_t *certificate = &scenery->certificates[number];
    *certificate = (tlsdiag_certificate_t){
        .subject = subject,
        .issuer = "CN=Example Issuing CA",
        .serial = "4F2A",
        .key_type = TLSDIAG_KEY_RSA,
        .key_bits = 2048,
        .signature_algorithm = "sha256WithRSAEncryption",
        .not_before = noon_seconds - 60 * DAY_SECONDS,
        .not_after = noon_seconds + days_left * DAY_SECONDS,
        .dns_names = { page_names, 2 },
    };
    scenery->chains[number] = (tlsdiag_chain_t){ .certificates = certificate,
                                                 .count = 1,
                                                 .complete = number == 0,
                                                 .missing_issuer = number ? "CN=Example Issuing CA" : NULL,
                                                 .certificate_file = "/etc/ssl/example.pem" };
    scenery->postures[number] = (tlsdiag_posture_t){
        .name = name,
        .server_name = "www.example",
        .defined_at = "/etc/apache2/sites-enabled/example.conf:3",
        .addresses = "*:443",
        .versions = TLSDIAG_TLS12 | TLSDIAG_TLS13,
        .versions_configured = TLSDIAG_TLS11 | TLSDIAG_TLS12 | TLSDIAG_TLS13,
        .security_level = 2,
        .cipher_suites = { page_suites, 5 },
        .cipher_suites_known = { page_suites, 5 },
        .groups = { page_groups, 2 },
        .signature_algorithms = { page_schemes, 3 },
        .alpn = { page_alpn, 2 },
        .chains = &scenery->chains[number],
        .chains_count = 1,
        .session_tickets = true,
        .timeout_us = 60000000,
        .ssl_protocol = { "-all +TLSv1.1 +TLSv1.2 +TLSv1.3", "/etc/apache2/mods-enabled/ssl.conf", 71 },
        .openssl_version = "OpenSSL 3.0.22",
    };
    scenery->vhosts[number] =
        (tlsdiag_page_vhost_t){ &scenery->postures[number], tlsdiag_statistics_vhost(&scenery->statistics, name) };
}

/** To be called in the end; making another one in its place does it too. */
static void leave(scenery_t *scenery)
{
    if (scenery->snapshot.copy.segment) {
        forget(&scenery->snapshot);
    }
}

static void open_scenery(scenery_t *scenery)
{
    leave(scenery);
    memset(scenery, 0, sizeof *scenery);
    scenery->statistics = new_segment(&small_shape);
    scenery->page.vhosts = scenery->vhosts;
    scenery->page.findings = scenery->findings;
    scenery->page.base = "/tlsdiag-status";
    scenery->page.query = tlsdiag_query_read(tlsdiag_bytes(NULL, 0));
    scenery->page.host = (tlsdiag_page_host_t){ .hostname = "web1.example",
                                                .httpd_version = "2.4.71",
                                                .openssl_version = "OpenSSL 3.0.22",
                                                .started_us = noon - 3600000000,
                                                .shared_bytes = 3500000 };
}

static void close_scenery(scenery_t *scenery)
{
    scenery->snapshot = snapshot_of(&scenery->statistics, noon + 90000000);
    scenery->page.snapshot = &scenery->snapshot;
    tlsdiag_page_prepare(&scenery->page);
}

/** A server that was just started. */
TAP_UNUSED static void make_empty(scenery_t *scenery)
{
    open_scenery(scenery);
    set_up_vhost(scenery, 0, "www.example:443", "CN=www.example", 300);
    scenery->page.vhosts_count = 1;
    close_scenery(scenery);
}

static void set_name(handshake_t *handshake, const char *name)
{
    tlsdiag_client_hello_t *hello = &handshake->facts.client_hello;
    hello->has_server_name = true;
    hello->server_name_length = (uint16_t)strlen(name);
    memcpy(hello->server_name, name, strlen(name));
}

static const char busy_record[] =
    "{\"@timestamp\":\"2026-11-21T11:58:00.000000Z\",\"event\":{\"id\":\"f00d-%u\",\"reason\":\"The client offers at most "
    "TLSv1.1; this vhost allows TLSv1.2, TLSv1.3.\"},\"destination\":{\"ip\":\"198.51.100.10\",\"port\":443},\"tls\":{"
    "\"client\":{\"server_name\":\"www.example\",\"supported_ciphers\":[\"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\",\"TLS_RSA_"
    "WITH_AES_128_CBC_SHA\",\"0x9999\"]}},\"tlsdiag\":{\"cause\":\"version.client_too_old\",\"confidence\":\"certain\","
    "\"advice\":\"Update the client.\",\"remedy\":\"SSLProtocol -all +TLSv1.1 +TLSv1.2 +TLSv1.3\",\"remedy_cost\":\"TLS 1.1 "
    "is deprecated (RFC 8996).\",\"evidence\":{\"offered\":\"TLSv1, TLSv1.1\",\"allowed\":\"TLSv1.2, TLSv1.3\"},\"stage\":"
    "\"client_hello\",\"ended_by\":\"alert_sent\",\"history\":\"Cl\",\"alerts\":[{\"direction\":\"sent\",\"level\":\"fatal\","
    "\"code\":70,\"name\":\"protocol_version\",\"us\":450}],\"timing\":{\"first_byte\":120,\"client_hello\":300,\"total\":480},"
    "\"client\":{\"legacy_version\":\"TLSv1.1\",\"groups\":[\"x25519\",\"secp256r1\",\"secp521r1\"],\"alpn\":[\"http/1.1\"]}}}";

static void play_good(scenery_t *scenery, unsigned count)
{
    handshake_t good;
    for (unsigned i = 0; i < count; i++) {
        good_handshake(&good);
        set_address(&good, 0xc6336400 + i % 40);
        set_name(&good, i % 10 ? "www.example" : "old.example");
        good.observation.vhost = scenery->vhosts[0].slot;
        good.observation.posture = &scenery->postures[0];
        good.observation.what_if = tlsdiag_what_if_concerns(&scenery->postures[0]);
        good.facts.negotiated.certificate = 1;
        good.facts.negotiated.name_covered = i % 10 != 0;
        good.facts.negotiated.resumed = i % 3 == 0;
        good.facts.negotiated.version = i % 4 ? 0x0304 : 0x0303;
        good.facts.timing.total_us = 600 + 40 * i;
        good.facts.ended_us = noon - (int64_t)i * 60000000;
        play(&scenery->statistics, &good);
    }
    const char browser[] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    tlsdiag_statistics_user_agent(&scenery->statistics,
                                  tlsdiag_statistics_fingerprint(&scenery->statistics, good.facts.ja4),
                                  tlsdiag_bytes(browser, sizeof browser - 1));
}

static void play_bad(scenery_t *scenery, const char *cause, tlsdiag_act_t act, unsigned clients, unsigned each)
{
    handshake_t bad;
    char json[2048], id[32];
    for (unsigned i = 0; i < clients * each; i++) {
        bad_handshake(&bad, cause, act);
        set_address(&bad, 0xcb007100 + i % clients);
        set_name(&bad, "www.example");
        bad.observation.vhost = scenery->vhosts[i % 2].slot;
        bad.facts.ended_us = noon - (int64_t)i * 1000000;
        bad.facts.alerts_count = 1;
        bad.facts.alerts[0] = (tlsdiag_alert_t){ .description = 70, .fatal = true };
        snprintf(id, sizeof id, "f00d-%u", i);
        int length = snprintf(json, sizeof json, busy_record, i);
        bad.observation.event_id = id;
        bad.observation.json = tlsdiag_bytes(json, (size_t)length);
        play(&scenery->statistics, &bad);
    }
}

static uint16_t check_of(const char *id)
{
    for (uint16_t check = 0; check < tlsdiag_checks_count(); check++) {
        if (strcmp(tlsdiag_check_id(check), id) == 0) {
            return check;
        }
    }
    fprintf(stderr, "no check %s\n", id);
    abort();
}

static void find(scenery_t *scenery, uint16_t vhost, const char *check, tlsdiag_severity_t severity, const char *text)
{
    tlsdiag_finding_t *finding = &scenery->findings[scenery->page.findings_count++];
    *finding = (tlsdiag_finding_t){ .check = check_of(check), .vhost = vhost, .severity = severity };
    finding->since = noon_seconds - DAY_SECONDS;
    snprintf(finding->text, sizeof finding->text, "%s", text);
    snprintf(finding->advice, sizeof finding->advice, "Renew it & reload.");
}

/** Good and bad handshakes, findings, several vhosts. */
TAP_UNUSED static void make_busy(scenery_t *scenery)
{
    open_scenery(scenery);
    set_up_vhost(scenery, 0, "www.example:443", "CN=www.example", 300);
    set_up_vhost(scenery, 1, "api.example:443", "CN=api.example", 5);
    set_up_vhost(scenery, 2, "old.example:443", "CN=old.example", -2);
    scenery->page.vhosts_count = 3;
    play_good(scenery, 100);
    play_bad(scenery, "version.client_too_old", TLSDIAG_ACT_CLIENT, 12, 2);
    play_bad(scenery, "cipher.none_common", TLSDIAG_ACT_SERVER, 3, 1);
    find(scenery, 3, "audit.cert.expired", TLSDIAG_SEVERITY_ERROR,
         "The certificate CN=old.example expired 2 days ago.");
    find(scenery, 2, "audit.cert.expires_in_7_days", TLSDIAG_SEVERITY_WARNING,
         "The certificate CN=api.example expires in 5 days.");
    find(scenery, 1, "audit.session.no_handshake_timeout", TLSDIAG_SEVERITY_NOTICE, "No handshake limit.");
    close_scenery(scenery);
}

/** What everybody can choose is chosen to hurt. */
static const char *const hostile_texts[] = {
    "<script>alert(1)</script>",    "\"><img src=x onerror=alert(1)>", "{{failures}}",   "' onmouseover='alert(1)",
    "a\r\nSet-Cookie: x=1\r\n\r\n", "\",\"injected\":true,\"x\":\"",   "x\"} 1\ny{z=\"", "\xff\xfe\x01\x7f\x1b[31m",
    "javascript:alert(1)//",
};

enum { HOSTILE_TEXTS = sizeof hostile_texts / sizeof *hostile_texts };

static void play_hostile(scenery_t *scenery, const char *text)
{
    handshake_t bad;
    char json[2048];
    bad_handshake(&bad, "sni.refused", TLSDIAG_ACT_SERVER);
    set_name(&bad, text);
    snprintf(bad.facts.ja4, sizeof bad.facts.ja4, "%s", text);
    bad.facts.negotiated.certificate = 1;
    int length =
        snprintf(json, sizeof json,
                 "{\"event\":{\"id\":\"<b>\",\"reason\":\"<script>alert(2)</script>\"},\"tls\":{\"client\":{"
                 "\"server_name\":\"$(reboot)\",\"supported_ciphers\":[\"<i>\"]}},\"tlsdiag\":{\"advice\":\"<u>\","
                 "\"evidence\":{\"<s>\":\"<q>\"},\"history\":\"<C\",\"client\":{\"alpn\":[\"`id`\"]}}}");
    bad.observation.event_id = text;
    bad.observation.vhost = scenery->vhosts[0].slot;
    bad.observation.json = tlsdiag_bytes(json, (size_t)length);
    play(&scenery->statistics, &bad);
    tlsdiag_statistics_user_agent(&scenery->statistics,
                                  tlsdiag_statistics_fingerprint(&scenery->statistics, bad.facts.ja4),
                                  tlsdiag_bytes(text, strlen(text)));
}

TAP_UNUSED static void make_hostile(scenery_t *scenery)
{
    open_scenery(scenery);
    set_up_vhost(scenery, 0, "<svg/onload=alert(3)>:443", "CN=<script>alert(4)</script>,O=\"\\22\"", 10);
    scenery->page.vhosts_count = 1;
    for (unsigned i = 0; i < HOSTILE_TEXTS; i++) {
        play_hostile(scenery, hostile_texts[i]);
    }
    find(scenery, 1, "audit.cert.expired", TLSDIAG_SEVERITY_ERROR, "<script>alert(5)</script>");
    scenery->page.host.hostname = "<script>alert(6)</script>";
    close_scenery(scenery);
}

/* ---- where a page goes ---- */

enum { PAGE_ROOM = 4 << 20 };

static struct {
    char text[PAGE_ROOM];
    size_t length;
} written;

static void collect(void *context, const char *bytes, size_t length)
{
    (void)context;
    if (written.length + length < sizeof written.text) {
        memcpy(written.text + written.length, bytes, length);
        written.length += length;
    }
    written.text[written.length] = '\0';
}

typedef enum {
    AS_OVERVIEW,
    AS_VHOST,
    AS_RECORD,
    AS_JSON,
    AS_RECORDS,
    AS_RECORD_JSON,
    AS_METRICS,
    AS_OPENMETRICS,
    FORMS
} form_t;

static const char *const form_names[] = { "overview.html",  "vhost.html",  "record.html", "json",
                                          "records.ndjson", "record.json", "prom",        "openmetrics" };

/** The page in one of its forms, in written.text; the record is the newest that is kept whole. Returns its length; 0: there is none. */
static size_t render(const scenery_t *scenery, form_t form)
{
    static tlsdiag_stream_t out;
    tlsdiag_brief_t record;
    bool has_record = tlsdiag_snapshot_failure(&record, &scenery->snapshot, 0);
    written.length = 0;
    tlsdiag_stream_open(&out, collect, NULL);
    switch (form) {
    case AS_OVERVIEW:
        tlsdiag_page_overview_write(&out, &scenery->page);
        break;
    case AS_VHOST:
        tlsdiag_page_vhost_write(&out, &scenery->page, 0);
        break;
    case AS_RECORD:
    case AS_RECORD_JSON:
        if (has_record && form == AS_RECORD) {
            tlsdiag_page_record_write(&out, &scenery->page, &record);
        } else if (has_record) {
            tlsdiag_page_record_json_write(&out, &scenery->page, &record);
        }
        break;
    case AS_JSON:
        tlsdiag_page_json_write(&out, &scenery->page);
        break;
    case AS_RECORDS:
        tlsdiag_page_records_write(&out, &scenery->page);
        break;
    default:
        tlsdiag_page_metrics_write(&out, &scenery->page, form == AS_OPENMETRICS);
    }
    tlsdiag_stream_flush(&out);
    return written.length;
}

#endif
