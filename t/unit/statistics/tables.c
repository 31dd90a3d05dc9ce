/* SPDX-License-Identifier: Apache-2.0 */
/* What the bounded tables say: while there is room, and in a flood of 100,000 strangers. */
#include "statistics/segment.h"

#include "statistics/add.h"

enum { FLOOD = 100000, REGULARS = 5 };

static void name_client(handshake_t *handshake, const char *kind, unsigned number)
{
    snprintf(handshake->facts.ja4, sizeof handshake->facts.ja4, "t13d1516h2_%.4s%08x_b0da82dd1658", kind, number);
}

static void ask_for(handshake_t *handshake, const char *name)
{
    size_t length = strlen(name);
    handshake->facts.client_hello.has_server_name = true;
    handshake->facts.client_hello.server_name_length = (uint16_t)length;
    memcpy(handshake->facts.client_hello.server_name, name, length);
    handshake->facts.negotiated.certificate = 1;
}

static bool find_fingerprint(tlsdiag_fingerprint_t *to, const tlsdiag_snapshot_t *snapshot, const char *ja4)
{
    for (uint32_t i = 0; i < snapshot->copy.shape.fingerprints; i++) {
        if (tlsdiag_snapshot_fingerprint(to, snapshot, i) && strcmp(to->ja4, ja4) == 0) {
            return true;
        }
    }
    return false;
}

static void one_client_in_full(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    handshake_t good, bad;
    good_handshake(&good);
    bad_handshake(&bad, "cipher.none_common", TLSDIAG_ACT_SERVER);
    strcpy(bad.facts.ja4, good.facts.ja4);
    for (uint32_t i = 0; i < 4; i++) {
        set_address(&good, 0x0a000001 + i);
        play(&statistics, &good);
    }
    bad.facts.ended_us += 5000000;
    play(&statistics, &bad);
    play(&statistics, &bad);
    static const char *const agents[] = { "curl/7.88.1", "Mozilla/5.0", "curl/7.88.1", "<script>", "curl/7.88.1", "x" };
    for (size_t i = 0; i < sizeof agents / sizeof *agents; i++) {
        tlsdiag_statistics_user_agent(&statistics, tlsdiag_statistics_fingerprint(&statistics, good.facts.ja4),
                                      tlsdiag_bytes(agents[i], strlen(agents[i])));
    }
    tlsdiag_statistics_user_agent(&statistics, tlsdiag_statistics_fingerprint(&statistics, "never_seen"),
                                  tlsdiag_bytes("y", 1));
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
    tlsdiag_fingerprint_t fingerprint;
    ok(find_fingerprint(&fingerprint, &snapshot, good.facts.ja4), "a client's fingerprint is in the table");
    is_int((int64_t)fingerprint.succeeded, 4, "with its successes");
    is_int((int64_t)fingerprint.failed, 2, "its failures");
    is_int((int64_t)fingerprint.clients, 4, "its addresses");
    is_int(fingerprint.entry.first_us, noon, "when it was seen first");
    is_int(fingerprint.last_failed_us, noon + 5000000, "when it failed last");
    is_int(fingerprint.causes.count, 1, "one cause");
    is_int((int64_t)fingerprint.causes.causes[0].count, 2, "of both failures");
    is_str(fingerprint.user_agents[0].text, "curl/7.88.1", "and the User-Agent most often seen with it");
    is_int(fingerprint.user_agents[0].requests, 3, "with how often");
    tlsdiag_experience_t experience;
    tlsdiag_statistics_experience(&experience, &statistics, 0, bad.diagnosis.rule,
                                  tlsdiag_statistics_fingerprint(&statistics, good.facts.ja4),
                                  good.observation.address);
    is_int((int64_t)experience.fingerprint_successes, 4, "experience: this fingerprint succeeded here");
    is_int((int64_t)experience.fingerprint_failures, 2, "experience: and failed");
    is_int((int64_t)experience.cause_failures, 2, "experience: the cause was seen before");
    is_int(experience.cause_clients, 1, "experience: from one address");
    is_int((int64_t)experience.address_successes, 4, "experience: the network's successes");
    is_int((int64_t)experience.vhost_successes, 4, "experience: the vhost's successes");
    is_int(experience.since_us, noon, "experience: since when");
    tlsdiag_statistics_experience(&experience, &statistics, 3, UINT16_MAX, 0, tlsdiag_bytes(NULL, 0));
    is_int((int64_t)(experience.cause_failures + experience.fingerprint_successes + experience.address_successes), 0,
           "experience: what is not asked is not answered");
    forget(&snapshot);
}

static bool about_ten(uint64_t estimate)
{
    return estimate >= 8 && estimate <= 12;
}

static void a_problem_in_full(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    handshake_t bad;
    bad_handshake(&bad, "version.client_too_old", TLSDIAG_ACT_CLIENT);
    bad.observation.vhost = tlsdiag_statistics_vhost(&statistics, "www.example:443");
    const int64_t hour = INT64_C(3600000000);
    for (uint32_t i = 0; i < 30; i++) {
        set_address(&bad, 0x0a000000 + i % 10);
        bad.facts.ended_us = noon + (i < 20 ? 0 : 30 * hour);
        play(&statistics, &bad);
    }
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon + 30 * hour);
    uint32_t number;
    is_int(tlsdiag_snapshot_top(&number, 1, &snapshot, TLSDIAG_TABLE_problems), 1,
           "one cause on one vhost is one problem");
    tlsdiag_problem_t problem;
    ok(tlsdiag_snapshot_problem(&problem, &snapshot, number), "it is there");
    is_int(problem.vhost, bad.observation.vhost, "with its vhost");
    is_int((int64_t)problem.handshakes, 30, "its handshakes");
    ok(about_ten(problem.clients), "the clients hit (%" PRIu64 ")", problem.clients);
    ok(about_ten(problem.recent_clients), "the clients hit lately (%" PRIu64 ")", problem.recent_clients);
    is_int(problem.hours[0], 10, "this hour's handshakes");
    is_int(problem.hours[30], 20, "those of thirty hours ago");
    is_int(problem.ten_minutes[0], 10, "those of these ten minutes");
    is_int(problem.act, TLSDIAG_ACT_CLIENT, "who must act");
    is_int(problem.entry.first_us, noon, "since when");
    forget(&snapshot);
    snapshot = snapshot_of(&statistics, noon + 80 * hour);
    ok(tlsdiag_snapshot_problem(&problem, &snapshot, number), "two days later");
    is_int((int64_t)problem.recent_clients, 0, "no client was hit lately");
    ok(about_ten(problem.clients), "but about ten since it began");
    forget(&snapshot);
}

static void networks_are_masked(void)
{
    static const struct {
        const char *name;
        uint8_t address[16], length;
        uint8_t network[16], prefix;
    } rows[] = {
        { "IPv4", { 192, 0, 2, 77 }, 4, { 192, 0, 2, 0 }, 24 },
        { "IPv6", { 0x20, 1, 0xd, 0xb8, 0xaa, 0xbb, 0xcc, 0xdd, 1 }, 16, { 0x20, 1, 0xd, 0xb8, 0xaa, 0xbb }, 48 },
        { "IPv4 mapped into IPv6", { [10] = 255, 255, 192, 0, 2, 77 }, 16, { 192, 0, 2, 0 }, 24 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tlsdiag_statistics_t statistics = new_segment(&small_shape);
        handshake_t good;
        good_handshake(&good);
        good.observation.address = tlsdiag_bytes(rows[i].address, rows[i].length);
        play(&statistics, &good);
        tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
        tlsdiag_client_network_t network = { .prefix = 0 };
        uint32_t number;
        ok(tlsdiag_snapshot_top(&number, 1, &snapshot, TLSDIAG_TABLE_networks) == 1 &&
               tlsdiag_snapshot_network(&network, &snapshot, number) &&
               memcmp(network.address, rows[i].network, 16) == 0 && network.prefix == rows[i].prefix,
           "%s: the network is kept, the host's part is not", rows[i].name);
        forget(&snapshot);
    }
}

static void names_that_no_certificate_covers(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    handshake_t good;
    good_handshake(&good);
    ask_for(&good, "Shop.example");
    play(&statistics, &good);
    ask_for(&good, "shop.EXAMPLE");
    play(&statistics, &good);
    good.facts.negotiated.name_covered = true;
    ask_for(&good, "www.example");
    play(&statistics, &good);
    good.facts.negotiated.name_covered = false;
    good.facts.negotiated.resumed = true;
    play(&statistics, &good);
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
    is_int(tlsdiag_snapshot_table(&snapshot, TLSDIAG_TABLE_names).used, 1,
           "a name is kept when the certificate sent does not cover it, whatever its case");
    uint32_t number;
    tlsdiag_uncovered_name_t name = { .asked = 0 };
    tlsdiag_snapshot_top(&number, 1, &snapshot, TLSDIAG_TABLE_names);
    ok(tlsdiag_snapshot_name(&name, &snapshot, number), "it is there");
    is_int((int64_t)name.asked, 2, "asked for twice");
    ok(name.name_kept == 12 && memcmp(name.name, "Shop.example", 12) == 0, "as it was first sent");
    forget(&snapshot);
}

static void regulars(tlsdiag_statistics_t *statistics, uint64_t *played)
{
    handshake_t good;
    for (unsigned regular = 0; regular < REGULARS; regular++) {
        good_handshake(&good);
        name_client(&good, "good", regular);
        set_address(&good, 0xc0000200 + (regular << 8));
        play(statistics, &good);
        (*played)++;
    }
}

static void strangers_flood_by(tlsdiag_statistics_t *statistics, unsigned number)
{
    handshake_t bad;
    bad_handshake(&bad, "cipher.none_common", TLSDIAG_ACT_SERVER);
    name_client(&bad, "evil", number);
    set_address(&bad, 0x64000000 + (number << 8));
    char name[40];
    snprintf(name, sizeof name, "n%u.example", number);
    ask_for(&bad, name);
    play(statistics, &bad);
}

/* Regulars come once for every 100 strangers: far less often than all strangers, far more often than any of them. */
static void flood(void)
{
    tlsdiag_shape_t shape = small_shape;
    shape.fingerprints = 512; /* what comes more often than once in 512 times must stay */
    tlsdiag_statistics_t statistics = new_segment(&shape);
    uint64_t good = 0;
    for (unsigned number = 0; number < FLOOD; number++) {
        strangers_flood_by(&statistics, number);
        if (number % 100 == 0) {
            regulars(&statistics, &good);
        }
    }
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
    tlsdiag_totals_t totals = tlsdiag_snapshot_totals(&snapshot);
    is_int((int64_t)totals.failed, FLOOD, "flood: every stranger is counted");
    is_int((int64_t)totals.succeeded, (int64_t)good, "flood: and every regular");
    static const tlsdiag_table_kind_t flooded[] = { TLSDIAG_TABLE_fingerprints, TLSDIAG_TABLE_networks,
                                                    TLSDIAG_TABLE_names };
    for (size_t i = 0; i < 3; i++) {
        tlsdiag_table_usage_t usage = tlsdiag_snapshot_table(&snapshot, flooded[i]);
        ok(usage.used <= usage.size && usage.evictions > FLOOD / 2,
           "flood: %s hold %u of %u and say that %" PRIu64 " entries had to go", usage.name, usage.used, usage.size,
           usage.evictions);
    }
    for (unsigned regular = 0; regular < REGULARS; regular++) {
        handshake_t who;
        tlsdiag_fingerprint_t fingerprint = { .succeeded = 0 };
        good_handshake(&who);
        name_client(&who, "good", regular);
        bool found = find_fingerprint(&fingerprint, &snapshot, who.facts.ja4);
        ok(found && fingerprint.succeeded >= good / REGULARS / 2,
           "flood: regular %u is still there (%" PRIu64 " of %" PRIu64 " successes; up to %" PRIu64 " may be missing)",
           regular, fingerprint.succeeded, good / REGULARS, fingerprint.entry.error);
        ok(fingerprint.succeeded + fingerprint.entry.error >= good / REGULARS,
           "flood: and what may be missing is not understated");
    }
    uint32_t number;
    tlsdiag_problem_t problem = { .clients = 0 };
    tlsdiag_snapshot_top(&number, 1, &snapshot, TLSDIAG_TABLE_problems);
    tlsdiag_snapshot_problem(&problem, &snapshot, number);
    ok(problem.clients > FLOOD * 3 / 4 && problem.clients < FLOOD * 5 / 4,
       "flood: the problem hit about %d addresses (estimate %" PRIu64 ")", FLOOD, problem.clients);
    is_int((int64_t)tlsdiag_snapshot_tally(&snapshot, TLSDIAG_TALLY_table_updates_missed), 0,
           "flood: no update was missed");
    forget(&snapshot);
}

static void last_records(void)
{
    tlsdiag_statistics_t statistics = new_segment(&small_shape);
    handshake_t bad;
    for (unsigned i = 0; i < 40; i++) {
        char json[TLSDIAG_JSON_BYTES + 1], id[16];
        snprintf(json, sizeof json, "{\"n\":%u}", i);
        snprintf(id, sizeof id, "id%u", i);
        bad_handshake(&bad, "cipher.none_common", TLSDIAG_ACT_SERVER);
        ask_for(&bad, "www.example");
        bad.observation.event_id = id;
        bad.observation.json = tlsdiag_bytes(json, i == 39 ? sizeof json : strlen(json));
        play(&statistics, &bad);
    }
    tlsdiag_snapshot_t snapshot = snapshot_of(&statistics, noon);
    tlsdiag_brief_t brief;
    ok(tlsdiag_snapshot_failure(&brief, &snapshot, 0), "the newest failure is there");
    is_str(brief.event_id, "id38", "unless its JSON was too long to be kept");
    ok(brief.json.length == 8 && memcmp(brief.json.at, "{\"n\":38}", 8) == 0, "with its JSON");
    ok(brief.server_name_kept == 11 && memcmp(brief.server_name, "www.example", 11) == 0, "and its server name");
    ok(tlsdiag_snapshot_failure(&brief, &snapshot, 15), "as many as the ring holds");
    is_str(brief.event_id, "id23", "the oldest is the right one");
    ok(!tlsdiag_snapshot_failure(&brief, &snapshot, 16), "and no more");
    ok(tlsdiag_snapshot_record(&brief, &snapshot, 0) && strcmp(brief.event_id, "id39") == 0,
       "the brief one is there anyway");
    is_int((int64_t)brief.duration_us, 300, "with its duration");
    ok(brief.failure && !brief.success, "and its outcome");
    forget(&snapshot);
}

static void are_kept(const tlsdiag_statistics_t *statistics, unsigned records, unsigned failures, unsigned missed,
                     const char *when)
{
    tlsdiag_snapshot_t snapshot = snapshot_of(statistics, noon);
    tlsdiag_brief_t brief;
    ok(tlsdiag_snapshot_record(&brief, &snapshot, 0) == (records > 0), "%s: %u brief record", when, records);
    ok(tlsdiag_snapshot_failure(&brief, &snapshot, 0) == (failures > 0), "%s: %u whole", when, failures);
    ok(failures == 0 || (strcmp(brief.event_id, "theirs") == 0 && brief.json.length == 2 && brief.failure &&
                         brief.server_name_kept == 11 && memcmp(brief.server_name, "www.example", 11) == 0),
       "... with all that is in brief");
    is_int((int64_t)tlsdiag_snapshot_tally(&snapshot, TLSDIAG_TALLY_records_missed), missed, when);
    forget(&snapshot);
}

/* The same moment: somebody else is in the slot of a ring that is to be written next. */
static void met_in_a_slot(void)
{
    for (unsigned met = 0; met < 4; met++) {
        tlsdiag_statistics_t statistics = new_segment(&small_shape), other = statistics;
        tlsdiag_process_claim(&statistics.processes, 100, all_live);
        tlsdiag_process_claim(&other.processes, 101, all_live);
        handshake_t handshake;
        bad_handshake(&handshake, "cipher.none_common", TLSDIAG_ACT_SERVER);
        ask_for(&handshake, "www.example");
        handshake.observation.event_id = "theirs";
        handshake.observation.json = tlsdiag_bytes("{}", 2);
        if (met & 1) {
            tlsdiag_lock_take(&other.processes, &((tlsdiag_record_cells_t *)statistics.records)->lock);
        }
        if (met & 2) {
            tlsdiag_lock_take(&other.processes, &((tlsdiag_record_cells_t *)statistics.failures)->lock);
        }
        play(&statistics, &handshake);
        are_kept(&statistics, !(met & 1), !(met & 2), (met & 1) + (met >> 1),
                 met == 0   ? "nobody in the way"
                 : met == 1 ? "one in the record's slot"
                 : met == 2 ? "one in the failure's slot"
                            : "one in both");
    }
}

int main(void)
{
    one_client_in_full();
    a_problem_in_full();
    networks_are_masked();
    names_that_no_certificate_covers();
    flood();
    last_records();
    met_in_a_slot();
    return done_testing();
}
