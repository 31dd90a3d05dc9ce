/* SPDX-License-Identifier: Apache-2.0 */
/**
 * names.h knows the words for what facts.h numbers: stages, ends, outcomes, versions as ECS writes them.
 * It refuses to know IANA's names (iana/iana.h) and the diagnosis' own (diagnose/diagnosis.h).
 *
 * All names are string literals. NULL: there is none, the field is then absent.
 */
#ifndef TLSDIAG_PUBLISH_NAMES_H
#define TLSDIAG_PUBLISH_NAMES_H

#include "diagnose/diagnosis.h"
#include "facts.h"

/** "connected", "bytes_received", ... "finished". */
const char *tlsdiag_stage_name(tlsdiag_stage_t stage);

/** "finished", "alert_sent", ... NULL while the connection is still open. */
const char *tlsdiag_ended_by_name(tlsdiag_ended_by_t ended_by);

/** "success", "failure", or "unknown" when our own stop cut it. */
const char *tlsdiag_outcome_name(const tlsdiag_diagnosis_t *diagnosis);

/** How a session was resumed: "psk" in TLS 1.3, else "session_id" or "ticket"; NULL: it was not. */
const char *tlsdiag_resumption_name(const tlsdiag_negotiated_t *negotiated);

/** ECS's tls.version and tls.version_protocol: "1.3" and "tls", "3.0" and "ssl"; NULL for a version that never was. */
const char *tlsdiag_version_number(uint16_t version);
const char *tlsdiag_version_protocol(uint16_t version);

#endif
