/* SPDX-License-Identifier: Apache-2.0 */
/**
 * page.h knows what all forms of the status page (HTML, JSON, metrics) are made from, and who writes which.
 * It refuses to know how the page was asked for, and by whom.
 *
 * Everything is the caller's and is only read; nothing is allocated. Writing goes out in pieces (stream.h), so a page of any
 * size costs a buffer.
 */
#ifndef TLSDIAG_PUBLISH_PAGE_H
#define TLSDIAG_PUBLISH_PAGE_H

#include "audit/findings.h"
#include "publish/mask.h"
#include "publish/query.h"
#include "publish/stream.h"
#include "statistics/snapshot.h"

/** A vhost of the configuration that is running now. */
typedef struct tlsdiag_page_vhost {
    const tlsdiag_posture_t *posture;
    uint16_t slot; /**< of its statistics, tlsdiag_statistics_vhost() */
} tlsdiag_page_vhost_t;

/** Who is asked. Texts may come from the configuration; they are escaped. */
typedef struct tlsdiag_page_host {
    const char *hostname;
    const char *httpd_version;   /**< "2.4.71" */
    const char *openssl_version; /**< "OpenSSL 3.0.22 ..." */
    int64_t started_us;          /**< this httpd; wall clock */
    uint64_t shared_bytes;       /**< of the segment */
} tlsdiag_page_host_t;

enum { TLSDIAG_RANKED_MOST = 64, TLSDIAG_NO_EXAMPLE = 0x7fffffff };

/** One line of the list of problems: a cause on a vhost, or what the audit found. */
typedef struct tlsdiag_ranked {
    const tlsdiag_finding_t *finding; /**< NULL: it is about handshakes */
    uint16_t vhosts;                  /**< finding: on how many vhosts; the first one is finding's */
    tlsdiag_problem_t problem;        /**< when finding is NULL */
    bool is_noise;                    /**< stands below all that is not: probes, what is over, notices */
    uint64_t people;                  /**< clients hit, lately (estimate) */
    uint64_t handshakes;              /**< of the last 24 hours */
    uint32_t example;                 /**< age of its newest record that is kept whole, for tlsdiag_snapshot_failure */
} tlsdiag_ranked_t;

/** What a page shows. The first part is the caller's, the second is worked out by tlsdiag_page_prepare. */
typedef struct tlsdiag_page {
    const tlsdiag_snapshot_t *snapshot;
    const tlsdiag_page_vhost_t *vhosts;
    uint16_t vhosts_count;
    const tlsdiag_finding_t *findings;
    size_t findings_count;
    const tlsdiag_inventory_t *inventory; /**< what the audit looked at last; NULL: none yet */
    tlsdiag_page_host_t host;
    tlsdiag_mask_t mask; /**< of client addresses */
    tlsdiag_query_t query;
    const char *base; /**< URL path of the page, "/tlsdiag-status" */

    tlsdiag_totals_t totals;
    tlsdiag_vhost_counts_t all;                   /**< all vhosts together */
    tlsdiag_ranked_t ranked[TLSDIAG_RANKED_MOST]; /**< first what matters most */
    uint16_t ranked_count;
    uint32_t ranked_left_out; /**< noise that found no place */
} tlsdiag_page_t;

/** Work out what several parts of a page need. To be called once, before any of the writers. */
void tlsdiag_page_prepare(tlsdiag_page_t *page);

/* ---- for people: text/html, UTF-8 (ASCII in fact) ---- */

void tlsdiag_page_overview_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page);
/** A vhost's own page. Shape: vhost is below vhosts_count. */
void tlsdiag_page_vhost_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint16_t vhost);
/** A record's own page. */
void tlsdiag_page_record_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_brief_t *record);

/* ---- for machines ---- */

enum { TLSDIAG_PAGE_SCHEMA = 1 }; /**< raised when a name or a meaning changes; additions do not count */

/** The whole snapshot as one JSON object. */
void tlsdiag_page_json_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page);
/** Records that the query lets through, newest first, one JSON object a line. Successes are told in brief. */
void tlsdiag_page_records_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page);
/** One record as a JSON object: whole if it was kept whole. */
void tlsdiag_page_record_json_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_brief_t *record);
/** Prometheus text format 0.0.4, or OpenMetrics 1.0. */
void tlsdiag_page_metrics_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, bool openmetrics);

/** The record with that event.id; false: it is not among those kept. */
bool tlsdiag_page_find(tlsdiag_brief_t *record, const tlsdiag_page_t *page, const char *event_id);
/** Does the query let it through? */
bool tlsdiag_page_wants(const tlsdiag_page_t *page, const tlsdiag_brief_t *record);

/** A file of the page: style sheet, script. */
typedef struct tlsdiag_asset {
    const char *name; /**< "status.css" */
    const char *content_type;
    const char *bytes;
    size_t length;
    const char *version; /**< a hash of its bytes: ETag and ?v= */
} tlsdiag_asset_t;

/** The asset of that name; NULL: there is none. */
const tlsdiag_asset_t *tlsdiag_asset_find(const char *name);

#endif
