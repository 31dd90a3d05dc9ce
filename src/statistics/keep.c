/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/add.h"

#include "statistics/keys.h"
#include "statistics/ring.h"

static uint64_t low(uint64_t value, unsigned bits)
{
    return value & ((UINT64_C(1) << bits) - 1);
}

static void write_brief(tlsdiag_brief_cells_t *brief, const tlsdiag_observation_t *observation, unsigned vhost,
                        unsigned cause)
{
    const tlsdiag_facts_t *facts = observation->facts;
    const tlsdiag_negotiated_t *negotiated = &facts->negotiated;
    const tlsdiag_client_hello_t *hello = &facts->client_hello;
    const tlsdiag_diagnosis_t *diagnosis = observation->diagnosis;
    tlsdiag_bytes_t address = tlsdiag_address_unwrap(observation->address);
    tlsdiag_cell_set(&brief->sequence, observation->sequence);
    tlsdiag_cell_set(&brief->ended_us, (uint64_t)facts->ended_us);
    tlsdiag_cell_set(&brief->vhost_cause, (uint64_t)vhost << 32 | (uint64_t)cause << 16 |
                                              (uint64_t)tlsdiag_outcome_of(diagnosis) << 8 |
                                              (uint64_t)diagnosis->act << 4 | (uint64_t)diagnosis->level);
    tlsdiag_cell_set(&brief->negotiated, (uint64_t)negotiated->version << 48 |
                                             (uint64_t)negotiated->cipher_suite << 32 |
                                             (uint64_t)negotiated->group << 16 | negotiated->resumed);
    tlsdiag_cells_put(brief->address, 2, address.at, address.length);
    tlsdiag_cell_set(&brief->peer,
                     (uint64_t)facts->timing.total_us << 24 | low(address.length, 8) << 16 | facts->client_port);
    tlsdiag_cells_put(brief->event_id, TLSDIAG_TEXT_CELLS(40), observation->event_id, strlen(observation->event_id));
    _Static_assert(sizeof facts->ja4 == sizeof brief->ja4, "copied whole, NUL and all");
    tlsdiag_cells_put_all(brief->ja4, TLSDIAG_TEXT_CELLS(40), facts->ja4);
    tlsdiag_cell_set(&brief->name_bytes, hello->server_name_length);
    tlsdiag_cells_put_part(brief->name, TLSDIAG_TEXT_CELLS(TLSDIAG_SERVER_NAME_KEPT), hello->server_name,
                           hello->server_name_length);
}

static bool wants_whole(const tlsdiag_observation_t *observation)
{
    return observation->json.length > 0 && observation->json.length <= TLSDIAG_JSON_BYTES;
}

/* brief: as it stands in the ring of records already; NULL: it does not. */
static void keep_whole(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost,
                       unsigned cause, const tlsdiag_brief_cells_t *brief)
{
    tlsdiag_ring_t ring = tlsdiag_ring_of_failures(statistics);
    tlsdiag_record_cells_t *slot = tlsdiag_ring_hold(&ring, &statistics->processes);
    if (!slot) {
        tlsdiag_statistics_count(statistics, TLSDIAG_TALLY_records_missed, 1);
        return;
    }
    tlsdiag_failure_cells_t *failure = (tlsdiag_failure_cells_t *)slot;
    if (brief) {
        tlsdiag_cells_copy((tlsdiag_cell_t *)&slot->brief, (const tlsdiag_cell_t *)brief, sizeof *brief / 8);
    } else {
        write_brief(&slot->brief, observation, vhost, cause);
    }
    tlsdiag_cell_set(&failure->json_bytes, observation->json.length);
    tlsdiag_cells_put_text(failure->json, TLSDIAG_JSON_BYTES / 8, observation->json.at, observation->json.length);
    tlsdiag_ring_release(&ring, slot);
}

/* Whoever holds a slot of each ring waits for nobody: tlsdiag_ring_hold() gives up. */
void tlsdiag_keep(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost)
{
    unsigned cause = tlsdiag_cause_slot(statistics, observation->diagnosis);
    tlsdiag_ring_t ring = tlsdiag_ring_of_records(statistics);
    tlsdiag_record_cells_t *slot = tlsdiag_ring_hold(&ring, &statistics->processes);
    if (slot) {
        write_brief(&slot->brief, observation, vhost, cause);
    } else {
        tlsdiag_statistics_count(statistics, TLSDIAG_TALLY_records_missed, 1);
    }
    if (wants_whole(observation)) {
        keep_whole(statistics, observation, vhost, cause, slot ? &slot->brief : NULL);
    }
    if (slot) {
        tlsdiag_ring_release(&ring, slot);
    }
}
