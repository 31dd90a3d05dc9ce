/* SPDX-License-Identifier: Apache-2.0 */
/* Which of today's good handshakes would fail if the vhost allowed less. */
#include "tap.h"

#include "statistics/what_if.h"

enum {
    TLS12 = 0x0303,
    TLS13 = 0x0304,
    RSA_CBC = 0x002f,
    RSA_GCM = 0x009c,
    ECDHE_RSA_CBC = 0xc013,
    ECDHE_RSA_GCM = 0xc02f,
    ECDHE_ECDSA_GCM = 0xc02b,
    AES_128_GCM = 0x1301,
    X25519 = 0x001d,
    P256 = 0x0017,
    P521 = 0x0019,
    X25519MLKEM768 = 0x11ec,
    ECDSA_P256 = 0x0403,
    RSA_PSS = 0x0804,
    GREASE = 0x2a2a
};

static const uint16_t our_suites[] = { AES_128_GCM, ECDHE_RSA_GCM, ECDHE_RSA_CBC, RSA_GCM, RSA_CBC };
static const uint16_t known_suites[] = { AES_128_GCM, ECDHE_ECDSA_GCM, ECDHE_RSA_GCM, ECDHE_RSA_CBC, RSA_GCM, RSA_CBC };
static const uint16_t our_groups[] = { X25519, P256 };
static const tlsdiag_certificate_t rsa = { .key_type = TLSDIAG_KEY_RSA };
static const tlsdiag_chain_t chains[] = { { .certificates = &rsa, .count = 1 } };
static const tlsdiag_posture_t open_vhost = {
    .versions = TLSDIAG_TLS10 | TLSDIAG_TLS11 | TLSDIAG_TLS12 | TLSDIAG_TLS13,
    .cipher_suites = { our_suites, 5 },
    .cipher_suites_known = { known_suites, 6 },
    .groups = { our_groups, 2 },
    .chains = chains,
    .chains_count = 1,
};

typedef struct row {
    const char *name;
    uint16_t version, suite, group;                         /* negotiated */
    uint16_t suites[6], groups[4], versions[3], schemes[3]; /* offered, 0 ends */
    const char *fails; /* ids of the questions that it would not survive, in their order */
} row_t;

static const row_t rows[] = {
    { "a modern browser",
      TLS13,
      AES_128_GCM,
      X25519,
      { GREASE, AES_128_GCM, ECDHE_ECDSA_GCM, ECDHE_RSA_GCM, RSA_CBC },
      { GREASE, X25519MLKEM768, X25519, P256 },
      { GREASE, TLS13, TLS12 },
      { ECDSA_P256, RSA_PSS },
      "" },
    { "TLS 1.3 without post-quantum groups",
      TLS13,
      AES_128_GCM,
      X25519,
      { AES_128_GCM },
      { X25519 },
      { TLS13 },
      { ECDSA_P256, RSA_PSS },
      "post_quantum_only " },
    { "TLS 1.3 that verifies RSA only",
      TLS13,
      AES_128_GCM,
      X25519,
      { AES_128_GCM },
      { X25519MLKEM768, X25519 },
      { TLS13 },
      { RSA_PSS },
      "ecdsa_only " },
    { "TLS 1.2, forward secret, GCM",
      TLS12,
      ECDHE_RSA_GCM,
      P256,
      { ECDHE_ECDSA_GCM, ECDHE_RSA_GCM },
      { P256 },
      { 0 },
      { ECDSA_P256, RSA_PSS },
      "tls13_only post_quantum_only " },
    { "TLS 1.2 that prefers CBC but could do GCM",
      TLS12,
      ECDHE_RSA_CBC,
      P256,
      { ECDHE_RSA_CBC, ECDHE_RSA_GCM },
      { P256 },
      { 0 },
      { RSA_PSS },
      "tls13_only ecdsa_only post_quantum_only " },
    { "TLS 1.2 with RSA key exchange only",
      TLS12,
      RSA_GCM,
      0,
      { RSA_GCM, RSA_CBC },
      { 0 },
      { 0 },
      { RSA_PSS },
      "tls13_only forward_secrecy_only ecdsa_only post_quantum_only " },
    { "TLS 1.2 with an ECDHE suite but no group of ours",
      TLS12,
      RSA_CBC,
      0,
      { ECDHE_RSA_GCM, RSA_CBC },
      { P521 },
      { 0 },
      { RSA_PSS },
      "tls13_only forward_secrecy_only no_cbc ecdsa_only post_quantum_only " },
    { "TLS 1.0",
      0x0301,
      ECDHE_RSA_CBC,
      P256,
      { ECDHE_RSA_CBC, RSA_CBC },
      { P256 },
      { 0 },
      { 0 },
      "tls12_at_least tls13_only no_cbc ecdsa_only post_quantum_only " },
};

static uint16_t fill(uint16_t *to, const uint16_t *from, unsigned most)
{
    uint16_t count = 0;
    while (count < most && from[count] != 0) {
        to[count] = from[count];
        count++;
    }
    return count;
}

static void set_facts(tlsdiag_facts_t *facts, const row_t *row)
{
    tlsdiag_client_hello_t *hello = &facts->client_hello;
    memset(facts, 0, sizeof *facts);
    facts->negotiated.version = row->version;
    facts->negotiated.cipher_suite = row->suite;
    facts->negotiated.group = row->group;
    facts->negotiated.forward_secrecy = row->group != 0;
    hello->legacy_version = row->version < TLS12 ? row->version : TLS12;
    hello->cipher_suites_count = fill(hello->cipher_suites, row->suites, 6);
    hello->supported_groups_count = fill(hello->supported_groups, row->groups, 4);
    hello->has_supported_groups = hello->supported_groups_count > 0;
    hello->supported_versions_count = fill(hello->supported_versions, row->versions, 3);
    hello->has_supported_versions = hello->supported_versions_count > 0;
    hello->signature_algorithms_count = fill(hello->signature_algorithms, row->schemes, 3);
    hello->has_signature_algorithms = hello->signature_algorithms_count > 0;
}

static void each_client(void)
{
    static tlsdiag_facts_t facts;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char fails[256] = "";
        set_facts(&facts, &rows[i]);
        for (unsigned question = 0; question < TLSDIAG_WHAT_IFS; question++) {
            if (!tlsdiag_what_ifs[question].survives(&facts, &open_vhost)) {
                strcat(strcat(fails, tlsdiag_what_ifs[question].id), " ");
            }
        }
        is_str(fails, rows[i].fails, rows[i].name);
    }
}

static void only_what_would_change_something_is_asked(void)
{
    static const uint16_t strict_suites[] = { AES_128_GCM, ECDHE_ECDSA_GCM };
    static const tlsdiag_certificate_t ecdsa = { .key_type = TLSDIAG_KEY_ECDSA };
    static const tlsdiag_chain_t ecdsa_chain[] = { { .certificates = &ecdsa, .count = 1 } };
    tlsdiag_posture_t strict = {
        .versions = TLSDIAG_TLS12, .cipher_suites = { strict_suites, 2 }, .chains = ecdsa_chain, .chains_count = 1
    };
    is_int(tlsdiag_what_if_concerns(&open_vhost), (1 << TLSDIAG_WHAT_IFS) - 1, "everything concerns an open vhost");
    is_int(tlsdiag_what_if_concerns(&strict), 0, "nothing concerns one that is strict already");
    tlsdiag_posture_t unknown = { .versions = 0 };
    is_int(tlsdiag_what_if_concerns(&unknown), 0, "nor one of which nothing is known");
}

int main(void)
{
    each_client();
    only_what_would_change_something_is_asked();
    return done_testing();
}
