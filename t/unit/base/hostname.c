/* SPDX-License-Identifier: Apache-2.0 */
/* Which names a name in a certificate stands for (RFC 9525 6.3). */
#include "base/hostname.h"
#include "tap.h"

static const struct {
    const char *pattern, *host;
    bool covers;
} rows[] = {
    { "www.example.net", "www.example.net", true },
    { "www.example.net", "WWW.EXAMPLE.net", true },
    { "www.example.net", "www.example.net.", true },
    { "www.example.net", "example.net", false },
    { "example.net", "www.example.net", false },
    { "*.example.net", "www.example.net", true },
    { "*.EXAMPLE.net", "www.example.NET", true },
    { "*.example.net", "a.b.example.net", false },
    { "*.example.net", "example.net", false },
    { "*.example.net", ".example.net", false },
    { "*.net", "example.net", true },
    { "*", "localhost", false },
    { "w*.example.net", "www.example.net", false },
    { "www.*.net", "www.example.net", false },
    { "*.*.net", "www.example.net", false },
    { "www.example.net", "", false },
    { "", "", false },
    { "a..b", "a..b", false },
    { "a b", "a b", false },
    { "_sip.example.net", "_sip.example.net", true },
    { "*.example.net", "xn--bcher-kva.example.net", true },
};

static const struct {
    const char *pattern;
    bool too_wide;
} widths[] = { { "*", true },
               { "*.net", true },
               { "*.co.uk", true },
               { "*.uk", true },
               { "*.example.net", false },
               { "*.example.co.uk", false },
               { "example.net", false },
               { "*.com.example", false } };

static const struct {
    const char *host;
    bool address;
} addresses[] = { { "192.0.2.1", true }, { "2001:db8::1", true }, { "example.net", false },
                  { "1.2.3", false },    { "1.2.3.4.5", false },  { "1.2.3.x", false } };

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tlsdiag_bytes_t host = tlsdiag_bytes(rows[i].host, strlen(rows[i].host));
        ok(tlsdiag_hostname_covers(rows[i].pattern, host) == rows[i].covers, "%s %s %s", rows[i].pattern,
           rows[i].covers ? "covers" : "does not cover", rows[i].host);
    }
    ok(!tlsdiag_hostname_covers("a.example", tlsdiag_bytes("a.exam\0le", 9)), "a NUL is in no name");
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        ok(tlsdiag_hostname_is_too_wide(widths[i].pattern) == widths[i].too_wide, "%s is %stoo wide", widths[i].pattern,
           widths[i].too_wide ? "" : "not ");
    }
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        tlsdiag_bytes_t host = tlsdiag_bytes(addresses[i].host, strlen(addresses[i].host));
        ok(tlsdiag_hostname_is_address(host) == addresses[i].address, "%s is %sn address", addresses[i].host,
           addresses[i].address ? "a" : "no");
    }
    return done_testing();
}
