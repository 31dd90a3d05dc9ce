/* SPDX-License-Identifier: Apache-2.0 */
/**
 * audit.h knows when the TLS settings are audited, in whose log a finding is told and who wanted not to hear of it.
 * It refuses to judge: audit/findings.h does. What is stored for the page is in apache/audit_store.h.
 *
 * At start everything is audited once, in the parent, after mod_ssl has set up its vhosts. While httpd runs, one child
 * (mod_watchdog's singleton) looks again every TLSDiagAuditInterval, and whenever a date is reached at which a finding
 * comes or goes.
 */
#ifndef TLSDIAG_APACHE_AUDIT_H
#define TLSDIAG_APACHE_AUDIT_H

#include "apache/audit_store.h"
#include "apache/module.h"
#include "audit/inventory.h"

/** post_config hook, after mod_ssl's and our own, before mod_watchdog's. */
int tlsdiag_audit_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server);

/**
 * test_config hook: `httpd -t -D TLSDIAG_AUDIT` prints all findings, `-D TLSDIAG_SIMULATE` the matrix of simulated
 * clients, `-D DUMP_TLSDIAG` what each vhost is really set up to do. All let mod_ssl set up its vhosts first, as at a start, which may ask for the passwords of keys.
 */
void tlsdiag_audit_test_config(apr_pool_t *pconf, server_rec *main_server);

/** The vhosts of this configuration and what simulated clients met on them; no files, no host. NULL: there was no audit. */
const tlsdiag_inventory_t *tlsdiag_audit_inventory(void);

#endif
