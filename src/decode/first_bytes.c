/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/first_bytes.h"

#include <string.h>

#include "decode/recognise.h"

/* OpenSSL gives up after this many bytes, so a mark that is cut there still counts. */
enum { CUT_MARK_BYTES = 5 };

/* One way to know a protocol: by its first characters, or by a function of recognise.h. */
typedef struct rule {
    tlsdiag_protocol_t protocol;
    const char *starts_with;
    size_t length;
    bool (*is)(tlsdiag_bytes_t bytes);
} rule_t;

#define STARTS(mark) mark, sizeof(mark) - 1, NULL
#define IS(function) NULL, 0, function

/*
 * Read from the top; the first rule that holds is the answer. TLS comes first, so that nothing else can claim a hello. To
 * add a protocol: a row here, a word below, and a function in one of the recognise_*.c where characters do not suffice.
 */
static const rule_t rules[] = {
    { TLSDIAG_PROTOCOL_TLS_BAD_LENGTH, IS(tlsdiag_is_tls_bad_length) },
    { TLSDIAG_PROTOCOL_TLS_HANDSHAKE, IS(tlsdiag_is_tls_client_hello) },
    { TLSDIAG_PROTOCOL_TLS_ALERT, IS(tlsdiag_is_tls_alert) },
    { TLSDIAG_PROTOCOL_TLS_OTHER, IS(tlsdiag_is_tls_other) },
    { TLSDIAG_PROTOCOL_SSLV2, IS(tlsdiag_is_sslv2_client_hello) },
    { TLSDIAG_PROTOCOL_HTTP2, STARTS("PRI * HTTP/2") },    /* RFC 9113 3.4 */
    { TLSDIAG_PROTOCOL_HTTP_CONNECT, STARTS("CONNECT ") }, /* RFC 9110 9.3.6 */
    { TLSDIAG_PROTOCOL_HTTP, IS(tlsdiag_is_http) },
    { TLSDIAG_PROTOCOL_PROXY, STARTS("PROXY TCP") }, /* haproxy proxy-protocol.txt 2.1 */
    { TLSDIAG_PROTOCOL_PROXY, STARTS("PROXY UNKNOWN") },
    { TLSDIAG_PROTOCOL_PROXY, STARTS("\r\n\r\n\0\r\nQUIT\n") }, /* ... 2.2 */
    { TLSDIAG_PROTOCOL_SSH, STARTS("SSH-") },                   /* RFC 4253 4.2 */
    { TLSDIAG_PROTOCOL_MAIL_OR_FTP, IS(tlsdiag_is_mail_or_ftp) },
    { TLSDIAG_PROTOCOL_RDP, IS(tlsdiag_is_rdp) },
    { TLSDIAG_PROTOCOL_SMB, IS(tlsdiag_is_smb) },
    { TLSDIAG_PROTOCOL_LDAP, IS(tlsdiag_is_ldap) },
    { TLSDIAG_PROTOCOL_POSTGRESQL, IS(tlsdiag_is_postgresql) },
    { TLSDIAG_PROTOCOL_MQTT, IS(tlsdiag_is_mqtt) },
    { TLSDIAG_PROTOCOL_SOCKS, IS(tlsdiag_is_socks) },
    { TLSDIAG_PROTOCOL_REDIS, IS(tlsdiag_is_redis) },
    { TLSDIAG_PROTOCOL_DNS, IS(tlsdiag_is_dns) },
    { TLSDIAG_PROTOCOL_BITTORRENT, STARTS("\x13"
                                          "BitTorrent protocol") }, /* bittorrent.org BEP 3 */
    { TLSDIAG_PROTOCOL_JSON, IS(tlsdiag_is_json) },
    { TLSDIAG_PROTOCOL_DTLS_OR_QUIC, IS(tlsdiag_is_dtls_or_quic) },
};

/* The words of causes.csv behind not_tls., where it has one. */
static const char *const names[] = {
    [TLSDIAG_PROTOCOL_NOTHING] = "unknown",
    [TLSDIAG_PROTOCOL_TLS_HANDSHAKE] = "tls",
    [TLSDIAG_PROTOCOL_TLS_ALERT] = "tls",
    [TLSDIAG_PROTOCOL_TLS_OTHER] = "tls",
    [TLSDIAG_PROTOCOL_TLS_BAD_LENGTH] = "tls",
    [TLSDIAG_PROTOCOL_SSLV2] = "sslv2",
    [TLSDIAG_PROTOCOL_HTTP] = "http",
    [TLSDIAG_PROTOCOL_HTTP2] = "http2",
    [TLSDIAG_PROTOCOL_HTTP_CONNECT] = "http_connect",
    [TLSDIAG_PROTOCOL_PROXY] = "proxy_protocol",
    [TLSDIAG_PROTOCOL_SSH] = "ssh",
    [TLSDIAG_PROTOCOL_MAIL_OR_FTP] = "mail_or_ftp",
    [TLSDIAG_PROTOCOL_RDP] = "rdp",
    [TLSDIAG_PROTOCOL_SMB] = "smb",
    [TLSDIAG_PROTOCOL_LDAP] = "ldap",
    [TLSDIAG_PROTOCOL_POSTGRESQL] = "postgresql",
    [TLSDIAG_PROTOCOL_MQTT] = "mqtt",
    [TLSDIAG_PROTOCOL_SOCKS] = "socks",
    [TLSDIAG_PROTOCOL_REDIS] = "redis",
    [TLSDIAG_PROTOCOL_DNS] = "dns",
    [TLSDIAG_PROTOCOL_BITTORRENT] = "bittorrent",
    [TLSDIAG_PROTOCOL_JSON] = "json",
    [TLSDIAG_PROTOCOL_DTLS_OR_QUIC] = "dtls_or_quic",
    [TLSDIAG_PROTOCOL_UNKNOWN] = "unknown",
};

static bool holds(const rule_t *rule, tlsdiag_bytes_t bytes)
{
    if (rule->is) {
        return rule->is(bytes);
    }
    size_t compared = bytes.length < rule->length ? bytes.length : rule->length;
    bool enough = compared == rule->length || compared >= CUT_MARK_BYTES;
    return enough && memcmp(bytes.at, rule->starts_with, compared) == 0;
}

tlsdiag_protocol_t tlsdiag_first_bytes_classify(tlsdiag_bytes_t bytes)
{
    if (bytes.length == 0) {
        return TLSDIAG_PROTOCOL_NOTHING;
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (holds(&rules[i], bytes)) {
            return rules[i].protocol;
        }
    }
    return TLSDIAG_PROTOCOL_UNKNOWN;
}

const char *tlsdiag_protocol_name(tlsdiag_protocol_t protocol)
{
    return names[protocol];
}

/* The next line without its end; *rest is what stands behind it. */
static tlsdiag_bytes_t next_line(tlsdiag_bytes_t *rest)
{
    const uint8_t *end = rest->length ? memchr(rest->at, '\n', rest->length) : NULL;
    size_t length = end ? (size_t)(end - rest->at) : rest->length;
    tlsdiag_bytes_t line = tlsdiag_bytes(rest->at, length);
    size_t step = end ? length + 1 : length;
    *rest = tlsdiag_bytes(rest->at + step, rest->length - step);
    if (line.length > 0 && line.at[line.length - 1] == '\r') {
        line.length--;
    }
    return line;
}

static bool is_host_field(tlsdiag_bytes_t line)
{
    static const char name[] = "host:";
    for (size_t i = 0; i < sizeof name - 1; i++) {
        if (i >= line.length || (line.at[i] | (name[i] == ':' ? 0 : 0x20)) != name[i]) {
            return false;
        }
    }
    return true;
}

/* Field value without the white space around it (RFC 9112 5). */
static tlsdiag_bytes_t field_value(tlsdiag_bytes_t line)
{
    size_t from = 5;
    while (from < line.length && (line.at[from] == ' ' || line.at[from] == '\t')) {
        from++;
    }
    while (line.length > from && (line.at[line.length - 1] == ' ' || line.at[line.length - 1] == '\t')) {
        line.length--;
    }
    return tlsdiag_bytes(line.at + from, line.length - from);
}

void tlsdiag_first_bytes_http(tlsdiag_bytes_t bytes, tlsdiag_bytes_t *request_line, tlsdiag_bytes_t *host)
{
    tlsdiag_protocol_t protocol = tlsdiag_first_bytes_classify(bytes);
    *request_line = *host = tlsdiag_bytes(NULL, 0);
    if (protocol != TLSDIAG_PROTOCOL_HTTP && protocol != TLSDIAG_PROTOCOL_HTTP2 &&
        protocol != TLSDIAG_PROTOCOL_HTTP_CONNECT) {
        return;
    }
    tlsdiag_bytes_t rest = bytes;
    *request_line = next_line(&rest);
    while (rest.length > 0) {
        tlsdiag_bytes_t line = next_line(&rest);
        if (is_host_field(line)) {
            *host = field_value(line);
            return;
        }
        if (line.length == 0) {
            return;
        }
    }
}
