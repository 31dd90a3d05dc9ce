/* SPDX-License-Identifier: Apache-2.0 */
/**
 * known_text.h knows the parts of a record's JSON that were rendered before: what a kind of client offers, and how its
 * plain successes went. It refuses to render anything itself (publish/fragment.h) and to know who is the same client
 * (collect/client_cache.h).
 */
#ifndef TLSDIAG_APACHE_KNOWN_TEXT_H
#define TLSDIAG_APACHE_KNOWN_TEXT_H

#include "collect/client_cache.h"
#include "publish/event.h"

/**
 * Put what is known of client into event->client and event->outcome, rendering what is missing for the next time.
 *
 * Shape    client may be NULL, and out of memory nothing is put in: then all is rendered anew.
 * Lifetime what was put in lives as long as the client is held.
 */
void tlsdiag_known_text_use(tlsdiag_client_t *client, tlsdiag_event_t *event);

#endif
