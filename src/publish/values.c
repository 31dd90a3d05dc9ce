/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/values.h"

#include <string.h>

#include "decode/first_bytes.h"

enum { FIRST_BYTES_LIMIT = 64 };

/* Protocols that may bring a name or a password in their very first bytes, and how many of those only name the protocol. */
typedef struct careful_row {
    tlsdiag_protocol_t protocol;
    size_t bytes;
} careful_row_t;

static const careful_row_t careful[] = {
    { TLSDIAG_PROTOCOL_MAIL_OR_FTP, 8 }, /* "PASS ", "a1 LOGIN" */
    { TLSDIAG_PROTOCOL_LDAP, 8 },        /* BindRequest, RFC 4511 4.2: name and password follow */
    { TLSDIAG_PROTOCOL_MQTT, 8 },        /* CONNECT, MQTT 3.1.1 3.1.3: user name and password follow */
    { TLSDIAG_PROTOCOL_REDIS, 8 },       /* "*2\r\n$4\r\n", then AUTH and the password */
    { TLSDIAG_PROTOCOL_POSTGRESQL, 8 },  /* SSLRequest; a StartupMessage goes on with user and database */
    { TLSDIAG_PROTOCOL_RDP, 16 },        /* "Cookie: mstshash=" and a user name follow */
    { TLSDIAG_PROTOCOL_JSON, 24 },       /* stratum: a wallet and a password */
};

tlsdiag_bytes_t tlsdiag_server_name_sent(const tlsdiag_facts_t *facts)
{
    const tlsdiag_client_hello_t *hello = &facts->client_hello;
    if (!facts->has_client_hello || !hello->has_server_name) {
        return tlsdiag_bytes(NULL, 0);
    }
    size_t kept =
        hello->server_name_length < TLSDIAG_SERVER_NAME_BYTES ? hello->server_name_length : TLSDIAG_SERVER_NAME_BYTES;
    return tlsdiag_bytes(hello->server_name, kept);
}

const tlsdiag_certificate_t *tlsdiag_certificate_served(const tlsdiag_event_t *event)
{
    const tlsdiag_negotiated_t *negotiated = &event->facts->negotiated;
    int chain = negotiated->certificate - 1;
    if (!event->posture || chain < 0 || chain >= event->posture->chains_count || negotiated->resumed) {
        return NULL;
    }
    return event->posture->chains[chain].count ? event->posture->chains[chain].certificates : NULL;
}

const char *tlsdiag_vhost_of(const tlsdiag_event_t *event)
{
    return event->posture ? event->posture->name : event->vhost;
}

const char *tlsdiag_vhost_defined_at_of(const tlsdiag_event_t *event)
{
    return event->posture ? event->posture->defined_at : event->vhost_defined_at;
}

static tlsdiag_bytes_t show_http(tlsdiag_bytes_t first, uint8_t buffer[TLSDIAG_FIRST_BYTES_SHOWN])
{
    tlsdiag_bytes_t request_line, host;
    tlsdiag_first_bytes_http(first, &request_line, &host);
    tlsdiag_writer_t out = tlsdiag_writer((char *)buffer, TLSDIAG_FIRST_BYTES_SHOWN);
    size_t room = out.capacity;
    tlsdiag_write_bytes(&out, (const char *)request_line.at, request_line.length < room ? request_line.length : room);
    if (host.length > 0 && host.length + sizeof "\r\nHost: " <= out.capacity - out.length) {
        tlsdiag_write(&out, "\r\nHost: ");
        tlsdiag_write_bytes(&out, (const char *)host.at, host.length);
    }
    return tlsdiag_bytes(buffer, out.length);
}

static size_t bytes_to_show(tlsdiag_protocol_t protocol)
{
    for (size_t i = 0; i < sizeof careful / sizeof careful[0]; i++) {
        if (careful[i].protocol == protocol) {
            return careful[i].bytes;
        }
    }
    return FIRST_BYTES_LIMIT;
}

tlsdiag_bytes_t tlsdiag_first_bytes_shown(const tlsdiag_event_t *event, uint8_t buffer[TLSDIAG_FIRST_BYTES_SHOWN])
{
    const tlsdiag_facts_t *facts = event->facts;
    if (facts->has_client_hello || facts->first_bytes_length == 0) {
        return tlsdiag_bytes(NULL, 0);
    }
    bool masked = event->mask.ipv4_bits || event->mask.ipv6_bits;
    size_t kept =
        facts->first_bytes_length < TLSDIAG_FIRST_BYTES_KEPT ? facts->first_bytes_length : TLSDIAG_FIRST_BYTES_KEPT;
    tlsdiag_bytes_t first = tlsdiag_bytes(facts->first_bytes, kept);
    tlsdiag_protocol_t protocol = tlsdiag_first_bytes_classify(first);
    if (protocol == TLSDIAG_PROTOCOL_PROXY && masked) {
        return tlsdiag_bytes(NULL, 0);
    }
    if (protocol == TLSDIAG_PROTOCOL_HTTP || protocol == TLSDIAG_PROTOCOL_HTTP_CONNECT) {
        tlsdiag_bytes_t http = show_http(first, buffer);
        if (http.length > 0) {
            return http;
        }
    }
    size_t shown = bytes_to_show(protocol);
    return tlsdiag_bytes(first.at, kept < shown ? kept : shown);
}

static bool hello_was_cut(const tlsdiag_client_hello_t *hello)
{
    return hello->server_name_length > TLSDIAG_SERVER_NAME_BYTES ||
           hello->cipher_suites_count > TLSDIAG_CIPHER_SUITES_KEPT ||
           hello->extensions_count > TLSDIAG_EXTENSIONS_KEPT || hello->supported_groups_count > TLSDIAG_GROUPS_KEPT ||
           hello->key_shares_count > TLSDIAG_KEY_SHARES_KEPT ||
           hello->supported_versions_count > TLSDIAG_VERSIONS_KEPT ||
           hello->signature_algorithms_count > TLSDIAG_SIGNATURE_SCHEMES_KEPT ||
           hello->signature_algorithms_cert_count > TLSDIAG_SIGNATURE_SCHEMES_KEPT ||
           hello->compression_count > TLSDIAG_COMPRESSION_KEPT || hello->psk_modes_count > TLSDIAG_PSK_MODES_KEPT;
}

bool tlsdiag_facts_were_cut(const tlsdiag_facts_t *facts)
{
    return facts->alerts_count > TLSDIAG_ALERTS_KEPT || facts->openssl_errors_count > TLSDIAG_OPENSSL_ERRORS_KEPT ||
           (facts->has_client_hello && hello_was_cut(&facts->client_hello));
}
