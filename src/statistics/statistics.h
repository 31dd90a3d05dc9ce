/* SPDX-License-Identifier: Apache-2.0 */
/**
 * statistics.h knows how to count handshakes, in memory that all processes of a server share.
 * It refuses to know where that memory comes from, what the numbers look like on a page, and what time it is.
 *
 * Nothing here waits, allocates or fails: what could not be noted without waiting is counted as missed
 * (TLSDIAG_TALLY_records_missed, TLSDIAG_TALLY_table_updates_missed), the totals are always right.
 * Every function may be called by many threads and processes at once, except where it says "at start".
 */
#ifndef TLSDIAG_STATISTICS_STATISTICS_H
#define TLSDIAG_STATISTICS_STATISTICS_H

#include "base/bytes.h"
#include "diagnose/diagnosis.h"
#include "facts.h"
#include "posture.h"
#include "statistics/layout.h"
#include "statistics/owner.h"
#include "statistics/table.h"

/** One process's handle on the segment. Made at start, copied by fork; the pointers point into the segment. */
typedef struct tlsdiag_statistics {
    tlsdiag_segment_t *segment;
    tlsdiag_shape_t shape; /**< our own copy: the one in the segment could be scribbled over */
    tlsdiag_processes_t processes;
    tlsdiag_vhost_cells_t *vhosts;
    tlsdiag_table_t tables[TLSDIAG_TABLES];
    tlsdiag_record_cells_t *records;
    tlsdiag_failure_cells_t *failures;
    uint64_t seed;
    uint8_t ipv4_prefix, ipv6_prefix;         /**< of a client network, in bits; 24 and 48 */
    uint8_t cause_slots[TLSDIAG_CAUSE_SLOTS]; /**< by rule number of this build */
} tlsdiag_statistics_t;

/** A handshake whose outcome is known. The pointers need to live for the call only. */
typedef struct tlsdiag_observation {
    const tlsdiag_facts_t *facts;
    const tlsdiag_diagnosis_t *diagnosis;
    const tlsdiag_posture_t *posture; /**< NULL: unknown; then nothing is asked "what if" */
    uint8_t what_if;                  /**< bits: the questions that concern this vhost, tlsdiag_what_if_concerns */
    uint16_t vhost;                   /**< from tlsdiag_statistics_vhost */
    tlsdiag_bytes_t address;          /**< the client's, 4 or 16 bytes in network order, not masked */
    uint64_t sequence;                /**< from tlsdiag_statistics_sequence */
    uint64_t fingerprint;             /**< from tlsdiag_statistics_fingerprint; 0: no JA4 */
    const char *event_id;             /**< up to 39 characters are kept */
    tlsdiag_bytes_t json; /**< the record as one JSON object, of a problem; empty, or over 4,096 bytes: not kept */
} tlsdiag_observation_t;

/** Make a new segment. At start. Shape: memory is zeroed, aligned for a cell, and tlsdiag_shape_bytes(shape) long. */
void tlsdiag_statistics_format(tlsdiag_statistics_t *statistics, void *memory, const tlsdiag_shape_t *shape,
                               uint64_t seed, int64_t now_us);

/**
 * Take up a segment that is there already: of the generation before a graceful restart, or read from the state file. At start.
 *
 * Returns  false: it is not a segment of this layout, of these bytes; nothing was changed.
 */
bool tlsdiag_statistics_attach(tlsdiag_statistics_t *statistics, void *memory, size_t bytes);

/** Point the handle's members into memory, which is as large as a segment of that shape. What the handle knows besides stays. */
void tlsdiag_statistics_place(tlsdiag_statistics_t *statistics, void *memory, const tlsdiag_shape_t *shape);

/** The slot of a vhost by name (ServerName:port), taken when it has none; 0 when there is no slot left. At start. */
uint16_t tlsdiag_statistics_vhost(tlsdiag_statistics_t *statistics, const char *name);

/** The server-wide number of the next record: counts from 1, a gap in a log is a lost line. */
uint64_t tlsdiag_statistics_sequence(tlsdiag_statistics_t *statistics);

/** A connection began on which this server will do a handshake; exactly one _add, _abandon or _withdraw follows. */
void tlsdiag_statistics_begin(tlsdiag_statistics_t *statistics);
/** It ended, and nobody can say how: its record was lost. */
void tlsdiag_statistics_abandon(tlsdiag_statistics_t *statistics);
/** It turned out to be none of ours: its vhost is not to be observed. */
void tlsdiag_statistics_withdraw(tlsdiag_statistics_t *statistics);

/**
 * Its outcome is known. Backend handshakes and renegotiations are recognised by their facts and do not touch the
 * books: for them there was no tlsdiag_statistics_begin.
 */
void tlsdiag_statistics_add(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation);

/** Under which number a client with that JA4 is known here; never 0. */
uint64_t tlsdiag_statistics_fingerprint(const tlsdiag_statistics_t *statistics, const char *ja4);

/** A good request came from a client with that fingerprint; what it says of itself, as sent. */
void tlsdiag_statistics_user_agent(tlsdiag_statistics_t *statistics, uint64_t fingerprint, tlsdiag_bytes_t user_agent);

/** Failed, or completed with an end that points at a problem: worth a line in the list of problems, and its JSON worth keeping. */
bool tlsdiag_is_problem(const tlsdiag_diagnosis_t *diagnosis);

/** n more of an event of counters.inc. */
void tlsdiag_statistics_count(tlsdiag_statistics_t *statistics, tlsdiag_tally_t tally, uint64_t n);

/**
 * What was seen before now on this vhost: of the same cause (rule number; UINT16_MAX: not asked), of the same
 * fingerprint (tlsdiag_statistics_fingerprint(); 0: not asked) and of the same client network (no bytes: not asked).
 */
void tlsdiag_statistics_experience(tlsdiag_experience_t *experience, const tlsdiag_statistics_t *statistics,
                                   uint16_t vhost, uint16_t rule, uint64_t fingerprint, tlsdiag_bytes_t address);

/** tlsdiag_experience_t.revoked_reports alone. */
uint64_t tlsdiag_statistics_revoked_reports(const tlsdiag_statistics_t *statistics, uint16_t vhost);

/** Since when it counts: wall clock, microseconds since 1970. */
int64_t tlsdiag_statistics_since_us(const tlsdiag_statistics_t *statistics);

#endif
