/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/openssl_names.h"

#include <stddef.h>

#include "iana/iana.h"

typedef struct tlsdiag_code_name {
    uint16_t code;
    const char *name;
} tlsdiag_code_name_t;

static const tlsdiag_code_name_t suites[] = {
#include "diagnose/openssl_suites.inc"
};

/* The names that 1.1.1 and 3.x both take: 1.1.1 does not know secp256r1. */
static const tlsdiag_code_name_t groups[] = {
    { 22, "secp256k1" },
    { 23, "P-256" },
    { 24, "P-384" },
    { 25, "P-521" },
    { 26, "brainpoolP256r1" },
    { 27, "brainpoolP384r1" },
    { 28, "brainpoolP512r1" },
    { 29, "X25519" },
    { 30, "X448" },
    { 256, "ffdhe2048" },
    { 257, "ffdhe3072" },
    { 258, "ffdhe4096" },
    { 259, "ffdhe6144" },
    { 260, "ffdhe8192" },
    { 0x0200, "MLKEM512" },
    { 0x0201, "MLKEM768" },
    { 0x0202, "MLKEM1024" },
    { 0x11eb, "SecP256r1MLKEM768" },
    { 0x11ec, "X25519MLKEM768" },
    { 0x11ed, "SecP384r1MLKEM1024" },
};

static const char *find(const tlsdiag_code_name_t *rows, size_t count, uint16_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].code == code) {
            return rows[i].name;
        }
    }
    return NULL;
}

const char *tlsdiag_openssl_suite_name(uint16_t suite)
{
    return find(suites, sizeof suites / sizeof suites[0], suite);
}

const char *tlsdiag_openssl_group_name(uint16_t group)
{
    return find(groups, sizeof groups / sizeof groups[0], group);
}

/* The pairs of TLS 1.2 are written as key+hash, since OpenSSL has no single name for all of them. */
void tlsdiag_write_openssl_signature(tlsdiag_writer_t *out, uint16_t scheme)
{
    static const char *const hashes[] = { NULL, NULL, "SHA1", "SHA224", "SHA256", "SHA384", "SHA512" };
    static const char *const keys[] = { NULL, "RSA", "DSA", "ECDSA" };
    unsigned hash = scheme >> 8, key = scheme & 0xff;
    if (hash < sizeof hashes / sizeof hashes[0] && hashes[hash] && key && key < sizeof keys / sizeof keys[0]) {
        tlsdiag_write(out, keys[key]);
        tlsdiag_write_char(out, '+');
        tlsdiag_write(out, hashes[hash]);
        return;
    }
    const char *name = tlsdiag_iana_signature_scheme_name(scheme);
    if (name) {
        tlsdiag_write(out, name);
    }
}
