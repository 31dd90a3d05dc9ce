/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/gap.h"

#include <string.h>

#include "diagnose/suites.h"
#include "iana/iana.h"
#include "iana/traits.h"

static const struct {
    uint16_t version;
    uint8_t bit;
} version_bits[] = { { 0x0300, TLSDIAG_SSL30 },
                     { 0x0301, TLSDIAG_TLS10 },
                     { 0x0302, TLSDIAG_TLS11 },
                     { 0x0303, TLSDIAG_TLS12 },
                     { 0x0304, TLSDIAG_TLS13 } };
enum { VERSIONS = sizeof version_bits / sizeof version_bits[0] };

uint8_t tlsdiag_version_bit(uint16_t version)
{
    for (unsigned i = 0; i < VERSIONS; i++) {
        if (version_bits[i].version == version) {
            return version_bits[i].bit;
        }
    }
    return 0;
}

uint16_t tlsdiag_version_highest(uint8_t bits)
{
    for (unsigned i = VERSIONS; i > 0; i--) {
        if (bits & version_bits[i - 1].bit) {
            return version_bits[i - 1].version;
        }
    }
    return 0;
}

uint16_t tlsdiag_version_lowest(uint8_t bits)
{
    for (unsigned i = 0; i < VERSIONS; i++) {
        if (bits & version_bits[i].bit) {
            return version_bits[i].version;
        }
    }
    return 0;
}

/* Eight at a time: the suites that OpenSSL knows are some 160, and are asked for each that the client offers. */
typedef uint16_t block_t __attribute__((vector_size(16)));
enum { BLOCK = sizeof(block_t) / sizeof(uint16_t) };

static inline bool block_contains(const uint16_t *codes, uint16_t code)
{
    block_t block;
    memcpy(&block, codes, sizeof block);
    block = (block_t)(block == code);
    uint64_t halves[2];
    memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

bool tlsdiag_codes_contain(tlsdiag_code_list_t list, uint16_t code)
{
    unsigned i = 0;
    for (; i + BLOCK <= list.count; i += BLOCK) {
        if (block_contains(list.codes + i, code)) {
            return true;
        }
    }
    for (; i < list.count; i++) {
        if (list.codes[i] == code) {
            return true;
        }
    }
    return false;
}

tlsdiag_code_list_t tlsdiag_codes_kept(const uint16_t *codes, uint16_t count, uint16_t kept)
{
    return (tlsdiag_code_list_t){ .codes = codes, .count = count < kept ? count : kept };
}

/* RFC 8446 4.2.1: supported_versions alone counts when it is there. RFC 5246 E.1: else client_version is the highest, and
 * a server may answer with any version below it. */
static uint8_t versions_offered(const tlsdiag_client_hello_t *hello)
{
    uint8_t bits = 0;
    if (hello->has_supported_versions) {
        for (uint16_t i = 0; i < hello->supported_versions_count && i < TLSDIAG_VERSIONS_KEPT; i++) {
            bits |= tlsdiag_version_bit(hello->supported_versions[i]);
        }
        return bits;
    }
    for (unsigned i = 0; i < VERSIONS - 1; i++) {
        if (version_bits[i].version <= hello->legacy_version) {
            bits |= version_bits[i].bit;
        }
    }
    return bits == TLSDIAG_SSL30 ? bits : (uint8_t)(bits & ~TLSDIAG_SSL30);
}

bool tlsdiag_group_fits_version(uint16_t group, uint16_t version)
{
    tlsdiag_group_traits_t traits = tlsdiag_iana_group_traits(group);
    return version == TLSDIAG_VERSION_TLS13 ? traits.tls13 : traits.tls12;
}

bool tlsdiag_signature_is_legacy(uint16_t scheme)
{
    return tlsdiag_iana_signature_traits(scheme).is_legacy;
}

static tlsdiag_signer_t signer_of(tlsdiag_key_type_t type)
{
    static const tlsdiag_signer_t signers[] = {
        [TLSDIAG_KEY_RSA] = TLSDIAG_SIGNER_RSA,       [TLSDIAG_KEY_RSA_PSS] = TLSDIAG_SIGNER_RSA_PSS,
        [TLSDIAG_KEY_ECDSA] = TLSDIAG_SIGNER_ECDSA,   [TLSDIAG_KEY_ED25519] = TLSDIAG_SIGNER_ED25519,
        [TLSDIAG_KEY_ED448] = TLSDIAG_SIGNER_ED448,   [TLSDIAG_KEY_DSA] = TLSDIAG_SIGNER_DSA,
        [TLSDIAG_KEY_ML_DSA] = TLSDIAG_SIGNER_ML_DSA, [TLSDIAG_KEY_OTHER] = TLSDIAG_SIGNER_OTHER
    };
    return signers[type];
}

bool tlsdiag_signature_fits(uint16_t scheme, const tlsdiag_certificate_t *certificate, uint16_t version)
{
    tlsdiag_signature_traits_t traits = tlsdiag_iana_signature_traits(scheme);
    if (traits.signer == TLSDIAG_SIGNER_OTHER || traits.signer != signer_of(certificate->key_type)) {
        return false;
    }
    if (version < TLSDIAG_VERSION_TLS13) {
        return traits.tls12;
    }
    return traits.tls13 && (!traits.tls13_group || traits.tls13_group == certificate->key_group);
}

static bool only_legacy_signatures(const tlsdiag_client_hello_t *hello)
{
    for (uint16_t i = 0; i < hello->signature_algorithms_count && i < TLSDIAG_SIGNATURE_SCHEMES_KEPT; i++) {
        uint16_t scheme = hello->signature_algorithms[i];
        if (!tlsdiag_signature_is_legacy(scheme) && !tlsdiag_iana_is_grease(scheme)) {
            return false;
        }
    }
    return true;
}

/* From TLS 1.2 on a version is blocked because suites, groups or signatures are missing: OpenSSL chooses it all the same. */
static uint16_t version_chosen(const tlsdiag_gap_t *gap)
{
    const uint8_t chosen_blindly = TLSDIAG_TLS12 | TLSDIAG_TLS13;
    return tlsdiag_version_highest(gap->versions_common ? gap->versions_common
                                                        : gap->versions_blocked & chosen_blindly);
}

static bool any_signature_common(const tlsdiag_gap_scope_t *scope)
{
    for (uint8_t i = 0; i < scope->posture->chains_count; i++) {
        if (scope->posture->chains[i].count &&
            tlsdiag_scope_signature_common(scope, &scope->posture->chains[i].certificates[0])) {
            return true;
        }
    }
    return scope->posture->chains_count == 0;
}

void tlsdiag_gap_find(tlsdiag_gap_t *gap, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    const tlsdiag_client_hello_t *hello = &facts->client_hello;
    memset(gap, 0, sizeof *gap);
    if (!facts->has_client_hello || !hello->complete) {
        return;
    }
    gap->versions_offered = versions_offered(hello);
    if (!posture) {
        return;
    }
    gap->known = true;
    gap->versions_common = gap->versions_offered & posture->versions;
    gap->versions_blocked = (uint8_t)(gap->versions_offered & posture->versions_configured & ~posture->versions);
    gap->version = version_chosen(gap);
    gap->legacy_signatures = only_legacy_signatures(hello);

    tlsdiag_gap_scope_t scope = { .hello = hello, .posture = posture, .version = gap->version };
    gap->group_common = tlsdiag_scope_group_common(&scope);
    gap->signature_common = any_signature_common(&scope);
    tlsdiag_suites_judge(gap, &scope);
}
