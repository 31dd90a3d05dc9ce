/* SPDX-License-Identifier: Apache-2.0 */
#include "iana/traits.h"

#include <stddef.h>

typedef struct signature_row {
    uint16_t code;
    tlsdiag_signature_traits_t traits;
} signature_row_t;

/* The schemes that are no pair of hash and key. The ECDSA ones of TLS 1.3 are such pairs and bind a curve as well. */
static const signature_row_t schemes[] = {
    { 0x0804, { TLSDIAG_SIGNER_RSA, .tls12 = true, .tls13 = true } },
    { 0x0805, { TLSDIAG_SIGNER_RSA, .tls12 = true, .tls13 = true } },
    { 0x0806, { TLSDIAG_SIGNER_RSA, .tls12 = true, .tls13 = true } },
    { 0x0807, { TLSDIAG_SIGNER_ED25519, .tls12 = true, .tls13 = true } },
    { 0x0808, { TLSDIAG_SIGNER_ED448, .tls12 = true, .tls13 = true } },
    { 0x0809, { TLSDIAG_SIGNER_RSA_PSS, .tls12 = true, .tls13 = true } },
    { 0x080a, { TLSDIAG_SIGNER_RSA_PSS, .tls12 = true, .tls13 = true } },
    { 0x080b, { TLSDIAG_SIGNER_RSA_PSS, .tls12 = true, .tls13 = true } },
    { 0x081a, { TLSDIAG_SIGNER_ECDSA, .tls13 = true, .tls13_group = 26 } },
    { 0x081b, { TLSDIAG_SIGNER_ECDSA, .tls13 = true, .tls13_group = 27 } },
    { 0x081c, { TLSDIAG_SIGNER_ECDSA, .tls13 = true, .tls13_group = 28 } },
    { 0x0904, { TLSDIAG_SIGNER_ML_DSA, .tls13 = true } },
    { 0x0905, { TLSDIAG_SIGNER_ML_DSA, .tls13 = true } },
    { 0x0906, { TLSDIAG_SIGNER_ML_DSA, .tls13 = true } },
};

enum { PAIR_MD5 = 1, PAIR_SHA1 = 2, PAIR_SHA256 = 4, PAIR_SHA512 = 6, PAIR_RSA = 1, PAIR_DSA = 2, PAIR_ECDSA = 3 };

/* RFC 8446 4.2.3: secp256r1 with SHA-256, secp384r1 with SHA-384, secp521r1 with SHA-512. */
static uint16_t curve_bound_to(unsigned hash)
{
    enum { SECP256R1 = 23 };
    return (uint16_t)(SECP256R1 + hash - PAIR_SHA256);
}

static tlsdiag_signature_traits_t pair_traits(unsigned hash, unsigned key)
{
    tlsdiag_signature_traits_t traits = { .tls12 = true, .is_legacy = hash <= PAIR_SHA1 };
    traits.signer = key == PAIR_RSA ? TLSDIAG_SIGNER_RSA : key == PAIR_DSA ? TLSDIAG_SIGNER_DSA : TLSDIAG_SIGNER_ECDSA;
    if (key == PAIR_ECDSA && hash >= PAIR_SHA256) {
        traits.tls13 = true;
        traits.tls13_group = curve_bound_to(hash);
    }
    return traits;
}

tlsdiag_signature_traits_t tlsdiag_iana_signature_traits(uint16_t code)
{
    unsigned hash = code >> 8, key = code & 0xff;
    if (hash >= PAIR_MD5 && hash <= PAIR_SHA512 && key >= PAIR_RSA && key <= PAIR_ECDSA) {
        return pair_traits(hash, key);
    }
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (schemes[i].code == code) {
            return schemes[i].traits;
        }
    }
    return (tlsdiag_signature_traits_t){ .signer = TLSDIAG_SIGNER_OTHER };
}

typedef struct group_row {
    uint16_t first, last;
    tlsdiag_group_traits_t traits;
} group_row_t;

static const group_row_t groups[] = {
    { 0x0001, 0x0016, { .tls12 = true } },                          /* sect163k1 ... secp256k1 */
    { 0x0017, 0x0019, { .tls12 = true, .tls13 = true } },           /* secp256r1, secp384r1, secp521r1 */
    { 0x001a, 0x001c, { .tls12 = true } },                          /* brainpool */
    { 0x001d, 0x001e, { .tls12 = true, .tls13 = true } },           /* x25519, x448 */
    { 0x001f, 0x0021, { .tls13 = true } },                          /* brainpool for TLS 1.3 */
    { 0x0022, 0x0028, { .tls12 = true, .tls13 = true } },           /* GOST: RFC 9189, RFC 9367 */
    { 0x0029, 0x0029, { .tls13 = true } },                          /* curveSM2 */
    { 0x0100, 0x0104, { .tls13 = true, .is_finite_field = true } }, /* ffdhe */
    { 0x0200, 0x0202, { .tls13 = true, .is_post_quantum = true } }, /* ML-KEM */
    { 0x11eb, 0x11ee, { .tls13 = true, .is_post_quantum = true } }, /* ML-KEM with a curve */
    { 0x6399, 0x6399, { .tls13 = true, .is_post_quantum = true } }, /* x25519kyber768draft00: Chrome 116 to 130 */
};

tlsdiag_group_traits_t tlsdiag_iana_group_traits(uint16_t code)
{
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (code >= groups[i].first && code <= groups[i].last) {
            return groups[i].traits;
        }
    }
    return (tlsdiag_group_traits_t){ .tls13 = false };
}
