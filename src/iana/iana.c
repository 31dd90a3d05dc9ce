/* SPDX-License-Identifier: Apache-2.0 */
#include "iana/iana.h"

#include <stddef.h>
#include <string.h>

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

/*
 * Each registry is two tables of the same order, sorted by code: a search then walks through the codes alone, which stand close
 * together. To bring one up to date: a new csv in registry/, then `make iana`.
 */
#define NAME(code, name) code,
#define SUITE(code, name, key_exchange, authentication, key_bits, flags) code,

static const uint16_t cipher_suite_codes[] = {
#include "iana/cipher_suites.inc"
};
static const uint16_t extension_codes[] = {
#include "iana/extensions.inc"
};
static const uint16_t group_codes[] = {
#include "iana/groups.inc"
};
static const uint16_t signature_scheme_codes[] = {
#include "iana/signature_schemes.inc"
};
static const uint16_t alert_codes[] = {
#include "iana/alerts.inc"
};
static const uint16_t handshake_type_codes[] = {
#include "iana/handshake_types.inc"
};
static const uint16_t compression_codes[] = {
#include "iana/compression_methods.inc"
};
static const uint16_t psk_mode_codes[] = {
#include "iana/psk_modes.inc"
};
static const uint16_t version_codes[] = {
#include "iana/versions.inc"
};

#undef NAME
#undef SUITE
#define NAME(code, name) name,
#define SUITE(code, name, key_exchange, authentication, key_bits, flags) name,

static const char *const cipher_suite_names[] = {
#include "iana/cipher_suites.inc"
};
static const char *const extension_names[] = {
#include "iana/extensions.inc"
};
static const char *const group_names[] = {
#include "iana/groups.inc"
};
static const char *const signature_scheme_names[] = {
#include "iana/signature_schemes.inc"
};
static const char *const alert_names[] = {
#include "iana/alerts.inc"
};
static const char *const handshake_type_names[] = {
#include "iana/handshake_types.inc"
};
static const char *const compression_names[] = {
#include "iana/compression_methods.inc"
};
static const char *const psk_mode_names[] = {
#include "iana/psk_modes.inc"
};
static const char *const version_names[] = {
#include "iana/versions.inc"
};

#undef SUITE
#define SUITE(code, name, key_exchange_, authentication_, key_bits_, flags) \
    { .known = !((flags)&SUITE_SIGNALLING),                                 \
      .tls13 = (flags)&SUITE_TLS13,                                         \
      .tls12_only = (flags)&SUITE_TLS12_ONLY,                               \
      .key_exchange = key_exchange_,                                        \
      .authentication = authentication_,                                    \
      .forward_secret = (flags)&SUITE_FORWARD_SECRET,                       \
      .is_null = (flags)&SUITE_NULL,                                        \
      .is_export = (flags)&SUITE_EXPORT,                                    \
      .is_rc4 = (flags)&SUITE_RC4,                                          \
      .is_des = (flags)&SUITE_DES,                                          \
      .is_3des = (flags)&SUITE_TRIPLE_DES,                                  \
      .is_cbc = (flags)&SUITE_CBC,                                          \
      .is_aead = (flags)&SUITE_AEAD,                                        \
      .is_anonymous = (flags)&SUITE_ANONYMOUS,                              \
      .is_ccm8 = (flags)&SUITE_CCM8,                                        \
      .is_national = (flags)&SUITE_NATIONAL,                                \
      .key_bits = key_bits_ },

static const tlsdiag_suite_traits_t cipher_suite_traits[] = {
#include "iana/cipher_suites.inc"
};

/* What a hello offers is looked up code by code, suites again for each rule: their places stand in tables by what is left of the
 * code. No two leave the same, or the compiler says that a row is overridden: then another number does. */
enum { SUITE_REMAINDERS = 1382, GROUP_REMAINDERS = 434, SCHEME_REMAINDERS = 444, EXTENSION_REMAINDERS = 295 };

#undef SUITE
#define SUITE(code, name, key_exchange, authentication, key_bits, flags) SUITE_##code,
enum {
#include "iana/cipher_suites.inc"
};
#undef SUITE
#define SUITE(code, name, key_exchange, authentication, key_bits, flags) [(code) % SUITE_REMAINDERS] = SUITE_##code,
static const uint16_t cipher_suite_places[SUITE_REMAINDERS] = {
#include "iana/cipher_suites.inc"
};

#undef NAME
#define NAME(code, name) GROUP_##code,
enum {
#include "iana/groups.inc"
};
#undef NAME
#define NAME(code, name) [(code) % GROUP_REMAINDERS] = GROUP_##code,
static const uint8_t group_places[GROUP_REMAINDERS] = {
#include "iana/groups.inc"
};

#undef NAME
#define NAME(code, name) SCHEME_##code,
enum {
#include "iana/signature_schemes.inc"
};
#undef NAME
#define NAME(code, name) [(code) % SCHEME_REMAINDERS] = SCHEME_##code,
static const uint8_t signature_scheme_places[SCHEME_REMAINDERS] = {
#include "iana/signature_schemes.inc"
};

#undef NAME
#define NAME(code, name) EXTENSION_##code,
enum {
#include "iana/extensions.inc"
};
#undef NAME
#define NAME(code, name) [(code) % EXTENSION_REMAINDERS] = EXTENSION_##code,
static const uint8_t extension_places[EXTENSION_REMAINDERS] = {
#include "iana/extensions.inc"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The place of the last code that is not above code: the half that may hold it, again and again, without a branch. */
static inline size_t find_place(const uint16_t *codes, size_t count, uint16_t code)
{
    size_t at = 0;
    for (size_t left = count, half; left > 1; left -= half) {
        half = left / 2;
        at += codes[at + half] <= code ? half : 0;
    }
    return at;
}

static const char *find_name(const uint16_t *codes, const char *const *names, size_t count, uint16_t code)
{
    size_t at = find_place(codes, count, code);
    return codes[at] == code ? names[at] : NULL;
}

#define FIND_NAME(registry, code) find_name(registry##_codes, registry##_names, COUNT(registry##_codes), code)

/* Where the code stands in its registry; of some other code, when it is not there. */
#define PLACE(registry, code) registry##_places[(code) % COUNT(registry##_places)]
#define LOOK_UP_NAME(registry, code) \
    (registry##_codes[PLACE(registry, code)] == (code) ? registry##_names[PLACE(registry, code)] : NULL)

static bool find_code(uint16_t *code, const uint16_t *codes, const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *code = codes[i];
            return true;
        }
    }
    return false;
}

#define FIND_CODE(code, registry, name) \
    find_code(code, registry##_codes, registry##_names, COUNT(registry##_codes), name)

bool tlsdiag_iana_cipher_suite_find(uint16_t *code, const char *name)
{
    return FIND_CODE(code, cipher_suite, name);
}

bool tlsdiag_iana_group_find(uint16_t *code, const char *name)
{
    return FIND_CODE(code, group, name);
}

bool tlsdiag_iana_signature_scheme_find(uint16_t *code, const char *name)
{
    return FIND_CODE(code, signature_scheme, name);
}

const char *tlsdiag_iana_cipher_suite_name(uint16_t code)
{
    return LOOK_UP_NAME(cipher_suite, code);
}

const char *tlsdiag_iana_extension_name(uint16_t code)
{
    return LOOK_UP_NAME(extension, code);
}

const char *tlsdiag_iana_group_name(uint16_t code)
{
    return LOOK_UP_NAME(group, code);
}

const char *tlsdiag_iana_signature_scheme_name(uint16_t code)
{
    return LOOK_UP_NAME(signature_scheme, code);
}

const char *tlsdiag_iana_alert_name(uint8_t code)
{
    return FIND_NAME(alert, code);
}

const char *tlsdiag_iana_handshake_type_name(uint8_t code)
{
    return FIND_NAME(handshake_type, code);
}

const char *tlsdiag_iana_compression_name(uint8_t code)
{
    return FIND_NAME(compression, code);
}

const char *tlsdiag_iana_psk_mode_name(uint8_t code)
{
    return FIND_NAME(psk_mode, code);
}

const char *tlsdiag_iana_version_name(uint16_t code)
{
    return FIND_NAME(version, code);
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
    static const tlsdiag_suite_traits_t none = { .key_exchange = TLSDIAG_KX_UNKNOWN,
                                                 .authentication = TLSDIAG_AUTH_OTHER };
    size_t at = PLACE(cipher_suite, code);
    return cipher_suite_codes[at] == code ? cipher_suite_traits[at] : none;
}
