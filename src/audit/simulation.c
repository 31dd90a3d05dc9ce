/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include "audit/clients.h"

static const tlsdiag_simulation_t *simulation_of(const tlsdiag_scene_t *scene)
{
    const tlsdiag_inventory_t *all = scene->inventory;
    return all->simulations ? &all->simulations[scene->vhost_index] : NULL;
}

/* Clients of that age which fail, with their causes: "Firefox 153 (group.none_common)". */
static bool see_failing(tlsdiag_scene_t *scene, tlsdiag_known_client_age_t age)
{
    const tlsdiag_simulation_t *simulation = simulation_of(scene);
    for (uint16_t i = 0; simulation && i < simulation->count; i++) {
        const tlsdiag_simulated_t *result = &simulation->clients[i];
        const tlsdiag_known_client_t *client = tlsdiag_known_client(result->client);
        if (!result->done || result->connects || client == NULL || client->age != age) {
            continue;
        }
        char text[96];
        tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
        tlsdiag_write(&out, client->name);
        tlsdiag_write(&out, " (");
        tlsdiag_write(&out, result->cause ? result->cause : "unexplained");
        tlsdiag_write(&out, ")");
        tlsdiag_see(scene, tlsdiag_writer_text(&out));
        scene->number++;
    }
    return scene->number > 0;
}

static bool current_clients_fail(tlsdiag_scene_t *scene)
{
    return see_failing(scene, TLSDIAG_CLIENT_CURRENT);
}

static bool aging_clients_fail(tlsdiag_scene_t *scene)
{
    return see_failing(scene, TLSDIAG_CLIENT_AGING);
}

static const tlsdiag_check_t rows[] = {
    { .id = "audit.simulation.current_clients",
      .severity = TLSDIAG_SEVERITY_WARNING,
      .scope = TLSDIAG_EACH_VHOST,
      .when = current_clients_fail,
      .what = "simulated handshakes of current clients fail",
      .says = "Current clients that cannot connect, by simulation: {seen}.",
      .why = "These are browsers and libraries that most people use today.",
      .advice =
          "The page shows the whole matrix, httpd -t -D TLSDIAG_SIMULATE prints it; each cause is explained in README.md.",
      .source =
          "simulation with this vhost's own settings; src/audit/clients.inc names where each client's hello is from" },
    { .id = "audit.simulation.aging_clients",
      .severity = TLSDIAG_SEVERITY_INFO,
      .scope = TLSDIAG_EACH_VHOST,
      .when = aging_clients_fail,
      .what = "simulated handshakes of older clients fail",
      .says = "Older clients that cannot connect, by simulation: {seen}.",
      .why = "They are still in use here and there; most servers have given up some of them on purpose.",
      .advice =
          "The page shows the whole matrix, httpd -t -D TLSDIAG_SIMULATE prints it; each cause is explained in README.md.",
      .source =
          "simulation with this vhost's own settings; src/audit/clients.inc names where each client's hello is from" },
};

const tlsdiag_checks_t tlsdiag_simulation_checks = { rows, sizeof rows / sizeof rows[0] };
