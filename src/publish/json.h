/* SPDX-License-Identifier: Apache-2.0 */
/**
 * json.h knows how single JSON values are written (RFC 8259), printable ASCII only.
 * It refuses to know objects and names: event_json.c puts the values together.
 *
 * Each value is written whole, or out->truncated is set.
 */
#ifndef TLSDIAG_PUBLISH_JSON_H
#define TLSDIAG_PUBLISH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "publish/escape.h"

/** The word for value at to, which has room for "false". Returns the place behind it. */
static inline char *tlsdiag_json_bool_put(char *to, bool value)
{
    if (value) {
        memcpy(to, "true", sizeof "true" - 1);
        return to + sizeof "true" - 1;
    }
    memcpy(to, "false", sizeof "false" - 1);
    return to + sizeof "false" - 1;
}

static inline void tlsdiag_json_bool(tlsdiag_writer_t *out, bool value)
{
    if (value) {
        tlsdiag_write_literal(out, "true");
    } else {
        tlsdiag_write_literal(out, "false");
    }
}

/** A string from our own tables: nothing in it needs escaping. NULL writes nothing and returns false. */
bool tlsdiag_json_name(tlsdiag_writer_t *out, const char *name);

/** A string of our own making (tlsdiag_escape_t). NULL and "" write nothing and return false. */
bool tlsdiag_json_text(tlsdiag_writer_t *out, const char *text);
/** The same for several lines: LF between them stays one. */
bool tlsdiag_json_lines(tlsdiag_writer_t *out, const char *text);
/** The same as tlsdiag_json_text(), at most max_output characters between the quotes; "..." ends a cut one. */
bool tlsdiag_json_text_up_to(tlsdiag_writer_t *out, const char *text, size_t max_output);

/** A string of bytes that the client chose. An empty one is written as "". */
void tlsdiag_json_client_bytes(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes);

/** A code point by its IANA name, else "0x1234". 0 writes nothing and returns false. */
bool tlsdiag_json_code(tlsdiag_writer_t *out, uint16_t code, const char *(*name_of)(uint16_t code));

/** A list of code points as facts.h keeps one. */
typedef struct tlsdiag_codes {
    const uint16_t *codes;
    size_t count; /**< sent; may be more than kept */
    size_t kept;  /**< capacity */
} tlsdiag_codes_t;

typedef enum { TLSDIAG_GREASE_SHOWN, TLSDIAG_GREASE_LEFT_OUT } tlsdiag_grease_t;

/**
 * An array of code points in the order sent, by name or as "0x1234". name_of may be NULL: all as numbers.
 * Returns  false when nothing is in it.
 */
bool tlsdiag_json_codes(tlsdiag_writer_t *out, tlsdiag_codes_t list, const char *(*name_of)(uint16_t code),
                        tlsdiag_grease_t grease);

/** A date. Units: microseconds since 1970. */
void tlsdiag_json_time(tlsdiag_writer_t *out, int64_t us);

/** A date. Units: seconds since 1970. */
static inline void tlsdiag_json_seconds(tlsdiag_writer_t *out, int64_t seconds)
{
    const int64_t last = INT64_MAX / 1000000;
    tlsdiag_json_time(out, (seconds < last ? seconds : last) * 1000000);
}

/** A string of upper-case hex digits: how ECS has hashes. */
void tlsdiag_json_hex_upper(tlsdiag_writer_t *out, tlsdiag_bytes_t bytes);

/** A member `"name":"text",` of a small object that is written by hand; nothing when text is empty. */
void tlsdiag_json_member_text(tlsdiag_writer_t *out, const char *name, const char *text);

/** Close what `open` (a brace or bracket) began: the last comma becomes its partner; an empty one is closed too. */
void tlsdiag_json_close(tlsdiag_writer_t *out, char partner);

#endif
