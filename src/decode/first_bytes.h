/* SPDX-License-Identifier: Apache-2.0 */
/**
 * first_bytes.h knows what the first bytes of a connection are: TLS, or which other protocol.
 * It refuses to know what that means for the server.
 */
#ifndef TLSDIAG_DECODE_FIRST_BYTES_H
#define TLSDIAG_DECODE_FIRST_BYTES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "facts.h"

/** What speaks. The order is that of the table in first_bytes.c. */
typedef enum {
    TLSDIAG_PROTOCOL_NOTHING,        /**< no byte */
    TLSDIAG_PROTOCOL_TLS_HANDSHAKE,  /**< a TLS record that starts with a ClientHello, or may still become one */
    TLSDIAG_PROTOCOL_TLS_ALERT,      /**< a TLS record, alert */
    TLSDIAG_PROTOCOL_TLS_OTHER,      /**< a TLS record, but of another kind, or another handshake message */
    TLSDIAG_PROTOCOL_TLS_BAD_LENGTH, /**< a TLS header whose length no record may have */
    TLSDIAG_PROTOCOL_SSLV2,          /**< SSLv2-format hello */
    TLSDIAG_PROTOCOL_HTTP,
    TLSDIAG_PROTOCOL_HTTP2,
    TLSDIAG_PROTOCOL_HTTP_CONNECT,
    TLSDIAG_PROTOCOL_PROXY, /**< PROXY protocol v1 or v2 */
    TLSDIAG_PROTOCOL_SSH,
    TLSDIAG_PROTOCOL_MAIL_OR_FTP,
    TLSDIAG_PROTOCOL_RDP,
    TLSDIAG_PROTOCOL_SMB,
    TLSDIAG_PROTOCOL_LDAP,
    TLSDIAG_PROTOCOL_POSTGRESQL,
    TLSDIAG_PROTOCOL_MQTT,
    TLSDIAG_PROTOCOL_SOCKS,
    TLSDIAG_PROTOCOL_REDIS,
    TLSDIAG_PROTOCOL_DNS,
    TLSDIAG_PROTOCOL_BITTORRENT,
    TLSDIAG_PROTOCOL_JSON,
    TLSDIAG_PROTOCOL_DTLS_OR_QUIC,
    TLSDIAG_PROTOCOL_UNKNOWN
} tlsdiag_protocol_t;

/**
 * What the bytes, all that came so far, are.
 *
 * Broken   any bytes are fine; few bytes give the best answer they allow. A mark that is cut counts from its fifth byte
 *          on, because OpenSSL reads five bytes and gives up; less is UNKNOWN, except a beginning TLS record.
 */
tlsdiag_protocol_t tlsdiag_first_bytes_classify(tlsdiag_bytes_t bytes);

/** Word for `network.protocol`: "tls", "sslv2", "unknown", or what causes.csv says behind not_tls.: "http", "mail_or_ftp". */
const char *tlsdiag_protocol_name(tlsdiag_protocol_t protocol);

/** The HTTP request line and the Host header's value inside bytes; empty runs where there is none. */
void tlsdiag_first_bytes_http(tlsdiag_bytes_t bytes, tlsdiag_bytes_t *request_line, tlsdiag_bytes_t *host);

/**
 * Decode a ClientHello, whole or cut off, out of the raw bytes of a connection: TLS records are joined, an SSLv2-format
 * hello is recognised.
 *
 * Returns  false when the bytes do not start a ClientHello with its length (client_hello is then untouched).
 * Limits   a hello in one record is decoded whole, of one in several records the first 4 KiB.
 * Writes   *client_hello and *records (TLS records it came in).
 */
bool tlsdiag_first_bytes_client_hello(tlsdiag_client_hello_t *client_hello, uint16_t *records, tlsdiag_bytes_t bytes);

#endif
