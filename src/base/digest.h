/* SPDX-License-Identifier: Apache-2.0 */
/**
 * digest.h says what a message digest looks like to those who need one (JA3, JA4, cache keys).
 * It refuses to know who computes it: collect/digest.c does it with OpenSSL, tests bring their own.
 */
#ifndef TLSDIAG_BASE_DIGEST_H
#define TLSDIAG_BASE_DIGEST_H

#include <stdbool.h>

#include "base/bytes.h"

typedef enum { TLSDIAG_MD5, TLSDIAG_SHA256 } tlsdiag_digest_kind_t;

enum { TLSDIAG_MD5_BYTES = 16, TLSDIAG_SHA256_BYTES = 32 };

/**
 * Digest of data into out (16 or 32 bytes). Returns false when this host has no such digest (MD5 under
 * FIPS): the caller then leaves the field out.
 */
typedef bool (*tlsdiag_digest_t)(tlsdiag_digest_kind_t kind, tlsdiag_bytes_t data, uint8_t *out);

#endif
