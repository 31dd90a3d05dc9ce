/* SPDX-License-Identifier: Apache-2.0 */
/**
 * offer.h knows which part of a ClientHello is the client's habit and which belongs to the one connection: what it
 * offers, against name, session, tickets, keys and sizes. It refuses to know what the habit is used for (a cache: real
 * clients repeat themselves, and fingerprints and names are dear to make anew).
 */
#ifndef TLSDIAG_DECODE_OFFER_H
#define TLSDIAG_DECODE_OFFER_H

#include "facts.h"

/**
 * Whether all of the offer stands in *client_hello: complete, well formed, no list longer than what is kept. Only then
 * the two functions below may be asked.
 */
bool tlsdiag_offer_is_whole(const tlsdiag_client_hello_t *client_hello);

/** Hash of the offer. Equal offers have equal hashes. */
uint64_t tlsdiag_offer_hash(const tlsdiag_client_hello_t *client_hello);

/**
 * Whether two ClientHellos make the same offer. Then JA3, JA4 and every list and flag of the record are the same too;
 * server_name, session_id_length, session_ticket and message_bytes may differ.
 */
bool tlsdiag_offer_equals(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b);

#endif
