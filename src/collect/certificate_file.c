/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/certificate_file.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t seconds_of(const ASN1_TIME *moment)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;
    if (epoch != NULL) {
        ASN1_TIME_diff(&days, &seconds, epoch, moment);
        ASN1_TIME_free(epoch);
    }
    return (int64_t)days * 86400 + seconds;
}

/* "-----BEGIN PRIVATE KEY-----", also with RSA, EC, ENCRYPTED or anything else before PRIVATE. */
static bool holds_key(const char *pem, size_t pem_length)
{
    static const char mark[] = " PRIVATE KEY-----";
    size_t length = sizeof mark - 1;
    for (size_t i = 0; i + length <= pem_length; i++) {
        if (memcmp(pem + i, mark, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Nobody is asked for a password: certificates have none. */
static int no_password(char *buffer, int size, int writing, void *unused)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)unused;
    return 0;
}

static void read_certificate(tlsdiag_certificate_file_t *found, const char *pem, size_t length)
{
    BIO *in = BIO_new_mem_buf(pem, (int)length);
    if (in == NULL) {
        return;
    }
    ERR_set_mark();
    X509 *certificate = PEM_read_bio_X509_AUX(in, NULL, no_password, NULL);
    if (certificate != NULL) {
        unsigned digest_length = sizeof found->sha256;
        found->has_certificate = X509_digest(certificate, EVP_sha256(), found->sha256, &digest_length) == 1;
        found->not_before = seconds_of(X509_get0_notBefore(certificate));
        found->not_after = seconds_of(X509_get0_notAfter(certificate));
        X509_free(certificate);
    }
    ERR_pop_to_mark();
    BIO_free(in);
}

bool tlsdiag_certificate_file_read(tlsdiag_certificate_file_t *found, const char *path)
{
    memset(found, 0, sizeof *found);
    FILE *in = fopen(path, "rb");
    char *pem = in ? malloc(TLSDIAG_CERTIFICATE_FILE_BYTES) : NULL;
    if (pem != NULL) {
        setvbuf(in, NULL, _IONBF, 0); /* no second copy of a key */
        size_t length = fread(pem, 1, TLSDIAG_CERTIFICATE_FILE_BYTES, in);
        found->has_key = holds_key(pem, length);
        read_certificate(found, pem, length);
        OPENSSL_cleanse(pem, length);
        free(pem);
    }
    if (in != NULL) {
        fclose(in);
    }
    return pem != NULL;
}
