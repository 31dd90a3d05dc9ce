/* SPDX-License-Identifier: Apache-2.0 */
/**
 * histogram.h knows the bounds of the handshake-time buckets and what can be said from their counts.
 * It refuses to know which handshakes were counted.
 */
#ifndef TLSDIAG_STATISTICS_HISTOGRAM_H
#define TLSDIAG_STATISTICS_HISTOGRAM_H

#include "statistics/layout.h"

/** A private copy of a histogram. */
typedef struct tlsdiag_histogram {
    uint64_t buckets[TLSDIAG_BUCKETS]; /**< each counts its own */
    uint64_t sum_us;
    uint64_t count; /**< of all buckets */
} tlsdiag_histogram_t;

/** Upper bounds, inclusive, in microseconds: 1-2.5-5 steps; the last bucket has none (UINT32_MAX stands for +Inf). */
extern const uint32_t tlsdiag_bucket_bounds_us[TLSDIAG_BUCKETS];
/** The same in seconds as Prometheus writes them: "0.0005", ..., "10", "+Inf". */
extern const char *const tlsdiag_bucket_bounds_text[TLSDIAG_BUCKETS];

void tlsdiag_histogram_add(tlsdiag_histogram_cells_t *histogram, uint32_t us);

/** Add what the cells hold to *histogram. */
void tlsdiag_histogram_read(tlsdiag_histogram_t *histogram, const tlsdiag_histogram_cells_t *cells);

/**
 * The time below which so many thousandths of the handshakes stayed, in microseconds: 500 is the median.
 * Linear within a bucket; in the last bucket its lower bound. 0 when nothing was counted.
 */
uint32_t tlsdiag_histogram_quantile(const tlsdiag_histogram_t *histogram, unsigned thousandths);

#endif
