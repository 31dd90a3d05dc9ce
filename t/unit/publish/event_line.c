/* SPDX-License-Identifier: Apache-2.0 */
/* publish/event.h, publish/words.h: the line for the error log, and its words inside the JSON object. */
#include "events.h"
#include "json_check.h"
#include "publish/words.h"
#include "random_event.h"

static fixture_t fixture;
static char text[16384];

static const char *line(tlsdiag_line_address_t address)
{
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_event_line_write(&out, &fixture.event, address);
    return tlsdiag_writer_text(&out);
}

static void test_whole_lines(void)
{
    make_too_old(&fixture);
    is_str(
        line(TLSDIAG_LINE_WITH_ADDRESS),
        "tlsdiag:version.client_too_old [client 192.0.2.77:51234] TLS handshake failed: The client offers at most "
        "TLSv1.1, this vhost allows TLSv1.2 and TLSv1.3 (vhost shop.example:443, SNI \"shop.example\", offered TLSv1.1, "
        "sent alert protocol_version(70), OpenSSL \"unsupported protocol\", ja4 t11d030300_0123456789ab_cdef01234567). "
        "Update the client. [id 0193e7c4a1b2-4f2a]",
        "a failure");
    make_plain_http(&fixture);
    is_str(
        line(TLSDIAG_LINE_WITHOUT_ADDRESS),
        "tlsdiag:not_tls.http TLS handshake failed: A plain HTTP request came to the TLS port (vhost "
        "shop.example:443, received \"GET /cart HTTP/1.1\\x0d\\x0aHost: shop.example:443\", OpenSSL \"http request\"). "
        "Let the link begin with https://. [id 0193e7c4a1b2-4f2a]",
        "another protocol, address left to httpd");
    make_success(&fixture);
    is_str(line(TLSDIAG_LINE_WITHOUT_ADDRESS),
           "tlsdiag:ok TLS handshake completed: TLSv1.3, TLS_AES_256_GCM_SHA384, vhost shop.example:443. "
           "[id 0193e7c4a1b2-4f2a]",
           "a success");
}

static void mask(fixture_t *changed)
{
    changed->event.mask = (tlsdiag_mask_t){ 16, 48 };
}

static void no_name(fixture_t *changed)
{
    changed->facts.client_hello.has_server_name = false;
}

static void inject(fixture_t *changed)
{
    static const char name[] = "x\") TLS handshake completed\r\n[client 203.0.113.1:1]\\";
    memcpy(changed->facts.client_hello.server_name, name, sizeof name - 1);
    changed->facts.client_hello.server_name_length = sizeof name - 1;
}

static void alert_after_warning(fixture_t *changed)
{
    changed->facts.alerts[1] = (tlsdiag_alert_t){ .received = true, .fatal = true, .description = 48 };
    changed->facts.alerts[0].fatal = false;
    changed->facts.alerts_count = 2;
}

static void unassigned_alert(fixture_t *changed)
{
    changed->facts.alerts[0].description = 99;
}

static void verify_error(fixture_t *changed)
{
    changed->facts.verification =
        (tlsdiag_verification_t){ .checked = true, .error = 10, .depth = 1, .text = "certificate has expired" };
}

static void versions_and_no_evidence(fixture_t *changed)
{
    SET_CODES(&changed->facts.client_hello, supported_versions, 0x4a4a, 0x0302, 0x0301, 0x7f1c);
    changed->diagnosis.evidence_count = 0;
}

static void reason_without_words(fixture_t *changed)
{
    changed->facts.openssl_errors[0].text[0] = '\0';
}

static void fold(fixture_t *changed)
{
    changed->event.repeats = (tlsdiag_repeats_t){ 523, INT64_C(1795222923123456), INT64_C(1795222983123456) };
}

static void after_the_handshake(fixture_t *changed)
{
    changed->facts.established = true;
}

static void completed_but(fixture_t *changed)
{
    changed->facts.established = true;
    changed->diagnosis.failure = false;
}

static void our_stop(fixture_t *changed)
{
    changed->diagnosis.unknown = true;
}

static void no_vhost(fixture_t *changed)
{
    changed->event.posture = NULL;
}

/* After change, the line holds these words. */
static const struct {
    const char *name;
    void (*change)(fixture_t *fixture);
    const char *words;
} parts[] = {
    { "masked address", mask, " [client 192.0.0.0:51234] " },
    { "no SNI", no_name, ", no SNI, " },
    { "an SNI that plays a log line stays inside its quotes", inject,
      ", SNI \"x\\x22) TLS handshake completed\\x0d\\x0a[client 203.0.113.1:1]\\x5c\", " },
    { "the fatal alert, with its number", alert_after_warning, ", received alert unknown_ca(48), " },
    { "an unassigned alert", unassigned_alert, ", sent alert unassigned(99), " },
    { "the client certificate's error", verify_error, ", client certificate \"certificate has expired\" at depth 1, " },
    { "versions offered, GREASE left out", versions_and_no_evidence, ", offered TLSv1.1 TLSv1 TLSv1.3-draft28, " },
    { "OpenSSL's reason by number", reason_without_words, ", OpenSSL reason 258, " },
    { "repeats", fold, ", 523 times since 2026-11-21T01:02:03.123456Z). " },
    { "after the handshake", after_the_handshake, " TLS connection failed after the handshake: The client " },
    { "completed, but", completed_but, " TLS handshake completed, but: The client " },
    { "our own stop", our_stop, " TLS handshake cut short: The client " },
    { "no vhost known", no_vhost, "TLSv1.3 (SNI \"shop.example\", " },
};

static void test_parts(void)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        make_too_old(&fixture);
        parts[i].change(&fixture);
        if (!ok(strstr(line(TLSDIAG_LINE_WITH_ADDRESS), parts[i].words) != NULL, "%s", parts[i].name)) {
            printf("# %s\n", text);
        }
    }
}

/* Undo JSON's own escapes, so that the value can be compared with plain text. */
static void unescape(char *value)
{
    char *to = value;
    for (const char *from = value + 1; from[1]; from++) {
        from += *from == '\\';
        *to++ = *from;
    }
    *to = '\0';
}

/* Cut ones may end at different places: JSON's escapes take room. */
static bool both_are_whole(const char *words, const char *message)
{
    return !strstr(words, "...") && !strstr(message, "...") && strlen(words) < TLSDIAG_WORDS_TEXT * 3 / 4;
}

static void test_same_words_in_json(void)
{
    static char json[200000], message[4096], words[4096];
    unsigned compared = 0, different = 0, odd = 0;
    for (unsigned i = 0; i < 3000; i++) {
        random_event(&fixture);
        tlsdiag_writer_t out = tlsdiag_writer(json, sizeof json);
        tlsdiag_event_json_write(&out, &fixture.event, 0);
        tlsdiag_writer_text(&out);
        json_get(json, "message", message, sizeof message);
        unescape(message);
        out = tlsdiag_writer(words, sizeof words);
        tlsdiag_words_write(&out, &fixture.event, TLSDIAG_WORDS_PLAIN);
        tlsdiag_writer_text(&out);
        odd += strlen(words) > TLSDIAG_WORDS_TEXT || !strstr(line(TLSDIAG_LINE_WITH_ADDRESS), words);
        for (const char *at = text; *at; at++) {
            odd += *at < 0x20 || *at > 0x7e;
        }
        if (both_are_whole(words, message)) {
            compared++;
            different += strcmp(words, message) != 0;
        }
    }
    is_int(odd, 0, "3000 random lines: printable ASCII, not too long, the words stand in them as they are");
    is_int(different, 0, "the message of the JSON object has the same words");
    ok(compared > 1000, "... compared %u times", compared);
}

int main(void)
{
    test_whole_lines();
    test_parts();
    test_same_words_in_json();
    return done_testing();
}
