/* SPDX-License-Identifier: Apache-2.0 */
/**
 * rules.h knows what a rule is made of. It refuses to know any rule: those are in rules.c and rules/.
 */
#ifndef TLSDIAG_DIAGNOSE_RULES_H
#define TLSDIAG_DIAGNOSE_RULES_H

#include "diagnose/diagnosis.h"
#include "diagnose/predicates.h"
#include "diagnose/remedy.h"

enum { TLSDIAG_CLAUSES = 5, TLSDIAG_EXHIBITS = 7 };

/** One piece of evidence: its JSON key, and a template for its value; left out when the value is empty. */
typedef struct tlsdiag_exhibit {
    const char *name;
    const char *value;
} tlsdiag_exhibit_t;

/** One cause. Rules are tried from the top; the first one whose clauses all hold is the diagnosis. */
typedef struct tlsdiag_rule {
    const char *id;                          /**< of causes.csv; never renamed, never used twice */
    tlsdiag_clause_t *when[TLSDIAG_CLAUSES]; /**< all must hold; none: always holds */
    tlsdiag_act_t act;                       /**< who must act, as causes.csv says */
    tlsdiag_level_t level;                   /**< of a failure; a success is always told as info */
    tlsdiag_clause_t *certain_if;            /**< the verdict is certain if this holds, else likely; NULL: certain */
    const char *says;                        /**< template: what happened, one sentence with a full stop */
    const char *advice;                      /**< template: what to do; NULL: nothing */
    tlsdiag_remedy_t *remedy; /**< writes directives that let this client in; NULL: no configuration does */
    tlsdiag_exhibit_t evidence[TLSDIAG_EXHIBITS];
    const char *source; /**< where it is written that this is so */
} tlsdiag_rule_t;

/** The rule at an index below tlsdiag_rules_count(). */
const tlsdiag_rule_t *tlsdiag_rule_at(uint16_t rule);

/** Index of the first rule that holds; there is always one, since the last has no clauses. */
uint16_t tlsdiag_rule_find(const tlsdiag_scene_t *scene);

#endif
