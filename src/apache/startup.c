/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/startup.h"

#include <openssl/crypto.h>

#include "apache/config.h"
#include "apache/flood_guard.h"
#include "apache/log_sink.h"
#include "apache/vhost_posture.h"
#include "apache/shared.h"
#include "apr_strings.h"
#include "collect/digest.h"
#include "http_core.h"
#include "collect/handshake.h"

typedef struct indexes {
    int ssl, context;
} indexes_t;

/* OpenSSL never takes an index back, so the module keeps its two over all restarts of this process. */
static apr_status_t keep_indexes(apr_pool_t *process_pool)
{
    static const char userdata_key[] = "tlsdiag_openssl_indexes";
    void *kept = NULL;

    apr_pool_userdata_get(&kept, userdata_key, process_pool);
    indexes_t *indexes = kept;
    if (!indexes) {
        indexes = apr_palloc(process_pool, sizeof *indexes);
        if (!tlsdiag_indexes_make(&indexes->ssl, &indexes->context)) {
            return APR_ENOMEM;
        }
        /* A copied key: this one's memory goes away when httpd unloads the module. */
        apr_pool_userdata_set(indexes, apr_pstrdup(process_pool, userdata_key), apr_pool_cleanup_null, process_pool);
    }
    tlsdiag_indexes_use(indexes->ssl, indexes->context);
    return APR_SUCCESS;
}

apr_status_t tlsdiag_startup_prepare(server_rec *main_server)
{
    return keep_indexes(main_server->process->pool);
}

static apr_status_t release_digests(void *unused)
{
    (void)unused;
    tlsdiag_digest_stop();
    return APR_SUCCESS;
}

static void prepare_digests(apr_pool_t *pconf, server_rec *main_server)
{
    bool has_md5 = tlsdiag_digest_start();

    apr_pool_cleanup_register(pconf, NULL, release_digests, apr_pool_cleanup_null);
    if (!has_md5) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, main_server,
                     "tlsdiag:start.no_md5 this host's OpenSSL has no MD5 (FIPS): records carry no JA3");
    }
}

int tlsdiag_open_logs(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server)
{
    (void)plog;
    (void)ptemp;
    apr_status_t rv = keep_indexes(main_server->process->pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, main_server, "tlsdiag:start.openssl OpenSSL gives no ex_data index");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    prepare_digests(pconf, main_server);
    return tlsdiag_logs_open(pconf, main_server) == APR_SUCCESS ? OK : HTTP_INTERNAL_SERVER_ERROR;
}

/* Another major version lays out its objects otherwise: better no start than a crash at the first handshake. */
static int openssl_fits(server_rec *main_server)
{
    unsigned long built = (unsigned long)OPENSSL_VERSION_NUMBER >> 28, running = OpenSSL_version_num() >> 28;

    if (built == running) {
        return 1;
    }
    ap_log_error(
        APLOG_MARK, APLOG_CRIT, 0, main_server,
        "tlsdiag:start.openssl_version mod_tlsdiag was built for OpenSSL %lu.x and httpd runs with %s: build it "
        "again on this host",
        built, OpenSSL_version(OPENSSL_VERSION));
    return 0;
}

static apr_status_t write_the_rest(void *unused)
{
    (void)unused;
    tlsdiag_logs_recover();
    return APR_SUCCESS;
}

/* No reason to take the site down, which may serve plain HTTP only. */
static void look_for_mod_ssl(server_rec *main_server)
{
    if (!ap_find_linked_module("mod_ssl.c")) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, main_server,
                     "tlsdiag:start.no_mod_ssl mod_tlsdiag has nothing to observe: load mod_ssl too (LoadModule "
                     "ssl_module modules/mod_ssl.so)");
    }
}

void tlsdiag_test_config(apr_pool_t *pconf, server_rec *main_server)
{
    (void)pconf;
    look_for_mod_ssl(main_server);
}

int tlsdiag_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server)
{
    (void)plog;
    (void)ptemp;
    if (!openssl_fits(main_server)) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK; /* the first of two passes: no side effects */
    }
    look_for_mod_ssl(main_server);
    tlsdiag_postures_settle(pconf);
    apr_status_t rv = tlsdiag_shared_open(pconf, main_server);
    if (rv != APR_SUCCESS) {
        ap_log_error(
            APLOG_MARK, APLOG_ERR, rv, main_server,
            "tlsdiag:start.no_shared_memory no shared memory: records are logged, the status page stays empty");
    }
    /* At the end, before the counters are saved: lines that dead children left are written, or counted as lost. */
    apr_pool_cleanup_register(pconf, NULL, write_the_rest, apr_pool_cleanup_null);
    rv = tlsdiag_flood_guard_open(pconf, main_server);
    if (rv != APR_SUCCESS) {
        ap_log_error(
            APLOG_MARK, APLOG_ERR, rv, main_server,
            "tlsdiag:start.no_flood_guard no shared memory: a flood of failures will not be folded in this log");
    }
    return OK;
}

/* Of this configuration. Both passes at start and each restart begin with none. */
static apr_array_header_t *servers;

const apr_array_header_t *tlsdiag_servers(void)
{
    return servers;
}

static apr_status_t forget_servers(void *unused)
{
    (void)unused;
    servers = NULL;
    return APR_SUCCESS;
}

static tlsdiag_server_t *remember_server(server_rec *server, apr_pool_t *pool, void *ctx)
{
    tlsdiag_server_t *known = apr_pcalloc(pool, sizeof *known);

    if (!servers) {
        servers = apr_array_make(pool, 16, sizeof(tlsdiag_server_t *));
        apr_pool_cleanup_register(pool, NULL, forget_servers, apr_pool_cleanup_null);
    }
    known->server = server;
    known->ssl_context = ctx;
    APR_ARRAY_PUSH(servers, tlsdiag_server_t *) = known;
    return known;
}

/* httpd reads its configuration twice at start and forgets the first time; with -t there is no second. */
static bool is_rehearsal(void)
{
    return ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG &&
           ap_state_query(AP_SQ_RUN_MODE) != AP_SQ_RM_CONFIG_TEST;
}

int tlsdiag_init_server(server_rec *server, apr_pool_t *pool, int is_proxy, void *ctx)
{
    if (is_proxy || is_rehearsal()) {
        return OK;
    }
    tlsdiag_server_t *known = remember_server(server, pool, ctx);
    if (!tlsdiag_config_of(server)->enabled) {
        return OK;
    }
    known->posture = tlsdiag_posture_make(server, pool, ctx);
    tlsdiag_context_set(ctx, known);
    return OK;
}
