/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an administrator wrote as SSLCipherSuite, and the string that a remedy makes of it: one line, no separator doubled,
 * nothing written when it cannot be done. With TLSDIAG_ASK_OPENSSL set, OpenSSL is the judge of strings made of documented
 * words: where it takes the one, it takes the other, and the suite is in it.
 *
 * The first byte chooses the suite to be added, or none, the second the security level, or none, and whether the rest is the
 * string itself or a choice of words.
 */
#include "diagnose/cipher_string.h"

#include <openssl/ssl.h>

#include "fuzz.h"
#include "iana/openssl_names.h"

enum { ROOM = 4096 };

static const uint16_t suites[] = { 0,      0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0x009c,
                                   0x009d, 0x002f, 0x0035, 0x003c, 0x009e, 0x009f, 0xc013, 0xc014 };

/* Items parted by one colon, none of them a distribution's profile. */
static bool is_in_order(const char *text)
{
    return !strpbrk(text, " \t,;\"'") && !strstr(text, "::") && !strstr(text, ":PROFILE=") &&
           strncmp(text, "PROFILE=", 8) != 0;
}

/* The words of openssl-ciphers(1), and how they may be joined. */
static const char *const words[] = { "DEFAULT",
                                     "ALL",
                                     "HIGH",
                                     "MEDIUM",
                                     "COMPLEMENTOFDEFAULT",
                                     "ECDHE",
                                     "DHE",
                                     "kRSA",
                                     "aRSA",
                                     "aECDSA",
                                     "aNULL",
                                     "eNULL",
                                     "AESGCM",
                                     "AES128",
                                     "AES256",
                                     "AESCCM",
                                     "CHACHA20",
                                     "CAMELLIA",
                                     "ARIA",
                                     "SHA1",
                                     "SHA256",
                                     "SHA384",
                                     "TLSv1.2",
                                     "PSK",
                                     "kRSA+AES",
                                     "ECDHE+AESGCM",
                                     "ECDHE-RSA-AES128-GCM-SHA256",
                                     "AES128-SHA" };
static const char *const operators[] = { "", "", "", "!", "-", "+" };
static const char *const joints[] = { ":", ":", ",", " ", "@SECLEVEL=1:", ":@STRENGTH:", "" };

/* Each two bytes are a word with its operator, and what stands behind it. Nothing between two words only before a !. */
static void choose_words(char *configured, tlsdiag_bytes_t choices)
{
    tlsdiag_writer_t out = tlsdiag_writer(configured, ROOM);
    const char *joint = ":";
    for (size_t i = 0; i + 1 < choices.length && out.length < ROOM / 2; i += 2) {
        unsigned choice = choices.at[i];
        const char *operator= joint[0] ? operators[choice % 6] : "!";
        tlsdiag_write(&out, operator);
        tlsdiag_write(&out, words[choice / 6 % (sizeof words / sizeof words[0])]);
        joint = joints[choices.at[i + 1] % 7];
        tlsdiag_write(&out, i + 3 < choices.length ? joint : "");
    }
    (void)tlsdiag_writer_text(&out);
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

/* The suites that OpenSSL makes of a string, by name, in their order; false when it refuses the string. */
static bool choose(SSL_CTX *context, const char *string, tlsdiag_writer_t *out)
{
    if (SSL_CTX_set_cipher_list(context, string) != 1) {
        return false;
    }
    const STACK_OF(SSL_CIPHER) *chosen = SSL_CTX_get_ciphers(context);
    for (int i = 0; i < sk_SSL_CIPHER_num(chosen); i++) {
        tlsdiag_write(out, SSL_CIPHER_get_name(sk_SSL_CIPHER_value(chosen, i)));
        tlsdiag_write(out, ":");
    }
    CHECK(!out->truncated);
    return true;
}

/* A level alone changes nothing of what is chosen. */
static void ask_openssl(const char *configured, const char *written, uint16_t suite)
{
    static SSL_CTX *context;
    static char theirs[4 * ROOM], ours[4 * ROOM];
    tlsdiag_writer_t before = tlsdiag_writer(theirs, sizeof theirs), after = tlsdiag_writer(ours, sizeof ours);
    if (!context) {
        context = SSL_CTX_new(TLS_server_method());
    }
    if (choose(context, configured, &before)) {
        bool taken = choose(context, written, &after);
        bool right = suite ? has_suite(context, tlsdiag_openssl_suite_name(suite))
                           : strcmp(tlsdiag_writer_text(&before), tlsdiag_writer_text(&after)) == 0;
        if (!taken || !right) {
            fprintf(stderr, "%s -> %s\n", configured, written);
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char configured[ROOM], written[2 * ROOM];
    if (size < 3 || size - 2 >= sizeof configured) {
        return 0;
    }
    bool of_words = data[1] & 0x80;
    if (of_words) {
        choose_words(configured, tlsdiag_bytes(data + 2, size - 2));
    } else {
        memcpy(configured, data + 2, size - 2);
        configured[size - 2] = '\0';
    }
    uint16_t suite = suites[data[0] % (sizeof suites / sizeof suites[0])];
    tlsdiag_writer_t out = tlsdiag_writer(written, sizeof written);
    bool done = tlsdiag_cipher_string_write(&out, configured, suite, data[1] % 7 - 1);
    CHECK(done || out.length == 0);
    if (done) {
        CHECK(is_in_order(tlsdiag_writer_text(&out)));
    }
    if (done && of_words && getenv("TLSDIAG_ASK_OPENSSL")) {
        ask_openssl(configured, written, suite);
    }
    return 0;
}
