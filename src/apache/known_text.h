/* SPDX-License-Identifier: Apache-2.0 */
/**
 * known_text.h knows the parts of a record's JSON that were rendered before: what a kind of client offers, and how plain
 * successes went. It refuses to render anything itself (publish/fragment.h) and to know who is the same client
 * (collect/client_cache.h).
 */
#ifndef TLSDIAG_APACHE_KNOWN_TEXT_H
#define TLSDIAG_APACHE_KNOWN_TEXT_H

#include "apache/module.h"
#include "collect/handshake.h"
#include "publish/event.h"

/** How a plain success went, held by whoever uses it. */
typedef struct tlsdiag_known_outcome tlsdiag_known_outcome_t;

/**
 * Put what is known of the recording's client and of such an outcome into event->client and event->outcome, rendering what is
 * missing for the next time.
 *
 * Shape    there may be no client, and out of memory nothing is put in: then all is rendered anew. room is where the client's
 *          text goes when it has to be changed for this hello.
 * Returns  the outcome, to be given back with tlsdiag_known_outcome_release(); NULL: it is no plain success.
 * Lifetime what was put in lives as long as the client and the outcome are held, and room is left alone.
 */
tlsdiag_known_outcome_t *tlsdiag_known_text_use(tlsdiag_event_t *event, const tlsdiag_recording_t *recording,
                                                tlsdiag_client_text_t *room);

/** outcome may be NULL. */
void tlsdiag_known_outcome_release(tlsdiag_known_outcome_t *outcome);

#endif
