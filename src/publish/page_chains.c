/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include "pki/key.h"

enum { KEY_TEXT = 64 }; /* "RSA-PSS 4294967295 bits", or the longest name of a group behind its kind */

static void put_key(tlsdiag_stream_t *out, const tlsdiag_certificate_t *certificate)
{
    char key[KEY_TEXT];
    tlsdiag_writer_t words = tlsdiag_writer(key, sizeof key);
    tlsdiag_key_write(&words, certificate);
    tlsdiag_setting_open(out, "key");
    tlsdiag_html_text(out, tlsdiag_writer_text(&words));
    if (certificate->signature_algorithm) {
        tlsdiag_html(out, "; signed with ");
        tlsdiag_html_text(out, certificate->signature_algorithm);
    }
    tlsdiag_setting_close(out);
}

static void put_validity(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_certificate_t *certificate)
{
    tlsdiag_setting_open(out, "valid (UTC)");
    tlsdiag_html_time(out, certificate->not_before * 1000000);
    tlsdiag_html(out, " to ");
    tlsdiag_html_time(out, certificate->not_after * 1000000);
    tlsdiag_html(out, " ");
    tlsdiag_days_left_html(out, certificate->not_after - page->snapshot->now_us / 1000000);
    tlsdiag_setting_close(out);
}

static void put_certificate(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_chain_t *chain,
                            unsigned index)
{
    const tlsdiag_certificate_t *certificate = &chain->certificates[index];
    char sha256[65];
    tlsdiag_writer_t hex = tlsdiag_writer(sha256, sizeof sha256);
    tlsdiag_write_hex_bytes(&hex, tlsdiag_bytes(certificate->sha256, sizeof certificate->sha256));
    tlsdiag_html(out, "<table class=\"facts\"><caption>");
    tlsdiag_html(out, index == 0 ? "Certificate of this server" : "Sent along");
    tlsdiag_html(out, "</caption><tbody>\n");
    tlsdiag_setting_text(out, "subject", certificate->subject);
    tlsdiag_setting_texts(out, "names", &certificate->dns_names);
    tlsdiag_setting_texts(out, "addresses", &certificate->ip_addresses);
    tlsdiag_setting_text(out, "issuer", certificate->issuer);
    put_validity(out, page, certificate);
    put_key(out, certificate);
    tlsdiag_setting_text(out, "serial", certificate->serial);
    tlsdiag_setting_text(out, "SHA-256", tlsdiag_writer_text(&hex));
    tlsdiag_setting_text(out, "must staple", certificate->must_staple ? "yes" : NULL);
    tlsdiag_setting_text(out, "OCSP", certificate->ocsp_url);
    tlsdiag_setting_text(out, "link to the next",
                         index + 1 < chain->count ? certificate->links_to_next
                                                        ? "the next certificate issued it"
                                                        : "BROKEN: the next certificate did not issue it"
                                                  : NULL);
    tlsdiag_html(out, "</tbody></table>\n");
}

static void put_chain_verdict(tlsdiag_stream_t *out, const tlsdiag_chain_t *chain)
{
    if (chain->wrong_order) {
        tlsdiag_html(out, "The chain is sent in the wrong order.");
    } else if (chain->root_sent) {
        tlsdiag_html(out, "The chain is complete; it includes the root, which clients do not need.");
    } else if (chain->complete) {
        tlsdiag_html(out, "The chain as sent is complete.");
    } else if (chain->count == 1 && chain->certificates[0].self_signed) {
        tlsdiag_html(out, "The certificate is self-signed.");
    } else if (chain->missing_issuer) {
        tlsdiag_html(out, "The chain as sent ends below ");
        tlsdiag_html_text(out, chain->missing_issuer);
        tlsdiag_html(out,
                     ", which this host's trust store does not know as a root. If it is no root, its certificate is "
                     "missing.");
    } else {
        tlsdiag_html(out, "The chain as sent does not lead to a root this host knows.");
    }
}

static void put_chain(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_chain_t *chain)
{
    tlsdiag_html(out, "<div class=\"chain\"><p>");
    if (chain->certificate_file) {
        tlsdiag_html(out, "From <code>");
        tlsdiag_html_text(out, chain->certificate_file);
        tlsdiag_html(out, "</code>. ");
    }
    put_chain_verdict(out, chain);
    tlsdiag_html(out, "</p>\n");
    for (unsigned i = 0; i < chain->count; i++) {
        put_certificate(out, page, chain, i);
    }
    tlsdiag_html(out, "</div>\n");
}

void tlsdiag_part_vhost_chains(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_posture_t *posture = view->page->vhosts[view->vhost].posture;
    for (unsigned i = 0; i < posture->chains_count; i++) {
        put_chain(out, view->page, &posture->chains[i]);
    }
    if (posture->chains_count == 0) {
        tlsdiag_nothing(out, "No certificate is loaded.");
    }
}
