/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `tlsdiag.client`: what the client offered, how its hello arrived, and what came instead of one. */
#include "publish/fields_rows.h"

#include "iana/iana.h"
#include "publish/json.h"
#include "publish/values.h"

#define LIST(field, kept)                                            \
    (tlsdiag_codes_t)                                                \
    {                                                                \
        hello_of(event)->field, hello_of(event)->field##_count, kept \
    }

static const tlsdiag_client_hello_t *hello_of(const tlsdiag_event_t *event)
{
    return &event->facts->client_hello;
}

static bool write_legacy_version(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_code(out, hello_of(event)->legacy_version, tlsdiag_iana_version_name);
}

static bool write_versions(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(supported_versions, TLSDIAG_VERSIONS_KEPT), tlsdiag_iana_version_name,
                              TLSDIAG_GREASE_SHOWN);
}

static bool write_cipher_codes(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT), NULL, TLSDIAG_GREASE_SHOWN);
}

static bool write_groups(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(supported_groups, TLSDIAG_GROUPS_KEPT), tlsdiag_iana_group_name,
                              TLSDIAG_GREASE_SHOWN);
}

static bool write_key_shares(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(key_shares, TLSDIAG_KEY_SHARES_KEPT), tlsdiag_iana_group_name,
                              TLSDIAG_GREASE_SHOWN);
}

static bool write_signature_algorithms(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT),
                              tlsdiag_iana_signature_scheme_name, TLSDIAG_GREASE_SHOWN);
}

static bool write_signature_algorithms_cert(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(signature_algorithms_cert, TLSDIAG_SIGNATURE_SCHEMES_KEPT),
                              tlsdiag_iana_signature_scheme_name, TLSDIAG_GREASE_SHOWN);
}

static bool write_extensions(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_codes(out, LIST(extensions, TLSDIAG_EXTENSIONS_KEPT), tlsdiag_iana_extension_name,
                              TLSDIAG_GREASE_SHOWN);
}

static bool write_alpn(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_client_hello_t *hello = hello_of(event);
    size_t kept = hello->alpn_bytes < TLSDIAG_ALPN_BYTES_KEPT ? hello->alpn_bytes : TLSDIAG_ALPN_BYTES_KEPT;
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(hello->alpn, kept));
    tlsdiag_write_literal(out, "[");
    while (tlsdiag_remaining(&in) > 0) {
        tlsdiag_bytes_t name = tlsdiag_read_vector(&in, 1);
        if (!in.failed) {
            tlsdiag_json_client_bytes(out, name);
            tlsdiag_write_literal(out, ",");
        }
    }
    tlsdiag_json_close(out, ']');
    return kept > 0;
}

/* One-byte code points: by name or as "0x0b". */
static bool write_small_codes(tlsdiag_writer_t *out, tlsdiag_bytes_t codes, const char *(*name_of)(uint8_t code))
{
    tlsdiag_write_literal(out, "[");
    for (size_t i = 0; i < codes.length; i++) {
        if (!tlsdiag_json_name(out, name_of(codes.at[i]))) {
            tlsdiag_write_literal(out, "\"0x");
            tlsdiag_write_hex(out, codes.at[i], 2);
            tlsdiag_write_literal(out, "\"");
        }
        tlsdiag_write_literal(out, ",");
    }
    tlsdiag_json_close(out, ']');
    return codes.length > 0;
}

static bool write_psk_modes(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_client_hello_t *hello = hello_of(event);
    size_t kept = hello->psk_modes_count < TLSDIAG_PSK_MODES_KEPT ? hello->psk_modes_count : TLSDIAG_PSK_MODES_KEPT;
    return write_small_codes(out, tlsdiag_bytes(hello->psk_modes, kept), tlsdiag_iana_psk_mode_name);
}

static bool write_compression(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_client_hello_t *hello = hello_of(event);
    size_t kept =
        hello->compression_count < TLSDIAG_COMPRESSION_KEPT ? hello->compression_count : TLSDIAG_COMPRESSION_KEPT;
    return write_small_codes(out, tlsdiag_bytes(hello->compression, kept), tlsdiag_iana_compression_name);
}

static bool write_session_id(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_bool(out, hello_of(event)->session_id_length > 0);
    return true;
}

static bool write_second_key_share(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return event->facts->has_second_client_hello &&
           tlsdiag_json_code(out, event->facts->second_key_share, tlsdiag_iana_group_name);
}

static bool write_first_bytes(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    uint8_t buffer[TLSDIAG_FIRST_BYTES_SHOWN];
    tlsdiag_bytes_t shown = tlsdiag_first_bytes_shown(event, buffer);
    tlsdiag_json_client_bytes(out, shown);
    return shown.length > 0;
}

/* clang-format off */
const tlsdiag_field_t tlsdiag_fields_offer[] = {
    TLSDIAG_FIELD("legacy_version", KEYWORD, HELLO, NEVER, write_legacy_version, "`TLSv1.2` for TLS 1.2 and later"),
    TLSDIAG_GREASED("versions", KEYWORDS, HELLO, VERSIONS, write_versions,
                  "supported_versions in the order sent, GREASE as `0x1a1a`; absent without the extension"),
    TLSDIAG_GREASED("cipher_codes", KEYWORDS, HELLO, CIPHER_CODES, write_cipher_codes,
                  "all suites offered in order, GREASE included, as `0x1301`"),
    TLSDIAG_GREASED("groups", KEYWORDS, HELLO, GROUPS, write_groups, "supported_groups in the order sent"),
    TLSDIAG_GREASED("key_shares", KEYWORDS, HELLO, KEY_SHARES, write_key_shares, "groups that a key share came for"),
    TLSDIAG_GREASED("signature_algorithms", KEYWORDS, HELLO, SIGNATURE_ALGORITHMS, write_signature_algorithms,
                  "in the order sent; TLS 1.2 pairs by their TLS 1.3 names"),
    TLSDIAG_GREASED("signature_algorithms_cert", KEYWORDS, HELLO, SIGNATURE_ALGORITHMS_CERT,
                  write_signature_algorithms_cert, "for signatures in certificates, where it differs"),
    TLSDIAG_FIELD("alpn", KEYWORDS, HELLO, ALPN, write_alpn, "protocols offered, escaped like the SNI"),
    TLSDIAG_ORDERED("extensions", KEYWORDS, HELLO, EXTENSIONS, write_extensions, "in the order sent, GREASE included"),
    TLSDIAG_FIELD("psk_modes", KEYWORDS, HELLO, PSK_MODES, write_psk_modes, "psk_key_exchange_modes"),
    TLSDIAG_FIELD("compression", KEYWORDS, HELLO, COMPRESSION, write_compression, "legacy_compression_methods"),
    TLSDIAG_BOOLEAN("grease", HELLO, client_hello.grease, "a GREASE value (RFC 8701) stands somewhere"),
    TLSDIAG_BOOLEAN("early_data", HELLO, client_hello.early_data, "offered"),
    TLSDIAG_BOOLEAN("ech", HELLO, client_hello.ech, "offered, or a GREASE ECH, which looks the same"),
    TLSDIAG_BOOLEAN("status_request", HELLO, client_hello.status_request, "asks for an OCSP staple"),
    TLSDIAG_BOOLEAN("psk", HELLO, client_hello.pre_shared_key, "pre_shared_key offered (TLS 1.3 resumption)"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_client[] = {
    TLSDIAG_FRAGMENT(OFFER, HELLO, tlsdiag_fields_offer),
    TLSDIAG_BOOLEAN("session_ticket", HELLO, client_hello.session_ticket, "a ticket offered (TLS 1.2 resumption)"),
    TLSDIAG_SETTLED("session_id", BOOLEAN, HELLO, NEVER, write_session_id,
                  "not empty; TLS 1.3 clients fill it for middleboxes"),
    TLSDIAG_SETTLED("second_key_share", KEYWORD, HELLO, NEVER, write_second_key_share,
                  "first group of the second ClientHello, after HelloRetryRequest"),
    TLSDIAG_NUMBER("hello_bytes", HELLO, client_hello.message_bytes,
                   "length of the ClientHello that its header declares"),
    TLSDIAG_NUMBER("hello_records", HELLO, network.hello_records, "TLS records it came in"),
    TLSDIAG_NUMBER("hello_reads", HELLO, network.hello_reads, "reads that delivered bytes of it"),
    TLSDIAG_TEXT("malformed", KEYWORD, BROKEN_HELLO, NEVER, client_hello.malformed,
                 "which field, as the RFC names it: `key_share`"),
    TLSDIAG_NUMBER("malformed_at", BROKEN_HELLO, client_hello.malformed_at,
                  "byte offset in the ClientHello's body"),
    TLSDIAG_FIELD("first_bytes", KEYWORD, NOT_TLS, FIRST_BYTES, write_first_bytes,
                  "up to 64 bytes, escaped; of plain HTTP the request line and the Host header; of protocols "
                  "that may begin with a password fewer"),
    TLSDIAG_END
};
/* clang-format on */
