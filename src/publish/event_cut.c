/* SPDX-License-Identifier: Apache-2.0 */
/* A line that was written whole, made shorter for one who has less room. */
#include <string.h>

#include "publish/event.h"
#include "publish/fields_rows.h"
#include "publish/limit.h"

/* The row that says so is the last one, if it is there. */
static void take_back_truncated(tlsdiag_writer_t *out, const tlsdiag_field_t *row)
{
    if (out->length > row->key_length &&
        memcmp(out->start + out->length - row->key_length, row->key, row->key_length) == 0) {
        out->length -= row->key_length;
    }
}

void tlsdiag_event_json_cut(tlsdiag_writer_t *out, tlsdiag_spans_t *spans, size_t limit)
{
    const tlsdiag_field_t *row = tlsdiag_fields_tlsdiag;
    while (row->kind != TLSDIAG_ROW_TRUNCATED) {
        row++;
    }
    if (out->length < limit) {
        return;
    }
    out->length -= TLSDIAG_FIELD_CLOSING; /* as it was before the two last braces: the inner one had replaced a comma */
    out->start[out->length - 1] = ',';
    take_back_truncated(out, row);
    tlsdiag_spans_cut(spans, out, out->length + TLSDIAG_FIELD_CLOSING + row->key_length - (limit - 1));
    tlsdiag_write_inline(out, row->key, row->key_length);
    out->start[out->length - 1] = '}';
    tlsdiag_write_literal(out, "}");
}
