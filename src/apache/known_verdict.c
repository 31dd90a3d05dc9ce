/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/known_verdict.h"

#include <stdlib.h>

#include "apr_thread_mutex.h"

#include "diagnose/repeat.h"

enum { PLACES = 16 };

/* Allocated when a place is used first: most processes see few kinds of failure. */
typedef struct known {
    const tlsdiag_posture_t *posture;
    apr_uint64_t revoked_reports;
    tlsdiag_facts_t key;
    tlsdiag_diagnosis_t diagnosis;
} known_t;

/* Each process's own, behind its lock. */
static apr_thread_mutex_t *lock;
static known_t *places[PLACES];

static apr_status_t forget_all(void *unused)
{
    (void)unused;
    lock = NULL;
    for (unsigned i = 0; i < PLACES; i++) {
        free(places[i]);
        places[i] = NULL;
    }
    return APR_SUCCESS;
}

void tlsdiag_known_verdicts_child_init(apr_pool_t *pool)
{
    if (apr_thread_mutex_create(&lock, APR_THREAD_MUTEX_DEFAULT, pool) != APR_SUCCESS) {
        lock = NULL;
    }
    apr_pool_pre_cleanup_register(pool, NULL, forget_all);
}

/* By what most often tells two failures apart; what else differs is seen when the keys are compared. */
static known_t **place_of(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    apr_uint64_t hash = (apr_uint64_t)(apr_uintptr_t)posture ^ facts->client_hello.server_name_length ^
                        (apr_uint64_t)facts->alerts[0].description << 32;

    for (const char *at = facts->ja4; *at; at++) {
        hash = (hash ^ (unsigned char)*at) * APR_UINT64_C(0x100000001b3);
    }
    return &places[(hash >> 32) % PLACES];
}

static bool same_bytes(const void *a, const void *b, apr_size_t length)
{
    return memcmp(a, b, length) == 0;
}

static bool recall(tlsdiag_diagnosis_t *diagnosis, const known_t *known, const tlsdiag_posture_t *posture,
                   apr_uint64_t revoked_reports, const tlsdiag_facts_t *key)
{
    if (!known || known->posture != posture || known->revoked_reports != revoked_reports ||
        !same_bytes(&known->key, key, sizeof *key)) {
        return false;
    }
    *diagnosis = known->diagnosis;
    return true;
}

static void remember(known_t **place, const tlsdiag_diagnosis_t *diagnosis, const tlsdiag_posture_t *posture,
                     apr_uint64_t revoked_reports, const tlsdiag_facts_t *key)
{
    known_t *known = *place ? *place : (*place = malloc(sizeof *known));

    if (known) {
        known->posture = posture;
        known->revoked_reports = revoked_reports;
        known->key = *key;
        known->diagnosis = *diagnosis;
    }
}

void tlsdiag_known_verdict(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_facts_t *facts,
                           const tlsdiag_posture_t *posture, apr_uint64_t revoked_reports, tlsdiag_facts_t *key)
{
    if (!lock || !tlsdiag_verdict_may_repeat(facts)) {
        tlsdiag_judge(diagnosis, facts, posture, revoked_reports);
        return;
    }
    known_t **place = place_of(facts, posture);
    tlsdiag_verdict_key(key, facts, posture);
    apr_thread_mutex_lock(lock);
    bool known = recall(diagnosis, *place, posture, revoked_reports, key);
    apr_thread_mutex_unlock(lock);
    if (known) {
        return;
    }
    tlsdiag_judge(diagnosis, facts, posture, revoked_reports);
    if (!tlsdiag_verdict_repeats(diagnosis)) {
        return;
    }
    apr_thread_mutex_lock(lock);
    remember(place, diagnosis, posture, revoked_reports, key);
    apr_thread_mutex_unlock(lock);
}
