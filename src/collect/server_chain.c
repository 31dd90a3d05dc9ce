/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificates a vhost really sends, and how they hang together.
 *
 * What is sent: the chain that belongs to the certificate (SSLCertificateFile with more than one in it), else the one of
 * the SSL_CTX (SSLCertificateChainFile), else what OpenSSL finds in the stores it verifies clients with: it builds the chain
 * by itself, up to and with the root, unless SSL_MODE_NO_AUTO_CHAIN is set (SSL_CTX_set_mode(3)).
 */
#include "collect/server_parts.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "collect/openssl_compat.h"

enum { SENT_MAX = 64, CHAINS_MAX = 16, LENGTH_BYTES = 3 };

typedef struct sent {
    X509 *certificate;
    tlsdiag_known_certificate_t *known;
    uint32_t bytes;
} sent_t;

/* The certificates of one Certificate message, and the way from the leaf upwards through them. */
typedef struct flight {
    sent_t sent[SENT_MAX];
    int count;
    int path[SENT_MAX];
    int path_length;
    bool on_path[SENT_MAX];
} flight_t;

static void add_sent(flight_t *flight, X509 *certificate, tlsdiag_collector_t *collector)
{
    int bytes = i2d_X509(certificate, NULL);
    if (flight->count == SENT_MAX) {
        return;
    }
    flight->sent[flight->count++] = (sent_t){ .certificate = certificate,
                                              .known = tlsdiag_collector_certificate(collector, certificate),
                                              .bytes = bytes > 0 ? (uint32_t)bytes : 0 };
}

static X509_STORE *chain_store(SSL *ssl, SSL_CTX *ctx)
{
    X509_STORE *store = tlsdiag_openssl_chain_store(ssl);
    return store ? store : SSL_CTX_get_cert_store(ctx);
}

/* As OpenSSL does when it writes the message: what could be built counts, not whether it verifies. */
static STACK_OF(X509) * build_chain(X509_STORE *store, X509 *leaf)
{
    X509_STORE_CTX *building = X509_STORE_CTX_new();
    STACK_OF(X509) *chain = NULL;
    if (building && X509_STORE_CTX_init(building, store, leaf, NULL) == 1) {
        (void)X509_verify_cert(building);
        chain = X509_STORE_CTX_get1_chain(building);
    }
    X509_STORE_CTX_free(building);
    return chain;
}

/* The extra certificates of ssl's current one; *built is to be freed. NULL with *built NULL: the leaf goes alone. */
static STACK_OF(X509) * find_chain(SSL *ssl, SSL_CTX *ctx, X509 *leaf, STACK_OF(X509) * *built)
{
    STACK_OF(X509) *chain = NULL;
    *built = NULL;
    SSL_get0_chain_certs(ssl, &chain);
    if (!chain) {
        SSL_CTX_get_extra_chain_certs_only(ctx, &chain);
    }
    if (!chain && !(SSL_get_mode(ssl) & SSL_MODE_NO_AUTO_CHAIN)) {
        *built = build_chain(chain_store(ssl, ctx), leaf);
    }
    return chain;
}

static bool has_issued(const sent_t *issuer, const sent_t *certificate)
{
    tlsdiag_known_certificate_t *known = certificate->known;
    const uint8_t *issuer_sha256 = issuer->known->certificate.sha256;
    if (X509_NAME_cmp(X509_get_issuer_name(certificate->certificate), X509_get_subject_name(issuer->certificate)) !=
        0) {
        return false;
    }
    if (memcmp(known->issuer_sha256, issuer_sha256, sizeof known->issuer_sha256) == 0) {
        return true;
    }
    if (X509_verify(certificate->certificate, X509_get0_pubkey(issuer->certificate)) != 1) {
        return false;
    }
    memcpy(known->issuer_sha256, issuer_sha256, sizeof known->issuer_sha256);
    return true;
}

/* The next one sent comes first: it is the issuer in every chain that is in order. */
static int find_issuer(const flight_t *flight, int of)
{
    for (int step = 1; step < flight->count; step++) {
        int candidate = (of + step) % flight->count;
        if (!flight->on_path[candidate] && has_issued(&flight->sent[candidate], &flight->sent[of])) {
            return candidate;
        }
    }
    return -1;
}

static void walk(flight_t *flight)
{
    for (int at = 0; at >= 0;) {
        flight->path[flight->path_length++] = at;
        flight->on_path[at] = true;
        at = flight->sent[at].known->certificate.self_signed ? -1 : find_issuer(flight, at);
    }
}

static bool violates_constraints(X509 *leaf, X509 *authority)
{
    NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(authority, NID_name_constraints, NULL, NULL);
    bool violates = constraints && NAME_CONSTRAINTS_check(leaf, constraints) != X509_V_OK;
    NAME_CONSTRAINTS_free(constraints);
    return violates;
}

static const tlsdiag_certificate_t *describe_sent(const flight_t *flight, tlsdiag_collector_t *collector)
{
    tlsdiag_certificate_t *out = tlsdiag_collector_allocate(collector, (size_t)flight->count * sizeof *out);
    for (int i = 0; i < flight->count; i++) {
        const sent_t *sent = &flight->sent[i];
        out[i] = sent->known->certificate;
        out[i].links_to_next = i + 1 < flight->count && has_issued(&flight->sent[i + 1], sent);
        if (i > 0 && out[i].has_name_constraints) {
            out[i].name_constraints_violated = violates_constraints(flight->sent[0].certificate, sent->certificate);
        }
    }
    return out;
}

static bool is_in_order(const flight_t *flight)
{
    for (int i = 0; i < flight->path_length; i++) {
        if (flight->path[i] != i) {
            return false;
        }
    }
    return true;
}

/* From the top down: an intermediate that a second root has cross-signed may be known although that root is not. */
static tlsdiag_trust_t ask_trust(const flight_t *flight, tlsdiag_collector_t *collector)
{
    tlsdiag_trust_t found = TLSDIAG_TRUST_NONE;
    for (int i = flight->path_length - 1; i >= 0; i--) {
        const sent_t *sent = &flight->sent[flight->path[i]];
        tlsdiag_trust_t trust = tlsdiag_collector_trust(collector, sent->certificate, sent->known);
        if (trust == TLSDIAG_TRUST_ROOT) {
            return trust;
        }
        found = i == flight->path_length - 1 ? trust : found;
    }
    return found;
}

static void judge_links(tlsdiag_chain_t *chain, const flight_t *flight, tlsdiag_collector_t *collector)
{
    const tlsdiag_certificate_t *top = &flight->sent[flight->path[flight->path_length - 1]].known->certificate;
    tlsdiag_trust_t trust = ask_trust(flight, collector);
    chain->issuer_sent = flight->path_length > 1;
    chain->wrong_order = !is_in_order(flight);
    chain->root_known = trust == TLSDIAG_TRUST_ROOT;
    chain->complete = top->self_signed || chain->root_known;
    if (!chain->complete) {
        chain->missing_issuer = top->issuer;
        chain->missing_issuer_url = top->issuer_url;
        chain->missing_is_intermediate = trust == TLSDIAG_TRUST_INTERMEDIATE;
    }
    for (int i = 1; i < flight->count; i++) {
        chain->root_sent |= flight->sent[i].known->certificate.self_signed;
    }
}

/* RFC 5246 7.4.2: a length for the list and one for each certificate. */
static uint32_t message_bytes(const flight_t *flight)
{
    uint32_t bytes = LENGTH_BYTES + SSL3_HM_HEADER_LENGTH;
    for (int i = 0; i < flight->count; i++) {
        bytes += LENGTH_BYTES + flight->sent[i].bytes;
    }
    return bytes;
}

static void read_chain(tlsdiag_chain_t *chain, SSL *ssl, SSL_CTX *ctx, tlsdiag_collector_t *collector)
{
    flight_t flight = { .count = 0 };
    X509 *leaf = SSL_get_certificate(ssl);
    STACK_OF(X509) * built, *chosen = find_chain(ssl, ctx, leaf, &built);

    add_sent(&flight, leaf, collector);
    for (int i = 0; i < sk_X509_num(chosen); i++) {
        add_sent(&flight, sk_X509_value(chosen, i), collector);
    }
    for (int i = 1; i < sk_X509_num(built); i++) { /* its first one is the leaf */
        add_sent(&flight, sk_X509_value(built, i), collector);
    }
    walk(&flight);
    chain->identity = leaf;
    chain->count = (uint16_t)flight.count;
    chain->message_bytes = message_bytes(&flight);
    chain->certificates = describe_sent(&flight, collector);
    judge_links(chain, &flight, collector);
    sk_X509_pop_free(built, X509_free);
}

void tlsdiag_chains_collect(tlsdiag_posture_t *posture, SSL *ssl, SSL_CTX *ctx, tlsdiag_collector_t *collector)
{
    tlsdiag_chain_t chains[CHAINS_MAX] = { { .count = 0 } };
    uint8_t count = 0;
    for (long found = SSL_set_current_cert(ssl, SSL_CERT_SET_FIRST); found && count < CHAINS_MAX;
         found = SSL_set_current_cert(ssl, SSL_CERT_SET_NEXT)) {
        read_chain(&chains[count++], ssl, ctx, collector);
    }
    if (count) {
        tlsdiag_chain_t *kept = tlsdiag_collector_allocate(collector, count * sizeof *kept);
        memcpy(kept, chains, count * sizeof *kept);
        posture->chains = kept;
    }
    posture->chains_count = count;
}
