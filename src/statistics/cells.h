/* SPDX-License-Identifier: Apache-2.0 */
/**
 * cells.h knows the only thing that shared memory is made of here: 64-bit cells that many processes read and write
 * at once. It refuses to know what a cell counts.
 *
 * Everything in the segment is a cell, text included, so every access is a relaxed atomic one: no torn number, no
 * data race for a sanitizer to find, and a private copy of the segment is simply an array of uint64_t. One exception:
 * tlsdiag_cells_put_text().
 */
#ifndef TLSDIAG_STATISTICS_CELLS_H
#define TLSDIAG_STATISTICS_CELLS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef _Atomic uint64_t tlsdiag_cell_t;

_Static_assert(sizeof(tlsdiag_cell_t) == sizeof(uint64_t), "a copy of cells is an array of uint64_t");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a lock hidden inside an atomic would not survive SIGKILL");

/** Cells that hold so many bytes of text. */
#define TLSDIAG_TEXT_CELLS(bytes) (((bytes) + 7) / 8)

static inline uint64_t tlsdiag_cell_get(const tlsdiag_cell_t *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed);
}

static inline void tlsdiag_cell_set(tlsdiag_cell_t *cell, uint64_t value)
{
    atomic_store_explicit(cell, value, memory_order_relaxed);
}

static inline void tlsdiag_cell_add(tlsdiag_cell_t *cell, uint64_t n)
{
    atomic_fetch_add_explicit(cell, n, memory_order_relaxed);
}

/** Add where the caller holds the lock that covers the cell: nobody else writes it. */
static inline void tlsdiag_cell_add_owned(tlsdiag_cell_t *cell, uint64_t n)
{
    tlsdiag_cell_set(cell, tlsdiag_cell_get(cell) + n);
}

static inline void tlsdiag_cell_put(tlsdiag_cell_t *to, const char *from)
{
    uint64_t word;
    memcpy(&word, from, 8);
    tlsdiag_cell_set(to, word);
}

/** Copy as many bytes as the cells have; all of them must be there. Eight at a time: no compiler does it for atomics. */
static inline void tlsdiag_cells_put_all(tlsdiag_cell_t *to, size_t cells, const void *from)
{
    const char *at = from;
    size_t i = 0;
    for (; i + 8 <= cells; i += 8, at += 64) {
        tlsdiag_cell_put(&to[i], at);
        tlsdiag_cell_put(&to[i + 1], at + 8);
        tlsdiag_cell_put(&to[i + 2], at + 16);
        tlsdiag_cell_put(&to[i + 3], at + 24);
        tlsdiag_cell_put(&to[i + 4], at + 32);
        tlsdiag_cell_put(&to[i + 5], at + 40);
        tlsdiag_cell_put(&to[i + 6], at + 48);
        tlsdiag_cell_put(&to[i + 7], at + 56);
    }
    for (; i < cells; i++, at += 8) {
        tlsdiag_cell_put(&to[i], at);
    }
}

/** Copy bytes into cells; the rest of them becomes zero. What does not fit is cut. */
static inline void tlsdiag_cells_put(tlsdiag_cell_t *to, size_t cells, const void *from, size_t bytes)
{
    size_t whole = bytes / 8 < cells ? bytes / 8 : cells;
    size_t left = whole < cells ? bytes % 8 : 0;
    const char *at = (const char *)from + whole * 8;
    tlsdiag_cells_put_all(to, whole, from);
    for (size_t i = whole; i < cells; i++, left = 0) {
        uint64_t word = 0;
        if (left > 0) {
            memcpy(&word, at, left);
        }
        tlsdiag_cell_set(&to[i], word);
    }
}

/** Copy the first cells that bytes need, and no more: for texts whose length stands elsewhere. */
static inline void tlsdiag_cells_put_part(tlsdiag_cell_t *to, size_t cells, const void *from, size_t bytes)
{
    size_t needed = TLSDIAG_TEXT_CELLS(bytes);
    tlsdiag_cells_put(to, needed < cells ? needed : cells, from, bytes);
}

#if defined(__SANITIZE_THREAD__)
#define TLSDIAG_UNDER_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TLSDIAG_UNDER_THREAD_SANITIZER 1
#endif
#endif

/**
 * tlsdiag_cells_put_part() of a text of kilobytes, by memcpy(): a tenth of the instructions. No reader may take a word of it
 * for whole before a lock or a ticket, written behind it, says so; then how the bytes came there is nobody's business.
 */
static inline void tlsdiag_cells_put_text(tlsdiag_cell_t *to, size_t cells, const void *from, size_t bytes)
{
#ifdef TLSDIAG_UNDER_THREAD_SANITIZER /* it sees what the C standard calls a race */
    tlsdiag_cells_put_part(to, cells, from, bytes);
#else
    memcpy((void *)to, from, bytes < cells * 8 ? bytes : cells * 8);
#endif
}

static inline void tlsdiag_cells_clear(tlsdiag_cell_t *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tlsdiag_cell_set(&cells[i], 0);
    }
}

/** Copy cells to cells. */
static inline void tlsdiag_cells_copy(tlsdiag_cell_t *to, const tlsdiag_cell_t *from, size_t cells)
{
    size_t i = 0;
    for (; i + 4 <= cells; i += 4) {
        tlsdiag_cell_set(&to[i], tlsdiag_cell_get(&from[i]));
        tlsdiag_cell_set(&to[i + 1], tlsdiag_cell_get(&from[i + 1]));
        tlsdiag_cell_set(&to[i + 2], tlsdiag_cell_get(&from[i + 2]));
        tlsdiag_cell_set(&to[i + 3], tlsdiag_cell_get(&from[i + 3]));
    }
    for (; i < cells; i++) {
        tlsdiag_cell_set(&to[i], tlsdiag_cell_get(&from[i]));
    }
}

static inline void tlsdiag_cells_get(uint64_t *to, const tlsdiag_cell_t *from, size_t cells)
{
    for (size_t i = 0; i < cells; i++) {
        to[i] = tlsdiag_cell_get(&from[i]);
    }
}

/** Copy so many bytes out of cells: what tlsdiag_cells_put() copied into them. */
static inline void tlsdiag_cells_load(void *to, const tlsdiag_cell_t *from, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += sizeof(uint64_t), from++) {
        uint64_t word = tlsdiag_cell_get(from);
        memcpy((char *)to + at, &word, bytes - at < sizeof word ? bytes - at : sizeof word);
    }
}

#endif
