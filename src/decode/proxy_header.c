/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/proxy_header.h"

#include <string.h>

#include "base/writer.h"

static const uint8_t signature_v2[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

enum { V1_LINE_BYTES = 107, COMMAND_LOCAL = 0x20, COMMAND_PROXY = 0x21, TCP_OVER_IPV4 = 0x11, TCP_OVER_IPV6 = 0x21 };

/* The next word of a version 1 line; words are parted by exactly one space. */
static tlsdiag_bytes_t read_word(tlsdiag_reader_t *in)
{
    size_t length = 0;

    while (length < tlsdiag_remaining(in) && in->at[length] != ' ') {
        length++;
    }
    tlsdiag_bytes_t word = tlsdiag_read(in, length);
    tlsdiag_read(in, tlsdiag_remaining(in) ? 1 : 0);
    return word;
}

static bool word_is(tlsdiag_bytes_t word, const char *text)
{
    return word.length == strlen(text) && memcmp(word.at, text, word.length) == 0;
}

static bool read_port(uint16_t *port, tlsdiag_bytes_t word)
{
    uint32_t value = 0;

    for (size_t i = 0; i < word.length; i++) {
        if (word.at[i] < '0' || word.at[i] > '9' || value > UINT16_MAX) {
            return false;
        }
        value = value * 10 + (uint32_t)(word.at[i] - '0');
    }
    *port = (uint16_t)value;
    return word.length > 0 && value <= UINT16_MAX;
}

static bool is_address(tlsdiag_bytes_t word)
{
    for (size_t i = 0; i < word.length; i++) {
        if (!strchr("0123456789abcdefABCDEF.:", word.at[i])) {
            return false;
        }
    }
    return word.length > 0;
}

/* PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n */
static tlsdiag_proxy_result_t read_v1(char *address, size_t size, uint16_t *port, tlsdiag_bytes_t line)
{
    tlsdiag_reader_t in = tlsdiag_reader(line);

    read_word(&in); /* PROXY */
    tlsdiag_bytes_t family = read_word(&in);
    tlsdiag_bytes_t source = read_word(&in);
    read_word(&in); /* destination address */
    tlsdiag_bytes_t source_port = read_word(&in);
    if (!word_is(family, "TCP4") && !word_is(family, "TCP6")) {
        return TLSDIAG_PROXY_LOCAL;
    }
    if (!is_address(source) || source.length >= size || !read_port(port, source_port)) {
        return TLSDIAG_PROXY_NONE;
    }
    memcpy(address, source.at, source.length);
    address[source.length] = '\0';
    return TLSDIAG_PROXY_CLIENT;
}

static tlsdiag_proxy_result_t find_v1(char *address, size_t size, uint16_t *port, tlsdiag_bytes_t bytes)
{
    for (size_t i = 0; i + 1 < bytes.length; i++) {
        if (bytes.at[i] == '\r' && bytes.at[i + 1] == '\n') {
            return read_v1(address, size, port, tlsdiag_bytes(bytes.at, i));
        }
    }
    return bytes.length >= V1_LINE_BYTES ? TLSDIAG_PROXY_NONE : TLSDIAG_PROXY_INCOMPLETE;
}

static void write_ipv4(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        tlsdiag_write(out, i ? "." : "");
        tlsdiag_write_u64(out, bytes.at[i]);
    }
}

/* Written out in full: which zeros to fold is the business of those who compare addresses. */
static void write_ipv6(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes)
{
    for (size_t i = 0; i + 1 < bytes.length; i += 2) {
        uint32_t group = (uint32_t)bytes.at[i] << 8 | bytes.at[i + 1];
        tlsdiag_write(out, i ? ":" : "");
        tlsdiag_write_hex(out, group, group > 0xfff ? 4 : group > 0xff ? 3 : group > 0xf ? 2 : 1);
    }
}

static tlsdiag_proxy_result_t read_v2(char *address, size_t size, uint16_t *port, tlsdiag_bytes_t bytes)
{
    tlsdiag_reader_t in = tlsdiag_reader(bytes);
    tlsdiag_writer_t out = tlsdiag_writer(address, size);

    tlsdiag_read(&in, sizeof signature_v2);
    uint8_t command = tlsdiag_read_u8(&in), family = tlsdiag_read_u8(&in);
    uint16_t length = tlsdiag_read_u16(&in);
    size_t address_bytes = family == TCP_OVER_IPV4 ? 4 : family == TCP_OVER_IPV6 ? 16 : 0;
    if (in.failed) {
        return TLSDIAG_PROXY_INCOMPLETE;
    }
    if (command == COMMAND_LOCAL || !address_bytes) {
        return TLSDIAG_PROXY_LOCAL;
    }
    if (command != COMMAND_PROXY || length < address_bytes * 2 + 4) {
        return TLSDIAG_PROXY_NONE;
    }
    tlsdiag_bytes_t source = tlsdiag_read(&in, address_bytes);
    tlsdiag_read(&in, address_bytes); /* destination address */
    *port = tlsdiag_read_u16(&in);
    if (in.failed) {
        return TLSDIAG_PROXY_INCOMPLETE;
    }
    (family == TCP_OVER_IPV4 ? write_ipv4 : write_ipv6)(&out, source);
    (void)tlsdiag_writer_text(&out);
    return TLSDIAG_PROXY_CLIENT;
}

static bool starts_with(tlsdiag_bytes_t bytes, const void *prefix, size_t length)
{
    return memcmp(bytes.at, prefix, bytes.length < length ? bytes.length : length) == 0;
}

static const char signature_v1[] = "PROXY ";

bool tlsdiag_proxy_header_begins(tlsdiag_bytes_t bytes)
{
    return bytes.length && (starts_with(bytes, signature_v2, sizeof signature_v2) ||
                            starts_with(bytes, signature_v1, sizeof signature_v1 - 1));
}

tlsdiag_proxy_result_t tlsdiag_proxy_header_decode(char *address, size_t size, uint16_t *port, tlsdiag_bytes_t bytes)
{
    if (!bytes.length) {
        return TLSDIAG_PROXY_INCOMPLETE;
    }
    if (starts_with(bytes, signature_v2, sizeof signature_v2)) {
        return read_v2(address, size, port, bytes);
    }
    return starts_with(bytes, signature_v1, sizeof signature_v1 - 1) ? find_v1(address, size, port, bytes)
                                                                     : TLSDIAG_PROXY_NONE;
}
