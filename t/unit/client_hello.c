/* SPDX-License-Identifier: Apache-2.0 */
/* decode/client_hello.h: a ClientHello, whole, cut, broken or in SSLv2's format. */
#include "decode/client_hello.h"

#include "hellos.h"

static tlsdiag_client_hello_t client_hello;

/* Kept in a block of exactly its size, so that the sanitizer sees a read of one byte more. */
static void decode_copy(tlsdiag_bytes_t message, size_t declared)
{
    uint8_t *copy = malloc(message.length ? message.length : 1);
    if (message.length > 0) {
        memcpy(copy, message.at, message.length);
    }
    tlsdiag_client_hello_decode(&client_hello, tlsdiag_bytes(copy, message.length), (uint32_t)declared);
    free(copy);
}

/* Code points as the table writes them. */
static const char *list_text(const uint16_t *codes, size_t count, size_t capacity)
{
    static char text[16384];
    char *to = text;
    *to = '\0';
    for (size_t i = 0; i < tlsdiag_kept(count, capacity); i++) {
        to += sprintf(to, "%s%04x", i ? "," : "", codes[i]);
    }
    return text;
}

/* The same list: all of it, or what is kept of a longer one. */
static bool same_list(const hello_t *hello, int column, const uint16_t *codes, size_t count, size_t capacity)
{
    const char *expected = hello->column[column];
    size_t expected_count = *expected ? (strlen(expected) + 1) / 5 : 0;
    const char *got = list_text(codes, count, capacity);
    if (count == expected_count && strncmp(got, expected, strlen(got)) == 0) {
        return true;
    }
    printf("# %s column %d: got %zu %s\n# expected %zu %s\n", hello->column[HELLO_ID], column, count, got,
           expected_count, expected);
    return false;
}

static bool same_hex(const hello_t *hello, int column, const uint8_t *bytes, size_t length)
{
    static char text[2048];
    for (size_t i = 0; i < length; i++) {
        sprintf(text + 2 * i, "%02x", bytes[i]);
    }
    text[2 * length] = '\0';
    if (strcmp(text, hello->column[column]) == 0) {
        return true;
    }
    printf("# %s column %d: got %s\n# expected %s\n", hello->column[HELLO_ID], column, text, hello->column[column]);
    return false;
}

/* ALPN names as the table writes them: hex, joined by commas. */
static bool same_alpn(const hello_t *hello)
{
    static char text[1024];
    char *to = text;
    *to = '\0';
    for (size_t at = 0; at < client_hello.alpn_bytes; at += 1u + client_hello.alpn[at]) {
        to += sprintf(to, "%s", at ? "," : "");
        for (size_t i = 1; i <= client_hello.alpn[at]; i++) {
            to += sprintf(to, "%02x", client_hello.alpn[at + i]);
        }
    }
    const char *expected = hello->column[HELLO_ALPN];
    if (strncmp(text, expected, strlen(text)) == 0 && (*text || !*expected || strlen(expected) > 200)) {
        return true;
    }
    printf("# %s: got ALPN %s, expected %s\n", hello->column[HELLO_ID], text, expected);
    return false;
}

/*
 * What tshark and we read differently: it takes the key shares of TLS 1.3 drafts from extension 40, and keeps the names
 * in front of a broken one in ALPN.
 */
static bool same_lists(const hello_t *hello)
{
    const tlsdiag_client_hello_t *h = &client_hello;
    bool broken_alpn = strncmp(h->malformed, "application_layer", 17) == 0;
    return same_list(hello, HELLO_CIPHER_SUITES, h->cipher_suites, h->cipher_suites_count,
                     TLSDIAG_CIPHER_SUITES_KEPT) &&
           same_list(hello, HELLO_EXTENSIONS, h->extensions, h->extensions_count, TLSDIAG_EXTENSIONS_KEPT) &&
           same_list(hello, HELLO_VERSIONS, h->supported_versions, h->supported_versions_count,
                     TLSDIAG_VERSIONS_KEPT) &&
           same_list(hello, HELLO_GROUPS, h->supported_groups, h->supported_groups_count, TLSDIAG_GROUPS_KEPT) &&
           same_list(hello, HELLO_SIGNATURE_ALGORITHMS, h->signature_algorithms, h->signature_algorithms_count,
                     TLSDIAG_SIGNATURE_SCHEMES_KEPT) &&
           same_list(hello, HELLO_SIGNATURE_ALGORITHMS_CERT, h->signature_algorithms_cert,
                     h->signature_algorithms_cert_count, TLSDIAG_SIGNATURE_SCHEMES_KEPT) &&
           (!h->has_key_share ||
            same_list(hello, HELLO_KEY_SHARES, h->key_shares, h->key_shares_count, TLSDIAG_KEY_SHARES_KEPT)) &&
           (broken_alpn || same_alpn(hello));
}

static bool same_values(const hello_t *hello)
{
    const tlsdiag_client_hello_t *h = &client_hello;
    size_t name = tlsdiag_kept(h->server_name_length, TLSDIAG_SERVER_NAME_BYTES);
    char version[5];
    sprintf(version, "%04x", h->legacy_version);
    return h->complete && strcmp(version, hello->column[HELLO_LEGACY_VERSION]) == 0 &&
           h->session_id_length == atoi(hello->column[HELLO_SESSION_ID_LENGTH]) &&
           same_hex(hello, HELLO_SERVER_NAME, h->server_name, name) && same_lists(hello);
}

static void decodes_as_tshark_does(const hello_t *hello)
{
    if (hello->sslv2) {
        tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(hello->wire, hello->length));
        ok(client_hello.complete && !client_hello.malformed[0] && client_hello.sslv2_format, "%s: SSLv2 format",
           hello->column[HELLO_ID]);
        return;
    }
    tlsdiag_bytes_t body = hello_body(hello);
    decode_copy(body, body.length);
    ok(same_values(hello), "%s: decoded as tshark does", hello->column[HELLO_ID]);
}

/* What came is read, nothing is called broken that is only missing, and a whole hello is the only complete one. */
static void every_prefix_is_cut_not_broken(const hello_t *hello)
{
    tlsdiag_bytes_t body = hello_body(hello);
    if (hello->sslv2) {
        return;
    }
    decode_copy(body, body.length);
    bool well_formed = !client_hello.malformed[0];
    for (size_t length = 0; length < body.length; length += length < 16384 ? 1 : 97) {
        decode_copy(tlsdiag_bytes(body.at, length), body.length);
        if (client_hello.complete || (well_formed && client_hello.malformed[0])) {
            printf("# %zu of %zu bytes: malformed %s\n", length, body.length, client_hello.malformed);
            ok(false, "%s: a prefix is neither complete nor malformed", hello->column[HELLO_ID]);
            return;
        }
        decode_copy(tlsdiag_bytes(body.at, length), length);
        if (!client_hello.complete && !client_hello.malformed[0]) {
            ok(false, "%s: %zu bytes that say they are all are complete or malformed", hello->column[HELLO_ID], length);
            return;
        }
    }
    ok(true, "%s: every prefix", hello->column[HELLO_ID]);
}

static size_t u16_at(const uint8_t *at)
{
    return (size_t)(at[0] << 8 | at[1]);
}

static void put_u16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Offset of the extensions' length in the body; 0: there is none. */
static size_t find_extensions(tlsdiag_bytes_t body)
{
    size_t at = 34;
    at += 1u + body.at[at];
    at += 2 + u16_at(body.at + at);
    at += 1u + body.at[at];
    return at < body.length ? at : 0;
}

/* The extension at `at` once more, right behind itself, all lengths corrected. */
static bool doubled_is_noticed(tlsdiag_bytes_t body, size_t block_at, size_t at)
{
    size_t length = 4 + u16_at(body.at + at + 2);
    uint8_t *copy = malloc(body.length + length);
    memcpy(copy, body.at, at + length);
    memcpy(copy + at + length, body.at + at, body.length - at);
    put_u16(copy + block_at, u16_at(copy + block_at) + length);
    tlsdiag_client_hello_decode(&client_hello, tlsdiag_bytes(copy, body.length + length),
                                (uint32_t)(body.length + length));
    bool psk = u16_at(body.at + at) == 41;
    bool noticed =
        client_hello.malformed[0] && (client_hello.malformed_at == at + length || psk) && client_hello.complete;
    free(copy);
    return noticed;
}

static void each_extension_doubled(const hello_t *hello)
{
    tlsdiag_bytes_t body = hello_body(hello);
    if (hello->sslv2) {
        return;
    }
    decode_copy(body, body.length);
    size_t block_at = find_extensions(body);
    if (client_hello.malformed[0] || block_at == 0 || body.length > 16000 ||
        client_hello.extensions_count > TLSDIAG_EXTENSIONS_KEPT) {
        return;
    }
    for (size_t at = block_at + 2; at + 4 <= body.length; at += 4 + u16_at(body.at + at + 2)) {
        if (!doubled_is_noticed(body, block_at, at)) {
            ok(false, "%s: extension %zu doubled", hello->column[HELLO_ID], u16_at(body.at + at));
            return;
        }
    }
    ok(true, "%s: each extension doubled is malformed", hello->column[HELLO_ID]);
}

/* Small hellos by hand. The part in front of the extensions is always the same. */
#define FRONT                                                          \
    "0303" /* legacy_version */                                        \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" \
    "00"           /* legacy_session_id */                             \
    "0004c02f00ff" /* cipher_suites */                                 \
    "0100"         /* legacy_compression_methods */

typedef struct broken_row {
    const char *name;
    const char *hex;
    const char *malformed;
    unsigned at;
    bool complete;
} broken_row_t;

static const broken_row_t broken_rows[] = {
    /* clang-format off */
    { "no extensions at all", FRONT, "", 0, true },
    { "an empty block", FRONT "0000", "", 0, true },
    { "an unknown extension", FRONT "0006" "12340002ffff", "", 0, true },
    { "empty message", "", "legacy_version", 0, false },
    { "cut in random by its own length", "0303" "0001", "random", 2, false },
    { "session id longer than 32", "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
      "21" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" "0002c02f" "0100", "legacy_session_id", 34, true },
    { "odd cipher suites", "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "00" "0003c02f00" "0100",
      "cipher_suites", 35, true },
    { "no cipher suite", "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "00" "0000" "0100",
      "cipher_suites", 35, true },
    { "cipher suites beyond the message", "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "00"
      "ffffc02f" "0100", "cipher_suites", 35, false },
    { "no compression method", "0303" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" "00" "0002c02f" "00",
      "legacy_compression_methods", 39, true },
    { "extensions beyond the message", FRONT "00ff" "0017", "extensions", 43, false },
    { "one byte where the length should be", FRONT "00", "extensions", 43, false },
    { "bytes behind the extensions", FRONT "0004" "00170000" "aa", "extensions", 49, false },
    { "an extension beyond the block", FRONT "0004" "00170001", "extensions", 45, false },
    { "half an extension head", FRONT "0003" "001700", "extensions", 45, false },
    { "extended_master_secret with a body", FRONT "0005" "00170001aa", "extended_master_secret", 49, true },
    { "server_name without a list", FRONT "0004" "00000000", "server_name", 49, true },
    { "server_name of an empty list", FRONT "0006" "000000020000", "server_name", 51, true },
    { "server_name with NUL", FRONT "000c" "00000008" "0006" "00" "0003" "610062", "server_name", 54, true },
    { "server_name of another type", FRONT "000a" "00000006" "0004" "01" "0001" "61", "server_name", 51, true },
    { "two server names", FRONT "000e" "0000000a" "0008" "00" "0001" "61" "00" "0001" "62", "server_name", 52, true },
    { "an empty host name is tolerated", FRONT "0009" "00000005" "0003" "00" "0000", "", 0, true },
    { "odd groups", FRONT "0009" "000a0005" "0003" "001d00", "supported_groups", 53, true },
    { "no group", FRONT "0006" "000a0002" "0000", "supported_groups", 51, true },
    { "groups beyond their extension", FRONT "0008" "000a0004" "0008" "001d", "supported_groups", 49, true },
    { "bytes behind the groups", FRONT "0009" "000a0005" "0002" "001d" "aa", "supported_groups", 53, true },
    { "no point format", FRONT "0005" "000b0001" "00", "ec_point_formats", 50, true },
    { "no signature algorithm", FRONT "0006" "000d0002" "0000", "signature_algorithms", 51, true },
    { "ALPN with an empty name", FRONT "000a" "00100006" "0004" "02" "6832" "00", "application_layer_protocol_negotiation", 54, true },
    { "ALPN with a name beyond the list", FRONT "0009" "00100005" "0003" "03" "6832", "application_layer_protocol_negotiation", 51, true },
    { "max_fragment_length 9", FRONT "0005" "00010001" "09", "max_fragment_length", 49, true },
    { "max_fragment_length 4", FRONT "0005" "00010001" "04", "", 0, true },
    { "status_request too short", FRONT "0007" "00050003" "010000", "status_request", 52, true },
    { "status_request of another type", FRONT "0007" "00050003" "020000", "", 0, true },
    { "an empty key", FRONT "000a" "00330006" "0004" "001d" "0000", "key_share", 51, true },
    { "a key beyond the list", FRONT "000b" "00330007" "0005" "001d" "0002" "aa", "key_share", 51, true },
    { "no key share is allowed", FRONT "0006" "00330002" "0000", "", 0, true },
    { "no version", FRONT "0005" "002b0001" "00", "supported_versions", 50, true },
    { "half a version", FRONT "0006" "002b0002" "01" "03", "supported_versions", 50, true },
    { "no PSK mode", FRONT "0005" "002d0001" "00", "psk_key_exchange_modes", 50, true },
    { "early_data with a body", FRONT "0005" "002a0001" "00", "early_data", 49, true },
    { "pre_shared_key before another", FRONT "0008" "00290000" "00170000", "pre_shared_key", 45, true },
    { "pre_shared_key without an identity", FRONT "0006" "00290002" "0000", "pre_shared_key", 51, true },
    { "pre_shared_key with half an identity", FRONT "000a" "00290006" "0004" "0001aa00", "pre_shared_key", 51, true },
    { "pre_shared_key with a short binder", FRONT "0011" "0029000d" "0007" "0001aa00000000" "0002" "01bb", "pre_shared_key", 60, true },
    { "compress_certificate of odd length", FRONT "0008" "001b0004" "03" "000200", "compress_certificate", 52, true },
    { "an unknown extension twice", FRONT "0008" "fff10000" "fff10000", "0xfff1", 49, true },
    { "the first fault counts", FRONT "000a" "00170001aa" "002a0001aa", "extended_master_secret", 49, true },
    { "renegotiation_info too short", FRONT "0005" "ff010001" "01", "renegotiation_info", 49, true },
    /* clang-format on */
};

static void decode_hex(const char *hex, size_t declared)
{
    uint8_t bytes[512];
    size_t length = read_hex(bytes, hex);
    decode_copy(tlsdiag_bytes(bytes, length), declared ? declared : length);
}

static void broken_hellos(void)
{
    for (size_t i = 0; i < sizeof broken_rows / sizeof broken_rows[0]; i++) {
        const broken_row_t *row = &broken_rows[i];
        decode_hex(row->hex, 0);
        is_str(client_hello.malformed, row->malformed, row->name);
        if (client_hello.malformed_at != row->at || client_hello.complete != row->complete) {
            printf("# at %u, complete %d\n", client_hello.malformed_at, client_hello.complete);
            ok(false, "%s: at %u, complete %d", row->name, row->at, row->complete);
        }
    }
}

static void reading_goes_on_behind_a_broken_extension(void)
{
    decode_hex(FRONT "0015"
                     "000a0004"
                     "00ff001d"
                     "000d0004"
                     "00020403"
                     "00170001ff",
               0);
    is_str(client_hello.malformed, "supported_groups", "a broken extension is noted");
    is_int(client_hello.supported_groups_count, 0, "... a list whose length lies is not read");
    is_int(client_hello.signature_algorithms_count, 1, "... and the next extension is read");
    ok(client_hello.has_supported_groups && client_hello.extended_master_secret, "... and what is there is there");
}

static void cut_extension_is_read_as_far_as_it_goes(void)
{
    decode_hex(FRONT "00ff"
                     "000000090007000004"
                     "61622e63"
                     "00330080007e11ec0004aaaaaaaa001d0020bbbb",
               43 + 2 + 0xff);
    is_str(client_hello.malformed, "", "a hello that ends inside key_share is not malformed");
    ok(!client_hello.complete, "... and not complete");
    is_int(client_hello.key_shares_count, 2, "... and the key shares that came are counted");
    is_int(client_hello.key_shares[1], 0x001d, "... also the one that is cut");
    is_int(client_hello.server_name_length, 4, "... and the name before it is whole");
}

static void flags(void)
{
    decode_hex(FRONT "0000", 0);
    ok(client_hello.secure_renegotiation && !client_hello.grease && !client_hello.fallback_scsv, "the SCSV 00ff");
    ok(client_hello.has_extensions, "an empty block is a block");
    decode_hex(FRONT, 0);
    ok(!client_hello.has_extensions, "no block is none");
    decode_hex(FRONT "0032"
                     "00050005"
                     "01"
                     "0000"
                     "0000"
                     "00230002"
                     "aaaa"
                     "002a0000"
                     "00310000"
                     "fe0d0003"
                     "010203"
                     "002d0003"
                     "02"
                     "0b01"
                     "00100009"
                     "0007"
                     "020a0a"
                     "03"
                     "616263",
               0);
    is_str(client_hello.malformed, "", "flags: well formed");
    ok(client_hello.status_request && client_hello.offers_tickets && client_hello.session_ticket, "staple and ticket");
    ok(client_hello.early_data && client_hello.post_handshake_auth && client_hello.ech, "early data, PHA, ECH");
    ok(client_hello.grease, "GREASE among PSK modes and ALPN names counts");
    is_int(client_hello.alpn_count, 2, "two ALPN names");
    is_int(client_hello.psk_modes_count, 2, "two PSK modes");
}

static void versions(void)
{
    decode_hex(FRONT, 0);
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0x0303, "highest version: the legacy one");
    is_int(tlsdiag_client_hello_lowest_version(&client_hello), 0, "lowest version: not said");
    decode_hex(FRONT "000d"
                     "002b0009"
                     "08"
                     "0a0a030403037f1c",
               0);
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0x0304, "highest version: no GREASE, no draft");
    is_int(tlsdiag_client_hello_lowest_version(&client_hello), 0x0303, "lowest version");
    decode_hex(FRONT "0009"
                     "002b0005"
                     "04"
                     "7f1c0a0a",
               0);
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0, "highest version: only drafts and GREASE");
    client_hello = (tlsdiag_client_hello_t){ .legacy_version = 0x0304 };
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0x0303, "legacy_version cannot offer TLS 1.3");
    client_hello.legacy_version = 0x0300;
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0x0300, "SSLv3 only");
    client_hello.legacy_version = 0x0200;
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0, "a version that never was");
}

static void sslv2_format(void)
{
    uint8_t record[128];
    size_t length = read_hex(record, "802e"
                                     "01"
                                     "0301"
                                     "0015"
                                     "0000"
                                     "0010"
                                     "010080"
                                     "00c02f"
                                     "0000ff"
                                     "005600"
                                     "000005"
                                     "0700c0"
                                     "020080"
                                     "000102030405060708090a0b0c0d0e0f");
    tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, length));
    ok(client_hello.complete && client_hello.sslv2_format, "SSLv2 format: complete");
    is_str(client_hello.malformed, "", "... and well formed");
    is_int(client_hello.cipher_suites_count, 4, "... the specs of TLS suites are kept");
    is_int(client_hello.cipher_suites[0], 0xc02f, "... as suites");
    ok(client_hello.secure_renegotiation && client_hello.fallback_scsv, "... signalling values among them");
    is_int(tlsdiag_client_hello_highest_version(&client_hello), 0x0301, "... version offered");
    bool right = true;
    for (size_t cut = 0; cut < length; cut++) {
        tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, cut));
        right = right && !client_hello.complete && !client_hello.malformed[0];
    }
    ok(right, "SSLv2 format: every prefix is cut, not broken");
    record[1] = 0x2f;
    record[length] = 0;
    tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, length + 1));
    is_str(client_hello.malformed, "challenge", "SSLv2 format: a byte too many");
    length = read_hex(record, "800b"
                              "01"
                              "0002"
                              "0002"
                              "0000"
                              "0000"
                              "0100");
    tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, length));
    is_str(client_hello.malformed, "cipher_specs", "SSLv2 format: specs that are no multiple of three");
    length = read_hex(record, "8009"
                              "01"
                              "0002"
                              "0000"
                              "0000"
                              "0000");
    tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, length));
    is_str(client_hello.malformed, "cipher_specs", "SSLv2 format: no spec");
    length = read_hex(record, "8009"
                              "01"
                              "0002"
                              "0003"
                              "0000"
                              "0000");
    tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, length));
    is_str(client_hello.malformed, "cipher_specs", "SSLv2 format: specs beyond the record");
    ok(!client_hello.complete, "... which ends the reading");
    length = read_hex(record, "8003"
                              "01"
                              "0002");
    tlsdiag_client_hello_decode_sslv2(&client_hello, tlsdiag_bytes(record, length));
    is_str(client_hello.malformed, "cipher_spec_length", "SSLv2 format: a record without lengths");
}

/* Lists longer than what is kept are counted in full. */
static void long_lists(void)
{
    static uint8_t body[43 + 2 * 1000 + 2 + 4 * 1000];
    size_t front = read_hex(body, "0303"
                                  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                                  "00");
    put_u16(body + front, 2000);
    size_t at = front + 2 + 2000;
    body[at++] = 1;
    body[at++] = 0;
    put_u16(body + at, 4000);
    for (size_t i = 0; i < 1000; i++) {
        put_u16(body + front + 2 + 2 * i, 0x2000 + i);
        put_u16(body + at + 2 + 4 * i, 0x3000 + i);
    }
    decode_copy(tlsdiag_bytes(body, at + 2 + 4000), at + 2 + 4000);
    is_str(client_hello.malformed, "", "1000 suites and 1000 extensions are well formed");
    is_int(client_hello.cipher_suites_count, 1000, "... all suites are counted");
    is_int(client_hello.cipher_suites[TLSDIAG_CIPHER_SUITES_KEPT - 1], 0x2000 + TLSDIAG_CIPHER_SUITES_KEPT - 1,
           "... and kept up to the limit");
    is_int(client_hello.extensions_count, 1000, "... all extensions are counted");
}

int main(void)
{
    for_each_hello(decodes_as_tshark_does);
    for_each_hello(every_prefix_is_cut_not_broken);
    for_each_hello(each_extension_doubled);
    broken_hellos();
    reading_goes_on_behind_a_broken_extension();
    cut_extension_is_read_as_far_as_it_goes();
    flags();
    versions();
    sslv2_format();
    long_lists();
    return done_testing();
}
