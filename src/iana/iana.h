/* SPDX-License-Identifier: Apache-2.0 */
/**
 * iana.h knows the names that IANA's TLS registries give to code points, and a few facts that the names carry.
 * It refuses to know what a server or client does with them.
 *
 * All names are string literals. NULL: the code point is unassigned, write it as 0x1234.
 */
#ifndef TLSDIAG_IANA_IANA_H
#define TLSDIAG_IANA_IANA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/writer.h"

const char *tlsdiag_iana_cipher_suite_name(uint16_t code); /**< "TLS_AES_128_GCM_SHA256" */
const char *tlsdiag_iana_extension_name(uint16_t code);    /**< "supported_groups" */
const char *tlsdiag_iana_group_name(uint16_t code);        /**< "x25519", "secp256r1", "x25519mlkem768": lower case */
const char *
tlsdiag_iana_signature_scheme_name(uint16_t code); /**< "ecdsa_secp256r1_sha256"; TLS 1.2 pairs as "rsa_pkcs1_sha224" */
const char *tlsdiag_iana_alert_name(uint8_t code); /**< "handshake_failure" */
const char *tlsdiag_iana_handshake_type_name(uint8_t code); /**< "client_hello" */
const char *tlsdiag_iana_compression_name(uint8_t code);
const char *tlsdiag_iana_psk_mode_name(uint8_t code);
/** "TLSv1.3", "TLSv1.2", ..., "SSLv3", as SSLProtocol spells them. */
const char *tlsdiag_iana_version_name(uint16_t code);

/** The way back, for text that was written by these names: the code point. Returns false when none has that name. */
bool tlsdiag_iana_cipher_suite_find(uint16_t *code, const char *name);
bool tlsdiag_iana_group_find(uint16_t *code, const char *name);
bool tlsdiag_iana_signature_scheme_find(uint16_t *code, const char *name);

/** A 16-bit code point that RFC 8701 reserves for GREASE: 0x0a0a, 0x1a1a, ... 0xfafa. */
static inline bool tlsdiag_iana_is_grease(uint16_t code)
{
    return (code & 0x0f0f) == 0x0a0a && code >> 8 == (code & 0xff);
}

/** Name, or 0x1234 when there is none. */
void tlsdiag_write_code(tlsdiag_writer_t *out, uint16_t code, const char *name);
/** "handshake_failure(40)"; "unassigned(99)". */
void tlsdiag_write_alert(tlsdiag_writer_t *out, uint8_t description);

/** Key exchange of a cipher suite, from its registered name. */
typedef enum {
    TLSDIAG_KX_ANY, /**< TLS 1.3: the suite does not say */
    TLSDIAG_KX_RSA,
    TLSDIAG_KX_DHE,
    TLSDIAG_KX_ECDHE,
    TLSDIAG_KX_DH,  /**< static DH or ECDH: no forward secrecy */
    TLSDIAG_KX_PSK, /**< any PSK mix */
    TLSDIAG_KX_SRP,
    TLSDIAG_KX_GOST,
    TLSDIAG_KX_KRB5,
    TLSDIAG_KX_ECCPWD,
    TLSDIAG_KX_SIGNALLING, /**< TLS_EMPTY_RENEGOTIATION_INFO_SCSV, TLS_FALLBACK_SCSV */
    TLSDIAG_KX_UNKNOWN
} tlsdiag_kx_t;

/** What the server's certificate must be for a cipher suite. */
typedef enum {
    TLSDIAG_AUTH_ANY,   /**< TLS 1.3: the signature algorithms decide */
    TLSDIAG_AUTH_RSA,   /**< also for RSA_PSK and SRP_RSA */
    TLSDIAG_AUTH_ECDSA, /**< in TLS 1.2 also for Ed25519 and Ed448 (RFC 8422) */
    TLSDIAG_AUTH_DSS,
    TLSDIAG_AUTH_ANON, /**< none at all */
    TLSDIAG_AUTH_PSK,  /**< none, a shared key */
    TLSDIAG_AUTH_OTHER /**< GOST, SM2, Kerberos, a password, or a static Diffie-Hellman key */
} tlsdiag_auth_t;

/** What a cipher suite's name says; the columns of cipher_suites.inc. All false and UNKNOWN for a code without a name. */
typedef struct tlsdiag_suite_traits {
    bool known;                    /**< has a name, and is neither GREASE nor a signalling value */
    bool tls13;                    /**< usable in TLS 1.3 only */
    bool tls12_only;               /**< AEAD or SHA-2 MAC: needs TLS 1.2; not so the SHA-2 MACs of PSK suites */
    tlsdiag_kx_t key_exchange;     /**< anonymous DH and ECDH count as DHE and ECDHE */
    tlsdiag_auth_t authentication; /**< what the certificate must be */
    bool forward_secret;           /**< ephemeral key exchange; true for TLS 1.3, where only psk_ke is not */
    bool is_null;                  /**< no encryption */
    bool is_export;                /**< weakened for export rules of the 1990s: 40 or 56 bits */
    bool is_rc4, is_des, is_3des;  /**< is_des: single DES only */
    bool is_cbc;                   /**< any block cipher in CBC mode */
    bool is_aead;                  /**< GCM, CCM, ChaCha20-Poly1305, ... */
    bool is_anonymous;             /**< no authentication of the server */
    bool is_ccm8;                  /**< AEAD with a tag of 8 bytes */
    bool is_national;              /**< GOST, SM, ARIA, CAMELLIA, SEED: only GOST and SM count as exotic */
    uint16_t key_bits;             /**< nominal, of the bulk cipher: 168 for 3DES; 0: NULL or unknown */
} tlsdiag_suite_traits_t;

/** The traits of a suite, by one table look-up. */
tlsdiag_suite_traits_t tlsdiag_iana_suite_traits(uint16_t code);

#endif
