/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <stddef.h>

static bool asks_for_certificates(const tlsdiag_posture_t *vhost)
{
    return vhost->verify_client != TLSDIAG_VERIFY_NONE;
}

static bool checks_certificates(const tlsdiag_posture_t *vhost)
{
    return vhost->verify_client == TLSDIAG_VERIFY_REQUIRE || vhost->verify_client == TLSDIAG_VERIFY_OPTIONAL;
}

static bool required_without_authority(tlsdiag_scene_t *scene)
{
    return checks_certificates(scene->vhost) && scene->vhost->trusted_authorities_count == 0;
}

static bool authority_names_too_long(tlsdiag_scene_t *scene)
{
    return asks_for_certificates(scene->vhost) && scene->vhost->client_authorities_bytes > scene->limit;
}

static bool crl_check_without_crl(tlsdiag_scene_t *scene)
{
    return checks_certificates(scene->vhost) && scene->vhost->crl_check && !scene->vhost->crl_loaded;
}

static bool crl_without_check(tlsdiag_scene_t *scene)
{
    return checks_certificates(scene->vhost) && !scene->vhost->crl_check && scene->vhost->crl_loaded;
}

static bool uses_dated_crl(const tlsdiag_posture_t *vhost)
{
    return checks_certificates(vhost) && vhost->crl_check && vhost->crl_loaded && vhost->crl_next_update > 0;
}

static bool crl_expired(tlsdiag_scene_t *scene)
{
    return uses_dated_crl(scene->vhost) && scene->vhost->crl_next_update <= scene->inventory->host.now;
}

static bool crl_expires_soon(tlsdiag_scene_t *scene)
{
    int64_t left = scene->vhost->crl_next_update - scene->inventory->host.now;
    return uses_dated_crl(scene->vhost) && left > 0 && left <= scene->limit * TLSDIAG_DAY_SECONDS;
}

static const tlsdiag_check_t rows[] = {
#include "audit/client_certificates.inc"
};

const tlsdiag_checks_t tlsdiag_client_checks = { rows, sizeof rows / sizeof rows[0] };
