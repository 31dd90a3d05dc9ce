/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "publish/json_stream.h"
#include "publish/page_json_parts.h"
#include "statistics/what_if.h"

enum { ENTRIES_MOST = 200 };

static void put_family(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_vhost_counts_t *counts,
                       const tlsdiag_family_t *family)
{
    const uint64_t *slots = tlsdiag_family_counts(counts, family);
    char name[64];
    tlsdiag_json_begin(out, family->name, '{');
    for (unsigned slot = 0; slot < family->slots; slot++) {
        if (slots[slot] > 0) {
            tlsdiag_json_put_u64(out, tlsdiag_snapshot_label(name, page->snapshot, family->labels, slot), slots[slot]);
        }
    }
    tlsdiag_json_end(out, '}');
}

static void put_time(tlsdiag_stream_t *out, const tlsdiag_vhost_counts_t *counts, const tlsdiag_time_row_t *row)
{
    const tlsdiag_histogram_t *histogram = tlsdiag_time_of(counts, row);
    tlsdiag_json_begin(out, row->name, '{');
    tlsdiag_json_put_u64(out, "count", histogram->count);
    tlsdiag_json_put_u64(out, "sum_us", histogram->sum_us);
    tlsdiag_json_put_u64(out, "p50_us", tlsdiag_histogram_quantile(histogram, 500));
    tlsdiag_json_put_u64(out, "p90_us", tlsdiag_histogram_quantile(histogram, 900));
    tlsdiag_json_put_u64(out, "p95_us", tlsdiag_histogram_quantile(histogram, 950));
    tlsdiag_json_put_u64(out, "p99_us", tlsdiag_histogram_quantile(histogram, 990));
    tlsdiag_json_begin(out, "buckets", '{');
    for (unsigned i = 0; i < TLSDIAG_BUCKETS; i++) {
        tlsdiag_json_put_u64(out, tlsdiag_bucket_bounds_text[i], histogram->buckets[i]);
    }
    tlsdiag_json_end(out, '}');
    tlsdiag_json_end(out, '}');
}

static void put_what_ifs(tlsdiag_stream_t *out, const tlsdiag_vhost_counts_t *counts)
{
    tlsdiag_json_begin(out, "what_if", '{');
    for (unsigned i = 0; i < TLSDIAG_WHAT_IFS; i++) {
        if (counts->what_if[i].asked > 0) {
            tlsdiag_json_begin(out, tlsdiag_what_ifs[i].id, '{');
            tlsdiag_json_put_u64(out, "asked", counts->what_if[i].asked);
            tlsdiag_json_put_u64(out, "would_fail", counts->what_if[i].would_fail);
            tlsdiag_json_put_u64(out, "clients", counts->what_if[i].clients);
            tlsdiag_json_end(out, '}');
        }
    }
    tlsdiag_json_end(out, '}');
}

void tlsdiag_counts_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_vhost_counts_t *counts)
{
    tlsdiag_json_put_u64(out, "succeeded", counts->succeeded);
    tlsdiag_json_put_u64(out, "failed", counts->failed);
    tlsdiag_json_put_u64(out, "abandoned", counts->abandoned);
    tlsdiag_json_put_u64(out, "clients", counts->clients);
    for (const tlsdiag_family_t *family = tlsdiag_families; family->name; family++) {
        put_family(out, page, counts, family);
    }
    tlsdiag_json_begin(out, "traits", '{');
    for (const tlsdiag_trait_t *trait = tlsdiag_traits; trait->name; trait++) {
        tlsdiag_json_put_u64(out, trait->name, tlsdiag_trait_count(counts, trait));
    }
    tlsdiag_json_end(out, '}');
    tlsdiag_json_begin(out, "time", '{');
    for (const tlsdiag_time_row_t *row = tlsdiag_times; row->name; row++) {
        put_time(out, counts, row);
    }
    tlsdiag_json_end(out, '}');
    put_what_ifs(out, counts);
}

static void put_host(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_json_put_u64(out, "schema", TLSDIAG_PAGE_SCHEMA);
    tlsdiag_json_put_time(out, "generated", page->snapshot->now_us);
    tlsdiag_json_put_time(out, "since", tlsdiag_statistics_since_us(&page->snapshot->copy));
    tlsdiag_json_begin(out, "host", '{');
    tlsdiag_json_put_text(out, "name", page->host.hostname);
    tlsdiag_json_put_text(out, "mod_tlsdiag", TLSDIAG_VERSION);
    tlsdiag_json_put_text(out, "httpd", page->host.httpd_version);
    tlsdiag_json_put_text(out, "openssl", page->host.openssl_version);
    tlsdiag_json_put_time(out, "started", page->host.started_us);
    tlsdiag_json_put_u64(out, "shared_bytes", page->host.shared_bytes);
    tlsdiag_json_end(out, '}');
}

static void put_books(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_json_begin(out, "handshakes", '{');
    tlsdiag_json_put_u64(out, "started", page->totals.started);
    tlsdiag_json_put_u64(out, "succeeded", page->totals.succeeded);
    tlsdiag_json_put_u64(out, "failed", page->totals.failed);
    tlsdiag_json_put_u64(out, "abandoned", page->totals.abandoned);
    tlsdiag_json_put_u64(out, "in_progress", page->totals.in_progress);
    tlsdiag_json_put_u64(out, "clients_hit_last_day", tlsdiag_snapshot_recent_clients_hit(page->snapshot));
    tlsdiag_json_end(out, '}');
    tlsdiag_json_begin(out, "counters", '{');
    for (unsigned event = 0; event < TLSDIAG_TALLIES; event++) {
        tlsdiag_json_put_u64(out, tlsdiag_tallies[event].name,
                             tlsdiag_snapshot_tally(page->snapshot, (tlsdiag_tally_t)event));
    }
    tlsdiag_json_end(out, '}');
    tlsdiag_json_begin(out, "tables", '{');
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        tlsdiag_table_usage_t usage = tlsdiag_snapshot_table(page->snapshot, table);
        tlsdiag_json_begin(out, usage.name, '{');
        tlsdiag_json_put_u64(out, "used", usage.used);
        tlsdiag_json_put_u64(out, "size", usage.size);
        tlsdiag_json_put_u64(out, "evictions", usage.evictions);
        tlsdiag_json_end(out, '}');
    }
    tlsdiag_json_end(out, '}');
}

static void put_series(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const char *name, unsigned periods,
                       uint64_t (*count)(const tlsdiag_snapshot_t *, tlsdiag_series_kind_t, unsigned))
{
    static const char *const kinds[] = {
        [TLSDIAG_SERIES_SUCCEEDED] = "succeeded", [TLSDIAG_SERIES_SERVER] = "server",
        [TLSDIAG_SERIES_CLIENT] = "client",       [TLSDIAG_SERIES_NETWORK] = "network",
        [TLSDIAG_SERIES_OTHER] = "other",         [TLSDIAG_SERIES_NOISE] = "noise",
    };
    tlsdiag_json_begin(out, name, '{');
    for (tlsdiag_series_kind_t kind = 0; kind < TLSDIAG_SERIES_COUNT; kind++) {
        tlsdiag_json_begin(out, kinds[kind], '[');
        for (unsigned ago = 0; ago < periods; ago++) {
            tlsdiag_json_put_u64(out, NULL, count(page->snapshot, kind, ago));
        }
        tlsdiag_json_end(out, ']');
    }
    tlsdiag_json_end(out, '}');
}

static void put_vhosts(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_json_begin(out, "vhosts", '[');
    for (unsigned slot = 0; slot < tlsdiag_snapshot_vhosts(page->snapshot); slot++) {
        tlsdiag_vhost_counts_t counts;
        tlsdiag_snapshot_vhost(&counts, page->snapshot, slot);
        bool configured = tlsdiag_page_posture(page, slot) != NULL;
        if (counts.name[0] && (configured || counts.succeeded + counts.failed + counts.abandoned > 0)) {
            tlsdiag_json_begin(out, NULL, '{');
            tlsdiag_json_put_client(out, "name", tlsdiag_bytes(counts.name, strlen(counts.name)));
            tlsdiag_json_put_bool(out, "configured", configured);
            tlsdiag_counts_json(out, page, &counts);
            tlsdiag_posture_json(out, tlsdiag_page_posture(page, slot));
            tlsdiag_json_end(out, '}');
        }
    }
    tlsdiag_json_end(out, ']');
}

static void put_entries(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const char *name, tlsdiag_table_kind_t table,
                        void (*put)(tlsdiag_stream_t *, const tlsdiag_page_t *, uint32_t number))
{
    uint32_t numbers[ENTRIES_MOST];
    unsigned count = tlsdiag_snapshot_top(numbers, ENTRIES_MOST, page->snapshot, table);
    tlsdiag_json_begin(out, name, '[');
    for (unsigned i = 0; i < count; i++) {
        put(out, page, numbers[i]);
    }
    tlsdiag_json_end(out, ']');
}

/* The object is closed without the comma that tlsdiag_json_end writes: there is nothing around it. */
static void close_object(tlsdiag_stream_t *out)
{
    tlsdiag_writer_t *text = tlsdiag_stream_room(out, 2);
    tlsdiag_json_close(text, '}');
    tlsdiag_write_literal(text, "\n");
}

void tlsdiag_page_json_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_json_begin(out, NULL, '{');
    put_host(out, page);
    put_books(out, page);
    tlsdiag_problems_json(out, page);
    tlsdiag_json_begin(out, "all", '{');
    tlsdiag_counts_json(out, page, &page->all);
    tlsdiag_json_end(out, '}');
    put_series(out, page, "minutes_ago", TLSDIAG_MINUTES, tlsdiag_snapshot_minute);
    put_series(out, page, "hours_ago", TLSDIAG_HOURS, tlsdiag_snapshot_hour);
    put_vhosts(out, page);
    put_entries(out, page, "fingerprints", TLSDIAG_TABLE_fingerprints, tlsdiag_fingerprint_json);
    put_entries(out, page, "networks", TLSDIAG_TABLE_networks, tlsdiag_network_json);
    put_entries(out, page, "names_not_covered", TLSDIAG_TABLE_names, tlsdiag_name_json);
    tlsdiag_findings_json(out, page);
    close_object(out);
}
