/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the raw bytes of a connection to what is told of it: facts as the decoders make them, hostile bytes wherever a client
 * can put some, the diagnosis, then the JSON line and the error-log line. The line is valid JSON, whatever the limit and the
 * fragments, and never too long.
 */
#include "../unit/json_check.h"
#include "decode/first_bytes.h"
#include "fuzz.h"
#include "publish/event.h"

enum { ROOM = 1 << 18 };

static tlsdiag_facts_t facts;
static tlsdiag_diagnosis_t diagnosis;
static tlsdiag_client_text_t client_text;
static char whole[ROOM], limited[ROOM], line[ROOM];

/* Bytes without a NUL, as many as there are and fit. */
static void set_text(char *text, size_t size, tlsdiag_bytes_t bytes)
{
    size_t length = 0;
    for (; length < bytes.length && length < size - 1; length++) {
        text[length] = (char)(bytes.at[length] ? bytes.at[length] : '0');
    }
    text[length] = '\0';
}

/* What the connection came to, by the first byte of the input. */
static void set_course(uint8_t choice, tlsdiag_bytes_t bytes)
{
    facts.stage = (tlsdiag_stage_t)(choice % (TLSDIAG_FINISHED + 1));
    facts.ended_by = (tlsdiag_ended_by_t)(choice % (TLSDIAG_ENDED_ERROR + 1));
    facts.established = choice & 1;
    facts.negotiated.version = choice & 2 ? 0x0304 : 0;
    facts.negotiated.cipher_suite = (uint16_t)(choice << 8 | choice);
    facts.alerts[0] = (tlsdiag_alert_t){ .received = choice & 4, .fatal = choice & 8, .description = choice };
    facts.alerts_count = choice & 16 ? 1 : 0;
    facts.openssl_errors_count = choice & 32 ? 1 : 0;
    facts.client_certificate.present = choice & 64;
    set_text(facts.openssl_errors[0].text, sizeof facts.openssl_errors[0].text, bytes);
    set_text(facts.client_certificate.subject, sizeof facts.client_certificate.subject, bytes);
    set_text(facts.negotiated.alpn, sizeof facts.negotiated.alpn, bytes);
    set_text(facts.client_address, sizeof facts.client_address, bytes);
}

static void set_facts(uint8_t choice, tlsdiag_bytes_t bytes)
{
    memset(&facts, 0, sizeof facts);
    facts.has_client_hello = tlsdiag_first_bytes_client_hello(&facts.client_hello, &facts.network.hello_records, bytes);
    facts.first_bytes_length =
        (uint16_t)(bytes.length < sizeof facts.first_bytes ? bytes.length : sizeof facts.first_bytes);
    if (facts.first_bytes_length) {
        memcpy(facts.first_bytes, bytes.at, facts.first_bytes_length);
    }
    set_course(choice, bytes);
}

static size_t render(char *buffer, const tlsdiag_event_t *event, size_t limit)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, ROOM);
    tlsdiag_event_json_write(&out, event, limit);
    CHECK(!out.truncated && json_valid(tlsdiag_writer_text(&out), out.length));
    return out.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsdiag_bytes_t bytes = tlsdiag_bytes(size ? data + 1 : NULL, size ? size - 1 : 0);
    tlsdiag_event_t event = { .facts = &facts, .diagnosis = &diagnosis, .id = "1", .vhost = "a:443" };
    set_facts(size ? data[0] : 0, bytes);
    tlsdiag_diagnose(&diagnosis, &facts, NULL, NULL);
    if (facts.has_client_hello && bytes.length > 9) {
        event.hello_message = tlsdiag_bytes(bytes.at + 9, bytes.length - 9);
    }
    render(whole, &event, 0);
    CHECK(render(limited, &event, TLSDIAG_EVENT_PIPE_LIMIT) < TLSDIAG_EVENT_PIPE_LIMIT);
    event.client = tlsdiag_client_text_make(&client_text, &event);
    render(limited, &event, 0);
    CHECK(strcmp(whole, limited) == 0);
    tlsdiag_writer_t out = tlsdiag_writer(line, ROOM);
    tlsdiag_event_line_write(&out, &event, TLSDIAG_LINE_WITH_ADDRESS);
    CHECK(!out.truncated && is_text(line, out.length));
    return 0;
}
