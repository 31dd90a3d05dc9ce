/* SPDX-License-Identifier: Apache-2.0 */
/**
 * known_verdict.h knows the verdicts that this process came to a moment ago, for clients that fail again and again.
 * It refuses to know when a verdict is the same (diagnose/repeat.h).
 *
 * Bounded: a few verdicts, each in the place that its handshake falls into. Safe from any thread.
 */
#ifndef TLSDIAG_APACHE_KNOWN_VERDICT_H
#define TLSDIAG_APACHE_KNOWN_VERDICT_H

#include "apache/module.h"
#include "diagnose/diagnosis.h"

/** Begin to remember, in this process, as long as it lives. Without it each handshake is judged anew. */
void tlsdiag_known_verdicts_open(void);

/**
 * tlsdiag_judge(), from memory where it would say the same.
 *
 * Writes   all of *diagnosis; *key is scratch.
 */
void tlsdiag_known_verdict(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_facts_t *facts,
                           const tlsdiag_posture_t *posture, apr_uint64_t revoked_reports, tlsdiag_facts_t *key);

#endif
