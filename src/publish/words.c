/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/words.h"

#include <string.h>

#include "iana/iana.h"
#include "publish/escape.h"
#include "publish/values.h"

enum {
    NAME_SHOWN = 160,  /* characters of a name that the client or the configuration gives */
    OFFER_SHOWN = 160, /* of what was offered */
    ERROR_SHOWN = 64,
    FIRST_SHOWN = 100, /* of the first bytes of something else */
    ELLIPSIS = 3       /* what a text that is cut ends with: escape.h */
};

/* What is said, and how bytes look there. */
typedef struct words {
    tlsdiag_writer_t out;
    tlsdiag_escape_t own, client;
    const char *quote;
} words_t;

/* A literal: it holds neither quote nor backslash. */
#define say(words, literal) tlsdiag_write_literal(&(words)->out, literal)

static void say_text(words_t *words, const char *text)
{
    tlsdiag_write(&words->out, text);
}

static void say_bytes(words_t *words, const char *text, size_t length, size_t max_output)
{
    size_t room = words->out.capacity - words->out.length;
    if (room >= 3) {
        tlsdiag_escape_write(&words->out, tlsdiag_bytes(text, length), words->own,
                             room < max_output ? room : max_output);
    }
}

static void say_own(words_t *words, const char *text, size_t max_output)
{
    say_bytes(words, text, strlen(text), max_output);
}

static void say_quoted(words_t *words, tlsdiag_bytes_t bytes, size_t max_output)
{
    say_text(words, words->quote);
    tlsdiag_escape_write(&words->out, bytes, words->client, max_output);
    say_text(words, words->quote);
}

static bool say_vhost(words_t *words, const tlsdiag_event_t *event)
{
    const char *vhost = tlsdiag_vhost_of(event);
    if (!vhost) {
        return false;
    }
    say(words, "vhost ");
    say_own(words, vhost, NAME_SHOWN);
    return true;
}

static bool say_server_name(words_t *words, const tlsdiag_event_t *event)
{
    tlsdiag_bytes_t name = tlsdiag_server_name_sent(event->facts);
    if (!event->facts->has_client_hello) {
        return false;
    }
    if (name.length == 0) {
        say(words, "no SNI");
        return true;
    }
    say(words, "SNI ");
    say_quoted(words, name, NAME_SHOWN);
    return true;
}

static const char *find_evidence(const tlsdiag_diagnosis_t *diagnosis, const char *name)
{
    for (size_t i = 0; i < diagnosis->evidence_count && i < TLSDIAG_EVIDENCE_KEPT; i++) {
        if (strcmp(diagnosis->evidence[i].name, name) == 0) {
            return diagnosis->evidence[i].value;
        }
    }
    return NULL;
}

/* Without a list of its own the verdict does not turn on one: then the versions tell most about a client. */
static void say_versions(words_t *words, const tlsdiag_client_hello_t *hello)
{
    const char *between = "";
    size_t count = hello->supported_versions_count;
    if (count == 0) {
        tlsdiag_write_code(&words->out, hello->legacy_version, tlsdiag_iana_version_name(hello->legacy_version));
    }
    for (size_t i = 0; i < count && i < TLSDIAG_VERSIONS_KEPT; i++) {
        uint16_t version = hello->supported_versions[i];
        if (!tlsdiag_iana_is_grease(version)) {
            say_text(words, between);
            tlsdiag_write_code(&words->out, version, tlsdiag_iana_version_name(version));
            between = " ";
        }
    }
}

static bool say_offer(words_t *words, const tlsdiag_event_t *event)
{
    const char *offered = find_evidence(event->diagnosis, "offered");
    if (!offered && !event->facts->has_client_hello) {
        return false;
    }
    say(words, "offered ");
    if (offered) {
        say_own(words, offered, OFFER_SHOWN);
    } else {
        say_versions(words, &event->facts->client_hello);
    }
    return true;
}

static bool say_first_bytes(words_t *words, const tlsdiag_event_t *event)
{
    uint8_t buffer[TLSDIAG_FIRST_BYTES_SHOWN];
    tlsdiag_bytes_t shown = tlsdiag_first_bytes_shown(event, buffer);
    if (shown.length == 0) {
        return false;
    }
    say(words, "received ");
    say_quoted(words, shown, FIRST_SHOWN);
    return true;
}

/* The first fatal alert, else the first one. */
static const tlsdiag_alert_t *find_alert(const tlsdiag_facts_t *facts)
{
    for (size_t i = 0; i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        if (facts->alerts[i].fatal) {
            return &facts->alerts[i];
        }
    }
    return facts->alerts_count ? &facts->alerts[0] : NULL;
}

static bool say_alert(words_t *words, const tlsdiag_event_t *event)
{
    const tlsdiag_alert_t *alert = find_alert(event->facts);
    if (!alert) {
        return false;
    }
    say_text(words, alert->received ? "received alert " : "sent alert ");
    tlsdiag_write_alert(&words->out, alert->description);
    return true;
}

static bool say_openssl(words_t *words, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    const char *text = facts->openssl_errors[0].text;
    if (facts->openssl_errors_count == 0) {
        return false;
    }
    say(words, "OpenSSL ");
    if (*text) {
        say_quoted(words, tlsdiag_bytes(text, strlen(text)), ERROR_SHOWN);
        return true;
    }
    say(words, "reason ");
    tlsdiag_write_u64(&words->out, facts->openssl_errors[0].reason);
    return true;
}

static bool say_verification(words_t *words, const tlsdiag_event_t *event)
{
    const tlsdiag_verification_t *verification = &event->facts->verification;
    if (!verification->checked || verification->error == 0) {
        return false;
    }
    say(words, "client certificate ");
    say_quoted(words, tlsdiag_bytes(verification->text, strlen(verification->text)), ERROR_SHOWN);
    say(words, " at depth ");
    tlsdiag_write_i64(&words->out, verification->depth);
    return true;
}

static bool say_ja4(words_t *words, const tlsdiag_event_t *event)
{
    if (!event->facts->ja4[0]) {
        return false;
    }
    say(words, "ja4 ");
    say_own(words, event->facts->ja4, sizeof event->facts->ja4);
    return true;
}

static bool say_repeats(words_t *words, const tlsdiag_event_t *event)
{
    if (event->repeats.count < 2) {
        return false;
    }
    tlsdiag_write_u64(&words->out, event->repeats.count);
    say(words, " times since ");
    tlsdiag_write_rfc3339(&words->out, event->repeats.first_us);
    return true;
}

/* What the parentheses hold, in this order. */
typedef bool (*detail_t)(words_t *words, const tlsdiag_event_t *event);

static const detail_t details[] = {
    say_vhost,   say_server_name,  say_offer, say_first_bytes, say_alert,
    say_openssl, say_verification, say_ja4,   say_repeats,
};

static bool say_detail(words_t *words, const tlsdiag_event_t *event, const char *before, detail_t detail)
{
    tlsdiag_writer_t *out = &words->out;
    size_t rewind_to = out->length;
    say_text(words, before);
    if (detail(words, event) && !out->truncated) {
        return true;
    }
    tlsdiag_writer_rewind(out, rewind_to);
    out->truncated = false;
    return false;
}

/* Each whole or not at all. */
static void say_details(words_t *words, const tlsdiag_event_t *event)
{
    const size_t closing = sizeof ")." - 1;
    const char *before = " (";
    if (words->out.capacity - words->out.length < closing) {
        words->out.truncated = true;
        return;
    }
    words->out.capacity -= closing;
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        if (say_detail(words, event, before, details[i])) {
            before = ", ";
        }
    }
    words->out.capacity += closing;
    say_text(words, before[0] == ',' ? ")." : ".");
}

static const char *head_of(const tlsdiag_event_t *event)
{
    if (event->diagnosis->unknown) {
        return "TLS handshake cut short: ";
    }
    if (event->facts->established) {
        return event->diagnosis->failure ? "TLS connection failed after the handshake: "
                                         : "TLS handshake completed, but: ";
    }
    return "TLS handshake failed: ";
}

/* The sentence ends behind the parentheses. */
static void say_what_failed(words_t *words, const tlsdiag_event_t *event)
{
    const tlsdiag_diagnosis_t *diagnosis = event->diagnosis;
    size_t length = strlen(diagnosis->says);
    if (length > 0 && diagnosis->says[length - 1] == '.') {
        length--;
    }
    say_text(words, head_of(event));
    say_bytes(words, diagnosis->says, length, TLSDIAG_SAYS_TEXT);
    say_details(words, event);
}

/* Both are cut as one. */
static void say_advice(words_t *words, const char *advice, const char *experience)
{
    char text[TLSDIAG_ADVICE_TEXT];
    tlsdiag_writer_t whole = tlsdiag_writer(text, sizeof text);
    tlsdiag_write(&whole, advice);
    tlsdiag_write(&whole, experience ? experience : "");
    if (whole.length > 0) {
        say(words, " ");
        say_bytes(words, text, whole.length, TLSDIAG_ADVICE_TEXT);
    }
}

static void say_failure(words_t *words, const tlsdiag_event_t *event)
{
    say_what_failed(words, event);
    say_advice(words, event->diagnosis->advice, event->experience);
}

/* Short, and without a quote: this is said of nearly every connection, and the fields say the rest. */
static void say_success(words_t *words, const tlsdiag_event_t *event)
{
    const tlsdiag_negotiated_t *negotiated = &event->facts->negotiated;
    const char *vhost = tlsdiag_vhost_of(event);
    say_text(words, negotiated->resumed ? "TLS handshake resumed a session: " : "TLS handshake completed: ");
    tlsdiag_write_code(&words->out, negotiated->version, tlsdiag_iana_version_name(negotiated->version));
    say(words, ", ");
    tlsdiag_write_code(&words->out, negotiated->cipher_suite, tlsdiag_iana_cipher_suite_name(negotiated->cipher_suite));
    if (vhost) {
        say(words, ", vhost ");
        say_own(words, vhost, NAME_SHOWN);
    }
    say(words, ".");
}

static words_t start(const tlsdiag_writer_t *out, tlsdiag_words_t where)
{
    bool json = where == TLSDIAG_WORDS_IN_JSON;
    words_t words = {
        .out = *out,
        .own = json ? TLSDIAG_ESCAPE_JSON_OWN : TLSDIAG_ESCAPE_LINE_OWN,
        .client = json ? TLSDIAG_ESCAPE_JSON_QUOTED : TLSDIAG_ESCAPE_LINE_QUOTED,
        .quote = json ? "\\\"" : "\"",
    };
    if (words.out.capacity - words.out.length > TLSDIAG_WORDS_TEXT) {
        words.out.capacity = words.out.length + TLSDIAG_WORDS_TEXT;
    }
    words.out.truncated = false;
    return words;
}

bool tlsdiag_words_begin(tlsdiag_known_words_t *known, tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_bytes_t advice = tlsdiag_bytes(event->diagnosis->advice, strlen(event->diagnosis->advice));
    words_t words = start(out, TLSDIAG_WORDS_IN_JSON);
    bool has_room = out->capacity - out->length >= TLSDIAG_WORDS_TEXT;
    say_what_failed(&words, event);
    say(&words, " ");
    size_t advice_at = words.out.length - out->length;
    size_t limit =
        advice_at + TLSDIAG_ADVICE_TEXT < TLSDIAG_WORDS_TEXT ? advice_at + TLSDIAG_ADVICE_TEXT : TLSDIAG_WORDS_TEXT;
    tlsdiag_escape_write(&words.out, advice, words.own, TLSDIAG_ESCAPE_UNLIMITED);
    size_t length = words.out.length - out->length;
    if (!has_room || words.out.truncated || advice.length == 0 || length + ELLIPSIS > limit) {
        return false;
    }
    known->text = out->start + out->length;
    known->length = (uint16_t)length;
    known->advice_at = (uint16_t)advice_at;
    known->limit = (uint16_t)limit;
    out->length = words.out.length;
    return true;
}

/* What was seen before is plain text: it may be cut anywhere. */
static void continue_words(tlsdiag_writer_t *out, const tlsdiag_known_words_t *known, const char *experience)
{
    size_t length = strlen(experience), room = (size_t)known->limit - known->length;
    tlsdiag_write_inline(out, known->text, known->length);
    if (length <= room) {
        tlsdiag_write_inline(out, experience, length);
        return;
    }
    tlsdiag_write_inline(out, experience, room - ELLIPSIS);
    tlsdiag_write_literal(out, "...");
}

void tlsdiag_words_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_words_t where)
{
    const tlsdiag_diagnosis_t *diagnosis = event->diagnosis;
    bool is_begun = where == TLSDIAG_WORDS_IN_JSON && event->words && event->repeats.count < 2;
    if (is_begun && out->capacity - out->length >= TLSDIAG_WORDS_TEXT) {
        continue_words(out, event->words, event->experience ? event->experience : "");
        return;
    }
    words_t words = start(out, where);
    if (diagnosis->failure || diagnosis->unknown || strcmp(diagnosis->cause, "ok") != 0) {
        say_failure(&words, event);
    } else {
        say_success(&words, event);
    }
    if (words.out.truncated && out->capacity - out->length < TLSDIAG_WORDS_TEXT) {
        out->truncated = true;
        return;
    }
    out->length = words.out.length;
}
