/* SPDX-License-Identifier: Apache-2.0 */
/**
 * redraw.h knows how a browser's next hello differs from its last: GREASE values (RFC 8701) and the order of extensions are drawn
 * anew. pre_shared_key stays the last one (RFC 8446 4.2.11). It refuses to know what is tested with that.
 */
#ifndef TLSDIAG_TEST_REDRAW_H
#define TLSDIAG_TEST_REDRAW_H

#include <string.h>

#include "decode/hello_lists.h"
#include "facts.h"

enum { REDRAW_EXTENSIONS = 256, REDRAW_PRE_SHARED_KEY = 41, REDRAW_KEY_SHARE = 51, REDRAW_SIGNATURES_CERT = 50 };

/** Another GREASE value; different ones stay different. */
static inline uint16_t regreased(uint16_t code)
{
    return tlsdiag_iana_is_grease(code) ? code ^ 0x1010 : code;
}

/** count numbers that are below it, each once; the same for the same seed. */
static inline void draw_order(size_t *order, size_t count, unsigned seed)
{
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1103515245u + 12345u;
        size_t at = seed / 65536u % (i + 1);
        order[i] = order[at];
        order[at] = i;
    }
}

static inline void regrease_at(uint8_t *code)
{
    uint16_t drawn = regreased((uint16_t)(code[0] << 8 | code[1]));
    code[0] = (uint8_t)(drawn >> 8);
    code[1] = (uint8_t)drawn;
}

/* list lies in body. */
static inline void regrease_list(uint8_t *body, const uint8_t *start, tlsdiag_bytes_t list)
{
    for (size_t i = 0; i + 2 <= list.length; i += 2) {
        regrease_at(body + (list.at - start) + i);
    }
}

/* RFC 8446 4.2.8: a list of groups, each with its key; and the list of extension 50. */
static inline void regrease_in_extension(uint8_t *body, const uint8_t *start, uint16_t type, tlsdiag_bytes_t data)
{
    tlsdiag_reader_t in = tlsdiag_reader(data);
    tlsdiag_bytes_t list = tlsdiag_read_vector(&in, 2);
    if (type == REDRAW_SIGNATURES_CERT) {
        regrease_list(body, start, list);
    }
    tlsdiag_reader_t shares = tlsdiag_reader(list);
    while (type == REDRAW_KEY_SHARE && tlsdiag_remaining(&shares) >= 2 && !shares.failed) {
        regrease_at(body + (shares.at - start));
        tlsdiag_read_u16(&shares);
        tlsdiag_read_vector(&shares, 2);
    }
}

/** Draw anew in the body of a ClientHello. Shape: it is well formed. */
static inline void redraw_body(uint8_t *body, size_t length, unsigned seed)
{
    static uint8_t before[1 << 18];
    struct {
        size_t at, length;
    } blocks[REDRAW_EXTENSIONS];
    size_t count = 0, order[REDRAW_EXTENSIONS], fixed = 0;
    tlsdiag_hello_lists_t lists;
    memcpy(before, body, length);
    tlsdiag_hello_lists_find(&lists, tlsdiag_bytes(before, length));
    regrease_list(body, before, lists.cipher_suites);
    regrease_list(body, before, lists.supported_groups);
    regrease_list(body, before, lists.signature_algorithms);
    regrease_list(body, before, lists.supported_versions);
    tlsdiag_reader_t block = tlsdiag_reader(lists.extensions);
    for (;;) {
        uint16_t type;
        tlsdiag_bytes_t data;
        const uint8_t *at = block.at;
        if (count == REDRAW_EXTENSIONS || !tlsdiag_next_extension(&block, &type, &data)) {
            break;
        }
        regrease_in_extension(body, before, type, data);
        regrease_at(body + (at - before));
        blocks[count].at = (size_t)(at - before);
        blocks[count++].length = (size_t)(block.at - at);
        fixed = type == REDRAW_PRE_SHARED_KEY;
    }
    draw_order(order, count - fixed, seed);
    size_t to = count ? blocks[0].at : 0;
    memcpy(before, body, length);
    for (size_t i = 0; i + fixed < count; to += blocks[order[i++]].length) {
        memcpy(body + to, before + blocks[order[i]].at, blocks[order[i]].length);
    }
}

static inline void regrease_codes(uint16_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        codes[i] = regreased(codes[i]);
    }
}

/** The same in what was decoded. Shape: every list is whole. */
static inline void redraw_hello(tlsdiag_client_hello_t *hello, unsigned seed)
{
    uint16_t sent[TLSDIAG_EXTENSIONS_KEPT];
    size_t order[TLSDIAG_EXTENSIONS_KEPT], count = hello->extensions_count;
    memcpy(sent, hello->extensions, sizeof sent);
    size_t fixed = count && sent[count - 1] == REDRAW_PRE_SHARED_KEY;
    draw_order(order, count - fixed, seed);
    for (size_t i = 0; i + fixed < count; i++) {
        hello->extensions[i] = sent[order[i]];
    }
    regrease_codes(hello->extensions, count);
    regrease_codes(hello->cipher_suites, hello->cipher_suites_count);
    regrease_codes(hello->supported_groups, hello->supported_groups_count);
    regrease_codes(hello->key_shares, hello->key_shares_count);
    regrease_codes(hello->signature_algorithms, hello->signature_algorithms_count);
    regrease_codes(hello->signature_algorithms_cert, hello->signature_algorithms_cert_count);
    regrease_codes(hello->supported_versions, hello->supported_versions_count);
}

#endif
