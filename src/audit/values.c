/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

#include "iana/openssl_names.h"
#include "pki/key.h"

/* Text of certificates and of the configuration, made safe for a log line. */
static bool put(tlsdiag_writer_t *out, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        tlsdiag_write(out, "unknown");
        return false;
    }
    tlsdiag_write_escaped(out, tlsdiag_bytes(text, strlen(text)), 256);
    return true;
}

static bool put_number(tlsdiag_writer_t *out, int64_t number)
{
    tlsdiag_write_i64(out, number);
    return true;
}

static bool put_date(tlsdiag_writer_t *out, int64_t seconds)
{
    char text[40];
    tlsdiag_writer_t date = tlsdiag_writer(text, sizeof text);
    tlsdiag_write_rfc3339(&date, seconds * 1000000);
    if (date.length < 19) {
        return put(out, NULL);
    }
    tlsdiag_write_bytes(out, text, 10);
    tlsdiag_write_char(out, ' ');
    tlsdiag_write_bytes(out, text + 11, 8);
    tlsdiag_write(out, " UTC");
    return true;
}

/* The largest whole unit: "12 days", "1 hour", "40 seconds". */
static bool put_duration(tlsdiag_writer_t *out, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = { { 86400, " day" }, { 3600, " hour" }, { 60, " minute" }, { 1, " second" } };
    seconds = seconds < 0 ? -seconds : seconds;
    size_t i = 0;
    while (i < 3 && seconds < units[i].seconds * (i == 0 ? 2 : 1)) {
        i++;
    }
    int64_t count = seconds / units[i].seconds;
    tlsdiag_write_i64(out, count);
    tlsdiag_write(out, units[i].name);
    tlsdiag_write(out, count == 1 ? "" : "s");
    return true;
}

static bool put_versions(tlsdiag_writer_t *out, uint8_t versions, const char *before, const char *between)
{
    static const char *const names[] = { "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3" };
    size_t written = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (versions & (1u << i)) {
            tlsdiag_write(out, written++ ? between : before);
            tlsdiag_write(out, names[i]);
        }
    }
    return written > 0 || put(out, "none");
}

static bool put_key(tlsdiag_writer_t *out, const tlsdiag_certificate_t *certificate)
{
    tlsdiag_key_write(out, certificate);
    return certificate->key_type != TLSDIAG_KEY_NONE;
}

static bool put_names(tlsdiag_writer_t *out, const tlsdiag_certificate_t *certificate)
{
    enum { SHOWN = 8 };
    uint16_t count = certificate->dns_names.count;
    for (uint16_t i = 0; i < count && i < SHOWN; i++) {
        tlsdiag_write(out, i ? ", " : "");
        put(out, certificate->dns_names.items[i]);
    }
    if (count > SHOWN) {
        tlsdiag_write(out, " and ");
        tlsdiag_write_u64(out, (uint64_t)count - SHOWN);
        tlsdiag_write(out, " more");
    }
    return count > 0 || put(out, certificate->common_name);
}

/* Those of wanted that this OpenSSL knows: with an unknown one httpd would not start. */
static bool put_known_groups(tlsdiag_writer_t *out, tlsdiag_code_list_t wanted, tlsdiag_code_list_t known)
{
    size_t written = 0;
    for (uint16_t i = 0; i < wanted.count; i++) {
        const char *name = tlsdiag_openssl_group_name(wanted.codes[i]);
        if (name && tlsdiag_list_has(known, wanted.codes[i])) {
            tlsdiag_write(out, written++ ? ":" : "");
            tlsdiag_write(out, name);
        }
    }
    return written > 0 || put(out, NULL);
}

static bool put_groups(tlsdiag_writer_t *out, tlsdiag_code_list_t groups)
{
    return put_known_groups(out, groups, groups);
}

static bool put_octal(tlsdiag_writer_t *out, uint16_t mode)
{
    for (int shift = 9; shift >= 0; shift -= 3) {
        tlsdiag_write_char(out, (char)('0' + (mode >> shift & 7)));
    }
    return true;
}

/* What a predicate wrote is safe already; its buffer has no NUL. */
static bool put_seen(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene)
{
    tlsdiag_write_bytes(out, scene->seen.start, scene->seen.length);
    return true;
}

static const char *as_written(const tlsdiag_directive_t *directive, const char *otherwise)
{
    return directive->text ? directive->text : otherwise;
}

/* `SSLCipherSuite SSL ...` is the long form of `SSLCipherSuite ...` (httpd 2.4.36). Quotes go, since more is to follow; a
 * string that needs them, with blanks inside, cannot be added to. */
static bool put_cipher_suites(tlsdiag_writer_t *out, const tlsdiag_posture_t *vhost)
{
    const char *text = as_written(&vhost->ssl_cipher_suite, "DEFAULT");
    text += strncmp(text, "SSL ", 4) == 0 ? 4 : 0;
    size_t quote = *text == '"', length = strlen(text + quote);
    length -= quote && length > 0 && text[length] == '"';
    if (length == 0 || memchr(text + quote, ' ', length) || memchr(text + quote, '"', length)) {
        return put(out, NULL);
    }
    tlsdiag_write_escaped(out, tlsdiag_bytes(text + quote, length), TLSDIAG_FINDING_DIRECTIVE);
    return true;
}

static int64_t lifetime_days(const tlsdiag_certificate_t *certificate)
{
    return (certificate->not_after - certificate->not_before) / TLSDIAG_DAY_SECONDS;
}

enum { SAFE_VERSIONS = TLSDIAG_TLS12 | TLSDIAG_TLS13 };

static uint8_t safe_versions(const tlsdiag_posture_t *vhost)
{
    uint8_t kept = (uint8_t)(vhost->versions & SAFE_VERSIONS);
    return kept ? kept : SAFE_VERSIONS;
}

static uint8_t with_tls13(const tlsdiag_posture_t *vhost)
{
    return (uint8_t)(vhost->versions_configured | TLSDIAG_TLS13);
}

static uint8_t kept_versions(const tlsdiag_posture_t *vhost)
{
    return vhost->versions;
}

#define NOW(scene) ((scene)->inventory->host.now)

/* Two readings of one list: a function for each value, and the table that finds it by name. */
#define VALUE(name, needs, expression)                                            \
    static bool value_##name(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene) \
    {                                                                             \
        return (needs) ? (expression) : put(out, NULL);                           \
    }
#include "audit/values.inc"
#undef VALUE

typedef struct value {
    const char *name;
    bool (*write)(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene);
} value_t;

static const value_t values[] = {
#define VALUE(name, needs, expression) { #name, value_##name },
#include "audit/values.inc"
#undef VALUE
};

static const value_t *find_value(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strlen(values[i].name) == length && memcmp(values[i].name, name, length) == 0) {
            return &values[i];
        }
    }
    return NULL;
}

bool tlsdiag_value_exists(const char *name, size_t length)
{
    return find_value(name, length) != NULL;
}

bool tlsdiag_template_write(tlsdiag_writer_t *out, const char *template, const tlsdiag_scene_t *scene)
{
    bool complete = true;
    while (*template != '\0') {
        size_t plain = strcspn(template, "{");
        tlsdiag_write_bytes(out, template, plain);
        template += plain;
        if (*template == '{') {
            size_t length = strcspn(++template, "}");
            const value_t *value = find_value(template, length);
            complete = value != NULL && value->write(out, scene) && complete;
            template += length + (template[length] == '}');
        }
    }
    return complete;
}
