/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/estimate.h"
#include "statistics/keys.h"

enum { CERTIFICATE_REVOKED = 44 }; /* AlertDescription, RFC 8446 6 */

/* How many cells of a table's entry come before that member. */
#define CELLS_BEFORE(type, member) (offsetof(type, member) / sizeof(tlsdiag_cell_t))

static void look_at_cause(tlsdiag_experience_t *experience, const tlsdiag_statistics_t *statistics, uint16_t vhost,
                          uint16_t rule)
{
    tlsdiag_problem_cells_t problem;
    uint64_t key = tlsdiag_key_of_problem(statistics, vhost, statistics->cause_slots[rule]);
    if (tlsdiag_table_find(&statistics->tables[TLSDIAG_TABLE_problems], &statistics->processes, key,
                           (tlsdiag_cell_t *)&problem, CELLS_BEFORE(tlsdiag_problem_cells_t, half_days))) {
        experience->cause_failures = tlsdiag_cell_get(&problem.handshakes);
        experience->cause_clients = (uint32_t)tlsdiag_estimate(problem.clients, TLSDIAG_CLIENTS_LARGE);
    }
}

static void look_at_fingerprint(tlsdiag_experience_t *experience, const tlsdiag_statistics_t *statistics,
                                uint16_t vhost, uint64_t fingerprint)
{
    tlsdiag_pair_cells_t pair;
    uint64_t key = tlsdiag_key_of_pair(fingerprint, vhost);
    if (tlsdiag_table_find(&statistics->tables[TLSDIAG_TABLE_pairs], &statistics->processes, key,
                           (tlsdiag_cell_t *)&pair, sizeof pair / sizeof(tlsdiag_cell_t))) {
        experience->fingerprint_successes = tlsdiag_cell_get(&pair.succeeded);
        experience->fingerprint_failures = tlsdiag_cell_get(&pair.failed);
    }
}

static void look_at_network(tlsdiag_experience_t *experience, const tlsdiag_statistics_t *statistics,
                            tlsdiag_bytes_t address)
{
    tlsdiag_network_cells_t network;
    tlsdiag_network_address_t masked = tlsdiag_network_of(statistics, address);
    if (tlsdiag_table_find(&statistics->tables[TLSDIAG_TABLE_networks], &statistics->processes,
                           tlsdiag_key_of_network(statistics, &masked), (tlsdiag_cell_t *)&network,
                           CELLS_BEFORE(tlsdiag_network_cells_t, causes))) {
        experience->address_successes = tlsdiag_cell_get(&network.succeeded);
        experience->address_failures = tlsdiag_cell_get(&network.failed);
    }
}

static const tlsdiag_vhost_cells_t *cells_of(const tlsdiag_statistics_t *statistics, uint16_t vhost)
{
    return &statistics->vhosts[vhost < statistics->shape.vhosts ? vhost : 0];
}

uint64_t tlsdiag_statistics_revoked_reports(const tlsdiag_statistics_t *statistics, uint16_t vhost)
{
    /* IANA has a name for it, which tlsdiag_slot_of_alert() would look up first. */
    unsigned slot =
        tlsdiag_slot_of_code(statistics->segment->dictionary.alerts, TLSDIAG_ALERT_SLOTS, CERTIFICATE_REVOKED);
    return tlsdiag_cell_get(&cells_of(statistics, vhost)->alerts_received[slot]);
}

void tlsdiag_statistics_experience(tlsdiag_experience_t *experience, const tlsdiag_statistics_t *statistics,
                                   uint16_t vhost, uint16_t rule, uint64_t fingerprint, tlsdiag_bytes_t address)
{
    uint16_t slot = vhost < statistics->shape.vhosts ? vhost : 0;
    const tlsdiag_vhost_cells_t *cells = cells_of(statistics, vhost);
    *experience = (tlsdiag_experience_t){
        .since_us = tlsdiag_statistics_since_us(statistics),
        .vhost_successes = tlsdiag_cell_get(&cells->succeeded),
        .vhost_failures = tlsdiag_cell_get(&cells->failed),
        .revoked_reports = tlsdiag_statistics_revoked_reports(statistics, vhost),
    };
    if (rule < TLSDIAG_CAUSE_SLOTS) {
        look_at_cause(experience, statistics, slot, rule);
    }
    if (fingerprint) {
        look_at_fingerprint(experience, statistics, slot, fingerprint);
    }
    if (address.length > 0) {
        look_at_network(experience, statistics, address);
    }
}
