/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JA3 (github.com/salesforce/ja3): SSLVersion,Ciphers,Extensions,EllipticCurves,EllipticCurvePointFormats, in decimal and
 * in the order sent, values joined by "-". GREASE is left out of the first three lists; an absent list is an empty field.
 */
#include "decode/fingerprint.h"

#include <string.h>

#include "decode/fingerprint_text.h"
#include "decode/hello_lists.h"

/* One field: a comma, then its values. */
static void put_codes(tlsdiag_text_t *text, tlsdiag_bytes_t codes)
{
    tlsdiag_reader_t list = tlsdiag_reader(codes);
    char separator = 0;
    uint16_t code;
    tlsdiag_text_char(text, ',');
    while (tlsdiag_next_code(&list, &code)) {
        tlsdiag_text_decimal(text, separator, code);
        separator = '-';
    }
}

static void put_extension_types(tlsdiag_text_t *text, tlsdiag_bytes_t extensions)
{
    tlsdiag_reader_t block = tlsdiag_reader(extensions);
    char separator = 0;
    uint16_t type;
    tlsdiag_text_char(text, ',');
    while (tlsdiag_next_extension_type(&block, &type)) {
        tlsdiag_text_decimal(text, separator, type);
        separator = '-';
    }
}

static void put_point_formats(tlsdiag_text_t *text, tlsdiag_bytes_t formats)
{
    tlsdiag_text_char(text, ',');
    for (size_t i = 0; i < formats.length; i++) {
        tlsdiag_text_decimal(text, i > 0 ? '-' : 0, formats.at[i]);
    }
}

static void put_ja3(tlsdiag_text_t *text, tlsdiag_bytes_t message)
{
    tlsdiag_hello_lists_t lists;
    tlsdiag_hello_lists_find(&lists, message);
    tlsdiag_text_decimal(text, 0, lists.legacy_version);
    put_codes(text, lists.cipher_suites);
    put_extension_types(text, lists.extensions);
    put_codes(text, lists.supported_groups);
    put_point_formats(text, lists.ec_point_formats);
    tlsdiag_text_end(text);
}

void tlsdiag_ja3_string_write(tlsdiag_writer_t *out, tlsdiag_bytes_t message)
{
    tlsdiag_text_t text;
    tlsdiag_text_begin_writing(&text, out);
    put_ja3(&text, message);
}

/* What stands behind so many commas. */
static const uint8_t *behind_comma(tlsdiag_bytes_t text, unsigned commas)
{
    const uint8_t *at = text.at, *end = text.at + text.length;
    for (; commas > 0 && at; commas--) {
        at = memchr(at, ',', (size_t)(end - at));
        at += at != NULL;
    }
    return at ? at : end;
}

void tlsdiag_ja3_string_reorder(tlsdiag_writer_t *out, tlsdiag_bytes_t ja3_string, const uint16_t *extensions,
                                size_t count)
{
    const uint8_t *head_end = behind_comma(ja3_string, 2) - 1, *tail = behind_comma(ja3_string, 3) - 1;
    char separator = 0;
    tlsdiag_text_t text;
    tlsdiag_write_bytes(out, (const char *)ja3_string.at, (size_t)(head_end - ja3_string.at));
    tlsdiag_text_begin_writing(&text, out);
    tlsdiag_text_char(&text, ',');
    for (size_t i = 0; i < count; i++) {
        if (!tlsdiag_iana_is_grease(extensions[i])) {
            tlsdiag_text_decimal(&text, separator, extensions[i]);
            separator = '-';
        }
    }
    tlsdiag_text_end(&text);
    tlsdiag_write_bytes(out, (const char *)tail, (size_t)(ja3_string.at + ja3_string.length - tail));
}

/* Takes the digest, to which the text was added, to its end. */
static bool write_ja3(char ja3[TLSDIAG_JA3_TEXT], const tlsdiag_digest_t *digest)
{
    uint8_t md5[TLSDIAG_MD5_BYTES];
    if (!digest->finish(digest->state, md5)) {
        return false;
    }
    tlsdiag_writer_t out = tlsdiag_writer(ja3, TLSDIAG_JA3_TEXT);
    tlsdiag_write_hex_bytes(&out, tlsdiag_bytes(md5, sizeof md5));
    tlsdiag_writer_text(&out);
    return true;
}

bool tlsdiag_ja3_of_text(char ja3[TLSDIAG_JA3_TEXT], tlsdiag_bytes_t ja3_string, const tlsdiag_digest_t *digest)
{
    ja3[0] = '\0';
    if (!digest->start(digest->state, TLSDIAG_MD5)) {
        return false;
    }
    digest->add(digest->state, ja3_string);
    return write_ja3(ja3, digest);
}

bool tlsdiag_ja3(char ja3[TLSDIAG_JA3_TEXT], tlsdiag_bytes_t message, const tlsdiag_digest_t *digest)
{
    ja3[0] = '\0';
    if (!digest->start(digest->state, TLSDIAG_MD5)) {
        return false;
    }
    tlsdiag_text_t text;
    tlsdiag_text_begin_digest(&text, digest);
    put_ja3(&text, message);
    return write_ja3(ja3, digest);
}
