/* SPDX-License-Identifier: Apache-2.0 */
/**
 * holders.h knows how many hold a thing that threads share, and who lets go of it last. It refuses to free anything.
 *
 * A thing begins with as many holders as its maker says. Whoever takes one more has it from somebody who holds it, or from a
 * place behind a lock: so nobody can let go of it last in between.
 */
#ifndef TLSDIAG_BASE_HOLDERS_H
#define TLSDIAG_BASE_HOLDERS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef _Atomic uint32_t tlsdiag_holders_t;

static inline void tlsdiag_hold(tlsdiag_holders_t *holders)
{
    atomic_fetch_add(holders, 1);
}

/** Returns true for the last one, who has to free it. */
static inline bool tlsdiag_let_go(tlsdiag_holders_t *holders)
{
    return atomic_fetch_sub(holders, 1) == 1;
}

#endif
