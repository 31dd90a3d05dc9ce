/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/json_stream.h"

#include <string.h>

enum { NUMBER_TEXT = 32, LONGEST_TEXT = 1536, LONGEST_ESCAPE = 5, OVERHEAD = 128, DATE_TEXT = 40 };

static tlsdiag_writer_t *start(tlsdiag_stream_t *out, const char *name, size_t bytes)
{
    tlsdiag_writer_t *text = tlsdiag_stream_room(out, bytes + OVERHEAD);
    if (name) {
        tlsdiag_json_name(text, name);
        tlsdiag_write_literal(text, ":");
    }
    return text;
}

void tlsdiag_json_begin(tlsdiag_stream_t *out, const char *name, char brace)
{
    tlsdiag_write_char(start(out, name, 1), brace);
}

void tlsdiag_json_end(tlsdiag_stream_t *out, char brace)
{
    tlsdiag_writer_t *text = tlsdiag_stream_room(out, 2);
    tlsdiag_json_close(text, brace);
    tlsdiag_write_literal(text, ",");
}

void tlsdiag_json_put_u64(tlsdiag_stream_t *out, const char *name, uint64_t value)
{
    tlsdiag_writer_t *text = start(out, name, NUMBER_TEXT);
    tlsdiag_write_u64(text, value);
    tlsdiag_write_literal(text, ",");
}

void tlsdiag_json_put_bool(tlsdiag_stream_t *out, const char *name, bool value)
{
    tlsdiag_writer_t *text = start(out, name, NUMBER_TEXT);
    tlsdiag_json_bool(text, value);
    tlsdiag_write_literal(text, ",");
}

void tlsdiag_json_put_text(tlsdiag_stream_t *out, const char *name, const char *value)
{
    char cut[LONGEST_TEXT];
    if (!value || !*value) {
        return;
    }
    size_t length = strlen(value);
    if (length >= sizeof cut) {
        length = sizeof cut - 1;
    }
    memcpy(cut, value, length);
    cut[length] = '\0';
    tlsdiag_writer_t *text = start(out, name, LONGEST_ESCAPE * length);
    tlsdiag_json_lines(text, cut);
    tlsdiag_write_literal(text, ",");
}

void tlsdiag_json_put_client(tlsdiag_stream_t *out, const char *name, tlsdiag_bytes_t bytes)
{
    size_t length = bytes.length < LONGEST_TEXT ? bytes.length : LONGEST_TEXT;
    tlsdiag_writer_t *text = start(out, name, LONGEST_ESCAPE * length);
    tlsdiag_json_client_bytes(text, tlsdiag_bytes(bytes.at, length));
    tlsdiag_write_literal(text, ",");
}

void tlsdiag_json_put_time(tlsdiag_stream_t *out, const char *name, int64_t us)
{
    if (us > 0) {
        tlsdiag_writer_t *text = start(out, name, DATE_TEXT);
        tlsdiag_json_time(text, us);
        tlsdiag_write_literal(text, ",");
    }
}
