/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/snapshot.h"

#include "statistics/estimate.h"
#include "statistics/ring.h"
#include "statistics/series.h"
#include "statistics/shape.h"

size_t tlsdiag_snapshot_bytes(const tlsdiag_statistics_t *statistics)
{
    return tlsdiag_shape_bytes(&statistics->shape);
}

static void copy_plain(void *to, const void *from, size_t bytes)
{
    tlsdiag_cell_t *cells = to;
    const tlsdiag_cell_t *source = from;
    for (size_t i = 0; i < bytes / 8; i++) {
        tlsdiag_cell_set(&cells[i], tlsdiag_cell_get(&source[i]));
    }
}

static uint64_t look(const tlsdiag_cell_t *cell)
{
    return atomic_load_explicit(cell, memory_order_acquire);
}

/* How handshakes ended is read before how many began, so that nothing has ended that did not begin. */
static void copy_child(tlsdiag_child_t *to, const tlsdiag_child_t *from)
{
    tlsdiag_cell_set(&to->abandoned, look(&from->abandoned));
    tlsdiag_cell_set(&to->failed, look(&from->failed));
    tlsdiag_cell_set(&to->succeeded, look(&from->succeeded));
    tlsdiag_cell_set(&to->started, look(&from->started));
    tlsdiag_cell_set(&to->identity, look(&from->identity));
}

static void copy_table(const tlsdiag_table_t *to, const tlsdiag_table_t *from, const tlsdiag_processes_t *processes)
{
    size_t bucket_cells = tlsdiag_table_bucket_cells(from);
    for (size_t at = 0; at < tlsdiag_table_cells(from->entries, from->entry_cells); at += bucket_cells) {
        tlsdiag_lock_read(processes, &from->cells[at], &to->cells[at], &from->cells[at], bucket_cells);
    }
}

/* A slot that is being written keeps ticket 0 in the copy: it is left out rather than shown half. */
static void copy_ring(const tlsdiag_ring_t *to, const tlsdiag_ring_t *from, const tlsdiag_processes_t *processes)
{
    for (size_t slot = 0; slot < from->slots; slot++) {
        size_t at = slot * from->slot_cells;
        if (!tlsdiag_lock_read(processes, &from->cells[at], &to->cells[at], &from->cells[at], from->slot_cells)) {
            tlsdiag_cell_set(&((tlsdiag_record_cells_t *)&to->cells[at])->ticket, 0);
        }
    }
}

void tlsdiag_snapshot_take(tlsdiag_snapshot_t *snapshot, void *memory, const tlsdiag_statistics_t *statistics,
                           int64_t now_us)
{
    tlsdiag_statistics_t *copy = &snapshot->copy;
    snapshot->now_us = now_us;
    *copy = *statistics;
    tlsdiag_statistics_place(copy, memory, &statistics->shape);
    copy_plain(copy->segment, statistics->segment, sizeof *copy->segment);
    for (uint32_t slot = 0; slot < statistics->shape.children; slot++) {
        copy_child(&copy->processes.children[slot], &statistics->processes.children[slot]);
    }
    copy_plain(copy->vhosts, statistics->vhosts, statistics->shape.vhosts * sizeof *copy->vhosts);
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        copy_table(&copy->tables[table], &statistics->tables[table], &statistics->processes);
    }
    tlsdiag_ring_t records = tlsdiag_ring_of_records(copy), shared_records = tlsdiag_ring_of_records(statistics);
    tlsdiag_ring_t failures = tlsdiag_ring_of_failures(copy), shared_failures = tlsdiag_ring_of_failures(statistics);
    copy_ring(&records, &shared_records, &statistics->processes);
    copy_ring(&failures, &shared_failures, &statistics->processes);
}

tlsdiag_totals_t tlsdiag_snapshot_totals(const tlsdiag_snapshot_t *snapshot)
{
    tlsdiag_totals_t totals = { 0 };
    for (uint32_t slot = 0; slot < snapshot->copy.shape.children; slot++) {
        const tlsdiag_child_t *child = &snapshot->copy.processes.children[slot];
        totals.abandoned += look(&child->abandoned); /* in this order, as in copy_child */
        totals.failed += look(&child->failed);
        totals.succeeded += look(&child->succeeded);
        totals.started += look(&child->started);
    }
    totals.in_progress = totals.started - totals.succeeded - totals.failed - totals.abandoned;
    return totals;
}

uint64_t tlsdiag_snapshot_tally(const tlsdiag_snapshot_t *snapshot, tlsdiag_tally_t tally)
{
    return tlsdiag_cell_get(&snapshot->copy.segment->tallies[tally]);
}

uint64_t tlsdiag_snapshot_minute(const tlsdiag_snapshot_t *snapshot, tlsdiag_series_kind_t kind, unsigned ago)
{
    uint64_t now = tlsdiag_period(snapshot->now_us, TLSDIAG_MINUTE_SECONDS);
    return tlsdiag_series_get(snapshot->copy.segment->minutes[kind], TLSDIAG_MINUTES, now - ago);
}

uint64_t tlsdiag_snapshot_hour(const tlsdiag_snapshot_t *snapshot, tlsdiag_series_kind_t kind, unsigned ago)
{
    uint64_t now = tlsdiag_period(snapshot->now_us, TLSDIAG_HOUR_SECONDS);
    return tlsdiag_series_get(snapshot->copy.segment->hours[kind], TLSDIAG_HOURS, now - ago);
}

uint16_t tlsdiag_snapshot_vhosts(const tlsdiag_snapshot_t *snapshot)
{
    return (uint16_t)snapshot->copy.shape.vhosts;
}

bool tlsdiag_snapshot_vhost_name(char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1], const tlsdiag_snapshot_t *snapshot,
                                 unsigned vhost)
{
    uint64_t words[TLSDIAG_VHOST_NAME_CELLS] = { 0 };
    if (vhost < snapshot->copy.shape.vhosts) {
        tlsdiag_cells_get(words, snapshot->copy.vhosts[vhost].name, TLSDIAG_VHOST_NAME_CELLS);
    }
    memcpy(name, words, sizeof words);
    name[sizeof words] = '\0';
    return name[0] != '\0';
}

static void add_cells(uint64_t *to, const tlsdiag_cell_t *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        to[i] += tlsdiag_cell_get(&cells[i]);
    }
}

static void add_vhost(tlsdiag_vhost_counts_t *counts, const tlsdiag_vhost_cells_t *cells)
{
    counts->succeeded += tlsdiag_cell_get(&cells->succeeded);
    counts->failed += tlsdiag_cell_get(&cells->failed);
    counts->abandoned += tlsdiag_cell_get(&cells->abandoned);
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        counts->what_if[i].asked += tlsdiag_cell_get(&cells->what_if[i].asked);
        counts->what_if[i].would_fail += tlsdiag_cell_get(&cells->what_if[i].would_fail);
    }
#define TLSDIAG_FAMILY(name, slots, labels, metric, label, fixed_label, title, help) \
    add_cells(counts->name, cells->name, slots);
#define TLSDIAG_TRAIT(name, title, help) counts->name += tlsdiag_cell_get(&cells->name);
#define TLSDIAG_HISTOGRAM(name, title) tlsdiag_histogram_read(&counts->time_##name, &cells->time_##name);
#include "statistics/counters.inc"
}

void tlsdiag_snapshot_vhost(tlsdiag_vhost_counts_t *counts, const tlsdiag_snapshot_t *snapshot, unsigned vhost)
{
    *counts = (tlsdiag_vhost_counts_t){ 0 };
    if (!tlsdiag_snapshot_vhost_name(counts->name, snapshot, vhost)) {
        return;
    }
    const tlsdiag_vhost_cells_t *cells = &snapshot->copy.vhosts[vhost];
    add_vhost(counts, cells);
    counts->clients = tlsdiag_estimate(cells->clients, TLSDIAG_CLIENTS_LARGE);
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        counts->what_if[i].clients = tlsdiag_estimate(cells->what_if[i].clients, TLSDIAG_CLIENTS_LARGE);
    }
}

static void merge(tlsdiag_cell_t *into, const tlsdiag_cell_t *cells)
{
    tlsdiag_estimate_merge(into, cells, TLSDIAG_CLIENTS_LARGE);
}

void tlsdiag_snapshot_all_vhosts(tlsdiag_vhost_counts_t *counts, const tlsdiag_snapshot_t *snapshot)
{
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    tlsdiag_cell_t would_fail[TLSDIAG_WHAT_IFS][TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    *counts = (tlsdiag_vhost_counts_t){ 0 };
    for (uint32_t vhost = 0; vhost < snapshot->copy.shape.vhosts; vhost++) {
        const tlsdiag_vhost_cells_t *cells = &snapshot->copy.vhosts[vhost];
        add_vhost(counts, cells);
        merge(clients, cells->clients);
        for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
            merge(would_fail[i], cells->what_if[i].clients);
        }
    }
    counts->clients = tlsdiag_estimate(clients, TLSDIAG_CLIENTS_LARGE);
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        counts->what_if[i].clients = tlsdiag_estimate(would_fail[i], TLSDIAG_CLIENTS_LARGE);
    }
}
