/* SPDX-License-Identifier: Apache-2.0 */
/**
 * spares.h knows how to keep a few blocks of memory at hand that threads take and give back: blocks so large that malloc() would
 * search for each, and tidy up all its small ones on the way. It refuses to know what is in them, and to make them.
 */
#ifndef TLSDIAG_BASE_SPARES_H
#define TLSDIAG_BASE_SPARES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/** A place for one block; zero: there is none in it. */
typedef _Atomic(void *) tlsdiag_spare_t;

/** Returns a block that was kept in one of count places, the caller's now; NULL: there is none. */
static inline void *tlsdiag_spare_take(tlsdiag_spare_t *spares, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        void *block = atomic_load_explicit(&spares[i], memory_order_relaxed) ? atomic_exchange(&spares[i], NULL) : NULL;
        if (block) {
            return block;
        }
    }
    return NULL;
}

/** Returns whether block is kept now; false: all places are taken, it stays the caller's to free. */
static inline bool tlsdiag_spare_keep(tlsdiag_spare_t *spares, unsigned count, void *block)
{
    for (unsigned i = 0; i < count; i++) {
        void *nobody = NULL;
        if (!atomic_load_explicit(&spares[i], memory_order_relaxed) &&
            atomic_compare_exchange_strong(&spares[i], &nobody, block)) {
            return true;
        }
    }
    return false;
}

/** Keep block, which malloc() made, or free it where all places are taken. */
static inline void tlsdiag_spare_give_back(tlsdiag_spare_t *spares, unsigned count, void *block)
{
    if (!tlsdiag_spare_keep(spares, count, block)) {
        free(block);
    }
}

/** Free all that is kept. */
static inline void tlsdiag_spares_free(tlsdiag_spare_t *spares, unsigned count)
{
    void *block;

    while ((block = tlsdiag_spare_take(spares, count)) != NULL) {
        free(block);
    }
}

#endif
