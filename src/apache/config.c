/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/config.h"

#include "apr_strings.h"

void *tlsdiag_config_create(apr_pool_t *pool, server_rec *server)
{
    tlsdiag_config_t *config = apr_pcalloc(pool, sizeof *config);

    (void)server;
    config->enabled = config->env = TLSDIAG_UNSET;
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
    if (!own->log_target) {
        merged->log_target = inherited->log_target;
        merged->log_failures_only = inherited->log_failures_only;
    }
    return merged;
}

tlsdiag_config_t *tlsdiag_config_of(const server_rec *server)
{
    return ap_get_module_config(server->module_config, &tlsdiag_module);
}

static const char *set_enabled(cmd_parms *command, void *unused, int on)
{
    const char *misplaced = ap_check_cmd_context(command, NOT_IN_DIR_CONTEXT);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    tlsdiag_config_of(command->server)->enabled = on;
    return NULL;
}

static const char *set_env(cmd_parms *command, void *unused, int on)
{
    const char *misplaced = ap_check_cmd_context(command, NOT_IN_DIR_CONTEXT);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    tlsdiag_config_of(command->server)->env = on;
    return NULL;
}

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
        return apr_psprintf(command->pool, "TLSDiagLog: \"%s\" is neither \"all\" (a line for each TLS connection) nor "
                                           "\"failures\" (for failed handshakes only)", what);
    }
    config->log_target = !ap_cstr_casecmp(target, "off") ? "none" : target;
    config->log_failures_only = what && !ap_cstr_casecmp(what, "failures");
    return tlsdiag_log_check(command->pool, config->log_target);
}

const command_rec tlsdiag_directives[] = {
    AP_INIT_FLAG("TLSDiag", set_enabled, NULL, RSRC_CONF, "On or Off - whether TLS handshakes are recorded and diagnosed"),
    AP_INIT_FLAG("TLSDiagEnv", set_env, NULL, RSRC_CONF,
                 "On or Off - whether requests get TLSDIAG_* variables and the note tlsdiag-id"),
    AP_INIT_TAKE12("TLSDiagLog", set_log, NULL, RSRC_CONF,
                   "a file or \"|command\" or none, then all or failures - where a JSON line goes for each TLS connection"),
    { NULL }
};
