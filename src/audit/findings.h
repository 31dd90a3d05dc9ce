/* SPDX-License-Identifier: Apache-2.0 */
/**
 * findings.h knows what an audit says: which check found what on which vhost, why that matters, what to change.
 * It refuses to know where it is shown, when it was first seen and whether somebody wants to hear it.
 *
 * A check's id is its public name in the error log (`tlsdiag:<id>`), in JSON, as a metrics label and on the page.
 */
#ifndef TLSDIAG_AUDIT_FINDINGS_H
#define TLSDIAG_AUDIT_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/inventory.h"

/** How much it matters, from the worst. */
typedef enum {
    TLSDIAG_SEVERITY_ERROR,   /**< clients fail now, or a secret is open */
    TLSDIAG_SEVERITY_WARNING, /**< some clients fail, or all will soon, or the protection is weak */
    TLSDIAG_SEVERITY_NOTICE,  /**< works, and should be better */
    TLSDIAG_SEVERITY_INFO     /**< to know when something else goes wrong */
} tlsdiag_severity_t;

enum {
    TLSDIAG_SEVERITIES = 4,
    TLSDIAG_CHECKS_MOST = 256, /**< there are never more checks; a size for what is kept by check */
    TLSDIAG_FINDING_TEXT = 448,
    TLSDIAG_FINDING_ADVICE = 448,
    TLSDIAG_FINDING_DIRECTIVE = 768,
    TLSDIAG_FINDING_REASON = 128
};

/** One fault in one place. No pointers: it may live in shared memory. */
typedef struct tlsdiag_finding {
    uint64_t identity; /**< the same fault in the same place has the same number in every audit and process */
    int64_t since;     /**< seconds since 1970; the audit writes its own now, the keeper remembers the first */
    uint16_t check;    /**< index for tlsdiag_check_get(); stable within one build only */
    uint16_t vhost;    /**< index into the inventory's vhosts, plus 1; 0: the whole server */
    tlsdiag_severity_t severity;
    bool silenced;                             /**< set by the keeper: TLSDiagAuditIgnore names it */
    char reason[TLSDIAG_FINDING_REASON];       /**< ... and says why */
    char text[TLSDIAG_FINDING_TEXT];           /**< what is wrong, with its numbers; safe text */
    char advice[TLSDIAG_FINDING_ADVICE];       /**< what to do; safe text */
    char directive[TLSDIAG_FINDING_DIRECTIVE]; /**< lines for the vhost, LF between; empty: no directive helps */
} tlsdiag_finding_t;

/** What the tables of checks say of one of them, for documents, metrics labels and the setter of TLSDiagAuditIgnore. */
typedef struct tlsdiag_check_text {
    const char *id; /**< "audit.cert.expired" */
    tlsdiag_severity_t severity;
    const char *what;      /**< what it looks for, half a sentence */
    const char *why;       /**< what happens to clients, or to the server, when it is found */
    const char *advice;    /**< what to do, with {values} in braces where a finding has its own */
    const char *directive; /**< likewise; NULL: no directive helps */
    const char *source;    /**< RFC section, policy, or observed behaviour the check rests on */
} tlsdiag_check_text_t;

/**
 * Judge everything in the inventory.
 *
 * Returns  how many findings there are, worst first, then in the order of the vhosts and of the table; at most
 *          capacity of them are written, and when there are more, what is left out is the least severe.
 * Shape    inventory->host.now is the time that dates are judged by. findings may be NULL when capacity is 0.
 */
size_t tlsdiag_audit(tlsdiag_finding_t *findings, size_t capacity, const tlsdiag_inventory_t *inventory);

/**
 * The next moment after now at which a date in the inventory makes a finding come or go: an expiry, a threshold before
 * it, a notBefore, a CRL's nextUpdate.
 *
 * Returns  seconds since 1970; INT64_MAX when nothing changes by time alone.
 */
int64_t tlsdiag_audit_next_change(const tlsdiag_inventory_t *inventory);

/** Number of checks. */
uint16_t tlsdiag_checks_count(void);
/** The check with that index, in the order of the tables. Returns false when there is none. */
bool tlsdiag_check_get(tlsdiag_check_text_t *text, uint16_t index);
/** Its id, a literal; NULL: none. */
const char *tlsdiag_check_id(uint16_t index);
/** "error", "warning", "notice", "info". */
const char *tlsdiag_severity_name(tlsdiag_severity_t severity);

#endif
