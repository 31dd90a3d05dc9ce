/* SPDX-License-Identifier: Apache-2.0 */
/**
 * request.h knows what a request may learn of the handshake its connection began with, and what only a request can
 * show about it. It refuses to know how the record came about.
 *
 * Looked up when asked for: `%{id}^td` in a log format and `%{TLSDIAG_ID}` in an expression cost nothing elsewhere.
 * Environment variables and the note are set with `TLSDiagEnv On` only, since they cost on each request.
 */
#ifndef TLSDIAG_APACHE_REQUEST_H
#define TLSDIAG_APACHE_REQUEST_H

#include "apache/module.h"

/** pre_config hook: `%{...}^td` for mod_log_config. */
int tlsdiag_request_pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);
/** expr_lookup hook: %{TLSDIAG_...} in expressions. parms is an ap_expr_lookup_parms. */
int tlsdiag_request_expression(void *parms);
/**
 * TLSDIAG_* variables and the note tlsdiag-id, where TLSDiagEnv is On: hang the fixups hook. While the configuration is read,
 * after which httpd sorts hooks again; any number of times.
 */
void tlsdiag_request_wants_env(apr_pool_t *pconf);
/** log_transaction hook: who the client says it is; and a per-directory client certificate that could not be asked for. */
int tlsdiag_request_log(request_rec *r);

#endif
