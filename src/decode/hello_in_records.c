/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/first_bytes.h"

#include <string.h>

#include "decode/client_hello.h"

enum {
    RECORD_HEADER = 5,    /* RFC 8446 5.1 */
    HANDSHAKE_HEADER = 4, /* RFC 8446 4: HandshakeType msg_type; uint24 length; */
    HANDSHAKE = 22,
    JOINED_BYTES = 4096 /* of a hello in several records this much is decoded; the rest counts as not come */
};

/* The fragment of the next handshake record, or the part that came. Empty at the end, or before another kind of record. */
static tlsdiag_bytes_t next_fragment(tlsdiag_reader_t *in, uint16_t *records)
{
    tlsdiag_bytes_t fragment = tlsdiag_bytes(NULL, 0);
    while (fragment.length == 0 && tlsdiag_remaining(in) > RECORD_HEADER && in->at[0] == HANDSHAKE && in->at[1] == 3) {
        size_t length = (size_t)(in->at[3] << 8 | in->at[4]);
        tlsdiag_read(in, RECORD_HEADER);
        size_t came = tlsdiag_remaining(in);
        fragment = tlsdiag_read(in, length < came ? length : came);
        *records = (uint16_t)(*records + 1);
    }
    return fragment;
}

/* message is the handshake message with its header, or the part that came. Without the length it is none. */
static bool decode_message(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message)
{
    tlsdiag_reader_t in = tlsdiag_reader(message);
    tlsdiag_read_u8(&in); /* client_hello(1), as classified */
    uint32_t declared = tlsdiag_read_u24(&in);
    if (in.failed) {
        return false;
    }
    tlsdiag_client_hello_decode(client_hello, tlsdiag_bytes(in.at, tlsdiag_remaining(&in)), declared);
    return true;
}

/* How long the message is with its header, when its header is in the first fragment; else more than any. */
static size_t message_length(tlsdiag_bytes_t fragment)
{
    tlsdiag_reader_t in = tlsdiag_reader(fragment);
    tlsdiag_read_u8(&in);
    size_t length = tlsdiag_read_u24(&in);
    return in.failed ? SIZE_MAX : HANDSHAKE_HEADER + length;
}

/* Apart, so that only a hello in several records pays for the large frame. */
__attribute__((noinline)) static bool decode_joined(tlsdiag_client_hello_t *client_hello, uint16_t *records,
                                                    tlsdiag_bytes_t fragment, tlsdiag_reader_t *in)
{
    uint8_t joined[JOINED_BYTES];
    size_t length = 0;
    while (fragment.length > 0 && length < message_length(tlsdiag_bytes(joined, length))) {
        size_t room = sizeof joined - length;
        size_t taken = fragment.length < room ? fragment.length : room;
        memcpy(joined + length, fragment.at, taken);
        length += taken;
        if (length < message_length(tlsdiag_bytes(joined, length))) {
            fragment = next_fragment(in, records);
        }
    }
    return decode_message(client_hello, tlsdiag_bytes(joined, length));
}

bool tlsdiag_first_bytes_client_hello(tlsdiag_client_hello_t *client_hello, uint16_t *records, tlsdiag_bytes_t bytes)
{
    tlsdiag_protocol_t protocol = tlsdiag_first_bytes_classify(bytes);
    if (protocol == TLSDIAG_PROTOCOL_SSLV2) {
        tlsdiag_client_hello_decode_sslv2(client_hello, bytes);
        *records = 1;
        return true;
    }
    if (protocol != TLSDIAG_PROTOCOL_TLS_HANDSHAKE) {
        return false;
    }
    tlsdiag_reader_t in = tlsdiag_reader(bytes);
    uint16_t count = 0;
    tlsdiag_bytes_t fragment = next_fragment(&in, &count);
    bool whole = fragment.length >= message_length(fragment) || tlsdiag_remaining(&in) == 0;
    bool decoded = whole ? decode_message(client_hello, fragment) : decode_joined(client_hello, &count, fragment, &in);
    if (decoded) {
        *records = count;
    }
    return decoded;
}
