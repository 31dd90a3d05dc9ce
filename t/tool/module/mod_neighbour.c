/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A module that observes handshakes as ours does, for t/beside/callbacks.t: it sets an info callback on each SSL, passing
 * calls on to the one before it, and with NeighbourMessages On a message callback, which OpenSSL lets nobody pass on.
 * When a connection ends it logs how often each was called.
 */
#include "httpd.h"

#include "http_config.h"
#include "http_connection.h"
#include "http_log.h"
#include "mod_ssl_openssl.h"

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) neighbour_module;

APLOG_USE_MODULE(neighbour);

typedef void (*info_callback_t)(const SSL *ssl, int where, int ret);

typedef struct watch {
    conn_rec *c;
    info_callback_t chained;
    unsigned calls, messages;
} watch_t;

static int ssl_index = -1;
static int wants_messages;

static void on_info(const SSL *ssl, int where, int ret)
{
    watch_t *watch = SSL_get_ex_data(ssl, ssl_index);
    info_callback_t next = watch->chained ? watch->chained : SSL_CTX_get_info_callback(SSL_get_SSL_CTX(ssl));

    watch->calls++;
    if (next) {
        next(ssl, where, ret);
    }
}

static void on_message(int sent, int version, int type, const void *bytes, size_t length, SSL *ssl, void *opaque)
{
    (void)sent;
    (void)version;
    (void)type;
    (void)bytes;
    (void)length;
    (void)ssl;
    ((watch_t *)opaque)->messages++;
}

static apr_status_t tell(void *opaque)
{
    const watch_t *watch = opaque;

    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, watch->c->base_server, "neighbour: port %d, %u calls, %u messages",
                 watch->c->client_addr->port, watch->calls, watch->messages);
    return APR_SUCCESS;
}

static int watch_handshake(conn_rec *c, SSL *ssl, int is_proxy)
{
    watch_t *watch = apr_pcalloc(c->pool, sizeof *watch);

    if (is_proxy || !SSL_set_ex_data(ssl, ssl_index, watch)) {
        return DECLINED;
    }
    watch->c = c;
    watch->chained = SSL_get_info_callback(ssl);
    SSL_set_info_callback(ssl, on_info);
    if (wants_messages) {
        SSL_set_msg_callback(ssl, on_message);
        SSL_set_msg_callback_arg(ssl, watch);
    }
    apr_pool_cleanup_register(c->pool, watch, tell, apr_pool_cleanup_null);
    return DECLINED;
}

static int get_index(apr_pool_t *pool, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *server)
{
    (void)pool;
    (void)plog;
    (void)ptemp;
    ssl_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, server, "neighbour: index %d", ssl_index);
    return OK;
}

static const char *set_messages(cmd_parms *cmd, void *unused, int on)
{
    (void)cmd;
    (void)unused;
    wants_messages = on;
    return NULL;
}

static const command_rec directives[] = {
    AP_INIT_FLAG("NeighbourMessages", set_messages, NULL, RSRC_CONF, "On or Off - set a message callback too"), { NULL }
};

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_post_config(get_index, NULL, NULL, APR_HOOK_MIDDLE);
    APR_OPTIONAL_HOOK(ssl, pre_handshake, watch_handshake, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA neighbour_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, register_hooks, AP_MODULE_FLAG_NONE
};
