/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mod_tlsdiag: flight recorder and doctor for TLS handshakes. This file is the table of contents: what the module hangs
 * on, and when it runs. Where each part lives is in src/README.md.
 */
#define TLSDIAG_NO_LOG_MODULE
#include "apache/section.h"
#include "apache/audit.h"
#include "apache/config.h"
#include "apache/connection.h"
#include "apache/flood_guard.h"
#include "apache/handler.h"
#include "apache/module.h"
#include "apache/request.h"
#include "apache/shared.h"
#include "apache/startup.h"
#include "apache/status_block.h"
#include "apache/tell.h"

#include "mpm_common.h"
#include "ap_expr.h"
#include "apr_optional_hooks.h"
#include "http_connection.h"
#include "http_protocol.h"
#include "http_request.h"
#include "mod_ssl_openssl.h"
#include "mod_status.h"

static int observe_handshake(conn_rec *c, SSL *ssl, int is_proxy)
{
    return tlsdiag_pre_handshake(c, ssl, is_proxy);
}

static int read_server(server_rec *server, apr_pool_t *pool, int is_proxy, SSL_CTX *ctx)
{
    return tlsdiag_init_server(server, pool, is_proxy, ctx);
}

static int look_up_expression(ap_expr_lookup_parms *parms)
{
    return tlsdiag_request_expression(parms);
}

static int recover_logs(apr_pool_t *pool, server_rec *main_server)
{
    (void)pool;
    (void)main_server;
    tlsdiag_logs_recover();
    return OK;
}

/* At once, not when the monitor comes round: who looks for a line that a child left looks now. */
static void recover_logs_of_child(server_rec *main_server, pid_t pid, ap_generation_t generation, int slot,
                                  mpm_child_status state)
{
    (void)main_server;
    (void)pid;
    (void)generation;
    (void)slot;
    if (state == MPM_CHILD_EXITED) {
        tlsdiag_logs_recover();
    }
}

static void register_hooks(apr_pool_t *pool)
{
    static const char *const after_ssl[] = { "mod_ssl.c", NULL };
    static const char *const before_watchdog[] = { "mod_watchdog.c", NULL };

    (void)pool;
    tlsdiag_filters_register();

    /* At start-up, twice, and at each restart: logs are opened as root, and mod_ssl's post_config shows us each vhost's
     * SSL_CTX before our own runs. */
    ap_hook_open_logs(tlsdiag_open_logs, NULL, NULL, APR_HOOK_MIDDLE);
    APR_OPTIONAL_HOOK(ssl, init_server, read_server, NULL, NULL, APR_HOOK_LAST);
    ap_hook_post_config(tlsdiag_post_config, after_ssl, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(tlsdiag_audit_post_config, after_ssl, before_watchdog, APR_HOOK_LAST);
    ap_hook_test_config(tlsdiag_test_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_test_config(tlsdiag_audit_test_config, NULL, NULL, APR_HOOK_LAST);
    ap_hook_monitor(tlsdiag_flood_guard_monitor, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_monitor(recover_logs, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_monitor(tlsdiag_shared_monitor, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(tlsdiag_shared_child_status, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_status(recover_logs_of_child, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(tlsdiag_shared_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(tlsdiag_tell_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(tlsdiag_connection_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(tlsdiag_logs_child_init, NULL, NULL, APR_HOOK_MIDDLE);

    /* For each connection: before its handshake, and when it is about to be closed. */
    APR_OPTIONAL_HOOK(ssl, pre_handshake, observe_handshake, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_pre_close_connection(tlsdiag_pre_close, NULL, NULL, APR_HOOK_FIRST);

    /* For each request: the status page, and what only a request can show. TLSDiagEnv On adds a fixups hook (request.h). */
    APR_OPTIONAL_HOOK(ap, status_hook, tlsdiag_status_block, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(tlsdiag_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_pre_config(tlsdiag_request_pre_config, NULL, NULL, APR_HOOK_LAST);
    ap_hook_expr_lookup(look_up_expression, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_log_transaction(tlsdiag_request_log, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA tlsdiag_module = {
    STANDARD20_MODULE_STUFF, tlsdiag_section_create, /* for <Location> and the like: who may see the page */
    tlsdiag_section_merge,   tlsdiag_config_create,  /* for the main server and each vhost */
    tlsdiag_config_merge,    tlsdiag_directives,     register_hooks, AP_MODULE_FLAG_NONE
};
