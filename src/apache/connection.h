/* SPDX-License-Identifier: Apache-2.0 */
/**
 * connection.h knows the life of a TLS connection inside httpd: which hooks and filters see it, and when they let go.
 * It refuses to know what a record says: collect/ fills it, tell.h tells it.
 *
 * pre_handshake hangs an observer on the SSL and puts an input and an output filter just below mod_ssl's. They see raw
 * bytes and how the transport ends, and are gone when the outcome has been told. pre_close_connection and the pool's
 * cleanup are the safety net for connections that end otherwise.
 */
#ifndef TLSDIAG_APACHE_CONNECTION_H
#define TLSDIAG_APACHE_CONNECTION_H

#include <stdatomic.h>

#include "apache/module.h"
#include "apache/startup.h"
#include "collect/handshake.h"
#include "util_filter.h"

enum { TLSDIAG_EVENT_ID_TEXT = 32 };

/** One TLS connection. Lives in the connection's pool. */
typedef struct tlsdiag_connection {
    tlsdiag_observer_t observer;
    conn_rec *c;
    ap_filter_t *input, *output;                /**< our filters; NULL: gone */
    const tlsdiag_server_t *server;             /**< of the vhost chosen, once the outcome is told; NULL: unknown */
    char proxied_address[TLSDIAG_ADDRESS_TEXT]; /**< from the PROXY header; empty: none came */
    int proxied_port;
    int expects_proxy_header;
    bool proxy_header_began; /**< what mod_remoteip read begins as one does */
    bool has_read;           /**< its first bytes were asked for: all filters were there then */

    /* of the record told first, for the requests that follow */
    char event_id[TLSDIAG_EVENT_ID_TEXT]; /**< empty: not told yet */
    char ja3[33], ja4[40];
    const char *cause;
    uint64_t fingerprint; /**< in the statistics; 0: no JA4, or there are none */
    bool resumed;
    atomic_bool said_who; /**< its User-Agent was counted */
} tlsdiag_connection_t;

void tlsdiag_filters_register(void);

/** child_init hook. */
void tlsdiag_connection_child_init(apr_pool_t *pool, server_rec *main_server);

/** mod_ssl's pre_handshake hook; ssl is an SSL. Always DECLINED: we observe, we do not decide. */
int tlsdiag_pre_handshake(conn_rec *c, void *ssl, int is_proxy);

/** pre_close_connection hook. */
int tlsdiag_pre_close(conn_rec *c);

/** The observed connection of c or of its primary (HTTP/2); NULL: not observed. Inlined: asked for each request. */
static inline tlsdiag_connection_t *tlsdiag_connection_of(const conn_rec *c)
{
    const conn_rec *primary = c->master ? c->master : c;

    return ap_get_module_config(primary->conn_config, &tlsdiag_module);
}

/** Whether httpd is going down or this child is about to exit. */
int tlsdiag_server_is_stopping(void);

#endif
