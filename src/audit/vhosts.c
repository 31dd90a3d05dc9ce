/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

#include "base/hostname.h"

/* The vhost that answers at the same address before the name decides: the first one there. NULL: this one itself. */
static const tlsdiag_posture_t *default_of(const tlsdiag_scene_t *scene)
{
    if (scene->vhost->first_vhost) {
        return scene->vhost->first_vhost;
    }
    for (uint16_t i = 0; i < scene->vhost_index; i++) {
        const tlsdiag_posture_t *earlier = scene->inventory->vhosts[i];
        if (tlsdiag_vhosts_share_address(earlier, scene->vhost)) {
            return earlier;
        }
    }
    return NULL;
}

static bool versions_differ(tlsdiag_scene_t *scene)
{
    scene->other = default_of(scene);
    return scene->other && scene->other->versions != scene->vhost->versions;
}

/* OpenSSL takes the groups when the SSL is made, with the first vhost's SSL_CTX; a change by SNI does not bring others.
 * So the posture of the second vhost has the first one's groups: what was meant stands in the directive alone. */
static bool groups_have_no_effect(tlsdiag_scene_t *scene)
{
    const char *meant = scene->vhost->groups_directive_ignored.text, *in_force = scene->vhost->groups_directive.text;
    scene->other = scene->vhost->first_vhost;
    if (meant == NULL || scene->other == NULL) {
        return false;
    }
    tlsdiag_see(scene, meant);
    return in_force == NULL || strcmp(in_force, meant) != 0;
}

/* httpd's own rule for ServerAlias: `*` and `?` as in file names, letters in either case. */
static bool alias_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *retry = NULL;
    while (*name != '\0') {
        char c[2] = { *name, '\0' }, p[2] = { *pattern, '\0' };
        if (*pattern == '*') {
            star = ++pattern;
            retry = name;
        } else if (*pattern == '?' || (*pattern != '\0' && tlsdiag_hostname_equals(p, c))) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star;
            name = ++retry;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static bool answers_to(const tlsdiag_posture_t *vhost, const char *name)
{
    if (vhost->server_name && tlsdiag_hostname_equals(vhost->server_name, name)) {
        return true;
    }
    for (uint16_t i = 0; i < vhost->server_aliases.count; i++) {
        if (alias_matches(vhost->server_aliases.items[i], name)) {
            return true;
        }
    }
    return false;
}

static const tlsdiag_posture_t *earlier_that_answers(const tlsdiag_scene_t *scene, const char *name)
{
    for (uint16_t i = 0; i < scene->vhost_index; i++) {
        const tlsdiag_posture_t *earlier = scene->inventory->vhosts[i];
        if (tlsdiag_vhosts_share_address(earlier, scene->vhost) && answers_to(earlier, name)) {
            return earlier;
        }
    }
    return NULL;
}

static bool shadowed_by_an_earlier_one(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    if (vhost->server_name == NULL || vhost->server_name_guessed) {
        return false;
    }
    scene->other = earlier_that_answers(scene, vhost->server_name);
    if (scene->other) {
        tlsdiag_see(scene, vhost->server_name);
    }
    return scene->other != NULL;
}

static bool alias_shadowed_by_an_earlier_one(tlsdiag_scene_t *scene)
{
    tlsdiag_text_list_t aliases = scene->vhost->server_aliases;
    for (uint16_t i = 0; i < aliases.count; i++) {
        const tlsdiag_posture_t *earlier =
            strpbrk(aliases.items[i], "*?") ? NULL : earlier_that_answers(scene, aliases.items[i]);
        if (earlier) {
            scene->other = earlier;
            tlsdiag_see(scene, aliases.items[i]);
        }
    }
    return scene->seen.length > 0;
}

static bool strict_sni_on(tlsdiag_scene_t *scene)
{
    return scene->vhost->strict_sni;
}

static bool https_port_without_tls(tlsdiag_scene_t *scene)
{
    return scene->plain->port == scene->limit && scene->plain->beside == NULL;
}

static bool shares_address_with_tls(tlsdiag_scene_t *scene)
{
    scene->other = scene->plain->beside;
    return scene->other != NULL;
}

static const tlsdiag_check_t rows[] = {
#include "audit/vhosts.inc"
};

const tlsdiag_checks_t tlsdiag_vhost_checks = { rows, sizeof rows / sizeof rows[0] };
