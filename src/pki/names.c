/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/names.h"

#include <string.h>

#include "base/hostname.h"

enum { ADDRESS_TEXT = 48 };

/* Both are in the form of inet_ntop, which has one form for each address. */
static bool is_address(const char *presented, tlsdiag_bytes_t name)
{
    char text[ADDRESS_TEXT];
    if (name.length >= sizeof text) {
        return false;
    }
    memcpy(text, name.at, name.length);
    text[name.length] = '\0';
    return tlsdiag_hostname_equals(presented, text);
}

bool tlsdiag_certificate_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name)
{
    bool address = tlsdiag_hostname_is_address(name);
    tlsdiag_text_list_t names = address ? certificate->ip_addresses : certificate->dns_names;
    for (uint16_t i = 0; i < names.count && name.length; i++) {
        bool same = address ? is_address(names.items[i], name) : tlsdiag_hostname_covers(names.items[i], name);
        if (same) {
            return true;
        }
    }
    return false;
}

bool tlsdiag_common_name_covers(const tlsdiag_certificate_t *certificate, tlsdiag_bytes_t name)
{
    return certificate->common_name && tlsdiag_hostname_covers(certificate->common_name, name);
}
