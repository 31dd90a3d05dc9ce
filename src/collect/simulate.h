/* SPDX-License-Identifier: Apache-2.0 */
/**
 * simulate.h knows how to let a vhost's own SSL_CTX answer a ClientHello in memory, and to say in facts what it did.
 * It refuses to know whose ClientHello it is and what its answer is worth.
 *
 * Everything here runs in a process that was forked for it and exits after it. mod_ssl's callbacks want a connection of
 * httpd behind each SSL and crash without one, so they are taken off first; in a process of its own that harms nobody, and
 * should another module's callback crash nevertheless, only that process dies.
 */
#ifndef TLSDIAG_COLLECT_SIMULATE_H
#define TLSDIAG_COLLECT_SIMULATE_H

#include <openssl/ssl.h>

#include "base/bytes.h"
#include "facts.h"

/** The server side of one simulated connection. */
typedef struct tlsdiag_simulated_server {
    SSL_CTX *first;  /**< of the first vhost on the address: what httpd makes each SSL from */
    SSL_CTX *chosen; /**< of the vhost that the server name selects; the same as first when it selects none other */
    bool chosen_has_own_versions; /**< SSLProtocol is set there: mod_ssl then brings its versions along */
    const uint8_t *alpn;          /**< what Protocols allows, in order, as in the extension (RFC 7301 3.1) */
    unsigned alpn_length;         /**< bytes; 0: no ALPN */
} tlsdiag_simulated_server_t;

/**
 * The ClientHello to send: the first one when share is 0, else the answer to a HelloRetryRequest for that group.
 *
 * Returns  whole TLS records, valid until the next call; empty: the client cannot answer.
 */
typedef tlsdiag_bytes_t (*tlsdiag_hello_source_t)(void *context, uint16_t share);

/**
 * Take off context what mod_ssl hung on it and what would look for httpd's connection: the callbacks for ClientHello,
 * server name, session cache, tickets, stapling, key log and tracing. What decides about the handshake stays.
 */
void tlsdiag_simulation_prepare(SSL_CTX *context);

/**
 * Send one ClientHello, at most two, to the server and note what it answers.
 *
 * Writes   all of facts. Where the server sent its whole flight: stage is server_flight_sent and ended_by is "not".
 *          Where it gave up: as a real handshake that failed.
 * Broken   without memory: stage stays connected.
 * Limits   Stops at the server's flight: what the client makes of the certificate, and what follows, is not simulated.
 */
void tlsdiag_simulate(tlsdiag_facts_t *facts, const tlsdiag_simulated_server_t *server, tlsdiag_hello_source_t hello,
                      void *context);

#endif
