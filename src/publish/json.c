/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/json.h"

#include "iana/iana.h"

static void write_quoted(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes, tlsdiag_escape_t style, size_t max_output)
{
    size_t room = out->capacity - out->length;
    char *to = out->start + out->length;
    if (room >= bytes.length + 2 && bytes.length <= max_output && tlsdiag_plain_copy(to + 1, bytes) == bytes.length) {
        to[0] = '"';
        to[bytes.length + 1] = '"';
        out->length += bytes.length + 2;
        return;
    }
    tlsdiag_write_literal(out, "\"");
    tlsdiag_escape_write(out, bytes, style, max_output);
    tlsdiag_write_literal(out, "\"");
}

bool tlsdiag_json_name(tlsdiag_writer_t *out, const char *name)
{
    if (!name) {
        return false;
    }
    size_t length = strlen(name);
    if (out->capacity - out->length < length + 2) {
        out->truncated = true;
        return true;
    }
    char *to = out->start + out->length;
    to[0] = '"';
    memcpy(to + 1, name, length + 1);
    to[length + 1] = '"'; /* in place of the NUL */
    out->length += length + 2;
    return true;
}

bool tlsdiag_json_text_up_to(tlsdiag_writer_t *out, const char *text, size_t max_output)
{
    if (!text || !*text) {
        return false;
    }
    write_quoted(out, tlsdiag_bytes(text, strlen(text)), TLSDIAG_ESCAPE_JSON_OWN, max_output);
    return true;
}

bool tlsdiag_json_text(tlsdiag_writer_t *out, const char *text)
{
    return tlsdiag_json_text_up_to(out, text, TLSDIAG_ESCAPE_UNLIMITED);
}

bool tlsdiag_json_lines(tlsdiag_writer_t *out, const char *text)
{
    write_quoted(out, tlsdiag_bytes(text, strlen(text)), TLSDIAG_ESCAPE_JSON_LINES, TLSDIAG_ESCAPE_UNLIMITED);
    return text[0] != '\0';
}

void tlsdiag_json_client_bytes(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes)
{
    write_quoted(out, bytes, TLSDIAG_ESCAPE_JSON_CLIENT, TLSDIAG_ESCAPE_UNLIMITED);
}

/* "0x1302" */
static void write_number_code(tlsdiag_writer_t *out, uint16_t code)
{
    static const char hex_digits[] = "0123456789abcdef";
    const char text[] = { '"',
                          '0',
                          'x',
                          hex_digits[code >> 12],
                          hex_digits[code >> 8 & 15],
                          hex_digits[code >> 4 & 15],
                          hex_digits[code & 15],
                          '"' };
    tlsdiag_write_inline(out, text, sizeof text);
}

static void write_code(tlsdiag_writer_t *out, uint16_t code, const char *name)
{
    if (!tlsdiag_json_name(out, name)) {
        write_number_code(out, code);
    }
}

bool tlsdiag_json_code(tlsdiag_writer_t *out, uint16_t code, const char *(*name_of)(uint16_t code))
{
    if (code == 0) {
        return false;
    }
    write_code(out, code, name_of(code));
    return true;
}

bool tlsdiag_json_codes(tlsdiag_writer_t *out, tlsdiag_codes_t list, const char *(*name_of)(uint16_t code),
                        tlsdiag_grease_t grease)
{
    size_t count = list.count < list.kept ? list.count : list.kept;
    size_t before = out->length;
    tlsdiag_write_literal(out, "[");
    for (size_t i = 0; i < count; i++) {
        uint16_t code = list.codes[i];
        if (grease == TLSDIAG_GREASE_SHOWN || !tlsdiag_iana_is_grease(code)) {
            write_code(out, code, name_of ? name_of(code) : NULL);
            tlsdiag_write_literal(out, ",");
        }
    }
    bool empty = out->length <= before + 1;
    tlsdiag_json_close(out, ']');
    return !empty;
}

void tlsdiag_json_time(tlsdiag_writer_t *out, int64_t us)
{
    tlsdiag_write_literal(out, "\"");
    tlsdiag_write_rfc3339(out, us);
    tlsdiag_write_literal(out, "\"");
}

void tlsdiag_json_hex_upper(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes)
{
    static const char hex_digits[] = "0123456789ABCDEF";
    if (out->capacity - out->length < 2 * bytes.length + 2) {
        out->truncated = true;
        return;
    }
    char *to = out->start + out->length;
    *to++ = '"';
    for (size_t i = 0; i < bytes.length; i++) {
        *to++ = hex_digits[bytes.at[i] >> 4];
        *to++ = hex_digits[bytes.at[i] & 15];
    }
    *to = '"';
    out->length += 2 * bytes.length + 2;
}

void tlsdiag_json_member_text(tlsdiag_writer_t *out, const char *name, const char *text)
{
    if (*text) {
        tlsdiag_json_name(out, name);
        tlsdiag_write_literal(out, ":");
        tlsdiag_json_text(out, text);
        tlsdiag_write_literal(out, ",");
    }
}

void tlsdiag_json_close(tlsdiag_writer_t *out, char partner)
{
    if (out->length > 0 && out->start[out->length - 1] == ',') {
        out->start[out->length - 1] = partner;
        return;
    }
    tlsdiag_write_char(out, partner);
}
