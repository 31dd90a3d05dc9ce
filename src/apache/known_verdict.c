/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/known_verdict.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/holders.h"
#include "diagnose/repeat.h"

enum { PLACES = 16, JA4_HASHED_BYTES = 32 }; /* the whole words of one */

/* Rendered when it is told a second time, then read only. Hangs on the verdict and is freed with it. */
typedef struct telling {
    bool fits;
    tlsdiag_failure_text_t text;
} telling_t;

/* Read only but for the counter and the text, so that it need not be copied. Lives while it is held. */
struct tlsdiag_known_verdict {
    const tlsdiag_posture_t *posture;
    apr_uint64_t revoked_reports;
    apr_uint64_t stencil; /* that hellos that fit were last decoded by; 0: none. Behind the lock */
    tlsdiag_facts_t key;
    tlsdiag_diagnosis_t diagnosis;
    tlsdiag_holders_t holders;
    _Atomic(telling_t *) telling;
};

typedef tlsdiag_known_verdict_t known_t;

/* Each process's own, behind its lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static known_t *places[PLACES];

void tlsdiag_known_verdict_release(known_t *known)
{
    if (known && tlsdiag_let_go(&known->holders)) {
        free(atomic_load(&known->telling));
        free(known);
    }
}

/* By what most often tells two failures apart; what else differs is seen when the keys are compared. */
static known_t **place_of(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    apr_uint64_t hash = (apr_uint64_t)(apr_uintptr_t)posture ^ facts->client_hello.server_name_length ^
                        (apr_uint64_t)facts->alerts[0].description << 32;

    /* A JA4 is 36 characters or none; what stands behind its end was never set. */
    for (unsigned i = 0; facts->ja4[0] && i < JA4_HASHED_BYTES; i += sizeof hash) {
        apr_uint64_t word;
        memcpy(&word, facts->ja4 + i, sizeof word);
        hash = (hash ^ word) * APR_UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return &places[(hash >> 32) % PLACES];
}

static bool fits(const known_t *known, const tlsdiag_recording_t *recording, const tlsdiag_posture_t *posture,
                 apr_uint64_t revoked_reports)
{
    return known && known->posture == posture && known->revoked_reports == revoked_reports &&
           tlsdiag_verdict_key_fits(&known->key, &recording->facts, posture,
                                    recording->stencil && known->stencil == recording->stencil);
}

static known_t *recall(known_t **place, const tlsdiag_recording_t *recording, const tlsdiag_posture_t *posture,
                       apr_uint64_t revoked_reports)
{
    pthread_mutex_lock(&lock);
    known_t *known = fits(*place, recording, posture, revoked_reports) ? *place : NULL;
    if (known) {
        known->stencil = recording->stencil;
        tlsdiag_hold(&known->holders);
    }
    pthread_mutex_unlock(&lock);
    return known;
}

static void remember(known_t **place, const tlsdiag_diagnosis_t *diagnosis, const tlsdiag_recording_t *recording,
                     const tlsdiag_posture_t *posture, apr_uint64_t revoked_reports)
{
    known_t *known = malloc(sizeof *known);

    if (!known) {
        return;
    }
    known->posture = posture;
    known->revoked_reports = revoked_reports;
    known->stencil = recording->stencil;
    tlsdiag_verdict_key(&known->key, &recording->facts, posture);
    known->diagnosis = *diagnosis;
    atomic_init(&known->holders, 1); /* its place */
    atomic_init(&known->telling, NULL);
    pthread_mutex_lock(&lock);
    known_t *replaced = *place;
    *place = known;
    pthread_mutex_unlock(&lock);
    tlsdiag_known_verdict_release(replaced);
}

const tlsdiag_diagnosis_t *tlsdiag_known_verdict_find(known_t **known, tlsdiag_diagnosis_t *scratch,
                                                      const tlsdiag_recording_t *recording,
                                                      const tlsdiag_posture_t *posture, apr_uint64_t revoked_reports)
{
    const tlsdiag_facts_t *facts = &recording->facts;

    *known = NULL;
    if (!tlsdiag_verdict_may_repeat(facts)) {
        tlsdiag_judge(scratch, facts, posture, revoked_reports);
        return scratch;
    }
    known_t **place = place_of(facts, posture);
    *known = recall(place, recording, posture, revoked_reports);
    if (*known) {
        return &(*known)->diagnosis;
    }
    tlsdiag_judge(scratch, facts, posture, revoked_reports);
    if (!scratch->varies) {
        remember(place, scratch, recording, posture, revoked_reports);
    }
    return scratch;
}

/* A mould has the client's offer in it, letter for letter. */
static telling_t *make_telling(known_t *known, const tlsdiag_event_t *event, bool same_hello)
{
    telling_t *telling = malloc(sizeof *telling), *there = NULL;
    tlsdiag_event_t first = *event;

    if (!telling) {
        return NULL;
    }
    if (!same_hello) {
        first.client = NULL; /* then there is no mould */
    }
    telling->fits = tlsdiag_failure_text_make(&telling->text, &first);
    if (atomic_compare_exchange_strong(&known->telling, &there, telling)) {
        return telling;
    }
    free(telling);
    return there;
}

void tlsdiag_known_verdict_use(tlsdiag_event_t *event, known_t *known)
{
    telling_t *telling = atomic_load_explicit(&known->telling, memory_order_acquire);
    const tlsdiag_client_hello_t *known_hello = &known->key.client_hello, *hello = &event->facts->client_hello;
    bool same_hello = memcmp((const char *)known_hello, (const char *)hello, sizeof *hello) == 0;

    if (!telling) {
        telling = make_telling(known, event, same_hello);
    }
    if (telling && telling->fits) {
        event->outcome = telling->text.fragments;
        event->words = &telling->text.words;
        event->mould = same_hello ? &telling->text.mould : NULL;
    }
}
