/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/simulate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <string.h>

#include "collect/handshake.h"
#include "collect/handshake_callbacks.h"

/* What mod_ssl's ssl_find_vhost does when the server name selects another vhost than the first one. */
static int choose_vhost(SSL *ssl, int *alert, void *unused)
{
    const tlsdiag_simulated_server_t *server = SSL_get_app_data(ssl);
    (void)alert;
    (void)unused;
    if (server->chosen == server->first) {
        return SSL_CLIENT_HELLO_SUCCESS;
    }
    SSL_set_SSL_CTX(ssl, server->chosen);
    SSL_set_options(ssl, SSL_CTX_get_options(server->chosen));
    if (server->chosen_has_own_versions) {
        SSL_set_min_proto_version(ssl, (int)SSL_CTX_get_min_proto_version(server->chosen));
        SSL_set_max_proto_version(ssl, (int)SSL_CTX_get_max_proto_version(server->chosen));
    }
    SSL_set_verify(ssl, SSL_CTX_get_verify_mode(server->chosen), SSL_CTX_get_verify_callback(server->chosen));
    return SSL_CLIENT_HELLO_SUCCESS;
}

static int accept_server_name(SSL *ssl, int *alert, void *unused)
{
    (void)ssl;
    (void)alert;
    (void)unused;
    return SSL_TLSEXT_ERR_OK;
}

/* As ssl_callback_alpn_select: the server's order decides, and without anything in common the answer is http/1.1 all the
 * same (observed.md 9). */
static int select_alpn(SSL *ssl, const unsigned char **out, unsigned char *length, const unsigned char *offered,
                       unsigned int offered_length, void *unused)
{
    static const unsigned char fallback[] = "http/1.1";
    const tlsdiag_simulated_server_t *server = SSL_get_app_data(ssl);
    unsigned char *selected;
    (void)unused;
    if (SSL_select_next_proto(&selected, length, server->alpn, server->alpn_length, offered, offered_length) ==
        OPENSSL_NPN_NEGOTIATED) {
        *out = selected;
        return SSL_TLSEXT_ERR_OK;
    }
    *out = fallback;
    *length = sizeof fallback - 1;
    return SSL_TLSEXT_ERR_OK;
}

void tlsdiag_simulation_prepare(SSL_CTX *context)
{
    SSL_CTX_set_client_hello_cb(context, choose_vhost, NULL);
    SSL_CTX_set_tlsext_servername_callback(context, accept_server_name);
    SSL_CTX_set_alpn_select_cb(context, select_alpn, NULL);
    SSL_CTX_sess_set_new_cb(context, NULL);
    SSL_CTX_sess_set_get_cb(context, NULL);
    SSL_CTX_sess_set_remove_cb(context, NULL);
    SSL_CTX_set_tlsext_status_cb(context, NULL);
    SSL_CTX_set_keylog_callback(context, NULL);
    SSL_CTX_set_info_callback(context, NULL);
    SSL_CTX_set_msg_callback(context, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
}

static void keep_outcome(tlsdiag_observer_t *observer, tlsdiag_recording_t *recording)
{
    tlsdiag_facts_t *facts = observer->context;
    *facts = recording->facts;
}

/* SSL_accept with all that the client has to say in the buffer: it answers, asks for more, or gives up. */
static void feed(tlsdiag_observer_t *observer, SSL *ssl, tlsdiag_bytes_t records)
{
    BIO_write(SSL_get_rbio(ssl), records.at, (int)records.length);
    tlsdiag_observer_received(observer, records, records.length);
    ERR_clear_error();
    SSL_accept(ssl);
}

static uint16_t retry_group(const tlsdiag_observer_t *observer)
{
    if (observer->recording == NULL || observer->recording->facts.stage != TLSDIAG_HELLO_RETRY_REQUEST) {
        return 0;
    }
    return observer->recording->facts.negotiated.hello_retry_group;
}

static void run(tlsdiag_facts_t *facts, SSL *ssl, tlsdiag_hello_source_t hello, void *context)
{
    tlsdiag_observer_t observer = { .context = facts, .outcome = keep_outcome };
    if (tlsdiag_observer_attach(&observer, ssl) == NULL) {
        return;
    }
    feed(&observer, ssl, hello(context, 0));
    uint16_t group = retry_group(&observer);
    tlsdiag_bytes_t second = group ? hello(context, group) : tlsdiag_bytes(NULL, 0);
    if (second.length) {
        feed(&observer, ssl, second);
    }
    if (observer.recording) {
        *facts = observer.recording->facts; /* not told: the server waits for the client */
        tlsdiag_observer_forget(&observer);
    }
}

void tlsdiag_simulate(tlsdiag_facts_t *facts, const tlsdiag_simulated_server_t *server, tlsdiag_hello_source_t hello,
                      void *context)
{
    memset(facts, 0, sizeof *facts);
    SSL *ssl = SSL_new(server->first);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    if (ssl == NULL || in == NULL || out == NULL) {
        SSL_free(ssl);
        BIO_free(in);
        BIO_free(out);
        return;
    }
    SSL_set_app_data(ssl, (void *)(uintptr_t)server);
    SSL_set_bio(ssl, in, out);
    SSL_set_accept_state(ssl);
    run(facts, ssl, hello, context);
    SSL_free(ssl);
    ERR_clear_error();
}
