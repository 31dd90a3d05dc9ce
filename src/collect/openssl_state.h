/* SPDX-License-Identifier: Apache-2.0 */
/**
 * openssl_state.h knows which OpenSSL this process runs with and what state it is in. It refuses to know any SSL_CTX.
 */
#ifndef TLSDIAG_COLLECT_OPENSSL_STATE_H
#define TLSDIAG_COLLECT_OPENSSL_STATE_H

#include <stdbool.h>
#include <stdint.h>

/** OpenSSL, as compiled against and as loaded. Texts are literals or OpenSSL's own, valid while it is loaded. */
typedef struct tlsdiag_openssl_state {
    uint32_t compiled, running;               /**< OPENSSL_VERSION_NUMBER of the headers and of the library */
    const char *compiled_text, *running_text; /**< "OpenSSL 3.0.22 ..." */
    bool fips;         /**< the default property query asks for FIPS, or the old FIPS mode is on */
    bool random_ready; /**< its random number generator is seeded */
} tlsdiag_openssl_state_t;

/** Ask OpenSSL now. Writes all of state. */
void tlsdiag_openssl_state_read(tlsdiag_openssl_state_t *state);

#endif
