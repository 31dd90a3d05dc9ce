/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include "iana/iana.h"

/* What a profile allows at most. */
typedef struct profile {
    const char *name;
    uint8_t versions;
    tlsdiag_code_list_t suites;
    uint16_t rsa_bits;     /* 0: no RSA key at all */
    int64_t lifetime_days; /* of the certificate */
} profile_t;

typedef enum { MODERN, INTERMEDIATE, OLD, NONE } level_t;

static level_t level_met(const tlsdiag_scene_t *scene);
static bool see_what_keeps_from(tlsdiag_scene_t *scene, level_t level);

static bool meets_modern(tlsdiag_scene_t *scene)
{
    return level_met(scene) == MODERN;
}

static bool meets_intermediate(tlsdiag_scene_t *scene)
{
    return level_met(scene) == INTERMEDIATE && see_what_keeps_from(scene, MODERN);
}

static bool meets_old(tlsdiag_scene_t *scene)
{
    return level_met(scene) == OLD && see_what_keeps_from(scene, INTERMEDIATE);
}

static bool meets_none(tlsdiag_scene_t *scene)
{
    return level_met(scene) == NONE && see_what_keeps_from(scene, INTERMEDIATE);
}

#include "audit/mozilla.inc"

const tlsdiag_checks_t tlsdiag_mozilla_checks = { rows, sizeof rows / sizeof rows[0] };

static const tlsdiag_code_list_t groups = { profile_groups, sizeof profile_groups / sizeof profile_groups[0] };

tlsdiag_code_list_t tlsdiag_profile_groups(void)
{
    return groups;
}

/* `note` is NULL where only the answer counts. */
static bool deviates(tlsdiag_scene_t *note, bool deviation, const char *text)
{
    if (deviation && note) {
        tlsdiag_see(note, text);
    }
    return deviation;
}

static bool versions_deviate(tlsdiag_scene_t *note, const tlsdiag_posture_t *vhost, const profile_t *profile)
{
    static const uint16_t codes[] = { 0x0300, 0x0301, 0x0302, 0x0303 };
    bool found = deviates(note, !(vhost->versions & TLSDIAG_TLS13), "TLSv1.3 is off");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        bool extra = vhost->versions & ~(unsigned)profile->versions & (1u << i);
        found = deviates(note, extra, tlsdiag_iana_version_name(codes[i])) || found;
    }
    return found;
}

/* mod_ssl sets no PSK callback, so what needs one cannot be negotiated. */
static bool counts(const tlsdiag_posture_t *vhost, uint16_t code)
{
    tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(code);
    bool usable = suite.tls13 || (vhost->versions & ~TLSDIAG_TLS13);
    return suite.known && usable && suite.key_exchange != TLSDIAG_KX_PSK && suite.key_exchange != TLSDIAG_KX_SRP;
}

static bool suites_deviate(tlsdiag_scene_t *note, const tlsdiag_posture_t *vhost, const profile_t *profile)
{
    bool found = false;
    for (uint16_t i = 0; i < vhost->cipher_suites.count; i++) {
        uint16_t code = vhost->cipher_suites.codes[i];
        bool extra = counts(vhost, code) && !tlsdiag_list_has(profile->suites, code);
        found = deviates(note, extra, tlsdiag_iana_cipher_suite_name(code)) || found;
    }
    return found;
}

static bool groups_deviate(tlsdiag_scene_t *note, const tlsdiag_posture_t *vhost)
{
    bool found = false;
    for (uint16_t i = 0; i < vhost->groups.count; i++) {
        const char *name = tlsdiag_iana_group_name(vhost->groups.codes[i]);
        bool extra = !tlsdiag_list_has(groups, vhost->groups.codes[i]);
        found = deviates(note, extra, name ? name : "an unnamed group") || found;
    }
    return found;
}

static bool key_deviates(tlsdiag_scene_t *note, const tlsdiag_certificate_t *leaf, const profile_t *profile)
{
    switch (leaf->key_type) {
    case TLSDIAG_KEY_ECDSA:
        return false;
    case TLSDIAG_KEY_RSA:
        return deviates(note, profile->rsa_bits == 0, "an RSA certificate") ||
               deviates(note, leaf->key_bits < profile->rsa_bits, "an RSA key below 2048 bits");
    default:
        return deviates(note, true, "a certificate that is neither RSA nor ECDSA");
    }
}

static bool certificates_deviate(tlsdiag_scene_t *note, const tlsdiag_posture_t *vhost, const profile_t *profile)
{
    bool found = false;
    for (uint8_t i = 0; i < vhost->chains_count; i++) {
        const tlsdiag_certificate_t *leaf = &vhost->chains[i].certificates[0];
        bool weak = leaf->signature_hash == TLSDIAG_HASH_MD5 || leaf->signature_hash == TLSDIAG_HASH_SHA1;
        bool longer = leaf->not_after - leaf->not_before > profile->lifetime_days * TLSDIAG_DAY_SECONDS;
        found = key_deviates(note, leaf, profile) || found;
        found = deviates(note, weak, "a SHA-1 or MD5 signature") || found;
        found = deviates(note, longer, "the certificate's lifetime") || found;
    }
    return found;
}

static bool dh_deviates(tlsdiag_scene_t *note, const tlsdiag_posture_t *vhost)
{
    return deviates(note, vhost->dh_bits > 0 && vhost->dh_bits < 2048, "DH parameters below 2048 bits");
}

/* All parts are asked even after the first deviation: the reader wants the whole list. */
static bool deviates_from(tlsdiag_scene_t *note, const tlsdiag_posture_t *vhost, const profile_t *profile)
{
    bool versions = versions_deviate(note, vhost, profile);
    bool certificates = certificates_deviate(note, vhost, profile);
    bool dh = dh_deviates(note, vhost);
    bool named_groups = groups_deviate(note, vhost);
    bool suites = suites_deviate(note, vhost, profile);
    return versions || certificates || dh || named_groups || suites;
}

static level_t level_met(const tlsdiag_scene_t *scene)
{
    for (int level = MODERN; level < NONE; level++) {
        if (!deviates_from(NULL, scene->vhost, &profiles[level])) {
            return (level_t)level;
        }
    }
    return NONE;
}

static bool see_what_keeps_from(tlsdiag_scene_t *scene, level_t level)
{
    return deviates_from(scene, scene->vhost, &profiles[level]);
}
