/* SPDX-License-Identifier: Apache-2.0 */
/**
 * proxy_header.h knows the PROXY protocol's header, versions 1 and 2, as far as it names the real client.
 * It refuses to know whether the sender may be trusted: mod_remoteip decides that.
 */
#ifndef TLSDIAG_DECODE_PROXY_HEADER_H
#define TLSDIAG_DECODE_PROXY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Longest version 1 line, its CRLF included, and a version 2 header with IPv6 addresses fit. */
enum { TLSDIAG_PROXY_HEADER_BYTES = 108 };

typedef enum {
    TLSDIAG_PROXY_INCOMPLETE, /**< more bytes are needed to tell */
    TLSDIAG_PROXY_NONE,       /**< no PROXY header */
    TLSDIAG_PROXY_LOCAL, /**< a header that names no client: LOCAL, UNKNOWN, UNSPEC: the connection's own address counts */
    TLSDIAG_PROXY_CLIENT /**< address and port were written */
} tlsdiag_proxy_result_t;

/**
 * Read the header at the start of a connection.
 *
 * Writes   address (text, NUL-terminated, size bytes are there) and *port, on TLSDIAG_PROXY_CLIENT only.
 * Source   https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, sections 2.1 and 2.2
 */
tlsdiag_proxy_result_t tlsdiag_proxy_header_decode(char *address, size_t size, uint16_t *port, tlsdiag_bytes_t bytes);

/** Whether bytes, of which there are some, begin as a header of either version does, however it goes on. */
bool tlsdiag_proxy_header_begins(tlsdiag_bytes_t bytes);

#endif
