/* SPDX-License-Identifier: Apache-2.0 */
/**
 * audit_store.h knows the shared memory that holds the last audit's findings, so that each child can show them.
 * It refuses to know how they are made, and remembers one thing only: since when each has been there.
 *
 * One process writes at a time: the parent at start, then whichever child runs the watchdog. Readers copy; a copy that
 * was overtaken by a writer is made again.
 */
#ifndef TLSDIAG_APACHE_AUDIT_STORE_H
#define TLSDIAG_APACHE_AUDIT_STORE_H

#include "apache/module.h"
#include "audit/findings.h"

/** What stands beside the findings. */
typedef struct tlsdiag_audit_summary {
    apr_int64_t audited; /**< when, seconds since 1970; 0: no audit yet */
    apr_size_t kept;     /**< findings in the store */
    apr_size_t total;    /**< findings there were; the least severe are left out when there was no room */
    apr_size_t by_severity[TLSDIAG_SEVERITIES]; /**< of those kept and not silenced */
    apr_size_t silenced;
} tlsdiag_audit_summary_t;

/** What became of a finding between two audits. */
typedef enum { TLSDIAG_FINDING_NEW, TLSDIAG_FINDING_SAME, TLSDIAG_FINDING_GONE } tlsdiag_finding_change_t;

typedef void (*tlsdiag_finding_visit_t)(void *context, const tlsdiag_finding_t *finding,
                                        tlsdiag_finding_change_t change);

/**
 * Make the store, or find that of the generation before, with room for findings of so many vhosts.
 * Returns  an error when there is no shared memory: then findings are logged at start and nothing else.
 */
apr_status_t tlsdiag_audit_store_open(server_rec *main_server, apr_size_t vhosts);

/** How many findings it has room for; 0: there is no store. */
apr_size_t tlsdiag_audit_store_capacity(void);

/**
 * Replace what is stored. A finding that was there keeps its `since`; visit is told of each finding, those that are
 * gone first. at_start: what the generation before left counts for `since` only, so all are new and none is gone.
 */
void tlsdiag_audit_store_replace(tlsdiag_finding_t *findings, apr_size_t kept, apr_size_t total, apr_int64_t audited,
                                 bool at_start, tlsdiag_finding_visit_t visit, void *context);

/** Copy what is stored, worst first. findings has room for capacity of them. Returns how many were written. */
apr_size_t tlsdiag_audit_findings(tlsdiag_finding_t *findings, apr_size_t capacity, tlsdiag_audit_summary_t *summary);

#endif
