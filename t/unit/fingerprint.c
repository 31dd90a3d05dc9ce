/* SPDX-License-Identifier: Apache-2.0 */
/* decode/fingerprint.h: JA3 and JA4, judged by what independent tools gave for real ClientHellos. */
#include "decode/fingerprint.h"

#include <openssl/evp.h>

#include "hellos.h"

static EVP_MD_CTX *context;
static bool md5_is_missing, sha256_is_missing;

static bool start(void *state, tlsdiag_digest_kind_t kind)
{
    if (kind == TLSDIAG_MD5 ? md5_is_missing : sha256_is_missing) {
        return false;
    }
    return EVP_DigestInit_ex(state, kind == TLSDIAG_MD5 ? EVP_md5() : EVP_sha256(), NULL) == 1;
}

static void add(void *state, tlsdiag_bytes_t data)
{
    EVP_DigestUpdate(state, data.at, data.length);
}

static bool finish(void *state, uint8_t *out)
{
    return EVP_DigestFinal_ex(state, out, NULL) == 1;
}

static tlsdiag_digest_t digest = { .start = start, .add = add, .finish = finish };
static char text[1 << 18];

typedef void write_t(tlsdiag_writer_t *out, tlsdiag_bytes_t message);

static const char *written(write_t *write, tlsdiag_bytes_t message)
{
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    write(&out, message);
    return out.truncated ? "(truncated)" : tlsdiag_writer_text(&out);
}

/* "-" in the table: no tool gave a value. */
static bool same(const hello_t *hello, int column, const char *got)
{
    const char *expected = hello->column[column];
    if (strcmp(expected, "-") == 0 || strcmp(got, expected) == 0) {
        return true;
    }
    printf("# %s: got %s\n# expected %s\n", hello->column[HELLO_ID], got, expected);
    return false;
}

/* Hashed from the texts, both must come out as when they are made from the message. */
static bool same_from_texts(const char *ja3, const char *ja4, tlsdiag_bytes_t message)
{
    char again[TLSDIAG_JA4_TEXT];
    const char *string = written(tlsdiag_ja3_string_write, message);
    bool made = tlsdiag_ja3_of_text(again, tlsdiag_bytes(string, strlen(string)), &digest);
    bool same_ja3 = made && strcmp(again, ja3) == 0;
    string = written(tlsdiag_ja4_r_write, message);
    made = tlsdiag_ja4_of_text(again, tlsdiag_bytes(string, strlen(string)), &digest);
    return same_ja3 && made && strcmp(again, ja4) == 0;
}

static void equals_other_tools(const hello_t *hello)
{
    if (hello->sslv2) {
        return;
    }
    char ja3[TLSDIAG_JA3_TEXT], ja4[TLSDIAG_JA4_TEXT];
    tlsdiag_bytes_t body = hello_body(hello);
    bool made = tlsdiag_ja3(ja3, body, &digest) && tlsdiag_ja4(ja4, body, &digest);
    ok(made && same(hello, HELLO_JA3, ja3) && same(hello, HELLO_JA4, ja4) &&
           same(hello, HELLO_JA3_STRING, written(tlsdiag_ja3_string_write, body)) &&
           same(hello, HELLO_JA4_R, written(tlsdiag_ja4_r_write, body)) && same_from_texts(ja3, ja4, body),
       "%s: %s %s", hello->column[HELLO_ID], ja3, ja4);
}

/* Nothing is read beyond the end, and the text keeps its shape, wherever a message stops. */
static void every_prefix(const hello_t *hello)
{
    tlsdiag_bytes_t body = hello_body(hello);
    if (hello->sslv2) {
        return;
    }
    for (size_t length = 0; length < body.length; length += length < 2048 ? 1 : 509) {
        char ja3[TLSDIAG_JA3_TEXT], ja4[TLSDIAG_JA4_TEXT];
        uint8_t *copy = malloc(length + 1);
        memcpy(copy, body.at, length);
        tlsdiag_bytes_t prefix = tlsdiag_bytes(copy, length);
        bool made = tlsdiag_ja3(ja3, prefix, &digest) && tlsdiag_ja4(ja4, prefix, &digest);
        const char *ja3_string = written(tlsdiag_ja3_string_write, prefix);
        bool shaped = strspn(ja3_string, "0123456789,-") == strlen(ja3_string) && same_from_texts(ja3, ja4, prefix);
        free(copy);
        if (!made || !shaped || strlen(ja3) != 32 || strlen(ja4) != 36) {
            ok(false, "%s: the first %zu bytes give %s %s", hello->column[HELLO_ID], length, ja3_string, ja4);
            return;
        }
    }
    ok(true, "%s: every prefix gives a fingerprint of the right shape", hello->column[HELLO_ID]);
}

/* A ClientHello with count suites, count extensions and one ALPN name, in descending order. */
static tlsdiag_bytes_t make_long_hello(unsigned count)
{
    static uint8_t body[1 << 18];
    size_t at = 35;
    memset(body, 0, at);
    body[0] = body[1] = 3;
    body[at++] = (uint8_t)(2 * count >> 8);
    body[at++] = (uint8_t)(2 * count);
    for (unsigned i = count; i-- > 0;) {
        body[at++] = (uint8_t)((0x2000 + i) >> 8);
        body[at++] = (uint8_t)(0x2000 + i);
    }
    body[at++] = 1;
    body[at++] = 0;
    body[at++] = (uint8_t)(4 * count >> 8);
    body[at++] = (uint8_t)(4 * count);
    for (unsigned i = count; i-- > 0;) {
        body[at++] = (uint8_t)((0x3000 + i) >> 8);
        body[at++] = (uint8_t)(0x3000 + i);
        body[at++] = 0;
        body[at++] = 0;
    }
    return tlsdiag_bytes(body, at);
}

/* Around the length where sorting on the stack ends, the text must not change its rule. */
static void lists_of_any_length_are_sorted_whole(void)
{
    static const unsigned counts[] = { 0, 1, 39, 40, 41, 511, 512, 513, 2000 };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        static char expected[1 << 18];
        unsigned count = counts[i], shown = count < 99 ? count : 99;
        char *to = expected + sprintf(expected, "t12i%02u%02u00_", shown, shown);
        for (unsigned n = 0; n < count; n++) {
            to += sprintf(to, "%s%04x", n ? "," : "", 0x2000 + n);
        }
        to += sprintf(to, "_");
        for (unsigned n = 0; n < count; n++) {
            to += sprintf(to, "%s%04x", n ? "," : "", 0x3000 + n);
        }
        const char *got = written(tlsdiag_ja4_r_write, make_long_hello(count));
        ok(strcmp(got, expected) == 0, "JA4_r of %u suites and extensions holds all of them in order", count);
    }
}

static void equal_code_points_stay(void)
{
    uint8_t body[64] = { 3, 3 };
    body[36] = 6;
    memcpy(body + 37, "\xc0\x2f\x00\x2f\xc0\x2f\x01\x00", 8);
    is_str(written(tlsdiag_ja4_r_write, tlsdiag_bytes(body, 45)), "t12i030000_002f,c02f,c02f_",
           "a suite sent twice counts twice");
}

static void alpn_characters(void)
{
    static const struct {
        const char *name;
        const char *alpn; /* of extension 16, hex */
        const char *characters;
    } rows[] = {
        { "h2",
          "00100005000302"
          "6832",
          "h2" },
        { "http/1.1",
          "0010000b000908"
          "687474702f312e31",
          "h1" },
        { "one character counts as both",
          "00100004000201"
          "61",
          "aa" },
        { "no name", "001000020000", "00" },
        { "an empty name", "00100003000100", "00" },
        { "ab",
          "00100004000201"
          "ab",
          "ab" },
        { "20",
          "00100004000201"
          "20",
          "20" },
        { "ab cd",
          "00100005000302"
          "abcd",
          "ad" },
        { "20 61",
          "00100005000302"
          "2061",
          "21" },
        { "30 ab",
          "00100005000302"
          "30ab",
          "3b" },
        { "61 20",
          "00100005000302"
          "6120",
          "60" },
        { "30 31 ab cd",
          "00100007000504"
          "3031abcd",
          "3d" },
        { "30 ab cd 31",
          "00100007000504"
          "30abcd31",
          "01" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t body[128] = { 3, 3 };
        body[36] = 2;
        body[38] = 0x2f;
        body[39] = 1;
        size_t length = read_hex(body + 43, rows[i].alpn);
        body[42] = (uint8_t)length;
        const char *ja4_r = written(tlsdiag_ja4_r_write, tlsdiag_bytes(body, 43 + length));
        ok(strncmp(ja4_r, "t12i0101", 8) == 0 && strncmp(ja4_r + 8, rows[i].characters, 2) == 0,
           "ALPN %s: %.10s, expected %s", rows[i].name, ja4_r, rows[i].characters);
    }
}

static void missing_digests(void)
{
    char ja3[TLSDIAG_JA3_TEXT] = "x", ja4[TLSDIAG_JA4_TEXT] = "x";
    tlsdiag_bytes_t message = make_long_hello(5);
    md5_is_missing = true;
    ok(!tlsdiag_ja3(ja3, message, &digest) && ja3[0] == '\0', "no MD5 on this host: no JA3, and an empty text");
    ok(tlsdiag_ja4(ja4, message, &digest) && strlen(ja4) == 36, "... JA4 is made all the same");
    sha256_is_missing = true;
    ok(!tlsdiag_ja4(ja4, message, &digest) && ja4[0] == '\0', "no SHA-256 on this host: no JA4, and an empty text");
    ok(!tlsdiag_ja4_of_text(ja4, tlsdiag_bytes("t_a_b", 5), &digest) && ja4[0] == '\0', "... from its text neither");
    ok(!tlsdiag_ja4_of_text(ja4, tlsdiag_bytes("t_a", 3), &digest) && ja4[0] == '\0', "half a text has no JA4");
    md5_is_missing = sha256_is_missing = false;
}

static void text_fits_whole_or_not_at_all(void)
{
    tlsdiag_bytes_t message = make_long_hello(300);
    size_t length = strlen(written(tlsdiag_ja3_string_write, message));
    for (size_t size = length - 2; size <= length + 2; size++) {
        tlsdiag_writer_t out = tlsdiag_writer(text, size + 3);
        tlsdiag_write(&out, "in");
        tlsdiag_ja3_string_write(&out, message);
        bool fits = size >= length;
        ok(out.truncated == !fits && out.length == 2 + (fits ? length : 0), "JA3 string of %zu in room for %zu", length,
           size);
    }
    tlsdiag_writer_t out = tlsdiag_writer(text, 40);
    tlsdiag_write(&out, "in");
    tlsdiag_ja4_r_write(&out, message);
    ok(out.truncated && out.length == 2, "JA4_r that does not fit leaves nothing behind");
}

int main(void)
{
    context = EVP_MD_CTX_new();
    digest.state = context;
    for_each_hello(equals_other_tools);
    for_each_hello(every_prefix);
    lists_of_any_length_are_sorted_whole();
    equal_code_points_stay();
    alpn_characters();
    missing_digests();
    text_fits_whole_or_not_at_all();
    EVP_MD_CTX_free(context);
    return done_testing();
}
