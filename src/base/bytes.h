/* SPDX-License-Identifier: Apache-2.0 */
/**
 * bytes.h knows what a run of somebody else's bytes is, and how to read it without ever leaving it.
 * It refuses to know what the bytes mean.
 *
 * The reader is sticky: after the first short read it has failed for good, every later read gives 0
 * or an empty run, and `failed_at` tells where. So a parser reads straight down like the RFC's
 * struct and looks once.
 */
#ifndef TLSDIAG_BASE_BYTES_H
#define TLSDIAG_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A run of bytes that belongs to someone else: valid as long as its owner says. */
typedef struct tlsdiag_bytes {
    const uint8_t *at; /**< first byte; may be NULL when length is 0 */
    size_t length;     /**< bytes */
} tlsdiag_bytes_t;

/** A cursor over a run of bytes. */
typedef struct tlsdiag_reader {
    const uint8_t *start; /**< where offsets count from */
    const uint8_t *at;    /**< next byte to read */
    const uint8_t *end;   /**< one past the last byte */
    bool failed;          /**< a read asked for more than there was; all later reads give nothing */
    size_t failed_at;     /**< offset from start at which that read began; 0 while not failed */
} tlsdiag_reader_t;

static inline tlsdiag_bytes_t tlsdiag_bytes(const void *at, size_t length)
{
    return (tlsdiag_bytes_t){ .at = at, .length = length };
}

static inline tlsdiag_reader_t tlsdiag_reader(tlsdiag_bytes_t bytes)
{
    const uint8_t *start = bytes.length ? bytes.at : (const uint8_t *)"";
    return (tlsdiag_reader_t){ .start = start, .at = start, .end = start + bytes.length };
}

/** How many bytes are left; 0 once failed. */
static inline size_t tlsdiag_remaining(const tlsdiag_reader_t *in)
{
    return (size_t)(in->end - in->at);
}

/** Offset of the next byte from the start of the run. */
static inline size_t tlsdiag_offset(const tlsdiag_reader_t *in)
{
    return in->failed ? in->failed_at : (size_t)(in->at - in->start);
}

/** The next n bytes, stepping over them. An empty run, and a failed reader, when there are fewer. */
static inline tlsdiag_bytes_t tlsdiag_read(tlsdiag_reader_t *in, size_t n)
{
    const uint8_t *start = in->at;
    if (tlsdiag_remaining(in) < n) {
        if (!in->failed) {
            in->failed = true;
            in->failed_at = (size_t)(in->at - in->start);
        }
        in->at = in->end;
        return tlsdiag_bytes(NULL, 0);
    }
    in->at += n;
    return tlsdiag_bytes(start, n);
}

static inline uint8_t tlsdiag_read_u8(tlsdiag_reader_t *in)
{
    tlsdiag_bytes_t b = tlsdiag_read(in, 1);
    return b.length ? b.at[0] : 0;
}

/** Big endian, as all of TLS (RFC 8446 3.1). */
static inline uint16_t tlsdiag_read_u16(tlsdiag_reader_t *in)
{
    tlsdiag_bytes_t b = tlsdiag_read(in, 2);
    return b.length ? (uint16_t)(b.at[0] << 8 | b.at[1]) : 0;
}

static inline uint32_t tlsdiag_read_u24(tlsdiag_reader_t *in)
{
    tlsdiag_bytes_t b = tlsdiag_read(in, 3);
    return b.length ? (uint32_t)b.at[0] << 16 | (uint32_t)b.at[1] << 8 | b.at[2] : 0;
}

/**
 * A vector<..> of the presentation language (RFC 8446 3.4): its length in length_bytes (1, 2 or 3),
 * then its bytes. Empty, and a failed reader, when the length says more than there is.
 */
static inline tlsdiag_bytes_t tlsdiag_read_vector(tlsdiag_reader_t *in, unsigned length_bytes)
{
    size_t length = length_bytes == 1   ? tlsdiag_read_u8(in)
                    : length_bytes == 2 ? tlsdiag_read_u16(in)
                                        : tlsdiag_read_u24(in);
    return tlsdiag_read(in, length);
}

#endif
