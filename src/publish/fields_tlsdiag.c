/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `tlsdiag`: the verdict, how far it came and how it ended. What was agreed on and measured is fields_course.c. */
#include "publish/fields_rows.h"

#include <string.h>

#include "decode/fingerprint.h"
#include "iana/iana.h"
#include "publish/json.h"
#include "publish/names.h"
#include "publish/values.h"

/* Longest of texts that bring no limit of their own. */
enum { VHOST_TEXT = 200, CONNECTION_TEXT = 64, PATH_TEXT = 400 };

static bool write_cause(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, event->diagnosis->cause);
}

static bool write_act(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_act_name(event->diagnosis->act));
}

static bool write_confidence(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_confidence_name(event->diagnosis->confidence));
}

static bool write_advice(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_known_words_t *words = event->words;
    const char *advice = event->diagnosis->advice, *experience = event->experience ? event->experience : "";
    tlsdiag_write_literal(out, "\"");
    if (words) {
        tlsdiag_write_inline(out, words->text + words->advice_at, (size_t)words->length - words->advice_at);
    } else {
        tlsdiag_escape_write(out, tlsdiag_bytes(advice, strlen(advice)), TLSDIAG_ESCAPE_JSON_OWN,
                             TLSDIAG_ESCAPE_UNLIMITED);
    }
    tlsdiag_write_inline(out, experience, strlen(experience)); /* nothing in it is to be escaped */
    tlsdiag_write_literal(out, "\"");
    return advice[0] || experience[0];
}

static bool write_remedy(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_lines(out, event->diagnosis->remedy);
}

static bool write_remedy_cost(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text(out, event->diagnosis->remedy_cost);
}

/* A name that came before would make the object ambiguous (RFC 8259 4). */
static bool came_before(const tlsdiag_diagnosis_t *diagnosis, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(diagnosis->evidence[i].name, diagnosis->evidence[index].name) == 0) {
            return true;
        }
    }
    return false;
}

static bool write_evidence(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_diagnosis_t *diagnosis = event->diagnosis;
    size_t count =
        diagnosis->evidence_count < TLSDIAG_EVIDENCE_KEPT ? diagnosis->evidence_count : TLSDIAG_EVIDENCE_KEPT;
    tlsdiag_write_literal(out, "{");
    for (size_t i = 0; i < count; i++) {
        if (!came_before(diagnosis, i)) {
            tlsdiag_json_member_text(out, diagnosis->evidence[i].name, diagnosis->evidence[i].value);
        }
    }
    tlsdiag_json_close(out, '}');
    return count > 0;
}

static bool write_vhost(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text_up_to(out, tlsdiag_vhost_of(event), VHOST_TEXT);
}

static bool write_vhost_defined_at(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text_up_to(out, tlsdiag_vhost_defined_at_of(event), PATH_TEXT);
}

static bool write_stage(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_stage_name(event->facts->stage));
}

static bool write_ended_by(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_ended_by_name(event->facts->ended_by));
}

static bool write_renegotiation(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    return tlsdiag_json_name(out, facts->client_renegotiation_refused    ? "refused"
                                  : facts->post_handshake_authentication ? "post_handshake_authentication"
                                  : facts->renegotiating                 ? "server"
                                                                         : NULL);
}

static void write_alert(tlsdiag_writer_t *out, const tlsdiag_alert_t *alert)
{
    const char *name = tlsdiag_iana_alert_name(alert->description);
    tlsdiag_write(out, alert->received ? "{\"direction\":\"received\"" : "{\"direction\":\"sent\"");
    tlsdiag_write(out, alert->fatal ? ",\"level\":\"fatal\",\"code\":" : ",\"level\":\"warning\",\"code\":");
    tlsdiag_write_u64(out, alert->description);
    tlsdiag_write_literal(out, ",\"name\":");
    tlsdiag_json_name(out, name ? name : "unassigned");
    if (alert->after_finished) {
        tlsdiag_write_literal(out, ",\"after_finished\":true");
    }
    tlsdiag_write_literal(out, ",\"us\":");
    tlsdiag_write_u64(out, alert->at_us);
    tlsdiag_write_literal(out, "}");
}

static bool write_alerts(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    size_t count = facts->alerts_count < TLSDIAG_ALERTS_KEPT ? facts->alerts_count : TLSDIAG_ALERTS_KEPT;
    tlsdiag_write_literal(out, "[");
    for (size_t i = 0; i < count; i++) {
        write_alert(out, &facts->alerts[i]);
        tlsdiag_write_literal(out, ",");
    }
    tlsdiag_json_close(out, ']');
    return true;
}

static bool write_openssl(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    size_t count = facts->openssl_errors_count < TLSDIAG_OPENSSL_ERRORS_KEPT ? facts->openssl_errors_count
                                                                             : TLSDIAG_OPENSSL_ERRORS_KEPT;
    tlsdiag_write_literal(out, "[");
    for (size_t i = 0; i < count; i++) {
        const tlsdiag_openssl_error_t *error = &facts->openssl_errors[i];
        tlsdiag_write_literal(out, "{\"lib\":");
        tlsdiag_write_u64(out, error->library);
        tlsdiag_write_literal(out, ",\"reason\":");
        tlsdiag_write_u64(out, error->reason);
        tlsdiag_write_literal(out, ",");
        tlsdiag_json_member_text(out, "text", error->text);
        tlsdiag_json_close(out, '}');
        tlsdiag_write_literal(out, ",");
    }
    tlsdiag_json_close(out, ']');
    return true;
}

static void write_member_date(tlsdiag_writer_t *out, const char *name, int64_t seconds)
{
    tlsdiag_json_name(out, name);
    tlsdiag_write_literal(out, ":");
    tlsdiag_json_seconds(out, seconds);
    tlsdiag_write_literal(out, ",");
}

/* The certificate that failed, where it is not the client's own, which tls.client has. */
static void write_failed_certificate(tlsdiag_writer_t *out, const tlsdiag_certificate_summary_t *failed)
{
    tlsdiag_json_member_text(out, "subject", failed->subject);
    tlsdiag_json_member_text(out, "issuer", failed->issuer);
    tlsdiag_json_member_text(out, "serial_number", failed->serial);
    write_member_date(out, "not_before", failed->not_before);
    write_member_date(out, "not_after", failed->not_after);
}

static bool write_verify(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_verification_t *verification = &event->facts->verification;
    tlsdiag_write_literal(out, "{\"code\":");
    tlsdiag_write_i64(out, verification->error);
    tlsdiag_write_literal(out, ",");
    tlsdiag_json_member_text(out, "name", verification->error ? verification->text : "ok");
    if (verification->error) {
        tlsdiag_write_literal(out, "\"depth\":");
        tlsdiag_write_i64(out, verification->depth);
        tlsdiag_write_literal(out, ",");
    }
    if (verification->failed.present && verification->depth > 0) {
        write_failed_certificate(out, &verification->failed);
    }
    tlsdiag_json_close(out, '}');
    return true;
}

static bool write_connection(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text_up_to(out, event->facts->connection_id, CONNECTION_TEXT);
}

static bool write_lost_before(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    if (event->lost_before == 0) {
        return false;
    }
    tlsdiag_write_u64(out, event->lost_before);
    return true;
}

static bool write_repeats_count(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_write_u64(out, event->repeats.count);
    return true;
}

static bool write_repeats_first(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_time(out, event->repeats.first_us);
    return true;
}

static bool write_repeats_last(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_time(out, event->repeats.last_us);
    return true;
}

/* Digits, letters, commas: nothing to escape. */
static bool write_fingerprint(tlsdiag_writer_t *out, tlsdiag_bytes_t made, tlsdiag_bytes_t message,
                              void (*make)(tlsdiag_writer_t *out, tlsdiag_bytes_t message))
{
    if (made.length == 0 && message.length == 0) {
        return false;
    }
    tlsdiag_write_literal(out, "\"");
    if (made.length > 0) {
        tlsdiag_write_inline(out, (const char *)made.at, made.length);
    } else {
        make(out, message);
    }
    tlsdiag_write_literal(out, "\"");
    return true;
}

static bool write_ja4_r(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return write_fingerprint(out, event->ja4_r, event->hello_message, tlsdiag_ja4_r_write);
}

static bool write_ja3_string(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return write_fingerprint(out, event->ja3_string, event->hello_message, tlsdiag_ja3_string_write);
}

/* clang-format off */
const tlsdiag_field_t tlsdiag_fields_fingerprints[] = {
    TLSDIAG_TEXT("ja4", KEYWORD, COMPLETE_HELLO, NEVER, ja4,
                 "FoxIO's fingerprint of the client: `t13d1516h2_8daaf6152771_b0da82dd1658`"),
    TLSDIAG_FIELD("ja4_r", KEYWORD, COMPLETE_HELLO, JA4_R, write_ja4_r, "JA4 with its lists in clear"),
    TLSDIAG_ORDERED("ja3_string", KEYWORD, COMPLETE_HELLO, JA3_STRING, write_ja3_string, "what JA3 is the MD5 of"),
    TLSDIAG_END
};

static const tlsdiag_field_t repeats_fields[] = {
    TLSDIAG_FIELD("count", LONG, ALWAYS, NEVER, write_repeats_count, "events that this line stands for"),
    TLSDIAG_FIELD("first", DATE, ALWAYS, NEVER, write_repeats_first, "time of the first"),
    TLSDIAG_FIELD("last", DATE, ALWAYS, NEVER, write_repeats_last, "time of the last"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_grounds[] = {
    TLSDIAG_FIELD("remedy", TEXT, EXPLAINED, REMEDY, write_remedy, "directive lines, ready to paste into the vhost"),
    TLSDIAG_FIELD("remedy_cost", TEXT, EXPLAINED, REMEDY_COST, write_remedy_cost, "what they cost in security"),
    TLSDIAG_FIELD("evidence", OBJECT, EXPLAINED, EVIDENCE, write_evidence,
                  "the facts the verdict rests on: `offered`, `allowed`, `missing`, ..."),
    TLSDIAG_FIELD("vhost", KEYWORD, ALWAYS, NEVER, write_vhost, "`ServerName:port` of the vhost finally chosen"),
    TLSDIAG_FIELD("vhost_defined_at", KEYWORD, ALWAYS, DEFINED_AT, write_vhost_defined_at, "config file:line"),
    TLSDIAG_FIELD("stage", KEYWORD, ALWAYS, NEVER, write_stage,
                  "last step: `connected`, `bytes_received`, `client_hello`, `hello_retry_request`, "
                  "`server_flight_sent`, `client_flight`, `finished`"),
    TLSDIAG_FIELD("ended_by", KEYWORD, ALWAYS, NEVER, write_ended_by,
                  "`finished`, `alert_sent`, `alert_received`, `closed`, `reset`, `timeout`, `server_stop`, `error`"),
    TLSDIAG_BOOLEAN("request_seen", ESTABLISHED, request_seen, "application bytes came after the handshake"),
    TLSDIAG_FIELD("renegotiation", KEYWORD, KNOWN, NEVER, write_renegotiation,
                  "the event is about a later handshake on the connection: `server`, `refused` (the client "
                  "asked), `post_handshake_authentication`"),
    TLSDIAG_TEXT("history", KEYWORD, ALWAYS, HISTORY, history,
                 "handshake messages in order, Zeek's letters, upper case: client"),
    TLSDIAG_OBJECT("negotiated", NEGOTIATED, NEGOTIATED, tlsdiag_fields_agreed),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_verdict[] = {
    TLSDIAG_CONSTANT("schema", LONG, "1", "raised when a name or a meaning changes"),
    TLSDIAG_SETTLED("cause", KEYWORD, ALWAYS, NEVER, write_cause, "cause id; `ok` on success"),
    TLSDIAG_SETTLED("act", KEYWORD, ALWAYS, NEVER, write_act,
                  "who must act: `server`, `client`, `network`, `nobody`, `either`"),
    TLSDIAG_SETTLED("confidence", KEYWORD, EXPLAINED, NEVER, write_confidence, "`certain` or `likely`"),
    TLSDIAG_FIELD("advice", TEXT, EXPLAINED, ADVICE, write_advice, "what to do"),
    TLSDIAG_FRAGMENT(GROUNDS, ALWAYS, tlsdiag_fields_grounds),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_openssl[] = {
    TLSDIAG_FIELD("openssl", OBJECTS, OPENSSL_ERROR, OPENSSL, write_openssl,
                  "error queue, first to last: `{\"lib\":20,\"reason\":193,\"text\":\"no shared cipher\"}`"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_tlsdiag[] = {
    TLSDIAG_FRAGMENT(VERDICT, ALWAYS, tlsdiag_fields_verdict),
    TLSDIAG_FIELD("alerts", OBJECTS, ALERTS, ALERTS, write_alerts,
                  "in order: "
                  "`{\"direction\":\"sent|received\",\"level\":\"fatal|warning\",\"code\":48,\"name\":\"unknown_ca\",\"us\":1234}`"),
    TLSDIAG_FRAGMENT(OPENSSL, OPENSSL_ERROR, tlsdiag_fields_openssl),
    TLSDIAG_FIELD("verify", OBJECT, VERIFIED, VERIFY, write_verify,
                  "`{\"code\":10,\"name\":\"certificate has expired\",\"depth\":0}`; with the certificate that "
                  "failed where it is not the client's own"),
    TLSDIAG_OBJECT("tcp", TCP, TCP, tlsdiag_fields_tcp),
    TLSDIAG_OBJECT("timing", ALWAYS, NEVER, tlsdiag_fields_timing),
    TLSDIAG_FRAGMENT(FINGERPRINTS, HELLO, tlsdiag_fields_fingerprints),
    TLSDIAG_OBJECT("client", CLIENT_BYTES, NEVER, tlsdiag_fields_client),
    TLSDIAG_OBJECT("repeats", FOLDED, NEVER, repeats_fields),
    TLSDIAG_FIELD("lost_before", LONG, KNOWN, NEVER, write_lost_before,
                  "lines that could not be written since the last one"),
    TLSDIAG_FIELD("connection", KEYWORD, ALWAYS, NEVER, write_connection,
                  "httpd's own connection id, `%{c}L` in ErrorLogFormat"),
    TLSDIAG_TRUNCATED("truncated",
                      "something was left out: the line would have been too long, or a list was longer than "
                      "what is kept"),
    TLSDIAG_END
};
/* clang-format on */
