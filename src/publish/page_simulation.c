/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include "audit/clients.h"
#include "iana/iana.h"

/* The simulation of the vhost with that posture; NULL: none was made. */
static const tlsdiag_simulation_t *simulation_of(const tlsdiag_view_t *view)
{
    const tlsdiag_inventory_t *inventory = view->page->inventory;
    const tlsdiag_posture_t *posture = view->page->vhosts[view->vhost].posture;
    if (!inventory || !inventory->simulations) {
        return NULL;
    }
    for (uint16_t i = 0; i < inventory->vhosts_count; i++) {
        if (inventory->vhosts[i] == posture && inventory->simulations[i].clients) {
            return &inventory->simulations[i];
        }
    }
    return NULL;
}

static void put_name(tlsdiag_stream_t *out, const char *name)
{
    tlsdiag_html(out, "</td><td>");
    tlsdiag_html_text(out, name ? name : "");
}

static void put_row(tlsdiag_stream_t *out, const tlsdiag_known_client_t *client, const tlsdiag_simulated_t *simulated)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html_text(out, client->name);
    tlsdiag_html(out, simulated->connects ? "</th><td><span class=\"state good\">connects</span>"
                                          : "</th><td><span class=\"state bad\">fails</span>");
    put_name(out, simulated->version ? tlsdiag_iana_version_name(simulated->version) : NULL);
    put_name(out, simulated->cipher_suite ? tlsdiag_iana_cipher_suite_name(simulated->cipher_suite) : NULL);
    put_name(out, simulated->group ? tlsdiag_iana_group_name(simulated->group) : NULL);
    tlsdiag_html(out, "</td><td>");
    if (!simulated->connects && simulated->cause) {
        tlsdiag_html(out, "<code class=\"cause\">");
        tlsdiag_html_text(out, simulated->cause);
        tlsdiag_html(out, "</code>");
    }
    tlsdiag_html(out, simulated->other_vhost ? "gets another vhost's certificate" : "");
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_vhost_simulation(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_simulation_t *simulation = simulation_of(view);
    if (!simulation) {
        tlsdiag_nothing_row(out, 6, "No simulation was made.");
        return;
    }
    for (uint16_t i = 0; i < simulation->count; i++) {
        const tlsdiag_known_client_t *client = tlsdiag_known_client(simulation->clients[i].client);
        if (client && simulation->clients[i].done) {
            put_row(out, client, &simulation->clients[i]);
        }
    }
}
