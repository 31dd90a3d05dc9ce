/* SPDX-License-Identifier: Apache-2.0 */
/**
 * pki.h knows how to make keys, certificates and server contexts in memory, and how to let an OpenSSL client shake hands
 * with such a context in the same process. It refuses to know what is tested.
 */
#ifndef TLSDIAG_T_PKI_H
#define TLSDIAG_T_PKI_H

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/server.h"

#define PKI_UNUSED __attribute__((unused))

enum { PKI_DAY = 24 * 60 * 60, PKI_EXTENSIONS = 8, PKI_CHAIN = 4 };

/** How a certificate differs from an ordinary one. */
typedef struct pki_certificate {
    const char *name;                          /**< common name */
    EVP_PKEY *key;                             /**< its own */
    X509 *issuer;                              /**< NULL: self-signed */
    EVP_PKEY *signer;                          /**< the issuer's key; NULL: key */
    const EVP_MD *hash;                        /**< NULL: SHA-256, or none where the key takes none */
    long from, to;                             /**< seconds from now; both 0: a day ago to 90 days ahead */
    const char *extensions[PKI_EXTENSIONS][2]; /**< name and value as in openssl.cnf(5) */
} pki_certificate_t;

/** A key: "RSA", "RSA-PSS", "ED25519", "ED448", "ML-DSA-65" (from OpenSSL 3.5 on) or a curve's name as OpenSSL's objects have it. bits is RSA's. */
PKI_UNUSED static EVP_PKEY *pki_key(const char *kind, int bits)
{
    static const struct {
        const char *kind;
        int id;
    } kinds[] = { { "RSA", EVP_PKEY_RSA },
                  { "RSA-PSS", EVP_PKEY_RSA_PSS },
                  { "ED25519", EVP_PKEY_ED25519 },
                  { "ED448", EVP_PKEY_ED448 } };
    int id = EVP_PKEY_EC;
    EVP_PKEY *key = NULL;
#if OPENSSL_VERSION_NUMBER >= 0x30500000L
    if (strncmp(kind, "ML-DSA", 6) == 0) {
        return EVP_PKEY_Q_keygen(NULL, NULL, kind);
    }
#endif
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        id = strcmp(kinds[i].kind, kind) == 0 ? kinds[i].id : id;
    }
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(id, NULL);
    EVP_PKEY_keygen_init(ctx);
    if (id == EVP_PKEY_EC) {
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, OBJ_txt2nid(kind));
    } else if (bits) {
        EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits);
    }
    if (EVP_PKEY_keygen(ctx, &key) != 1) {
        fprintf(stderr, "cannot make a key of kind %s\n", kind);
        abort();
    }
    EVP_PKEY_CTX_free(ctx);
    return key;
}

PKI_UNUSED static void pki_extend(X509 *made, X509 *issuer, const char *name, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, made, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_nconf(NULL, &ctx, name, value);
    if (!extension || !X509_add_ext(made, extension, -1)) {
        fprintf(stderr, "cannot make the extension %s=%s\n", name, value);
        abort();
    }
    X509_EXTENSION_free(extension);
}

/** A signed certificate. The caller frees it. */
PKI_UNUSED static X509 *pki_make(const pki_certificate_t *wanted)
{
    static long serial = 1000;
    X509 *made = X509_new();
    X509_NAME *name = X509_NAME_new();
    EVP_PKEY *signer = wanted->signer ? wanted->signer : wanted->key;
    int id = EVP_PKEY_base_id(signer);
    bool has_dates = wanted->from || wanted->to;

    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), has_dates ? wanted->from : -PKI_DAY);
    X509_gmtime_adj(X509_getm_notAfter(made), has_dates ? wanted->to : 90L * PKI_DAY);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)wanted->name, -1, -1, 0);
    X509_set_subject_name(made, name);
    X509_set_issuer_name(made, wanted->issuer ? X509_get_subject_name(wanted->issuer) : name);
    X509_set_pubkey(made, wanted->key);
    for (int i = 0; i < PKI_EXTENSIONS && wanted->extensions[i][0]; i++) {
        pki_extend(made, wanted->issuer ? wanted->issuer : made, wanted->extensions[i][0], wanted->extensions[i][1]);
    }
    bool hashes = id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS || id == EVP_PKEY_EC;
    const EVP_MD *hash = hashes ? EVP_sha256() : NULL;
    if (!X509_sign(made, signer, wanted->hash ? wanted->hash : hash)) {
        fprintf(stderr, "cannot sign %s\n", wanted->name);
        abort();
    }
    X509_NAME_free(name);
    return made;
}

/** A root or intermediate with the usual extensions. */
PKI_UNUSED static X509 *pki_authority(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *signer)
{
    pki_certificate_t wanted = { .name = name,
                                 .key = key,
                                 .issuer = issuer,
                                 .signer = signer,
                                 .extensions = { { "basicConstraints", "critical,CA:TRUE" },
                                                 { "keyUsage", "critical,keyCertSign,cRLSign" } } };
    return pki_make(&wanted);
}

/** A server's SSL_CTX with the settings that mod_ssl makes for every vhost. */
PKI_UNUSED static SSL_CTX *pki_server(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_options(ctx, SSL_OP_ALL | SSL_OP_SINGLE_DH_USE | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_dh_auto(ctx, 1);
    return ctx;
}

/** A client's SSL_CTX that takes whatever its OpenSSL can do, and any certificate. */
PKI_UNUSED static SSL_CTX *pki_client(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx, 0);
    SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    return ctx;
}

PKI_UNUSED static bool pki_step(SSL *ssl)
{
    int result = SSL_do_handshake(ssl);
    return result == 1 || SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ;
}

/** Shake hands in memory. Returns the version agreed on; 0: the handshake failed. */
PKI_UNUSED static int pki_handshake(SSL *server, SSL *client)
{
    BIO *server_end = NULL, *client_end = NULL;
    BIO_new_bio_pair(&server_end, 1 << 16, &client_end, 1 << 16);
    SSL_set_bio(server, server_end, server_end);
    SSL_set_bio(client, client_end, client_end);
    SSL_set_accept_state(server);
    SSL_set_connect_state(client);
    for (int round = 0; round < 10; round++) {
        if (!pki_step(client) || !pki_step(server)) {
            break;
        }
        if (SSL_is_init_finished(server) && SSL_is_init_finished(client)) {
            ERR_clear_error();
            return SSL_version(server);
        }
    }
    ERR_clear_error();
    return 0;
}

/* Memory for postures: freed all at once by pki_release(). */
static struct pki_block {
    struct pki_block *next;
    max_align_t bytes[];
} * pki_blocks;

PKI_UNUSED static void *pki_allocate(void *unused, size_t size)
{
    (void)unused;
    struct pki_block *block = calloc(1, sizeof *block + size);
    if (!block) {
        abort();
    }
    block->next = pki_blocks;
    pki_blocks = block;
    return block->bytes;
}

PKI_UNUSED static void pki_release(void)
{
    while (pki_blocks) {
        struct pki_block *block = pki_blocks;
        pki_blocks = block->next;
        free(block);
    }
}

static const tlsdiag_allocator_t pki_allocator = { .allocate = pki_allocate };

PKI_UNUSED static bool pki_contains(tlsdiag_code_list_t list, uint16_t code)
{
    for (uint16_t i = 0; i < list.count; i++) {
        if (list.codes[i] == code) {
            return true;
        }
    }
    return false;
}

#endif
