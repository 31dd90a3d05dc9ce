/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/key.h"

#include "iana/iana.h"

/* Signature algorithms by the name that RFC 8446 and RFC 8032 call their keys. What has one strength only is not sized. */
static const struct {
    const char *name;
    const char *words; /* where people read something else */
    bool sized;
} key_types[] = {
    [TLSDIAG_KEY_NONE] = { "none", "no key", false },
    [TLSDIAG_KEY_RSA] = { "RSA", NULL, true },
    [TLSDIAG_KEY_RSA_PSS] = { "RSA-PSS", NULL, true },
    [TLSDIAG_KEY_ECDSA] = { "ECDSA", NULL, true },
    [TLSDIAG_KEY_ED25519] = { "Ed25519", NULL, false },
    [TLSDIAG_KEY_ED448] = { "Ed448", NULL, false },
    [TLSDIAG_KEY_DSA] = { "DSA", NULL, true },
    [TLSDIAG_KEY_ML_DSA] = { "ML-DSA", NULL, false },
    [TLSDIAG_KEY_OTHER] = { "other", "another kind of key", false },
};

const char *tlsdiag_key_type_name(tlsdiag_key_type_t type)
{
    return key_types[type].name;
}

void tlsdiag_key_write(tlsdiag_writer_t *out, const tlsdiag_certificate_t *certificate)
{
    tlsdiag_key_type_t type = certificate->key_type;
    tlsdiag_write(out, key_types[type].words ? key_types[type].words : key_types[type].name);
    if (certificate->key_group) {
        tlsdiag_write_char(out, ' ');
        tlsdiag_write_code(out, certificate->key_group, tlsdiag_iana_group_name(certificate->key_group));
    } else if (key_types[type].sized && certificate->key_bits) {
        tlsdiag_write_char(out, ' ');
        tlsdiag_write_u64(out, certificate->key_bits);
        tlsdiag_write(out, " bits");
    }
}
