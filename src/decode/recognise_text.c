/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/recognise.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static uint8_t to_upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

/* word is upper case; bytes may be either. */
static bool starts_with_word(tlsdiag_bytes_t bytes, const char *word)
{
    size_t length = strlen(word);
    if (bytes.length < length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (to_upper(bytes.at[i]) != (uint8_t)word[i]) {
            return false;
        }
    }
    return true;
}

/* word, and then the end of a word: a space or the end of the line. */
static bool starts_with_command(tlsdiag_bytes_t bytes, const char *word)
{
    size_t length = strlen(word);
    return bytes.length > length && starts_with_word(bytes, word) &&
           (bytes.at[length] == ' ' || bytes.at[length] == '\r' || bytes.at[length] == '\n');
}

static bool starts_with_one_of(tlsdiag_bytes_t bytes, const char *const *commands, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (starts_with_command(bytes, commands[i])) {
            return true;
        }
    }
    return false;
}

static tlsdiag_bytes_t skip(tlsdiag_bytes_t bytes, size_t n)
{
    return n < bytes.length ? tlsdiag_bytes(bytes.at + n, bytes.length - n) : tlsdiag_bytes(NULL, 0);
}

/* Length of a method and the space behind it; 0: no method. Capital letters as all registered ones have, "M-SEARCH". */
static size_t method_length(tlsdiag_bytes_t bytes)
{
    size_t length = 0;
    while (length < bytes.length && (is_upper(bytes.at[length]) || (length > 0 && bytes.at[length] == '-'))) {
        length++;
    }
    return length >= 3 && length <= 24 && length < bytes.length && bytes.at[length] == ' ' ? length + 1 : 0;
}

/* RFC 9112 3.2: origin-form, absolute-form or asterisk-form. */
static bool is_request_target(tlsdiag_bytes_t target)
{
    return target.length > 0 &&
           (target.at[0] == '/' || (target.at[0] == '*' && (target.length < 2 || target.at[1] == ' ')) ||
            starts_with_word(target, "HTTP://") || starts_with_word(target, "HTTPS://"));
}

/* Registered methods of HTTP itself: enough in the five bytes OpenSSL has read ("POST "), or in a line without version. */
static bool is_method_known(tlsdiag_bytes_t bytes)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH" };
    return starts_with_one_of(bytes, methods, COUNT(methods));
}

/* What stands behind the last space of a complete line. Empty: no space, or the line goes on. */
static tlsdiag_bytes_t last_word(tlsdiag_bytes_t line)
{
    const uint8_t *end = line.length ? memchr(line.at, '\n', line.length) : NULL;
    for (const uint8_t *c = end; c && c > line.at; c--) {
        if (c[-1] == ' ') {
            return tlsdiag_bytes(c, (size_t)(end - c));
        }
    }
    return tlsdiag_bytes(NULL, 0);
}

/* RTSP and SIP have request lines of the same shape, so a complete one must say HTTP, or nothing as HTTP/0.9 does. */
static bool is_version_http(tlsdiag_bytes_t bytes, tlsdiag_bytes_t target)
{
    bool complete = memchr(target.at, '\n', target.length) != NULL;
    tlsdiag_bytes_t version = last_word(target);
    return !complete || (version.length == 0 ? is_method_known(bytes) : starts_with_word(version, "HTTP/"));
}

bool tlsdiag_is_http(tlsdiag_bytes_t bytes)
{
    size_t length = method_length(bytes);
    if (length == 0) {
        return false;
    }
    tlsdiag_bytes_t target = skip(bytes, length);
    if (target.length == 0) {
        return is_method_known(bytes);
    }
    return is_request_target(target) && is_version_http(bytes, target);
}

/* IMAP4rev2 (RFC 9051 2.2.1): "Each client command is prefixed with an identifier [...] called a tag". */
static bool is_imap(tlsdiag_bytes_t bytes)
{
    static const char *const commands[] = { "CAPABILITY", "STARTTLS", "LOGIN", "AUTHENTICATE", "NOOP", "LOGOUT" };
    size_t tag = 0;
    while (tag < bytes.length &&
           (is_upper(to_upper(bytes.at[tag])) || is_digit(bytes.at[tag]) || bytes.at[tag] == '.')) {
        tag++;
    }
    return tag >= 1 && tag <= 16 && tag < bytes.length && bytes.at[tag] == ' ' &&
           starts_with_one_of(skip(bytes, tag + 1), commands, COUNT(commands));
}

/* Commands are not case sensitive (RFC 5321 2.4, RFC 1939 3, RFC 959 5.3). */
bool tlsdiag_is_mail_or_ftp(tlsdiag_bytes_t bytes)
{
    static const char *const commands[] = {
        "EHLO", "HELO", "LHLO", "MAIL", "RCPT", "VRFY",     "EXPN", "RSET", /* SMTP */
        "CAPA", "APOP", "STLS",                                             /* POP3 */
        "FEAT", "SYST", "PBSZ", "OPTS",                                     /* FTP */
        "USER", "AUTH", "NOOP", "QUIT", "HELP", "STARTTLS",                 /* several */
    };
    return starts_with_one_of(bytes, commands, COUNT(commands)) || is_imap(bytes);
}

/* redis.io, RESP: "*" number CRLF "$" number CRLF ...; or inline commands, of which only those no one else has. */
bool tlsdiag_is_redis(tlsdiag_bytes_t bytes)
{
    static const char *const commands[] = { "PING\r\n", "INFO\r\n", "COMMAND\r\n", "CONFIG GET ", "FLUSHALL\r\n" };
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (starts_with_word(bytes, commands[i])) {
            return true;
        }
    }
    size_t digits = 0;
    tlsdiag_bytes_t number = skip(bytes, 1);
    while (digits < number.length && is_digit(number.at[digits])) {
        digits++;
    }
    tlsdiag_bytes_t rest = skip(number, digits);
    return bytes.at[0] == '*' && digits >= 1 && digits <= 7 && starts_with_word(rest, "\r\n") &&
           (rest.length == 2 || rest.at[2] == '$');
}

static tlsdiag_bytes_t skip_blanks(tlsdiag_bytes_t bytes)
{
    size_t n = 0;
    while (n < bytes.length &&
           (bytes.at[n] == ' ' || bytes.at[n] == '\t' || bytes.at[n] == '\r' || bytes.at[n] == '\n')) {
        n++;
    }
    return skip(bytes, n);
}

bool tlsdiag_is_json(tlsdiag_bytes_t bytes)
{
    if (bytes.at[0] == '[') {
        bytes = skip_blanks(skip(bytes, 1));
    }
    tlsdiag_bytes_t inside = bytes.length && bytes.at[0] == '{' ? skip_blanks(skip(bytes, 1)) : tlsdiag_bytes(NULL, 0);
    return inside.length > 0 && (inside.at[0] == '"' || inside.at[0] == '}');
}
