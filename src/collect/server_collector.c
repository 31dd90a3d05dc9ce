/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all vhosts of one configuration share: memory, equal lists, certificates read once, this host's roots and policy.
 */
#include "collect/server_parts.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "collect/openssl_errors.h"

enum { BUCKETS = 1024, LISTS_SHARED = 64 };

struct tlsdiag_collector {
    tlsdiag_allocator_t allocator;
    tlsdiag_code_list_t lists[LISTS_SHARED];
    unsigned lists_count;
    tlsdiag_known_certificate_t *certificates[BUCKETS]; /* by the first bytes of the digest */
    X509_STORE *roots;                                  /* NULL: not needed yet */
    tlsdiag_code_list_t known_suites, known_groups, known_signatures;
    const char *version, *config;
    bool policy_limits;
};

void *tlsdiag_collector_allocate(tlsdiag_collector_t *collector, size_t size)
{
    return collector->allocator.allocate(collector->allocator.context, size);
}

const char *tlsdiag_collector_text(tlsdiag_collector_t *collector, const char *text, size_t length)
{
    char *copy = tlsdiag_collector_allocate(collector, length + 1);
    memcpy(copy, text, length);
    return copy;
}

void tlsdiag_codes_add(tlsdiag_codes_t *list, uint16_t code)
{
    for (uint16_t i = 0; i < list->count; i++) {
        if (list->codes[i] == code) {
            return;
        }
    }
    if (list->count < TLSDIAG_CODES_MAX) {
        list->codes[list->count++] = code;
    }
}

void tlsdiag_suites_add(tlsdiag_codes_t *list, STACK_OF(SSL_CIPHER) * suites)
{
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); i++) {
        tlsdiag_codes_add(list, SSL_CIPHER_get_protocol_id(sk_SSL_CIPHER_value(suites, i)));
    }
}

tlsdiag_code_list_t tlsdiag_collector_codes(tlsdiag_collector_t *collector, const tlsdiag_codes_t *list)
{
    size_t bytes = list->count * sizeof list->codes[0];
    if (list->count == 0) {
        return (tlsdiag_code_list_t){ .count = 0 };
    }
    for (unsigned i = 0; i < collector->lists_count; i++) {
        if (collector->lists[i].count == list->count && memcmp(collector->lists[i].codes, list->codes, bytes) == 0) {
            return collector->lists[i];
        }
    }
    uint16_t *codes = tlsdiag_collector_allocate(collector, bytes);
    memcpy(codes, list->codes, bytes);
    tlsdiag_code_list_t made = { .codes = codes, .count = list->count };
    if (collector->lists_count < LISTS_SHARED) {
        collector->lists[collector->lists_count++] = made;
    }
    return made;
}

static bool section_limits(CONF *config, const char *section)
{
    static const char *const limits[] = { "MinProtocol",  "MaxProtocol",         "Protocol",
                                          "CipherString", "Ciphersuites",        "Groups",
                                          "Curves",       "SignatureAlgorithms", "Options" };
    for (size_t i = 0; section && i < sizeof limits / sizeof limits[0]; i++) {
        if (NCONF_get_string(config, section, limits[i])) {
            return true;
        }
    }
    return false;
}

/* config(5): openssl_conf names the section whose ssl_conf names the section whose system_default is for every SSL_CTX. */
static bool policy_limits(const char *path)
{
    CONF *config = NCONF_new(NULL);
    bool limits = false;
    if (config && NCONF_load(config, path, NULL) == 1) {
        const char *modules = NCONF_get_string(config, NULL, "openssl_conf");
        const char *applications = modules ? NCONF_get_string(config, modules, "ssl_conf") : NULL;
        const char *everybody = applications ? NCONF_get_string(config, applications, "system_default") : NULL;
        limits = section_limits(config, everybody);
    }
    NCONF_free(config);
    return limits;
}

static void read_policy(tlsdiag_collector_t *collector)
{
    char *path = CONF_get1_default_config_file();
    if (path) {
        collector->config = tlsdiag_collector_text(collector, path, strlen(path));
        collector->policy_limits = policy_limits(path);
    }
    OPENSSL_free(path);
}

static void read_known(tlsdiag_collector_t *collector)
{
    tlsdiag_codes_t suites = { .count = 0 }, groups = { .count = 0 }, signatures = { .count = 0 };
    tlsdiag_known_collect(&suites, &groups, &signatures);
    collector->known_suites = tlsdiag_collector_codes(collector, &suites);
    collector->known_groups = tlsdiag_collector_codes(collector, &groups);
    collector->known_signatures = tlsdiag_collector_codes(collector, &signatures);
}

tlsdiag_collector_t *tlsdiag_collector_open(const tlsdiag_allocator_t *allocator)
{
    tlsdiag_collector_t *collector = allocator->allocate(allocator->context, sizeof *collector);
    tlsdiag_openssl_queue_t queue;
    collector->allocator = *allocator;
    tlsdiag_openssl_queue_save(&queue);
    collector->version = OpenSSL_version(OPENSSL_VERSION);
    collector->config = "";
    read_policy(collector);
    read_known(collector);
    tlsdiag_openssl_queue_restore(&queue);
    return collector;
}

void tlsdiag_collector_close(tlsdiag_collector_t *collector)
{
    X509_STORE_free(collector->roots);
    collector->roots = NULL;
}

void tlsdiag_collector_describe(tlsdiag_collector_t *collector, tlsdiag_posture_t *posture)
{
    posture->cipher_suites_known = collector->known_suites;
    posture->groups_known = collector->known_groups;
    posture->signature_algorithms_known = collector->known_signatures;
    posture->openssl_version = collector->version;
    posture->openssl_config = collector->config;
    posture->system_policy_limits = collector->policy_limits;
}

tlsdiag_known_certificate_t *tlsdiag_collector_certificate(tlsdiag_collector_t *collector, X509 *certificate)
{
    uint8_t sha256[EVP_MAX_MD_SIZE] = { 0 };
    X509_digest(certificate, EVP_sha256(), sha256, NULL);
    tlsdiag_known_certificate_t **bucket = &collector->certificates[(sha256[0] << 8 | sha256[1]) % BUCKETS];
    for (tlsdiag_known_certificate_t *known = *bucket; known; known = known->next) {
        if (memcmp(known->certificate.sha256, sha256, sizeof known->certificate.sha256) == 0) {
            return known;
        }
    }
    tlsdiag_known_certificate_t *made = tlsdiag_collector_allocate(collector, sizeof *made);
    memcpy(made->certificate.sha256, sha256, sizeof made->certificate.sha256);
    tlsdiag_certificate_read(&made->certificate, certificate, collector);
    made->next = *bucket;
    *bucket = made;
    return made;
}

static X509_STORE *host_roots(tlsdiag_collector_t *collector)
{
    if (!collector->roots) {
        collector->roots = X509_STORE_new();
        if (collector->roots) {
            X509_STORE_set_default_paths(collector->roots);
        }
    }
    return collector->roots;
}

static tlsdiag_trust_t ask_roots(X509_STORE *roots, X509 *certificate)
{
    X509_STORE_CTX *verification = X509_STORE_CTX_new();
    tlsdiag_trust_t trust = TLSDIAG_TRUST_NONE;
    if (verification && X509_STORE_CTX_init(verification, roots, certificate, NULL) == 1) {
        X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(verification), 0);
        X509_STORE_CTX_set_flags(verification, X509_V_FLAG_NO_CHECK_TIME);
        bool verified = X509_verify_cert(verification) == 1;
        int length = sk_X509_num(X509_STORE_CTX_get0_chain(verification));
        trust = verified && length <= 2 ? TLSDIAG_TRUST_ROOT : length >= 2 ? TLSDIAG_TRUST_INTERMEDIATE : trust;
    }
    X509_STORE_CTX_free(verification);
    return trust;
}

tlsdiag_trust_t tlsdiag_collector_trust(tlsdiag_collector_t *collector, X509 *certificate,
                                        tlsdiag_known_certificate_t *known)
{
    if (known->trust == TLSDIAG_TRUST_NOT_ASKED) {
        X509_STORE *roots = host_roots(collector);
        known->trust = roots ? ask_roots(roots, certificate) : TLSDIAG_TRUST_NONE;
    }
    return known->trust;
}
