/* SPDX-License-Identifier: Apache-2.0 */
/**
 * known_text.h knows the parts of a record's JSON that were rendered before: what a kind of client offers, and how plain
 * successes went. It refuses to render anything itself (publish/fragment.h) and to know who is the same client
 * (collect/client_cache.h).
 */
#ifndef TLSDIAG_APACHE_KNOWN_TEXT_H
#define TLSDIAG_APACHE_KNOWN_TEXT_H

#include "apache/module.h"
#include "collect/client_cache.h"
#include "publish/event.h"

/** How a plain success went, held by whoever uses it. */
typedef struct tlsdiag_known_outcome tlsdiag_known_outcome_t;

/**
 * Put what is known of client and of such an outcome into event->client and event->outcome, rendering what is missing for the
 * next time.
 *
 * Shape    client may be NULL, and out of memory nothing is put in: then all is rendered anew.
 * Returns  the outcome, to be given back with tlsdiag_known_outcome_release(); NULL: it is no plain success.
 * Lifetime what was put in lives as long as the client and the outcome are held.
 */
tlsdiag_known_outcome_t *tlsdiag_known_text_use(tlsdiag_event_t *event, tlsdiag_client_t *client);

/** outcome may be NULL. */
void tlsdiag_known_outcome_release(tlsdiag_known_outcome_t *outcome);

#endif
