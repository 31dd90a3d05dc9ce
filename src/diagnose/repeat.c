/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/repeat.h"

#include <string.h>

#include "diagnose/rules.h"
#include "diagnose/templates.h"

enum { SECOND_US = 1000000 };

bool tlsdiag_verdict_may_repeat(const tlsdiag_facts_t *facts)
{
    bool ended_by_alert =
        facts->ended_by == TLSDIAG_ENDED_ALERT_SENT || facts->ended_by == TLSDIAG_ENDED_ALERT_RECEIVED;
    return ended_by_alert && !facts->established && facts->has_client_hello && facts->client_hello.complete &&
           !facts->verification.checked && !facts->client_certificate.present;
}

/* What a rule asks of these is whether they are there; how much, only texts say (tlsdiag_verdict_repeats). */
static void forget_course(tlsdiag_facts_t *key)
{
    bool answered = key->timing.client_answer_us != 0;
    key->timing = (tlsdiag_timing_t){ .client_answer_us = answered };
    key->network.bytes_received = key->network.bytes_sent = 0;
    key->network.rtt_us = key->network.rttvar_us = key->network.retransmits = key->network.unacked = 0;
    key->network.lost = key->network.mss = key->network.pmtu = key->network.bytes_unread = 0;
    for (unsigned i = 0; i < TLSDIAG_ALERTS_KEPT; i++) {
        key->alerts[i].at_us = 0;
    }
}

/* Only grows: where it is the same, the same dates have passed. Compared as health.c does. */
static int64_t dates_passed(const tlsdiag_posture_t *posture, int64_t now)
{
    int64_t passed = 0;
    for (uint8_t c = 0; posture && c < posture->chains_count; c++) {
        const tlsdiag_chain_t *chain = &posture->chains[c];
        for (uint16_t i = 0; i < chain->count; i++) {
            passed += chain->certificates[i].not_before <= now;
            passed += chain->certificates[i].not_after < now;
        }
    }
    return passed;
}

void tlsdiag_verdict_key(tlsdiag_facts_t *key, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    *key = *facts;
    key->started_us = 0;
    key->ended_us = dates_passed(posture, facts->ended_us / SECOND_US);
    memset(key->client_address, 0, sizeof key->client_address);
    memset(key->connection_id, 0, sizeof key->connection_id);
    key->client_port = 0;
    forget_course(key);
}

bool tlsdiag_verdict_repeats(const tlsdiag_diagnosis_t *diagnosis)
{
    const tlsdiag_rule_t *rule = tlsdiag_rule_at(diagnosis->rule);
    bool varies = tlsdiag_template_varies(rule->says) || tlsdiag_template_varies(rule->advice);
    for (unsigned i = 0; i < TLSDIAG_EXHIBITS && rule->evidence[i].name; i++) {
        varies = varies || tlsdiag_template_varies(rule->evidence[i].value);
    }
    return !varies;
}
