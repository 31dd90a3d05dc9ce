/* SPDX-License-Identifier: Apache-2.0 */
/* Offer against configuration: versions, and for each offered suite the reason why it could not be used. */
#include "handshake.h"

#include "diagnose/gap.h"

static tlsdiag_gap_t gap;

static void find_gap(void)
{
    tlsdiag_gap_find(&gap, &facts, vhost);
}

/* Versions. */

static const struct {
    const char *name;
    uint16_t supported[4]; /* none: no such extension */
    uint16_t legacy;
    uint8_t offered;
    uint16_t chosen;
} versions[] = {
    { "supported_versions counts alone", { 0x0304, 0x0303 }, 0x0301, TLSDIAG_TLS13 | TLSDIAG_TLS12, 0x0304 },
    { "GREASE and drafts are no versions", { 0x7a7a, 0x7f1c, 0x0303 }, 0x0303, TLSDIAG_TLS12, 0x0303 },
    { "only unknown ones", { 0x7f17 }, 0x0303, 0, 0 },
    { "legacy_version means all below too", { 0 }, 0x0303, TLSDIAG_TLS12 | TLSDIAG_TLS11 | TLSDIAG_TLS10, 0x0303 },
    { "TLS 1.1 at most", { 0 }, 0x0302, TLSDIAG_TLS11 | TLSDIAG_TLS10, 0 },
    { "SSLv3 only", { 0 }, 0x0300, TLSDIAG_SSL30, 0 },
    { "legacy_version above TLS 1.2 is taken for it",
      { 0 },
      0x0304,
      TLSDIAG_TLS12 | TLSDIAG_TLS11 | TLSDIAG_TLS10,
      0x0303 },
};

static void judge_versions(void)
{
    for (unsigned i = 0; i < COUNT(versions); i++) {
        tlsdiag_client_hello_t *hello = &facts.client_hello;
        begin();
        hello->legacy_version = versions[i].legacy;
        hello->has_supported_versions = versions[i].supported[0];
        memcpy(hello->supported_versions, versions[i].supported, sizeof versions[i].supported);
        hello->supported_versions_count = COUNT(versions[i].supported);
        find_gap();
        is_int(gap.versions_offered, versions[i].offered, versions[i].name);
        is_int(gap.version, versions[i].chosen, versions[i].name);
    }
}

/* Suites: what a vhost with RSA, TLS 1.2 and the suites of begin() says to each. */

static void only_tls12(void)
{
    posture.versions = TLSDIAG_TLS12;
}
static void below_level(void)
{
    only_tls12();
    SET_CODES(posture.cipher_suites, 0xc030);
}
static void ecdsa_key(void)
{
    only_tls12();
    certificates[0].key_type = TLSDIAG_KEY_ECDSA;
    certificates[0].key_group = 23;
}
static void ecdsa_key_p521(void)
{
    ecdsa_key();
    certificates[0].key_group = 25;
}
static void ed448_key(void)
{
    only_tls12();
    certificates[0].key_type = TLSDIAG_KEY_ED448;
}
static void pss_key(void)
{
    only_tls12();
    certificates[0].key_type = TLSDIAG_KEY_RSA_PSS;
}
static void no_common_group(void)
{
    only_tls12();
    OFFER(supported_groups, 25, 0x0100);
}
static void only_ffdhe_in_common(void)
{
    only_tls12();
    OFFER(supported_groups, 0x0100);
    SET_CODES(posture.groups, 0x0100, 29);
}
static void no_groups_sent(void)
{
    only_tls12();
    facts.client_hello.has_supported_groups = false;
    facts.client_hello.supported_groups_count = 0;
}
static void no_common_signature(void)
{
    only_tls12();
    OFFER(signature_algorithms, 0x0403);
}
static void tls13_pkcs1_only(void)
{
    OFFER(signature_algorithms, 0x0401);
}
static void tls10(void)
{
    posture.versions = TLSDIAG_TLS10;
    facts.client_hello.has_supported_versions = false;
    facts.client_hello.legacy_version = 0x0301;
    facts.client_hello.has_signature_algorithms = false;
}
static void p256_certificate_p384_hash(void)
{
    ecdsa_key();
    OFFER(signature_algorithms, 0x0503);
}
static void p256_certificate_p384_hash_tls13(void)
{
    p256_certificate_p384_hash();
    posture.versions = TLSDIAG_TLS13;
    OFFER(supported_versions, 0x0304);
}

static const struct {
    const char *name;
    void (*set)(void);
    uint16_t suite;
    tlsdiag_suite_verdict_t verdict;
} suites[] = {
    { "usable", only_tls12, 0xc02f, TLSDIAG_SUITE_USABLE },
    { "GREASE", only_tls12, 0x0a0a, TLSDIAG_SUITE_SIGNALLING },
    { "renegotiation_info as a suite", only_tls12, 0x00ff, TLSDIAG_SUITE_SIGNALLING },
    { "not registered", only_tls12, 0x2000, TLSDIAG_SUITE_UNKNOWN },
    { "registered, but not in this OpenSSL", only_tls12, 0x0005, TLSDIAG_SUITE_UNKNOWN },
    { "TLS 1.3 suite in TLS 1.2", only_tls12, 0x1301, TLSDIAG_SUITE_OTHER_VERSION },
    { "TLS 1.2 suite in TLS 1.3", NULL, 0xc02f, TLSDIAG_SUITE_OTHER_VERSION },
    { "AEAD in TLS 1.0", tls10, 0xc02f, TLSDIAG_SUITE_OTHER_VERSION },
    { "CBC in TLS 1.0, without signature_algorithms", tls10, 0xc013, TLSDIAG_SUITE_USABLE },
    { "not configured", only_tls12, 0x002f, TLSDIAG_SUITE_NOT_CONFIGURED },
    { "below the security level", below_level, 0xc02f, TLSDIAG_SUITE_BELOW_LEVEL },
    { "needs ECDSA", only_tls12, 0xc02b, TLSDIAG_SUITE_NEEDS_ECDSA },
    { "needs RSA", ecdsa_key, 0xc02f, TLSDIAG_SUITE_NEEDS_RSA },
    { "ECDSA", ecdsa_key, 0xc02b, TLSDIAG_SUITE_USABLE },
    { "the curve of the certificate's key", ecdsa_key_p521, 0xc02b, TLSDIAG_SUITE_NO_GROUP },
    { "EdDSA goes with the ECDSA suites", ed448_key, 0xc02b, TLSDIAG_SUITE_NO_SIGNATURE },
    { "RSASSA-PSS key signs with its own schemes only", pss_key, 0xc02f, TLSDIAG_SUITE_NO_SIGNATURE },
    { "no common group", no_common_group, 0xc02f, TLSDIAG_SUITE_NO_GROUP },
    { "an FFDHE group is none for ECDHE", only_ffdhe_in_common, 0xc02f, TLSDIAG_SUITE_NO_GROUP },
    { "without supported_groups any group will do", no_groups_sent, 0xc02f, TLSDIAG_SUITE_USABLE },
    { "no common signature algorithm", no_common_signature, 0xc02f, TLSDIAG_SUITE_NO_SIGNATURE },
    { "PKCS #1 is none in TLS 1.3", tls13_pkcs1_only, 0x1301, TLSDIAG_SUITE_NO_SIGNATURE },
    { "curve and hash are free in TLS 1.2", p256_certificate_p384_hash, 0xc02b, TLSDIAG_SUITE_USABLE },
    { "curve and hash are one in TLS 1.3", p256_certificate_p384_hash_tls13, 0x1301, TLSDIAG_SUITE_NO_SIGNATURE },
    { "TLS 1.3", NULL, 0x1301, TLSDIAG_SUITE_USABLE },
};

static void judge_suites(void)
{
    for (unsigned i = 0; i < COUNT(suites); i++) {
        begin();
        if (suites[i].set) {
            suites[i].set();
        }
        facts.client_hello.cipher_suites[0] = suites[i].suite;
        facts.client_hello.cipher_suites_count = 1;
        find_gap();
        is_str(tlsdiag_suite_verdict_text((tlsdiag_suite_verdict_t)gap.suite_verdicts[0]),
               tlsdiag_suite_verdict_text(suites[i].verdict), suites[i].name);
        is_int(gap.suites[suites[i].verdict], 1, suites[i].name);
    }
}

static void judge_the_rest(void)
{
    begin();
    facts.client_hello.complete = false;
    find_gap();
    ok(!gap.known, "half a hello is not compared");
    begin();
    vhost = NULL;
    find_gap();
    ok(!gap.known, "without a vhost nothing is compared");
    is_int(gap.versions_offered, TLSDIAG_TLS12 | TLSDIAG_TLS13, "but the versions offered are known");
    begin();
    only_tls12();
    OFFER(cipher_suites, 0x002f, 0xc02b, 0x0005);
    find_gap();
    is_int(gap.closest_suite, 0xc02b, "the closest suite lacks only a certificate");
    begin();
    facts.client_hello.cipher_suites_count = 60000;
    facts.client_hello.supported_groups_count = 60000;
    facts.client_hello.signature_algorithms_count = 60000;
    facts.client_hello.supported_versions_count = 60000;
    find_gap();
    ok(gap.known, "more than is kept is not read");
}

int main(void)
{
    judge_versions();
    judge_suites();
    judge_the_rest();
    return done_testing();
}
