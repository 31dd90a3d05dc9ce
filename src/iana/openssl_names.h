/* SPDX-License-Identifier: Apache-2.0 */
/**
 * openssl_names.h knows the names by which OpenSSL's configuration calls what IANA calls otherwise.
 * It refuses to know whether this OpenSSL has it.
 */
#ifndef TLSDIAG_IANA_OPENSSL_NAMES_H
#define TLSDIAG_IANA_OPENSSL_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"

/** "ECDHE-RSA-AES128-GCM-SHA256" for 0xc02f; TLS 1.3 suites have IANA's name. NULL: OpenSSL has no name for it. */
const char *tlsdiag_openssl_suite_name(uint16_t suite);

/** A named group as SSLOpenSSLConfCmd Groups spells it; where versions differ, as 1.1.1 and 3.x both do. */
typedef struct tlsdiag_openssl_group {
    uint16_t code;
    const char *name;
    bool advised; /**< an advice may name it: RFC 8422 5.1.1 does not call it deprecated, and usual builds have it */
} tlsdiag_openssl_group_t;

/** Each group that some version of OpenSSL has. */
extern const tlsdiag_openssl_group_t tlsdiag_openssl_groups[];
extern const size_t tlsdiag_openssl_groups_count;

/** "P-256", "X25519", "ffdhe2048": what an advice may write behind SSLOpenSSLConfCmd Groups. NULL: none. */
const char *tlsdiag_openssl_group_name(uint16_t group);

/** "RSA+SHA256", "rsa_pss_pss_sha256": what SSLOpenSSLConfCmd SignatureAlgorithms understands. Writes nothing for an unknown one. */
void tlsdiag_write_openssl_signature(tlsdiag_writer_t *out, uint16_t scheme);

#endif
