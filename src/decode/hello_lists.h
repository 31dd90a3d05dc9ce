/* SPDX-License-Identifier: Apache-2.0 */
/**
 * hello_lists.h knows where the lists of a ClientHello stand that fingerprints are made of, and how to walk them.
 * It refuses to copy or judge them; what is kept for a diagnosis is client_hello.h's.
 */
#ifndef TLSDIAG_DECODE_HELLO_LISTS_H
#define TLSDIAG_DECODE_HELLO_LISTS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "iana/iana.h"

/** Runs inside the message, each without its length; empty where the list is absent or its length is impossible. */
typedef struct tlsdiag_hello_lists {
    uint16_t legacy_version;
    tlsdiag_bytes_t cipher_suites;        /**< code points of 2 bytes */
    tlsdiag_bytes_t extensions;           /**< the block: type, length, data, ... */
    tlsdiag_bytes_t supported_groups;     /**< code points of 2 bytes */
    tlsdiag_bytes_t ec_point_formats;     /**< 1 byte each */
    tlsdiag_bytes_t signature_algorithms; /**< code points of 2 bytes */
    tlsdiag_bytes_t supported_versions;   /**< code points of 2 bytes */
    tlsdiag_bytes_t alpn;                 /**< length byte, name, ... */
    bool has_server_name;                 /**< extension 0 is there, whatever it holds */
    unsigned extensions_count;            /**< without GREASE */
} tlsdiag_hello_lists_t;

/** Find the lists. Shape: message is the handshake body. Broken: reads as far as lengths are possible. */
void tlsdiag_hello_lists_find(tlsdiag_hello_lists_t *lists, tlsdiag_bytes_t message);

/** The next code point that is no GREASE. Returns false at the end of the list. */
static inline bool tlsdiag_next_code(tlsdiag_reader_t *list, uint16_t *code)
{
    while (list->end - list->at >= 2) {
        uint16_t next = (uint16_t)(list->at[0] << 8 | list->at[1]);
        list->at += 2;
        if (!tlsdiag_iana_is_grease(next)) {
            *code = next;
            return true;
        }
    }
    return false;
}

/** Step over one extension, GREASE or not. Returns false at the end, or where a length is impossible. */
static inline bool tlsdiag_next_extension(tlsdiag_reader_t *block, uint16_t *type, tlsdiag_bytes_t *data)
{
    tlsdiag_bytes_t head = tlsdiag_read(block, 4);
    if (head.length == 0) {
        return false;
    }
    *type = (uint16_t)(head.at[0] << 8 | head.at[1]);
    *data = tlsdiag_read(block, (size_t)(head.at[2] << 8 | head.at[3]));
    return !block->failed;
}

/** The type of the next extension that is no GREASE. Returns false at the end. */
static inline bool tlsdiag_next_extension_type(tlsdiag_reader_t *block, uint16_t *type)
{
    tlsdiag_bytes_t data;
    while (tlsdiag_next_extension(block, type, &data)) {
        if (!tlsdiag_iana_is_grease(*type)) {
            return true;
        }
    }
    return false;
}

#endif
