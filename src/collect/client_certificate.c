/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's certificate: who it says the client is, and where its verification failed.
 *
 * mod_ssl's verify callback changes or hides the error (an expired CRL becomes -1, a chain that is too long none at all:
 * observed-clients 7), so the error is read around that callback, whose result is passed on unchanged.
 */
#include "collect/handshake_callbacks.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "collect/digest.h"
#include "collect/openssl_compat.h"

static void write_name(char *text, size_t size, const X509_NAME *name)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *written;

    if (!out) {
        return;
    }
    X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_UTF8_CONVERT);
    long length = BIO_get_mem_data(out, &written);
    size_t kept = length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
    memcpy(text, written, kept);
    text[kept] = '\0';
    BIO_free(out);
}

static int64_t seconds_of(const ASN1_TIME *time)
{
    struct tm parts = { 0 };

    return ASN1_TIME_to_tm(time, &parts) ? (int64_t)timegm(&parts) : 0;
}

static void write_serial(char *text, size_t size, X509 *certificate)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *hex = number ? BN_bn2hex(number) : NULL;

    strncpy(text, hex ? hex : "", size - 1);
    OPENSSL_free(hex);
    BN_free(number);
}

/* What fails in here for lack of memory leaves no entry in the queue that mod_ssl reads. */
static void summarize(tlsdiag_certificate_summary_t *summary, X509 *certificate)
{
    unsigned char *der = NULL;

    ERR_set_mark();
    int length = i2d_X509(certificate, &der);
    summary->present = true;
    write_name(summary->subject, sizeof summary->subject, X509_get_subject_name(certificate));
    write_name(summary->issuer, sizeof summary->issuer, X509_get_issuer_name(certificate));
    write_serial(summary->serial, sizeof summary->serial, certificate);
    summary->not_before = seconds_of(X509_get0_notBefore(certificate));
    summary->not_after = seconds_of(X509_get0_notAfter(certificate));
    if (length > 0) {
        tlsdiag_digest(TLSDIAG_SHA256, tlsdiag_bytes(der, (size_t)length), summary->sha256);
    }
    OPENSSL_free(der);
    ERR_pop_to_mark();
}

/* The name is that of a CA which the vhost trusts or advertises: then only the link between is missing. */
static bool issuer_is_known(X509_STORE_CTX *verification, SSL *ssl)
{
    STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(verification);
    X509 *last =
        sk_X509_num(sent) > 0 ? sk_X509_value(sent, sk_X509_num(sent) - 1) : X509_STORE_CTX_get0_cert(verification);
    STACK_OF(X509_NAME) *authorities = SSL_get_client_CA_list(ssl);

    for (int i = 0; last && i < sk_X509_NAME_num(authorities); i++) {
        if (X509_NAME_cmp(sk_X509_NAME_value(authorities, i), X509_get_issuer_name(last)) == 0) {
            return true;
        }
    }
    return false;
}

static void note_failure(tlsdiag_facts_t *facts, X509_STORE_CTX *verification, SSL *ssl, int error)
{
    tlsdiag_verification_t *noted = &facts->verification;
    X509 *failed = X509_STORE_CTX_get_current_cert(verification);
    X509 *own = X509_STORE_CTX_get0_cert(verification);

    if (noted->error) {
        return; /* the first one is the cause */
    }
    noted->error = error;
    strncpy(noted->text, X509_verify_cert_error_string(error), sizeof noted->text - 1);
    noted->depth = X509_STORE_CTX_get_error_depth(verification);
    noted->issuer_is_known = issuer_is_known(verification, ssl);
    if (failed) {
        summarize(&noted->failed, failed);
    }
    if (own && !facts->client_certificate.present) {
        summarize(&facts->client_certificate, own);
    }
}

/* mod_ssl refuses for reasons that OpenSSL does not know of: its own depth limit and OCSP. */
static int error_behind(X509_STORE_CTX *verification, int error_before)
{
    int error = X509_STORE_CTX_get_error(verification);

    if (error_before != X509_V_OK) {
        return error_before;
    }
    return error != X509_V_OK ? error : X509_V_ERR_CERT_CHAIN_TOO_LONG;
}

static int verify_callback(int ok, X509_STORE_CTX *verification)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());
    tlsdiag_observer_t *observer = ssl ? tlsdiag_observer_of(ssl) : NULL;
    int error_before = ok ? X509_V_OK : X509_STORE_CTX_get_error(verification);
    int result = ok;

    if (observer && observer->chained_verify_callback) {
        result = observer->chained_verify_callback(ok, verification);
    }
    if (observer && observer->recording) {
        observer->recording->facts.verification.checked = true;
        if (!result) {
            note_failure(&observer->recording->facts, verification, ssl, error_behind(verification, error_before));
        }
    }
    return result;
}

void tlsdiag_verification_watch(tlsdiag_observer_t *observer)
{
    SSL_verify_cb current = SSL_get_verify_callback(observer->ssl);

    if (current == verify_callback) {
        return;
    }
    observer->chained_verify_callback = current;
    SSL_set_verify(observer->ssl, SSL_get_verify_mode(observer->ssl), verify_callback);
}

void tlsdiag_client_certificate_collect(tlsdiag_observer_t *observer)
{
    tlsdiag_facts_t *facts = &observer->recording->facts;

    if (!facts->negotiated.certificate_requested && !facts->negotiated.resumed) {
        return;
    }
    X509 *certificate = tlsdiag_openssl_peer_certificate(observer->ssl);
    if (certificate && !facts->client_certificate.present) {
        summarize(&facts->client_certificate, certificate);
    }
    X509_free(certificate);
}
