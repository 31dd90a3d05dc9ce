/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/ring.h"

tlsdiag_ring_t tlsdiag_ring_of_records(const tlsdiag_statistics_t *statistics)
{
    return (tlsdiag_ring_t){ .next = &statistics->segment->records_next,
                             .cells = (tlsdiag_cell_t *)statistics->records,
                             .slots = statistics->shape.records,
                             .slot_cells = sizeof(tlsdiag_record_cells_t) / 8 };
}

tlsdiag_ring_t tlsdiag_ring_of_failures(const tlsdiag_statistics_t *statistics)
{
    return (tlsdiag_ring_t){ .next = &statistics->segment->failures_next,
                             .cells = (tlsdiag_cell_t *)statistics->failures,
                             .slots = statistics->shape.failures,
                             .slot_cells = sizeof(tlsdiag_failure_cells_t) / 8 };
}

static tlsdiag_record_cells_t *slot_of(const tlsdiag_ring_t *ring, uint64_t ticket)
{
    return (tlsdiag_record_cells_t *)(ring->cells + ticket % ring->slots * ring->slot_cells);
}

tlsdiag_record_cells_t *tlsdiag_ring_hold(tlsdiag_ring_t *ring, const tlsdiag_processes_t *processes)
{
    ring->ticket = atomic_fetch_add_explicit(ring->next, 1, memory_order_relaxed);
    tlsdiag_record_cells_t *slot = slot_of(ring, ring->ticket);
    if (!tlsdiag_lock_take(processes, &slot->lock)) {
        return NULL;
    }
    tlsdiag_cell_set(&slot->ticket, 0);
    atomic_thread_fence(memory_order_release);
    return slot;
}

void tlsdiag_ring_release(tlsdiag_ring_t *ring, tlsdiag_record_cells_t *slot)
{
    atomic_store_explicit(&slot->ticket, ring->ticket + 1, memory_order_release);
    tlsdiag_lock_release(&slot->lock);
}

const tlsdiag_record_cells_t *tlsdiag_ring_record(const tlsdiag_ring_t *ring, uint32_t age)
{
    uint64_t next = tlsdiag_cell_get(ring->next);
    if (age >= ring->slots || age >= next) {
        return NULL;
    }
    uint64_t ticket = next - 1 - age;
    const tlsdiag_record_cells_t *slot = slot_of(ring, ticket);
    return tlsdiag_cell_get(&slot->ticket) == ticket + 1 ? slot : NULL;
}
