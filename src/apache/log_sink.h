/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_sink.h knows how to get one line into the JSON log: a file, or a pipe to a command.
 * It refuses to know what the line says, and to wait: a full disk or a reader that stalls costs lines, never a handshake.
 *
 * A line is one write(2), so lines of different children never mix (O_APPEND on a file; at most PIPE_BUF bytes into a
 * pipe, which is then all or nothing). httpd's own piped logs block every worker when the reader stalls (observed.md 5).
 */
#ifndef TLSDIAG_APACHE_LOG_SINK_H
#define TLSDIAG_APACHE_LOG_SINK_H

#include "apache/module.h"

/** PIPE_BUF on Linux: the longest line that a pipe takes whole or not at all, with its LF. */
enum { TLSDIAG_PIPE_LINE_BYTES = 4096 };

typedef struct tlsdiag_log tlsdiag_log_t;

/**
 * What can be said about a target while the configuration is read.
 *
 * Returns  NULL, or the words for `httpd -t`: the directory is missing, the file is a directory.
 */
const char *tlsdiag_log_check(apr_pool_t *pool, const char *target);

/**
 * Open the logs of all servers, as root, each target once. For the open_logs hook.
 *
 * Returns  an error, already logged with its reason, when one cannot be opened: httpd then does not start.
 */
apr_status_t tlsdiag_logs_open(apr_pool_t *pool, server_rec *main_server);

/** The longest line the log takes, its LF included; 0: any length. */
apr_size_t tlsdiag_log_line_limit(const tlsdiag_log_t *log);

/**
 * Write one line, which ends in LF. Never blocks, never fails: what could not be written is counted and told to the
 * error log once a minute.
 */
void tlsdiag_log_write(tlsdiag_log_t *log, const char *line, apr_size_t length, server_rec *server);

/** Lines this process lost on log since its last whole line, which the next line reports (tlsdiag.lost_before). */
apr_uint32_t tlsdiag_log_lost(const tlsdiag_log_t *log);

#endif
