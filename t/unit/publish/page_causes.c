/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of a client that fails for more causes than an entry of the table has room for: none is lost, no name comes twice. */
#include "publish/snapshots.h"

enum { CAUSES = TLSDIAG_ENTRY_CAUSES + 3, EACH = 2, UNKNOWN_RULE = UINT16_MAX };

static scenery_t scenery;

static void fail(const char *cause, unsigned times)
{
    handshake_t bad;
    for (unsigned i = 0; i < times; i++) {
        bad_handshake(&bad, cause ? cause : tlsdiag_rule_id(0), TLSDIAG_ACT_CLIENT);
        if (!cause) {
            bad.diagnosis.rule = UNKNOWN_RULE;
        }
        play(&scenery.statistics, &bad);
    }
}

/* "name":number behind start; -1 when it is not there. */
static long number_of(const char *start, const char *name)
{
    char key[80];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = strstr(start, key);
    return at ? atol(at + strlen(key)) : -1;
}

static void are_listed(const char *table)
{
    char key[32];
    snprintf(key, sizeof key, "\"%s\":", table);
    const char *at = strstr(written.text, key), *causes = at ? strstr(at, "\"causes\":{") : NULL;
    const char *end = causes ? strchr(causes, '}') : NULL;
    if (!ok(end != NULL, "%s: has an entry with causes", table)) {
        return;
    }
    char object[2048];
    snprintf(object, sizeof object, "%.*s", (int)(end - causes), causes);
    unsigned named = 0;
    long sum = 0;
    for (uint16_t rule = 0; rule < CAUSES; rule++) {
        long count = number_of(object, tlsdiag_rule_id(rule));
        named += count == EACH;
        sum += count > 0 ? count : 0;
    }
    is_int(named, TLSDIAG_ENTRY_CAUSES - 1, "... as many as have room, beside the one without a name");
    is_int(sum + number_of(object, "_other"), CAUSES * EACH + 1, "... and the rest is summed");
    ok(strstr(object, "_other") && !strstr(strstr(object, "_other") + 1, "_other"), "... under one name");
    is_int(number_of(at, "failed"), CAUSES * EACH + 1, "... which is all that failed");
}

int main(void)
{
    open_scenery(&scenery);
    set_up_vhost(&scenery, 0, "www.example:443", "CN=www.example", 300);
    scenery.page.vhosts_count = 1;
    fail(NULL, 1); /* of a rule that has no slot of its own */
    for (uint16_t rule = 0; rule < CAUSES; rule++) {
        fail(tlsdiag_rule_id(rule), EACH);
    }
    close_scenery(&scenery);
    render(&scenery, AS_JSON);
    are_listed("fingerprints");
    are_listed("networks");
    leave(&scenery);
    return done_testing();
}
