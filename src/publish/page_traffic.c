/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include "publish/chart.h"

/* The layers of the charts, from the bottom. */
static const struct {
    tlsdiag_series_kind_t kind;
    const char *class, *name;
} failed[] = {
    { TLSDIAG_SERIES_SERVER, "server", "for this server" },
    { TLSDIAG_SERIES_CLIENT, "client", "for the client" },
    { TLSDIAG_SERIES_NETWORK, "network", "network" },
    { TLSDIAG_SERIES_OTHER, "either", "nobody or unclear" },
    { TLSDIAG_SERIES_NOISE, "noise", "noise" },
};

enum { FAILED = sizeof failed / sizeof *failed, HOURS_IN_TABLE = 24 };

typedef uint64_t count_of_period_t(const tlsdiag_snapshot_t *snapshot, tlsdiag_series_kind_t kind, unsigned ago);

static void fill(tlsdiag_layer_t *layer, const tlsdiag_snapshot_t *snapshot, tlsdiag_series_kind_t kind, unsigned bars,
                 count_of_period_t *count)
{
    for (unsigned bar = 0; bar < bars; bar++) {
        uint64_t n = count(snapshot, kind, bars - 1 - bar);
        layer->counts[bar] = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    }
}

static void put_completed_chart(tlsdiag_stream_t *out, const tlsdiag_page_t *page, tlsdiag_chart_t *chart,
                                count_of_period_t *count)
{
    chart->now_us = page->snapshot->now_us;
    chart->layers_count = 1;
    chart->layers[0].class = "ok";
    chart->layers[0].name = "completed";
    fill(&chart->layers[0], page->snapshot, TLSDIAG_SERIES_SUCCEEDED, chart->bars, count);
    tlsdiag_chart_write(out, chart);
}

static void put_failed_chart(tlsdiag_stream_t *out, const tlsdiag_page_t *page, tlsdiag_chart_t *chart,
                             count_of_period_t *count)
{
    chart->now_us = page->snapshot->now_us;
    chart->layers_count = FAILED;
    for (unsigned i = 0; i < FAILED; i++) {
        chart->layers[i].class = failed[i].class;
        chart->layers[i].name = failed[i].name;
        fill(&chart->layers[i], page->snapshot, failed[i].kind, chart->bars, count);
    }
    tlsdiag_chart_write(out, chart);
}

void tlsdiag_part_minutes(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_chart_t good = { "c-minutes-ok", "Completed, last 2 hours by minute", "minute", 0, 60, TLSDIAG_MINUTES, 0,
                             { { 0 } } };
    tlsdiag_chart_t bad = {
        "c-minutes-bad", "Failed, by who has to act", "minute", 0, 60, TLSDIAG_MINUTES, 0, { { 0 } }
    };
    put_completed_chart(out, view->page, &good, tlsdiag_snapshot_minute);
    put_failed_chart(out, view->page, &bad, tlsdiag_snapshot_minute);
}

void tlsdiag_part_hours(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_chart_t good = { "c-hours-ok", "Completed, last 8 days by hour", "hour", 0, 3600, TLSDIAG_HOURS, 0,
                             { { 0 } } };
    tlsdiag_chart_t bad = { "c-hours-bad", "Failed, by who has to act", "hour", 0, 3600, TLSDIAG_HOURS, 0, { { 0 } } };
    put_completed_chart(out, view->page, &good, tlsdiag_snapshot_hour);
    put_failed_chart(out, view->page, &bad, tlsdiag_snapshot_hour);
}

static void put_hour(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned ago)
{
    const int64_t hour_us = INT64_C(3600000000);
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html_minute(out, (page->snapshot->now_us / hour_us - ago) * hour_us);
    tlsdiag_html(out, "</th><td class=\"n\">");
    tlsdiag_html_count(out, tlsdiag_snapshot_hour(page->snapshot, TLSDIAG_SERIES_SUCCEEDED, ago));
    for (unsigned i = 0; i < FAILED; i++) {
        tlsdiag_html(out, "</td><td class=\"n\">");
        tlsdiag_html_count(out, tlsdiag_snapshot_hour(page->snapshot, failed[i].kind, ago));
    }
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_hours_table(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    for (unsigned ago = 0; ago < HOURS_IN_TABLE; ago++) {
        put_hour(out, view->page, ago);
    }
}
