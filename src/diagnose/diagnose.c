/* SPDX-License-Identifier: Apache-2.0 */
/* One handshake in, one verdict out: set the scene, find the rule, write its texts. */
#include "diagnose/diagnosis.h"

#include <string.h>

#include "diagnose/experience.h"
#include "diagnose/rules.h"
#include "diagnose/templates.h"

enum { RULE_OK = 0 };

const char *tlsdiag_act_name(tlsdiag_act_t act)
{
    static const char *const names[] = { [TLSDIAG_ACT_SERVER] = "server",
                                         [TLSDIAG_ACT_CLIENT] = "client",
                                         [TLSDIAG_ACT_NETWORK] = "network",
                                         [TLSDIAG_ACT_NOBODY] = "nobody",
                                         [TLSDIAG_ACT_EITHER] = "either" };
    return names[act];
}

const char *tlsdiag_confidence_name(tlsdiag_confidence_t confidence)
{
    return confidence == TLSDIAG_CERTAIN ? "certain" : "likely";
}

const char *tlsdiag_level_name(tlsdiag_level_t level)
{
    return level == TLSDIAG_LEVEL_ERROR ? "error" : level == TLSDIAG_LEVEL_WARN ? "warn" : "info";
}

/* A handshake that was completed has failed all the same when an alert ended it before a request, or when it was one on an
 * established connection that did not come to its end. A client that just left has had a success: schema.md. */
static bool is_failure(const tlsdiag_scene_t *scene, const tlsdiag_rule_t *rule)
{
    if (!scene->facts->established) {
        return true;
    }
    if (rule->act == TLSDIAG_ACT_NOBODY) {
        return false;
    }
    return came_to_grief(scene);
}

static void clear(tlsdiag_diagnosis_t *diagnosis)
{
    diagnosis->says[0] = diagnosis->advice[0] = diagnosis->remedy[0] = diagnosis->remedy_cost[0] = '\0';
    diagnosis->evidence_count = 0;
}

static void set_verdict(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_scene_t *scene, uint16_t index)
{
    const tlsdiag_rule_t *rule = tlsdiag_rule_at(index);
    bool certain = !rule->certain_if || rule->certain_if(scene);
    diagnosis->rule = index;
    diagnosis->cause = rule->id;
    diagnosis->unknown = server_was_stopping(scene) && !scene->facts->established;
    diagnosis->failure = !diagnosis->unknown && is_failure(scene, rule);
    diagnosis->act = rule->act;
    diagnosis->confidence = certain ? TLSDIAG_CERTAIN : TLSDIAG_LIKELY;
    diagnosis->level = diagnosis->failure ? rule->level : TLSDIAG_LEVEL_INFO;
}

/* Returns whether it varies. */
static bool write_text(char *text, size_t size, const char *template, const tlsdiag_scene_t *scene)
{
    tlsdiag_writer_t out = tlsdiag_writer(text, size);
    bool varies = tlsdiag_template_expand(&out, template ? template : "", scene, TLSDIAG_ITEMS_IN_SENTENCE);
    tlsdiag_writer_text(&out);
    return varies;
}

/* Returns whether any of it varies. */
static bool write_evidence(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_scene_t *scene, const tlsdiag_rule_t *rule)
{
    bool varies = false;
    for (unsigned i = 0; i < TLSDIAG_EXHIBITS && rule->evidence[i].name; i++) {
        tlsdiag_evidence_t *evidence = &diagnosis->evidence[diagnosis->evidence_count];
        tlsdiag_writer_t out = tlsdiag_writer(evidence->value, sizeof evidence->value);
        varies |= tlsdiag_template_expand(&out, rule->evidence[i].value, scene, TLSDIAG_ITEMS_IN_EVIDENCE);
        const char *value = tlsdiag_writer_text(&out);
        if (value[0] && strcmp(value, "(none)") != 0) {
            evidence->name = rule->evidence[i].name;
            diagnosis->evidence_count++;
        }
    }
    return varies;
}

static void write_remedy(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_scene_t *scene, tlsdiag_remedy_t *remedy)
{
    tlsdiag_writer_t text = tlsdiag_writer(diagnosis->remedy, sizeof diagnosis->remedy);
    tlsdiag_writer_t cost = tlsdiag_writer(diagnosis->remedy_cost, sizeof diagnosis->remedy_cost);
    if (remedy) {
        remedy(&text, &cost, scene);
    }
    tlsdiag_writer_text(&text);
    tlsdiag_writer_text(&cost);
}

bool tlsdiag_is_plain_success(const tlsdiag_facts_t *facts)
{
    return facts->established && facts->request_seen && !facts->renegotiating && !facts->client_renegotiation_refused &&
           !facts->alerts_count && !facts->openssl_errors_count;
}

static void say_ok(tlsdiag_diagnosis_t *diagnosis)
{
    static const char says[] = "The handshake was completed.";
    clear(diagnosis);
    memcpy(diagnosis->says, says, sizeof says);
    diagnosis->rule = RULE_OK;
    diagnosis->cause = tlsdiag_rule_id(RULE_OK);
    diagnosis->failure = diagnosis->unknown = diagnosis->varies = false;
    diagnosis->act = TLSDIAG_ACT_NOBODY;
    diagnosis->confidence = TLSDIAG_CERTAIN;
    diagnosis->level = TLSDIAG_LEVEL_INFO;
}

void tlsdiag_judge(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                   uint64_t revoked_reports)
{
    tlsdiag_scene_t scene;
    if (tlsdiag_is_plain_success(facts)) {
        say_ok(diagnosis);
        return;
    }
    tlsdiag_scene_set(&scene, facts, posture, revoked_reports);
    uint16_t index = tlsdiag_rule_find(&scene);
    const tlsdiag_rule_t *rule = tlsdiag_rule_at(index);
    clear(diagnosis);
    set_verdict(diagnosis, &scene, index);
    diagnosis->varies = write_text(diagnosis->says, sizeof diagnosis->says, rule->says, &scene);
    diagnosis->varies |= write_text(diagnosis->advice, sizeof diagnosis->advice, rule->advice, &scene);
    diagnosis->varies |= write_evidence(diagnosis, &scene, rule);
    write_remedy(diagnosis, &scene, rule->remedy);
}

bool tlsdiag_diagnosis_wants_experience(const tlsdiag_diagnosis_t *diagnosis)
{
    return diagnosis->failure && diagnosis->level != TLSDIAG_LEVEL_INFO;
}

void tlsdiag_diagnosis_compare(char *text, const tlsdiag_diagnosis_t *diagnosis, const tlsdiag_experience_t *experience,
                               bool fingerprint_known)
{
    size_t length = strlen(diagnosis->advice);
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof diagnosis->advice - length);
    size_t blank = length > 0 ? 1 : 0;
    tlsdiag_write_bytes(&out, " ", blank);
    if (tlsdiag_diagnosis_wants_experience(diagnosis)) {
        tlsdiag_experience_write(&out, experience, fingerprint_known);
    }
    if (out.length == blank) {
        tlsdiag_writer_rewind(&out, 0);
    }
    tlsdiag_writer_text(&out);
}

void tlsdiag_diagnose(tlsdiag_diagnosis_t *diagnosis, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture,
                      const tlsdiag_experience_t *experience)
{
    tlsdiag_judge(diagnosis, facts, posture, experience ? experience->revoked_reports : 0);
    if (experience) {
        char *end = diagnosis->advice + strlen(diagnosis->advice);
        tlsdiag_diagnosis_compare(end, diagnosis, experience, facts->ja4[0]);
    }
}
