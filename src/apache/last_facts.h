/* SPDX-License-Identifier: Apache-2.0 */
/**
 * last_facts.h knows what httpd, the kernel and the vhost's configuration add to a recording when its outcome is
 * certain: addresses, TCP_INFO, and how the names and certificates of the vhost fit what was asked for; and the id that
 * httpd's own logs give the connection. It refuses to judge.
 */
#ifndef TLSDIAG_APACHE_LAST_FACTS_H
#define TLSDIAG_APACHE_LAST_FACTS_H

#include "apache/connection.h"

/** Complete facts of connection, whose server may be NULL (unknown). TCP_INFO, a system call, for records that will be shown or
 * judged. */
void tlsdiag_last_facts(tlsdiag_connection_t *connection, tlsdiag_facts_t *facts, bool with_tcp);

/** Write httpd's id of the connection, which it has to make for that. For records that will be shown. */
void tlsdiag_last_facts_identify(conn_rec *c, tlsdiag_facts_t *facts);

#endif
