/* SPDX-License-Identifier: Apache-2.0 */
/* What a client means: for each way to leave, the complaints it can stand for, the most telling first. */
#include "diagnose/health.h"

#include <stddef.h>

enum { ROW = 24 }; /* complaints in a row at most, and a closing 0 */
enum { UNKNOWN_CA = 48 };

typedef struct tlsdiag_meaning {
    uint8_t alert;
    uint8_t complaints[ROW];
} tlsdiag_meaning_t;

/* Wrong for every client that looks at it. */
#define PLAIN_FAULTS                                                                                                   \
    TLSDIAG_EXPIRED, TLSDIAG_NOT_YET_VALID, TLSDIAG_SELF_SIGNED, TLSDIAG_CHAIN_INCOMPLETE, TLSDIAG_CHAIN_BROKEN,       \
        TLSDIAG_NAME_CONSTRAINT, TLSDIAG_NAME_MISMATCH, TLSDIAG_WRONG_USAGE, TLSDIAG_CRITICAL_EXTENSION, TLSDIAG_WEAK, \
        TLSDIAG_STAPLE_MISSING, TLSDIAG_CHAIN_LONG
/* Wrong for some, or only likely. */
#define DOUBTS TLSDIAG_ISSUER_UNKNOWN, TLSDIAG_REVOKED, TLSDIAG_NO_SNI, TLSDIAG_CHAIN_DISORDERED, TLSDIAG_MESSAGE_BIG

/*
 * Sources: RFC 8446 6.2 for what each alert is for, and observed-clients 17 to 21 and 25 for what clients use it for: Go,
 * rustls 0.20 and GnuTLS say bad_certificate(42) for everything, Chromium and BouncyCastle certificate_unknown(46); mbedTLS
 * unsupported_certificate(43) for a weak key and access_denied(49) for a long chain; JSSE handshake_failure(40), BouncyCastle
 * internal_error(80) for a long chain; Perl internal_error(80), Erlang handshake_failure(40) for a name; six different
 * alerts for an ALPN answer. An alert that is not listed means nothing about what we sent.
 */
static const tlsdiag_meaning_t meanings[] = {
    { 10, { TLSDIAG_ALPN_UNOFFERED } },
    { 22, { TLSDIAG_MESSAGE_BIG } },
    { 40, { TLSDIAG_ALPN_UNOFFERED, TLSDIAG_DH_SMALL, PLAIN_FAULTS, TLSDIAG_KEY_UNUSUAL, DOUBTS } },
    { 42, { PLAIN_FAULTS, DOUBTS, TLSDIAG_KEY_UNUSUAL, TLSDIAG_PRIVATE_CA } },
    { 43,
      { TLSDIAG_WRONG_USAGE, TLSDIAG_WEAK, TLSDIAG_CRITICAL_EXTENSION, TLSDIAG_NAME_CONSTRAINT, TLSDIAG_KEY_UNUSUAL,
        TLSDIAG_EXPIRED, TLSDIAG_NOT_YET_VALID, TLSDIAG_SELF_SIGNED, TLSDIAG_CHAIN_BROKEN, TLSDIAG_NAME_MISMATCH } },
    { 45, { TLSDIAG_EXPIRED, TLSDIAG_NOT_YET_VALID } },
    { 46, { PLAIN_FAULTS, DOUBTS, TLSDIAG_KEY_UNUSUAL, TLSDIAG_PRIVATE_CA } },
    { 47, { TLSDIAG_ALPN_UNOFFERED, TLSDIAG_DH_SMALL, TLSDIAG_KEY_UNUSUAL, TLSDIAG_WEAK, PLAIN_FAULTS } },
    { 48,
      { TLSDIAG_SELF_SIGNED, TLSDIAG_CHAIN_INCOMPLETE, TLSDIAG_CHAIN_BROKEN, TLSDIAG_CHAIN_LONG, TLSDIAG_EXPIRED,
        TLSDIAG_ISSUER_UNKNOWN, TLSDIAG_PRIVATE_CA } },
    { 49, { TLSDIAG_CHAIN_LONG, PLAIN_FAULTS } },
    { 50, { TLSDIAG_ALPN_UNOFFERED, TLSDIAG_MESSAGE_BIG } },
    { 51, { TLSDIAG_DH_SMALL, TLSDIAG_KEY_UNUSUAL, TLSDIAG_WEAK } },
    { 71, { TLSDIAG_DH_SMALL, TLSDIAG_WEAK, TLSDIAG_KEY_UNUSUAL } },
    { 80, { TLSDIAG_ALPN_UNOFFERED, TLSDIAG_CHAIN_LONG, PLAIN_FAULTS, TLSDIAG_DH_SMALL, TLSDIAG_KEY_UNUSUAL } },
    { 90, { PLAIN_FAULTS } },
    { 110, { TLSDIAG_ALPN_UNOFFERED } },
    { 113, { TLSDIAG_STAPLE_MISSING } },
    { 120, { TLSDIAG_ALPN_UNOFFERED } },
};

/* observed-clients 10 and 18: Node, BearSSL and clients with a message too large for them leave without an alert. */
static const tlsdiag_meaning_t left_silently = {
    0, { PLAIN_FAULTS, DOUBTS, TLSDIAG_ALPN_UNOFFERED, TLSDIAG_DH_SMALL, TLSDIAG_KEY_UNUSUAL }
};

/* observed-clients 18: curl, wget, Node and PHP look at the certificate when the handshake is complete. Health checks do
 * not send a name and need none. */
static const tlsdiag_meaning_t left_completed = { 0, { PLAIN_FAULTS, TLSDIAG_ISSUER_UNKNOWN, TLSDIAG_REVOKED } };

static const char *const texts[TLSDIAG_COMPLAINTS] = {
    [TLSDIAG_NO_COMPLAINT] = "none",
    [TLSDIAG_EXPIRED] = "expired",
    [TLSDIAG_NOT_YET_VALID] = "not yet valid",
    [TLSDIAG_SELF_SIGNED] = "self-signed",
    [TLSDIAG_CHAIN_INCOMPLETE] = "intermediate not sent",
    [TLSDIAG_CHAIN_BROKEN] = "chain does not link up",
    [TLSDIAG_ISSUER_UNKNOWN] = "issuer not sent and unknown here",
    [TLSDIAG_PRIVATE_CA] = "root not in this host's trust store",
    [TLSDIAG_NAME_MISMATCH] = "name not covered",
    [TLSDIAG_NO_SNI] = "no SNI and address not covered",
    [TLSDIAG_WEAK] = "weak key or signature",
    [TLSDIAG_WRONG_USAGE] = "not for server authentication",
    [TLSDIAG_CRITICAL_EXTENSION] = "unknown critical extension",
    [TLSDIAG_NAME_CONSTRAINT] = "name constraint violated",
    [TLSDIAG_STAPLE_MISSING] = "must-staple without staple",
    [TLSDIAG_REVOKED] = "revoked according to other clients",
    [TLSDIAG_CHAIN_LONG] = "long chain",
    [TLSDIAG_MESSAGE_BIG] = "message above 16 KiB",
    [TLSDIAG_CHAIN_DISORDERED] = "chain out of order",
    [TLSDIAG_KEY_UNUSUAL] = "unusual kind of key",
    [TLSDIAG_DH_SMALL] = "DH group below 2048 bits",
    [TLSDIAG_ALPN_UNOFFERED] = "ALPN answer not offered",
};

const char *tlsdiag_complaint_text(tlsdiag_complaint_t complaint)
{
    return texts[complaint];
}

static const tlsdiag_meaning_t *meaning_of(tlsdiag_leaving_t leaving, uint8_t alert)
{
    if (leaving != TLSDIAG_LEFT_BY_ALERT) {
        return leaving == TLSDIAG_LEFT_SILENTLY    ? &left_silently
               : leaving == TLSDIAG_LEFT_COMPLETED ? &left_completed
                                                   : NULL;
    }
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].alert == alert) {
            return &meanings[i];
        }
    }
    return NULL;
}

/* An issuer that has expired is one that the client does not know; the server's own certificate gets another alert. */
static bool is_held_against_us(const tlsdiag_health_t *health, uint8_t complaint, uint8_t alert)
{
    bool own_expiry = complaint == TLSDIAG_EXPIRED && health->expired == 0;
    return health->complaints & UINT32_C(1) << complaint && !(own_expiry && alert == UNKNOWN_CA);
}

tlsdiag_complaint_t tlsdiag_health_explain(const tlsdiag_health_t *health, tlsdiag_leaving_t leaving, uint8_t alert,
                                           bool *is_one_of_many)
{
    const tlsdiag_meaning_t *meaning = meaning_of(leaving, alert);
    tlsdiag_complaint_t first = TLSDIAG_NO_COMPLAINT;
    *is_one_of_many = false;
    for (size_t i = 0; meaning && i < ROW && meaning->complaints[i]; i++) {
        uint8_t complaint = meaning->complaints[i];
        if (!is_held_against_us(health, complaint, alert)) {
            continue;
        }
        if (!first) {
            first = (tlsdiag_complaint_t)complaint;
        } else {
            /* A private CA's own clients have its root. */
            *is_one_of_many |= complaint != TLSDIAG_PRIVATE_CA || alert == UNKNOWN_CA;
        }
    }
    return first;
}
