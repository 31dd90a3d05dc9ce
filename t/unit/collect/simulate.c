/* SPDX-License-Identifier: Apache-2.0 */
/* The client table against SSL_CTXs of several make: what a server must answer follows from the two offers. */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "audit/clients.h"
#include "collect/handshake.h"
#include "collect/simulate.h"
#include "tap.h"

static const uint8_t h2_and_http[] = "\x02h2\x08http/1.1";
static tlsdiag_facts_t facts;

typedef struct source {
    const tlsdiag_known_client_t *client;
    const char *server_name;
    uint8_t bytes[TLSDIAG_HELLO_BYTES];
} source_t;

static tlsdiag_bytes_t write_hello(void *context, uint16_t share)
{
    source_t *source = context;
    size_t length =
        tlsdiag_client_hello_write(source->bytes, sizeof source->bytes, source->client, source->server_name, share);
    return tlsdiag_bytes(source->bytes, length);
}

static EVP_PKEY *make_key(bool rsa)
{
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_id(rsa ? EVP_PKEY_RSA : EVP_PKEY_EC, NULL);
    EVP_PKEY *key = NULL;
    EVP_PKEY_keygen_init(maker);
    if (rsa) {
        EVP_PKEY_CTX_set_rsa_keygen_bits(maker, 2048);
    } else {
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(maker, NID_X9_62_prime256v1);
    }
    EVP_PKEY_keygen(maker, &key);
    EVP_PKEY_CTX_free(maker);
    return key;
}

static SSL_CTX *make_context(bool rsa, const char *suites, const char *groups, int lowest, int highest)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = make_key(rsa);
    X509 *certificate = X509_new();
    X509_set_pubkey(certificate, key);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    SSL_CTX_set_cipher_list(context, suites);
    SSL_CTX_set1_groups_list(context, groups);
    SSL_CTX_set_min_proto_version(context, lowest);
    SSL_CTX_set_max_proto_version(context, highest);
    SSL_CTX_set_dh_auto(context, 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    tlsdiag_simulation_prepare(context);
    return context;
}

static const tlsdiag_known_client_t *client(const char *id)
{
    for (uint16_t i = 0; i < tlsdiag_known_clients_count(); i++) {
        if (strcmp(tlsdiag_known_client(i)->id, id) == 0) {
            return tlsdiag_known_client(i);
        }
    }
    return NULL;
}

static void simulate(SSL_CTX *first, SSL_CTX *chosen, const char *id)
{
    static source_t source;
    tlsdiag_simulated_server_t server = { .first = first,
                                          .chosen = chosen,
                                          .chosen_has_own_versions = true,
                                          .alpn = h2_and_http,
                                          .alpn_length = sizeof h2_and_http - 1 };
    source.client = client(id);
    source.server_name = "www.example.net";
    tlsdiag_simulate(&facts, &server, write_hello, &source);
}

static bool server_answered(void)
{
    return facts.stage == TLSDIAG_SERVER_FLIGHT_SENT && facts.ended_by == TLSDIAG_ENDED_NOT;
}

static void expect(SSL_CTX *context, const char *id, uint16_t version, uint16_t group)
{
    simulate(context, context, id);
    ok(server_answered(), "%s: the server answers", id);
    is_int(facts.negotiated.version, version, "the version");
    is_int(facts.negotiated.group, group, "the group");
}

static void expect_alert(SSL_CTX *context, const char *id, uint8_t description)
{
    simulate(context, context, id);
    ok(facts.ended_by == TLSDIAG_ENDED_ALERT_SENT && facts.alerts_count == 1, "%s: the server sends an alert", id);
    is_int(facts.alerts[0].description, description, "the alert");
}

static void judge_usual_server(void)
{
    SSL_CTX *context = make_context(false, "DEFAULT", "X25519:P-256:P-384", TLS1_2_VERSION, TLS1_3_VERSION);
    expect(context, "chrome_156", 0x0304, 29);
    is_str(facts.negotiated.alpn, "h2", "ALPN by the server's order");
    ok(facts.client_hello.complete && facts.client_hello.key_shares_count == 2, "the hello is in the facts");
    expect(context, "gnutls_3_7", 0x0304, 23);
    expect(context, "windows_10", 0x0303, 29);
    expect(context, "android_7", 0x0303, 23);
    expect(context, "openssl_1_0_1", 0x0303, 24);
    expect_alert(context, "java_7", 70);
    expect_alert(context, "ie_8_xp", 70);
    SSL_CTX_free(context);
}

static void judge_rsa_server(void)
{
    SSL_CTX *context = make_context(true, "kRSA", "X25519", TLS1_2_VERSION, TLS1_2_VERSION);
    expect(context, "chrome_156", 0x0303, 0);
    SSL_CTX_free(context);
    context = make_context(true, "DHE", "P-256", TLS1_2_VERSION, TLS1_2_VERSION);
    expect_alert(context, "chrome_156", 40);
    simulate(context, context, "openssl_1_0_2");
    ok(server_answered() && facts.negotiated.dh_bits >= 2048, "finite-field DH of %u bits", facts.negotiated.dh_bits);
    SSL_CTX_free(context);
}

/* The server wants another key share than Java sends: it must answer after a second ClientHello. */
static void judge_retry(void)
{
    SSL_CTX *context = make_context(false, "DEFAULT", "P-384", TLS1_3_VERSION, TLS1_3_VERSION);
    expect(context, "java_17", 0x0304, 24);
    ok(facts.negotiated.hello_retry_request && facts.has_second_client_hello, "after a HelloRetryRequest");
    expect_alert(context, "post_quantum_only", 40);
    SSL_CTX_free(context);
}

/* Certificate and versions come from the vhost chosen by name, the groups from the first. */
static void judge_chosen_vhost(void)
{
    SSL_CTX *first = make_context(true, "DEFAULT", "P-384", TLS1_2_VERSION, TLS1_3_VERSION);
    SSL_CTX *chosen = make_context(false, "ECDHE", "X25519", TLS1_2_VERSION, TLS1_2_VERSION);
    simulate(first, chosen, "chrome_156");
    ok(server_answered(), "the server answers");
    is_int(facts.negotiated.version, 0x0303, "the version is the chosen vhost's");
    is_int(facts.negotiated.group, 24, "the group is the first vhost's");
    ok(facts.negotiated.cipher_suite == 0xc02b || facts.negotiated.cipher_suite == 0xc02c ||
           facts.negotiated.cipher_suite == 0xcca9,
       "the certificate is the chosen vhost's");
    SSL_CTX_free(first);
    SSL_CTX_free(chosen);
}

static void judge_every_client(void)
{
    SSL_CTX *context = make_context(true, "ALL:@SECLEVEL=0", "X25519:P-256:P-384:P-521", TLS1_VERSION, TLS1_3_VERSION);
    for (uint16_t i = 0; i < tlsdiag_known_clients_count(); i++) {
        const char *id = tlsdiag_known_client(i)->id;
        if (strcmp(id, "post_quantum_only") == 0 || strcmp(id, "ie_8_xp") == 0) {
            continue; /* what they need is not in every OpenSSL build: ML-KEM, 3DES */
        }
        simulate(context, context, id);
        ok(server_answered(), "%s can be served", id);
    }
    SSL_CTX_free(context);
}

int main(void)
{
    int ssl_index, context_index;
    tlsdiag_indexes_make(&ssl_index, &context_index);
    tlsdiag_indexes_use(ssl_index, context_index);
    judge_usual_server();
    judge_rsa_server();
    judge_retry();
    judge_chosen_vhost();
    judge_every_client();
    return done_testing();
}
