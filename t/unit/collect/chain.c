/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains: what a posture says is sent is what a client receives, byte for byte, and what it says of the links is true of
 * chains made to be so. The host's trust store is a file of this test's own (SSL_CERT_FILE).
 */
#define _POSIX_C_SOURCE 200809L
#include "pki.h"
#include "tap.h"

#include <unistd.h>

/* root - intermediate - leaf; an impostor with the intermediate's name; an unrelated authority; a root this host knows. */
static struct {
    EVP_PKEY *root_key, *intermediate_key, *leaf_key, *other_key, *known_key, *rsa_key;
    X509 *root, *intermediate, *leaf, *impostor, *other, *known_root, *known_leaf, *self_signed, *rsa_leaf;
    X509 *known_intermediate, *below_known_intermediate, *stored_intermediate, *below_stored;
} pki;

static X509 *make_leaf(EVP_PKEY *key, X509 *issuer, EVP_PKEY *signer)
{
    const pki_certificate_t wanted = { .name = "www.example.test",
                                       .key = key,
                                       .issuer = issuer,
                                       .signer = signer,
                                       .extensions = { { "subjectAltName", "DNS:www.example.test" },
                                                       { "authorityInfoAccess", "caIssuers;URI:http://ca.test/i" } } };
    return pki_make(&wanted);
}

static void make_pki(void)
{
    pki.root_key = pki_key("prime256v1", 0);
    pki.intermediate_key = pki_key("prime256v1", 0);
    pki.leaf_key = pki_key("prime256v1", 0);
    pki.other_key = pki_key("prime256v1", 0);
    pki.known_key = pki_key("prime256v1", 0);
    pki.rsa_key = pki_key("RSA", 2048);
    pki.root = pki_authority("Root", pki.root_key, NULL, NULL);
    pki.intermediate = pki_authority("Intermediate", pki.intermediate_key, pki.root, pki.root_key);
    pki.impostor = pki_authority("Intermediate", pki.other_key, pki.root, pki.root_key);
    pki.other = pki_authority("Other", pki.other_key, NULL, NULL);
    pki.leaf = make_leaf(pki.leaf_key, pki.intermediate, pki.intermediate_key);
    pki.self_signed = make_leaf(pki.leaf_key, NULL, NULL);
    pki.rsa_leaf = make_leaf(pki.rsa_key, pki.intermediate, pki.intermediate_key);
    pki.known_root = pki_authority("Known Root", pki.known_key, NULL, NULL);
    pki.known_leaf = make_leaf(pki.leaf_key, pki.known_root, pki.known_key);
    pki.known_intermediate = pki_authority("Known Intermediate", pki.intermediate_key, pki.known_root, pki.known_key);
    pki.below_known_intermediate = make_leaf(pki.leaf_key, pki.known_intermediate, pki.intermediate_key);
    pki.stored_intermediate = pki_authority("Stored Intermediate", pki.other_key, pki.known_root, pki.known_key);
    pki.below_stored = make_leaf(pki.leaf_key, pki.stored_intermediate, pki.other_key);
}

static void forget_pki(void)
{
    EVP_PKEY *keys[] = { pki.root_key, pki.intermediate_key, pki.leaf_key, pki.other_key, pki.known_key, pki.rsa_key };
    X509 *certificates[] = { pki.root,
                             pki.intermediate,
                             pki.leaf,
                             pki.impostor,
                             pki.other,
                             pki.known_root,
                             pki.known_leaf,
                             pki.self_signed,
                             pki.rsa_leaf,
                             pki.known_intermediate,
                             pki.below_known_intermediate,
                             pki.stored_intermediate,
                             pki.below_stored };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        EVP_PKEY_free(keys[i]);
    }
    for (size_t i = 0; i < sizeof certificates / sizeof certificates[0]; i++) {
        X509_free(certificates[i]);
    }
}

/* A trust store for the host: the known root, and by somebody's mistake an intermediate. */
static char store_path[] = "/tmp/tlsdiag-chain-XXXXXX";

static void make_host_store(void)
{
    FILE *file = fdopen(mkstemp(store_path), "w");
    PEM_write_X509(file, pki.known_root);
    PEM_write_X509(file, pki.stored_intermediate);
    fclose(file);
    setenv("SSL_CERT_FILE", store_path, 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
}

typedef struct received {
    size_t message_bytes;
    int count;
} received_t;

static void hear_certificate(int write_p, int version, int type, const void *bytes, size_t length, SSL *ssl, void *out)
{
    const unsigned char *message = bytes;
    (void)version;
    (void)ssl;
    if (!write_p && type == SSL3_RT_HANDSHAKE && length > 0 && message[0] == SSL3_MT_CERTIFICATE) {
        ((received_t *)out)->message_bytes = length;
    }
}

static bool same_certificate(X509 *sent, const tlsdiag_certificate_t *said)
{
    uint8_t sha256[32];
    X509_digest(sent, EVP_sha256(), sha256, NULL);
    return memcmp(sha256, said->sha256, sizeof sha256) == 0;
}

/* A real TLS 1.2 handshake, in which the Certificate message can be weighed. */
static void compare_with_client(const char *name, SSL_CTX *server, const tlsdiag_chain_t *chain)
{
    received_t received = { .count = 0 };
    SSL_CTX *ctx = pki_client();
    SSL *client = SSL_new(ctx), *ssl = SSL_new(server);
    SSL_set_max_proto_version(client, TLS1_2_VERSION);
    SSL_set_cipher_list(client, chain->certificates[0].key_type == TLSDIAG_KEY_RSA ? "aRSA" : "aECDSA");
    SSL_set_msg_callback(client, hear_certificate);
    SSL_set_msg_callback_arg(client, &received);
    ok(pki_handshake(ssl, client) == TLS1_2_VERSION, "%s: a client connects", name);
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(client);
    bool same = sk_X509_num(sent) == chain->count;
    for (int i = 0; same && i < chain->count; i++) {
        same = same_certificate(sk_X509_value(sent, i), &chain->certificates[i]);
    }
    ok(same, "%s: the client receives the %d certificates of the posture", name, chain->count);
    ok(received.message_bytes == chain->message_bytes, "%s: in a message of %u bytes", name, chain->message_bytes);
    ok(SSL_get_certificate(ssl) == chain->identity, "%s: identity is the leaf that was served", name);
    SSL_free(client);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

/* What must be true of a chain: flags, and how many certificates it has. */
typedef struct expected {
    int count;
    bool complete, root_known, root_sent, wrong_order, issuer_sent, is_intermediate;
    const char *missing;
} expected_t;

static void check_chain(const char *name, SSL_CTX *server, tlsdiag_collector_t *collector, const expected_t *expected)
{
    tlsdiag_posture_t posture = { .name = name };
    tlsdiag_posture_collect(&posture, server, collector);
    const tlsdiag_chain_t *chain = &posture.chains[0];
    compare_with_client(name, server, chain);
    ok(chain->count == expected->count, "%s: %d certificates", name, chain->count);
    ok(chain->complete == expected->complete, "%s: %scomplete", name, expected->complete ? "" : "not ");
    ok(chain->root_known == expected->root_known, "%s: root %sknown", name, expected->root_known ? "" : "not ");
    ok(chain->root_sent == expected->root_sent, "%s: root %ssent", name, expected->root_sent ? "" : "not ");
    ok(chain->wrong_order == expected->wrong_order, "%s: %s order", name, expected->wrong_order ? "wrong" : "right");
    ok(chain->issuer_sent == expected->issuer_sent, "%s: issuer %ssent", name, expected->issuer_sent ? "" : "not ");
    ok(chain->missing_is_intermediate == expected->is_intermediate, "%s: missing is %s", name,
       expected->is_intermediate ? "an intermediate that this host knows" : "no known intermediate");
    is_str(chain->missing_issuer, expected->missing, name);
}

static SSL_CTX *serve(X509 *leaf, EVP_PKEY *key)
{
    SSL_CTX *server = pki_server();
    SSL_CTX_use_certificate(server, leaf);
    SSL_CTX_use_PrivateKey(server, key);
    return server;
}

enum { SENT_MAX = 3 };

typedef struct sending {
    const char *name;
    X509 **leaf;
    X509 **more[SENT_MAX];
    expected_t expected;
} sending_t;

static const sending_t sendings[] = {
    { "whole, of an unknown root", &pki.leaf, { &pki.intermediate }, { 2, .issuer_sent = true, .missing = "CN=Root" } },
    { "with the root",
      &pki.leaf,
      { &pki.intermediate, &pki.root },
      { 3, .complete = true, .root_sent = true, .issuer_sent = true } },
    { "leaf only", &pki.leaf, { NULL }, { 1, .missing = "CN=Intermediate" } },
    { "root before intermediate",
      &pki.leaf,
      { &pki.root, &pki.intermediate },
      { 3, .complete = true, .root_sent = true, .wrong_order = true, .issuer_sent = true } },
    { "something else in between",
      &pki.leaf,
      { &pki.other, &pki.intermediate },
      { 3, .root_sent = true, .wrong_order = true, .issuer_sent = true, .missing = "CN=Root" } },
    { "something else instead", &pki.leaf, { &pki.other }, { 2, .root_sent = true, .missing = "CN=Intermediate" } },
    { "an intermediate of the same name, another key",
      &pki.leaf,
      { &pki.impostor },
      { 2, .missing = "CN=Intermediate" } },
    { "self-signed", &pki.self_signed, { NULL }, { 1, .complete = true } },
    { "issued by a root this host knows", &pki.known_leaf, { NULL }, { 1, .complete = true, .root_known = true } },
    { "... with that root",
      &pki.known_leaf,
      { &pki.known_root },
      { 2, .complete = true, .root_known = true, .root_sent = true, .issuer_sent = true } },
    { "known root, intermediate sent",
      &pki.below_known_intermediate,
      { &pki.known_intermediate },
      { 2, .complete = true, .root_known = true, .issuer_sent = true } },
    { "known root, intermediate not sent",
      &pki.below_known_intermediate,
      { NULL },
      { 1, .missing = "CN=Known Intermediate" } },
    { "intermediate not sent, but in the host's store",
      &pki.below_stored,
      { NULL },
      { 1, .is_intermediate = true, .missing = "CN=Stored Intermediate" } },
    { "the certificate twice",
      &pki.leaf,
      { &pki.leaf, &pki.intermediate },
      { 3, .wrong_order = true, .issuer_sent = true, .missing = "CN=Root" } },
};

static void try_sending(const sending_t *sending, tlsdiag_collector_t *collector)
{
    SSL_CTX *server = serve(*sending->leaf, pki.leaf_key);
    for (int i = 0; i < SENT_MAX && sending->more[i]; i++) {
        SSL_CTX_add1_chain_cert(server, *sending->more[i]);
    }
    check_chain(sending->name, server, collector, &sending->expected);
    SSL_CTX_free(server);
}

/* SSLCertificateChainFile: one chain for all certificates. */
static void reads_extra_chain(tlsdiag_collector_t *collector)
{
    const expected_t expected = { 2, .issuer_sent = true, .missing = "CN=Root" };
    SSL_CTX *server = serve(pki.leaf, pki.leaf_key);
    X509_up_ref(pki.intermediate);
    SSL_CTX_add_extra_chain_cert(server, pki.intermediate);
    check_chain("chain of the SSL_CTX", server, collector, &expected);
    SSL_CTX_free(server);
}

/* Without a chain of its own OpenSSL completes it from the CAs that clients are verified with, and sends the root too. */
static void builds_as_openssl_does(tlsdiag_collector_t *collector)
{
    const expected_t built = { 3, .complete = true, .root_sent = true, .issuer_sent = true };
    const expected_t partly = { 2, .issuer_sent = true, .missing = "CN=Root" };
    const expected_t alone = { 1, .missing = "CN=Intermediate" };
    SSL_CTX *server = serve(pki.leaf, pki.leaf_key);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(server), pki.intermediate);
    check_chain("intermediate among the CAs for clients", server, collector, &partly);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(server), pki.root);
    check_chain("root among them too", server, collector, &built);
    SSL_CTX_set_mode(server, SSL_MODE_NO_AUTO_CHAIN);
    check_chain("told not to", server, collector, &alone);
    SSL_CTX_free(server);
}

static void reads_each_key_type(tlsdiag_collector_t *collector)
{
    tlsdiag_posture_t posture = { .name = "two" };
    SSL_CTX *server = serve(pki.leaf, pki.leaf_key);
    SSL_CTX_add1_chain_cert(server, pki.intermediate);
    SSL_CTX_use_certificate(server, pki.rsa_leaf);
    SSL_CTX_use_PrivateKey(server, pki.rsa_key);
    tlsdiag_posture_collect(&posture, server, collector);
    is_int(posture.chains_count, 2, "a chain for each key type");
    for (int i = 0; i < posture.chains_count; i++) {
        bool is_rsa = posture.chains[i].certificates[0].key_type == TLSDIAG_KEY_RSA;
        compare_with_client(is_rsa ? "RSA of two" : "ECDSA of two", server, &posture.chains[i]);
        ok(posture.chains[i].count == (is_rsa ? 1 : 2), "each has its own chain");
    }
    SSL_CTX_free(server);
}

static void tells_links(tlsdiag_collector_t *collector)
{
    tlsdiag_posture_t posture = { .name = "links" };
    SSL_CTX *server = serve(pki.leaf, pki.leaf_key);
    SSL_CTX_add1_chain_cert(server, pki.intermediate);
    SSL_CTX_add1_chain_cert(server, pki.other);
    tlsdiag_posture_collect(&posture, server, collector);
    const tlsdiag_chain_t *chain = &posture.chains[0];
    ok(chain->certificates[0].links_to_next, "the leaf links to its issuer");
    ok(!chain->certificates[1].links_to_next, "the intermediate does not link to a stranger");
    ok(!chain->certificates[2].links_to_next, "the last one links to nothing");
    is_str(chain->missing_issuer_url, NULL, "the address of a missing root is not said");
    SSL_CTX_free(server);

    server = serve(pki.leaf, pki.leaf_key);
    tlsdiag_posture_collect(&posture, server, collector);
    is_str(posture.chains[0].missing_issuer_url, "http://ca.test/i", "the leaf says where its issuer is");
    SSL_CTX_free(server);
}

/* An intermediate that may only issue for one domain (RFC 5280 4.2.1.10). */
static void checks_name_constraints(tlsdiag_collector_t *collector)
{
    static const struct {
        const char *constraint;
        bool violated;
    } rows[] = { { "critical,permitted;DNS:example.test", false },
                 { "critical,permitted;DNS:other.test", true },
                 { "critical,excluded;DNS:www.example.test", true } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tlsdiag_posture_t posture = { .name = "constraints" };
        const pki_certificate_t wanted = { .name = "Constrained",
                                           .key = pki.intermediate_key,
                                           .issuer = pki.root,
                                           .signer = pki.root_key,
                                           .extensions = { { "basicConstraints", "critical,CA:TRUE" },
                                                           { "nameConstraints", rows[i].constraint } } };
        X509 *constrained = pki_make(&wanted);
        X509 *leaf = make_leaf(pki.leaf_key, constrained, pki.intermediate_key);
        SSL_CTX *server = serve(leaf, pki.leaf_key);
        SSL_CTX_add1_chain_cert(server, constrained);
        tlsdiag_posture_collect(&posture, server, collector);
        ok(posture.chains[0].certificates[1].name_constraints_violated == rows[i].violated, "%s is %s",
           rows[i].constraint, rows[i].violated ? "violated" : "kept");
        SSL_CTX_free(server);
        X509_free(leaf);
        X509_free(constrained);
    }
}

static void does_not_mind_dates(tlsdiag_collector_t *collector)
{
    const pki_certificate_t wanted = { .name = "www.example.test",
                                       .key = pki.leaf_key,
                                       .issuer = pki.known_root,
                                       .signer = pki.known_key,
                                       .from = -20L * PKI_DAY,
                                       .to = -10L * PKI_DAY };
    const expected_t expected = { 1, .complete = true, .root_known = true };
    X509 *expired = pki_make(&wanted);
    SSL_CTX *server = serve(expired, pki.leaf_key);
    check_chain("expired, of a known root", server, collector, &expected);
    SSL_CTX_free(server);
    X509_free(expired);
}

int main(void)
{
    make_pki();
    make_host_store();
    tlsdiag_collector_t *collector = tlsdiag_collector_open(&pki_allocator);
    for (size_t i = 0; i < sizeof sendings / sizeof sendings[0]; i++) {
        try_sending(&sendings[i], collector);
    }
    reads_extra_chain(collector);
    builds_as_openssl_does(collector);
    reads_each_key_type(collector);
    tells_links(collector);
    checks_name_constraints(collector);
    does_not_mind_dates(collector);
    tlsdiag_collector_close(collector);
    unlink(store_path);
    forget_pki();
    pki_release();
    return done_testing();
}
