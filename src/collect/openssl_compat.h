/* SPDX-License-Identifier: Apache-2.0 */
/**
 * openssl_compat.h knows what differs between the headers of OpenSSL 1.1.1, 3.0 and 3.5, and is the only file that asks for
 * their version. It refuses to know what its callers make of the answers. Everything else that src/ uses is in 1.1.1
 * (`make check-bullseye`) and not deprecated in 3.x (`make clang`).
 */
#ifndef TLSDIAG_COLLECT_OPENSSL_COMPAT_H
#define TLSDIAG_COLLECT_OPENSSL_COMPAT_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#define TLSDIAG_OPENSSL_3 (OPENSSL_VERSION_NUMBER >= 0x30000000L)
#define TLSDIAG_OPENSSL_3_5 (OPENSSL_VERSION_NUMBER >= 0x30500000L)

#if TLSDIAG_OPENSSL_3
#else
#include <openssl/dh.h>
#include <openssl/ec.h>
#endif

/** How strong OpenSSL takes the digests of the signatures below TLS 1.2 to be: in 1.1.1 four bits for each byte. */
enum {
    TLSDIAG_MD5_SHA1_SECURITY_BITS = TLSDIAG_OPENSSL_3 ? 67 : 144,
    TLSDIAG_SHA1_SECURITY_BITS = TLSDIAG_OPENSSL_3 ? 64 : 80
};

/** Is FIPS mode on? 1.1.1 has no property queries, but the mode of its FIPS module. */
static inline bool tlsdiag_openssl_fips_is_on(void)
{
#if TLSDIAG_OPENSSL_3
    return EVP_default_properties_is_fips_enabled(NULL) == 1;
#else
    return FIPS_mode() == 1;
#endif
}

/** A digest to be given back; NULL: there is none of this name. 1.1.1 does not fetch: its digests are static. */
static inline const EVP_MD *tlsdiag_openssl_digest_fetch(const char *name)
{
#if TLSDIAG_OPENSSL_3
    return EVP_MD_fetch(NULL, name, NULL);
#else
    return EVP_get_digestbyname(name);
#endif
}

/** Give back what was fetched; NULL is allowed. */
static inline void tlsdiag_openssl_digest_free(const EVP_MD *digest)
{
#if TLSDIAG_OPENSSL_3
    EVP_MD_free((EVP_MD *)digest);
#else
    (void)digest;
#endif
}

/** The peer's certificate, to be freed; NULL: none. 3.0 gave the function a name that says so, and deprecates the old one. */
static inline X509 *tlsdiag_openssl_peer_certificate(const SSL *ssl)
{
#if TLSDIAG_OPENSSL_3
    return SSL_get1_peer_certificate(ssl);
#else
    return SSL_get_peer_certificate(ssl);
#endif
}

/** NID of the curve of an EC key; NID_undef: a curve without a name. 1.1.1 knows no names of groups; 3.0 deprecates EC_KEY. */
static inline int tlsdiag_openssl_curve_of(EVP_PKEY *key)
{
#if TLSDIAG_OPENSSL_3
    char name[64];
    return EVP_PKEY_get_group_name(key, name, sizeof name, NULL) == 1 ? OBJ_txt2nid(name) : NID_undef;
#else
    const EC_KEY *ec = EVP_PKEY_get0_EC_KEY(key);
    return ec ? EC_GROUP_get_curve_name(EC_KEY_get0_group(ec)) : NID_undef;
#endif
}

/** Is this an ML-DSA key (FIPS 204)? Before 3.5 OpenSSL has none; 1.1.1 could not ask by name either. */
static inline bool tlsdiag_openssl_is_ml_dsa(const EVP_PKEY *key)
{
#if TLSDIAG_OPENSSL_3_5
    return EVP_PKEY_is_a(key, "ML-DSA-44") || EVP_PKEY_is_a(key, "ML-DSA-65") || EVP_PKEY_is_a(key, "ML-DSA-87");
#else
    (void)key;
    return false;
#endif
}

/** Bits of the Diffie-Hellman parameters in a PEM file; 0: none. 1.1.1 reads them as DH, which 3.0 deprecates. */
static inline int tlsdiag_openssl_dh_bits(BIO *file)
{
#if TLSDIAG_OPENSSL_3
    EVP_PKEY *parameters = PEM_read_bio_Parameters(file, NULL);
    int bits = parameters && EVP_PKEY_is_a(parameters, "DH") ? EVP_PKEY_get_bits(parameters) : 0;
    EVP_PKEY_free(parameters);
#else
    DH *parameters = PEM_read_bio_DHparams(file, NULL, NULL, NULL);
    int bits = parameters ? DH_bits(parameters) : 0;
    DH_free(parameters);
#endif
    return bits;
}

/** The store of SSL_CONF's ChainCAFile and ChainCAPath; NULL: not set, or 1.1.1, which uses it and has no getter. */
static inline X509_STORE *tlsdiag_openssl_chain_store(SSL *ssl)
{
    X509_STORE *store = NULL;
#if TLSDIAG_OPENSSL_3
    SSL_get0_chain_cert_store(ssl, &store);
#else
    (void)ssl;
#endif
    return store;
}

/** An entry of the error queue; file, function and data point into OpenSSL or to "". 1.1.1 has no names of functions. */
typedef struct tlsdiag_openssl_noted {
    unsigned long code; /**< 0: the queue is empty */
    const char *file, *function, *data;
    int line;
} tlsdiag_openssl_noted_t;

/** Take the oldest entry out of the queue. What it points to is valid until the next error. */
static inline tlsdiag_openssl_noted_t tlsdiag_openssl_noted_take(void)
{
    tlsdiag_openssl_noted_t taken = { .function = "" };
    int flags = 0;
#if TLSDIAG_OPENSSL_3
    taken.code = ERR_get_error_all(&taken.file, &taken.line, &taken.function, &taken.data, &flags);
#else
    taken.code = ERR_get_error_line_data(&taken.file, &taken.line, &taken.data, &flags);
#endif
    if (!(flags & ERR_TXT_STRING)) {
        taken.data = "";
    }
    return taken;
}

/** Append an entry. 1.1.1 keeps only a pointer to the name of the file, which therefore is not put back. */
static inline void tlsdiag_openssl_noted_put(const tlsdiag_openssl_noted_t *error)
{
#if TLSDIAG_OPENSSL_3
    ERR_new();
    ERR_set_debug(error->file, error->line, error->function);
    ERR_set_error(ERR_GET_LIB(error->code), ERR_GET_REASON(error->code), error->data[0] ? "%s" : NULL, error->data);
#else
    ERR_put_error(ERR_GET_LIB(error->code), ERR_GET_FUNC(error->code), ERR_GET_REASON(error->code), "", error->line);
    if (error->data[0]) {
        ERR_add_error_data(1, error->data);
    }
#endif
}

#endif
