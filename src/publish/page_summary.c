/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

enum { HOURS_OF_DAY = 24, MINUTES_OF_HOUR = 60 };

typedef struct outcome {
    uint64_t succeeded, failed, noise;
} outcome_t;

static uint64_t over_hours(const tlsdiag_page_t *page, tlsdiag_series_kind_t kind, unsigned hours)
{
    uint64_t sum = 0;
    for (unsigned ago = 0; ago < hours; ago++) {
        sum += tlsdiag_snapshot_hour(page->snapshot, kind, ago);
    }
    return sum;
}

static uint64_t over_minutes(const tlsdiag_page_t *page, tlsdiag_series_kind_t kind, unsigned minutes)
{
    uint64_t sum = 0;
    for (unsigned ago = 0; ago < minutes; ago++) {
        sum += tlsdiag_snapshot_minute(page->snapshot, kind, ago);
    }
    return sum;
}

static outcome_t outcome_over(const tlsdiag_page_t *page, unsigned periods,
                              uint64_t (*over)(const tlsdiag_page_t *, tlsdiag_series_kind_t, unsigned))
{
    outcome_t outcome = { .succeeded = over(page, TLSDIAG_SERIES_SUCCEEDED, periods),
                          .noise = over(page, TLSDIAG_SERIES_NOISE, periods) };
    for (tlsdiag_series_kind_t kind = TLSDIAG_SERIES_SERVER; kind < TLSDIAG_SERIES_NOISE; kind++) {
        outcome.failed += over(page, kind, periods);
    }
    return outcome;
}

typedef struct tally {
    unsigned for_server, others, noise;
} tally_t;

static tally_t tally_of(const tlsdiag_page_t *page)
{
    tally_t tally = { 0 };
    for (unsigned i = 0; i < page->ranked_count; i++) {
        const tlsdiag_ranked_t *line = &page->ranked[i];
        if (line->is_noise) {
            tally.noise++;
        } else if (line->finding || line->problem.act == TLSDIAG_ACT_SERVER) {
            tally.for_server++;
        } else {
            tally.others++;
        }
    }
    return tally;
}

static void put_evidence(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const outcome_t *day)
{
    tlsdiag_html(out, "<p>In the last 24 hours ");
    tlsdiag_html_counted(out, day->succeeded, "handshake");
    tlsdiag_html(out, " completed and ");
    tlsdiag_html_count(out, day->failed);
    tlsdiag_html(out, " failed; ");
    tlsdiag_html_counted(out, day->noise, "connection");
    tlsdiag_html(out, day->noise == 1 ? " was a probe, a scanner or another protocol. "
                                      : " were probes, scanners or other protocols. ");
    tlsdiag_html_counted(out, page->vhosts_count, "TLS vhost");
    tlsdiag_html(out, page->vhosts_count == 1 ? " is" : " are");
    tlsdiag_html(out, page->inventory ? " observed and audited" : " observed");
    tlsdiag_html(out, ", counting since ");
    tlsdiag_html_time(out, tlsdiag_statistics_since_us(&page->snapshot->copy));
    tlsdiag_html(out, " UTC.</p>\n");
}

void tlsdiag_part_verdict(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    tally_t tally = tally_of(page);
    outcome_t day = outcome_over(page, HOURS_OF_DAY, over_hours);
    const char *class = tally.for_server ? "bad" : tally.others ? "fair" : "good";
    tlsdiag_html(out, "<div class=\"verdict ");
    tlsdiag_html(out, class);
    tlsdiag_html(out, "\"><p class=\"headline\">");
    if (tally.for_server) {
        tlsdiag_html_counted(out, tally.for_server, "problem");
        tlsdiag_html(out, tally.for_server == 1 ? " waits for you" : " wait for you");
        if (tally.others) {
            tlsdiag_html(out, "; ");
            tlsdiag_html_count(out, tally.others);
            tlsdiag_html(out, tally.others == 1 ? " more lies with clients or the network"
                                                : " more lie with clients or the network");
        }
        tlsdiag_html(out, ".");
    } else if (tally.others) {
        tlsdiag_html(out, "This server is fine; ");
        tlsdiag_html_counted(out, tally.others, "problem");
        tlsdiag_html(out,
                     tally.others == 1 ? " lies with clients or the network." : " lie with clients or the network.");
    } else if (day.succeeded == 0 && day.failed == 0) {
        tlsdiag_html(out, "No handshake yet, and nothing wrong with the set-up.");
    } else {
        tlsdiag_html(out, "TLS is healthy.");
    }
    tlsdiag_html(out, "</p>\n");
    put_evidence(out, page, &day);
    tlsdiag_html(out, "</div>\n");
}

static void open_tile(tlsdiag_stream_t *out, const char *name)
{
    tlsdiag_html(out, "<div><dt>");
    tlsdiag_html(out, name);
    tlsdiag_html(out, "</dt><dd>");
}

static void close_tile(tlsdiag_stream_t *out)
{
    tlsdiag_html(out, "</dd></div>\n");
}

static void small(tlsdiag_stream_t *out, const char *text)
{
    tlsdiag_html(out, " <small>");
    tlsdiag_html(out, text);
    tlsdiag_html(out, "</small>");
}

static uint64_t tls13_of(const tlsdiag_vhost_counts_t *counts)
{
    const unsigned slot = 4; /* versions are counted from SSLv3 */
    return counts->versions_full[slot] + counts->versions_resumed[slot];
}

void tlsdiag_part_tiles(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    outcome_t hour = outcome_over(page, MINUTES_OF_HOUR, over_minutes);
    open_tile(out, "Handshakes, last hour");
    tlsdiag_html_count(out, hour.succeeded + hour.failed);
    small(out, "without noise");
    close_tile(out);
    open_tile(out, "of them completed");
    tlsdiag_html_percent(out, hour.succeeded, hour.succeeded + hour.failed);
    close_tile(out);
    open_tile(out, "Clients hit, last day");
    tlsdiag_html_count(out, tlsdiag_snapshot_recent_clients_hit(page->snapshot));
    small(out, "estimate");
    close_tile(out);
    open_tile(out, "Median full handshake");
    tlsdiag_html_span(out, tlsdiag_histogram_quantile(&page->all.time_full, 500));
    close_tile(out);
    open_tile(out, "TLS 1.3");
    tlsdiag_html_percent(out, tls13_of(&page->all), page->all.succeeded);
    close_tile(out);
    open_tile(out, "In progress");
    tlsdiag_html_count(out, page->totals.in_progress);
    close_tile(out);
}

void tlsdiag_part_refresh_links(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    static const unsigned choices[] = { 0, 5, 30, 60 };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        bool chosen = view->page->query.refresh == choices[i];
        tlsdiag_html(out, chosen ? " <a aria-current=\"true\" href=\"" : " <a href=\"");
        tlsdiag_html_text(out, view->page->base);
        if (choices[i] == 0) {
            tlsdiag_html(out, "\">off</a>");
            continue;
        }
        tlsdiag_html(out, "?refresh=");
        tlsdiag_stream_write_u64(out, choices[i]);
        tlsdiag_html(out, "\">");
        tlsdiag_stream_write_u64(out, choices[i]);
        tlsdiag_html(out, " s</a>");
    }
}

/* "log_lines_written" reads as "log lines written". */
static void put_words(tlsdiag_stream_t *out, const char *name)
{
    for (; *name; name++) {
        tlsdiag_stream_write_bytes(out, *name == '_' ? " " : name, 1);
    }
}

static void put_row(tlsdiag_stream_t *out, const char *name, uint64_t count)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    put_words(out, name);
    tlsdiag_html(out, "</th><td class=\"n\">");
    tlsdiag_html_count(out, count);
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_books(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_totals_t *totals = &view->page->totals;
    put_row(out, "begun", totals->started);
    put_row(out, "completed", totals->succeeded);
    put_row(out, "failed", totals->failed);
    put_row(out, "abandoned (our own stop, killed process)", totals->abandoned);
    put_row(out, "in progress", totals->in_progress);
}

void tlsdiag_part_tallies(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    for (unsigned tally = 0; tally < TLSDIAG_TALLIES; tally++) {
        put_row(out, tlsdiag_tallies[tally].name, tlsdiag_snapshot_tally(view->page->snapshot, (tlsdiag_tally_t)tally));
    }
}

void tlsdiag_part_tables(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        tlsdiag_table_usage_t usage = tlsdiag_snapshot_table(view->page->snapshot, table);
        tlsdiag_html(out, "<tr><th scope=\"row\">");
        tlsdiag_html(out, usage.title);
        tlsdiag_html(out, "</th><td class=\"n\">");
        tlsdiag_html_count(out, usage.used);
        tlsdiag_html(out, "</td><td class=\"n\">");
        tlsdiag_html_count(out, usage.size);
        tlsdiag_html(out, "</td><td class=\"n\">");
        tlsdiag_html_count(out, usage.evictions);
        tlsdiag_html(out, "</td></tr>\n");
    }
}

void tlsdiag_part_shared_kib(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_html_count(out, view->page->host.shared_bytes / 1024);
}
