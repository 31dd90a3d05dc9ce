/* SPDX-License-Identifier: Apache-2.0 */
/* Names for what the client sent: client.*, hello.*, bytes.*, retry.*. */
#include <string.h>

#include "diagnose/suites.h"
#include "diagnose/templates.h"
#include "iana/iana.h"

enum { FIRST_BYTES_SHOWN = 80, NAME_SHOWN = 120 };

static const tlsdiag_client_hello_t *hello_of(const tlsdiag_scene_t *scene)
{
    return &scene->facts->client_hello;
}

static tlsdiag_code_list_t groups_of(const tlsdiag_scene_t *scene)
{
    return tlsdiag_codes_kept(hello_of(scene)->supported_groups, hello_of(scene)->supported_groups_count,
                              TLSDIAG_GROUPS_KEPT);
}

TLSDIAG_FIELD(client_address)
{
    tlsdiag_write_clean(out, scene->facts->client_address);
}

TLSDIAG_FIELD(client_sni)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    if (!hello->server_name_length) {
        tlsdiag_write(out, "no name");
        return;
    }
    size_t kept =
        hello->server_name_length < sizeof hello->server_name ? hello->server_name_length : sizeof hello->server_name;
    tlsdiag_write_escaped(out, tlsdiag_bytes(hello->server_name, kept), NAME_SHOWN);
}

/* A hello without supported_versions names only the highest version; what lies below it is meant as well (RFC 5246 E.1). */
TLSDIAG_FIELD(client_versions)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    if (hello->has_supported_versions || !scene->facts->has_client_hello) {
        tlsdiag_write_versions(out, scene->gap.versions_offered);
        return;
    }
    const char *name = tlsdiag_iana_version_name(hello->legacy_version);
    tlsdiag_write(out, "at most ");
    tlsdiag_write_code(out, hello->legacy_version, name);
}

TLSDIAG_FIELD(client_versions_raw)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    tlsdiag_code_list_t sent =
        tlsdiag_codes_kept(hello->supported_versions, hello->supported_versions_count, TLSDIAG_VERSIONS_KEPT);
    size_t start = out->length;
    tlsdiag_write_codes(out, sent, items, tlsdiag_iana_version_name);
    if (out->length == start && sent.count) {
        tlsdiag_write(out, "GREASE");
    }
}

TLSDIAG_FIELD(client_highest)
{
    tlsdiag_write_version(out, tlsdiag_version_highest(scene->gap.versions_offered));
}

TLSDIAG_FIELD(client_lowest)
{
    tlsdiag_write_version(out, tlsdiag_version_lowest(scene->gap.versions_offered));
}

static const char *suite_name(uint16_t code)
{
    return tlsdiag_iana_cipher_suite_name(code);
}

/* Signalling values are no cipher suites, and TLS 1.3's are of no use below it: what stands in a sentence is what counted. */
static void write_suites(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene, unsigned items, bool tls13)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    uint16_t codes[TLSDIAG_CIPHER_SUITES_KEPT], count = 0;
    for (uint16_t i = 0; i < hello->cipher_suites_count && i < TLSDIAG_CIPHER_SUITES_KEPT; i++) {
        tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(hello->cipher_suites[i]);
        if (traits.tls13 == tls13 && traits.key_exchange != TLSDIAG_KX_SIGNALLING) {
            codes[count++] = hello->cipher_suites[i];
        }
    }
    size_t start = out->length;
    tlsdiag_write_codes(out, (tlsdiag_code_list_t){ .codes = codes, .count = count }, items, suite_name);
    if (out->length == start && hello->cipher_suites_count) {
        tlsdiag_write(out, "signalling values only");
    }
}

TLSDIAG_FIELD(client_suites)
{
    write_suites(out, scene, items, false);
}

TLSDIAG_FIELD(client_suites13)
{
    write_suites(out, scene, items, true);
}

TLSDIAG_FIELD(client_groups)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    if (!hello->has_supported_groups && scene->facts->has_client_hello) {
        tlsdiag_write(out, "no list of groups");
        return;
    }
    tlsdiag_write_codes(out, groups_of(scene), items, tlsdiag_iana_group_name);
}

TLSDIAG_FIELD(client_key_shares)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    if (hello->has_key_share && !hello->key_shares_count) {
        tlsdiag_write(out, "an empty list");
    }
    tlsdiag_write_codes(out, tlsdiag_codes_kept(hello->key_shares, hello->key_shares_count, TLSDIAG_KEY_SHARES_KEPT),
                        items, tlsdiag_iana_group_name);
}

TLSDIAG_FIELD(client_sigalgs)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    if (!hello->has_signature_algorithms && scene->facts->has_client_hello) {
        tlsdiag_write(out, "no list of signature algorithms");
        return;
    }
    tlsdiag_write_codes(out,
                        tlsdiag_codes_kept(hello->signature_algorithms, hello->signature_algorithms_count,
                                           TLSDIAG_SIGNATURE_SCHEMES_KEPT),
                        items, tlsdiag_iana_signature_scheme_name);
}

TLSDIAG_FIELD(client_legacy_signatures)
{
    tlsdiag_write(out, hello_of(scene)->has_signature_algorithms
                           ? "only SHA-1 or MD5 signatures"
                           : "no signature algorithms, which means SHA-1 in TLS 1.2");
}

TLSDIAG_FIELD(client_alpn)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(hello->alpn, hello->alpn_bytes));
    size_t start = out->length;
    if (!hello->has_alpn && scene->facts->has_client_hello) {
        tlsdiag_write(out, "no protocol");
    }
    while (tlsdiag_remaining(&in) && items--) {
        tlsdiag_bytes_t name = tlsdiag_read_vector(&in, 1);
        tlsdiag_write(out, out->length > start ? ", " : "");
        tlsdiag_write_escaped(out, name, NAME_SHOWN);
    }
}

TLSDIAG_FIELD(client_extensions)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    tlsdiag_write_codes(out, tlsdiag_codes_kept(hello->extensions, hello->extensions_count, TLSDIAG_EXTENSIONS_KEPT),
                        items, tlsdiag_iana_extension_name);
}

TLSDIAG_FIELD(client_compression)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    for (uint8_t i = 0; i < hello->compression_count && i < TLSDIAG_COMPRESSION_KEPT; i++) {
        tlsdiag_write(out, i ? ", " : "");
        tlsdiag_write_code(out, hello->compression[i], tlsdiag_iana_compression_name(hello->compression[i]));
    }
}

TLSDIAG_FIELD(hello_declared)
{
    if (hello_of(scene)->message_bytes) {
        tlsdiag_write_u64(out, hello_of(scene)->message_bytes);
    }
}

TLSDIAG_FIELD(hello_missing)
{
    if (hello_of(scene)->message_bytes) {
        tlsdiag_write(out, " of a ClientHello of ");
        tlsdiag_write_u64(out, hello_of(scene)->message_bytes);
    }
}

TLSDIAG_FIELD(hello_malformed_field)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    if (hello->malformed[0]) {
        tlsdiag_write_clean(out, hello->malformed);
        tlsdiag_write(out, " at byte ");
        tlsdiag_write_u64(out, hello->malformed_at);
    }
}

TLSDIAG_FIELD(hello_malformed)
{
    if (hello_of(scene)->malformed[0]) {
        tlsdiag_write(out, ": ");
        hello_malformed_field(out, scene, items);
    }
}

TLSDIAG_FIELD(hello_lacks)
{
    const tlsdiag_client_hello_t *hello = hello_of(scene);
    const struct {
        bool lacks;
        const char *name;
    } demanded[] = { { !hello->has_key_share, "key_share" },
                     { !hello->has_supported_groups, "supported_groups" },
                     { !hello->has_signature_algorithms, "signature_algorithms" },
                     { hello->pre_shared_key && !hello->psk_modes_count, "psk_key_exchange_modes" } };
    size_t start = out->length;
    for (size_t i = 0; i < sizeof demanded / sizeof demanded[0]; i++) {
        if (demanded[i].lacks) {
            tlsdiag_write(out, out->length > start ? ", " : "");
            tlsdiag_write(out, demanded[i].name);
        }
    }
}

static tlsdiag_bytes_t first_bytes_of(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    size_t kept =
        facts->first_bytes_length < sizeof facts->first_bytes ? facts->first_bytes_length : sizeof facts->first_bytes;
    return tlsdiag_bytes(facts->first_bytes, kept);
}

/* Text ends at its first line; its line end says nothing. */
TLSDIAG_FIELD(bytes_first)
{
    tlsdiag_bytes_t bytes = first_bytes_of(scene);
    size_t line = 0;
    while (line < bytes.length && bytes.at[line] >= 0x20 && bytes.at[line] < 0x7f) {
        line++;
    }
    if (line && line < bytes.length && (bytes.at[line] == '\r' || bytes.at[line] == '\n')) {
        bytes.length = line;
    }
    tlsdiag_write_escaped(out, bytes, FIRST_BYTES_SHOWN);
}

TLSDIAG_FIELD(bytes_request)
{
    tlsdiag_bytes_t request, host;
    tlsdiag_first_bytes_http(first_bytes_of(scene), &request, &host);
    if (!request.length) {
        bytes_first(out, scene, items);
        return;
    }
    tlsdiag_write_escaped(out, request, NAME_SHOWN);
}

TLSDIAG_FIELD(bytes_host)
{
    tlsdiag_bytes_t request, host;
    tlsdiag_first_bytes_http(first_bytes_of(scene), &request, &host);
    tlsdiag_write_escaped(out, host, NAME_SHOWN);
}

/* RFC 8446 5.1 and 6: type, version, length; an alert is level and description. */
enum { RECORD_HEADER = 5, ALERT_DESCRIPTION_AT = RECORD_HEADER + 1 };

TLSDIAG_FIELD(bytes_alert)
{
    tlsdiag_bytes_t bytes = first_bytes_of(scene);
    if (bytes.length > ALERT_DESCRIPTION_AT) {
        tlsdiag_write_alert(out, bytes.at[ALERT_DESCRIPTION_AT]);
        return;
    }
    tlsdiag_write(out, "cut short");
}

TLSDIAG_FIELD(bytes_record)
{
    tlsdiag_bytes_t bytes = first_bytes_of(scene);
    static const char *const types[] = { "change_cipher_spec", "alert", "handshake", "application_data", "heartbeat" };
    enum { FIRST_TYPE = 20, HANDSHAKE = 22 };
    if (!bytes.length || bytes.at[0] < FIRST_TYPE ||
        bytes.at[0] - FIRST_TYPE >= (int)(sizeof types / sizeof types[0])) {
        return;
    }
    tlsdiag_write(out, types[bytes.at[0] - FIRST_TYPE]);
    if (bytes.at[0] == HANDSHAKE && bytes.length > RECORD_HEADER) {
        const char *name = tlsdiag_iana_handshake_type_name(bytes.at[RECORD_HEADER]);
        tlsdiag_write_char(out, ' ');
        tlsdiag_write_code(out, bytes.at[RECORD_HEADER], name);
    }
}

TLSDIAG_FIELD(bytes_received)
{
    tlsdiag_write_u64(out, scene->facts->network.bytes_received);
}

TLSDIAG_FIELD(bytes_sent)
{
    tlsdiag_write_u64(out, scene->facts->network.bytes_sent);
}

static void write_group(tlsdiag_writer_t *out, uint16_t group)
{
    if (group) {
        tlsdiag_write_code(out, group, tlsdiag_iana_group_name(group));
    }
}

TLSDIAG_FIELD(retry_group)
{
    write_group(out, scene->facts->negotiated.hello_retry_group);
}

TLSDIAG_FIELD(retry_answer)
{
    write_group(out, scene->facts->second_key_share);
}

const tlsdiag_field_t tlsdiag_client_fields[] = {
    { TLSDIAG_VARYING("client.address", client_address) },
    { TLSDIAG_NAMED("client.sni", client_sni) },
    { TLSDIAG_NAMED("client.versions", client_versions) },
    { TLSDIAG_NAMED("client.versions_raw", client_versions_raw) },
    { TLSDIAG_NAMED("client.highest", client_highest) },
    { TLSDIAG_NAMED("client.lowest", client_lowest) },
    { TLSDIAG_NAMED("client.suites", client_suites) },
    { TLSDIAG_NAMED("client.suites13", client_suites13) },
    { TLSDIAG_NAMED("client.groups", client_groups) },
    { TLSDIAG_NAMED("client.key_shares", client_key_shares) },
    { TLSDIAG_NAMED("client.sigalgs", client_sigalgs) },
    { TLSDIAG_NAMED("client.legacy_signatures", client_legacy_signatures) },
    { TLSDIAG_NAMED("client.alpn", client_alpn) },
    { TLSDIAG_VARYING("client.extensions", client_extensions) },
    { TLSDIAG_NAMED("client.compression", client_compression) },
    { TLSDIAG_VARYING("hello.declared", hello_declared) },
    { TLSDIAG_VARYING("hello.missing", hello_missing) },
    { TLSDIAG_NAMED("hello.malformed", hello_malformed) },
    { TLSDIAG_NAMED("hello.malformed_field", hello_malformed_field) },
    { TLSDIAG_NAMED("hello.lacks", hello_lacks) },
    { TLSDIAG_NAMED("bytes.first", bytes_first) },
    { TLSDIAG_NAMED("bytes.request", bytes_request) },
    { TLSDIAG_NAMED("bytes.host", bytes_host) },
    { TLSDIAG_NAMED("bytes.alert", bytes_alert) },
    { TLSDIAG_NAMED("bytes.record", bytes_record) },
    { TLSDIAG_VARYING("bytes.received", bytes_received) },
    { TLSDIAG_VARYING("bytes.sent", bytes_sent) },
    { TLSDIAG_NAMED("retry.group", retry_group) },
    { TLSDIAG_NAMED("retry.answer", retry_answer) },
    { NULL, 0, NULL, false },
};
