/* SPDX-License-Identifier: Apache-2.0 */
/**
 * layout.h knows where everything lies in the one shared segment. It refuses to know who maps it, and what the
 * numbers mean to a reader.
 *
 *   header | children | vhosts | one table after the other | records | failures
 *
 * The segment holds cells only (cells.h): no pointer, so it outlives a reload of the module, and no index that is
 * used without a bounds check, because a process that runs as the httpd user can write anything into it.
 * Where a part begins follows from the shape, which each process keeps for itself.
 */
#ifndef TLSDIAG_STATISTICS_LAYOUT_H
#define TLSDIAG_STATISTICS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "statistics/cells.h"

/** Raised with every change of a struct in this file or of counters.inc's lists. */
#define TLSDIAG_LAYOUT_VERSION UINT64_C(2)
/** "tlsdiag\n", little endian. */
#define TLSDIAG_SEGMENT_MAGIC UINT64_C(0x0a67616964736c74)

enum {
    TLSDIAG_CAUSE_SLOTS = 192,  /**< causes.csv has about 130; the last slot is for what no longer fits */
    TLSDIAG_CAUSE_ID_CELLS = 6, /**< ids up to 47 characters */
    TLSDIAG_VERSION_SLOTS = 6,  /**< SSLv3, TLSv1 to TLSv1.3, anything else */
    TLSDIAG_SUITE_SLOTS = 80,   /**< suites negotiated since start; OpenSSL 3.0 enables 30 by default, knows 158 */
    TLSDIAG_GROUP_SLOTS = 32,
    TLSDIAG_ALERT_SLOTS = 48, /**< IANA names 34 */
    TLSDIAG_BUCKETS = 15,     /**< bounds in histogram.c, the last one is +Inf */
    TLSDIAG_MINUTES = 120,    /**< two hours */
    TLSDIAG_HOURS = 192,      /**< eight days */
    TLSDIAG_WAYS = 8,         /**< entries that share a bucket and its lock */
    TLSDIAG_VHOST_NAME_CELLS = 16,
    TLSDIAG_ENTRY_CAUSES = 6, /**< failure causes kept for each table entry, the rest is summed */
    TLSDIAG_USER_AGENTS = 3,  /**< candidates for the most frequent User-Agent of a fingerprint */
    TLSDIAG_USER_AGENT_BYTES = 128,
    TLSDIAG_SERVER_NAME_KEPT = 128,
    TLSDIAG_JSON_BYTES = 4096 /**< of a failure's JSON line; a pipe's line is no longer either */
};

/** How many of each; chosen at start, see shape.h. */
typedef struct tlsdiag_shape {
    uint32_t children;                                       /**< process slots, at least the MPM's server limit */
    uint32_t vhosts;                                         /**< slot 0 takes what has no slot of its own */
    uint32_t problems, fingerprints, pairs, networks, names; /**< table entries, multiples of TLSDIAG_WAYS */
    uint32_t records;                                        /**< recent handshakes, in brief */
    uint32_t failures;                                       /**< recent failures, whole */
} tlsdiag_shape_t;

/** One process: the books are kept here, so that a killed one cannot unbalance them (owner.h). 64 bytes. */
typedef struct tlsdiag_child {
    tlsdiag_cell_t identity; /**< pid << 32 | incarnation << 1 | in use */
    tlsdiag_cell_t started;  /**< in progress = started - succeeded - failed - abandoned, never stored */
    tlsdiag_cell_t succeeded;
    tlsdiag_cell_t failed;
    tlsdiag_cell_t abandoned; /**< cut by our own stop, or the process died first */
    tlsdiag_cell_t unused[3];
} tlsdiag_child_t;

/** Handshake times: each bucket counts its own, not the ones below. */
typedef struct tlsdiag_histogram_cells {
    tlsdiag_cell_t buckets[TLSDIAG_BUCKETS];
    tlsdiag_cell_t sum_us;
} tlsdiag_histogram_cells_t;

enum { TLSDIAG_CLIENTS_SMALL = 64, TLSDIAG_CLIENTS_LARGE = 256 };

/** Registers of a distinct count (estimate.h): 8 to a cell. */
#define TLSDIAG_CLIENTS_CELLS(registers) ((registers) / 8)

/** A what-if question's answer so far (what_if.h). */
typedef struct tlsdiag_what_if_cells {
    tlsdiag_cell_t asked; /**< completed handshakes it was asked of */
    tlsdiag_cell_t would_fail;
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)]; /**< that would fail */
} tlsdiag_what_if_cells_t;

enum { TLSDIAG_WHAT_IFS = 6 };

/** The kinds of outcome that are drawn over time. */
typedef enum {
    TLSDIAG_SERIES_SUCCEEDED,
    TLSDIAG_SERIES_SERVER, /**< failed, the server's administrator must act */
    TLSDIAG_SERIES_CLIENT,
    TLSDIAG_SERIES_NETWORK,
    TLSDIAG_SERIES_OTHER, /**< failed, nobody or either must act */
    TLSDIAG_SERIES_NOISE, /**< failed at level info: probes, other protocols */
    TLSDIAG_SERIES_COUNT
} tlsdiag_series_kind_t;

typedef struct tlsdiag_vhost_cells {
    tlsdiag_cell_t name[TLSDIAG_VHOST_NAME_CELLS]; /**< ServerName:port; empty: free slot */
    tlsdiag_cell_t succeeded, failed, abandoned;
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)];
    tlsdiag_what_if_cells_t what_if[TLSDIAG_WHAT_IFS];
#define TLSDIAG_FAMILY(name, slots, labels, metric, label, fixed_label, title, help) tlsdiag_cell_t name[slots];
#define TLSDIAG_TRAIT(name, title, help) tlsdiag_cell_t name;
#define TLSDIAG_HISTOGRAM(name, title) tlsdiag_histogram_cells_t time_##name;
#include "statistics/counters.inc"
} tlsdiag_vhost_cells_t;

/** What every table entry starts with (table.h). */
typedef struct tlsdiag_entry_cells {
    tlsdiag_cell_t key;    /**< hash of what it is about; 0: free, whatever the other cells say */
    tlsdiag_cell_t weight; /**< space-saving count: what it saw plus what its evicted predecessors may have seen */
    tlsdiag_cell_t error;  /**< that latter part */
    tlsdiag_cell_t first_us, last_us;
} tlsdiag_entry_cells_t;

/** Failures of one entry by cause: slot << 48 | count; what is not among them is in `other`. */
typedef struct tlsdiag_entry_causes {
    tlsdiag_cell_t causes[TLSDIAG_ENTRY_CAUSES];
    tlsdiag_cell_t other;
} tlsdiag_entry_causes_t;

/** One cause on one vhost. */
typedef struct tlsdiag_problem_cells {
    tlsdiag_entry_cells_t entry;
    tlsdiag_cell_t vhost_and_cause; /**< vhost << 32 | cause slot */
    tlsdiag_cell_t handshakes;
    tlsdiag_cell_t level_and_act; /**< of the last record: level << 8 | act */
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)];
    tlsdiag_cell_t half_days; /**< number of the half day that recent[0] is about */
    tlsdiag_cell_t recent[2]
                         [TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)]; /**< clients of this and the last half day */
    tlsdiag_cell_t hours[48];                                            /**< stamped, series.h */
    tlsdiag_cell_t minutes[12];                                          /**< of ten minutes each */
} tlsdiag_problem_cells_t;

/** One JA4, over all vhosts. */
typedef struct tlsdiag_fingerprint_cells {
    tlsdiag_entry_cells_t entry;
    tlsdiag_cell_t ja4[TLSDIAG_TEXT_CELLS(40)];
    tlsdiag_cell_t succeeded, failed;
    tlsdiag_cell_t last_failed_us;
    tlsdiag_entry_causes_t causes;
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_SMALL)];
    struct {
        tlsdiag_cell_t hash_and_count; /**< upper half: of the text; lower half: requests */
        tlsdiag_cell_t text[TLSDIAG_TEXT_CELLS(TLSDIAG_USER_AGENT_BYTES)];
    } user_agents[TLSDIAG_USER_AGENTS];
} tlsdiag_fingerprint_cells_t;

/** One JA4 on one vhost: for the question "does this client work elsewhen?". */
typedef struct tlsdiag_pair_cells {
    tlsdiag_entry_cells_t entry;
    tlsdiag_cell_t succeeded, failed;
} tlsdiag_pair_cells_t;

/** One client network, masked. */
typedef struct tlsdiag_network_cells {
    tlsdiag_entry_cells_t entry;
    tlsdiag_cell_t address[2];        /**< network byte order, bits beyond the prefix are zero */
    tlsdiag_cell_t length_and_prefix; /**< address bytes (4, 16) << 8 | prefix bits */
    tlsdiag_cell_t succeeded, failed;
    tlsdiag_entry_causes_t causes;
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_SMALL)];
} tlsdiag_network_cells_t;

/** One server name that was asked for and that the certificate served does not cover. */
typedef struct tlsdiag_name_cells {
    tlsdiag_entry_cells_t entry;
    tlsdiag_cell_t name[TLSDIAG_TEXT_CELLS(TLSDIAG_SERVER_NAME_KEPT)]; /**< as sent, hostile */
    tlsdiag_cell_t name_bytes;                                         /**< as sent, may be more than is kept */
    tlsdiag_cell_t vhost;                                              /**< that served it last */
    tlsdiag_cell_t asked, failed;
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_SMALL)];
} tlsdiag_name_cells_t;

/** One handshake in brief: what lists and filters need. */
typedef struct tlsdiag_brief_cells {
    tlsdiag_cell_t sequence;
    tlsdiag_cell_t ended_us;
    tlsdiag_cell_t vhost_cause; /**< vhost << 32 | cause slot << 16 | outcome << 8 | act << 4 | level */
    tlsdiag_cell_t negotiated;  /**< version << 48 | cipher suite << 32 | group << 16 | bit 0: resumed */
    tlsdiag_cell_t address[2];
    tlsdiag_cell_t peer; /**< duration_us << 24 | address bytes << 16 | port */
    tlsdiag_cell_t event_id[TLSDIAG_TEXT_CELLS(40)];
    tlsdiag_cell_t ja4[TLSDIAG_TEXT_CELLS(40)];
    tlsdiag_cell_t name_bytes;
    tlsdiag_cell_t name[TLSDIAG_TEXT_CELLS(TLSDIAG_SERVER_NAME_KEPT)];
} tlsdiag_brief_cells_t;

/** A slot of the ring of recent handshakes. */
typedef struct tlsdiag_record_cells {
    tlsdiag_cell_t lock;   /**< owner.h */
    tlsdiag_cell_t ticket; /**< running number of what lies here, plus 1; 0: nothing */
    tlsdiag_brief_cells_t brief;
} tlsdiag_record_cells_t;

/** A slot of the ring of failures. */
typedef struct tlsdiag_failure_cells {
    tlsdiag_record_cells_t record;
    tlsdiag_cell_t json_bytes;
    tlsdiag_cell_t json[TLSDIAG_JSON_BYTES / 8];
} tlsdiag_failure_cells_t;

/** The codes that stand for a counter's slots; bit 16 marks a taken slot. The last slot is for all others. */
typedef struct tlsdiag_dictionary_cells {
    tlsdiag_cell_t suites[TLSDIAG_SUITE_SLOTS];
    tlsdiag_cell_t groups[TLSDIAG_GROUP_SLOTS];
    tlsdiag_cell_t alerts[TLSDIAG_ALERT_SLOTS];
    tlsdiag_cell_t causes[TLSDIAG_CAUSE_SLOTS][TLSDIAG_CAUSE_ID_CELLS]; /**< ids: rule numbers differ between builds */
} tlsdiag_dictionary_cells_t;

/** The tables, in the order of counters.inc. */
typedef enum {
#define TLSDIAG_TABLE(name, title) TLSDIAG_TABLE_##name,
#include "statistics/counters.inc"
    TLSDIAG_TABLES
} tlsdiag_table_kind_t;

/** The events, in the order of counters.inc. */
typedef enum {
#define TLSDIAG_TALLY(name, metric, labels, help) TLSDIAG_TALLY_##name,
#include "statistics/counters.inc"
    TLSDIAG_TALLIES
} tlsdiag_tally_t;

typedef struct tlsdiag_segment {
    tlsdiag_cell_t magic, layout_version, header_bytes, segment_bytes;
    tlsdiag_cell_t shape[TLSDIAG_TEXT_CELLS(sizeof(tlsdiag_shape_t))]; /**< for the next process that attaches */
    tlsdiag_cell_t wished_bytes;                /**< TLSDiagSharedMemory it was made for; 0: default */
    tlsdiag_cell_t since_us;                    /**< counting since; kept by the state file */
    tlsdiag_cell_t seed;                        /**< of every hash, so that nobody outside can choose collisions */
    tlsdiag_cell_t sequence;                    /**< event.sequence last given out */
    tlsdiag_cell_t records_next, failures_next; /**< tickets given out */
    tlsdiag_cell_t evictions[TLSDIAG_TABLES];
    tlsdiag_cell_t tallies[TLSDIAG_TALLIES];
    tlsdiag_cell_t minutes[TLSDIAG_SERIES_COUNT][TLSDIAG_MINUTES]; /**< stamped, series.h */
    tlsdiag_cell_t hours[TLSDIAG_SERIES_COUNT][TLSDIAG_HOURS];
    tlsdiag_dictionary_cells_t dictionary;
} tlsdiag_segment_t;

_Static_assert(sizeof(tlsdiag_child_t) == 64, "one cache line for each process");
_Static_assert(sizeof(tlsdiag_shape_t) == 36, "a new member needs a new TLSDIAG_LAYOUT_VERSION");
_Static_assert(sizeof(tlsdiag_brief_cells_t) == 272, "layout version");
_Static_assert(sizeof(tlsdiag_failure_cells_t) == 16 + 272 + 8 + 4096, "layout version");
_Static_assert(offsetof(tlsdiag_problem_cells_t, entry) == 0 && offsetof(tlsdiag_fingerprint_cells_t, entry) == 0 &&
                   offsetof(tlsdiag_pair_cells_t, entry) == 0 && offsetof(tlsdiag_network_cells_t, entry) == 0 &&
                   offsetof(tlsdiag_name_cells_t, entry) == 0,
               "table.c finds the entry's head at its start");

#endif
