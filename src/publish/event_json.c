/* SPDX-License-Identifier: Apache-2.0 */
/* The whole field table as a JSON object: row by row, or by a mould where one fits. */
#include "publish/event.h"
#include "publish/fields_rows.h"
#include "publish/json.h"
#include "publish/limit.h"
#include "publish/rendering.h"
#include "publish/values.h"

/* The braces and all that is between them. */
static void write_all(tlsdiag_rendering_t *rendering)
{
    tlsdiag_writer_t *out = rendering->out;
    tlsdiag_write_literal(out, "{");
    out->capacity--; /* for the last brace, should nothing fit */
    tlsdiag_rendering_write(rendering, tlsdiag_fields);
    out->capacity = rendering->capacity;
    tlsdiag_json_close(out, '}');
}

/* By the mould, where there is one that fits and nothing has to be cut or told to be missing. */
static bool write_by_mould(tlsdiag_rendering_t *rendering)
{
    tlsdiag_writer_t *out = rendering->out;
    const tlsdiag_event_t *event = rendering->event;
    size_t before = out->length;
    bool fits = event->mould &&
                tlsdiag_mould_pour(out, event->mould, event, rendering->holds,
                                   rendering->later_limit ? rendering->spans : NULL, rendering->later_limit) &&
                out->length <= rendering->room_for_cut && (!rendering->limit || out->length <= rendering->limit) &&
                !tlsdiag_facts_were_cut(event->facts);
    if (!fits) {
        out->length = before;
        out->truncated = false;
        rendering->spans->count = 0;
    }
    return fits;
}

static void write_event(tlsdiag_writer_t *out, const tlsdiag_event_t *event, size_t limit, tlsdiag_spans_t *spans,
                        size_t later_limit)
{
    if (out->capacity - out->length < sizeof "{}" - 1) {
        out->truncated = true;
        return;
    }
    tlsdiag_rendering_t rendering;
    bool truncated_before = out->truncated;
    tlsdiag_rendering_start(&rendering, out, event, spans);
    rendering.limit = limit ? out->length + limit - 1 : 0;
    rendering.later_limit = later_limit;
    rendering.keeps_spans = limit || later_limit;
    out->truncated = false;
    if (!write_by_mould(&rendering)) {
        write_all(&rendering);
    }
    out->truncated = truncated_before;
}

void tlsdiag_event_json_cast(tlsdiag_mould_t *mould, char *text, size_t size, const tlsdiag_event_t *event,
                             tlsdiag_mould_of_t of)
{
    tlsdiag_rendering_t rendering;
    tlsdiag_spans_t spans;
    tlsdiag_writer_t out = tlsdiag_writer(text, size);
    tlsdiag_rendering_start(&rendering, &out, event, &spans);
    rendering.room_for_cut = out.capacity;
    rendering.keeps_spans = true;
    rendering.mould = mould;
    rendering.of_verdict = of == TLSDIAG_MOULD_OF_VERDICT;
    tlsdiag_mould_begin(mould, text, size);
    write_all(&rendering);
    tlsdiag_mould_finish(mould, out.length, &spans, rendering.holds);
    mould->usable = mould->usable && !rendering.truncated && !out.truncated && !tlsdiag_facts_were_cut(event->facts);
}

void tlsdiag_event_json_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, size_t limit)
{
    tlsdiag_spans_t spans; /* not zeroed, only its count: it is large */
    write_event(out, event, limit, &spans, 0);
}

void tlsdiag_event_json_write_whole(tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_spans_t *spans,
                                    size_t limit)
{
    write_event(out, event, 0, spans, limit);
}
