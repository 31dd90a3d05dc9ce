/* SPDX-License-Identifier: Apache-2.0 */
/**
 * startup.h knows what happens before the first connection: the checks that let httpd start or not, what is kept over
 * restarts, and each TLS vhost's posture. It refuses to know connections.
 */
#ifndef TLSDIAG_APACHE_STARTUP_H
#define TLSDIAG_APACHE_STARTUP_H

#include "apache/module.h"
#include "posture.h"

/** What hangs on a vhost's SSL_CTX. Lives as long as the configuration. */
typedef struct tlsdiag_server {
    server_rec *server;
    const tlsdiag_posture_t *posture; /**< NULL: TLSDiag Off */
    void *ssl_context;                /**< its SSL_CTX, for collect/ */
    apr_uint16_t slot;                /**< of its statistics; 0: "_other" */
    apr_byte_t what_if;               /**< the what-if questions that concern it, statistics/what_if.h */
} tlsdiag_server_t;

/** Every vhost with TLS in the order of httpd's list, the last one first, as tlsdiag_server_t *. NULL: none, or mod_ssl has not run yet. */
const apr_array_header_t *tlsdiag_servers(void);

/** What must stand before mod_ssl's post_config runs: OpenSSL's indexes. Idempotent; open_logs does it at start. */
apr_status_t tlsdiag_startup_prepare(server_rec *main_server);

/** open_logs hook: as root, before children are made. */
int tlsdiag_open_logs(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server);
/** test_config hook, for httpd -t, which does not run post_config: says so when there is no mod_ssl. */
void tlsdiag_test_config(apr_pool_t *pconf, server_rec *main_server);

/** post_config hook, after mod_ssl's. */
int tlsdiag_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server);

/** mod_ssl's init_server hook: server's SSL_CTX stands as it will be used. ctx is an SSL_CTX. */
int tlsdiag_init_server(server_rec *server, apr_pool_t *pool, int is_proxy, void *ctx);

#endif
