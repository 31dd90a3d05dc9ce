/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which protocol versions a vhost lets through, and in which of them a client can really get anywhere.
 */
#include "collect/server_parts.h"

#include "collect/openssl_compat.h"
#include "iana/iana.h"
#include "iana/traits.h"

typedef struct version_row {
    int version;
    uint8_t bit;
    uint64_t switched_off_by;
} version_row_t;

static const version_row_t versions[] = {
    { SSL3_VERSION, TLSDIAG_SSL30, SSL_OP_NO_SSLv3 },     { TLS1_VERSION, TLSDIAG_TLS10, SSL_OP_NO_TLSv1 },
    { TLS1_1_VERSION, TLSDIAG_TLS11, SSL_OP_NO_TLSv1_1 }, { TLS1_2_VERSION, TLSDIAG_TLS12, SSL_OP_NO_TLSv1_2 },
    { TLS1_3_VERSION, TLSDIAG_TLS13, SSL_OP_NO_TLSv1_3 },
};
enum { VERSIONS = sizeof versions / sizeof versions[0] };

#ifdef OPENSSL_NO_SSL3
enum { LOWEST_BUILT = TLS1_VERSION };
#else
enum { LOWEST_BUILT = SSL3_VERSION };
#endif

uint8_t tlsdiag_versions_configured(SSL *ssl)
{
    long lowest = SSL_get_min_proto_version(ssl), highest = SSL_get_max_proto_version(ssl);
    uint64_t options = (uint64_t)SSL_get_options(ssl);
    uint8_t bits = 0;
    lowest = lowest > LOWEST_BUILT ? lowest : LOWEST_BUILT; /* 0: the lowest there is */
    highest = highest ? highest : TLS1_3_VERSION;
    for (unsigned i = 0; i < VERSIONS; i++) {
        if (versions[i].version >= lowest && versions[i].version <= highest &&
            !(options & versions[i].switched_off_by)) {
            bits |= versions[i].bit;
        }
    }
    return bits;
}

typedef struct security_question {
    int operation, bits, nid;
    void *other;
} security_question_t;

static bool level_allows(const SSL *ssl, const security_question_t *asked)
{
    int (*answer)(const SSL *, const SSL_CTX *, int, int, int, void *, void *) = SSL_get_security_callback(ssl);
    return !answer || answer(ssl, NULL, asked->operation, asked->bits, asked->nid, asked->other,
                             SSL_get0_security_ex_data(ssl)) == 1;
}

/*
 * Below TLS 1.2 the signature is MD5 with SHA-1 (RSA) or SHA-1 (others), RFC 4346 7.4.3, RFC 8422 5.4. OpenSSL asks for it
 * with every cipher suite, also where the suite needs no signature. Its idea of their strength: t1_lib.c,
 * sigalg_security_bits().
 */
static bool level_allows_legacy_signature(const SSL *ssl, tlsdiag_key_type_t key)
{
    bool is_rsa = key == TLSDIAG_KEY_RSA;
    unsigned char scheme[2] = { is_rsa ? 0 : 2, is_rsa ? 0 : key == TLSDIAG_KEY_DSA ? 2 : 3 };
    int bits = is_rsa ? TLSDIAG_MD5_SHA1_SECURITY_BITS : TLSDIAG_SHA1_SECURITY_BITS;
    security_question_t asked = {
        .operation = SSL_SECOP_SIGALG_SUPPORTED, .bits = bits, .nid = is_rsa ? NID_md5_sha1 : NID_sha1, .other = scheme
    };
    return level_allows(ssl, &asked);
}

static bool level_allows_version(const SSL *ssl, int version)
{
    security_question_t asked = { .operation = SSL_SECOP_VERSION, .nid = version };
    return level_allows(ssl, &asked);
}

static const struct {
    tlsdiag_key_type_t key;
    tlsdiag_signer_t signer;
    tlsdiag_auth_t authentication; /* of the cipher suites below TLS 1.3; RFC 8422 2 for EdDSA */
    int from;                      /* version */
} keys[] = {
    { TLSDIAG_KEY_RSA, TLSDIAG_SIGNER_RSA, TLSDIAG_AUTH_RSA, SSL3_VERSION },
    { TLSDIAG_KEY_RSA_PSS, TLSDIAG_SIGNER_RSA_PSS, TLSDIAG_AUTH_RSA, TLS1_2_VERSION },
    { TLSDIAG_KEY_ECDSA, TLSDIAG_SIGNER_ECDSA, TLSDIAG_AUTH_ECDSA, SSL3_VERSION },
    { TLSDIAG_KEY_ED25519, TLSDIAG_SIGNER_ED25519, TLSDIAG_AUTH_ECDSA, TLS1_2_VERSION },
    { TLSDIAG_KEY_ED448, TLSDIAG_SIGNER_ED448, TLSDIAG_AUTH_ECDSA, TLS1_2_VERSION },
    { TLSDIAG_KEY_DSA, TLSDIAG_SIGNER_DSA, TLSDIAG_AUTH_DSS, SSL3_VERSION },
    { TLSDIAG_KEY_ML_DSA, TLSDIAG_SIGNER_ML_DSA, TLSDIAG_AUTH_OTHER, TLS1_3_VERSION },
};
enum { KEYS = sizeof keys / sizeof keys[0] };

static bool has_group(const tlsdiag_posture_t *posture, int version)
{
    for (uint16_t i = 0; i < posture->groups.count; i++) {
        tlsdiag_group_traits_t traits = tlsdiag_iana_group_traits(posture->groups.codes[i]);
        if (version == TLS1_3_VERSION ? traits.tls13 : traits.tls12) {
            return true;
        }
    }
    return false;
}

static bool signs(const tlsdiag_posture_t *posture, const SSL *ssl, const tlsdiag_certificate_t *leaf, unsigned key,
                  int version)
{
    if (version < TLS1_2_VERSION) {
        return level_allows_legacy_signature(ssl, leaf->key_type);
    }
    for (uint16_t i = 0; i < posture->signature_algorithms.count; i++) {
        tlsdiag_signature_traits_t traits = tlsdiag_iana_signature_traits(posture->signature_algorithms.codes[i]);
        bool fits = version == TLS1_3_VERSION
                        ? traits.tls13 && (!traits.tls13_group || traits.tls13_group == leaf->key_group)
                        : traits.tls12;
        if (fits && traits.signer == keys[key].signer) {
            return true;
        }
    }
    return false;
}

static bool suite_fits(const tlsdiag_suite_traits_t *traits, int version)
{
    return traits->tls13 ? version == TLS1_3_VERSION
                         : version < TLS1_3_VERSION && (!traits->tls12_only || version == TLS1_2_VERSION);
}

static bool suite_fits_key(const tlsdiag_suite_traits_t *traits, unsigned key)
{
    return traits->authentication == keys[key].authentication &&
           (traits->key_exchange != TLSDIAG_KX_RSA || keys[key].key == TLSDIAG_KEY_RSA);
}

static bool has_suite(const tlsdiag_posture_t *posture, unsigned key, int version)
{
    bool group = has_group(posture, version);
    for (uint16_t i = 0; i < posture->cipher_suites.count; i++) {
        tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(posture->cipher_suites.codes[i]);
        bool needs_group = traits.tls13 || traits.key_exchange == TLSDIAG_KX_ECDHE;
        if (suite_fits(&traits, version) && (traits.tls13 || suite_fits_key(&traits, key)) &&
            (!needs_group || (group && version != SSL3_VERSION))) {
            return true;
        }
    }
    return false;
}

/* An ECDSA certificate whose key usage lacks digitalSignature is not used below TLS 1.3: ssl_set_masks(). */
static bool forbids_signing(const tlsdiag_certificate_t *leaf, int version)
{
    return version < TLS1_3_VERSION && leaf->key_type == TLSDIAG_KEY_ECDSA && leaf->has_key_usage &&
           !leaf->usage_digital_signature;
}

static bool works_with(const tlsdiag_posture_t *posture, const SSL *ssl, const tlsdiag_certificate_t *leaf, int version)
{
    for (unsigned key = 0; key < KEYS; key++) {
        if (keys[key].key == leaf->key_type && version >= keys[key].from && !forbids_signing(leaf, version)) {
            return has_suite(posture, key, version) && signs(posture, ssl, leaf, key, version);
        }
    }
    return false;
}

/* OpenSSL refuses every client when it has no cipher suite for its highest version: tls_setup_handshake(). */
static bool serves_highest(const tlsdiag_posture_t *posture)
{
    int highest = 0;
    for (unsigned i = 0; i < VERSIONS; i++) {
        highest = posture->versions_configured & versions[i].bit ? versions[i].version : highest;
    }
    for (uint16_t i = 0; i < posture->cipher_suites_configured.count; i++) {
        tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(posture->cipher_suites_configured.codes[i]);
        if (suite_fits(&traits, highest)) {
            return true;
        }
    }
    return false;
}

uint8_t tlsdiag_versions_effective(const tlsdiag_posture_t *posture, const SSL *ssl)
{
    uint8_t bits = 0;
    for (unsigned i = 0; i < VERSIONS && serves_highest(posture); i++) {
        bool works = false;
        for (uint8_t chain = 0; chain < posture->chains_count && !works; chain++) {
            works = works_with(posture, ssl, &posture->chains[chain].certificates[0], versions[i].version);
        }
        if (works && posture->versions_configured & versions[i].bit && level_allows_version(ssl, versions[i].version)) {
            bits |= versions[i].bit;
        }
    }
    return bits;
}
