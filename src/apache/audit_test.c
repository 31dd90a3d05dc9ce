/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit.h"
#include "apache/audit_inventory.h"
#include "apache/audit_simulation.h"
#include "apache/audit_tell.h"
#include "apache/vhost_posture.h"
#include "apache/startup.h"
#include "http_core.h"
#include "publish/posture_text.h"

enum { PATIENCE_US = 60000000 /* who asks for the matrix waits for it */, POSTURE_TEXT_MAX = 1 << 18 };

/* What post_config does at a start, of mod_ssl alone: others would make files that a running httpd is using. */
static apr_status_t let_mod_ssl_set_up(apr_pool_t *pconf, server_rec *main_server)
{
    const apr_array_header_t *hooks = ap_hook_get_post_config();
    apr_pool_t *plog, *ptemp;

    apr_pool_create(&plog, pconf);
    apr_pool_create(&ptemp, pconf);
    for (int i = 0; hooks && i < hooks->nelts; i++) {
        const ap_LINK_post_config_t *hook = &APR_ARRAY_IDX(hooks, i, ap_LINK_post_config_t);
        if (!strcmp(hook->szName, "mod_ssl.c") && hook->pFunc(pconf, plog, ptemp, main_server) != OK) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static void print_findings(apr_file_t *out, const tlsdiag_kept_inventory_t *kept, apr_pool_t *pool)
{
    apr_size_t total = tlsdiag_audit(NULL, 0, &kept->inventory);
    tlsdiag_finding_t *findings = apr_palloc(pool, (total + 1) * sizeof *findings);

    tlsdiag_audit(findings, total, &kept->inventory);
    tlsdiag_findings_mark_ignored(findings, total, kept);
    for (apr_size_t i = 0; i < total; i++) {
        tlsdiag_finding_print(out, &findings[i], kept);
    }
    apr_file_printf(out, "%" APR_SIZE_T_FMT " findings, %d vhosts with TLS\n", total, kept->inventory.vhosts_count);
}

static void print_postures(apr_file_t *out, apr_pool_t *pool)
{
    const apr_array_header_t *servers = tlsdiag_servers();
    char *buffer = apr_palloc(pool, POSTURE_TEXT_MAX);
    for (int i = 0; servers && i < servers->nelts; i++) {
        const tlsdiag_server_t *server = APR_ARRAY_IDX(servers, i, tlsdiag_server_t *);
        tlsdiag_writer_t text = tlsdiag_writer(buffer, POSTURE_TEXT_MAX);
        if (server->posture) {
            tlsdiag_posture_write(&text, server->posture);
            apr_file_puts(tlsdiag_writer_text(&text), out);
        }
    }
}

void tlsdiag_audit_test_config(apr_pool_t *pconf, server_rec *main_server)
{
    int simulate = ap_exists_config_define("TLSDIAG_SIMULATE"), audit = ap_exists_config_define("TLSDIAG_AUDIT");
    int dump = ap_exists_config_define("DUMP_TLSDIAG");
    apr_file_t *out;

    if ((!simulate && !audit && !dump) || apr_file_open_stdout(&out, pconf) != APR_SUCCESS) {
        return;
    }
    if (tlsdiag_startup_prepare(main_server) != APR_SUCCESS || let_mod_ssl_set_up(pconf, main_server) != APR_SUCCESS) {
        apr_file_printf(out, "mod_tlsdiag: mod_ssl cannot set up its vhosts, see what it said above\n");
        return;
    }
    tlsdiag_postures_settle(pconf);
    if (dump) {
        print_postures(out, pconf);
    }
    tlsdiag_kept_inventory_t *kept = tlsdiag_inventory_make(main_server, pconf);
    if (simulate) {
        tlsdiag_simulations_run(kept, PATIENCE_US, pconf);
        tlsdiag_simulations_print(out, &kept->inventory);
    }
    if (audit) {
        print_findings(out, kept, pconf);
    }
}
