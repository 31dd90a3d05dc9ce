/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fingerprint.h knows how JA3 (salesforce/ja3) and JA4 (FoxIO technical_details/JA4.md) name a client by its ClientHello.
 * It refuses to know any crypto library: the digest comes in.
 *
 * All are made from the whole message, not from what facts.h keeps.
 */
#ifndef TLSDIAG_DECODE_FINGERPRINT_H
#define TLSDIAG_DECODE_FINGERPRINT_H

#include "base/bytes.h"
#include "base/digest.h"
#include "base/writer.h"

/** The JA3 string, `771,4865-4866,0-23,29-23,0`. Shape: message is the handshake body of a well-formed ClientHello. */
void tlsdiag_ja3_string_write(tlsdiag_writer_t *out, tlsdiag_bytes_t message);

/** JA4_r, the lists in clear: `t13d1516h2_002f,0035_0005,000a_0403,0804`. */
void tlsdiag_ja4_r_write(tlsdiag_writer_t *out, tlsdiag_bytes_t message);

/** JA3 as 32 hex digits. Returns false, and an empty text, when the digest is missing on this host. */
bool tlsdiag_ja3(char ja3[33], tlsdiag_bytes_t message, tlsdiag_digest_t digest);

/** JA4 as `t13d1516h2_8daaf6152771_b0da82dd1658`. Returns false, and an empty text, when the digest is missing. */
bool tlsdiag_ja4(char ja4[40], tlsdiag_bytes_t message, tlsdiag_digest_t digest);

#endif
