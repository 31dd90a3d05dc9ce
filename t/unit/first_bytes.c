/* SPDX-License-Identifier: Apache-2.0 */
/* decode/first_bytes.h: what a connection's first bytes are. */
#include "decode/client_hello.h"
#include "decode/first_bytes.h"

#include "hellos.h"

typedef struct first_bytes_row {
    const char *name;
    const char *bytes;
    size_t length;
    tlsdiag_protocol_t protocol;
} first_bytes_row_t;

#define ROW(name, bytes, protocol)                                  \
    {                                                               \
        name, bytes, sizeof(bytes) - 1, TLSDIAG_PROTOCOL_##protocol \
    }

static const first_bytes_row_t rows[] = {
    /* clang-format off */
    ROW("nothing", "", NOTHING),
    /* TLS */
    ROW("one byte of a hello", "\x16", TLS_HANDSHAKE),
    ROW("two bytes of a hello", "\x16\x03", TLS_HANDSHAKE),
    ROW("three bytes of a hello", "\x16\x03\x01", TLS_HANDSHAKE),
    ROW("a record header", "\x16\x03\x01\x02\x00", TLS_HANDSHAKE),
    ROW("a hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", TLS_HANDSHAKE),
    ROW("a hello in a record of SSLv3", "\x16\x03\x00\x00\x2f\x01", TLS_HANDSHAKE),
    ROW("a hello in a record of a minor version to come", "\x16\x03\x7f\x00\x2f\x01", TLS_HANDSHAKE),
    ROW("a hello behind an empty record", "\x16\x03\x01\x00\x00\x16\x03\x01\x00\x2f\x01", TLS_HANDSHAKE),
    ROW("the longest record", "\x16\x03\x01\x40\x00\x01", TLS_HANDSHAKE),
    ROW("a record too long", "\x16\x03\x01\x40\x01\x01", TLS_BAD_LENGTH),
    ROW("a record of the largest length", "\x16\x03\x01\xff\xff\x01", TLS_BAD_LENGTH),
    ROW("an alert too long", "\x15\x03\x01\x7f\xff", TLS_BAD_LENGTH),
    ROW("a ServerHello", "\x16\x03\x03\x00\x7a\x02\x00\x00\x76", TLS_OTHER),
    ROW("a ServerHello behind an empty record", "\x16\x03\x03\x00\x00\x16\x03\x03\x00\x7a\x02", TLS_OTHER),
    ROW("application data", "\x17\x03\x03\x00\x20\xaa", TLS_OTHER),
    ROW("application data of the longest kind", "\x17\x03\x03\x48\x00\xaa", TLS_OTHER),
    ROW("change_cipher_spec", "\x14\x03\x03\x00\x01\x01", TLS_OTHER),
    ROW("heartbeat", "\x18\x03\x02\x00\x03\x01\x40\x00", TLS_OTHER),
    ROW("an alert", "\x15\x03\x01\x00\x02\x02\x28", TLS_ALERT),
    ROW("three bytes of an alert", "\x15\x03\x03", TLS_ALERT),
    ROW("one byte of an alert could be anything", "\x15", UNKNOWN),
    ROW("record of major version 4", "\x16\x04\x00\x00\x2f\x01", UNKNOWN),
    ROW("record of major version 2", "\x16\x02\x00\x00\x2f\x01", UNKNOWN),
    ROW("record of version 5.5", "\x16\x05\x05\x00\x2f\x01", UNKNOWN),
    ROW("SSLv2 alone", "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", SSLV2),
    ROW("SSLv2 format for TLS 1.0", "\x80\x55\x01\x03\x01\x00\x3c", SSLV2),
    ROW("SSLv2 format, five bytes", "\x80\x2e\x01\x00\x02", SSLV2),
    ROW("SSLv2 format, too few bytes", "\x80\x2e\x01\x00", UNKNOWN),
    ROW("SSLv2 server hello", "\x80\x2e\x04\x00\x01", UNKNOWN),
    /* HTTP */
    ROW("GET", "GET / HTTP/1.1\r\nHost: www.example.test\r\n\r\n", HTTP),
    ROW("GET in five bytes", "GET /", HTTP),
    ROW("POST in five bytes", "POST ", HTTP),
    ROW("HEAD", "HEAD /index.html HTTP/1.0\r\n\r\n", HTTP),
    ROW("OPTIONS of a path", "OPTIONS /api HTTP/1.1\r\n", HTTP),
    ROW("OPTIONS *", "OPTIONS * HTTP/1.1\r\n", HTTP),
    ROW("PATCH", "PATCH /x HTTP/1.1\r\n", HTTP),
    ROW("DELETE", "DELETE /x HTTP/1.1\r\n", HTTP),
    ROW("TRACE", "TRACE / HTTP/1.1\r\n", HTTP),
    ROW("PROPFIND", "PROPFIND /dav/ HTTP/1.1\r\n", HTTP),
    ROW("a method with a dash", "VERSION-CONTROL /dav HTTP/1.1\r\n", HTTP),
    ROW("a method nobody knows", "FROBNICATE /x HTTP/1.1\r\n", HTTP),
    ROW("a request line that goes on", "FROBNICATE /a/very/long/pa", HTTP),
    ROW("a request to a proxy", "GET http://www.example.test/ HTTP/1.1\r\n", HTTP),
    ROW("HTTP/0.9", "GET /\r\n", HTTP),
    ROW("websocket upgrade", "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n", HTTP),
    ROW("lower case is no method", "get / http/1.1\r\n", UNKNOWN),
    ROW("a word and a word", "HELLO WORLD\r\n", UNKNOWN),
    ROW("a word and a path without a version", "FROBNICATE /x\r\n", UNKNOWN),
    ROW("RTSP", "OPTIONS / RTSP/1.0\r\n\r\n", UNKNOWN),
    ROW("SIP", "OPTIONS sip:nm SIP/2.0\r\n", UNKNOWN),
    ROW("a method cut before its space", "OPTIO", UNKNOWN),
    ROW("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HTTP2),
    ROW("HTTP/2 preface in five bytes", "PRI *", HTTP2),
    ROW("CONNECT", "CONNECT example.test:443 HTTP/1.1\r\n", HTTP_CONNECT),
    ROW("CONNECT in five bytes", "CONNE", HTTP_CONNECT),
    /* in front of TLS */
    ROW("PROXY v1", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n\x16\x03\x01", PROXY),
    ROW("PROXY v1 over IPv6", "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n", PROXY),
    ROW("PROXY v1 unknown", "PROXY UNKNOWN\r\n", PROXY),
    ROW("PROXY v2", "\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c", PROXY),
    ROW("PROXY v2 in five bytes", "\r\n\r\n\0", PROXY),
    ROW("four bytes of PROXY v2 are two empty lines", "\r\n\r\n", UNKNOWN),
    /* text */
    ROW("SSH", "SSH-2.0-OpenSSH_9.2\r\n", SSH),
    ROW("SSH in four bytes", "SSH-", SSH),
    ROW("SMTP", "EHLO client.test\r\n", MAIL_OR_FTP),
    ROW("SMTP in lower case", "ehlo client.test\r\n", MAIL_OR_FTP),
    ROW("SMTP in five bytes", "EHLO ", MAIL_OR_FTP),
    ROW("HELO", "HELO x\r\n", MAIL_OR_FTP),
    ROW("STARTTLS", "STARTTLS\r\n", MAIL_OR_FTP),
    ROW("IMAP", "a1 CAPABILITY\r\n", MAIL_OR_FTP),
    ROW("IMAP login", "A001 LOGIN user secret\r\n", MAIL_OR_FTP),
    ROW("IMAP starttls", ". starttls\r\n", MAIL_OR_FTP),
    ROW("POP3", "CAPA\r\n", MAIL_OR_FTP),
    ROW("POP3 or FTP", "USER anonymous\r\n", MAIL_OR_FTP),
    ROW("FTP over TLS", "AUTH TLS\r\n", MAIL_OR_FTP),
    ROW("a verb without its end", "EHLO", UNKNOWN),
    ROW("a longer word", "EHLOX y\r\n", UNKNOWN),
    ROW("RESP", "*1\r\n$4\r\nPING\r\n", REDIS),
    ROW("RESP in five bytes", "*1\r\n$", REDIS),
    ROW("RESP of a long command", "*17\r\n$7\r\nCOMMAND\r\n", REDIS),
    ROW("inline PING", "PING\r\n", REDIS),
    ROW("IRC's PING has a word behind it", "PING :irc.example.test\r\n", UNKNOWN),
    ROW("a star and a number", "*1 and more", UNKNOWN),
    ROW("stratum", "{\"id\":1,\"method\":\"mining.subscribe\"}\n", JSON),
    ROW("JSON with blanks", "{ \"id\": 1 }", JSON),
    ROW("JSON over lines", "{\r\n  \"id\": 1 }", JSON),
    ROW("an array of requests", "[{\"jsonrpc\":\"2.0\"}]", JSON),
    ROW("a brace", "{", UNKNOWN),
    ROW("a brace and a word", "{id:1}", UNKNOWN),
    ROW("BitTorrent", "\x13" "BitTorrent protocol\0\0\0\0\0\0\0\0", BITTORRENT),
    /* binary */
    ROW("RDP", "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00", RDP),
    ROW("RDP with a cookie", "\x03\x00\x00\x2f\x2a\xe0\x00\x00\x00\x00\x00" "Cookie: mstshash=x\r\n", RDP),
    ROW("X.224 data", "\x03\x00\x00\x13\x02\xf0\x80", UNKNOWN),
    ROW("X.224 longer than its packet", "\x03\x00\x00\x0b\x2a\xe0\x00\x00\x00\x00\x00", UNKNOWN),
    ROW("NetBIOS with something else", "\x00\x00\x00\x54\xffSMX\x72", UNKNOWN),
    ROW("SMB1", "\x00\x00\x00\x54\xffSMB\x72", SMB),
    ROW("SMB2", "\x00\x00\x00\xa4\xfeSMB\x40\x00", SMB),
    ROW("NetBIOS session request", "\x81\x00\x00\x44\x20" "CKFDENECFDEFFCFGEFFCCACACACACACA", SMB),
    ROW("LDAP bind", "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00", LDAP),
    ROW("LDAP StartTLS", "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" "1.3.6.1.4.1.1466.20037", LDAP),
    ROW("LDAP with a long length", "\x30\x84\x00\x00\x00\x2d\x02\x01\x0e\x63\x84", LDAP),
    ROW("BER of indefinite length", "\x30\x80\x02\x01\x01\x60\x07", UNKNOWN),
    ROW("BER without an id", "\x30\x0c\x02\x00\x60\x07\x02", UNKNOWN),
    ROW("BER with a string for an id", "\x30\x0c\x04\x01\x01\x60\x07", UNKNOWN),
    ROW("BER of another type", "\x31\x0c\x02\x01\x01\x60\x07", UNKNOWN),
    ROW("SNMP is BER, too", "\x30\x26\x02\x01\x01\x04\x06public", UNKNOWN),
    ROW("PostgreSQL SSLRequest", "\x00\x00\x00\x08\x04\xd2\x16\x2f", POSTGRESQL),
    ROW("PostgreSQL GSSENCRequest", "\x00\x00\x00\x08\x04\xd2\x16\x30", POSTGRESQL),
    ROW("PostgreSQL CancelRequest", "\x00\x00\x00\x10\x04\xd2\x16\x2e\x00\x00\x01\x02\x00\x00\x03\x04", POSTGRESQL),
    ROW("PostgreSQL startup", "\x00\x00\x00\x21\x00\x03\x00\x00user\0x\0database\0x\0\0", POSTGRESQL),
    ROW("PostgreSQL SSLRequest of another length", "\x00\x00\x00\x09\x04\xd2\x16\x2f", UNKNOWN),
    ROW("PostgreSQL of another code", "\x00\x00\x00\x08\x04\xd2\x16\x31", UNKNOWN),
    ROW("PostgreSQL startup without a parameter", "\x00\x00\x00\x21\x00\x03\x00\x00\x00", UNKNOWN),
    ROW("PostgreSQL 4", "\x00\x00\x00\x21\x00\x04\x00\x00user", UNKNOWN),
    ROW("PostgreSQL cut", "\x00\x00\x00\x08\x04", UNKNOWN),
    ROW("MQTT 3.1.1", "\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02id", MQTT),
    ROW("MQTT 5", "\x10\x10\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x02id", MQTT),
    ROW("MQTT 3.1", "\x10\x12\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x02id", MQTT),
    ROW("MQTT with a long length", "\x10\x96\x01\x00\x04MQTT\x04", MQTT),
    ROW("MQTT by another name", "\x10\x0e\x00\x04MQTX\x04", UNKNOWN),
    ROW("MQTT 3.1 by another name", "\x10\x12\x00\x06MQIsdX\x03", UNKNOWN),
    ROW("SOCKS5, one method", "\x05\x01\x00", SOCKS),
    ROW("SOCKS5, two methods", "\x05\x02\x00\x01", SOCKS),
    ROW("SOCKS5 and its request at once", "\x05\x01\x00\x05\x01\x00\x03", SOCKS),
    ROW("SOCKS5 cut", "\x05\x02\x00", UNKNOWN),
    ROW("SOCKS5 without a method", "\x05\x00\x00", UNKNOWN),
    ROW("SOCKS5 with too many methods", "\x05\x09\x00\x01\x02\x03\x04\x05\x06\x07\x08", UNKNOWN),
    ROW("SOCKS5 and something else", "\x05\x01\x00\x16\x03", UNKNOWN),
    ROW("SOCKS4 of another command", "\x04\x03\x01\xbb\xc0\x00\x02\x01user\0", UNKNOWN),
    ROW("SOCKS4 without an end", "\x04\x01\x01\xbb\xc0\x00\x02\x01user", UNKNOWN),
    ROW("SOCKS4 with a binary name", "\x04\x01\x01\xbb\xc0\x00\x02\x01\x7f\x01\0", UNKNOWN),
    ROW("SOCKS4 bind", "\x04\x02\x01\xbb\xc0\x00\x02\x01\0", SOCKS),
    ROW("SOCKS4", "\x04\x01\x01\xbb\xc0\x00\x02\x01user\0", SOCKS),
    ROW("SOCKS4a", "\x04\x01\x01\xbb\x00\x00\x00\x01\0www.example.test\0", SOCKS),
    ROW("DNS query", "\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example\x04test\x00\x00\x01\x00\x01", DNS),
    ROW("DNS query with EDNS", "\x00\x2b\x12\x34\x01\x20\x00\x01\x00\x00\x00\x00\x00\x01\x07" "example", DNS),
    ROW("a DNS answer", "\x00\x1d\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x07" "example", UNKNOWN),
    ROW("a DNS query with an opcode", "\x00\x1d\x12\x34\x28\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example", UNKNOWN),
    ROW("DNS without a question", "\x00\x1d\x12\x34\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07" "example", UNKNOWN),
    ROW("DNS with an authority", "\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x01\x00\x00\x07" "example", UNKNOWN),
    ROW("DNS with a pointer for a name", "\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\xc0\x0c", UNKNOWN),
    ROW("DNS cut in its header", "\x00\x1d\x12\x34\x01\x00\x00\x01", UNKNOWN),
    ROW("a DNS query too short", "\x00\x0c\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00", UNKNOWN),
    ROW("DTLS 1.2", "\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x36\x01", DTLS_OR_QUIC),
    ROW("DTLS 1.0", "\x16\xfe\xff\x00\x00", DTLS_OR_QUIC),
    ROW("QUIC 1", "\xc3\x00\x00\x00\x01\x08\x01\x02\x03\x04\x05\x06\x07\x08", DTLS_OR_QUIC),
    ROW("QUIC 2", "\xd3\x6b\x33\x43\xcf\x08\x01\x02", DTLS_OR_QUIC),
    /* nothing in particular */
    ROW("zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", UNKNOWN),
    ROW("one zero", "\0", UNKNOWN),
    ROW("an empty line", "\r\n", UNKNOWN),
    ROW("telnet", "\xff\xfd\x03\xff\xfb\x18", UNKNOWN),
    ROW("dead beef", "\xde\xad\xbe\xef\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff", UNKNOWN),
    ROW("all ones", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", UNKNOWN),
    ROW("a word", "hello", UNKNOWN),
    ROW("binary behind a letter", "G\x00\x01\x02", UNKNOWN),
    /* clang-format on */
};

/* From a block of exactly the size, so that the sanitizer sees a read of one byte more. */
static tlsdiag_protocol_t classify(const void *bytes, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);
    memcpy(copy, bytes, length);
    tlsdiag_protocol_t protocol = tlsdiag_first_bytes_classify(tlsdiag_bytes(copy, length));
    free(copy);
    return protocol;
}

static void each_row(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tlsdiag_protocol_t protocol = classify(rows[i].bytes, rows[i].length);
        ok(protocol == rows[i].protocol, "%s is %s, here %s", rows[i].name, tlsdiag_protocol_name(rows[i].protocol),
           tlsdiag_protocol_name(protocol));
    }
}

/* Fewer bytes know less: a prefix is either unknown yet, or already what the whole is. */
static void prefixes_never_say_something_else(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool right = true;
        for (size_t length = 1; length < rows[i].length && right; length++) {
            tlsdiag_protocol_t protocol = classify(rows[i].bytes, length);
            bool same_name = strcmp(tlsdiag_protocol_name(protocol), tlsdiag_protocol_name(rows[i].protocol)) == 0;
            bool may_change = protocol == TLSDIAG_PROTOCOL_TLS_HANDSHAKE || /* "\x16" may become DTLS */
                              protocol == TLSDIAG_PROTOCOL_HTTP ||          /* "OPTIONS /" may become RTSP */
                              protocol == TLSDIAG_PROTOCOL_SOCKS;           /* a whole greeting, then something else */
            right = protocol == TLSDIAG_PROTOCOL_UNKNOWN || same_name || may_change;
            if (!right) {
                printf("# %zu bytes are %s\n", length, tlsdiag_protocol_name(protocol));
            }
        }
        ok(right, "%s: no prefix is called another protocol", rows[i].name);
    }
}

static void flood_of_empty_records(void)
{
    uint8_t flood[5 * 33 + 6];
    for (size_t at = 0; at + 5 < sizeof flood; at += 5) {
        memcpy(flood + at, "\x16\x03\x01\x00\x00", 5);
    }
    is_int(classify(flood, 5 * 32), TLSDIAG_PROTOCOL_TLS_HANDSHAKE, "32 empty records may still become a hello");
    is_int(classify(flood, 5 * 33), TLSDIAG_PROTOCOL_TLS_BAD_LENGTH, "33 are a flood, as OpenSSL counts");
}

static void every_protocol_has_a_name_and_a_row(void)
{
    bool seen[TLSDIAG_PROTOCOL_UNKNOWN + 1] = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        seen[rows[i].protocol] = true;
    }
    for (int protocol = 0; protocol <= TLSDIAG_PROTOCOL_UNKNOWN; protocol++) {
        const char *name = tlsdiag_protocol_name((tlsdiag_protocol_t)protocol);
        ok(seen[protocol] && name && *name, "protocol %d has a row here and the name %s", protocol, name);
    }
}

static void same_run(tlsdiag_bytes_t got, const char *expected, const char *name)
{
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)got.length, got.length ? (const char *)got.at : "");
    is_str(text, expected, name);
}

static void http_fields(void)
{
    static const struct {
        const char *name, *bytes, *request_line, *host;
    } fields[] = {
        { "a request", "GET /a HTTP/1.1\r\nHost: www.example.test\r\n\r\n", "GET /a HTTP/1.1", "www.example.test" },
        { "Host in any case, not first, with blanks", "GET / HTTP/1.1\r\nAccept: */*\r\nhOST:\t x:80 \r\n",
          "GET / HTTP/1.1", "x:80" },
        { "no Host", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0", "" },
        { "Host behind the end of the head", "GET / HTTP/1.0\r\n\r\nHost: x\r\n", "GET / HTTP/1.0", "" },
        { "another field that ends so", "GET / HTTP/1.1\r\nX-Host: y\r\n", "GET / HTTP/1.1", "" },
        { "a cut request line", "GET /some/where", "GET /some/where", "" },
        { "a cut Host", "GET / HTTP/1.1\r\nHost: www.exa", "GET / HTTP/1.1", "www.exa" },
        { "a bare line feed", "GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1", "x" },
        { "CONNECT", "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n", "CONNECT a.test:443 HTTP/1.1",
          "a.test:443" },
        { "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n", "PRI * HTTP/2.0", "" },
        { "not HTTP", "EHLO x\r\nHost: y\r\n", "", "" },
        { "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n", "GET / HTTP/1.1", "" },
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        tlsdiag_bytes_t request_line, host;
        tlsdiag_first_bytes_http(tlsdiag_bytes(fields[i].bytes, strlen(fields[i].bytes)), &request_line, &host);
        same_run(request_line, fields[i].request_line, fields[i].name);
        same_run(host, fields[i].host, fields[i].name);
    }
}

static tlsdiag_client_hello_t client_hello, expected_hello;

/* The message in records of at most fragment bytes. Returns the length on the wire. */
static size_t put_in_records(uint8_t *wire, const hello_t *hello, size_t fragment)
{
    size_t length = 0;
    for (size_t at = 0; at < hello->length; at += fragment) {
        size_t n = hello->length - at < fragment ? hello->length - at : fragment;
        const uint8_t header[] = { 22, 3, 1, (uint8_t)(n >> 8), (uint8_t)n };
        memcpy(wire + length, header, sizeof header);
        memcpy(wire + length + sizeof header, hello->wire + at, n);
        length += sizeof header + n;
    }
    return length;
}

static bool decoded_from(const hello_t *hello, size_t fragment, uint16_t *records)
{
    uint8_t *wire = malloc(hello->length * 6);
    size_t length = put_in_records(wire, hello, fragment);
    bool found = tlsdiag_first_bytes_client_hello(&client_hello, records, tlsdiag_bytes(wire, length));
    free(wire);
    return found;
}

static void hello_in_records(const hello_t *hello)
{
    if (hello->sslv2 || hello->length > 4096) {
        return;
    }
    tlsdiag_bytes_t body = hello_body(hello);
    uint16_t records = 0;
    tlsdiag_client_hello_decode(&expected_hello, body, (uint32_t)body.length);
    bool same = decoded_from(hello, 16384, &records) && records == 1 &&
                memcmp(&client_hello, &expected_hello, sizeof client_hello) == 0;
    for (size_t fragment = 1; fragment < 200 && same; fragment += 13) {
        same = decoded_from(hello, fragment, &records) && records == (hello->length + fragment - 1) / fragment &&
               memcmp(&client_hello, &expected_hello, sizeof client_hello) == 0;
    }
    ok(same, "%s: the same out of one record or many", hello->column[HELLO_ID]);
}

/* What a hello is called does not depend on how much of it came, and decoding its part never goes wrong. */
static void every_prefix_is_a_hello(const hello_t *hello)
{
    uint8_t *wire = malloc(hello->length + 5 * (hello->length / 16384 + 1));
    size_t length = hello->length;
    if (hello->sslv2) {
        memcpy(wire, hello->wire, length);
    } else {
        length = put_in_records(wire, hello, 16384);
    }
    tlsdiag_protocol_t expected = hello->sslv2 ? TLSDIAG_PROTOCOL_SSLV2 : TLSDIAG_PROTOCOL_TLS_HANDSHAKE;
    bool right = true;
    for (size_t n = hello->sslv2 ? 5 : 1; n <= length && n <= 4096 && right; n++) {
        uint8_t *copy = malloc(n);
        uint16_t records;
        memcpy(copy, wire, n);
        right = tlsdiag_first_bytes_classify(tlsdiag_bytes(copy, n)) == expected;
        bool found = tlsdiag_first_bytes_client_hello(&client_hello, &records, tlsdiag_bytes(copy, n));
        right = right && found == (hello->sslv2 || n >= 9) && (!found || client_hello.complete == (n == length));
        free(copy);
    }
    free(wire);
    ok(right, "%s: every prefix is a ClientHello", hello->column[HELLO_ID]);
}

static void odd_records(void)
{
    uint16_t records = 77;
    static const char server_hello[] = "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03";
    ok(!tlsdiag_first_bytes_client_hello(&client_hello, &records, tlsdiag_bytes(server_hello, sizeof server_hello - 1)),
       "a ServerHello is no ClientHello");
    is_int(records, 77, "... and nothing is written");
    static const char mixed[] = "\x16\x03\x01\x00\x06\x01\x00\x00\x40\x03\x03\x15\x03\x01\x00\x02\x02\x28";
    ok(tlsdiag_first_bytes_client_hello(&client_hello, &records, tlsdiag_bytes(mixed, sizeof mixed - 1)),
       "a hello broken off by an alert is decoded as far as it goes");
    ok(records == 1 && !client_hello.complete && client_hello.legacy_version == 0x0303, "... its one record");
}

int main(void)
{
    each_row();
    prefixes_never_say_something_else();
    flood_of_empty_records();
    every_protocol_has_a_name_and_a_row();
    http_fields();
    for_each_hello(hello_in_records);
    for_each_hello(every_prefix_is_a_hello);
    odd_records();
    return done_testing();
}
