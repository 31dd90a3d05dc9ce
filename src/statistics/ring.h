/* SPDX-License-Identifier: Apache-2.0 */
/**
 * ring.h knows how the last N records are kept: every writer draws a ticket, the ticket names the slot.
 * It refuses to know what a record says.
 *
 * Nobody waits: a writer that meets a live holder in its slot (one that was overtaken by a whole round of the ring)
 * gives up. A slot whose writer died keeps its old ticket of 0, so no reader takes its half for a record.
 */
#ifndef TLSDIAG_STATISTICS_RING_H
#define TLSDIAG_STATISTICS_RING_H

#include "statistics/statistics.h"

typedef struct tlsdiag_ring {
    tlsdiag_cell_t *next;  /**< tickets given out */
    tlsdiag_cell_t *cells; /**< the slots; each begins as a tlsdiag_record_cells_t */
    uint32_t slots;
    uint32_t slot_cells;
    uint64_t ticket; /**< of the slot that is held */
} tlsdiag_ring_t;

tlsdiag_ring_t tlsdiag_ring_of_records(const tlsdiag_statistics_t *statistics);
tlsdiag_ring_t tlsdiag_ring_of_failures(const tlsdiag_statistics_t *statistics);

/** The slot for one more record, held for writing. Returns  NULL: it could not be had without waiting. */
tlsdiag_record_cells_t *tlsdiag_ring_hold(tlsdiag_ring_t *ring, const tlsdiag_processes_t *processes);

/** The record is written: from now on readers see it. */
void tlsdiag_ring_release(tlsdiag_ring_t *ring, tlsdiag_record_cells_t *slot);

/**
 * The record that was written `age` tickets ago (0: the newest), as it lies there.
 *
 * Returns  NULL: there is none, or it is being written, or its writer died.
 */
const tlsdiag_record_cells_t *tlsdiag_ring_record(const tlsdiag_ring_t *ring, uint32_t age);

#endif
