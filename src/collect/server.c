/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/server.h"

#include <string.h>

#include "collect/openssl_errors.h"
#include "collect/server_parts.h"

SSL *tlsdiag_origin_ssl(const tlsdiag_origin_t *origin)
{
    SSL *ssl = SSL_new(origin->first);
    if (!ssl || origin->first == origin->ctx) {
        return ssl;
    }
    SSL_set_SSL_CTX(ssl, origin->ctx);
    SSL_set_options(ssl, SSL_CTX_get_options(origin->ctx));
    if (origin->own_versions) {
        SSL_set_min_proto_version(ssl, (int)SSL_CTX_get_min_proto_version(origin->ctx));
        SSL_set_max_proto_version(ssl, (int)SSL_CTX_get_max_proto_version(origin->ctx));
    }
    return ssl;
}

static bool compresses(const SSL *ssl)
{
    return !(SSL_get_options(ssl) & SSL_OP_NO_COMPRESSION) && sk_SSL_COMP_num(SSL_COMP_get_compression_methods()) > 0;
}

/* mod_ssl turns OpenSSL's own cache off and answers from its own: SSLSessionCache nonenotnull sets no callback. */
static bool caches_sessions(SSL_CTX *ctx)
{
    long mode = SSL_CTX_get_session_cache_mode(ctx);
    bool internal = !(mode & SSL_SESS_CACHE_NO_INTERNAL);
    return mode & SSL_SESS_CACHE_SERVER && (internal || SSL_CTX_sess_get_get_cb(ctx));
}

/* SSL_SECOP_TICKET: from security level 3 on OpenSSL gives no tickets. */
static bool gives_tickets(const SSL *ssl)
{
    return !(SSL_get_options(ssl) & SSL_OP_NO_TICKET) && SSL_get_security_level(ssl) < 3;
}

static bool staples(SSL_CTX *ctx)
{
    int (*callback)(SSL *, void *) = NULL;
    SSL_CTX_get_tlsext_status_cb(ctx, &callback);
    return callback != NULL;
}

static tlsdiag_verify_mode_t verify_mode(const SSL_CTX *ctx)
{
    int mode = SSL_CTX_get_verify_mode(ctx);
    return !(mode & SSL_VERIFY_PEER)                ? TLSDIAG_VERIFY_NONE
           : mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT ? TLSDIAG_VERIFY_REQUIRE
                                                    : TLSDIAG_VERIFY_OPTIONAL;
}

static void collect_settings(tlsdiag_posture_t *posture, const SSL *ssl)
{
    posture->security_level = SSL_get_security_level(ssl);
    posture->server_preference = SSL_get_options(ssl) & SSL_OP_CIPHER_SERVER_PREFERENCE;
    posture->insecure_renegotiation = SSL_get_options(ssl) & SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION;
    posture->session_tickets = gives_tickets(ssl);
    posture->compression = compresses(ssl);
}

/* The order matters: the offer needs an SSL that no one has spoken with, the versions need chains and offer. */
static void collect_offer(tlsdiag_posture_t *posture, const tlsdiag_origin_t *origin, SSL *ssl,
                          tlsdiag_collector_t *collector)
{
    collect_settings(posture, ssl);
    posture->versions_configured = tlsdiag_versions_configured(ssl);
    tlsdiag_offer_collect(posture, origin, ssl, collector);
    posture->versions = tlsdiag_versions_effective(posture, ssl);
}

void tlsdiag_posture_collect(tlsdiag_posture_t *posture, SSL_CTX *ctx, tlsdiag_collector_t *collector)
{
    const tlsdiag_origin_t origin = { .ctx = ctx, .first = ctx };
    tlsdiag_openssl_queue_t queue;
    tlsdiag_openssl_queue_save(&queue);
    SSL *ssl = tlsdiag_origin_ssl(&origin);
    if (ssl) {
        tlsdiag_chains_collect(posture, ssl, ctx, collector);
        collect_offer(posture, &origin, ssl, collector);
    }
    tlsdiag_collector_describe(collector, posture);
    tlsdiag_trust_collect(posture, ctx, collector);
    posture->verify_client = verify_mode(ctx);
    posture->session_cache = caches_sessions(ctx);
    posture->stapling = staples(ctx);
    SSL_free(ssl);
    tlsdiag_openssl_queue_restore(&queue);
}

void tlsdiag_posture_collect_behind(tlsdiag_posture_t *posture, SSL_CTX *ctx, SSL_CTX *first, bool own_versions,
                                    tlsdiag_collector_t *collector)
{
    const tlsdiag_origin_t origin = { .ctx = ctx, .first = first, .own_versions = own_versions };
    tlsdiag_openssl_queue_t queue;
    tlsdiag_openssl_queue_save(&queue);
    SSL *ssl = tlsdiag_origin_ssl(&origin);
    if (ssl) {
        collect_offer(posture, &origin, ssl, collector);
    }
    SSL_free(ssl);
    tlsdiag_openssl_queue_restore(&queue);
}

static bool lists_differ(tlsdiag_code_list_t a, tlsdiag_code_list_t b)
{
    return a.count != b.count || (a.count && memcmp(a.codes, b.codes, a.count * sizeof a.codes[0]) != 0);
}

bool tlsdiag_posture_depends_on(const tlsdiag_posture_t *posture, const tlsdiag_posture_t *first, bool own_versions)
{
    return lists_differ(posture->groups, first->groups) ||
           (!own_versions && posture->versions_configured != first->versions_configured) ||
           posture->server_preference != first->server_preference ||
           posture->session_tickets != first->session_tickets || posture->compression != first->compression ||
           posture->insecure_renegotiation != first->insecure_renegotiation;
}
