/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

enum { READABLE_BY_OTHERS = 0004, WRITABLE_BY_OTHERS = 0002 };

static const tlsdiag_file_t *certificate_file_of(tlsdiag_scene_t *scene)
{
    scene->file = tlsdiag_inventory_file(scene->inventory, scene->chain->certificate_file);
    return scene->file && scene->file->looked_at ? scene->file : NULL;
}

static bool is_the_loaded_one(const tlsdiag_file_t *file, const tlsdiag_certificate_t *leaf)
{
    return memcmp(file->sha256, leaf->sha256, sizeof leaf->sha256) == 0;
}

static bool another_certificate_on_disk(tlsdiag_scene_t *scene)
{
    const tlsdiag_file_t *file = certificate_file_of(scene);
    return file && file->has_certificate && !is_the_loaded_one(file, scene->certificate);
}

static bool loaded_one_is_expired(const tlsdiag_scene_t *scene)
{
    return scene->certificate->not_after <= scene->inventory->host.now;
}

static bool renewed_but_not_loaded(tlsdiag_scene_t *scene)
{
    return another_certificate_on_disk(scene) && scene->file->not_before >= scene->certificate->not_before &&
           !loaded_one_is_expired(scene);
}

static bool renewed_but_the_expired_one_is_in_use(tlsdiag_scene_t *scene)
{
    return another_certificate_on_disk(scene) && scene->file->not_after > scene->inventory->host.now &&
           loaded_one_is_expired(scene);
}

static bool older_one_on_disk(tlsdiag_scene_t *scene)
{
    return another_certificate_on_disk(scene) && scene->file->not_before < scene->certificate->not_before &&
           !loaded_one_is_expired(scene);
}

static bool gone_from_disk(tlsdiag_scene_t *scene)
{
    return scene->file->looked_at && scene->file->missing;
}

static bool unreadable_as_certificate(tlsdiag_scene_t *scene)
{
    const tlsdiag_file_t *file = certificate_file_of(scene);
    return file && !file->missing && !file->has_certificate;
}

static bool cannot_be_watched(tlsdiag_scene_t *scene)
{
    scene->file = tlsdiag_inventory_file(scene->inventory, scene->chain->certificate_file);
    return scene->file && !scene->file->watched;
}

static bool holds_a_secret(const tlsdiag_scene_t *scene)
{
    const char *tickets = scene->vhost->session_ticket_key_file;
    return scene->file->has_key || (tickets && strcmp(tickets, scene->file->path) == 0);
}

static bool key_readable_by_others(tlsdiag_scene_t *scene)
{
    return scene->file->looked_at && holds_a_secret(scene) && (scene->file->mode & READABLE_BY_OTHERS);
}

static bool writable_by_others(tlsdiag_scene_t *scene)
{
    return scene->file->looked_at && (scene->file->mode & WRITABLE_BY_OTHERS);
}

static const tlsdiag_check_t rows[] = {
#include "audit/files.inc"
};

const tlsdiag_checks_t tlsdiag_file_checks = { rows, sizeof rows / sizeof rows[0] };
