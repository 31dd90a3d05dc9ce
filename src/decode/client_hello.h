/* SPDX-License-Identifier: Apache-2.0 */
/**
 * client_hello.h knows how a ClientHello is laid out (RFC 8446 4.1.2, RFC 5246 7.4.1.2).
 * It refuses to know whether the server likes it.
 */
#ifndef TLSDIAG_DECODE_CLIENT_HELLO_H
#define TLSDIAG_DECODE_CLIENT_HELLO_H

#include "base/bytes.h"
#include "facts.h"

/**
 * Read one ClientHello into *client_hello.
 *
 * Shape    message is the handshake body, after the 4-byte handshake header; declared_bytes is the length that
 *          header gives, which is more than message.length when the rest never came.
 * Writes   all of *client_hello. Copies what it keeps; message may be freed afterwards.
 * Broken   Never fails. malformed and malformed_at tell the first impossible length or value. An impossible length of
 *          the message's own frame ends the reading, one inside an extension or a list only the reading of that: so
 *          `complete` and `malformed` can both be set. A message that ends before its declared length is read as far as
 *          it goes and is not malformed, only not complete.
 *          "extensions" is the frame of the extensions, the name of one is its inside, its doubling or its place.
 */
void tlsdiag_client_hello_decode(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message,
                                 uint32_t declared_bytes);

/**
 * Read an SSLv2-format hello (RFC 8446 D.5, RFC 5246 E.2).
 *
 * Shape    record is the whole record, with its 2-byte header, or the part that came.
 * Writes   as above. message_bytes and malformed_at count from behind the header; only specs of TLS suites are kept.
 */
void tlsdiag_client_hello_decode_sslv2(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t record);

/** The highest version the client offers: of supported_versions (GREASE and drafts left out), else legacy_version; 0: only unknown ones. */
uint16_t tlsdiag_client_hello_highest_version(const tlsdiag_client_hello_t *client_hello);
/** The lowest version it certainly offers: of supported_versions; 0 when it has no such extension (then every version below the highest may be meant). */
uint16_t tlsdiag_client_hello_lowest_version(const tlsdiag_client_hello_t *client_hello);

#endif
