/* SPDX-License-Identifier: Apache-2.0 */
/**
 * host_names.h knows when a certificate covers the name a client asks for. It refuses to know the client's habits: a
 * certificate that covers a name here may still displease a client that is stricter.
 */
#ifndef TLSDIAG_DIAGNOSE_HOST_NAMES_H
#define TLSDIAG_DIAGNOSE_HOST_NAMES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "posture.h"

/**
 * Does a presented name cover a reference name?
 *
 * Shape    presented is a dNSName or ServerAlias-like pattern; name is what was asked for, hostile bytes, in A-labels.
 * Returns  true for equal names (ASCII case and one trailing dot do not matter), and for a presented name whose whole
 *          left-most label is `*`, with two labels or more behind it, against a name with exactly one label in its place.
 * Source   RFC 9525 6.3 (RFC 6125 6.4.3 without its optional partial wildcards, which RFC 9525 took back).
 */
bool tlsdiag_host_name_matches(const char *presented, tlsdiag_bytes_t name);

/** An IPv4 address in dotted form or an IPv6 address, by its looks: what must be an iPAddress in the certificate. */
bool tlsdiag_host_name_is_address(tlsdiag_bytes_t name);

/**
 * Does the certificate cover the name?
 *
 * Source   RFC 9525 6.2 and 6.5: dNSName for names, iPAddress for addresses. The common name does not count: browsers,
 *          Go and rustls have not looked at it since 2017, RFC 9525 2 drops it.
 */
bool tlsdiag_certificate_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name);

/** The common name covers it: enough for older clients when there is no subjectAltName (RFC 2818 3.1). */
bool tlsdiag_common_name_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name);

#endif
