/* SPDX-License-Identifier: Apache-2.0 */
/**
 * repeat.h knows when the verdict on one handshake is, letter for letter, the verdict on another: what a verdict can rest on,
 * and what is mere circumstance. It refuses to keep verdicts: that is the caller's cache.
 *
 * A client that is refused comes again, and to judge it costs more than to have shaken hands. Circumstance is a short list of
 * members; all others count, so a fact that is new in facts.h counts until somebody says otherwise here.
 */
#ifndef TLSDIAG_DIAGNOSE_REPEAT_H
#define TLSDIAG_DIAGNOSE_REPEAT_H

#include <stddef.h>

#include "diagnose/diagnosis.h"

/** Is it a handshake of the kind that repeats: it was ended by an alert in answer to a ClientHello, whole and well kept? */
bool tlsdiag_verdict_may_repeat(const tlsdiag_facts_t *facts);

/**
 * What of facts a verdict can rest on. Of two handshakes with equal bytes here, posture and revoked_reports tlsdiag_judge()
 * says the same, if tlsdiag_verdict_may_repeat() of both and nothing varies in one verdict (tlsdiag_diagnosis_t).
 *
 * Shape    posture may be NULL.
 * Writes   all of *key: facts without address, port, ids, sizes, times and JA3. ended_us is how many of the dates have passed on
 *          which one of our certificates becomes or ceases to be valid: nothing else is asked of the clock.
 */
void tlsdiag_verdict_key(tlsdiag_facts_t *key, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture);

/** Is the member that stands at offset in tlsdiag_facts_t mere circumstance, so that it may differ where the verdict is the same? */
bool tlsdiag_is_circumstance(size_t offset);

/**
 * Is it what tlsdiag_verdict_key() would write, but for what the client draws anew for each ClientHello (decode/offer.h)? No rule
 * asks for that, and the texts that show it vary. Without writing it: facts are large.
 *
 * Shape    same_hello_but_name: the caller knows that the ClientHellos of both differ in server_name at most.
 */
bool tlsdiag_verdict_key_fits(const tlsdiag_facts_t *key, const tlsdiag_facts_t *facts,
                              const tlsdiag_posture_t *posture, bool same_hello_but_name);

#endif
