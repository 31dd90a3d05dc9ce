/* SPDX-License-Identifier: Apache-2.0 */
/**
 * hellos.h knows the table of real ClientHellos with values from independent tools (t/data/README.md).
 * It refuses to know what is tested with them.
 *
 * TLSDIAG_HELLOS names another table than the committed one: `make corpus` runs the same tests over the whole corpus.
 */
#ifndef TLSDIAG_TEST_HELLOS_H
#define TLSDIAG_TEST_HELLOS_H

#include <stdlib.h>

#include "base/bytes.h"
#include "tap.h"

/** The columns, as hellos-to-table.pl writes them. Lists are joined by commas, code points are 4 hex digits. */
enum {
    HELLO_ID,
    HELLO_HEX,
    HELLO_LEGACY_VERSION,
    HELLO_SESSION_ID_LENGTH,
    HELLO_COMPRESSION,
    HELLO_CIPHER_SUITES,
    HELLO_EXTENSIONS,
    HELLO_VERSIONS,
    HELLO_GROUPS,
    HELLO_KEY_SHARES,
    HELLO_SIGNATURE_ALGORITHMS,
    HELLO_SIGNATURE_ALGORITHMS_CERT,
    HELLO_SERVER_NAME,
    HELLO_ALPN,
    HELLO_JA3_STRING,
    HELLO_JA3,
    HELLO_JA4,
    HELLO_JA4_R,
    HELLO_COLUMNS
};

typedef struct hello {
    char *column[HELLO_COLUMNS];
    uint8_t *wire; /**< the handshake message with its 4-byte header, or an SSLv2 record */
    size_t length;
    bool sslv2;
} hello_t;

TAP_UNUSED static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** Bytes of hex text into out, which holds strlen(hex) / 2. Returns how many. */
TAP_UNUSED static size_t read_hex(uint8_t *out, const char *hex)
{
    size_t n = 0;
    for (; hex_value(hex[0]) >= 0 && hex_value(hex[1]) >= 0; hex += 2) {
        out[n++] = (uint8_t)(hex_value(hex[0]) << 4 | hex_value(hex[1]));
    }
    return n;
}

/** The body of the handshake message. */
TAP_UNUSED static tlsdiag_bytes_t hello_body(const hello_t *hello)
{
    return tlsdiag_bytes(hello->wire + 4, hello->length - 4);
}

static void split_line(hello_t *hello, char *line)
{
    for (int i = 0; i < HELLO_COLUMNS; i++) {
        hello->column[i] = line;
        line += strcspn(line, "\t");
        if (*line == '\t') {
            *line++ = '\0';
        }
    }
    hello->wire = malloc(strlen(hello->column[HELLO_HEX]) / 2 + 1);
    hello->length = read_hex(hello->wire, hello->column[HELLO_HEX]);
    hello->sslv2 = hello->wire[0] & 0x80;
}

/** Call test for each row. Returns how many; a table that cannot be read is a failure of its own. */
TAP_UNUSED static unsigned for_each_hello(void (*test)(const hello_t *hello))
{
    static char line[1 << 20]; /* a hello of 128 KiB in hex, and its fingerprints in clear */
    const char *path = getenv("TLSDIAG_HELLOS");
    FILE *in = fopen(path ? path : "t/data/client_hellos.tsv", "r");
    unsigned count = 0;
    while (in && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#') {
            hello_t hello;
            split_line(&hello, line);
            test(&hello);
            free(hello.wire);
            count++;
        }
    }
    if (in) {
        fclose(in);
    }
    ok(count >= 400, "the table of ClientHellos is there: %u rows", count);
    return count;
}

#endif
