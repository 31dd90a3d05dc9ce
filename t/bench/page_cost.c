/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_cost VHOSTS: what a snapshot and each form of the page cost when every table of the shared memory is full, in
 * milliseconds of CPU time; where the bytes of that memory go; and what adding a handshake costs while somebody takes one
 * snapshot after the other. Prints lines of "group<tab>name<tab>value".
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>

#include "publish/snapshots.h"

enum { REPEATS = 21, ADDS = 20000, ADDS_MOST = 2000000, SNAPSHOTS = 200 };

static scenery_t scenery;
static tlsdiag_posture_t *postures;
static tlsdiag_page_vhost_t *vhosts;
static uint16_t vhosts_count;

static double now_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* ---- a server of which everything is known ---- */

static void make_server(uint16_t count)
{
    static tlsdiag_shape_t shape;
    tlsdiag_shape_choose(&shape, &(tlsdiag_wish_t){ .processes = 16, .vhosts = count });
    make_empty(&scenery);
    scenery.statistics = new_segment(&shape);
    postures = calloc(count, sizeof *postures);
    vhosts = calloc(count, sizeof *vhosts);
    vhosts_count = count;
    for (uint16_t i = 0; i < count; i++) {
        char *name = malloc(32);
        snprintf(name, 32, "host%u.example:443", i);
        postures[i] = scenery.postures[0];
        postures[i].name = name;
        vhosts[i] = (tlsdiag_page_vhost_t){ &postures[i], tlsdiag_statistics_vhost(&scenery.statistics, name) };
    }
    scenery.page.vhosts = vhosts;
    scenery.page.vhosts_count = count;
}

/* Everything that a client can choose differs from handshake to handshake, so each table takes an entry of it. */
static void vary(handshake_t *handshake, unsigned number)
{
    char name[64];
    uint16_t vhost = (uint16_t)(number % vhosts_count);
    snprintf(handshake->facts.ja4, sizeof handshake->facts.ja4, "t13d1516h2_%012x_%012x", number, number * 7);
    snprintf(name, sizeof name, "host-%u.example.test", number);
    set_name(handshake, name);
    set_address(handshake, number << 8 | 1);
    handshake->observation.vhost = vhosts[vhost].slot;
    handshake->observation.posture = &postures[vhost];
    handshake->observation.what_if = tlsdiag_what_if_concerns(&postures[vhost]);
    handshake->facts.negotiated.certificate = 1;
    handshake->facts.ended_us = noon + number;
}

static void play_success(unsigned number)
{
    char agent[64];
    handshake_t good;
    good_handshake(&good);
    vary(&good, number);
    play(&scenery.statistics, &good);
    int length = snprintf(agent, sizeof agent, "Client/%u (of the bench)", number);
    tlsdiag_statistics_user_agent(&scenery.statistics,
                                  tlsdiag_statistics_fingerprint(&scenery.statistics, good.facts.ja4),
                                  tlsdiag_bytes(agent, (size_t)length));
}

static void play_failure(unsigned number)
{
    char json[2048], id[32];
    handshake_t bad;
    bad_handshake(&bad, tlsdiag_rule_id((uint16_t)(number / vhosts_count % tlsdiag_rules_count())), TLSDIAG_ACT_CLIENT);
    vary(&bad, number);
    snprintf(id, sizeof id, "f00d-%u", number);
    int length = snprintf(json, sizeof json, busy_record, number);
    bad.observation.event_id = id;
    bad.observation.json = tlsdiag_bytes(json, (size_t)length);
    play(&scenery.statistics, &bad);
}

static void fill(void)
{
    for (unsigned i = 0; i < 40000; i++) {
        if (i % 2) {
            play_failure(i);
        } else {
            play_success(i);
        }
    }
}

/* ---- what it costs ---- */

static void measure(const char *name, void (*work)(void))
{
    double took[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        double began = now_ms(CLOCK_THREAD_CPUTIME_ID);
        work();
        took[i] = now_ms(CLOCK_THREAD_CPUTIME_ID) - began;
    }
    qsort(took, REPEATS, sizeof *took, by_size);
    printf("page\t%s\t%.2f ms\n", name, took[REPEATS / 2]);
}

/* As for each request: memory from malloc(), given back. */
static void take_snapshot(void)
{
    forget(&scenery.snapshot);
    scenery.snapshot = snapshot_of(&scenery.statistics, noon + 90000000);
    scenery.page.snapshot = &scenery.snapshot;
}

static void prepare(void)
{
    tlsdiag_page_prepare(&scenery.page);
}

static form_t form;

static void write_form(void)
{
    if (render(&scenery, form) == 0) {
        fprintf(stderr, "page_cost: nothing was written as %s\n", form_names[form]);
        exit(1);
    }
}

static void measure_page(void)
{
    measure("snapshot", take_snapshot);
    measure("prepare", prepare);
    for (form = AS_OVERVIEW; form < FORMS; form++) {
        measure(form_names[form], write_form);
        printf("page\t%s\t%zu bytes\n", form_names[form], written.length);
    }
}

static void print_memory(void)
{
    const tlsdiag_shape_t *shape = &scenery.statistics.shape;
    printf("memory\theader\t%zu\n", sizeof(tlsdiag_segment_t));
    printf("memory\tprocesses\t%zu\n", shape->children * sizeof(tlsdiag_child_t));
    printf("memory\tvhosts\t%zu\n", shape->vhosts * sizeof(tlsdiag_vhost_cells_t));
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        tlsdiag_table_usage_t usage = tlsdiag_snapshot_table(&scenery.snapshot, table);
        printf("memory\t%s, %u of %u entries in use\t%zu\n", usage.name, usage.used, usage.size,
               8 * tlsdiag_table_cells(usage.size, tlsdiag_shape_entry_cells(table)));
    }
    printf("memory\trecords, %u in brief\t%zu\n", shape->records, shape->records * sizeof(tlsdiag_record_cells_t));
    printf("memory\tfailures, %u whole\t%zu\n", shape->failures, shape->failures * sizeof(tlsdiag_failure_cells_t));
    printf("memory\tall\t%zu\n", tlsdiag_shape_bytes(shape));
}

/* ---- and does it hold up a handshake? ---- */

static bool stop_reading;
static unsigned snapshots_taken;

static void *read_on(void *unused)
{
    while (!__atomic_load_n(&stop_reading, __ATOMIC_RELAXED)) {
        tlsdiag_snapshot_t snapshot = snapshot_of(&scenery.statistics, noon);
        forget(&snapshot);
        __atomic_fetch_add(&snapshots_taken, 1, __ATOMIC_RELAXED);
    }
    return unused;
}

/* Until so many snapshots were taken meanwhile: on a busy machine the reader may not run for a while. Returns how many. */
static unsigned measure_adding(const char *when, unsigned snapshots)
{
    static double took[ADDS];
    unsigned i = 0;
    for (; i < ADDS || (__atomic_load_n(&snapshots_taken, __ATOMIC_RELAXED) < snapshots && i < ADDS_MOST); i++) {
        double began = now_ms(CLOCK_MONOTONIC);
        play_failure(50000 + i);
        took[i % ADDS] = now_ms(CLOCK_MONOTONIC) - began;
    }
    qsort(took, ADDS, sizeof *took, by_size);
    printf("adding\t%s\tmedian %.1f us, p99 %.1f us\n", when, took[ADDS / 2] * 1e3, took[ADDS - ADDS / 100] * 1e3);
    return i;
}

static void measure_blocking(void)
{
    pthread_t reader;
    unsigned added = measure_adding("alone", 0);
    uint64_t missed = 0;
    pthread_create(&reader, NULL, read_on, NULL);
    added += measure_adding("while snapshots are taken without a pause", SNAPSHOTS);
    __atomic_store_n(&stop_reading, true, __ATOMIC_RELAXED);
    pthread_join(reader, NULL);
    take_snapshot();
    missed += tlsdiag_snapshot_tally(&scenery.snapshot, TLSDIAG_TALLY_records_missed);
    missed += tlsdiag_snapshot_tally(&scenery.snapshot, TLSDIAG_TALLY_table_updates_missed);
    printf("adding\tsnapshots taken\t%u\nadding\tupdates missed\t%llu of %u\n", snapshots_taken,
           (unsigned long long)missed, added);
}

int main(int argc, char **argv)
{
    unsigned long count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (count < 1 || count > 10000) {
        return fputs("usage: page_cost VHOSTS\n", stderr), 2;
    }
    make_server((uint16_t)count);
    fill();
    measure_page();
    print_memory();
    measure_blocking();
    return 0;
}
