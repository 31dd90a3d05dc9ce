/* SPDX-License-Identifier: Apache-2.0 */
/**
 * page_json_parts.h knows the parts of the snapshot's JSON form that have files of their own.
 * It refuses to be used outside page_json*.c.
 */
#ifndef TLSDIAG_PUBLISH_PAGE_JSON_PARTS_H
#define TLSDIAG_PUBLISH_PAGE_JSON_PARTS_H

#include "publish/page.h"

/** Members of an object: the numbers of a vhost or of all. */
void tlsdiag_counts_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_vhost_counts_t *counts);

/** Member "configuration" of a vhost: what it allows and its certificates. Nothing for NULL. */
void tlsdiag_posture_json(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture);

/** Members "problems" (ranked as on the page) and "findings" (all of the audit's). */
void tlsdiag_problems_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page);
void tlsdiag_findings_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page);

/** One object of a table's array. */
void tlsdiag_fingerprint_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint32_t number);
void tlsdiag_network_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint32_t number);
void tlsdiag_name_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint32_t number);

#endif
