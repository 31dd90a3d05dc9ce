/* SPDX-License-Identifier: Apache-2.0 */
/* publish/escape.h: every byte, every length, every style. */
#include "publish/escape.h"

#include <string.h>

#include "tap.h"

static char buffer[4096];

static const char *escape(const char *bytes, size_t length, tlsdiag_escape_t style, size_t max_output)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_escape_write(&out, tlsdiag_bytes(bytes, length), style, max_output);
    return tlsdiag_writer_text(&out);
}

static const struct {
    const char *name;
    tlsdiag_escape_t style;
    const char *expected;
} styles[] = {
    { "own text in a line", TLSDIAG_ESCAPE_LINE_OWN, "a\"b\\c\\x0a\\xff</" },
    { "client bytes between quotes in a line", TLSDIAG_ESCAPE_LINE_QUOTED, "a\\x22b\\x5cc\\x0a\\xff</" },
    { "own text in JSON", TLSDIAG_ESCAPE_JSON_OWN, "a\\\"b\\\\c\\\\x0a\\\\xff</" },
    { "own lines in JSON", TLSDIAG_ESCAPE_JSON_LINES, "a\\\"b\\\\c\\n\\\\xff</" },
    { "client bytes in JSON", TLSDIAG_ESCAPE_JSON_CLIENT, "a\\\"b\\\\x5cc\\\\x0a\\\\xff</" },
    { "client bytes between quotes in a JSON line", TLSDIAG_ESCAPE_JSON_QUOTED, "a\\\\x22b\\\\x5cc\\\\x0a\\\\xff</" },
};

static void test_styles(void)
{
    static const char bytes[] = "a\"b\\c\n\xff</";
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        is_str(escape(bytes, sizeof bytes - 1, styles[i].style, TLSDIAG_ESCAPE_UNLIMITED), styles[i].expected,
               styles[i].name);
    }
    is_str(escape("", 0, TLSDIAG_ESCAPE_LINE_OWN, TLSDIAG_ESCAPE_UNLIMITED), "", "nothing");
}

/* What client bytes in a line were. Returns how many. */
static size_t unescape(const char *text, char *bytes)
{
    size_t length = 0;
    for (; *text; text++) {
        unsigned value = (uint8_t)*text;
        if (*text == '\\') {
            sscanf(text, "\\x%2x", &value);
            text += 3;
        }
        bytes[length++] = (char)value;
    }
    return length;
}

/* Each byte at each place of runs of each length up to 40: whole blocks, halves, overlaps and rests. */
static void test_every_place(void)
{
    char bytes[40], back[400];
    unsigned wrong = 0, runs = 0;
    for (size_t length = 1; length <= sizeof bytes; length++) {
        for (size_t place = 0; place < length; place++) {
            for (unsigned value = 0; value < 256; value++) {
                memset(bytes, 'a', sizeof bytes);
                bytes[place] = (char)value;
                const char *text = escape(bytes, length, TLSDIAG_ESCAPE_LINE_QUOTED, TLSDIAG_ESCAPE_UNLIMITED);
                bool plain = value >= 0x20 && value < 0x7f && value != '"' && value != '\\';
                wrong += strlen(text) != length + (plain ? 0 : 3);
                wrong += unescape(text, back) != length || memcmp(back, bytes, length) != 0;
                runs++;
            }
        }
    }
    ok(wrong == 0, "each byte at each place is escaped when it must be, and comes back (%u runs)", runs);
}

static const struct {
    const char *name, *bytes;
    size_t max_output;
    const char *expected;
} cuts[] = {
    { "as long as allowed", "abcdefgh", 8, "abcdefgh" },
    { "one too long", "abcdefghi", 8, "abcde..." },
    { "much too long", "abcdefghijklmnopqrstuvwxyz0123456789", 20, "abcdefghijklmnopq..." },
    { "never inside an escape", "abc\nefghij", 8, "abc..." },
    { "an escape that just fits before the end", "a\nefghij", 8, "a\\x0a..." },
    { "an escape at the end that fits", "abcd\n", 8, "abcd\\x0a" },
    { "an escape at the end that does not", "abcde\n", 8, "abcde..." },
    { "nothing but the sign", "abcdef", 3, "..." },
    { "escapes only", "\n\n\n\n", 9, "\\x0a..." },
};

static void test_cuts(void)
{
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        is_str(escape(cuts[i].bytes, strlen(cuts[i].bytes), TLSDIAG_ESCAPE_LINE_OWN, cuts[i].max_output),
               cuts[i].expected, cuts[i].name);
    }
}

static void test_no_room(void)
{
    char small[12];
    unsigned wrong = 0;
    for (size_t length = 1; length < 30; length++) {
        tlsdiag_writer_t out = tlsdiag_writer(small, sizeof small);
        tlsdiag_escape_write(&out, tlsdiag_bytes("abcdefghi\nklmnopqrstuvwxyz0123456", length), TLSDIAG_ESCAPE_LINE_OWN,
                             TLSDIAG_ESCAPE_UNLIMITED);
        bool fits = length < 10;
        wrong += out.truncated == fits || out.length != (fits ? length : 0);
    }
    is_int(wrong, 0, "what does not fit is left out and told");
}

int main(void)
{
    test_styles();
    test_every_place();
    test_cuts();
    test_no_room();
    return done_testing();
}
