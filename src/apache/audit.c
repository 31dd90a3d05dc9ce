/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit.h"

#include "apache/audit_inventory.h"
#include "apache/audit_simulation.h"
#include "apache/audit_tell.h"
#include "apache/config.h"
#include "apr_allocator.h"
#include "http_core.h"
#include "mod_watchdog.h"

enum {
    SIMULATION_PATIENCE_US = 1000000, /* a start must not wait longer for it */
    DEFAULT_SECONDS = 3600,
    TICK_SECONDS = 5
};

/* Of this configuration: made in the parent, inherited by children, then each child's own. */
typedef struct audit {
    tlsdiag_kept_inventory_t *kept;    /* in the watchdog's child, only its thread may touch it */
    tlsdiag_inventory_t as_configured; /* what nobody changes of it: the vhosts and their simulation */
    tlsdiag_finding_t *findings;
    apr_pool_t *looks; /* texts of the last look at the machine */
    apr_size_t capacity;
    apr_int64_t next_full;   /* when files and the machine are looked at again */
    apr_int64_t next_change; /* when a date makes a finding come or go */
    int seconds;
} audit_t;

static audit_t *audit;

const tlsdiag_inventory_t *tlsdiag_audit_inventory(void)
{
    return audit ? &audit->as_configured : NULL;
}

static apr_status_t forget_audit(void *unused)
{
    (void)unused;
    audit = NULL;
    return APR_SUCCESS;
}

static void tell_change(void *unused, const tlsdiag_finding_t *finding, tlsdiag_finding_change_t change)
{
    (void)unused;
    tlsdiag_finding_log(finding, change, audit->kept);
}

static void run_audit(bool at_start)
{
    const tlsdiag_inventory_t *inventory = &audit->kept->inventory;
    apr_size_t total = tlsdiag_audit(audit->findings, audit->capacity, inventory);
    apr_size_t kept = total < audit->capacity ? total : audit->capacity;

    tlsdiag_findings_mark_ignored(audit->findings, kept, audit->kept);
    tlsdiag_audit_store_replace(audit->findings, kept, total, inventory->host.now, at_start, tell_change, NULL);
    audit->next_full = inventory->host.now + audit->seconds;
    audit->next_change = tlsdiag_audit_next_change(inventory);
}

/* A clock that was set back makes an audit due as well: next_full must never be further away than one interval. */
static bool is_due(apr_int64_t now)
{
    return now >= audit->next_full || now >= audit->next_change || now < audit->next_full - audit->seconds;
}

static apr_status_t on_tick(int state, void *unused, apr_pool_t *pool)
{
    (void)unused;
    (void)pool; /* gone when this returns */
    if (state == AP_WATCHDOG_STATE_RUNNING && audit && is_due(apr_time_sec(apr_time_now()))) {
        apr_pool_clear(audit->looks);
        tlsdiag_inventory_refresh(audit->kept, audit->looks);
        run_audit(false);
    }
    return APR_SUCCESS;
}

static void start_watchdog(server_rec *main_server, apr_pool_t *pconf)
{
    APR_OPTIONAL_FN_TYPE(ap_watchdog_get_instance) *get_instance = APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance);
    APR_OPTIONAL_FN_TYPE(ap_watchdog_register_callback) *register_callback =
        APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_register_callback);
    int tick = audit->seconds < TICK_SECONDS ? audit->seconds : TICK_SECONDS;
    ap_watchdog_t *watchdog;
    apr_status_t rv = APR_ENOTIMPL;

    if (get_instance && register_callback) {
        rv = get_instance(&watchdog, "_tlsdiag_audit_", 0, 1, pconf);
    }
    if (rv == APR_SUCCESS) {
        rv = register_callback(watchdog, apr_time_from_sec(tick), NULL, on_tick);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, rv, main_server,
                     "tlsdiag:audit.no_watchdog mod_watchdog is not there: the TLS settings are audited at start only");
    }
}

/* With an allocator of its own: the watchdog's thread uses it while others use pconf's. */
static void make_own_pool(apr_pool_t **pool, apr_pool_t *parent)
{
    apr_allocator_t *allocator;

    apr_allocator_create(&allocator);
    apr_pool_create_ex(pool, parent, NULL, allocator);
    apr_allocator_owner_set(allocator, *pool);
}

/* On somewhere: TLSDiag and TLSDiagAudit can both be turned off for the whole server and on for one vhost. */
static bool is_on(const server_rec *main_server)
{
    for (const server_rec *server = main_server; server; server = server->next) {
        const tlsdiag_config_t *config = tlsdiag_config_of(server);
        if (config->enabled && config->audit != TLSDIAG_AUDIT_OFF) {
            return true;
        }
    }
    return false;
}

static void make_audit(server_rec *main_server, apr_pool_t *pconf)
{
    int seconds = tlsdiag_config_of(main_server)->audit_seconds;

    audit = apr_pcalloc(pconf, sizeof *audit);
    apr_pool_cleanup_register(pconf, NULL, forget_audit, apr_pool_cleanup_null);
    make_own_pool(&audit->looks, pconf);
    audit->kept = tlsdiag_inventory_make(main_server, pconf);
    audit->seconds = seconds == TLSDIAG_UNSET ? DEFAULT_SECONDS : seconds;
    audit->capacity = 64 + 12u * audit->kept->inventory.vhosts_count;
}

static void set_as_configured(void)
{
    const tlsdiag_inventory_t *all = &audit->kept->inventory;

    audit->as_configured = (tlsdiag_inventory_t){ .vhosts = all->vhosts,
                                                  .vhosts_count = all->vhosts_count,
                                                  .simulations = all->simulations,
                                                  .plain_vhosts = all->plain_vhosts,
                                                  .plain_vhosts_count = all->plain_vhosts_count };
}

int tlsdiag_audit_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server)
{
    (void)plog;
    (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG || !is_on(main_server)) {
        return OK;
    }
    make_audit(main_server, pconf);
    apr_status_t rv = tlsdiag_audit_store_open(main_server, audit->kept->inventory.vhosts_count);
    if (rv == APR_SUCCESS) {
        audit->capacity = tlsdiag_audit_store_capacity();
        start_watchdog(main_server, pconf);
    } else {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, main_server,
                     "tlsdiag:audit.no_shared_memory findings of the audit are logged at start and shown nowhere else");
    }
    audit->findings = apr_palloc(pconf, audit->capacity * sizeof *audit->findings);
    if (tlsdiag_config_of(main_server)->simulate != 0) {
        tlsdiag_simulations_run(audit->kept, SIMULATION_PATIENCE_US, pconf);
    }
    set_as_configured();
    run_audit(true);
    audit->next_full = 0; /* the watchdog's child looks at once: it may see less of the disk than root */
    return OK;
}
