/* SPDX-License-Identifier: Apache-2.0 */
/* decode/proxy_header.h: the addresses of the PROXY protocol's own examples, and what is none. */
#include "decode/proxy_header.h"

#include <string.h>

#include "tap.h"

#define V2 "\r\n\r\n\0\r\nQUIT\n"

static const struct {
    const char *name;
    const char *bytes;
    size_t length;
    tlsdiag_proxy_result_t expected;
    const char *address;
    uint16_t port;
} rows[] = {
#define ROW(name, bytes, expected, address, port)              \
    {                                                          \
        name, bytes, sizeof bytes - 1, expected, address, port \
    }
    ROW("version 1, IPv4", "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n\x16\x03", TLSDIAG_PROXY_CLIENT, "192.0.2.7",
        51234),
    ROW("version 1, IPv6", "PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n", TLSDIAG_PROXY_CLIENT, "2001:db8::7",
        51234),
    ROW("version 1, unknown", "PROXY UNKNOWN\r\n", TLSDIAG_PROXY_LOCAL, "", 0),
    ROW("version 1, not an address", "PROXY TCP4 evil\"name 1.1.1.1 1 2\r\n", TLSDIAG_PROXY_NONE, "", 0),
    ROW("version 1, port too large", "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n", TLSDIAG_PROXY_NONE, "", 0),
    ROW("version 1, no port", "PROXY TCP4 192.0.2.7 198.51.100.1\r\n", TLSDIAG_PROXY_NONE, "", 0),
    ROW("version 1, cut off", "PROXY TCP4 192.0.2.7 198.", TLSDIAG_PROXY_INCOMPLETE, "", 0),
    ROW("version 1, no end within 107 bytes",
        "PROXY TCP6 11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111",
        TLSDIAG_PROXY_NONE, "", 0),
    ROW("version 2, IPv4", V2 "\x21\x11\0\x0c\xc0\0\x02\x07\xc6\x33\x64\x01\xc8\x22\x01\xbb", TLSDIAG_PROXY_CLIENT,
        "192.0.2.7", 51234),
    ROW("version 2, IPv6",
        V2
        "\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\xc8\x22\x01\xbb",
        TLSDIAG_PROXY_CLIENT, "2001:db8:0:0:0:0:0:7", 51234),
    ROW("version 2, LOCAL", V2 "\x20\0\0\0", TLSDIAG_PROXY_LOCAL, "", 0),
    ROW("version 2, length too short for its addresses", V2 "\x21\x11\0\x04\xc0\0\x02\x07", TLSDIAG_PROXY_NONE, "", 0),
    ROW("version 2, cut off in the addresses", V2 "\x21\x11\0\x0c\xc0\0", TLSDIAG_PROXY_INCOMPLETE, "", 0),
    ROW("a ClientHello", "\x16\x03\x01\x02\0\x01", TLSDIAG_PROXY_NONE, "", 0),
    ROW("nothing yet", "", TLSDIAG_PROXY_INCOMPLETE, "", 0),
};

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char address[48] = "";
        uint16_t port = 0;
        tlsdiag_proxy_result_t got =
            tlsdiag_proxy_header_decode(address, sizeof address, &port, tlsdiag_bytes(rows[i].bytes, rows[i].length));
        is_int(got, rows[i].expected, rows[i].name);
        if (rows[i].expected == TLSDIAG_PROXY_CLIENT) {
            is_str(address, rows[i].address, rows[i].name);
            is_int(port, rows[i].port, rows[i].name);
        }
    }
}

/* Bytes come one at a time: no prefix of a good header may be called anything but incomplete. */
static void test_prefixes(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = 0;
        tlsdiag_proxy_result_t got = TLSDIAG_PROXY_INCOMPLETE;
        while (rows[i].expected == TLSDIAG_PROXY_CLIENT && got == TLSDIAG_PROXY_INCOMPLETE && length < rows[i].length) {
            char address[48];
            uint16_t port;
            got = tlsdiag_proxy_header_decode(address, sizeof address, &port, tlsdiag_bytes(rows[i].bytes, ++length));
        }
        if (rows[i].expected == TLSDIAG_PROXY_CLIENT) {
            is_int(got, TLSDIAG_PROXY_CLIENT, rows[i].name);
        }
    }
}

static void test_small_buffer(void)
{
    char address[8] = "";
    uint16_t port;
    static const char line[] = "PROXY TCP4 192.0.2.77 198.51.100.1 51234 443\r\n";

    is_int(tlsdiag_proxy_header_decode(address, sizeof address, &port, tlsdiag_bytes(line, sizeof line - 1)),
           TLSDIAG_PROXY_NONE, "an address that does not fit is none");
}

static void test_beginnings(void)
{
    static const struct {
        const char *bytes;
        bool begins;
    } beginnings[] = { { "", false },
                       { "P", true },
                       { "PROX", true },
                       { "PROXY nonsense", true },
                       { "PROXYTCP4", false },
                       { "POST / HTTP/1.1", false },
                       { "\r\n\r", true },
                       { "\r\n\n", false },
                       { "\x16\x03\x01", false } };
    for (unsigned i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        tlsdiag_bytes_t bytes = tlsdiag_bytes(beginnings[i].bytes, strlen(beginnings[i].bytes));
        ok(tlsdiag_proxy_header_begins(bytes) == beginnings[i].begins, "beginning %u", i);
    }
}

int main(void)
{
    test_rows();
    test_beginnings();
    test_prefixes();
    test_small_buffer();
    return done_testing();
}
