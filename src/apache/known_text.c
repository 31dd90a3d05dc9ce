/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/known_text.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "publish/fragment.h"

/* Few are in use at a time: what is agreed on follows from a vhost's settings more than from the client. */
enum { OUTCOMES = 64 };

/* Each process's own, behind its lock. Whoever tells takes a copy, so that a place can be given to another any time. */
static CRYPTO_RWLOCK *lock;
static tlsdiag_outcome_text_t *outcomes[OUTCOMES];

void tlsdiag_known_texts_open(void)
{
    lock = CRYPTO_THREAD_lock_new();
}

/* Filled once, then read only. Hangs on the client and is freed with it. */
typedef struct known {
    const tlsdiag_fragment_t *offer; /* NULL: the offer did not fit */
    tlsdiag_client_text_t offer_text;
} known_t;

static known_t *make_known(const tlsdiag_event_t *event)
{
    known_t *known = malloc(sizeof *known);

    if (known) {
        known->offer = tlsdiag_client_text_make(&known->offer_text, event);
    }
    return known;
}

static known_t *known_of(tlsdiag_client_t *client, const tlsdiag_event_t *event)
{
    known_t *known = atomic_load_explicit(&client->text, memory_order_acquire);

    if (!known && (known = make_known(event)) != NULL) {
        known = tlsdiag_client_keep_text(client, known);
    }
    return known;
}

static tlsdiag_outcome_text_t **place_of(const tlsdiag_outcome_key_t *key)
{
    apr_uint64_t hash = (apr_uint64_t)(apr_uintptr_t)key->posture ^ key->flags;

    hash = (hash ^ key->cipher_suite) * APR_UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ key->group ^ (apr_uint64_t)key->signature_scheme << 16) * APR_UINT64_C(0x9e3779b97f4a7c15);
    return &outcomes[hash >> 32 & (OUTCOMES - 1)];
}

static bool recall(tlsdiag_outcome_text_t *mine, const tlsdiag_outcome_text_t *known, const tlsdiag_outcome_key_t *key)
{
    bool fits = known && memcmp(key, &known->key, sizeof *key) == 0;

    if (fits) {
        tlsdiag_outcome_text_copy(mine, known);
    }
    return fits;
}

static void remember(tlsdiag_outcome_text_t **place, const tlsdiag_outcome_text_t *mine)
{
    if (!*place) {
        *place = malloc(sizeof **place);
    }
    if (*place) {
        tlsdiag_outcome_text_copy(*place, mine);
    }
}

static const tlsdiag_fragment_t *outcome_of(tlsdiag_outcome_text_t *mine, const tlsdiag_event_t *event)
{
    tlsdiag_outcome_key_t key;

    if (!lock || !tlsdiag_outcome_key_make(&key, event)) {
        return NULL;
    }
    tlsdiag_outcome_text_t **place = place_of(&key);
    CRYPTO_THREAD_write_lock(lock);
    bool known = recall(mine, *place, &key);
    CRYPTO_THREAD_unlock(lock);
    if (known) {
        return mine->fragments;
    }
    if (!tlsdiag_outcome_text_make(mine, event)) {
        return NULL;
    }
    CRYPTO_THREAD_write_lock(lock);
    remember(place, mine);
    CRYPTO_THREAD_unlock(lock);
    return mine->fragments;
}

void tlsdiag_known_text_use(tlsdiag_event_t *event, tlsdiag_client_t *client, tlsdiag_outcome_text_t *mine)
{
    known_t *known = client ? known_of(client, event) : NULL;

    event->client = known ? known->offer : NULL;
    event->outcome = outcome_of(mine, event);
}
