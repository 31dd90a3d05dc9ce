/* SPDX-License-Identifier: Apache-2.0 */
/**
 * check.h knows what one check is made of and what it gets to see. Only the files of this folder include it.
 * It refuses to know what any check looks for: each family has a file with its predicates and, below them, its table.
 *
 * To add a check: a predicate (an English clause that can be false), a row in the family's table, and in
 * t/unit/audit_*.c one posture that has the fault and its neighbour that has not.
 */
#ifndef TLSDIAG_AUDIT_CHECK_H
#define TLSDIAG_AUDIT_CHECK_H

#include "audit/findings.h"
#include "audit/inventory.h"
#include "base/writer.h"
#include "posture.h"

/** What a check is asked about, once each. */
typedef enum {
    TLSDIAG_EACH_SERVER,      /**< the whole server: nothing but the inventory */
    TLSDIAG_EACH_PLAIN_VHOST, /**< `plain` */
    TLSDIAG_EACH_VHOST,       /**< `vhost` */
    TLSDIAG_EACH_CHAIN,       /**< also `chain`, and `certificate` is its leaf */
    TLSDIAG_EACH_AUTHORITY,   /**< also `certificate`, in turn each one sent after the leaf */
    TLSDIAG_EACH_FILE         /**< also `file`, in turn each file of the vhost that no earlier vhost named */
} tlsdiag_scope_t;

enum { TLSDIAG_SEEN_TEXT = 320 };

/** What one check looks at, and what it saw there. */
typedef struct tlsdiag_scene {
    const tlsdiag_inventory_t *inventory;
    const tlsdiag_plain_vhost_t *plain;
    const tlsdiag_posture_t *vhost;
    uint16_t vhost_index;
    const tlsdiag_chain_t *chain;
    const tlsdiag_certificate_t *certificate;
    const tlsdiag_file_t *file;
    uint16_t place; /**< which chain, certificate or file it is: tells two findings of one check on one vhost apart */
    int64_t limit;  /**< of the row: days, bits or bytes, as the check means it */
    int64_t above;  /**< of the row: below this another row of the same family speaks */

    /* written by the predicate for the text: {seen}, {number}, {other} */
    tlsdiag_writer_t seen; /**< empty at the start; names, suites, reasons */
    int64_t number;
    const tlsdiag_posture_t *other; /**< the vhost it collides with */
    char seen_text[TLSDIAG_SEEN_TEXT];
} tlsdiag_scene_t;

/**
 * One check. Texts may hold the {values} of values.c.
 *
 * A text that needs a value which this scene lacks shows it as "unknown"; a directive of that kind is left out whole.
 */
typedef struct tlsdiag_check {
    const char *id;
    tlsdiag_severity_t severity;
    tlsdiag_scope_t scope;
    bool (*when)(tlsdiag_scene_t *scene);
    int64_t limit, above;
    const char *what; /**< for the list of checks: half a sentence */
    const char *says; /**< for the finding: one sentence with its numbers */
    const char *why;
    const char *advice;
    const char *directive; /**< NULL: none helps */
    const char *source;
} tlsdiag_check_t;

/** A family's table. */
typedef struct tlsdiag_checks {
    const tlsdiag_check_t *rows;
    uint16_t count;
} tlsdiag_checks_t;

extern const tlsdiag_checks_t tlsdiag_certificate_checks; /**< certificate.c: the leaf */
extern const tlsdiag_checks_t tlsdiag_chain_checks;       /**< chain.c: what is sent after it */
extern const tlsdiag_checks_t tlsdiag_protocol_checks;    /**< protocol.c: versions and groups */
extern const tlsdiag_checks_t tlsdiag_suite_checks;       /**< suites.c */
extern const tlsdiag_checks_t tlsdiag_session_checks;     /**< session.c: tickets, cache, renegotiation, time limits */
extern const tlsdiag_checks_t tlsdiag_client_checks;      /**< client_certificates.c: CAs and CRLs */
extern const tlsdiag_checks_t tlsdiag_vhost_checks;       /**< vhosts.c: one vhost against the others */
extern const tlsdiag_checks_t tlsdiag_file_checks;        /**< files.c: what is on disk */
extern const tlsdiag_checks_t tlsdiag_host_checks;        /**< host.c: clock, OpenSSL, randomness */
extern const tlsdiag_checks_t tlsdiag_mozilla_checks;     /**< mozilla.c: which of Mozilla's profiles is met */
extern const tlsdiag_checks_t tlsdiag_simulation_checks;  /**< simulation.c: what simulated clients met */

/** Write template with its {values} into out. Returns false when a value was not there. */
bool tlsdiag_template_write(tlsdiag_writer_t *out, const char *template, const tlsdiag_scene_t *scene);
/** Is there a value of that name (length bytes)? For the test of the tables. */
bool tlsdiag_value_exists(const char *name, size_t length);

/* What several families need. */

enum { TLSDIAG_DAY_SECONDS = 86400 };

/** Seconds at which "expires within days" begins: a third of the certificate's life is never exceeded. */
int64_t tlsdiag_warn_from(const tlsdiag_certificate_t *certificate, int64_t days);
/** The named groups of Mozilla's profiles, in order. */
tlsdiag_code_list_t tlsdiag_profile_groups(void);
/** Is there a suite for TLS 1.2 and below that works with one of the vhost's keys? */
bool tlsdiag_has_suites_for_its_keys(const tlsdiag_posture_t *vhost);
/** Is code among the codes? */
bool tlsdiag_list_has(tlsdiag_code_list_t list, uint16_t code);
/** Add an item to scene->seen, with ", " before every one but the first. */
void tlsdiag_see(tlsdiag_scene_t *scene, const char *text);

#endif
