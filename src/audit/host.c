/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

static bool clock_unsynchronised(tlsdiag_scene_t *scene)
{
    return scene->inventory->host.clock_known && !scene->inventory->host.clock_synchronised;
}

static bool clock_before_build(tlsdiag_scene_t *scene)
{
    const tlsdiag_host_t *host = &scene->inventory->host;
    return host->module_built > 0 && host->now < host->module_built;
}

/* One certificate put into use too early is a slip; all of them are a clock. */
static bool clock_before_all_certificates(tlsdiag_scene_t *scene)
{
    const tlsdiag_inventory_t *all = scene->inventory;
    uint16_t seen = 0;
    for (uint16_t v = 0; v < all->vhosts_count; v++) {
        for (uint8_t c = 0; c < all->vhosts[v]->chains_count; c++, seen++) {
            if (all->vhosts[v]->chains[c].certificates[0].not_before <= all->host.now) {
                return false;
            }
        }
    }
    scene->number = seen;
    return seen > 1;
}

static bool time_zone_not_found(tlsdiag_scene_t *scene)
{
    return scene->inventory->host.time_zone && !scene->inventory->host.time_zone_found;
}

/* UTC-12 to UTC+14 are all that exist. */
static bool utc_offset_impossible(tlsdiag_scene_t *scene)
{
    int32_t minutes = scene->inventory->host.utc_offset_minutes;
    return minutes < -12 * 60 || minutes > 14 * 60;
}

static bool no_randomness(tlsdiag_scene_t *scene)
{
    return !scene->inventory->host.random_ready;
}

/* Linux since 5.18 always says 256; before that a starved pool made programs wait. */
static bool little_entropy(tlsdiag_scene_t *scene)
{
    int32_t bits = scene->inventory->host.entropy_bits;
    return bits >= 0 && bits < scene->limit;
}

static bool fips_mode(tlsdiag_scene_t *scene)
{
    return scene->inventory->host.fips;
}

static bool openssl_older_than_headers(tlsdiag_scene_t *scene)
{
    const tlsdiag_host_t *host = &scene->inventory->host;
    return host->openssl_running < host->openssl_compiled;
}

static const tlsdiag_check_t rows[] = {
#include "audit/host.inc"
};

const tlsdiag_checks_t tlsdiag_host_checks = { rows, sizeof rows / sizeof rows[0] };
