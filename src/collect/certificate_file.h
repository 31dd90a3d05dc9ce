/* SPDX-License-Identifier: Apache-2.0 */
/**
 * certificate_file.h knows what a PEM file holds that a vhost was set up from: its first certificate, and whether a
 * private key is inside. It refuses to read the key.
 */
#ifndef TLSDIAG_COLLECT_CERTIFICATE_FILE_H
#define TLSDIAG_COLLECT_CERTIFICATE_FILE_H

#include <stdbool.h>
#include <stdint.h>

enum { TLSDIAG_CERTIFICATE_FILE_BYTES = 1 << 20 };

/** What was found. */
typedef struct tlsdiag_certificate_file {
    bool has_key;                  /**< a private key in PEM form, encrypted or not */
    bool has_certificate;          /**< the rest is about the first one */
    uint8_t sha256[32];            /**< of the DER form */
    int64_t not_before, not_after; /**< seconds since 1970 */
} tlsdiag_certificate_file_t;

/**
 * Read what a file holds. Its bytes are wiped from memory afterwards: there may be a key among them.
 *
 * Returns  false when it cannot be read; found is then empty.
 * Broken   what is no certificate is none; OpenSSL's error queue is left as it was.
 * Limits   The first TLSDIAG_CERTIFICATE_FILE_BYTES count. Waits where reading waits: ask for regular files only.
 */
bool tlsdiag_certificate_file_read(tlsdiag_certificate_file_t *found, const char *path);

#endif
