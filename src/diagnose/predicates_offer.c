/* SPDX-License-Identifier: Apache-2.0 */
/* Clauses that hold the client's offer against the vhost's configuration. */
#include "diagnose/openssl_reasons.h"
#include "diagnose/predicates.h"

enum { TLS11 = 0x0302 };

static uint16_t count_of(const tlsdiag_scene_t *scene, tlsdiag_suite_verdict_t verdict)
{
    return scene->gap.suites[verdict];
}

bool version_was_refused(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage <= TLSDIAG_CLIENT_HELLO &&
           (scene->reason == TLSDIAG_R_UNSUPPORTED_PROTOCOL || scene->reason == TLSDIAG_R_VERSION_TOO_LOW ||
            scene->reason == TLSDIAG_R_UNKNOWN_PROTOCOL);
}

bool offers_only_sslv3(const tlsdiag_scene_t *scene)
{
    return scene->gap.versions_offered == TLSDIAG_SSL30;
}

bool offers_no_known_version(const tlsdiag_scene_t *scene)
{
    return scene->facts->client_hello.complete && scene->facts->client_hello.has_supported_versions &&
           scene->gap.versions_offered == 0;
}

/* OpenSSL 3 at security level 1 or above finds no signature for TLS 1.1 and below: reason 118, with internal_error(80). */
bool offers_blocked_version(const tlsdiag_scene_t *scene)
{
    const tlsdiag_gap_t *gap = &scene->gap;
    bool no_signature = scene->reason == TLSDIAG_R_NO_SUITABLE_SIGNATURE_ALGORITHM;
    bool blocked = gap->versions_common == 0 && gap->versions_blocked && gap->version <= TLS11;
    return gap->known &&
           ((blocked && (no_signature || version_was_refused(scene) || scene->reason == TLSDIAG_R_NO_SHARED_CIPHER)) ||
            (no_signature && gap->version && gap->version <= TLS11 && scene->posture->security_level > 0));
}

bool offers_only_older_versions(const tlsdiag_scene_t *scene)
{
    const tlsdiag_gap_t *gap = &scene->gap;
    return gap->known && gap->versions_common == 0 &&
           tlsdiag_version_highest(gap->versions_offered) < tlsdiag_version_highest(scene->posture->versions);
}

bool offers_only_newer_versions(const tlsdiag_scene_t *scene)
{
    const tlsdiag_gap_t *gap = &scene->gap;
    return gap->known && gap->versions_common == 0 && scene->posture->versions &&
           tlsdiag_version_highest(gap->versions_offered) > tlsdiag_version_highest(scene->posture->versions);
}

/* causes.md 4: one reason stands for ten causes, so all of these together only open the question. */
bool nothing_in_common_was_found(const tlsdiag_scene_t *scene)
{
    switch (scene->reason) {
    case TLSDIAG_R_NO_SHARED_CIPHER:
    case TLSDIAG_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case TLSDIAG_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case TLSDIAG_R_NO_SUITABLE_KEY_SHARE:
    case TLSDIAG_R_NO_SUITABLE_GROUPS:
    case TLSDIAG_R_NO_SHARED_GROUPS:
        return scene->gap.known && scene->gap.version;
    default:
        return false;
    }
}

bool chosen_tls13(const tlsdiag_scene_t *scene)
{
    return scene->gap.version == TLSDIAG_VERSION_TLS13;
}

bool chosen_below_tls13(const tlsdiag_scene_t *scene)
{
    return scene->gap.version && scene->gap.version < TLSDIAG_VERSION_TLS13;
}

static bool no_suite_is_usable(const tlsdiag_scene_t *scene)
{
    return count_of(scene, TLSDIAG_SUITE_USABLE) == 0;
}

bool no_suite_is_configured(const tlsdiag_scene_t *scene)
{
    unsigned configured = 0;
    for (tlsdiag_suite_verdict_t v = TLSDIAG_SUITE_NEEDS_ECDSA; v <= TLSDIAG_SUITE_USABLE; v++) {
        configured += count_of(scene, v);
    }
    return configured == 0;
}

bool offers_only_exotic_suites(const tlsdiag_scene_t *scene)
{
    return scene->gap.only_exotic;
}

bool offers_only_legacy_suites(const tlsdiag_scene_t *scene)
{
    return scene->gap.only_legacy;
}

bool offers_no_forward_secrecy(const tlsdiag_scene_t *scene)
{
    return scene->gap.only_without_forward_secrecy && scene->gap.server_only_forward_secret;
}

bool offers_only_dhe(const tlsdiag_scene_t *scene)
{
    return scene->gap.only_dhe && !scene->gap.server_has_dhe;
}

static bool only_a_certificate_lacks(const tlsdiag_scene_t *scene)
{
    return no_suite_is_usable(scene) && !count_of(scene, TLSDIAG_SUITE_NO_GROUP) &&
           !count_of(scene, TLSDIAG_SUITE_NO_SIGNATURE);
}

bool common_suites_need_ecdsa(const tlsdiag_scene_t *scene)
{
    uint16_t ecdsa = count_of(scene, TLSDIAG_SUITE_NEEDS_ECDSA);
    return only_a_certificate_lacks(scene) && ecdsa && ecdsa >= count_of(scene, TLSDIAG_SUITE_NEEDS_RSA);
}

bool common_suites_need_rsa(const tlsdiag_scene_t *scene)
{
    return only_a_certificate_lacks(scene) && count_of(scene, TLSDIAG_SUITE_NEEDS_RSA);
}

/* Either we found none, or we took what was there and the client cannot use the curve of our certificate's own key. */
bool no_group_in_common(const tlsdiag_scene_t *scene)
{
    bool refused =
        nothing_in_common_was_found(scene) && no_suite_is_usable(scene) && count_of(scene, TLSDIAG_SUITE_NO_GROUP);
    return refused || complains_of_key_group(scene);
}

/* We had a common group, and it is the curve of our certificate's own key that the client does not take. */
bool only_the_key_group_is_not_taken(const tlsdiag_scene_t *scene)
{
    return scene->gap.known ? scene->gap.group_common : scene->complaint == TLSDIAG_KEY_UNUSUAL;
}

bool offers_no_suite_of_the_version(const tlsdiag_scene_t *scene)
{
    uint16_t others =
        (uint16_t)(count_of(scene, TLSDIAG_SUITE_SIGNALLING) + count_of(scene, TLSDIAG_SUITE_OTHER_VERSION));
    const tlsdiag_client_hello_t *hello = &scene->facts->client_hello;
    return count_of(scene, TLSDIAG_SUITE_OTHER_VERSION) &&
           others == tlsdiag_kept(hello->cipher_suites_count, TLSDIAG_CIPHER_SUITES_KEPT);
}

/* OpenSSL settles on a suite first and looks for a signature then: when it says that it found none, it was that, even though
 * a suite without a signature would have been there. */
static bool signature_was_the_gap(const tlsdiag_scene_t *scene)
{
    bool said = scene->reason == TLSDIAG_R_NO_SHARED_SIGNATURE_ALGORITHMS ||
                scene->reason == TLSDIAG_R_NO_SUITABLE_SIGNATURE_ALGORITHM;
    return nothing_in_common_was_found(scene) &&
           (said || (no_suite_is_usable(scene) && count_of(scene, TLSDIAG_SUITE_NO_SIGNATURE)));
}

bool no_signature_in_common(const tlsdiag_scene_t *scene)
{
    return signature_was_the_gap(scene) || complains_of_key(scene);
}

/* OpenSSL 1.1.1 has no reason of its own where the client names no algorithm and the security level takes SHA-1 away:
 * tls_choose_sigalg(). */
static bool unnamed_signature_was_the_gap(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_INTERNAL_ERROR_1_1 && scene->gap.known &&
           scene->gap.version == TLSDIAG_VERSION_TLS12 && !scene->facts->client_hello.has_signature_algorithms &&
           scene->facts->stage <= TLSDIAG_CLIENT_HELLO;
}

bool offers_only_legacy_signatures(const tlsdiag_scene_t *scene)
{
    return (signature_was_the_gap(scene) || unnamed_signature_was_the_gap(scene)) && scene->gap.legacy_signatures;
}
