/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_sink.h knows how to get lines into the JSON log: a file, or a pipe to a command.
 * It refuses to know what a line says, and to wait: a full disk or a reader that stalls costs lines, never a handshake.
 *
 * Lines gather in a spool (log_spool.h) for a tenth of a second or until it is full, then go out in one write(2): whole
 * lines only, with O_APPEND, so those of different children never mix. Into a pipe a write is at most PIPE_BUF bytes, which
 * is then all or nothing, and what a stalled reader does not take waits in the spool before it is given up and counted
 * (httpd's own piped logs block every worker then: observed.md 5). A killed child's spool is drained by another process.
 */
#ifndef TLSDIAG_APACHE_LOG_SINK_H
#define TLSDIAG_APACHE_LOG_SINK_H

#include "apache/module.h"

/** PIPE_BUF on Linux: the longest line that a pipe takes whole or not at all, with its LF. */
enum { TLSDIAG_PIPE_LINE_BYTES = 4096 };

typedef struct tlsdiag_log tlsdiag_log_t;

/**
 * Open the logs of all servers, as root, each target once. For the open_logs hook.
 *
 * Returns  an error, already logged with its reason, when one cannot be opened: httpd then does not start.
 */
apr_status_t tlsdiag_logs_open(apr_pool_t *pool, server_rec *main_server);

/** Begin to gather lines in this child, until pool is destroyed. For child_init; without it each line is one write. */
void tlsdiag_logs_child_init(apr_pool_t *pool, server_rec *main_server);

/** Drain what dead children left behind. In the parent: for the monitor hook, and when a child has ended. */
void tlsdiag_logs_recover(void);

/** The longest line the log takes, its LF included; 0: any length. */
apr_size_t tlsdiag_log_line_limit(const tlsdiag_log_t *log);

/**
 * Take one line, which ends in LF. Never blocks, never fails: what could not be written is counted and told to the
 * error log once a minute.
 */
void tlsdiag_log_write(tlsdiag_log_t *log, const char *line, apr_size_t length);

/** Lines this process lost on log since this was last asked, for the next line to report (tlsdiag.lost_before). */
apr_uint32_t tlsdiag_log_take_lost(tlsdiag_log_t *log);

#endif
