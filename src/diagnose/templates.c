/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/templates.h"

#include <string.h>

#include "iana/iana.h"

static const tlsdiag_field_t *const tables[] = { tlsdiag_client_fields, tlsdiag_server_fields,
                                                 tlsdiag_certificate_fields, tlsdiag_verify_fields,
                                                 tlsdiag_course_fields };

const tlsdiag_field_t *tlsdiag_field_find(const char *name, size_t length)
{
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (const tlsdiag_field_t *field = tables[t]; field->name; field++) {
            if (field->length == length && memcmp(field->name, name, length) == 0) {
                return field;
            }
        }
    }
    return NULL;
}

/* A template piece by piece: literal text, then the name in braces behind it. */
typedef struct piece {
    const char *text, *name;
    size_t text_length, name_length;
    bool has_name, optional;
} piece_t;

/* Returns what is left of the template. */
static const char *next_piece(piece_t *piece, const char *template)
{
    const char *open = strchr(template, '{');
    const char *close = open ? strchr(open, '}') : NULL;
    *piece = (piece_t){ .text = template, .text_length = close ? (size_t)(open - template) : strlen(template) };
    if (!close) {
        return template + piece->text_length;
    }
    piece->has_name = true;
    piece->optional = open[1] == '?';
    piece->name = open + 1 + piece->optional;
    piece->name_length = (size_t)(close - piece->name);
    return close + 1;
}

/* Returns whether it varies. */
static bool write_field(tlsdiag_writer_t *out, const piece_t *piece, const tlsdiag_scene_t *scene, unsigned items)
{
    size_t before = out->length;
    const tlsdiag_field_t *field = tlsdiag_field_find(piece->name, piece->name_length);
    if (field) {
        field->write(out, scene, items);
    }
    if (out->length == before && !piece->optional && !out->truncated) {
        tlsdiag_write(out, "(none)");
    }
    return field && field->varies;
}

bool tlsdiag_template_expand(tlsdiag_writer_t *out, const char *text, const tlsdiag_scene_t *scene, unsigned items)
{
    bool varies = false;
    piece_t piece;
    while (*text) {
        text = next_piece(&piece, text);
        tlsdiag_write_bytes(out, piece.text, piece.text_length);
        if (piece.has_name && write_field(out, &piece, scene, items)) {
            varies = true;
        }
    }
    return varies;
}

static size_t printable_length(const char *text)
{
    size_t length = 0;
    while (text[length] >= 0x20 && text[length] < 0x7f) {
        length++;
    }
    return length;
}

/* As much of it as fits. */
static void write_some(tlsdiag_writer_t *out, const char *text, size_t length)
{
    size_t room = out->capacity - out->length;
    tlsdiag_write_inline(out, text, length < room ? length : room);
    out->truncated = out->truncated || length > room;
}

void tlsdiag_write_clean(tlsdiag_writer_t *out, const char *text)
{
    while (text && *text) {
        size_t length = printable_length(text);
        write_some(out, text, length);
        text += length;
        if (*text) {
            tlsdiag_write(out, "\\x");
            tlsdiag_write_hex(out, (unsigned char)*text++, 2);
        }
    }
}

/* tlsdiag_write() for names of ours, tlsdiag_write_clean() for all others. */
typedef void write_text_t(tlsdiag_writer_t *out, const char *text);

/* One item and the separator before it, whole or not at all; false when it did not fit with room for "and 999 more". */
static bool write_item(tlsdiag_writer_t *out, size_t start, const char *item, write_text_t *write)
{
    enum { ROOM_FOR_MORE = 14 };
    size_t separator = out->length > start ? 2 : 0;
    if (strlen(item) + separator + ROOM_FOR_MORE > out->capacity - out->length) {
        out->truncated = true;
        return false;
    }
    tlsdiag_write_bytes(out, ", ", separator);
    write(out, item);
    return true;
}

static void write_more(tlsdiag_writer_t *out, size_t start, unsigned left)
{
    if (left) {
        tlsdiag_write(out, out->length > start ? " and " : "");
        tlsdiag_write_u64(out, left);
        tlsdiag_write(out, " more");
    }
}

void tlsdiag_write_codes(tlsdiag_writer_t *out, tlsdiag_code_list_t list, unsigned items, const char *(*name)(uint16_t))
{
    size_t start = out->length;
    unsigned written = 0, left = 0;
    for (uint16_t i = 0; i < list.count; i++) {
        char number[7];
        tlsdiag_writer_t text = tlsdiag_writer(number, sizeof number);
        if (tlsdiag_iana_is_grease(list.codes[i])) {
            continue;
        }
        const char *known = name(list.codes[i]);
        tlsdiag_write_code(&text, list.codes[i], known ? "" : NULL);
        bool fits = !left && written < items &&
                    write_item(out, start, known ? known : tlsdiag_writer_text(&text), tlsdiag_write);
        written += fits;
        left += !fits;
    }
    write_more(out, start, left);
}

void tlsdiag_write_texts(tlsdiag_writer_t *out, tlsdiag_text_list_t list, unsigned items)
{
    size_t start = out->length;
    unsigned written = 0, left = 0;
    for (uint16_t i = 0; i < list.count; i++) {
        bool fits = !left && written < items && write_item(out, start, list.items[i], tlsdiag_write_clean);
        written += fits;
        left += !fits;
    }
    write_more(out, start, left);
}

void tlsdiag_write_version(tlsdiag_writer_t *out, uint16_t version)
{
    if (version) {
        tlsdiag_write_code(out, version, tlsdiag_iana_version_name(version));
    }
}

void tlsdiag_write_versions(tlsdiag_writer_t *out, uint8_t bits)
{
    size_t start = out->length;
    for (uint16_t version = TLSDIAG_VERSION_SSL30; version <= TLSDIAG_VERSION_TLS13; version++) {
        if (bits & tlsdiag_version_bit(version)) {
            write_item(out, start, tlsdiag_iana_version_name(version), tlsdiag_write);
        }
    }
}

void tlsdiag_write_date(tlsdiag_writer_t *out, int64_t seconds)
{
    const int64_t last = INT64_C(253402300799); /* the end of the year 9999 */
    const size_t seconds_end = sizeof "9999-12-31T23:59:59" - 1;
    char text[40];
    tlsdiag_writer_t date = tlsdiag_writer(text, sizeof text);
    if (seconds <= 0) {
        return;
    }
    tlsdiag_write_rfc3339(&date, (seconds < last ? seconds : last) * 1000000);
    tlsdiag_write_bytes(out, text, seconds_end);
    tlsdiag_write_literal(out, "Z");
}
