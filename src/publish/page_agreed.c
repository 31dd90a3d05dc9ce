/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "publish/chart.h"
#include "statistics/what_if.h"

enum { ROWS_MOST = 12 };

typedef struct bar_row {
    unsigned slot;
    uint64_t count;
} bar_row_t;

/* The largest counts, the largest first. Returns how many. */
static unsigned largest(bar_row_t rows[ROWS_MOST], const uint64_t *counts, unsigned slots)
{
    unsigned count = 0;
    for (unsigned slot = 0; slot < slots; slot++) {
        unsigned at = count;
        while (at > 0 && counts[slot] > rows[at - 1].count) {
            at--;
        }
        if (counts[slot] == 0 || at == ROWS_MOST) {
            continue;
        }
        count += count < ROWS_MOST;
        memmove(&rows[at + 1], &rows[at], (count - 1 - at) * sizeof *rows);
        rows[at] = (bar_row_t){ slot, counts[slot] };
    }
    return count;
}

static void put_bar_row(tlsdiag_stream_t *out, const char *name, uint64_t part, uint64_t whole)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html_text(out, name);
    tlsdiag_html(out, "</th><td class=\"barcell\">");
    tlsdiag_bar(out, part, whole);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, part);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_percent(out, part, whole);
    tlsdiag_html(out, "</td></tr>\n");
}

static void open_bars(tlsdiag_stream_t *out, const char *caption)
{
    tlsdiag_html(out, "<table class=\"bars\"><caption>");
    tlsdiag_html_text(out, caption);
    tlsdiag_html(out, "</caption><thead class=\"unseen\"><tr><th scope=\"col\">value</th><th scope=\"col\">bar</th>"
                      "<th scope=\"col\">handshakes</th><th scope=\"col\">share</th></tr></thead><tbody>\n");
}

static void close_bars(tlsdiag_stream_t *out)
{
    tlsdiag_html(out, "</tbody></table>\n");
}

static void put_bars(tlsdiag_stream_t *out, const tlsdiag_view_t *view, const char *caption, const uint64_t *counts,
                     unsigned slots, tlsdiag_labels_t labels)
{
    bar_row_t rows[ROWS_MOST + 1];
    char name[64];
    unsigned count = largest(rows, counts, slots);
    uint64_t whole = 0;
    for (unsigned slot = 0; slot < slots; slot++) {
        whole += counts[slot];
    }
    open_bars(out, caption);
    for (unsigned i = 0; i < count; i++) {
        put_bar_row(out, tlsdiag_snapshot_label(name, view->page->snapshot, labels, rows[i].slot), rows[i].count,
                    whole);
    }
    if (count == 0) {
        tlsdiag_html(out, "<tr><td colspan=\"4\" class=\"nothing\">none yet</td></tr>");
    }
    close_bars(out);
}

void tlsdiag_part_versions(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    uint64_t versions[TLSDIAG_VERSION_SLOTS];
    for (unsigned i = 0; i < TLSDIAG_VERSION_SLOTS; i++) {
        versions[i] = view->counts->versions_full[i] + view->counts->versions_resumed[i];
    }
    put_bars(out, view, "Protocol version", versions, TLSDIAG_VERSION_SLOTS, TLSDIAG_LABELS_VERSIONS);
}

void tlsdiag_part_suites(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    put_bars(out, view, "Cipher suite", view->counts->cipher_suites, TLSDIAG_SUITE_SLOTS, TLSDIAG_LABELS_SUITES);
}

void tlsdiag_part_groups(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    put_bars(out, view, "Key exchange group", view->counts->groups, TLSDIAG_GROUP_SLOTS, TLSDIAG_LABELS_GROUPS);
}

void tlsdiag_part_traits(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    open_bars(out, "Of the completed handshakes");
    for (const tlsdiag_trait_t *trait = tlsdiag_traits; trait->name; trait++) {
        put_bar_row(out, trait->title, tlsdiag_trait_count(view->counts, trait), view->counts->succeeded);
    }
    close_bars(out);
}

void tlsdiag_part_alerts(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    put_bars(out, view, "Alerts that clients sent", view->counts->alerts_received, TLSDIAG_ALERT_SLOTS,
             TLSDIAG_LABELS_ALERTS);
    put_bars(out, view, "Alerts that this server sent", view->counts->alerts_sent, TLSDIAG_ALERT_SLOTS,
             TLSDIAG_LABELS_ALERTS);
}

static void put_time_row(tlsdiag_stream_t *out, const char *title, const tlsdiag_histogram_t *histogram)
{
    static const unsigned thousandths[] = { 500, 900, 950, 990 };
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html(out, title);
    tlsdiag_html(out, "</th><td>");
    uint32_t buckets[TLSDIAG_BUCKETS];
    for (unsigned i = 0; i < TLSDIAG_BUCKETS; i++) {
        buckets[i] = histogram->buckets[i] < UINT32_MAX ? (uint32_t)histogram->buckets[i] : UINT32_MAX;
    }
    tlsdiag_sparkline_write(out, buckets, TLSDIAG_BUCKETS, "distribution from 0.5 ms to more than 10 s");
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, histogram->count);
    for (size_t i = 0; i < sizeof thousandths / sizeof *thousandths; i++) {
        tlsdiag_html(out, "</td><td class=\"n\">");
        if (histogram->count > 0) {
            tlsdiag_html_span(out, tlsdiag_histogram_quantile(histogram, thousandths[i]));
        } else {
            tlsdiag_html(out, "-");
        }
    }
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_times(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    for (const tlsdiag_time_row_t *row = tlsdiag_times; row->name; row++) {
        put_time_row(out, row->title, tlsdiag_time_of(view->counts, row));
    }
}

static void put_what_if_row(tlsdiag_stream_t *out, const tlsdiag_what_if_t *question,
                            const tlsdiag_what_if_answer_t *answer)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html(out, question->title);
    if (question->directive) {
        tlsdiag_html(out, "<br><code>");
        tlsdiag_html_text(out, question->directive);
        tlsdiag_html(out, "</code>");
    }
    tlsdiag_html(out, "</th>");
    if (answer->asked == 0) {
        tlsdiag_html(out, "<td colspan=\"4\" class=\"nothing\">it is so already, or nobody came yet</td></tr>\n");
        return;
    }
    tlsdiag_html(out, "<td class=\"barcell\">");
    tlsdiag_bar(out, answer->would_fail, answer->asked);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, answer->would_fail);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_percent(out, answer->would_fail, answer->asked);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, answer->clients);
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_what_if(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        put_what_if_row(out, &tlsdiag_what_ifs[i], &view->counts->what_if[i]);
    }
}
