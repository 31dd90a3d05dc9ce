/* SPDX-License-Identifier: Apache-2.0 */
/**
 * writer.h knows how to put text into a buffer of fixed size and to remember that something did not fit.
 * It refuses to allocate, to fail, or to know what is written.
 *
 * A writer never writes past its buffer and never leaves half of one piece: what does not fit whole is
 * left out and `truncated` is set. The buffer is not NUL-terminated until tlsdiag_writer_text() is asked.
 */
#ifndef TLSDIAG_BASE_WRITER_H
#define TLSDIAG_BASE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

typedef struct tlsdiag_writer {
    char *start;     /**< the caller's buffer */
    size_t length;   /**< bytes written so far, without a NUL */
    size_t capacity; /**< bytes that may be written; one byte of the buffer is kept for the NUL */
    bool truncated;  /**< a piece did not fit and was left out */
} tlsdiag_writer_t;

/** A writer over buffer; size is at least 1. The buffer is the caller's and must outlive the writer. */
tlsdiag_writer_t tlsdiag_writer(char *buffer, size_t size);

/** What was written, NUL-terminated, in the caller's buffer. */
const char *tlsdiag_writer_text(tlsdiag_writer_t *out);

/** Go back to an earlier length: what a caller does when a group of pieces did not fit as a whole. */
void tlsdiag_writer_rewind(tlsdiag_writer_t *out, size_t length);

void tlsdiag_write_bytes(tlsdiag_writer_t *out, const char *text, size_t length);
void tlsdiag_write_char(tlsdiag_writer_t *out, char c);

/** A text up to its NUL. Of a literal the compiler knows the length. */
static inline void tlsdiag_write(tlsdiag_writer_t *out, const char *text)
{
    tlsdiag_write_bytes(out, text, strlen(text));
}

/** tlsdiag_write_bytes(), inlined: for what is written often. */
static inline void tlsdiag_write_inline(tlsdiag_writer_t *out, const char *text, size_t length)
{
    if (length > out->capacity - out->length) {
        out->truncated = true;
        return;
    }
    memcpy(out->start + out->length, text, length);
    out->length += length;
}

/** A string literal; its length is known to the compiler. */
#define tlsdiag_write_literal(out, literal) tlsdiag_write_inline(out, "" literal, sizeof(literal) - 1)

enum { TLSDIAG_U64_DIGITS = 20 }; /**< 18446744073709551615 */

/** The decimal digits of value at to, which has room for TLSDIAG_U64_DIGITS. Returns the place behind them. */
char *tlsdiag_digits_put(char *to, uint64_t value);
void tlsdiag_write_u64(tlsdiag_writer_t *out, uint64_t value);
void tlsdiag_write_i64(tlsdiag_writer_t *out, int64_t value);

/** Lower-case hex digits, digits of them (1 to 16), without 0x: the code points of JA4, serial numbers. */
void tlsdiag_write_hex(tlsdiag_writer_t *out, uint64_t value, unsigned digits);

/** Lower-case hex of each byte. */
void tlsdiag_write_hex_bytes(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes);

/**
 * Bytes that someone else chose, as text that is safe in a log line: printable ASCII as it is, every
 * other byte and the backslash as \xHH. Reversible (the idea of httpd's ap_escape_logitem).
 * Limits   cuts after max_output characters, never inside one \xHH; sets truncated when it cut.
 */
void tlsdiag_write_escaped(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes, size_t max_output);

/** RFC 3339 UTC with microseconds, `2026-11-21T01:02:03.123456Z`. Units: microseconds since 1970; 0 to year 9999. */
void tlsdiag_write_rfc3339(tlsdiag_writer_t *out, int64_t us);

#endif
