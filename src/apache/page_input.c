/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/page_input.h"

#include <stdlib.h>

#include "ap_release.h"
#include "apr_strings.h"
#include "http_core.h"
#include "scoreboard.h"

#include "apache/audit.h"
#include "apache/config.h"
#include "apache/shared.h"
#include "apache/startup.h"

static apr_status_t release(void *memory)
{
    free(memory);
    return APR_SUCCESS;
}

/* Not from the request's pool: several megabytes would stay with the worker for good. */
static void *allocate(request_rec *r, size_t bytes)
{
    void *memory = malloc(bytes > 0 ? bytes : 1);

    if (memory) {
        apr_pool_cleanup_register(r->pool, memory, release, apr_pool_cleanup_null);
    }
    return memory;
}

static bool add_snapshot(tlsdiag_page_t *page, request_rec *r, const tlsdiag_statistics_t *statistics)
{
    tlsdiag_snapshot_t *snapshot = apr_palloc(r->pool, sizeof *snapshot);
    void *memory = allocate(r, tlsdiag_snapshot_bytes(statistics));

    if (!memory) {
        return false;
    }
    tlsdiag_snapshot_take(snapshot, memory, statistics, apr_time_now());
    page->snapshot = snapshot;
    return true;
}

static void add_vhost(apr_array_header_t *vhosts, const tlsdiag_server_t *server)
{
    APR_ARRAY_PUSH(vhosts, tlsdiag_page_vhost_t) = (tlsdiag_page_vhost_t){ server->posture, server->slot };
}

/* In the order of the audit's inventory, which its findings count by: that of the configuration, less what is not audited.
 * Without an audit, all of them. */
static void add_vhosts(tlsdiag_page_t *page, request_rec *r)
{
    const apr_array_header_t *servers = tlsdiag_servers();
    apr_array_header_t *vhosts = apr_array_make(r->pool, 16, sizeof(tlsdiag_page_vhost_t));

    page->inventory = tlsdiag_audit_inventory();
    for (int i = servers ? servers->nelts - 1 : -1; i >= 0; i--) {
        const tlsdiag_server_t *server = APR_ARRAY_IDX(servers, i, tlsdiag_server_t *);
        bool wanted = page->inventory ? vhosts->nelts < page->inventory->vhosts_count &&
                                            page->inventory->vhosts[vhosts->nelts] == server->posture
                                      : server->posture != NULL;
        if (wanted) {
            add_vhost(vhosts, server);
        }
    }
    page->vhosts = (const tlsdiag_page_vhost_t *)vhosts->elts;
    page->vhosts_count = (uint16_t)vhosts->nelts;
}

static void add_findings(tlsdiag_page_t *page, request_rec *r)
{
    tlsdiag_audit_summary_t summary;
    apr_size_t capacity = tlsdiag_audit_store_capacity();
    tlsdiag_finding_t *findings = allocate(r, capacity * sizeof *findings);

    if (findings && capacity > 0) {
        page->findings = findings;
        page->findings_count = tlsdiag_audit_findings(findings, capacity, &summary);
    }
}

static void add_host(tlsdiag_page_t *page, request_rec *r)
{
    const char *openssl = page->vhosts_count ? page->vhosts[0].posture->openssl_version : NULL;
    char *hostname = apr_pcalloc(r->pool, APRMAXHOSTLEN + 1);

    if (apr_gethostname(hostname, APRMAXHOSTLEN + 1, r->pool) != APR_SUCCESS) {
        hostname = apr_pstrdup(r->pool, r->server->server_hostname ? r->server->server_hostname : "this host");
    }
    page->host =
        (tlsdiag_page_host_t){ .hostname = hostname,
                               .httpd_version = AP_SERVER_BASEREVISION,
                               .openssl_version = openssl ? openssl : "OpenSSL",
                               .started_us =
                                   ap_exists_scoreboard_image() ? ap_scoreboard_image->global->restart_time : 0,
                               .shared_bytes = tlsdiag_shared_bytes() };
}

tlsdiag_page_t *tlsdiag_page_input(request_rec *r, const char *base)
{
    const tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();
    tlsdiag_page_t *page = apr_pcalloc(r->pool, sizeof *page);
    const char *args = r->args ? r->args : "";

    if (!statistics || !add_snapshot(page, r, statistics)) {
        return NULL;
    }
    add_vhosts(page, r);
    add_findings(page, r);
    add_host(page, r);
    page->base = base;
    page->mask = tlsdiag_main_config()->mask;
    page->query = tlsdiag_query_read(tlsdiag_bytes(args, strlen(args)));
    tlsdiag_page_prepare(page);
    return page;
}
