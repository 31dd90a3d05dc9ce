/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/owner.h"

enum { WRITE_ATTEMPTS = 400, READ_ATTEMPTS = 40 };

static uint32_t owner_in(uint64_t lock)
{
    return (uint32_t)lock;
}

static uint32_t pid_in(uint64_t identity)
{
    return (uint32_t)(identity >> 32);
}

static bool in_use(uint64_t identity)
{
    return identity & 1;
}

static uint32_t incarnation_in(uint64_t identity)
{
    return (uint32_t)identity >> 1;
}

static uint64_t identity_of(uint32_t pid, uint32_t incarnation, bool used)
{
    return (uint64_t)pid << 32 | (uint64_t)(uint32_t)(incarnation << 1) | used;
}

static uint32_t owner_of(uint32_t slot, uint64_t identity)
{
    return (slot + 1) << 16 | (incarnation_in(identity) & 0xffff);
}

static bool claim_slot(tlsdiag_processes_t *processes, uint32_t slot, uint32_t pid)
{
    tlsdiag_child_t *child = &processes->children[slot];
    uint64_t identity = tlsdiag_cell_get(&child->identity);
    if (in_use(identity)) {
        return false;
    }
    uint64_t mine = identity_of(pid, incarnation_in(identity) + 1, true);
    if (!atomic_compare_exchange_strong(&child->identity, &identity, mine)) {
        return false;
    }
    processes->slot = slot;
    processes->owner = owner_of(slot, mine);
    return true;
}

/* Nobody writes to a dead process's slot, so the difference stands still. */
static void settle_slot(tlsdiag_child_t *child)
{
    uint64_t identity = tlsdiag_cell_get(&child->identity);
    uint64_t ended =
        tlsdiag_cell_get(&child->succeeded) + tlsdiag_cell_get(&child->failed) + tlsdiag_cell_get(&child->abandoned);
    tlsdiag_cell_add(&child->abandoned, tlsdiag_cell_get(&child->started) - ended);
    uint64_t free_slot = identity_of(0, incarnation_in(identity) + 1, false);
    atomic_compare_exchange_strong(&child->identity, &identity, free_slot);
}

void tlsdiag_process_claim(tlsdiag_processes_t *processes, uint32_t pid, tlsdiag_process_alive_t alive)
{
    for (uint32_t slot = 1; slot < processes->count; slot++) {
        if (claim_slot(processes, slot, pid)) {
            return;
        }
    }
    tlsdiag_process_settle_all(processes, alive);
    for (uint32_t slot = 1; slot < processes->count; slot++) {
        if (claim_slot(processes, slot, pid)) {
            return;
        }
    }
    processes->slot = 0;
    processes->owner = owner_of(0, tlsdiag_cell_get(&processes->children[0].identity));
}

void tlsdiag_process_settle(tlsdiag_processes_t *processes, uint32_t pid)
{
    for (uint32_t slot = 1; slot < processes->count; slot++) {
        uint64_t identity = tlsdiag_cell_get(&processes->children[slot].identity);
        if (in_use(identity) && pid_in(identity) == pid) {
            settle_slot(&processes->children[slot]);
        }
    }
}

void tlsdiag_process_settle_all(tlsdiag_processes_t *processes, tlsdiag_process_alive_t alive)
{
    for (uint32_t slot = 1; slot < processes->count; slot++) {
        uint64_t identity = tlsdiag_cell_get(&processes->children[slot].identity);
        if (in_use(identity) && !alive(pid_in(identity))) {
            settle_slot(&processes->children[slot]);
        }
    }
}

/* Slot 0 belongs to nobody in particular and its incarnation never changes: an owner there never counts as dead. */
static bool owner_is_gone(const tlsdiag_processes_t *processes, uint32_t owner)
{
    uint32_t slot = (owner >> 16) - 1;
    if (slot >= processes->count) {
        return true;
    }
    uint64_t identity = tlsdiag_cell_get(&processes->children[slot].identity);
    return owner_of(slot, identity) != owner;
}

bool tlsdiag_lock_take(const tlsdiag_processes_t *processes, tlsdiag_cell_t *lock)
{
    for (int attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
        uint64_t seen = tlsdiag_cell_get(lock);
        if (owner_in(seen) != 0 && !owner_is_gone(processes, owner_in(seen))) {
            continue;
        }
        uint64_t mine = (seen & ~UINT64_C(0xffffffff)) | processes->owner;
        if (atomic_compare_exchange_weak_explicit(lock, &seen, mine, memory_order_acquire, memory_order_relaxed)) {
            /* no store below may be seen before the lock is */
            atomic_thread_fence(memory_order_release);
            return true;
        }
    }
    return false;
}

void tlsdiag_lock_release(tlsdiag_cell_t *lock)
{
    uint64_t sequence = (tlsdiag_cell_get(lock) >> 32) + 1;
    atomic_store_explicit(lock, sequence << 32, memory_order_release);
}

static bool at_rest(const tlsdiag_processes_t *processes, uint64_t lock)
{
    return owner_in(lock) == 0 || owner_is_gone(processes, owner_in(lock));
}

bool tlsdiag_lock_read(const tlsdiag_processes_t *processes, const tlsdiag_cell_t *lock, tlsdiag_cell_t *to,
                       const tlsdiag_cell_t *from, size_t cells)
{
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
        uint64_t before = atomic_load_explicit(lock, memory_order_acquire);
        tlsdiag_cells_copy(to, from, cells);
        atomic_thread_fence(memory_order_acquire);
        if (at_rest(processes, before) && tlsdiag_cell_get(lock) == before) {
            return true;
        }
    }
    return false;
}
