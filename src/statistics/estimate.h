/* SPDX-License-Identifier: Apache-2.0 */
/**
 * estimate.h knows how many different things were seen, approximately, without keeping any of them: HyperLogLog
 * (Flajolet, Fusy, Gandouet, Meunier, 2007), with linear counting (Whang et al., 1990) while few were seen.
 * It refuses to know what the things are.
 *
 * Error (one standard deviation): 256 registers 6.5 %, 64 registers 13 %; below some 50 or 200 things it is
 * exact to a few percent, and one thing always counts as one.
 */
#ifndef TLSDIAG_STATISTICS_ESTIMATE_H
#define TLSDIAG_STATISTICS_ESTIMATE_H

#include "statistics/cells.h"

/** Note one thing by its hash. Shape: registers is a power of two from 16 to 256, eight of them in a cell. */
void tlsdiag_estimate_add(tlsdiag_cell_t *cells, unsigned registers, uint64_t hash);

/** How many different hashes were noted. */
uint64_t tlsdiag_estimate(const tlsdiag_cell_t *cells, unsigned registers);

/** Make `into` the union of both sets. Shape: both have the same number of registers; into is private. */
void tlsdiag_estimate_merge(tlsdiag_cell_t *into, const tlsdiag_cell_t *cells, unsigned registers);

/** A 64-bit hash of bytes; who does not know the seed cannot choose collisions offline. */
uint64_t tlsdiag_hash(uint64_t seed, const void *bytes, size_t length);

#endif
