/* SPDX-License-Identifier: Apache-2.0 */
/**
 * flood.h knows when one more line about the same thing would be noise: repeats of one label fold into a count, and all
 * lines together stay below a number each second. It refuses to know what a line says and where it goes.
 *
 * Lives in memory that all processes share, zeroed at first. Every function may be called by many threads and processes
 * at once; none waits. A process that dies inside one holds up its slot for TLSDIAG_FLOOD_STALE_US at most.
 */
#ifndef TLSDIAG_STATISTICS_FLOOD_H
#define TLSDIAG_STATISTICS_FLOOD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TLSDIAG_FLOOD_SLOTS = 1024,
    TLSDIAG_FLOOD_WAYS = 8,    /**< slots a label may be in */
    TLSDIAG_FLOOD_LABEL = 192, /**< bytes of a label, its NUL included; a longer one is cut */
    TLSDIAG_FLOOD_TOLD = 5,    /**< lines of one label in a window before the rest folds */
    TLSDIAG_FLOOD_WINDOW_US = 60000000,
    TLSDIAG_FLOOD_STALE_US = 2000000,
    TLSDIAG_FLOOD_LINES_A_SECOND = 50 /**< of all labels together */
};

/** Lines that were not written, of one label. */
typedef struct tlsdiag_folded {
    char label[TLSDIAG_FLOOD_LABEL];
    uint64_t count;
    int64_t first_us, last_us; /**< wall clock, of the first and the last of them */
} tlsdiag_folded_t;

typedef struct tlsdiag_flood_slot {
    _Atomic int64_t taken_us; /**< since when a process is inside; 0: nobody is */

    /* What a slot is chosen by: written inside, and read by those who are not. */
    _Atomic uint64_t key;      /**< hash of the label; 0: free */
    _Atomic int64_t window_us; /**< when the window began */
    _Atomic uint64_t count;    /**< lines folded in it */

    /* Only for who is inside. */
    uint32_t told;
    int64_t first_us, last_us; /**< of the lines folded */
    char label[TLSDIAG_FLOOD_LABEL];
} tlsdiag_flood_slot_t;

typedef struct tlsdiag_flood {
    _Atomic int64_t second; /**< that lines_in_second counts */
    _Atomic uint32_t lines_in_second;
    _Atomic uint64_t left_out; /**< lines over the number, not reported yet */
    tlsdiag_flood_slot_t slots[TLSDIAG_FLOOD_SLOTS];
} tlsdiag_flood_t;

/** What to do with a line. */
typedef struct tlsdiag_flood_verdict {
    bool tell;
    tlsdiag_folded_t folded; /**< tell: what was folded under this label before; count 0: nothing */
} tlsdiag_flood_verdict_t;

/**
 * Ask before a line is written.
 *
 * Units    now_us is the wall clock, microseconds since 1970. A clock set back by more than TLSDIAG_FLOOD_STALE_US begins
 *          new windows, no more.
 * Broken   a slot that another process is in, or no free slot: the line is told, within the number for each second.
 */
void tlsdiag_flood_ask(tlsdiag_flood_t *flood, const char *label, int64_t now_us, tlsdiag_flood_verdict_t *verdict);

/**
 * Tell what is due: each label whose window is over and that folded something, and how many lines of the past seconds were
 * left out (returned). everything: also of windows that are not over yet, for the end of the server.
 */
uint64_t tlsdiag_flood_sweep(tlsdiag_flood_t *flood, int64_t now_us, bool everything,
                             void (*visit)(void *context, const tlsdiag_folded_t *folded), void *context);

#endif
