/* SPDX-License-Identifier: Apache-2.0 */
/**
 * proxy_header.h knows how to learn the real client's address from a PROXY header on its way to mod_remoteip, which
 * keeps it to itself until the first request. It refuses to act on it: only our own records use it.
 */
#ifndef TLSDIAG_APACHE_PROXY_HEADER_H
#define TLSDIAG_APACHE_PROXY_HEADER_H

#include "apache/connection.h"

void tlsdiag_proxy_header_register(void);

/** Look for mod_remoteip's filter. In each child, before its first connection. */
void tlsdiag_proxy_header_open(void);

/** Watch for a header, if mod_remoteip takes one from this connection. To be called when all its filters are there, and before
 * its first byte is read. */
void tlsdiag_proxy_header_watch(tlsdiag_connection_t *connection);

#endif
