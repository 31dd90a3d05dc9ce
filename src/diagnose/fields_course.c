/* SPDX-License-Identifier: Apache-2.0 */
/* Names for what happened, when and how: alert*, openssl.*, stage*, left.*, negotiated.*, network.*, time.*. */
#include <string.h>

#include "diagnose/openssl_reasons.h"
#include "diagnose/templates.h"
#include "iana/iana.h"

#define FIELD(function) static void function(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene, unsigned items)

enum { ALERT_CLOSE_NOTIFY = 0 };

static void write_alert(tlsdiag_writer_t *out, const tlsdiag_alert_t *alert)
{
    tlsdiag_write(out, alert->received ? "received " : "sent ");
    tlsdiag_write_alert(out, alert->description);
}

/* The client's in its own name, since the sentence already says who sent it. */
FIELD(alert)
{
    (void)items;
    if (scene->received) {
        tlsdiag_write_alert(out, scene->received->description);
    } else if (scene->sent) {
        write_alert(out, scene->sent);
    }
}

FIELD(alerts)
{
    const tlsdiag_facts_t *facts = scene->facts;
    (void)items;
    for (uint16_t i = 0; i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        tlsdiag_write(out, i ? ", " : "");
        write_alert(out, &facts->alerts[i]);
    }
}

FIELD(alerts_or_none)
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

FIELD(openssl_reasons)
{
    const tlsdiag_facts_t *facts = scene->facts;
    (void)items;
    for (uint16_t i = 0; i < facts->openssl_errors_count && i < TLSDIAG_OPENSSL_ERRORS_KEPT; i++) {
        tlsdiag_write(out, i ? ", " : "");
        write_openssl_error(out, &facts->openssl_errors[i]);
    }
}

FIELD(openssl_reasons_or_none)
{
    if (!scene->facts->openssl_errors_count) {
        tlsdiag_write(out, "nothing");
        return;
    }
    openssl_reasons(out, scene, items);
}

FIELD(stage)
{
    static const char *const names[] = { "connected",          "bytes_received", "client_hello", "hello_retry_request",
                                         "server_flight_sent", "client_flight",  "finished" };
    (void)items;
    tlsdiag_write(out, names[scene->facts->stage]);
}

FIELD(stage_after)
{
    static const char *const words[] = { "before a byte came",
                                         "within the ClientHello",
                                         "after the ClientHello",
                                         "after our HelloRetryRequest",
                                         "after our certificate",
                                         "in the middle of its answer",
                                         "after the handshake was complete" };
    (void)items;
    bool no_certificate = scene->facts->stage == TLSDIAG_SERVER_FLIGHT_SENT && scene->facts->negotiated.resumed;
    tlsdiag_write(out, no_certificate ? "after our flight" : words[scene->facts->stage]);
}

FIELD(history)
{
    (void)items;
    tlsdiag_write_clean(out, scene->facts->history);
}

FIELD(left_how)
{
    (void)items;
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

FIELD(left_verb)
{
    (void)items;
    tlsdiag_write(out, scene->timed_out ? "fell silent"
                       : scene->reset   ? "reset the connection"
                                        : "closed the connection");
}

FIELD(negotiated_version)
{
    uint16_t version = scene->facts->negotiated.version;
    (void)items;
    if (version) {
        tlsdiag_write_code(out, version, tlsdiag_iana_version_name(version));
    }
}

FIELD(negotiated_suite)
{
    uint16_t suite = scene->facts->negotiated.cipher_suite;
    (void)items;
    if (suite) {
        tlsdiag_write_code(out, suite, tlsdiag_iana_cipher_suite_name(suite));
    }
}

FIELD(negotiated_choice)
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

FIELD(negotiated_dh_bits)
{
    (void)items;
    if (scene->facts->negotiated.dh_bits) {
        tlsdiag_write_u64(out, scene->facts->negotiated.dh_bits);
    }
}

FIELD(negotiated_alpn)
{
    (void)items;
    tlsdiag_write_clean(out, scene->facts->negotiated.alpn);
}

FIELD(negotiated_alpn_or_none)
{
    (void)items;
    tlsdiag_write_clean(out, scene->facts->negotiated.alpn[0] ? scene->facts->negotiated.alpn : "nothing");
}

FIELD(alpn_answer)
{
    (void)items;
    if (scene->facts->negotiated.alpn[0]) {
        tlsdiag_write(out, " and answered ");
        tlsdiag_write_clean(out, scene->facts->negotiated.alpn);
        tlsdiag_write(out, ", which it did not offer");
    }
}

/* When we had a common group, and it is the curve of our certificate's own key that the client does not take. */
FIELD(group_certificate)
{
    (void)items;
    if (scene->gap.known ? scene->gap.group_common : scene->complaint == TLSDIAG_KEY_UNUSUAL) {
        tlsdiag_write(out, "; it is the curve of our certificate's key that the client does not take");
    }
}

FIELD(sigalg_left)
{
    if (scene->leaving != TLSDIAG_NOT_LEFT) {
        tlsdiag_write(out, " and gave up (");
        left_how(out, scene, items);
        tlsdiag_write_char(out, ')');
    }
}

FIELD(network_write_error)
{
    (void)items;
    tlsdiag_write(out, scene->facts->network.reset ? "connection reset" : "status ");
    if (!scene->facts->network.reset) {
        tlsdiag_write_i64(out, scene->facts->network.write_status);
    }
}

static bool unacknowledged(const tlsdiag_network_t *network)
{
    return network->unacked || network->bytes_unread || network->lost;
}

FIELD(network_words)
{
    const tlsdiag_network_t *network = &scene->facts->network;
    (void)items;
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

FIELD(network_tcp)
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
    (void)items;
    for (size_t i = 0; i < sizeof values / sizeof values[0] && network->tcp_known; i++) {
        tlsdiag_write(out, values[i].name);
        tlsdiag_write_u64(out, values[i].value);
    }
}

FIELD(time_now)
{
    (void)items;
    tlsdiag_write_date(out, scene->facts->ended_us / 1000000);
}

FIELD(time_total_ms)
{
    (void)items;
    tlsdiag_write_u64(out, scene->facts->timing.total_us / 1000);
}

FIELD(time_waited_ms)
{
    const tlsdiag_timing_t *timing = &scene->facts->timing;
    (void)items;
    if (timing->server_flight_us && timing->total_us >= timing->server_flight_us) {
        tlsdiag_write_u64(out, (timing->total_us - timing->server_flight_us) / 1000);
    }
}

const tlsdiag_field_t tlsdiag_course_fields[] = {
    { "alert", alert },
    { "alerts", alerts },
    { "alerts_or_none", alerts_or_none },
    { "openssl.reasons", openssl_reasons },
    { "openssl.reasons_or_none", openssl_reasons_or_none },
    { "stage", stage },
    { "stage.after", stage_after },
    { "history", history },
    { "left.how", left_how },
    { "left.verb", left_verb },
    { "negotiated.version", negotiated_version },
    { "negotiated.suite", negotiated_suite },
    { "negotiated.choice", negotiated_choice },
    { "negotiated.dh_bits", negotiated_dh_bits },
    { "negotiated.alpn", negotiated_alpn },
    { "negotiated.alpn_or_none", negotiated_alpn_or_none },
    { "alpn.answer", alpn_answer },
    { "group.certificate", group_certificate },
    { "sigalg.left", sigalg_left },
    { "network.write_error", network_write_error },
    { "network.words", network_words },
    { "network.tcp", network_tcp },
    { "time.now", time_now },
    { "time.total_ms", time_total_ms },
    { "time.waited_ms", time_waited_ms },
    { NULL, NULL },
};
