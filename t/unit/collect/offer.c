/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a posture says a vhost offers is what clients get: for each kind of vhost, an OpenSSL client in the same process
 * offers each version, cipher suite, group and signature algorithm that this OpenSSL knows, one at a time, and must
 * connect if and only if the posture says so.
 */
#include "pki.h"
#include "tap.h"

#include "collect/server_parts.h"
#include "iana/iana.h"
#include "iana/traits.h"

enum { KEYS_MAX = 2 };

typedef struct vhost {
    const char *name;
    const char *keys[KEYS_MAX]; /* kinds for pki_key() */
    int bits;
    int lowest, highest; /* 0: TLS 1.2 and 1.3 */
    const char *suites, *tls13_suites, *groups, *signature_algorithms;
    uint8_t expected; /* versions that must be effective */
} vhost_t;

enum { V10 = TLSDIAG_TLS10, V11 = TLSDIAG_TLS11, V12 = TLSDIAG_TLS12, V13 = TLSDIAG_TLS13 };

/* OpenSSL 3 no longer takes SHA-1 signatures at level 1, and has finite-field groups for TLS 1.3. */
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
enum { OLD_AT_LEVEL_1 = 0 };
#define FINITE_FIELD ":ffdhe3072"
#else
enum { OLD_AT_LEVEL_1 = V10 | V11 };
#define FINITE_FIELD ""
#endif

#define RANGE(from, to) .lowest = TLS##from##_VERSION, .highest = TLS##to##_VERSION
#define LEVEL(level) .suites = "ALL:!aNULL:@SECLEVEL=" #level

/* clang-format off */
static const vhost_t vhosts[] = {
    { "RSA as it comes", { "RSA" }, .expected = V12 | V13 },
    { "ECDSA as it comes", { "prime256v1" }, .expected = V12 | V13 },
    { "RSA and ECDSA", { "RSA", "prime256v1" }, .expected = V12 | V13 },
    { "Ed25519", { "ED25519" }, .expected = V12 | V13 },
    { "Ed448 and RSA", { "ED448", "RSA" }, .expected = V12 | V13 },
    { "RSA-PSS", { "RSA-PSS" }, .expected = V12 | V13 },
    { "secp521r1 key", { "secp521r1" }, .expected = V12 | V13 },
    { "secp256k1 key, unknown to TLS 1.3", { "secp256k1" }, .groups = "P-256:secp256k1", .expected = V12 },

    { "all versions, level 0", { "RSA" }, RANGE(1, 1_3), LEVEL(0), .expected = V10 | V11 | V12 | V13 },
    { "all versions, ECDSA, level 0", { "prime256v1" }, RANGE(1, 1_3), LEVEL(0), .expected = V10 | V11 | V12 | V13 },
    { "all versions, RSA-PSS, level 0", { "RSA-PSS" }, RANGE(1, 1_3), LEVEL(0), .expected = V12 | V13 },
    { "all versions, Ed25519, level 0", { "ED25519" }, RANGE(1, 1_3), LEVEL(0), .expected = V12 | V13 },
    { "all versions, level 1", { "RSA" }, RANGE(1, 1_3), LEVEL(1), .expected = OLD_AT_LEVEL_1 | V12 | V13 },
    { "TLS 1.0 to 1.2, RSA key exchange, level 1", { "RSA" }, RANGE(1, 1_2), .suites = "AES128-SHA:@SECLEVEL=1",
      .expected = OLD_AT_LEVEL_1 | V12 },
    { "TLS 1.0 only, level 0", { "RSA" }, RANGE(1, 1), LEVEL(0), .expected = V10 },
    { "level 3", { "secp384r1" }, LEVEL(3), .expected = V12 | V13 },
    { "RSA 1024, level 0", { "RSA" }, .bits = 1024, .suites = "DEFAULT:@SECLEVEL=0", .expected = V12 | V13 },

    { "TLS 1.2 only, one suite", { "RSA" }, RANGE(1_2, 1_2), .suites = "ECDHE-RSA-AES256-GCM-SHA384",
      .expected = V12 },
    { "RSA key exchange only", { "RSA" }, RANGE(1_2, 1_2), .suites = "AES128-GCM-SHA256:AES256-SHA", .expected = V12 },
    { "DHE only", { "RSA" }, .suites = "DHE-RSA-AES128-GCM-SHA256", .expected = V12 | V13 },
    { "suites for the other key type", { "prime256v1" }, .suites = "ECDHE-RSA-AES128-GCM-SHA256", .expected = V13 },
    { "TLS 1.3 only, one suite, one group", { "prime256v1" }, RANGE(1_3, 1_3),
      .tls13_suites = "TLS_AES_128_GCM_SHA256", .groups = "P-384", .expected = V13 },
    { "TLS 1.3 without a suite: OpenSSL then refuses everybody", { "RSA" }, .tls13_suites = "", .expected = 0 },

    { "one group", { "RSA" }, .groups = "P-521", .expected = V12 | V13 },
    { "groups in an order of their own", { "RSA" }, .groups = "P-384:X25519" FINITE_FIELD ":P-256",
      .expected = V12 | V13 },
    { "PKCS#1 signatures only", { "RSA" }, .signature_algorithms = "RSA+SHA256:RSA+SHA512", .expected = V12 },
    { "PSS with SHA-384 only", { "RSA" }, .signature_algorithms = "RSA-PSS+SHA384", .expected = V12 | V13 },
    { "ECDSA with another curve's hash", { "prime256v1" }, .signature_algorithms = "ECDSA+SHA384", .expected = V12 },
    { "signatures for a key it has not got", { "RSA" }, .signature_algorithms = "ECDSA+SHA256", .expected = 0 },
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
    { "a finite field only", { "RSA" }, .suites = "ECDHE-RSA-AES128-GCM-SHA256", .groups = "ffdhe2048",
      .expected = V13 },
    { "a curve that TLS 1.3 has not", { "RSA" }, .groups = "brainpoolP256r1", .expected = V12 },
#endif
#if OPENSSL_VERSION_NUMBER >= 0x30500000L
    { "post-quantum only", { "RSA" }, .suites = "ECDHE-RSA-AES128-GCM-SHA256", .groups = "X25519MLKEM768",
      .expected = V13 },
    { "ML-DSA", { "ML-DSA-65" }, .signature_algorithms = "mldsa65:ECDSA+SHA256", .expected = V13 },
    { "ML-DSA and RSA", { "ML-DSA-65", "RSA" }, .signature_algorithms = "mldsa65:RSA-PSS+SHA256",
      .expected = V12 | V13 },
#endif
};
/* clang-format on */

/* Each kind of key is made once: RSA keys take their time. */
static struct {
    const char *kind;
    int bits;
    EVP_PKEY *key;
    X509 *certificate;
} made[16];

static unsigned find_key(const char *kind, int bits)
{
    unsigned i = 0;
    while (made[i].key && (strcmp(made[i].kind, kind) != 0 || made[i].bits != bits)) {
        i++;
    }
    if (!made[i].key) {
        made[i].kind = kind;
        made[i].bits = bits;
        made[i].key = pki_key(kind, bits ? bits : 2048);
        pki_certificate_t wanted = { .name = "www.example.test", .key = made[i].key };
        made[i].certificate = pki_make(&wanted);
    }
    return i;
}

static void forget_keys(void)
{
    for (unsigned i = 0; made[i].key; i++) {
        X509_free(made[i].certificate);
        EVP_PKEY_free(made[i].key);
    }
}

static void load_key(SSL_CTX *ctx, const char *kind, int bits)
{
    unsigned i = find_key(kind, bits);
    if (SSL_CTX_use_certificate(ctx, made[i].certificate) != 1 || SSL_CTX_use_PrivateKey(ctx, made[i].key) != 1) {
        printf("# cannot load the %s certificate\n", kind);
        ERR_print_errors_fp(stdout);
    }
}

static SSL_CTX *set_up(const vhost_t *vhost)
{
    SSL_CTX *ctx = pki_server();
    int failed = 0;
    if (vhost->highest) {
        failed |= !SSL_CTX_set_min_proto_version(ctx, vhost->lowest);
        failed |= !SSL_CTX_set_max_proto_version(ctx, vhost->highest);
    }
    failed |= vhost->suites && !SSL_CTX_set_cipher_list(ctx, vhost->suites);
    failed |= vhost->tls13_suites && !SSL_CTX_set_ciphersuites(ctx, vhost->tls13_suites);
    for (int i = 0; i < KEYS_MAX && vhost->keys[i]; i++) {
        load_key(ctx, vhost->keys[i], vhost->bits);
    }
    failed |= vhost->groups && !SSL_CTX_set1_groups_list(ctx, vhost->groups);
    failed |= vhost->signature_algorithms && !SSL_CTX_set1_sigalgs_list(ctx, vhost->signature_algorithms);
    ok(!failed, "%s: OpenSSL takes the settings", vhost->name);
    return ctx;
}

/* The names by which a client can offer one thing alone. */

static const struct {
    int version;
    uint8_t bit;
} versions[] = { { TLS1_VERSION, V10 }, { TLS1_1_VERSION, V11 }, { TLS1_2_VERSION, V12 }, { TLS1_3_VERSION, V13 } };
enum { VERSIONS = sizeof versions / sizeof versions[0] };

static const char *group_name(uint16_t code)
{
    static const struct {
        uint16_t code;
        const char *name;
    } special[] = { { 19, "P-192" }, { 21, "P-224" }, { 23, "P-256" }, { 29, "X25519" }, { 30, "X448" } };
    static char text[64];
    const char *name = tlsdiag_iana_group_name(code);
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        name = special[i].code == code ? special[i].name : name;
    }
    snprintf(text, sizeof text, "%s", name ? name : "?");
    if (code >= 26 && code <= 33 && strncmp(text, "brainpoolp", 10) == 0) {
        text[9] = 'P';
    }
    return text;
}

static const char *signature_name(uint16_t code)
{
    static const char *const hashes[] = { "", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512" };
    static const char *const keys[] = { "", "RSA", "DSA", "ECDSA" };
    static char text[64];
    if (code >> 8 <= 6) {
        snprintf(text, sizeof text, "%s+%s", keys[code & 0xff], hashes[code >> 8]);
    } else {
        snprintf(text, sizeof text, "%s", tlsdiag_iana_signature_scheme_name(code));
    }
    return text;
}

static SSL_CTX *clients;

/* Every group there is, so that only what is being tried can be missing. */
static void make_clients(const tlsdiag_posture_t *posture)
{
    char groups[1024] = "X25519";
    for (uint16_t i = 0; i < posture->groups_known.count; i++) {
        if (posture->groups_known.codes[i] != 29) {
            strcat(strcat(groups, ":"), group_name(posture->groups_known.codes[i]));
        }
    }
    clients = pki_client();
    ok(SSL_CTX_set1_groups_list(clients, groups) == 1, "a client can offer %s", groups);
}

static SSL *client_for(int version)
{
    SSL *client = SSL_new(clients);
    SSL_set_min_proto_version(client, version);
    SSL_set_max_proto_version(client, version);
    return client;
}

/* Returns the version agreed on; 0: no handshake. Frees client. */
static int meet(SSL_CTX *server, SSL *client)
{
    SSL *ssl = SSL_new(server);
    int version = pki_handshake(ssl, client);
    SSL_free(ssl);
    SSL_free(client);
    return version;
}

static bool is_signer(const tlsdiag_certificate_t *leaf, tlsdiag_signer_t signer)
{
    switch (leaf->key_type) {
    case TLSDIAG_KEY_RSA:
        return signer == TLSDIAG_SIGNER_RSA;
    case TLSDIAG_KEY_RSA_PSS:
        return signer == TLSDIAG_SIGNER_RSA_PSS;
    case TLSDIAG_KEY_ECDSA:
        return signer == TLSDIAG_SIGNER_ECDSA;
    case TLSDIAG_KEY_ED25519:
        return signer == TLSDIAG_SIGNER_ED25519;
    case TLSDIAG_KEY_ED448:
        return signer == TLSDIAG_SIGNER_ED448;
    case TLSDIAG_KEY_ML_DSA:
        return signer == TLSDIAG_SIGNER_ML_DSA;
    default:
        return false;
    }
}

/* RFC 8446 4.2.3: the RSASSA-PSS signature with SHA-512 needs more room than an RSA key of 1024 bits has. */
static bool is_big_enough(const tlsdiag_certificate_t *leaf, uint16_t scheme)
{
    return leaf->key_bits > 1024 || scheme != 0x0806;
}

static bool expect_signature(const tlsdiag_posture_t *posture, uint16_t scheme, int version)
{
    tlsdiag_signature_traits_t traits = tlsdiag_iana_signature_traits(scheme);
    bool fits = false;
    for (uint8_t i = 0; i < posture->chains_count; i++) {
        const tlsdiag_certificate_t *leaf = &posture->chains[i].certificates[0];
        bool curve = version < TLS1_3_VERSION || !traits.tls13_group || traits.tls13_group == leaf->key_group;
        fits |= is_signer(leaf, traits.signer) && curve && is_big_enough(leaf, scheme);
    }
    return fits && (version < TLS1_3_VERSION ? traits.tls12 : traits.tls13) &&
           pki_contains(posture->signature_algorithms, scheme);
}

static bool expect_suite(const tlsdiag_posture_t *posture, uint16_t suite)
{
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    bool fits = traits.tls13 || traits.is_anonymous;
    for (uint8_t i = 0; i < posture->chains_count; i++) {
        tlsdiag_key_type_t key = posture->chains[i].certificates[0].key_type;
        fits |= traits.authentication == TLSDIAG_AUTH_RSA &&
                (key == TLSDIAG_KEY_RSA || (key == TLSDIAG_KEY_RSA_PSS && traits.key_exchange != TLSDIAG_KX_RSA));
        fits |= traits.authentication == TLSDIAG_AUTH_ECDSA &&
                (key == TLSDIAG_KEY_ECDSA || key == TLSDIAG_KEY_ED25519 || key == TLSDIAG_KEY_ED448);
    }
    bool version = posture->versions & (traits.tls13 ? V13 : V12) || traits.is_anonymous;
    if (!traits.tls13 && !traits.tls12_only) {
        version = posture->versions & (V10 | V11 | V12);
    }
    return fits && version && pki_contains(posture->cipher_suites, suite);
}

static void try_versions(const vhost_t *vhost, SSL_CTX *server, const tlsdiag_posture_t *posture)
{
    uint8_t real = 0;
    for (int i = 0; i < VERSIONS; i++) {
        int version = versions[i].version;
        if (meet(server, client_for(version)) == version) {
            real |= versions[i].bit;
        }
    }
    ok(posture->versions == real, "%s: versions are those that connect", vhost->name);
    ok(posture->versions == vhost->expected, "%s: versions are as expected", vhost->name);
    if (posture->versions != real || real != vhost->expected) {
        printf("# posture %02x, real %02x, expected %02x\n", posture->versions, real, vhost->expected);
    }
}

/* The newest version that has the suite and that the vhost lets through, so that nothing newer gets in the way. */
static int version_of_suite(const tlsdiag_posture_t *posture, uint16_t suite)
{
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(suite);
    if (traits.tls13) {
        return TLS1_3_VERSION;
    }
    return posture->versions & V12 || traits.tls12_only ? TLS1_2_VERSION
           : posture->versions & V11                    ? TLS1_1_VERSION
                                                        : TLS1_VERSION;
}

static void try_suites(const vhost_t *vhost, SSL_CTX *server, const tlsdiag_posture_t *posture)
{
    SSL_CTX *all = pki_client();
    unsigned wrong = 0, tried = 0;
    SSL_CTX_set_ciphersuites(all, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
                                  "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256");
    for (int i = 0; i < sk_SSL_CIPHER_num(SSL_CTX_get_ciphers(all)); i++) {
        const SSL_CIPHER *suite = sk_SSL_CIPHER_value(SSL_CTX_get_ciphers(all), i);
        uint16_t code = SSL_CIPHER_get_protocol_id(suite);
        tlsdiag_kx_t key_exchange = tlsdiag_iana_suite_traits(code).key_exchange;
        int version = version_of_suite(posture, code);
        if (key_exchange == TLSDIAG_KX_PSK || key_exchange == TLSDIAG_KX_SRP) {
            continue; /* mod_ssl has neither */
        }
        SSL *client = client_for(version);
        bool tls13 = version == TLS1_3_VERSION;
        int set = tls13 ? SSL_set_ciphersuites(client, SSL_CIPHER_get_name(suite))
                        : SSL_set_cipher_list(client, SSL_CIPHER_get_name(suite));
        bool real = meet(server, client) != 0 && set;
        tried++;
        if (real != expect_suite(posture, code)) {
            wrong++;
            printf("# %s: %s %s\n", vhost->name, SSL_CIPHER_get_name(suite), real ? "connects" : "does not connect");
        }
    }
    ok(tried > 30 && wrong == 0, "%s: each of %u cipher suites alone", vhost->name, tried);
    SSL_CTX_free(all);
}

static void try_groups(const vhost_t *vhost, SSL_CTX *server, const tlsdiag_posture_t *posture, int version,
                       uint8_t bit)
{
    unsigned wrong = 0;
    const char *suites = "ECDHE+AESGCM:ECDHE+AES:@SECLEVEL=0";
    for (uint16_t i = 0; i < posture->groups_known.count; i++) {
        uint16_t code = posture->groups_known.codes[i];
        tlsdiag_group_traits_t traits = tlsdiag_iana_group_traits(code);
        bool is_slow = traits.is_finite_field && code > 0x0101; /* seconds, and nothing new over ffdhe3072 */
        if (!(version == TLS1_3_VERSION ? traits.tls13 : traits.tls12) || is_slow) {
            continue;
        }
        SSL *client = client_for(version);
        SSL_set_cipher_list(client, suites);
        bool set = SSL_set1_groups_list(client, group_name(code)) == 1;
        bool real = meet(server, client) == version && set;
        if (real != pki_contains(posture->groups, code) || !set) {
            wrong++;
            printf("# %s: %s in %x %s\n", vhost->name, group_name(code), (unsigned)version,
                   !set   ? "is no name"
                   : real ? "connects"
                          : "does not connect");
        }
    }
    ok(!(posture->versions & bit) || wrong == 0, "%s: each group alone in %s", vhost->name,
       version == TLS1_3_VERSION ? "TLS 1.3" : "TLS 1.2");
}

static bool offers_curves(const tlsdiag_posture_t *posture)
{
    for (uint16_t i = 0; i < posture->cipher_suites.count; i++) {
        if (tlsdiag_iana_suite_traits(posture->cipher_suites.codes[i]).key_exchange == TLSDIAG_KX_ECDHE) {
            return true;
        }
    }
    return false;
}

static void try_signatures(const vhost_t *vhost, SSL_CTX *server, const tlsdiag_posture_t *posture, int version)
{
    unsigned wrong = 0;
    for (uint16_t i = 0; i < posture->signature_algorithms_known.count; i++) {
        uint16_t code = posture->signature_algorithms_known.codes[i];
        if (version == TLS1_3_VERSION && !tlsdiag_iana_signature_traits(code).tls13) {
            continue;
        }
        SSL *client = client_for(version);
        bool set = SSL_set1_sigalgs_list(client, signature_name(code)) == 1;
        bool real = meet(server, client) == version && set;
        if (real != expect_signature(posture, code, version) || !set) {
            wrong++;
            printf("# %s: %s in %x %s\n", vhost->name, signature_name(code), (unsigned)version,
                   !set   ? "is no name"
                   : real ? "connects"
                          : "does not connect");
        }
    }
    ok(wrong == 0, "%s: each signature algorithm alone in %s", vhost->name,
       version == TLS1_3_VERSION ? "TLS 1.3" : "TLS 1.2");
}

static bool is_ecdsa(const tlsdiag_posture_t *posture)
{
    return posture->chains_count == 1 && posture->chains[0].certificates[0].key_type == TLSDIAG_KEY_ECDSA;
}

static void try_vhost(const vhost_t *vhost, tlsdiag_collector_t *collector)
{
    tlsdiag_posture_t posture = { .name = vhost->name };
    SSL_CTX *server = set_up(vhost);
    tlsdiag_posture_collect(&posture, server, collector);
    try_versions(vhost, server, &posture);
    try_suites(vhost, server, &posture);
    if (posture.versions & V13) {
        try_groups(vhost, server, &posture, TLS1_3_VERSION, V13);
        try_signatures(vhost, server, &posture, TLS1_3_VERSION);
    }
    /* Below TLS 1.3 an ECDSA certificate wants its own curve in the client's list as well: RFC 8422 5.1.1. */
    if (posture.versions & V12 && offers_curves(&posture) && !is_ecdsa(&posture)) {
        try_groups(vhost, server, &posture, TLS1_2_VERSION, V12);
    }
    if (posture.versions & V12) {
        try_signatures(vhost, server, &posture, TLS1_2_VERSION);
    }
    SSL_CTX_free(server);
}

static void keeps_the_order(tlsdiag_collector_t *collector)
{
    static const uint16_t expected[] = { 24, 29, 25, 23 };
    tlsdiag_posture_t posture = { .name = "order" };
    SSL_CTX *server = pki_server();
    load_key(server, "prime256v1", 0);
    SSL_CTX_set1_groups_list(server, "P-384:X25519:P-521:P-256");
    SSL_CTX_set_cipher_list(server, "ECDHE-ECDSA-AES256-GCM-SHA384:AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256");
    SSL_CTX_set_ciphersuites(server, "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256");
    tlsdiag_posture_collect(&posture, server, collector);
    ok(posture.groups.count == 4 && memcmp(posture.groups.codes, expected, sizeof expected) == 0,
       "groups come in the order of the directive");
    static const uint16_t suites[] = { 0x1303, 0x1301, 0xc02c, 0x002f, 0xc02b };
    ok(posture.cipher_suites.count == 5 && memcmp(posture.cipher_suites.codes, suites, sizeof suites) == 0,
       "cipher suites come in order, those of TLS 1.3 first");
    SSL_CTX_free(server);
}

static void tells_what_the_level_took(tlsdiag_collector_t *collector)
{
    tlsdiag_posture_t posture = { .name = "level" };
    SSL_CTX *server = pki_server();
    load_key(server, "secp384r1", 0);
    SSL_CTX_set_cipher_list(server, "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=4");
    tlsdiag_posture_collect(&posture, server, collector);
    is_int(posture.security_level, 4, "the security level is read");
    ok(pki_contains(posture.cipher_suites_configured, 0xc009), "a suite below the level is configured");
    ok(!pki_contains(posture.cipher_suites, 0xc009), "... and not usable");
    ok(pki_contains(posture.cipher_suites, 0xc02c), "one above the level is");
    ok(pki_contains(posture.cipher_suites_known, 0xc00a), "known suites hold what is not configured");
    ok(pki_contains(posture.groups_known, 24) && pki_contains(posture.signature_algorithms_known, 0x0201),
       "known groups and signature algorithms do not follow the level");
    SSL_CTX_free(server);
}

static int callbacks_run;

static void count_info(const SSL *ssl, int where, int result)
{
    (void)ssl;
    (void)where;
    (void)result;
    callbacks_run++;
}

static int count_servername(SSL *ssl, int *alert, void *argument)
{
    (void)ssl;
    (void)alert;
    (void)argument;
    callbacks_run++;
    return SSL_TLSEXT_ERR_OK;
}

static int count_verify(int passed, X509_STORE_CTX *verification)
{
    (void)verification;
    callbacks_run++;
    return passed;
}

static int count_new_session(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    (void)session;
    callbacks_run++;
    return 0;
}

static void count_removed_session(SSL_CTX *ctx, SSL_SESSION *session)
{
    (void)ctx;
    (void)session;
    callbacks_run++;
}

static void leaves_no_trace(tlsdiag_collector_t *collector)
{
    tlsdiag_posture_t posture = { .name = "trace" };
    SSL_CTX *server = pki_server();
    load_key(server, "RSA", 0);
    load_key(server, "prime256v1", 0);
    SSL_CTX_set_info_callback(server, count_info);
    SSL_CTX_set_tlsext_servername_callback(server, count_servername);
    SSL_CTX_set_verify(server, SSL_VERIFY_PEER, count_verify);
    SSL_CTX_set_session_cache_mode(server, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_new_cb(server, count_new_session);
    SSL_CTX_sess_set_remove_cb(server, count_removed_session);
    SSL_CTX_set_current_cert(server, SSL_CERT_SET_FIRST);
    X509 *current = SSL_CTX_get0_certificate(server);
    ERR_clear_error();
    ERR_put_error(ERR_LIB_SSL, 0, SSL_R_NO_SHARED_CIPHER, "mod_ssl.c", 7);
    ERR_put_error(ERR_LIB_X509, 0, X509_R_KEY_VALUES_MISMATCH, "mod_ssl.c", 8);
    tlsdiag_posture_collect(&posture, server, collector);
    ok(posture.groups.count > 0, "the vhost was read");
    is_int(callbacks_run, 0, "none of the context's callbacks ran");
    ok(SSL_CTX_get0_certificate(server) == current, "the current certificate is the same");
    is_int(ERR_GET_REASON(ERR_get_error()), SSL_R_NO_SHARED_CIPHER, "the error queue keeps its first entry");
    is_int(ERR_GET_REASON(ERR_get_error()), X509_R_KEY_VALUES_MISMATCH, "... its second");
    is_int((int64_t)ERR_get_error(), 0, "... and got no third");
    SSL_CTX_free(server);
}

/* A connection begins at the first vhost and is moved: what of the second vhost's settings is in force then? */
static void follows_the_move(tlsdiag_collector_t *collector)
{
    tlsdiag_posture_t posture = { .name = "second" }, alone = { .name = "alone" }, before = { .name = "first" };
    SSL_CTX *first = pki_server(), *second = pki_server();
    load_key(first, "RSA", 0);
    load_key(second, "prime256v1", 0);
    SSL_CTX_set1_groups_list(first, "P-521");
    SSL_CTX_set1_groups_list(second, "X25519");
    SSL_CTX_set_min_proto_version(second, TLS1_3_VERSION);
    SSL_CTX_set_options(first, SSL_OP_CIPHER_SERVER_PREFERENCE);
    tlsdiag_posture_collect(&before, first, collector);
    tlsdiag_posture_collect(&alone, second, collector);
    tlsdiag_posture_collect(&posture, second, collector);
    ok(tlsdiag_posture_depends_on(&alone, &before, true), "another Groups before makes a difference");
    ok(!tlsdiag_posture_depends_on(&alone, &alone, true), "the same vhost does not");

    tlsdiag_posture_collect_behind(&posture, second, first, false, collector);
    ok(posture.groups.count == 1 && posture.groups.codes[0] == 25, "the first vhost's groups stay");
    is_int(posture.versions, V12 | V13, "its versions stay where no SSLProtocol is set");
    ok(posture.server_preference, "its SSLHonorCipherOrder stays");
    ok(posture.chains[0].certificates[0].key_type == TLSDIAG_KEY_ECDSA, "the certificate is the second vhost's");

    tlsdiag_posture_collect_behind(&posture, second, first, true, collector);
    is_int(posture.versions, V13, "the versions move where one is set");
    SSL_CTX_free(first);
    SSL_CTX_free(second);
}

int main(void)
{
    tlsdiag_collector_t *collector = tlsdiag_collector_open(&pki_allocator);
    tlsdiag_posture_t host = { .name = "host" };
    tlsdiag_collector_describe(collector, &host);
    make_clients(&host);
    for (size_t i = 0; i < sizeof vhosts / sizeof vhosts[0]; i++) {
        try_vhost(&vhosts[i], collector);
    }
    keeps_the_order(collector);
    tells_what_the_level_took(collector);
    leaves_no_trace(collector);
    follows_the_move(collector);
    tlsdiag_collector_close(collector);
    SSL_CTX_free(clients);
    forget_keys();
    pki_release();
    return done_testing();
}
