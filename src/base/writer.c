/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"

#include <stdatomic.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

tlsdiag_writer_t tlsdiag_writer(char *buffer, size_t size)
{
    return (tlsdiag_writer_t){ .start = buffer, .capacity = size - 1 };
}

const char *tlsdiag_writer_text(tlsdiag_writer_t *out)
{
    out->start[out->length] = '\0';
    return out->start;
}

void tlsdiag_writer_rewind(tlsdiag_writer_t *out, size_t length)
{
    if (length < out->length) {
        out->length = length;
    }
}

void tlsdiag_write_bytes(tlsdiag_writer_t *out, const char *text, size_t length)
{
    if (length > out->capacity - out->length) {
        out->truncated = true;
        return;
    }
    if (length > 0) {
        memcpy(out->start + out->length, text, length);
        out->length += length;
    }
}

void tlsdiag_write_char(tlsdiag_writer_t *out, char c)
{
    if (out->length == out->capacity) {
        out->truncated = true;
        return;
    }
    out->start[out->length++] = c;
}

/* Digits go in twos: half the divisions. */
static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    "555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static char *put_pair(char *to, unsigned value)
{
    memcpy(to, pairs + 2 * (size_t)value, 2);
    return to + 2;
}

static char *put_below_100(char *to, unsigned value)
{
    if (value >= 10) {
        return put_pair(to, value);
    }
    *to = (char)('0' + value);
    return to + 1;
}

static char *put_below_10000(char *to, unsigned value)
{
    return value >= 100 ? put_pair(put_below_100(to, value / 100), value % 100) : put_below_100(to, value);
}

char *tlsdiag_digits_put(char *to, uint64_t value)
{
    if (value < 10000) {
        return put_below_10000(to, (unsigned)value);
    }
    to = tlsdiag_digits_put(to, value / 10000);
    unsigned last_four = (unsigned)(value % 10000);
    return put_pair(put_pair(to, last_four / 100), last_four % 100);
}

void tlsdiag_write_u64(tlsdiag_writer_t *out, uint64_t value)
{
    if (out->capacity - out->length >= TLSDIAG_U64_DIGITS) {
        out->length = (size_t)(tlsdiag_digits_put(out->start + out->length, value) - out->start);
        return;
    }
    char digits[TLSDIAG_U64_DIGITS];
    tlsdiag_write_bytes(out, digits, (size_t)(tlsdiag_digits_put(digits, value) - digits));
}

void tlsdiag_write_i64(tlsdiag_writer_t *out, int64_t value)
{
    if (value >= 0) {
        tlsdiag_write_u64(out, (uint64_t)value);
        return;
    }
    size_t before = out->length;
    bool truncated = out->truncated;
    out->truncated = false;
    tlsdiag_write_char(out, '-');
    tlsdiag_write_u64(out, 0 - (uint64_t)value);
    if (out->truncated) {
        out->length = before; /* a lone minus would be half of a piece */
    }
    out->truncated = out->truncated || truncated;
}

void tlsdiag_write_hex(tlsdiag_writer_t *out, uint64_t value, unsigned digits)
{
    char text[16];
    for (unsigned i = digits; i-- > 0; value >>= 4) {
        text[i] = hex_digits[value & 15];
    }
    tlsdiag_write_bytes(out, text, digits);
}

void tlsdiag_write_hex_bytes(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes)
{
    if (bytes.length > (out->capacity - out->length) / 2) {
        out->truncated = true;
        return;
    }
    char *to = out->start + out->length;
    for (size_t i = 0; i < bytes.length; i++) {
        *to++ = hex_digits[bytes.at[i] >> 4];
        *to++ = hex_digits[bytes.at[i] & 15];
    }
    out->length += 2 * bytes.length;
}

static bool stands_for_itself(uint8_t byte)
{
    return byte >= 0x20 && byte <= 0x7e && byte != '\\';
}

void tlsdiag_write_escaped(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes, size_t max_output)
{
    size_t room = out->capacity - out->length;
    char *to = out->start + out->length;
    const char *end = to + (room < max_output ? room : max_output);
    for (size_t i = 0; i < bytes.length; i++) {
        uint8_t byte = bytes.at[i];
        if ((size_t)(end - to) < (stands_for_itself(byte) ? 1u : 4u)) {
            out->truncated = true;
            break;
        }
        if (stands_for_itself(byte)) {
            *to++ = (char)byte;
        } else {
            *to++ = '\\';
            *to++ = 'x';
            *to++ = hex_digits[byte >> 4];
            *to++ = hex_digits[byte & 15];
        }
    }
    out->length = (size_t)(to - out->start);
}

typedef struct civil_date {
    uint16_t year;
    uint8_t month, day;
} civil_date_t;

/*
 * Days since 1970-01-01 to the proleptic Gregorian date. Counting years from 1 March puts the leap day at the
 * end of a year, and 153 days in each five months from March make the month a division (Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", civil_from_days; for days not before 1970 only).
 */
static civil_date_t civil_from_days(unsigned days)
{
    unsigned since_0000_03_01 = days + 719468;
    unsigned era = since_0000_03_01 / 146097; /* 400 years */
    unsigned day_of_era = since_0000_03_01 % 146097;
    unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned month_from_march = (5 * day_of_year + 2) / 153;
    unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (civil_date_t){
        .year = (uint16_t)(era * 400 + year_of_era + (month <= 2)),
        .month = (uint8_t)month,
        .day = (uint8_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

/* Most of what is told is of the same day. The day's number and its date, in one word that any thread may set. */
static civil_date_t date_of(unsigned days)
{
    static _Atomic uint64_t last;
    civil_date_t date;
    uint64_t there = atomic_load_explicit(&last, memory_order_relaxed);
    uint32_t packed = (uint32_t)there; /* no date is 0 */
    _Static_assert(sizeof date == sizeof packed, "a date is half a word");
    if (there >> 32 != days || !packed) {
        date = civil_from_days(days);
        memcpy(&packed, &date, sizeof packed);
        atomic_store_explicit(&last, (uint64_t)days << 32 | packed, memory_order_relaxed);
        return date;
    }
    memcpy(&date, &packed, sizeof date);
    return date;
}

void tlsdiag_write_rfc3339(tlsdiag_writer_t *out, int64_t us)
{
    const int64_t last = INT64_C(253402300799999999); /* 9999-12-31T23:59:59.999999Z */
    uint64_t instant = (uint64_t)(us < 0 ? 0 : us > last ? last : us);
    uint64_t seconds = instant / 1000000;
    unsigned second_of_day = (unsigned)(seconds % 86400);
    civil_date_t date = date_of((unsigned)(seconds / 86400));
    unsigned fraction = (unsigned)(instant % 1000000);
    char text[27];
    char *to = put_pair(text, date.year / 100);
    to = put_pair(to, date.year % 100);
    *to++ = '-';
    to = put_pair(to, date.month);
    *to++ = '-';
    to = put_pair(to, date.day);
    *to++ = 'T';
    to = put_pair(to, second_of_day / 3600);
    *to++ = ':';
    to = put_pair(to, second_of_day / 60 % 60);
    *to++ = ':';
    to = put_pair(to, second_of_day % 60);
    *to++ = '.';
    to = put_pair(to, fraction / 10000);
    to = put_pair(to, fraction / 100 % 100);
    to = put_pair(to, fraction % 100);
    *to = 'Z';
    tlsdiag_write_inline(out, text, sizeof text);
}
