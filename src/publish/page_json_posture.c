/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_json_parts.h"

#include "iana/iana.h"
#include "pki/key.h"
#include "publish/json_stream.h"

enum { CODE_TEXT = 80 };

static void put_codes(tlsdiag_stream_t *out, const char *name, const tlsdiag_code_list_t *list,
                      const char *(*name_of)(uint16_t))
{
    char text[CODE_TEXT];
    tlsdiag_json_begin(out, name, '[');
    for (unsigned i = 0; i < list->count; i++) {
        tlsdiag_writer_t code = tlsdiag_writer(text, sizeof text);
        tlsdiag_write_code(&code, list->codes[i], name_of(list->codes[i]));
        tlsdiag_json_put_text(out, NULL, tlsdiag_writer_text(&code));
    }
    tlsdiag_json_end(out, ']');
}

static void put_texts(tlsdiag_stream_t *out, const char *name, const tlsdiag_text_list_t *list)
{
    tlsdiag_json_begin(out, name, '[');
    for (unsigned i = 0; i < list->count; i++) {
        tlsdiag_json_put_text(out, NULL, list->items[i]);
    }
    tlsdiag_json_end(out, ']');
}

static void put_certificate(tlsdiag_stream_t *out, const tlsdiag_certificate_t *certificate)
{
    char sha256[65];
    tlsdiag_writer_t hex = tlsdiag_writer(sha256, sizeof sha256);
    tlsdiag_write_hex_bytes(&hex, tlsdiag_bytes(certificate->sha256, sizeof certificate->sha256));
    tlsdiag_json_begin(out, NULL, '{');
    tlsdiag_json_put_text(out, "subject", certificate->subject);
    tlsdiag_json_put_text(out, "issuer", certificate->issuer);
    tlsdiag_json_put_text(out, "serial", certificate->serial);
    tlsdiag_json_put_text(out, "sha256", tlsdiag_writer_text(&hex));
    tlsdiag_json_put_time(out, "not_before", certificate->not_before * 1000000);
    tlsdiag_json_put_time(out, "not_after", certificate->not_after * 1000000);
    tlsdiag_json_put_text(out, "key_type", tlsdiag_key_type_name(certificate->key_type));
    tlsdiag_json_put_u64(out, "key_bits", certificate->key_bits);
    put_texts(out, "names", &certificate->dns_names);
    tlsdiag_json_end(out, '}');
}

static void put_chains(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture)
{
    tlsdiag_json_begin(out, "chains", '[');
    for (unsigned i = 0; i < posture->chains_count; i++) {
        const tlsdiag_chain_t *chain = &posture->chains[i];
        tlsdiag_json_begin(out, NULL, '{');
        tlsdiag_json_put_text(out, "file", chain->certificate_file);
        tlsdiag_json_put_bool(out, "complete", chain->complete);
        tlsdiag_json_put_text(out, "missing_issuer", chain->missing_issuer);
        tlsdiag_json_begin(out, "certificates", '[');
        for (unsigned n = 0; n < chain->count; n++) {
            put_certificate(out, &chain->certificates[n]);
        }
        tlsdiag_json_end(out, ']');
        tlsdiag_json_end(out, '}');
    }
    tlsdiag_json_end(out, ']');
}

static void put_versions(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture)
{
    tlsdiag_json_begin(out, "versions", '[');
    for (unsigned i = 0; i < 5; i++) { /* bits of posture.h, from SSLv3 */
        if (posture->versions >> i & 1) {
            tlsdiag_json_put_text(out, NULL, tlsdiag_iana_version_name((uint16_t)(0x0300 + i)));
        }
    }
    tlsdiag_json_end(out, ']');
}

void tlsdiag_posture_json(tlsdiag_stream_t *out, const tlsdiag_posture_t *posture)
{
    if (!posture) {
        return;
    }
    tlsdiag_json_begin(out, "configuration", '{');
    tlsdiag_json_put_text(out, "defined_at", posture->defined_at);
    tlsdiag_json_put_text(out, "addresses", posture->addresses);
    put_texts(out, "aliases", &posture->server_aliases);
    put_versions(out, posture);
    put_codes(out, "cipher_suites", &posture->cipher_suites, tlsdiag_iana_cipher_suite_name);
    put_codes(out, "groups", &posture->groups, tlsdiag_iana_group_name);
    put_codes(out, "signature_algorithms", &posture->signature_algorithms, tlsdiag_iana_signature_scheme_name);
    put_texts(out, "alpn", &posture->alpn);
    tlsdiag_json_put_u64(out, "security_level", (uint64_t)(posture->security_level > 0 ? posture->security_level : 0));
    tlsdiag_json_put_bool(out, "session_tickets", posture->session_tickets);
    tlsdiag_json_put_bool(out, "session_cache", posture->session_cache);
    tlsdiag_json_put_bool(out, "stapling", posture->stapling);
    put_chains(out, posture);
    tlsdiag_json_end(out, '}');
}
