/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings around the handshake: whom a vhost trusts to vouch for clients, its CRLs, sessions, stapling, and the files it
 * was set up from.
 */
#define _POSIX_C_SOURCE 200809L
#include "pki.h"
#include "tap.h"

#include "collect/server_parts.h"

#include <time.h>
#include <unistd.h>

static tlsdiag_collector_t *collector;
static EVP_PKEY *key;

static SSL_CTX *serve(void)
{
    SSL_CTX *server = pki_server();
    const pki_certificate_t wanted = { .name = "www.example.test", .key = key };
    X509 *leaf = pki_make(&wanted);
    SSL_CTX_use_certificate(server, leaf);
    SSL_CTX_use_PrivateKey(server, key);
    X509_free(leaf);
    return server;
}

static tlsdiag_posture_t read_posture(SSL_CTX *server)
{
    tlsdiag_posture_t posture = { .name = "vhost" };
    tlsdiag_posture_collect(&posture, server, collector);
    return posture;
}

static X509_CRL *make_crl(X509 *issuer, long days)
{
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, -PKI_DAY), *next = X509_gmtime_adj(NULL, days * PKI_DAY);
    X509_CRL_set_version(crl, 1);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer));
    X509_CRL_set1_lastUpdate(crl, now);
    X509_CRL_set1_nextUpdate(crl, next);
    X509_CRL_sign(crl, key, EVP_sha256());
    ASN1_TIME_free(now);
    ASN1_TIME_free(next);
    return crl;
}

static bool is_about(int64_t seconds, long days)
{
    int64_t expected = (int64_t)time(NULL) + days * PKI_DAY;
    return seconds > expected - 10 && seconds <= expected;
}

static size_t certificate_request_bytes;

static void hear_request(int write_p, int version, int type, const void *bytes, size_t length, SSL *ssl, void *unused)
{
    const unsigned char *message = bytes;
    (void)version;
    (void)ssl;
    (void)unused;
    if (!write_p && type == SSL3_RT_HANDSHAKE && length > 6 && message[0] == SSL3_MT_CERTIFICATE_REQUEST) {
        size_t types = message[4], schemes = (size_t)message[5 + types] << 8 | message[6 + types];
        certificate_request_bytes = (size_t)message[7 + types + schemes] << 8 | message[8 + types + schemes];
    }
}

static void reads_client_authorities(void)
{
    SSL_CTX *server = serve(), *ctx = pki_client();
    X509 *authority = pki_authority("Client CA", key, NULL, NULL),
         *second = pki_authority("Second CA", key, NULL, NULL);
    tlsdiag_posture_t posture = read_posture(server);
    is_int(posture.verify_client, TLSDIAG_VERIFY_NONE, "no client certificate is asked for");
    is_int(posture.client_authorities.count + (int)posture.trusted_authorities_count, 0, "no authority either");

    SSL_CTX_add_client_CA(server, authority);
    SSL_CTX_add_client_CA(server, second);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(server), authority);
    SSL_CTX_set_verify(server, SSL_VERIFY_PEER, NULL);
    posture = read_posture(server);
    is_int(posture.verify_client, TLSDIAG_VERIFY_OPTIONAL, "optional");
    is_int(posture.client_authorities.count, 2, "two authorities are advertised");
    is_str(posture.client_authorities.items[1], "CN=Second CA", "... by name");
    is_int(posture.trusted_authorities_count, 1, "one of them is trusted");
    SSL_CTX_set_verify(server, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    is_int(read_posture(server).verify_client, TLSDIAG_VERIFY_REQUIRE, "required");

    SSL *client = SSL_new(ctx), *ssl = SSL_new(server);
    SSL_set_max_proto_version(client, TLS1_2_VERSION);
    SSL_set_msg_callback(client, hear_request);
    pki_handshake(ssl, client);
    is_int((int64_t)certificate_request_bytes, posture.client_authorities_bytes,
           "their size is that in a real CertificateRequest");
    SSL_free(client);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    X509_free(authority);
    X509_free(second);
    SSL_CTX_free(server);
}

static void reads_crls(void)
{
    SSL_CTX *server = serve();
    X509_STORE *store = SSL_CTX_get_cert_store(server);
    X509 *authority = pki_authority("Client CA", key, NULL, NULL), *other = pki_authority("Other CA", key, NULL, NULL);
    X509_CRL *crl = make_crl(authority, 30), *earlier = make_crl(other, 7);
    tlsdiag_posture_t posture = read_posture(server);
    ok(!posture.crl_check && !posture.crl_loaded && posture.crl_next_update == 0, "no CRL");

    X509_STORE_add_crl(store, crl);
    posture = read_posture(server);
    ok(posture.crl_loaded && !posture.crl_check, "a CRL that is not checked");
    ok(is_about(posture.crl_next_update, 30), "its nextUpdate");
    X509_STORE_add_crl(store, earlier);
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
    posture = read_posture(server);
    ok(posture.crl_check, "checked");
    ok(is_about(posture.crl_next_update, 7), "the earliest nextUpdate of two");
    X509_CRL_free(crl);
    X509_CRL_free(earlier);
    X509_free(authority);
    X509_free(other);
    SSL_CTX_free(server);
}

static SSL_SESSION *find_session(SSL *ssl, const unsigned char *id, int length, int *copy)
{
    (void)ssl;
    (void)id;
    (void)length;
    (void)copy;
    return NULL;
}

static int staple(SSL *ssl, void *argument)
{
    (void)ssl;
    (void)argument;
    return SSL_TLSEXT_ERR_NOACK;
}

static void reads_settings(void)
{
    SSL_CTX *server = serve();
    tlsdiag_posture_t posture = read_posture(server);
    ok(!posture.session_cache, "SSLSessionCache none");
    ok(posture.session_tickets, "tickets by default");
    ok(!posture.stapling && !posture.compression && !posture.insecure_renegotiation && !posture.server_preference,
       "nothing else is on");

    SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL);
    ok(!read_posture(server).session_cache, "SSLSessionCache nonenotnull keeps no session");
    SSL_CTX_sess_set_get_cb(server, find_session);
    ok(read_posture(server).session_cache, "a cache of mod_ssl's");
    SSL_CTX_set_options(server,
                        SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
    SSL_CTX_set_tlsext_status_cb(server, staple);
    posture = read_posture(server);
    ok(!posture.session_tickets, "SSLSessionTickets off");
    ok(posture.server_preference, "SSLHonorCipherOrder on");
    ok(posture.insecure_renegotiation, "SSLInsecureRenegotiation on");
    ok(posture.stapling, "SSLUseStapling on");
    SSL_CTX_free(server);
}

static void describes_the_host(void)
{
    tlsdiag_posture_t posture = { .name = "host" };
    SSL_CTX *server = serve();
    tlsdiag_posture_collect(&posture, server, collector);
    is_str(posture.openssl_version, OpenSSL_version(OPENSSL_VERSION), "the library in use");
    ok(posture.openssl_config && posture.openssl_config[0], "its configuration file: %s", posture.openssl_config);
    SSL_CTX_free(server);
}

static const char *write_file(const char *text)
{
    static char path[64];
    strcpy(path, "/tmp/tlsdiag-trust-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");
    fputs(text, file);
    fclose(file);
    return path;
}

/* openssl.cnf is read where OPENSSL_CONF says; each way of limiting everybody must be seen. */
static void sees_the_policy(void)
{
    static const struct {
        const char *name, *text;
        bool limits;
    } rows[] = {
        { "a file without a policy", "openssl_conf = o\n[o]\nproviders = p\n[p]\n", false },
        { "MinProtocol for everybody",
          "openssl_conf = o\n[o]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\nMinProtocol = TLSv1.2\n", true },
        { "CipherString for everybody",
          "openssl_conf = o\n[o]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\nCipherString = DEFAULT@SECLEVEL=2\n",
          true },
        { "Groups for one application only",
          "openssl_conf = o\n[o]\nssl_conf = s\n[s]\nmine = d\n[d]\nGroups = X25519\n", false },
        { "not a configuration file", "\xff\xfe[[[", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *path = write_file(rows[i].text);
        tlsdiag_posture_t posture = { .name = "policy" };
        setenv("OPENSSL_CONF", path, 1);
        tlsdiag_collector_t *of_policy = tlsdiag_collector_open(&pki_allocator);
        tlsdiag_collector_describe(of_policy, &posture);
        ok(posture.system_policy_limits == rows[i].limits, "%s: %s", rows[i].name,
           rows[i].limits ? "limits" : "does not limit");
        is_str(posture.openssl_config, path, "the path is told");
        tlsdiag_collector_close(of_policy);
        unlink(path);
    }
    unsetenv("OPENSSL_CONF");
}

/* RFC 7919's group of 2048 bits as DH PARAMETERS, made with `openssl genpkey -genparam -algorithm DH -pkeyopt group:`. */
static const char dh_parameters[] = "-----BEGIN DH PARAMETERS-----\n"
                                    "MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz\n"
                                    "+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a\n"
                                    "87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7\n"
                                    "YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi\n"
                                    "7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD\n"
                                    "ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==\n"
                                    "-----END DH PARAMETERS-----\n";

static void reads_files(void)
{
    const char *path = write_file(dh_parameters);
    is_int(tlsdiag_dh_parameters_bits(path), 2048, "DH parameters in a file");
    is_int(tlsdiag_crl_file_next_update(path), 0, "no CRL in it");
    unlink(path);
    path = write_file("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
    is_int(tlsdiag_dh_parameters_bits(path), 0, "no DH parameters in another");
    unlink(path);
    is_int(tlsdiag_dh_parameters_bits("/nonexistent"), 0, "no file");

    X509 *authority = pki_authority("Client CA", key, NULL, NULL);
    X509_CRL *crl = make_crl(authority, 5);
    path = write_file("");
    FILE *file = fopen(path, "w");
    PEM_write_X509_CRL(file, crl);
    fclose(file);
    ok(is_about(tlsdiag_crl_file_next_update(path), 5), "nextUpdate of a CRL in a file");
    unlink(path);
    X509_CRL_free(crl);
    X509_free(authority);
}

int main(void)
{
    key = pki_key("prime256v1", 0);
    collector = tlsdiag_collector_open(&pki_allocator);
    reads_client_authorities();
    reads_crls();
    reads_settings();
    describes_the_host();
    sees_the_policy();
    reads_files();
    is_int((int64_t)ERR_peek_error(), 0, "no error is left behind");
    tlsdiag_collector_close(collector);
    EVP_PKEY_free(key);
    pki_release();
    return done_testing();
}
