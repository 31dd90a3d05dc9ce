/* SPDX-License-Identifier: Apache-2.0 */
/**
 * tell.h knows the way of a finished recording to those who want to hear of it: last facts from httpd, diagnosis,
 * error log, JSON log, shared memory. It refuses to decide what anything means or how it is written.
 */
#ifndef TLSDIAG_APACHE_TELL_H
#define TLSDIAG_APACHE_TELL_H

#include "apache/connection.h"

/**
 * Tell the outcome of recording, which belongs to connection. Called once for each recording.
 *
 * Broken   without memory for the texts the record is lost; nothing else happens.
 */
void tlsdiag_tell(tlsdiag_connection_t *connection, tlsdiag_recording_t *recording);

/** What is the same for all records of this process. For child_init. */
void tlsdiag_tell_child_init(apr_pool_t *pool, server_rec *main_server);

#endif
