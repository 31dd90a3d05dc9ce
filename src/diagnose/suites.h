/* SPDX-License-Identifier: Apache-2.0 */
/**
 * suites.h knows why a cipher suite that a client offers can or cannot be used at a vhost in one protocol version.
 * It refuses to know what would have to change.
 */
#ifndef TLSDIAG_DIAGNOSE_SUITES_H
#define TLSDIAG_DIAGNOSE_SUITES_H

#include "diagnose/gap.h"
#include "iana/iana.h"

/** Whose offer is held against whose configuration, at which version. */
typedef struct tlsdiag_gap_scope {
    const tlsdiag_client_hello_t *hello;
    const tlsdiag_posture_t *posture;
    uint16_t version; /**< wire value; 0: no common version, then no suite is of the right one */
} tlsdiag_gap_scope_t;

tlsdiag_suite_verdict_t tlsdiag_suite_judge(uint16_t suite, const tlsdiag_gap_scope_t *scope);

/** Writes   the suite fields of *gap: verdicts, counts, closest and the kinds of offer. */
void tlsdiag_suites_judge(tlsdiag_gap_t *gap, const tlsdiag_gap_scope_t *scope);

/** A group in common for the key exchange. A client of TLS 1.2 or below that sends no supported_groups takes any (RFC 8422 4). */
bool tlsdiag_scope_group_common(const tlsdiag_gap_scope_t *scope);
/** The curve of an ECDSA certificate is one that the client takes. RFC 8422 5.1.1 asks for it below TLS 1.3. */
bool tlsdiag_scope_key_group_taken(const tlsdiag_gap_scope_t *scope, const tlsdiag_certificate_t *certificate);
/** A signature algorithm in common that this certificate's key can make. */
bool tlsdiag_scope_signature_common(const tlsdiag_gap_scope_t *scope, const tlsdiag_certificate_t *certificate);

/** PSK, SRP, GOST, SM, KRB5, unknown to IANA: no ordinary web client (signalling values and GREASE count as well). */
bool tlsdiag_suite_is_exotic(const tlsdiag_suite_traits_t *traits);
/** RC4, DES, 3DES, EXPORT, NULL or anonymous. */
bool tlsdiag_suite_is_legacy(const tlsdiag_suite_traits_t *traits);

#endif
