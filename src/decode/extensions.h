/* SPDX-License-Identifier: Apache-2.0 */
/**
 * extensions.h knows what the extensions of a ClientHello say (RFC 8446 4.2).
 * It refuses to know the message around them: client_hello.c finds the block and hands it over.
 */
#ifndef TLSDIAG_DECODE_EXTENSIONS_H
#define TLSDIAG_DECODE_EXTENSIONS_H

#include "base/bytes.h"
#include "facts.h"
#include "iana/iana.h"

/**
 * Read the extensions block into *client_hello.
 *
 * Shape    block is `Extension extensions<..>` without its length, or the part of it that came.
 * offset   of the block in the message, for malformed_at.
 * missing  bytes of the block that never came; an extension that is cut there is read as far as it goes.
 * Returns  false when an extension's length says more than the block holds: what follows cannot be read.
 *          A broken inside is noted as malformed and does not stop the reading of the next extension.
 */
bool tlsdiag_extensions_decode(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t block, size_t offset,
                               size_t missing);

/** Note field as the first thing that is impossible; a later one changes nothing. name is cut to what malformed holds. */
void tlsdiag_client_hello_mark_malformed(tlsdiag_client_hello_t *client_hello, const char *name, size_t offset);

/** Keep one code point of a list, if there is room, and count it. */
static inline void tlsdiag_keep_code(uint16_t *kept, size_t capacity, uint16_t *count, uint16_t code)
{
    if (*count < capacity) {
        kept[*count] = code;
    }
    *count = (uint16_t)(*count + 1);
}

/** Keep a whole list of code points. Returns whether there is a GREASE value in it. An odd last byte is left out. */
static inline bool tlsdiag_keep_codes(uint16_t *kept, size_t capacity, uint16_t *count, tlsdiag_bytes_t list)
{
    size_t length = list.length / 2;
    bool grease = false;
    for (size_t i = 0; i < length; i++) {
        uint16_t code = (uint16_t)(list.at[2 * i] << 8 | list.at[2 * i + 1]);
        if (i < capacity) {
            kept[i] = code;
        }
        if (tlsdiag_iana_is_grease(code)) {
            grease = true;
        }
    }
    *count = (uint16_t)length;
    return grease;
}

#endif
