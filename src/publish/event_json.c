/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field table as a JSON object. Every value ends with a comma; closing an object turns the last one into a brace,
 * so nothing has to be known about what comes next.
 */
#include <string.h>

#include "publish/event.h"
#include "publish/fields_rows.h"
#include "publish/json.h"
#include "publish/limit.h"
#include "publish/values.h"

enum {
    MANDATORY = 4096, /* kept back for the fields that are never cut, so that a long list cannot push them out */
    SHORT_ROW = 64    /* a row with a number or a boolean, comma included, is shorter */
};

_Static_assert(SHORT_ROW >= TLSDIAG_KEY_TEXT + TLSDIAG_U64_DIGITS + 1, "the longest number and a comma follow the key");

/* A line under way. */
typedef struct rendering {
    tlsdiag_writer_t *out;
    const tlsdiag_event_t *event;
    uint32_t holds;   /* which tlsdiag_when_t */
    bool keeps_spans; /* there is a limit, or a fragment is made for lines that may have one */
    bool truncated;
    size_t capacity;     /* out->capacity as it came */
    size_t room_for_cut; /* how far a field that may be cut may go */
    size_t limit;        /* longest text; 0: none */
    size_t later_limit;  /* to which it may be cut when it is whole; 0: it will not be */
    tlsdiag_spans_t *spans;
    tlsdiag_mould_t *mould; /* NULL: none is made */
    bool of_verdict;        /* ... and it is of one verdict: what is settled then needs no hole */
} rendering_t;

static void write_rows(rendering_t *rendering, const tlsdiag_field_t *field);

static inline bool has_room(const tlsdiag_writer_t *out)
{
    return out->capacity - out->length >= SHORT_ROW;
}

/* The key, where has_room() holds. All 32 bytes in one go: what is too much is overwritten by what follows. */
static inline char *put_key(tlsdiag_writer_t *out, const tlsdiag_field_t *field)
{
    char *to = out->start + out->length;
    memcpy(to, field->key, TLSDIAG_KEY_TEXT);
    return to + field->key_length;
}

static void note_span(rendering_t *rendering, const tlsdiag_field_t *field, size_t from)
{
    if (rendering->keeps_spans && field->cut != TLSDIAG_CUT_NEVER) {
        tlsdiag_spans_add(rendering->spans, from, rendering->out->length - from, field->cut);
    }
}

static void note_hole(rendering_t *rendering, const tlsdiag_field_t *field, size_t start, size_t end, bool absent)
{
    if (rendering->mould && !(rendering->of_verdict && tlsdiag_field_is_settled(field))) {
        tlsdiag_mould_note(rendering->mould, rendering->event, field, start, end, absent);
    }
}

/* Behind a value: the comma, and what becomes of the field. Whole or not at all. */
static void finish_field(rendering_t *rendering, const tlsdiag_field_t *field, size_t before, bool applies)
{
    tlsdiag_writer_t *out = rendering->out;
    tlsdiag_write_literal(out, ",");
    bool fits = !out->truncated && (field->cut == TLSDIAG_CUT_NEVER || out->length <= rendering->room_for_cut);
    if (applies && fits) {
        note_span(rendering, field, before);
        note_hole(rendering, field, before + field->key_length, out->length - 1, false);
        return;
    }
    rendering->truncated |= applies;
    out->truncated = false;
    out->length = before;
    note_hole(rendering, field, before, before, true);
}

static inline void write_key(tlsdiag_writer_t *out, const tlsdiag_field_t *field)
{
    if (has_room(out)) {
        out->length = (size_t)(put_key(out, field) - out->start);
    } else {
        tlsdiag_write_inline(out, field->key, field->key_length);
    }
}

/* Of any kind, with whatever room there is. */
static void write_carefully(rendering_t *rendering, const tlsdiag_field_t *field)
{
    size_t before = rendering->out->length;
    write_key(rendering->out, field);
    finish_field(rendering, field, before, tlsdiag_field_value_write(rendering->out, rendering->event, field));
}

static inline void write_field(rendering_t *rendering, const tlsdiag_field_t *field)
{
    size_t before = rendering->out->length;
    write_key(rendering->out, field);
    finish_field(rendering, field, before, field->write(rendering->out, rendering->event));
}

/* Behind a value that ends at to, where has_room() holds. */
static inline void put_comma(tlsdiag_writer_t *out, char *to)
{
    *to = ',';
    out->length = (size_t)(to + 1 - out->start);
}

static inline void write_boolean(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    bool value = *(const bool *)tlsdiag_field_place(rendering->event, field);
    if (!has_room(out) || rendering->mould) {
        write_carefully(rendering, field);
    } else if (value || field->when != TLSDIAG_WHEN_KNOWN) {
        put_comma(out, tlsdiag_json_bool_put(put_key(out, field), value));
    }
}

static inline void write_number(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    uint64_t value = tlsdiag_field_number(rendering->event, field);
    if (!has_room(out) || rendering->mould) {
        write_carefully(rendering, field);
    } else if (value != 0 || field->when != TLSDIAG_WHEN_KNOWN) {
        put_comma(out, tlsdiag_digits_put(put_key(out, field), value));
    }
}

static inline void write_constant(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    write_key(out, field);
    rendering->truncated |= out->truncated;
    out->truncated = false;
}

/* Its last comma becomes the brace, and another comma follows: the byte that was kept back. */
static void close_object(tlsdiag_writer_t *out)
{
    out->start[out->length - 1] = '}';
    out->start[out->length++] = ',';
}

static void write_object(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    size_t before = out->length;
    write_constant(rendering, field);
    if (out->length == before || out->length == out->capacity) {
        rendering->truncated = true; /* not even its name fitted */
        out->length = before;
        return;
    }
    out->capacity--;
    write_rows(rendering, field->rows);
    out->capacity++;
    if (out->start[out->length - 1] == '{') {
        out->length = before;
        return;
    }
    close_object(out);
    note_span(rendering, field, before);
}

static const tlsdiag_fragment_t *find_fragment(const tlsdiag_event_t *event, unsigned run)
{
    bool of_client = run < TLSDIAG_CLIENT_FRAGMENTS;
    const tlsdiag_fragment_t *made = of_client ? event->client : event->outcome;
    if (made) {
        made += of_client ? run : run - TLSDIAG_CLIENT_FRAGMENTS;
    }
    return made && made->text ? made : NULL;
}

/* What whatever client offers has a hole of its own, with something in it that keeps its object from being empty. */
static void write_hole(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    size_t before = out->length;
    tlsdiag_write_literal(out, "-,");
    note_hole(rendering, field, before, before + 1, false);
    rendering->truncated |= out->truncated;
}

static void write_fragment(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    if (rendering->mould && !rendering->of_verdict && field->run < TLSDIAG_CLIENT_FRAGMENTS) {
        write_hole(rendering, field);
        return;
    }
    const tlsdiag_fragment_t *made = find_fragment(rendering->event, field->run);
    if (!made || made->length + out->length > rendering->room_for_cut) {
        write_rows(rendering, field->rows);
        return;
    }
    for (size_t i = 0; rendering->keeps_spans && i < made->spans_count; i++) {
        const tlsdiag_span_t *span = &made->spans[i];
        tlsdiag_spans_add(rendering->spans, out->length + span->start, span->length, span->cut);
    }
    tlsdiag_write_inline(out, made->text, made->length);
}

/* What follows this row is the brace of its object and that of the whole; the last comma is replaced. */
static void write_truncated(rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    bool truncated = rendering->truncated || tlsdiag_facts_were_cut(rendering->event->facts);
    size_t length = out->length + TLSDIAG_FIELD_CLOSING + (truncated ? field->key_length : 0u);
    if (rendering->limit && length > rendering->limit) {
        length = out->length + TLSDIAG_FIELD_CLOSING + field->key_length;
        tlsdiag_spans_cut(rendering->spans, out, length - rendering->limit);
        truncated = true;
    }
    if (truncated) {
        write_constant(rendering, field);
    }
}

static void write_rows(rendering_t *rendering, const tlsdiag_field_t *field)
{
    for (uint32_t holds = rendering->holds; field->kind != TLSDIAG_ROW_END; field++) {
        if (!(holds >> field->when & 1)) {
            continue;
        }
        switch ((tlsdiag_row_kind_t)field->kind) {
        case TLSDIAG_ROW_FIELD:
            write_field(rendering, field);
            break;
        case TLSDIAG_ROW_BOOLEAN:
            write_boolean(rendering, field);
            break;
        case TLSDIAG_ROW_NUMBER:
            write_number(rendering, field);
            break;
        case TLSDIAG_ROW_CONSTANT:
            write_constant(rendering, field);
            break;
        case TLSDIAG_ROW_OBJECT:
            write_object(rendering, field);
            break;
        case TLSDIAG_ROW_FRAGMENT:
            write_fragment(rendering, field);
            break;
        case TLSDIAG_ROW_TRUNCATED:
            write_truncated(rendering, field);
            break;
        default:
            write_carefully(rendering, field);
        }
    }
}

static void start(rendering_t *rendering, tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_spans_t *spans)
{
    rendering->out = out;
    rendering->event = event;
    rendering->holds = tlsdiag_when_holds(event);
    rendering->capacity = out->capacity;
    rendering->room_for_cut = out->capacity > MANDATORY ? out->capacity - MANDATORY : 0;
    rendering->limit = rendering->later_limit = 0;
    rendering->keeps_spans = false;
    rendering->truncated = false;
    rendering->spans = spans;
    rendering->mould = NULL;
    rendering->of_verdict = false;
    spans->count = 0;
}

/* The braces and all that is between them. */
static void write_all(rendering_t *rendering)
{
    tlsdiag_writer_t *out = rendering->out;
    tlsdiag_write_literal(out, "{");
    out->capacity--; /* for the last brace, should nothing fit */
    write_rows(rendering, tlsdiag_fields);
    out->capacity = rendering->capacity;
    tlsdiag_json_close(out, '}');
}

/* By the mould, where there is one that fits and nothing has to be cut or told to be missing. */
static bool write_by_mould(rendering_t *rendering)
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
    rendering_t rendering;
    bool truncated_before = out->truncated;
    start(&rendering, out, event, spans);
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
    rendering_t rendering;
    tlsdiag_spans_t spans;
    tlsdiag_writer_t out = tlsdiag_writer(text, size);
    start(&rendering, &out, event, &spans);
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

static const tlsdiag_field_t *const runs[TLSDIAG_FRAGMENTS] = {
    [TLSDIAG_FRAGMENT_CIPHERS] = tlsdiag_fields_ciphers,
    [TLSDIAG_FRAGMENT_FINGERPRINTS] = tlsdiag_fields_fingerprints,
    [TLSDIAG_FRAGMENT_OFFER] = tlsdiag_fields_offer,
    [TLSDIAG_FRAGMENT_SUMMARY] = tlsdiag_fields_summary,
    [TLSDIAG_FRAGMENT_OUTCOME] = tlsdiag_fields_outcome,
    [TLSDIAG_FRAGMENT_REASON] = tlsdiag_fields_reason,
    [TLSDIAG_FRAGMENT_ERROR] = tlsdiag_fields_error,
    [TLSDIAG_FRAGMENT_PROCESS] = tlsdiag_fields_process,
    [TLSDIAG_FRAGMENT_NEGOTIATED] = tlsdiag_fields_negotiated,
    [TLSDIAG_FRAGMENT_SERVER] = tlsdiag_fields_server,
    [TLSDIAG_FRAGMENT_VERDICT] = tlsdiag_fields_verdict,
    [TLSDIAG_FRAGMENT_GROUNDS] = tlsdiag_fields_grounds,
    [TLSDIAG_FRAGMENT_OPENSSL] = tlsdiag_fields_openssl,
};

static bool describe(tlsdiag_fragment_t *fragment, const rendering_t *rendering, size_t from)
{
    const tlsdiag_writer_t *out = rendering->out;
    fragment->text = out->start + from;
    fragment->length = (uint32_t)(out->length - from);
    fragment->spans_count = rendering->spans->count;
    if (rendering->truncated || rendering->spans->count > TLSDIAG_FRAGMENT_SPANS) {
        return false;
    }
    for (size_t i = 0; i < fragment->spans_count; i++) {
        fragment->spans[i] = rendering->spans->spans[i];
        fragment->spans[i].start -= (uint32_t)from;
    }
    return true;
}

bool tlsdiag_fragment_write(tlsdiag_fragment_t *fragment, tlsdiag_writer_t *out, tlsdiag_fragment_run_t run,
                            const tlsdiag_event_t *event)
{
    rendering_t rendering;
    tlsdiag_spans_t spans;
    size_t before = out->length;
    start(&rendering, out, event, &spans);
    rendering.room_for_cut = out->capacity;
    rendering.keeps_spans = true;
    write_rows(&rendering, runs[run]);
    out->capacity = rendering.capacity;
    return describe(fragment, &rendering, before);
}
