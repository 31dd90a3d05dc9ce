/* SPDX-License-Identifier: Apache-2.0 */
/* A process that runs as the httpd user may write anything into the segment: whoever reads it must only see nonsense. */
#include "statistics/segment.h"

enum { ROUNDS = 300 };

static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void scribble(const tlsdiag_statistics_t *statistics, unsigned one_in)
{
    tlsdiag_cell_t *cells = (tlsdiag_cell_t *)statistics->segment;
    for (size_t i = 0; i < tlsdiag_shape_bytes(&statistics->shape) / 8; i++) {
        uint64_t word = next_random();
        if (word % one_in == 0) {
            tlsdiag_cell_set(&cells[i], word & 0x100 ? UINT64_MAX : next_random());
        }
    }
}

/* Look at every part; what comes out must be within what its type promises. Returns how much was not. */
static unsigned look_at_everything(const tlsdiag_statistics_t *statistics)
{
    static tlsdiag_vhost_counts_t counts;
    static tlsdiag_fingerprint_t fingerprint;
    tlsdiag_snapshot_t snapshot = snapshot_of(statistics, noon);
    unsigned wrong = 0;
    char text[64];
    tlsdiag_snapshot_all_vhosts(&counts, &snapshot);
    for (unsigned vhost = 0; vhost < 2u * tlsdiag_snapshot_vhosts(&snapshot); vhost++) {
        tlsdiag_snapshot_vhost(&counts, &snapshot, vhost);
        wrong += strlen(counts.name) >= sizeof counts.name;
    }
    for (const tlsdiag_family_t *family = tlsdiag_families; family->name; family++) {
        for (unsigned slot = 0; slot < family->slots; slot++) {
            wrong += strlen(tlsdiag_snapshot_label(text, &snapshot, family->labels, slot)) >= sizeof text;
        }
    }
    for (uint32_t number = 0; number < 64; number++) {
        tlsdiag_problem_t problem;
        tlsdiag_client_network_t network;
        tlsdiag_uncovered_name_t name;
        if (number < statistics->shape.problems && tlsdiag_snapshot_problem(&problem, &snapshot, number)) {
            wrong += problem.vhost >= statistics->shape.vhosts || problem.cause_slot >= TLSDIAG_CAUSE_SLOTS ||
                     !tlsdiag_act_name(problem.act) || !tlsdiag_level_name(problem.level);
        }
        if (tlsdiag_snapshot_fingerprint(&fingerprint, &snapshot, number)) {
            wrong +=
                fingerprint.causes.count > TLSDIAG_ENTRY_CAUSES || fingerprint.user_agents_count > TLSDIAG_USER_AGENTS;
        }
        if (tlsdiag_snapshot_network(&network, &snapshot, number)) {
            wrong += network.prefix > 128 || network.address_bytes > 16;
        }
        if (tlsdiag_snapshot_name(&name, &snapshot, number)) {
            wrong += name.name_kept > TLSDIAG_SERVER_NAME_KEPT || name.vhost >= statistics->shape.vhosts;
        }
    }
    uint32_t numbers[10];
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        wrong += tlsdiag_snapshot_top(numbers, 10, &snapshot, table) > 10;
        wrong += tlsdiag_snapshot_table(&snapshot, table).used > tlsdiag_snapshot_table(&snapshot, table).size;
    }
    for (uint32_t age = 0; age < 40; age++) {
        tlsdiag_brief_t brief;
        if (tlsdiag_snapshot_failure(&brief, &snapshot, age)) {
            wrong += brief.json.length > TLSDIAG_JSON_BYTES || strlen(brief.event_id) > 40 || brief.vhost >= 8;
        }
        if (tlsdiag_snapshot_record(&brief, &snapshot, age)) {
            wrong += brief.server_name_kept > TLSDIAG_SERVER_NAME_KEPT || brief.address_bytes > 16;
        }
    }
    forget(&snapshot);
    return wrong;
}

static void writers_survive(tlsdiag_statistics_t *statistics)
{
    handshake_t handshake;
    tlsdiag_experience_t experience;
    bad_handshake(&handshake, "cipher.none_common", TLSDIAG_ACT_SERVER);
    handshake.observation.json = tlsdiag_bytes("{}", 2);
    for (uint32_t i = 0; i < 20; i++) {
        set_address(&handshake, i << 8);
        play(statistics, &handshake);
        tlsdiag_statistics_user_agent(statistics, tlsdiag_statistics_fingerprint(statistics, handshake.facts.ja4),
                                      tlsdiag_bytes("curl", 4));
        tlsdiag_statistics_experience(&experience, statistics, 1, handshake.diagnosis.rule,
                                      tlsdiag_statistics_fingerprint(statistics, handshake.facts.ja4),
                                      handshake.observation.address);
    }
}

int main(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    unsigned wrong = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        writers_survive(&statistics);
        scribble(&statistics, round % 2 ? 3 : 100);
        wrong += look_at_everything(&statistics);
        tlsdiag_process_settle(&statistics.processes, (uint32_t)round);
    }
    is_int(wrong, 0, "whatever lies in the segment, what is read from it stays within bounds");
    return done_testing();
}
