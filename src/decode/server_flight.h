/* SPDX-License-Identifier: Apache-2.0 */
/**
 * server_flight.h knows how the messages that this server sends are laid out, as far as they tell what was negotiated:
 * ServerHello, EncryptedExtensions, Certificate, CertificateRequest, ServerKeyExchange, CertificateVerify.
 * It refuses to know why the server chose so.
 *
 * The messages are our own, yet they are read with the same distrust as a client's.
 */
#ifndef TLSDIAG_DECODE_SERVER_FLIGHT_H
#define TLSDIAG_DECODE_SERVER_FLIGHT_H

#include "base/bytes.h"
#include "facts.h"

/** HandshakeType (RFC 8446 4, RFC 5246 7.4), those that matter here. */
enum {
    TLSDIAG_HELLO_REQUEST = 0,
    TLSDIAG_MESSAGE_CLIENT_HELLO = 1,
    TLSDIAG_MESSAGE_SERVER_HELLO = 2,
    TLSDIAG_MESSAGE_NEW_SESSION_TICKET = 4,
    TLSDIAG_MESSAGE_ENCRYPTED_EXTENSIONS = 8,
    TLSDIAG_MESSAGE_CERTIFICATE = 11,
    TLSDIAG_MESSAGE_SERVER_KEY_EXCHANGE = 12,
    TLSDIAG_MESSAGE_CERTIFICATE_REQUEST = 13,
    TLSDIAG_MESSAGE_CERTIFICATE_VERIFY = 15,
    TLSDIAG_MESSAGE_CERTIFICATE_STATUS = 22
};

/**
 * Add to *negotiated what one message sent by us says.
 *
 * Shape    type is its HandshakeType, body what follows the 4-byte handshake header. In the order sent: what a
 *          ServerKeyExchange means depends on the ServerHello before it.
 * Writes   the fields of *negotiated that this message decides, none for a message that decides nothing.
 * Broken   stops at the first impossible length; what was read until then stays.
 * Source   RFC 8446 4.1.3 to 4.4.3, RFC 5246 7.4.3, RFC 8422 5.4
 */
void tlsdiag_server_flight_decode(tlsdiag_negotiated_t *negotiated, uint8_t type, tlsdiag_bytes_t body);

/** Whether a ServerHello is a HelloRetryRequest: its random is the SHA-256 of those words (RFC 8446 4.1.3). */
bool tlsdiag_server_hello_is_retry(tlsdiag_bytes_t body);

/**
 * How many certificates a Certificate message holds, ours or the client's; 255 for more, 0 also for a broken message.
 *
 * Shape    version is the negotiated one: TLS 1.3 adds a context and extensions (RFC 8446 4.4.2).
 */
uint8_t tlsdiag_certificates_count(uint16_t version, tlsdiag_bytes_t body);

/**
 * Zeek's letter for a handshake message, as in ssl.log's ssl_history: upper case when the client sent it, lower case when
 * we did, '?' ... 'z' for a type without one.
 */
char tlsdiag_history_letter(uint8_t type, bool from_client);

#endif
