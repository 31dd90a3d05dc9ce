/* SPDX-License-Identifier: Apache-2.0 */
/* Names for our certificate and its health: cert.*, chain.*, health.*, staple.*, size.*, and the certificate at fault. */
#include <string.h>

#include "diagnose/templates.h"
#include "pki/key.h"

/* The certificate at a place of the chain that was served; one without content when it is not known. */
static const tlsdiag_certificate_t *served(const tlsdiag_scene_t *scene, uint16_t place)
{
    static const tlsdiag_certificate_t unknown;
    const tlsdiag_chain_t *chain = scene->health.chain;
    return chain && place < chain->count ? &chain->certificates[place] : &unknown;
}

static const tlsdiag_chain_t *chain_of(const tlsdiag_scene_t *scene)
{
    static const tlsdiag_chain_t unknown;
    return scene->health.chain ? scene->health.chain : &unknown;
}

/* "the certificate CN=..." for the leaf, "the CA certificate CN=..." for what is sent with it. */
static void write_what(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene, uint16_t place)
{
    tlsdiag_write(out, place ? "the CA certificate " : "the certificate ");
    tlsdiag_write_clean(out, served(scene, place)->subject);
}

#define OF_CERTIFICATE(function, place, write)                           \
    TLSDIAG_FIELD(function)                                              \
    {                                                                    \
        const tlsdiag_certificate_t *certificate = served(scene, place); \
        write;                                                           \
    }

OF_CERTIFICATE(cert_subject, 0, tlsdiag_write_clean(out, certificate->subject))
OF_CERTIFICATE(cert_issuer, 0, tlsdiag_write_clean(out, certificate->issuer))
OF_CERTIFICATE(cert_serial, 0, tlsdiag_write_clean(out, certificate->serial))
OF_CERTIFICATE(cert_not_before, 0, tlsdiag_write_date(out, certificate->not_before))
OF_CERTIFICATE(cert_not_after, 0, tlsdiag_write_date(out, certificate->not_after))
OF_CERTIFICATE(cert_key, 0, tlsdiag_key_write(out, certificate))
OF_CERTIFICATE(cert_ocsp_url, 0, tlsdiag_write_clean(out, certificate->ocsp_url))
OF_CERTIFICATE(expired_subject, scene->health.expired, tlsdiag_write_clean(out, certificate->subject))
OF_CERTIFICATE(expired_not_after, scene->health.expired, tlsdiag_write_date(out, certificate->not_after))
OF_CERTIFICATE(early_subject, scene->health.not_yet_valid, tlsdiag_write_clean(out, certificate->subject))
OF_CERTIFICATE(early_not_before, scene->health.not_yet_valid, tlsdiag_write_date(out, certificate->not_before))
OF_CERTIFICATE(weak_subject, scene->health.weak, tlsdiag_write_clean(out, certificate->subject))
OF_CERTIFICATE(weak_key, scene->health.weak, tlsdiag_key_write(out, certificate))
OF_CERTIFICATE(weak_signature, scene->health.weak, tlsdiag_write_clean(out, certificate->signature_algorithm))
OF_CERTIFICATE(critical_subject, scene->health.critical, tlsdiag_write_clean(out, certificate->subject))
OF_CERTIFICATE(critical_oid, scene->health.critical, tlsdiag_write_clean(out, certificate->unknown_critical))
OF_CERTIFICATE(constrained_subject, scene->health.constraining, tlsdiag_write_clean(out, certificate->subject))

TLSDIAG_FIELD(expired_what)
{
    write_what(out, scene, scene->health.expired);
}

TLSDIAG_FIELD(early_what)
{
    write_what(out, scene, scene->health.not_yet_valid);
}

TLSDIAG_FIELD(cert_file)
{
    tlsdiag_write_clean(out,
                        chain_of(scene)->certificate_file ? chain_of(scene)->certificate_file : "SSLCertificateFile");
}

TLSDIAG_FIELD(cert_key_file)
{
    tlsdiag_write_clean(out, chain_of(scene)->key_file ? chain_of(scene)->key_file : "SSLCertificateKeyFile");
}

TLSDIAG_FIELD(cert_names)
{
    const tlsdiag_certificate_t *leaf = served(scene, 0);
    size_t start = out->length;
    tlsdiag_write_texts(out, leaf->dns_names, items);
    if (leaf->ip_addresses.count) {
        tlsdiag_write(out, out->length > start ? ", " : "");
        tlsdiag_write_texts(out, leaf->ip_addresses, items);
    }
    if (out->length == start && scene->health.chain) {
        tlsdiag_write(out, "no name");
    }
}

TLSDIAG_FIELD(cert_usage)
{
    const tlsdiag_certificate_t *leaf = served(scene, 0);
    if (leaf->has_extended_key_usage) {
        tlsdiag_write(out, "extendedKeyUsage ");
        tlsdiag_write(out, leaf->usage_server_auth   ? "with serverAuth"
                           : leaf->usage_client_auth ? "clientAuth without serverAuth"
                                                     : "without serverAuth");
    }
    if (leaf->has_key_usage && !leaf->usage_digital_signature) {
        tlsdiag_write(out, leaf->has_extended_key_usage ? ", " : "");
        tlsdiag_write(out, "keyUsage without digitalSignature");
    }
}

TLSDIAG_FIELD(name_hint)
{
    if (scene->health.name_from_common_name) {
        tlsdiag_write(out, "; only its common name would fit, which clients have long ceased to look at");
    }
}

TLSDIAG_FIELD(chain_sent)
{
    const tlsdiag_chain_t *chain = chain_of(scene);
    size_t start = out->length;
    for (uint16_t i = 0; i < chain->count && i < items; i++) {
        tlsdiag_write(out, out->length > start ? " <- " : "");
        tlsdiag_write_clean(out, chain->certificates[i].subject);
    }
}

TLSDIAG_FIELD(chain_count)
{
    tlsdiag_write_u64(out, chain_of(scene)->count);
}

/* Who should have issued the last certificate that links: what a client must know or be sent. */
TLSDIAG_FIELD(chain_end)
{
    const tlsdiag_chain_t *chain = chain_of(scene);
    tlsdiag_write_clean(out, chain->missing_issuer ? chain->missing_issuer
                             : chain->count        ? chain->certificates[chain->count - 1].issuer
                                                   : NULL);
}

TLSDIAG_FIELD(chain_missing)
{
    const tlsdiag_chain_t *chain = chain_of(scene);
    tlsdiag_write_clean(out, chain->missing_issuer ? chain->missing_issuer : served(scene, 0)->issuer);
}

TLSDIAG_FIELD(chain_missing_url)
{
    tlsdiag_write_clean(out, chain_of(scene)->missing_issuer_url);
}

TLSDIAG_FIELD(chain_found_in)
{
    tlsdiag_write_clean(out, chain_of(scene)->missing_found_in);
}

TLSDIAG_FIELD(chain_where)
{
    const tlsdiag_chain_t *chain = chain_of(scene);
    if (chain->missing_found_in) {
        tlsdiag_write(out, "; it is in ");
        tlsdiag_write_clean(out, chain->missing_found_in);
    } else if (chain->missing_issuer_url) {
        tlsdiag_write(out, "; it can be fetched from ");
        tlsdiag_write_clean(out, chain->missing_issuer_url);
    }
}

TLSDIAG_FIELD(chain_known_here)
{
    if (scene->health.chain) {
        tlsdiag_write(out, chain_of(scene)->root_known ? "this host's trust store has the root"
                                                       : "not in this host's trust store");
    }
}

TLSDIAG_FIELD(chain_it_ends_at)
{
    if (scene->health.chain) {
        tlsdiag_write(out, " it ends at (");
        chain_end(out, scene, items);
        tlsdiag_write(out, ")");
    }
}

TLSDIAG_FIELD(cert_is_sound)
{
    if (!scene->health.chain) {
        tlsdiag_write(out, scene->facts->negotiated.resumed ? ", which is that of a session begun earlier" : "");
        return;
    }
    tlsdiag_write(out, ": ");
    cert_subject(out, scene, items);
    tlsdiag_write(out, " is valid until ");
    cert_not_after(out, scene, items);
    tlsdiag_write(out, ", covers the name and links up");
}

TLSDIAG_FIELD(chain_also_unknown_here)
{
    if (scene->health.chain && !chain_of(scene)->root_known) {
        tlsdiag_write(out, ", nor does this host's own trust store");
    }
}

static void write_complaints(tlsdiag_writer_t *out, uint32_t complaints)
{
    size_t start = out->length;
    for (unsigned c = TLSDIAG_NO_COMPLAINT + 1; c < TLSDIAG_COMPLAINTS; c++) {
        if (complaints & UINT32_C(1) << c) {
            tlsdiag_write(out, out->length > start ? ", " : "");
            tlsdiag_write(out, tlsdiag_complaint_text((tlsdiag_complaint_t)c));
        }
    }
}

TLSDIAG_FIELD(health_all)
{
    if (scene->health.complaints) {
        write_complaints(out, scene->health.complaints);
    } else if (scene->health.chain) {
        tlsdiag_write(out, "nothing wrong");
    }
}

TLSDIAG_FIELD(health_also)
{
    write_complaints(out, scene->health.complaints & ~(UINT32_C(1) << scene->complaint));
}

TLSDIAG_FIELD(health_words)
{
    if (!scene->health.chain) {
        tlsdiag_write(out, "whether ours is healthy is not known");
    } else if (!scene->health.complaints) {
        tlsdiag_write(out, "ours is healthy");
    } else {
        tlsdiag_write(out, "ours: ");
        write_complaints(out, scene->health.complaints);
    }
}

TLSDIAG_FIELD(staple_what)
{
    bool promised = scene->health.complaints & UINT32_C(1) << TLSDIAG_STAPLE_MISSING;
    tlsdiag_write(out, promised ? "it promises an OCSP staple (must-staple), and " : "it wants an OCSP staple, and ");
    tlsdiag_write(out, scene->facts->negotiated.ocsp_staple_is_error
                           ? "the one we sent is an error message of the responder"
                       : scene->facts->negotiated.ocsp_stapled ? "the one we sent is of no use to it"
                                                               : "none was sent");
}

TLSDIAG_FIELD(staple_promised)
{
    if (scene->health.chain) {
        tlsdiag_write(out, served(scene, 0)->must_staple ? "yes" : "no");
    }
}

TLSDIAG_FIELD(staple_sent)
{
    tlsdiag_write(out, scene->facts->negotiated.ocsp_staple_is_error ? "an error"
                       : scene->facts->negotiated.ocsp_stapled       ? "yes"
                                                                     : "no");
}

TLSDIAG_FIELD(revoked_who)
{
    bool itself = scene->received && scene->received->description == 44;
    tlsdiag_write(out, itself ? "it says" : "it does not say why, but other clients say");
}

TLSDIAG_FIELD(revoked_reports)
{
    if (scene->revoked_reports) {
        tlsdiag_write_u64(out, scene->revoked_reports);
    }
}

TLSDIAG_FIELD(size_certificate)
{
    uint32_t bytes = scene->facts->negotiated.certificate_message_bytes;
    if (bytes || scene->health.chain) {
        tlsdiag_write_u64(out, bytes ? bytes : chain_of(scene)->message_bytes);
    }
}

TLSDIAG_FIELD(size_request)
{
    if (scene->facts->negotiated.certificate_request_bytes) {
        tlsdiag_write_u64(out, scene->facts->negotiated.certificate_request_bytes);
    }
}

TLSDIAG_FIELD(size_what)
{
    bool request = scene->facts->negotiated.certificate_request_bytes > TLSDIAG_BIG_MESSAGE;
    tlsdiag_write(out, request ? "our list of accepted CAs (CertificateRequest)" : "our Certificate message");
}

const tlsdiag_field_t tlsdiag_certificate_fields[] = {
    { TLSDIAG_NAMED("cert.subject", cert_subject) },
    { TLSDIAG_NAMED("cert.is_sound", cert_is_sound) },
    { TLSDIAG_NAMED("cert.issuer", cert_issuer) },
    { TLSDIAG_NAMED("cert.serial", cert_serial) },
    { TLSDIAG_NAMED("cert.not_before", cert_not_before) },
    { TLSDIAG_NAMED("cert.not_after", cert_not_after) },
    { TLSDIAG_NAMED("cert.key", cert_key) },
    { TLSDIAG_NAMED("cert.ocsp_url", cert_ocsp_url) },
    { TLSDIAG_NAMED("cert.file", cert_file) },
    { TLSDIAG_NAMED("cert.key_file", cert_key_file) },
    { TLSDIAG_NAMED("cert.names", cert_names) },
    { TLSDIAG_NAMED("cert.usage", cert_usage) },
    { TLSDIAG_NAMED("expired.what", expired_what) },
    { TLSDIAG_NAMED("expired.subject", expired_subject) },
    { TLSDIAG_NAMED("expired.not_after", expired_not_after) },
    { TLSDIAG_NAMED("early.what", early_what) },
    { TLSDIAG_NAMED("early.subject", early_subject) },
    { TLSDIAG_NAMED("early.not_before", early_not_before) },
    { TLSDIAG_NAMED("weak.subject", weak_subject) },
    { TLSDIAG_NAMED("weak.key", weak_key) },
    { TLSDIAG_NAMED("weak.signature", weak_signature) },
    { TLSDIAG_NAMED("critical.subject", critical_subject) },
    { TLSDIAG_NAMED("critical.oid", critical_oid) },
    { TLSDIAG_NAMED("constrained.subject", constrained_subject) },
    { TLSDIAG_NAMED("name.hint", name_hint) },
    { TLSDIAG_NAMED("chain.sent", chain_sent) },
    { TLSDIAG_NAMED("chain.count", chain_count) },
    { TLSDIAG_NAMED("chain.end", chain_end) },
    { TLSDIAG_NAMED("chain.missing", chain_missing) },
    { TLSDIAG_NAMED("chain.missing_url", chain_missing_url) },
    { TLSDIAG_NAMED("chain.found_in", chain_found_in) },
    { TLSDIAG_NAMED("chain.where", chain_where) },
    { TLSDIAG_NAMED("chain.known_here", chain_known_here) },
    { TLSDIAG_NAMED("chain.also_unknown_here", chain_also_unknown_here) },
    { TLSDIAG_NAMED("chain.it_ends_at", chain_it_ends_at) },
    { TLSDIAG_NAMED("health.all", health_all) },
    { TLSDIAG_NAMED("health.also", health_also) },
    { TLSDIAG_NAMED("health.words", health_words) },
    { TLSDIAG_NAMED("staple.what", staple_what) },
    { TLSDIAG_NAMED("staple.promised", staple_promised) },
    { TLSDIAG_NAMED("staple.sent", staple_sent) },
    { TLSDIAG_NAMED("revoked.who", revoked_who) },
    { TLSDIAG_NAMED("revoked.reports", revoked_reports) },
    { TLSDIAG_NAMED("size.certificate", size_certificate) },
    { TLSDIAG_NAMED("size.request", size_request) },
    { TLSDIAG_NAMED("size.what", size_what) },
    { NULL, 0, NULL, false },
};
