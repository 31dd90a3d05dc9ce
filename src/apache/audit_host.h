/* SPDX-License-Identifier: Apache-2.0 */
/**
 * audit_host.h knows how to ask this machine for its clock, its time zone and its randomness, and the disk for the files
 * that vhosts were set up from. It refuses to judge the answers.
 */
#ifndef TLSDIAG_APACHE_AUDIT_HOST_H
#define TLSDIAG_APACHE_AUDIT_HOST_H

#include "apache/module.h"
#include "audit/inventory.h"

/** Write all of host, as it is now. Texts live in pool or for ever. */
void tlsdiag_host_read(tlsdiag_host_t *host, apr_pool_t *pool);

/**
 * Look at one file again.
 *
 * Shape    file->path is set. What an earlier look found stays where this process may not look: a child cannot see what
 *          root saw at start.
 * Limits   Only regular files are opened.
 */
void tlsdiag_file_look(tlsdiag_file_t *file, apr_pool_t *pool);

#endif
