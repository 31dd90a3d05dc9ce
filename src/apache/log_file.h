/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_file.h knows one open log target: how it is opened, how whole lines get into it, and what happens when they do not.
 * It refuses to know when lines are written: log_sink.c gathers them.
 */
#ifndef TLSDIAG_APACHE_LOG_FILE_H
#define TLSDIAG_APACHE_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "apache/module.h"

/** What all processes that write to one target know of it together. Accessed with apr_atomic only. */
typedef struct tlsdiag_log_common {
    apr_uint32_t lost; /**< lines lost and not asked for yet */
    apr_uint32_t lost_total;
    apr_uint32_t reported_at; /**< second at which a loss was last told; 0: never */
    apr_uint32_t torn;        /**< the last write was cut off: the next one starts on a new line */
    apr_uint32_t writes;      /**< under way from spools; of one whose process was killed until that is seen */
} tlsdiag_log_common_t;

typedef struct tlsdiag_log_file {
    const char *target; /**< as configured */
    apr_uint32_t key;   /**< of the target, for the spools */
    int descriptor;
    bool is_pipe;       /**< a command, a FIFO, /dev/stdout of a container */
    server_rec *server; /**< that a loss is told to */
    tlsdiag_log_common_t *common;
} tlsdiag_log_file_t;

/**
 * What can be said about a target while the configuration is read.
 *
 * Returns  NULL, or the words for `httpd -t`: the directory is missing, the file is a directory.
 */
const char *tlsdiag_log_check(apr_pool_t *pool, const char *target);

/** Open file->target, as root; it is closed with pool. Returns the reason when it cannot be opened. */
apr_status_t tlsdiag_log_file_open(tlsdiag_log_file_t *file, apr_pool_t *pool);

/**
 * Write as many of the whole lines as go out in one write(2), without blocking.
 *
 * Shape    count: how many lines they are; 0: the caller does not know, they are to be counted.
 * Returns  how many bytes are done with, whole lines again: written, or lost, counted and told; 0: a pipe is full or has no
 *          reader, try again later.
 */
apr_size_t tlsdiag_log_file_put(tlsdiag_log_file_t *file, const char *bytes, apr_size_t length, apr_uint32_t count);

/** Bytes that the file has; 0 for a pipe. What is written next lies behind them. */
apr_off_t tlsdiag_log_file_size(const tlsdiag_log_file_t *file);

/**
 * A process was killed in a write of so many bytes to the file, which had size bytes before: see that the next write starts on
 * a new line, if need be. For any process: nothing is read. Where others wrote at the same time it may leave an empty line.
 */
void tlsdiag_log_file_cut(tlsdiag_log_file_t *file, apr_off_t size, apr_size_t length);

/**
 * A process was killed while it wrote these lines to the file, which had size bytes before: find out what became of them.
 * For the parent, which may read the log.
 *
 * Returns  how many bytes are done with: in the file, or, where nobody can look, given up and counted.
 */
apr_size_t tlsdiag_log_file_resume(tlsdiag_log_file_t *file, apr_off_t size, const char *bytes, apr_size_t length);

/** Count the lines in these bytes as lost because a pipe did not take them; the error log hears of it once a minute. */
void tlsdiag_log_file_give_up(tlsdiag_log_file_t *file, const char *bytes, apr_size_t length);

/** Count the lines in these bytes as lost because a reload removed their log. */
void tlsdiag_log_file_was_removed(const char *bytes, apr_size_t length);

/** Lines that could not be written since this was last asked. */
apr_uint32_t tlsdiag_log_file_take_lost(tlsdiag_log_file_t *file);

#endif
