/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/scene.h"

#include <string.h>

#include "diagnose/openssl_reasons.h"

enum { ALERT_CLOSE_NOTIFY = 0, ALERT_DECODE_ERROR = 50, ALERT_USER_CANCELED = 90 };

/* A connection that a client closes later than this was idle, not refused: browsers' spare connections live for minutes,
 * a program that checks the certificate after the handshake leaves within milliseconds. */
enum { HANG_UP_US = 3 * 1000 * 1000 };

/* The first error is the cause, later ones are echoes (OpenSSL 3.2 puts "record layer failure" on top); but RSA, EC and
 * provider errors may come before the one that the SSL library made of them (observed-clients 6). */
static uint32_t first_ssl_reason(const tlsdiag_facts_t *facts)
{
    for (uint16_t i = 0; i < facts->openssl_errors_count && i < TLSDIAG_OPENSSL_ERRORS_KEPT; i++) {
        const tlsdiag_openssl_error_t *error = &facts->openssl_errors[i];
        if (error->library == TLSDIAG_LIB_SSL && error->reason != TLSDIAG_R_RECORD_LAYER_FAILURE) {
            return error->reason;
        }
    }
    return 0;
}

/* With plain socket BIOs OpenSSL 3 answers the client's FIN with decode_error(50): such an alert says nothing. */
static bool is_answer_to_eof(const tlsdiag_scene_t *scene, const tlsdiag_alert_t *alert)
{
    return !alert->received && alert->description == ALERT_DECODE_ERROR &&
           scene->reason == TLSDIAG_R_UNEXPECTED_EOF_WHILE_READING;
}

/* A client that says no_renegotiation(100) in its first handshake gets handshake_failure(40): its alert was the end. */
static bool is_answer_to_alert(const tlsdiag_scene_t *scene, const tlsdiag_alert_t *alert)
{
    return !alert->received && scene->reason == TLSDIAG_R_NO_RENEGOTIATION;
}

/* RFC 8446 6: in TLS 1.3 the level is not looked at. RFC 8446 6.1: close_notify and user_canceled end it as well. */
static bool ends_connection(const tlsdiag_scene_t *scene, const tlsdiag_alert_t *alert)
{
    if (alert->description == ALERT_CLOSE_NOTIFY || alert->description == ALERT_USER_CANCELED) {
        return false;
    }
    bool tls13 = scene->facts->negotiated.version == TLSDIAG_VERSION_TLS13;
    return (alert->fatal || (tls13 && alert->received)) && !is_answer_to_eof(scene, alert) &&
           !is_answer_to_alert(scene, alert);
}

/* The first fatal alert of either side. When there is none: the last thing the client said, close_notify last of all. */
static void find_ending_alert(tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    const tlsdiag_alert_t *word = NULL;
    for (uint16_t i = 0; i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        const tlsdiag_alert_t *alert = &facts->alerts[i];
        if (ends_connection(scene, alert)) {
            scene->received = alert->received ? alert : NULL;
            scene->sent = alert->received ? NULL : alert;
            return;
        }
        if (alert->received && !alert->after_finished && (!word || alert->description != ALERT_CLOSE_NOTIFY)) {
            word = alert;
        }
    }
    scene->received = word;
}

static void find_transport_end(tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    const tlsdiag_network_t *network = &facts->network;
    if (scene->received || scene->sent) {
        return;
    }
    scene->timed_out = facts->ended_by == TLSDIAG_ENDED_TIMEOUT || network->timed_out;
    scene->reset = !scene->timed_out && (facts->ended_by == TLSDIAG_ENDED_RESET || network->reset);
    scene->closed = !scene->timed_out && !scene->reset &&
                    (facts->ended_by == TLSDIAG_ENDED_CLOSED || network->end_of_file ||
                     scene->reason == TLSDIAG_R_UNEXPECTED_EOF_WHILE_READING);
}

/* A CA that checks a name: it gets a certificate made for the purpose, not the vhost's, and closes at once (RFC 8737 3). */
static bool is_acme_challenge(const tlsdiag_facts_t *facts)
{
    return strcmp(facts->negotiated.alpn, "acme-tls/1") == 0;
}

static bool hung_up(const tlsdiag_facts_t *facts)
{
    uint32_t finished = facts->timing.client_answer_us;
    return !facts->request_seen && !is_acme_challenge(facts) && facts->ended_by != TLSDIAG_ENDED_TIMEOUT &&
           !facts->server_stopping &&
           (!finished || facts->timing.total_us <= finished || facts->timing.total_us - finished <= HANG_UP_US);
}

static tlsdiag_leaving_t find_leaving(const tlsdiag_scene_t *scene)
{
    if (scene->received && scene->received->description != ALERT_CLOSE_NOTIFY) {
        return TLSDIAG_LEFT_BY_ALERT;
    }
    if (scene->facts->established) {
        return hung_up(scene->facts) ? TLSDIAG_LEFT_COMPLETED : TLSDIAG_NOT_LEFT;
    }
    bool silent = scene->closed || scene->reset || scene->received || scene->facts->network.write_failed;
    return silent && !scene->sent ? TLSDIAG_LEFT_SILENTLY : TLSDIAG_NOT_LEFT;
}

static tlsdiag_protocol_t classify(const tlsdiag_facts_t *facts)
{
    if (facts->first_bytes_length) {
        return tlsdiag_first_bytes_classify(tlsdiag_bytes(facts->first_bytes, facts->first_bytes_length));
    }
    return facts->has_client_hello ? TLSDIAG_PROTOCOL_TLS_HANDSHAKE : TLSDIAG_PROTOCOL_NOTHING;
}

static void look_at_our_flight(tlsdiag_scene_t *scene)
{
    const tlsdiag_facts_t *facts = scene->facts;
    scene->leaving = find_leaving(scene);
    if (is_acme_challenge(facts)) {
        return;
    }
    tlsdiag_health_examine(&scene->health, facts, scene->posture, scene->revoked_reports);
    scene->complaint =
        tlsdiag_health_explain(&scene->health, scene->leaving, scene->received ? scene->received->description : 0,
                               &scene->complaint_is_one_of_many);
}

void tlsdiag_scene_set(tlsdiag_scene_t *scene, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                       uint64_t revoked_reports)
{
    static const tlsdiag_posture_t no_posture;
    memset(scene, 0, offsetof(tlsdiag_scene_t, gap));
    scene->facts = facts;
    scene->posture = posture ? posture : &no_posture;
    scene->revoked_reports = revoked_reports;
    scene->protocol = classify(facts);
    scene->reason = first_ssl_reason(facts);
    find_ending_alert(scene);
    find_transport_end(scene);

    bool answered = facts->stage >= TLSDIAG_SERVER_FLIGHT_SENT;
    tlsdiag_gap_find(&scene->gap, facts, answered ? NULL : posture);
    memset(&scene->health, 0, sizeof scene->health);
    scene->complaint = TLSDIAG_NO_COMPLAINT;
    scene->complaint_is_one_of_many = false;
    scene->leaving = TLSDIAG_NOT_LEFT;
    scene->plan = (tlsdiag_plan_t){ 0 };
    if (answered) {
        look_at_our_flight(scene);
    } else if (scene->sent) {
        scene->plan = tlsdiag_plan_make(scene);
    }
}
