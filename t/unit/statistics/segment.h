/* SPDX-License-Identifier: Apache-2.0 */
/**
 * segment.h knows how a test gets a segment and observations to put into it.
 * It refuses to know what is tested.
 */
#ifndef TLSDIAG_T_STATISTICS_SEGMENT_H
#define TLSDIAG_T_STATISTICS_SEGMENT_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif

#include <stdlib.h>
#include <sys/mman.h>

#include "statistics/shape.h"
#include "statistics/snapshot.h"
#include "statistics/statistics.h"
#include "tap.h"

/** 2026-11-21 12:00:00 UTC. */
static const int64_t noon = INT64_C(1795262400000000);

/** A segment that processes made by fork share. */
TAP_UNUSED static tlsdiag_statistics_t new_segment(const tlsdiag_shape_t *shape)
{
    size_t bytes = tlsdiag_shape_bytes(shape);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    tlsdiag_statistics_t statistics;
    tlsdiag_statistics_format(&statistics, memory, shape, UINT64_C(0x5eed5eed12345678), noon);
    return statistics;
}

TAP_UNUSED static const tlsdiag_shape_t small_shape = {
    .children = 16,
    .vhosts = 8,
    .problems = 32,
    .fingerprints = 64,
    .pairs = 64,
    .networks = 64,
    .names = 64,
    .records = 32,
    .failures = 16,
};

TAP_UNUSED static tlsdiag_snapshot_t snapshot_of(const tlsdiag_statistics_t *statistics, int64_t now_us)
{
    tlsdiag_snapshot_t snapshot;
    void *memory = aligned_alloc(64, (tlsdiag_snapshot_bytes(statistics) + 63) / 64 * 64);
    tlsdiag_snapshot_take(&snapshot, memory, statistics, now_us);
    return snapshot;
}

TAP_UNUSED static void forget(tlsdiag_snapshot_t *snapshot)
{
    free(snapshot->copy.segment);
}

/** The number of a rule by its cause id. */
TAP_UNUSED static uint16_t rule_of(const char *cause)
{
    for (uint16_t rule = 0; rule < tlsdiag_rules_count(); rule++) {
        if (strcmp(tlsdiag_rule_id(rule), cause) == 0) {
            return rule;
        }
    }
    fprintf(stderr, "no rule %s\n", cause);
    abort();
}

/** What a test says about a handshake; everything else follows. */
typedef struct handshake {
    tlsdiag_facts_t facts;
    tlsdiag_diagnosis_t diagnosis;
    tlsdiag_observation_t observation;
    uint8_t address[16];
} handshake_t;

/** For tlsdiag_process_claim(): nobody has died. */
TAP_UNUSED static bool all_live(uint32_t pid)
{
    (void)pid;
    return true;
}

TAP_UNUSED static void set_address(handshake_t *handshake, uint32_t ipv4)
{
    for (int i = 0; i < 4; i++) {
        handshake->address[i] = (uint8_t)(ipv4 >> (24 - 8 * i));
    }
    handshake->observation.address = tlsdiag_bytes(handshake->address, 4);
}

static void start_handshake(handshake_t *handshake, const char *cause)
{
    memset(handshake, 0, sizeof *handshake);
    handshake->facts.ended_us = noon;
    handshake->diagnosis.cause = cause;
    handshake->diagnosis.rule = rule_of(cause);
    handshake->observation.facts = &handshake->facts;
    handshake->observation.diagnosis = &handshake->diagnosis;
    handshake->observation.event_id = "id";
    set_address(handshake, 0x0a000001);
}

/** A completed TLS 1.3 handshake. */
TAP_UNUSED static void good_handshake(handshake_t *handshake)
{
    start_handshake(handshake, "ok");
    tlsdiag_facts_t *facts = &handshake->facts;
    facts->established = true;
    facts->negotiated.version = 0x0304;
    facts->negotiated.cipher_suite = 0x1301;
    facts->negotiated.group = 0x001d;
    facts->negotiated.forward_secrecy = true;
    facts->timing.total_us = 1200;
    strcpy(facts->ja4, "t13d1516h2_8daaf6152771_b0da82dd1658");
    handshake->diagnosis.act = TLSDIAG_ACT_NOBODY;
    handshake->diagnosis.level = TLSDIAG_LEVEL_INFO;
}

/** A failed one. */
TAP_UNUSED static void bad_handshake(handshake_t *handshake, const char *cause, tlsdiag_act_t act)
{
    start_handshake(handshake, cause);
    strcpy(handshake->facts.ja4, "t12d0909h1_aaaaaaaaaaaa_bbbbbbbbbbbb");
    handshake->facts.timing.total_us = 300;
    handshake->diagnosis.failure = true;
    handshake->diagnosis.act = act;
    handshake->diagnosis.level = act == TLSDIAG_ACT_SERVER ? TLSDIAG_LEVEL_ERROR : TLSDIAG_LEVEL_WARN;
}

TAP_UNUSED static void play(tlsdiag_statistics_t *statistics, handshake_t *handshake)
{
    const char *ja4 = handshake->facts.ja4;
    tlsdiag_statistics_begin(statistics);
    handshake->observation.fingerprint = ja4[0] ? tlsdiag_statistics_fingerprint(statistics, ja4) : 0;
    handshake->observation.sequence = tlsdiag_statistics_sequence(statistics);
    tlsdiag_statistics_add(statistics, &handshake->observation);
}

#endif
