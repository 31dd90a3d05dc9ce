/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/query.h"

#include <string.h>

typedef struct parameter {
    tlsdiag_bytes_t name, value;
    bool has_value;
} parameter_t;

/* One place where a text goes, and whether it has come already. */
typedef struct target {
    const char *name;
    char *text;
    size_t size;
    bool seen;
} target_t;

static bool is(tlsdiag_bytes_t bytes, const char *text)
{
    return bytes.length == strlen(text) && memcmp(bytes.at, text, bytes.length) == 0;
}

static int hex_value(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static int next_byte(tlsdiag_reader_t *in)
{
    uint8_t c = tlsdiag_read_u8(in);
    if (c == '+') {
        return ' ';
    }
    if (c != '%') {
        return c;
    }
    int high = hex_value(tlsdiag_read_u8(in));
    int low = hex_value(tlsdiag_read_u8(in));
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool decode(char *text, size_t size, tlsdiag_bytes_t value)
{
    tlsdiag_reader_t in = tlsdiag_reader(value);
    size_t length = 0;
    while (tlsdiag_remaining(&in) > 0) {
        int byte = next_byte(&in);
        if (byte < 0x20 || byte > 0x7e || length >= size - 1) {
            return false;
        }
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    return !in.failed;
}

static uint32_t number_of(tlsdiag_bytes_t value, uint32_t most)
{
    uint32_t number = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (value.at[i] < '0' || value.at[i] > '9') {
            return 0;
        }
        number = number * 10 + (uint32_t)(value.at[i] - '0');
        if (number > most) {
            return most;
        }
    }
    return number;
}

static bool next_parameter(tlsdiag_bytes_t *rest, parameter_t *parameter)
{
    if (rest->length == 0) {
        return false;
    }
    const uint8_t *amp = memchr(rest->at, '&', rest->length);
    size_t length = amp ? (size_t)(amp - rest->at) : rest->length;
    const uint8_t *equals = memchr(rest->at, '=', length);
    size_t name = equals ? (size_t)(equals - rest->at) : length;
    parameter->name = tlsdiag_bytes(rest->at, name);
    parameter->has_value = equals != NULL;
    parameter->value = equals ? tlsdiag_bytes(equals + 1, length - name - 1) : tlsdiag_bytes(NULL, 0);
    size_t step = length + (amp != NULL);
    *rest = tlsdiag_bytes(rest->at + step, rest->length - step);
    return true;
}

static bool read_text(target_t *targets, size_t count, const parameter_t *parameter)
{
    for (size_t i = 0; i < count; i++) {
        if (is(parameter->name, targets[i].name)) {
            bool first = !targets[i].seen;
            targets[i].seen = true;
            return first && decode(targets[i].text, targets[i].size, parameter->value);
        }
    }
    return true;
}

/* mod_status: "refresh" alone means its default, and so does a number below 1 (mod_status.c). */
static void read_rest(tlsdiag_query_t *query, const parameter_t *parameter)
{
    if (is(parameter->name, "refresh")) {
        uint32_t seconds = number_of(parameter->value, TLSDIAG_REFRESH_MOST);
        query->refresh = seconds ? seconds : TLSDIAG_REFRESH_DEFAULT;
    } else if (is(parameter->name, "limit")) {
        uint32_t limit = number_of(parameter->value, TLSDIAG_LIMIT_MOST);
        query->limit = limit ? limit : TLSDIAG_LIMIT_DEFAULT;
    } else if (is(parameter->name, "outcome")) {
        query->outcome = is(parameter->value, "failure")   ? TLSDIAG_ONLY_FAILURE
                         : is(parameter->value, "success") ? TLSDIAG_ONLY_SUCCESS
                         : is(parameter->value, "unknown") ? TLSDIAG_ONLY_UNKNOWN
                                                           : TLSDIAG_ANY_OUTCOME;
    } else if (is(parameter->name, "json")) {
        query->json = true;
    }
}

tlsdiag_query_t tlsdiag_query_read(tlsdiag_bytes_t args)
{
    tlsdiag_query_t query = { .valid = true, .limit = TLSDIAG_LIMIT_DEFAULT };
    target_t targets[] = {
        { "cause", query.cause, sizeof query.cause, false },    { "vhost", query.vhost, sizeof query.vhost, false },
        { "client", query.client, sizeof query.client, false }, { "ja4", query.ja4, sizeof query.ja4, false },
        { "sni", query.sni, sizeof query.sni, false },
    };
    parameter_t parameter;
    while (query.valid && next_parameter(&args, &parameter)) {
        query.valid = read_text(targets, sizeof targets / sizeof *targets, &parameter);
        read_rest(&query, &parameter);
    }
    return query;
}

bool tlsdiag_query_filters(const tlsdiag_query_t *query)
{
    return query->cause[0] || query->vhost[0] || query->client[0] || query->ja4[0] || query->sni[0];
}
