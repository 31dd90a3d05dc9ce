/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/repeat.h"

#include <string.h>

#include "decode/offer.h"

enum { SECOND_US = 1000000 };

bool tlsdiag_verdict_may_repeat(const tlsdiag_facts_t *facts)
{
    bool ended_by_alert =
        facts->ended_by == TLSDIAG_ENDED_ALERT_SENT || facts->ended_by == TLSDIAG_ENDED_ALERT_RECEIVED;
    return ended_by_alert && !facts->established && facts->has_client_hello && facts->client_hello.complete &&
           !facts->first_bytes_length && !facts->verification.checked && !facts->verification.failed.present &&
           !facts->client_certificate.present;
}

/* Members that are not compared byte by byte, in the order of their struct. */
typedef struct set_apart {
    size_t start, end;
    enum {
        IS_CIRCUMSTANCE,
        IS_ABSENT,  /* from all that may repeat */
        IS_IMPLIED, /* by others */
        IS_COMPARED /* on its own, because it is often known to be equal, or for what may differ in it */
    } why;
} set_apart_t;

#define MEMBERS(type, first, last, why_)                                                                          \
    {                                                                                                             \
        .start = offsetof(type, first), .end = offsetof(type, last) + sizeof(((type *)0)->last), .why = IS_##why_ \
    }
#define CIRCUMSTANCES(first, last) MEMBERS(tlsdiag_facts_t, first, last, CIRCUMSTANCE)
#define CIRCUMSTANCE(member) CIRCUMSTANCES(member, member)
#define ABSENT(member) MEMBERS(tlsdiag_facts_t, member, member, ABSENT)
#define IMPLIED(member) MEMBERS(tlsdiag_facts_t, member, member, IMPLIED)
#define COMPARED(member) MEMBERS(tlsdiag_facts_t, member, member, COMPARED)

static const set_apart_t set_apart[] = {
    CIRCUMSTANCES(started_us, ended_us), /* but dates_passed() */
    CIRCUMSTANCE(client_address), CIRCUMSTANCE(client_port), CIRCUMSTANCE(connection_id), ABSENT(first_bytes),
    COMPARED(client_hello), IMPLIED(ja3), COMPARED(alerts), ABSENT(verification.failed), ABSENT(client_certificate),
    /* What a rule asks of these is whether they are there; how much, only texts say, and then the verdict varies. */
    CIRCUMSTANCES(network.bytes_received, network.bytes_sent), CIRCUMSTANCES(network.rtt_us, network.bytes_unread),
    CIRCUMSTANCE(timing), /* but whether the client answered */
};

enum { SET_APART = sizeof set_apart / sizeof set_apart[0] };

/* Of a ClientHello, for what a client may draw anew: the lists are compared as offers. A GREASE ECH has another length each time. */
#define DRAWN(member) MEMBERS(tlsdiag_client_hello_t, member, member, COMPARED)

static const set_apart_t drawn[] = {
    DRAWN(cipher_suites),
    DRAWN(extensions),
    DRAWN(supported_versions),
    DRAWN(supported_groups),
    DRAWN(key_shares),
    DRAWN(signature_algorithms),
    DRAWN(signature_algorithms_cert),
    MEMBERS(tlsdiag_client_hello_t, message_bytes, message_bytes, CIRCUMSTANCE),
};

enum { DRAWN_MEMBERS = sizeof drawn / sizeof drawn[0] };

/* All that is not set apart. */
static bool rest_is_equal(const void *a, const void *b, size_t size, const set_apart_t *apart, unsigned count)
{
    size_t at = 0;
    for (unsigned i = 0; i <= count; i++) {
        size_t end = i < count ? apart[i].start : size;
        if (end != at && memcmp((const char *)a + at, (const char *)b + at, end - at) != 0) {
            return false;
        }
        at = i < count ? apart[i].end : end;
    }
    return true;
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
    for (unsigned i = 0; i < SET_APART; i++) {
        if (set_apart[i].why != IS_COMPARED) {
            memset((char *)key + set_apart[i].start, 0, set_apart[i].end - set_apart[i].start);
        }
    }
    for (unsigned i = 0; i < TLSDIAG_ALERTS_KEPT; i++) {
        key->alerts[i].at_us = 0;
    }
    key->ended_us = dates_passed(posture, facts->ended_us / SECOND_US);
    key->timing.client_answer_us = facts->timing.client_answer_us != 0;
}

static const set_apart_t *find_apart(const set_apart_t *apart, unsigned count, size_t offset)
{
    for (unsigned i = 0; i < count; i++) {
        if (offset >= apart[i].start && offset < apart[i].end) {
            return &apart[i];
        }
    }
    return NULL;
}

bool tlsdiag_is_circumstance(size_t offset)
{
    size_t in_client_hello = offset - offsetof(tlsdiag_facts_t, client_hello);
    const set_apart_t *found =
        offset >= offsetof(tlsdiag_facts_t, client_hello) ? find_apart(drawn, DRAWN_MEMBERS, in_client_hello) : NULL;
    found = found ? found : find_apart(set_apart, SET_APART, offset);
    return found && found->why == IS_CIRCUMSTANCE;
}

/* But for their times, the last member. */
static bool alerts_fit(const tlsdiag_facts_t *key, const tlsdiag_facts_t *facts)
{
    for (unsigned i = 0; i < facts->alerts_count && i < TLSDIAG_ALERTS_KEPT; i++) {
        if (memcmp(&key->alerts[i], &facts->alerts[i], offsetof(tlsdiag_alert_t, at_us)) != 0) {
            return false;
        }
    }
    return true;
}

static bool is_redrawn(const tlsdiag_client_hello_t *key, const tlsdiag_client_hello_t *client_hello)
{
    return rest_is_equal(key, client_hello, sizeof *key, drawn, DRAWN_MEMBERS) &&
           tlsdiag_offer_is_whole(client_hello) && tlsdiag_offer_match(key, client_hello) != TLSDIAG_OFFER_ANOTHER;
}

static bool hello_fits(const tlsdiag_client_hello_t *key, const tlsdiag_client_hello_t *client_hello,
                       bool same_but_name)
{
    if (same_but_name) {
        return memcmp(key->server_name, client_hello->server_name, sizeof key->server_name) == 0;
    }
    return memcmp((const char *)key, (const char *)client_hello, sizeof *key) == 0 || is_redrawn(key, client_hello);
}

bool tlsdiag_verdict_key_fits(const tlsdiag_facts_t *key, const tlsdiag_facts_t *facts,
                              const tlsdiag_posture_t *posture, bool same_hello_but_name)
{
    return rest_is_equal(key, facts, sizeof *facts, set_apart, SET_APART) &&
           hello_fits(&key->client_hello, &facts->client_hello, same_hello_but_name) && alerts_fit(key, facts) &&
           key->ended_us == dates_passed(posture, facts->ended_us / SECOND_US) &&
           key->timing.client_answer_us == (facts->timing.client_answer_us != 0);
}
