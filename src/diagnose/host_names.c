/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/host_names.h"

#include <string.h>

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool equal_without_case(tlsdiag_bytes_t one, tlsdiag_bytes_t other)
{
    if (one.length != other.length) {
        return false;
    }
    for (size_t i = 0; i < one.length; i++) {
        if (lower(one.at[i]) != lower(other.at[i])) {
            return false;
        }
    }
    return true;
}

static tlsdiag_bytes_t text_bytes(const char *text)
{
    return tlsdiag_bytes(text, strlen(text));
}

/* A fully qualified name may be written with its root: RFC 1034 3.1. */
static tlsdiag_bytes_t without_trailing_dot(tlsdiag_bytes_t name)
{
    if (name.length > 1 && name.at[name.length - 1] == '.') {
        name.length--;
    }
    return name;
}

/* What follows the first label, without its dot; empty when there is no dot or nothing before it. */
static tlsdiag_bytes_t parent_domain(tlsdiag_bytes_t name)
{
    const uint8_t *dot = name.length ? memchr(name.at, '.', name.length) : NULL;
    if (!dot || dot == name.at) {
        return tlsdiag_bytes(NULL, 0);
    }
    return tlsdiag_bytes(dot + 1, (size_t)(name.at + name.length - dot - 1));
}

bool tlsdiag_host_name_matches(const char *presented, tlsdiag_bytes_t name)
{
    tlsdiag_bytes_t pattern = without_trailing_dot(text_bytes(presented));
    name = without_trailing_dot(name);
    if (!name.length || !pattern.length) {
        return false;
    }
    if (equal_without_case(pattern, name)) {
        return true;
    }
    if (pattern.length < 2 || memcmp(pattern.at, "*.", 2) != 0 || tlsdiag_host_name_is_address(name)) {
        return false;
    }
    tlsdiag_bytes_t domain = parent_domain(pattern);
    return parent_domain(domain).length > 0 && equal_without_case(domain, parent_domain(name));
}

bool tlsdiag_host_name_is_address(tlsdiag_bytes_t name)
{
    bool digits = false;
    if (name.length && memchr(name.at, ':', name.length)) {
        return true;
    }
    for (size_t i = 0; i < name.length; i++) {
        bool digit = name.at[i] >= '0' && name.at[i] <= '9';
        if (!digit && name.at[i] != '.') {
            return false;
        }
        digits |= digit;
    }
    return digits;
}

bool tlsdiag_certificate_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name)
{
    bool address = tlsdiag_host_name_is_address(name);
    tlsdiag_text_list_t names = address ? certificate->ip_addresses : certificate->dns_names;
    for (uint16_t i = 0; i < names.count; i++) {
        bool same = address ? equal_without_case(text_bytes(names.items[i]), name)
                            : tlsdiag_host_name_matches(names.items[i], name);
        if (same) {
            return true;
        }
    }
    return false;
}

bool tlsdiag_common_name_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name)
{
    return certificate->common_name && tlsdiag_host_name_matches(certificate->common_name, name);
}
