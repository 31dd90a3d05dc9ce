/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/extensions.h"

#include <string.h>

#include "base/writer.h"
#include "iana/iana.h"

enum { PRE_SHARED_KEY = 41 };

/* A run of bytes inside an extension. When it is cut, its end is where the bytes ended, not the sender's end. */
typedef struct body {
    tlsdiag_reader_t in;
    bool cut;
} body_t;

/* Reads one extension. What is impossible is refused on body, and bytes that are left over count as refused too. */
typedef void decoder_t(tlsdiag_client_hello_t *client_hello, body_t *body);

static bool at_end(const body_t *body)
{
    return body->in.at == body->in.end;
}

/* What stands here is impossible. */
static void refuse(body_t *body)
{
    if (!body->in.failed) {
        body->in.failed_at = tlsdiag_offset(&body->in);
        body->in.failed = true;
    }
    body->in.at = body->in.end;
}

/* The inside of a vector. When its length is more than there is: what there is if body is cut, else nothing. */
static body_t read_list(body_t *body, unsigned length_bytes)
{
    body_t before = *body;
    size_t length = length_bytes == 1 ? tlsdiag_read_u8(&body->in) : tlsdiag_read_u16(&body->in);
    size_t came = tlsdiag_remaining(&body->in);
    body_t list = *body;
    if (length > came) {
        refuse(&before);
        *body = before;
        list.in.end = body->cut ? list.in.end : list.in.at;
        return list;
    }
    list.in.end = list.in.at + length;
    body->in.at = list.in.end;
    return list;
}

/* The list must have been read to its end. */
static void close_list(body_t *body, body_t *list)
{
    if (!at_end(list)) {
        refuse(list);
    }
    if (list->in.failed && !body->in.failed) {
        *body = *list;
    }
}

static void read_codes(tlsdiag_client_hello_t *client_hello, body_t *body, unsigned length_bytes, uint16_t *kept,
                       size_t capacity, uint16_t *count)
{
    body_t list = read_list(body, length_bytes);
    if (at_end(&list)) {
        refuse(body); /* all these lists are <2..> */
    }
    while (tlsdiag_remaining(&list.in) >= 2) {
        uint16_t code = tlsdiag_read_u16(&list.in);
        tlsdiag_keep_code(kept, capacity, count, code);
        if (tlsdiag_iana_is_grease(code)) {
            client_hello->grease = true;
        }
    }
    close_list(body, &list);
}

/*
 * RFC 6066 3: ServerName server_name_list<1..2^16-1>; a ServerName is NameType name_type; HostName<1..2^16-1>.
 * "The ServerNameList MUST NOT contain more than one name of the same name_type", and host_name(0) is the only type.
 * An empty host_name is against the RFC but accepted by OpenSSL, so it is not called impossible here. A NUL or more
 * than 255 bytes is in no name of DNS; OpenSSL answers them with unrecognized_name.
 */
static void read_server_name(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->has_server_name = true;
    body_t list = read_list(body, 2);
    body_t before = list;
    if (tlsdiag_read_u8(&list.in) != 0 || list.in.failed) {
        refuse(&before);
        close_list(body, &before);
        return;
    }
    size_t name_at = tlsdiag_offset(&list.in) + 2;
    body_t name = read_list(&list, 2);
    tlsdiag_bytes_t bytes = tlsdiag_bytes(name.in.at, tlsdiag_remaining(&name.in));
    size_t kept = tlsdiag_kept(bytes.length, TLSDIAG_SERVER_NAME_BYTES);
    client_hello->server_name_length = (uint16_t)bytes.length;
    if (kept > 0) {
        memcpy(client_hello->server_name, bytes.at, kept);
    }
    if (bytes.length > 255 || (kept > 0 && memchr(bytes.at, 0, kept))) {
        list.in.at = list.in.start + name_at;
        refuse(&list);
    }
    close_list(body, &list);
}

/* RFC 6066 4: enum { 2^9(1), 2^10(2), 2^11(3), 2^12(4), (255) } MaxFragmentLength; */
static void read_max_fragment_length(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    (void)client_hello;
    body_t before = *body;
    uint8_t length = tlsdiag_read_u8(&body->in);
    if (!body->in.failed && (length < 1 || length > 4)) {
        *body = before;
        refuse(body);
    }
}

/* RFC 6066 8: CertificateStatusType status_type; of ocsp(1): responder_id_list<0..2^16-1>, request_extensions<0..2^16-1> */
static void read_status_request(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    bool ocsp = tlsdiag_read_u8(&body->in) == 1;
    client_hello->status_request = ocsp;
    if (ocsp) {
        read_list(body, 2);
        read_list(body, 2);
    } else if (!body->in.failed) {
        body->in.at = body->in.end; /* another type has a shape of its own */
    }
}

/* RFC 8446 4.2.7: NamedGroup named_group_list<2..2^16-1>; */
static void read_supported_groups(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->has_supported_groups = true;
    read_codes(client_hello, body, 2, client_hello->supported_groups, TLSDIAG_GROUPS_KEPT,
               &client_hello->supported_groups_count);
}

/* RFC 8422 5.1.2: ECPointFormat ec_point_format_list<1..2^8-1>; */
static void read_ec_point_formats(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    (void)client_hello;
    body_t list = read_list(body, 1);
    if (at_end(&list)) {
        refuse(body);
    }
}

/* RFC 8446 4.2.3: SignatureScheme supported_signature_algorithms<2..2^16-2>; */
static void read_signature_algorithms(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->has_signature_algorithms = true;
    read_codes(client_hello, body, 2, client_hello->signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT,
               &client_hello->signature_algorithms_count);
}

static void read_signature_algorithms_cert(tlsdiag_client_hello_t *client_hello, body_t *body)
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
static void read_alpn(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->has_alpn = true;
    bool full = false;
    body_t list = read_list(body, 2);
    if (at_end(&list)) {
        refuse(body);
    }
    while (!at_end(&list)) {
        body_t before = list;
        tlsdiag_bytes_t name = tlsdiag_read_vector(&list.in, 1);
        if (name.length == 0) {
            list = before;
            break;
        }
        keep_alpn_name(client_hello, name, &full);
    }
    close_list(body, &list);
}

/* RFC 7627 5.1: "The extension_data field of this extension is empty." */
static void read_extended_master_secret(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    (void)body;
    client_hello->extended_master_secret = true;
}

/* RFC 5077 3.2: the ticket itself, without a length of its own. */
static void read_session_ticket(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->offers_tickets = true;
    client_hello->session_ticket = !at_end(body);
    body->in.at = body->in.end;
}

/*
 * RFC 8446 4.2.11: PskIdentity identities<7..2^16-1>; PskBinderEntry binders<33..2^16-1>; That it "MUST be the last
 * extension in the ClientHello" is seen to where the list is walked.
 */
static void read_pre_shared_key(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->pre_shared_key = true;
    read_list(body, 2);
    read_list(body, 2);
}

/* RFC 8446 4.2.10: in a ClientHello, "struct {} Empty" */
static void read_early_data(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    (void)body;
    client_hello->early_data = true;
}

/* RFC 8446 4.2.1: ProtocolVersion versions<2..254>; */
static void read_supported_versions(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->has_supported_versions = true;
    read_codes(client_hello, body, 1, client_hello->supported_versions, TLSDIAG_VERSIONS_KEPT,
               &client_hello->supported_versions_count);
}

/* RFC 8446 4.2.9: PskKeyExchangeMode ke_modes<1..255>; RFC 8701 2 reserves 0x0b, 0x2a, 0x49 ... 0xe4 of them. */
static void read_psk_key_exchange_modes(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    body_t list = read_list(body, 1);
    if (at_end(&list)) {
        refuse(body);
    }
    while (!at_end(&list)) {
        uint8_t mode = tlsdiag_read_u8(&list.in);
        if (client_hello->psk_modes_count < TLSDIAG_PSK_MODES_KEPT) {
            client_hello->psk_modes[client_hello->psk_modes_count] = mode;
        }
        client_hello->psk_modes_count++;
        if (mode % 0x1f == 0x0b) {
            client_hello->grease = true;
        }
    }
}

/* RFC 8446 4.2.6: "The extension_data field of the post_handshake_auth extension is zero length." */
static void read_post_handshake_auth(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    (void)body;
    client_hello->post_handshake_auth = true;
}

/* RFC 8446 4.2.8: KeyShareEntry client_shares<0..2^16-1>; an entry is NamedGroup group; opaque key_exchange<1..2^16-1>; */
static void read_key_share(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->has_key_share = true;
    body_t list = read_list(body, 2);
    while (tlsdiag_remaining(&list.in) >= 2) {
        uint16_t group = tlsdiag_read_u16(&list.in);
        tlsdiag_keep_code(client_hello->key_shares, TLSDIAG_KEY_SHARES_KEPT, &client_hello->key_shares_count, group);
        if (tlsdiag_iana_is_grease(group)) {
            client_hello->grease = true;
        }
        body_t key_exchange = read_list(&list, 2);
        if (at_end(&key_exchange)) {
            refuse(&list);
        }
    }
    close_list(body, &list);
}

/* RFC 9849 5: its inside depends on a configuration that this server does not have. */
static void read_encrypted_client_hello(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->ech = true;
    body->in.at = body->in.end;
}

/* RFC 5746 3.2: opaque renegotiated_connection<0..255>; */
static void read_renegotiation_info(tlsdiag_client_hello_t *client_hello, body_t *body)
{
    client_hello->secure_renegotiation = true;
    read_list(body, 1);
}

/* What is read, by extension type. To add one: a row, and a small function that fills a field of facts.h. */
static decoder_t *const decoders[] = {
    [0] = read_server_name,
    [1] = read_max_fragment_length,
    [5] = read_status_request,
    [10] = read_supported_groups,
    [11] = read_ec_point_formats,
    [13] = read_signature_algorithms,
    [16] = read_alpn,
    [23] = read_extended_master_secret,
    [35] = read_session_ticket,
    [PRE_SHARED_KEY] = read_pre_shared_key,
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
    decoder_t *decode;
} high_decoders[] = {
    { 0xfe0d, read_encrypted_client_hello },
    { 0xff01, read_renegotiation_info },
};

static decoder_t *find_decoder(uint16_t type)
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

static void mark_extension_malformed(tlsdiag_client_hello_t *client_hello, uint16_t type, size_t offset)
{
    char text[sizeof client_hello->malformed];
    tlsdiag_writer_t name = tlsdiag_writer(text, sizeof text);
    tlsdiag_write_code(&name, type, tlsdiag_iana_extension_name(type));
    tlsdiag_client_hello_mark_malformed(client_hello, tlsdiag_writer_text(&name), offset);
}

static void decode_extension(tlsdiag_client_hello_t *client_hello, uint16_t type, tlsdiag_bytes_t bytes, size_t offset,
                             bool cut)
{
    decoder_t *decode = find_decoder(type);
    if (!decode) {
        return;
    }
    body_t body = { tlsdiag_reader(bytes), cut };
    decode(client_hello, &body);
    if (!at_end(&body)) {
        refuse(&body);
    }
    if (body.in.failed && !cut) {
        mark_extension_malformed(client_hello, type, offset + body.in.failed_at);
    }
}

/* RFC 8446 4.2: "There MUST NOT be more than one extension of the same type in a given extension block." */
static bool came_before(const tlsdiag_client_hello_t *client_hello, uint16_t type, uint64_t *types_seen)
{
    uint64_t bit = UINT64_C(1) << (type & 63);
    bool maybe = *types_seen & bit;
    *types_seen |= bit;
    if (!maybe || client_hello->extensions_count >= TLSDIAG_EXTENSIONS_KEPT) {
        return false;
    }
    for (size_t i = 0; i < client_hello->extensions_count; i++) {
        if (client_hello->extensions[i] == type) {
            return true;
        }
    }
    return false;
}

bool tlsdiag_extensions_decode(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t block, size_t offset,
                               size_t missing)
{
    tlsdiag_reader_t in = tlsdiag_reader(block);
    uint64_t types_seen = 0;
    while (in.at != in.end) {
        size_t at = offset + tlsdiag_offset(&in);
        if (tlsdiag_remaining(&in) < 4 && tlsdiag_remaining(&in) + missing >= 4) {
            return true; /* cut in its head */
        }
        uint16_t type = tlsdiag_read_u16(&in);
        size_t length = tlsdiag_read_u16(&in);
        size_t came = tlsdiag_remaining(&in);
        if (in.failed || length > came + missing) {
            tlsdiag_client_hello_mark_malformed(client_hello, "extensions", at);
            return false;
        }
        bool again = came_before(client_hello, type, &types_seen);
        tlsdiag_keep_code(client_hello->extensions, TLSDIAG_EXTENSIONS_KEPT, &client_hello->extensions_count, type);
        client_hello->grease = client_hello->grease || tlsdiag_iana_is_grease(type);
        if (again || (type == PRE_SHARED_KEY && length < came + missing)) {
            mark_extension_malformed(client_hello, type, at);
        }
        tlsdiag_bytes_t body = tlsdiag_read(&in, length < came ? length : came);
        if (!again) {
            decode_extension(client_hello, type, body, at + 4, length > came);
        }
    }
    return true;
}
