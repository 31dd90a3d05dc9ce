/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/known_text.h"

#include <stdlib.h>

#include "publish/fragment.h"

/* A full and a resumed handshake, on the vhost where they were seen first. */
enum { OUTCOMES = 2 };

enum { EMPTY, BEING_FILLED, FILLED };

/* Filled once, then read only. Hangs on the client and is freed with it. */
typedef struct known {
    const tlsdiag_fragment_t *offer; /* NULL: the offer did not fit */
    tlsdiag_client_text_t offer_text;
    atomic_int states[OUTCOMES];
    tlsdiag_outcome_text_t outcomes[OUTCOMES];
} known_t;

static known_t *make_known(const tlsdiag_event_t *event)
{
    known_t *known = malloc(sizeof *known);

    if (!known) {
        return NULL;
    }
    for (unsigned i = 0; i < OUTCOMES; i++) {
        atomic_init(&known->states[i], EMPTY);
    }
    known->offer = tlsdiag_client_text_make(&known->offer_text, event);
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

static const tlsdiag_fragment_t *fill(known_t *known, unsigned i, const tlsdiag_event_t *event)
{
    int state = EMPTY;

    if (!atomic_compare_exchange_strong(&known->states[i], &state, BEING_FILLED)) {
        return NULL;
    }
    bool made = tlsdiag_outcome_text_make(&known->outcomes[i], event);
    atomic_store_explicit(&known->states[i], made ? FILLED : EMPTY, memory_order_release);
    return made ? tlsdiag_outcome_text_fits(&known->outcomes[i], event) : NULL;
}

static const tlsdiag_fragment_t *outcome_of(known_t *known, const tlsdiag_event_t *event)
{
    for (unsigned i = 0; i < OUTCOMES; i++) {
        int state = atomic_load_explicit(&known->states[i], memory_order_acquire);
        if (state == EMPTY) {
            return fill(known, i, event);
        }
        const tlsdiag_fragment_t *fits = state == FILLED ? tlsdiag_outcome_text_fits(&known->outcomes[i], event) : NULL;
        if (fits) {
            return fits;
        }
    }
    return NULL;
}

void tlsdiag_known_text_use(tlsdiag_client_t *client, tlsdiag_event_t *event)
{
    known_t *known = client ? known_of(client, event) : NULL;

    if (!known) {
        return;
    }
    event->client = known->offer;
    if (!event->diagnosis->failure) {
        event->outcome = outcome_of(known, event);
    }
}
