/* SPDX-License-Identifier: Apache-2.0 */
/**
 * add.h knows the three parts that take in one observation: count (add.c), note in the tables (note.c), keep for
 * reading (keep.c). It refuses to be used outside statistics/.
 */
#ifndef TLSDIAG_STATISTICS_ADD_H
#define TLSDIAG_STATISTICS_ADD_H

#include "statistics/statistics.h"

typedef enum { TLSDIAG_OUTCOME_SUCCESS, TLSDIAG_OUTCOME_FAILURE, TLSDIAG_OUTCOME_UNKNOWN } tlsdiag_outcome_t;

tlsdiag_outcome_t tlsdiag_outcome_of(const tlsdiag_diagnosis_t *diagnosis);

/** The cause's slot in the segment. */
unsigned tlsdiag_cause_slot(const tlsdiag_statistics_t *statistics, const tlsdiag_diagnosis_t *diagnosis);

/** Into the tables: fingerprint, pair, network, name, problem. Shape: client is the hash of the address. */
void tlsdiag_note(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost,
                  uint64_t client);

/** Into the rings: every record in brief, a problem's JSON whole. */
void tlsdiag_keep(tlsdiag_statistics_t *statistics, const tlsdiag_observation_t *observation, unsigned vhost);

#endif
