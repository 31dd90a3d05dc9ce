/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/add.h"

#include "statistics/estimate.h"
#include "statistics/keys.h"
#include "statistics/series.h"
#include "statistics/traits.h"

enum { HALF_DAY_SECONDS = 12 * 3600, PROBLEM_HOURS = 48, PROBLEM_TEN_MINUTES = 12 };

static tlsdiag_held_t hold(tlsdiag_statistics_t *statistics, tlsdiag_table_kind_t table, uint64_t key, int64_t now_us)
{
    tlsdiag_held_t held = tlsdiag_table_hold(&statistics->tables[table], &statistics->processes, key, now_us);
    if (!held.entry) {
        tlsdiag_statistics_count(statistics, TLSDIAG_TALLY_table_updates_missed, 1);
    }
    return held;
}

static void count_cause(tlsdiag_entry_causes_t *causes, uint64_t slot)
{
    for (unsigned i = 0; i < TLSDIAG_ENTRY_CAUSES; i++) {
        uint64_t there = tlsdiag_cell_get(&causes->causes[i]);
        if (there == 0) {
            there = slot << 48;
        }
        if (there >> 48 == slot) {
            tlsdiag_cell_set(&causes->causes[i], there + 1);
            return;
        }
    }
    tlsdiag_cell_add_owned(&causes->other, 1);
}

static void note_fingerprint(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned cause,
                             uint64_t client)
{
    const tlsdiag_facts_t *facts = observation->facts;
    tlsdiag_held_t held = hold(statistics, TLSDIAG_TABLE_fingerprints, observation->fingerprint, facts->ended_us);
    if (!held.entry) {
        return;
    }
    tlsdiag_fingerprint_cells_t *fingerprint = (tlsdiag_fingerprint_cells_t *)held.entry;
    if (held.is_new) {
        tlsdiag_cells_put(fingerprint->ja4, TLSDIAG_TEXT_CELLS(40), facts->ja4, strlen(facts->ja4));
    }
    if (tlsdiag_is_problem(observation->diagnosis)) {
        tlsdiag_cell_add_owned(&fingerprint->failed, 1);
        tlsdiag_cell_set(&fingerprint->last_failed_us, (uint64_t)facts->ended_us);
        count_cause(&fingerprint->causes, cause);
    } else {
        tlsdiag_cell_add_owned(&fingerprint->succeeded, 1);
    }
    tlsdiag_estimate_add(fingerprint->clients, TLSDIAG_CLIENTS_SMALL, client);
    tlsdiag_table_release(&held);
}

static void note_pair(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, uint64_t key)
{
    tlsdiag_held_t held = hold(statistics, TLSDIAG_TABLE_pairs, key, observation->facts->ended_us);
    if (held.entry) {
        tlsdiag_pair_cells_t *pair = (tlsdiag_pair_cells_t *)held.entry;
        tlsdiag_cell_add_owned(tlsdiag_is_problem(observation->diagnosis) ? &pair->failed : &pair->succeeded, 1);
        tlsdiag_table_release(&held);
    }
}

static void note_network(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned cause,
                         uint64_t client)
{
    tlsdiag_network_address_t address = tlsdiag_network_of(statistics, observation->address);
    uint64_t key = tlsdiag_key_of_network(statistics, &address);
    tlsdiag_held_t held = hold(statistics, TLSDIAG_TABLE_networks, key, observation->facts->ended_us);
    if (!held.entry) {
        return;
    }
    tlsdiag_network_cells_t *network = (tlsdiag_network_cells_t *)held.entry;
    if (held.is_new) {
        tlsdiag_cells_put(network->address, 2, address.bytes, sizeof address.bytes);
        tlsdiag_cell_set(&network->length_and_prefix, (uint64_t)address.length << 8 | address.prefix);
    }
    if (tlsdiag_is_problem(observation->diagnosis)) {
        tlsdiag_cell_add_owned(&network->failed, 1);
        count_cause(&network->causes, cause);
    } else {
        tlsdiag_cell_add_owned(&network->succeeded, 1);
    }
    tlsdiag_estimate_add(network->clients, TLSDIAG_CLIENTS_SMALL, client);
    tlsdiag_table_release(&held);
}

static void note_name(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost,
                      uint64_t client)
{
    const tlsdiag_client_hello_t *hello = &observation->facts->client_hello;
    size_t kept =
        hello->server_name_length < TLSDIAG_SERVER_NAME_BYTES ? hello->server_name_length : TLSDIAG_SERVER_NAME_BYTES;
    uint64_t key = tlsdiag_key_of_name(statistics, tlsdiag_bytes(hello->server_name, kept));
    tlsdiag_held_t held = hold(statistics, TLSDIAG_TABLE_names, key, observation->facts->ended_us);
    if (!held.entry) {
        return;
    }
    tlsdiag_name_cells_t *name = (tlsdiag_name_cells_t *)held.entry;
    if (held.is_new) {
        tlsdiag_cells_put(name->name, TLSDIAG_TEXT_CELLS(TLSDIAG_SERVER_NAME_KEPT), hello->server_name, kept);
        tlsdiag_cell_set(&name->name_bytes, hello->server_name_length);
    }
    tlsdiag_cell_set(&name->vhost, vhost);
    tlsdiag_cell_add_owned(&name->asked, 1);
    tlsdiag_cell_add_owned(&name->failed, tlsdiag_is_problem(observation->diagnosis));
    tlsdiag_estimate_add(name->clients, TLSDIAG_CLIENTS_SMALL, client);
    tlsdiag_table_release(&held);
}

/* recent[0] is about the half day of that number, recent[1] about the one before. */
static void turn_half_day(tlsdiag_problem_cells_t *problem, uint64_t half_day)
{
    const unsigned cells = TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE);
    uint64_t there = tlsdiag_cell_get(&problem->half_days);
    if (there == half_day) {
        return;
    }
    for (unsigned i = 0; i < cells; i++) {
        uint64_t before = there + 1 == half_day ? tlsdiag_cell_get(&problem->recent[0][i]) : 0;
        tlsdiag_cell_set(&problem->recent[1][i], before);
        tlsdiag_cell_set(&problem->recent[0][i], 0);
    }
    tlsdiag_cell_set(&problem->half_days, half_day);
}

static void count_problem(tlsdiag_problem_cells_t *problem, const tlsdiag_observation_t *observation, uint64_t client)
{
    const tlsdiag_diagnosis_t *diagnosis = observation->diagnosis;
    int64_t now_us = observation->facts->ended_us;
    tlsdiag_cell_add_owned(&problem->handshakes, 1);
    tlsdiag_cell_set(&problem->level_and_act, (uint64_t)diagnosis->level << 8 | (uint64_t)diagnosis->act);
    tlsdiag_estimate_add(problem->clients, TLSDIAG_CLIENTS_LARGE, client);
    turn_half_day(problem, tlsdiag_period(now_us, HALF_DAY_SECONDS));
    tlsdiag_estimate_add(problem->recent[0], TLSDIAG_CLIENTS_LARGE, client);
    tlsdiag_series_add(problem->hours, PROBLEM_HOURS, tlsdiag_period(now_us, TLSDIAG_HOUR_SECONDS), 1);
    tlsdiag_series_add(problem->minutes, PROBLEM_TEN_MINUTES, tlsdiag_period(now_us, TLSDIAG_TEN_MINUTES_SECONDS), 1);
}

static void note_problem(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost,
                         unsigned cause, uint64_t client)
{
    uint64_t key = tlsdiag_key_of_problem(statistics, (uint16_t)vhost, cause);
    tlsdiag_held_t held = hold(statistics, TLSDIAG_TABLE_problems, key, observation->facts->ended_us);
    if (held.entry) {
        tlsdiag_problem_cells_t *problem = (tlsdiag_problem_cells_t *)held.entry;
        if (held.is_new) {
            tlsdiag_cell_set(&problem->vhost_and_cause, (uint64_t)vhost << 32 | cause);
        }
        count_problem(problem, observation, client);
        tlsdiag_table_release(&held);
    }
}

void tlsdiag_note(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost,
                  uint64_t client)
{
    const tlsdiag_facts_t *facts = observation->facts;
    if (observation->diagnosis->unknown) {
        return;
    }
    unsigned cause = tlsdiag_cause_slot(statistics, observation->diagnosis);
    if (observation->fingerprint) {
        note_fingerprint(statistics, observation, cause, client);
        note_pair(statistics, observation, tlsdiag_key_of_pair(observation->fingerprint, (uint16_t)vhost));
    }
    if (observation->address.length > 0) {
        note_network(statistics, observation, cause, client);
    }
    if (tlsdiag_name_not_covered(facts)) {
        note_name(statistics, observation, vhost, client);
    }
    if (tlsdiag_is_problem(observation->diagnosis)) {
        note_problem(statistics, observation, vhost, cause, client);
    }
}

static void count_user_agent(tlsdiag_fingerprint_cells_t *fingerprint, uint64_t hash, tlsdiag_bytes_t text)
{
    unsigned rarest = 0;
    for (unsigned i = 0; i < TLSDIAG_USER_AGENTS; i++) {
        uint64_t there = tlsdiag_cell_get(&fingerprint->user_agents[i].hash_and_count);
        if (there >> 32 == hash && (uint32_t)there != 0) {
            tlsdiag_cell_set(&fingerprint->user_agents[i].hash_and_count,
                             (uint32_t)there == UINT32_MAX ? there : there + 1);
            return;
        }
        uint64_t least = tlsdiag_cell_get(&fingerprint->user_agents[rarest].hash_and_count);
        rarest = (uint32_t)there < (uint32_t)least ? i : rarest;
    }
    /* the newcomer inherits the count of the one it displaces, as in table.h */
    uint64_t count = (uint32_t)tlsdiag_cell_get(&fingerprint->user_agents[rarest].hash_and_count);
    tlsdiag_cell_set(&fingerprint->user_agents[rarest].hash_and_count, 0);
    tlsdiag_cells_put(fingerprint->user_agents[rarest].text, TLSDIAG_TEXT_CELLS(TLSDIAG_USER_AGENT_BYTES), text.at,
                      text.length);
    atomic_thread_fence(memory_order_release);
    tlsdiag_cell_set(&fingerprint->user_agents[rarest].hash_and_count,
                     hash << 32 | (count == UINT32_MAX ? count : count + 1));
}

void tlsdiag_statistics_user_agent(tlsdiag_statistics_t *statistics, uint64_t fingerprint, tlsdiag_bytes_t user_agent)
{
    tlsdiag_table_t *table = &statistics->tables[TLSDIAG_TABLE_fingerprints];
    tlsdiag_bytes_t text = user_agent;
    text.length = text.length < TLSDIAG_USER_AGENT_BYTES ? text.length : TLSDIAG_USER_AGENT_BYTES;
    tlsdiag_held_t held = tlsdiag_table_hold_existing(table, &statistics->processes, fingerprint);
    if (held.entry) {
        uint64_t hash = tlsdiag_hash(statistics->seed, text.at, text.length) >> 32;
        count_user_agent((tlsdiag_fingerprint_cells_t *)held.entry, hash, text);
        tlsdiag_table_release(&held);
    }
}
