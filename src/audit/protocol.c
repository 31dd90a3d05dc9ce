/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include "iana/iana.h"

enum { P256 = 23, X25519 = 29, X25519MLKEM768 = 0x11ec, SECP256R1MLKEM768 = 0x11eb, SECP384R1MLKEM1024 = 0x11ed };
enum { OLD_VERSIONS = TLSDIAG_TLS10 | TLSDIAG_TLS11, BEFORE_TLS13 = TLSDIAG_SSL30 | OLD_VERSIONS | TLSDIAG_TLS12 };

bool tlsdiag_list_has(tlsdiag_code_list_t list, uint16_t code)
{
    for (uint16_t i = 0; i < list.count; i++) {
        if (list.codes[i] == code) {
            return true;
        }
    }
    return false;
}

static bool knows_tls13_suites(tlsdiag_code_list_t list)
{
    for (uint16_t i = 0; i < list.count; i++) {
        if (tlsdiag_iana_suite_traits(list.codes[i]).tls13) {
            return true;
        }
    }
    return false;
}

static bool sslv3_on(tlsdiag_scene_t *scene)
{
    return scene->vhost->versions & TLSDIAG_SSL30;
}

static bool tls10_or_tls11_on(tlsdiag_scene_t *scene)
{
    return scene->vhost->versions & OLD_VERSIONS;
}

static bool tls13_off(tlsdiag_scene_t *scene)
{
    return !(scene->vhost->versions_configured & TLSDIAG_TLS13) &&
           knows_tls13_suites(scene->vhost->cipher_suites_known);
}

static bool tls13_without_suites(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    return (vhost->versions_configured & TLSDIAG_TLS13) && knows_tls13_suites(vhost->cipher_suites_known) &&
           !knows_tls13_suites(vhost->cipher_suites);
}

static bool nothing_can_be_had(tlsdiag_scene_t *scene)
{
    return scene->vhost->versions == 0;
}

/* TLS 1.3 without suites has its own row. */
static uint8_t versions_blocked(const tlsdiag_posture_t *vhost)
{
    uint8_t blocked = (uint8_t)(vhost->versions_configured & ~vhost->versions);
    return knows_tls13_suites(vhost->cipher_suites) ? blocked : (uint8_t)(blocked & BEFORE_TLS13);
}

static void see_versions(tlsdiag_scene_t *scene, uint8_t versions)
{
    static const uint16_t codes[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (versions & (1u << i)) {
            tlsdiag_see(scene, tlsdiag_iana_version_name(codes[i]));
        }
    }
}

/* Before TLS 1.2 handshakes are signed with MD5 and SHA-1, for which OpenSSL 3 asks security level 0. */
static bool blocked_by_security_level(tlsdiag_scene_t *scene)
{
    uint8_t blocked = versions_blocked(scene->vhost);
    bool level = blocked && !(blocked & ~OLD_VERSIONS) && scene->vhost->security_level > 0;
    if (level && !scene->vhost->system_policy_limits) {
        see_versions(scene, blocked);
        return true;
    }
    return false;
}

static bool blocked_by_system_policy(tlsdiag_scene_t *scene)
{
    if (versions_blocked(scene->vhost) == 0 || !scene->vhost->system_policy_limits) {
        return false;
    }
    see_versions(scene, versions_blocked(scene->vhost));
    return true;
}

/* What has a row of its own: audit.suite.none_for_certificates, audit.cert.key_usage. */
static bool certificates_are_the_reason(const tlsdiag_posture_t *vhost)
{
    bool none_can_sign = vhost->chains_count > 0;
    for (uint8_t i = 0; i < vhost->chains_count; i++) {
        const tlsdiag_certificate_t *leaf = &vhost->chains[i].certificates[0];
        none_can_sign = none_can_sign && leaf->has_key_usage && !leaf->usage_digital_signature;
    }
    return none_can_sign || !tlsdiag_has_suites_for_its_keys(vhost);
}

static bool blocked_otherwise(tlsdiag_scene_t *scene)
{
    uint8_t blocked = versions_blocked(scene->vhost);
    if (blocked == 0 || certificates_are_the_reason(scene->vhost) || scene->vhost->system_policy_limits ||
        blocked_by_security_level(scene)) {
        return false;
    }
    see_versions(scene, blocked);
    return true;
}

static bool no_usual_group(tlsdiag_scene_t *scene)
{
    tlsdiag_code_list_t groups = scene->vhost->groups;
    return groups.count > 0 && !tlsdiag_list_has(groups, X25519) && !tlsdiag_list_has(groups, P256);
}

static bool has_post_quantum(tlsdiag_code_list_t groups)
{
    return tlsdiag_list_has(groups, X25519MLKEM768) || tlsdiag_list_has(groups, SECP256R1MLKEM768) ||
           tlsdiag_list_has(groups, SECP384R1MLKEM1024);
}

/* Only TLS 1.3 has such groups; where it is off, audit.version.tls13_off says what to do. And audit.group.no_usual comes
 * first: of two lines of Groups one would undo the other. */
static bool post_quantum_left_out(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    return (vhost->versions & TLSDIAG_TLS13) && !no_usual_group(scene) && has_post_quantum(vhost->groups_known) &&
           !has_post_quantum(vhost->groups);
}

static bool post_quantum_out_of_reach(tlsdiag_scene_t *scene)
{
    const tlsdiag_inventory_t *all = scene->inventory;
    return all->vhosts_count > 0 && all->vhosts[0]->groups_known.count > 0 &&
           !has_post_quantum(all->vhosts[0]->groups_known);
}

static bool offers_dhe(const tlsdiag_posture_t *vhost)
{
    for (uint16_t i = 0; i < vhost->cipher_suites.count; i++) {
        if (tlsdiag_iana_suite_traits(vhost->cipher_suites.codes[i]).key_exchange == TLSDIAG_KX_DHE) {
            return true;
        }
    }
    return false;
}

static bool dh_too_small(tlsdiag_scene_t *scene)
{
    return scene->vhost->dh_bits > 0 && scene->vhost->dh_bits < scene->limit && offers_dhe(scene->vhost);
}

static const tlsdiag_check_t rows[] = {
#include "audit/protocol.inc"
};

const tlsdiag_checks_t tlsdiag_protocol_checks = { rows, sizeof rows / sizeof rows[0] };
