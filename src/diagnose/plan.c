/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/plan.h"

#include "diagnose/openssl_reasons.h"
#include "diagnose/scene.h"
#include "diagnose/suites.h"
#include "iana/iana.h"

enum { LEVEL_UNTOUCHED = -1, HIGHEST_LEVEL = 5, LEVEL_FOR_SHA1 = 0, TLS11 = 0x0302, IMPOSSIBLE = 1000 };
enum { SECP256R1 = 23, SECP521R1 = 25, X25519 = 29, X448 = 30 };

/* OpenSSL SSL_CTX_set_security_level(3): bits of strength, forward secrecy from level 3, no RC4 from level 2. */
static int highest_level_for_suite(uint16_t suite)
{
    static const uint16_t bits_for_level[] = { 0, 80, 112, 128, 192, 256 };
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    int level = HIGHEST_LEVEL;
    while (level > 0 && traits.key_bits < bits_for_level[level]) {
        level--;
    }
    return !traits.forward_secret && level > 2 ? 2 : level;
}

/* The groups of a vhost that is not the first of its address are those of the first one: nothing written here would count. */
static uint16_t first_addable_group(const tlsdiag_gap_scope_t *scope)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    for (uint16_t i = 0; !scope->posture->first_vhost && i < hello->supported_groups_count && i < TLSDIAG_GROUPS_KEPT;
         i++) {
        uint16_t group = hello->supported_groups[i];
        if (tlsdiag_group_fits_version(group, scope->version) &&
            tlsdiag_codes_contain(scope->posture->groups_known, group)) {
            return group;
        }
    }
    return 0;
}

/* RFC 5246 7.4.1.4.1: no extension means SHA-1 with the key that the suite needs. */
static uint16_t implied_signature(const tlsdiag_certificate_t *certificate)
{
    return certificate->key_type == TLSDIAG_KEY_RSA ? 0x0201 : certificate->key_type == TLSDIAG_KEY_ECDSA ? 0x0203 : 0;
}

static uint16_t first_addable_signature(const tlsdiag_gap_scope_t *scope, const tlsdiag_certificate_t *certificate)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    uint16_t weak = hello->has_signature_algorithms ? 0 : implied_signature(certificate);
    for (uint16_t i = 0; i < hello->signature_algorithms_count && i < TLSDIAG_SIGNATURE_SCHEMES_KEPT; i++) {
        uint16_t scheme = hello->signature_algorithms[i];
        if (!tlsdiag_signature_fits(scheme, certificate, scope->version) ||
            !tlsdiag_codes_contain(scope->posture->signature_algorithms_known, scheme)) {
            continue;
        }
        if (!tlsdiag_signature_is_legacy(scheme)) {
            return scheme;
        }
        weak = weak ? weak : scheme;
    }
    return tlsdiag_codes_contain(scope->posture->signature_algorithms_known, weak) ? weak : 0;
}

static void lower_level(tlsdiag_plan_t *plan, const tlsdiag_gap_scope_t *scope, int level)
{
    bool lower = scope->posture->security_level > level;
    if (lower && (plan->lower_level_to == LEVEL_UNTOUCHED || level < plan->lower_level_to)) {
        plan->lower_level_to = level;
    }
}

/* A vhost that does no ECDHE yet has no groups in force; OpenSSL's own list comes into force with the first such suite. */
static bool has_default_groups(const tlsdiag_posture_t *posture)
{
    return posture->groups.count == 0 && !posture->groups_directive.text && !posture->first_vhost;
}

static bool is_default_group(uint16_t group)
{
    return (group >= SECP256R1 && group <= SECP521R1) || group == X25519 || group == X448;
}

static bool close_group_gap(tlsdiag_plan_t *plan, const tlsdiag_gap_scope_t *scope)
{
    if (!tlsdiag_scope_group_common(scope)) {
        uint16_t group = first_addable_group(scope);
        plan->add_group = has_default_groups(scope->posture) && is_default_group(group) ? 0 : group;
        return group != 0;
    }
    return true;
}

static bool close_signature_gap(tlsdiag_plan_t *plan, const tlsdiag_gap_scope_t *scope,
                                const tlsdiag_certificate_t *certificate)
{
    if (!tlsdiag_scope_signature_common(scope, certificate)) {
        plan->add_signature = first_addable_signature(scope, certificate);
        if (tlsdiag_signature_is_legacy(plan->add_signature)) {
            lower_level(plan, scope, LEVEL_FOR_SHA1);
        }
        return plan->add_signature != 0;
    }
    return true;
}

/* Then OpenSSL 3 stops before it looks at suites, even at those that sign nothing: tls1_set_server_sigalgs(), reason 376. */
static bool shares_no_scheme(const tlsdiag_gap_scope_t *scope)
{
    const tlsdiag_client_hello_t *hello = scope->hello;
    for (uint16_t i = 0; i < hello->signature_algorithms_count && i < TLSDIAG_SIGNATURE_SCHEMES_KEPT; i++) {
        if (tlsdiag_codes_contain(scope->posture->signature_algorithms, hello->signature_algorithms[i])) {
            return false;
        }
    }
    return scope->version == TLSDIAG_VERSION_TLS12 && hello->has_signature_algorithms;
}

/* What it takes to use this suite with this certificate. must_sign: OpenSSL has chosen a suite with a signature already. */
static tlsdiag_plan_t plan_pair(uint16_t suite, const tlsdiag_gap_scope_t *scope,
                                const tlsdiag_certificate_t *certificate, bool must_sign)
{
    tlsdiag_plan_t plan = { .version = scope->version, .suite = suite, .lower_level_to = LEVEL_UNTOUCHED };
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    bool tls13 = scope->version == TLSDIAG_VERSION_TLS13;
    bool elliptic = traits.key_exchange == TLSDIAG_KX_ECDHE || tls13;
    bool signs = elliptic || traits.key_exchange == TLSDIAG_KX_DHE || must_sign || shares_no_scheme(scope);
    plan.add_suite = !tlsdiag_codes_contain(scope->posture->cipher_suites, suite) &&
                     !tlsdiag_codes_contain(scope->posture->cipher_suites_configured, suite);
    lower_level(&plan, scope, scope->version <= TLS11 ? LEVEL_FOR_SHA1 : highest_level_for_suite(suite));
    plan.possible = tlsdiag_suite_fits_certificate(suite, certificate, scope->version) &&
                    (tls13 || tlsdiag_scope_key_group_taken(scope, certificate)) &&
                    (!elliptic || close_group_gap(&plan, scope)) &&
                    (!signs || close_signature_gap(&plan, scope, certificate));
    return plan;
}

/* Fewer changes first, lowering the security level last of all; then the better suite. */
static unsigned cost_of(const tlsdiag_plan_t *plan)
{
    if (!plan->possible) {
        return IMPOSSIBLE;
    }
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(plan->suite);
    unsigned changes = (unsigned)plan->add_suite + (plan->add_group != 0) + (plan->add_signature != 0);
    unsigned level = plan->lower_level_to == LEVEL_UNTOUCHED ? 0 : 10u - (unsigned)plan->lower_level_to;
    return level * 64 + changes * 8 + !traits.forward_secret * 4u + !traits.is_aead * 2u + traits.is_ccm8;
}

static bool worth_trying(uint16_t suite, const tlsdiag_gap_scope_t *scope, bool ecdhe_only)
{
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    return !tlsdiag_suite_is_legacy(&traits) && !tlsdiag_suite_is_exotic(&traits) &&
           (!ecdhe_only || traits.key_exchange == TLSDIAG_KX_ECDHE) &&
           tlsdiag_suite_judge(suite, scope) >= TLSDIAG_SUITE_NOT_CONFIGURED;
}

static bool signature_failed(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_NO_SUITABLE_SIGNATURE_ALGORITHM ||
           scene->reason == TLSDIAG_R_NO_SHARED_SIGNATURE_ALGORITHMS;
}

/* With each certificate there is; the cheapest plan so far stays. */
static void plan_suite(tlsdiag_plan_t *best, uint16_t suite, const tlsdiag_gap_scope_t *scope, bool must_sign)
{
    for (uint8_t c = 0; c < scope->posture->chains_count; c++) {
        const tlsdiag_chain_t *chain = &scope->posture->chains[c];
        if (!chain->count) {
            continue;
        }
        tlsdiag_plan_t plan = plan_pair(suite, scope, &chain->certificates[0], must_sign);
        if (cost_of(&plan) < cost_of(best)) {
            *best = plan;
        }
    }
}

static tlsdiag_plan_t plan_version(const tlsdiag_scene_t *scene, uint16_t version, bool ecdhe_only)
{
    const tlsdiag_client_hello_t *hello = &scene->facts->client_hello;
    tlsdiag_gap_scope_t scope = { .hello = hello, .posture = scene->posture, .version = version };
    tlsdiag_plan_t best = { 0 };
    for (uint16_t i = 0; i < hello->cipher_suites_count && i < TLSDIAG_CIPHER_SUITES_KEPT; i++) {
        if (worth_trying(hello->cipher_suites[i], &scope, ecdhe_only)) {
            plan_suite(&best, hello->cipher_suites[i], &scope, signature_failed(scene));
        }
    }
    best.add_version = best.possible && !(scene->posture->versions_configured & tlsdiag_version_bit(version));
    return best;
}

/* The highest common version is chosen for good, so only that one helps when there is one. */
tlsdiag_plan_t tlsdiag_plan_make(const tlsdiag_scene_t *scene)
{
    tlsdiag_plan_t plan = { 0 };
    if (!scene->gap.known) {
        return plan;
    }
    if (scene->gap.version) {
        return plan_version(scene, scene->gap.version, false);
    }
    for (uint16_t version = TLSDIAG_VERSION_TLS13; version > TLSDIAG_VERSION_SSL30 && !plan.possible; version--) {
        if (scene->gap.versions_offered & tlsdiag_version_bit(version)) {
            plan = plan_version(scene, version, false);
        }
    }
    return plan;
}

tlsdiag_plan_t tlsdiag_plan_for_ecdhe(const tlsdiag_scene_t *scene)
{
    return plan_version(scene, scene->facts->negotiated.version, true);
}
