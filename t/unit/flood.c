/* SPDX-License-Identifier: Apache-2.0 */
/* statistics/flood.h: what is told, what is folded, what is left out. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "statistics/flood.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static tlsdiag_flood_t flood;
static tlsdiag_folded_t seen;
static unsigned visits;

static void visit(void *context, const tlsdiag_folded_t *folded)
{
    (void)context;
    seen = *folded;
    visits++;
}

static bool asks(const char *label, int64_t now_us)
{
    tlsdiag_flood_verdict_t verdict;

    tlsdiag_flood_ask(&flood, label, now_us, &verdict);
    seen = verdict.folded;
    return verdict.tell;
}

static const int64_t second = 1000000, start = 1700000000LL * 1000000;

static void test_repeats_fold(void)
{
    memset(&flood, 0, sizeof flood);
    unsigned told = 0;
    for (unsigned i = 0; i < 100; i++) {
        told += asks("version.client_too_old client 192.0.2.1", start + i * 1000);
    }
    is_int(told, TLSDIAG_FLOOD_TOLD, "the first lines of a label are told, the rest folds");
    ok(asks("version.client_too_old client 192.0.2.2", start), "another client's line is told");
    ok(asks("version.client_too_old client 192.0.2.1", start + 61 * second), "a new window tells again");
    is_int((long)seen.count, 95, "and says how many were folded before");
    is_int((long)(seen.first_us - start), 5000, "since when");
    is_int((long)(seen.last_us - start), 99000, "until when");
}

static void test_sweep(void)
{
    memset(&flood, 0, sizeof flood);
    for (unsigned i = 0; i < 20; i++) {
        asks("probe.closed client 192.0.2.9", start);
    }
    visits = 0;
    tlsdiag_flood_sweep(&flood, start + second, false, visit, NULL);
    is_int(visits, 0, "a window that is not over is left alone");
    tlsdiag_flood_sweep(&flood, start + 61 * second, false, visit, NULL);
    is_int(visits, 1, "one that is over is told");
    is_int((long)seen.count, 15, "with its count");
    is_str(seen.label, "probe.closed client 192.0.2.9", "and its label");
    tlsdiag_flood_sweep(&flood, start + 62 * second, true, visit, NULL);
    is_int(visits, 1, "once");
}

static void test_rate(void)
{
    memset(&flood, 0, sizeof flood);
    unsigned told = 0;
    char label[64];
    for (unsigned i = 0; i < 10000; i++) {
        snprintf(label, sizeof label, "cipher.none_common client 10.0.%u.%u", i / 250, i % 250);
        told += asks(label, start);
    }
    is_int(told, TLSDIAG_FLOOD_LINES_A_SECOND, "10,000 clients in one second get the lines of a second");
    is_int((long)tlsdiag_flood_sweep(&flood, start, false, visit, NULL), 10000 - TLSDIAG_FLOOD_LINES_A_SECOND,
           "the others are counted");
    ok(asks("x", start + second), "the next second tells again");
}

static void test_dead_holder(void)
{
    memset(&flood, 0, sizeof flood);
    for (unsigned i = 0; i < TLSDIAG_FLOOD_SLOTS; i++) {
        flood.slots[i].taken_us = start;
    }
    ok(asks("y", start + 1), "a slot that somebody is in folds nothing");
    unsigned told = 0;
    for (unsigned i = 0; i < 10; i++) {
        told += asks("y", start + 3 * second);
    }
    is_int(told, TLSDIAG_FLOOD_TOLD, "a slot whose holder died is in use again after two seconds");
}

enum { ROUNDS = 10, PROCESSES = 4, LABELS = 300, ASKS = 10 * LABELS };

/* What happened to lines, in memory that all processes share. */
typedef struct crowd {
    tlsdiag_flood_t flood;
    _Atomic uint64_t told, folded;
} crowd_t;

static void count(void *crowd, const tlsdiag_folded_t *folded)
{
    atomic_fetch_add(&((crowd_t *)crowd)->folded, folded->count);
}

/* No two processes look at the clock at the same time. */
static void ask_often(crowd_t *crowd, unsigned number)
{
    tlsdiag_flood_verdict_t verdict;
    char label[32];
    for (unsigned i = 0; i < ASKS; i++) {
        snprintf(label, sizeof label, "cause client %u", i % LABELS);
        tlsdiag_flood_ask(&crowd->flood, label, start + number, &verdict);
        atomic_fetch_add(&crowd->told, verdict.tell);
        atomic_fetch_add(&crowd->folded, verdict.folded.count);
    }
}

/* Begins with empty slots, so that labels are after the same one. Returns how many lines were told, folded or left out. */
static uint64_t one_round(crowd_t *crowd)
{
    memset(crowd, 0, sizeof *crowd);
    for (unsigned i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            ask_often(crowd, i);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
        continue;
    }
    uint64_t left_out = tlsdiag_flood_sweep(&crowd->flood, start + 61 * second, true, count, crowd);
    return crowd->told + crowd->folded + left_out;
}

static void test_crowd(void)
{
    crowd_t *crowd = mmap(NULL, sizeof *crowd, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t asked = 0, folded = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        asked += one_round(crowd);
        folded += crowd->folded;
    }
    ok(folded > ROUNDS * ASKS, "several processes fold lines at once");
    is_int((long)asked, (long)ROUNDS * PROCESSES * ASKS, "each line is told, folded or left out, and counted once");
}

static void test_any_memory(void)
{
    memset(&flood, 0, sizeof flood);
    for (unsigned i = 0; i < TLSDIAG_FLOOD_SLOTS; i++) {
        flood.slots[i].taken_us = INT64_MIN;
        flood.slots[i].window_us = INT64_MIN;
        flood.slots[i].key = i;
        flood.slots[i].count = 1;
    }
    visits = 0;
    ok(asks("z", start), "times that nobody wrote: told");
    tlsdiag_flood_sweep(&flood, start, false, visit, NULL);
    is_int(visits, TLSDIAG_FLOOD_SLOTS - 1, "and swept, but for the free slot");
}

int main(void)
{
    test_repeats_fold();
    test_sweep();
    test_rate();
    test_dead_holder();
    test_crowd();
    test_any_memory();
    return done_testing();
}
