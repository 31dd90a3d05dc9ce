/* SPDX-License-Identifier: Apache-2.0 */
#include "iana/iana.h"

#include <stddef.h>
#include <string.h>

typedef struct name_row {
    uint16_t code;
    const char *name;
} name_row_t;

/* What a suite's name says besides key exchange, authentication and key size: the last column of a row. */
enum {
    SUITE_TLS13 = 1 << 0,
    SUITE_TLS12_ONLY = 1 << 1,
    SUITE_FORWARD_SECRET = 1 << 2,
    SUITE_NULL = 1 << 3,
    SUITE_EXPORT = 1 << 4,
    SUITE_RC4 = 1 << 5,
    SUITE_DES = 1 << 6,
    SUITE_TRIPLE_DES = 1 << 7,
    SUITE_CBC = 1 << 8,
    SUITE_AEAD = 1 << 9,
    SUITE_ANONYMOUS = 1 << 10,
    SUITE_CCM8 = 1 << 11,
    SUITE_NATIONAL = 1 << 12,
    SUITE_SIGNALLING = 1 << 13,
};

typedef struct suite_row {
    uint16_t code;
    const char *name;
    uint8_t key_exchange;   /* tlsdiag_kx_t */
    uint8_t authentication; /* tlsdiag_auth_t */
    uint16_t key_bits;
    uint16_t flags; /* SUITE_* */
} suite_row_t;

/* Each table is sorted by code. To bring one up to date: a new csv in registry/, then `make iana`. */
static const suite_row_t cipher_suites[] = {
#include "iana/cipher_suites.inc"
};
static const name_row_t extensions[] = {
#include "iana/extensions.inc"
};
static const name_row_t groups[] = {
#include "iana/groups.inc"
};
static const name_row_t signature_schemes[] = {
#include "iana/signature_schemes.inc"
};
static const name_row_t alerts[] = {
#include "iana/alerts.inc"
};
static const name_row_t handshake_types[] = {
#include "iana/handshake_types.inc"
};
static const name_row_t compression_methods[] = {
#include "iana/compression_methods.inc"
};
static const name_row_t psk_modes[] = {
#include "iana/psk_modes.inc"
};
static const name_row_t versions[] = {
#include "iana/versions.inc"
};

static const char *find_name(const name_row_t *rows, size_t count, uint16_t code)
{
    size_t from = 0;
    while (from < count) {
        size_t middle = from + (count - from) / 2;
        if (rows[middle].code == code) {
            return rows[middle].name;
        }
        if (rows[middle].code < code) {
            from = middle + 1;
        } else {
            count = middle;
        }
    }
    return NULL;
}

#define FIND_NAME(table, code) find_name(table, sizeof(table) / sizeof((table)[0]), code)

static const suite_row_t *find_suite(uint16_t code)
{
    size_t from = 0, to = sizeof cipher_suites / sizeof cipher_suites[0];
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (cipher_suites[middle].code == code) {
            return &cipher_suites[middle];
        }
        if (cipher_suites[middle].code < code) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return NULL;
}

bool tlsdiag_iana_cipher_suite_find(uint16_t *code, const char *name)
{
    for (size_t i = 0; i < sizeof cipher_suites / sizeof cipher_suites[0]; i++) {
        if (strcmp(cipher_suites[i].name, name) == 0) {
            *code = cipher_suites[i].code;
            return true;
        }
    }
    return false;
}

static bool find_code(uint16_t *code, const name_row_t *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *code = rows[i].code;
            return true;
        }
    }
    return false;
}

bool tlsdiag_iana_group_find(uint16_t *code, const char *name)
{
    return find_code(code, groups, sizeof groups / sizeof groups[0], name);
}

bool tlsdiag_iana_signature_scheme_find(uint16_t *code, const char *name)
{
    return find_code(code, signature_schemes, sizeof signature_schemes / sizeof signature_schemes[0], name);
}

const char *tlsdiag_iana_cipher_suite_name(uint16_t code)
{
    const suite_row_t *row = find_suite(code);
    return row ? row->name : NULL;
}

const char *tlsdiag_iana_extension_name(uint16_t code)
{
    return FIND_NAME(extensions, code);
}

const char *tlsdiag_iana_group_name(uint16_t code)
{
    return FIND_NAME(groups, code);
}

const char *tlsdiag_iana_signature_scheme_name(uint16_t code)
{
    return FIND_NAME(signature_schemes, code);
}

const char *tlsdiag_iana_alert_name(uint8_t code)
{
    return FIND_NAME(alerts, code);
}

const char *tlsdiag_iana_handshake_type_name(uint8_t code)
{
    return FIND_NAME(handshake_types, code);
}

const char *tlsdiag_iana_compression_name(uint8_t code)
{
    return FIND_NAME(compression_methods, code);
}

const char *tlsdiag_iana_psk_mode_name(uint8_t code)
{
    return FIND_NAME(psk_modes, code);
}

const char *tlsdiag_iana_version_name(uint16_t code)
{
    return FIND_NAME(versions, code);
}

void tlsdiag_write_code(tlsdiag_writer_t *out, uint16_t code, const char *name)
{
    if (name) {
        tlsdiag_write(out, name);
        return;
    }
    char text[7];
    tlsdiag_writer_t whole = tlsdiag_writer(text, sizeof text);
    tlsdiag_write(&whole, "0x");
    tlsdiag_write_hex(&whole, code, 4);
    tlsdiag_write_bytes(out, text, whole.length);
}

void tlsdiag_write_alert(tlsdiag_writer_t *out, uint8_t description)
{
    const char *name = tlsdiag_iana_alert_name(description);
    char text[64];
    tlsdiag_writer_t whole = tlsdiag_writer(text, sizeof text);
    tlsdiag_write(&whole, name ? name : "unassigned");
    tlsdiag_write_char(&whole, '(');
    tlsdiag_write_u64(&whole, description);
    tlsdiag_write_char(&whole, ')');
    tlsdiag_write_bytes(out, text, whole.length);
}

tlsdiag_suite_traits_t tlsdiag_iana_suite_traits(uint16_t code)
{
    const suite_row_t *row = find_suite(code);
    if (!row) {
        return (tlsdiag_suite_traits_t){ .key_exchange = TLSDIAG_KX_UNKNOWN, .authentication = TLSDIAG_AUTH_OTHER };
    }
    return (tlsdiag_suite_traits_t){
        .known = !(row->flags & SUITE_SIGNALLING),
        .tls13 = row->flags & SUITE_TLS13,
        .tls12_only = row->flags & SUITE_TLS12_ONLY,
        .key_exchange = (tlsdiag_kx_t)row->key_exchange,
        .authentication = (tlsdiag_auth_t)row->authentication,
        .forward_secret = row->flags & SUITE_FORWARD_SECRET,
        .is_null = row->flags & SUITE_NULL,
        .is_export = row->flags & SUITE_EXPORT,
        .is_rc4 = row->flags & SUITE_RC4,
        .is_des = row->flags & SUITE_DES,
        .is_3des = row->flags & SUITE_TRIPLE_DES,
        .is_cbc = row->flags & SUITE_CBC,
        .is_aead = row->flags & SUITE_AEAD,
        .is_anonymous = row->flags & SUITE_ANONYMOUS,
        .is_ccm8 = row->flags & SUITE_CCM8,
        .is_national = row->flags & SUITE_NATIONAL,
        .key_bits = row->key_bits,
    };
}
