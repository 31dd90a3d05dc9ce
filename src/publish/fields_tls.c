/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `tls`: ECS's fields for what was negotiated, for the client and for the certificates of both. */
#include "publish/fields_rows.h"

#include "iana/iana.h"
#include "publish/json.h"
#include "publish/names.h"
#include "publish/values.h"

static bool write_version(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_version_number(event->facts->negotiated.version));
}

static bool write_version_protocol(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_version_protocol(event->facts->negotiated.version));
}

static bool write_cipher(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_code(out, event->facts->negotiated.cipher_suite, tlsdiag_iana_cipher_suite_name);
}

static bool write_curve(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_code(out, event->facts->negotiated.group, tlsdiag_iana_group_name);
}

static bool write_server_name(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_client_bytes(out, tlsdiag_server_name_sent(event->facts));
    return true;
}

static bool write_ja3(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text(out, event->facts->ja3);
}

static bool write_supported_ciphers(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_client_hello_t *hello = &event->facts->client_hello;
    tlsdiag_codes_t suites = { hello->cipher_suites, hello->cipher_suites_count, TLSDIAG_CIPHER_SUITES_KEPT };
    return tlsdiag_json_codes(out, suites, tlsdiag_iana_cipher_suite_name, TLSDIAG_GREASE_LEFT_OUT);
}

static bool write_client_not_before(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_seconds(out, event->facts->client_certificate.not_before);
    return true;
}

static bool write_client_not_after(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_seconds(out, event->facts->client_certificate.not_after);
    return true;
}

static bool write_client_sha256(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const uint8_t *sha256 = event->facts->client_certificate.sha256;
    tlsdiag_json_hex_upper(out, tlsdiag_bytes(sha256, sizeof event->facts->client_certificate.sha256));
    return true;
}

static bool write_server_subject(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text(out, tlsdiag_certificate_served(event)->subject);
}

static bool write_server_issuer(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_text(out, tlsdiag_certificate_served(event)->issuer);
}

static bool write_server_not_before(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_seconds(out, tlsdiag_certificate_served(event)->not_before);
    return true;
}

static bool write_server_not_after(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_seconds(out, tlsdiag_certificate_served(event)->not_after);
    return true;
}

static bool write_server_sha256(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_certificate_t *served = tlsdiag_certificate_served(event);
    tlsdiag_json_hex_upper(out, tlsdiag_bytes(served->sha256, sizeof served->sha256));
    return true;
}

/* clang-format off */
const tlsdiag_field_t tlsdiag_fields_ciphers[] = {
    TLSDIAG_ORDERED("ja3", KEYWORD, COMPLETE_HELLO, NEVER, write_ja3,
                  "MD5 of `tlsdiag.ja3_string`, 32 hex digits; absent where this host has no MD5 (FIPS)"),
    TLSDIAG_FIELD("supported_ciphers", KEYWORDS, HELLO, SUPPORTED_CIPHERS, write_supported_ciphers,
                  "all suites offered, in order, IANA names; unknown ones as `0x1234`; GREASE is left out"),
    TLSDIAG_END
};

static const tlsdiag_field_t client_hash_fields[] = {
    TLSDIAG_FIELD("sha256", KEYWORD, ALWAYS, NEVER, write_client_sha256, "of the DER form, upper-case hex"),
    TLSDIAG_END
};

static const tlsdiag_field_t client_x509_fields[] = {
    TLSDIAG_TEXT("serial_number", KEYWORD, ALWAYS, NEVER, client_certificate.serial, "hex"),
    TLSDIAG_END
};

static const tlsdiag_field_t client_fields[] = {
    TLSDIAG_SETTLED("server_name", KEYWORD, NAME_SENT, SERVER_NAME, write_server_name,
                  "SNI as sent; bytes outside printable ASCII, and the backslash, as `\\xHH`"),
    TLSDIAG_FRAGMENT(CIPHERS, HELLO, tlsdiag_fields_ciphers),
    TLSDIAG_TEXT("subject", KEYWORD, CLIENT_CERTIFICATE, CLIENT_CERTIFICATE, client_certificate.subject,
                  "of the client certificate, also of a rejected one"),
    TLSDIAG_TEXT("issuer", KEYWORD, CLIENT_CERTIFICATE, CLIENT_CERTIFICATE, client_certificate.issuer, "its issuer"),
    TLSDIAG_FIELD("not_before", DATE, CLIENT_CERTIFICATE, CLIENT_CERTIFICATE, write_client_not_before,
                  "its validity begins"),
    TLSDIAG_FIELD("not_after", DATE, CLIENT_CERTIFICATE, CLIENT_CERTIFICATE, write_client_not_after, "and ends"),
    TLSDIAG_OBJECT("hash", CLIENT_CERTIFICATE, CLIENT_CERTIFICATE, client_hash_fields),
    TLSDIAG_OBJECT("x509", CLIENT_CERTIFICATE, CLIENT_CERTIFICATE, client_x509_fields),
    TLSDIAG_END
};

static const tlsdiag_field_t server_hash_fields[] = {
    TLSDIAG_FIELD("sha256", KEYWORD, ALWAYS, NEVER, write_server_sha256, "of the DER form, upper-case hex"),
    TLSDIAG_END
};

static const tlsdiag_field_t server_fields[] = {
    TLSDIAG_FIELD("subject", KEYWORD, ALWAYS, NEVER, write_server_subject,
                  "of the certificate sent to the client"),
    TLSDIAG_FIELD("issuer", KEYWORD, ALWAYS, NEVER, write_server_issuer, "its issuer"),
    TLSDIAG_FIELD("not_before", DATE, ALWAYS, NEVER, write_server_not_before, "its validity begins"),
    TLSDIAG_FIELD("not_after", DATE, ALWAYS, NEVER, write_server_not_after, "and ends"),
    TLSDIAG_OBJECT("hash", ALWAYS, NEVER, server_hash_fields),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_server[] = {
    TLSDIAG_OBJECT("server", SERVER_CERTIFICATE, SERVER_CERTIFICATE, server_fields),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_negotiated[] = {
    TLSDIAG_BOOLEAN("established", ALWAYS, established, "the handshake completed"),
    TLSDIAG_FIELD("version", KEYWORD, NEGOTIATED, NEVER, write_version,
                  "`1.3`, `1.2`, ...; `3.0` with protocol `ssl`"),
    TLSDIAG_FIELD("version_protocol", KEYWORD, NEGOTIATED, NEVER, write_version_protocol, "`tls` or `ssl`"),
    TLSDIAG_FIELD("cipher", KEYWORD, NEGOTIATED, NEVER, write_cipher, "cipher suite, IANA name"),
    TLSDIAG_FIELD("curve", KEYWORD, NEGOTIATED, NEVER, write_curve,
                  "key exchange group, IANA name in lower case: `x25519`, `secp256r1`, `x25519mlkem768`"),
    TLSDIAG_BOOLEAN("resumed", NEGOTIATED, negotiated.resumed, "an earlier session was resumed"),
    TLSDIAG_TEXT("next_protocol", KEYWORD, NEGOTIATED, NEGOTIATED, negotiated.alpn, "ALPN answer: `h2`, `http/1.1`"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_tls[] = {
    TLSDIAG_FRAGMENT(NEGOTIATED, ALWAYS, tlsdiag_fields_negotiated),
    TLSDIAG_OBJECT("client", KNOWN, NEVER, client_fields),
    TLSDIAG_FRAGMENT(SERVER, ALWAYS, tlsdiag_fields_server),
    TLSDIAG_END
};
/* clang-format on */
