/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/config.h"

#include "apache/log_file.h"
#include "apache/request.h"
#include "apache/section.h"
#include "apr_strings.h"
#include "http_main.h"
#include "audit/findings.h"

void *tlsdiag_config_create(apr_pool_t *pool, server_rec *server)
{
    tlsdiag_config_t *config = apr_pcalloc(pool, sizeof *config);

    (void)server;
    config->enabled = config->env = TLSDIAG_UNSET;
    config->audit = config->audit_seconds = config->simulate = TLSDIAG_UNSET;
    config->status_public = config->status_block = TLSDIAG_UNSET;
    return config;
}

void *tlsdiag_config_merge(apr_pool_t *pool, void *base, void *vhost)
{
    const tlsdiag_config_t *inherited = base, *own = vhost;
    tlsdiag_config_t *merged = apr_pmemdup(pool, own, sizeof *own);

    if (own->enabled == TLSDIAG_UNSET) {
        merged->enabled = inherited->enabled;
    }
    if (own->env == TLSDIAG_UNSET) {
        merged->env = inherited->env;
    }
    if (own->status_public == TLSDIAG_UNSET) {
        merged->status_public = inherited->status_public;
    }
    if (!own->log_target) {
        merged->log_target = inherited->log_target;
        merged->log_failures_only = inherited->log_failures_only;
    }
    if (own->audit == TLSDIAG_UNSET) {
        merged->audit = inherited->audit;
    }
    if (own->audit_ignored && inherited->audit_ignored) {
        merged->audit_ignored = apr_array_append(pool, inherited->audit_ignored, own->audit_ignored);
    } else if (!own->audit_ignored) {
        merged->audit_ignored = inherited->audit_ignored;
    }
    return merged;
}

tlsdiag_config_t *tlsdiag_config_of(const server_rec *server)
{
    return ap_get_module_config(server->module_config, &tlsdiag_module);
}

tlsdiag_config_t *tlsdiag_main_config(void)
{
    return tlsdiag_config_of(ap_server_conf);
}

/* A row of the directive table says by its offset which flag it means. */
static const char *set_flag_in(cmd_parms *command, unsigned forbidden, int on)
{
    const char *misplaced = ap_check_cmd_context(command, forbidden);

    if (misplaced) {
        return misplaced;
    }
    *(int *)((char *)tlsdiag_config_of(command->server) + (apr_size_t)command->info) = on;
    return NULL;
}

static const char *set_flag(cmd_parms *command, void *unused, int on)
{
    (void)unused;
    return set_flag_in(command, NOT_IN_DIR_CONTEXT, on);
}

static const char *set_global_flag(cmd_parms *command, void *unused, int on)
{
    (void)unused;
    return set_flag_in(command, GLOBAL_ONLY, on);
}

static const char *set_env(cmd_parms *command, void *unused, int on)
{
    const char *misplaced = set_flag(command, unused, on);

    if (!misplaced && on) {
        tlsdiag_request_wants_env(command->pool);
    }
    return misplaced;
}

#define FLAG(member) ((void *)APR_OFFSETOF(tlsdiag_config_t, member))

static const char *set_log(cmd_parms *command, void *unused, const char *target, const char *what)
{
    tlsdiag_config_t *config = tlsdiag_config_of(command->server);
    const char *misplaced = ap_check_cmd_context(command, NOT_IN_DIR_CONTEXT);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    if (!*target || !strcmp(target, "|")) {
        return "TLSDiagLog needs a file name, \"|command\" or \"none\" as its first argument";
    }
    if (what && ap_cstr_casecmp(what, "all") && ap_cstr_casecmp(what, "failures")) {
        return apr_psprintf(command->pool,
                            "TLSDiagLog: \"%s\" is neither \"all\" (a line for each TLS connection) nor "
                            "\"failures\" (for failed handshakes only)",
                            what);
    }
    config->log_target = !ap_cstr_casecmp(target, "off") ? "none" : target;
    config->log_failures_only = what && !ap_cstr_casecmp(what, "failures");
    return tlsdiag_log_check(command->pool, config->log_target);
}

static const char *set_audit(cmd_parms *command, void *unused, const char *what)
{
    tlsdiag_config_t *config = tlsdiag_config_of(command->server);
    const char *misplaced = ap_check_cmd_context(command, NOT_IN_DIR_CONTEXT);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    config->audit = !ap_cstr_casecmp(what, "off")  ? TLSDIAG_AUDIT_OFF
                    : !ap_cstr_casecmp(what, "on") ? TLSDIAG_SEVERITY_WARNING
                                                   : TLSDIAG_UNSET;
    for (int severity = 0; severity < TLSDIAG_SEVERITIES; severity++) {
        if (!ap_cstr_casecmp(what, tlsdiag_severity_name((tlsdiag_severity_t)severity))) {
            config->audit = severity;
        }
    }
    if (config->audit == TLSDIAG_UNSET) {
        return apr_psprintf(command->pool, "TLSDiagAudit: \"%s\" is none of On, Off, error, warning, notice and info",
                            what);
    }
    return NULL;
}

static const char *set_audit_interval(cmd_parms *command, void *unused, const char *seconds)
{
    tlsdiag_config_t *config = tlsdiag_config_of(command->server);
    const char *misplaced = ap_check_cmd_context(command, GLOBAL_ONLY);
    char *end;

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    apr_int64_t value = apr_strtoi64(seconds, &end, 10);
    if (*end || value < 1 || value > 86400) {
        return apr_psprintf(command->pool, "TLSDiagAuditInterval: \"%s\" is no number of seconds from 1 to 86400",
                            seconds);
    }
    config->audit_seconds = (int)value;
    return NULL;
}

static bool is_check(const char *id)
{
    for (apr_uint16_t i = 0; i < tlsdiag_checks_count(); i++) {
        if (!strcmp(tlsdiag_check_id(i), id)) {
            return true;
        }
    }
    return false;
}

static const char *set_audit_ignore(cmd_parms *command, void *unused, const char *id, const char *reason)
{
    tlsdiag_config_t *config = tlsdiag_config_of(command->server);
    const char *misplaced = ap_check_cmd_context(command, NOT_IN_DIR_CONTEXT);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    if (!is_check(id)) {
        return apr_psprintf(command->pool,
                            "TLSDiagAuditIgnore: there is no check \"%s\"; the error log names them after "
                            "\"tlsdiag:\"",
                            id);
    }
    if (!config->audit_ignored) {
        config->audit_ignored = apr_array_make(command->pool, 4, sizeof(tlsdiag_ignored_t));
    }
    APR_ARRAY_PUSH(config->audit_ignored, tlsdiag_ignored_t) = (tlsdiag_ignored_t){ .id = id, .reason = reason };
    return NULL;
}

const command_rec tlsdiag_directives[] = {
    AP_INIT_FLAG("TLSDiag", set_flag, FLAG(enabled), RSRC_CONF,
                 "On or Off - whether TLS handshakes are recorded and diagnosed"),
    AP_INIT_FLAG("TLSDiagEnv", set_env, FLAG(env), RSRC_CONF,
                 "On or Off - whether requests get TLSDIAG_* variables and the note tlsdiag-id"),
    AP_INIT_TAKE12(
        "TLSDiagLog", set_log, NULL, RSRC_CONF,
        "a file or \"|command\" or none, then all or failures - where a JSON line goes for each TLS connection"),
    AP_INIT_TAKE1(
        "TLSDiagAudit", set_audit, NULL, RSRC_CONF,
        "On, Off, error, warning, notice or info - whether the TLS settings are audited, and what of it is logged"),
    AP_INIT_TAKE1("TLSDiagAuditInterval", set_audit_interval, NULL, RSRC_CONF,
                  "seconds - how often files and the clock are looked at again while httpd runs"),
    AP_INIT_TAKE2("TLSDiagAuditIgnore", set_audit_ignore, NULL, RSRC_CONF,
                  "the id of a check and a reason in quotes - a finding that is known and accepted here"),
    AP_INIT_FLAG("TLSDiagSimulate", set_global_flag, FLAG(simulate), RSRC_CONF,
                 "On or Off - whether well-known clients are simulated against each vhost at start"),
    AP_INIT_TAKE1("TLSDiagRecords", tlsdiag_set_records, NULL, RSRC_CONF,
                  "a number - how many of the latest failures are kept whole, for the status page"),
    AP_INIT_TAKE1("TLSDiagSharedMemory", tlsdiag_set_shared_memory, NULL, RSRC_CONF,
                  "bytes, with K or M - shared memory for statistics; what records and vhosts leave goes to tables"),
    AP_INIT_TAKE1("TLSDiagStateFile", tlsdiag_set_state_file, NULL, RSRC_CONF,
                  "a file or none - keeps the statistics while httpd is stopped"),
    AP_INIT_FLAG("TLSDiagStatusPublic", set_flag, FLAG(status_public), RSRC_CONF,
                 "On or Off - whether the status page answers where no Require protects it"),
    AP_INIT_FLAG("TLSDiagServerStatus", set_global_flag, FLAG(status_block), RSRC_CONF,
                 "On or Off - whether mod_status shows a summary of TLS handshakes"),
    AP_INIT_TAKE2("TLSDiagMaskClient", tlsdiag_set_mask_client, NULL, RSRC_CONF,
                  "bits of IPv4 and of IPv6 addresses - how much of a client's address is shown and logged"),
    AP_INIT_RAW_ARGS("Require", tlsdiag_note_require, NULL, OR_AUTHCFG,
                     "mod_authz_core's directive; mod_tlsdiag looks on, to know whether its status page is protected"),
    AP_INIT_RAW_ARGS("SetHandler", tlsdiag_note_handler, NULL, OR_FILEINFO,
                     "the core's directive; mod_tlsdiag looks on, to know where its status page is"),
    { NULL, { NULL }, NULL, 0, RAW_ARGS, NULL } /* the end */
};
