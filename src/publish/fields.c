/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The top of the field table: ECS's fields about the event, the two ends and the process. tls.* is fields_tls.c,
 * tlsdiag.* fields_tlsdiag.c, tlsdiag.client.* fields_client.c.
 */
#include "publish/fields_rows.h"

#include "decode/first_bytes.h"
#include "publish/json.h"
#include "publish/names.h"
#include "publish/words.h"

enum { NAME_TEXT = 64 }; /* longest id, host name, version */

static bool write_timestamp(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    tlsdiag_json_time(out, facts->ended_us ? facts->ended_us : facts->started_us + facts->timing.total_us);
    return true;
}

static bool write_start(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_time(out, event->facts->started_us);
    return true;
}

static bool write_message(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_write_literal(out, "\"");
    tlsdiag_words_write(out, event, TLSDIAG_WORDS_IN_JSON);
    tlsdiag_write_literal(out, "\"");
    return true;
}

static bool write_level(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_level_name(event->diagnosis->level));
}

static bool write_id(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text_up_to(out, event->id, NAME_TEXT);
}

static bool write_sequence(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_write_u64(out, event->sequence);
    return true;
}

/* Cut by our own stop: allowed if it had completed. */
static bool write_type(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_diagnosis_t *diagnosis = event->diagnosis;
    bool denied = diagnosis->unknown ? !event->facts->established : diagnosis->failure;
    if (denied) {
        tlsdiag_write_literal(out, "[\"connection\",\"denied\"]");
    } else {
        tlsdiag_write_literal(out, "[\"connection\",\"allowed\"]");
    }
    return true;
}

static bool write_outcome(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_outcome_name(event->diagnosis));
}

static bool write_reason(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text(out, event->diagnosis->says);
}

static bool write_duration(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_write_u64(out, event->facts->timing.total_us * UINT64_C(1000));
    return true;
}

static bool write_cause(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, event->diagnosis->cause);
}

/* Upper case and eight digits as OpenSSL prints it itself ("error:0A000102:SSL routines"), so one search finds both. */
static bool write_error_code(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    uint64_t code = event->facts->openssl_errors[0].code;
    uint8_t bytes[4] = { (uint8_t)(code >> 24), (uint8_t)(code >> 16), (uint8_t)(code >> 8), (uint8_t)code };
    tlsdiag_json_hex_upper(out, tlsdiag_bytes(bytes, sizeof bytes));
    return true;
}

static bool write_error_message(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text(out, event->facts->openssl_errors[0].text);
}

static bool write_client_address(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const char *address = event->facts->client_address;
    if (!event->mask.ipv4_bits && !event->mask.ipv6_bits) {
        return tlsdiag_json_text(out, address);
    }
    char masked[TLSDIAG_ADDRESS_TEXT];
    return tlsdiag_address_mask(masked, address, event->mask) && tlsdiag_json_text(out, masked);
}

static bool write_protocol(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    if (facts->has_client_hello || facts->first_bytes_length == 0) {
        tlsdiag_write_literal(out, "\"tls\"");
        return true;
    }
    tlsdiag_bytes_t first = tlsdiag_bytes(facts->first_bytes, facts->first_bytes_length);
    return tlsdiag_json_name(out, tlsdiag_protocol_name(tlsdiag_first_bytes_classify(first)));
}

static bool write_network_type(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, event->facts->ipv6 ? "ipv6" : "ipv4");
}

static bool write_direction(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, event->facts->is_backend ? "egress" : "ingress");
}

static bool write_service_version(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text_up_to(out, event->service_version, NAME_TEXT);
}

static bool write_hostname(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text_up_to(out, event->hostname, NAME_TEXT);
}

static bool write_process_id(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_write_i64(out, event->process_id);
    return true;
}

/* clang-format off */
static const tlsdiag_field_t log_fields[] = {
    TLSDIAG_SETTLED("level", KEYWORD, ALWAYS, NEVER, write_level,
                  "level of the error-log line: `error`: this server's administrator must act; `warn`: another "
                  "failure after a ClientHello; `info`: probes, noise, success"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_outcome[] = {
    TLSDIAG_CONSTANT("kind", KEYWORD, "\"event\"", ""),
    TLSDIAG_CONSTANT("module", KEYWORD, "\"tlsdiag\"", ""),
    TLSDIAG_CONSTANT("dataset", KEYWORD, "\"tlsdiag.handshake\"", ""),
    TLSDIAG_CONSTANT("category", KEYWORDS, "[\"network\"]", ""),
    TLSDIAG_FIELD("type", KEYWORDS, ALWAYS, NEVER, write_type,
                  "`[\"connection\",\"allowed\"]` or `[\"connection\",\"denied\"]`"),
    TLSDIAG_CONSTANT("action", KEYWORD, "\"tls-handshake\"", ""),
    TLSDIAG_FIELD("outcome", KEYWORD, ALWAYS, NEVER, write_outcome,
                  "`success`: handshake completed; `failure`; `unknown`: cut by our own stop"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_reason[] = {
    TLSDIAG_FIELD("reason", TEXT, FAILURE, REASON, write_reason, "what happened, one sentence"),
    TLSDIAG_END
};

static const tlsdiag_field_t event_fields[] = {
    TLSDIAG_FRAGMENT(OUTCOME, ALWAYS, tlsdiag_fields_outcome),
    TLSDIAG_FIELD("id", KEYWORD, ALWAYS, NEVER, write_id,
                  "unique; also in the error-log line and, as env and note, for the access log"),
    TLSDIAG_FIELD("sequence", LONG, ALWAYS, NEVER, write_sequence, "server-wide counter: a gap is a lost line"),
    TLSDIAG_FRAGMENT(REASON, FAILURE, tlsdiag_fields_reason),
    TLSDIAG_FIELD("start", DATE, ALWAYS, NEVER, write_start, "connection accepted"),
    TLSDIAG_FIELD("duration", LONG, ALWAYS, NEVER, write_duration, "ns from accept to outcome, monotonic clock"),
    TLSDIAG_END
};

static const tlsdiag_field_t error_fields[] = {
    TLSDIAG_FIELD("type", KEYWORD, FAILURE, NEVER, write_cause, "cause id, the same as `tlsdiag.cause`"),
    TLSDIAG_FIELD("code", KEYWORD, OPENSSL_ERROR, NEVER, write_error_code,
                  "OpenSSL's first error, packed code in hex as OpenSSL prints it: `0A000102`"),
    TLSDIAG_FIELD("message", TEXT, OPENSSL_ERROR, ERROR_MESSAGE, write_error_message,
                  "its reason text: `unsupported protocol`"),
    TLSDIAG_END
};

static const tlsdiag_field_t source_fields[] = {
    TLSDIAG_FIELD("ip", IP, ALWAYS, NEVER, write_client_address,
                  "the client, after PROXY protocol and mod_remoteip; masked if so configured"),
    TLSDIAG_NUMBER("port", ALWAYS, client_port, "the client's port"),
    TLSDIAG_NUMBER("bytes", ALWAYS, network.bytes_received, "bytes received below TLS during the handshake"),
    TLSDIAG_END
};

static const tlsdiag_field_t destination_fields[] = {
    TLSDIAG_TEXT("ip", IP, ALWAYS, NEVER, local_address, "our address"),
    TLSDIAG_NUMBER("port", ALWAYS, local_port, "our port"),
    TLSDIAG_NUMBER("bytes", ALWAYS, network.bytes_sent, "bytes sent below TLS during the handshake"),
    TLSDIAG_END
};

static const tlsdiag_field_t network_fields[] = {
    TLSDIAG_CONSTANT("transport", KEYWORD, "\"tcp\"", ""),
    TLSDIAG_FIELD("protocol", KEYWORD, ALWAYS, NEVER, write_protocol,
                  "`tls`, or the protocol that the first bytes show: `http`, `ssh`, ... `unknown`"),
    TLSDIAG_FIELD("type", KEYWORD, ALWAYS, NEVER, write_network_type, "`ipv4` or `ipv6`"),
    TLSDIAG_FIELD("direction", KEYWORD, ALWAYS, NEVER, write_direction,
                  "`ingress`; `egress` for handshakes with a backend"),
    TLSDIAG_END
};

static const tlsdiag_field_t ecs_fields[] = {
    TLSDIAG_CONSTANT("version", KEYWORD, "\"8.11.0\"", "of the Elastic Common Schema whose names are used"),
    TLSDIAG_END
};

static const tlsdiag_field_t service_fields[] = {
    TLSDIAG_CONSTANT("type", KEYWORD, "\"apache\"", ""),
    TLSDIAG_FIELD("version", KEYWORD, ALWAYS, NEVER, write_service_version, "httpd's: `2.4.71`"),
    TLSDIAG_END
};

static const tlsdiag_field_t host_fields[] = {
    TLSDIAG_FIELD("hostname", KEYWORD, ALWAYS, NEVER, write_hostname, "of this machine"),
    TLSDIAG_END
};

static const tlsdiag_field_t process_id_fields[] = {
    TLSDIAG_FIELD("pid", LONG, ALWAYS, NEVER, write_process_id, "httpd child that served the connection"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_error[] = {
    TLSDIAG_OBJECT("error", KNOWN, NEVER, error_fields),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_summary[] = {
    TLSDIAG_OBJECT("log", ALWAYS, NEVER, log_fields),
    TLSDIAG_FIELD("message", TEXT, ALWAYS, NEVER, write_message,
                  "the summary for people, the same words as in the error log"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_process[] = {
    TLSDIAG_OBJECT("network", ALWAYS, NEVER, network_fields),
    TLSDIAG_OBJECT("ecs", ALWAYS, NEVER, ecs_fields),
    TLSDIAG_OBJECT("service", ALWAYS, NEVER, service_fields),
    TLSDIAG_OBJECT("host", ALWAYS, NEVER, host_fields),
    TLSDIAG_OBJECT("process", ALWAYS, NEVER, process_id_fields),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields[] = {
    TLSDIAG_FIELD("@timestamp", DATE, ALWAYS, NEVER, write_timestamp,
                  "when the outcome was known, RFC 3339, UTC: `2026-11-21T01:02:03.123456Z`"),
    TLSDIAG_FRAGMENT(SUMMARY, ALWAYS, tlsdiag_fields_summary),
    TLSDIAG_OBJECT("event", ALWAYS, NEVER, event_fields),
    TLSDIAG_FRAGMENT(ERROR, KNOWN, tlsdiag_fields_error),
    TLSDIAG_OBJECT("source", ALWAYS, NEVER, source_fields),
    TLSDIAG_OBJECT("destination", ALWAYS, NEVER, destination_fields),
    TLSDIAG_FRAGMENT(PROCESS, ALWAYS, tlsdiag_fields_process),
    TLSDIAG_OBJECT("tls", ALWAYS, NEVER, tlsdiag_fields_tls),
    TLSDIAG_OBJECT("tlsdiag", ALWAYS, NEVER, tlsdiag_fields_tlsdiag), /* last: its last row keeps the limit */
    TLSDIAG_END
};
/* clang-format on */
