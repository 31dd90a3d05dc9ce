/* SPDX-License-Identifier: Apache-2.0 */
/**
 * shared.h knows where the statistics live: one anonymous segment of shared memory that all children inherit, kept over
 * restarts by the process's pool and over a stop by the state file. It refuses to know what is counted.
 *
 * The segment holds no pointer and belongs to no configuration, so it outlives a graceful restart, also one that unloads
 * the module and loads it again. Its size is fixed when it is made.
 */
#ifndef TLSDIAG_APACHE_SHARED_H
#define TLSDIAG_APACHE_SHARED_H

#include "ap_mpm.h"

#include "apache/module.h"
#include "statistics/statistics.h"

/**
 * Make the segment, or find that of the generation before, or read it from TLSDiagStateFile; give each vhost its slot.
 * For post_config, after tlsdiag_servers() is complete.
 *
 * Returns  an error when there is no memory for it: the module then works without statistics and page.
 */
apr_status_t tlsdiag_shared_open(apr_pool_t *pconf, server_rec *main_server);

/** The statistics; NULL: there are none. */
tlsdiag_statistics_t *tlsdiag_shared_statistics(void);

/** Bytes of the segment. */
apr_size_t tlsdiag_shared_bytes(void);

/** child_init hook: take a slot for this process. */
void tlsdiag_shared_child_init(apr_pool_t *pool, server_rec *main_server);

/** child_status hook, in the parent: what a child that is gone had in progress was abandoned. */
void tlsdiag_shared_child_status(server_rec *main_server, pid_t pid, ap_generation_t generation, int slot,
                                 mpm_child_status state);

/** monitor hook, in the parent every few seconds: writes the state file when it is time. */
int tlsdiag_shared_monitor(apr_pool_t *pool, server_rec *main_server);

#endif
