/* SPDX-License-Identifier: Apache-2.0 */
/**
 * limit.h knows how a JSON line that became too long is made shorter by leaving out whole fields.
 * It refuses to know what the fields are: it is told where they stand and which goes first.
 */
#ifndef TLSDIAG_PUBLISH_LIMIT_H
#define TLSDIAG_PUBLISH_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"

enum { TLSDIAG_SPANS_KEPT = 48 };

/** Where a field that may be cut stands, its comma included. */
typedef struct tlsdiag_span {
    uint32_t start, length; /**< bytes, from the start of the text */
    uint8_t cut;            /**< tlsdiag_cut_t: when it goes */
} tlsdiag_span_t;

/** The fields of a line that may be cut, in the order in which they stand. */
typedef struct tlsdiag_spans {
    uint8_t count;
    tlsdiag_span_t spans[TLSDIAG_SPANS_KEPT];
} tlsdiag_spans_t;

/** Note a field `"name":value,` of length bytes at start. One too many is not noted, and so never cut. */
void tlsdiag_spans_add(tlsdiag_spans_t *noted, size_t start, size_t length, uint8_t cut);

/**
 * Take fields out of out's text, lowest tlsdiag_cut_t first, until it is at least excess bytes shorter. An object that
 * loses its last field goes too.
 *
 * Shape    the text is a JSON object so far: every field and every closed object ends with a comma.
 * Returns  false when all that may be cut was not enough.
 */
bool tlsdiag_spans_cut(tlsdiag_spans_t *noted, tlsdiag_writer_t *out, size_t excess);

#endif
