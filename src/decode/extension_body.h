/* SPDX-License-Identifier: Apache-2.0 */
/**
 * extension_body.h knows how the inside of one extension is read and refused: what extensions.c, which reads it, and
 * extension_block.c, which hands it over, share. It refuses to know any extension.
 */
#ifndef TLSDIAG_DECODE_EXTENSION_BODY_H
#define TLSDIAG_DECODE_EXTENSION_BODY_H

#include "base/bytes.h"
#include "facts.h"

enum { TLSDIAG_PRE_SHARED_KEY = 41 }; /**< the one extension whose place matters */

/** The inside of one extension. */
typedef struct tlsdiag_body {
    tlsdiag_reader_t in;
    bool cut; /**< its end is where the bytes ended, not the sender's end */
} tlsdiag_body_t;

/**
 * Reads one extension into *client_hello. What is impossible is refused on body; bytes that are left over count as
 * refused, too.
 */
typedef void tlsdiag_extension_decoder_t(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body);

/** Who reads this type; NULL: nobody, its inside does not matter. */
tlsdiag_extension_decoder_t *tlsdiag_extension_decoder(uint16_t type);

/** What stands at `at` is impossible: note where, read no further. Only the first counts. */
static inline void tlsdiag_refuse(tlsdiag_body_t *body, const uint8_t *at)
{
    if (!body->in.failed) {
        body->in.failed_at = (size_t)(at - body->in.start);
        body->in.failed = true;
    }
    body->in.at = body->in.end;
}

/** The inside of a vector. When its length is more than there is: refused, and what there is if body is cut, else nothing. */
static inline tlsdiag_bytes_t tlsdiag_read_list(tlsdiag_body_t *body, unsigned length_bytes)
{
    const uint8_t *length_at = body->in.at;
    size_t length = length_bytes == 1 ? tlsdiag_read_u8(&body->in) : tlsdiag_read_u16(&body->in);
    tlsdiag_bytes_t list = tlsdiag_bytes(body->in.at, tlsdiag_remaining(&body->in));
    if (length > list.length) {
        tlsdiag_refuse(body, length_at);
        list.length = body->cut ? list.length : 0;
        return list;
    }
    list.length = length;
    body->in.at += length;
    return list;
}

/** The same of a list that must not be empty. */
static inline tlsdiag_bytes_t tlsdiag_read_filled_list(tlsdiag_body_t *body, unsigned length_bytes)
{
    tlsdiag_bytes_t list = tlsdiag_read_list(body, length_bytes);
    if (list.length == 0) {
        tlsdiag_refuse(body, list.at);
    }
    return list;
}

#endif
