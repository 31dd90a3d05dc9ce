/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/suites.h"

#include "iana/iana.h"

static const char *const verdict_texts[TLSDIAG_SUITE_VERDICTS] = {
    [TLSDIAG_SUITE_SIGNALLING] = "no cipher suite but a signal",
    [TLSDIAG_SUITE_UNKNOWN] = "unknown to this OpenSSL",
    [TLSDIAG_SUITE_OTHER_VERSION] = "for another protocol version",
    [TLSDIAG_SUITE_NOT_CONFIGURED] = "not in SSLCipherSuite",
    [TLSDIAG_SUITE_BELOW_LEVEL] = "below the security level",
    [TLSDIAG_SUITE_NEEDS_ECDSA] = "needs an ECDSA certificate",
    [TLSDIAG_SUITE_NEEDS_RSA] = "needs an RSA certificate",
    [TLSDIAG_SUITE_NEEDS_OTHER] = "needs an authentication this server has not got",
    [TLSDIAG_SUITE_NO_GROUP] = "no common group",
    [TLSDIAG_SUITE_NO_SIGNATURE] = "no common signature algorithm",
    [TLSDIAG_SUITE_USABLE] = "usable",
};

const char *tlsdiag_suite_verdict_text(tlsdiag_suite_verdict_t verdict)
{
    return verdict_texts[verdict];
}

bool tlsdiag_suite_is_exotic(const tlsdiag_suite_traits_t *traits)
{
    switch (traits->key_exchange) {
    case TLSDIAG_KX_PSK:
    case TLSDIAG_KX_SRP:
    case TLSDIAG_KX_GOST:
    case TLSDIAG_KX_KRB5:
    case TLSDIAG_KX_ECCPWD:
    case TLSDIAG_KX_SIGNALLING:
    case TLSDIAG_KX_UNKNOWN:
        return !traits->is_anonymous;
    default:
        return traits->authentication == TLSDIAG_AUTH_OTHER || (traits->tls13 && traits->is_national);
    }
}

bool tlsdiag_suite_is_legacy(const tlsdiag_suite_traits_t *traits)
{
    return traits->is_rc4 || traits->is_des || traits->is_3des || traits->is_export || traits->is_null ||
           traits->is_anonymous;
}

/* EdDSA and RSASSA-PSS keys sign by schemes that the versions before signature_algorithms have no way to name. */
static bool signs_since_tls12(tlsdiag_key_type_t key)
{
    return key == TLSDIAG_KEY_ED25519 || key == TLSDIAG_KEY_ED448 || key == TLSDIAG_KEY_RSA_PSS;
}

bool tlsdiag_suite_fits_certificate(uint16_t suite, const tlsdiag_certificate_t *certificate, uint16_t version)
{
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    tlsdiag_key_type_t key = certificate->key_type;
    if (version < TLSDIAG_VERSION_TLS12 && signs_since_tls12(key)) {
        return false;
    }
    switch (traits.authentication) {
    case TLSDIAG_AUTH_RSA: /* an RSASSA-PSS key signs but must not decrypt: RFC 8446 4.2.3, RFC 8017 */
        return key == TLSDIAG_KEY_RSA || (key == TLSDIAG_KEY_RSA_PSS && traits.key_exchange != TLSDIAG_KX_RSA);
    case TLSDIAG_AUTH_ECDSA: /* RFC 8422 2: EdDSA keys go with the ECDSA suites */
        return key == TLSDIAG_KEY_ECDSA || key == TLSDIAG_KEY_ED25519 || key == TLSDIAG_KEY_ED448;
    case TLSDIAG_AUTH_DSS:
        return key == TLSDIAG_KEY_DSA;
    case TLSDIAG_AUTH_ANY:
        return true;
    default:
        return false;
    }
}

bool tlsdiag_scope_group_common(const tlsdiag_gap_scope_t *scope)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    if (!hello->has_supported_groups && scope->version < TLSDIAG_VERSION_TLS13) {
        return true;
    }
    for (uint16_t i = 0; i < hello->supported_groups_count && i < TLSDIAG_GROUPS_KEPT; i++) {
        uint16_t group = hello->supported_groups[i];
        if (tlsdiag_group_fits_version(group, scope->version) && tlsdiag_codes_contain(scope->posture->groups, group)) {
            return true;
        }
    }
    return false;
}

bool tlsdiag_scope_key_group_taken(const tlsdiag_gap_scope_t *scope, const tlsdiag_certificate_t *certificate)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    if (certificate->key_type != TLSDIAG_KEY_ECDSA || !certificate->key_group || !hello->has_supported_groups) {
        return true;
    }
    return tlsdiag_codes_contain(
        tlsdiag_codes_kept(hello->supported_groups, hello->supported_groups_count, TLSDIAG_GROUPS_KEPT),
        certificate->key_group);
}

/* RFC 5246 7.4.1.4.1: a client that sends no signature_algorithms is taken to offer SHA-1 with each kind of key. */
static bool default_signature_common(const tlsdiag_gap_scope_t *scope, const tlsdiag_certificate_t *certificate)
{
    static const uint16_t defaults[] = { 0x0201, 0x0202, 0x0203 };
    for (unsigned i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        if (tlsdiag_signature_fits(defaults[i], certificate, scope->version) &&
            tlsdiag_codes_contain(scope->posture->signature_algorithms, defaults[i])) {
            return true;
        }
    }
    return false;
}

bool tlsdiag_scope_signature_common(const tlsdiag_gap_scope_t *scope, const tlsdiag_certificate_t *certificate)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    if (scope->version < TLSDIAG_VERSION_TLS12) {
        return true; /* MD5 with SHA-1 it is, without asking: RFC 4346 7.4.3 */
    }
    if (!hello->has_signature_algorithms && scope->version == TLSDIAG_VERSION_TLS12) {
        return default_signature_common(scope, certificate);
    }
    for (uint16_t i = 0; i < hello->signature_algorithms_count && i < TLSDIAG_SIGNATURE_SCHEMES_KEPT; i++) {
        uint16_t scheme = hello->signature_algorithms[i];
        if (tlsdiag_signature_fits(scheme, certificate, scope->version) &&
            tlsdiag_codes_contain(scope->posture->signature_algorithms, scheme)) {
            return true;
        }
    }
    return false;
}

static bool fits_version(const tlsdiag_suite_traits_t *traits, uint16_t version)
{
    if (traits->tls13 || version == TLSDIAG_VERSION_TLS13) {
        return traits->tls13 && version == TLSDIAG_VERSION_TLS13;
    }
    return version && (!traits->tls12_only || version == TLSDIAG_VERSION_TLS12);
}

static tlsdiag_suite_verdict_t missing_certificate(tlsdiag_auth_t authentication)
{
    return authentication == TLSDIAG_AUTH_ECDSA ? TLSDIAG_SUITE_NEEDS_ECDSA
           : authentication == TLSDIAG_AUTH_RSA ? TLSDIAG_SUITE_NEEDS_RSA
                                                : TLSDIAG_SUITE_NEEDS_OTHER;
}

/* What is left to ask of one certificate that fits the suite: the best answer of all certificates counts. */
static tlsdiag_suite_verdict_t judge_certificate(const tlsdiag_suite_traits_t *traits, const tlsdiag_gap_scope_t *scope,
                                                 const tlsdiag_certificate_t *certificate)
{
    bool tls13 = scope->version == TLSDIAG_VERSION_TLS13;
    bool ephemeral = traits->key_exchange == TLSDIAG_KX_ECDHE || traits->key_exchange == TLSDIAG_KX_DHE || tls13;
    if (!tls13 && !tlsdiag_scope_key_group_taken(scope, certificate)) {
        return TLSDIAG_SUITE_NO_GROUP;
    }
    if (ephemeral && !tlsdiag_scope_signature_common(scope, certificate)) {
        return TLSDIAG_SUITE_NO_SIGNATURE;
    }
    return TLSDIAG_SUITE_USABLE;
}

static tlsdiag_suite_verdict_t judge_certificates(uint16_t suite, const tlsdiag_suite_traits_t *traits,
                                                  const tlsdiag_gap_scope_t *scope)
{
    tlsdiag_suite_verdict_t best = missing_certificate(traits->authentication);
    if (scope->posture->chains_count == 0 || traits->is_anonymous) {
        return TLSDIAG_SUITE_USABLE;
    }
    for (uint8_t i = 0; i < scope->posture->chains_count; i++) {
        const tlsdiag_chain_t *chain = &scope->posture->chains[i];
        if (!chain->count || !tlsdiag_suite_fits_certificate(suite, &chain->certificates[0], scope->version)) {
            continue;
        }
        tlsdiag_suite_verdict_t verdict = judge_certificate(traits, scope, &chain->certificates[0]);
        best = verdict > best ? verdict : best;
    }
    return best;
}

static bool needs_group(const tlsdiag_suite_traits_t *traits)
{
    return traits->key_exchange == TLSDIAG_KX_ECDHE || traits->key_exchange == TLSDIAG_KX_ANY;
}

tlsdiag_suite_verdict_t tlsdiag_suite_judge(uint16_t suite, const tlsdiag_gap_scope_t *scope)
{
    const tlsdiag_posture_t *posture = scope->posture;
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    if (tlsdiag_iana_is_grease(suite) || traits.key_exchange == TLSDIAG_KX_SIGNALLING) {
        return TLSDIAG_SUITE_SIGNALLING;
    }
    if (!traits.known ||
        (posture->cipher_suites_known.count && !tlsdiag_codes_contain(posture->cipher_suites_known, suite))) {
        return TLSDIAG_SUITE_UNKNOWN;
    }
    if (!fits_version(&traits, scope->version)) {
        return TLSDIAG_SUITE_OTHER_VERSION;
    }
    if (!tlsdiag_codes_contain(posture->cipher_suites, suite)) {
        return tlsdiag_codes_contain(posture->cipher_suites_configured, suite) ? TLSDIAG_SUITE_BELOW_LEVEL
                                                                               : TLSDIAG_SUITE_NOT_CONFIGURED;
    }
    tlsdiag_suite_verdict_t verdict = judge_certificates(suite, &traits, scope);
    if (verdict >= TLSDIAG_SUITE_NO_GROUP && needs_group(&traits) && !tlsdiag_scope_group_common(scope)) {
        return TLSDIAG_SUITE_NO_GROUP;
    }
    return verdict;
}

/* How many suites of each kind a client offers; TLS 1.3's ordinary ones say nothing about the versions below. */
typedef struct tlsdiag_suite_kinds {
    uint16_t tls13, legacy, plain, plain_forward_secret, plain_dhe;
} tlsdiag_suite_kinds_t;

static void note_kind(tlsdiag_suite_kinds_t *kinds, uint16_t suite)
{
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    if (tlsdiag_suite_is_exotic(&traits)) {
        return;
    }
    bool legacy = tlsdiag_suite_is_legacy(&traits), plain = !legacy && !traits.tls13;
    kinds->tls13 += traits.tls13;
    kinds->legacy += legacy;
    kinds->plain += plain;
    kinds->plain_forward_secret += (uint16_t)(plain && traits.forward_secret);
    kinds->plain_dhe += (uint16_t)(plain && traits.key_exchange == TLSDIAG_KX_DHE);
}

static void settle_kinds(tlsdiag_gap_t *gap, const tlsdiag_suite_kinds_t *kinds)
{
    gap->only_exotic = !kinds->tls13 && !kinds->legacy && !kinds->plain;
    gap->only_legacy = kinds->legacy && !kinds->plain;
    gap->only_without_forward_secrecy = kinds->plain && !kinds->plain_forward_secret;
    gap->only_dhe = kinds->plain && kinds->plain_dhe == kinds->plain;
}

static void note_server_kinds(tlsdiag_gap_t *gap, const tlsdiag_posture_t *posture)
{
    gap->server_only_forward_secret = posture->cipher_suites.count > 0;
    for (uint16_t i = 0; i < posture->cipher_suites.count; i++) {
        tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(posture->cipher_suites.codes[i]);
        gap->server_only_forward_secret &= traits.forward_secret;
        gap->server_has_dhe |= traits.key_exchange == TLSDIAG_KX_DHE;
    }
}

void tlsdiag_suites_judge(tlsdiag_gap_t *gap, const tlsdiag_gap_scope_t *scope)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    tlsdiag_suite_verdict_t best = TLSDIAG_SUITE_UNKNOWN;
    tlsdiag_suite_kinds_t kinds = { 0 };
    for (uint16_t i = 0; i < hello->cipher_suites_count && i < TLSDIAG_CIPHER_SUITES_KEPT; i++) {
        tlsdiag_suite_verdict_t verdict = tlsdiag_suite_judge(hello->cipher_suites[i], scope);
        gap->suite_verdicts[i] = (uint8_t)verdict;
        gap->suites[verdict]++;
        note_kind(&kinds, hello->cipher_suites[i]);
        if (verdict > best) {
            best = verdict;
            gap->closest_suite = hello->cipher_suites[i];
        }
    }
    settle_kinds(gap, &kinds);
    note_server_kinds(gap, scope->posture);
}
