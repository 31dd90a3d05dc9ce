/* SPDX-License-Identifier: Apache-2.0 */
/**
 * vhost_posture_parts.h knows the seams between the files that make postures. It is nobody else's business: the way in is
 * apache/vhost_posture.h.
 */
#ifndef TLSDIAG_APACHE_VHOST_POSTURE_PARTS_H
#define TLSDIAG_APACHE_VHOST_POSTURE_PARTS_H

#include "apache/conftree.h"
#include "apache/module.h"
#include "apr_hash.h"
#include "collect/server.h"
#include "posture.h"

/** Where one server's posture is being made. */
typedef struct tlsdiag_making {
    server_rec *server;
    const server_rec *main_server;
    apr_pool_t *pool;                 /**< the configuration's */
    const tlsdiag_section_t *section; /**< what the administrator wrote */
    apr_hash_t *files;                /**< path -> what was found in it, for files that many vhosts name */
    tlsdiag_posture_t *posture;
} tlsdiag_making_t;

/* vhost_posture_server.c */

/** Writes   names, addresses, aliases, port, ALPN, timeouts and which modules are there. */
void tlsdiag_posture_add_server(const tlsdiag_making_t *making);
/** Writes   the directives as written and what follows from them alone. Needs what collect/ says. */
void tlsdiag_posture_add_directives(const tlsdiag_making_t *making);

/* vhost_posture_files.c */

/** Writes   the files of each chain, DH parameters, folders of CAs and CRLs. Needs what collect/ says. */
void tlsdiag_posture_add_files(const tlsdiag_making_t *making);

/* vhost_posture_addresses.c */

/** Which server is first at each address and port, in the order of the configuration. */
typedef struct tlsdiag_addresses tlsdiag_addresses_t;

tlsdiag_addresses_t *tlsdiag_addresses_read(apr_pool_t *pool, server_rec *main_server);
/** The server at which a connection to the first address of server begins; server itself where it is that one. */
server_rec *tlsdiag_addresses_first(const tlsdiag_addresses_t *addresses, server_rec *server);
/** Is it the first one for any of its addresses? */
bool tlsdiag_addresses_is_first(const tlsdiag_addresses_t *addresses, server_rec *server);

#endif
