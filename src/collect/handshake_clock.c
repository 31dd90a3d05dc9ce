/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clocks, apart from those who ask: inlined there, their timespec would bring its stack guard into functions that run for
 * each message and seldom want the time.
 */
#include <time.h>

#include "collect/handshake_callbacks.h"

static int64_t microseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t tlsdiag_monotonic_us(void)
{
    return microseconds(CLOCK_MONOTONIC);
}

int64_t tlsdiag_wall_us(void)
{
    return microseconds(CLOCK_REALTIME);
}

uint32_t tlsdiag_recording_elapsed_us(const tlsdiag_recording_t *recording)
{
    int64_t elapsed = tlsdiag_monotonic_us() - recording->start_us;

    /* 0 means "did not happen" in tlsdiag_timing_t. */
    return elapsed <= 0 ? 1 : elapsed > UINT32_MAX ? UINT32_MAX : (uint32_t)elapsed;
}
