/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/repeat.h"

#include <string.h>

enum { SECOND_US = 1000000 };

bool tlsdiag_verdict_may_repeat(const tlsdiag_facts_t *facts)
{
    bool ended_by_alert =
        facts->ended_by == TLSDIAG_ENDED_ALERT_SENT || facts->ended_by == TLSDIAG_ENDED_ALERT_RECEIVED;
    return ended_by_alert && !facts->established && facts->has_client_hello && facts->client_hello.complete &&
           !facts->verification.checked && !facts->client_certificate.present;
}

/* The members of facts that are mere circumstance, in the order of the struct. */
typedef struct circumstance {
    size_t start, end;
} circumstance_t;

#define MEMBER(member)                                                                                                \
    {                                                                                                                 \
        offsetof(tlsdiag_facts_t, member), offsetof(tlsdiag_facts_t, member) + sizeof(((tlsdiag_facts_t *)0)->member) \
    }
#define ALERT(i) MEMBER(alerts[i].at_us)

static const circumstance_t circumstances[] = {
    MEMBER(started_us), MEMBER(ended_us), /* but dates_passed() */
    MEMBER(client_address), MEMBER(client_port), MEMBER(connection_id), ALERT(0), ALERT(1), ALERT(2), ALERT(3),
    ALERT(4), ALERT(5), ALERT(6), ALERT(7),
    /* What a rule asks of these is whether they are there; how much, only texts say, and then the verdict varies. */
    MEMBER(network.bytes_received), MEMBER(network.bytes_sent), MEMBER(network.rtt_us), MEMBER(network.rttvar_us),
    MEMBER(network.retransmits), MEMBER(network.unacked), MEMBER(network.lost), MEMBER(network.mss),
    MEMBER(network.pmtu), MEMBER(network.bytes_unread), MEMBER(timing), /* but whether the client answered */
};

enum { CIRCUMSTANCES = sizeof circumstances / sizeof circumstances[0] };

_Static_assert(TLSDIAG_ALERTS_KEPT == 8, "each alert has its row");

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
    for (unsigned i = 0; i < CIRCUMSTANCES; i++) {
        memset((char *)key + circumstances[i].start, 0, circumstances[i].end - circumstances[i].start);
    }
    key->ended_us = dates_passed(posture, facts->ended_us / SECOND_US);
    key->timing.client_answer_us = facts->timing.client_answer_us != 0;
}

bool tlsdiag_is_circumstance(size_t offset)
{
    for (unsigned i = 0; i < CIRCUMSTANCES; i++) {
        if (offset >= circumstances[i].start && offset < circumstances[i].end) {
            return true;
        }
    }
    return false;
}

/* Between the times of two alerts stand four bytes: not worth a call. */
static inline bool are_equal(const void *a, const void *b, size_t bytes)
{
    uint32_t word_of_a, word_of_b;
    if (bytes != sizeof word_of_a) {
        return memcmp(a, b, bytes) == 0;
    }
    memcpy(&word_of_a, a, sizeof word_of_a);
    memcpy(&word_of_b, b, sizeof word_of_b);
    return word_of_a == word_of_b;
}

bool tlsdiag_verdict_key_fits(const tlsdiag_facts_t *key, const tlsdiag_facts_t *facts,
                              const tlsdiag_posture_t *posture)
{
    size_t at = 0;
    for (unsigned i = 0; i <= CIRCUMSTANCES; i++) {
        size_t end = i < CIRCUMSTANCES ? circumstances[i].start : sizeof *facts;
        if (end != at && !are_equal((const char *)key + at, (const char *)facts + at, end - at)) {
            return false;
        }
        at = i < CIRCUMSTANCES ? circumstances[i].end : end;
    }
    return key->ended_us == dates_passed(posture, facts->ended_us / SECOND_US) &&
           key->timing.client_answer_us == (facts->timing.client_answer_us != 0);
}
