/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/digest.h"

#include "base/spares.h"
#include "collect/openssl_compat.h"

/* Written by start and stop alone, which run while there is one thread. */
static const EVP_MD *fetched[2];

/* Contexts that were used, for the next: to make one costs as much as to hash a hundred bytes. */
enum { SPARES = 4 };
static tlsdiag_spare_t spares[SPARES];

bool tlsdiag_digest_start(void)
{
    ERR_set_mark();
    fetched[TLSDIAG_MD5] = tlsdiag_openssl_digest_fetch("MD5");
    fetched[TLSDIAG_SHA256] = tlsdiag_openssl_digest_fetch("SHA256");
    ERR_pop_to_mark();
    return fetched[TLSDIAG_MD5] != NULL;
}

void tlsdiag_digest_stop(void)
{
    tlsdiag_openssl_digest_free(fetched[TLSDIAG_MD5]);
    tlsdiag_openssl_digest_free(fetched[TLSDIAG_SHA256]);
    fetched[TLSDIAG_MD5] = fetched[TLSDIAG_SHA256] = NULL;
    for (EVP_MD_CTX *spare; (spare = tlsdiag_spare_take(spares, SPARES)) != NULL;) {
        EVP_MD_CTX_free(spare);
    }
}

static bool start(void *state, tlsdiag_digest_kind_t kind)
{
    return state && fetched[kind] && EVP_DigestInit_ex(state, fetched[kind], NULL) == 1;
}

static void add(void *state, tlsdiag_bytes_t data)
{
    EVP_DigestUpdate(state, data.at, data.length);
}

static bool finish(void *state, uint8_t *out)
{
    return EVP_DigestFinal_ex(state, out, NULL) == 1;
}

/* EVP calls leave errors in the queue that mod_ssl reads; none of ours may stay there. */
tlsdiag_digest_t tlsdiag_digest_open(void)
{
    EVP_MD_CTX *spare = tlsdiag_spare_take(spares, SPARES);

    ERR_set_mark();
    return (tlsdiag_digest_t){ start, add, finish, spare ? spare : EVP_MD_CTX_new() };
}

void tlsdiag_digest_close(tlsdiag_digest_t *digest)
{
    if (digest->state && !tlsdiag_spare_keep(spares, SPARES, digest->state)) {
        EVP_MD_CTX_free(digest->state);
    }
    digest->state = NULL;
    ERR_pop_to_mark();
}

bool tlsdiag_digest(tlsdiag_digest_kind_t kind, tlsdiag_bytes_t data, uint8_t *out)
{
    if (!fetched[kind]) {
        return false;
    }
    ERR_set_mark();
    bool done = EVP_Digest(data.at, data.length, out, NULL, fetched[kind], NULL) == 1;
    ERR_pop_to_mark();
    return done;
}
