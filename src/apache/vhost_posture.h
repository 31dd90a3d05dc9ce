/* SPDX-License-Identifier: Apache-2.0 */
/**
 * vhost_posture.h knows how each TLS vhost's posture comes about: what OpenSSL says of its SSL_CTX (collect/server.h), what
 * the administrator wrote (conftree.h) and what httpd itself knows of the server, joined. It refuses to judge.
 *
 * Two steps, because vhosts depend on each other: mod_ssl's init_server hook shows one vhost at a time, the first ones of
 * an address last. All runs before children are made; afterwards postures are only read.
 */
#ifndef TLSDIAG_APACHE_VHOST_POSTURE_H
#define TLSDIAG_APACHE_VHOST_POSTURE_H

#include "apache/module.h"
#include "posture.h"

/**
 * Read one TLS server.
 *
 * Shape    pconf is the configuration's pool, ctx the server's SSL_CTX as at mod_ssl's init_server hook.
 * Returns  its posture, in pconf; never NULL. It is as if the server were alone until tlsdiag_postures_settle().
 */
const tlsdiag_posture_t *tlsdiag_posture_make(server_rec *server, apr_pool_t *pconf, void *ctx);

/**
 * Correct all postures made so far by what only shows when all are known: which vhost is first at an address and lends its
 * settings to the others, and which missing intermediates another vhost has. Frees what was needed on the way. To be called
 * once, at post_config after mod_ssl; does nothing where nothing was made.
 */
void tlsdiag_postures_settle(apr_pool_t *pconf);

#endif
