/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

#include "iana/iana.h"

enum { BEFORE_TLS13 = TLSDIAG_SSL30 | TLSDIAG_TLS10 | TLSDIAG_TLS11 | TLSDIAG_TLS12 };

typedef bool trait_t(const tlsdiag_suite_traits_t *suite);

static bool is_null(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_null;
}

static bool is_anonymous(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_anonymous;
}

static bool is_export(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_export || suite->is_des;
}

static bool is_rc4(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_rc4;
}

static bool is_3des(const tlsdiag_suite_traits_t *suite)
{
    return suite->is_3des;
}

static bool is_before_tls13(const tlsdiag_suite_traits_t *suite)
{
    return suite->known && !suite->tls13;
}

static bool lacks_forward_secrecy(const tlsdiag_suite_traits_t *suite)
{
    return is_before_tls13(suite) && !suite->forward_secret;
}

/* RFC 9113 Appendix A lists them; what they share is that they lack an ephemeral key exchange or AEAD. */
static bool is_forbidden_in_http2(const tlsdiag_suite_traits_t *suite)
{
    return is_before_tls13(suite) && !(suite->forward_secret && suite->is_aead);
}

static bool any(const tlsdiag_posture_t *vhost, trait_t *trait)
{
    for (uint16_t i = 0; i < vhost->cipher_suites.count; i++) {
        tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(vhost->cipher_suites.codes[i]);
        if (trait(&suite)) {
            return true;
        }
    }
    return false;
}

static bool see_suites(tlsdiag_scene_t *scene, trait_t *trait)
{
    for (uint16_t i = 0; i < scene->vhost->cipher_suites.count; i++) {
        uint16_t code = scene->vhost->cipher_suites.codes[i];
        tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(code);
        if (trait(&suite)) {
            tlsdiag_see(scene, tlsdiag_iana_cipher_suite_name(code));
        }
    }
    return scene->seen.length > 0;
}

static bool null_suites(tlsdiag_scene_t *scene)
{
    return see_suites(scene, is_null);
}

static bool anonymous_suites(tlsdiag_scene_t *scene)
{
    return see_suites(scene, is_anonymous);
}

static bool export_suites(tlsdiag_scene_t *scene)
{
    return see_suites(scene, is_export);
}

static bool rc4_suites(tlsdiag_scene_t *scene)
{
    return see_suites(scene, is_rc4);
}

static bool triple_des_suites(tlsdiag_scene_t *scene)
{
    return see_suites(scene, is_3des);
}

static bool before_tls13(const tlsdiag_posture_t *vhost)
{
    return (vhost->versions & BEFORE_TLS13) && any(vhost, is_before_tls13);
}

static bool is_forward_secret_before_tls13(const tlsdiag_suite_traits_t *suite)
{
    return is_before_tls13(suite) && suite->forward_secret;
}

static bool never_forward_secret(tlsdiag_scene_t *scene)
{
    return before_tls13(scene->vhost) && !any(scene->vhost, is_forward_secret_before_tls13);
}

static bool sometimes_forward_secret(tlsdiag_scene_t *scene)
{
    return before_tls13(scene->vhost) && any(scene->vhost, is_forward_secret_before_tls13) &&
           see_suites(scene, lacks_forward_secrecy);
}

/* EdDSA keys go with the ECDSA suites (RFC 8422 2.1). */
static bool suits_key(const tlsdiag_suite_traits_t *suite, tlsdiag_key_type_t key)
{
    switch (key) {
    case TLSDIAG_KEY_RSA:
        return suite->authentication == TLSDIAG_AUTH_RSA;
    case TLSDIAG_KEY_RSA_PSS:
        return suite->authentication == TLSDIAG_AUTH_RSA && suite->key_exchange != TLSDIAG_KX_RSA;
    case TLSDIAG_KEY_ECDSA:
    case TLSDIAG_KEY_ED25519:
    case TLSDIAG_KEY_ED448:
        return suite->authentication == TLSDIAG_AUTH_ECDSA;
    case TLSDIAG_KEY_DSA:
        return suite->authentication == TLSDIAG_AUTH_DSS;
    default:
        return true;
    }
}

static bool has_suite_for(const tlsdiag_posture_t *vhost, tlsdiag_key_type_t key)
{
    for (uint16_t i = 0; i < vhost->cipher_suites.count; i++) {
        tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(vhost->cipher_suites.codes[i]);
        if (is_before_tls13(&suite) && suits_key(&suite, key)) {
            return true;
        }
    }
    return false;
}

static bool some_chain_has_a_suite(const tlsdiag_posture_t *vhost)
{
    for (uint8_t i = 0; i < vhost->chains_count; i++) {
        if (has_suite_for(vhost, vhost->chains[i].certificates[0].key_type)) {
            return true;
        }
    }
    return false;
}

/* Asked of what is configured: without a usable suite the version is not among those that can be had. */
static bool allows_before_tls13(const tlsdiag_posture_t *vhost)
{
    return vhost->versions_configured & BEFORE_TLS13;
}

bool tlsdiag_has_suites_for_its_keys(const tlsdiag_posture_t *vhost)
{
    return vhost->chains_count == 0 || some_chain_has_a_suite(vhost);
}

static bool no_suite_for_any_certificate(tlsdiag_scene_t *scene)
{
    return allows_before_tls13(scene->vhost) && !tlsdiag_has_suites_for_its_keys(scene->vhost);
}

static bool no_suite_for_this_certificate(tlsdiag_scene_t *scene)
{
    return allows_before_tls13(scene->vhost) && some_chain_has_a_suite(scene->vhost) &&
           !has_suite_for(scene->vhost, scene->certificate->key_type);
}

static bool is_fit_for_http2(const tlsdiag_suite_traits_t *suite)
{
    return is_before_tls13(suite) && suite->forward_secret && suite->is_aead;
}

static bool h2_without_a_fit_suite(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    return tlsdiag_texts_contain(vhost->alpn, "h2") && (vhost->versions & TLSDIAG_TLS12) &&
           any(vhost, is_before_tls13) && !any(vhost, is_fit_for_http2);
}

/* The server's first choice ends an h2 connection only where the server's order counts. */
static bool h2_with_forbidden_suites_first(tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *vhost = scene->vhost;
    if (!tlsdiag_texts_contain(vhost->alpn, "h2") || !vhost->server_preference || !any(vhost, is_fit_for_http2)) {
        return false;
    }
    for (uint16_t i = 0; i < vhost->cipher_suites.count; i++) {
        tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(vhost->cipher_suites.codes[i]);
        if (is_fit_for_http2(&suite)) {
            break;
        }
        if (is_forbidden_in_http2(&suite)) {
            tlsdiag_see(scene, tlsdiag_iana_cipher_suite_name(vhost->cipher_suites.codes[i]));
        }
    }
    return scene->seen.length > 0;
}

static const tlsdiag_check_t rows[] = {
#include "audit/suites.inc"
};

const tlsdiag_checks_t tlsdiag_suite_checks = { rows, sizeof rows / sizeof rows[0] };
