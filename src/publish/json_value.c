/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/json_value.h"

#include <string.h>

enum { DEEPEST = 16 };

static tlsdiag_bytes_t from(tlsdiag_bytes_t bytes, size_t offset)
{
    return offset < bytes.length ? tlsdiag_bytes(bytes.at + offset, bytes.length - offset) : tlsdiag_bytes(NULL, 0);
}

static tlsdiag_bytes_t skip_space(tlsdiag_bytes_t text)
{
    size_t n = 0;
    while (n < text.length && (text.at[n] == ' ' || text.at[n] == '\n' || text.at[n] == '\t' || text.at[n] == '\r')) {
        n++;
    }
    return from(text, n);
}

/* Bytes of the string that text begins with, quotes included; 0: it has no end. */
static size_t string_length(tlsdiag_bytes_t text)
{
    for (size_t n = 1; n < text.length; n++) {
        if (text.at[n] == '\\') {
            n++;
        } else if (text.at[n] == '"') {
            return n + 1;
        }
    }
    return 0;
}

static bool ends_scalar(uint8_t c)
{
    return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t scalar_length(tlsdiag_bytes_t text)
{
    size_t n = 0;
    while (n < text.length && !ends_scalar(text.at[n])) {
        n++;
    }
    return n;
}

/* Brackets are counted, not matched by kind: what is wrong inside shows when somebody looks there. */
static size_t container_length(tlsdiag_bytes_t text)
{
    unsigned depth = 0;
    for (size_t n = 0; n < text.length; n++) {
        uint8_t c = text.at[n];
        if (c == '"') {
            size_t string = string_length(from(text, n));
            if (string == 0) {
                return 0;
            }
            n += string - 1;
        } else if (c == '{' || c == '[') {
            if (++depth > DEEPEST) {
                return 0;
            }
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return n + 1;
        }
    }
    return 0;
}

static size_t value_length(tlsdiag_bytes_t text)
{
    if (text.length == 0) {
        return 0;
    }
    switch (text.at[0]) {
    case '"':
        return string_length(text);
    case '{':
    case '[':
        return container_length(text);
    default:
        return scalar_length(text);
    }
}

tlsdiag_json_walk_t tlsdiag_json_walk(tlsdiag_json_value_t container)
{
    tlsdiag_bytes_t text = skip_space(container);
    bool is_container = text.length > 0 && (text.at[0] == '{' || text.at[0] == '[');
    return (tlsdiag_json_walk_t){ .rest = is_container ? from(text, 1) : tlsdiag_bytes(NULL, 0),
                                  .in_object = is_container && text.at[0] == '{' };
}

static bool stop(tlsdiag_json_walk_t *walk)
{
    walk->rest = tlsdiag_bytes(NULL, 0);
    return false;
}

static bool take_name(tlsdiag_json_walk_t *walk, tlsdiag_bytes_t *name)
{
    size_t length = walk->rest.length > 0 && walk->rest.at[0] == '"' ? string_length(walk->rest) : 0;
    if (length < 2) {
        return false;
    }
    *name = tlsdiag_bytes(walk->rest.at + 1, length - 2);
    walk->rest = skip_space(from(walk->rest, length));
    if (walk->rest.length == 0 || walk->rest.at[0] != ':') {
        return false;
    }
    walk->rest = skip_space(from(walk->rest, 1));
    return true;
}

bool tlsdiag_json_next(tlsdiag_json_walk_t *walk, tlsdiag_bytes_t *name, tlsdiag_json_value_t *value)
{
    tlsdiag_bytes_t unnamed = tlsdiag_bytes(NULL, 0);
    walk->rest = skip_space(walk->rest);
    if (walk->rest.length > 0 && walk->rest.at[0] == ',') {
        walk->rest = skip_space(from(walk->rest, 1));
    }
    if (walk->in_object && !take_name(walk, &unnamed)) {
        return stop(walk);
    }
    size_t length = value_length(walk->rest);
    if (length == 0) {
        return stop(walk);
    }
    *value = tlsdiag_bytes(walk->rest.at, length);
    walk->rest = from(walk->rest, length);
    if (name) {
        *name = unnamed;
    }
    return true;
}

static tlsdiag_json_value_t member(tlsdiag_json_value_t object, const char *name, size_t length)
{
    tlsdiag_json_walk_t walk = tlsdiag_json_walk(object);
    tlsdiag_bytes_t found;
    tlsdiag_json_value_t value;
    while (walk.in_object && tlsdiag_json_next(&walk, &found, &value)) {
        if (found.at && found.length == length && memcmp(found.at, name, length) == 0) {
            return value;
        }
    }
    return tlsdiag_bytes(NULL, 0);
}

tlsdiag_json_value_t tlsdiag_json_find(tlsdiag_json_value_t object, const char *path)
{
    tlsdiag_json_value_t value = object;
    while (*path && value.length > 0) {
        size_t length = strcspn(path, ".");
        value = member(value, path, length);
        path += length + (path[length] == '.');
    }
    return value;
}

static char unescaped(uint8_t c)
{
    return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : (char)c;
}

const char *tlsdiag_json_text_of(char *text, size_t size, tlsdiag_json_value_t value)
{
    size_t written = 0;
    bool is_string = value.length >= 2 && value.at[0] == '"';
    size_t end = is_string ? value.length - 1 : value.length;
    for (size_t n = is_string; n < end && written < size - 1; n++) {
        if (is_string && value.at[n] == '\\' && n + 1 < end) {
            text[written++] = unescaped(value.at[++n]);
        } else {
            text[written++] = (char)value.at[n];
        }
    }
    text[written] = '\0';
    return text;
}

uint64_t tlsdiag_json_number_of(tlsdiag_json_value_t value)
{
    uint64_t number = 0;
    for (size_t n = 0; n < value.length; n++) {
        if (value.at[n] < '0' || value.at[n] > '9' || number > UINT64_MAX / 10 - 1) {
            return 0;
        }
        number = number * 10 + (uint64_t)(value.at[n] - '0');
    }
    return number;
}

bool tlsdiag_json_is_true(tlsdiag_json_value_t value)
{
    return value.length == 4 && memcmp(value.at, "true", 4) == 0;
}
