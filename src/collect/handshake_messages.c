/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/handshake_messages.h"

#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "collect/client_cache.h"
#include "decode/client_hello.h"
#include "decode/first_bytes.h"
#include "decode/server_flight.h"

enum { HANDSHAKE_HEADER = 4, TLS13 = 0x0304 };

/* The recording was zeroed, so there is always a NUL behind it. */
void tlsdiag_history_add(tlsdiag_recording_t *recording, char letter)
{
    if (recording->history_length + 1u < sizeof recording->facts.history) {
        recording->facts.history[recording->history_length++] = letter;
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

static void decode_client_hello(tlsdiag_recording_t *recording, tlsdiag_bytes_t message)
{
    tlsdiag_facts_t *facts = &recording->facts;

    tlsdiag_client_hello_decode(&facts->client_hello, message, (uint32_t)message.length);
    if (facts->client_hello.complete) {
        recording->client =
            tlsdiag_client_find(&facts->client_hello, message, facts->ja3, facts->ja4, &recording->drawn);
    }
}

static void read_client_hello(tlsdiag_recording_t *recording, tlsdiag_bytes_t message)
{
    tlsdiag_facts_t *facts = &recording->facts;

    facts->has_client_hello = true;
    facts->stage = TLSDIAG_CLIENT_HELLO;
    facts->timing.client_hello_us = tlsdiag_recording_elapsed_us(recording);
    recording->client =
        tlsdiag_client_recognise(&facts->client_hello, message, facts->ja3, facts->ja4, &recording->stencil);
    if (!recording->client) {
        decode_client_hello(recording, message);
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

void tlsdiag_sslv2_hello(tlsdiag_recording_t *recording)
{
    tlsdiag_facts_t *facts = &recording->facts;

    if (facts->has_client_hello) {
        return;
    }
    tlsdiag_history_add(recording, 'C');
    facts->timing.client_hello_us = tlsdiag_recording_elapsed_us(recording);
    facts->has_client_hello = tlsdiag_first_bytes_client_hello(&facts->client_hello, &facts->network.hello_records,
                                                               tlsdiag_bytes(recording->raw, recording->raw_length));
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
    } else if (facts->has_client_hello) {
        read_second_client_hello(facts, body);
    } else {
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

static void on_server_message(tlsdiag_observer_t *observer, uint8_t type, bool retry, tlsdiag_bytes_t body)
{
    tlsdiag_recording_t *recording = observer->recording;
    tlsdiag_facts_t *facts = &recording->facts;

    tlsdiag_server_flight_decode(&facts->negotiated, type, body);
    recording->flight_pending = true;
    recording->server_chosen |= type == TLSDIAG_MESSAGE_SERVER_HELLO || type == TLSDIAG_MESSAGE_CERTIFICATE;
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

void tlsdiag_handshake_message(tlsdiag_observer_t *observer, bool sent, tlsdiag_bytes_t message)
{
    if (message.length < HANDSHAKE_HEADER) {
        return;
    }
    uint8_t type = message.at[0];
    tlsdiag_bytes_t body = tlsdiag_bytes(message.at + HANDSHAKE_HEADER, message.length - HANDSHAKE_HEADER);
    bool retry = sent && type == TLSDIAG_MESSAGE_SERVER_HELLO && tlsdiag_server_hello_is_retry(body);

    tlsdiag_history_add(observer->recording, retry ? 'j' : tlsdiag_history_letter(type, !sent));
    if (sent) {
        on_server_message(observer, type, retry, body);
        return;
    }
    on_client_message(observer, type, body);
}

void tlsdiag_unheard_certificate_request(tlsdiag_observer_t *observer)
{
    tlsdiag_negotiated_t *negotiated = &observer->recording->facts.negotiated;

    if (negotiated->certificate_requested) {
        return;
    }
    negotiated->version = TLS13;
    negotiated->certificate_requested = true;
    tlsdiag_history_add(observer->recording, tlsdiag_history_letter(TLSDIAG_MESSAGE_CERTIFICATE_REQUEST, false));
    tlsdiag_verification_watch(observer);
}

void tlsdiag_unheard_handshake(tlsdiag_observer_t *observer)
{
    tlsdiag_negotiated_t *negotiated = &observer->recording->facts.negotiated;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(observer->ssl);
    const unsigned char *alpn = NULL;
    unsigned length = 0;

    if (negotiated->version) {
        return;
    }
    SSL_get0_alpn_selected(observer->ssl, &alpn, &length);
    tlsdiag_writer_t out = tlsdiag_writer(negotiated->alpn, sizeof negotiated->alpn);
    tlsdiag_write_escaped(&out, tlsdiag_bytes(alpn, length), sizeof negotiated->alpn - 1);
    (void)tlsdiag_writer_text(&out);
    negotiated->version = (uint16_t)SSL_version(observer->ssl);
    negotiated->cipher_suite = cipher ? SSL_CIPHER_get_protocol_id(cipher) : 0;
    negotiated->resumed = SSL_session_reused(observer->ssl);
    note_cipher_suite(&observer->recording->facts, observer->ssl);
}
