/* SPDX-License-Identifier: Apache-2.0 */
/**
 * names.h knows when a certificate covers the name or address that a client asks for. It refuses to know the client's
 * habits: a certificate that covers a name here may still displease a client that is stricter.
 */
#ifndef TLSDIAG_PKI_NAMES_H
#define TLSDIAG_PKI_NAMES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "posture.h"

/**
 * Does the certificate cover the name?
 *
 * Shape    name is what was asked for, hostile bytes, in A-labels.
 * Source   RFC 9525 6.2 and 6.5: dNSName for names, iPAddress for addresses. The common name does not count: browsers,
 *          Go and rustls have not looked at it since 2017, RFC 9525 2 drops it.
 */
bool tlsdiag_certificate_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name);

/** The common name covers it: enough for older clients when there is no subjectAltName (RFC 2818 3.1). */
bool tlsdiag_common_name_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name);

#endif
