/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One certificate of a vhost, field by field (RFC 5280).
 */
#include "collect/server_parts.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/writer.h"
#include "collect/openssl_compat.h"

/* What of a name or URL is kept; longer ones are cut. */
enum { TEXT_MAX = 1024, FEATURE_STATUS_REQUEST = 5 /* RFC 7633 4.2.1 with RFC 6066 1.1 */ };

const char *tlsdiag_name_text(tlsdiag_collector_t *collector, const X509_NAME *name)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *written = NULL;
    const char *text = "";
    if (out && X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_UTF8_CONVERT) >= 0) {
        long length = BIO_get_mem_data(out, &written);
        text = tlsdiag_collector_text(collector, written, length > 0 ? (size_t)length : 0);
    }
    BIO_free(out);
    return text;
}

int64_t tlsdiag_time_seconds(const ASN1_TIME *time)
{
    struct tm parts = { 0 };
    return time && ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

/* Bytes that the certificate's maker chose: safe in a log line. */
static const char *safe_text(tlsdiag_collector_t *collector, const unsigned char *bytes, int length)
{
    char buffer[TEXT_MAX];
    tlsdiag_writer_t out = tlsdiag_writer(buffer, sizeof buffer);
    tlsdiag_write_escaped(&out, tlsdiag_bytes(bytes, length > 0 ? (size_t)length : 0), sizeof buffer - 1);
    return tlsdiag_collector_text(collector, tlsdiag_writer_text(&out), out.length);
}

static const char *string_text(tlsdiag_collector_t *collector, const ASN1_STRING *string)
{
    return safe_text(collector, ASN1_STRING_get0_data(string), ASN1_STRING_length(string));
}

static const char *object_text(tlsdiag_collector_t *collector, const ASN1_OBJECT *object)
{
    char text[128];
    int length = OBJ_obj2txt(text, sizeof text, object, 0);
    size_t kept = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    return tlsdiag_collector_text(collector, text, kept);
}

static void read_names(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    int last = -1;
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
        last = at; /* the most specific one stands last: RFC 6125 6.4.4 */
    }
    out->subject = tlsdiag_name_text(collector, subject);
    out->issuer = tlsdiag_name_text(collector, X509_get_issuer_name(certificate));
    if (last >= 0) {
        out->common_name = string_text(collector, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
    }
    out->self_issued = X509_NAME_cmp(subject, X509_get_issuer_name(certificate)) == 0;
    out->self_signed = out->self_issued && X509_verify(certificate, X509_get0_pubkey(certificate)) == 1;
}

static void read_serial(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *hex = number ? BN_bn2hex(number) : NULL;
    out->serial = tlsdiag_collector_text(collector, hex ? hex : "", hex ? strlen(hex) : 0);
    OPENSSL_free(hex);
    BN_free(number);
}

static void read_public_key_digest(tlsdiag_certificate_t *out, X509 *certificate)
{
    unsigned char *der = NULL;
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (length > 0) {
        EVP_Digest(der, (size_t)length, out->public_key_sha256, NULL, EVP_sha256(), NULL);
    }
    OPENSSL_free(der);
}

static const struct {
    int nid;
    tlsdiag_key_type_t type;
} key_types[] = { { EVP_PKEY_RSA, TLSDIAG_KEY_RSA },     { EVP_PKEY_RSA_PSS, TLSDIAG_KEY_RSA_PSS },
                  { EVP_PKEY_EC, TLSDIAG_KEY_ECDSA },    { EVP_PKEY_ED25519, TLSDIAG_KEY_ED25519 },
                  { EVP_PKEY_ED448, TLSDIAG_KEY_ED448 }, { EVP_PKEY_DSA, TLSDIAG_KEY_DSA } };

static tlsdiag_key_type_t key_type_of(const EVP_PKEY *key)
{
    for (size_t i = 0; i < sizeof key_types / sizeof key_types[0]; i++) {
        if (EVP_PKEY_base_id(key) == key_types[i].nid) {
            return key_types[i].type;
        }
    }
    return tlsdiag_openssl_is_ml_dsa(key) ? TLSDIAG_KEY_ML_DSA : TLSDIAG_KEY_OTHER;
}

static const struct {
    int nid;
    uint16_t group;
} curves[] = {
    { NID_X9_62_prime192v1, 19 }, { NID_secp224r1, 21 },       { NID_secp256k1, 22 },
    { NID_X9_62_prime256v1, 23 }, { NID_secp384r1, 24 },       { NID_secp521r1, 25 },
    { NID_brainpoolP256r1, 26 },  { NID_brainpoolP384r1, 27 }, { NID_brainpoolP512r1, 28 },
};

static uint16_t group_of(EVP_PKEY *key)
{
    int nid = tlsdiag_openssl_curve_of(key);
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        if (curves[i].nid == nid) {
            return curves[i].group;
        }
    }
    return 0;
}

/* For EdDSA OpenSSL's versions differ: 253 or 256, 448 or 456. The size of the field is what it is for other curves. */
static int key_bits_of(const EVP_PKEY *key, tlsdiag_key_type_t type)
{
    return type == TLSDIAG_KEY_ED25519 ? 255 : type == TLSDIAG_KEY_ED448 ? 448 : EVP_PKEY_bits(key);
}

static void read_key(tlsdiag_certificate_t *out, X509 *certificate)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (!key) {
        return;
    }
    out->key_type = key_type_of(key);
    out->key_bits = (uint16_t)key_bits_of(key, out->key_type);
    if (out->key_type == TLSDIAG_KEY_ECDSA) {
        out->key_group = group_of(key);
    }
}

static tlsdiag_hash_t hash_of(int nid)
{
    switch (nid) {
    case NID_md2:
    case NID_md4:
    case NID_md5:
        return TLSDIAG_HASH_MD5;
    case NID_sha1:
        return TLSDIAG_HASH_SHA1;
    case NID_sha224:
    case NID_sha256:
    case NID_sha384:
    case NID_sha512:
        return TLSDIAG_HASH_SHA2;
    default:
        return TLSDIAG_HASH_OTHER;
    }
}

static void read_signature(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *object = NULL;
    int hash = NID_undef;
    X509_get0_signature(NULL, &algorithm, certificate);
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    out->signature_algorithm = object_text(collector, object);
    if (X509_get_signature_info(certificate, &hash, NULL, NULL, NULL) == 1) {
        out->signature_hash = hash_of(hash);
    }
}

static void read_basic_constraints(tlsdiag_certificate_t *out, X509 *certificate)
{
    BASIC_CONSTRAINTS *constraints = X509_get_ext_d2i(certificate, NID_basic_constraints, NULL, NULL);
    if (constraints) {
        out->has_basic_constraints = true;
        out->is_ca = constraints->ca;
    }
    BASIC_CONSTRAINTS_free(constraints);
}

static void read_usage(tlsdiag_certificate_t *out, X509 *certificate)
{
    uint32_t flags = X509_get_extension_flags(certificate), usage = X509_get_key_usage(certificate);
    uint32_t extended = X509_get_extended_key_usage(certificate);
    out->has_key_usage = flags & EXFLAG_KUSAGE;
    if (out->has_key_usage) {
        out->usage_digital_signature = usage & KU_DIGITAL_SIGNATURE;
        out->usage_key_encipherment = usage & KU_KEY_ENCIPHERMENT;
        out->usage_key_agreement = usage & KU_KEY_AGREEMENT;
        out->usage_cert_sign = usage & KU_KEY_CERT_SIGN;
    }
    out->has_extended_key_usage = flags & EXFLAG_XKUSAGE;
    if (out->has_extended_key_usage) {
        out->usage_server_auth = extended & XKU_SSL_SERVER;
        out->usage_client_auth = extended & XKU_SSL_CLIENT;
        out->usage_any = extended & XKU_ANYEKU;
    }
}

static bool has_must_staple(X509 *certificate)
{
    TLS_FEATURE *features = X509_get_ext_d2i(certificate, NID_tlsfeature, NULL, NULL);
    bool found = false;
    for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++) {
        found |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == FEATURE_STATUS_REQUEST;
    }
    TLS_FEATURE_free(features);
    return found;
}

static const char *find_unknown_critical(X509 *certificate, tlsdiag_collector_t *collector)
{
    for (int i = 0; i < X509_get_ext_count(certificate); i++) {
        X509_EXTENSION *extension = X509_get_ext(certificate, i);
        if (X509_EXTENSION_get_critical(extension) && !X509_supported_extension(extension)) {
            return object_text(collector, X509_EXTENSION_get_object(extension));
        }
    }
    return NULL;
}

static void read_extensions(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    read_basic_constraints(out, certificate);
    read_usage(out, certificate);
    out->must_staple = has_must_staple(certificate);
    out->unknown_critical = find_unknown_critical(certificate, collector);
    out->has_name_constraints = X509_get_ext_by_NID(certificate, NID_name_constraints, -1) >= 0;
    out->has_sct = X509_get_ext_by_NID(certificate, NID_ct_precert_scts, -1) >= 0;
}

static void read_access(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        const ACCESS_DESCRIPTION *description = sk_ACCESS_DESCRIPTION_value(access, i);
        int method = OBJ_obj2nid(description->method);
        if (description->location->type != GEN_URI) {
            continue;
        }
        const char *url = string_text(collector, description->location->d.uniformResourceIdentifier);
        if (method == NID_ad_ca_issuers && !out->issuer_url) {
            out->issuer_url = url;
        } else if (method == NID_ad_OCSP && !out->ocsp_url) {
            out->ocsp_url = url;
        }
    }
    AUTHORITY_INFO_ACCESS_free(access);
}

void tlsdiag_certificate_read(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector)
{
    read_names(out, certificate, collector);
    read_serial(out, certificate, collector);
    read_public_key_digest(out, certificate);
    out->not_before = tlsdiag_time_seconds(X509_get0_notBefore(certificate));
    out->not_after = tlsdiag_time_seconds(X509_get0_notAfter(certificate));
    read_key(out, certificate);
    read_signature(out, certificate, collector);
    read_extensions(out, certificate, collector);
    read_access(out, certificate, collector);
    tlsdiag_subject_alt_names_read(out, certificate, collector);
}
