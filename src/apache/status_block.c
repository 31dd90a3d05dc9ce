/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/status_block.h"

#include "apr_time.h"
#include "http_protocol.h"
#include "mod_status.h"
#include "util_script.h"

#include "apache/config.h"
#include "apache/shared.h"
#include "statistics/snapshot.h"

enum { CAUSES_SHOWN = 5, HOURS_OF_DAY = 24 };

typedef struct summary {
    tlsdiag_totals_t totals;
    apr_uint64_t succeeded_last_day, failed_last_day;
} summary_t;

static summary_t summarize(const tlsdiag_snapshot_t *now)
{
    summary_t summary = { .totals = tlsdiag_snapshot_totals(now) };

    for (unsigned ago = 0; ago < HOURS_OF_DAY; ago++) {
        summary.succeeded_last_day += tlsdiag_snapshot_hour(now, TLSDIAG_SERIES_SUCCEEDED, ago);
        for (tlsdiag_series_kind_t kind = TLSDIAG_SERIES_SERVER; kind < TLSDIAG_SERIES_COUNT; kind++) {
            summary.failed_last_day += tlsdiag_snapshot_hour(now, kind, ago);
        }
    }
    return summary;
}

/* mod_status' grammar for programs: "Key: value" lines. */
static void put_lines(request_rec *r, const summary_t *summary)
{
    const struct {
        const char *key;
        apr_uint64_t value;
    } lines[] = {
        { "TLSDiagHandshakesStarted", summary->totals.started },
        { "TLSDiagHandshakesSucceeded", summary->totals.succeeded },
        { "TLSDiagHandshakesFailed", summary->totals.failed },
        { "TLSDiagHandshakesAbandoned", summary->totals.abandoned },
        { "TLSDiagHandshakesInProgress", summary->totals.in_progress },
        { "TLSDiagSucceededLastDay", summary->succeeded_last_day },
        { "TLSDiagFailedLastDay", summary->failed_last_day },
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ap_rprintf(r, "%s: %" APR_UINT64_T_FMT "\n", lines[i].key, lines[i].value);
    }
}

static unsigned largest_below(const apr_uint64_t *counts, apr_uint64_t below, unsigned after)
{
    unsigned best = TLSDIAG_CAUSE_SLOTS;

    for (unsigned slot = 0; slot < TLSDIAG_CAUSE_SLOTS; slot++) {
        bool later = counts[slot] < below || (counts[slot] == below && slot > after);
        if (counts[slot] > 0 && later && (best == TLSDIAG_CAUSE_SLOTS || counts[slot] > counts[best])) {
            best = slot;
        }
    }
    return best;
}

static void put_causes(request_rec *r, const tlsdiag_snapshot_t *now, const tlsdiag_vhost_counts_t *all)
{
    char name[64];
    apr_uint64_t below = UINT64_MAX;
    unsigned slot = 0;

    for (int i = 0; i < CAUSES_SHOWN; i++) {
        slot = largest_below(all->failures, below, slot);
        if (slot == TLSDIAG_CAUSE_SLOTS) {
            return;
        }
        below = all->failures[slot];
        const char *cause = tlsdiag_snapshot_label(name, now, TLSDIAG_LABELS_CAUSES, slot);
        ap_rprintf(r, "<tr><td>%s</td><td>%" APR_UINT64_T_FMT "</td></tr>\n", ap_escape_html(r->pool, cause), below);
    }
}

static void put_html(request_rec *r, const tlsdiag_snapshot_t *now, const summary_t *summary)
{
    tlsdiag_vhost_counts_t *all = apr_palloc(r->pool, sizeof *all);

    tlsdiag_snapshot_all_vhosts(all, now);
    ap_rprintf(r,
               "<hr />\n<h2>TLS handshakes (mod_tlsdiag)</h2>\n"
               "<p>%" APR_UINT64_T_FMT " begun: %" APR_UINT64_T_FMT " completed, %" APR_UINT64_T_FMT
               " failed, %" APR_UINT64_T_FMT " abandoned, %" APR_UINT64_T_FMT " in progress.<br />\n"
               "Last day: %" APR_UINT64_T_FMT " completed, %" APR_UINT64_T_FMT " failed.</p>\n",
               summary->totals.started, summary->totals.succeeded, summary->totals.failed, summary->totals.abandoned,
               summary->totals.in_progress, summary->succeeded_last_day, summary->failed_last_day);
    ap_rputs("<table border=\"0\"><tr><th>Cause</th><th>Failures</th></tr>\n", r);
    put_causes(r, now, all);
    ap_rputs("</table>\n", r);
}

int tlsdiag_status_block(request_rec *r, int flags)
{
    const tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (!statistics || tlsdiag_main_config()->status_block == 0) {
        return OK;
    }
    tlsdiag_snapshot_t now = tlsdiag_snapshot_live(statistics, apr_time_now());
    summary_t summary = summarize(&now);
    if (flags & AP_STATUS_SHORT) {
        put_lines(r, &summary);
    } else {
        put_html(r, &now, &summary);
    }
    return OK;
}
