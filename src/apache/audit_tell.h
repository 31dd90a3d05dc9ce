/* SPDX-License-Identifier: Apache-2.0 */
/**
 * audit_tell.h knows how a finding is told to people: one line in the error log, a paragraph on standard output, and who
 * said that it need not be told. It refuses to know when.
 */
#ifndef TLSDIAG_APACHE_AUDIT_TELL_H
#define TLSDIAG_APACHE_AUDIT_TELL_H

#include "apache/audit_inventory.h"
#include "apache/audit_store.h"
#include "apr_file_io.h"

/** Set `silenced` and `reason` of each finding that a TLSDiagAuditIgnore of its vhost names. */
void tlsdiag_findings_mark_ignored(tlsdiag_finding_t *findings, apr_size_t count, const tlsdiag_kept_inventory_t *kept);

/**
 * Log a finding that is new or gone in its vhost's error log, at the level of its severity, as far as TLSDiagAudit there
 * wants it.
 */
void tlsdiag_finding_log(const tlsdiag_finding_t *finding, tlsdiag_finding_change_t change,
                         const tlsdiag_kept_inventory_t *kept);

/** Print a finding with everything it says, ignored or not. */
void tlsdiag_finding_print(apr_file_t *out, const tlsdiag_finding_t *finding, const tlsdiag_kept_inventory_t *kept);

#endif
