/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/rendering.h"

#include <string.h>

#include "publish/fields_rows.h"
#include "publish/json.h"
#include "publish/values.h"

enum {
    MANDATORY = 4096, /* kept back for the fields that are never cut, so that a long list cannot push them out */
    SHORT_ROW = 64    /* a row with a number or a boolean, comma included, is shorter */
};

_Static_assert(SHORT_ROW >= TLSDIAG_KEY_TEXT + TLSDIAG_U64_DIGITS + 1, "the longest number and a comma follow the key");

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

static void note_span(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field, size_t from)
{
    if (rendering->keeps_spans && field->cut != TLSDIAG_CUT_NEVER) {
        tlsdiag_spans_add(rendering->spans, from, rendering->out->length - from, field->cut);
    }
}

static void note_hole(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field, size_t start, size_t end,
                      bool absent)
{
    if (rendering->mould && !(rendering->of_verdict && tlsdiag_field_is_settled(field))) {
        tlsdiag_mould_note(rendering->mould, rendering->event, field, start, end, absent);
    }
}

/* Whether a GREASE value stands in a value's text: `0x1a1a`, which is no part of any name. */
static bool shows_grease(const char *text, size_t length)
{
    const char *end = text + length;
    while ((text = memchr(text, 'a', (size_t)(end - text))) != NULL) {
        if (end - text > 2 && text[2] == 'a' && text[-1] == text[1] && text[-2] == 'x') {
            return true;
        }
        text++;
    }
    return false;
}

static void note_drawn(const tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field, size_t start, size_t end)
{
    tlsdiag_drawn_values_t *drawn = rendering->drawn;
    if (!drawn || field->kind != TLSDIAG_ROW_FIELD ||
        !(field->ordered || (field->greased && shows_grease(rendering->out->start + start, end - start)))) {
        return;
    }
    drawn->fits = drawn->fits && drawn->count < TLSDIAG_DRAWN_VALUES && end <= UINT16_MAX;
    if (drawn->fits) {
        drawn->values[drawn->count++] = (tlsdiag_drawn_value_t){ field, (uint16_t)start, (uint16_t)end };
    }
}

/* Behind a value: the comma, and what becomes of the field. Whole or not at all. */
static void finish_field(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field, size_t before, bool applies)
{
    tlsdiag_writer_t *out = rendering->out;
    tlsdiag_write_literal(out, ",");
    bool fits = !out->truncated && (field->cut == TLSDIAG_CUT_NEVER || out->length <= rendering->room_for_cut);
    if (applies && fits) {
        note_span(rendering, field, before);
        note_hole(rendering, field, before + field->key_length, out->length - 1, false);
        note_drawn(rendering, field, before + field->key_length, out->length - 1);
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
static void write_carefully(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
{
    size_t before = rendering->out->length;
    write_key(rendering->out, field);
    finish_field(rendering, field, before, tlsdiag_field_value_write(rendering->out, rendering->event, field));
}

static inline void write_field(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
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

static inline void write_boolean(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    bool value = *(const bool *)tlsdiag_field_place(rendering->event, field);
    if (!has_room(out) || rendering->mould) {
        write_carefully(rendering, field);
    } else if (value || field->when != TLSDIAG_WHEN_KNOWN) {
        put_comma(out, tlsdiag_json_bool_put(put_key(out, field), value));
    }
}

static inline void write_number(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    uint64_t value = tlsdiag_field_number(rendering->event, field);
    if (!has_room(out) || rendering->mould) {
        write_carefully(rendering, field);
    } else if (value != 0 || field->when != TLSDIAG_WHEN_KNOWN) {
        put_comma(out, tlsdiag_digits_put(put_key(out, field), value));
    }
}

static inline void write_constant(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
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

static void write_object(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
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
    tlsdiag_rendering_write(rendering, field->rows);
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
static void write_hole(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    size_t before = out->length;
    tlsdiag_write_literal(out, "-,");
    note_hole(rendering, field, before, before + 1, false);
    rendering->truncated |= out->truncated;
}

static void write_fragment(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
{
    tlsdiag_writer_t *out = rendering->out;
    if (rendering->mould && !rendering->of_verdict && field->run < TLSDIAG_CLIENT_FRAGMENTS) {
        write_hole(rendering, field);
        return;
    }
    const tlsdiag_fragment_t *made = find_fragment(rendering->event, field->run);
    if (!made || made->length + out->length > rendering->room_for_cut) {
        tlsdiag_rendering_write(rendering, field->rows);
        return;
    }
    for (size_t i = 0; rendering->keeps_spans && i < made->spans_count; i++) {
        const tlsdiag_span_t *span = &made->spans[i];
        tlsdiag_spans_add(rendering->spans, out->length + span->start, span->length, span->cut);
    }
    tlsdiag_write_inline(out, made->text, made->length);
}

/* What follows this row is the brace of its object and that of the whole; the last comma is replaced. */
static void write_truncated(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
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

void tlsdiag_rendering_write(tlsdiag_rendering_t *rendering, const tlsdiag_field_t *field)
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

void tlsdiag_rendering_start(tlsdiag_rendering_t *rendering, tlsdiag_writer_t *out, const tlsdiag_event_t *event,
                             tlsdiag_spans_t *spans)
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
    rendering->drawn = NULL;
    spans->count = 0;
}
