/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/table.h"

enum { HEAD_CELLS = sizeof(tlsdiag_entry_cells_t) / sizeof(tlsdiag_cell_t) };

size_t tlsdiag_table_bucket_cells(const tlsdiag_table_t *table)
{
    return 1 + (size_t)TLSDIAG_WAYS * table->entry_cells;
}

size_t tlsdiag_table_cells(uint32_t entries, uint32_t entry_cells)
{
    return (size_t)entries / TLSDIAG_WAYS * (1 + (size_t)TLSDIAG_WAYS * entry_cells);
}

static tlsdiag_cell_t *bucket_of(const tlsdiag_table_t *table, uint64_t key)
{
    return table->cells + (key >> 32) % (table->entries / TLSDIAG_WAYS) * tlsdiag_table_bucket_cells(table);
}

static tlsdiag_entry_cells_t *entry_in(const tlsdiag_table_t *table, tlsdiag_cell_t *bucket, unsigned way)
{
    return (tlsdiag_entry_cells_t *)(bucket + 1 + (size_t)way * table->entry_cells);
}

const tlsdiag_entry_cells_t *tlsdiag_table_entry(const tlsdiag_table_t *table, uint32_t number)
{
    tlsdiag_cell_t *bucket = table->cells + number / TLSDIAG_WAYS * tlsdiag_table_bucket_cells(table);
    return entry_in(table, bucket, number % TLSDIAG_WAYS);
}

static tlsdiag_entry_cells_t *find_in(const tlsdiag_table_t *table, tlsdiag_cell_t *bucket, uint64_t key)
{
    for (unsigned way = 0; way < TLSDIAG_WAYS; way++) {
        tlsdiag_entry_cells_t *entry = entry_in(table, bucket, way);
        if (tlsdiag_cell_get(&entry->key) == key) {
            return entry;
        }
    }
    return NULL;
}

static tlsdiag_entry_cells_t *lightest_in(const tlsdiag_table_t *table, tlsdiag_cell_t *bucket)
{
    tlsdiag_entry_cells_t *lightest = entry_in(table, bucket, 0);
    for (unsigned way = 1; way < TLSDIAG_WAYS; way++) {
        tlsdiag_entry_cells_t *entry = entry_in(table, bucket, way);
        if (tlsdiag_cell_get(&entry->weight) < tlsdiag_cell_get(&lightest->weight)) {
            lightest = entry;
        }
    }
    return lightest;
}

static tlsdiag_entry_cells_t *make_room(tlsdiag_table_t *table, tlsdiag_cell_t *bucket)
{
    tlsdiag_entry_cells_t *entry = find_in(table, bucket, 0);
    uint64_t inherited = 0;
    if (!entry) {
        entry = lightest_in(table, bucket);
        inherited = tlsdiag_cell_get(&entry->weight);
        tlsdiag_cell_set(&entry->key, 0);
        atomic_thread_fence(memory_order_release);
        tlsdiag_cell_add(table->evictions, 1);
    }
    tlsdiag_cells_clear((tlsdiag_cell_t *)entry + HEAD_CELLS, table->entry_cells - HEAD_CELLS);
    tlsdiag_cell_set(&entry->weight, inherited);
    tlsdiag_cell_set(&entry->error, inherited);
    return entry;
}

tlsdiag_held_t tlsdiag_table_hold(tlsdiag_table_t *table, const tlsdiag_processes_t *processes, uint64_t key,
                                  int64_t now_us)
{
    tlsdiag_cell_t *bucket = bucket_of(table, key);
    tlsdiag_held_t held = { .lock = bucket, .key = key };
    if (!tlsdiag_lock_take(processes, bucket)) {
        return held;
    }
    held.entry = find_in(table, bucket, key);
    if (!held.entry) {
        held.entry = make_room(table, bucket);
        held.is_new = true;
        tlsdiag_cell_set(&held.entry->first_us, (uint64_t)now_us);
    }
    tlsdiag_cell_set(&held.entry->last_us, (uint64_t)now_us);
    tlsdiag_cell_add_owned(&held.entry->weight, 1);
    return held;
}

tlsdiag_held_t tlsdiag_table_hold_existing(tlsdiag_table_t *table, const tlsdiag_processes_t *processes, uint64_t key)
{
    tlsdiag_cell_t *bucket = bucket_of(table, key);
    tlsdiag_held_t held = { .lock = bucket, .key = key };
    if (!find_in(table, bucket, key) || !tlsdiag_lock_take(processes, bucket)) {
        return held;
    }
    held.entry = find_in(table, bucket, key);
    if (!held.entry) {
        tlsdiag_lock_release(bucket);
    }
    return held;
}

void tlsdiag_table_release(tlsdiag_held_t *held)
{
    if (!held->entry) {
        return;
    }
    if (held->is_new) {
        atomic_store_explicit(&held->entry->key, held->key, memory_order_release);
    }
    tlsdiag_lock_release(held->lock);
    held->entry = NULL;
}

bool tlsdiag_table_find(const tlsdiag_table_t *table, const tlsdiag_processes_t *processes, uint64_t key,
                        tlsdiag_cell_t *to, size_t cells)
{
    tlsdiag_cell_t *bucket = bucket_of(table, key);
    const tlsdiag_entry_cells_t *entry = find_in(table, bucket, key);
    if (!entry) {
        return false;
    }
    tlsdiag_lock_read(processes, bucket, to, (const tlsdiag_cell_t *)entry, cells);
    return tlsdiag_cell_get(to) == key;
}
