/* SPDX-License-Identifier: Apache-2.0 */
/**
 * audit_inventory.h knows how to gather all that one audit looks at from httpd's configuration, the disk and the machine.
 * It refuses to judge it.
 */
#ifndef TLSDIAG_APACHE_AUDIT_INVENTORY_H
#define TLSDIAG_APACHE_AUDIT_INVENTORY_H

#include "apache/module.h"
#include "audit/inventory.h"

/** An inventory with what it takes to look again. Lives as long as the configuration. */
typedef struct tlsdiag_kept_inventory {
    tlsdiag_inventory_t inventory;
    server_rec *main_server;
    server_rec **servers;  /**< of inventory.vhosts, in the same order */
    void **ssl_contexts;   /**< likewise, SSL_CTX of each */
    tlsdiag_file_t *files; /**< the same as inventory.files, to be looked at again */
} tlsdiag_kept_inventory_t;

/** Gather everything for the first time, after mod_ssl has set up its vhosts. Vhosts with TLSDiagAudit Off are left out. */
tlsdiag_kept_inventory_t *tlsdiag_inventory_make(server_rec *main_server, apr_pool_t *pool);

/** Look again at what time changes: the clock, the machine and the files. Texts of the host live in pool. */
void tlsdiag_inventory_refresh(tlsdiag_kept_inventory_t *kept, apr_pool_t *pool);

#endif
