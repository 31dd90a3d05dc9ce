/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/openssl_state.h"

#include <openssl/rand.h>

#include "collect/openssl_compat.h"

void tlsdiag_openssl_state_read(tlsdiag_openssl_state_t *state)
{
    state->compiled = (uint32_t)OPENSSL_VERSION_NUMBER;
    state->running = (uint32_t)OpenSSL_version_num();
    state->compiled_text = OPENSSL_VERSION_TEXT;
    state->running_text = OpenSSL_version(OPENSSL_VERSION);
    state->fips = tlsdiag_openssl_fips_is_on();
    state->random_ready = RAND_status() == 1;
}
