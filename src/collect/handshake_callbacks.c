/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/handshake_callbacks.h"

#include <stdatomic.h>

#include "collect/handshake_messages.h"

enum { ALERT_CLOSE_NOTIFY = 0, ALERT_USER_CANCELED = 90, ALERT_NO_RENEGOTIATION = 100, LEVEL_FATAL = 2 };

static int observer_index = -1;
static int server_index = -1;

/* Some SSL had an info callback of its own before ours: then each call has to look for it. */
static atomic_bool others_watch_too;

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

void tlsdiag_observer_note_server(tlsdiag_observer_t *observer)
{
    observer->server = tlsdiag_context_of(observer->ssl);
    observer->served = SSL_get_certificate(observer->ssl);
}

static void note_alert(tlsdiag_recording_t *recording, bool received, uint8_t level, uint8_t description)
{
    tlsdiag_facts_t *facts = &recording->facts;

    tlsdiag_history_add(recording, received ? 'L' : 'l');
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
    } else if (description == ALERT_CLOSE_NOTIFY && received) {
        tlsdiag_observer_conclude(observer, TLSDIAG_ENDED_FINISHED);
    }
}

static void on_request_bytes(tlsdiag_observer_t *observer)
{
    observer->recording->facts.request_seen = true;
    tlsdiag_observer_conclude(observer, TLSDIAG_ENDED_FINISHED);
}

/* The inner type tells in TLS 1.3, where all encrypted records look alike from outside. */
static bool tells_type(const SSL *ssl, int content_type)
{
    return content_type == (SSL_version(ssl) == TLS1_3_VERSION ? SSL3_RT_INNER_CONTENT_TYPE : SSL3_RT_HEADER);
}

/* Not inlined into message_callback(), nor is what follows: so it has nothing to save for calls that it does not make. */
static __attribute__((noinline)) void on_record_received(tlsdiag_observer_t *observer, int content_type,
                                                         const uint8_t *bytes, size_t length)
{
    if (!observer->recording) {
        tlsdiag_observer_quiet(observer); /* OpenSSL reads, and looks for the callback each time */
        return;
    }
    if (!length) {
        return;
    }
    tlsdiag_facts_t *facts = &observer->recording->facts;
    if (content_type == SSL3_RT_HEADER && !facts->has_client_hello && bytes[0] == SSL3_RT_HANDSHAKE) {
        facts->network.hello_records++;
    }
    if (facts->established && !facts->renegotiating && bytes[0] == SSL3_RT_APPLICATION_DATA &&
        tells_type(observer->ssl, content_type)) {
        on_request_bytes(observer);
    }
}

/* The client has answered: if its Finished is wrong, that is an event of its own (on_late_alert). */
static bool ends_post_handshake_authentication(const tlsdiag_facts_t *facts, bool sent, uint8_t type)
{
    return facts->post_handshake_authentication && !sent && type == SSL3_MT_FINISHED;
}

static __attribute__((noinline)) void on_message(tlsdiag_observer_t *observer, bool sent, int version, int content_type,
                                                 tlsdiag_bytes_t bytes)
{
    if (!observer->recording) {
        return;
    }
    if (content_type == SSL3_RT_HANDSHAKE) {
        tlsdiag_handshake_message(observer, sent, bytes);
        if (ends_post_handshake_authentication(&observer->recording->facts, sent, bytes.at[0])) {
            tlsdiag_observer_forget(observer);
        }
    } else if (content_type == SSL3_RT_ALERT && bytes.length >= 2) {
        on_alert(observer, !sent, bytes.at[0], bytes.at[1]);
    } else if (content_type == 0 && version == SSL2_VERSION && !sent) {
        tlsdiag_sslv2_hello(observer->recording);
    }
}

/* Most calls are for a record's header or its inner content type, which of our own tell nothing. */
static void message_callback(int sent, int version, int content_type, const void *bytes, size_t length, SSL *ssl,
                             void *observer)
{
    (void)ssl;
    if (content_type < SSL3_RT_HEADER) {
        on_message(observer, sent, version, content_type, tlsdiag_bytes(bytes, length));
    } else if (!sent) {
        on_record_received(observer, content_type, bytes, length);
    }
}

/* OpenSSL asks for the SSL's own info callback or else the SSL_CTX's, never both; SNI may have changed the SSL_CTX, so
 * it is looked up each time. Without this mod_ssl would lose its ssl:debug lines (observed.md 1). */
static void call_chained(const SSL *ssl, int where, int ret)
{
    tlsdiag_info_callback_t next = NULL;

    if (atomic_load_explicit(&others_watch_too, memory_order_relaxed)) {
        next = tlsdiag_observer_of(ssl)->chained_info_callback;
    }
    if (!next) {
        next = SSL_CTX_get_info_callback(SSL_get_SSL_CTX(ssl));
    }
    if (next) {
        next(ssl, where, ret);
    }
}

/* OpenSSL says "done" when it has sent a HelloRequest, too; and 1.1.1 when it has sent a CertificateRequest of TLS 1.3. */
static void on_later_handshake_done(tlsdiag_observer_t *observer)
{
    const tlsdiag_facts_t *facts = &observer->recording->facts;

    if (facts->post_handshake_authentication && facts->negotiated.certificate_requested) {
        return;
    }
    observer->asked_again = !facts->post_handshake_authentication && !facts->has_client_hello;
    tlsdiag_observer_forget(observer);
}

static void on_handshake_done(tlsdiag_observer_t *observer)
{
    tlsdiag_recording_t *recording = observer->recording;

    observer->established = true;
    if (!recording) {
        return;
    }
    if (recording->facts.renegotiating) {
        on_later_handshake_done(observer);
        return;
    }
    if (recording->facts.established) {
        return; /* OpenSSL ends a refused renegotiation that way too */
    }
    tlsdiag_unheard_handshake(observer);
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
    return facts->server_stopping  ? TLSDIAG_ENDED_SERVER_STOP
           : network->timed_out    ? TLSDIAG_ENDED_TIMEOUT
           : network->reset        ? TLSDIAG_ENDED_RESET
           : network->end_of_file  ? TLSDIAG_ENDED_CLOSED
           : network->write_failed ? TLSDIAG_ENDED_RESET
                                   : TLSDIAG_ENDED_ERROR;
}

/* SSL_accept failed: for good when no retry is asked for. */
static void on_accept_failed(tlsdiag_observer_t *observer, const SSL *ssl)
{
    if (!observer->recording || BIO_should_retry(SSL_get_rbio(ssl)) || BIO_should_retry(SSL_get_wbio(ssl))) {
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
    if (!noted && observer->recording) {
        on_alert(observer, received, level, description); /* another module's message callback was told of it */
        observer->alert_noted = false;
        return;
    }
    if (noted || !observer->told) {
        return;
    }
    if (description == ALERT_CLOSE_NOTIFY || description == ALERT_USER_CANCELED) {
        return;
    }
    tlsdiag_recording_t *recording = observer->asked_again ? tlsdiag_observer_record_renegotiation(observer)
                                                           : tlsdiag_observer_record_again(observer);
    if (!recording) {
        return;
    }
    note_alert(recording, received, level, description);
    if (description == ALERT_NO_RENEGOTIATION && received && level != LEVEL_FATAL) {
        return; /* OpenSSL answers it with a fatal one, which ends it */
    }
    tlsdiag_observer_conclude(observer, received ? TLSDIAG_ENDED_ALERT_RECEIVED : TLSDIAG_ENDED_ALERT_SENT);
}

/* A second handshake on the connection: TLS 1.2 renegotiation, TLS 1.3 post-handshake authentication, but also, with OpenSSL
 * 1.1.1, each ticket and KeyUpdate of TLS 1.3, which end at once and leave no trace. */
static void on_handshake_start(tlsdiag_observer_t *observer, SSL *ssl)
{
    if (!observer->told || observer->recording) {
        return;
    }
    observer->wants_certificate = SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER;
    tlsdiag_recording_t *recording = tlsdiag_observer_record_renegotiation(observer);
    if (!recording) {
        return;
    }
    recording->facts.post_handshake_authentication = SSL_version(ssl) == TLS1_3_VERSION;
    SSL_set_msg_callback(ssl, message_callback);
}

/* From 3.0 on OpenSSL begins post-handshake authentication without SSL_CB_HANDSHAKE_START. */
static __attribute__((noinline)) void on_certificate_requested(SSL *ssl)
{
    tlsdiag_observer_t *observer = tlsdiag_observer_of(ssl);

    on_handshake_start(observer, ssl);
    if (observer->recording && observer->recording->facts.post_handshake_authentication) {
        tlsdiag_unheard_certificate_request(observer);
    }
}

void tlsdiag_observer_quiet(tlsdiag_observer_t *observer)
{
    if (observer->ssl) {
        SSL_set_msg_callback(observer->ssl, NULL);
    }
}

/* Not inlined into info_callback(), whose other calls would save registers for it. */
static __attribute__((noinline)) void on_event(const SSL *ssl, int where, int ret)
{
    tlsdiag_observer_t *observer = tlsdiag_observer_of(ssl);

    if (where == SSL_CB_HANDSHAKE_START) {
        on_handshake_start(observer, (SSL *)ssl);
    } else if (where == SSL_CB_HANDSHAKE_DONE) {
        on_handshake_done(observer);
    } else if (where == SSL_CB_ACCEPT_EXIT) {
        on_accept_failed(observer, ssl);
    } else if (where & SSL_CB_ALERT) {
        on_late_alert(observer, where, ret);
    }
    if (observer->told && !observer->recording && (where == SSL_CB_HANDSHAKE_DONE || where == SSL_CB_ACCEPT_EXIT)) {
        tlsdiag_observer_quiet(observer);
    }
}

static void info_callback(const SSL *ssl, int where, int ret)
{
    call_chained(ssl, where, ret);
    /* Of the steps of OpenSSL's state machine the message callback knows better, and SSL_accept returning well was preceded
     * by SSL_CB_HANDSHAKE_DONE. */
    if (where & SSL_CB_LOOP) {
        if (SSL_get_state(ssl) == TLS_ST_SW_CERT_REQ) {
            on_certificate_requested((SSL *)ssl);
        }
        return;
    }
    if (where == SSL_CB_ACCEPT_EXIT && ret > 0) {
        return;
    }
    on_event(ssl, where, ret);
}

bool tlsdiag_callbacks_attach(tlsdiag_observer_t *observer, SSL *ssl)
{
    if (observer_index < 0 || !SSL_set_ex_data(ssl, observer_index, observer)) {
        return false;
    }
    observer->chained_info_callback = SSL_get_info_callback(ssl);
    if (observer->chained_info_callback) {
        atomic_store(&others_watch_too, true);
    }
    SSL_set_info_callback(ssl, info_callback);
    SSL_set_msg_callback(ssl, message_callback);
    SSL_set_msg_callback_arg(ssl, observer);
    return true;
}
