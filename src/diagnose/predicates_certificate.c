/* SPDX-License-Identifier: Apache-2.0 */
/* Clauses about the certificate that the client sent, or did not send, and about our own doing. */
#include "diagnose/openssl_reasons.h"
#include "diagnose/predicates.h"

enum { ALERT_INTERNAL_ERROR = 80 };

/* Browsers close without a word to let a person choose, and stay away when there is nothing to choose from. */
static bool left_when_asked(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    return facts->stage == TLSDIAG_SERVER_FLIGHT_SENT && facts->negotiated.certificate_requested && scene->closed &&
           !scene->complaint && scene->posture->verify_client == TLSDIAG_VERIFY_REQUIRE;
}

bool openssl_missed_certificate(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_PEER_DID_NOT_RETURN_A_CERTIFICATE;
}

/* After the request, by post-handshake authentication. */
static bool left_when_asked_again(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    return facts->renegotiating && facts->post_handshake_authentication && facts->negotiated.certificate_requested &&
           !scene->sent && !scene->received;
}

bool no_certificate_came(const tlsdiag_scene_t *scene)
{
    return openssl_missed_certificate(scene) || left_when_asked(scene) || left_when_asked_again(scene);
}

/* mod_ssl's depth check leaves no error behind, an expired CRL gives -1 (observed-clients 7): the reason alone tells then. */
bool certificate_was_refused(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_CERTIFICATE_VERIFY_FAILED;
}

static bool verify_error_is(const tlsdiag_scene_t *scene, int32_t error)
{
    return scene->facts->verification.error == error;
}

static bool issuer_was_not_found(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_UNABLE_TO_GET_ISSUER_CERT_LOCALLY) ||
           verify_error_is(scene, TLSDIAG_V_UNABLE_TO_VERIFY_LEAF_SIGNATURE) ||
           verify_error_is(scene, TLSDIAG_V_CERT_UNTRUSTED) ||
           verify_error_is(scene, TLSDIAG_V_SELF_SIGNED_CERT_IN_CHAIN);
}

bool no_ca_is_configured(const tlsdiag_scene_t *scene)
{
    bool untrusted = issuer_was_not_found(scene) || verify_error_is(scene, TLSDIAG_V_DEPTH_ZERO_SELF_SIGNED_CERT);
    return untrusted && scene->posture->verify_client != TLSDIAG_VERIFY_NONE &&
           scene->posture->trusted_authorities_count == 0;
}

bool chain_exceeds_depth(const tlsdiag_scene_t *scene)
{
    const tlsdiag_verification_t *verification = &scene->facts->verification;
    bool unsaid = verification->error == 0 || verification->error == TLSDIAG_V_UNSPECIFIED;
    return verify_error_is(scene, TLSDIAG_V_CERT_CHAIN_TOO_LONG) ||
           (unsaid && scene->posture->verify_client != TLSDIAG_VERIFY_NONE &&
            verification->depth > scene->posture->verify_depth);
}

bool client_certificate_expired(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_CERT_HAS_EXPIRED);
}

bool client_certificate_not_yet_valid(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_CERT_NOT_YET_VALID);
}

bool client_certificate_revoked(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_CERT_REVOKED);
}

bool our_crl_expired(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_CRL_HAS_EXPIRED);
}

bool our_crl_is_unusable(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_CRL_SIGNATURE_FAILURE) ||
           verify_error_is(scene, TLSDIAG_V_CRL_NOT_YET_VALID) ||
           verify_error_is(scene, TLSDIAG_V_UNABLE_TO_DECRYPT_CRL_SIGNATURE) ||
           verify_error_is(scene, TLSDIAG_V_KEYUSAGE_NO_CRL_SIGN);
}

/* OpenSSL took a CA from our own store and did not find that one's issuer: what the client sent makes no difference. */
bool our_ca_lacks_its_issuer(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_UNABLE_TO_GET_ISSUER_CERT);
}

bool our_crl_is_missing(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_UNABLE_TO_GET_CRL) ||
           verify_error_is(scene, TLSDIAG_V_UNABLE_TO_GET_CRL_ISSUER);
}

bool client_certificate_self_signed(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_DEPTH_ZERO_SELF_SIGNED_CERT);
}

bool client_intermediate_is_missing(const tlsdiag_scene_t *scene)
{
    return issuer_was_not_found(scene) && scene->facts->verification.issuer_is_known;
}

bool client_ca_is_unknown(const tlsdiag_scene_t *scene)
{
    return issuer_was_not_found(scene);
}

bool client_certificate_has_wrong_usage(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_INVALID_PURPOSE) ||
           verify_error_is(scene, TLSDIAG_V_KEYUSAGE_NO_DIGITAL_SIGNATURE);
}

bool client_certificate_is_weak(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_EE_KEY_TOO_SMALL) || verify_error_is(scene, TLSDIAG_V_CA_KEY_TOO_SMALL) ||
           verify_error_is(scene, TLSDIAG_V_CA_MD_TOO_WEAK);
}

bool client_ca_may_not_issue(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_INVALID_CA_1_1) || verify_error_is(scene, TLSDIAG_V_INVALID_CA) ||
           verify_error_is(scene, TLSDIAG_V_PATH_LENGTH_EXCEEDED) ||
           verify_error_is(scene, TLSDIAG_V_KEYUSAGE_NO_CERTSIGN) || verify_error_is(scene, TLSDIAG_V_INVALID_NON_CA);
}

bool client_signature_is_wrong(const tlsdiag_scene_t *scene)
{
    bool verify_message = scene->reason == TLSDIAG_R_BAD_SIGNATURE ||
                          scene->reason == TLSDIAG_R_WRONG_SIGNATURE_LENGTH ||
                          scene->reason == TLSDIAG_R_WRONG_SIGNATURE_SIZE;
    return verify_message ||
           (certificate_was_refused(scene) && verify_error_is(scene, TLSDIAG_V_CERT_SIGNATURE_FAILURE));
}

bool ocsp_check_failed(const tlsdiag_scene_t *scene)
{
    return verify_error_is(scene, TLSDIAG_V_APPLICATION_VERIFICATION) ||
           verify_error_is(scene, TLSDIAG_V_OCSP_VERIFY_NEEDED) ||
           verify_error_is(scene, TLSDIAG_V_OCSP_VERIFY_FAILED) || verify_error_is(scene, TLSDIAG_V_OCSP_CERT_UNKNOWN);
}

/* Ours: internal_error, and it was another library than SSL that failed first. */
bool own_key_failed(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    return facts->stage >= TLSDIAG_CLIENT_HELLO && scene->sent && scene->sent->description == ALERT_INTERNAL_ERROR &&
           facts->openssl_errors_count && facts->openssl_errors[0].library != TLSDIAG_LIB_SSL;
}
