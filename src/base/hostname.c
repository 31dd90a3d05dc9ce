/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hostname.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool equals(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

bool tlsdiag_hostname_equals(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length == strlen(b) && equals(a, b, length);
}

/* Underscores are no letters of host names, but they are in use and clients accept them. */
static bool can_be_in_a_label(char c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_hostname(const char *at, size_t length)
{
    size_t label = 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] == '.' ? label == 0 : !can_be_in_a_label(at[i])) {
            return false;
        }
        label = at[i] == '.' ? 0 : label + 1;
    }
    return label > 0;
}

bool tlsdiag_hostname_covers(const char *pattern, tlsdiag_bytes_t host)
{
    const char *whole = (const char *)host.at;
    size_t whole_length = host.length;
    if (whole_length > 0 && whole[whole_length - 1] == '.') {
        whole_length--;
    }
    const char *name = whole;
    size_t length = whole_length;
    if (strncmp(pattern, "*.", 2) == 0) {
        const char *dot = memchr(name, '.', length);
        if (dot == NULL) {
            return false;
        }
        length -= (size_t)(dot - name);
        name = dot;
        pattern++;
    }
    /* The name is looked at last: a certificate may have many patterns, and most differ from it in length. */
    return strlen(pattern) == length && equals(pattern, name, length) && is_hostname(whole, whole_length);
}

bool tlsdiag_hostname_is_address(tlsdiag_bytes_t host)
{
    unsigned dots = 0;
    for (size_t i = 0; i < host.length; i++) {
        char c = (char)host.at[i];
        if (c == ':') {
            return true;
        }
        if (c != '.' && !(c >= '0' && c <= '9')) {
            return false;
        }
        dots += c == '.';
    }
    return dots == 3;
}

/* `co.uk` and its like: a second-level name that a registry sells names below. */
static bool is_registry_suffix(const char *suffix)
{
    static const char *const second_level[] = { "co", "com", "net", "org", "ac", "edu", "gov" };
    const char *dot = strchr(suffix, '.');
    if (dot == NULL || strlen(dot + 1) != 2) {
        return false;
    }
    for (size_t i = 0; i < sizeof second_level / sizeof second_level[0]; i++) {
        size_t length = strlen(second_level[i]);
        if (length == (size_t)(dot - suffix) && equals(suffix, second_level[i], length)) {
            return true;
        }
    }
    return false;
}

bool tlsdiag_hostname_is_too_wide(const char *pattern)
{
    if (pattern[0] != '*') {
        return false;
    }
    if (pattern[1] != '.') {
        return true;
    }
    return strchr(pattern + 2, '.') == NULL || is_registry_suffix(pattern + 2);
}
