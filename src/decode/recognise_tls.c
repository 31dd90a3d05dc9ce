/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/recognise.h"

enum {
    RECORD_HEADER = 5,       /* RFC 8446 5.1: ContentType type; ProtocolVersion legacy_record_version; uint16 length; */
    PLAINTEXT_MAX = 1 << 14, /* RFC 8446 5.1: "The length MUST NOT exceed 2^14 bytes." */
    CIPHERTEXT_MAX = PLAINTEXT_MAX + 2048, /* RFC 5246 6.2.3 */
    EMPTY_RECORDS_MAX = 32, /* OpenSSL gives up after that many in a row: "record too small", reason 298 */
    CHANGE_CIPHER_SPEC = 20,
    ALERT = 21,
    HANDSHAKE = 22,
    APPLICATION_DATA = 23,
    HEARTBEAT = 24,
    CLIENT_HELLO = 1
};

static unsigned u16_at(tlsdiag_bytes_t bytes, size_t at)
{
    return (unsigned)(bytes.at[at] << 8 | bytes.at[at + 1]);
}

/* OpenSSL looks at the major version alone, so a handshake record may claim any 03 xx. */
static bool is_record(tlsdiag_bytes_t bytes, unsigned type)
{
    return bytes.length >= 3 && bytes.at[0] == type && bytes.at[1] == 3 && (type == HANDSHAKE || bytes.at[2] <= 4);
}

/* What the first handshake record brings, behind empty ones. */
typedef struct first_fragment {
    unsigned empty_records;
    bool came;    /* at least one byte of it */
    uint8_t type; /* HandshakeType, if it came */
} first_fragment_t;

static first_fragment_t find_first_fragment(tlsdiag_bytes_t bytes)
{
    first_fragment_t first = { 0 };
    while (bytes.length >= RECORD_HEADER && is_record(bytes, HANDSHAKE)) {
        if (u16_at(bytes, 3) > 0) {
            first.came = bytes.length > RECORD_HEADER;
            first.type = first.came ? bytes.at[RECORD_HEADER] : 0;
            return first;
        }
        first.empty_records++;
        bytes = tlsdiag_bytes(bytes.at + RECORD_HEADER, bytes.length - RECORD_HEADER);
    }
    return first;
}

bool tlsdiag_is_tls_bad_length(tlsdiag_bytes_t bytes)
{
    for (unsigned type = CHANGE_CIPHER_SPEC; type <= HEARTBEAT; type++) {
        unsigned most = type == APPLICATION_DATA ? CIPHERTEXT_MAX : PLAINTEXT_MAX;
        if (bytes.length >= RECORD_HEADER && is_record(bytes, type) && u16_at(bytes, 3) > most) {
            return true;
        }
    }
    return find_first_fragment(bytes).empty_records > EMPTY_RECORDS_MAX;
}

bool tlsdiag_is_tls_client_hello(tlsdiag_bytes_t bytes)
{
    if (bytes.length < 3) {
        return bytes.at[0] == HANDSHAKE && (bytes.length < 2 || bytes.at[1] == 3);
    }
    first_fragment_t first = find_first_fragment(bytes);
    return is_record(bytes, HANDSHAKE) && (!first.came || first.type == CLIENT_HELLO);
}

bool tlsdiag_is_tls_alert(tlsdiag_bytes_t bytes)
{
    return is_record(bytes, ALERT);
}

bool tlsdiag_is_tls_other(tlsdiag_bytes_t bytes)
{
    return is_record(bytes, CHANGE_CIPHER_SPEC) || is_record(bytes, APPLICATION_DATA) || is_record(bytes, HEARTBEAT) ||
           is_record(bytes, HANDSHAKE);
}

/*
 * RFC 5246 E.2: a 2-byte length whose highest bit is 1, msg_type 1, then the version: { 0x00, 0x02 } for SSLv2 alone,
 * else what the client would have put into a ClientHello.
 */
bool tlsdiag_is_sslv2_client_hello(tlsdiag_bytes_t bytes)
{
    if (bytes.length < 5 || !(bytes.at[0] & 0x80) || bytes.at[2] != CLIENT_HELLO) {
        return false;
    }
    unsigned version = u16_at(bytes, 3);
    return version == 0x0002 || (version >= 0x0300 && version <= 0x0304);
}

/*
 * DTLS (RFC 6347 4.1): a record like TLS's with the version's one's complement, { 254, 255 } and down.
 * QUIC (RFC 9000 17.2): a long header, 0b11 on top, then a version: 1, 2 (RFC 9369) or a draft, then the length of the
 * connection id, at most 20.
 */
bool tlsdiag_is_dtls_or_quic(tlsdiag_bytes_t bytes)
{
    if (bytes.length >= 3 && bytes.at[0] == HANDSHAKE && bytes.at[1] == 0xfe && bytes.at[2] >= 0xfc) {
        return true;
    }
    if (bytes.length < 6 || bytes.at[0] < 0xc0 || bytes.at[5] > 20) {
        return false;
    }
    uint32_t version = (uint32_t)u16_at(bytes, 1) << 16 | u16_at(bytes, 3);
    return version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000;
}
