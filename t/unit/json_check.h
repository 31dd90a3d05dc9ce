/* SPDX-License-Identifier: Apache-2.0 */
/**
 * json_check.h knows what valid JSON is (RFC 8259), more strictly than most readers: printable ASCII only, no blank
 * outside of strings, no name twice in an object, no byte after the end. And how to find a value by its dotted path.
 * It refuses to know what the values mean.
 */
#ifndef TLSDIAG_JSON_CHECK_H
#define TLSDIAG_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

enum { JSON_NAMES_CHECKED = 64, JSON_DEPTH = 12 };

/* For JSON made of damaged memory, where two things may have the same name: still JSON for most readers. */
static bool json_names_may_repeat;

static const char *json_value_end(const char *at, const char *end, int depth);

static bool json_is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

static const char *json_digits_end(const char *at, const char *end)
{
    while (json_is_digit(at, end)) {
        at++;
    }
    return at;
}

/* Whole numbers are all that is written. No leading zero. */
static const char *json_number_end(const char *at, const char *end)
{
    at += at < end && *at == '-';
    const char *after = json_digits_end(at, end);
    return after == at || (*at == '0' && after > at + 1) ? NULL : after;
}

static const char *json_string_end(const char *at, const char *end)
{
    if (at >= end || *at++ != '"') {
        return NULL;
    }
    for (; at < end && *at != '"'; at++) {
        if (*at < 0x20 || *at > 0x7e) {
            return NULL;
        }
        if (*at == '\\' && (++at == end || !strchr("\"\\/bfnrt", *at))) {
            return NULL; /* \uXXXX is allowed by the RFC and never written */
        }
    }
    return at < end ? at + 1 : NULL;
}

static const char *json_array_end(const char *at, const char *end, int depth)
{
    if (at + 1 < end && at[1] == ']') {
        return at + 2;
    }
    do {
        at = json_value_end(at + 1, end, depth + 1);
    } while (at && at < end && *at == ',');
    return at && at < end && *at == ']' ? at + 1 : NULL;
}

typedef struct json_name {
    const char *at;
    size_t length;
} json_name_t;

static bool json_name_is_new(json_name_t *names, size_t *count, const char *at, size_t length)
{
    for (size_t i = 0; i < *count; i++) {
        if (names[i].length == length && memcmp(names[i].at, at, length) == 0) {
            return json_names_may_repeat;
        }
    }
    if (*count < JSON_NAMES_CHECKED) {
        names[(*count)++] = (json_name_t){ at, length };
    }
    return true;
}

static const char *json_object_end(const char *at, const char *end, int depth)
{
    json_name_t names[JSON_NAMES_CHECKED];
    size_t count = 0;
    if (at + 1 < end && at[1] == '}') {
        return at + 2;
    }
    do {
        const char *name = at + 1;
        at = json_string_end(name, end);
        if (!at || !json_name_is_new(names, &count, name, (size_t)(at - name)) || at >= end || *at != ':') {
            return NULL;
        }
        at = json_value_end(at + 1, end, depth + 1);
    } while (at && at < end && *at == ',');
    return at && at < end && *at == '}' ? at + 1 : NULL;
}

static const char *json_word_end(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

/* One past the value that starts at at; NULL: there is none. */
static const char *json_value_end(const char *at, const char *end, int depth)
{
    if (at >= end || depth > JSON_DEPTH) {
        return NULL;
    }
    switch (*at) {
    case '{':
        return json_object_end(at, end, depth);
    case '[':
        return json_array_end(at, end, depth);
    case '"':
        return json_string_end(at, end);
    case 't':
        return json_word_end(at, end, "true");
    case 'f':
        return json_word_end(at, end, "false");
    default:
        return json_number_end(at, end); /* null is never written */
    }
}

/** The text is one object and nothing else. */
TAP_UNUSED static bool json_valid(const char *text, size_t length)
{
    return length > 0 && text[0] == '{' && json_value_end(text, text + length, 0) == text + length;
}

/**
 * Copy the value at path ("tls.client.ja3") into value, as it stands in the text (strings with their quotes).
 * Returns  false, and an empty text, when it is not there. text is valid.
 */
TAP_UNUSED static bool json_get(const char *text, const char *path, char *value, size_t size)
{
    const char *end = text + strlen(text);
    const char *at = text;
    value[0] = '\0';
    while (*path) {
        size_t length = strcspn(path, ".");
        const char *found = NULL;
        while (*at != '}' && !found) {
            const char *name = at + 2; /* behind `{"` or `,"` */
            const char *after = json_string_end(at + 1, end);
            if (!after) {
                return false;
            }
            bool same = (size_t)(after - 1 - name) == length && memcmp(name, path, length) == 0;
            found = same ? after + 1 : NULL;
            at = json_value_end(after + 1, end, 0);
        }
        if (!found) {
            return false;
        }
        at = found;
        path += length + (path[length] == '.');
        if (*path && *at != '{') {
            return false;
        }
    }
    snprintf(value, size, "%.*s", (int)(json_value_end(at, end, 0) - at), at);
    return true;
}

#endif
