/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a vhost offers: cipher suites, groups, signature algorithms.
 *
 * OpenSSL has no getter for the groups of a server, nor for what its security level leaves of the signature algorithms. But
 * an SSL of the vhost that is made to act as a client writes both into a ClientHello, from the same lists and through the
 * same checks that a server applies: tls1_get_supported_groups(), tls12_get_psigalgs(). So one is made, heard and thrown
 * away. It never gets an answer, and no callback of mod_ssl's takes part before ServerHello.
 */
#include "collect/server_parts.h"

#include <openssl/bio.h>
#include <string.h>

#include "decode/client_hello.h"

typedef struct heard {
    tlsdiag_client_hello_t hello;
    bool complete;
} heard_t;

static void hear(int write_p, int version, int content_type, const void *bytes, size_t length, SSL *ssl, void *heard)
{
    const uint8_t *message = bytes;
    (void)version;
    (void)ssl;
    if (!write_p || content_type != SSL3_RT_HANDSHAKE || length <= SSL3_HM_HEADER_LENGTH ||
        message[0] != SSL3_MT_CLIENT_HELLO) {
        return;
    }
    heard_t *out = heard;
    tlsdiag_bytes_t body = tlsdiag_bytes(message + SSL3_HM_HEADER_LENGTH, length - SSL3_HM_HEADER_LENGTH);
    tlsdiag_client_hello_decode(&out->hello, body, (uint32_t)body.length);
    out->complete = out->hello.complete;
}

/* In place of the one that mod_ssl sets on the SSL_CTX for LogLevel debug, which expects a connection. */
static void ignore(const SSL *ssl, int where, int result)
{
    (void)ssl;
    (void)where;
    (void)result;
}

static void become_client(SSL *ssl)
{
    SSL_set_info_callback(ssl, ignore);
    SSL_set_ssl_method(ssl, TLS_client_method());
    SSL_set_connect_state(ssl);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
}

/* Marked as shut down before it is freed, so that no session is taken out of anybody's cache. */
static bool say_hello(SSL *ssl, heard_t *heard)
{
    memset(heard, 0, sizeof *heard);
    SSL_set_msg_callback(ssl, hear);
    SSL_set_msg_callback_arg(ssl, heard);
    SSL_do_handshake(ssl);
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    return heard->complete;
}

static void add_codes(tlsdiag_codes_t *list, const uint16_t *codes, uint16_t sent, uint16_t kept)
{
    for (uint16_t i = 0; i < sent && i < kept; i++) {
        tlsdiag_codes_add(list, codes[i]);
    }
}

static void add_heard(tlsdiag_codes_t *groups, tlsdiag_codes_t *signature_algorithms,
                      const tlsdiag_client_hello_t *hello)
{
    add_codes(groups, hello->supported_groups, hello->supported_groups_count, TLSDIAG_GROUPS_KEPT);
    add_codes(signature_algorithms, hello->signature_algorithms, hello->signature_algorithms_count,
              TLSDIAG_SIGNATURE_SCHEMES_KEPT);
}

static void hear_range(const tlsdiag_origin_t *origin, int lowest, int highest, tlsdiag_codes_t *groups,
                       tlsdiag_codes_t *signature_algorithms)
{
    SSL *ssl = tlsdiag_origin_ssl(origin);
    heard_t heard;
    if (ssl && SSL_set_min_proto_version(ssl, lowest) && SSL_set_max_proto_version(ssl, highest)) {
        become_client(ssl);
        if (say_hello(ssl, &heard)) {
            add_heard(groups, signature_algorithms, &heard.hello);
        }
    }
    SSL_free(ssl);
}

/* A ClientHello cannot be made for a range of versions when there is no group for the highest of them; as a server such an
 * SSL would still speak the others. Then each half is asked by itself. */
static void hear_offer(const tlsdiag_origin_t *origin, SSL *ssl, tlsdiag_codes_t *groups,
                       tlsdiag_codes_t *signature_algorithms)
{
    heard_t heard;
    if (say_hello(ssl, &heard)) {
        add_heard(groups, signature_algorithms, &heard.hello);
        return;
    }
    hear_range(origin, (int)SSL_get_min_proto_version(ssl), TLS1_2_VERSION, groups, signature_algorithms);
    hear_range(origin, TLS1_3_VERSION, TLS1_3_VERSION, groups, signature_algorithms);
}

void tlsdiag_offer_collect(tlsdiag_posture_t *posture, const tlsdiag_origin_t *origin, SSL *ssl,
                           tlsdiag_collector_t *collector)
{
    tlsdiag_codes_t configured = { .count = 0 }, usable = { .count = 0 };
    tlsdiag_codes_t groups = { .count = 0 }, signature_algorithms = { .count = 0 };

    tlsdiag_suites_add(&configured, SSL_get_ciphers(ssl));
    become_client(ssl);
    STACK_OF(SSL_CIPHER) *supported = SSL_get1_supported_ciphers(ssl);
    tlsdiag_suites_add(&usable, supported);
    sk_SSL_CIPHER_free(supported);
    hear_offer(origin, ssl, &groups, &signature_algorithms);

    posture->cipher_suites_configured = tlsdiag_collector_codes(collector, &configured);
    posture->cipher_suites = tlsdiag_collector_codes(collector, &usable);
    posture->groups = tlsdiag_collector_codes(collector, &groups);
    posture->signature_algorithms = tlsdiag_collector_codes(collector, &signature_algorithms);
}
