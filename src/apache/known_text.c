/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/known_text.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/holders.h"
#include "publish/fragment.h"

/* Few are in use at a time: what is agreed on follows from a vhost's settings more than from the client. */
enum { OUTCOMES = 64 };

/* Read only but for the counter, so that it need not be copied. Lives while it is held. */
struct tlsdiag_known_outcome {
    tlsdiag_holders_t holders;
    tlsdiag_outcome_text_t text;
};

typedef tlsdiag_known_outcome_t outcome_t;

/* Each process's own, behind its lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static outcome_t *outcomes[OUTCOMES];

/* Filled once, then read only. Hangs on the client and is freed with it. */
typedef struct known {
    bool drawn_anew;                 /* for the hello that it was rendered for */
    const tlsdiag_fragment_t *offer; /* NULL: the offer did not fit */
    tlsdiag_client_text_t offer_text;
} known_t;

static known_t *make_known(const tlsdiag_event_t *event, bool drawn_anew)
{
    known_t *known = malloc(sizeof *known);

    if (known) {
        known->drawn_anew = drawn_anew;
        known->offer = tlsdiag_client_text_make(&known->offer_text, event);
    }
    return known;
}

static const known_t *known_of(tlsdiag_client_t *client, const tlsdiag_event_t *event, bool drawn_anew)
{
    known_t *known = atomic_load_explicit(&client->text, memory_order_acquire);

    if (!known && (known = make_known(event, drawn_anew)) != NULL) {
        known = tlsdiag_client_keep_text(client, known);
    }
    return known;
}

static const tlsdiag_fragment_t *offer_of(tlsdiag_client_t *client, const tlsdiag_event_t *event, bool drawn_anew,
                                          tlsdiag_client_text_t *room)
{
    const known_t *known = client ? known_of(client, event, drawn_anew) : NULL;

    if (!known || !known->offer) {
        return NULL;
    }
    bool is_alike = !drawn_anew && !known->drawn_anew;
    return is_alike ? known->offer : tlsdiag_client_text_redraw(room, &known->offer_text, event);
}

static outcome_t **place_of(const tlsdiag_outcome_key_t *key)
{
    apr_uint64_t hash = (apr_uint64_t)(apr_uintptr_t)key->posture ^ key->flags;

    hash = (hash ^ key->cipher_suite) * APR_UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ key->group ^ (apr_uint64_t)key->signature_scheme << 16) * APR_UINT64_C(0x9e3779b97f4a7c15);
    return &outcomes[hash >> 32 & (OUTCOMES - 1)];
}

void tlsdiag_known_outcome_release(outcome_t *outcome)
{
    if (outcome && tlsdiag_let_go(&outcome->holders)) {
        free(outcome);
    }
}

static outcome_t *recall(outcome_t **place, const tlsdiag_outcome_key_t *key)
{
    pthread_mutex_lock(&lock);
    outcome_t *known = *place && memcmp(key, &(*place)->text.key, sizeof *key) == 0 ? *place : NULL;
    if (known) {
        tlsdiag_hold(&known->holders);
    }
    pthread_mutex_unlock(&lock);
    return known;
}

/* Held by its place and by the caller. */
static outcome_t *make_outcome(outcome_t **place, const tlsdiag_event_t *event)
{
    outcome_t *made = malloc(sizeof *made);

    if (!made || !tlsdiag_outcome_text_make(&made->text, event)) {
        free(made);
        return NULL;
    }
    atomic_init(&made->holders, 2);
    pthread_mutex_lock(&lock);
    outcome_t *replaced = *place;
    *place = made;
    pthread_mutex_unlock(&lock);
    tlsdiag_known_outcome_release(replaced);
    return made;
}

static outcome_t *outcome_of(const tlsdiag_event_t *event)
{
    tlsdiag_outcome_key_t key;

    if (!tlsdiag_outcome_key_make(&key, event)) {
        return NULL;
    }
    outcome_t **place = place_of(&key), *known = recall(place, &key);
    return known ? known : make_outcome(place, event);
}

outcome_t *tlsdiag_known_text_use(tlsdiag_event_t *event, const tlsdiag_recording_t *recording,
                                  tlsdiag_client_text_t *room)
{
    outcome_t *outcome = outcome_of(event);

    event->client = offer_of(recording->client, event, recording->drawn.anew, room);
    if (outcome) {
        event->outcome = outcome->text.fragments;
        event->mould = &outcome->text.mould;
    }
    return outcome;
}
