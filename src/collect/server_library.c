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

struct tlsdiag_library {
    tlsdiag_allocator_t allocator;
    tlsdiag_code_list_t lists[LISTS_SHARED];
    unsigned lists_count;
    tlsdiag_known_certificate_t *certificates[BUCKETS]; /* by the first bytes of the digest */
    X509_STORE *roots;                                  /* NULL: not needed yet */
    tlsdiag_code_list_t known_suites, known_groups, known_signatures;
    const char *version, *config;
    bool policy_limits;
};

void *tlsdiag_library_allocate(tlsdiag_library_t *library, size_t size)
{
    return library->allocator.allocate(library->allocator.context, size);
}

const char *tlsdiag_library_text(tlsdiag_library_t *library, const char *text, size_t length)
{
    char *copy = tlsdiag_library_allocate(library, length + 1);
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

tlsdiag_code_list_t tlsdiag_library_codes(tlsdiag_library_t *library, const tlsdiag_codes_t *list)
{
    size_t bytes = list->count * sizeof list->codes[0];
    if (list->count == 0) {
        return (tlsdiag_code_list_t){ .count = 0 };
    }
    for (unsigned i = 0; i < library->lists_count; i++) {
        if (library->lists[i].count == list->count && memcmp(library->lists[i].codes, list->codes, bytes) == 0) {
            return library->lists[i];
        }
    }
    uint16_t *codes = tlsdiag_library_allocate(library, bytes);
    memcpy(codes, list->codes, bytes);
    tlsdiag_code_list_t made = { .codes = codes, .count = list->count };
    if (library->lists_count < LISTS_SHARED) {
        library->lists[library->lists_count++] = made;
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

static void read_policy(tlsdiag_library_t *library)
{
    char *path = CONF_get1_default_config_file();
    if (path) {
        library->config = tlsdiag_library_text(library, path, strlen(path));
        library->policy_limits = policy_limits(path);
    }
    OPENSSL_free(path);
}

static void read_known(tlsdiag_library_t *library)
{
    tlsdiag_codes_t suites = { .count = 0 }, groups = { .count = 0 }, signatures = { .count = 0 };
    tlsdiag_known_collect(&suites, &groups, &signatures);
    library->known_suites = tlsdiag_library_codes(library, &suites);
    library->known_groups = tlsdiag_library_codes(library, &groups);
    library->known_signatures = tlsdiag_library_codes(library, &signatures);
}

tlsdiag_library_t *tlsdiag_library_open(const tlsdiag_allocator_t *allocator)
{
    tlsdiag_library_t *library = allocator->allocate(allocator->context, sizeof *library);
    tlsdiag_openssl_queue_t queue;
    library->allocator = *allocator;
    tlsdiag_openssl_queue_save(&queue);
    library->version = OpenSSL_version(OPENSSL_VERSION);
    library->config = "";
    read_policy(library);
    read_known(library);
    tlsdiag_openssl_queue_restore(&queue);
    return library;
}

void tlsdiag_library_close(tlsdiag_library_t *library)
{
    X509_STORE_free(library->roots);
    library->roots = NULL;
}

void tlsdiag_library_describe(tlsdiag_library_t *library, tlsdiag_posture_t *posture)
{
    posture->cipher_suites_known = library->known_suites;
    posture->groups_known = library->known_groups;
    posture->signature_algorithms_known = library->known_signatures;
    posture->openssl_version = library->version;
    posture->openssl_config = library->config;
    posture->system_policy_limits = library->policy_limits;
}

tlsdiag_known_certificate_t *tlsdiag_library_certificate(tlsdiag_library_t *library, X509 *certificate)
{
    uint8_t sha256[EVP_MAX_MD_SIZE] = { 0 };
    X509_digest(certificate, EVP_sha256(), sha256, NULL);
    tlsdiag_known_certificate_t **bucket = &library->certificates[(sha256[0] << 8 | sha256[1]) % BUCKETS];
    for (tlsdiag_known_certificate_t *known = *bucket; known; known = known->next) {
        if (memcmp(known->certificate.sha256, sha256, sizeof known->certificate.sha256) == 0) {
            return known;
        }
    }
    tlsdiag_known_certificate_t *made = tlsdiag_library_allocate(library, sizeof *made);
    memcpy(made->certificate.sha256, sha256, sizeof made->certificate.sha256);
    tlsdiag_certificate_read(&made->certificate, certificate, library);
    made->next = *bucket;
    *bucket = made;
    return made;
}

static X509_STORE *host_roots(tlsdiag_library_t *library)
{
    if (!library->roots) {
        library->roots = X509_STORE_new();
        if (library->roots) {
            X509_STORE_set_default_paths(library->roots);
        }
    }
    return library->roots;
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

tlsdiag_trust_t tlsdiag_library_trust(tlsdiag_library_t *library, X509 *certificate, tlsdiag_known_certificate_t *known)
{
    if (known->trust == TLSDIAG_TRUST_NOT_ASKED) {
        X509_STORE *roots = host_roots(library);
        known->trust = roots ? ask_roots(roots, certificate) : TLSDIAG_TRUST_NONE;
    }
    return known->trust;
}
