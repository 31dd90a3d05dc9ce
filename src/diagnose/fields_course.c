/* SPDX-License-Identifier: Apache-2.0 */
/* Names for what happened, when and how: alert*, openssl.*, stage*, left.*, negotiated.*, network.*, time.*. */
#include <string.h>

#include "diagnose/openssl_reasons.h"
#include "diagnose/templates.h"
#include "iana/iana.h"

enum { ALERT_CLOSE_NOTIFY = 0 };

static void write_alert(tlsdiag_writer_t *out, const tlsdiag_alert_t *alert)
{
    tlsdiag_write(out, alert->received ? "received " : "sent ");
    tlsdiag_write_alert(out, alert->description);
}

/* The client's in its own name, since the sentence already says who sent it. */
TLSDIAG_FIELD(alert)
{
    if (scene->received) {
        tlsdiag_write_alert(out, scene->received->description);
    } else if (scene->sent) {
        write_alert(out, scene->sent);
    }
}

TLSDIAG_FIELD(alerts)
{
    const tlsdiag_facts_t *facts = scene->facts;
    for (uint16_t i = 0; i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        tlsdiag_write(out, i ? ", " : "");
        write_alert(out, &facts->alerts[i]);
    }
}

TLSDIAG_FIELD(alerts_or_none)
{
    if (!scene->facts->alerts_count) {
        tlsdiag_write(out, "none");
        return;
    }
    alerts(out, scene, items);
}

static void write_openssl_error(tlsdiag_writer_t *out, const tlsdiag_openssl_error_t *error)
{
    if (error->text[0]) {
        tlsdiag_write_clean(out, error->text);
        tlsdiag_write_char(out, ' ');
    }
    tlsdiag_write_char(out, '(');
    tlsdiag_write_u64(out, error->library);
    tlsdiag_write_char(out, '/');
    tlsdiag_write_u64(out, error->reason);
    tlsdiag_write_char(out, ')');
}

TLSDIAG_FIELD(openssl_reasons)
{
    const tlsdiag_facts_t *facts = scene->facts;
    for (uint16_t i = 0; i < facts->openssl_errors_count && i < TLSDIAG_OPENSSL_ERRORS_KEPT; i++) {
        tlsdiag_write(out, i ? ", " : "");
        write_openssl_error(out, &facts->openssl_errors[i]);
    }
}

TLSDIAG_FIELD(openssl_reasons_or_none)
{
    if (!scene->facts->openssl_errors_count) {
        tlsdiag_write(out, "nothing");
        return;
    }
    openssl_reasons(out, scene, items);
}

TLSDIAG_FIELD(stage)
{
    static const char *const names[] = { "connected",          "bytes_received", "client_hello", "hello_retry_request",
                                         "server_flight_sent", "client_flight",  "finished" };
    tlsdiag_write(out, names[scene->facts->stage]);
}

TLSDIAG_FIELD(stage_after)
{
    static const char *const words[] = { "before a byte came",
                                         "within the ClientHello",
                                         "after the ClientHello",
                                         "after our HelloRetryRequest",
                                         "after our certificate",
                                         "in the middle of its answer",
                                         "after the handshake was complete" };
    bool no_certificate = scene->facts->stage == TLSDIAG_SERVER_FLIGHT_SENT && scene->facts->negotiated.resumed;
    tlsdiag_write(out, no_certificate ? "after our flight" : words[scene->facts->stage]);
}

TLSDIAG_FIELD(history)
{
    tlsdiag_write_clean(out, scene->facts->history);
}

TLSDIAG_FIELD(left_how)
{
    if (scene->leaving == TLSDIAG_LEFT_COMPLETED) {
        tlsdiag_write(out, "it completed the handshake and left without a request");
    } else if (scene->received && scene->received->description != ALERT_CLOSE_NOTIFY) {
        tlsdiag_write(out, "alert ");
        tlsdiag_write_alert(out, scene->received->description);
    } else {
        tlsdiag_write(out, scene->reset ? "it reset the connection without an alert"
                                        : "it closed the connection without an alert");
    }
}

TLSDIAG_FIELD(left_verb)
{
    tlsdiag_write(out, scene->timed_out ? "fell silent"
                       : scene->reset   ? "reset the connection"
                                        : "closed the connection");
}

TLSDIAG_FIELD(session_what)
{
    tlsdiag_write(out, scene->reason == TLSDIAG_R_INCONSISTENT_EXTMS ? "extended_master_secret is missing"
                                                                     : "the session's cipher suite is not offered");
}

/* Where the vhost itself asks for a certificate, that it is asked for says nothing about the directory. */
TLSDIAG_FIELD(renegotiation_purpose)
{
    bool for_certificate = scene->facts->certificate_wanted && scene->posture->verify_client == TLSDIAG_VERIFY_NONE;
    tlsdiag_write(out, for_certificate ? "A directory wants a client certificate"
                                       : "A directory wants other TLS settings than the vhost has");
}

TLSDIAG_FIELD(renegotiation_answer)
{
    tlsdiag_write(out, scene->facts->alerts_count       ? "refused with no_renegotiation(100)"
                       : scene->facts->has_client_hello ? "went away in the middle of it"
                                                        : "did not answer");
}

TLSDIAG_FIELD(negotiated_version)
{
    tlsdiag_write_version(out, scene->facts->negotiated.version);
}

TLSDIAG_FIELD(negotiated_suite)
{
    uint16_t suite = scene->facts->negotiated.cipher_suite;
    if (suite) {
        tlsdiag_write_code(out, suite, tlsdiag_iana_cipher_suite_name(suite));
    }
}

TLSDIAG_FIELD(negotiated_choice)
{
    const tlsdiag_negotiated_t *negotiated = &scene->facts->negotiated;
    negotiated_version(out, scene, items);
    if (negotiated->cipher_suite) {
        tlsdiag_write_char(out, ' ');
        negotiated_suite(out, scene, items);
    }
    if (negotiated->dh_bits) {
        tlsdiag_write(out, " DH ");
        tlsdiag_write_u64(out, negotiated->dh_bits);
        tlsdiag_write(out, " bits");
    } else if (negotiated->group) {
        tlsdiag_write_char(out, ' ');
        tlsdiag_write_code(out, negotiated->group, tlsdiag_iana_group_name(negotiated->group));
    }
    if (negotiated->signature_scheme) {
        tlsdiag_write_char(out, ' ');
        tlsdiag_write_code(out, negotiated->signature_scheme,
                           tlsdiag_iana_signature_scheme_name(negotiated->signature_scheme));
    }
}

TLSDIAG_FIELD(negotiated_dh_bits)
{
    if (scene->facts->negotiated.dh_bits) {
        tlsdiag_write_u64(out, scene->facts->negotiated.dh_bits);
    }
}

TLSDIAG_FIELD(negotiated_alpn)
{
    tlsdiag_write_clean(out, scene->facts->negotiated.alpn);
}

TLSDIAG_FIELD(negotiated_alpn_or_none)
{
    tlsdiag_write_clean(out, scene->facts->negotiated.alpn[0] ? scene->facts->negotiated.alpn : "nothing");
}

TLSDIAG_FIELD(alpn_answer)
{
    if (scene->facts->negotiated.alpn[0]) {
        tlsdiag_write(out, " and answered ");
        tlsdiag_write_clean(out, scene->facts->negotiated.alpn);
        tlsdiag_write(out, ", which it did not offer");
    }
}

TLSDIAG_FIELD(version_wanted)
{
    tlsdiag_write(
        out,
        scene->facts->negotiated.version == TLSDIAG_VERSION_TLS13
            ? "The client's policy forbids TLS 1.3, though its hello offers it: correct the client, or what rewrites its hello."
            : "The client's policy asks for another version than this vhost chose, though its hello did not say so: "
              "allow newer versions here, or correct what the client allows.");
}

TLSDIAG_FIELD(sigalg_left)
{
    if (scene->leaving != TLSDIAG_NOT_LEFT) {
        tlsdiag_write(out, " and gave up (");
        left_how(out, scene, items);
        tlsdiag_write_char(out, ')');
    }
}

TLSDIAG_FIELD(network_write_error)
{
    tlsdiag_write(out, scene->facts->network.reset ? "connection reset" : "status ");
    if (!scene->facts->network.reset) {
        tlsdiag_write_i64(out, scene->facts->network.write_status);
    }
}

static bool unacknowledged(const tlsdiag_network_t *network)
{
    return network->unacked || network->bytes_unread || network->lost;
}

TLSDIAG_FIELD(network_words)
{
    const tlsdiag_network_t *network = &scene->facts->network;
    if (!network->tcp_known) {
        tlsdiag_write(out, "whether it arrived is not known");
    } else if (unacknowledged(network)) {
        tlsdiag_write(out, "it was not acknowledged, though sent again ");
        tlsdiag_write_u64(out, network->retransmits);
        tlsdiag_write(out, " times");
    } else {
        tlsdiag_write(out, "it was acknowledged, so it arrived");
    }
}

TLSDIAG_FIELD(network_tcp)
{
    const tlsdiag_network_t *network = &scene->facts->network;
    const struct {
        const char *name;
        uint32_t value;
    } values[] = { { "rtt_us ", network->rtt_us },
                   { ", retransmits ", network->retransmits },
                   { ", unacked ", network->unacked },
                   { ", lost ", network->lost },
                   { ", bytes_unread ", network->bytes_unread },
                   { ", mss ", network->mss },
                   { ", pmtu ", network->pmtu } };
    for (size_t i = 0; i < sizeof values / sizeof values[0] && network->tcp_known; i++) {
        tlsdiag_write(out, values[i].name);
        tlsdiag_write_u64(out, values[i].value);
    }
}

TLSDIAG_FIELD(time_now)
{
    tlsdiag_write_date(out, scene->facts->ended_us / 1000000);
}

TLSDIAG_FIELD(time_total_ms)
{
    tlsdiag_write_u64(out, scene->facts->timing.total_us / 1000);
}

TLSDIAG_FIELD(time_waited_ms)
{
    const tlsdiag_timing_t *timing = &scene->facts->timing;
    if (timing->server_flight_us && timing->total_us >= timing->server_flight_us) {
        tlsdiag_write_u64(out, (timing->total_us - timing->server_flight_us) / 1000);
    }
}

const tlsdiag_field_t tlsdiag_course_fields[] = {
    { TLSDIAG_NAMED("alert", alert) },
    { TLSDIAG_NAMED("alerts", alerts) },
    { TLSDIAG_NAMED("alerts_or_none", alerts_or_none) },
    { TLSDIAG_NAMED("openssl.reasons", openssl_reasons) },
    { TLSDIAG_NAMED("openssl.reasons_or_none", openssl_reasons_or_none) },
    { TLSDIAG_NAMED("stage", stage) },
    { TLSDIAG_NAMED("stage.after", stage_after) },
    { TLSDIAG_NAMED("history", history) },
    { TLSDIAG_NAMED("left.how", left_how) },
    { TLSDIAG_NAMED("left.verb", left_verb) },
    { TLSDIAG_NAMED("session.what", session_what) },
    { TLSDIAG_NAMED("renegotiation.purpose", renegotiation_purpose) },
    { TLSDIAG_NAMED("renegotiation.answer", renegotiation_answer) },
    { TLSDIAG_NAMED("negotiated.version", negotiated_version) },
    { TLSDIAG_NAMED("negotiated.suite", negotiated_suite) },
    { TLSDIAG_NAMED("negotiated.choice", negotiated_choice) },
    { TLSDIAG_NAMED("negotiated.dh_bits", negotiated_dh_bits) },
    { TLSDIAG_NAMED("negotiated.alpn", negotiated_alpn) },
    { TLSDIAG_NAMED("negotiated.alpn_or_none", negotiated_alpn_or_none) },
    { TLSDIAG_NAMED("alpn.answer", alpn_answer) },
    { TLSDIAG_NAMED("version.wanted", version_wanted) },
    { TLSDIAG_NAMED("sigalg.left", sigalg_left) },
    { TLSDIAG_VARYING("network.write_error", network_write_error) },
    { TLSDIAG_VARYING("network.words", network_words) },
    { TLSDIAG_VARYING("network.tcp", network_tcp) },
    { TLSDIAG_VARYING("time.now", time_now) },
    { TLSDIAG_VARYING("time.total_ms", time_total_ms) },
    { TLSDIAG_VARYING("time.waited_ms", time_waited_ms) },
    { NULL, 0, NULL, false },
};
