/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "publish/json_value.h"

enum { NAME_SHOWN = 60, REASON_TEXT = 600 };

static void put_input(tlsdiag_stream_t *out, const char *name, const char *label, const char *value)
{
    tlsdiag_html(out, "<label>");
    tlsdiag_html(out, label);
    tlsdiag_html(out, " <input type=\"search\" name=\"");
    tlsdiag_html(out, name);
    tlsdiag_html(out, "\" maxlength=\"47\" autocomplete=\"off\" value=\"");
    tlsdiag_html_text(out, value);
    tlsdiag_html(out, "\"></label>\n");
}

static void put_option(tlsdiag_stream_t *out, const char *value, const char *chosen)
{
    tlsdiag_html(out, strcmp(value, chosen) == 0 ? "<option selected>" : "<option>");
    tlsdiag_html_client(out, tlsdiag_bytes(value, strlen(value)));
    tlsdiag_html(out, "</option>");
}

static void open_choice(tlsdiag_stream_t *out, const char *name, const char *label)
{
    tlsdiag_html(out, "<label>");
    tlsdiag_html(out, label);
    tlsdiag_html(out, " <select name=\"");
    tlsdiag_html(out, name);
    tlsdiag_html(out, "\"><option value=\"\">any</option>");
}

/* The causes that were ever counted. A family or a cause of none of them that was asked for is offered too. */
static void put_causes(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    char name[64];
    bool chosen = page->query.cause[0] == '\0';
    open_choice(out, "cause", "cause");
    for (unsigned slot = 0; slot < TLSDIAG_CAUSE_SLOTS; slot++) {
        if (page->all.failures[slot] + page->all.suspicions[slot] > 0) {
            const char *cause = tlsdiag_cause_id(name, page, slot);
            put_option(out, cause, page->query.cause);
            chosen = chosen || strcmp(cause, page->query.cause) == 0;
        }
    }
    if (!chosen) {
        put_option(out, page->query.cause, page->query.cause);
    }
    tlsdiag_html(out, "</select></label>\n");
}

static void put_vhosts(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    bool chosen = page->query.vhost[0] == '\0';
    open_choice(out, "vhost", "vhost");
    for (unsigned slot = 0; slot < tlsdiag_snapshot_vhosts(page->snapshot); slot++) {
        if (tlsdiag_snapshot_vhost_name(name, page->snapshot, slot)) {
            put_option(out, name, page->query.vhost);
            chosen = chosen || strcmp(name, page->query.vhost) == 0;
        }
    }
    if (!chosen) {
        put_option(out, page->query.vhost, page->query.vhost);
    }
    tlsdiag_html(out, "</select></label>\n");
}

void tlsdiag_part_filter(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_query_t *query = &view->page->query;
    tlsdiag_html(out, "<form class=\"filter\" method=\"get\" action=\"");
    tlsdiag_html_text(out, view->page->base);
    tlsdiag_html(out, "#failures\">\n");
    put_causes(out, view->page);
    put_vhosts(out, view->page);
    put_input(out, "client", "client address", query->client);
    put_input(out, "sni", "server name", query->sni);
    put_input(out, "ja4", "JA4", query->ja4);
    tlsdiag_html(out, "<button>Filter</button>");
    if (tlsdiag_query_filters(query)) {
        tlsdiag_html(out, " <a href=\"");
        tlsdiag_html_text(out, view->page->base);
        tlsdiag_html(out, "#failures\">all</a>");
    }
    tlsdiag_html(out, "</form>\n");
}

static void put_server_name(tlsdiag_stream_t *out, const tlsdiag_brief_t *record)
{
    size_t shown = record->server_name_kept < NAME_SHOWN ? record->server_name_kept : NAME_SHOWN;
    if (record->server_name_bytes == 0) {
        tlsdiag_html(out, "<span class=\"nothing\">no name</span>");
        return;
    }
    tlsdiag_html_client(out, tlsdiag_bytes(record->server_name, shown));
    if (shown < record->server_name_bytes) {
        tlsdiag_html(out, "...");
    }
}

static void put_row(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_brief_t *record)
{
    char reason[REASON_TEXT], name[64];
    tlsdiag_html(out, "<tr><td class=\"when\"><a href=\"");
    tlsdiag_html_text(out, page->base);
    tlsdiag_html(out, "/record/");
    tlsdiag_html_query(out, tlsdiag_bytes(record->event_id, strlen(record->event_id)));
    tlsdiag_html(out, "\">");
    tlsdiag_html_time(out, record->ended_us);
    tlsdiag_html(out, "</a></td><td>");
    tlsdiag_address_html(out, page, record->address, record->address_bytes);
    tlsdiag_html(out, "</td><td>");
    put_server_name(out, record);
    tlsdiag_html(out, "<br><small>");
    tlsdiag_vhost_link(out, page, record->vhost);
    tlsdiag_html(out, "</small></td><td>");
    tlsdiag_json_text_of(reason, sizeof reason, tlsdiag_json_find(record->json, "event.reason"));
    if (reason[0] == '\0') {
        tlsdiag_json_text_of(reason, sizeof reason, tlsdiag_json_find(record->json, "message"));
    }
    tlsdiag_html_text(out, reason);
    tlsdiag_html(out, "<br><code class=\"cause\">");
    tlsdiag_html_text(out, tlsdiag_cause_id(name, page, record->cause_slot));
    tlsdiag_html(out, "</code></td><td><code>");
    tlsdiag_html_client(out, tlsdiag_bytes(record->ja4, strlen(record->ja4)));
    tlsdiag_html(out, "</code></td></tr>\n");
}

static unsigned put_rows(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned *left_out)
{
    unsigned shown = 0;
    *left_out = 0;
    for (uint32_t age = 0; age < tlsdiag_snapshot_failures(page->snapshot); age++) {
        tlsdiag_brief_t record;
        if (!tlsdiag_snapshot_failure(&record, page->snapshot, age) || !tlsdiag_page_wants(page, &record)) {
            continue;
        }
        if (shown < page->query.limit) {
            put_row(out, page, &record);
            shown++;
        } else {
            ++*left_out;
        }
    }
    return shown;
}

void tlsdiag_part_failures(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    unsigned left_out;
    unsigned shown = put_rows(out, view->page, &left_out);
    if (shown == 0) {
        tlsdiag_nothing_row(out, 5,
                            tlsdiag_query_filters(&view->page->query) ? "No record that is kept fits this filter."
                                                                      : "No handshake has failed yet.");
    } else if (left_out > 0) {
        tlsdiag_html(out, "<tr><td colspan=\"5\">");
        tlsdiag_html_count(out, left_out);
        tlsdiag_html(out, " more are kept: narrow the filter, or ask for more with limit=1000.</td></tr>\n");
    }
}
