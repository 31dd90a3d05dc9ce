/* SPDX-License-Identifier: Apache-2.0 */
/**
 * openssl_names.h knows the names by which OpenSSL's configuration calls what IANA calls otherwise.
 * It refuses to know whether this OpenSSL has it.
 */
#ifndef TLSDIAG_DIAGNOSE_OPENSSL_NAMES_H
#define TLSDIAG_DIAGNOSE_OPENSSL_NAMES_H

#include <stdint.h>

#include "base/writer.h"

/** "ECDHE-RSA-AES128-GCM-SHA256" for 0xc02f; TLS 1.3 suites have IANA's name. NULL: OpenSSL has no name for it. */
const char *tlsdiag_openssl_suite_name(uint16_t suite);

/** "P-256", "X25519", "ffdhe2048": what SSLOpenSSLConfCmd Groups understands in 1.1.1 and later. NULL: no name. */
const char *tlsdiag_openssl_group_name(uint16_t group);

/** "RSA+SHA256", "rsa_pss_pss_sha256": what SSLOpenSSLConfCmd SignatureAlgorithms understands. Writes nothing for an unknown one. */
void tlsdiag_write_openssl_signature(tlsdiag_writer_t *out, uint16_t scheme);

#endif
