/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/repeat.h"

#include <string.h>

enum { SECOND_US = 1000000 };

bool tlsdiag_verdict_may_repeat(const tlsdiag_facts_t *facts)
{
    bool ended_by_alert =
        facts->ended_by == TLSDIAG_ENDED_ALERT_SENT || facts->ended_by == TLSDIAG_ENDED_ALERT_RECEIVED;
    return ended_by_alert && !facts->established && facts->has_client_hello && facts->client_hello.complete &&
           !facts->first_bytes_length && !facts->verification.checked && !facts->verification.failed.present &&
           !facts->client_certificate.present;
}

/* The members of facts that are not part of the key, in the order of the struct: mere circumstance, or absent from all that
 * may repeat. */
typedef struct left_out {
    size_t start, end;
    bool absent;
} left_out_t;

#define MEMBER(member, absent_)                                                                               \
    {                                                                                                         \
        .start = offsetof(tlsdiag_facts_t, member),                                                           \
        .end = offsetof(tlsdiag_facts_t, member) + sizeof(((tlsdiag_facts_t *)0)->member), .absent = absent_, \
    }
#define CIRCUMSTANCE(member) MEMBER(member, false)
#define ABSENT(member) MEMBER(member, true)
#define ALERT(i) CIRCUMSTANCE(alerts[i].at_us)

static const left_out_t left_out[] = {
    CIRCUMSTANCE(started_us), CIRCUMSTANCE(ended_us), /* but dates_passed() */
    CIRCUMSTANCE(client_address), CIRCUMSTANCE(client_port), CIRCUMSTANCE(connection_id), ABSENT(first_bytes), ALERT(0),
    ALERT(1), ALERT(2), ALERT(3), ALERT(4), ALERT(5), ALERT(6), ALERT(7), ABSENT(verification.failed),
    ABSENT(client_certificate),
    /* What a rule asks of these is whether they are there; how much, only texts say, and then the verdict varies. */
    CIRCUMSTANCE(network.bytes_received), CIRCUMSTANCE(network.bytes_sent), CIRCUMSTANCE(network.rtt_us),
    CIRCUMSTANCE(network.rttvar_us), CIRCUMSTANCE(network.retransmits), CIRCUMSTANCE(network.unacked),
    CIRCUMSTANCE(network.lost), CIRCUMSTANCE(network.mss), CIRCUMSTANCE(network.pmtu),
    CIRCUMSTANCE(network.bytes_unread), CIRCUMSTANCE(timing), /* but whether the client answered */
};

enum { LEFT_OUT = sizeof left_out / sizeof left_out[0] };

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
    for (unsigned i = 0; i < LEFT_OUT; i++) {
        memset((char *)key + left_out[i].start, 0, left_out[i].end - left_out[i].start);
    }
    key->ended_us = dates_passed(posture, facts->ended_us / SECOND_US);
    key->timing.client_answer_us = facts->timing.client_answer_us != 0;
}

bool tlsdiag_is_circumstance(size_t offset)
{
    for (unsigned i = 0; i < LEFT_OUT; i++) {
        if (offset >= left_out[i].start && offset < left_out[i].end) {
            return !left_out[i].absent;
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
    for (unsigned i = 0; i <= LEFT_OUT; i++) {
        size_t end = i < LEFT_OUT ? left_out[i].start : sizeof *facts;
        if (end != at && !are_equal((const char *)key + at, (const char *)facts + at, end - at)) {
            return false;
        }
        at = i < LEFT_OUT ? left_out[i].end : end;
    }
    return key->ended_us == dates_passed(posture, facts->ended_us / SECOND_US) &&
           key->timing.client_answer_us == (facts->timing.client_answer_us != 0);
}
