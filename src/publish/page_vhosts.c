/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

enum { ROWS_MOST = 200, SECONDS_OF_DAY = 86400 };

static const struct {
    uint8_t bit;
    const char *name;
} versions[] = { { TLSDIAG_SSL30, "SSLv3" },
                 { TLSDIAG_TLS10, "1.0" },
                 { TLSDIAG_TLS11, "1.1" },
                 { TLSDIAG_TLS12, "1.2" },
                 { TLSDIAG_TLS13, "1.3" } };

static void put_versions(tlsdiag_stream_t *out, uint8_t bits)
{
    const char *separator = "";
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (bits & versions[i].bit) {
            tlsdiag_html(out, separator);
            tlsdiag_html(out, versions[i].name);
            separator = ", ";
        }
    }
    if (bits == 0) {
        tlsdiag_html(out, "none");
    }
}

/* Seconds until the first certificate that is sent expires; INT64_MAX when there is none. */
static int64_t left(const tlsdiag_page_t *page, const tlsdiag_posture_t *posture)
{
    int64_t least = INT64_MAX;
    for (unsigned chain = 0; chain < posture->chains_count; chain++) {
        for (unsigned i = 0; i < posture->chains[chain].count; i++) {
            int64_t seconds = posture->chains[chain].certificates[i].not_after - page->snapshot->now_us / 1000000;
            least = seconds < least ? seconds : least;
        }
    }
    return least;
}

void tlsdiag_days_left_html(tlsdiag_stream_t *out, int64_t seconds)
{
    int64_t days = seconds / SECONDS_OF_DAY;
    const char *class = seconds < 0 ? "expired" : days < 14 ? "soon" : "fine";
    tlsdiag_html(out, "<span class=\"days ");
    tlsdiag_html(out, class);
    tlsdiag_html(out, "\">");
    if (seconds < 0) {
        tlsdiag_html(out, "expired ");
        tlsdiag_html_age(out, -seconds);
        tlsdiag_html(out, " ago");
    } else {
        tlsdiag_html_age(out, seconds);
        tlsdiag_html(out, " left");
    }
    tlsdiag_html(out, "</span>");
}

static void put_findings(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint16_t vhost)
{
    unsigned errors = 0, warnings = 0;
    for (size_t i = 0; i < page->findings_count; i++) {
        const tlsdiag_finding_t *finding = &page->findings[i];
        if (finding->vhost == vhost + 1 && !finding->silenced) {
            errors += finding->severity == TLSDIAG_SEVERITY_ERROR;
            warnings += finding->severity == TLSDIAG_SEVERITY_WARNING;
        }
    }
    if (errors) {
        tlsdiag_html(out, "<span class=\"badge server\">");
        tlsdiag_html_counted(out, errors, "error");
        tlsdiag_html(out, "</span> ");
    }
    if (warnings) {
        tlsdiag_html(out, "<span class=\"badge client\">");
        tlsdiag_html_counted(out, warnings, "warning");
        tlsdiag_html(out, "</span>");
    }
    if (!errors && !warnings) {
        tlsdiag_html(out, page->inventory ? "none" : "-");
    }
}

static void put_row(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint16_t vhost)
{
    const tlsdiag_posture_t *posture = page->vhosts[vhost].posture;
    tlsdiag_vhost_counts_t counts;
    tlsdiag_snapshot_vhost(&counts, page->snapshot, page->vhosts[vhost].slot);
    int64_t seconds = left(page, posture);
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_vhost_link(out, page, page->vhosts[vhost].slot);
    tlsdiag_html(out, "</th><td class=\"n\">");
    tlsdiag_html_count(out, counts.succeeded + counts.failed);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_percent(out, counts.succeeded, counts.succeeded + counts.failed);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, counts.clients);
    tlsdiag_html(out, "</td><td>");
    put_versions(out, posture->versions);
    tlsdiag_html(out, "</td><td>");
    if (seconds != INT64_MAX) {
        tlsdiag_days_left_html(out, seconds);
    }
    tlsdiag_html(out, "</td><td>");
    put_findings(out, page, vhost);
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_vhosts(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    for (uint16_t vhost = 0; vhost < page->vhosts_count && vhost < ROWS_MOST; vhost++) {
        put_row(out, page, vhost);
    }
    if (page->vhosts_count == 0) {
        tlsdiag_nothing_row(out, 7, "No vhost with TLS (SSLEngine on) is observed.");
    }
    if (page->vhosts_count > ROWS_MOST) {
        tlsdiag_nothing_row(out, 7, "The first 200 are shown; all are in the JSON form.");
    }
}
