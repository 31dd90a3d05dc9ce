/* SPDX-License-Identifier: Apache-2.0 */
/**
 * last_facts.h knows what httpd, the kernel and the vhost's configuration add to a recording when its outcome is
 * certain: addresses, connection id, TCP_INFO, and how the names and certificates of the vhost fit what was asked for.
 * It refuses to judge.
 */
#ifndef TLSDIAG_APACHE_LAST_FACTS_H
#define TLSDIAG_APACHE_LAST_FACTS_H

#include "apache/connection.h"

/** Complete facts of connection, whose server may be NULL (unknown). */
void tlsdiag_last_facts(tlsdiag_connection_t *connection, tlsdiag_facts_t *facts);

#endif
