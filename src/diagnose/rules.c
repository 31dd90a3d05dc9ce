/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE readable file: every cause, from top to bottom. The first rule whose every clause holds is the diagnosis, so the
 * specific stands above the general. A rule is one paragraph; to add one: a paragraph in the part where it belongs, a clause
 * in predicates*.c if a word is missing, a row in t/unit/diagnose.
 *
 * The parts follow a handshake from its beginning to its end. What to trust is in the clauses, in this order: what the
 * transport did, how far it came, the first bytes, the client's own alert, OpenSSL's first reason, our alert (never the
 * first), the offer against the configuration, the verify error.
 */
#include "diagnose/rules.h"

static const tlsdiag_rule_t rules[] = {
#include "diagnose/rules/completed.inc"          /* it was completed, or ended by our own doing */
#include "diagnose/rules/first_bytes.inc"        /* no ClientHello came */
#include "diagnose/rules/hello.inc"              /* we refused the ClientHello for what it is */
#include "diagnose/rules/offer.inc"              /* what it offers does not meet the configuration */
#include "diagnose/rules/server_certificate.inc" /* the client did not like what we sent */
#include "diagnose/rules/client_alerts.inc"      /* the client ended it in its own words */
#include "diagnose/rules/midway.inc"             /* we could not take a message of the client */
#include "diagnose/rules/client_certificate.inc" /* we did not accept the client's certificate */
#include "diagnose/rules/client_gone.inc"        /* the client is gone without a word */
#include "diagnose/rules/last.inc"               /* our own doing, and what no rule explains */
};
enum { RULES = sizeof rules / sizeof rules[0] };

uint16_t tlsdiag_rules_count(void)
{
    return RULES;
}

const tlsdiag_rule_t *tlsdiag_rule_at(uint16_t rule)
{
    return &rules[rule < RULES ? rule : RULES - 1];
}

static bool holds(const tlsdiag_rule_t *rule, const tlsdiag_scene_t *scene)
{
    for (unsigned i = 0; i < TLSDIAG_CLAUSES && rule->when[i]; i++) {
        if (!rule->when[i](scene)) {
            return false;
        }
    }
    return true;
}

uint16_t tlsdiag_rule_find(const tlsdiag_scene_t *scene)
{
    uint16_t i = 0;
    while (i < RULES - 1 && !holds(&rules[i], scene)) {
        i++;
    }
    return i;
}

const char *tlsdiag_rule_id(uint16_t rule)
{
    return tlsdiag_rule_at(rule)->id;
}

tlsdiag_act_t tlsdiag_rule_act(uint16_t rule)
{
    return tlsdiag_rule_at(rule)->act;
}

tlsdiag_level_t tlsdiag_rule_level(uint16_t rule)
{
    return tlsdiag_rule_at(rule)->level;
}

const char *tlsdiag_rule_says(uint16_t rule)
{
    return tlsdiag_rule_at(rule)->says;
}

const char *tlsdiag_rule_advice(uint16_t rule)
{
    const char *advice = tlsdiag_rule_at(rule)->advice;
    return advice ? advice : "";
}

const char *tlsdiag_rule_source(uint16_t rule)
{
    return tlsdiag_rule_at(rule)->source;
}

bool tlsdiag_rule_has_remedy(uint16_t rule)
{
    return tlsdiag_rule_at(rule)->remedy;
}
