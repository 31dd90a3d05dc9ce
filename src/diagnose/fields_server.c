/* SPDX-License-Identifier: Apache-2.0 */
/* Names for what this vhost allows, and for the gap: server.*, vhost.*, gap.*, crl.*, ca.*, request.*. */
#include <string.h>

#include "diagnose/suites.h"
#include "diagnose/templates.h"
#include "iana/iana.h"
#include "iana/traits.h"
#include "pki/key.h"

TLSDIAG_FIELD(server_address)
{
    tlsdiag_write_clean(out, scene->facts->local_address);
}

TLSDIAG_FIELD(server_versions)
{
    tlsdiag_write_versions(out, scene->posture->versions);
}

TLSDIAG_FIELD(server_versions_configured)
{
    tlsdiag_write_versions(out, scene->posture->versions_configured);
}

TLSDIAG_FIELD(server_highest)
{
    tlsdiag_write_version(out, tlsdiag_version_highest(scene->posture->versions));
}

TLSDIAG_FIELD(server_security_level)
{
    tlsdiag_write_i64(out, scene->posture->security_level);
}

TLSDIAG_FIELD(server_policy)
{
    if (scene->posture->system_policy_limits) {
        tlsdiag_write(out, " (the system's policy in ");
        tlsdiag_write_clean(out, scene->posture->openssl_config ? scene->posture->openssl_config : "openssl.cnf");
        tlsdiag_write(out, " has a say too)");
    }
}

/* TLS 1.3 suites or the others, whichever the chosen version needs. */
TLSDIAG_FIELD(server_suites)
{
    enum { SUITES_NAMED = 256 };
    uint16_t codes[SUITES_NAMED], count = 0;
    tlsdiag_code_list_t all = scene->posture->cipher_suites;
    bool tls13 = scene->gap.version == TLSDIAG_VERSION_TLS13;
    for (uint16_t i = 0; i < all.count && count < SUITES_NAMED; i++) {
        if (tlsdiag_iana_suite_traits(all.codes[i]).tls13 == tls13) {
            codes[count++] = all.codes[i];
        }
    }
    tlsdiag_write_codes(out, (tlsdiag_code_list_t){ .codes = codes, .count = count }, items,
                        tlsdiag_iana_cipher_suite_name);
}

TLSDIAG_FIELD(server_groups)
{
    tlsdiag_write_codes(out, scene->posture->groups, items, tlsdiag_iana_group_name);
}

TLSDIAG_FIELD(server_sigalgs)
{
    tlsdiag_write_codes(out, scene->posture->signature_algorithms, items, tlsdiag_iana_signature_scheme_name);
}

TLSDIAG_FIELD(server_alpn)
{
    tlsdiag_write_texts(out, scene->posture->alpn, items);
}

TLSDIAG_FIELD(server_keys)
{
    for (uint8_t i = 0; i < scene->posture->chains_count; i++) {
        if (scene->posture->chains[i].count) {
            tlsdiag_write(out, i ? ", " : "");
            tlsdiag_key_write(out, &scene->posture->chains[i].certificates[0]);
        }
    }
}

TLSDIAG_FIELD(server_verify_depth)
{
    tlsdiag_write_i64(out, scene->posture->verify_depth);
}

TLSDIAG_FIELD(server_verify_client)
{
    static const char *const modes[] = { [TLSDIAG_VERIFY_NONE] = "none",
                                         [TLSDIAG_VERIFY_OPTIONAL] = "optional",
                                         [TLSDIAG_VERIFY_REQUIRE] = "require",
                                         [TLSDIAG_VERIFY_OPTIONAL_NO_CA] = "optional_no_ca" };
    tlsdiag_write(out, modes[scene->posture->verify_client]);
}

TLSDIAG_FIELD(vhost_name)
{
    tlsdiag_write_clean(out, scene->posture->name);
}

TLSDIAG_FIELD(vhost_matched)
{
    if (scene->facts->client_hello.server_name_length) {
        tlsdiag_write(out, scene->facts->negotiated.sni_matched ? "this vhost has the name"
                                                                : "no vhost has the name, the default vhost answered");
    }
}

TLSDIAG_FIELD(gap_version)
{
    tlsdiag_write_version(out, scene->gap.version);
}

/* The suite that the remedy would add, else the one that lacks the least. */
TLSDIAG_FIELD(gap_closest)
{
    uint16_t suite = scene->plan.possible && scene->plan.add_suite ? scene->plan.suite : scene->gap.closest_suite;
    if (suite) {
        tlsdiag_gap_scope_t scope = { &scene->facts->client_hello, scene->posture, scene->gap.version };
        tlsdiag_write_code(out, suite, tlsdiag_iana_cipher_suite_name(suite));
        tlsdiag_write(out, " (");
        tlsdiag_write(out, tlsdiag_suite_verdict_text(tlsdiag_suite_judge(suite, &scope)));
        tlsdiag_write_char(out, ')');
    }
}

/* The offered suites that share a verdict: "not in SSLCipherSuite: A, B and 3 more". */
static void write_verdict(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene, unsigned items,
                          tlsdiag_suite_verdict_t verdict)
{
    const tlsdiag_client_hello_t *hello = &scene->facts->client_hello;
    uint16_t codes[TLSDIAG_CIPHER_SUITES_KEPT], count = 0;
    for (uint16_t i = 0; i < hello->cipher_suites_count && i < TLSDIAG_CIPHER_SUITES_KEPT; i++) {
        if (scene->gap.suite_verdicts[i] == verdict) {
            codes[count++] = hello->cipher_suites[i];
        }
    }
    tlsdiag_write(out, tlsdiag_suite_verdict_text(verdict));
    tlsdiag_write(out, ": ");
    tlsdiag_write_codes(out, (tlsdiag_code_list_t){ .codes = codes, .count = count }, items,
                        tlsdiag_iana_cipher_suite_name);
}

/* Every offered suite has its reason; when they are many, each reason names a few so that all reasons have room. */
TLSDIAG_FIELD(gap_why)
{
    enum { NAMED_EACH = 3 };
    size_t start = out->length;
    for (unsigned v = TLSDIAG_SUITE_VERDICTS; v-- > TLSDIAG_SUITE_UNKNOWN;) {
        if (scene->gap.known && scene->gap.suites[v]) {
            tlsdiag_write(out, out->length > start ? "; " : "");
            write_verdict(out, scene, items < NAMED_EACH ? items : NAMED_EACH, (tlsdiag_suite_verdict_t)v);
        }
    }
}

TLSDIAG_FIELD(gap_closest_group)
{
    uint16_t group = scene->plan.add_group;
    if (group) {
        tlsdiag_write_code(out, group, tlsdiag_iana_group_name(group));
    }
}

/* Where to write it, when the vhost that the client reached is not the one whose groups count. */
TLSDIAG_FIELD(group_where)
{
    const tlsdiag_posture_t *first = scene->posture->first_vhost;
    if (first) {
        tlsdiag_write(out, " The groups of this address are those of its first vhost, ");
        tlsdiag_write_clean(out, first->name);
        tlsdiag_write(out, first->defined_at ? " (" : "");
        tlsdiag_write_clean(out, first->defined_at);
        tlsdiag_write(out, first->defined_at ? "): set them there." : ": set them there.");
    }
}

TLSDIAG_FIELD(sigalg_refused_by)
{
    if (scene->posture->security_level > 0) {
        tlsdiag_write(out, "OpenSSL's security level ");
        tlsdiag_write_i64(out, scene->posture->security_level);
        tlsdiag_write(out, " refuses");
    } else {
        tlsdiag_write(out, "are not among the signature algorithms of this vhost");
    }
}

static bool offers_pkcs1_only(const tlsdiag_client_hello_t *hello)
{
    for (uint16_t i = 0; i < hello->signature_algorithms_count && i < TLSDIAG_SIGNATURE_SCHEMES_KEPT; i++) {
        tlsdiag_signature_traits_t traits = tlsdiag_iana_signature_traits(hello->signature_algorithms[i]);
        if (traits.signer != TLSDIAG_SIGNER_RSA || traits.tls13) {
            return false;
        }
    }
    return hello->signature_algorithms_count > 0;
}

TLSDIAG_FIELD(sigalg_pkcs1_only)
{
    if (scene->gap.version == TLSDIAG_VERSION_TLS13 && offers_pkcs1_only(&scene->facts->client_hello)) {
        tlsdiag_write(
            out, " But this client offers rsa_pkcs1 schemes alone, which in TLS 1.3 are for certificates and sign no "
                 "handshake (RFC 8446 4.2.3): correct the client.");
    }
}

static bool has_rsa_key(const tlsdiag_posture_t *posture)
{
    for (uint8_t i = 0; i < posture->chains_count; i++) {
        const tlsdiag_chain_t *chain = &posture->chains[i];
        if (chain->count && chain->certificates[0].key_type == TLSDIAG_KEY_RSA) {
            return true;
        }
    }
    return posture->chains_count == 0;
}

TLSDIAG_FIELD(suite_needs_rsa)
{
    if (!has_rsa_key(scene->posture)) {
        tlsdiag_write(out, " and add an RSA certificate, which that suite needs");
    }
}

/* The first curve that the client takes a certificate's key on, by OpenSSL's name; NULL: it says that it takes none. */
static const char *curve_taken(const tlsdiag_client_hello_t *hello)
{
    static const struct {
        uint16_t group;
        const char *name;
    } curves[] = { { 23, "prime256v1" }, { 24, "secp384r1" }, { 25, "secp521r1" } };
    tlsdiag_code_list_t offered =
        tlsdiag_codes_kept(hello->supported_groups, hello->supported_groups_count, TLSDIAG_GROUPS_KEPT);
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        if (tlsdiag_codes_contain(offered, curves[i].group)) {
            return curves[i].name;
        }
    }
    return hello->has_supported_groups ? NULL : curves[0].name;
}

TLSDIAG_FIELD(ecdsa_curve)
{
    const char *curve = curve_taken(&scene->facts->client_hello);
    tlsdiag_write(out, curve ? curve : "prime256v1");
}

TLSDIAG_FIELD(ecdsa_no_curve)
{
    if (!curve_taken(&scene->facts->client_hello)) {
        tlsdiag_write(
            out,
            " But this client's supported_groups have no curve that a certificate's key can be on: correct the client first.");
    }
}

TLSDIAG_FIELD(gap_closest_sigalg)
{
    uint16_t scheme = scene->plan.add_signature;
    if (scheme) {
        tlsdiag_write_code(out, scheme, tlsdiag_iana_signature_scheme_name(scheme));
    }
}

TLSDIAG_FIELD(crl_when)
{
    if (scene->posture->crl_next_update) {
        tlsdiag_write(out, ": the next one was due on ");
        tlsdiag_write_date(out, scene->posture->crl_next_update);
    }
}

TLSDIAG_FIELD(crl_next_update)
{
    tlsdiag_write_date(out, scene->posture->crl_next_update);
}

static void write_directive(tlsdiag_writer_t *out, const tlsdiag_directive_t *directive, const char *otherwise)
{
    tlsdiag_write_clean(out, directive->text ? directive->text : otherwise);
}

TLSDIAG_FIELD(crl_file)
{
    write_directive(out, &scene->posture->revocation_file, "SSLCARevocationFile");
}

TLSDIAG_FIELD(ca_file)
{
    write_directive(out, &scene->posture->ca_certificate_file, "SSLCACertificateFile");
}

TLSDIAG_FIELD(request_authorities)
{
    tlsdiag_write_texts(out, scene->posture->client_authorities, items);
}

TLSDIAG_FIELD(request_sigalgs)
{
    const tlsdiag_negotiated_t *negotiated = &scene->facts->negotiated;
    tlsdiag_write_codes(out,
                        tlsdiag_codes_kept(negotiated->requested_signature_algorithms,
                                           negotiated->requested_signature_algorithms_count,
                                           TLSDIAG_SIGNATURE_SCHEMES_KEPT),
                        items, tlsdiag_iana_signature_scheme_name);
}

const tlsdiag_field_t tlsdiag_server_fields[] = {
    { TLSDIAG_NAMED("server.address", server_address) },
    { TLSDIAG_NAMED("server.versions", server_versions) },
    { TLSDIAG_NAMED("server.versions_configured", server_versions_configured) },
    { TLSDIAG_NAMED("server.highest", server_highest) },
    { TLSDIAG_NAMED("server.security_level", server_security_level) },
    { TLSDIAG_NAMED("server.policy", server_policy) },
    { TLSDIAG_NAMED("server.suites", server_suites) },
    { TLSDIAG_NAMED("server.groups", server_groups) },
    { TLSDIAG_NAMED("server.sigalgs", server_sigalgs) },
    { TLSDIAG_NAMED("server.alpn", server_alpn) },
    { TLSDIAG_NAMED("server.keys", server_keys) },
    { TLSDIAG_NAMED("server.verify_depth", server_verify_depth) },
    { TLSDIAG_NAMED("server.verify_client", server_verify_client) },
    { TLSDIAG_NAMED("vhost.name", vhost_name) },
    { TLSDIAG_NAMED("vhost.matched", vhost_matched) },
    { TLSDIAG_NAMED("gap.version", gap_version) },
    { TLSDIAG_NAMED("gap.closest", gap_closest) },
    { TLSDIAG_NAMED("gap.why", gap_why) },
    { TLSDIAG_NAMED("gap.closest_group", gap_closest_group) },
    { TLSDIAG_NAMED("group.where", group_where) },
    { TLSDIAG_NAMED("gap.closest_sigalg", gap_closest_sigalg) },
    { TLSDIAG_NAMED("sigalg.refused_by", sigalg_refused_by) },
    { TLSDIAG_NAMED("sigalg.pkcs1_only", sigalg_pkcs1_only) },
    { TLSDIAG_NAMED("suite.needs_rsa", suite_needs_rsa) },
    { TLSDIAG_NAMED("ecdsa.curve", ecdsa_curve) },
    { TLSDIAG_NAMED("ecdsa.no_curve", ecdsa_no_curve) },
    { TLSDIAG_NAMED("crl.when", crl_when) },
    { TLSDIAG_NAMED("crl.next_update", crl_next_update) },
    { TLSDIAG_NAMED("crl.file", crl_file) },
    { TLSDIAG_NAMED("ca.file", ca_file) },
    { TLSDIAG_NAMED("request.authorities", request_authorities) },
    { TLSDIAG_NAMED("request.sigalgs", request_sigalgs) },
    { NULL, 0, NULL, false },
};
