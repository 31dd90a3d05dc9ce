/* SPDX-License-Identifier: Apache-2.0 */
/**
 * health.h knows what a client can hold against the flight we sent it: the certificate and its chain, the staple, the size,
 * the DH group, the ALPN answer. And which of it a client means when it sends an alert or leaves without a word.
 * It refuses to know what to do about it.
 */
#ifndef TLSDIAG_DIAGNOSE_HEALTH_H
#define TLSDIAG_DIAGNOSE_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"
#include "posture.h"

/** What a client can hold against us. */
typedef enum {
    TLSDIAG_NO_COMPLAINT,
    TLSDIAG_EXPIRED,            /**< a certificate we sent is past its notAfter */
    TLSDIAG_NOT_YET_VALID,      /**< ... or before its notBefore */
    TLSDIAG_SELF_SIGNED,        /**< the leaf signed itself */
    TLSDIAG_CHAIN_INCOMPLETE,   /**< the issuer is not sent, and it is known that clients cannot have it */
    TLSDIAG_CHAIN_BROKEN,       /**< what is sent does not link up */
    TLSDIAG_ISSUER_UNKNOWN,     /**< only the leaf is sent, and nothing on this host knows its issuer */
    TLSDIAG_PRIVATE_CA,         /**< the chain links up and ends at a CA that this host does not trust either */
    TLSDIAG_NAME_MISMATCH,      /**< the name asked for is not covered */
    TLSDIAG_NO_SNI,             /**< no name was asked for, and the certificate does not cover the address */
    TLSDIAG_WEAK,               /**< RSA below 2048 bits, DSA, SHA-1 or MD5 */
    TLSDIAG_WRONG_USAGE,        /**< not for server authentication */
    TLSDIAG_CRITICAL_EXTENSION, /**< a critical extension that few clients know */
    TLSDIAG_NAME_CONSTRAINT,    /**< a CA of the chain may not issue for this name */
    TLSDIAG_STAPLE_MISSING,     /**< must-staple, asked for, not sent or an error sent */
    TLSDIAG_REVOKED,            /**< other clients say that it is revoked */
    TLSDIAG_CHAIN_LONG,         /**< more certificates than some clients follow */
    TLSDIAG_MESSAGE_BIG,        /**< Certificate or CertificateRequest above 16 KiB, one record */
    TLSDIAG_CHAIN_DISORDERED,   /**< all there, but in the wrong order or with strangers between */
    TLSDIAG_KEY_UNUSUAL,        /**< a kind of key that many clients cannot use */
    TLSDIAG_DH_SMALL,           /**< our DH group is below 2048 bits */
    TLSDIAG_ALPN_UNOFFERED,     /**< we answered with a protocol that the client did not offer */
    TLSDIAG_COMPLAINTS
} tlsdiag_complaint_t;

/** A short phrase for evidence: "expired". */
const char *tlsdiag_complaint_text(tlsdiag_complaint_t complaint);

enum {
    TLSDIAG_LONG_CHAIN = 7,     /**< webpki follows 6 intermediates, mbedTLS 8, JSSE and BouncyCastle 10, GnuTLS 16 */
    TLSDIAG_BIG_MESSAGE = 16384 /**< one record, RFC 8446 5.1: what mbedTLS and wolfSSL hold by default */
};

/** How the client left. */
typedef enum {
    TLSDIAG_LEFT_BY_ALERT,
    TLSDIAG_LEFT_SILENTLY,  /**< FIN, RST or close_notify before the handshake was complete */
    TLSDIAG_LEFT_COMPLETED, /**< completed, and closed without a request */
    TLSDIAG_NOT_LEFT
} tlsdiag_leaving_t;

typedef struct tlsdiag_health {
    const tlsdiag_chain_t *chain; /**< what was served, or in the session; NULL: unknown, or no certificate was sent */
    uint32_t complaints;          /**< bits 1 << tlsdiag_complaint_t: all that could be held against us */
    uint16_t expired, not_yet_valid, weak, critical,
        constraining;           /**< which certificate of the chain (0 is the leaf) */
    bool name_from_common_name; /**< no subjectAltName, but the common name would cover it */
} tlsdiag_health_t;

/**
 * What could be held against us.
 *
 * Writes   all of *health. posture may be NULL.
 * Limits   says nothing of a certificate when none was sent (a resumed session), unless the client speaks of one: then it is
 *          taken for the one that the vhost has now.
 */
void tlsdiag_health_examine(tlsdiag_health_t *health, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                            uint64_t revoked_reports);

/**
 * Which of these complaints explains how the client left; TLSDIAG_NO_COMPLAINT when none does. An alert narrows it: a
 * certificate_expired(45) never means the name. What one alert may mean is a table in complaints.c, with its sources.
 *
 * Writes   *is_one_of_many: another complaint would explain it as well.
 */
tlsdiag_complaint_t tlsdiag_health_explain(const tlsdiag_health_t *health, tlsdiag_leaving_t leaving, uint8_t alert,
                                           bool *is_one_of_many);

/** Whether the client has our answer to judge: a ServerHello and what belongs to it. */
bool tlsdiag_flight_was_sent(const tlsdiag_facts_t *facts);

/** RFC 8446 6.2: bad_certificate(42) to certificate_unknown(46), which are said of a certificate only. */
bool tlsdiag_alert_rejects_certificate(uint8_t alert);

/** The chain that was served: by negotiated.certificate, or the only one there is, or the one whose key made the signature. */
const tlsdiag_chain_t *tlsdiag_chain_served(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture);

#endif
