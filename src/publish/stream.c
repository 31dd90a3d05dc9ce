/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/stream.h"

#include <string.h>

enum { PIECE = 4096, DIGITS = 20 };

void tlsdiag_stream_open(tlsdiag_stream_t *out, void (*send)(void *context, const char *bytes, size_t length),
                         void *context)
{
    out->text = tlsdiag_writer(out->buffer, sizeof out->buffer);
    out->send = send;
    out->context = context;
}

void tlsdiag_stream_flush(tlsdiag_stream_t *out)
{
    if (out->text.length > 0) {
        out->send(out->context, out->text.start, out->text.length);
    }
    out->text.length = 0;
}

static void send_all_but_last(tlsdiag_stream_t *out)
{
    size_t length = out->text.length;
    if (length > 1) {
        out->send(out->context, out->text.start, length - 1);
        out->text.start[0] = out->text.start[length - 1];
        out->text.length = 1;
    }
}

tlsdiag_writer_t *tlsdiag_stream_room(tlsdiag_stream_t *out, size_t bytes)
{
    if (out->text.capacity - out->text.length < bytes) {
        send_all_but_last(out);
    }
    return &out->text;
}

void tlsdiag_stream_write_bytes(tlsdiag_stream_t *out, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t piece = length < PIECE ? length : PIECE;
        tlsdiag_write_bytes(tlsdiag_stream_room(out, piece), bytes, piece);
        bytes += piece;
        length -= piece;
    }
}

void tlsdiag_stream_write(tlsdiag_stream_t *out, const char *text)
{
    tlsdiag_stream_write_bytes(out, text, strlen(text));
}

void tlsdiag_stream_write_u64(tlsdiag_stream_t *out, uint64_t value)
{
    tlsdiag_write_u64(tlsdiag_stream_room(out, DIGITS), value);
}
