/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_orphans.h knows what becomes of lines whose process is gone: those that waited in its spool, and the write that it was
 * killed in. It refuses to know which logs are open: log_sink.c does.
 */
#ifndef TLSDIAG_APACHE_LOG_ORPHANS_H
#define TLSDIAG_APACHE_LOG_ORPHANS_H

#include "apache/log_file.h"
#include "apache/log_spool.h"

/** Does a write that its process was killed in lie before the next one? Else this is a look at one number. Before each write. */
void tlsdiag_log_look_for_cut(tlsdiag_log_file_t *file);

/** Write lines of a spool, so that others can see when this process dies in it. context is the tlsdiag_log_file_t. */
apr_size_t tlsdiag_log_drain(void *context, tlsdiag_spool_half_t *half, tlsdiag_spool_lines_t lines);

/** Write what a dead process had for this log, and give its spool back. In the parent. */
void tlsdiag_log_recover(tlsdiag_log_file_t *file, tlsdiag_spool_t *orphan);

/** Count what a dead process had for a log that a reload took away, and give its spool back. In the parent. */
void tlsdiag_log_give_up_orphan(tlsdiag_spool_t *orphan);

#endif
