/* SPDX-License-Identifier: Apache-2.0 */
/**
 * series.h knows how to count by minute or by hour in a fixed number of cells. It refuses to clear anything.
 *
 * A cell carries its own date: number of the period (24 bits) << 40 | count (40 bits). Whoever finds an old date
 * starts anew, in the same compare-and-swap that adds, so there is no half-cleared cell for a SIGKILL to leave
 * behind. A clock that jumps costs the periods it jumps over, nothing else. 24 bits of minutes last 31 years.
 */
#ifndef TLSDIAG_STATISTICS_SERIES_H
#define TLSDIAG_STATISTICS_SERIES_H

#include "statistics/cells.h"

enum { TLSDIAG_MINUTE_SECONDS = 60, TLSDIAG_TEN_MINUTES_SECONDS = 600, TLSDIAG_HOUR_SECONDS = 3600 };

/** Number of the period of so many seconds that a wall-clock time lies in. */
static inline uint64_t tlsdiag_period(int64_t us, unsigned seconds)
{
    return us < 0 ? 0 : (uint64_t)us / 1000000 / seconds;
}

/** Add n to the period's cell among cells[length]. */
static inline void tlsdiag_series_add(tlsdiag_cell_t *cells, unsigned length, uint64_t period, uint64_t n)
{
    tlsdiag_cell_t *cell = &cells[period % length];
    uint64_t stamp = period << 40;
    uint64_t old = tlsdiag_cell_get(cell);
    uint64_t next;
    do {
        next = old >> 40 == stamp >> 40 ? old + n : stamp | n;
    } while (!atomic_compare_exchange_weak_explicit(cell, &old, next, memory_order_relaxed, memory_order_relaxed));
}

/** What was counted in the period; 0 when its cell is about another one. */
static inline uint64_t tlsdiag_series_get(const tlsdiag_cell_t *cells, unsigned length, uint64_t period)
{
    uint64_t word = tlsdiag_cell_get(&cells[period % length]);
    return word >> 40 == (period & 0xffffff) ? word & ((UINT64_C(1) << 40) - 1) : 0;
}

#endif
