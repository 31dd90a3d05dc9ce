/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/histogram.h"

const uint32_t tlsdiag_bucket_bounds_us[TLSDIAG_BUCKETS] = {
    500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000, UINT32_MAX,
};

const char *const tlsdiag_bucket_bounds_text[TLSDIAG_BUCKETS] = {
    "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf",
};

void tlsdiag_histogram_add(tlsdiag_histogram_cells_t *histogram, uint32_t us)
{
    unsigned bucket = 0;
    while (us > tlsdiag_bucket_bounds_us[bucket]) {
        bucket++;
    }
    tlsdiag_cell_add(&histogram->buckets[bucket], 1);
    tlsdiag_cell_add(&histogram->sum_us, us);
}

void tlsdiag_histogram_read(tlsdiag_histogram_t *histogram, const tlsdiag_histogram_cells_t *cells)
{
    for (unsigned i = 0; i < TLSDIAG_BUCKETS; i++) {
        uint64_t n = tlsdiag_cell_get(&cells->buckets[i]);
        histogram->buckets[i] += n;
        histogram->count += n;
    }
    histogram->sum_us += tlsdiag_cell_get(&cells->sum_us);
}

static uint32_t within_bucket(unsigned bucket, double fraction)
{
    uint32_t lower = bucket ? tlsdiag_bucket_bounds_us[bucket - 1] : 0;
    if (bucket == TLSDIAG_BUCKETS - 1) {
        return lower;
    }
    return lower + (uint32_t)(fraction * (tlsdiag_bucket_bounds_us[bucket] - lower));
}

uint32_t tlsdiag_histogram_quantile(const tlsdiag_histogram_t *histogram, unsigned thousandths)
{
    double rank = (double)histogram->count * thousandths / 1000;
    double below = 0;
    for (unsigned i = 0; i < TLSDIAG_BUCKETS; i++) {
        double here = (double)histogram->buckets[i];
        if (here > 0 && below + here >= rank) {
            return within_bucket(i, (rank - below) / here);
        }
        below += here;
    }
    return 0;
}
