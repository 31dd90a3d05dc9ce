/* SPDX-License-Identifier: Apache-2.0 */
/**
 * state_file.h knows how the statistics' segment is kept in a file while httpd is stopped.
 * It refuses to know what lies in the segment: it is written and read as it is, and checked by a sum over its bytes.
 *
 * Only the parent, as root, reads and writes it. Written whole to a new file beside it, then renamed: whoever reads it gets
 * the old one or the new one.
 */
#ifndef TLSDIAG_APACHE_STATE_FILE_H
#define TLSDIAG_APACHE_STATE_FILE_H

#include "apache/module.h"

typedef enum {
    TLSDIAG_IN_CACHE, /**< would survive a crash of httpd */
    TLSDIAG_ON_DISK   /**< would survive a power failure; waits for the disk */
} tlsdiag_durability_t;

/** Why this name is a mistake in the configuration: what has it will never be a file. A string constant; NULL: it may be right. */
const char *tlsdiag_state_file_mistaken(const char *path);

/**
 * Write bytes of memory.
 *
 * Returns  the reason when it could not be done, and APR_EEXIST when what has this name is no regular file: what was there before
 *          is then still there.
 */
apr_status_t tlsdiag_state_file_write(const char *path, const void *memory, apr_size_t bytes,
                                      tlsdiag_durability_t durability, apr_pool_t *pool);

/**
 * Read it into memory from pool.
 *
 * Returns  APR_SUCCESS; APR_ENOENT: there is none; APR_EGENERAL: it is damaged or something else; or why it cannot be read.
 */
apr_status_t tlsdiag_state_file_read(void **memory, apr_size_t *bytes, const char *path, apr_pool_t *pool);

/** Remove what processes that were killed while they wrote the file have left beside it. At start. */
void tlsdiag_state_file_tidy(const char *path, apr_pool_t *pool);

#endif
