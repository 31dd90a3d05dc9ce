/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/openssl_state.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <openssl/rand.h>

static bool fips_is_on(void)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
    return EVP_default_properties_is_fips_enabled(NULL) == 1;
#else
    return FIPS_mode() == 1;
#endif
}

void tlsdiag_openssl_state_read(tlsdiag_openssl_state_t *state)
{
    state->compiled = (uint32_t)OPENSSL_VERSION_NUMBER;
    state->running = (uint32_t)OpenSSL_version_num();
    state->compiled_text = OPENSSL_VERSION_TEXT;
    state->running_text = OpenSSL_version(OPENSSL_VERSION);
    state->fips = fips_is_on();
    state->random_ready = RAND_status() == 1;
}
