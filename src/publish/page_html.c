/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

static tlsdiag_part_t content, title, base, style_version, script_version, hostname, versions_of_host, now, now_machine;

/* What stands between {{ and }} in assets/ and who writes it. */
static const struct {
    const char *name;
    tlsdiag_part_t *write;
} parts[] = {
    { "content", content },
    { "title", title },
    { "base", base },
    { "style_version", style_version },
    { "script_version", script_version },
    { "hostname", hostname },
    { "host_versions", versions_of_host },
    { "now", now },
    { "now_machine", now_machine },
    { "refresh_links", tlsdiag_part_refresh_links },
    { "verdict", tlsdiag_part_verdict },
    { "tiles", tlsdiag_part_tiles },
    { "problems", tlsdiag_part_problems },
    { "minutes", tlsdiag_part_minutes },
    { "hours", tlsdiag_part_hours },
    { "hours_table", tlsdiag_part_hours_table },
    { "versions", tlsdiag_part_versions },
    { "suites", tlsdiag_part_suites },
    { "groups", tlsdiag_part_groups },
    { "traits", tlsdiag_part_traits },
    { "times", tlsdiag_part_times },
    { "alerts", tlsdiag_part_alerts },
    { "what_if", tlsdiag_part_what_if },
    { "fingerprints", tlsdiag_part_fingerprints },
    { "networks", tlsdiag_part_networks },
    { "names", tlsdiag_part_names },
    { "vhosts", tlsdiag_part_vhosts },
    { "checklist", tlsdiag_part_checklist },
    { "filter", tlsdiag_part_filter },
    { "failures", tlsdiag_part_failures },
    { "books", tlsdiag_part_books },
    { "tallies", tlsdiag_part_tallies },
    { "tables", tlsdiag_part_tables },
    { "shared_kib", tlsdiag_part_shared_kib },
    { "vhost_title", tlsdiag_part_vhost_title },
    { "vhost_settings", tlsdiag_part_vhost_settings },
    { "vhost_chains", tlsdiag_part_vhost_chains },
    { "vhost_findings", tlsdiag_part_vhost_findings },
    { "vhost_causes", tlsdiag_part_vhost_causes },
    { "vhost_simulation", tlsdiag_part_vhost_simulation },
    { "record_title", tlsdiag_part_record_title },
    { "record_verdict", tlsdiag_part_record_verdict },
    { "record_facts", tlsdiag_part_record_facts },
    { "record_timeline", tlsdiag_part_record_timeline },
    { "record_offer", tlsdiag_part_record_offer },
    { "record_imitation", tlsdiag_part_record_imitation },
    { "record_json", tlsdiag_part_record_json },
};

static void write_part(tlsdiag_stream_t *out, const tlsdiag_view_t *view, const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strlen(parts[i].name) == length && memcmp(parts[i].name, name, length) == 0) {
            parts[i].write(out, view);
            return;
        }
    }
    tlsdiag_html(out, "{{?}}"); /* an asset names a part that is not in the table; a unit test looks for this */
}

static void write_asset(tlsdiag_stream_t *out, const tlsdiag_view_t *view, const char *name)
{
    const tlsdiag_asset_t *asset = tlsdiag_asset_find(name);
    const char *at = asset->bytes;
    for (const char *mark = strstr(at, "{{"); mark; mark = strstr(at, "{{")) {
        const char *end = strstr(mark, "}}");
        tlsdiag_stream_write_bytes(out, at, (size_t)(mark - at));
        write_part(out, view, mark + 2, (size_t)(end - mark - 2));
        at = end + 2;
    }
    tlsdiag_html(out, at);
}

static void content(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    write_asset(out, view, view->content);
}

static void title(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    if (view->record) {
        tlsdiag_html(out, "Record ");
        tlsdiag_html_client(out, tlsdiag_bytes(view->record->event_id, strlen(view->record->event_id)));
        tlsdiag_html(out, " - ");
    } else if (view->counts != &view->page->all) {
        tlsdiag_html_text(out, view->page->vhosts[view->vhost].posture->name);
        tlsdiag_html(out, " - ");
    }
    tlsdiag_html(out, "TLS status of ");
    hostname(out, view);
}

static void base(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_html_text(out, view->page->base);
}

static void style_version(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    (void)view;
    tlsdiag_html(out, tlsdiag_asset_find("status.css")->version);
}

static void script_version(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    (void)view;
    tlsdiag_html(out, tlsdiag_asset_find("status.js")->version);
}

static void hostname(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_html_text(out, view->page->host.hostname);
}

static void versions_of_host(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_host_t *host = &view->page->host;
    tlsdiag_html(out, "mod_tlsdiag " TLSDIAG_VERSION ", Apache httpd ");
    tlsdiag_html_text(out, host->httpd_version);
    tlsdiag_html(out, ", ");
    tlsdiag_html_text(out, host->openssl_version);
}

static void now(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_html_time(out, view->page->snapshot->now_us);
}

static void now_machine(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_html_count(out, (uint64_t)view->page->snapshot->now_us / 1000000);
}

void tlsdiag_view_write(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    write_asset(out, view, "frame.html");
}

void tlsdiag_page_overview_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_view_t view = { .page = page, .content = "overview.html", .counts = &page->all };
    tlsdiag_view_write(out, &view);
}

void tlsdiag_page_vhost_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint16_t vhost)
{
    tlsdiag_vhost_counts_t counts;
    tlsdiag_snapshot_vhost(&counts, page->snapshot, page->vhosts[vhost].slot);
    tlsdiag_view_t view = { .page = page, .content = "vhost.html", .vhost = vhost, .counts = &counts };
    tlsdiag_view_write(out, &view);
}

void tlsdiag_page_record_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_brief_t *record)
{
    tlsdiag_view_t view = { .page = page, .content = "record.html", .counts = &page->all, .record = record };
    tlsdiag_view_write(out, &view);
}
