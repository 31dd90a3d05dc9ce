/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/posture_text.h"

#include <string.h>

#include "iana/iana.h"
#include "pki/key.h"

static void begin(tlsdiag_writer_t *out, const char *name)
{
    tlsdiag_write(out, "    ");
    tlsdiag_write(out, name);
    tlsdiag_write(out, ":");
}

static void end(tlsdiag_writer_t *out)
{
    tlsdiag_write_char(out, '\n');
}

static void word(tlsdiag_writer_t *out, const char *text)
{
    tlsdiag_write_char(out, ' ');
    tlsdiag_write(out, text);
}

static void number(tlsdiag_writer_t *out, int64_t value)
{
    tlsdiag_write_char(out, ' ');
    tlsdiag_write_i64(out, value);
}

static void line(tlsdiag_writer_t *out, const char *name, const char *text)
{
    if (text && *text) {
        begin(out, name);
        word(out, text);
        end(out);
    }
}

static void codes(tlsdiag_writer_t *out, const char *name, tlsdiag_code_list_t list, const char *(*name_of)(uint16_t))
{
    begin(out, name);
    for (uint16_t i = 0; i < list.count; i++) {
        tlsdiag_write_char(out, ' ');
        tlsdiag_write_code(out, list.codes[i], name_of(list.codes[i]));
    }
    if (!list.count) {
        word(out, "none");
    }
    end(out);
}

static void texts(tlsdiag_writer_t *out, const char *name, tlsdiag_text_list_t list)
{
    if (!list.count) {
        return;
    }
    begin(out, name);
    for (uint16_t i = 0; i < list.count; i++) {
        word(out, list.items[i]);
    }
    end(out);
}

static void versions(tlsdiag_writer_t *out, const char *name, uint8_t bits)
{
    static const uint16_t numbers[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0304 };
    begin(out, name);
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (bits & 1U << i) {
            word(out, tlsdiag_iana_version_name(numbers[i]));
        }
    }
    if (!bits) {
        word(out, "none");
    }
    end(out);
}

static void certificate(tlsdiag_writer_t *out, const tlsdiag_certificate_t *shown)
{
    begin(out, "certificate");
    tlsdiag_write_char(out, ' ');
    tlsdiag_key_write(out, shown);
    tlsdiag_write(out, ", ");
    tlsdiag_write(out, shown->subject);
    tlsdiag_write(out, ", issued by ");
    tlsdiag_write(out, shown->self_signed ? "itself" : shown->issuer);
    tlsdiag_write(out, ", until ");
    tlsdiag_write_rfc3339(out, shown->not_after * 1000000);
    end(out);
}

static const struct {
    size_t offset;
    const char *text;
} chain_words[] = {
    { offsetof(tlsdiag_chain_t, complete), "complete" },
    { offsetof(tlsdiag_chain_t, root_known), "root-known" },
    { offsetof(tlsdiag_chain_t, root_sent), "root-sent" },
    { offsetof(tlsdiag_chain_t, wrong_order), "wrong-order" },
    { offsetof(tlsdiag_chain_t, issuer_sent), "issuer-sent" },
};

static void chain(tlsdiag_writer_t *out, const tlsdiag_chain_t *shown)
{
    for (uint16_t i = 0; i < shown->count; i++) {
        certificate(out, &shown->certificates[i]);
    }
    begin(out, "chain");
    for (size_t i = 0; i < sizeof chain_words / sizeof chain_words[0]; i++) {
        bool is_so;
        memcpy(&is_so, (const char *)shown + chain_words[i].offset, sizeof is_so);
        if (is_so) {
            word(out, chain_words[i].text);
        }
    }
    number(out, shown->message_bytes);
    word(out, "bytes");
    end(out);
    line(out, "certificate file", shown->certificate_file);
    line(out, "key file", shown->key_file);
    line(out, "chain file", shown->chain_file);
    line(out, "missing", shown->missing_issuer);
    line(out, "missing stands in", shown->missing_found_in);
    line(out, "missing from", shown->missing_issuer_url);
}

static void clients(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    static const char *const modes[] = { [TLSDIAG_VERIFY_NONE] = "none",
                                         [TLSDIAG_VERIFY_OPTIONAL] = "optional",
                                         [TLSDIAG_VERIFY_REQUIRE] = "require",
                                         [TLSDIAG_VERIFY_OPTIONAL_NO_CA] = "optional_no_ca" };
    begin(out, "client certificates");
    word(out, modes[posture->verify_client]);
    tlsdiag_write(out, ", depth");
    number(out, posture->verify_depth);
    tlsdiag_write(out, ", trusted CAs");
    number(out, posture->trusted_authorities_count);
    tlsdiag_write(out, posture->crl_check ? ", CRL checked" : "");
    tlsdiag_write(out, posture->crl_loaded ? ", CRL loaded" : "");
    if (posture->crl_next_update) {
        tlsdiag_write(out, ", CRL until ");
        tlsdiag_write_rfc3339(out, posture->crl_next_update * 1000000);
    }
    end(out);
    texts(out, "advertised CAs", posture->client_authorities);
}

static const struct {
    size_t offset;
    const char *text;
} switches[] = {
    { offsetof(tlsdiag_posture_t, is_default), "first-at-address" },
    { offsetof(tlsdiag_posture_t, server_preference), "server-preference" },
    { offsetof(tlsdiag_posture_t, session_cache), "session-cache" },
    { offsetof(tlsdiag_posture_t, session_tickets), "session-tickets" },
    { offsetof(tlsdiag_posture_t, stapling), "stapling" },
    { offsetof(tlsdiag_posture_t, stapling_responder_set), "stapling-responder-set" },
    { offsetof(tlsdiag_posture_t, compression), "compression" },
    { offsetof(tlsdiag_posture_t, insecure_renegotiation), "insecure-renegotiation" },
    { offsetof(tlsdiag_posture_t, strict_sni), "strict-sni" },
    { offsetof(tlsdiag_posture_t, proxy_protocol), "proxy-protocol" },
    { offsetof(tlsdiag_posture_t, optional_tls), "optional-tls" },
    { offsetof(tlsdiag_posture_t, server_name_guessed), "server-name-guessed" },
    { offsetof(tlsdiag_posture_t, system_policy_limits), "system-policy-limits" },
};

static void write_switches(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    begin(out, "on");
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        bool is_on;
        memcpy(&is_on, (const char *)posture + switches[i].offset, sizeof is_on);
        if (is_on) {
            word(out, switches[i].text);
        }
    }
    end(out);
}

static const struct {
    size_t offset;
    const char *name;
} directives[] = {
    { offsetof(tlsdiag_posture_t, ssl_protocol), "SSLProtocol" },
    { offsetof(tlsdiag_posture_t, ssl_cipher_suite), "SSLCipherSuite" },
    { offsetof(tlsdiag_posture_t, ssl_cipher_suite_tls13), "SSLCipherSuite TLSv1.3" },
    { offsetof(tlsdiag_posture_t, cipher_string_command), "SSLOpenSSLConfCmd CipherString" },
    { offsetof(tlsdiag_posture_t, ciphersuites_command), "SSLOpenSSLConfCmd Ciphersuites" },
    { offsetof(tlsdiag_posture_t, min_protocol_command), "SSLOpenSSLConfCmd MinProtocol" },
    { offsetof(tlsdiag_posture_t, max_protocol_command), "SSLOpenSSLConfCmd MaxProtocol" },
    { offsetof(tlsdiag_posture_t, protocol_command), "SSLOpenSSLConfCmd Protocol" },
    { offsetof(tlsdiag_posture_t, groups_directive), "SSLOpenSSLConfCmd Groups" },
    { offsetof(tlsdiag_posture_t, groups_directive_ignored), "SSLOpenSSLConfCmd Groups (without effect)" },
    { offsetof(tlsdiag_posture_t, signature_algorithms_directive), "SSLOpenSSLConfCmd SignatureAlgorithms" },
    { offsetof(tlsdiag_posture_t, client_signature_algorithms_directive),
      "SSLOpenSSLConfCmd ClientSignatureAlgorithms" },
    { offsetof(tlsdiag_posture_t, protocols), "Protocols" },
    { offsetof(tlsdiag_posture_t, verify_client_directive), "SSLVerifyClient" },
    { offsetof(tlsdiag_posture_t, verify_depth_directive), "SSLVerifyDepth" },
    { offsetof(tlsdiag_posture_t, ca_certificate_file), "SSLCACertificateFile" },
    { offsetof(tlsdiag_posture_t, ca_certificate_path), "SSLCACertificatePath" },
    { offsetof(tlsdiag_posture_t, revocation_file), "SSLCARevocationFile" },
    { offsetof(tlsdiag_posture_t, revocation_check), "SSLCARevocationCheck" },
    { offsetof(tlsdiag_posture_t, use_stapling), "SSLUseStapling" },
};

static void write_directives(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        tlsdiag_directive_t directive;
        memcpy(&directive, (const char *)posture + directives[i].offset, sizeof directive);
        if (!directive.text) {
            continue;
        }
        begin(out, directives[i].name);
        word(out, directive.text);
        tlsdiag_write(out, " (");
        tlsdiag_write(out, directive.file);
        tlsdiag_write_char(out, ':');
        tlsdiag_write_i64(out, directive.line);
        tlsdiag_write(out, ")\n");
    }
}

static void write_headline(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    tlsdiag_write(out, posture->name);
    tlsdiag_write(out, " (");
    tlsdiag_write(out, posture->defined_at);
    tlsdiag_write(out, ")\n");
    line(out, "addresses", posture->addresses);
    texts(out, "aliases", posture->server_aliases);
    line(out, "connections begin at", posture->first_vhost ? posture->first_vhost->name : NULL);
}

static void write_offer(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    versions(out, "versions", posture->versions);
    if (posture->versions != posture->versions_configured) {
        versions(out, "versions configured", posture->versions_configured);
    }
    begin(out, "security level");
    number(out, posture->security_level);
    end(out);
    codes(out, "cipher suites", posture->cipher_suites, tlsdiag_iana_cipher_suite_name);
    codes(out, "groups", posture->groups, tlsdiag_iana_group_name);
    codes(out, "signature algorithms", posture->signature_algorithms, tlsdiag_iana_signature_scheme_name);
    texts(out, "ALPN", posture->alpn);
    if (posture->dh_bits) {
        begin(out, "DH parameters");
        number(out, posture->dh_bits);
        end(out);
    }
}

static void write_timeout(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    bool own = posture->handshake_timeout_us > 0;
    begin(out, "handshake timeout");
    number(out, (own ? posture->handshake_timeout_us : posture->timeout_us) / 1000000);
    word(out, own ? "s" : "s (Timeout)");
    end(out);
}

void tlsdiag_posture_write(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture)
{
    write_headline(out, posture);
    write_offer(out, posture);
    write_timeout(out, posture);
    for (uint8_t i = 0; i < posture->chains_count; i++) {
        chain(out, &posture->chains[i]);
    }
    clients(out, posture);
    line(out, "ticket key file", posture->session_ticket_key_file);
    write_switches(out, posture);
    write_directives(out, posture);
}
