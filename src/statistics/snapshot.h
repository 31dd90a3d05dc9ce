/* SPDX-License-Identifier: Apache-2.0 */
/**
 * snapshot.h knows how to look at the statistics in peace: a private copy, and plain structs made from it.
 * It refuses to trust the copy: every index is checked and every text is cut, whatever a process wrote into the segment.
 *
 * Taking a snapshot blocks nobody. An entry or record that was being written at that moment may be missing.
 */
#ifndef TLSDIAG_STATISTICS_SNAPSHOT_H
#define TLSDIAG_STATISTICS_SNAPSHOT_H

#include "statistics/histogram.h"
#include "statistics/statistics.h"

typedef struct tlsdiag_snapshot {
    tlsdiag_statistics_t copy; /**< its pointers point into the private copy */
    int64_t now_us;            /**< when it was taken; wall clock */
} tlsdiag_snapshot_t;

/** Bytes a snapshot needs; they are the caller's, and must live as long as the snapshot. */
size_t tlsdiag_snapshot_bytes(const tlsdiag_statistics_t *statistics);

/** Shape: memory is aligned for a cell. */
void tlsdiag_snapshot_take(tlsdiag_snapshot_t *snapshot, void *memory, const tlsdiag_statistics_t *statistics,
                           int64_t now_us);

/**
 * The statistics as they are at this moment, without a copy: for a few numbers, where no two need to fit together.
 */
static inline tlsdiag_snapshot_t tlsdiag_snapshot_live(const tlsdiag_statistics_t *statistics, int64_t now_us)
{
    return (tlsdiag_snapshot_t){ .copy = *statistics, .now_us = now_us };
}

/** The books: started = succeeded + failed + abandoned + in_progress. */
typedef struct tlsdiag_totals {
    uint64_t started, succeeded, failed, abandoned, in_progress;
} tlsdiag_totals_t;

tlsdiag_totals_t tlsdiag_snapshot_totals(const tlsdiag_snapshot_t *snapshot);

uint64_t tlsdiag_snapshot_tally(const tlsdiag_snapshot_t *snapshot, tlsdiag_tally_t tally);

/** What was counted in the minute, or hour, that lies `ago` periods back; 0: the current one. */
uint64_t tlsdiag_snapshot_minute(const tlsdiag_snapshot_t *snapshot, tlsdiag_series_kind_t kind, unsigned ago);
uint64_t tlsdiag_snapshot_hour(const tlsdiag_snapshot_t *snapshot, tlsdiag_series_kind_t kind, unsigned ago);

/* ---- vhosts ---- */

typedef struct tlsdiag_what_if_answer {
    uint64_t asked, would_fail, clients;
} tlsdiag_what_if_answer_t;

/** Numbers of one vhost, or of all. */
typedef struct tlsdiag_vhost_counts {
    char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    uint64_t succeeded, failed, abandoned;
    uint64_t clients; /**< distinct addresses, estimate */
    tlsdiag_what_if_answer_t what_if[TLSDIAG_WHAT_IFS];
#define TLSDIAG_FAMILY(name, slots, labels, metric, label, fixed_label, title, help) uint64_t name[slots];
#define TLSDIAG_TRAIT(name, title, help) uint64_t name;
#define TLSDIAG_HISTOGRAM(name, title) tlsdiag_histogram_t time_##name;
#include "statistics/counters.inc"
} tlsdiag_vhost_counts_t;

/** Slots that may hold a vhost; slot 0 is "_other". */
uint16_t tlsdiag_snapshot_vhosts(const tlsdiag_snapshot_t *snapshot);
/** The vhost's name into name; false: nothing lies in that slot. */
bool tlsdiag_snapshot_vhost_name(char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1], const tlsdiag_snapshot_t *snapshot,
                                 unsigned vhost);
void tlsdiag_snapshot_vhost(tlsdiag_vhost_counts_t *counts, const tlsdiag_snapshot_t *snapshot, unsigned vhost);
/** All vhosts together; clients are counted once. */
void tlsdiag_snapshot_all_vhosts(tlsdiag_vhost_counts_t *counts, const tlsdiag_snapshot_t *snapshot);

/* ---- counters.inc as data ---- */

typedef enum {
    TLSDIAG_LABELS_CAUSES,
    TLSDIAG_LABELS_VERSIONS,
    TLSDIAG_LABELS_SUITES,
    TLSDIAG_LABELS_GROUPS,
    TLSDIAG_LABELS_ALERTS
} tlsdiag_labels_t;

typedef struct tlsdiag_family {
    const char *name; /**< as declared: JSON key */
    size_t offset;    /**< of its uint64_t array in tlsdiag_vhost_counts_t */
    uint16_t slots;
    tlsdiag_labels_t labels;
    const char *metric, *label, *fixed_label, *title, *help;
} tlsdiag_family_t;

typedef struct tlsdiag_trait {
    const char *name;
    size_t offset; /**< of its uint64_t in tlsdiag_vhost_counts_t */
    const char *title, *help;
} tlsdiag_trait_t;

typedef struct tlsdiag_tally_row {
    const char *name, *metric, *labels, *help;
} tlsdiag_tally_row_t;

typedef struct tlsdiag_time_row {
    const char *name;
    size_t offset; /**< of its tlsdiag_histogram_t in tlsdiag_vhost_counts_t */
    const char *title;
} tlsdiag_time_row_t;

/** Each list ends with a row whose name is NULL. */
extern const tlsdiag_family_t tlsdiag_families[];
extern const tlsdiag_trait_t tlsdiag_traits[];
extern const tlsdiag_time_row_t tlsdiag_times[];
extern const tlsdiag_tally_row_t tlsdiag_tallies[]; /**< by tlsdiag_tally_t */

const uint64_t *tlsdiag_family_counts(const tlsdiag_vhost_counts_t *counts, const tlsdiag_family_t *family);
uint64_t tlsdiag_trait_count(const tlsdiag_vhost_counts_t *counts, const tlsdiag_trait_t *trait);
const tlsdiag_histogram_t *tlsdiag_time_of(const tlsdiag_vhost_counts_t *counts, const tlsdiag_time_row_t *row);

/**
 * The name that a slot stands for: a cause id, "TLSv1.3", "TLS_AES_128_GCM_SHA256", "x25519", "unknown_ca"; 0x1234 for a code
 * without a name; "_other" for the last slot.
 *
 * Returns  text, which is in name or a literal.
 */
const char *tlsdiag_snapshot_label(char name[64], const tlsdiag_snapshot_t *snapshot, tlsdiag_labels_t labels,
                                   unsigned slot);

/** The rule of this build that a cause slot stands for; -1: none has that id. */
int tlsdiag_snapshot_rule(const tlsdiag_snapshot_t *snapshot, unsigned cause_slot);

/* ---- tables ---- */

typedef struct tlsdiag_table_usage {
    const char *name, *title;
    uint32_t used, size;
    uint64_t evictions;
} tlsdiag_table_usage_t;

tlsdiag_table_usage_t tlsdiag_snapshot_table(const tlsdiag_snapshot_t *snapshot, tlsdiag_table_kind_t table);

typedef struct tlsdiag_cause_count {
    uint8_t cause_slot;
    uint64_t count;
} tlsdiag_cause_count_t;

/** Failures of an entry by cause, most frequent first. */
typedef struct tlsdiag_causes_of_entry {
    tlsdiag_cause_count_t causes[TLSDIAG_ENTRY_CAUSES];
    uint8_t count;
    uint64_t other; /**< of causes that had no place */
} tlsdiag_causes_of_entry_t;

/** What every entry has. */
typedef struct tlsdiag_entry {
    uint64_t error; /**< as many may have been seen before it came back into the table */
    int64_t first_us, last_us;
} tlsdiag_entry_t;

typedef struct tlsdiag_problem {
    tlsdiag_entry_t entry;
    uint16_t vhost;
    uint8_t cause_slot;
    tlsdiag_level_t level; /**< of the last record */
    tlsdiag_act_t act;
    uint64_t handshakes;
    uint64_t clients;         /**< estimate, since first_us */
    uint64_t recent_clients;  /**< of this half day and the one before */
    uint32_t hours[48];       /**< handshakes; [0] is the current hour */
    uint32_t ten_minutes[12]; /**< likewise */
} tlsdiag_problem_t;

typedef struct tlsdiag_user_agent {
    char text[TLSDIAG_USER_AGENT_BYTES + 1]; /**< as sent, hostile */
    uint32_t requests;
} tlsdiag_user_agent_t;

typedef struct tlsdiag_fingerprint {
    tlsdiag_entry_t entry;
    char ja4[41];
    uint64_t succeeded, failed, clients;
    int64_t last_failed_us; /**< 0: never */
    tlsdiag_causes_of_entry_t causes;
    tlsdiag_user_agent_t user_agents[TLSDIAG_USER_AGENTS]; /**< most frequent first */
    uint8_t user_agents_count;
} tlsdiag_fingerprint_t;

typedef struct tlsdiag_client_network {
    tlsdiag_entry_t entry;
    uint8_t address[16];
    uint8_t address_bytes, prefix;
    uint64_t succeeded, failed, clients;
    tlsdiag_causes_of_entry_t causes;
} tlsdiag_client_network_t;

typedef struct tlsdiag_uncovered_name {
    tlsdiag_entry_t entry;
    uint8_t name[TLSDIAG_SERVER_NAME_KEPT]; /**< as sent, hostile */
    uint16_t name_kept;                     /**< bytes in name */
    uint64_t name_bytes;                    /**< bytes sent */
    uint16_t vhost;
    uint64_t asked, failed, clients;
} tlsdiag_uncovered_name_t;

/** Each fills *to from the entry of that number (0 to usage.size - 1) and returns false when the place is free. */
bool tlsdiag_snapshot_problem(tlsdiag_problem_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number);
bool tlsdiag_snapshot_fingerprint(tlsdiag_fingerprint_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number);
bool tlsdiag_snapshot_network(tlsdiag_client_network_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number);
bool tlsdiag_snapshot_name(tlsdiag_uncovered_name_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number);

/** Different clients that met a problem in this half day or the one before, noise (level info) left out; estimate. */
uint64_t tlsdiag_snapshot_recent_clients_hit(const tlsdiag_snapshot_t *snapshot);

/**
 * Numbers of the entries of a table that matter most, first the one that matters most: problems by handshakes,
 * fingerprints and networks by failures then successes, names by how often they were asked for.
 *
 * Returns  how many: at most `most`.
 */
unsigned tlsdiag_snapshot_top(uint32_t *numbers, unsigned most, const tlsdiag_snapshot_t *snapshot,
                              tlsdiag_table_kind_t table);

/* ---- records ---- */

typedef struct tlsdiag_brief {
    uint64_t sequence;
    int64_t ended_us;
    uint16_t vhost;
    uint8_t cause_slot;
    bool success, failure; /**< neither: unknown, cut by our own stop */
    tlsdiag_act_t act;
    tlsdiag_level_t level;
    uint16_t version, cipher_suite, group; /**< 0: not negotiated */
    bool resumed;
    uint8_t address[16];
    uint8_t address_bytes;
    uint16_t port;
    uint64_t duration_us;
    char event_id[41], ja4[41];
    uint8_t server_name[TLSDIAG_SERVER_NAME_KEPT];
    uint16_t server_name_kept;
    uint64_t server_name_bytes; /**< sent */
    tlsdiag_bytes_t json;       /**< in the snapshot's memory; empty: only the brief was kept */
} tlsdiag_brief_t;

/** The failure (problem) that was recorded `age` ago; 0: the newest. Returns false: none there, or it was being written. */
bool tlsdiag_snapshot_failure(tlsdiag_brief_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t age);
uint32_t tlsdiag_snapshot_failures(const tlsdiag_snapshot_t *snapshot);
/** The same for records of any outcome; json is empty. */
bool tlsdiag_snapshot_record(tlsdiag_brief_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t age);
uint32_t tlsdiag_snapshot_records(const tlsdiag_snapshot_t *snapshot);

#endif
