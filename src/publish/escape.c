/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/escape.h"

#include <stdbool.h>
#include <string.h>

enum { ELLIPSIS_LENGTH = 3, LONGEST_ESCAPE = 5 };

/* Sixteen bytes at a time; gcc and clang turn this into whatever the processor has for it. */
typedef uint8_t block_t __attribute__((vector_size(16)));

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static inline bool all_plain(block_t block)
{
    /* 0x20 to 0x7e is, 0x20 lower, 0 to 0x5e. */
    block_t odd = (block_t)((block - 0x20) > 0x5e) | (block_t)(block == '"') | (block_t)(block == '\\');
    uint64_t halves[2];
    memcpy(halves, &odd, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

static inline bool copy_block(char *to, const uint8_t *from)
{
    block_t block;
    memcpy(&block, from, sizeof block);
    memcpy(to, &block, sizeof block);
    return all_plain(block);
}

/* Less than a block: its first and its last half, which overlap. */
static inline bool copy_8_to_15(char *to, const uint8_t *from, size_t n)
{
    uint64_t halves[2];
    block_t block;
    memcpy(&halves[0], from, 8);
    memcpy(&halves[1], from + n - 8, 8);
    memcpy(to, &halves[0], 8);
    memcpy(to + n - 8, &halves[1], 8);
    memcpy(&block, halves, sizeof block);
    return all_plain(block);
}

static inline bool copy_4_to_7(char *to, const uint8_t *from, size_t n)
{
    uint32_t quarters[4];
    block_t block;
    memcpy(&quarters[0], from, 4);
    memcpy(&quarters[1], from + n - 4, 4);
    memcpy(to, &quarters[0], 4);
    memcpy(to + n - 4, &quarters[1], 4);
    quarters[2] = quarters[0];
    quarters[3] = quarters[1];
    memcpy(&block, quarters, sizeof block);
    return all_plain(block);
}

static inline bool copy_short(char *to, const uint8_t *from, size_t n)
{
    return n >= 8 ? copy_8_to_15(to, from, n) : n >= 4 && copy_4_to_7(to, from, n);
}

/* to may be written to its end, also behind what is returned. */
size_t tlsdiag_plain_copy(char *to, tlsdiag_bytes_t bytes)
{
    const uint8_t *from = bytes.at;
    size_t n = bytes.length, i = 0;
    while (n - i >= sizeof(block_t) && copy_block(to + i, from + i)) {
        i += sizeof(block_t);
    }
    bool rest = i == 0 ? n < sizeof(block_t) && copy_short(to, from, n)
                       : n - i < sizeof(block_t) && copy_block(to + n - sizeof(block_t), from + n - sizeof(block_t));
    if (rest) {
        return n;
    }
    while (i < n && is_plain(from[i])) {
        to[i] = (char)from[i];
        i++;
    }
    return i;
}

/* What a style does. */
typedef struct style_row {
    bool json;            /* every backslash that is written is doubled */
    bool keeps_backslash; /* else it becomes \x5c */
    bool keeps_quote;     /* else \x22 */
    bool keeps_line_end;  /* as \n; else \x0a */
} style_row_t;

static const style_row_t styles[TLSDIAG_ESCAPES] = {
    [TLSDIAG_ESCAPE_LINE_OWN] = { .keeps_backslash = true, .keeps_quote = true },
    [TLSDIAG_ESCAPE_LINE_QUOTED] = { .json = false },
    [TLSDIAG_ESCAPE_JSON_OWN] = { .json = true, .keeps_backslash = true, .keeps_quote = true },
    [TLSDIAG_ESCAPE_JSON_LINES] = { .json = true,
                                    .keeps_backslash = true,
                                    .keeps_quote = true,
                                    .keeps_line_end = true },
    [TLSDIAG_ESCAPE_JSON_CLIENT] = { .json = true, .keeps_quote = true },
    [TLSDIAG_ESCAPE_JSON_QUOTED] = { .json = true },
};

/* One byte that is not plain. Returns the length of its escape. */
static size_t escape_byte(char to[LONGEST_ESCAPE], uint8_t byte, const style_row_t *style)
{
    static const char hex_digits[] = "0123456789abcdef";
    size_t length = 0;
    if (style->json) {
        to[length++] = '\\';
    }
    if ((byte == '"' && style->keeps_quote) || (byte == '\\' && style->keeps_backslash)) {
        to[length++] = (char)byte;
        return length;
    }
    if (byte == '\n' && style->keeps_line_end) {
        to[length++] = 'n';
        return length;
    }
    to[length++] = '\\';
    to[length++] = 'x';
    to[length++] = hex_digits[byte >> 4];
    to[length++] = hex_digits[byte & 15];
    return length;
}

/* A text under way: from what is left to read to how much may be written. */
typedef struct progress {
    char *to;
    size_t room;
    size_t written;
    size_t may_end; /* the last place where "..." may follow without splitting an escape */
} progress_t;

static void move_on(progress_t *text, size_t written, bool whole)
{
    size_t last = text->room >= ELLIPSIS_LENGTH ? text->room - ELLIPSIS_LENGTH : 0;
    size_t before = text->written;
    text->written += written;
    if (text->written <= last) {
        text->may_end = text->written;
    } else if (!whole && before < last) {
        text->may_end = last;
    }
}

/* Returns false when room ended before the bytes did. */
static bool escape_all(progress_t *text, tlsdiag_bytes_t bytes, tlsdiag_escape_t style)
{
    size_t read = 0;
    for (;;) {
        size_t room = text->room - text->written;
        size_t left = bytes.length - read;
        tlsdiag_bytes_t next = tlsdiag_bytes(bytes.at + read, left < room ? left : room);
        size_t plain = tlsdiag_plain_copy(text->to + text->written, next);
        move_on(text, plain, false);
        read += plain;
        if (read == bytes.length) {
            return true;
        }
        char escape[LONGEST_ESCAPE];
        size_t length = escape_byte(escape, bytes.at[read], &styles[style]);
        if (length > text->room - text->written) {
            return false;
        }
        memcpy(text->to + text->written, escape, length);
        move_on(text, length, true);
        read++;
    }
}

void tlsdiag_escape_write(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes, tlsdiag_escape_t style, size_t max_output)
{
    if (bytes.length == 0) {
        return;
    }
    size_t room = out->capacity - out->length;
    if (bytes.length <= room && bytes.length <= max_output &&
        tlsdiag_plain_copy(out->start + out->length, bytes) == bytes.length) {
        out->length += bytes.length;
        return;
    }
    progress_t text = { .to = out->start + out->length, .room = room < max_output ? room : max_output };
    if (escape_all(&text, bytes, style)) {
        out->length += text.written;
        return;
    }
    if (room < max_output) {
        out->truncated = true;
        return;
    }
    memcpy(text.to + text.may_end, "...", ELLIPSIS_LENGTH);
    out->length += text.may_end + ELLIPSIS_LENGTH;
}
