/* SPDX-License-Identifier: Apache-2.0 */
/**
 * known_verdict.h knows the verdicts that this process came to a moment ago, for clients that fail again and again, and how
 * such a failure is told. It refuses to know when a verdict is the same (diagnose/repeat.h), and to render (publish/fragment.h).
 *
 * Bounded: a few verdicts, each in the place that its handshake falls into. Safe from any thread.
 */
#ifndef TLSDIAG_APACHE_KNOWN_VERDICT_H
#define TLSDIAG_APACHE_KNOWN_VERDICT_H

#include "apache/module.h"
#include "collect/handshake.h"
#include "diagnose/diagnosis.h"
#include "publish/event.h"

/** A verdict that is remembered, held by whoever uses it. */
typedef struct tlsdiag_known_verdict tlsdiag_known_verdict_t;

/**
 * tlsdiag_judge() of the recording's facts, from memory where it would say the same.
 *
 * Writes   *known: the verdict if it was remembered, to be given back with tlsdiag_known_verdict_release(); else NULL.
 * Returns  the diagnosis, read only: that of *known, as long as it is held, or *scratch.
 */
const tlsdiag_diagnosis_t *tlsdiag_known_verdict_find(tlsdiag_known_verdict_t **known, tlsdiag_diagnosis_t *scratch,
                                                      const tlsdiag_recording_t *recording,
                                                      const tlsdiag_posture_t *posture, apr_uint64_t revoked_reports);

/** Put how such a failure is told into event, which is of this verdict, rendering it if this is the second of its kind. */
void tlsdiag_known_verdict_use(tlsdiag_event_t *event, tlsdiag_known_verdict_t *known);

/** known may be NULL. */
void tlsdiag_known_verdict_release(tlsdiag_known_verdict_t *known);

#endif
