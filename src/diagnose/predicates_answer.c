/* SPDX-License-Identifier: Apache-2.0 */
/* Clauses about what the client did with our flight. */
#include <string.h>

#include "diagnose/openssl_reasons.h"
#include "diagnose/predicates.h"

enum {
    ALERT_BAD_RECORD_MAC = 20,
    ALERT_NO_RENEGOTIATION = 100,
    ALERT_CERTIFICATE_REVOKED = 44,
    ALERT_CERTIFICATE_EXPIRED = 45,
    ALERT_UNKNOWN_CA = 48,
    ALERT_BAD_CERTIFICATE_STATUS_RESPONSE = 113
};

bool waits_after_retry(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage == TLSDIAG_HELLO_RETRY_REQUEST;
}

bool waits_for_answer(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage == TLSDIAG_SERVER_FLIGHT_SENT && !scene->facts->timing.client_answer_us;
}

bool answer_is_incomplete(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage >= TLSDIAG_CLIENT_HELLO && scene->facts->stage <= TLSDIAG_CLIENT_FLIGHT;
}

/* What explains how the client left: health.h has found it, here it gets its name. */
#define COMPLAINS(clause, what)                    \
    bool clause(const tlsdiag_scene_t *scene)      \
    {                                              \
        return scene->complaint == TLSDIAG_##what; \
    }

COMPLAINS(complains_of_dh, DH_SMALL)
COMPLAINS(complains_of_expiry, EXPIRED)
COMPLAINS(complains_of_start, NOT_YET_VALID)
COMPLAINS(complains_of_self_signature, SELF_SIGNED)
COMPLAINS(complains_of_missing_intermediate, CHAIN_INCOMPLETE)
COMPLAINS(complains_of_name, NAME_MISMATCH)
COMPLAINS(complains_of_missing_sni, NO_SNI)
COMPLAINS(complains_of_weakness, WEAK)
COMPLAINS(complains_of_usage, WRONG_USAGE)
COMPLAINS(complains_of_critical_extension, CRITICAL_EXTENSION)
COMPLAINS(complains_of_name_constraint, NAME_CONSTRAINT)
COMPLAINS(complains_of_long_chain, CHAIN_LONG)
COMPLAINS(complains_of_size, MESSAGE_BIG)

bool no_protocol_in_common(const tlsdiag_scene_t *scene)
{
    return scene->complaint == TLSDIAG_ALPN_UNOFFERED || alpn_was_refused(scene);
}

static bool received_is(const tlsdiag_scene_t *scene, uint8_t description)
{
    return scene->received && scene->received->description == description;
}

bool complains_of_broken_chain(const tlsdiag_scene_t *scene)
{
    return scene->complaint == TLSDIAG_CHAIN_BROKEN || scene->complaint == TLSDIAG_CHAIN_DISORDERED;
}

/* The key is of a kind that the client says it cannot use, or of one that many clients cannot use. */
bool complains_of_key(const tlsdiag_scene_t *scene)
{
    return scene->complaint == TLSDIAG_KEY_UNUSUAL && !complains_of_key_group(scene);
}

bool complains_of_key_group(const tlsdiag_scene_t *scene)
{
    const tlsdiag_client_hello_t *hello = &scene->facts->client_hello;
    if (scene->complaint != TLSDIAG_KEY_UNUSUAL || !scene->health.chain || !hello->has_supported_groups) {
        return false;
    }
    const tlsdiag_certificate_t *leaf = &scene->health.chain->certificates[0];
    return leaf->key_type == TLSDIAG_KEY_ECDSA && leaf->key_group &&
           !tlsdiag_codes_contain(
               tlsdiag_codes_kept(hello->supported_groups, hello->supported_groups_count, TLSDIAG_GROUPS_KEPT),
               leaf->key_group);
}

/* unknown_ca(48) says so itself; else it is what is left when only the issuer is unknown. */
bool complains_of_unknown_ca(const tlsdiag_scene_t *scene)
{
    return scene->complaint == TLSDIAG_ISSUER_UNKNOWN || scene->complaint == TLSDIAG_PRIVATE_CA ||
           (tlsdiag_flight_was_sent(scene->facts) && received_is(scene, ALERT_UNKNOWN_CA));
}

bool complains_of_staple(const tlsdiag_scene_t *scene)
{
    return scene->complaint == TLSDIAG_STAPLE_MISSING ||
           (tlsdiag_flight_was_sent(scene->facts) && received_is(scene, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE));
}

bool complains_of_revocation(const tlsdiag_scene_t *scene)
{
    return scene->complaint == TLSDIAG_REVOKED ||
           (tlsdiag_flight_was_sent(scene->facts) && received_is(scene, ALERT_CERTIFICATE_REVOKED));
}

bool says_expired_without_reason(const tlsdiag_scene_t *scene)
{
    return tlsdiag_flight_was_sent(scene->facts) && received_is(scene, ALERT_CERTIFICATE_EXPIRED);
}

bool rejects_certificate(const tlsdiag_scene_t *scene)
{
    return tlsdiag_flight_was_sent(scene->facts) && scene->received &&
           tlsdiag_alert_rejects_certificate(scene->received->description);
}

bool alert_is_about_certificates(const tlsdiag_scene_t *scene)
{
    return rejects_certificate(scene) || received_is(scene, ALERT_UNKNOWN_CA) ||
           received_is(scene, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
}

bool alert_leaves_one_complaint(const tlsdiag_scene_t *scene)
{
    return alert_is_about_certificates(scene) && !scene->complaint_is_one_of_many;
}

bool alert_is_unknown_ca(const tlsdiag_scene_t *scene)
{
    return received_is(scene, ALERT_UNKNOWN_CA);
}

/* Certain needs the client's own word: an alert that is about certificates, or certificate_revoked for a revocation. */
bool alert_names_the_complaint(const tlsdiag_scene_t *scene)
{
    return received_is(scene, ALERT_CERTIFICATE_REVOKED) || received_is(scene, ALERT_BAD_CERTIFICATE_STATUS_RESPONSE);
}

bool never_certain(const tlsdiag_scene_t *scene)
{
    (void)scene;
    return false;
}

bool tcp_facts_tell(const tlsdiag_scene_t *scene)
{
    return scene->facts->network.tcp_known;
}

#define ALERT_IS(clause, number)              \
    bool clause(const tlsdiag_scene_t *scene) \
    {                                         \
        return received_is(scene, number);    \
    }

ALERT_IS(alert_is_close_notify, 0)
ALERT_IS(alert_is_unexpected_message, 10)
ALERT_IS(alert_is_bad_record_mac, 20)
ALERT_IS(alert_is_record_overflow, 22)
ALERT_IS(alert_is_handshake_failure, 40)
ALERT_IS(alert_is_illegal_parameter, 47)
ALERT_IS(alert_is_access_denied, 49)
ALERT_IS(alert_is_decode_error, 50)
ALERT_IS(alert_is_decrypt_error, 51)
ALERT_IS(alert_is_protocol_version, 70)
ALERT_IS(alert_is_insufficient_security, 71)
ALERT_IS(alert_is_internal_error, 80)
ALERT_IS(alert_is_user_canceled, 90)
ALERT_IS(alert_is_missing_extension, 109)
ALERT_IS(alert_is_unsupported_extension, 110)
ALERT_IS(alert_is_unrecognized_name, 112)
ALERT_IS(alert_is_certificate_required, 116)
ALERT_IS(alert_is_no_application_protocol, 120)

/* In the middle of the handshake. */

bool client_asked_to_renegotiate(const tlsdiag_scene_t *scene)
{
    return scene->facts->client_renegotiation_refused;
}

/* no_renegotiation(100) is a warning by RFC 5246 7.2.2, and fatal with some. OpenSSL answers it with handshake_failure(40). */
static bool refused_to_renegotiate(const tlsdiag_facts_t *facts)
{
    for (uint16_t i = 0; facts->established && i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        if (facts->alerts[i].received && facts->alerts[i].description == ALERT_NO_RENEGOTIATION) {
            return true;
        }
    }
    return false;
}

bool client_did_not_renegotiate(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    bool broken_off = facts->renegotiating && !facts->post_handshake_authentication && !scene->sent && !scene->received;
    return refused_to_renegotiate(facts) || (broken_off && !post_handshake_auth_impossible(scene));
}

bool directory_has_no_suite_in_common(const tlsdiag_scene_t *scene)
{
    return scene->facts->renegotiating && scene->reason == TLSDIAG_R_NO_SHARED_CIPHER;
}

/* OpenSSL says so, or mod_ssl answered 403 because it could not ask, which leaves no trace in TLS: then the record is about
 * nothing but that. */
bool post_handshake_auth_impossible(const tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    bool could_not_ask = facts->renegotiating && facts->post_handshake_authentication && !facts->history[0] &&
                         !facts->alerts_count && !facts->openssl_errors_count;
    return facts->established && (could_not_ask || scene->reason == TLSDIAG_R_EXTENSION_NOT_RECEIVED);
}

bool too_many_warnings(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_TOO_MANY_WARN_ALERTS;
}

bool too_much_early_data(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_TOO_MUCH_EARLY_DATA;
}

bool plaintext_came(const tlsdiag_scene_t *scene)
{
    return scene->facts->stage >= TLSDIAG_CLIENT_HELLO && scene->reason == TLSDIAG_R_WRONG_VERSION_NUMBER;
}

bool finished_is_wrong(const tlsdiag_scene_t *scene)
{
    return scene->reason == TLSDIAG_R_DIGEST_CHECK_FAILED;
}

/* OpenSSL 3.2 and later leave the reason between a provider's and "record layer failure", where the queue cannot be read.
 * The alert is sent for nothing else: RFC 5246 7.2.2. */
bool record_does_not_decrypt(const tlsdiag_scene_t *scene)
{
    bool alert_says_it = scene->sent && scene->sent->description == ALERT_BAD_RECORD_MAC;
    return scene->reason == TLSDIAG_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC || (!scene->reason && alert_says_it);
}

static char last_client_message(const tlsdiag_facts_t *facts)
{
    const char *end = memchr(facts->history, '\0', sizeof facts->history);
    for (size_t i = end ? (size_t)(end - facts->history) : sizeof facts->history; i > 0; i--) {
        char letter = facts->history[i - 1];
        if (letter >= 'A' && letter <= 'Z' && letter != 'L') {
            return letter;
        }
    }
    return '\0';
}

/* 'G' is the ClientKeyExchange in the history. */
bool key_exchange_is_bad(const tlsdiag_scene_t *scene)
{
    return tlsdiag_flight_was_sent(scene->facts) && scene->sent && last_client_message(scene->facts) == 'G' &&
           !scene->facts->established && scene->reason != TLSDIAG_R_UNEXPECTED_MESSAGE;
}

bool message_is_unexpected(const tlsdiag_scene_t *scene)
{
    switch (scene->reason) {
    case TLSDIAG_R_UNEXPECTED_MESSAGE:
    case TLSDIAG_R_UNEXPECTED_RECORD:
    case TLSDIAG_R_NOT_ON_RECORD_BOUNDARY:
    case TLSDIAG_R_UNEXPECTED_CCS_MESSAGE:
    case TLSDIAG_R_CCS_RECEIVED_EARLY:
    case TLSDIAG_R_BAD_CHANGE_CIPHER_SPEC:
    case TLSDIAG_R_BAD_RECORD_TYPE:
        return true;
    default:
        return false;
    }
}

bool record_length_is_bad(const tlsdiag_scene_t *scene)
{
    return record_length_is_impossible(scene) || scene->reason == TLSDIAG_R_PACKET_LENGTH_TOO_LONG ||
           scene->reason == TLSDIAG_R_DATA_LENGTH_TOO_LONG || scene->reason == TLSDIAG_R_ENCRYPTED_LENGTH_TOO_LONG ||
           scene->reason == TLSDIAG_R_RECORD_TOO_SMALL;
}
