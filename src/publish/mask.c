/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/mask.h"

#include <string.h>

#include "base/writer.h"

enum { GROUPS = 8, MAPPED_PREFIX_BYTES = 12 };

static const uint8_t mapped_prefix[MAPPED_PREFIX_BYTES] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* A number of at most three digits up to 255, as in dotted decimal. Returns what follows it, NULL: none. */
static const char *read_octet(const char *text, uint8_t *octet)
{
    unsigned value = 0;
    int digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++) {
        value = value * 10 + (unsigned)(*text - '0');
    }
    *octet = (uint8_t)value;
    return digits > 0 && digits < 4 && value <= 255 ? text : NULL;
}

static const char *read_ipv4(const char *text, uint8_t octets[4])
{
    for (int i = 0; text && i < 4; i++) {
        if (i > 0 && *text++ != '.') {
            return NULL;
        }
        text = read_octet(text, &octets[i]);
    }
    return text;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to four hex digits. Returns what follows them, NULL: none. */
static const char *read_group(const char *text, uint8_t group[2])
{
    unsigned value = 0;
    int digits = 0;
    for (; digits < 5 && hex_value(*text) >= 0; text++, digits++) {
        value = value << 4 | (unsigned)hex_value(*text);
    }
    group[0] = (uint8_t)(value >> 8);
    group[1] = (uint8_t)value;
    return digits > 0 && digits < 5 ? text : NULL;
}

static bool is_end(char c)
{
    return c == '\0' || c == '%'; /* RFC 4007 11: a zone follows */
}

/* Groups are read from the left; what follows "::" is then moved to the right end. */
typedef struct groups {
    uint8_t bytes[16];
    int count; /* bytes read */
    int gap;   /* bytes before "::"; -1: none seen */
} groups_t;

/* One step: "::", or a group, or dotted decimal at the end. Returns what follows, NULL: no address. */
static const char *read_next(groups_t *groups, const char *text)
{
    if (text[0] == ':' && text[1] == ':' && groups->gap < 0) {
        groups->gap = groups->count;
        return text + 2;
    }
    if (groups->count > 0 && groups->count != groups->gap && *text++ != ':') {
        return NULL;
    }
    uint8_t octets[4];
    const char *after = groups->count <= 12 ? read_ipv4(text, octets) : NULL;
    if (after && is_end(*after)) {
        memcpy(groups->bytes + groups->count, octets, sizeof octets);
        groups->count += 4;
        return after;
    }
    if (groups->count > 14) {
        return NULL;
    }
    text = read_group(text, groups->bytes + groups->count);
    groups->count += 2;
    return text;
}

static bool read_ipv6(const char *text, uint8_t bytes[16])
{
    groups_t groups = { .gap = -1 };
    while (text && !is_end(*text)) {
        text = read_next(&groups, text);
    }
    if (!text || (groups.gap < 0 ? groups.count != 16 : groups.count > 14)) {
        return false;
    }
    int before = groups.gap < 0 ? 16 : groups.gap;
    int after = groups.count - before > 0 ? groups.count - before : 0;
    memset(bytes, 0, 16);
    memcpy(bytes, groups.bytes, (size_t)before);
    memcpy(bytes + 16 - after, groups.bytes + before, (size_t)after);
    return true;
}

static void clear_after(uint8_t *bytes, unsigned length, unsigned bits)
{
    for (unsigned i = 0; i < length; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
        if (kept < 8) {
            bytes[i] &= (uint8_t)(0xff00u >> kept);
        }
    }
}

static void write_ipv4(tlsdiag_writer_t *out, const uint8_t octets[4])
{
    for (int i = 0; i < 4; i++) {
        if (i > 0) {
            tlsdiag_write_char(out, '.');
        }
        tlsdiag_write_u64(out, octets[i]);
    }
}

static bool group_is_zero(const uint8_t bytes[16], int group)
{
    return bytes[2 * group] == 0 && bytes[2 * group + 1] == 0;
}

/* RFC 5952 4.2.3: "::" stands for the longest run of zero groups, the first one of several, never for a single group. */
static int longest_zero_run(const uint8_t bytes[16], int *run_length)
{
    int best = -1, length = 0;
    *run_length = 1;
    for (int group = 0; group < GROUPS; group++) {
        length = group_is_zero(bytes, group) ? length + 1 : 0;
        if (length > *run_length) {
            *run_length = length;
            best = group - length + 1;
        }
    }
    return best;
}

static void write_group(tlsdiag_writer_t *out, const uint8_t group[2])
{
    unsigned value = (unsigned)group[0] << 8 | group[1];
    tlsdiag_write_hex(out, value, value > 0xfff ? 4 : value > 0xff ? 3 : value > 0xf ? 2 : 1);
}

static void write_ipv6(tlsdiag_writer_t *out, const uint8_t bytes[16])
{
    int run_length;
    int run = longest_zero_run(bytes, &run_length);
    for (int group = 0; group < GROUPS; group++) {
        if (group == run) {
            tlsdiag_write(out, "::");
            group += run_length - 1;
            continue;
        }
        if (group > 0 && (run < 0 || group != run + run_length)) {
            tlsdiag_write_char(out, ':');
        }
        write_group(out, bytes + 2 * group);
    }
}

static bool mask_ipv4(tlsdiag_writer_t *out, uint8_t octets[4], tlsdiag_mask_t mask)
{
    clear_after(octets, 4, mask.ipv4_bits ? mask.ipv4_bits : 32);
    write_ipv4(out, octets);
    return true;
}

static bool mask_ipv6(tlsdiag_writer_t *out, uint8_t bytes[16], tlsdiag_mask_t mask)
{
    if (memcmp(bytes, mapped_prefix, sizeof mapped_prefix) == 0) {
        return mask_ipv4(out, bytes + MAPPED_PREFIX_BYTES, mask);
    }
    clear_after(bytes, 16, mask.ipv6_bits ? mask.ipv6_bits : 128);
    write_ipv6(out, bytes);
    return true;
}

static bool write_masked(tlsdiag_writer_t *out, const char *address, tlsdiag_mask_t mask)
{
    uint8_t bytes[16];
    const char *end = read_ipv4(address, bytes);
    if (end && *end == '\0') {
        return mask_ipv4(out, bytes, mask);
    }
    return read_ipv6(address, bytes) && mask_ipv6(out, bytes, mask);
}

bool tlsdiag_address_mask(char masked[TLSDIAG_ADDRESS_TEXT], const char *address, tlsdiag_mask_t mask)
{
    tlsdiag_writer_t out = tlsdiag_writer(masked, TLSDIAG_ADDRESS_TEXT);
    bool known = true;
    if (mask.ipv4_bits || mask.ipv6_bits) {
        known = write_masked(&out, address, mask);
    } else {
        tlsdiag_write(&out, address);
    }
    tlsdiag_writer_text(&out);
    return known;
}

bool tlsdiag_address_text(char text[TLSDIAG_ADDRESS_TEXT], const uint8_t *address, unsigned length, tlsdiag_mask_t mask)
{
    uint8_t bytes[16];
    tlsdiag_writer_t out = tlsdiag_writer(text, TLSDIAG_ADDRESS_TEXT);
    bool known = length == 4 || length == 16;
    if (known) {
        memcpy(bytes, address, length);
        known = length == 4 ? mask_ipv4(&out, bytes, mask) : mask_ipv6(&out, bytes, mask);
    }
    tlsdiag_writer_text(&out);
    return known;
}

unsigned tlsdiag_address_parse(uint8_t bytes[16], const char *address)
{
    uint8_t read[16];
    const char *end = read_ipv4(address, read);
    unsigned length = end && *end == '\0' ? 4 : read_ipv6(address, read) ? 16 : 0;
    if (length == 16 && memcmp(read, mapped_prefix, sizeof mapped_prefix) == 0) {
        memmove(read, read + MAPPED_PREFIX_BYTES, 4);
        length = 4;
    }
    memcpy(bytes, read, length);
    return length;
}
