/* SPDX-License-Identifier: Apache-2.0 */
/**
 * clients.h knows what well-known TLS clients offer, and writes the ClientHello that each of them would send.
 * It refuses to know how a server answers.
 *
 * The table is clients.inc: to add a client, a paragraph there with where its offer is known from.
 */
#ifndef TLSDIAG_AUDIT_CLIENTS_H
#define TLSDIAG_AUDIT_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "posture.h"

/** How much it matters that a client connects. */
typedef enum {
    TLSDIAG_CLIENT_CURRENT, /**< in use by many: every public server should serve it */
    TLSDIAG_CLIENT_AGING,   /**< without support by its maker, still met */
    TLSDIAG_CLIENT_EXOTIC   /**< asked on purpose: post-quantum only, no server name */
} tlsdiag_known_client_age_t;

/** One client's offer, in the order it is sent. GREASE is left out: servers must ignore it (RFC 8701). */
typedef struct tlsdiag_known_client {
    const char *id;     /**< "firefox_153": in JSON and as metrics label */
    const char *name;   /**< for people: "Firefox 153" */
    const char *source; /**< where the offer is known from */
    tlsdiag_known_client_age_t age;
    uint16_t legacy_version;      /**< of the ClientHello: its best version up to TLS 1.2 */
    bool no_server_name;          /**< sends no SNI */
    bool extended_master_secret;  /**< offers it */
    tlsdiag_code_list_t versions; /**< supported_versions; empty: the extension is not sent */
    tlsdiag_code_list_t cipher_suites;
    tlsdiag_code_list_t groups;
    tlsdiag_code_list_t key_shares; /**< groups that a key share is sent for at once */
    tlsdiag_code_list_t signature_algorithms;
    const char *alpn;          /**< protocols, separated by spaces; NULL: none */
    uint16_t dh_bits_at_most;  /**< larger DH groups make it give up; 0: takes any */
    uint16_t dh_bits_at_least; /**< smaller ones too; 0: takes any */
} tlsdiag_known_client_t;

/** Number of clients in the table. */
uint16_t tlsdiag_known_clients_count(void);
/** The client with that index; NULL: none. */
const tlsdiag_known_client_t *tlsdiag_known_client(uint16_t index);

enum { TLSDIAG_HELLO_BYTES = 4096 };

/**
 * Write the client's ClientHello for server_name as TLS records.
 *
 * Shape    server_name may be NULL: then no SNI is sent. share is the group of the only key share, for the answer to a
 *          HelloRetryRequest; 0: the client's own first key shares.
 * Returns  the number of bytes written into buffer (at most TLSDIAG_HELLO_BYTES); 0: it did not fit.
 * Limits   Random, session id and key shares are fixed bytes: no connection can be completed with them.
 * Source   RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6066 3
 */
size_t tlsdiag_client_hello_write(uint8_t *buffer, size_t size, const tlsdiag_known_client_t *client,
                                  const char *server_name, uint16_t share);

#endif
