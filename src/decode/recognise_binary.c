/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/recognise.h"

#include <string.h>

/* TPKT (RFC 1006 6): version 3, 0, length of 2 bytes; X.224: length of what follows, code 0b1110 connection request. */
bool tlsdiag_is_rdp(tlsdiag_bytes_t bytes)
{
    if (bytes.length < 6 || bytes.at[0] != 3 || bytes.at[1] != 0) {
        return false;
    }
    unsigned length = (unsigned)(bytes.at[2] << 8 | bytes.at[3]);
    return length >= 11 && (bytes.at[5] & 0xf0) == 0xe0 && bytes.at[4] <= length - 5;
}

/*
 * RFC 1002 4.3: a session message, 00 and a length, with the protocol id of [MS-CIFS] 2.2.3.1 (0xff) or [MS-SMB2] 2.2.1.2
 * (0xfe, or 0xfd encrypted); or a session request 81 to a name of 32 encoded characters.
 */
bool tlsdiag_is_smb(tlsdiag_bytes_t bytes)
{
    if (bytes.length >= 5 && memcmp(bytes.at, "\x81\x00\x00\x44\x20", 5) == 0) {
        return true;
    }
    return bytes.length >= 8 && bytes.at[0] == 0 && bytes.at[4] >= 0xfd && memcmp(bytes.at + 5, "SMB", 3) == 0;
}

/*
 * RFC 4511 4.1.1: LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp CHOICE { [APPLICATION n] ... } }
 * in BER, the length in one byte or in the long form.
 */
bool tlsdiag_is_ldap(tlsdiag_bytes_t bytes)
{
    static const uint8_t requests[] = {
        0x60 /* bind */,   0x42 /* unbind */, 0x63 /* search */,  0x66 /* modify */,  0x68 /* add */,
        0x4a /* delete */, 0x6c /* modDN */,  0x6e /* compare */, 0x50 /* abandon */, 0x77 /* extended: StartTLS */
    };
    tlsdiag_reader_t in = tlsdiag_reader(bytes);
    bool sequence = tlsdiag_read_u8(&in) == 0x30;
    uint8_t length = tlsdiag_read_u8(&in);
    if (length > 0x84 || length == 0x80) {
        return false;
    }
    tlsdiag_read(&in, length & 0x80 ? length & 0x7f : 0);
    bool integer = tlsdiag_read_u8(&in) == 0x02;
    uint8_t id_length = tlsdiag_read_u8(&in);
    tlsdiag_read(&in, id_length);
    uint8_t operation = tlsdiag_read_u8(&in);
    bool known = memchr(requests, operation, sizeof requests) != NULL;
    return !in.failed && sequence && integer && id_length >= 1 && id_length <= 4 && known;
}

/*
 * PostgreSQL's frontend protocol, 55.7 Message Formats: Int32 length, Int32 code: 80877102 CancelRequest, 80877103
 * SSLRequest, 80877104 GSSENCRequest, or 3.0 in its two halves and then the name of a parameter.
 */
bool tlsdiag_is_postgresql(tlsdiag_bytes_t bytes)
{
    if (bytes.length < 8 || bytes.at[0] != 0 || bytes.at[1] != 0) {
        return false;
    }
    unsigned length = (unsigned)(bytes.at[2] << 8 | bytes.at[3]);
    if (memcmp(bytes.at + 4, "\x04\xd2\x16", 3) == 0) {
        return (bytes.at[7] == 0x2e && length == 16) || (bytes.at[7] == 0x2f && length == 8) ||
               (bytes.at[7] == 0x30 && length == 8);
    }
    bool parameter = bytes.length > 8 && ((bytes.at[8] >= 'a' && bytes.at[8] <= 'z') || bytes.at[8] == '_');
    return memcmp(bytes.at + 4, "\x00\x03\x00", 3) == 0 && bytes.at[7] <= 2 && length > 8 && parameter;
}

/* MQTT 5.0 3.1: packet type 1, remaining length of 1 to 4 bytes, then the protocol name with its length, the version. */
bool tlsdiag_is_mqtt(tlsdiag_bytes_t bytes)
{
    tlsdiag_reader_t in = tlsdiag_reader(bytes);
    if (tlsdiag_read_u8(&in) != 0x10) {
        return false;
    }
    for (unsigned i = 0; i < 4 && tlsdiag_read_u8(&in) & 0x80; i++) {
    }
    tlsdiag_bytes_t name = tlsdiag_read_vector(&in, 2);
    return (name.length == 4 && memcmp(name.at, "MQTT", 4) == 0) ||
           (name.length == 6 && memcmp(name.at, "MQIsdp", 6) == 0);
}

/*
 * SOCKS5 (RFC 1928 3): version, number of methods, the methods, at most a few; then the client waits, or sends its request
 * at once. SOCKS4: version, CONNECT or BIND, port, address, a user id that ends with NUL.
 */
bool tlsdiag_is_socks(tlsdiag_bytes_t bytes)
{
    if (bytes.length >= 3 && bytes.at[0] == 5) {
        size_t greeting = 2u + bytes.at[1];
        bool request = bytes.length > greeting && bytes.at[greeting] == 5;
        return bytes.at[1] >= 1 && bytes.at[1] <= 8 && (bytes.length == greeting || request);
    }
    if (bytes.length < 9 || bytes.at[0] != 4 || (bytes.at[1] != 1 && bytes.at[1] != 2)) {
        return false;
    }
    const uint8_t *end = memchr(bytes.at + 8, 0, bytes.length - 8);
    for (const uint8_t *c = bytes.at + 8; end && c < end; c++) {
        if (*c < 0x20 || *c > 0x7e) {
            return false;
        }
    }
    return end != NULL;
}

/*
 * RFC 1035 4.2.2: two bytes of length, then a message (4.1.1): id; QR 0, opcode QUERY, no reserved bit, RCODE 0; one
 * question, no answer, no authority, at most an EDNS record and a signature; a name of labels.
 */
bool tlsdiag_is_dns(tlsdiag_bytes_t bytes)
{
    tlsdiag_reader_t in = tlsdiag_reader(bytes);
    uint16_t length = tlsdiag_read_u16(&in);
    tlsdiag_read_u16(&in); /* id */
    uint16_t flags = tlsdiag_read_u16(&in);
    uint16_t questions = tlsdiag_read_u16(&in);
    uint16_t answers = tlsdiag_read_u16(&in);
    uint16_t authorities = tlsdiag_read_u16(&in);
    uint16_t additional = tlsdiag_read_u16(&in);
    uint8_t label = tlsdiag_read_u8(&in);
    const uint16_t only_rd_ad_cd = 0x0130;
    return !in.failed && length >= 17 && !(flags & ~only_rd_ad_cd) && questions == 1 && answers == 0 &&
           authorities == 0 && additional <= 2 && label <= 63;
}
