/* SPDX-License-Identifier: Apache-2.0 */
/**
 * traits.h knows what the registered code points of named groups and signature schemes imply: in which protocol versions
 * they can be used, and with which kind of key. (For cipher suites iana.h knows it.) It refuses to know who offers them.
 */
#ifndef TLSDIAG_IANA_TRAITS_H
#define TLSDIAG_IANA_TRAITS_H

#include <stdbool.h>
#include <stdint.h>

/** The kind of key that makes a signature of a scheme. */
typedef enum {
    TLSDIAG_SIGNER_OTHER, /**< GOST, SM2, identity-based and whatever is not listed */
    TLSDIAG_SIGNER_RSA,
    TLSDIAG_SIGNER_RSA_PSS,
    TLSDIAG_SIGNER_ECDSA,
    TLSDIAG_SIGNER_ED25519,
    TLSDIAG_SIGNER_ED448,
    TLSDIAG_SIGNER_DSA,
    TLSDIAG_SIGNER_ML_DSA
} tlsdiag_signer_t;

/** What a signature scheme says. */
typedef struct tlsdiag_signature_traits {
    tlsdiag_signer_t signer;
    bool tls12;     /**< may sign a TLS 1.2 handshake */
    bool tls13;     /**< may sign a TLS 1.3 handshake (in certificates others are allowed too) */
    bool is_legacy; /**< SHA-1 or MD5: below OpenSSL 3's security level 1 */
    uint16_t
        tls13_group; /**< the only curve of the key in TLS 1.3, by its older code point (26 for brainpoolP256r1); 0: any */
} tlsdiag_signature_traits_t;

/** Source   RFC 8446 4.2.3; RFC 5246 7.4.1.4.1 for the pairs of hash and key; RFC 8734; draft-ietf-tls-mldsa. */
tlsdiag_signature_traits_t tlsdiag_iana_signature_traits(uint16_t code);

/** What a named group says. */
typedef struct tlsdiag_group_traits {
    bool tls12;           /**< a curve for ECDHE in TLS 1.2 and below */
    bool tls13;           /**< may have a key share in TLS 1.3 */
    bool is_finite_field; /**< ffdhe2048 ... ffdhe8192 */
    bool is_post_quantum; /**< ML-KEM alone or together with a curve */
} tlsdiag_group_traits_t;

/** Source   RFC 8446 4.2.7, RFC 8422 5.1.1, RFC 8734, RFC 7919; RFC 10024. */
tlsdiag_group_traits_t tlsdiag_iana_group_traits(uint16_t code);

#endif
