/* SPDX-License-Identifier: Apache-2.0 */
/**
 * escape.h knows how text and hostile bytes become printable ASCII inside a log line or a JSON string.
 * It refuses to know what they say.
 *
 * Whatever the style, the output holds bytes 0x20 to 0x7e only.
 */
#ifndef TLSDIAG_PUBLISH_ESCAPE_H
#define TLSDIAG_PUBLISH_ESCAPE_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/writer.h"

/**
 * Two sources, two places.
 *
 * Client bytes are escaped reversibly: the backslash and every byte that is not printable ASCII become \xHH. Own text
 * (diagnosis, names that OpenSSL has escaped) has been made printable; its backslashes stay what they are. In JSON the
 * backslash is doubled besides (RFC 8259 7).
 */
typedef enum {
    TLSDIAG_ESCAPE_LINE_OWN, /**< as it is; \xHH for what should not be there */
    TLSDIAG_ESCAPE_LINE_QUOTED, /**< client bytes between quotes in a line: the double quote too, so they cannot end early */
    TLSDIAG_ESCAPE_JSON_OWN,    /**< \" and \\; \\xHH for what should not be there */
    TLSDIAG_ESCAPE_JSON_LINES,  /**< the same, with \n between lines: a remedy */
    TLSDIAG_ESCAPE_JSON_CLIENT, /**< client bytes as a value: \" for the quote, \\xHH for the rest */
    TLSDIAG_ESCAPE_JSON_QUOTED, /**< client bytes between quotes in a line that is a JSON string */
    TLSDIAG_ESCAPES
} tlsdiag_escape_t;

enum { TLSDIAG_ESCAPE_UNLIMITED = 0x7fffffff };

/**
 * Copy bytes that look the same in every style, up to the first that does not. to has room for bytes.length.
 * Returns  how many; bytes.length: nothing had to be escaped.
 */
size_t tlsdiag_plain_copy(char *to, tlsdiag_bytes_t bytes);

/**
 * Write bytes in that style.
 *
 * Limits   cut after max_output characters, never inside an escape, with "..." in place of what is missing (max_output is
 *          at least 3). What does not fit into out's buffer sets out->truncated and writes nothing.
 */
void tlsdiag_escape_write(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes, tlsdiag_escape_t style, size_t max_output);

#endif
