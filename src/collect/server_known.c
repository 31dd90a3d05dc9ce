/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this OpenSSL could do at all, whatever this host's policy makes of it: each cipher suite, group and signature
 * algorithm that it takes by name. The names are OpenSSL's, which change between versions less than the APIs to list them.
 */
#include "collect/server_parts.h"

#include "iana/openssl_names.h"

/* Those that some version of OpenSSL has a name for: tlsdiag_write_openssl_signature(). */
static const uint16_t signature_algorithms[] = {
    0x0201, 0x0202, 0x0203, 0x0301, 0x0302, 0x0303, 0x0401, 0x0402, 0x0403, 0x0501,
    0x0502, 0x0503, 0x0601, 0x0602, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0808,
    0x0809, 0x080a, 0x080b, 0x081a, 0x081b, 0x081c, 0x0904, 0x0905, 0x0906,
};

/* The last two authenticate without encryption (RFC 9150) and are part of OpenSSL from 3.4 on. */
static const char every_tls13_suite[] =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:"
    "TLS_AES_128_CCM_8_SHA256:TLS_SHA256_SHA256:TLS_SHA384_SHA384";

enum { SIGNATURE_ALGORITHMS = sizeof signature_algorithms / sizeof signature_algorithms[0], SIGNATURE_TEXT = 64 };

/* The system's policy may have limited every new SSL_CTX: take that back. */
static SSL_CTX *unlimited(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    if (!ctx) {
        return NULL;
    }
    SSL_CTX_set_min_proto_version(ctx, 0);
    SSL_CTX_set_max_proto_version(ctx, 0);
    SSL_CTX_clear_options(ctx, SSL_OP_NO_SSL_MASK);
    SSL_CTX_set_security_level(ctx, 0);
    return ctx;
}

void tlsdiag_known_collect(tlsdiag_codes_t *suites, tlsdiag_codes_t *known_groups, tlsdiag_codes_t *signatures)
{
    SSL_CTX *ctx = unlimited();
    if (!ctx) {
        return;
    }
    SSL_CTX_set_ciphersuites(ctx, every_tls13_suite);
    SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    tlsdiag_suites_add(suites, SSL_CTX_get_ciphers(ctx));
    for (unsigned i = 0; i < tlsdiag_openssl_groups_count; i++) {
        if (SSL_CTX_set1_groups_list(ctx, tlsdiag_openssl_groups[i].name) == 1) {
            tlsdiag_codes_add(known_groups, tlsdiag_openssl_groups[i].code);
        }
    }
    for (unsigned i = 0; i < SIGNATURE_ALGORITHMS; i++) {
        char name[SIGNATURE_TEXT];
        tlsdiag_writer_t out = tlsdiag_writer(name, sizeof name);
        tlsdiag_write_openssl_signature(&out, signature_algorithms[i]);
        if (SSL_CTX_set1_sigalgs_list(ctx, tlsdiag_writer_text(&out)) == 1) {
            tlsdiag_codes_add(signatures, signature_algorithms[i]);
        }
    }
    SSL_CTX_free(ctx);
}
