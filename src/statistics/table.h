/* SPDX-License-Identifier: Apache-2.0 */
/**
 * table.h knows how a table of fixed size keeps the entries that matter while a flood of others passes through.
 * It refuses to know what an entry is about.
 *
 * Eight entries share a bucket, chosen by the key, and a lock. In a full bucket the entry with the smallest weight
 * makes room and its successor inherits the weight as `error`: space-saving (Metwally, Agrawal, El Abbadi, 2005),
 * so what comes often stays, and the table says how far a count may be off. Evictions are counted, never hidden.
 *
 * Death between any two stores leaves a usable bucket: an entry is valid by its key alone, and the key is the last
 * thing written when an entry is made and the first thing erased when it goes.
 */
#ifndef TLSDIAG_STATISTICS_TABLE_H
#define TLSDIAG_STATISTICS_TABLE_H

#include "statistics/owner.h"

typedef struct tlsdiag_table {
    tlsdiag_cell_t *cells;     /**< in the segment */
    uint32_t entries;          /**< multiple of TLSDIAG_WAYS */
    uint32_t entry_cells;      /**< size of one */
    tlsdiag_cell_t *evictions; /**< in the segment's header */
} tlsdiag_table_t;

/** An entry held under its bucket's lock, until tlsdiag_table_release. */
typedef struct tlsdiag_held {
    tlsdiag_cell_t *lock;
    tlsdiag_entry_cells_t *entry; /**< NULL: the lock could not be had, or the key is not there; nothing to release */
    uint64_t key;
    bool is_new; /**< all cells behind the head are zero and want to be filled */
} tlsdiag_held_t;

/** Cells that a table of so many entries takes. */
size_t tlsdiag_table_cells(uint32_t entries, uint32_t entry_cells);

/** The entry of that key, made when it is not there. Counts one more for it. key is not 0. */
tlsdiag_held_t tlsdiag_table_hold(tlsdiag_table_t *table, const tlsdiag_processes_t *processes, uint64_t key,
                                  int64_t now_us);

/** The entry of that key, only if it is there. Counts nothing. */
tlsdiag_held_t tlsdiag_table_hold_existing(tlsdiag_table_t *table, const tlsdiag_processes_t *processes, uint64_t key);

void tlsdiag_table_release(tlsdiag_held_t *held);

/**
 * Copy the first cells of the entry of that key into `to`, without a lock: what else the entry holds may be much more.
 *
 * Shape    cells is at most entry_cells.
 * Returns  false: it is not there.
 */
bool tlsdiag_table_find(const tlsdiag_table_t *table, const tlsdiag_processes_t *processes, uint64_t key,
                        tlsdiag_cell_t *to, size_t cells);

/** The entry of that number (0 to entries - 1), as it lies there; its key is 0 when the place is free. */
const tlsdiag_entry_cells_t *tlsdiag_table_entry(const tlsdiag_table_t *table, uint32_t number);

/** Cells of one bucket: the lock, then its entries. */
size_t tlsdiag_table_bucket_cells(const tlsdiag_table_t *table);

#endif
