/* SPDX-License-Identifier: Apache-2.0 */
/**
 * remedy.h knows how to write directives that let one client in: the administrator's own words plus the smallest addition,
 * to be pasted as they are as the last lines of the vhost. It refuses to write half a remedy: when one gap cannot be closed
 * by configuration, it writes nothing.
 */
#ifndef TLSDIAG_DIAGNOSE_REMEDY_H
#define TLSDIAG_DIAGNOSE_REMEDY_H

#include "base/writer.h"
#include "diagnose/scene.h"

/** Writes directive lines, LF between, into text, and what they cost in security into cost; nothing when nothing helps. */
typedef void tlsdiag_remedy_t(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene);

tlsdiag_remedy_t close_every_gap; /**< versions, suites, groups, signature algorithms, security level, together */
tlsdiag_remedy_t offer_stronger_exchange;     /**< an ECDHE suite that the client offers too, before the DHE ones */
tlsdiag_remedy_t speak_its_protocol;          /**< Protocols, for ALPN */
tlsdiag_remedy_t expect_proxy_header;         /**< RemoteIPProxyProtocol On */
tlsdiag_remedy_t expect_no_proxy_header;      /**< ... Off */
tlsdiag_remedy_t make_certificate_optional;   /**< SSLVerifyClient optional */
tlsdiag_remedy_t ask_for_certificate_at_once; /**< SSLVerifyClient require, instead of after the request */
tlsdiag_remedy_t verify_deeper;               /**< SSLVerifyDepth */
tlsdiag_remedy_t do_without_crl;              /**< SSLCARevocationCheck none, until there is one */
tlsdiag_remedy_t do_without_missing_crl;      /**< ... no_crl_for_cert_ok */

#endif
