/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fingerprint_text.h knows how to put the text of a fingerprint where it goes, a writer or a digest, through one small
 * buffer: the text of a hostile ClientHello is longer than any stack should be. It refuses to know the text.
 */
#ifndef TLSDIAG_DECODE_FINGERPRINT_TEXT_H
#define TLSDIAG_DECODE_FINGERPRINT_TEXT_H

#include "base/digest.h"
#include "base/writer.h"

enum {
    TLSDIAG_TEXT_CHUNK = 512,
    TLSDIAG_TEXT_PIECE = 8 /**< the longest that is put at once */
};

typedef struct tlsdiag_text {
    const tlsdiag_digest_t *digest; /**< started; NULL: the text goes to out */
    tlsdiag_writer_t *out;
    size_t out_length;  /**< of out before the text */
    bool out_truncated; /**< of out before the text */
    size_t length;      /**< bytes used in chunk */
    char chunk[TLSDIAG_TEXT_CHUNK];
} tlsdiag_text_t;

/** Begin a text that is hashed; digest is started. */
static inline void tlsdiag_text_begin_digest(tlsdiag_text_t *text, const tlsdiag_digest_t *digest)
{
    text->digest = digest;
    text->out = NULL;
    text->length = 0;
}

/** Begin a text that is written behind what out holds. */
static inline void tlsdiag_text_begin_writing(tlsdiag_text_t *text, tlsdiag_writer_t *out)
{
    text->digest = NULL;
    text->out = out;
    text->out_length = out->length;
    text->out_truncated = out->truncated;
    text->length = 0;
    out->truncated = false;
}

/** Hand on what is in the buffer. */
static inline void tlsdiag_text_flush(tlsdiag_text_t *text)
{
    if (text->digest) {
        text->digest->add(text->digest->state, tlsdiag_bytes(text->chunk, text->length));
    } else {
        tlsdiag_write_bytes(text->out, text->chunk, text->length);
    }
    text->length = 0;
}

/** The text is complete. When it did not fit out as a whole, nothing of it stays there. */
static inline void tlsdiag_text_end(tlsdiag_text_t *text)
{
    tlsdiag_text_flush(text);
    if (text->digest) {
        return;
    }
    if (text->out->truncated) {
        tlsdiag_writer_rewind(text->out, text->out_length);
    }
    text->out->truncated = text->out->truncated || text->out_truncated;
}

/** Where the next piece of at most TLSDIAG_TEXT_PIECE characters goes. */
static inline char *tlsdiag_text_room(tlsdiag_text_t *text)
{
    if (text->length > TLSDIAG_TEXT_CHUNK - TLSDIAG_TEXT_PIECE) {
        tlsdiag_text_flush(text);
    }
    return text->chunk + text->length;
}

static inline void tlsdiag_text_char(tlsdiag_text_t *text, char c)
{
    *tlsdiag_text_room(text) = c;
    text->length++;
}

/** separator, if it is not 0, then a code point in decimal, as in JA3. */
static inline void tlsdiag_text_decimal(tlsdiag_text_t *text, char separator, uint16_t value)
{
    char *to = tlsdiag_text_room(text);
    *to = separator;
    to += separator != 0;
    unsigned digits = 1u + (value >= 10) + (value >= 100) + (value >= 1000) + (value >= 10000);
    text->length = (size_t)(to - text->chunk) + digits;
    unsigned rest = value;
    do {
        to[--digits] = (char)('0' + rest % 10);
        rest /= 10;
    } while (digits > 0);
}

/** separator, if it is not 0, then a code point as four lower-case hex digits, as in JA4. */
static inline void tlsdiag_text_hex(tlsdiag_text_t *text, char separator, uint16_t value)
{
    static const char digits[] = "0123456789abcdef";
    char *to = tlsdiag_text_room(text);
    *to = separator;
    to += separator != 0;
    to[0] = digits[value >> 12];
    to[1] = digits[value >> 8 & 15];
    to[2] = digits[value >> 4 & 15];
    to[3] = digits[value & 15];
    text->length = (size_t)(to + 4 - text->chunk);
}

#endif
