/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/cipher_string.h"

#include <string.h>

#include "base/bytes.h"
#include "diagnose/openssl_names.h"

static bool is(tlsdiag_bytes_t item, const char *text)
{
    return item.length == strlen(text) && memcmp(item.at, text, item.length) == 0;
}

static bool starts_with(tlsdiag_bytes_t item, const char *text)
{
    return item.length >= strlen(text) && memcmp(item.at, text, strlen(text)) == 0;
}

static bool is_separator(uint8_t c)
{
    return c == ':' || c == ',' || c == ';' || c == ' ' || c == '\t' || c == '"' || c == '\'';
}

/* OpenSSL needs no separator before these: HIGH!aNULL, DEFAULT@SECLEVEL=0. */
static bool begins_item(char c)
{
    return c == '!' || c == '@';
}

/* The next item of the string, stepping over it; empty at the end. */
static tlsdiag_bytes_t next_item(const char **at)
{
    while (**at && is_separator((uint8_t) * *at)) {
        (*at)++;
    }
    const char *start = *at;
    while (**at && !is_separator((uint8_t) * *at) && !(*at > start && begins_item(**at))) {
        (*at)++;
    }
    return tlsdiag_bytes(start, (size_t)(*at - start));
}

/* Words that cannot hit a suite that a remedy would add: those are neither broken nor for keys and passwords shared before. */
static bool hits_only_unwanted(tlsdiag_bytes_t word)
{
    static const char *const words[] = { "aNULL",    "ADH",     "AECDH", "eNULL", "NULL", "EXP",   "EXPORT", "EXPORT40",
                                         "EXPORT56", "LOW",     "RC4",   "RC2",   "DES",  "3DES",  "MD5",    "PSK",
                                         "kPSK",     "kRSAPSK", "aPSK",  "SRP",   "kSRP", "aSRP",  "DSS",    "aDSS",
                                         "DSA",      "SSLv2",   "kDH",   "kDHr",  "kDHd", "kECDH", "aECDH",  "aDH",
                                         "KRB5",     "GOST",    "aGOST", "kGOST" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* Names of bulk ciphers stand in the suite's own name, so that they hit is plain to see. */
static bool hits_another_cipher(tlsdiag_bytes_t word, const char *suite_name)
{
    static const char *const ciphers[] = { "AES128", "AES256",  "CHACHA20", "CAMELLIA", "CAMELLIA128", "CAMELLIA256",
                                           "ARIA",   "ARIA128", "ARIA256",  "SEED",     "IDEA" };
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
        if (is(word, ciphers[i])) {
            return !strstr(suite_name, ciphers[i]);
        }
    }
    return false;
}

static bool may_hit(tlsdiag_bytes_t word, const char *suite_name)
{
    return !hits_only_unwanted(word) && !hits_another_cipher(word, suite_name);
}

/* An operator with nothing behind it: OpenSSL lets one stand at the end, and nowhere else. */
static bool is_bare_operator(tlsdiag_bytes_t item)
{
    return item.length == 1 && strchr("!@-+", item.at[0]) != NULL;
}

static void write_item(tlsdiag_writer_t *out, size_t start, const char *before, tlsdiag_bytes_t item)
{
    tlsdiag_write(out, out->length > start ? ":" : "");
    tlsdiag_write(out, before);
    tlsdiag_write_bytes(out, (const char *)item.at, item.length);
}

static void rewrite_item(tlsdiag_writer_t *out, size_t start, tlsdiag_bytes_t item, const char *suite_name)
{
    bool kills = item.length > 1 && item.at[0] == '!';
    if (suite_name && is(item, "DEFAULT")) {
        write_item(out, start, "ALL:-COMPLEMENTOFDEFAULT:-eNULL", tlsdiag_bytes(NULL, 0));
    } else if (suite_name && kills && may_hit(tlsdiag_bytes(item.at + 1, item.length - 1), suite_name)) {
        write_item(out, start, "-", tlsdiag_bytes(item.at + 1, item.length - 1));
    } else {
        write_item(out, start, "", item);
    }
}

static void write_level(tlsdiag_writer_t *out, size_t start, int level)
{
    write_item(out, start, "@SECLEVEL=", tlsdiag_bytes(NULL, 0));
    tlsdiag_write_i64(out, level);
}

bool tlsdiag_cipher_string_write(tlsdiag_writer_t *out, const char *configured, uint16_t suite, int level)
{
    const char *suite_name = suite ? tlsdiag_openssl_suite_name(suite) : NULL;
    const char *at = configured ? configured : "DEFAULT";
    size_t start = out->length;
    if (suite && !suite_name) {
        return false;
    }
    for (tlsdiag_bytes_t item = next_item(&at); item.length; item = next_item(&at)) {
        if (starts_with(item, "PROFILE=")) {
            tlsdiag_writer_rewind(out, start);
            return false;
        }
        bool replaced = level != TLSDIAG_LEVEL_STAYS && starts_with(item, "@SECLEVEL=");
        if (!replaced && !is_bare_operator(item) && !(out->length == start && is(item, "SSL"))) {
            rewrite_item(out, start, item, suite_name);
        }
    }
    if (suite_name) {
        write_item(out, start, suite_name, tlsdiag_bytes(NULL, 0));
    }
    if (level != TLSDIAG_LEVEL_STAYS) {
        write_level(out, start, level);
    }
    return !out->truncated;
}
