/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/extensions.h"

#include <string.h>

#include "decode/extension_body.h"
#include "iana/iana.h"

/* A list of code points, <2..>. */
static void read_codes(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body, unsigned length_bytes,
                       uint16_t *kept, size_t capacity, uint16_t *count)
{
    tlsdiag_bytes_t list = tlsdiag_read_filled_list(body, length_bytes);
    if (list.length % 2 != 0) {
        tlsdiag_refuse(body, list.at + list.length - 1);
    }
    if (tlsdiag_keep_codes(kept, capacity, count, list)) {
        client_hello->grease = true;
    }
}

/*
 * RFC 6066 3: ServerName server_name_list<1..2^16-1>; a ServerName is NameType name_type; HostName<1..2^16-1>.
 * "The ServerNameList MUST NOT contain more than one name of the same name_type", and host_name(0) is the only type.
 * An empty host_name is against the RFC but accepted by OpenSSL, so it is not called impossible here. A NUL or more
 * than 255 bytes is in no name of DNS; OpenSSL answers them with unrecognized_name.
 */
static void read_server_name(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->has_server_name = true;
    tlsdiag_bytes_t list = tlsdiag_read_list(body, 2);
    if (list.length < 3 || list.at[0] != 0) {
        tlsdiag_refuse(body, list.at);
        return;
    }
    size_t length = (size_t)(list.at[1] << 8 | list.at[2]);
    size_t came = list.length - 3;
    if (length != came) {
        tlsdiag_refuse(body, list.at + 1);
    }
    if (length > came && !body->cut) {
        return;
    }
    size_t kept = length < came ? length : came;
    kept = tlsdiag_kept(kept, TLSDIAG_SERVER_NAME_BYTES);
    memcpy(client_hello->server_name, list.at + 3, kept);
    client_hello->server_name_length = (uint16_t)(body->cut ? kept : length);
    if (length > 255 || memchr(list.at + 3, 0, kept)) {
        tlsdiag_refuse(body, list.at + 3);
    }
}

/* RFC 6066 4: enum { 2^9(1), 2^10(2), 2^11(3), 2^12(4), (255) } MaxFragmentLength; */
static void read_max_fragment_length(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    (void)client_hello;
    const uint8_t *length_at = body->in.at;
    uint8_t length = tlsdiag_read_u8(&body->in);
    if (length < 1 || length > 4) {
        tlsdiag_refuse(body, length_at);
    }
}

/* RFC 6066 8: CertificateStatusType status_type; of ocsp(1): responder_id_list<0..2^16-1>, request_extensions<0..2^16-1> */
static void read_status_request(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    bool ocsp = tlsdiag_read_u8(&body->in) == 1;
    client_hello->status_request = ocsp;
    if (ocsp) {
        tlsdiag_read_list(body, 2);
        tlsdiag_read_list(body, 2);
    } else if (!body->in.failed) {
        body->in.at = body->in.end; /* another type has a shape of its own */
    }
}

/* RFC 8446 4.2.7: NamedGroup named_group_list<2..2^16-1>; */
static void read_supported_groups(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->has_supported_groups = true;
    read_codes(client_hello, body, 2, client_hello->supported_groups, TLSDIAG_GROUPS_KEPT,
               &client_hello->supported_groups_count);
}

/* RFC 8422 5.1.2: ECPointFormat ec_point_format_list<1..2^8-1>; */
static void read_ec_point_formats(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    tlsdiag_bytes_t list = tlsdiag_read_filled_list(body, 1);
    client_hello->point_formats_count = (uint8_t)list.length;
    if (list.length) {
        memcpy(client_hello->point_formats, list.at, tlsdiag_kept(list.length, TLSDIAG_POINT_FORMATS_KEPT));
    }
}

/* RFC 8446 4.2.3: SignatureScheme supported_signature_algorithms<2..2^16-2>; */
static void read_signature_algorithms(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->has_signature_algorithms = true;
    read_codes(client_hello, body, 2, client_hello->signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT,
               &client_hello->signature_algorithms_count);
}

static void read_signature_algorithms_cert(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    read_codes(client_hello, body, 2, client_hello->signature_algorithms_cert, TLSDIAG_SIGNATURE_SCHEMES_KEPT,
               &client_hello->signature_algorithms_cert_count);
}

/* Keep one ALPN name with its length byte, if it fits and all before it did. */
static void keep_alpn_name(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t name, bool *full)
{
    client_hello->alpn_count++;
    if (name.length == 2 && tlsdiag_iana_is_grease((uint16_t)(name.at[0] << 8 | name.at[1]))) {
        client_hello->grease = true; /* RFC 8701 2: ALPN identifiers are GREASEd as two bytes */
    }
    *full = *full || client_hello->alpn_bytes + 1 + name.length > TLSDIAG_ALPN_BYTES_KEPT;
    if (*full) {
        return;
    }
    uint8_t *to = client_hello->alpn + client_hello->alpn_bytes;
    to[0] = (uint8_t)name.length;
    memcpy(to + 1, name.at, name.length);
    client_hello->alpn_bytes = (uint8_t)(client_hello->alpn_bytes + 1 + name.length);
}

/* RFC 7301 3.1: ProtocolName protocol_name_list<2..2^16-1>; opaque ProtocolName<1..2^8-1>; */
static void read_alpn(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->has_alpn = true;
    bool full = false;
    tlsdiag_reader_t list = tlsdiag_reader(tlsdiag_read_filled_list(body, 2));
    while (list.at != list.end) {
        const uint8_t *name_at = list.at;
        tlsdiag_bytes_t name = tlsdiag_read_vector(&list, 1);
        if (name.length == 0) {
            tlsdiag_refuse(body, name_at);
            return;
        }
        keep_alpn_name(client_hello, name, &full);
    }
}

/* RFC 7627 5.1: "The extension_data field of this extension is empty." */
static void read_extended_master_secret(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    (void)body;
    client_hello->extended_master_secret = true;
}

/* RFC 8879 3: CertificateCompressionAlgorithm algorithms<2..2^8-2>; of 2 bytes */
static void read_compress_certificate(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    (void)client_hello;
    tlsdiag_bytes_t list = tlsdiag_read_filled_list(body, 1);
    if (list.length % 2 != 0) {
        tlsdiag_refuse(body, list.at + list.length - 1);
    }
}

/* RFC 5077 3.2: the ticket itself, without a length of its own. */
static void read_session_ticket(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->offers_tickets = true;
    client_hello->session_ticket = body->in.at != body->in.end;
    body->in.at = body->in.end;
}

/*
 * RFC 8446 4.2.11: PskIdentity identities<7..2^16-1>; of opaque identity<1..2^16-1>; uint32 obfuscated_ticket_age;
 * PskBinderEntry binders<33..2^16-1>; of opaque PskBinderEntry<32..255>; That it "MUST be the last extension in the
 * ClientHello" is seen to where the list is walked.
 */
static void read_pre_shared_key(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->pre_shared_key = true;
    tlsdiag_reader_t identities = tlsdiag_reader(tlsdiag_read_filled_list(body, 2));
    while (identities.at != identities.end) {
        const uint8_t *identity_at = identities.at;
        tlsdiag_bytes_t identity = tlsdiag_read_vector(&identities, 2);
        tlsdiag_read(&identities, 4);
        if (identity.length == 0 || identities.failed) {
            tlsdiag_refuse(body, identity_at);
        }
    }
    tlsdiag_reader_t binders = tlsdiag_reader(tlsdiag_read_filled_list(body, 2));
    while (binders.at != binders.end) {
        const uint8_t *binder_at = binders.at;
        if (tlsdiag_read_vector(&binders, 1).length < 32) {
            tlsdiag_refuse(body, binder_at);
        }
    }
}

/* RFC 8446 4.2.10: in a ClientHello, "struct {} Empty" */
static void read_early_data(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    (void)body;
    client_hello->early_data = true;
}

/* RFC 8446 4.2.1: ProtocolVersion versions<2..254>; */
static void read_supported_versions(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->has_supported_versions = true;
    read_codes(client_hello, body, 1, client_hello->supported_versions, TLSDIAG_VERSIONS_KEPT,
               &client_hello->supported_versions_count);
}

/* RFC 8446 4.2.9: PskKeyExchangeMode ke_modes<1..255>; RFC 8701 2 reserves 0x0b, 0x2a, 0x49 ... 0xe4 of them. */
static void read_psk_key_exchange_modes(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    tlsdiag_bytes_t list = tlsdiag_read_filled_list(body, 1);
    client_hello->psk_modes_count = (uint8_t)list.length;
    for (size_t i = 0; i < list.length; i++) {
        if (i < TLSDIAG_PSK_MODES_KEPT) {
            client_hello->psk_modes[i] = list.at[i];
        }
        if (list.at[i] % 0x1f == 0x0b) {
            client_hello->grease = true;
        }
    }
}

/* RFC 8446 4.2.6: "The extension_data field of the post_handshake_auth extension is zero length." */
static void read_post_handshake_auth(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    (void)body;
    client_hello->post_handshake_auth = true;
}

/* RFC 8446 4.2.8: KeyShareEntry client_shares<0..2^16-1>; an entry is NamedGroup group; opaque key_exchange<1..2^16-1>; */
static void read_key_share(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->has_key_share = true;
    tlsdiag_reader_t list = tlsdiag_reader(tlsdiag_read_list(body, 2));
    while (list.at != list.end) {
        const uint8_t *entry_at = list.at;
        uint16_t group = tlsdiag_read_u16(&list);
        if (!list.failed) {
            tlsdiag_keep_code(client_hello->key_shares, TLSDIAG_KEY_SHARES_KEPT, &client_hello->key_shares_count,
                              group);
        }
        if (tlsdiag_iana_is_grease(group)) {
            client_hello->grease = true;
        }
        if (tlsdiag_read_vector(&list, 2).length == 0) {
            tlsdiag_refuse(body, entry_at);
        }
    }
}

/* RFC 9849 5: its inside depends on a configuration that this server does not have. */
static void read_encrypted_client_hello(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->ech = true;
    body->in.at = body->in.end;
}

/* RFC 5746 3.2: opaque renegotiated_connection<0..255>; */
static void read_renegotiation_info(tlsdiag_client_hello_t *client_hello, tlsdiag_body_t *body)
{
    client_hello->secure_renegotiation = true;
    tlsdiag_read_list(body, 1);
}

/* What is read, by extension type. To add one: a row, and a small function that fills a field of facts.h. */
static tlsdiag_extension_decoder_t *const decoders[] = {
    [0] = read_server_name,
    [1] = read_max_fragment_length,
    [5] = read_status_request,
    [10] = read_supported_groups,
    [11] = read_ec_point_formats,
    [13] = read_signature_algorithms,
    [16] = read_alpn,
    [23] = read_extended_master_secret,
    [27] = read_compress_certificate,
    [35] = read_session_ticket,
    [TLSDIAG_PRE_SHARED_KEY] = read_pre_shared_key,
    [42] = read_early_data,
    [43] = read_supported_versions,
    [45] = read_psk_key_exchange_modes,
    [49] = read_post_handshake_auth,
    [50] = read_signature_algorithms_cert,
    [51] = read_key_share,
};

/* The same for types too high for an index. */
static const struct {
    uint16_t type;
    tlsdiag_extension_decoder_t *decode;
} high_decoders[] = {
    { 0xfe0d, read_encrypted_client_hello },
    { 0xff01, read_renegotiation_info },
};

tlsdiag_extension_decoder_t *tlsdiag_extension_decoder(uint16_t type)
{
    if (type < sizeof decoders / sizeof decoders[0]) {
        return decoders[type];
    }
    for (size_t i = 0; i < sizeof high_decoders / sizeof high_decoders[0]; i++) {
        if (high_decoders[i].type == type) {
            return high_decoders[i].decode;
        }
    }
    return NULL;
}
