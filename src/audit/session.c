/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

static bool static_ticket_key_is_old(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    scene->file = tlsdiag_inventory_file(scene->inventory, vhost->session_ticket_key_file);
    return vhost->session_tickets && scene->file && scene->file->looked_at && !scene->file->missing &&
           scene->inventory->host.now - scene->file->modified > scene->limit * TLSDIAG_DAY_SECONDS;
}

static bool no_resumption(tlsdiag_scene_t *scene)
{
    return !scene->vhost->session_cache && !scene->vhost->session_tickets;
}

static bool no_session_cache(tlsdiag_scene_t *scene)
{
    return !scene->vhost->session_cache && scene->vhost->session_tickets;
}

static bool compression_on(tlsdiag_scene_t *scene)
{
    return scene->vhost->compression;
}

static bool insecure_renegotiation_on(tlsdiag_scene_t *scene)
{
    return scene->vhost->insecure_renegotiation;
}

static bool handshake_without_time_limit(tlsdiag_scene_t *scene)
{
    return scene->vhost->handshake_timeout_us == 0 && scene->vhost->timeout_us > 0;
}

static const tlsdiag_check_t rows[] = {
#include "audit/session.inc"
};

const tlsdiag_checks_t tlsdiag_session_checks = { rows, sizeof rows / sizeof rows[0] };
