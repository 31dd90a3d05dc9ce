/* SPDX-License-Identifier: Apache-2.0 */
/**
 * stencil.h knows which bytes of a ClientHello belong to the one connection: random, session id, name, tickets, keys and
 * padding. Where two messages are alike in all others they are of one kind of client and decode alike, but for the name.
 * It refuses to be the cache: who keeps stencils, and how many, is the caller's.
 *
 * A known client's hello is so recognised by comparing some ten runs of bytes, a quarter of the work of decoding it.
 */
#ifndef TLSDIAG_DECODE_STENCIL_H
#define TLSDIAG_DECODE_STENCIL_H

#include "base/bytes.h"
#include "facts.h"

enum {
    TLSDIAG_STENCIL_MESSAGE = 2048, /**< longest message: ordinary ones have 200 to 600 bytes, 1,800 with ML-KEM */
    TLSDIAG_STENCIL_RUNS = 32       /**< runs of bytes that must be the same */
};

typedef struct tlsdiag_stencil {
    tlsdiag_client_hello_t client_hello; /**< as decoded from message */
    uint16_t name_at;                    /**< where the name of server_name stands; 0: there is none */
    uint16_t length;                     /**< of message */
    uint16_t runs_count;
    struct {
        uint16_t start, end;
    } runs[TLSDIAG_STENCIL_RUNS];
    uint8_t message[TLSDIAG_STENCIL_MESSAGE];
} tlsdiag_stencil_t;

/**
 * Make a stencil of message, a ClientHello's body that was decoded to client_hello.
 *
 * Shape    tlsdiag_offer_is_whole(client_hello).
 * Returns  false when it is too long or has too many parts: *stencil is then not to be used.
 */
bool tlsdiag_stencil_make(tlsdiag_stencil_t *stencil, const tlsdiag_client_hello_t *client_hello,
                          tlsdiag_bytes_t message);

/** A number that messages of one stencil have in common, and few others. */
uint64_t tlsdiag_stencil_hash(tlsdiag_bytes_t message);

/**
 * tlsdiag_client_hello_decode() of a whole message by its stencil.
 *
 * Returns  false when the stencil does not fit: *client_hello is then as it was.
 */
bool tlsdiag_stencil_decode(tlsdiag_client_hello_t *client_hello, const tlsdiag_stencil_t *stencil,
                            tlsdiag_bytes_t message);

#endif
