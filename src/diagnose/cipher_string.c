/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/cipher_string.h"

#include <string.h>

#include "base/bytes.h"
#include "iana/openssl_names.h"

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

/* The next item of the string, stepping over it; empty at the end. joined: no separator stands before it. */
static tlsdiag_bytes_t next_item(const char **at, bool *joined)
{
    const char *before = *at;
    while (**at && is_separator((uint8_t) * *at)) {
        (*at)++;
    }
    const char *start = *at;
    *joined = start == before;
    while (**at && !is_separator((uint8_t) * *at) && !(*at > start && begins_item(**at))) {
        (*at)++;
    }
    return tlsdiag_bytes(start, (size_t)(*at - start));
}

/* Step over the items that OpenSSL does not read: after a command and after a word it does not know, all to the separator. */
static void skip_joined(const char **at)
{
    while (**at && !is_separator((uint8_t) * *at)) {
        (*at)++;
    }
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

/* A string in the making. */
typedef struct draft {
    tlsdiag_writer_t *out;
    size_t start;           /* of what is written, in out */
    const char *suite_name; /* to be added; NULL: none */
    int level;
    bool parts; /* what is joined is parted from here to the next separator */
} draft_t;

static bool is_empty(const draft_t *draft)
{
    return draft->out->length == draft->start;
}

static void write_item(draft_t *draft, const char *before, tlsdiag_bytes_t item)
{
    tlsdiag_write(draft->out, is_empty(draft) ? "" : ":");
    tlsdiag_write(draft->out, before);
    tlsdiag_write_bytes(draft->out, (const char *)item.at, item.length);
}

/*
 * What is joined stays joined: behind a word that this OpenSSL does not know it is not read, and parted from it would be. A -
 * cannot be joined, it would belong to the word before.
 */
static void rewrite_item(draft_t *draft, tlsdiag_bytes_t item, bool joined)
{
    const char *suite_name = draft->suite_name;
    bool kills = item.length > 1 && item.at[0] == '!';
    draft->parts = draft->parts && joined;
    if (suite_name && is(item, "DEFAULT")) {
        write_item(draft, "ALL:-COMPLEMENTOFDEFAULT:-eNULL", tlsdiag_bytes(NULL, 0));
        draft->parts = true;
    } else if (suite_name && kills && may_hit(tlsdiag_bytes(item.at + 1, item.length - 1), suite_name)) {
        write_item(draft, "-", tlsdiag_bytes(item.at + 1, item.length - 1));
        draft->parts = draft->parts || joined;
    } else if (joined && !draft->parts && !is_empty(draft)) {
        tlsdiag_write_bytes(draft->out, (const char *)item.at, item.length);
    } else {
        write_item(draft, "", item);
    }
}

/* Rewrite the items from *at to the end; false: one of them cannot be. */
static bool rewrite_items(draft_t *draft, const char *at)
{
    bool joined, first = true;
    for (tlsdiag_bytes_t item = next_item(&at, &joined); item.length; item = next_item(&at, &joined)) {
        if (starts_with(item, "PROFILE=")) {
            return false;
        }
        if (first && is(item, "SSL")) {
            continue;
        }
        /* OpenSSL knows DEFAULT at the beginning only, where it must not come to stand for want of the items before it. */
        bool unknown = !first && is(item, "DEFAULT");
        bool replaced = draft->level != TLSDIAG_LEVEL_STAYS && starts_with(item, "@SECLEVEL=");
        if (!unknown && !replaced && !is_bare_operator(item)) {
            rewrite_item(draft, item, joined);
        }
        if (unknown || item.at[0] == '@') {
            skip_joined(&at);
        }
        first = false;
    }
    return true;
}

bool tlsdiag_cipher_string_write(tlsdiag_writer_t *out, const char *configured, uint16_t suite, int level)
{
    draft_t draft = { .out = out, .start = out->length, .level = level };
    draft.suite_name = suite ? tlsdiag_openssl_suite_name(suite) : NULL;
    if (suite && !draft.suite_name) {
        return false;
    }
    if (!rewrite_items(&draft, configured ? configured : "DEFAULT")) {
        tlsdiag_writer_rewind(out, draft.start);
        return false;
    }
    if (draft.suite_name) {
        write_item(&draft, draft.suite_name, tlsdiag_bytes(NULL, 0));
    }
    if (level != TLSDIAG_LEVEL_STAYS) {
        write_item(&draft, "@SECLEVEL=", tlsdiag_bytes(NULL, 0));
        tlsdiag_write_i64(out, level);
    }
    return !out->truncated;
}
