/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

enum { ROWS_MOST = 20, NAME_SHOWN = 60 };

static void put_number(tlsdiag_stream_t *out, uint64_t count)
{
    tlsdiag_html(out, "<td class=\"n\">");
    tlsdiag_html_count(out, count);
    tlsdiag_html(out, "</td>");
}

static void put_seen(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_entry_t *entry)
{
    tlsdiag_html(out, "<td>");
    tlsdiag_html_ago(out, entry->first_us, page->snapshot->now_us);
    tlsdiag_html(out, "</td><td>");
    tlsdiag_html_ago(out, entry->last_us, page->snapshot->now_us);
    if (entry->error > 0) {
        tlsdiag_html(out, "<br><small>up to ");
        tlsdiag_html_count(out, entry->error);
        tlsdiag_html(out, " more before</small>");
    }
    tlsdiag_html(out, "</td>");
}

static void put_causes(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_causes_of_entry_t *causes,
                       const char *ja4)
{
    char name[64];
    tlsdiag_html(out, "<td>");
    for (unsigned i = 0; i < causes->count; i++) {
        const char *cause = tlsdiag_cause_id(name, page, causes->causes[i].cause_slot);
        tlsdiag_html(out, i ? "<br><a href=\"" : "<a href=\"");
        tlsdiag_failures_link(out, page, cause, UINT16_MAX, ja4);
        tlsdiag_html(out, "\">");
        tlsdiag_html_text(out, cause);
        tlsdiag_html(out, "</a> ");
        tlsdiag_html_count(out, causes->causes[i].count);
    }
    if (causes->other > 0) {
        tlsdiag_html(out, "<br>others ");
        tlsdiag_html_count(out, causes->other);
    }
    tlsdiag_html(out, "</td>");
}

static void put_user_agents(tlsdiag_stream_t *out, const tlsdiag_fingerprint_t *fingerprint)
{
    tlsdiag_html(out, "<td class=\"agent\">");
    if (fingerprint->user_agents_count == 0) {
        tlsdiag_html(out, "<span class=\"nothing\">no User-Agent yet</span>");
    } else {
        const char *text = fingerprint->user_agents[0].text;
        tlsdiag_html_client(out, tlsdiag_bytes(text, strlen(text)));
        tlsdiag_html(out, " <small>");
        tlsdiag_html_counted(out, fingerprint->user_agents[0].requests, "connection");
        tlsdiag_html(out, "</small>");
    }
    tlsdiag_html(out, "</td>");
}

void tlsdiag_part_fingerprints(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    uint32_t numbers[ROWS_MOST];
    unsigned count = tlsdiag_snapshot_top(numbers, ROWS_MOST, page->snapshot, TLSDIAG_TABLE_fingerprints);
    if (count == 0) {
        tlsdiag_nothing_row(out, 8, "No client has sent a ClientHello yet.");
    }
    for (unsigned i = 0; i < count; i++) {
        tlsdiag_fingerprint_t fingerprint;
        if (!tlsdiag_snapshot_fingerprint(&fingerprint, page->snapshot, numbers[i])) {
            continue;
        }
        tlsdiag_html(out, "<tr><th scope=\"row\"><code>");
        tlsdiag_html_client(out, tlsdiag_bytes(fingerprint.ja4, strlen(fingerprint.ja4)));
        tlsdiag_html(out, "</code></th>");
        put_user_agents(out, &fingerprint);
        put_number(out, fingerprint.clients);
        put_number(out, fingerprint.succeeded);
        put_number(out, fingerprint.failed);
        put_causes(out, page, &fingerprint.causes, fingerprint.ja4);
        put_seen(out, page, &fingerprint.entry);
        tlsdiag_html(out, "</tr>\n");
    }
}

static void put_network_row(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_client_network_t *network)
{
    tlsdiag_html(out, "<tr><th scope=\"row\"><code>");
    tlsdiag_address_html(out, page, network->address, network->address_bytes);
    tlsdiag_html(out, "/");
    tlsdiag_stream_write_u64(out, network->prefix);
    tlsdiag_html(out, "</code></th>");
    put_number(out, network->clients);
    put_number(out, network->succeeded);
    put_number(out, network->failed);
    put_causes(out, page, &network->causes, NULL);
    put_seen(out, page, &network->entry);
    tlsdiag_html(out, "</tr>\n");
}

void tlsdiag_part_networks(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    uint32_t numbers[ROWS_MOST];
    unsigned count = tlsdiag_snapshot_top(numbers, ROWS_MOST, page->snapshot, TLSDIAG_TABLE_networks);
    if (count == 0) {
        tlsdiag_nothing_row(out, 8, "No client has connected yet.");
    }
    for (unsigned i = 0; i < count; i++) {
        tlsdiag_client_network_t network;
        if (tlsdiag_snapshot_network(&network, page->snapshot, numbers[i])) {
            put_network_row(out, page, &network);
        }
    }
}

static void put_name_row(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_uncovered_name_t *name)
{
    size_t shown = name->name_kept < NAME_SHOWN ? name->name_kept : NAME_SHOWN;
    tlsdiag_html(out, "<tr><th scope=\"row\"><code>");
    tlsdiag_html_client(out, tlsdiag_bytes(name->name, shown));
    tlsdiag_html(out, shown < name->name_bytes ? "...</code></th><td>" : "</code></th><td>");
    tlsdiag_vhost_link(out, page, name->vhost);
    tlsdiag_html(out, "</td>");
    put_number(out, name->asked);
    put_number(out, name->failed);
    put_number(out, name->clients);
    put_seen(out, page, &name->entry);
    tlsdiag_html(out, "</tr>\n");
}

void tlsdiag_part_names(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    uint32_t numbers[ROWS_MOST];
    unsigned count = tlsdiag_snapshot_top(numbers, ROWS_MOST, page->snapshot, TLSDIAG_TABLE_names);
    if (count == 0) {
        tlsdiag_nothing_row(out, 8, "Every name that a client asked for was covered by the certificate it got.");
    }
    for (unsigned i = 0; i < count; i++) {
        tlsdiag_uncovered_name_t name;
        if (tlsdiag_snapshot_name(&name, page->snapshot, numbers[i])) {
            put_name_row(out, page, &name);
        }
    }
}
