/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_writer.h knows when the lines that gather are to be written out, and has the one thread of a child that does it: within
 * a tenth of a second, or when there is no more room. It refuses to know what a log is and how lines wait.
 *
 * On a busy site the thread is woken for a half that is full only: waking it takes longer than adding a line.
 */
#ifndef TLSDIAG_APACHE_LOG_WRITER_H
#define TLSDIAG_APACHE_LOG_WRITER_H

#include <stdbool.h>

#include "apache/module.h"

typedef struct tlsdiag_log_writer tlsdiag_log_writer_t;

/**
 * Start the thread, which calls two functions: whether lines wait, under the writer's own lock; and to write them out, without
 * it. full_only: what has just begun to gather need not go.
 *
 * Returns  an error of pthread or APR when there is no thread: then *writer is unchanged.
 */
apr_status_t tlsdiag_log_writer_start(tlsdiag_log_writer_t **writer, bool (*lines_wait)(void),
                                      void (*write_out)(bool full_only), apr_pool_t *pool);

/** A line was added, from any thread. half_is_full: those before it are to be written out now. */
void tlsdiag_log_writer_line_added(tlsdiag_log_writer_t *writer, bool half_is_full);

/** Wait until the thread has ended. What waits then is the caller's. */
void tlsdiag_log_writer_stop(tlsdiag_log_writer_t *writer);

#endif
