/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in the files a vhost is set up from, where its SSL_CTX has no getter for it.
 */
#include "collect/server.h"

#include <openssl/pem.h>
#include <string.h>

#include "collect/openssl_compat.h"
#include "collect/openssl_errors.h"
#include "collect/server_parts.h"

/* OpenSSL's decoders take their time over every file, and hardly any has parameters in it. */
static bool names_parameters(BIO *file)
{
    char line[128];
    bool found = false;
    while (!found && BIO_gets(file, line, sizeof line) > 0) {
        found = strncmp(line, "-----BEGIN ", 11) == 0 && strstr(line, "DH PARAMETERS") != NULL;
    }
    return BIO_seek(file, 0) == 0 && found;
}

uint16_t tlsdiag_dh_parameters_bits(const char *path)
{
    tlsdiag_openssl_queue_t queue;
    tlsdiag_openssl_queue_save(&queue);
    BIO *file = BIO_new_file(path, "r");
    int bits = file && names_parameters(file) ? tlsdiag_openssl_dh_bits(file) : 0;
    BIO_free(file);
    tlsdiag_openssl_queue_restore(&queue);
    return (uint16_t)bits;
}

int64_t tlsdiag_crl_file_next_update(const char *path)
{
    tlsdiag_openssl_queue_t queue;
    tlsdiag_openssl_queue_save(&queue);
    BIO *file = BIO_new_file(path, "r");
    X509_CRL *crl = file ? PEM_read_bio_X509_CRL(file, NULL, NULL, NULL) : NULL;
    int64_t next = crl ? tlsdiag_time_seconds(X509_CRL_get0_nextUpdate(crl)) : 0;
    X509_CRL_free(crl);
    BIO_free(file);
    tlsdiag_openssl_queue_restore(&queue);
    return next;
}
