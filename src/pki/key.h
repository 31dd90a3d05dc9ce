/* SPDX-License-Identifier: Apache-2.0 */
/**
 * key.h knows the words for a certificate's public key. It refuses to know whether the key is good enough: health.h and the
 * audit say that.
 */
#ifndef TLSDIAG_PKI_KEY_H
#define TLSDIAG_PKI_KEY_H

#include "base/writer.h"
#include "posture.h"

/** For machines: "RSA", "ECDSA", "Ed25519", ... "other"; "none" for TLSDIAG_KEY_NONE. A string literal, never NULL. */
const char *tlsdiag_key_type_name(tlsdiag_key_type_t type);

/** For people: "RSA 2048 bits", "ECDSA secp256r1", "Ed25519", "no key". */
void tlsdiag_key_write(tlsdiag_writer_t *out, const tlsdiag_certificate_t *certificate);

#endif
