/* SPDX-License-Identifier: Apache-2.0 */
/* The parts that statistics are made of: distinct counts, histograms, series, shapes. */
#include "tap.h"

#include "statistics/estimate.h"
#include "statistics/histogram.h"
#include "statistics/series.h"
#include "statistics/shape.h"

static void estimates_stay_near(unsigned registers, unsigned things, unsigned percent)
{
    tlsdiag_cell_t cells[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    for (unsigned repeat = 0; repeat < 3; repeat++) {
        for (unsigned thing = 0; thing < things; thing++) {
            tlsdiag_estimate_add(cells, registers, tlsdiag_hash(42, &thing, sizeof thing));
        }
    }
    uint64_t estimate = tlsdiag_estimate(cells, registers);
    uint64_t error = estimate > things ? estimate - things : things - estimate;
    ok(error * 100 <= (uint64_t)things * percent, "%u things in %u registers: estimate %" PRIu64 " is within %u %%",
       things, registers, estimate, percent);
}

static void distinct_counts(void)
{
    tlsdiag_cell_t none[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    is_int((int64_t)tlsdiag_estimate(none, 256), 0, "nothing seen counts as nothing");
    estimates_stay_near(256, 1, 0);
    estimates_stay_near(64, 1, 0);
    estimates_stay_near(256, 2, 0);
    estimates_stay_near(256, 10, 10);
    estimates_stay_near(256, 100, 15);
    estimates_stay_near(256, 1000, 20);
    estimates_stay_near(256, 100000, 20);
    estimates_stay_near(256, 1000000, 20);
    estimates_stay_near(64, 10, 20);
    estimates_stay_near(64, 100000, 40);
}

/* A state file has keys that were made so (tlsdiag_hash() of another build): byte by byte, as the first one did it. */
static uint64_t hash_of_old(uint64_t seed, const uint8_t *at, size_t length)
{
#define MIX(x)                                                                                           \
    (x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9), x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb), \
     x = x ^ x >> 31)
    uint64_t hash = seed ^ length, word;
    MIX(hash);
    for (; length >= 8; at += 8, length -= 8) {
        word = 0;
        for (unsigned i = 8; i-- > 0;) {
            word = word << 8 | at[i];
        }
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 32;
    }
    for (word = 0; length > 0; length--) {
        word = word << 8 | at[length - 1];
    }
    hash ^= word;
    return MIX(hash);
#undef MIX
}

static void hashes_stay_the_same(void)
{
    uint8_t bytes[40];
    unsigned wrong = 0;
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(0xff - 7 * i);
    }
    for (size_t length = 0; length <= sizeof bytes; length++) {
        wrong += tlsdiag_hash(42 + length, bytes, length) != hash_of_old(42 + length, bytes, length);
    }
    is_int(wrong, 0, "hashes of 0 to 40 bytes are those that state files were written with");
    is_int((int64_t)(tlsdiag_hash(1, "abc", 3) >> 1), INT64_C(4813597148199717670),
           "... as 3dc8973 made that of three");
}

static void merged_sets_count_once(void)
{
    tlsdiag_cell_t a[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    tlsdiag_cell_t b[TLSDIAG_CLIENTS_CELLS(TLSDIAG_CLIENTS_LARGE)] = { 0 };
    for (unsigned thing = 0; thing < 60; thing++) {
        tlsdiag_estimate_add(a, 256, tlsdiag_hash(1, &thing, sizeof thing));
        tlsdiag_estimate_add(b, 256, tlsdiag_hash(1, &thing, sizeof thing));
    }
    uint64_t before = tlsdiag_estimate(a, 256);
    tlsdiag_estimate_merge(a, b, 256);
    is_int((int64_t)tlsdiag_estimate(a, 256), (int64_t)before, "a set merged with itself stays the same");
    for (unsigned other = 1000; other < 1060; other++) {
        tlsdiag_estimate_add(b, 256, tlsdiag_hash(1, &other, sizeof other));
    }
    tlsdiag_estimate_merge(a, b, 256);
    ok(tlsdiag_estimate(a, 256) > before + 40, "new things in the other set count");
}

static void histogram_bounds(void)
{
    static const struct {
        uint32_t us;
        unsigned bucket;
        const char *name;
    } rows[] = {
        { 0, 0, "0 lies in the first bucket" },     { 500, 0, "a bound belongs to its bucket (le)" },
        { 501, 1, "one more belongs to the next" }, { 10000000, 13, "10 s is the last bound" },
        { 10000001, 14, "more is +Inf" },           { UINT32_MAX, 14, "the largest time is +Inf" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tlsdiag_histogram_cells_t cells = { 0 };
        tlsdiag_histogram_t histogram = { 0 };
        tlsdiag_histogram_add(&cells, rows[i].us);
        tlsdiag_histogram_read(&histogram, &cells);
        is_int((int64_t)histogram.buckets[rows[i].bucket], 1, rows[i].name);
        is_int((int64_t)histogram.sum_us, rows[i].us, "... and the sum is exact");
    }
}

static void quantiles(void)
{
    tlsdiag_histogram_cells_t cells = { 0 };
    tlsdiag_histogram_t histogram = { 0 };
    is_int(tlsdiag_histogram_quantile(&histogram, 500), 0, "an empty histogram has no median");
    for (unsigned i = 0; i < 90; i++) {
        tlsdiag_histogram_add(&cells, 2000);
    }
    for (unsigned i = 0; i < 10; i++) {
        tlsdiag_histogram_add(&cells, 40000);
    }
    tlsdiag_histogram_read(&histogram, &cells);
    uint32_t median = tlsdiag_histogram_quantile(&histogram, 500);
    uint32_t p99 = tlsdiag_histogram_quantile(&histogram, 990);
    ok(median > 1000 && median <= 2500, "the median lies in its bucket (%u us)", median);
    ok(p99 > 25000 && p99 <= 50000, "the 99th percentile lies in its bucket (%u us)", p99);
    tlsdiag_histogram_add(&cells, UINT32_MAX);
    histogram = (tlsdiag_histogram_t){ 0 };
    tlsdiag_histogram_read(&histogram, &cells);
    is_int(tlsdiag_histogram_quantile(&histogram, 1000), 10000000,
           "what lies beyond all bounds is given as the last bound");
}

static void series_forget_by_themselves(void)
{
    tlsdiag_cell_t cells[TLSDIAG_MINUTES] = { 0 };
    uint64_t minute = tlsdiag_period(INT64_C(1795262400000000), TLSDIAG_MINUTE_SECONDS);
    ok(minute > (1 << 24), "today's minute is larger than a stamp");
    tlsdiag_series_add(cells, TLSDIAG_MINUTES, minute, 2);
    tlsdiag_series_add(cells, TLSDIAG_MINUTES, minute, 3);
    is_int((int64_t)tlsdiag_series_get(cells, TLSDIAG_MINUTES, minute), 5, "one minute adds up");
    is_int((int64_t)tlsdiag_series_get(cells, TLSDIAG_MINUTES, minute + 1), 0, "the next one is empty");
    is_int((int64_t)tlsdiag_series_get(cells, TLSDIAG_MINUTES, minute + TLSDIAG_MINUTES), 0,
           "the one that shares its cell is empty");
    tlsdiag_series_add(cells, TLSDIAG_MINUTES, minute + TLSDIAG_MINUTES, 1);
    is_int((int64_t)tlsdiag_series_get(cells, TLSDIAG_MINUTES, minute + TLSDIAG_MINUTES), 1, "and starts from zero");
    is_int((int64_t)tlsdiag_series_get(cells, TLSDIAG_MINUTES, minute), 0, "which forgets the old one");
    tlsdiag_cell_set(&cells[0], 0);
    is_int((int64_t)tlsdiag_period(-5, 60), 0, "a clock before 1970 is taken for 1970");
}

static void counts_do_not_wrap(void)
{
    tlsdiag_cell_t cell = UINT32_MAX;
    tlsdiag_cell_add(&cell, 1);
    ok(tlsdiag_cell_get(&cell) == UINT64_C(0x100000000), "a cell counts past 32 bits");
}

static void shapes(void)
{
    tlsdiag_shape_t shape;
    tlsdiag_wish_t wish = { .processes = 16, .vhosts = 3 };
    ok(tlsdiag_shape_choose(&shape, &wish), "the default is a shape");
    ok(tlsdiag_shape_is_sane(&shape), "and sane");
    ok(tlsdiag_shape_bytes(&shape) < 4 * 1024 * 1024, "and below 4 MiB (%zu bytes)", tlsdiag_shape_bytes(&shape));
    wish.bytes = 16 * 1024 * 1024;
    ok(tlsdiag_shape_choose(&shape, &wish), "16 MiB is a shape");
    ok(tlsdiag_shape_bytes(&shape) <= wish.bytes && tlsdiag_shape_bytes(&shape) > wish.bytes - 64 * 1024,
       "that uses what it was given (%zu bytes)", tlsdiag_shape_bytes(&shape));
    wish.bytes = 100000;
    ok(!tlsdiag_shape_choose(&shape, &wish), "100 kB is too little");
    ok(tlsdiag_shape_is_sane(&shape), "but the smallest shape is still one");
    wish = (tlsdiag_wish_t){ .processes = 100000, .vhosts = 100000, .failures = 1000000 };
    ok(tlsdiag_shape_choose(&shape, &wish) && tlsdiag_shape_is_sane(&shape),
       "an immense server is cut to what is sane");
    shape.names = 7;
    ok(!tlsdiag_shape_is_sane(&shape), "half a bucket is not sane");
}

int main(void)
{
    distinct_counts();
    hashes_stay_the_same();
    merged_sets_count_once();
    histogram_bounds();
    quantiles();
    series_forget_by_themselves();
    counts_do_not_wrap();
    shapes();
    return done_testing();
}
