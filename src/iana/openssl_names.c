/* SPDX-License-Identifier: Apache-2.0 */
#include "iana/openssl_names.h"

#include "iana/iana.h"

static const struct {
    uint16_t code;
    const char *name;
} suites[] = {
#include "iana/registry/openssl_suites.inc"
};

const tlsdiag_openssl_group_t tlsdiag_openssl_groups[] = {
    { 1, "sect163k1", false },
    { 2, "sect163r1", false },
    { 3, "sect163r2", false },
    { 4, "sect193r1", false },
    { 5, "sect193r2", false },
    { 6, "sect233k1", false },
    { 7, "sect233r1", false },
    { 8, "sect239k1", false },
    { 9, "sect283k1", false },
    { 10, "sect283r1", false },
    { 11, "sect409k1", false },
    { 12, "sect409r1", false },
    { 13, "sect571k1", false },
    { 14, "sect571r1", false },
    { 15, "secp160k1", false },
    { 16, "secp160r1", false },
    { 17, "secp160r2", false },
    { 18, "secp192k1", false },
    { 19, "P-192", false },
    { 20, "secp224k1", false },
    { 21, "P-224", false },
    { 22, "secp256k1", true },
    { 23, "P-256", true },
    { 24, "P-384", true },
    { 25, "P-521", true },
    { 26, "brainpoolP256r1", true },
    { 27, "brainpoolP384r1", true },
    { 28, "brainpoolP512r1", true },
    { 29, "X25519", true },
    { 30, "X448", true },
    { 31, "brainpoolP256r1tls13", false },
    { 32, "brainpoolP384r1tls13", false },
    { 33, "brainpoolP512r1tls13", false },
    { 41, "curveSM2", false },
    { 0x0100, "ffdhe2048", true },
    { 0x0101, "ffdhe3072", true },
    { 0x0102, "ffdhe4096", true },
    { 0x0103, "ffdhe6144", true },
    { 0x0104, "ffdhe8192", true },
    { 0x0200, "MLKEM512", true },
    { 0x0201, "MLKEM768", true },
    { 0x0202, "MLKEM1024", true },
    { 0x11eb, "SecP256r1MLKEM768", true },
    { 0x11ec, "X25519MLKEM768", true },
    { 0x11ed, "SecP384r1MLKEM1024", true },
};
const size_t tlsdiag_openssl_groups_count = sizeof tlsdiag_openssl_groups / sizeof tlsdiag_openssl_groups[0];

const char *tlsdiag_openssl_suite_name(uint16_t suite)
{
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        if (suites[i].code == suite) {
            return suites[i].name;
        }
    }
    return NULL;
}

const char *tlsdiag_openssl_group_name(uint16_t group)
{
    for (size_t i = 0; i < tlsdiag_openssl_groups_count; i++) {
        if (tlsdiag_openssl_groups[i].code == group) {
            return tlsdiag_openssl_groups[i].advised ? tlsdiag_openssl_groups[i].name : NULL;
        }
    }
    return NULL;
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
