/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "pki/key.h"

/*
 * Prometheus text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats) and OpenMetrics 1.0 differ in three
 * places: a counter's family has no "_total" there, its unit would have a line of its own, and the end is marked.
 *
 * Labels come from tables of ours, from the configuration and from code points that this server chose: bounded, never an
 * address, a server name that a client sent, or a fingerprint.
 */

enum { VHOSTS_LABELLED = 100, VALUE_BYTES = 128 };

typedef struct metrics {
    tlsdiag_stream_t *out;
    const tlsdiag_page_t *page;
    bool openmetrics;
} metrics_t;

/* # HELP and # TYPE of a family; name is the one of its samples. */
static void open_family(const metrics_t *metrics, const char *name, const char *type, const char *help)
{
    size_t length = strlen(name);
    if (metrics->openmetrics && strcmp(type, "counter") == 0) {
        length -= strlen("_total");
    }
    tlsdiag_stream_write(metrics->out, "# HELP ");
    tlsdiag_stream_write_bytes(metrics->out, name, length);
    tlsdiag_stream_write(metrics->out, " ");
    tlsdiag_stream_write(metrics->out, help);
    tlsdiag_stream_write(metrics->out, "\n# TYPE ");
    tlsdiag_stream_write_bytes(metrics->out, name, length);
    tlsdiag_stream_write(metrics->out, " ");
    tlsdiag_stream_write(metrics->out, type);
    tlsdiag_stream_write(metrics->out, "\n");
}

static void open_sample(const metrics_t *metrics, const char *name)
{
    tlsdiag_stream_write(metrics->out, name);
}

/* A label's value: printable ASCII, at most 128 bytes; \ and " escaped, anything else that comes becomes \\xHH. */
static void put_label(const metrics_t *metrics, const char *before, const char *name, const char *value)
{
    tlsdiag_writer_t *text = tlsdiag_stream_room(metrics->out, 6 * VALUE_BYTES);
    tlsdiag_write(text, before);
    tlsdiag_write(text, name);
    tlsdiag_write(text, "=\"");
    for (size_t i = 0; i < VALUE_BYTES && value[i]; i++) {
        uint8_t byte = (uint8_t)value[i];
        if (byte == '"' || byte == '\\') {
            tlsdiag_write_char(text, '\\');
            tlsdiag_write_char(text, (char)byte);
        } else if (byte >= 0x20 && byte <= 0x7e) {
            tlsdiag_write_char(text, (char)byte);
        } else {
            tlsdiag_write(text, "\\\\x");
            tlsdiag_write_hex(text, byte, 2);
        }
    }
    tlsdiag_write(text, "\"");
}

static void put_value(const metrics_t *metrics, const char *after_labels, uint64_t value)
{
    tlsdiag_stream_write(metrics->out, after_labels);
    tlsdiag_stream_write(metrics->out, " ");
    tlsdiag_stream_write_u64(metrics->out, value);
    tlsdiag_stream_write(metrics->out, "\n");
}

/* Microseconds as seconds: 1500000 is 1.5. */
static void put_seconds(const metrics_t *metrics, const char *after_labels, uint64_t us)
{
    tlsdiag_stream_write(metrics->out, after_labels);
    tlsdiag_stream_write(metrics->out, " ");
    tlsdiag_stream_write_u64(metrics->out, us / 1000000);
    if (us % 1000000 != 0) {
        char digits[7];
        uint64_t rest = us % 1000000;
        for (int i = 5; i >= 0; i--, rest /= 10) {
            digits[i] = (char)('0' + rest % 10);
        }
        tlsdiag_stream_write(metrics->out, ".");
        tlsdiag_stream_write_bytes(metrics->out, digits, 6);
    }
    tlsdiag_stream_write(metrics->out, "\n");
}

static void put_plain(const metrics_t *metrics, const char *name, const char *type, const char *help, uint64_t value)
{
    open_family(metrics, name, type, help);
    open_sample(metrics, name);
    put_value(metrics, "", value);
}

static void put_build(const metrics_t *metrics)
{
    open_family(metrics, "tlsdiag_build_info", "gauge", "Versions of mod_tlsdiag, httpd and OpenSSL; always 1.");
    open_sample(metrics, "tlsdiag_build_info");
    put_label(metrics, "{", "version", TLSDIAG_VERSION);
    put_label(metrics, ",", "httpd", metrics->page->host.httpd_version);
    put_label(metrics, ",", "openssl", metrics->page->host.openssl_version);
    put_value(metrics, "}", 1);
    open_family(metrics, "tlsdiag_start_time_seconds", "gauge",
                "When counting began, in seconds since 1970; graceful restarts do not change it.");
    open_sample(metrics, "tlsdiag_start_time_seconds");
    put_seconds(metrics, "", (uint64_t)tlsdiag_statistics_since_us(&metrics->page->snapshot->copy));
}

static void put_result(const metrics_t *metrics, const char *vhost, const char *result, uint64_t count)
{
    open_sample(metrics, "tlsdiag_handshakes_total");
    put_label(metrics, "{", "vhost", vhost);
    put_label(metrics, ",", "result", result);
    put_value(metrics, "}", count);
}

static void put_results(const metrics_t *metrics, const char *vhost, const tlsdiag_vhost_counts_t *counts)
{
    put_result(metrics, vhost, "ok", counts->succeeded);
    put_result(metrics, vhost, "fail", counts->failed);
    put_result(metrics, vhost, "abandoned", counts->abandoned);
}

/* The first vhosts by name, the rest together: slot 0 is the segment's own "_other". */
static void put_handshakes(const metrics_t *metrics)
{
    tlsdiag_vhost_counts_t counts, others = { 0 };
    open_family(metrics, "tlsdiag_handshakes_total", "counter", "Handshakes by vhost and result.");
    unsigned labelled = 0;
    for (unsigned slot = 0; slot < tlsdiag_snapshot_vhosts(metrics->page->snapshot); slot++) {
        tlsdiag_snapshot_vhost(&counts, metrics->page->snapshot, slot);
        if (slot > 0 && counts.name[0] && labelled < VHOSTS_LABELLED) {
            put_results(metrics, counts.name, &counts);
            labelled++;
        } else {
            others.succeeded += counts.succeeded;
            others.failed += counts.failed;
            others.abandoned += counts.abandoned;
        }
    }
    put_results(metrics, "_other", &others);
    put_plain(metrics, "tlsdiag_handshakes_in_progress", "gauge", "Handshakes that have begun and not ended.",
              metrics->page->totals.in_progress);
}

static void put_slot(const metrics_t *metrics, const tlsdiag_family_t *family, unsigned slot, uint64_t count)
{
    char name[64];
    const char *label = tlsdiag_snapshot_label(name, metrics->page->snapshot, family->labels, slot);
    open_sample(metrics, family->metric);
    tlsdiag_stream_write(metrics->out, "{");
    tlsdiag_stream_write(metrics->out, family->fixed_label);
    put_label(metrics, "", family->label, label);
    if (family->labels == TLSDIAG_LABELS_CAUSES) {
        int rule = tlsdiag_snapshot_rule(metrics->page->snapshot, slot);
        put_label(metrics, ",", "side", rule < 0 ? "either" : tlsdiag_act_name(tlsdiag_rule_act((uint16_t)rule)));
    }
    put_value(metrics, "}", count);
}

/* Causes are all there from the start, so that an alert on a new one sees it rise from 0; of others what was seen. */
static bool is_shown(const metrics_t *metrics, const tlsdiag_family_t *family, unsigned slot, uint64_t count)
{
    int rule = strcmp(family->name, "failures") == 0 ? tlsdiag_snapshot_rule(metrics->page->snapshot, slot) : -1;
    bool from_start = rule >= 0 && strcmp(tlsdiag_rule_id((uint16_t)rule), "ok") != 0;
    return count > 0 || from_start || family->labels == TLSDIAG_LABELS_VERSIONS;
}

static void put_family(const metrics_t *metrics, const tlsdiag_family_t *family, bool is_first)
{
    const uint64_t *counts = tlsdiag_family_counts(&metrics->page->all, family);
    if (is_first) {
        open_family(metrics, family->metric, "counter", family->help);
    }
    for (unsigned slot = 0; slot < family->slots; slot++) {
        if (is_shown(metrics, family, slot, counts[slot])) {
            put_slot(metrics, family, slot, counts[slot]);
        }
    }
}

/* Rows of one metric stand together in counters.inc, as the format wants its samples. */
static void put_families(const metrics_t *metrics)
{
    const char *last = "";
    for (const tlsdiag_family_t *family = tlsdiag_families; family->name; family++) {
        put_family(metrics, family, strcmp(family->metric, last) != 0);
        last = family->metric;
    }
}

static void put_traits(const metrics_t *metrics)
{
    open_family(metrics, "tlsdiag_handshake_traits_total", "counter", "Completed handshakes that have a trait.");
    for (const tlsdiag_trait_t *trait = tlsdiag_traits; trait->name; trait++) {
        open_sample(metrics, "tlsdiag_handshake_traits_total");
        put_label(metrics, "{", "trait", trait->name);
        put_value(metrics, "}", tlsdiag_trait_count(&metrics->page->all, trait));
    }
}

static void put_histogram(const metrics_t *metrics, const char *result, const tlsdiag_histogram_t *histogram)
{
    uint64_t below = 0;
    for (unsigned i = 0; i < TLSDIAG_BUCKETS; i++) {
        below += histogram->buckets[i];
        open_sample(metrics, "tlsdiag_handshake_duration_seconds_bucket");
        put_label(metrics, "{", "result", result);
        put_label(metrics, ",", "le", tlsdiag_bucket_bounds_text[i]);
        put_value(metrics, "}", below);
    }
    open_sample(metrics, "tlsdiag_handshake_duration_seconds_sum");
    put_label(metrics, "{", "result", result);
    put_seconds(metrics, "}", histogram->sum_us);
    open_sample(metrics, "tlsdiag_handshake_duration_seconds_count");
    put_label(metrics, "{", "result", result);
    put_value(metrics, "}", below);
}

static void put_times(const metrics_t *metrics)
{
    open_family(metrics, "tlsdiag_handshake_duration_seconds", "histogram",
                "Time from the accepted connection until the outcome was known, by result.");
    for (const tlsdiag_time_row_t *row = tlsdiag_times; row->name; row++) {
        put_histogram(metrics, row->name, tlsdiag_time_of(&metrics->page->all, row));
    }
}

static void put_events(const metrics_t *metrics)
{
    const char *last = "";
    for (unsigned event = 0; event < TLSDIAG_TALLIES; event++) {
        const tlsdiag_tally_row_t *row = &tlsdiag_tallies[event];
        if (strcmp(row->metric, last) != 0) {
            open_family(metrics, row->metric, "counter", row->help);
        }
        last = row->metric;
        open_sample(metrics, row->metric);
        if (row->labels[0]) {
            tlsdiag_stream_write(metrics->out, "{");
            tlsdiag_stream_write(metrics->out, row->labels);
        }
        put_value(metrics, row->labels[0] ? "}" : "",
                  tlsdiag_snapshot_tally(metrics->page->snapshot, (tlsdiag_tally_t)event));
    }
}

static void put_table_family(const metrics_t *metrics, const char *name, const char *type, const char *help,
                             uint64_t (*value)(const tlsdiag_table_usage_t *))
{
    open_family(metrics, name, type, help);
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        tlsdiag_table_usage_t usage = tlsdiag_snapshot_table(metrics->page->snapshot, table);
        open_sample(metrics, name);
        put_label(metrics, "{", "table", usage.name);
        put_value(metrics, "}", value(&usage));
    }
}

static uint64_t used(const tlsdiag_table_usage_t *usage)
{
    return usage->used;
}

static uint64_t size(const tlsdiag_table_usage_t *usage)
{
    return usage->size;
}

static uint64_t evictions(const tlsdiag_table_usage_t *usage)
{
    return usage->evictions;
}

static void put_tables(const metrics_t *metrics)
{
    put_table_family(metrics, "tlsdiag_table_used", "gauge", "Entries in use of a bounded table.", used);
    put_table_family(metrics, "tlsdiag_table_size", "gauge", "Entries that a bounded table can hold.", size);
    put_table_family(metrics, "tlsdiag_table_evictions_total", "counter", "Entries pushed out of a bounded table.",
                     evictions);
    put_plain(metrics, "tlsdiag_shm_bytes", "gauge", "Shared memory of the statistics.",
              metrics->page->host.shared_bytes);
}

/* Two vhosts may have one name: a series must be there once only, so the one of the first vhost is. */
static bool came_before(const tlsdiag_page_t *page, uint16_t vhost, tlsdiag_key_type_t type)
{
    for (uint16_t earlier = 0; earlier < vhost; earlier++) {
        const tlsdiag_posture_t *posture = page->vhosts[earlier].posture;
        if (strcmp(posture->name, page->vhosts[vhost].posture->name) != 0) {
            continue;
        }
        for (unsigned i = 0; i < posture->chains_count; i++) {
            if (posture->chains[i].count > 0 && posture->chains[i].certificates[0].key_type == type) {
                return true;
            }
        }
    }
    return false;
}

static void put_certificate(const metrics_t *metrics, uint16_t vhost, const tlsdiag_certificate_t *leaf)
{
    if (came_before(metrics->page, vhost, leaf->key_type)) {
        return;
    }
    open_sample(metrics, "tlsdiag_certificate_not_after_timestamp_seconds");
    put_label(metrics, "{", "vhost", metrics->page->vhosts[vhost].posture->name);
    put_label(metrics, ",", "key_type", tlsdiag_key_type_name(leaf->key_type));
    put_value(metrics, "}", leaf->not_after > 0 ? (uint64_t)leaf->not_after : 0);
}

static void put_certificates(const metrics_t *metrics)
{
    open_family(metrics, "tlsdiag_certificate_not_after_timestamp_seconds", "gauge",
                "When a vhost's own certificate expires, in seconds since 1970.");
    for (uint16_t vhost = 0; vhost < metrics->page->vhosts_count && vhost < VHOSTS_LABELLED; vhost++) {
        const tlsdiag_posture_t *posture = metrics->page->vhosts[vhost].posture;
        for (unsigned chain = 0; chain < posture->chains_count; chain++) {
            if (posture->chains[chain].count > 0) {
                put_certificate(metrics, vhost, &posture->chains[chain].certificates[0]);
            }
        }
    }
}

static void put_findings(const metrics_t *metrics)
{
    open_family(metrics, "tlsdiag_findings", "gauge", "What the audit of the set-up found, without what is silenced.");
    for (unsigned severity = 0; severity < TLSDIAG_SEVERITIES; severity++) {
        uint64_t count = 0;
        for (size_t i = 0; i < metrics->page->findings_count; i++) {
            const tlsdiag_finding_t *finding = &metrics->page->findings[i];
            count += !finding->silenced && (unsigned)finding->severity == severity;
        }
        open_sample(metrics, "tlsdiag_findings");
        put_label(metrics, "{", "severity", tlsdiag_severity_name((tlsdiag_severity_t)severity));
        put_value(metrics, "}", count);
    }
}

void tlsdiag_page_metrics_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, bool openmetrics)
{
    metrics_t metrics = { out, page, openmetrics };
    put_build(&metrics);
    put_handshakes(&metrics);
    put_families(&metrics);
    put_traits(&metrics);
    put_times(&metrics);
    put_events(&metrics);
    put_tables(&metrics);
    put_certificates(&metrics);
    put_findings(&metrics);
    if (openmetrics) {
        tlsdiag_stream_write(out, "# EOF\n");
    }
}
