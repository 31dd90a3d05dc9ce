/* SPDX-License-Identifier: Apache-2.0 */
/**
 * client_cache.h knows the clients that this process has met, by what they offer: their fingerprints, and a place for
 * what others make of them once. It refuses to know what that is.
 *
 * Real clients repeat themselves: the digests of JA3 and JA4 and the text of a record's lists cost more than all else
 * (performance.md), so they are made once for each offer. Browsers draw GREASE values and the order of extensions anew for each
 * hello: they are one client all the same, and JA3 alone is made again. Bounded: TLSDIAG_CLIENTS_KEPT entries, the one longest not
 * asked for gives way. Safe from any thread.
 */
#ifndef TLSDIAG_COLLECT_CLIENT_CACHE_H
#define TLSDIAG_COLLECT_CLIENT_CACHE_H

#include <stdatomic.h>

#include "base/bytes.h"
#include "base/holders.h"
#include "facts.h"

enum {
    TLSDIAG_CLIENTS_KEPT = 256,
    TLSDIAG_STENCILS_KEPT = 64,      /**< of clients that came again: four kilobytes each */
    TLSDIAG_FINGERPRINT_TEXTS = 1024 /**< longer ones are scanners' */
};

/** One kind of client. Read only but for the counters; lives while it is held. */
typedef struct tlsdiag_client {
    tlsdiag_client_hello_t offer; /**< the first ClientHello that made it */
    uint64_t hash;
    char ja3[33], ja4[40];             /**< empty: no digest on this host */
    tlsdiag_bytes_t ja3_string, ja4_r; /**< in texts; empty: too long for it */
    char texts[TLSDIAG_FINGERPRINT_TEXTS];
    uint64_t asked_at; /**< the cache's own clock */
    tlsdiag_holders_t holders;
    _Atomic uint64_t fingerprint; /**< the number that statistics know it by; 0: nobody asked yet */
    _Atomic(void *) text;         /**< what a sink made for it, on the heap; NULL: nothing yet. Freed with the entry. */
} tlsdiag_client_t;

/** What a client draws for each hello (offer.h), where it is not as in the hello that made its entry. */
typedef struct tlsdiag_drawn {
    bool anew;                  /**< it is not: no two such hellos need be alike */
    uint16_t ja3_string_length; /**< 0: it is the client's, or too long */
    char ja3_string[TLSDIAG_FINGERPRINT_TEXTS];
} tlsdiag_drawn_t;

/**
 * Decode message, a whole ClientHello's body, by what is known of a client that sends such ones (stencil.h).
 *
 * Writes   *stencil: a number, not 0 and never given twice in a process. Whatever was decoded under the same one is the
 *          same, but for the name.
 * Returns  the client, to be given back with tlsdiag_client_release(), client_hello, ja3 and ja4 filled in; NULL: none is
 *          known, nothing is written. Then decode it, and ask tlsdiag_client_find().
 */
tlsdiag_client_t *tlsdiag_client_recognise(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message, char ja3[33],
                                           char ja4[40], uint64_t *stencil);

/**
 * The kind of client that sent client_hello, and its fingerprints into ja3 and ja4.
 *
 * Shape    message is the body that client_hello was decoded from; *drawn is zero but for the text.
 * Returns  the client, to be given back with tlsdiag_client_release(); NULL: its offer is not whole or there is no
 *          room: then the fingerprints were made for this once.
 */
tlsdiag_client_t *tlsdiag_client_find(const tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message, char ja3[33],
                                      char ja4[40], tlsdiag_drawn_t *drawn);
void tlsdiag_client_release(tlsdiag_client_t *client);

/**
 * Hang text, from malloc, on client, unless another thread was faster.
 *
 * Returns  what hangs there now; text itself has then been freed if it is not that.
 */
void *tlsdiag_client_keep_text(tlsdiag_client_t *client, void *text);

#endif
