/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/request.h"

#include "ap_expr.h"
#include "http_request.h"
#include "apache/config.h"
#include "apache/connection.h"
#include "apache/count.h"
#include "apache/tell.h"
#include "mod_log_config.h"

typedef const char *(*value_t)(const tlsdiag_connection_t *connection);

static const char *event_id(const tlsdiag_connection_t *connection)
{
    return connection->event_id;
}

static const char *ja3(const tlsdiag_connection_t *connection)
{
    return connection->ja3;
}

static const char *ja4(const tlsdiag_connection_t *connection)
{
    return connection->ja4;
}

static const char *cause(const tlsdiag_connection_t *connection)
{
    return connection->cause;
}

static const char *resumed(const tlsdiag_connection_t *connection)
{
    return connection->resumed ? "Resumed" : "Initial"; /* mod_ssl's words for SSL_SESSION_RESUMED */
}

/* A row for each thing a request can ask for; all values are made by us of safe characters. */
static const struct {
    const char *variable, *short_name;
    value_t value;
} variables[] = {
    { "TLSDIAG_ID", "id", event_id },
    { "TLSDIAG_JA3", "ja3", ja3 },
    { "TLSDIAG_JA4", "ja4", ja4 },
    { "TLSDIAG_CAUSE", "cause", cause },
    { "TLSDIAG_RESUMED", "resumed", resumed },
};

enum { VARIABLES = sizeof variables / sizeof variables[0] };

/* NULL where the connection was not observed or its record has not been told yet. */
static const char *look_up(const conn_rec *c, value_t value)
{
    const tlsdiag_connection_t *connection = tlsdiag_connection_of(c);
    const char *text = connection && connection->event_id[0] ? value(connection) : NULL;

    return text && *text ? text : NULL;
}

static const char *log_value(request_rec *r, char *name)
{
    for (unsigned i = 0; i < VARIABLES; i++) {
        if (!strcasecmp(name, variables[i].short_name)) {
            return look_up(r->connection, variables[i].value);
        }
    }
    return NULL;
}

int tlsdiag_request_pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    APR_OPTIONAL_FN_TYPE(ap_register_log_handler) *add = APR_RETRIEVE_OPTIONAL_FN(ap_register_log_handler);

    (void)plog;
    (void)ptemp;
    if (add) {
        static char tag[] = "^td"; /* the function is older than const */
        add(pconf, tag, log_value, 0);
    }
    return OK;
}

static const char *expression_value(ap_expr_eval_ctx_t *context, const void *data)
{
    const char *value = context->c ? look_up(context->c, *(const value_t *)data) : NULL;

    return value ? value : "";
}

int tlsdiag_request_expression(void *opaque)
{
    ap_expr_lookup_parms *parms = opaque;

    if (parms->type != AP_EXPR_FUNC_VAR) {
        return DECLINED;
    }
    for (unsigned i = 0; i < VARIABLES; i++) {
        if (!strcasecmp(parms->name, variables[i].variable)) {
            *parms->func = (const void *)expression_value;
            *parms->data = &variables[i].value;
            return OK;
        }
    }
    return DECLINED;
}

static int set_variables(request_rec *r)
{
    if (tlsdiag_config_of(r->server)->env != 1) {
        return DECLINED;
    }
    for (unsigned i = 0; i < VARIABLES; i++) {
        const char *value = look_up(r->connection, variables[i].value);
        if (value) {
            apr_table_setn(r->subprocess_env, variables[i].variable, value);
        }
    }
    const char *id = look_up(r->connection, event_id);
    if (id) {
        apr_table_setn(r->notes, "tlsdiag-id", id);
    }
    return DECLINED;
}

/* Hooks go with the configuration's pool, and so does the mark that ours hangs already. */
void tlsdiag_request_wants_env(apr_pool_t *pconf)
{
    static const char userdata_key[] = "tlsdiag_env";
    void *hangs = NULL;

    apr_pool_userdata_get(&hangs, userdata_key, pconf);
    if (!hangs) {
        ap_hook_fixups(set_variables, NULL, NULL, APR_HOOK_MIDDLE);
        apr_pool_userdata_set(pconf, userdata_key, apr_pool_cleanup_null, pconf);
    }
}

/* mod_ssl refuses such a request with 403 and leaves one of these notes (ssl_hook_Access); TLS itself shows nothing. */
static bool could_not_ask_for_certificate(const request_rec *r)
{
    const char *words = apr_table_get(r->notes, "error-notes");

    return (words && strstr(words, "Post-Handshake Authentication")) ||
           apr_table_get(r->notes, "ssl-renegotiate-forbidden");
}

int tlsdiag_request_log(request_rec *r)
{
    tlsdiag_connection_t *connection = tlsdiag_connection_of(r->connection);

    if (connection && !atomic_load_explicit(&connection->said_who, memory_order_relaxed)) {
        tlsdiag_count_request(connection, r);
    }
    if (r->status != HTTP_FORBIDDEN || !could_not_ask_for_certificate(r)) {
        return DECLINED;
    }
    /* Not the observer's recording: an HTTP/2 request runs in another thread than its connection. */
    tlsdiag_recording_t *recording = connection ? tlsdiag_recording_make() : NULL;
    if (!recording) {
        return DECLINED;
    }
    recording->facts.established = recording->facts.request_seen = true;
    recording->facts.renegotiating = recording->facts.post_handshake_authentication = true;
    recording->facts.certificate_wanted = true;
    recording->facts.stage = TLSDIAG_FINISHED;
    recording->facts.ended_by = TLSDIAG_ENDED_ERROR;
    recording->facts.ended_us = recording->facts.started_us;
    tlsdiag_tell(connection, recording);
    tlsdiag_recording_free(recording);
    return DECLINED;
}
