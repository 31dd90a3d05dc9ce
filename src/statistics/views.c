/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/snapshot.h"

#include "statistics/estimate.h"
#include "statistics/ring.h"
#include "statistics/series.h"

enum { HALF_DAY_SECONDS = 12 * 3600 };

static const char *const table_names[] = {
#define TLSDIAG_TABLE(name, title) #name,
#include "statistics/counters.inc"
};
static const char *const table_titles[] = {
#define TLSDIAG_TABLE(name, title) title,
#include "statistics/counters.inc"
};

static uint64_t get(const tlsdiag_cell_t *cell)
{
    return tlsdiag_cell_get(cell);
}

/* Text out of cells, always with its NUL. Shape: text has room for 8 * cells + 1. */
static void get_text(char *text, const tlsdiag_cell_t *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t word = get(&cells[i]);
        memcpy(text + 8 * i, &word, 8);
    }
    text[8 * count] = '\0';
}

static void get_bytes(uint8_t *bytes, const tlsdiag_cell_t *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t word = get(&cells[i]);
        memcpy(bytes + 8 * i, &word, 8);
    }
}

tlsdiag_table_usage_t tlsdiag_snapshot_table(const tlsdiag_snapshot_t *snapshot, tlsdiag_table_kind_t kind)
{
    const tlsdiag_table_t *table = &snapshot->copy.tables[kind];
    tlsdiag_table_usage_t usage = { table_names[kind], table_titles[kind], 0, table->entries, get(table->evictions) };
    for (uint32_t number = 0; number < table->entries; number++) {
        usage.used += get(&tlsdiag_table_entry(table, number)->key) != 0;
    }
    return usage;
}

static const tlsdiag_entry_cells_t *entry_of(tlsdiag_entry_t *to, const tlsdiag_snapshot_t *snapshot,
                                             tlsdiag_table_kind_t kind, uint32_t number)
{
    const tlsdiag_entry_cells_t *entry = tlsdiag_table_entry(&snapshot->copy.tables[kind], number);
    *to = (tlsdiag_entry_t){
        .error = get(&entry->error),
        .first_us = (int64_t)get(&entry->first_us),
        .last_us = (int64_t)get(&entry->last_us),
    };
    return get(&entry->key) ? entry : NULL;
}

static void get_causes(tlsdiag_causes_of_entry_t *to, const tlsdiag_entry_causes_t *causes)
{
    to->count = 0;
    to->other = get(&causes->other);
    for (unsigned i = 0; i < TLSDIAG_ENTRY_CAUSES; i++) {
        uint64_t word = get(&causes->causes[i]);
        tlsdiag_cause_count_t cause = { .cause_slot = (uint8_t)(word >> 48), .count = word & 0xffffffffffff };
        if (cause.count == 0 || word >> 48 >= TLSDIAG_CAUSE_SLOTS) {
            continue;
        }
        unsigned at = to->count++;
        for (; at > 0 && to->causes[at - 1].count < cause.count; at--) {
            to->causes[at] = to->causes[at - 1];
        }
        to->causes[at] = cause;
    }
}

static tlsdiag_level_t level_in(uint64_t word)
{
    return word <= TLSDIAG_LEVEL_INFO ? (tlsdiag_level_t)word : TLSDIAG_LEVEL_INFO;
}

static tlsdiag_act_t act_in(uint64_t word)
{
    return word <= TLSDIAG_ACT_EITHER ? (tlsdiag_act_t)word : TLSDIAG_ACT_EITHER;
}

static uint16_t vhost_in(const tlsdiag_snapshot_t *snapshot, uint64_t word)
{
    return word < snapshot->copy.shape.vhosts ? (uint16_t)word : 0;
}

static uint8_t cause_in(uint64_t word)
{
    return word < TLSDIAG_CAUSE_SLOTS ? (uint8_t)word : TLSDIAG_CAUSE_SLOTS - 1;
}

/* Add the clients of this half day and the one before. */
static void merge_recent(tlsdiag_cell_t *clients, const tlsdiag_problem_cells_t *cells, int64_t now_us)
{
    uint64_t age = tlsdiag_period(now_us, HALF_DAY_SECONDS) - get(&cells->half_days);
    if (age <= 1) {
        tlsdiag_estimate_merge(clients, cells->recent[0], TLSDIAG_CLIENTS_LARGE);
    }
    if (age == 0) {
        tlsdiag_estimate_merge(clients, cells->recent[1], TLSDIAG_CLIENTS_LARGE);
    }
}

static uint64_t recent_clients(const tlsdiag_problem_cells_t *cells, int64_t now_us)
{
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    merge_recent(clients, cells, now_us);
    return tlsdiag_estimate(clients, TLSDIAG_CLIENTS_LARGE);
}

uint64_t tlsdiag_snapshot_recent_clients_hit(const tlsdiag_snapshot_t *snapshot)
{
    tlsdiag_cell_t clients[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    for (uint32_t number = 0; number < snapshot->copy.shape.problems; number++) {
        tlsdiag_entry_t entry;
        const tlsdiag_problem_cells_t *cells =
            (const tlsdiag_problem_cells_t *)entry_of(&entry, snapshot, TLSDIAG_TABLE_problems, number);
        if (cells && level_in(get(&cells->level_and_act) >> 8) != TLSDIAG_LEVEL_INFO) {
            merge_recent(clients, cells, snapshot->now_us);
        }
    }
    return tlsdiag_estimate(clients, TLSDIAG_CLIENTS_LARGE);
}

static void get_series(uint32_t *to, unsigned length, const tlsdiag_cell_t *cells, uint64_t now)
{
    for (unsigned ago = 0; ago < length; ago++) {
        uint64_t n = tlsdiag_series_get(cells, length, now - ago);
        to[ago] = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    }
}

bool tlsdiag_snapshot_problem(tlsdiag_problem_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number)
{
    const tlsdiag_problem_cells_t *cells =
        (const tlsdiag_problem_cells_t *)entry_of(&to->entry, snapshot, TLSDIAG_TABLE_problems, number);
    if (!cells) {
        return false;
    }
    uint64_t level_and_act = get(&cells->level_and_act);
    to->vhost = vhost_in(snapshot, get(&cells->vhost_and_cause) >> 32);
    to->cause_slot = cause_in(get(&cells->vhost_and_cause) & 0xffffffff);
    to->level = level_in(level_and_act >> 8);
    to->act = act_in(level_and_act & 0xff);
    to->handshakes = get(&cells->handshakes);
    to->clients = tlsdiag_estimate(cells->clients, TLSDIAG_CLIENTS_LARGE);
    to->recent_clients = recent_clients(cells, snapshot->now_us);
    get_series(to->hours, 48, cells->hours, tlsdiag_period(snapshot->now_us, TLSDIAG_HOUR_SECONDS));
    get_series(to->ten_minutes, 12, cells->minutes, tlsdiag_period(snapshot->now_us, TLSDIAG_TEN_MINUTES_SECONDS));
    return true;
}

static void get_user_agents(tlsdiag_fingerprint_t *to, const tlsdiag_fingerprint_cells_t *cells)
{
    to->user_agents_count = 0;
    for (unsigned i = 0; i < TLSDIAG_USER_AGENTS; i++) {
        uint32_t requests = (uint32_t)get(&cells->user_agents[i].hash_and_count);
        if (requests == 0) {
            continue;
        }
        unsigned at = to->user_agents_count++;
        for (; at > 0 && to->user_agents[at - 1].requests < requests; at--) {
            to->user_agents[at] = to->user_agents[at - 1];
        }
        to->user_agents[at].requests = requests;
        get_text(to->user_agents[at].text, cells->user_agents[i].text, TLSDIAG_TEXT_CELLS(TLSDIAG_USER_AGENT_BYTES));
    }
}

bool tlsdiag_snapshot_fingerprint(tlsdiag_fingerprint_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number)
{
    const tlsdiag_fingerprint_cells_t *cells =
        (const tlsdiag_fingerprint_cells_t *)entry_of(&to->entry, snapshot, TLSDIAG_TABLE_fingerprints, number);
    if (!cells) {
        return false;
    }
    get_text(to->ja4, cells->ja4, TLSDIAG_TEXT_CELLS(40));
    to->succeeded = get(&cells->succeeded);
    to->failed = get(&cells->failed);
    to->clients = tlsdiag_estimate(cells->clients, TLSDIAG_CLIENTS_SMALL);
    to->last_failed_us = (int64_t)get(&cells->last_failed_us);
    get_causes(&to->causes, &cells->causes);
    get_user_agents(to, cells);
    return true;
}

bool tlsdiag_snapshot_network(tlsdiag_client_network_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number)
{
    const tlsdiag_network_cells_t *cells =
        (const tlsdiag_network_cells_t *)entry_of(&to->entry, snapshot, TLSDIAG_TABLE_networks, number);
    if (!cells) {
        return false;
    }
    uint64_t length_and_prefix = get(&cells->length_and_prefix);
    get_bytes(to->address, cells->address, 2);
    to->address_bytes = length_and_prefix >> 8 == 4 ? 4 : 16;
    to->prefix = (uint8_t)length_and_prefix <= 128 ? (uint8_t)length_and_prefix : 128;
    to->succeeded = get(&cells->succeeded);
    to->failed = get(&cells->failed);
    to->clients = tlsdiag_estimate(cells->clients, TLSDIAG_CLIENTS_SMALL);
    get_causes(&to->causes, &cells->causes);
    return true;
}

static uint16_t at_most(uint64_t value, uint16_t most)
{
    return value < most ? (uint16_t)value : most;
}

bool tlsdiag_snapshot_name(tlsdiag_uncovered_name_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t number)
{
    const tlsdiag_name_cells_t *cells =
        (const tlsdiag_name_cells_t *)entry_of(&to->entry, snapshot, TLSDIAG_TABLE_names, number);
    if (!cells) {
        return false;
    }
    get_bytes(to->name, cells->name, TLSDIAG_TEXT_CELLS(TLSDIAG_SERVER_NAME_KEPT));
    to->name_bytes = get(&cells->name_bytes);
    to->name_kept = at_most(to->name_bytes, TLSDIAG_SERVER_NAME_KEPT);
    to->vhost = vhost_in(snapshot, get(&cells->vhost));
    to->asked = get(&cells->asked);
    to->failed = get(&cells->failed);
    to->clients = tlsdiag_estimate(cells->clients, TLSDIAG_CLIENTS_SMALL);
    return true;
}

static void get_brief(tlsdiag_brief_t *to, const tlsdiag_snapshot_t *snapshot, const tlsdiag_brief_cells_t *cells)
{
    uint64_t where = get(&cells->vhost_cause);
    uint64_t negotiated = get(&cells->negotiated);
    uint64_t peer = get(&cells->peer);
    *to = (tlsdiag_brief_t){
        .sequence = get(&cells->sequence),
        .ended_us = (int64_t)get(&cells->ended_us),
        .vhost = vhost_in(snapshot, where >> 32),
        .cause_slot = cause_in(where >> 16 & 0xffff),
        .success = (where >> 8 & 0xff) == 0,
        .failure = (where >> 8 & 0xff) == 1,
        .act = act_in(where >> 4 & 15),
        .level = level_in(where & 15),
        .version = (uint16_t)(negotiated >> 48),
        .cipher_suite = (uint16_t)(negotiated >> 32),
        .group = (uint16_t)(negotiated >> 16),
        .resumed = negotiated & 1,
        .address_bytes = (peer >> 16 & 0xff) == 4    ? 4
                         : (peer >> 16 & 0xff) == 16 ? 16
                                                     : 0,
        .port = (uint16_t)peer,
        .duration_us = peer >> 24,
        .server_name_bytes = get(&cells->name_bytes),
        .server_name_kept = at_most(get(&cells->name_bytes), TLSDIAG_SERVER_NAME_KEPT),
    };
    get_bytes(to->address, cells->address, 2);
    get_text(to->event_id, cells->event_id, TLSDIAG_TEXT_CELLS(40));
    get_text(to->ja4, cells->ja4, TLSDIAG_TEXT_CELLS(40));
    get_bytes(to->server_name, cells->name, TLSDIAG_TEXT_CELLS(TLSDIAG_SERVER_NAME_KEPT));
}

uint32_t tlsdiag_snapshot_failures(const tlsdiag_snapshot_t *snapshot)
{
    return snapshot->copy.shape.failures;
}

uint32_t tlsdiag_snapshot_records(const tlsdiag_snapshot_t *snapshot)
{
    return snapshot->copy.shape.records;
}

bool tlsdiag_snapshot_failure(tlsdiag_brief_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t age)
{
    tlsdiag_ring_t ring = tlsdiag_ring_of_failures(&snapshot->copy);
    const tlsdiag_record_cells_t *slot = tlsdiag_ring_record(&ring, age);
    if (!slot) {
        return false;
    }
    const tlsdiag_failure_cells_t *failure = (const tlsdiag_failure_cells_t *)slot;
    get_brief(to, snapshot, &slot->brief);
    to->json = tlsdiag_bytes((const void *)failure->json, at_most(get(&failure->json_bytes), TLSDIAG_JSON_BYTES));
    return true;
}

bool tlsdiag_snapshot_record(tlsdiag_brief_t *to, const tlsdiag_snapshot_t *snapshot, uint32_t age)
{
    tlsdiag_ring_t ring = tlsdiag_ring_of_records(&snapshot->copy);
    const tlsdiag_record_cells_t *slot = tlsdiag_ring_record(&ring, age);
    if (slot) {
        get_brief(to, snapshot, &slot->brief);
    }
    return slot != NULL;
}
