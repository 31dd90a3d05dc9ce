/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/what_if.h"

#include "decode/client_hello.h"
#include "diagnose/gap.h"
#include "iana/iana.h"
#include "iana/traits.h"

enum { OLDER_THAN_TLS12 = TLSDIAG_SSL30 | TLSDIAG_TLS10 | TLSDIAG_TLS11 };
enum { OLDER_THAN_TLS13 = OLDER_THAN_TLS12 | TLSDIAG_TLS12 };

/* Below are the groups that nearly all hellos list, a dozen of them: they are not looked up. */
enum { POST_QUANTUM_FROM = 0x0200 };

bool tlsdiag_group_is_post_quantum(uint16_t group)
{
    return group >= POST_QUANTUM_FROM && tlsdiag_iana_group_traits(group).is_post_quantum;
}

bool tlsdiag_offers_post_quantum(const tlsdiag_client_hello_t *hello)
{
    size_t count = tlsdiag_kept(hello->supported_groups_count, TLSDIAG_GROUPS_KEPT);
    for (size_t i = 0; i < count; i++) {
        if (tlsdiag_group_is_post_quantum(hello->supported_groups[i])) {
            return true;
        }
    }
    return false;
}

static bool offers_tls13(const tlsdiag_client_hello_t *hello)
{
    return tlsdiag_codes_contain(
        tlsdiag_codes_kept(hello->supported_versions, hello->supported_versions_count, TLSDIAG_VERSIONS_KEPT),
        TLSDIAG_VERSION_TLS13);
}

static bool uses_ecdsa_p256_or_more(uint16_t scheme)
{
    return scheme == 0x0403 || scheme == 0x0503 || scheme == 0x0603; /* ecdsa_secp{256,384,521}r1_sha{256,384,512} */
}

static bool verifies_ecdsa(const tlsdiag_client_hello_t *hello)
{
    for (size_t i = 0; i < tlsdiag_kept(hello->signature_algorithms_count, TLSDIAG_SIGNATURE_SCHEMES_KEPT); i++) {
        if (uses_ecdsa_p256_or_more(hello->signature_algorithms[i])) {
            return true;
        }
    }
    return !hello->has_signature_algorithms; /* TLS 1.1 and below: the suite alone says it */
}

static bool shares_group(const tlsdiag_client_hello_t *hello, const tlsdiag_code_list_t *ours)
{
    for (size_t i = 0; i < tlsdiag_kept(hello->supported_groups_count, TLSDIAG_GROUPS_KEPT); i++) {
        if (tlsdiag_codes_contain(*ours, hello->supported_groups[i])) {
            return true;
        }
    }
    return !hello->has_supported_groups; /* RFC 8422 4: then any */
}

/* Is there a suite in both lists, and usable with what else the hello offers, that `wanted` says yes to? */
static bool shares_suite(const tlsdiag_client_hello_t *hello, const tlsdiag_code_list_t *ours,
                         const tlsdiag_code_list_t *our_groups, bool (*wanted)(const tlsdiag_suite_traits_t *))
{
    for (size_t i = 0; i < tlsdiag_kept(hello->cipher_suites_count, TLSDIAG_CIPHER_SUITES_KEPT); i++) {
        uint16_t code = hello->cipher_suites[i];
        if (!tlsdiag_codes_contain(*ours, code)) {
            continue;
        }
        tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(code);
        bool needs_group = suite.key_exchange == TLSDIAG_KX_ECDHE || suite.tls13;
        if (wanted(&suite) && (!suite.tls13 || offers_tls13(hello)) &&
            (!needs_group || shares_group(hello, our_groups))) {
            return true;
        }
    }
    return false;
}

static bool has_some(const tlsdiag_code_list_t *list, bool (*wanted)(const tlsdiag_suite_traits_t *))
{
    for (unsigned i = 0; i < list->count; i++) {
        tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(list->codes[i]);
        if (wanted(&traits)) {
            return true;
        }
    }
    return false;
}

static bool keeps_secrets(const tlsdiag_suite_traits_t *suite)
{
    return suite->forward_secret;
}

static bool exchanges_by_rsa(const tlsdiag_suite_traits_t *suite)
{
    return suite->key_exchange == TLSDIAG_KX_RSA;
}

static bool is_aead(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_aead;
}

static bool is_cbc(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_cbc;
}

static bool wants_ecdsa(const tlsdiag_suite_traits_t *suite)
{
    return suite->authentication == TLSDIAG_AUTH_ECDSA;
}

static bool allows_older_than_tls13(const tlsdiag_posture_t *posture)
{
    return (posture->versions & TLSDIAG_TLS13) && (posture->versions & OLDER_THAN_TLS13);
}

static bool survives_tls13_only(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    (void)posture;
    return facts->negotiated.version == TLSDIAG_VERSION_TLS13 || offers_tls13(&facts->client_hello);
}

static bool allows_older_than_tls12(const tlsdiag_posture_t *posture)
{
    return posture->versions & OLDER_THAN_TLS12;
}

static bool survives_tls12_at_least(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    (void)posture;
    return facts->negotiated.version >= TLSDIAG_VERSION_TLS12 ||
           tlsdiag_client_hello_highest_version(&facts->client_hello) >= TLSDIAG_VERSION_TLS12;
}

static bool allows_rsa_key_exchange(const tlsdiag_posture_t *posture)
{
    return has_some(&posture->cipher_suites, exchanges_by_rsa);
}

static bool survives_forward_secrecy_only(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    return facts->negotiated.version == TLSDIAG_VERSION_TLS13 || facts->negotiated.forward_secrecy ||
           shares_suite(&facts->client_hello, &posture->cipher_suites, &posture->groups, keeps_secrets);
}

static bool allows_cbc(const tlsdiag_posture_t *posture)
{
    return has_some(&posture->cipher_suites, is_cbc);
}

static bool survives_without_cbc(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    return facts->negotiated.version == TLSDIAG_VERSION_TLS13 ||
           tlsdiag_iana_suite_traits(facts->negotiated.cipher_suite).is_aead ||
           shares_suite(&facts->client_hello, &posture->cipher_suites, &posture->groups, is_aead);
}

static bool has_other_key_than_ecdsa(const tlsdiag_posture_t *posture)
{
    for (unsigned i = 0; i < posture->chains_count; i++) {
        if (posture->chains[i].count > 0 && posture->chains[i].certificates[0].key_type != TLSDIAG_KEY_ECDSA) {
            return true;
        }
    }
    return false;
}

/* The vhost has perhaps no ECDSA certificate yet, so its usable suites do not tell: ask what OpenSSL could do. */
static bool survives_ecdsa_only(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    const tlsdiag_client_hello_t *hello = &facts->client_hello;
    bool by_tls13 = (posture->versions & TLSDIAG_TLS13) && offers_tls13(hello);
    return verifies_ecdsa(hello) &&
           (by_tls13 || shares_suite(hello, &posture->cipher_suites_known, &posture->groups, wants_ecdsa));
}

static bool speaks_tls13(const tlsdiag_posture_t *posture)
{
    return posture->versions & TLSDIAG_TLS13;
}

/* Hybrid groups exist in TLS 1.3 only. */
static bool survives_post_quantum_only(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    (void)posture;
    return tlsdiag_group_is_post_quantum(facts->negotiated.group) ||
           (offers_tls13(&facts->client_hello) && tlsdiag_offers_post_quantum(&facts->client_hello));
}

const tlsdiag_what_if_t tlsdiag_what_ifs[TLSDIAG_WHAT_IFS] = {
    { "tls12_at_least", "turned TLS 1.0 and 1.1 off", "SSLProtocol -all +TLSv1.2 +TLSv1.3", allows_older_than_tls12,
      survives_tls12_at_least },
    { "tls13_only", "dropped TLS 1.2", "SSLProtocol -all +TLSv1.3", allows_older_than_tls13, survives_tls13_only },
    { "forward_secrecy_only", "dropped RSA key exchange", "SSLCipherSuite ...:!kRSA", allows_rsa_key_exchange,
      survives_forward_secrecy_only },
    { "no_cbc", "dropped CBC cipher suites", NULL, allows_cbc, survives_without_cbc },
    { "ecdsa_only", "had an ECDSA certificate only", NULL, has_other_key_than_ecdsa, survives_ecdsa_only },
    { "post_quantum_only", "accepted only post-quantum groups", NULL, speaks_tls13, survives_post_quantum_only },
};

uint8_t tlsdiag_what_if_concerns(const tlsdiag_posture_t *posture)
{
    uint8_t bits = 0;
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        if (tlsdiag_what_ifs[i].concerns(posture)) {
            bits = (uint8_t)(bits | 1 << i);
        }
    }
    return bits;
}
