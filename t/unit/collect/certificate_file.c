/* SPDX-License-Identifier: Apache-2.0 */
/* What is found in files that SSLCertificateFile and its like may name, and in some that they should not. */
#define _POSIX_C_SOURCE 200809L /* mkstemp() */

#include "collect/certificate_file.h"

#include "pki.h"
#include "tap.h"

#include <unistd.h>

static char path[] = "/tmp/tlsdiag-certificate-file-XXXXXX";
static EVP_PKEY *key;
static X509 *leaf;

static void put_certificate(FILE *out)
{
    PEM_write_X509(out, leaf);
}

static void put_key_and_certificate(FILE *out)
{
    PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
    PEM_write_X509(out, leaf);
}

static void put_encrypted_key_and_certificate(FILE *out)
{
    char passphrase[] = "secret"; /* OpenSSL 1.1.1 does not promise to leave it as it is */
    PEM_write_PKCS8PrivateKey(out, key, EVP_aes_256_cbc(), passphrase, sizeof passphrase - 1, NULL, NULL);
    PEM_write_X509(out, leaf);
}

/* RFC 1421's way, which nobody uses for certificates: OpenSSL would ask for the password, on a terminal. */
static void put_encrypted_certificate(FILE *out)
{
    static unsigned char password[] = "secret";
    PEM_ASN1_write((i2d_of_void *)i2d_X509, PEM_STRING_X509, out, leaf, EVP_aes_256_cbc(), password, 6, NULL, NULL);
}

static void put_text(FILE *out)
{
    fputs("the key is in the other folder\n", out);
}

static void put_broken_certificate(FILE *out)
{
    fputs("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", out);
}

static void put_nothing(FILE *out)
{
    (void)out;
}

static const struct {
    const char *name;
    void (*put)(FILE *out);
    bool has_key, has_certificate;
} rows[] = {
    { "a certificate", put_certificate, false, true },
    { "key and certificate in one file", put_key_and_certificate, true, true },
    { "an encrypted key before the certificate", put_encrypted_key_and_certificate, true, true },
    { "an encrypted certificate", put_encrypted_certificate, false, false },
    { "a text", put_text, false, false },
    { "a broken certificate", put_broken_certificate, false, false },
    { "an empty file", put_nothing, false, false },
};

static void reads_rows(const uint8_t sha256[32])
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tlsdiag_certificate_file_t found;
        FILE *out = fopen(path, "w");
        rows[i].put(out);
        fclose(out);
        ok(tlsdiag_certificate_file_read(&found, path), "%s: read", rows[i].name);
        is_int(found.has_key, rows[i].has_key, "... a private key");
        is_int(found.has_certificate, rows[i].has_certificate, "... a certificate");
        if (rows[i].has_certificate) {
            ok(memcmp(found.sha256, sha256, sizeof found.sha256) == 0, "... and which");
            is_int(found.not_after - found.not_before, 91L * PKI_DAY, "... for how long");
        }
        is_int((int64_t)ERR_peek_error(), 0, "... OpenSSL's error queue as it was");
    }
}

int main(void)
{
    uint8_t sha256[32];
    unsigned length = sizeof sha256;
    tlsdiag_certificate_file_t found;

    key = pki_key("prime256v1", 0);
    leaf = pki_make(&(pki_certificate_t){ .name = "www.example.test", .key = key });
    X509_digest(leaf, EVP_sha256(), sha256, &length);
    close(mkstemp(path));
    reads_rows(sha256);
    unlink(path);
    ok(!tlsdiag_certificate_file_read(&found, path), "a file that is not there cannot be read");
    ok(!found.has_key && !found.has_certificate, "... and holds nothing");
    X509_free(leaf);
    EVP_PKEY_free(key);
    return done_testing();
}
