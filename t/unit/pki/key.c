/* SPDX-License-Identifier: Apache-2.0 */
/* How a key is called, for machines and for people. */
#include "pki/key.h"
#include "tap.h"

static const struct {
    tlsdiag_key_type_t type;
    uint16_t bits, group;
    const char *name, *words;
} rows[] = {
    { TLSDIAG_KEY_NONE, 0, 0, "none", "no key" },
    { TLSDIAG_KEY_RSA, 2048, 0, "RSA", "RSA 2048 bits" },
    { TLSDIAG_KEY_RSA, 0, 0, "RSA", "RSA" },
    { TLSDIAG_KEY_RSA_PSS, 3072, 0, "RSA-PSS", "RSA-PSS 3072 bits" },
    { TLSDIAG_KEY_ECDSA, 256, 23, "ECDSA", "ECDSA secp256r1" },
    { TLSDIAG_KEY_ECDSA, 239, 0, "ECDSA", "ECDSA 239 bits" },
    { TLSDIAG_KEY_ECDSA, 256, 0x7f01, "ECDSA", "ECDSA 0x7f01" },
    { TLSDIAG_KEY_ED25519, 253, 0, "Ed25519", "Ed25519" },
    { TLSDIAG_KEY_ED448, 456, 0, "Ed448", "Ed448" },
    { TLSDIAG_KEY_DSA, 1024, 0, "DSA", "DSA 1024 bits" },
    { TLSDIAG_KEY_ML_DSA, 0, 0, "ML-DSA", "ML-DSA" },
    { TLSDIAG_KEY_OTHER, 512, 0, "other", "another kind of key" },
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tlsdiag_certificate_t certificate = { .key_type = rows[i].type,
                                              .key_bits = rows[i].bits,
                                              .key_group = rows[i].group };
        char text[80];
        tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
        tlsdiag_key_write(&out, &certificate);
        is_str(tlsdiag_writer_text(&out), rows[i].words, "for people");
        is_str(tlsdiag_key_type_name(rows[i].type), rows[i].name, "for machines");
    }
    return done_testing();
}
