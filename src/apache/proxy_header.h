/* SPDX-License-Identifier: Apache-2.0 */
/**
 * proxy_header.h knows how to learn the real client's address from a PROXY header on its way to mod_remoteip, which
 * keeps it to itself until the first request. It refuses to act on it: only our own records use it.
 */
#ifndef TLSDIAG_APACHE_PROXY_HEADER_H
#define TLSDIAG_APACHE_PROXY_HEADER_H

#include "apache/connection.h"

void tlsdiag_proxy_header_register(void);

/** Look whether mod_remoteip is loaded. In each child, before its first connection. */
void tlsdiag_proxy_header_open(void);

/** Watch for a header on connection, where mod_remoteip is loaded at all. */
void tlsdiag_proxy_header_watch(tlsdiag_connection_t *connection);

#endif
