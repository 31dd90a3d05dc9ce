/* SPDX-License-Identifier: Apache-2.0 */
/**
 * digest.h says what a message digest looks like to those who need one (JA3, JA4, cache keys).
 * It refuses to know who computes it: collect/digest.c does it with OpenSSL, tests bring their own.
 *
 * The data comes in pieces, so that text of any length is hashed whole out of a small buffer.
 */
#ifndef TLSDIAG_BASE_DIGEST_H
#define TLSDIAG_BASE_DIGEST_H

#include <stdbool.h>

#include "base/bytes.h"

typedef enum { TLSDIAG_MD5, TLSDIAG_SHA256 } tlsdiag_digest_kind_t;

enum { TLSDIAG_MD5_BYTES = 16, TLSDIAG_SHA256_BYTES = 32 };

/**
 * A digest engine, one calculation at a time: start, add as often as needed, finish.
 *
 * Limits   not for two threads at once; whoever makes one says how long it lives.
 */
typedef struct tlsdiag_digest {
    /** Begin anew. Returns false when this host has no such digest (MD5 under FIPS): the caller leaves the field out. */
    bool (*start)(void *state, tlsdiag_digest_kind_t kind);
    void (*add)(void *state, tlsdiag_bytes_t data);
    /** Digest of all that was added since start, 16 or 32 bytes. Returns false when any step failed; out is then undefined. */
    bool (*finish)(void *state, uint8_t *out);
    void *state; /**< the engine's own */
} tlsdiag_digest_t;

#endif
