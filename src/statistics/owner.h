/* SPDX-License-Identifier: Apache-2.0 */
/**
 * owner.h knows which processes share the segment, what each has in progress, and how a lock is taken so that the
 * death of its holder harms nobody. It refuses to know what a lock covers, and how to find out that a process died.
 *
 * The books. A process only ever adds to cells of its own slot, one cell for each step of a handshake's life, and
 * "in progress" is the difference, never stored. So started = succeeded + failed + abandoned + in progress holds
 * between any two instructions. When a process is known to be dead, its difference becomes `abandoned`, in one add.
 *
 * The locks. A lock is a cell: sequence << 32 | owner. The owner names a slot and its incarnation, and a slot's
 * incarnation changes when its process is found dead: whoever meets a dead owner's lock takes it over. What a lock
 * covers must therefore be fit for use between any two stores made under it (table.h says how). A live holder
 * is never waited for long: a writer gives up and counts, a reader takes what it sees.
 */
#ifndef TLSDIAG_STATISTICS_OWNER_H
#define TLSDIAG_STATISTICS_OWNER_H

#include "statistics/layout.h"

/** This process's view of the process slots. */
typedef struct tlsdiag_processes {
    tlsdiag_child_t *children; /**< in the segment */
    uint32_t count;
    uint32_t slot;  /**< our own; 0: none, we share slot 0 with all who found none free */
    uint32_t owner; /**< what we write into a lock: (slot + 1) << 16 | low half of the incarnation */
} tlsdiag_processes_t;

/** Is there a process of that id? Supplied by apache/, and by tests. */
typedef bool (*tlsdiag_process_alive_t)(uint32_t pid);

/**
 * Take a slot for this process; to be called once, after the fork.
 *
 * Writes   *processes: slot and owner.
 * Limits   when every slot is taken by a live process we share slot 0; then a SIGKILL leaves our handshakes
 *          in progress for good, and a table bucket we held unusable for writers.
 */
void tlsdiag_process_claim(tlsdiag_processes_t *processes, uint32_t pid, tlsdiag_process_alive_t alive);

/** The process is dead: what it had in progress was abandoned, its locks and its slot are free. For the parent only. */
void tlsdiag_process_settle(tlsdiag_processes_t *processes, uint32_t pid);

/** Settle every slot whose process is gone. For the parent only, where it may have missed a death. */
void tlsdiag_process_settle_all(tlsdiag_processes_t *processes, tlsdiag_process_alive_t alive);

/** Returns  false: a live holder did not let go within some hundred attempts. */
bool tlsdiag_lock_take(const tlsdiag_processes_t *processes, tlsdiag_cell_t *lock);
void tlsdiag_lock_release(tlsdiag_cell_t *lock);

/**
 * Copy what a lock covers, without taking it.
 *
 * Returns  true: no writer was at work in between. false: one was, each time; the copy is then a mixture of old and
 *          new, safe to look at but not to believe.
 */
bool tlsdiag_lock_read(const tlsdiag_processes_t *processes, const tlsdiag_cell_t *lock, tlsdiag_cell_t *to,
                       const tlsdiag_cell_t *from, size_t cells);

#endif
