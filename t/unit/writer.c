/* SPDX-License-Identifier: Apache-2.0 */
/* base/writer.h: text in a buffer of fixed size, whole pieces or nothing. */
#include "base/writer.h"

#include <inttypes.h>
#include <time.h>

#include "tap.h"

static char buffer[256];

static const char *u64(uint64_t value)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_u64(&out, value);
    return tlsdiag_writer_text(&out);
}

static const char *i64(int64_t value)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_i64(&out, value);
    return tlsdiag_writer_text(&out);
}

static const char *hex(uint64_t value, unsigned digits)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_hex(&out, value, digits);
    return tlsdiag_writer_text(&out);
}

static const char *rfc3339(int64_t us)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_rfc3339(&out, us);
    return tlsdiag_writer_text(&out);
}

static const char *escaped(const char *bytes, size_t length, size_t max_output, bool *truncated)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_escaped(&out, tlsdiag_bytes(bytes, length), max_output);
    *truncated = out.truncated;
    return tlsdiag_writer_text(&out);
}

static void numbers(void)
{
    is_str(u64(0), "0", "u64 zero");
    is_str(u64(9), "9", "u64 one digit");
    is_str(u64(10), "10", "u64 two digits");
    is_str(u64(UINT32_MAX), "4294967295", "u64 beyond 32 bits");
    is_str(u64(UINT64_MAX), "18446744073709551615", "u64 largest");
    is_str(i64(-1), "-1", "i64 negative");
    is_str(i64(INT64_MAX), "9223372036854775807", "i64 largest");
    is_str(i64(INT64_MIN), "-9223372036854775808", "i64 smallest");
    is_str(hex(0x0a, 4), "000a", "hex is padded to its digits");
    is_str(hex(UINT64_MAX, 16), "ffffffffffffffff", "hex sixteen digits");
    is_str(hex(0x12345, 4), "2345", "hex keeps the low digits");
}

/* Every day of 1970 to 2106, and some of later centuries, against the C library's calendar. */
static void every_date(void)
{
    unsigned wrong = 0;
    for (int64_t day = 0; day < 50000 && wrong < 5; day++) {
        int64_t seconds = day * 86400 + day % 86400;
        time_t instant = (time_t)seconds;
        char expected[64];
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000Z", gmtime(&instant));
        if (strcmp(rfc3339(seconds * 1000000), expected) != 0) {
            printf("# day %" PRId64 ": got %s, expected %s\n", day, buffer, expected);
            wrong++;
        }
    }
    is_int(wrong, 0, "RFC 3339: every day of 1970 to 2106 equals the C library's");
}

static void dates(void)
{
    is_str(rfc3339(0), "1970-01-01T00:00:00.000000Z", "RFC 3339: the epoch");
    is_str(rfc3339(INT64_C(1795222923123456)), "2026-11-21T01:02:03.123456Z", "RFC 3339: the header's example");
    is_str(rfc3339(INT64_C(951868799999999)), "2000-02-29T23:59:59.999999Z", "RFC 3339: leap day of a 400th year");
    is_str(rfc3339(INT64_C(4107542400000000)), "2100-03-01T00:00:00.000000Z", "RFC 3339: no leap day in 2100");
    is_str(rfc3339(INT64_MAX), "9999-12-31T23:59:59.999999Z",
           "RFC 3339: what is beyond its four digits stays the last");
    is_str(rfc3339(-1), "1970-01-01T00:00:00.000000Z", "RFC 3339: what is before 1970 stays the first");
    every_date();
}

static void escaping(void)
{
    bool cut;
    is_str(escaped("plain text~", 11, 100, &cut), "plain text~", "printable ASCII stays");
    is_str(escaped("a\\x41", 5, 100, &cut), "a\\x5cx41", "the backslash is escaped, so it can be undone");
    is_str(escaped("\0\r\n\x7f\xff", 5, 100, &cut), "\\x00\\x0d\\x0a\\x7f\\xff", "no other byte gets through");
    ok(!cut, "... and nothing was cut");
    is_str(escaped("abcdef", 6, 4, &cut), "abcd", "cuts after max_output characters");
    ok(cut, "... and says so");
    is_str(escaped("ab\xff", 3, 5, &cut), "ab", "never cuts inside \\xHH");
    ok(cut, "... and says so");
    is_str(escaped("ab\xff", 3, 6, &cut), "ab\\xff", "what fits exactly is not cut");
    ok(!cut, "... and says so");
    is_str(escaped(NULL, 0, 10, &cut), "", "nothing of nothing");
}

/* Any bytes become text of printable ASCII that decodes back to them. */
static void escaping_is_reversible(void)
{
    char text[4 * 256 + 1];
    uint8_t bytes[256], back[256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 167 + 13);
    }
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_write_escaped(&out, tlsdiag_bytes(bytes, sizeof bytes), sizeof text);
    const char *c = tlsdiag_writer_text(&out);
    size_t n = 0;
    bool printable = true;
    while (*c && n < sizeof back) {
        unsigned value = (uint8_t)*c;
        printable = printable && *c >= 0x20 && *c <= 0x7e;
        if (*c == '\\') {
            sscanf(c + 2, "%2x", &value);
            c += 3;
        }
        back[n++] = (uint8_t)value;
        c++;
    }
    ok(printable, "all 256 bytes escaped are printable ASCII");
    ok(n == sizeof bytes && memcmp(bytes, back, n) == 0, "... and decode back to themselves");
}

typedef struct piece_row {
    const char *name;
    void (*write)(tlsdiag_writer_t *out);
    const char *text;
} piece_row_t;

static void write_text(tlsdiag_writer_t *out)
{
    tlsdiag_write(out, "text");
}
static void write_char(tlsdiag_writer_t *out)
{
    tlsdiag_write_char(out, 'c');
}
static void write_u64(tlsdiag_writer_t *out)
{
    tlsdiag_write_u64(out, 12345);
}
static void write_i64(tlsdiag_writer_t *out)
{
    tlsdiag_write_i64(out, -12345);
}
static void write_hex(tlsdiag_writer_t *out)
{
    tlsdiag_write_hex(out, 0xbeef, 4);
}
static void write_hex_bytes(tlsdiag_writer_t *out)
{
    tlsdiag_write_hex_bytes(out, tlsdiag_bytes("\x01\xfe", 2));
}
static void write_rfc3339(tlsdiag_writer_t *out)
{
    tlsdiag_write_rfc3339(out, 1);
}

/* Each piece into each size of buffer: whole when it fits, nothing and `truncated` when not, never a byte beyond. */
static void pieces_are_whole_or_not_there(void)
{
    static const piece_row_t rows[] = {
        { "text", write_text, "text" },
        { "char", write_char, "c" },
        { "u64", write_u64, "12345" },
        { "i64", write_i64, "-12345" },
        { "hex", write_hex, "beef" },
        { "hex bytes", write_hex_bytes, "01fe" },
        { "RFC 3339", write_rfc3339, "1970-01-01T00:00:00.000001Z" },
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        size_t length = strlen(rows[r].text);
        for (size_t size = 1; size <= length + 2; size++) {
            memset(buffer, '!', sizeof buffer);
            tlsdiag_writer_t out = tlsdiag_writer(buffer, size);
            rows[r].write(&out);
            bool fits = size > length;
            bool right = strcmp(tlsdiag_writer_text(&out), fits ? rows[r].text : "") == 0;
            ok(right && out.truncated == !fits && buffer[size] == '!', "%s in a buffer of %zu", rows[r].name, size);
        }
    }
}

static void truncation_is_remembered(void)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, 6);
    tlsdiag_write(&out, "abcdef");
    tlsdiag_write_i64(&out, -1);
    tlsdiag_write(&out, "x");
    is_str(tlsdiag_writer_text(&out), "-1x", "a shorter piece still goes in after one that did not fit");
    ok(out.truncated, "... and what was left out is remembered");
    tlsdiag_writer_rewind(&out, 2);
    is_str(tlsdiag_writer_text(&out), "-1", "rewind goes back");
    tlsdiag_writer_rewind(&out, 5);
    is_str(tlsdiag_writer_text(&out), "-1", "... and never forward");
}

int main(void)
{
    numbers();
    dates();
    escaping();
    escaping_is_reversible();
    pieces_are_whole_or_not_there();
    truncation_is_remembered();
    return done_testing();
}
