/* SPDX-License-Identifier: Apache-2.0 */
/* iana/iana.h: names from the registries, and what a suite's name says, judged by OpenSSL where it knows the suite. */
#include "iana/iana.h"

#include <openssl/objects.h>
#include <openssl/ssl.h>

#include "tap.h"

static void names(void)
{
    is_str(tlsdiag_iana_cipher_suite_name(0x1301), "TLS_AES_128_GCM_SHA256", "suite of TLS 1.3");
    is_str(tlsdiag_iana_cipher_suite_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "suite of TLS 1.2");
    is_str(tlsdiag_iana_cipher_suite_name(0x0000), "TLS_NULL_WITH_NULL_NULL", "first suite");
    is_str(tlsdiag_iana_cipher_suite_name(0x00ff), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", "signalling suite");
    is_str(tlsdiag_iana_cipher_suite_name(0x0047), NULL, "a reserved number has no name");
    is_str(tlsdiag_iana_extension_name(0x000a), "supported_groups", "extension");
    is_str(tlsdiag_iana_extension_name(0xfe0d), "encrypted_client_hello", "private extension");
    is_str(tlsdiag_iana_extension_name(0xffff), NULL, "no extension");
    is_str(tlsdiag_iana_group_name(0x001d), "x25519", "group");
    is_str(tlsdiag_iana_group_name(0x11ec), "x25519mlkem768", "groups are lower case");
    is_str(tlsdiag_iana_group_name(0x0017), "secp256r1", "group of the NIST curve");
    is_str(tlsdiag_iana_group_name(0x0100), "ffdhe2048", "finite field group");
    is_str(tlsdiag_iana_signature_scheme_name(0x0403), "ecdsa_secp256r1_sha256", "signature scheme");
    is_str(tlsdiag_iana_signature_scheme_name(0x0301), "rsa_pkcs1_sha224", "TLS 1.2 pair");
    is_str(tlsdiag_iana_signature_scheme_name(0x0840), "gostr34102012_256",
           "remarks in brackets are no part of a name");
    is_str(tlsdiag_iana_alert_name(40), "handshake_failure", "alert");
    is_str(tlsdiag_iana_alert_name(0), "close_notify", "alert 0");
    is_str(tlsdiag_iana_alert_name(99), NULL, "no alert");
    is_str(tlsdiag_iana_handshake_type_name(1), "client_hello", "handshake type");
    is_str(tlsdiag_iana_compression_name(0), "null", "compression");
    is_str(tlsdiag_iana_psk_mode_name(1), "psk_dhe_ke", "PSK mode");
    is_str(tlsdiag_iana_version_name(0x0304), "TLSv1.3", "version");
    is_str(tlsdiag_iana_version_name(0x0301), "TLSv1", "TLS 1.0 as SSLProtocol spells it");
    is_str(tlsdiag_iana_version_name(0x0300), "SSLv3", "SSL 3.0");
}

static void text(void)
{
    char buffer[64];
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_code(&out, 0x001d, tlsdiag_iana_group_name(0x001d));
    is_str(tlsdiag_writer_text(&out), "x25519", "a code point with a name");
    out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_code(&out, 0x0a1b, tlsdiag_iana_group_name(0x0a1b));
    is_str(tlsdiag_writer_text(&out), "0x0a1b", "a code point without one");
    out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_alert(&out, 40);
    is_str(tlsdiag_writer_text(&out), "handshake_failure(40)", "an alert with a name");
    out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_alert(&out, 99);
    is_str(tlsdiag_writer_text(&out), "unassigned(99)", "an alert without one");
    out = tlsdiag_writer(buffer, 8);
    tlsdiag_write_alert(&out, 40);
    is_str(tlsdiag_writer_text(&out), "", "an alert that does not fit is left out whole");
}

static void grease(void)
{
    unsigned found = 0, named = 0;
    for (unsigned code = 0; code <= 0xffff; code++) {
        uint16_t c = (uint16_t)code;
        found += tlsdiag_iana_is_grease(c);
        named += tlsdiag_iana_is_grease(c) &&
                 (tlsdiag_iana_cipher_suite_name(c) || tlsdiag_iana_extension_name(c) || tlsdiag_iana_group_name(c) ||
                  tlsdiag_iana_signature_scheme_name(c) || tlsdiag_iana_version_name(c));
    }
    is_int(found, 16, "RFC 8701 reserves 16 values");
    is_int(named, 0, "... and none of them has a name");
    ok(tlsdiag_iana_is_grease(0x0a0a) && tlsdiag_iana_is_grease(0xfafa), "0a0a and fafa are GREASE");
    ok(!tlsdiag_iana_is_grease(0x0a1a) && !tlsdiag_iana_is_grease(0x0a0b), "0a1a and 0a0b are not");
}

static void traits_hang_together(void)
{
    unsigned suites = 0, wrong = 0;
    for (unsigned code = 0; code <= 0xffff; code++) {
        tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits((uint16_t)code);
        const char *name = tlsdiag_iana_cipher_suite_name((uint16_t)code);
        bool signalling = suite.key_exchange == TLSDIAG_KX_SIGNALLING;
        bool contradiction = suite.known != (name && !signalling) || (suite.is_cbc && suite.is_aead) ||
                             (suite.tls13 && suite.tls12_only) ||
                             (suite.tls13 && suite.key_exchange != TLSDIAG_KX_ANY) ||
                             (suite.is_null && suite.key_bits > 0) || (suite.is_ccm8 && !suite.is_aead) ||
                             (suite.known && !suite.is_null && suite.key_bits == 0) ||
                             (suite.is_anonymous != (suite.authentication == TLSDIAG_AUTH_ANON));
        suites += suite.known;
        wrong += contradiction;
        if (contradiction) {
            printf("# 0x%04x %s\n", code, name ? name : "without a name");
        }
    }
    is_int(wrong, 0, "no suite's traits contradict each other");
    ok(suites > 400, "%u suites are known", suites);
}

static tlsdiag_kx_t openssl_key_exchange(const SSL_CIPHER *cipher)
{
    switch (SSL_CIPHER_get_kx_nid(cipher)) {
    case NID_kx_any:
        return TLSDIAG_KX_ANY;
    case NID_kx_rsa:
        return TLSDIAG_KX_RSA;
    case NID_kx_dhe:
        return TLSDIAG_KX_DHE;
    case NID_kx_ecdhe:
        return TLSDIAG_KX_ECDHE;
    case NID_kx_srp:
        return TLSDIAG_KX_SRP;
    case NID_kx_gost:
        return TLSDIAG_KX_GOST;
    default:
        return TLSDIAG_KX_PSK;
    }
}

/* What OpenSSL says a server needs; a suite of SRP alone needs no certificate. */
static tlsdiag_auth_t openssl_authentication(const SSL_CIPHER *cipher)
{
    switch (SSL_CIPHER_get_auth_nid(cipher)) {
    case NID_auth_any:
        return TLSDIAG_AUTH_ANY;
    case NID_auth_rsa:
        return TLSDIAG_AUTH_RSA;
    case NID_auth_ecdsa:
        return TLSDIAG_AUTH_ECDSA;
    case NID_auth_dss:
        return TLSDIAG_AUTH_DSS;
    case NID_auth_null:
        return TLSDIAG_AUTH_ANON;
    case NID_auth_psk:
        return TLSDIAG_AUTH_PSK;
    default:
        return TLSDIAG_AUTH_OTHER;
    }
}

static void compare_with_openssl(const SSL_CIPHER *cipher)
{
    uint16_t code = SSL_CIPHER_get_protocol_id(cipher);
    tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(code);
    int bits;
    SSL_CIPHER_get_bits(cipher, &bits);
    const char *version = SSL_CIPHER_get_version(cipher);
    bool same = suite.key_exchange == openssl_key_exchange(cipher) &&
                suite.authentication == openssl_authentication(cipher) && suite.key_bits == bits &&
                suite.is_aead == (SSL_CIPHER_is_aead(cipher) == 1) && suite.tls13 == !strcmp(version, "TLSv1.3") &&
                suite.tls12_only == !strcmp(version, "TLSv1.2");
    ok(same, "%s: its name says what OpenSSL knows", SSL_CIPHER_standard_name(cipher));
    is_str(tlsdiag_iana_cipher_suite_name(code), SSL_CIPHER_standard_name(cipher), "... and is the same name");
}

static void openssl_agrees(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(ctx);
    ok(sk_SSL_CIPHER_num(ciphers) > 60, "OpenSSL lists its suites");
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++) {
        compare_with_openssl(sk_SSL_CIPHER_value(ciphers, i));
    }
    SSL_CTX_free(ctx);
}

static void single_traits(void)
{
    tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(0x0004); /* TLS_RSA_WITH_RC4_128_MD5 */
    ok(suite.is_rc4 && !suite.forward_secret && !suite.tls12_only && suite.key_bits == 128, "RC4");
    suite = tlsdiag_iana_suite_traits(0x0003); /* TLS_RSA_EXPORT_WITH_RC4_40_MD5 */
    ok(suite.is_export && suite.key_bits == 40, "EXPORT");
    suite = tlsdiag_iana_suite_traits(0x000a); /* TLS_RSA_WITH_3DES_EDE_CBC_SHA */
    ok(suite.is_3des && !suite.is_des && suite.is_cbc, "3DES is not DES");
    suite = tlsdiag_iana_suite_traits(0x0009); /* TLS_RSA_WITH_DES_CBC_SHA */
    ok(suite.is_des && !suite.is_3des, "DES is not 3DES");
    suite = tlsdiag_iana_suite_traits(0xc02f); /* TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
    ok(suite.forward_secret && suite.is_aead && suite.tls12_only && !suite.is_national, "ECDHE with GCM");
    suite = tlsdiag_iana_suite_traits(0xc00e); /* TLS_ECDH_RSA_WITH_AES_128_CBC_SHA */
    ok(suite.key_exchange == TLSDIAG_KX_DH && !suite.forward_secret, "static ECDH has no forward secrecy");
    suite = tlsdiag_iana_suite_traits(0x00c6); /* TLS_SM4_GCM_SM3 */
    ok(suite.tls13 && suite.is_national, "SM4 is national");
    suite = tlsdiag_iana_suite_traits(0xc103); /* TLS_GOSTR341112_256_WITH_KUZNYECHIK_MGM_L */
    ok(suite.tls13 && suite.is_national && suite.is_aead, "RFC 9367: GOST in TLS 1.3");
    suite = tlsdiag_iana_suite_traits(0xc0b4); /* TLS_SHA256_SHA256 */
    ok(suite.tls13 && suite.is_null, "RFC 9150: integrity only");
    suite = tlsdiag_iana_suite_traits(0xc0a3); /* TLS_DHE_RSA_WITH_AES_256_CCM_8 */
    ok(suite.is_ccm8 && suite.is_aead && suite.key_bits == 256, "CCM_8");
    suite = tlsdiag_iana_suite_traits(0x5600);
    ok(!suite.known && suite.key_exchange == TLSDIAG_KX_SIGNALLING, "a signalling value is no suite");
    suite = tlsdiag_iana_suite_traits(0x0a0a);
    ok(!suite.known && suite.key_exchange == TLSDIAG_KX_UNKNOWN, "GREASE is no suite");
}

int main(void)
{
    names();
    text();
    grease();
    single_traits();
    traits_hang_together();
    openssl_agrees();
    return done_testing();
}
