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

/**
 * How alike two offers are. A client may draw anew for each hello what a server must not heed: GREASE values (RFC 8701), and
 * the order of its extensions (RFC 8446 4.2). Chrome and Firefox draw both or the second, Safari the first.
 */
typedef enum {
    TLSDIAG_OFFER_ANOTHER,
    TLSDIAG_OFFER_REORDERED, /**< the same but for what is drawn: JA4, JA4_r and the length of every list are the same */
    TLSDIAG_OFFER_REGREASED, /**< the same but for GREASE values: JA3 is the same too */
    TLSDIAG_OFFER_SAME       /**< ... and every list and flag of the record */
} tlsdiag_offer_match_t;

/** Hash of the offer. Two that are not TLSDIAG_OFFER_ANOTHER have equal hashes. */
uint64_t tlsdiag_offer_hash(const tlsdiag_client_hello_t *client_hello);

/**
 * Compare the offers of two ClientHellos. Whatever it returns, server_name, session_id_length, session_ticket and message_bytes
 * may differ.
 */
tlsdiag_offer_match_t tlsdiag_offer_match(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b);

#endif
