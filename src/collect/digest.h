/* SPDX-License-Identifier: Apache-2.0 */
/**
 * digest.h knows how to compute the digests of base/digest.h with OpenSSL. It refuses to know what for.
 */
#ifndef TLSDIAG_COLLECT_DIGEST_H
#define TLSDIAG_COLLECT_DIGEST_H

#include "base/digest.h"

/**
 * Fetch MD5 and SHA-256 once, before children are made: fetching them for each use costs more than the digest.
 *
 * Returns  false when this host has no MD5 (FIPS): JA3's hash is then left out of every record.
 */
bool tlsdiag_digest_start(void);
/** Give back what tlsdiag_digest_start() fetched. */
void tlsdiag_digest_stop(void);

/**
 * An engine for digest after digest, until tlsdiag_digest_close(). For one thread; any thread may have one after
 * tlsdiag_digest_start(). Out of memory: an engine whose start returns false. What else is asked of OpenSSL in between loses
 * its entries in the error queue: close takes back all that came since.
 */
tlsdiag_digest_t tlsdiag_digest_open(void);
void tlsdiag_digest_close(tlsdiag_digest_t *digest);

/** The digest of one run of bytes, 16 or 32 bytes into out. Returns false when this host has none of that kind. */
bool tlsdiag_digest(tlsdiag_digest_kind_t kind, tlsdiag_bytes_t data, uint8_t *out);

#endif
