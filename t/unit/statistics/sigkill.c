/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that count as fast as they can are killed at any instruction: the books balance, everything still works. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "statistics/segment.h"

#include "statistics/keys.h"

enum { CHILDREN = 3, KILLS = 400 };

/* Few places for many keys: evictions, hot locks and full rounds of the rings all the time. */
static const tlsdiag_shape_t crowded = {
    .children = 8,
    .vhosts = 4,
    .problems = 8,
    .fingerprints = 16,
    .pairs = 16,
    .networks = 16,
    .names = 16,
    .records = 8,
    .failures = 8,
};

static bool is_alive(uint32_t pid)
{
    return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

static void play_one(tlsdiag_statistics_t *statistics, uint64_t number)
{
    static handshake_t handshake;
    char json[512], id[24];
    if (number % 3 == 0) {
        bad_handshake(&handshake, number % 2 ? "cipher.none_common" : "not_tls.http", TLSDIAG_ACT_SERVER);
    } else {
        good_handshake(&handshake);
    }
    snprintf(handshake.facts.ja4, sizeof handshake.facts.ja4, "ja4_%u", (unsigned)(number % 40));
    set_address(&handshake, (uint32_t)(number % 50) << 8);
    handshake.observation.vhost = (uint16_t)(number % 4);
    snprintf(id, sizeof id, "%016llx", (unsigned long long)number);
    int length = snprintf(json, sizeof json, "{\"id\":\"%s\",\"pad\":\"%0300d\",\"end\":\"%s\"}", id, 0, id);
    handshake.observation.event_id = id;
    handshake.observation.json = tlsdiag_bytes(json, (size_t)length);
    play(statistics, &handshake);
    tlsdiag_statistics_user_agent(statistics, tlsdiag_statistics_fingerprint(statistics, handshake.facts.ja4),
                                  tlsdiag_bytes(id, 16));
}

static pid_t start_child(tlsdiag_statistics_t *statistics, unsigned seed)
{
    pid_t pid = fork();
    if (pid == 0) {
        tlsdiag_statistics_t mine = *statistics;
        tlsdiag_process_claim(&mine.processes, (uint32_t)getpid(), is_alive);
        for (uint64_t number = seed;; number += 7) {
            play_one(&mine, number);
        }
    }
    return pid;
}

static void pause_us(unsigned us)
{
    struct timespec wait = { .tv_nsec = (long)us * 1000 };
    nanosleep(&wait, NULL);
}

static void kill_and_settle(tlsdiag_statistics_t *statistics, pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    tlsdiag_process_settle(&statistics->processes, (uint32_t)pid);
}

static void kill_many(tlsdiag_statistics_t *statistics)
{
    pid_t pids[CHILDREN];
    uint64_t state = 88172645463325252;
    unsigned unbalanced = 0;
    for (unsigned i = 0; i < CHILDREN; i++) {
        pids[i] = start_child(statistics, i);
    }
    for (unsigned kills = 0; kills < KILLS; kills++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pause_us(200 + (unsigned)(state % 1500));
        unsigned victim = kills % CHILDREN;
        kill_and_settle(statistics, pids[victim]);
        tlsdiag_snapshot_t snapshot = snapshot_of(statistics, noon);
        /* at most one handshake is open in each process that lives */
        unbalanced += tlsdiag_snapshot_totals(&snapshot).in_progress > CHILDREN - 1;
        forget(&snapshot);
        pids[victim] = start_child(statistics, kills);
    }
    for (unsigned i = 0; i < CHILDREN; i++) {
        kill_and_settle(statistics, pids[i]);
    }
    is_int(unbalanced, 0, "after each kill, no more is in progress than the living can have begun");
}

static void books_balance(const tlsdiag_statistics_t *statistics)
{
    static tlsdiag_vhost_counts_t all;
    tlsdiag_snapshot_t snapshot = snapshot_of(statistics, noon);
    tlsdiag_totals_t totals = tlsdiag_snapshot_totals(&snapshot);
    tlsdiag_snapshot_all_vhosts(&all, &snapshot);
    ok(totals.succeeded > KILLS && totals.failed > KILLS, "much was counted (%" PRIu64 " handshakes)", totals.started);
    is_int((int64_t)totals.in_progress, 0, "nobody lives, nothing is in progress");
    ok(totals.abandoned <= KILLS + CHILDREN, "each kill abandoned one at most (%" PRIu64 ")", totals.abandoned);
    uint64_t detail = all.succeeded + all.failed;
    uint64_t total = totals.succeeded + totals.failed;
    ok(detail <= total && total - detail <= KILLS + CHILDREN,
       "the vhosts' numbers lack one for each kill at most (%" PRIu64 " of %" PRIu64 ")", total - detail, total);
    forget(&snapshot);
}

static void entries_are_whole(const tlsdiag_statistics_t *statistics)
{
    tlsdiag_snapshot_t snapshot = snapshot_of(statistics, noon);
    unsigned wrong = 0, found = 0;
    for (uint32_t i = 0; i < crowded.fingerprints; i++) {
        tlsdiag_fingerprint_t fingerprint;
        if (tlsdiag_snapshot_fingerprint(&fingerprint, &snapshot, i)) {
            uint64_t key =
                tlsdiag_cell_get(&tlsdiag_table_entry(&snapshot.copy.tables[TLSDIAG_TABLE_fingerprints], i)->key);
            wrong += tlsdiag_statistics_fingerprint(statistics, fingerprint.ja4) != key;
            found++;
        }
    }
    ok(found > 8 && wrong == 0, "each entry is about what its key says (%u entries, %u wrong)", found, wrong);
    unsigned records = 0, damaged = 0;
    for (uint32_t age = 0; age < crowded.failures; age++) {
        tlsdiag_brief_t brief;
        if (tlsdiag_snapshot_failure(&brief, &snapshot, age)) {
            const char *json = (const char *)brief.json.at;
            records++;
            damaged += brief.json.length < 60 || memcmp(json + 7, brief.event_id, 16) != 0 ||
                       memcmp(json + brief.json.length - 18, brief.event_id, 16) != 0;
        }
    }
    ok(records >= crowded.failures - CHILDREN && damaged == 0, "each record kept is whole (%u records, %u damaged)",
       records, damaged);
    forget(&snapshot);
}

static void everything_still_works(tlsdiag_statistics_t *statistics)
{
    tlsdiag_process_claim(&statistics->processes, (uint32_t)getpid(), is_alive);
    tlsdiag_snapshot_t before = snapshot_of(statistics, noon);
    for (uint64_t number = 0; number < 2000; number++) {
        play_one(statistics, number);
    }
    tlsdiag_snapshot_t after = snapshot_of(statistics, noon);
    is_int((int64_t)(tlsdiag_snapshot_tally(&after, TLSDIAG_TALLY_table_updates_missed) -
                     tlsdiag_snapshot_tally(&before, TLSDIAG_TALLY_table_updates_missed)),
           0, "every bucket can be written again");
    is_int((int64_t)(tlsdiag_snapshot_tally(&after, TLSDIAG_TALLY_records_missed) -
                     tlsdiag_snapshot_tally(&before, TLSDIAG_TALLY_records_missed)),
           0, "and every slot of the rings");
    forget(&before);
    forget(&after);
}

int main(void)
{
    tlsdiag_statistics_t statistics = new_segment(&crowded);
    kill_many(&statistics);
    books_balance(&statistics);
    entries_are_whole(&statistics);
    everything_still_works(&statistics);
    return done_testing();
}
