/* SPDX-License-Identifier: Apache-2.0 */
/**
 * what_if.h knows the questions that are asked before an old protocol is turned off: which of the handshakes that
 * work today would fail if this vhost allowed less. It refuses to count the answers.
 *
 * Asked of every completed handshake, from what its ClientHello offered. What was negotiated answers most of
 * them at once; the lists are compared only where it would have to go.
 */
#ifndef TLSDIAG_STATISTICS_WHAT_IF_H
#define TLSDIAG_STATISTICS_WHAT_IF_H

#include "facts.h"
#include "posture.h"
#include "statistics/layout.h"

typedef struct tlsdiag_what_if {
    const char *id;        /**< name in JSON: "tls13_only" */
    const char *title;     /**< what the vhost would do, to follow "if this vhost ..." */
    const char *directive; /**< what would be written; NULL: more than a line */
    /** Would it change anything on this vhost? A question that would not is not asked. */
    bool (*concerns)(const tlsdiag_posture_t *posture);
    /** Could this client still connect? */
    bool (*survives)(const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture);
} tlsdiag_what_if_t;

/** The questions that concern a vhost, one bit each. To be asked once for each configuration: it walks all suites. */
uint8_t tlsdiag_what_if_concerns(const tlsdiag_posture_t *posture);

/** The questions; their order is that of the answers in tlsdiag_vhost_cells_t. */
extern const tlsdiag_what_if_t tlsdiag_what_ifs[TLSDIAG_WHAT_IFS];

/** Is it a group whose key exchange a quantum computer does not break? (IANA TLS Supported Groups: ML-KEM, alone or with a curve.) */
bool tlsdiag_group_is_post_quantum(uint16_t group);
/** Is there one among the groups that the hello offers? */
bool tlsdiag_offers_post_quantum(const tlsdiag_client_hello_t *hello);

#endif
