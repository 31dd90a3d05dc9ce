/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/clients.h"

#include <string.h>

enum { EXT_SERVER_NAME = 0, EXT_GROUPS = 10, EXT_POINT_FORMATS = 11, EXT_SIGNATURES = 13, EXT_ALPN = 16 };
enum { EXT_MASTER_SECRET = 23, EXT_VERSIONS = 43, EXT_PSK_MODES = 45, EXT_KEY_SHARE = 51 };
enum { TLS13 = 0x0304, RECORD_LIMIT = 16384, RANDOM_BYTES = 32, SESSION_ID_BYTES = 32 };

/* Bytes out, sticky: once something did not fit, nothing more is written. */
typedef struct sink {
    uint8_t *start;
    size_t length, capacity;
    bool overflowed;
} sink_t;

static void put(sink_t *out, unsigned value, unsigned bytes)
{
    if (out->overflowed || out->capacity - out->length < bytes) {
        out->overflowed = true;
        return;
    }
    while (bytes-- > 0) {
        out->start[out->length++] = (uint8_t)(value >> (8 * bytes));
    }
}

static void put_bytes(sink_t *out, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        put(out, ((const uint8_t *)bytes)[i], 1);
    }
}

static void put_filler(sink_t *out, uint8_t value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        put(out, value, 1);
    }
}

/* A vector of the presentation language: its length is not known before its end. */
static size_t open_vector(sink_t *out, unsigned bytes)
{
    put(out, 0, bytes);
    return out->length;
}

static void close_vector(sink_t *out, size_t opened, unsigned bytes)
{
    if (out->overflowed) {
        return;
    }
    size_t length = out->length - opened;
    for (unsigned i = 0; i < bytes; i++) {
        out->start[opened - 1 - i] = (uint8_t)(length >> (8 * i));
    }
}

static void put_codes(sink_t *out, tlsdiag_code_list_t list, unsigned length_bytes)
{
    size_t opened = open_vector(out, length_bytes);
    for (uint16_t i = 0; i < list.count; i++) {
        put(out, list.codes[i], 2);
    }
    close_vector(out, opened, length_bytes);
}

static void put_code_extension(sink_t *out, unsigned type, tlsdiag_code_list_t list, unsigned length_bytes)
{
    if (list.count == 0) {
        return;
    }
    put(out, type, 2);
    size_t opened = open_vector(out, 2);
    put_codes(out, list, length_bytes);
    close_vector(out, opened, 2);
}

/* RFC 6066 3: ServerNameList of one host_name(0). */
static void put_server_name(sink_t *out, const char *server_name)
{
    put(out, EXT_SERVER_NAME, 2);
    size_t extension = open_vector(out, 2), list = open_vector(out, 2);
    put(out, 0, 1);
    size_t name = open_vector(out, 2);
    put_bytes(out, server_name, strlen(server_name));
    close_vector(out, name, 2);
    close_vector(out, list, 2);
    close_vector(out, extension, 2);
}

static void put_alpn(sink_t *out, const char *protocols)
{
    put(out, EXT_ALPN, 2);
    size_t extension = open_vector(out, 2), list = open_vector(out, 2);
    while (*protocols) {
        size_t length = strcspn(protocols, " ");
        put(out, (unsigned)length, 1);
        put_bytes(out, protocols, length);
        protocols += length + strspn(protocols + length, " ");
    }
    close_vector(out, list, 2);
    close_vector(out, extension, 2);
}

typedef struct key_share {
    uint16_t group;
    size_t zeros;
    const uint8_t *at;
    size_t length;
} key_share_t;

#include "audit/key_shares.inc"

/* KeyShareEntry (RFC 8446 4.2.8). A group without a key here is left out, as if the client had not sent it. */
static void put_key_share(sink_t *out, uint16_t group)
{
    for (size_t i = 0; i < sizeof key_shares / sizeof key_shares[0]; i++) {
        if (key_shares[i].group == group) {
            put(out, group, 2);
            put(out, (unsigned)(key_shares[i].zeros + key_shares[i].length), 2);
            put_filler(out, 0, key_shares[i].zeros);
            put_bytes(out, key_shares[i].at, key_shares[i].length);
        }
    }
}

static void put_key_shares(sink_t *out, tlsdiag_code_list_t groups)
{
    put(out, EXT_KEY_SHARE, 2);
    size_t extension = open_vector(out, 2), list = open_vector(out, 2);
    for (uint16_t i = 0; i < groups.count; i++) {
        put_key_share(out, groups.codes[i]);
    }
    close_vector(out, list, 2);
    close_vector(out, extension, 2);
}

static bool offers_tls13(const tlsdiag_known_client_t *client)
{
    for (uint16_t i = 0; i < client->versions.count; i++) {
        if (client->versions.codes[i] == TLS13) {
            return true;
        }
    }
    return false;
}

/* psk_dhe_ke(1), which every client that can resume offers (RFC 8446 4.2.9). */
static void put_tls13_extensions(sink_t *out, const tlsdiag_known_client_t *client, uint16_t share)
{
    put_code_extension(out, EXT_VERSIONS, client->versions, 1);
    if (offers_tls13(client)) {
        put(out, EXT_PSK_MODES, 2);
        put(out, 2, 2);
        put(out, 0x0101, 2);
        put_key_shares(out, share ? (tlsdiag_code_list_t){ .codes = &share, .count = 1 } : client->key_shares);
    }
}

static void put_extensions(sink_t *out, const tlsdiag_known_client_t *client, const char *server_name, uint16_t share)
{
    if (server_name && !client->no_server_name) {
        put_server_name(out, server_name);
    }
    if (client->extended_master_secret) {
        put(out, EXT_MASTER_SECRET, 2);
        put(out, 0, 2);
    }
    if (client->groups.count) {
        put_code_extension(out, EXT_GROUPS, client->groups, 2);
        put(out, EXT_POINT_FORMATS, 2);
        put(out, 2, 2);
        put(out, 0x0100, 2);
    }
    put_code_extension(out, EXT_SIGNATURES, client->signature_algorithms, 2);
    if (client->alpn) {
        put_alpn(out, client->alpn);
    }
    put_tls13_extensions(out, client, share);
}

/*
 * struct {
 *     ProtocolVersion legacy_version = 0x0303;
 *     Random random;
 *     opaque legacy_session_id<0..32>;
 *     CipherSuite cipher_suites<2..2^16-2>;
 *     opaque legacy_compression_methods<1..2^8-1>;
 *     Extension extensions<8..2^16-1>;
 * } ClientHello;                                             RFC 8446 4.1.2
 */
static void put_client_hello(sink_t *out, const tlsdiag_known_client_t *client, const char *server_name, uint16_t share)
{
    put(out, client->legacy_version, 2);
    put_filler(out, 0x5a, RANDOM_BYTES);
    size_t session_id = open_vector(out, 1);
    put_filler(out, 0xa5, offers_tls13(client) ? SESSION_ID_BYTES : 0);
    close_vector(out, session_id, 1);
    put_codes(out, client->cipher_suites, 2);
    put(out, 0x0100, 2); /* one compression method: null */
    size_t extensions = open_vector(out, 2);
    put_extensions(out, client, server_name, share);
    if (out->length == extensions && !out->overflowed) {
        out->length -= 2; /* clients without extensions leave out the block (RFC 5246 7.4.1.2) */
        return;
    }
    close_vector(out, extensions, 2);
}

size_t tlsdiag_client_hello_write(uint8_t *buffer, size_t size, const tlsdiag_known_client_t *client,
                                  const char *server_name, uint16_t share)
{
    sink_t out = { .start = buffer, .capacity = size < RECORD_LIMIT ? size : RECORD_LIMIT };
    put(&out, 0x16, 1);
    put(&out, client->legacy_version == 0x0300 ? 0x0300 : 0x0301, 2); /* RFC 8446 5.1 */
    size_t record = open_vector(&out, 2);
    put(&out, 1, 1);
    size_t message = open_vector(&out, 3);
    put_client_hello(&out, client, server_name, share);
    close_vector(&out, message, 3);
    close_vector(&out, record, 2);
    return out.overflowed ? 0 : out.length;
}
