/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/handshake_callbacks.h"

#include <stdlib.h>
#include <string.h>

#include "collect/client_cache.h"
#include "decode/client_hello.h"
#include "decode/first_bytes.h"
#include "decode/server_flight.h"

enum {
    HANDSHAKE_HEADER = 4,
    ALERT_CLOSE_NOTIFY = 0,
    ALERT_USER_CANCELED = 90,
    ALERT_NO_RENEGOTIATION = 100,
    LEVEL_FATAL = 2,
    TLS13 = 0x0304
};

static int observer_index = -1;
static int server_index = -1;

bool tlsdiag_indexes_make(int *ssl_index, int *context_index)
{
    /* No free function: it would outlive this code when httpd unloads the module at a graceful restart. */
    *ssl_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    *context_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    return *ssl_index >= 0 && *context_index >= 0;
}

void tlsdiag_indexes_use(int ssl_index, int context_index)
{
    observer_index = ssl_index;
    server_index = context_index;
}

void tlsdiag_context_set(SSL_CTX *context, void *server)
{
    SSL_CTX_set_ex_data(context, server_index, server);
}

void *tlsdiag_context_of(const SSL *ssl)
{
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), server_index);
}

tlsdiag_observer_t *tlsdiag_observer_of(const SSL *ssl)
{
    return SSL_get_ex_data(ssl, observer_index);
}

const void *tlsdiag_served_identity(const SSL *ssl)
{
    return SSL_get_certificate(ssl);
}

static void note_history(tlsdiag_facts_t *facts, char letter)
{
    size_t length = strlen(facts->history);

    if (length + 1 < sizeof facts->history) {
        facts->history[length] = letter;
        facts->history[length + 1] = '\0';
    }
}

/* The ClientHello's body goes where the raw bytes were, which nobody needs any more. */
static void keep_message(tlsdiag_recording_t *recording, tlsdiag_bytes_t message)
{
    uint8_t *copy = recording->raw;

    if (message.length > TLSDIAG_RAW_KEPT) {
        copy = recording->heap_message = malloc(message.length);
    }
    recording->raw_length = 0;
    if (copy && message.length) {
        memcpy(copy, message.at, message.length);
        recording->client_hello_message = tlsdiag_bytes(copy, message.length);
    }
}

static void read_client_hello(tlsdiag_recording_t *recording, tlsdiag_bytes_t message)
{
    tlsdiag_facts_t *facts = &recording->facts;

    facts->has_client_hello = true;
    facts->stage = TLSDIAG_CLIENT_HELLO;
    facts->timing.client_hello_us = tlsdiag_recording_elapsed_us(recording);
    tlsdiag_client_hello_decode(&facts->client_hello, message, (uint32_t)message.length);
    if (facts->client_hello.complete) {
        recording->client = tlsdiag_client_find(&facts->client_hello, message, facts->ja3, facts->ja4);
    }
    keep_message(recording, message);
}

/* The answer to a HelloRetryRequest: what matters of it is the key share. */
static void read_second_client_hello(tlsdiag_facts_t *facts, tlsdiag_bytes_t message)
{
    tlsdiag_client_hello_t *second = malloc(sizeof *second);

    facts->has_second_client_hello = true;
    facts->stage = TLSDIAG_CLIENT_HELLO;
    if (!second) {
        return;
    }
    tlsdiag_client_hello_decode(second, message, (uint32_t)message.length);
    facts->second_key_share = second->key_shares_count ? second->key_shares[0] : 0;
    free(second);
}

static void read_sslv2_hello(tlsdiag_recording_t *recording)
{
    tlsdiag_facts_t *facts = &recording->facts;

    if (facts->has_client_hello) {
        return;
    }
    note_history(facts, 'C');
    facts->timing.client_hello_us = tlsdiag_recording_elapsed_us(recording);
    facts->has_client_hello = tlsdiag_first_bytes_client_hello(
        &facts->client_hello, &facts->network.hello_records, tlsdiag_bytes(recording->raw, recording->raw_length));
    facts->stage = TLSDIAG_CLIENT_HELLO;
}

static void on_client_answer(tlsdiag_facts_t *facts, uint8_t type, tlsdiag_bytes_t body)
{
    if (facts->stage == TLSDIAG_SERVER_FLIGHT_SENT) {
        facts->stage = TLSDIAG_CLIENT_FLIGHT;
    }
    if (type == TLSDIAG_MESSAGE_CERTIFICATE) {
        facts->verification.sent_count = tlsdiag_certificates_count(facts->negotiated.version, body);
        facts->verification.empty = facts->verification.sent_count == 0;
    }
}

static void on_client_message(tlsdiag_observer_t *observer, uint8_t type, tlsdiag_bytes_t body)
{
    tlsdiag_facts_t *facts = &observer->recording->facts;

    if (type != TLSDIAG_MESSAGE_CLIENT_HELLO) {
        on_client_answer(facts, type, body);
    }
    else if (facts->has_client_hello) {
        read_second_client_hello(facts, body);
    }
    else {
        read_client_hello(observer->recording, body);
    }
}

/* TLS 1.2 resumes by session id or by ticket; the ServerHello does not say which (RFC 5077 3.4). */
static void note_resumption(tlsdiag_facts_t *facts, const SSL *ssl)
{
    if (facts->negotiated.version == TLS13) {
        return;
    }
    facts->negotiated.resumed = SSL_session_reused((SSL *)ssl);
    facts->negotiated.resumed_by_session_id = facts->negotiated.resumed && !facts->client_hello.session_ticket;
}

static void note_cipher_suite(tlsdiag_facts_t *facts, const SSL *ssl)
{
    const SSL_CIPHER *cipher = SSL_get_pending_cipher(ssl);

    if (!cipher) {
        cipher = SSL_get_current_cipher(ssl);
    }
    if (cipher) {
        strncpy(facts->negotiated.cipher_openssl, SSL_CIPHER_get_name(cipher),
                sizeof facts->negotiated.cipher_openssl - 1);
    }
}

static void on_server_message(tlsdiag_observer_t *observer, uint8_t type, tlsdiag_bytes_t body)
{
    tlsdiag_facts_t *facts = &observer->recording->facts;
    bool retry = type == TLSDIAG_MESSAGE_SERVER_HELLO && tlsdiag_server_hello_is_retry(body);

    tlsdiag_server_flight_decode(&facts->negotiated, type, body);
    observer->recording->flight_pending = true;
    if (type == TLSDIAG_MESSAGE_CERTIFICATE_REQUEST) {
        tlsdiag_verification_watch(observer);
    }
    if (type != TLSDIAG_MESSAGE_SERVER_HELLO) {
        return;
    }
    facts->stage = retry ? TLSDIAG_HELLO_RETRY_REQUEST : TLSDIAG_SERVER_FLIGHT_SENT;
    note_cipher_suite(facts, observer->ssl);
    note_resumption(facts, observer->ssl);
}

static void on_handshake_message(tlsdiag_observer_t *observer, bool sent, tlsdiag_bytes_t message)
{
    if (message.length < HANDSHAKE_HEADER) {
        return;
    }
    uint8_t type = message.at[0];
    tlsdiag_bytes_t body = tlsdiag_bytes(message.at + HANDSHAKE_HEADER, message.length - HANDSHAKE_HEADER);
    bool retry = sent && type == TLSDIAG_MESSAGE_SERVER_HELLO && tlsdiag_server_hello_is_retry(body);

    note_history(&observer->recording->facts, retry ? 'j' : tlsdiag_history_letter(type, !sent));
    if (sent) {
        on_server_message(observer, type, body);
        return;
    }
    on_client_message(observer, type, body);
}

static void note_alert(tlsdiag_recording_t *recording, bool received, uint8_t level, uint8_t description)
{
    tlsdiag_facts_t *facts = &recording->facts;

    note_history(facts, received ? 'L' : 'l');
    if (facts->alerts_count >= TLSDIAG_ALERTS_KEPT) {
        return;
    }
    facts->alerts[facts->alerts_count++] = (tlsdiag_alert_t){ .received = received,
                                                              .fatal = level == LEVEL_FATAL,
                                                              .after_finished = facts->established,
                                                              .description = description,
                                                              .at_us = tlsdiag_recording_elapsed_us(recording) };
    facts->client_renegotiation_refused |= !received && description == ALERT_NO_RENEGOTIATION;
}

/* On an established connection a fatal alert is the end of it: some clients reject our certificate only then
 * (observed-clients 19). A user_canceled is a warning, followed by the close_notify that ends it (RFC 8446 6.1). */
static void on_alert(tlsdiag_observer_t *observer, bool received, uint8_t level, uint8_t description)
{
    bool established = observer->recording->facts.established;

    note_alert(observer->recording, received, level, description);
    observer->alert_noted = true;
    if (!established) {
        return; /* SSL_accept fails in a moment: conclude then, when OpenSSL's reason is known too */
    }
    if (level == LEVEL_FATAL) {
        tlsdiag_observer_conclude(observer, received ? TLSDIAG_ENDED_ALERT_RECEIVED : TLSDIAG_ENDED_ALERT_SENT);
    }
    else if (description == ALERT_CLOSE_NOTIFY && received) {
        tlsdiag_observer_conclude(observer, TLSDIAG_ENDED_FINISHED);
    }
}

static void on_request_bytes(tlsdiag_observer_t *observer)
{
    observer->recording->facts.request_seen = true;
    tlsdiag_observer_conclude(observer, TLSDIAG_ENDED_FINISHED);
}

/* Application data: the inner type tells in TLS 1.3, where all encrypted records look alike from outside. */
static bool is_application_data(const SSL *ssl, int content_type, const uint8_t *bytes, size_t length)
{
    int telling = SSL_version(ssl) == TLS1_3_VERSION ? SSL3_RT_INNER_CONTENT_TYPE : SSL3_RT_HEADER;

    return content_type == telling && length && bytes[0] == SSL3_RT_APPLICATION_DATA;
}

static void on_record(tlsdiag_observer_t *observer, bool sent, int content_type, const uint8_t *bytes, size_t length)
{
    tlsdiag_facts_t *facts = &observer->recording->facts;

    if (sent) {
        return;
    }
    if (content_type == SSL3_RT_HEADER && !facts->has_client_hello && length && bytes[0] == SSL3_RT_HANDSHAKE) {
        facts->network.hello_records++;
    }
    if (facts->established && is_application_data(observer->ssl, content_type, bytes, length)) {
        on_request_bytes(observer);
    }
}

static void message_callback(int sent, int version, int content_type, const void *bytes, size_t length, SSL *ssl,
                             void *argument)
{
    tlsdiag_observer_t *observer = argument;

    (void)ssl;
    if (!observer->recording) {
        return;
    }
    switch (content_type) {
    case SSL3_RT_HANDSHAKE:
        on_handshake_message(observer, sent, tlsdiag_bytes(bytes, length));
        break;
    case SSL3_RT_ALERT:
        if (length >= 2) {
            on_alert(observer, !sent, ((const uint8_t *)bytes)[0], ((const uint8_t *)bytes)[1]);
        }
        break;
    case 0: /* SSLv2-format hello */
        if (version == SSL2_VERSION && !sent) {
            read_sslv2_hello(observer->recording);
        }
        break;
    default:
        on_record(observer, sent, content_type, bytes, length);
        break;
    }
}

/* OpenSSL asks for the SSL's own info callback or else the SSL_CTX's, never both; SNI may have changed the SSL_CTX, so
 * it is looked up each time. Without this mod_ssl would lose its ssl:debug lines (observed.md 1). */
static void call_chained(const tlsdiag_observer_t *observer, const SSL *ssl, int where, int ret)
{
    tlsdiag_info_callback_t next = observer->chained_info_callback;

    if (!next) {
        next = SSL_CTX_get_info_callback(SSL_get_SSL_CTX(ssl));
    }
    if (next) {
        next(ssl, where, ret);
    }
}

static void on_handshake_done(tlsdiag_observer_t *observer)
{
    tlsdiag_recording_t *recording = observer->recording;

    observer->established = true;
    if (!recording) {
        return;
    }
    if (recording->facts.renegotiating) {
        tlsdiag_observer_forget(observer);
        return;
    }
    if (recording->facts.established) {
        return; /* OpenSSL ends a refused renegotiation that way too */
    }
    tlsdiag_client_certificate_collect(observer);
    recording->facts.established = true;
    recording->facts.stage = TLSDIAG_FINISHED;
    recording->facts.timing.total_us = tlsdiag_recording_elapsed_us(recording);
}

/* The outcome by what happened first on the wire: an alert beats the end of the transport that follows it. */
static tlsdiag_ended_by_t failure_ended_by(const tlsdiag_facts_t *facts)
{
    const tlsdiag_network_t *network = &facts->network;

    for (unsigned i = facts->alerts_count; i-- > 0;) {
        const tlsdiag_alert_t *alert = &facts->alerts[i];
        if (alert->fatal || alert->description == ALERT_CLOSE_NOTIFY) {
            return alert->received ? TLSDIAG_ENDED_ALERT_RECEIVED : TLSDIAG_ENDED_ALERT_SENT;
        }
    }
    return network->timed_out      ? TLSDIAG_ENDED_TIMEOUT
           : network->reset        ? TLSDIAG_ENDED_RESET
           : network->end_of_file  ? TLSDIAG_ENDED_CLOSED
           : network->write_failed ? TLSDIAG_ENDED_RESET
                                   : TLSDIAG_ENDED_ERROR;
}

/* SSL_accept returns: for good when it failed and no retry is asked for. */
static void on_accept_exit(tlsdiag_observer_t *observer, const SSL *ssl, int ret)
{
    if (ret > 0 || !observer->recording || BIO_should_retry(SSL_get_rbio(ssl)) || BIO_should_retry(SSL_get_wbio(ssl))) {
        return;
    }
    tlsdiag_observer_conclude(observer, failure_ended_by(&observer->recording->facts));
}

/* An alert when nothing is being recorded any more: an event of its own, unless it is the polite end. OpenSSL tells each
 * alert to the message callback first; one that was noted there, and perhaps ended the recording, is not told twice. */
static void on_late_alert(tlsdiag_observer_t *observer, int where, int ret)
{
    bool received = where & SSL_CB_READ;
    bool noted = observer->alert_noted;
    uint8_t level = (uint8_t)(ret >> 8), description = (uint8_t)ret;

    observer->alert_noted = false;
    if (noted || observer->recording || !observer->told) {
        return;
    }
    if (description == ALERT_CLOSE_NOTIFY || description == ALERT_USER_CANCELED) {
        return;
    }
    tlsdiag_recording_t *recording = tlsdiag_observer_record_again(observer);
    if (!recording) {
        return;
    }
    note_alert(recording, received, level, description);
    tlsdiag_observer_conclude(observer, received ? TLSDIAG_ENDED_ALERT_RECEIVED : TLSDIAG_ENDED_ALERT_SENT);
}

/* A second handshake on the connection: TLS 1.2 renegotiation, TLS 1.3 post-handshake authentication, but also each ticket
 * and KeyUpdate of TLS 1.3, which end at once and leave no trace. */
static void on_handshake_start(tlsdiag_observer_t *observer, SSL *ssl)
{
    if (!observer->told || observer->recording) {
        return;
    }
    tlsdiag_recording_t *recording = tlsdiag_observer_record_again(observer);
    if (!recording) {
        return;
    }
    recording->facts.renegotiating = true;
    recording->facts.post_handshake_authentication = SSL_version(ssl) == TLS1_3_VERSION;
    SSL_set_msg_callback(ssl, message_callback);
}

void tlsdiag_observer_quiet(tlsdiag_observer_t *observer)
{
    SSL_set_msg_callback(observer->ssl, NULL);
}

static void info_callback(const SSL *ssl, int where, int ret)
{
    tlsdiag_observer_t *observer = tlsdiag_observer_of(ssl);

    if (!observer) {
        return;
    }
    call_chained(observer, ssl, where, ret);
    if (where == SSL_CB_HANDSHAKE_START) {
        on_handshake_start(observer, (SSL *)ssl);
    }
    else if (where == SSL_CB_HANDSHAKE_DONE) {
        on_handshake_done(observer);
    }
    else if (where == SSL_CB_ACCEPT_EXIT) {
        on_accept_exit(observer, ssl, ret);
    }
    else if (where & SSL_CB_ALERT) {
        on_late_alert(observer, where, ret);
    }
    if (observer->told && !observer->recording && (where == SSL_CB_HANDSHAKE_DONE || where == SSL_CB_ACCEPT_EXIT)) {
        tlsdiag_observer_quiet(observer);
    }
}

bool tlsdiag_callbacks_attach(tlsdiag_observer_t *observer, SSL *ssl)
{
    if (observer_index < 0 || !SSL_set_ex_data(ssl, observer_index, observer)) {
        return false;
    }
    observer->chained_info_callback = SSL_get_info_callback(ssl);
    SSL_set_info_callback(ssl, info_callback);
    SSL_set_msg_callback(ssl, message_callback);
    SSL_set_msg_callback_arg(ssl, observer);
    return true;
}
