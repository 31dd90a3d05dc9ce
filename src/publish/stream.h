/* SPDX-License-Identifier: Apache-2.0 */
/**
 * stream.h knows how text of any length goes out through a buffer of fixed size: what is full is sent on.
 * It refuses to know where it goes and what it says.
 *
 * `text` is a writer of base/writer.h over a part of the buffer; whatever writes into a writer can write into a stream
 * that has made room for it. The last byte always stays back, so that who writes JSON can take back a last comma.
 */
#ifndef TLSDIAG_PUBLISH_STREAM_H
#define TLSDIAG_PUBLISH_STREAM_H

#include "base/writer.h"

enum { TLSDIAG_STREAM_BYTES = 8192 };

typedef struct tlsdiag_stream {
    tlsdiag_writer_t text;
    void (*send)(void *context, const char *bytes, size_t length); /**< takes all of it; bytes are valid for the call */
    void *context;
    char buffer[TLSDIAG_STREAM_BYTES];
} tlsdiag_stream_t;

/** Start an empty stream. */
void tlsdiag_stream_open(tlsdiag_stream_t *out, void (*send)(void *context, const char *bytes, size_t length),
                         void *context);

/** Send on what is still in the buffer. The stream can be written to again. */
void tlsdiag_stream_flush(tlsdiag_stream_t *out);

/**
 * Make sure that so many bytes can be written into out->text.
 *
 * Returns  out->text, for the call that writes them. Shape: bytes is below TLSDIAG_STREAM_BYTES - 1.
 */
tlsdiag_writer_t *tlsdiag_stream_room(tlsdiag_stream_t *out, size_t bytes);

/** Text or bytes of any length, as they are. */
void tlsdiag_stream_write(tlsdiag_stream_t *out, const char *text);
void tlsdiag_stream_write_bytes(tlsdiag_stream_t *out, const char *bytes, size_t length);
void tlsdiag_stream_write_u64(tlsdiag_stream_t *out, uint64_t value);

#endif
