/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_file.h knows one open log target: how it is opened, how whole lines get into it, and what happens when they do not.
 * It refuses to know when lines are written: log_sink.c gathers them.
 */
#ifndef TLSDIAG_APACHE_LOG_FILE_H
#define TLSDIAG_APACHE_LOG_FILE_H

#include <stdbool.h>

#include "apache/module.h"

typedef struct tlsdiag_log_file {
    const char *target; /**< as configured */
    int descriptor;
    bool is_pipe;       /**< a command, a FIFO, /dev/stdout of a container */
    server_rec *server; /**< that a loss is told to */
    apr_uint32_t lost;  /**< lines lost and not asked for yet */
    apr_uint32_t lost_total;
    apr_uint32_t reported_at; /**< second at which a loss was last told */
    apr_uint32_t torn;        /**< the last write was cut off: the next one starts on a new line */
} tlsdiag_log_file_t;

/** Open file->target, as root; it is closed with pool. Returns the reason when it cannot be opened. */
apr_status_t tlsdiag_log_file_open(tlsdiag_log_file_t *file, apr_pool_t *pool);

/**
 * Write whole lines, without blocking.
 *
 * Returns  how many bytes are done with, whole lines again: written, or lost, counted and told. Fewer than length: a
 *          pipe is full and the rest may be tried again.
 */
apr_size_t tlsdiag_log_file_put(tlsdiag_log_file_t *file, const char *bytes, apr_size_t length);

/** Count lines as lost for reason, an errno; the error log hears of it once a minute. */
void tlsdiag_log_file_lose(tlsdiag_log_file_t *file, apr_uint32_t lines, int reason);

#endif
