/* SPDX-License-Identifier: Apache-2.0 */
/**
 * shared.h knows the memory that all children share and that survives a graceful restart: the sequence of records and
 * the last of them. It refuses to know what a record says.
 */
#ifndef TLSDIAG_APACHE_SHARED_H
#define TLSDIAG_APACHE_SHARED_H

#include "apache/module.h"

enum { TLSDIAG_RECENT_RECORDS = 100, TLSDIAG_RECENT_BYTES = 4096 };

/**
 * Make the segment, or find that of the generation before. Anonymous memory: no file, no permission to ask for.
 *
 * Returns  an error when there is no memory for it; the module then works without the page.
 */
apr_status_t tlsdiag_shared_open(server_rec *main_server);

/** The next number of event.sequence, server-wide, from 1; 0 without the segment. */
apr_uint64_t tlsdiag_shared_next_sequence(void);

/** Keep one record's JSON line among the last ones; a line longer than a slot is left out. */
void tlsdiag_shared_remember(const char *json, apr_size_t length);

/** Call visit for each record that is kept, newest first; json is a copy and NUL-terminated. */
void tlsdiag_shared_recall(void (*visit)(void *context, const char *json, apr_size_t length), void *context);

#endif
