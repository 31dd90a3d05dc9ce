/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an administrator wrote as SSLCipherSuite, and the string that a remedy makes of it: one line, no separator doubled,
 * nothing written when it cannot be done; and where OpenSSL takes the one, it takes the other, and the suite is in it.
 *
 * The first byte chooses the suite to be added, or none, the second the security level, or none.
 */
#include "diagnose/cipher_string.h"

#include <openssl/ssl.h>

#include "diagnose/openssl_names.h"
#include "fuzz.h"

enum { ROOM = 4096 };

static const uint16_t suites[] = { 0,      0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0x009c,
                                   0x009d, 0x002f, 0x0035, 0x003c, 0x009e, 0x009f, 0xc013, 0xc014 };

/* Items parted by one colon, none of them a distribution's profile. */
static bool is_in_order(const char *text)
{
    return !strpbrk(text, " \t,;\"'") && !strstr(text, "::") && !strstr(text, ":PROFILE=") &&
           strncmp(text, "PROFILE=", 8) != 0;
}

/* OpenSSL's own reading. Quotes and a leading SSL are httpd's; the words of Suite B replace all the rest. */
static bool openssl_reads_it(SSL_CTX *context, const char *configured)
{
    return !strpbrk(configured, "\"'\t\\") && strncmp(configured, "SSL", 3) != 0 && !strstr(configured, "SUITEB") &&
           SSL_CTX_set_cipher_list(context, configured) == 1;
}

static bool has_suite(SSL_CTX *context, const char *name)
{
    const STACK_OF(SSL_CIPHER) *chosen = SSL_CTX_get_ciphers(context);
    for (int i = 0; i < sk_SSL_CIPHER_num(chosen); i++) {
        if (strcmp(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(chosen, i)), name) == 0) {
            return true;
        }
    }
    return false;
}

static void ask_openssl(const char *configured, const char *written, uint16_t suite)
{
    static SSL_CTX *context;
    if (!context) {
        context = SSL_CTX_new(TLS_server_method());
    }
    if (openssl_reads_it(context, configured)) {
        CHECK(SSL_CTX_set_cipher_list(context, written) == 1);
        CHECK(!suite || has_suite(context, tlsdiag_openssl_suite_name(suite)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char configured[ROOM], written[2 * ROOM];
    if (size < 3 || size - 2 >= sizeof configured) {
        return 0;
    }
    memcpy(configured, data + 2, size - 2);
    configured[size - 2] = '\0';
    uint16_t suite = suites[data[0] % (sizeof suites / sizeof suites[0])];
    int level = data[1] % 7 - 1;
    tlsdiag_writer_t out = tlsdiag_writer(written, sizeof written);
    bool done = tlsdiag_cipher_string_write(&out, configured, suite, level);
    CHECK(done || out.length == 0);
    if (done) {
        const char *text = tlsdiag_writer_text(&out);
        CHECK(is_in_order(text));
        ask_openssl(configured, text, suite);
    }
    return 0;
}
