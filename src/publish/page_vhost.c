/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "iana/iana.h"

static const tlsdiag_posture_t *posture_of(const tlsdiag_view_t *view)
{
    return view->page->vhosts[view->vhost].posture;
}

void tlsdiag_part_vhost_title(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_html_text(out, posture_of(view)->name);
}

static void put_codes(tlsdiag_stream_t *out, const char *name, const tlsdiag_code_list_t *list,
                      const char *(*name_of)(uint16_t))
{
    tlsdiag_setting_open(out, name);
    for (unsigned i = 0; i < list->count; i++) {
        const char *known = name_of(list->codes[i]);
        tlsdiag_html(out, i ? ", " : "");
        tlsdiag_write_code(tlsdiag_stream_room(out, 100), list->codes[i], known);
    }
    tlsdiag_html(out, list->count ? "" : "none");
    tlsdiag_setting_close(out);
}

static void put_yes(tlsdiag_stream_t *out, const char *name, bool yes)
{
    tlsdiag_setting_text(out, name, yes ? "on" : "off");
}

static void put_versions(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture)
{
    static const char *const names[] = { "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3" };
    tlsdiag_setting_open(out, "protocol versions a client can get");
    const char *separator = "";
    for (unsigned i = 0; i < 5; i++) {
        if (posture->versions >> i & 1) {
            tlsdiag_html(out, separator);
            tlsdiag_html(out, names[i]);
            separator = ", ";
        }
    }
    for (unsigned i = 0; i < 5; i++) {
        if ((posture->versions_configured & ~posture->versions) >> i & 1) {
            tlsdiag_html(out, "; ");
            tlsdiag_html(out, names[i]);
            tlsdiag_html(out, " is configured but blocked (security level or system policy)");
        }
    }
    tlsdiag_setting_close(out);
}

static const char *verify_words(tlsdiag_verify_mode_t mode)
{
    static const char *const words[] = {
        [TLSDIAG_VERIFY_NONE] = "not asked for",
        [TLSDIAG_VERIFY_OPTIONAL] = "asked for, optional",
        [TLSDIAG_VERIFY_REQUIRE] = "required",
        [TLSDIAG_VERIFY_OPTIONAL_NO_CA] = "asked for, optional, from any CA",
    };
    return words[mode];
}

static void put_directive(tlsdiag_stream_t *out, const char *name, const tlsdiag_directive_t *directive)
{
    if (!directive->text) {
        return;
    }
    tlsdiag_setting_open(out, "as configured");
    tlsdiag_html(out, "<code>");
    tlsdiag_html(out, name);
    tlsdiag_html(out, " ");
    tlsdiag_html_text(out, directive->text);
    tlsdiag_html(out, "</code>");
    if (directive->file) {
        tlsdiag_html(out, " <small>");
        tlsdiag_html_text(out, directive->file);
        tlsdiag_html(out, ":");
        tlsdiag_stream_write_u64(out, (uint64_t)directive->line);
        tlsdiag_html(out, "</small>");
    }
    tlsdiag_setting_close(out);
}

static void put_time_limit(tlsdiag_stream_t *out, const char *name, int64_t us)
{
    tlsdiag_setting_open(out, name);
    if (us > 0) {
        tlsdiag_html_span(out, (uint64_t)us);
    } else {
        tlsdiag_html(out, us == 0 ? "none" : "not known");
    }
    tlsdiag_setting_close(out);
}

static void put_who_and_where(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture)
{
    tlsdiag_setting_text(out, "defined at", posture->defined_at);
    tlsdiag_setting_text(out, "addresses", posture->addresses);
    tlsdiag_setting_texts(out, "aliases", &posture->server_aliases);
    tlsdiag_setting_text(out, "default for its address",
                         posture->is_default ? "yes: serves who asks for no name or an unknown one" : "no");
}

static void put_sessions(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture)
{
    tlsdiag_setting_text(out, "client certificates", verify_words(posture->verify_client));
    put_directive(out, "SSLVerifyClient", &posture->verify_client_directive);
    put_yes(out, "session cache", posture->session_cache);
    put_yes(out, "session tickets", posture->session_tickets);
    put_yes(out, "OCSP stapling", posture->stapling);
    put_yes(out, "compression", posture->compression);
    put_yes(out, "insecure renegotiation", posture->insecure_renegotiation);
    put_yes(out, "strict SNI check", posture->strict_sni);
    put_yes(out, "PROXY protocol", posture->proxy_protocol);
    put_time_limit(out, "time limit (Timeout)", posture->timeout_us);
    put_time_limit(out, "handshake time limit (RequestReadTimeout)", posture->handshake_timeout_us);
}

void tlsdiag_part_vhost_settings(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_posture_t *posture = posture_of(view);
    put_who_and_where(out, posture);
    put_versions(out, posture);
    put_directive(out, "SSLProtocol", &posture->ssl_protocol);
    put_directive(out, "SSLOpenSSLConfCmd Protocol", &posture->protocol_command);
    put_directive(out, "SSLOpenSSLConfCmd MinProtocol", &posture->min_protocol_command);
    put_directive(out, "SSLOpenSSLConfCmd MaxProtocol", &posture->max_protocol_command);
    put_codes(out, "cipher suites, in order", &posture->cipher_suites, tlsdiag_iana_cipher_suite_name);
    put_directive(out, "SSLCipherSuite", &posture->ssl_cipher_suite);
    put_directive(out, "SSLCipherSuite TLSv1.3", &posture->ssl_cipher_suite_tls13);
    put_directive(out, "SSLOpenSSLConfCmd CipherString", &posture->cipher_string_command);
    put_directive(out, "SSLOpenSSLConfCmd Ciphersuites", &posture->ciphersuites_command);
    tlsdiag_setting_text(out, "who chooses", posture->server_preference ? "the server's order" : "the client's order");
    put_codes(out, "groups, in order", &posture->groups, tlsdiag_iana_group_name);
    put_directive(out, "SSLOpenSSLConfCmd", &posture->groups_directive);
    put_codes(out, "signature algorithms", &posture->signature_algorithms, tlsdiag_iana_signature_scheme_name);
    tlsdiag_setting_texts(out, "ALPN", &posture->alpn);
    put_directive(out, "Protocols", &posture->protocols);
    tlsdiag_setting_open(out, "OpenSSL's security level");
    tlsdiag_stream_write_u64(out, (uint64_t)(posture->security_level > 0 ? posture->security_level : 0));
    tlsdiag_setting_close(out);
    put_sessions(out, posture);
    tlsdiag_setting_text(out, "OpenSSL's configuration", posture->openssl_config);
}

static void put_finding(tlsdiag_stream_t *out, const tlsdiag_finding_t *finding)
{
    const char *id = tlsdiag_check_id(finding->check);
    tlsdiag_html(out, finding->severity <= TLSDIAG_SEVERITY_WARNING ? "<li class=\"problem server\"><h3>"
                                                                    : "<li class=\"problem nobody\"><h3>");
    tlsdiag_html_text(out, finding->text);
    tlsdiag_html(out, "</h3><p class=\"place\"><code class=\"cause\">");
    tlsdiag_html_text(out, id ? id : "audit");
    tlsdiag_html(out, "</code> ");
    tlsdiag_html(out, tlsdiag_severity_name(finding->severity));
    if (finding->silenced) {
        tlsdiag_html(out, ", silenced by TLSDiagAuditIgnore: ");
        tlsdiag_html_text(out, finding->reason);
    }
    tlsdiag_html(out, "</p>");
    tlsdiag_advice_html(out, finding->advice, finding->directive, "");
    tlsdiag_html(out, "</li>\n");
}

void tlsdiag_part_vhost_findings(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    unsigned count = 0;
    tlsdiag_html(out, "<ul class=\"problems\">\n");
    for (size_t i = 0; i < view->page->findings_count; i++) {
        if (view->page->findings[i].vhost == view->vhost + 1) {
            put_finding(out, &view->page->findings[i]);
            count++;
        }
    }
    tlsdiag_html(out, "</ul>\n");
    if (count == 0) {
        tlsdiag_nothing(out, view->page->inventory ? "The audit found nothing to say about this vhost."
                                                   : "No audit has been made yet.");
    }
}

static void put_cause(tlsdiag_stream_t *out, const tlsdiag_view_t *view, unsigned slot)
{
    char name[64];
    const char *cause = tlsdiag_cause_id(name, view->page, slot);
    tlsdiag_html(out, "<tr><th scope=\"row\"><a href=\"");
    tlsdiag_failures_link(out, view->page, cause, view->page->vhosts[view->vhost].slot, NULL);
    tlsdiag_html(out, "\">");
    tlsdiag_html_text(out, cause);
    tlsdiag_html(out, "</a></th><td class=\"n\">");
    tlsdiag_html_count(out, view->counts->failures[slot]);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, view->counts->suspicions[slot]);
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_part_vhost_causes(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    unsigned count = 0;
    for (unsigned slot = 0; slot < TLSDIAG_CAUSE_SLOTS; slot++) {
        if (view->counts->failures[slot] + view->counts->suspicions[slot] > 0) {
            put_cause(out, view, slot);
            count++;
        }
    }
    if (count == 0) {
        tlsdiag_nothing_row(out, 3, "None.");
    }
}
