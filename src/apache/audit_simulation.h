/* SPDX-License-Identifier: Apache-2.0 */
/**
 * audit_simulation.h knows how to run the simulated clients against every vhost without putting this process at risk, and
 * how to print what came of it. It refuses to know how one simulated handshake goes: collect/simulate.h does.
 */
#ifndef TLSDIAG_APACHE_AUDIT_SIMULATION_H
#define TLSDIAG_APACHE_AUDIT_SIMULATION_H

#include "apache/audit_inventory.h"
#include "apr_file_io.h"

/**
 * Simulate all clients of the table on all vhosts of the inventory, and write inventory.simulations.
 *
 * Units    at most patience microseconds; what is not done then stays undone.
 * Broken   without a process to be had, or when it dies: what it had done counts, the rest stays undone.
 */
void tlsdiag_simulations_run(tlsdiag_kept_inventory_t *kept, apr_interval_time_t patience, apr_pool_t *pool);

/** Print the matrix: one block for each vhost, one line for each client. */
void tlsdiag_simulations_print(apr_file_t *out, const tlsdiag_inventory_t *inventory);

#endif
