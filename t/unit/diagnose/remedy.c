/* SPDX-License-Identifier: Apache-2.0 */
/* Remedies as text: the administrator's own words and the smallest addition; every gap of a client at once, or nothing. */
#include "handshake.h"

#include "diagnose/cipher_string.h"
#include "iana/openssl_names.h"

typedef struct row {
    const char *name;
    void (*set)(void);
    const char *remedy;
} row_t;

static void offer_up_to(uint16_t version)
{
    facts.client_hello.has_supported_versions = false;
    facts.client_hello.legacy_version = version;
}

static void only_tls12(void)
{
    posture.versions = posture.versions_configured = TLSDIAG_TLS12;
    OFFER(supported_versions, 0x0303);
}

static void tls13_only_client(void)
{
    posture.versions = posture.versions_configured = TLSDIAG_TLS12;
    OFFER(supported_versions, 0x0304);
    we_refuse(258, 70);
}

static void tls12_client_at_tls13_vhost(void)
{
    posture.versions = posture.versions_configured = TLSDIAG_TLS13;
    offer_up_to(0x0303);
    we_refuse(258, 70);
}

static void tls11_client(void)
{
    offer_up_to(0x0302);
    OFFER(cipher_suites, 0xc013, 0x002f);
    we_refuse(258, 70);
}

static void tls11_client_below_min_protocol(void)
{
    tls11_client();
    posture.min_protocol_command.text = "TLSv1.2";
    posture.cipher_string_command.text = "HIGH:!aNULL";
    posture.ssl_cipher_suite.text = "ECDHE+AESGCM";
}

static void tls11_client_below_max_protocol(void)
{
    tls11_client();
    posture.max_protocol_command.text = "TLSv1.3";
}

static void tls11_client_and_protocol_command(void)
{
    tls11_client();
    posture.protocol_command.text = "-TLSv1.1";
}

static void tls10_client(void)
{
    offer_up_to(0x0301);
    OFFER(cipher_suites, 0xc013, 0x002f);
    we_refuse(258, 70);
}

static void tls11_client_at_ed25519_vhost(void)
{
    tls11_client();
    OFFER(cipher_suites, 0xc009, 0xc013);
    certificates[0].key_type = TLSDIAG_KEY_ED25519;
}

static void rsa_exchange_and_no_common_scheme(void)
{
    only_tls12();
    OFFER(cipher_suites, 0x002f, 0x009c);
    OFFER(signature_algorithms, 0x0709);
    we_refuse(193, 40);
}

static void tls11_client_and_no_common_suite(void)
{
    tls11_client();
    OFFER(cipher_suites, 0x002f, 0x000a);
    posture.ssl_cipher_suite.text = "HIGH:!aNULL:!kRSA";
}

static void tls11_client_with_rc4_only(void)
{
    tls11_client();
    OFFER(cipher_suites, 0x0004, 0x0005);
}

static void tls11_configured(void)
{
    posture.versions_configured = TLSDIAG_TLS11 | TLSDIAG_TLS12;
    posture.versions = TLSDIAG_TLS12;
    posture.ssl_cipher_suite.text = "HIGH:@SECLEVEL=2:!aNULL";
    offer_up_to(0x0302);
    OFFER(cipher_suites, 0xc013);
    we_refuse(118, 80);
}

static void no_common_suite(void)
{
    only_tls12();
    OFFER(cipher_suites, 0xc02f, 0xc02b);
    SET_CODES(posture.cipher_suites, 0xc030);
    posture.cipher_suites_configured = posture.cipher_suites;
    posture.ssl_cipher_suite.text = "ECDHE-RSA-AES256-GCM-SHA384";
    we_refuse(193, 40);
}

static void no_common_suite_and_no_common_group(void)
{
    no_common_suite();
    OFFER(supported_groups, 25);
}

static void no_common_suite_and_a_group_openssl_lacks(void)
{
    no_common_suite();
    OFFER(supported_groups, 0x11ec);
}

static void only_ecdsa_suites(void)
{
    only_tls12();
    OFFER(cipher_suites, 0xc02b);
    we_refuse(193, 40);
}

static void no_common_suite_tls13(void)
{
    OFFER(supported_versions, 0x0304);
    OFFER(cipher_suites, 0x1301);
    SET_CODES(posture.cipher_suites, 0x1302, 0xc030);
    posture.cipher_suites_configured = posture.cipher_suites;
    we_refuse(193, 40);
}

static void no_common_group(void)
{
    OFFER(supported_groups, 25);
    we_refuse(101, 40);
}

static void no_common_group_behind_another_vhost(void)
{
    static const tlsdiag_posture_t first = { .name = "first.example.net:443" };
    no_common_group();
    posture.first_vhost = &first;
}

static void no_common_signature(void)
{
    OFFER(signature_algorithms, 0x0804);
    SET_CODES(posture.signature_algorithms, 0x0806, 0x0601);
    posture.signature_algorithms_directive.text = "SignatureAlgorithms RSA-PSS+SHA512:RSA+SHA512";
    we_refuse(118, 40);
}

/* An ECDSA key that no TLS 1.3 client can make use of: the version is chosen all the same (OpenSSL: reason 376). */
static void no_signature_for_anybody(void)
{
    static tlsdiag_chain_t chain;
    static tlsdiag_certificate_t certificate;
    certificate = posture.chains[0].certificates[0];
    certificate.key_type = TLSDIAG_KEY_ECDSA;
    certificate.key_group = 23;
    chain = (tlsdiag_chain_t){ .certificates = &certificate, .count = 1 };
    posture.chains = &chain;
    posture.chains_count = 1;
    posture.versions = 0;
    OFFER(supported_versions, 0x0304);
    OFFER(signature_algorithms, 0x0403);
    SET_CODES(posture.signature_algorithms, 0x0804, 0x0401);
    posture.signature_algorithms_directive.text = "SignatureAlgorithms RSA-PSS+SHA256:RSA+SHA256";
    we_refuse(376, 40);
}

static void wrong_kind_of_key(void)
{
    OFFER(signature_algorithms, 0x0403);
    we_refuse(118, 40);
}

static void sha1_only(void)
{
    only_tls12();
    OFFER(cipher_suites, 0xc02f);
    OFFER(signature_algorithms, 0x0201);
    we_refuse(118, 40);
}

static void small_dh(void)
{
    OFFER(cipher_suites, 0xc02f, 0x009e);
    SET_CODES(posture.cipher_suites, 0x009e);
    posture.cipher_suites_configured = posture.cipher_suites;
    posture.ssl_cipher_suite.text = "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0";
    posture.security_level = 0;
    we_answer(0x0303);
    facts.negotiated.cipher_suite = 0x009e;
    facts.negotiated.dh_bits = 1024;
    client_says(40);
}

static void small_dh_and_no_ecdhe(void)
{
    small_dh();
    OFFER(cipher_suites, 0x009e);
}

static void small_dh_and_no_groups_in_force(void)
{
    small_dh();
    posture.groups.count = 0;
}

static void offer_h2(void)
{
    memcpy(facts.client_hello.alpn, "\2h2", 3);
    facts.client_hello.alpn_bytes = 3;
    facts.client_hello.alpn_count = 1;
    facts.client_hello.has_alpn = true;
    strcpy(facts.negotiated.alpn, "http/1.1");
    we_answer(0x0304);
    client_says(110);
}

static void offer_h2_spoken_already(void)
{
    offer_h2();
    SET_TEXTS(posture.alpn, "h2", "http/1.1");
}

static void offer_h2_and_a_protocol_twice(void)
{
    offer_h2();
    SET_TEXTS(posture.alpn, "http/1.1", "http/1.0", "http/1.1");
}

static void offer_h2_without_the_module(void)
{
    offer_h2();
    posture.http2_loaded = false;
}

static void proxy_header(void)
{
    first_bytes("PROXY TCP4 192.0.2.9 192.0.2.1 5 443\r\n", 38);
}

static void proxy_header_of_an_unknown_family(void)
{
    first_bytes("PROXY UNKNOWN\r\n", 15);
}

static void proxy_header_without_the_module(void)
{
    proxy_header();
    posture.remoteip_loaded = false;
}

static void no_certificate(void)
{
    verify_fails(0, 116);
    facts.openssl_errors[0].reason = 199;
}

static void no_certificate_for_a_directory(void)
{
    no_certificate();
    posture.verify_client = TLSDIAG_VERIFY_NONE;
}

static void certificate_wanted_after_the_request(void)
{
    complete();
    facts.renegotiating = facts.post_handshake_authentication = facts.request_seen = true;
    facts.ended_by = TLSDIAG_ENDED_ERROR;
    facts.certificate_wanted = true;
    posture.trusted_authorities_count = 1;
}

static void certificate_wanted_again(void)
{
    certificate_wanted_after_the_request();
    posture.verify_client = TLSDIAG_VERIFY_OPTIONAL;
}

static void asked_and_closed(void)
{
    we_answer(0x0304);
    posture.verify_client = TLSDIAG_VERIFY_REQUIRE;
    facts.negotiated.certificate_requested = true;
    client_closes();
}

static void deep_chain(void)
{
    verify_fails(0, 80);
    facts.verification.depth = 2;
}

static void deep_chain_for_a_directory(void)
{
    deep_chain();
    facts.established = facts.renegotiating = true;
}

static void expired_crl(void)
{
    verify_fails(12, 46);
    posture.crl_check = true;
}

static void missing_crl(void)
{
    verify_fails(3, 48);
    posture.crl_check = true;
    posture.revocation_check.text = "chain";
}

static void unknown_client_ca(void)
{
    verify_fails(20, 48);
}

static const row_t rows[] = {
    { "TLS 1.3 only client", tls13_only_client, "SSLProtocol -all +TLSv1.2 +TLSv1.3" },
    { "TLS 1.2 client, TLS 1.3 vhost", tls12_client_at_tls13_vhost, "SSLProtocol -all +TLSv1.2 +TLSv1.3" },
    { "TLS 1.1 client", tls11_client,
      "SSLProtocol -all +TLSv1.1 +TLSv1.2 +TLSv1.3\nSSLCipherSuite DEFAULT:@SECLEVEL=0" },
    { "TLS 1.1 client, and a command sets the lowest version and the suites", tls11_client_below_min_protocol,
      "SSLOpenSSLConfCmd MinProtocol TLSv1.1\nSSLOpenSSLConfCmd CipherString HIGH:!aNULL:@SECLEVEL=0" },
    { "TLS 1.1 client, and a command sets the highest version", tls11_client_below_max_protocol,
      "SSLProtocol -all +TLSv1.1 +TLSv1.2 +TLSv1.3\nSSLCipherSuite DEFAULT:@SECLEVEL=0" },
    { "TLS 1.1 client, and the command Protocol", tls11_client_and_protocol_command, "" },
    { "TLS 1.0 client: mod_ssl allows no hole between versions", tls10_client,
      "SSLProtocol -all +TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3\nSSLCipherSuite DEFAULT:@SECLEVEL=0" },
    { "TLS 1.1 client at a vhost with an Ed25519 key", tls11_client_at_ed25519_vhost, "" },
    { "RSA key exchange, and OpenSSL finds no signature algorithm before it looks", rsa_exchange_and_no_common_scheme,
      "" },
    { "TLS 1.1 client that shares no suite either", tls11_client_and_no_common_suite,
      "SSLProtocol -all +TLSv1.1 +TLSv1.2 +TLSv1.3\nSSLCipherSuite HIGH:!aNULL:-kRSA:AES128-SHA:@SECLEVEL=0" },
    { "TLS 1.1 client with broken suites only", tls11_client_with_rc4_only, "" },
    { "TLS 1.1 is configured and blocked", tls11_configured, "SSLCipherSuite HIGH:!aNULL:@SECLEVEL=0" },
    { "no common suite", no_common_suite, "SSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256" },
    { "no common suite, no common group", no_common_suite_and_no_common_group,
      "SSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256\n"
      "SSLOpenSSLConfCmd Groups X25519:P-256:P-384:P-521" },
    { "no common suite, and a group that OpenSSL has not got", no_common_suite_and_a_group_openssl_lacks, "" },
    { "ECDSA suites at an RSA vhost", only_ecdsa_suites, "" },
    { "no common TLS 1.3 suite", no_common_suite_tls13,
      "SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256" },
    { "no common group", no_common_group, "SSLOpenSSLConfCmd Groups X25519:P-256:P-384:P-521" },
    { "no common group, and the groups of another vhost count", no_common_group_behind_another_vhost, "" },
    { "no common signature algorithm", no_common_signature,
      "SSLOpenSSLConfCmd SignatureAlgorithms rsa_pss_rsae_sha512:RSA+SHA512:rsa_pss_rsae_sha256" },
    { "no signature algorithm for anybody", no_signature_for_anybody,
      "SSLOpenSSLConfCmd SignatureAlgorithms rsa_pss_rsae_sha256:RSA+SHA256:ECDSA+SHA256" },
    { "wrong kind of key", wrong_kind_of_key, "" },
    { "SHA-1 only", sha1_only, "SSLCipherSuite DEFAULT:@SECLEVEL=0" },
    { "small DH group", small_dh,
      "SSLCipherSuite DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0:ECDHE-RSA-AES128-GCM-SHA256:+kDHE\nSSLHonorCipherOrder on" },
    { "small DH group where no groups are in force yet", small_dh_and_no_groups_in_force,
      "SSLCipherSuite DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0:ECDHE-RSA-AES128-GCM-SHA256:+kDHE\nSSLHonorCipherOrder on" },
    { "small DH group, and nothing else", small_dh_and_no_ecdhe, "" },
    { "h2", offer_h2, "Protocols h2 http/1.1" },
    { "h2, which the vhost has", offer_h2_spoken_already, "" },
    { "h2, and one that is written twice", offer_h2_and_a_protocol_twice, "Protocols h2 http/1.1 http/1.0" },
    { "h2 without mod_http2", offer_h2_without_the_module, "" },
    { "PROXY header", proxy_header, "RemoteIPProxyProtocol On" },
    { "PROXY header that mod_remoteip would refuse", proxy_header_of_an_unknown_family, "" },
    { "PROXY header without mod_remoteip", proxy_header_without_the_module, "" },
    { "no client certificate", no_certificate, "SSLVerifyClient optional" },
    { "no client certificate for a directory", no_certificate_for_a_directory, "" },
    { "client certificate wanted after the request", certificate_wanted_after_the_request, "SSLVerifyClient require" },
    { "client certificate wanted after the request, and the vhost had asked", certificate_wanted_again, "" },
    { "client that closes when asked", asked_and_closed, "" },
    { "deep chain", deep_chain, "SSLVerifyDepth 2" },
    { "deep chain for a directory", deep_chain_for_a_directory, "" },
    { "expired CRL", expired_crl, "SSLCARevocationCheck none" },
    { "missing CRL", missing_crl, "SSLCARevocationCheck chain no_crl_for_cert_ok" },
    { "unknown client CA: the file is not there", unknown_client_ca, "" },
};

static const struct {
    const char *name;
    const char *configured;
    uint16_t suite;
    int level;
    const char *written; /* NULL: it cannot be done */
} strings[] = {
    { "nothing configured", NULL, 0, 0, "DEFAULT:@SECLEVEL=0" },
    { "DEFAULT removes for good, so it is written out", NULL, 0x0041, TLSDIAG_LEVEL_STAYS,
      "ALL:-COMPLEMENTOFDEFAULT:-eNULL:CAMELLIA128-SHA" },
    { "a word that hits the suite", "HIGH:!AES128", 0xc02f, TLSDIAG_LEVEL_STAYS,
      "HIGH:-AES128:ECDHE-RSA-AES128-GCM-SHA256" },
    { "words that do not", "HIGH:!CAMELLIA:!aNULL:!MD5", 0xc02f, TLSDIAG_LEVEL_STAYS,
      "HIGH:!CAMELLIA:!aNULL:!MD5:ECDHE-RSA-AES128-GCM-SHA256" },
    { "a word not known here may hit", "HIGH:!NEWWORD", 0xc02f, TLSDIAG_LEVEL_STAYS,
      "HIGH:-NEWWORD:ECDHE-RSA-AES128-GCM-SHA256" },
    { "quotes and the optional SSL", "SSL \"HIGH:!aNULL\"", 0, 1, "HIGH:!aNULL:@SECLEVEL=1" },
    { "other separators", "HIGH, !aNULL", 0, 1, "HIGH:!aNULL:@SECLEVEL=1" },
    { "no separator before a !", "HIGH!AES128!aNULL", 0xc02f, TLSDIAG_LEVEL_STAYS,
      "HIGH:-AES128:!aNULL:ECDHE-RSA-AES128-GCM-SHA256" },
    { "what is joined is not read behind a word that OpenSSL does not know", "HIGH:NEWWORD!AES128!AES256", 0, 0,
      "HIGH:NEWWORD!AES128!AES256:@SECLEVEL=0" },
    { "nor behind a command", "HIGH:@SECLEVEL=1!AES128,!aNULL", 0, 0, "HIGH:!aNULL:@SECLEVEL=0" },
    { "nor behind a DEFAULT that is not the first, which is no word", "AES128:DEFAULT!AES128:!aNULL", 0xc02f, 0,
      "AES128:!aNULL:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0" },
    { "but behind the first", "DEFAULT!AES128!aNULL", 0xc02f, TLSDIAG_LEVEL_STAYS,
      "ALL:-COMPLEMENTOFDEFAULT:-eNULL:-AES128:!aNULL:ECDHE-RSA-AES128-GCM-SHA256" },
    { "an operator with nothing behind it", "HIGH:!", 0xc02f, TLSDIAG_LEVEL_STAYS, "HIGH:ECDHE-RSA-AES128-GCM-SHA256" },
    { "no separator before the level", "DEFAULT@SECLEVEL=2", 0x0041, 0,
      "ALL:-COMPLEMENTOFDEFAULT:-eNULL:CAMELLIA128-SHA:@SECLEVEL=0" },
    { "the level is replaced", "ALL:@SECLEVEL=2", 0, 0, "ALL:@SECLEVEL=0" },
    { "the level stays", "ALL:@SECLEVEL=0", 0xc02f, TLSDIAG_LEVEL_STAYS,
      "ALL:@SECLEVEL=0:ECDHE-RSA-AES128-GCM-SHA256" },
    { "a distribution's profile", "PROFILE=SYSTEM", 0, 0, NULL },
    { "a suite without a name", "HIGH", 0xc0ff, TLSDIAG_LEVEL_STAYS, NULL },
};

static void judge_strings(void)
{
    for (unsigned i = 0; i < COUNT(strings); i++) {
        char text[256];
        tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
        bool done = tlsdiag_cipher_string_write(&out, strings[i].configured, strings[i].suite, strings[i].level);
        is_str(done ? tlsdiag_writer_text(&out) : NULL, strings[i].written, strings[i].name);
    }
}

static void judge_bounds(void)
{
    char text[20];
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    ok(!tlsdiag_cipher_string_write(&out, "HIGH:MEDIUM:LOW:!aNULL", 0xc02f, 0),
       "a string that does not fit is no remedy");
}

int main(void)
{
    static tlsdiag_diagnosis_t diagnosis;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        rows[i].set();
        tlsdiag_diagnose(&diagnosis, &facts, vhost, &experience);
        if (!is_str(diagnosis.remedy, rows[i].remedy, rows[i].name)) {
            printf("# %s: %s\n", diagnosis.cause, diagnosis.says);
        }
    }
    judge_strings();
    judge_bounds();
    is_str(tlsdiag_openssl_suite_name(0xc02f), "ECDHE-RSA-AES128-GCM-SHA256", "a suite's name");
    is_str(tlsdiag_openssl_suite_name(0x1301), "TLS_AES_128_GCM_SHA256", "a TLS 1.3 suite's name");
    is_str(tlsdiag_openssl_suite_name(0x0a0a), NULL, "GREASE has none");
    is_str(tlsdiag_openssl_group_name(23), "P-256", "a group's name that 1.1.1 knows too");
    return done_testing();
}
