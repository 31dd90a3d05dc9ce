/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/library.h"

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

void tlsdiag_library_collect(tlsdiag_library_t *library)
{
    library->compiled = (uint32_t)OPENSSL_VERSION_NUMBER;
    library->running = (uint32_t)OpenSSL_version_num();
    library->compiled_text = OPENSSL_VERSION_TEXT;
    library->running_text = OpenSSL_version(OPENSSL_VERSION);
    library->fips = fips_is_on();
    library->random_ready = RAND_status() == 1;
}
