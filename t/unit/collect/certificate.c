/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a certificate says, field by field: each is made here with the very property that the field is about.
 */
#include "pki.h"
#include "tap.h"

#include <time.h>

static tlsdiag_collector_t *collector;

/* The leaf of a vhost that has only this certificate. */
static const tlsdiag_certificate_t *read_leaf(const pki_certificate_t *wanted)
{
    tlsdiag_posture_t *posture = pki_allocate(NULL, sizeof *posture);
    SSL_CTX *server = pki_server();
    X509 *made = pki_make(wanted);
    SSL_CTX_set_security_level(server, 0);
    if (SSL_CTX_use_certificate(server, made) != 1 || SSL_CTX_use_PrivateKey(server, wanted->key) != 1) {
        ERR_print_errors_fp(stderr);
        abort();
    }
    tlsdiag_posture_collect(posture, server, collector);
    X509_free(made);
    SSL_CTX_free(server);
    return &posture->chains[0].certificates[0];
}

static void reads_names(EVP_PKEY *key)
{
    const pki_certificate_t wanted = {
        .name = "www.example.test",
        .key = key,
        .extensions = { { "subjectAltName",
                          "DNS:www.example.test,DNS:*.example.test,IP:192.0.2.1,IP:2001:db8:0:0:1::9,IP:::1,email:a@b.c" } }
    };
    const tlsdiag_certificate_t *leaf = read_leaf(&wanted);
    is_str(leaf->subject, "CN=www.example.test", "subject as RFC 2253 has it");
    is_str(leaf->issuer, "CN=www.example.test", "issuer likewise");
    is_str(leaf->common_name, "www.example.test", "common name");
    ok(leaf->has_subject_alt_name, "has a subjectAltName");
    is_int(leaf->dns_names.count, 2, "two dNSNames");
    is_str(leaf->dns_names.items[1], "*.example.test", "a wildcard as it stands");
    is_int(leaf->ip_addresses.count, 3, "three iPAddresses");
    is_str(leaf->ip_addresses.items[0], "192.0.2.1", "IPv4 as text");
    is_str(leaf->ip_addresses.items[1], "2001:db8::1:0:0:9", "IPv6 as RFC 5952 writes it");
    is_str(leaf->ip_addresses.items[2], "::1", "... and the loopback address");
    ok(leaf->self_issued && leaf->self_signed, "self-issued and self-signed");
}

static void reads_hostile_names(EVP_PKEY *key)
{
    X509 *made = X509_new();
    X509_NAME *name = X509_NAME_new();
    SSL_CTX *server = pki_server();
    tlsdiag_posture_t posture = { .name = "hostile" };
    X509_set_version(made, 2);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), PKI_DAY);
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)"first", -1, -1, 0);
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, (const unsigned char *)"a\nb\xc3\xa9", -1, -1, 0);
    X509_set_subject_name(made, name);
    X509_set_issuer_name(made, name);
    X509_set_pubkey(made, key);
    X509_sign(made, key, EVP_sha256());
    SSL_CTX_use_certificate(server, made);
    SSL_CTX_use_PrivateKey(server, key);
    tlsdiag_posture_collect(&posture, server, collector);
    const tlsdiag_certificate_t *leaf = &posture.chains[0].certificates[0];
    is_str(leaf->common_name, "a\\x0ab\\xc3\\xa9", "the last common name, bytes escaped");
    ok(!strpbrk(leaf->subject, "\n\xc3"), "no raw byte in the subject");
    ok(!leaf->has_subject_alt_name && leaf->dns_names.count == 0, "no subjectAltName");
    X509_NAME_free(name);
    X509_free(made);
    SSL_CTX_free(server);
}

static void reads_dates(EVP_PKEY *key)
{
    const pki_certificate_t wanted = { .name = "dates", .key = key, .from = -30L * PKI_DAY, .to = -2L * PKI_DAY };
    const tlsdiag_certificate_t *leaf = read_leaf(&wanted);
    int64_t now = (int64_t)time(NULL);
    ok(leaf->not_before >= now - 30L * PKI_DAY - 5 && leaf->not_before <= now - 30L * PKI_DAY, "notBefore");
    ok(leaf->not_after >= now - 2L * PKI_DAY - 5 && leaf->not_after <= now - 2L * PKI_DAY, "notAfter, in the past");
}

static void reads_usage(EVP_PKEY *key)
{
    const pki_certificate_t client_only = { .name = "client",
                                            .key = key,
                                            .extensions = { { "keyUsage", "digitalSignature,keyAgreement" },
                                                            { "extendedKeyUsage", "clientAuth" } } };
    const tlsdiag_certificate_t *leaf = read_leaf(&client_only);
    ok(leaf->has_key_usage && leaf->usage_digital_signature && leaf->usage_key_agreement, "key usage as set");
    ok(!leaf->usage_key_encipherment && !leaf->usage_cert_sign, "... and no more");
    ok(leaf->has_extended_key_usage && leaf->usage_client_auth && !leaf->usage_server_auth, "clientAuth only");
    ok(!leaf->has_basic_constraints && !leaf->is_ca, "no basic constraints");

    const pki_certificate_t authority = { .name = "ca",
                                          .key = key,
                                          .extensions = { { "basicConstraints", "critical,CA:TRUE" },
                                                          { "keyUsage", "keyCertSign,keyEncipherment" },
                                                          { "extendedKeyUsage", "anyExtendedKeyUsage" } } };
    leaf = read_leaf(&authority);
    ok(leaf->has_basic_constraints && leaf->is_ca, "CA:TRUE");
    ok(leaf->usage_cert_sign && leaf->usage_key_encipherment && !leaf->usage_digital_signature, "a CA's key usage");
    ok(leaf->usage_any && !leaf->usage_server_auth, "any extended key usage");

    const pki_certificate_t plain = { .name = "plain", .key = key };
    leaf = read_leaf(&plain);
    ok(!leaf->has_key_usage && !leaf->has_extended_key_usage && !leaf->usage_digital_signature, "no usage at all");
}

static void reads_extensions(EVP_PKEY *key)
{
    const pki_certificate_t
        rich = { .name = "rich",
                 .key = key,
                 .extensions = {
                     { "tlsfeature", "status_request" },
                     { "1.2.3.4.5", "critical,DER:0500" },
                     { "authorityInfoAccess",
                       "caIssuers;URI:http://ca.test/ca.cer,OCSP;URI:http://ocsp.test/,OCSP;URI:http://other.test/" },
                     { "1.3.6.1.4.1.11129.2.4.2", "DER:04020000" },
                     { "nameConstraints", "permitted;DNS:example.test" } } };
    const tlsdiag_certificate_t *leaf = read_leaf(&rich);
    ok(leaf->must_staple, "must-staple");
    is_str(leaf->unknown_critical, "1.2.3.4.5", "a critical extension that nobody knows");
    is_str(leaf->issuer_url, "http://ca.test/ca.cer", "where its issuer can be fetched");
    is_str(leaf->ocsp_url, "http://ocsp.test/", "the first OCSP responder");
    ok(leaf->has_sct, "signed certificate timestamps");
    ok(leaf->has_name_constraints, "name constraints");

    const pki_certificate_t other_feature = { .name = "other",
                                              .key = key,
                                              .extensions = { { "tlsfeature", "status_request_v2" },
                                                              { "basicConstraints", "critical,CA:FALSE" } } };
    leaf = read_leaf(&other_feature);
    ok(!leaf->must_staple, "another TLS feature is no must-staple");
    is_str(leaf->unknown_critical, NULL, "a critical extension that all know");
    is_str(leaf->issuer_url, NULL, "no issuer's address");
    is_str(leaf->ocsp_url, NULL, "no responder");
    ok(!leaf->has_sct && !leaf->has_name_constraints, "neither timestamps nor constraints");
    ok(leaf->has_basic_constraints && !leaf->is_ca, "CA:FALSE");
}

static const struct {
    const char *name, *kind;
    int bits;
    const char *hash;
    tlsdiag_key_type_t key_type;
    int key_bits, key_group;
    tlsdiag_hash_t signature_hash;
    const char *signature_algorithm;
} kinds[] = {
    { "RSA 2048 with SHA-256", "RSA", 2048, "SHA256", TLSDIAG_KEY_RSA, 2048, 0, TLSDIAG_HASH_SHA2,
      "sha256WithRSAEncryption" },
    { "RSA 1024 with SHA-1", "RSA", 1024, "SHA1", TLSDIAG_KEY_RSA, 1024, 0, TLSDIAG_HASH_SHA1,
      "sha1WithRSAEncryption" },
    { "RSA with MD5", "RSA", 1024, "MD5", TLSDIAG_KEY_RSA, 1024, 0, TLSDIAG_HASH_MD5, "md5WithRSAEncryption" },
    { "RSA with SHA-512", "RSA", 1024, "SHA512", TLSDIAG_KEY_RSA, 1024, 0, TLSDIAG_HASH_SHA2,
      "sha512WithRSAEncryption" },
    { "RSA with SHA-3", "RSA", 1024, "SHA3-256", TLSDIAG_KEY_RSA, 1024, 0, TLSDIAG_HASH_OTHER, "RSA-SHA3-256" },
    { "RSA-PSS with SHA-256", "RSA-PSS", 2048, "SHA256", TLSDIAG_KEY_RSA_PSS, 2048, 0, TLSDIAG_HASH_SHA2, "rsassaPss" },
    { "P-256", "prime256v1", 0, "SHA256", TLSDIAG_KEY_ECDSA, 256, 23, TLSDIAG_HASH_SHA2, "ecdsa-with-SHA256" },
    { "P-384 with SHA-384", "secp384r1", 0, "SHA384", TLSDIAG_KEY_ECDSA, 384, 24, TLSDIAG_HASH_SHA2,
      "ecdsa-with-SHA384" },
    { "P-521", "secp521r1", 0, "SHA256", TLSDIAG_KEY_ECDSA, 521, 25, TLSDIAG_HASH_SHA2, "ecdsa-with-SHA256" },
    { "P-256 with SHA-1", "prime256v1", 0, "SHA1", TLSDIAG_KEY_ECDSA, 256, 23, TLSDIAG_HASH_SHA1, "ecdsa-with-SHA1" },
    { "secp256k1", "secp256k1", 0, "SHA256", TLSDIAG_KEY_ECDSA, 256, 22, TLSDIAG_HASH_SHA2, "ecdsa-with-SHA256" },
    { "brainpoolP384r1", "brainpoolP384r1", 0, "SHA256", TLSDIAG_KEY_ECDSA, 384, 27, TLSDIAG_HASH_SHA2,
      "ecdsa-with-SHA256" },
    { "Ed25519", "ED25519", 0, NULL, TLSDIAG_KEY_ED25519, 255, 0, TLSDIAG_HASH_OTHER, "ED25519" },
    { "Ed448", "ED448", 0, NULL, TLSDIAG_KEY_ED448, 448, 0, TLSDIAG_HASH_OTHER, "ED448" },
};

static void reads_keys(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        EVP_PKEY *key = pki_key(kinds[i].kind, kinds[i].bits);
        pki_certificate_t wanted = { .name = "key", .key = key };
        wanted.hash = kinds[i].hash ? EVP_get_digestbyname(kinds[i].hash) : NULL;
        const tlsdiag_certificate_t *leaf = read_leaf(&wanted);
        ok(leaf->key_type == kinds[i].key_type, "%s: kind of key", kinds[i].name);
        ok(leaf->key_bits == kinds[i].key_bits, "%s: %d bits", kinds[i].name, leaf->key_bits);
        ok(leaf->key_group == kinds[i].key_group, "%s: group %d", kinds[i].name, leaf->key_group);
        ok(leaf->signature_hash == kinds[i].signature_hash, "%s: signature's hash", kinds[i].name);
        is_str(leaf->signature_algorithm, kinds[i].signature_algorithm, kinds[i].name);
        EVP_PKEY_free(key);
    }
}

static void reads_digests(EVP_PKEY *key)
{
    const pki_certificate_t one = { .name = "one", .key = key }, two = { .name = "two", .key = key };
    const tlsdiag_certificate_t *first = read_leaf(&one), *second = read_leaf(&two);
    ok(memcmp(first->sha256, second->sha256, sizeof first->sha256) != 0, "two certificates, two digests");
    ok(memcmp(first->public_key_sha256, second->public_key_sha256, sizeof first->public_key_sha256) == 0,
       "one key, one digest of it");
    unsigned char *der = NULL;
    uint8_t expected[32];
    int length = i2d_PUBKEY(key, &der);
    EVP_Digest(der, (size_t)length, expected, NULL, EVP_sha256(), NULL);
    ok(memcmp(first->public_key_sha256, expected, sizeof expected) == 0, "... that of the SubjectPublicKeyInfo");
    OPENSSL_free(der);
    ok(strlen(first->serial) >= 2 && strspn(first->serial, "0123456789ABCDEF") == strlen(first->serial),
       "the serial number is hex: %s", first->serial);
}

int main(void)
{
    EVP_PKEY *key = pki_key("prime256v1", 0);
    collector = tlsdiag_collector_open(&pki_allocator);
    reads_names(key);
    reads_hostile_names(key);
    reads_dates(key);
    reads_usage(key);
    reads_extensions(key);
    reads_keys();
    reads_digests(key);
    tlsdiag_collector_close(collector);
    EVP_PKEY_free(key);
    pki_release();
    return done_testing();
}
