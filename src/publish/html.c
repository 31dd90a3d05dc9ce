/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/html.h"

#include <string.h>

enum { LONGEST_ESCAPE = 8, DATE_TEXT = 28, SECONDS_OF_DAY = 86400 };

static const char hex_digits[] = "0123456789abcdef";

static const char *entity_of(uint8_t byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_byte(tlsdiag_stream_t *out, uint8_t byte, bool plain)
{
    tlsdiag_writer_t *text = tlsdiag_stream_room(out, LONGEST_ESCAPE);
    const char *entity = entity_of(byte);
    if (entity) {
        tlsdiag_write(text, entity);
    } else if (plain) {
        tlsdiag_write_char(text, (char)byte);
    } else {
        char escape[] = { '\\', 'x', hex_digits[byte >> 4], hex_digits[byte & 15] };
        tlsdiag_write_bytes(text, escape, sizeof escape);
    }
}

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7e;
}

void tlsdiag_html_text(tlsdiag_stream_t *out, const char *text)
{
    for (const uint8_t *at = (const uint8_t *)text; *at; at++) {
        put_byte(out, *at, is_printable(*at) || *at == '\n');
    }
}

void tlsdiag_html_client(tlsdiag_stream_t *out, tlsdiag_bytes_t bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        put_byte(out, bytes.at[i], is_printable(bytes.at[i]) && bytes.at[i] != '\\');
    }
}

static bool is_unreserved(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void tlsdiag_html_query(tlsdiag_stream_t *out, tlsdiag_bytes_t bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        tlsdiag_writer_t *text = tlsdiag_stream_room(out, LONGEST_ESCAPE);
        if (is_unreserved(bytes.at[i])) {
            tlsdiag_write_char(text, (char)bytes.at[i]);
        } else {
            tlsdiag_write_char(text, '%');
            tlsdiag_write_hex(text, bytes.at[i], 2);
        }
    }
}

void tlsdiag_html_count(tlsdiag_stream_t *out, uint64_t count)
{
    char digits[27]; /* 18,446,744,073,709,551,615 */
    size_t at = sizeof digits;
    for (unsigned n = 0; count > 0 || n == 0; n++, count /= 10) {
        if (n > 0 && n % 3 == 0) {
            digits[--at] = ',';
        }
        digits[--at] = (char)('0' + count % 10);
    }
    tlsdiag_stream_write_bytes(out, digits + at, sizeof digits - at);
}

static void put_tenths(tlsdiag_stream_t *out, uint64_t tenths, const char *unit)
{
    tlsdiag_html_count(out, tenths / 10);
    if (tenths % 10 != 0) {
        tlsdiag_stream_write(out, ".");
        tlsdiag_stream_write_u64(out, tenths % 10);
    }
    tlsdiag_stream_write(out, unit);
}

void tlsdiag_html_percent(tlsdiag_stream_t *out, uint64_t part, uint64_t whole)
{
    if (whole == 0) {
        tlsdiag_stream_write(out, "-");
        return;
    }
    part = part < whole ? part : whole; /* counters of damaged memory may say that a part is more than the whole */
    uint64_t tenths = (uint64_t)((double)part * 1000 / (double)whole + 0.5);
    if (part > 0 && tenths == 0) {
        tlsdiag_stream_write(out, "&lt; 0.1 %");
    } else if (part < whole && tenths >= 1000) {
        tlsdiag_stream_write(out, "&gt; 99.9 %");
    } else {
        put_tenths(out, tenths, " %");
    }
}

void tlsdiag_html_span(tlsdiag_stream_t *out, uint64_t us)
{
    if (us < 1000) {
        tlsdiag_html_count(out, us);
        tlsdiag_stream_write(out, " us");
    } else if (us < 999950) {
        put_tenths(out, (us + 50) / 100, " ms");
    } else {
        put_tenths(out, (us + 50000) / 100000, " s");
    }
}

void tlsdiag_html_age(tlsdiag_stream_t *out, int64_t seconds)
{
    static const struct {
        int64_t below, unit;
        const char *name;
    } units[] = {
        { 120, 1, " s" }, { 7200, 60, " min" }, { 2 * SECONDS_OF_DAY, 3600, " h" }, { INT64_MAX, SECONDS_OF_DAY, " d" }
    };
    unsigned i = 0;
    while (i < 3 && seconds >= units[i].below) {
        i++;
    }
    tlsdiag_html_count(out, seconds > 0 ? (uint64_t)(seconds / units[i].unit) : 0);
    tlsdiag_stream_write(out, units[i].name);
}

static void put_time(tlsdiag_stream_t *out, int64_t us, size_t clock_length)
{
    char date[DATE_TEXT];
    if (us <= 0) {
        tlsdiag_stream_write(out, "-");
        return;
    }
    tlsdiag_writer_t text = tlsdiag_writer(date, sizeof date);
    tlsdiag_write_rfc3339(&text, us);
    tlsdiag_stream_write(out, "<time datetime=\"");
    tlsdiag_stream_write_bytes(out, date, 19);
    tlsdiag_stream_write(out, "Z\">");
    tlsdiag_stream_write_bytes(out, date, 10);
    tlsdiag_stream_write(out, " ");
    tlsdiag_stream_write_bytes(out, date + 11, clock_length);
    tlsdiag_stream_write(out, "</time>");
}

void tlsdiag_html_time(tlsdiag_stream_t *out, int64_t us)
{
    put_time(out, us, sizeof "12:34:56" - 1);
}

void tlsdiag_html_minute(tlsdiag_stream_t *out, int64_t us)
{
    put_time(out, us, sizeof "12:34" - 1);
}

void tlsdiag_html_ago(tlsdiag_stream_t *out, int64_t us, int64_t now_us)
{
    char date[DATE_TEXT];
    if (us <= 0) {
        tlsdiag_stream_write(out, "never");
        return;
    }
    tlsdiag_writer_t text = tlsdiag_writer(date, sizeof date);
    tlsdiag_write_rfc3339(&text, us);
    tlsdiag_stream_write(out, "<time datetime=\"");
    tlsdiag_stream_write_bytes(out, date, 19);
    tlsdiag_stream_write(out, "Z\" title=\"");
    tlsdiag_stream_write_bytes(out, date, 10);
    tlsdiag_stream_write(out, " ");
    tlsdiag_stream_write_bytes(out, date + 11, 8);
    tlsdiag_stream_write(out, " UTC\">");
    tlsdiag_html_age(out, (now_us - us) / 1000000);
    tlsdiag_stream_write(out, " ago</time>");
}

void tlsdiag_html_counted(tlsdiag_stream_t *out, uint64_t count, const char *word)
{
    tlsdiag_html_count(out, count);
    tlsdiag_stream_write(out, " ");
    tlsdiag_html_text(out, word);
    if (count != 1) {
        tlsdiag_stream_write(out, "s");
    }
}
