/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

#include "base/hostname.h"
#include "pki/names.h"

int64_t tlsdiag_warn_from(const tlsdiag_certificate_t *certificate, int64_t days)
{
    int64_t third = (certificate->not_after - certificate->not_before) / 3, before = days * TLSDIAG_DAY_SECONDS;
    return certificate->not_after - (before < third ? before : third);
}

static bool lists_literally(tlsdiag_text_list_t names, const char *name)
{
    for (uint16_t i = 0; i < names.count; i++) {
        if (tlsdiag_hostname_equals(names.items[i], name)) {
            return true;
        }
    }
    return false;
}

/* A ServerAlias may be a pattern itself: then the certificate must hold the same one. */
bool tlsdiag_certificate_serves(const tlsdiag_certificate_t *certificate, const char *name)
{
    tlsdiag_bytes_t bytes = tlsdiag_bytes(name, strlen(name));
    return tlsdiag_certificate_covers(certificate, bytes) || lists_literally(certificate->dns_names, name) ||
           (!certificate->has_subject_alt_name && tlsdiag_common_name_covers(certificate, bytes));
}

void tlsdiag_see(tlsdiag_scene_t *scene, const char *text)
{
    size_t before = scene->seen.length;
    tlsdiag_write(&scene->seen, before ? ", " : "");
    tlsdiag_write_escaped(&scene->seen, tlsdiag_bytes(text, strlen(text)), 128);
    if (scene->seen.truncated) {
        tlsdiag_writer_rewind(&scene->seen, before);
    }
}

static int64_t now(const tlsdiag_scene_t *scene)
{
    return scene->inventory->host.now;
}

static bool expired(tlsdiag_scene_t *scene)
{
    return scene->certificate->not_after <= now(scene);
}

/* Between the moment this row begins and the one at which the next, more urgent row does. */
static bool expires_soon(tlsdiag_scene_t *scene)
{
    int64_t begins = tlsdiag_warn_from(scene->certificate, scene->limit);
    int64_t ends = scene->above ? tlsdiag_warn_from(scene->certificate, scene->above) : scene->certificate->not_after;
    return begins <= now(scene) && now(scene) < ends;
}

static bool not_yet_valid(tlsdiag_scene_t *scene)
{
    return scene->certificate->not_before > now(scene);
}

static bool server_name_not_covered(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    return vhost->server_name && !vhost->server_name_guessed &&
           !tlsdiag_certificate_serves(scene->certificate, vhost->server_name);
}

/* A pattern with a star inside a name, or with a question mark, stands for names that nobody can list. */
static bool is_judgeable(const char *alias)
{
    const char *star = strpbrk(alias, "*?");
    return star == NULL || (star == alias && alias[1] == '.' && strpbrk(alias + 1, "*?") == NULL);
}

static bool alias_not_covered(tlsdiag_scene_t *scene)
{
    tlsdiag_text_list_t aliases = scene->vhost->server_aliases;
    for (uint16_t i = 0; i < aliases.count; i++) {
        if (is_judgeable(aliases.items[i]) && !tlsdiag_certificate_serves(scene->certificate, aliases.items[i])) {
            tlsdiag_see(scene, aliases.items[i]);
        }
    }
    return scene->seen.length > 0;
}

static bool no_subject_alt_name(tlsdiag_scene_t *scene)
{
    return !scene->certificate->has_subject_alt_name;
}

static bool wildcard_too_wide(tlsdiag_scene_t *scene)
{
    tlsdiag_text_list_t names = scene->certificate->dns_names;
    for (uint16_t i = 0; i < names.count; i++) {
        if (tlsdiag_hostname_is_too_wide(names.items[i])) {
            tlsdiag_see(scene, names.items[i]);
        }
    }
    return scene->seen.length > 0;
}

static bool self_signed(tlsdiag_scene_t *scene)
{
    return scene->certificate->self_signed;
}

static bool rsa_key_too_small(tlsdiag_scene_t *scene)
{
    tlsdiag_key_type_t type = scene->certificate->key_type;
    return (type == TLSDIAG_KEY_RSA || type == TLSDIAG_KEY_RSA_PSS) && scene->certificate->key_bits < scene->limit;
}

static bool weak_signature(tlsdiag_scene_t *scene)
{
    tlsdiag_hash_t hash = scene->certificate->signature_hash;
    return (hash == TLSDIAG_HASH_MD5 || hash == TLSDIAG_HASH_SHA1) && !scene->certificate->self_signed;
}

static bool uncommon_ec_group(tlsdiag_scene_t *scene)
{
    enum { P256 = 23, P384 = 24 };
    uint16_t group = scene->certificate->key_group;
    return scene->certificate->key_type == TLSDIAG_KEY_ECDSA && group != P256 && group != P384;
}

static bool extended_key_usage_forbids(tlsdiag_scene_t *scene)
{
    const tlsdiag_certificate_t *leaf = scene->certificate;
    return leaf->has_extended_key_usage && !leaf->usage_server_auth && !leaf->usage_any;
}

/* RFC 8446 4.4.2.2: "the digitalSignature bit MUST be set if the Key Usage extension is present"; RFC 5246 7.4.2 asks
 * it of every (EC)DHE suite too. */
static bool key_usage_forbids(tlsdiag_scene_t *scene)
{
    return scene->certificate->has_key_usage && !scene->certificate->usage_digital_signature;
}

static bool leaf_is_an_authority(tlsdiag_scene_t *scene)
{
    return scene->certificate->is_ca;
}

static bool must_staple_without_stapling(tlsdiag_scene_t *scene)
{
    return scene->certificate->must_staple && !scene->vhost->stapling;
}

static bool stapling_without_responder(tlsdiag_scene_t *scene)
{
    return scene->vhost->stapling && !scene->vhost->stapling_responder_set && scene->certificate->ocsp_url == NULL &&
           !scene->certificate->self_signed;
}

/* How long a publicly trusted certificate may be valid, by the day it was issued. */
static const struct {
    int64_t issued_from; /* seconds since 1970 */
    int64_t days;
} lifetimes[] = {
    { 1868227200, 47 },  /* 2029-03-15, CA/Browser Forum ballot SC-081v3 */
    { 1805068800, 100 }, /* 2027-03-15, SC-081v3 */
    { 1773532800, 200 }, /* 2026-03-15, SC-081v3 */
    { 1598918400, 398 }, /* 2020-09-01, Apple, Mozilla and Chrome root programs; Baseline Requirements 6.3.2 */
    { 1519862400, 825 }, /* 2018-03-01, Baseline Requirements */
};

static bool valid_for_too_long(tlsdiag_scene_t *scene)
{
    const tlsdiag_certificate_t *leaf = scene->certificate;
    if (!scene->chain->root_known) {
        return false;
    }
    for (size_t i = 0; i < sizeof lifetimes / sizeof lifetimes[0]; i++) {
        if (leaf->not_before >= lifetimes[i].issued_from) {
            scene->number = lifetimes[i].days;
            return leaf->not_after - leaf->not_before > lifetimes[i].days * TLSDIAG_DAY_SECONDS;
        }
    }
    return false;
}

static bool valid_for_too_long_even_privately(tlsdiag_scene_t *scene)
{
    const tlsdiag_certificate_t *leaf = scene->certificate;
    return !scene->chain->root_known && !leaf->self_signed &&
           leaf->not_after - leaf->not_before > scene->limit * TLSDIAG_DAY_SECONDS;
}

static bool unknown_critical_extension(tlsdiag_scene_t *scene)
{
    return scene->certificate->unknown_critical != NULL;
}

static bool public_without_sct(tlsdiag_scene_t *scene)
{
    return scene->chain->root_known && !scene->certificate->has_sct && !scene->certificate->self_signed;
}

static bool is_usual_key(tlsdiag_key_type_t type)
{
    return type == TLSDIAG_KEY_RSA || type == TLSDIAG_KEY_ECDSA;
}

static bool no_key_for_browsers(tlsdiag_scene_t *scene)
{
    for (uint8_t i = 0; i < scene->vhost->chains_count; i++) {
        if (is_usual_key(scene->vhost->chains[i].certificates[0].key_type)) {
            return false;
        }
    }
    return scene->vhost->chains_count > 0;
}

/* The same certificate on many vhosts is how certificates are meant to be used; only another certificate counts. */
static bool key_used_by_another_certificate(tlsdiag_scene_t *scene)
{
    const tlsdiag_inventory_t *all = scene->inventory;
    const tlsdiag_certificate_t *mine = scene->certificate;
    for (uint16_t v = 0; v < scene->vhost_index; v++) {
        for (uint8_t c = 0; c < all->vhosts[v]->chains_count; c++) {
            const tlsdiag_certificate_t *theirs = &all->vhosts[v]->chains[c].certificates[0];
            if (memcmp(mine->public_key_sha256, theirs->public_key_sha256, sizeof mine->public_key_sha256) == 0 &&
                memcmp(mine->sha256, theirs->sha256, sizeof mine->sha256) != 0) {
                scene->other = all->vhosts[v];
                return true;
            }
        }
    }
    return false;
}

static const tlsdiag_check_t rows[] = {
#include "audit/certificate.inc"
};

const tlsdiag_checks_t tlsdiag_certificate_checks = { rows, sizeof rows / sizeof rows[0] };
