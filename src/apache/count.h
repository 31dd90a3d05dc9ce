/* SPDX-License-Identifier: Apache-2.0 */
/**
 * count.h knows how connections of httpd become observations of statistics/. It refuses to know what is done with them.
 *
 * Without shared memory every function does nothing.
 */
#ifndef TLSDIAG_APACHE_COUNT_H
#define TLSDIAG_APACHE_COUNT_H

#include "apache/connection.h"
#include "collect/client_cache.h"
#include "publish/event.h"
#include "statistics/layout.h"

/** A connection will have a handshake. One of the four below follows. */
void tlsdiag_count_begin(void);
/** There was no memory to watch it. */
void tlsdiag_count_unseen(void);
/** It has been told: event, with its JSON if that is worth keeping (else an empty run). */
void tlsdiag_count_event(tlsdiag_connection_t *connection, const tlsdiag_event_t *event, apr_uint64_t fingerprint,
                         tlsdiag_bytes_t json);
/** There was no memory to tell it. */
void tlsdiag_count_lost(const tlsdiag_facts_t *facts);
/** Its vhost is not observed (TLSDiag Off). */
void tlsdiag_count_withdraw(const tlsdiag_facts_t *facts);

/** Under which number such clients are counted; 0 without a JA4 or statistics. client, which remembers it, may be NULL. */
apr_uint64_t tlsdiag_count_fingerprint(tlsdiag_client_t *client, const tlsdiag_facts_t *facts);

/** event.sequence of the next record; 0 without statistics. */
apr_uint64_t tlsdiag_count_sequence(void);

/** What was seen before of a handshake that has this diagnosis. Returns false without statistics. */
bool tlsdiag_count_experience(tlsdiag_experience_t *experience, const tlsdiag_connection_t *connection,
                              const tlsdiag_facts_t *facts, const tlsdiag_diagnosis_t *diagnosis,
                              apr_uint64_t fingerprint);

/** tlsdiag_experience_t.revoked_reports, before there is a diagnosis; 0 without statistics. */
apr_uint64_t tlsdiag_count_revoked_reports(const tlsdiag_connection_t *connection);

/** n more of a tally of statistics/counters.inc. */
void tlsdiag_count_tally(tlsdiag_tally_t tally, apr_uint64_t n);

/**
 * What a client says of itself, on the first request of its connection that went well.
 *
 * Shape    !connection->said_who, which is set as soon as it was asked.
 */
void tlsdiag_count_request(tlsdiag_connection_t *connection, const request_rec *r);

#endif
