/* SPDX-License-Identifier: Apache-2.0 */
/**
 * traits.h knows which of counters.inc's TRAITs a completed handshake has. It refuses to know anything about failures.
 */
#ifndef TLSDIAG_STATISTICS_TRAITS_H
#define TLSDIAG_STATISTICS_TRAITS_H

#include "facts.h"
#include "statistics/layout.h"

/** Count each trait the handshake has. Shape: facts of a completed handshake. */
void tlsdiag_traits_add(tlsdiag_vhost_cells_t *vhost, const tlsdiag_facts_t *facts);

/** The certificate that was sent does not cover the name that was asked for. false when no certificate was sent. */
bool tlsdiag_name_not_covered(const tlsdiag_facts_t *facts);

#endif
