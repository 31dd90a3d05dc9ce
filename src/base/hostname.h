/* SPDX-License-Identifier: Apache-2.0 */
/**
 * hostname.h knows when a name in a certificate stands for the name a client asked for.
 * It refuses to know certificates: names come in as text.
 */
#ifndef TLSDIAG_BASE_HOSTNAME_H
#define TLSDIAG_BASE_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/**
 * Does pattern, a dNSName, cover host?
 *
 * Shape    ASCII letters match in either case; one trailing dot of host is ignored. `*` stands for exactly one label
 *          and only as the whole leftmost one, never for a part (`f*.example.net` covers nothing).
 * Broken   An empty host, an empty label or a byte no host name can hold is covered by nothing.
 * Source   RFC 9525 6.3 (it replaces RFC 6125, which let some clients accept partial wildcards)
 */
bool tlsdiag_hostname_covers(const char *pattern, tlsdiag_bytes_t host);

/** Is it an IPv4 address in dotted form, or does it hold a colon, as only an IPv6 address can? */
bool tlsdiag_hostname_is_address(tlsdiag_bytes_t host);

/**
 * Is pattern a wildcard that covers more than one owner's names: `*`, `*.net`, `*.co.uk`?
 *
 * Limits   Knows the usual second-level names below country codes (co, com, net, org, ac, edu, gov), not the Public
 *          Suffix List.
 */
bool tlsdiag_hostname_is_too_wide(const char *pattern);

/** The same text, ASCII letters in either case. */
bool tlsdiag_hostname_equals(const char *a, const char *b);

#endif
