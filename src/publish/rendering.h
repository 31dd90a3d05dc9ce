/* SPDX-License-Identifier: Apache-2.0 */
/**
 * rendering.h knows how rows of the field table become JSON text: every value ends with a comma, and closing an object turns the
 * last one into a brace, so nothing has to be known about what comes next. It refuses to know which rows: the whole table is
 * event_json.c's, parts of it that are kept are fragment.c's.
 */
#ifndef TLSDIAG_PUBLISH_RENDERING_H
#define TLSDIAG_PUBLISH_RENDERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "publish/event.h"
#include "publish/fields.h"
#include "publish/limit.h"

/** A text under way. */
typedef struct tlsdiag_rendering {
    tlsdiag_writer_t *out;
    const tlsdiag_event_t *event;
    uint32_t holds;   /**< which tlsdiag_when_t */
    bool keeps_spans; /**< there is a limit, or a fragment is made for lines that may have one */
    bool truncated;
    size_t capacity;     /**< out->capacity as it came */
    size_t room_for_cut; /**< how far a field that may be cut may go */
    size_t limit;        /**< longest text; 0: none */
    size_t later_limit;  /**< to which it may be cut when it is whole; 0: it will not be */
    tlsdiag_spans_t *spans;
    tlsdiag_mould_t *mould;        /**< NULL: none is made */
    bool of_verdict;               /**< ... and it is of one verdict: what is settled then needs no hole */
    tlsdiag_drawn_values_t *drawn; /**< where values stand that a client draws for each hello; NULL: nobody asks */
} tlsdiag_rendering_t;

/** Begin a text of event in out. It has no limit, and nothing is noted of it, until the caller says so. */
void tlsdiag_rendering_start(tlsdiag_rendering_t *rendering, tlsdiag_writer_t *out, const tlsdiag_event_t *event,
                             tlsdiag_spans_t *spans);

/** Write the rows of an array, each with a comma behind it. */
void tlsdiag_rendering_write(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *rows);

#endif
