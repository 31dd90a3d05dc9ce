/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/client_hello.h"

#include <string.h>

#include "decode/extensions.h"
#include "iana/iana.h"

enum {
    TLSDIAG_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff, /* RFC 5746 3.3 */
    TLSDIAG_FALLBACK_SCSV = 0x5600,                 /* RFC 7507 */
    TLSDIAG_RANDOM_BYTES = 32,
    TLSDIAG_SESSION_ID_MAX_BYTES = 32,
};

/*
 * A reader of one message that knows two ends: where the bytes stop that came, and where the message stops by its
 * own header. A field beyond the first is missing, one beyond the second is impossible.
 */
typedef struct message_reader {
    tlsdiag_client_hello_t *client_hello;
    tlsdiag_reader_t in;
    size_t declared;
    bool stopped; /* met one of the two ends: all further reads give nothing */
} message_reader_t;

void tlsdiag_client_hello_mark_malformed(tlsdiag_client_hello_t *client_hello, const char *name, size_t offset)
{
    if (client_hello->malformed[0]) {
        return;
    }
    size_t length = strlen(name);
    size_t room = sizeof client_hello->malformed - 1;
    memcpy(client_hello->malformed, name, length < room ? length : room);
    client_hello->malformed_at = (uint32_t)offset;
}

/* The next length bytes, or as many of them as came. length_at is where a too large length stands. */
static tlsdiag_bytes_t take(message_reader_t *message, size_t length, const char *field, size_t length_at)
{
    if (message->stopped) {
        return tlsdiag_bytes(NULL, 0);
    }
    size_t came = tlsdiag_remaining(&message->in);
    if (length > message->declared - tlsdiag_offset(&message->in)) {
        tlsdiag_client_hello_mark_malformed(message->client_hello, field, length_at);
        message->stopped = true;
        return tlsdiag_bytes(NULL, 0);
    }
    if (length > came) {
        message->stopped = true;
        length = came;
    }
    return tlsdiag_read(&message->in, length);
}

static unsigned take_number(message_reader_t *message, size_t length, const char *field)
{
    tlsdiag_bytes_t bytes = take(message, length, field, tlsdiag_offset(&message->in));
    if (bytes.length < length) {
        return 0;
    }
    unsigned number = 0;
    for (size_t i = 0; i < length; i++) {
        number = number << 8 | bytes.at[i];
    }
    return number;
}

/* A vector<..> of the presentation language (RFC 8446 3.4). */
static tlsdiag_bytes_t take_vector(message_reader_t *message, size_t length_bytes, const char *field)
{
    size_t at = tlsdiag_offset(&message->in);
    unsigned length = take_number(message, length_bytes, field);
    return take(message, length, field, at);
}

/* Nothing may stand between here and the end of the message. */
static void expect_end(message_reader_t *message, const char *field)
{
    size_t at = tlsdiag_offset(&message->in);
    if (!message->stopped && at < message->declared) {
        tlsdiag_client_hello_mark_malformed(message->client_hello, field, at);
        message->stopped = true;
    }
}

/* opaque legacy_session_id<0..32>; */
static void read_session_id(message_reader_t *message)
{
    size_t at = tlsdiag_offset(&message->in);
    unsigned length = take_number(message, 1, "legacy_session_id");
    if (message->stopped) {
        return;
    }
    if (length > TLSDIAG_SESSION_ID_MAX_BYTES) {
        tlsdiag_client_hello_mark_malformed(message->client_hello, "legacy_session_id", at);
    }
    message->client_hello->session_id_length = (uint8_t)length;
    take(message, length, "legacy_session_id", at);
}

static void note_signalling_suite(tlsdiag_client_hello_t *client_hello, unsigned suite)
{
    if (suite == TLSDIAG_EMPTY_RENEGOTIATION_INFO_SCSV) {
        client_hello->secure_renegotiation = true;
    }
    if (suite == TLSDIAG_FALLBACK_SCSV) {
        client_hello->fallback_scsv = true;
    }
}

/* CipherSuite cipher_suites<2..2^16-2>; */
static void read_cipher_suites(message_reader_t *message)
{
    tlsdiag_client_hello_t *client_hello = message->client_hello;
    size_t at = tlsdiag_offset(&message->in);
    tlsdiag_bytes_t list = take_vector(message, 2, "cipher_suites");
    if (!message->stopped && (list.length == 0 || list.length % 2 != 0)) {
        tlsdiag_client_hello_mark_malformed(client_hello, "cipher_suites", at);
    }
    if (tlsdiag_keep_codes(client_hello->cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT, &client_hello->cipher_suites_count,
                           list)) {
        client_hello->grease = true;
    }
    for (size_t i = 0; i + 2 <= list.length; i += 2) {
        note_signalling_suite(client_hello, (unsigned)(list.at[i] << 8 | list.at[i + 1]));
    }
}

/* opaque legacy_compression_methods<1..2^8-1>; */
static void read_compression_methods(message_reader_t *message)
{
    tlsdiag_client_hello_t *client_hello = message->client_hello;
    size_t at = tlsdiag_offset(&message->in);
    tlsdiag_bytes_t list = take_vector(message, 1, "legacy_compression_methods");
    if (!message->stopped && list.length == 0) {
        tlsdiag_client_hello_mark_malformed(client_hello, "legacy_compression_methods", at);
    }
    client_hello->compression_count = (uint8_t)list.length;
    size_t kept = list.length < TLSDIAG_COMPRESSION_KEPT ? list.length : TLSDIAG_COMPRESSION_KEPT;
    for (size_t i = 0; i < kept; i++) {
        client_hello->compression[i] = list.at[i];
    }
}

/*
 * Extension extensions<8..2^16-1>; RFC 5246 7.4.1.2: "The presence of extensions can be detected by determining
 * whether there are bytes following the compression_methods at the end of the ClientHello."
 */
static void read_extensions(message_reader_t *message)
{
    tlsdiag_client_hello_t *client_hello = message->client_hello;
    size_t at = tlsdiag_offset(&message->in);
    if (message->stopped || at == message->declared) {
        return;
    }
    unsigned length = take_number(message, 2, "extensions");
    if (message->stopped) {
        return;
    }
    client_hello->has_extensions = true;
    tlsdiag_bytes_t block = take(message, length, "extensions", at);
    bool read_to_end = tlsdiag_extensions_decode(client_hello, block, at + 2, length - block.length);
    expect_end(message, "extensions");
    message->stopped = message->stopped || !read_to_end;
}

void tlsdiag_client_hello_decode(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message, uint32_t declared_bytes)
{
    *client_hello = (tlsdiag_client_hello_t){ .message_bytes = declared_bytes };
    if (message.length > declared_bytes) {
        message.length = declared_bytes;
    }
    message_reader_t in = { client_hello, tlsdiag_reader(message), declared_bytes, false };

    client_hello->legacy_version = (uint16_t)take_number(&in, 2, "legacy_version");
    take(&in, TLSDIAG_RANDOM_BYTES, "random", 2);
    read_session_id(&in);
    read_cipher_suites(&in);
    read_compression_methods(&in);
    read_extensions(&in);
    client_hello->complete = !in.stopped;
}

/*
 * RFC 5246 E.2: V2CipherSpec cipher_specs[V2ClientHello.cipher_spec_length]; three bytes each. A TLS suite
 * { 0xc0, 0x2f } stands as { 0x00, 0xc0, 0x2f }; another first byte is a cipher of SSLv2 itself.
 */
static void read_cipher_specs(message_reader_t *message, unsigned length, size_t length_at)
{
    tlsdiag_client_hello_t *client_hello = message->client_hello;
    tlsdiag_bytes_t specs = take(message, length, "cipher_specs", length_at);
    if (!message->stopped && (length == 0 || length % 3 != 0)) {
        tlsdiag_client_hello_mark_malformed(client_hello, "cipher_specs", length_at);
    }
    for (size_t i = 0; i + 3 <= specs.length; i += 3) {
        uint16_t suite = (uint16_t)(specs.at[i + 1] << 8 | specs.at[i + 2]);
        if (specs.at[i] == 0) {
            tlsdiag_keep_code(client_hello->cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT,
                              &client_hello->cipher_suites_count, suite);
            note_signalling_suite(client_hello, suite);
        }
    }
}

void tlsdiag_client_hello_decode_sslv2(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t record)
{
    tlsdiag_reader_t whole = tlsdiag_reader(record);
    size_t msg_length = tlsdiag_read_u16(&whole) & 0x7fff; /* RFC 5246 E.2: "The highest bit MUST be 1" */
    size_t came = tlsdiag_remaining(&whole);
    tlsdiag_bytes_t message = tlsdiag_read(&whole, came < msg_length ? came : msg_length);
    *client_hello = (tlsdiag_client_hello_t){ .sslv2_format = true, .message_bytes = (uint32_t)msg_length };
    message_reader_t in = { client_hello, tlsdiag_reader(message), msg_length, whole.failed };

    take_number(&in, 1, "msg_type");
    client_hello->legacy_version = (uint16_t)take_number(&in, 2, "version");
    unsigned cipher_spec_length = take_number(&in, 2, "cipher_spec_length");
    unsigned session_id_length = take_number(&in, 2, "session_id_length");
    unsigned challenge_length = take_number(&in, 2, "challenge_length");
    read_cipher_specs(&in, cipher_spec_length, 3);
    take(&in, session_id_length, "session_id", 5);
    client_hello->session_id_length = (uint8_t)(session_id_length < UINT8_MAX ? session_id_length : UINT8_MAX);
    take(&in, challenge_length, "challenge", 7);
    expect_end(&in, "challenge");
    client_hello->complete = !in.stopped;
}

static bool is_final_version(uint16_t version)
{
    return version >= 0x0300 && version <= 0x0304;
}

/*
 * RFC 8446 4.2.1, of a ClientHello without supported_versions: servers "MUST negotiate TLS 1.2 or prior [...] even if
 * ClientHello.legacy_version is 0x0304 or later."
 */
uint16_t tlsdiag_client_hello_highest_version(const tlsdiag_client_hello_t *client_hello)
{
    if (!client_hello->has_supported_versions) {
        uint16_t legacy = client_hello->legacy_version;
        return legacy > 0x0303 ? 0x0303 : legacy >= 0x0300 || client_hello->sslv2_format ? legacy : 0;
    }
    uint16_t highest = 0;
    for (size_t i = 0; i < tlsdiag_kept(client_hello->supported_versions_count, TLSDIAG_VERSIONS_KEPT); i++) {
        uint16_t version = client_hello->supported_versions[i];
        if (is_final_version(version) && version > highest) {
            highest = version;
        }
    }
    return highest;
}

uint16_t tlsdiag_client_hello_lowest_version(const tlsdiag_client_hello_t *client_hello)
{
    uint16_t lowest = 0;
    for (size_t i = 0; i < tlsdiag_kept(client_hello->supported_versions_count, TLSDIAG_VERSIONS_KEPT); i++) {
        uint16_t version = client_hello->supported_versions[i];
        if (is_final_version(version) && (lowest == 0 || version < lowest)) {
            lowest = version;
        }
    }
    return lowest;
}
