/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fingerprint.h knows how JA3 (salesforce/ja3) and JA4 (FoxIO technical_details/JA4.md) name a client by its ClientHello.
 * It refuses to know any crypto library: the digest comes in.
 *
 * All are made from the whole message, not from what facts.h keeps: lists of any length, no allocation, small stack.
 * message is the handshake body of a ClientHello. Of a malformed one they are made as far as it can be read; of an
 * SSLv2-format hello there is none.
 */
#ifndef TLSDIAG_DECODE_FINGERPRINT_H
#define TLSDIAG_DECODE_FINGERPRINT_H

#include "base/bytes.h"
#include "base/digest.h"
#include "base/writer.h"

enum {
    TLSDIAG_JA3_TEXT = 33, /**< 32 hex digits and a NUL */
    TLSDIAG_JA4_TEXT = 40  /**< 36 characters and a NUL, rounded up */
};

/** The JA3 string, `771,4865-4866,0-23,29-23,0`. */
void tlsdiag_ja3_string_write(tlsdiag_writer_t *out, tlsdiag_bytes_t message);

/**
 * The JA3 string of a hello that is like the one of ja3_string but for the order of its extensions, count of them (offer.h:
 * TLSDIAG_OFFER_REORDERED). As long as ja3_string.
 */
void tlsdiag_ja3_string_reorder(tlsdiag_writer_t *out, tlsdiag_bytes_t ja3_string, const uint16_t *extensions,
                                size_t count);

/** JA4_r, the lists in clear: `t13d1516h2_002f,0035_0005,000a_0403,0804`. */
void tlsdiag_ja4_r_write(tlsdiag_writer_t *out, tlsdiag_bytes_t message);

/** JA3 as 32 hex digits. Returns false, and an empty text, when the digest is missing on this host. */
bool tlsdiag_ja3(char ja3[TLSDIAG_JA3_TEXT], tlsdiag_bytes_t message, const tlsdiag_digest_t *digest);

/** JA4 as `t13d1516h2_8daaf6152771_b0da82dd1658`. Returns false, and an empty text, when the digest is missing. */
bool tlsdiag_ja4(char ja4[TLSDIAG_JA4_TEXT], tlsdiag_bytes_t message, const tlsdiag_digest_t *digest);

/** The same two from their texts, the JA3 string and JA4_r, where those have been written already. */
bool tlsdiag_ja3_of_text(char ja3[TLSDIAG_JA3_TEXT], tlsdiag_bytes_t ja3_string, const tlsdiag_digest_t *digest);
bool tlsdiag_ja4_of_text(char ja4[TLSDIAG_JA4_TEXT], tlsdiag_bytes_t ja4_r, const tlsdiag_digest_t *digest);

#endif
