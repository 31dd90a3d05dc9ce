/* SPDX-License-Identifier: Apache-2.0 */
/**
 * page_parts.h knows the parts that HTML pages are put together from. The text around them stands in assets/, where
 * {{name}} marks the place of a part; the table of names is in page_html.c. It refuses to be used outside the page.
 */
#ifndef TLSDIAG_PUBLISH_PAGE_PARTS_H
#define TLSDIAG_PUBLISH_PAGE_PARTS_H

#include "publish/html.h"
#include "publish/page.h"

/** What one HTML page is about. */
typedef struct tlsdiag_view {
    const tlsdiag_page_t *page;
    const char *content;                  /**< name of the asset with its text */
    uint16_t vhost;                       /**< a vhost's page: index into page->vhosts */
    const tlsdiag_vhost_counts_t *counts; /**< a vhost's page: its numbers; else those of all */
    const tlsdiag_brief_t *record;        /**< a record's page; else NULL */
} tlsdiag_view_t;

typedef void tlsdiag_part_t(tlsdiag_stream_t *out, const tlsdiag_view_t *view);

/* page_html.c: the frame */
void tlsdiag_view_write(tlsdiag_stream_t *out, const tlsdiag_view_t *view);

/* page_summary.c */
tlsdiag_part_t tlsdiag_part_verdict, tlsdiag_part_tiles, tlsdiag_part_refresh_links, tlsdiag_part_books,
    tlsdiag_part_tallies, tlsdiag_part_tables, tlsdiag_part_shared_kib;
/* page_problems.c */
tlsdiag_part_t tlsdiag_part_problems;
/* page_traffic.c */
tlsdiag_part_t tlsdiag_part_minutes, tlsdiag_part_hours, tlsdiag_part_hours_table;
/* page_agreed.c */
tlsdiag_part_t tlsdiag_part_versions, tlsdiag_part_suites, tlsdiag_part_groups, tlsdiag_part_traits, tlsdiag_part_times,
    tlsdiag_part_alerts, tlsdiag_part_what_if;
/* page_clients.c */
tlsdiag_part_t tlsdiag_part_fingerprints, tlsdiag_part_networks, tlsdiag_part_names;
/* page_vhosts.c */
tlsdiag_part_t tlsdiag_part_vhosts;
/* page_vhost.c, page_chains.c, page_simulation.c */
tlsdiag_part_t tlsdiag_part_vhost_title, tlsdiag_part_vhost_settings, tlsdiag_part_vhost_findings,
    tlsdiag_part_vhost_causes, tlsdiag_part_vhost_chains, tlsdiag_part_vhost_simulation;
/* page_checklist.c */
tlsdiag_part_t tlsdiag_part_checklist;
/* page_failures.c */
tlsdiag_part_t tlsdiag_part_filter, tlsdiag_part_failures;
/* page_record.c, page_timeline.c, page_offer.c */
tlsdiag_part_t tlsdiag_part_record_title, tlsdiag_part_record_verdict, tlsdiag_part_record_facts,
    tlsdiag_part_record_imitation, tlsdiag_part_record_json, tlsdiag_part_record_timeline, tlsdiag_part_record_offer;

/* ---- words and pieces that several parts need (page_words.c) ---- */

/** A cause's id by its slot in the statistics. */
const char *tlsdiag_cause_id(char name[64], const tlsdiag_page_t *page, unsigned cause_slot);

/** What the running configuration says of the vhost in that slot; NULL: it is not configured any more. */
const tlsdiag_posture_t *tlsdiag_page_posture(const tlsdiag_page_t *page, unsigned slot);

/** A vhost's name by its slot in the statistics; "_other" when it has none. Shape: name is in `name`. */
const char *tlsdiag_slot_name(char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1], const tlsdiag_page_t *page, unsigned slot);

/** The same as HTML: a link to the vhost's page if it is in the running configuration. */
void tlsdiag_vhost_link(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned slot);

/** Link to the failures that a filter lets through; vhost_slot may be UINT16_MAX, the texts NULL. */
void tlsdiag_failures_link(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const char *cause, unsigned vhost_slot,
                           const char *ja4);

/** A badge that says who must act. */
void tlsdiag_act_badge(tlsdiag_stream_t *out, tlsdiag_act_t act);

/** An address as the page may show it (mask). */
void tlsdiag_address_html(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const uint8_t *address, unsigned bytes);

/** A bar for part of whole, as inline SVG, hidden from assistive technology: the number stands beside it. */
void tlsdiag_bar(tlsdiag_stream_t *out, uint64_t part, uint64_t whole);

/** A cause in general words, for when no record of it is kept. */
void tlsdiag_cause_words(char *text, size_t size, const tlsdiag_page_t *page, unsigned cause_slot);

/** Advice, directive lines to copy and what they cost; empty ones are left out. (page_problems.c) */
void tlsdiag_advice_html(tlsdiag_stream_t *out, const char *advice, const char *directive, const char *cost);

/** "42 d left", marked by how near the end is. Units: seconds; negative: expired. (page_vhosts.c) */
void tlsdiag_days_left_html(tlsdiag_stream_t *out, int64_t seconds);

/** A row of a table of settings: between _open and _close stands its value. A text that is NULL, an empty list: no row. */
void tlsdiag_setting_open(tlsdiag_stream_t *out, const char *name);
void tlsdiag_setting_close(tlsdiag_stream_t *out);
void tlsdiag_setting_text(tlsdiag_stream_t *out, const char *name, const char *text);
void tlsdiag_setting_texts(tlsdiag_stream_t *out, const char *name, const tlsdiag_text_list_t *list);

/** A paragraph that says that there is nothing to show, and why. */
void tlsdiag_nothing(tlsdiag_stream_t *out, const char *why);
/** The same as the only row of a table. */
void tlsdiag_nothing_row(tlsdiag_stream_t *out, unsigned columns, const char *why);

#endif
