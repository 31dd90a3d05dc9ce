/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/handshake.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/spares.h"
#include "collect/handshake_callbacks.h"
#include "decode/client_hello.h"
#include "decode/first_bytes.h"

/* That were given back, for the next connections: as many as a busy process has under way. */
enum { SPARES = 32 };
static tlsdiag_spare_t spares[SPARES];

static tlsdiag_recording_t *take(void)
{
    tlsdiag_recording_t *spare = tlsdiag_spare_take(spares, SPARES);

    return spare ? spare : calloc(1, sizeof *spare);
}

void tlsdiag_recordings_open(void)
{
    tlsdiag_recording_t *first = take();

    if (first) {
        tlsdiag_spare_give_back(spares, SPARES, first);
    }
}

void tlsdiag_recordings_free(void)
{
    tlsdiag_spares_free(spares, SPARES);
}

/* What is not cleared for each recording, four fifths of it, in the order of facts.h. The ClientHello, because who decodes one
 * writes all of it, and where none comes it is cleared at the end. The others, which few handshakes fill, because whoever
 * gives a recording back leaves them clean. And the texts at its end, whose lengths say how much counts. */
#define PART(member)                                                                         \
    {                                                                                        \
        offsetof(tlsdiag_recording_t, facts.member), sizeof((tlsdiag_facts_t *)NULL)->member \
    }
static const struct {
    size_t at, bytes;
} left_out[] = { PART(first_bytes), PART(client_hello), PART(openssl_errors), PART(verification.failed),
                 PART(client_certificate) };

static void clear_rest(tlsdiag_recording_t *recording)
{
    char *start = (char *)recording;
    size_t at = 0;

    for (unsigned i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        memset(start + at, 0, left_out[i].at - at);
        at = left_out[i].at + left_out[i].bytes;
    }
    memset(start + at, 0, offsetof(tlsdiag_recording_t, drawn.ja3_string) - at);
}

static void clear_client_hello(tlsdiag_facts_t *facts)
{
    memset(&facts->client_hello, 0, sizeof facts->client_hello);
}

static void clear_certificate(tlsdiag_certificate_summary_t *certificate)
{
    if (certificate->present) {
        memset(certificate, 0, sizeof *certificate);
    }
}

static void clear_what_few_fill(tlsdiag_facts_t *facts)
{
    if (facts->first_bytes_length) {
        memset(facts->first_bytes, 0, facts->first_bytes_length);
    }
    if (facts->openssl_errors_count) {
        memset(facts->openssl_errors, 0, sizeof facts->openssl_errors);
    }
    clear_certificate(&facts->verification.failed);
    clear_certificate(&facts->client_certificate);
}

static tlsdiag_recording_t *make(void)
{
    tlsdiag_recording_t *recording = take();

    if (!recording) {
        return NULL;
    }
    clear_rest(recording);
    recording->start_us = tlsdiag_monotonic_us();
    recording->facts.started_us = tlsdiag_wall_us();
    return recording;
}

tlsdiag_recording_t *tlsdiag_recording_make(void)
{
    tlsdiag_recording_t *recording = make();

    if (recording) {
        clear_client_hello(&recording->facts);
    }
    return recording;
}

void tlsdiag_recording_free(tlsdiag_recording_t *recording)
{
    tlsdiag_client_release(recording->client);
    free(recording->heap_message);
    clear_what_few_fill(&recording->facts);
    tlsdiag_spare_give_back(spares, SPARES, recording);
}

tlsdiag_recording_t *tlsdiag_observer_attach(tlsdiag_observer_t *observer, SSL *ssl)
{
    observer->recording = make();
    if (!observer->recording) {
        return NULL;
    }
    if (!tlsdiag_callbacks_attach(observer, ssl)) {
        tlsdiag_recording_free(observer->recording);
        observer->recording = NULL;
        return NULL;
    }
    observer->ssl = ssl;
    tlsdiag_observer_note_server(observer);
    return observer->recording;
}

tlsdiag_recording_t *tlsdiag_observer_record_again(tlsdiag_observer_t *observer)
{
    if (observer->recording || !observer->told) {
        return NULL;
    }
    observer->recording = make();
    if (!observer->recording) {
        return NULL;
    }
    observer->recording->facts.established = true;
    observer->recording->facts.stage = TLSDIAG_FINISHED;
    return observer->recording;
}

tlsdiag_recording_t *tlsdiag_observer_record_renegotiation(tlsdiag_observer_t *observer)
{
    tlsdiag_recording_t *recording = tlsdiag_observer_record_again(observer);

    observer->asked_again = false;
    if (recording) {
        recording->facts.renegotiating = true;
        recording->facts.certificate_wanted = observer->wants_certificate;
    }
    return recording;
}

/* OpenSSL looks a text up under a lock; the errors of a site's clients are few. Each thread's own. */
static void describe_error(tlsdiag_openssl_error_t *error, unsigned long code)
{
    static _Thread_local tlsdiag_openssl_error_t last;

    if (last.code != code) {
        const char *text = ERR_reason_error_string(code);
        memset(&last, 0, sizeof last); /* records are compared as bytes */
        last.code = code;
        last.library = (uint16_t)ERR_GET_LIB(code);
        last.reason = (uint32_t)ERR_GET_REASON(code);
        strncpy(last.text, text ? text : "", sizeof last.text - 1);
    }
    *error = last;
}

/* After a fatal error the queue's first entry is the cause, the last one what SSL made of it (observed-clients 6);
 * what lies between cannot be read without popping, and popping would take mod_ssl's own messages away. */
static void collect_openssl_errors(tlsdiag_facts_t *facts)
{
    unsigned long codes[2] = { ERR_peek_error(), ERR_peek_last_error() };
    unsigned count = codes[0] == 0 ? 0 : codes[0] == codes[1] ? 1 : 2;

    for (unsigned i = 0; i < count; i++) {
        describe_error(&facts->openssl_errors[i], codes[i]);
    }
    facts->openssl_errors_count = (uint16_t)count;
}

/* OpenSSL stops after the 5 bytes of a record header that is none; what else waits tells which protocol it was. */
static void peek_at_waiting_bytes(tlsdiag_observer_t *observer)
{
    tlsdiag_recording_t *recording = observer->recording;
    size_t length = recording->raw_length;

    if (recording->facts.stage == TLSDIAG_BYTES_RECEIVED && length < TLSDIAG_FIRST_BYTES_KEPT && observer->peek) {
        size_t got = observer->peek(observer, recording->raw + length, TLSDIAG_FIRST_BYTES_KEPT - length);
        recording->raw_length = (uint16_t)(recording->raw_length + got);
    }
}

/* A ClientHello that never came whole, or that OpenSSL refused before it was, is read from the raw bytes. */
static void decode_raw(tlsdiag_recording_t *recording)
{
    tlsdiag_facts_t *facts = &recording->facts;
    tlsdiag_bytes_t raw = tlsdiag_bytes(recording->raw, recording->raw_length);

    if (facts->has_client_hello) {
        return;
    }
    clear_client_hello(facts);
    if (!raw.length) {
        return;
    }
    facts->first_bytes_length =
        (uint16_t)(raw.length < TLSDIAG_FIRST_BYTES_KEPT ? raw.length : TLSDIAG_FIRST_BYTES_KEPT);
    memcpy(facts->first_bytes, raw.at, facts->first_bytes_length);
    facts->has_client_hello =
        tlsdiag_first_bytes_client_hello(&facts->client_hello, &facts->network.hello_records, raw);
}

void tlsdiag_observer_conclude(tlsdiag_observer_t *observer, tlsdiag_ended_by_t ended_by)
{
    tlsdiag_recording_t *recording = observer->recording;

    if (!recording) {
        return;
    }
    if (observer->ssl) {
        tlsdiag_observer_note_server(observer);
    }
    recording->facts.ended_by = ended_by;
    recording->facts.ended_us = tlsdiag_wall_us();
    if (!recording->facts.timing.total_us) {
        recording->facts.timing.total_us = tlsdiag_recording_elapsed_us(recording);
    }
    if (ended_by != TLSDIAG_ENDED_FINISHED) {
        collect_openssl_errors(&recording->facts);
    }
    peek_at_waiting_bytes(observer);
    decode_raw(recording);
    observer->recording = NULL;
    observer->told = true;
    observer->outcome(observer, recording);
    tlsdiag_recording_free(recording);
}

void tlsdiag_observer_forget(tlsdiag_observer_t *observer)
{
    tlsdiag_recording_free(observer->recording);
    observer->recording = NULL;
}

void tlsdiag_observer_abandon(tlsdiag_observer_t *observer, bool server_stopping)
{
    observer->ssl = NULL;
    if (observer->asked_again) {
        tlsdiag_observer_record_renegotiation(observer); /* it went without an answer to our HelloRequest */
    }
    if (!observer->recording) {
        return;
    }
    tlsdiag_facts_t *facts = &observer->recording->facts;
    facts->server_stopping |= server_stopping;
    if (facts->renegotiating) {
        tlsdiag_observer_conclude(observer, server_stopping ? TLSDIAG_ENDED_SERVER_STOP : TLSDIAG_ENDED_CLOSED);
        return;
    }
    if (facts->established) {
        tlsdiag_observer_conclude(observer, TLSDIAG_ENDED_FINISHED);
        return;
    }
    tlsdiag_observer_conclude(observer, server_stopping ? TLSDIAG_ENDED_SERVER_STOP : TLSDIAG_ENDED_ERROR);
}

static void keep_raw(tlsdiag_recording_t *recording, tlsdiag_bytes_t bytes)
{
    size_t room = TLSDIAG_RAW_KEPT - recording->raw_length;
    size_t kept = bytes.length < room ? bytes.length : room;

    memcpy(recording->raw + recording->raw_length, bytes.at, kept);
    recording->raw_length = (uint16_t)(recording->raw_length + kept);
}

void tlsdiag_observer_received(tlsdiag_observer_t *observer, tlsdiag_bytes_t bytes, size_t asked)
{
    tlsdiag_recording_t *recording = observer->recording;

    if (!recording || !bytes.length) {
        return;
    }
    tlsdiag_facts_t *facts = &recording->facts;
    if (!facts->network.bytes_received) {
        facts->timing.first_byte_us = tlsdiag_recording_elapsed_us(recording);
        facts->network.hello_reads = 1;
    }
    facts->network.bytes_received += facts->established ? 0 : bytes.length;
    if (facts->stage <= TLSDIAG_BYTES_RECEIVED) {
        facts->stage = TLSDIAG_BYTES_RECEIVED;
        facts->network.hello_reads = (uint16_t)(facts->network.hello_reads + (bytes.length < asked));
        keep_raw(recording, bytes);
    }
    if (recording->answer_awaited) {
        recording->answer_awaited = false;
        facts->timing.client_answer_us = tlsdiag_recording_elapsed_us(recording);
    }
}

void tlsdiag_observer_flight_sent(tlsdiag_observer_t *observer)
{
    tlsdiag_recording_t *recording = observer->recording;

    recording->flight_pending = false;
    if (recording->server_chosen) {
        recording->server_chosen = false;
        tlsdiag_observer_note_server(observer);
    }
    recording->answer_awaited = !recording->facts.timing.client_answer_us;
    if (!recording->facts.timing.server_flight_us) {
        recording->facts.timing.server_flight_us = tlsdiag_recording_elapsed_us(recording);
    }
}

void tlsdiag_observer_sent(tlsdiag_observer_t *observer, size_t bytes)
{
    if (observer->recording) {
        observer->recording->facts.network.bytes_sent += bytes;
    }
}

void tlsdiag_observer_transport_ended(tlsdiag_observer_t *observer, tlsdiag_transport_end_t end, bool writing,
                                      int status)
{
    if (!observer->recording) {
        return;
    }
    tlsdiag_facts_t *facts = &observer->recording->facts;
    tlsdiag_network_t *network = &facts->network;
    network->end_of_file |= end == TLSDIAG_TRANSPORT_CLOSED;
    network->reset |= end == TLSDIAG_TRANSPORT_RESET;
    network->timed_out |= end == TLSDIAG_TRANSPORT_TIMED_OUT;
    network->aborted |= end == TLSDIAG_TRANSPORT_ABORTED;
    network->write_failed |= writing;
    facts->server_stopping |= end == TLSDIAG_TRANSPORT_STOPPED;
    *(writing ? &network->write_status : &network->read_status) = status;
    if (!facts->established) {
        return; /* OpenSSL fails in a moment and says how: conclude then */
    }
    tlsdiag_observer_conclude(observer, end == TLSDIAG_TRANSPORT_RESET       ? TLSDIAG_ENDED_RESET
                                        : end == TLSDIAG_TRANSPORT_TIMED_OUT ? TLSDIAG_ENDED_TIMEOUT
                                                                             : TLSDIAG_ENDED_FINISHED);
}
