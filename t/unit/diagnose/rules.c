/* SPDX-License-Identifier: Apache-2.0 */
/* The rule table keeps its promises: ids are those of causes.csv, texts are sentences, names exist, sources are given. */
#include "../tap.h"

#include <stdlib.h>

#include "diagnose/rules.h"
#include "diagnose/templates.h"

enum { CAUSES = 256, LINE = 512 };

static struct {
    char id[64];
    char act[16];
} causes[CAUSES];
static unsigned causes_count;

/* t/data/causes.csv is the fixed list: id,ref,act,what_happened. */
static void read_causes(void)
{
    char line[LINE];
    FILE *file = fopen("t/data/causes.csv", "r");
    if (!ok(file != NULL, "t/data/causes.csv can be read")) {
        exit(done_testing());
    }
    while (fgets(line, sizeof line, file) && causes_count < CAUSES) {
        sscanf(line, "%63[^,],%*[^,],%15[^,]", causes[causes_count].id, causes[causes_count].act);
        if (!causes[causes_count].act[0]) {
            sscanf(line, "%63[^,],,%15[^,]", causes[causes_count].id, causes[causes_count].act);
        }
        causes_count += strcmp(causes[causes_count].id, "id") != 0;
    }
    fclose(file);
}

static int rule_of(const char *id)
{
    for (uint16_t i = 0; i < tlsdiag_rules_count(); i++) {
        if (strcmp(tlsdiag_rule_id(i), id) == 0) {
            return i;
        }
    }
    return -1;
}

static bool is_sentence(const char *text)
{
    size_t length = strlen(text);
    bool ends =
        length > 10 && (text[length - 1] == '.' || text[length - 1] == '}'); /* a name may end with a sentence */
    return ends && (text[0] == '{' || (text[0] >= 'A' && text[0] <= 'Z'));
}

static bool names_exist(const char *id, const char *text)
{
    bool all = true;
    while ((text = strchr(text, '{')) != NULL) {
        size_t length = strcspn(++text, "}");
        size_t optional = text[0] == '?';
        if (!tlsdiag_field_find(text + optional, length - optional)) {
            printf("# %s: {%.*s}\n", id, (int)length, text);
            all = false;
        }
    }
    return all;
}

static void judge_texts(const tlsdiag_rule_t *rule)
{
    ok(is_sentence(rule->says) && rule->says[strlen(rule->says) - 1] == '.', "%s: says a sentence", rule->id);
    ok(names_exist(rule->id, rule->says), "%s: names in says exist", rule->id);
    ok(strcmp(rule->id, "ok") == 0 || rule->advice, "%s: has advice", rule->id);
    if (rule->advice) {
        ok(is_sentence(rule->advice) || rule->advice[0] == '{', "%s: advises in sentences", rule->id);
        ok(names_exist(rule->id, rule->advice), "%s: names in advice exist", rule->id);
    }
    ok(rule->source && strlen(rule->source) > 4, "%s: has a source", rule->id);
    for (unsigned i = 0; i < TLSDIAG_EXHIBITS && rule->evidence[i].name; i++) {
        ok(names_exist(rule->id, rule->evidence[i].value), "%s: evidence %s exists", rule->id, rule->evidence[i].name);
    }
}

/* Every clause of the earlier rule is also one of the later: then the later can never be reached. */
static bool shadows(const tlsdiag_rule_t *earlier, const tlsdiag_rule_t *later)
{
    for (unsigned i = 0; i < TLSDIAG_CLAUSES && earlier->when[i]; i++) {
        bool found = false;
        for (unsigned j = 0; j < TLSDIAG_CLAUSES && later->when[j]; j++) {
            found |= earlier->when[i] == later->when[j];
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static void judge_order(uint16_t index)
{
    const tlsdiag_rule_t *rule = tlsdiag_rule_at(index);
    const char *shadow = NULL;
    for (uint16_t i = 0; i < index; i++) {
        const tlsdiag_rule_t *earlier = tlsdiag_rule_at(i);
        shadow = shadows(earlier, rule) || strcmp(earlier->id, rule->id) == 0 ? earlier->id : shadow;
    }
    is_str(shadow, NULL, rule->id);
}

/* error: the server's administrator must act. warn: any other failure once a ClientHello was seen. info: the rest. */
static void judge_level(const tlsdiag_rule_t *rule)
{
    bool noise = strncmp(rule->id, "probe.", 6) == 0 || strncmp(rule->id, "not_tls.", 8) == 0 ||
                 strncmp(rule->id, "protocol.renegotiation_refused", 30) == 0 || strcmp(rule->id, "ok") == 0 ||
                 strcmp(rule->id, "server.stopping") == 0 ||
                 strcmp(rule->id, "server_cert.closed_after_handshake") == 0;
    tlsdiag_level_t expected = rule->act == TLSDIAG_ACT_SERVER ? TLSDIAG_LEVEL_ERROR : TLSDIAG_LEVEL_WARN;
    if (noise) {
        expected = strcmp(rule->id, "not_tls.proxy_protocol") == 0 ? TLSDIAG_LEVEL_ERROR : TLSDIAG_LEVEL_INFO;
    }
    is_str(tlsdiag_level_name(rule->level), tlsdiag_level_name(expected), rule->id);
}

int main(void)
{
    read_causes();
    is_int(tlsdiag_rules_count(), causes_count, "as many rules as causes");
    for (unsigned i = 0; i < causes_count; i++) {
        int rule = rule_of(causes[i].id);
        if (ok(rule >= 0, "%s has a rule", causes[i].id)) {
            is_str(tlsdiag_act_name(tlsdiag_rule_act((uint16_t)rule)), causes[i].act, causes[i].id);
        }
    }
    for (uint16_t i = 0; i < tlsdiag_rules_count(); i++) {
        judge_texts(tlsdiag_rule_at(i));
        judge_level(tlsdiag_rule_at(i));
        judge_order(i);
    }
    is_str(tlsdiag_rule_id(0), "ok", "the first rule is ok");
    is_str(tlsdiag_rule_id((uint16_t)(tlsdiag_rules_count() - 1)), "unexplained", "the last rule always holds");
    ok(!tlsdiag_rule_at((uint16_t)(tlsdiag_rules_count() - 1))->when[0], "and it has no clause");
    return done_testing();
}
