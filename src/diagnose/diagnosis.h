/* SPDX-License-Identifier: Apache-2.0 */
/**
 * diagnosis.h knows the shape of a verdict: cause, who must act, what happened, what to change, how sure.
 * It refuses to look anything up: all it may use comes in as facts, posture and experience.
 */
#ifndef TLSDIAG_DIAGNOSE_DIAGNOSIS_H
#define TLSDIAG_DIAGNOSE_DIAGNOSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"
#include "posture.h"

/** Who must act. The names are those of `tlsdiag.act`. */
typedef enum {
    TLSDIAG_ACT_SERVER,
    TLSDIAG_ACT_CLIENT,
    TLSDIAG_ACT_NETWORK,
    TLSDIAG_ACT_NOBODY,
    TLSDIAG_ACT_EITHER
} tlsdiag_act_t;

typedef enum { TLSDIAG_CERTAIN, TLSDIAG_LIKELY } tlsdiag_confidence_t;

/** The level of the error-log line and of `log.level`. */
typedef enum { TLSDIAG_LEVEL_ERROR, TLSDIAG_LEVEL_WARN, TLSDIAG_LEVEL_INFO } tlsdiag_level_t;

/**
 * What this server has seen of the same cause, client and fingerprint before now: "this client or everybody?".
 * All zero when statistics are off.
 */
typedef struct tlsdiag_experience {
    int64_t since_us;                                     /**< since when it counts; wall clock */
    uint64_t vhost_successes;                             /**< handshakes completed on this vhost since then */
    uint64_t vhost_failures;                              /**< failed, all causes */
    uint64_t cause_failures;                              /**< this cause on this vhost, this one left out */
    uint32_t cause_clients;                               /**< from how many addresses (estimate) */
    uint64_t fingerprint_successes, fingerprint_failures; /**< same JA4 on this vhost */
    uint64_t address_successes, address_failures;         /**< same client network */
    uint64_t
        revoked_reports; /**< certificate_revoked(44) alerts from any client of this vhost: what one looks up and says
                                   plainly, another means with a vaguer alert or none */
} tlsdiag_experience_t;

enum {
    TLSDIAG_SAYS_TEXT = 512,
    TLSDIAG_ADVICE_TEXT = 768,
    TLSDIAG_REMEDY_TEXT = 1536,
    TLSDIAG_EVIDENCE_KEPT = 12,
    TLSDIAG_EVIDENCE_TEXT = 320
};

/** One fact the verdict rests on. */
typedef struct tlsdiag_evidence {
    const char *name;                  /**< a literal: "offered", "allowed", "missing", "not_after" ... (JSON key) */
    char value[TLSDIAG_EVIDENCE_TEXT]; /**< safe text; lists are separated by ", " */
} tlsdiag_evidence_t;

typedef struct tlsdiag_diagnosis {
    uint16_t rule;     /**< index into the rule table; stable within one build only */
    const char *cause; /**< id of causes.csv; "ok" when nothing is wrong */
    bool failure;      /**< event.outcome is failure */
    bool unknown;      /**< event.outcome is unknown: cut by our own stop */
    bool varies;       /**< its texts show what repeat.h leaves out: a time, a size, an address */
    tlsdiag_act_t act;
    tlsdiag_confidence_t confidence;
    tlsdiag_level_t level;
    char says[TLSDIAG_SAYS_TEXT];     /**< what happened, one sentence with its numbers; safe text */
    char advice[TLSDIAG_ADVICE_TEXT]; /**< what to do; safe text; empty when nothing is to be done */
    char remedy
        [TLSDIAG_REMEDY_TEXT]; /**< directive lines to put into the vhost, LF between; empty: no configuration helps */
    char remedy_cost[256];     /**< what the remedy costs in security; empty: nothing */
    tlsdiag_evidence_t evidence[TLSDIAG_EVIDENCE_KEPT];
    uint8_t evidence_count;
} tlsdiag_diagnosis_t;

/** Completed, a request came and nothing else: nothing is to be explained, so no rule looks at it. As most connections are. */
bool tlsdiag_is_plain_success(const tlsdiag_facts_t *facts);

/**
 * The verdict on one handshake.
 *
 * Writes   all of diagnosis.
 * Shape    posture may be NULL (the vhost is unknown, or it is a backend connection). revoked_reports is the member of
 *          tlsdiag_experience_t, all of it that a rule looks at.
 * Broken   never fails: what no rule explains is "unexplained".
 */
void tlsdiag_judge(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                   uint64_t revoked_reports);

/** Will tlsdiag_diagnosis_compare() add anything? Of noise and of successes nobody wants statistics. */
bool tlsdiag_diagnosis_wants_experience(const tlsdiag_diagnosis_t *diagnosis);

/**
 * Say what was seen before of the cause that was found, as the end of diagnosis->advice: printable ASCII without a quote or
 * backslash; empty when there is nothing to say, or no room for it where the advice stands.
 *
 * Shape    text has room for what diagnosis->advice leaves of TLSDIAG_ADVICE_TEXT. fingerprint_known: the client has a JA4.
 */
void tlsdiag_diagnosis_compare(char *text, const tlsdiag_diagnosis_t *diagnosis, const tlsdiag_experience_t *experience,
                               bool fingerprint_known);

/** Both at once, where all is known before: the end of the advice stands in diagnosis->advice. experience may be NULL. */
void tlsdiag_diagnose(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                      const tlsdiag_experience_t *experience);

/** Name of who must act: "server", "client", "network", "nobody", "either". */
const char *tlsdiag_act_name(tlsdiag_act_t act);
/** "certain" or "likely". */
const char *tlsdiag_confidence_name(tlsdiag_confidence_t confidence);
/** "error", "warn" or "info". */
const char *tlsdiag_level_name(tlsdiag_level_t level);

/** Number of rules; ids and texts by index, for tables, metrics labels and the README's page of causes. */
uint16_t tlsdiag_rules_count(void);
const char *tlsdiag_rule_id(uint16_t rule);
tlsdiag_act_t tlsdiag_rule_act(uint16_t rule);
tlsdiag_level_t tlsdiag_rule_level(uint16_t rule);
/** Templates with {names}; an empty string when the rule has none. Literals. */
const char *tlsdiag_rule_says(uint16_t rule);
const char *tlsdiag_rule_advice(uint16_t rule);
const char *tlsdiag_rule_source(uint16_t rule);
/** True when the rule can print directives that let such a client in. */
bool tlsdiag_rule_has_remedy(uint16_t rule);

#endif
