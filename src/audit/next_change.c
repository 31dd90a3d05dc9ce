/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

/* The days at which the rows of certificate.inc, chain.inc and client_certificates.inc begin to speak. */
static const int64_t thresholds[] = { 30, 14, 7, 1 };

static void consider(int64_t *next, int64_t now, int64_t moment)
{
    if (moment > now && moment < *next) {
        *next = moment;
    }
}

static void consider_certificate(int64_t *next, int64_t now, const tlsdiag_certificate_t *certificate)
{
    consider(next, now, certificate->not_before);
    consider(next, now, certificate->not_after);
    for (size_t i = 0; i < sizeof thresholds / sizeof thresholds[0]; i++) {
        consider(next, now, tlsdiag_warn_from(certificate, thresholds[i]));
    }
}

static void consider_vhost(int64_t *next, int64_t now, const tlsdiag_posture_t *vhost)
{
    consider(next, now, vhost->crl_next_update);
    consider(next, now, vhost->crl_next_update - TLSDIAG_DAY_SECONDS);
    for (uint8_t c = 0; c < vhost->chains_count; c++) {
        for (uint16_t i = 0; i < vhost->chains[c].count; i++) {
            consider_certificate(next, now, &vhost->chains[c].certificates[i]);
        }
    }
}

int64_t tlsdiag_audit_next_change(const tlsdiag_inventory_t *inventory)
{
    int64_t next = INT64_MAX;
    for (uint16_t v = 0; v < inventory->vhosts_count; v++) {
        consider_vhost(&next, inventory->host.now, inventory->vhosts[v]);
    }
    for (uint16_t i = 0; i < inventory->files_count; i++) {
        consider(&next, inventory->host.now, inventory->files[i].not_after);
    }
    return next;
}
