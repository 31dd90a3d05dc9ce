/* SPDX-License-Identifier: Apache-2.0 */
/* publish/mask.h: only the network part is shown, and nothing of what is no address. */
#include "publish/mask.h"

#include <arpa/inet.h>
#include <string.h>

#include "tap.h"

/* expected NULL: nothing is shown */
static const struct {
    const char *name, *address;
    tlsdiag_mask_t mask;
    const char *expected;
} rows[] = {
    { "no mask", "192.0.2.77", { 0, 0 }, "192.0.2.77" },
    { "no mask, whatever it is", "unix:/run/x", { 0, 0 }, "unix:/run/x" },
    { "IPv4, 24 bits", "192.0.2.77", { 24, 48 }, "192.0.2.0" },
    { "IPv4, 20 bits", "198.51.255.77", { 20, 48 }, "198.51.240.0" },
    { "IPv4, 1 bit", "255.255.255.255", { 1, 48 }, "128.0.0.0" },
    { "IPv4, all bits", "192.0.2.77", { 32, 128 }, "192.0.2.77" },
    { "IPv6, 48 bits", "2001:db8:1:2::7", { 24, 48 }, "2001:db8:1::" },
    { "IPv6, 52 bits", "2001:db8:1:ff00::7", { 24, 52 }, "2001:db8:1:f000::" },
    { "IPv6, all groups written", "2001:db8:1:2:3:4:5:6", { 24, 64 }, "2001:db8:1:2::" },
    { "IPv6 upper case", "2001:DB8:ABCD::1", { 24, 48 }, "2001:db8:abcd::" },
    { "loopback", "::1", { 24, 48 }, "::" },
    { "any", "::", { 24, 48 }, "::" },
    { "ends in ::", "2001:db8::", { 24, 48 }, "2001:db8::" },
    { "a single zero group is written", "2001:db8:0:1:1:1:1:1", { 24, 128 }, "2001:db8:0:1:1:1:1:1" },
    { "the first of two runs of zeros", "2001:0:0:1:0:0:1:1", { 24, 128 }, "2001::1:0:0:1:1" },
    { "the longer run of zeros", "2001:0:0:1:0:0:0:1", { 24, 128 }, "2001:0:0:1::1" },
    { "IPv4-mapped", "::ffff:192.0.2.77", { 24, 48 }, "192.0.2.0" },
    { "IPv4-mapped in hex", "::ffff:c000:24d", { 24, 48 }, "192.0.2.0" },
    { "IPv4 inside IPv6", "64:ff9b::192.0.2.77", { 24, 96 }, "64:ff9b::" },
    { "a zone is left out", "fe80::1%eth0", { 24, 64 }, "fe80::" },
    { "only IPv4 masked: IPv6 is shown", "2001:db8::7", { 24, 0 }, "2001:db8::7" },
    { "only IPv6 masked: IPv4 is shown", "192.0.2.77", { 0, 48 }, "192.0.2.77" },
    { "empty", "", { 24, 48 }, NULL },
    { "a path", "unix:/run/x", { 24, 48 }, NULL },
    { "three octets", "192.0.2", { 24, 48 }, NULL },
    { "five octets", "192.0.2.7.7", { 24, 48 }, NULL },
    { "octet too large", "192.0.2.256", { 24, 48 }, NULL },
    { "octet too long", "192.0.2.0077", { 24, 48 }, NULL },
    { "something behind", "192.0.2.77x", { 24, 48 }, NULL },
    { "seven groups", "1:2:3:4:5:6:7", { 24, 48 }, NULL },
    { "nine groups", "1:2:3:4:5:6:7:8:9", { 24, 48 }, NULL },
    { "two ::", "1::2::3", { 24, 48 }, NULL },
    { "three colons", "1:::2", { 24, 48 }, NULL },
    { "group too long", "12345::", { 24, 48 }, NULL },
    { "colon at the end", "1:2:3:4:5:6:7:", { 24, 48 }, NULL },
    { "colon at the start", ":1:2:3:4:5:6:7", { 24, 48 }, NULL },
    { ":: that stands for nothing", "1:2:3:4::5:6:7:8", { 24, 48 }, NULL },
    { "dotted decimal in the middle", "1:2:192.0.2.7:3::", { 24, 48 }, NULL },
    { "too many with dotted decimal", "1:2:3:4:5:6:7:192.0.2.7", { 24, 48 }, NULL },
    { "no hex digit", "2001:dg8::", { 24, 48 }, NULL },
};

static void test_rows(void)
{
    char masked[TLSDIAG_ADDRESS_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool shown = tlsdiag_address_mask(masked, rows[i].address, rows[i].mask);
        is_str(shown ? masked : NULL, rows[i].expected, rows[i].name);
        ok(shown || !masked[0], "%s: nothing is left in the text", rows[i].name);
    }
}

/* The C library's own reading of addresses is the judge: same addresses accepted, same bits kept. */
static void test_against_libc(void)
{
    static const char letters[] = "0123456789abcdef:::..%";
    uint32_t state = 12345;
    unsigned wrong = 0, addresses = 0;
    for (unsigned i = 0; i < 400000; i++) {
        char text[24], masked[TLSDIAG_ADDRESS_TEXT], expected[INET6_ADDRSTRLEN];
        uint8_t bytes[16];
        size_t length = 2 + (state >> 16) % 14;
        for (size_t j = 0; j < length; j++) {
            state = state * 1664525 + 1013904223;
            text[j] = letters[(state >> 16) % (sizeof letters - 2)]; /* without % */
        }
        text[length] = '\0';
        int family = strchr(text, ':') ? AF_INET6 : AF_INET;
        bool valid = inet_pton(family, text, bytes) == 1;
        bool shown = tlsdiag_address_mask(masked, text, (tlsdiag_mask_t){ 32, 128 });
        wrong += valid != shown;
        if (valid && shown) {
            uint8_t back[16];
            bool mapped = family == AF_INET6 && strchr(masked, ':') == NULL;
            addresses++;
            wrong += !mapped &&
                     (inet_pton(family, masked, back) != 1 || memcmp(back, bytes, family == AF_INET ? 4 : 16) != 0);
            inet_ntop(family, bytes, expected, sizeof expected);
            wrong += !mapped && !strchr(expected, '.') && strcmp(expected, masked) != 0;
        }
    }
    is_int(wrong, 0, "random texts: an address is what inet_pton() says, and is written as inet_ntop() writes it");
    ok(addresses > 1000, "... %u of them were addresses", addresses);
}

int main(void)
{
    test_rows();
    test_against_libc();
    return done_testing();
}
