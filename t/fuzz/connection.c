/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the raw bytes of a connection to what is told of it: the PROXY header, which protocol it is, facts as the decoders make
 * them, hostile bytes wherever a client can put some, the diagnosis, then the JSON line, the error-log line and the record's
 * page. The line is valid JSON, whatever the limit and the fragments, and never too long; the page has only markup of ours.
 *
 * The first byte chooses how it went and which vhost it was; then comes a PROXY header, with its length in a byte; the rest is
 * what the client sent.
 */
#define _DEFAULT_SOURCE
#include "forms.h"

#include "decode/first_bytes.h"
#include "decode/proxy_header.h"
#include "decode/offer.h"
#include "publish/event.h"
#include "redraw.h"
#include "verdict_key.h"
#include "vhosts.h"

enum { ROOM = 1 << 18 };

static tlsdiag_facts_t facts;
static tlsdiag_diagnosis_t diagnosis;
static tlsdiag_client_text_t client_text;
static tlsdiag_failure_text_t failure_text;
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

static void read_proxy_header(tlsdiag_bytes_t header)
{
    tlsdiag_proxy_result_t result =
        tlsdiag_proxy_header_decode(facts.client_address, sizeof facts.client_address, &facts.client_port, header);
    facts.proxied_address = result == TLSDIAG_PROXY_CLIENT;
    CHECK(result <= TLSDIAG_PROXY_CLIENT &&
          (header.length < TLSDIAG_PROXY_HEADER_BYTES || result != TLSDIAG_PROXY_INCOMPLETE));
    if (facts.proxied_address) {
        size_t length = strspn(facts.client_address, "0123456789abcdefABCDEF.:");
        CHECK(length > 0 && length < sizeof facts.client_address && !facts.client_address[length]);
    }
}

static void read_first_bytes(tlsdiag_bytes_t bytes)
{
    tlsdiag_bytes_t request_line, host;
    tlsdiag_protocol_t protocol = tlsdiag_first_bytes_classify(bytes);
    CHECK(protocol <= TLSDIAG_PROTOCOL_UNKNOWN && *tlsdiag_protocol_name(protocol));
    CHECK((bytes.length == 0) == (protocol == TLSDIAG_PROTOCOL_NOTHING));
    tlsdiag_first_bytes_http(bytes, &request_line, &host);
    CHECK(request_line.length + host.length <= bytes.length && (!request_line.length || request_line.at == bytes.at));
    facts.has_client_hello = tlsdiag_first_bytes_client_hello(&facts.client_hello, &facts.network.hello_records, bytes);
    if (facts.has_client_hello) {
        CHECK(facts.network.hello_records >= 1 && facts.network.hello_records <= bytes.length / 2);
        CHECK(protocol == TLSDIAG_PROTOCOL_TLS_HANDSHAKE || protocol == TLSDIAG_PROTOCOL_SSLV2);
    }
    facts.first_bytes_length =
        (uint16_t)(bytes.length < sizeof facts.first_bytes ? bytes.length : sizeof facts.first_bytes);
    if (facts.first_bytes_length) {
        memcpy(facts.first_bytes, bytes.at, facts.first_bytes_length);
    }
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
    if (!facts.proxied_address) {
        set_text(facts.client_address, sizeof facts.client_address, bytes);
    }
}

static size_t write_json(char *buffer, const tlsdiag_event_t *event, size_t limit)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, ROOM);
    tlsdiag_event_json_write(&out, event, limit);
    CHECK(!out.truncated && json_valid(tlsdiag_writer_text(&out), out.length));
    return out.length;
}

/* How the failure is told, from what is remembered of another one with the same verdict. */
static void check_failure(tlsdiag_event_t *event)
{
    static tlsdiag_facts_t key;
    tlsdiag_event_t before = *event;
    key_of_any(&key, &facts, event->posture);
    before.facts = &key;
    before.experience = "Another.";
    if ((diagnosis.failure || diagnosis.unknown) && tlsdiag_failure_text_make(&failure_text, &before)) {
        event->outcome = failure_text.fragments;
        event->words = &failure_text.words;
        event->mould = &failure_text.mould;
        write_json(limited, event, 0);
        CHECK(strcmp(whole, limited) == 0);
        event->outcome = NULL;
        event->words = NULL;
        event->mould = NULL;
    }
}

/* The client comes again and draws anew: the text is that of the hello it sends then, and where nothing that varies is told, the
 * verdict is the same. */
static void check_redrawn(tlsdiag_event_t *event)
{
    static tlsdiag_client_text_t redrawn;
    static tlsdiag_client_hello_t before;
    static tlsdiag_diagnosis_t again;
    before = facts.client_hello;
    redraw_hello(&facts.client_hello, before.message_bytes);
    tlsdiag_diagnose(&again, &facts, event->posture, NULL);
    CHECK(again.rule == diagnosis.rule);
    CHECK(diagnosis.varies || (strcmp(again.says, diagnosis.says) == 0 && strcmp(again.remedy, diagnosis.remedy) == 0));
    event->client = NULL;
    write_json(whole, event, 0);
    event->client = tlsdiag_client_text_redraw(&redrawn, &client_text, event);
    CHECK(event->client);
    write_json(limited, event, 0);
    CHECK(strcmp(whole, limited) == 0);
    facts.client_hello = before;
}

static void check_log(tlsdiag_event_t *event)
{
    write_json(whole, event, 0);
    event->client = tlsdiag_client_text_make(&client_text, event);
    write_json(limited, event, 0);
    CHECK(strcmp(whole, limited) == 0);
    check_failure(event);
    if (event->client && facts.has_client_hello && tlsdiag_offer_is_whole(&facts.client_hello)) {
        check_redrawn(event);
    }
    event->client = NULL;
    tlsdiag_writer_t out = tlsdiag_writer(line, ROOM);
    tlsdiag_event_line_write(&out, event, TLSDIAG_LINE_WITH_ADDRESS);
    CHECK(!out.truncated && is_text(line, out.length));
}

/* The record on its own page, as far as it is kept. */
static void check_page(const tlsdiag_event_t *event)
{
    static scenery_t scenery;
    static tlsdiag_stream_t out;
    if (!scenery.snapshot.copy.segment) {
        make_empty(&scenery);
    }
    size_t length = write_json(limited, event, TLSDIAG_JSON_BYTES);
    CHECK(length < TLSDIAG_JSON_BYTES);
    tlsdiag_brief_t record = { .event_id = "1", .address_bytes = 4, .json = tlsdiag_bytes(limited, length) };
    written.length = 0;
    tlsdiag_stream_open(&out, collect, NULL);
    tlsdiag_page_record_write(&out, &scenery.page, &record);
    tlsdiag_stream_flush(&out);
    check_html();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(data, size));
    uint8_t choice = tlsdiag_read_u8(&in);
    memset(&facts, 0, sizeof facts);
    read_proxy_header(tlsdiag_read_vector(&in, 1));
    tlsdiag_bytes_t bytes = tlsdiag_bytes(in.at, tlsdiag_remaining(&in));
    read_first_bytes(bytes);
    set_course(choice, bytes);
    tlsdiag_event_t event = { .facts = &facts, .diagnosis = &diagnosis, .id = "1", .vhost = "a:443" };
    event.posture = vhost_of(choice >> 1);
    tlsdiag_diagnose(&diagnosis, &facts, event.posture, NULL);
    if (facts.has_client_hello && bytes.length > 9) {
        event.hello_message = tlsdiag_bytes(bytes.at + 9, bytes.length - 9);
    }
    check_log(&event);
    check_page(&event);
    return 0;
}
