/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/known_verdict.h"

#include <openssl/crypto.h>
#include <stdlib.h>

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
static CRYPTO_RWLOCK *lock;
static known_t *places[PLACES];

void tlsdiag_known_verdicts_open(void)
{
    lock = CRYPTO_THREAD_lock_new();
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
    CRYPTO_THREAD_write_lock(lock);
    bool known = recall(diagnosis, *place, posture, revoked_reports, key);
    CRYPTO_THREAD_unlock(lock);
    if (known) {
        return;
    }
    tlsdiag_judge(diagnosis, facts, posture, revoked_reports);
    if (!tlsdiag_verdict_repeats(diagnosis)) {
        return;
    }
    CRYPTO_THREAD_write_lock(lock);
    remember(place, diagnosis, posture, revoked_reports, key);
    CRYPTO_THREAD_unlock(lock);
}
