/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JA4 (github.com/FoxIO-LLC/ja4 technical_details/JA4.md, commit 0e54bc8): a_b_c, where a says version, SNI, counts and
 * ALPN, b is the hash of the sorted cipher suites, c of the sorted extensions and the signature algorithms in the order
 * sent. GREASE is left out everywhere. JA4_r shows the lists instead of their hashes.
 */
#include "decode/fingerprint.h"

#include <string.h>

#include "decode/fingerprint_text.h"
#include "decode/hello_lists.h"

enum { SORTED_ON_STACK = 512 }; /* real clients and scanners offer up to 350 */

/* The code points of a list, one after the other: of cipher suites, or of extensions without SNI and ALPN. */
typedef struct codes {
    tlsdiag_reader_t in;
    bool of_extensions;
} codes_t;

static bool next_code(codes_t *codes, uint16_t *code)
{
    if (!codes->of_extensions) {
        return tlsdiag_next_code(&codes->in, code);
    }
    while (tlsdiag_next_extension_type(&codes->in, code)) {
        if (*code != 0x0000 && *code != 0x0010) {
            return true;
        }
    }
    return false;
}

/* Shell sort with Ciura's gaps: an insertion sort for a client's dozen, and no cliff at a scanner's few hundred. */
static void sort(uint16_t *codes, size_t count)
{
    static const size_t gaps[] = { 132, 57, 23, 10, 4, 1 };
    size_t g = count < 40 ? sizeof gaps / sizeof gaps[0] - 1 : 0;
    for (; g < sizeof gaps / sizeof gaps[0]; g++) {
        size_t gap = gaps[g];
        for (size_t i = gap; i < count; i++) {
            uint16_t code = codes[i];
            size_t to = i;
            for (; to >= gap && codes[to - gap] > code; to -= gap) {
                codes[to] = codes[to - gap];
            }
            codes[to] = code;
        }
    }
}

/*
 * A list of any length in order, without room for it: sixteen walks, each counting the codes that share their first
 * four bits. Only lists that no real client sends come here, so the large frame is not on anyone's path.
 */
__attribute__((noinline)) static void put_sorted_by_counting(tlsdiag_text_t *text, codes_t codes)
{
    char separator = 0;
    for (unsigned high = 0; high < 16; high++) {
        uint16_t counts[0x1000] = { 0 };
        codes_t walk = codes;
        uint16_t code;
        while (next_code(&walk, &code)) {
            counts[code & 0xfff] = (uint16_t)(counts[code & 0xfff] + (code >> 12 == high));
        }
        for (unsigned low = 0; low < 0x1000; low++) {
            for (unsigned n = counts[low]; n > 0; n--) {
                tlsdiag_text_hex(text, separator, (uint16_t)(high << 12 | low));
                separator = ',';
            }
        }
    }
}

static void put_sorted(tlsdiag_text_t *text, codes_t codes)
{
    uint16_t sorted[SORTED_ON_STACK];
    size_t count = 0;
    codes_t walk = codes;
    while (count < SORTED_ON_STACK && next_code(&walk, &sorted[count])) {
        count++;
    }
    if (count == SORTED_ON_STACK) {
        put_sorted_by_counting(text, codes);
        return;
    }
    sort(sorted, count);
    for (size_t i = 0; i < count; i++) {
        tlsdiag_text_hex(text, i > 0 ? ',' : 0, sorted[i]);
    }
}

/* Then the signature algorithms "in the order they appear", after an underscore; without any, no underscore. */
static void put_signature_algorithms(tlsdiag_text_t *text, tlsdiag_bytes_t signature_algorithms)
{
    tlsdiag_reader_t list = tlsdiag_reader(signature_algorithms);
    char separator = '_';
    uint16_t code;
    while (tlsdiag_next_code(&list, &code)) {
        tlsdiag_text_hex(text, separator, code);
        separator = ',';
    }
}

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* First and last character of the first ALPN value, or of its hex form when one of the two is not alphanumeric. */
static void write_alpn(tlsdiag_writer_t *out, tlsdiag_bytes_t alpn)
{
    tlsdiag_reader_t list = tlsdiag_reader(alpn);
    tlsdiag_bytes_t name = tlsdiag_read_vector(&list, 1);
    if (name.length == 0) {
        tlsdiag_write(out, "00");
        return;
    }
    uint8_t first = name.at[0], last = name.at[name.length - 1];
    if (is_alphanumeric(first) && is_alphanumeric(last)) {
        tlsdiag_write_char(out, (char)first);
        tlsdiag_write_char(out, (char)last);
    } else {
        tlsdiag_write_hex(out, first >> 4, 1);
        tlsdiag_write_hex(out, last & 15, 1);
    }
}

static uint16_t version_of(const tlsdiag_hello_lists_t *lists)
{
    tlsdiag_reader_t list = tlsdiag_reader(lists->supported_versions);
    uint16_t highest = 0;
    uint16_t version;
    while (tlsdiag_next_code(&list, &version)) {
        highest = version > highest ? version : highest;
    }
    return highest ? highest : lists->legacy_version;
}

static const char *version_characters(uint16_t version)
{
    static const struct {
        uint16_t version;
        char characters[3];
    } rows[] = {
        { 0x0304, "13" }, { 0x0303, "12" }, { 0x0302, "11" }, { 0x0301, "10" }, { 0x0300, "s3" },
        { 0x0002, "s2" }, { 0xfeff, "d1" }, { 0xfefd, "d2" }, { 0xfefc, "d3" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].version == version) {
            return rows[i].characters;
        }
    }
    return "00";
}

/* Two digits; "If there's > 99, which there should never be, then output 99." */
static void write_count(tlsdiag_writer_t *out, unsigned count)
{
    unsigned shown = count < 99 ? count : 99;
    tlsdiag_write_char(out, (char)('0' + shown / 10));
    tlsdiag_write_char(out, (char)('0' + shown % 10));
}

static unsigned count_codes(tlsdiag_bytes_t codes)
{
    tlsdiag_reader_t list = tlsdiag_reader(codes);
    unsigned count = 0;
    uint16_t code;
    while (tlsdiag_next_code(&list, &code)) {
        count++;
    }
    return count;
}

static void write_a(tlsdiag_writer_t *out, const tlsdiag_hello_lists_t *lists)
{
    tlsdiag_write_char(out, 't');
    tlsdiag_write(out, version_characters(version_of(lists)));
    tlsdiag_write_char(out, lists->has_server_name ? 'd' : 'i');
    write_count(out, count_codes(lists->cipher_suites));
    write_count(out, lists->extensions_count);
    write_alpn(out, lists->alpn);
}

static codes_t codes_of_suites(const tlsdiag_hello_lists_t *lists)
{
    return (codes_t){ tlsdiag_reader(lists->cipher_suites), false };
}

static codes_t codes_of_extensions(const tlsdiag_hello_lists_t *lists)
{
    return (codes_t){ tlsdiag_reader(lists->extensions), true };
}

void tlsdiag_ja4_r_write(tlsdiag_writer_t *out, tlsdiag_bytes_t message)
{
    tlsdiag_hello_lists_t lists;
    tlsdiag_hello_lists_find(&lists, message);
    tlsdiag_text_t text;
    tlsdiag_text_begin_writing(&text, out);
    write_a(out, &lists);
    tlsdiag_text_char(&text, '_');
    put_sorted(&text, codes_of_suites(&lists));
    tlsdiag_text_char(&text, '_');
    put_sorted(&text, codes_of_extensions(&lists));
    put_signature_algorithms(&text, lists.signature_algorithms);
    tlsdiag_text_end(&text);
}

/* The first 12 hex digits of the hash of what JA4_r shows; zeros when there is no code point at all. */
static bool write_hash(tlsdiag_writer_t *out, codes_t codes, tlsdiag_bytes_t signature_algorithms,
                       const tlsdiag_digest_t *digest)
{
    uint16_t code;
    codes_t first = codes;
    if (!next_code(&first, &code)) {
        tlsdiag_write(out, "000000000000");
        return true;
    }
    if (!digest->start(digest->state, TLSDIAG_SHA256)) {
        return false;
    }
    tlsdiag_text_t text;
    tlsdiag_text_begin_digest(&text, digest);
    put_sorted(&text, codes);
    put_signature_algorithms(&text, signature_algorithms);
    tlsdiag_text_end(&text);
    uint8_t sha256[TLSDIAG_SHA256_BYTES];
    bool done = digest->finish(digest->state, sha256);
    tlsdiag_write_hex_bytes(out, tlsdiag_bytes(sha256, 6));
    return done;
}

/* A part of JA4_r in place of its codes. Extensions may be none where signature algorithms follow: "_0403,0804". */
static bool write_hash_of_text(tlsdiag_writer_t *out, tlsdiag_bytes_t part, const tlsdiag_digest_t *digest)
{
    uint8_t sha256[TLSDIAG_SHA256_BYTES];
    if (part.length == 0 || part.at[0] == '_') {
        tlsdiag_write(out, "000000000000");
        return true;
    }
    if (!digest->start(digest->state, TLSDIAG_SHA256)) {
        return false;
    }
    digest->add(digest->state, part);
    bool done = digest->finish(digest->state, sha256);
    tlsdiag_write_hex_bytes(out, tlsdiag_bytes(sha256, 6));
    return done;
}

bool tlsdiag_ja4_of_text(char ja4[TLSDIAG_JA4_TEXT], tlsdiag_bytes_t ja4_r, const tlsdiag_digest_t *digest)
{
    tlsdiag_writer_t out = tlsdiag_writer(ja4, TLSDIAG_JA4_TEXT);
    const uint8_t *end = ja4_r.at + ja4_r.length;
    const uint8_t *b = memchr(ja4_r.at, '_', ja4_r.length);
    const uint8_t *c = b ? memchr(b + 1, '_', (size_t)(end - b - 1)) : NULL;
    bool done = c;
    if (done) {
        tlsdiag_write_bytes(&out, (const char *)ja4_r.at, (size_t)(b + 1 - ja4_r.at));
        done = write_hash_of_text(&out, tlsdiag_bytes(b + 1, (size_t)(c - b - 1)), digest);
        tlsdiag_write_char(&out, '_');
        done = done && write_hash_of_text(&out, tlsdiag_bytes(c + 1, (size_t)(end - c - 1)), digest);
    }
    if (!done) {
        tlsdiag_writer_rewind(&out, 0);
    }
    tlsdiag_writer_text(&out);
    return done;
}

bool tlsdiag_ja4(char ja4[TLSDIAG_JA4_TEXT], tlsdiag_bytes_t message, const tlsdiag_digest_t *digest)
{
    tlsdiag_hello_lists_t lists;
    tlsdiag_hello_lists_find(&lists, message);
    tlsdiag_writer_t out = tlsdiag_writer(ja4, TLSDIAG_JA4_TEXT);
    write_a(&out, &lists);
    tlsdiag_write_char(&out, '_');
    bool done = write_hash(&out, codes_of_suites(&lists), tlsdiag_bytes(NULL, 0), digest);
    tlsdiag_write_char(&out, '_');
    done = done && write_hash(&out, codes_of_extensions(&lists), lists.signature_algorithms, digest);
    if (!done) {
        tlsdiag_writer_rewind(&out, 0);
    }
    tlsdiag_writer_text(&out);
    return done;
}
