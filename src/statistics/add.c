/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/add.h"

#include "statistics/estimate.h"
#include "statistics/histogram.h"
#include "statistics/keys.h"
#include "statistics/series.h"
#include "statistics/traits.h"
#include "statistics/what_if.h"

tlsdiag_outcome_t tlsdiag_outcome_of(const tlsdiag_diagnosis_t *diagnosis)
{
    return diagnosis->unknown   ? TLSDIAG_OUTCOME_UNKNOWN
           : diagnosis->failure ? TLSDIAG_OUTCOME_FAILURE
                                : TLSDIAG_OUTCOME_SUCCESS;
}

/* The one store that says the handshake is over: whatever dies before it, the handshake is in progress, then abandoned. */
static void close_books(tlsdiag_child_t *child, tlsdiag_outcome_t outcome)
{
    tlsdiag_cell_add(outcome == TLSDIAG_OUTCOME_SUCCESS   ? &child->succeeded
                     : outcome == TLSDIAG_OUTCOME_FAILURE ? &child->failed
                                                          : &child->abandoned,
                     1);
}

static void count_alerts(tlsdiag_statistics_t *statistics, tlsdiag_vhost_cells_t *vhost, const tlsdiag_facts_t *facts)
{
    for (unsigned i = 0; i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        const tlsdiag_alert_t *alert = &facts->alerts[i];
        unsigned slot = tlsdiag_slot_of_alert(statistics->segment->dictionary.alerts, alert->description);
        tlsdiag_cell_add(alert->received ? &vhost->alerts_received[slot] : &vhost->alerts_sent[slot], 1);
    }
}

static void count_negotiated(tlsdiag_statistics_t *statistics, tlsdiag_vhost_cells_t *vhost,
                             const tlsdiag_facts_t *facts)
{
    tlsdiag_dictionary_cells_t *dictionary = &statistics->segment->dictionary;
    const tlsdiag_negotiated_t *negotiated = &facts->negotiated;
    unsigned version = tlsdiag_slot_of_version(negotiated->version);
    tlsdiag_cell_add(negotiated->resumed ? &vhost->versions_resumed[version] : &vhost->versions_full[version], 1);
    tlsdiag_cell_add(
        &vhost->cipher_suites[tlsdiag_slot_of_code(dictionary->suites, TLSDIAG_SUITE_SLOTS, negotiated->cipher_suite)],
        1);
    if (negotiated->group != 0) {
        tlsdiag_cell_add(
            &vhost->groups[tlsdiag_slot_of_code(dictionary->groups, TLSDIAG_GROUP_SLOTS, negotiated->group)], 1);
    }
    tlsdiag_traits_add(vhost, facts);
}

static void ask_what_if(tlsdiag_vhost_cells_t *vhost, const tlsdiag_observation_t *observation, uint64_t client)
{
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        const tlsdiag_what_if_t *question = &tlsdiag_what_ifs[i];
        tlsdiag_what_if_cells_t *answer = &vhost->what_if[i];
        if (!(observation->what_if >> i & 1)) {
            continue;
        }
        tlsdiag_cell_add(&answer->asked, 1);
        if (!question->survives(observation->facts, observation->posture)) {
            tlsdiag_cell_add(&answer->would_fail, 1);
            tlsdiag_estimate_add(answer->clients, TLSDIAG_CLIENTS_LARGE, client);
        }
    }
}

static tlsdiag_series_kind_t series_of(const tlsdiag_diagnosis_t *diagnosis)
{
    static const tlsdiag_series_kind_t by_act[] = {
        [TLSDIAG_ACT_SERVER] = TLSDIAG_SERIES_SERVER,   [TLSDIAG_ACT_CLIENT] = TLSDIAG_SERIES_CLIENT,
        [TLSDIAG_ACT_NETWORK] = TLSDIAG_SERIES_NETWORK, [TLSDIAG_ACT_NOBODY] = TLSDIAG_SERIES_OTHER,
        [TLSDIAG_ACT_EITHER] = TLSDIAG_SERIES_OTHER,
    };
    return !diagnosis->failure                      ? TLSDIAG_SERIES_SUCCEEDED
           : diagnosis->level == TLSDIAG_LEVEL_INFO ? TLSDIAG_SERIES_NOISE
                                                    : by_act[diagnosis->act];
}

static void draw(tlsdiag_segment_t *segment, const tlsdiag_diagnosis_t *diagnosis, int64_t now_us)
{
    tlsdiag_series_kind_t kind = series_of(diagnosis);
    tlsdiag_series_add(segment->minutes[kind], TLSDIAG_MINUTES, tlsdiag_period(now_us, TLSDIAG_MINUTE_SECONDS), 1);
    tlsdiag_series_add(segment->hours[kind], TLSDIAG_HOURS, tlsdiag_period(now_us, TLSDIAG_HOUR_SECONDS), 1);
}

static void count_success(tlsdiag_statistics_t *statistics, tlsdiag_vhost_cells_t *vhost,
                          const tlsdiag_observation_t *observation, uint64_t client)
{
    const tlsdiag_facts_t *facts = observation->facts;
    tlsdiag_cell_add(&vhost->succeeded, 1);
    count_negotiated(statistics, vhost, facts);
    tlsdiag_histogram_add(facts->negotiated.resumed ? &vhost->time_resumed : &vhost->time_full, facts->timing.total_us);
    if (observation->posture) {
        ask_what_if(vhost, observation, client);
    }
    if (facts->negotiated.alpn[0] == 'a' && strcmp(facts->negotiated.alpn, "acme-tls/1") == 0) {
        tlsdiag_statistics_count(statistics, TLSDIAG_TALLY_acme_challenges, 1);
    }
}

/* A first handshake of a connection: it was begun, so it is in the books. */
static void count_handshake(tlsdiag_statistics_t *statistics, tlsdiag_vhost_cells_t *vhost,
                            const tlsdiag_observation_t *observation, uint64_t client)
{
    const tlsdiag_diagnosis_t *diagnosis = observation->diagnosis;
    tlsdiag_outcome_t outcome = tlsdiag_outcome_of(diagnosis);
    close_books(&statistics->processes.children[statistics->processes.slot], outcome);
    if (outcome == TLSDIAG_OUTCOME_UNKNOWN) {
        tlsdiag_cell_add(&vhost->abandoned, 1);
        return;
    }
    draw(statistics->segment, diagnosis, observation->facts->ended_us);
    tlsdiag_estimate_add(vhost->clients, TLSDIAG_CLIENTS_LARGE, client);
    if (outcome == TLSDIAG_OUTCOME_SUCCESS) {
        count_success(statistics, vhost, observation, client);
        return;
    }
    tlsdiag_cell_add(&vhost->failed, 1);
    tlsdiag_cell_add(&vhost->failures[tlsdiag_cause_slot(statistics, diagnosis)], 1);
    tlsdiag_histogram_add(&vhost->time_failed, observation->facts->timing.total_us);
}

unsigned tlsdiag_cause_slot(const tlsdiag_statistics_t *statistics, const tlsdiag_diagnosis_t *diagnosis)
{
    return diagnosis->rule < TLSDIAG_CAUSE_SLOTS ? statistics->cause_slots[diagnosis->rule] : TLSDIAG_CAUSE_SLOTS - 1;
}

bool tlsdiag_is_problem(const tlsdiag_diagnosis_t *diagnosis)
{
    const char *cause = diagnosis->cause;
    return diagnosis->failure || cause[0] != 'o' || cause[1] != 'k' || cause[2] != '\0';
}

void tlsdiag_statistics_add(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation)
{
    const tlsdiag_facts_t *facts = observation->facts;
    const tlsdiag_diagnosis_t *diagnosis = observation->diagnosis;
    if (facts->is_backend) {
        tlsdiag_statistics_count(
            statistics, diagnosis->failure ? TLSDIAG_TALLY_backend_failed : TLSDIAG_TALLY_backend_succeeded, 1);
        return;
    }
    unsigned slot = observation->vhost < statistics->shape.vhosts ? observation->vhost : 0;
    tlsdiag_vhost_cells_t *vhost = &statistics->vhosts[slot];
    tlsdiag_bytes_t address = tlsdiag_address_unwrap(observation->address);
    uint64_t client = tlsdiag_hash(statistics->seed, address.at, address.length);
    if (facts->renegotiating) {
        tlsdiag_statistics_count(statistics, TLSDIAG_TALLY_renegotiations, 1);
    } else {
        count_handshake(statistics, vhost, observation, client);
    }
    count_alerts(statistics, vhost, facts);
    if (tlsdiag_is_problem(diagnosis) && (facts->renegotiating || !diagnosis->failure)) {
        tlsdiag_cell_add(&vhost->suspicions[tlsdiag_cause_slot(statistics, diagnosis)], 1);
    }
    tlsdiag_note(statistics, observation, slot, client);
    tlsdiag_keep(statistics, observation, slot);
}
