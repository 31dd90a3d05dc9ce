/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of versions, groups and cipher suites. */
#include "healthy.h"

static void nothing(void)
{
}

static void no_version(void)
{
    first.versions = 0;
}

static void one_version(void)
{
    first.versions = TLSDIAG_TLS13;
}

static void sslv3(void)
{
    first.versions |= TLSDIAG_SSL30;
}

static void tls10(void)
{
    first.versions |= TLSDIAG_TLS10;
}

static void tls13_off(void)
{
    first.versions = first.versions_configured = TLSDIAG_TLS12;
}

static void tls13_unknown(void)
{
    tls13_off();
    SET_CODES(first.cipher_suites_known, 0xc02b, 0xc02f);
}

static void tls13_without_suites(void)
{
    first.versions = TLSDIAG_TLS12;
    SET_CODES(first.cipher_suites, 0xc02b, 0xc02f);
}

static void blocked_by_level(void)
{
    first.versions_configured |= TLSDIAG_TLS10 | TLSDIAG_TLS11;
}

static void blocked_by_policy(void)
{
    blocked_by_level();
    first.system_policy_limits = true;
}

static void sslv3_not_built(void)
{
    first.versions_configured |= TLSDIAG_SSL30;
}

static void not_blocked(void)
{
    blocked_by_level();
    first.versions = first.versions_configured;
}

static void odd_groups(void)
{
    SET_CODES(first.groups, 25, 24);
}

static void p256_only(void)
{
    SET_CODES(first.groups, 25, 23);
}

static void classical_groups(void)
{
    SET_CODES(first.groups, 29, 23);
}

static void classical_groups_without_tls13(void)
{
    classical_groups();
    tls13_off();
}

static void old_openssl(void)
{
    classical_groups();
    SET_CODES(first.groups_known, 29, 23, 24);
}

static void dh_1024(void)
{
    first.dh_bits = 1024;
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0x009e);
}

static void dh_1024_unused(void)
{
    first.dh_bits = 1024;
}

static void null_suite(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0x003b);
}

static void anonymous_suite(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0xc018);
}

static void export_suite(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0x0008);
}

static void rc4_suite(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0xc011);
}

static void triple_des_suite(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0xc012);
}

static void aes_cbc_suite(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02b, 0xc02f, 0xc013);
}

/* The second vhost has an ECDSA key only. */
static void rsa_suites_for_ecdsa(void)
{
    SET_CODES(second.cipher_suites, 0x1301, 0xc02f, 0xc030);
}

static void ecdsa_suite_for_ecdsa(void)
{
    SET_CODES(second.cipher_suites, 0x1301, 0xc02f, 0xc02b);
}

static void tls13_only_needs_none(void)
{
    SET_CODES(second.cipher_suites, 0x1301);
    second.versions = second.versions_configured = TLSDIAG_TLS13;
}

static void ecdsa_chain_unused(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02f);
}

static void rsa_key_exchange_only(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0x009c, 0x009d);
}

static void rsa_key_exchange_too(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc02f, 0xc02b, 0x009c);
}

static void http1_rsa_key_exchange_only(void)
{
    rsa_key_exchange_only();
    SET_TEXTS(first.alpn, "http/1.1");
}

static void cbc_first(void)
{
    SET_CODES(first.cipher_suites, 0x1301, 0xc013, 0xc02f, 0xc02b);
    first.server_preference = true;
}

static void cbc_first_by_clients_choice(void)
{
    cbc_first();
    first.server_preference = false;
}

static const fault_row_t rows[] = {
    { "audit.version.none", no_version, one_version, NULL },
    { "audit.version.sslv3", sslv3, tls10, NULL },
    { "audit.version.tls10_tls11", tls10, sslv3, "TLSv1, TLSv1.2, TLSv1.3" },
    { "audit.version.tls13_off", tls13_off, tls13_unknown, "TLSv1.2 only" },
    { "audit.version.tls13_without_suites", tls13_without_suites, tls13_off, NULL },
    { "audit.version.blocked_by_security_level", blocked_by_level, blocked_by_policy, "TLSv1, TLSv1.1, but" },
    { "audit.version.blocked_by_security_level", blocked_by_level, sslv3_not_built, "level 2" },
    { "audit.version.blocked_by_policy", blocked_by_policy, blocked_by_level, "/etc/ssl/openssl.cnf" },
    { "audit.version.blocked", sslv3_not_built, not_blocked, "SSLv3, but" },
    { "audit.group.no_usual", odd_groups, p256_only, "P-521:P-384" },
    { "audit.group.no_post_quantum", classical_groups, old_openssl, "X25519:P-256" },
    { "audit.group.no_post_quantum", classical_groups, classical_groups_without_tls13, "X25519:P-256" },
    { "audit.group.post_quantum_unknown", old_openssl, classical_groups, "OpenSSL 3.5.0" },
    { "audit.group.dh_too_small", dh_1024, dh_1024_unused, "1024 bits" },
    { "audit.suite.null", null_suite, aes_cbc_suite, "TLS_RSA_WITH_NULL_SHA256" },
    { "audit.suite.anonymous", anonymous_suite, aes_cbc_suite, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA" },
    { "audit.suite.export", export_suite, aes_cbc_suite, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA" },
    { "audit.suite.rc4", rc4_suite, aes_cbc_suite, "TLS_ECDHE_RSA_WITH_RC4_128_SHA" },
    { "audit.suite.3des", triple_des_suite, aes_cbc_suite, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    { "audit.suite.none_for_certificates", rsa_suites_for_ecdsa, ecdsa_suite_for_ecdsa, NULL },
    { "audit.suite.none_for_certificates", rsa_suites_for_ecdsa, tls13_only_needs_none, NULL },
    { "audit.suite.none_for_certificate", ecdsa_chain_unused, nothing, "ECDSA secp256r1 key" },
    { "audit.suite.no_forward_secrecy", rsa_key_exchange_only, rsa_key_exchange_too, NULL },
    { "audit.suite.some_without_forward_secrecy", rsa_key_exchange_too, rsa_key_exchange_only,
      "TLS_RSA_WITH_AES_128_GCM_SHA256" },
    { "audit.h2.no_fit_suite", rsa_key_exchange_only, http1_rsa_key_exchange_only, NULL },
    { "audit.h2.forbidden_suites_first", cbc_first, cbc_first_by_clients_choice, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
};

static const char *directive_after(void (*fault)(void), const char *id)
{
    healthy();
    fault();
    const tlsdiag_finding_t *finding = found(id);
    return finding ? finding->directive : NULL;
}

static const char *with_suites_written(const char *text)
{
    healthy();
    triple_des_suite();
    first.ssl_cipher_suite.text = text;
    return found("audit.suite.3des")->directive;
}

/* Directives change no more than they must. */
static void judge_directives(void)
{
    is_str(directive_after(tls10, "audit.version.tls10_tls11"), "SSLProtocol -all +TLSv1.2 +TLSv1.3", "TLS 1.0 goes");
    is_str(directive_after(tls13_off, "audit.version.tls13_off"), "SSLProtocol -all +TLSv1.2 +TLSv1.3",
           "TLS 1.3 comes");
    is_str(directive_after(classical_groups, "audit.group.no_post_quantum"),
           "SSLOpenSSLConfCmd Groups X25519MLKEM768:X25519:P-256", "the post-quantum group comes first");
    is_str(directive_after(triple_des_suite, "audit.suite.3des"), "SSLCipherSuite DEFAULT:!3DES", "default suites");
    is_str(with_suites_written("SSL HIGH:3DES"), "SSLCipherSuite HIGH:3DES:!3DES",
           "suites as the administrator wrote them");
    is_str(with_suites_written("\"HIGH:3DES\""), "SSLCipherSuite HIGH:3DES:!3DES", "without their quotes");
    is_str(with_suites_written("SSL \"HIGH 3DES\""), "", "blanks cannot be added to");
    char many[600];
    memset(many, 'A', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    is_int((int64_t)strlen(with_suites_written(many)), (int64_t)sizeof many - 1 + 21, "a long list is kept whole");
}

int main(void)
{
    static const char *const families[] = { "audit.version.", "audit.group.", "audit.suite.", "audit.h2." };
    judge_rows(rows, sizeof rows / sizeof rows[0], families, 4);
    judge_directives();
    return done_testing();
}
