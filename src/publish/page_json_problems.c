/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_json_parts.h"

#include <string.h>

#include "publish/json_stream.h"
#include "publish/page_parts.h"

enum { HOURS = 48, WORDS_TEXT = 600 };

static void put_vhost(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned slot)
{
    char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    tlsdiag_slot_name(name, page, slot);
    tlsdiag_json_put_client(out, "vhost", tlsdiag_bytes(name, strlen(name)));
}

static void put_finding(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_finding_t *finding)
{
    tlsdiag_json_put_text(out, "check", tlsdiag_check_id(finding->check));
    tlsdiag_json_put_text(out, "severity", tlsdiag_severity_name(finding->severity));
    if (finding->vhost > 0 && finding->vhost <= page->vhosts_count) {
        put_vhost(out, page, page->vhosts[finding->vhost - 1].slot);
    }
    tlsdiag_json_put_time(out, "since", finding->since * 1000000);
    tlsdiag_json_put_text(out, "text", finding->text);
    tlsdiag_json_put_text(out, "advice", finding->advice);
    tlsdiag_json_put_text(out, "directive", finding->directive);
}

static void put_cause(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    const tlsdiag_problem_t *problem = &line->problem;
    char name[64], words[WORDS_TEXT];
    tlsdiag_brief_t example;
    tlsdiag_json_put_text(out, "cause", tlsdiag_cause_id(name, page, problem->cause_slot));
    tlsdiag_cause_words(words, sizeof words, page, problem->cause_slot);
    tlsdiag_json_put_text(out, "text", words);
    put_vhost(out, page, problem->vhost);
    tlsdiag_json_put_text(out, "act", tlsdiag_act_name(problem->act));
    tlsdiag_json_put_text(out, "level", tlsdiag_level_name(problem->level));
    tlsdiag_json_put_u64(out, "handshakes_last_day", line->handshakes);
    tlsdiag_json_put_u64(out, "handshakes", problem->handshakes);
    tlsdiag_json_put_u64(out, "clients", problem->clients);
    tlsdiag_json_put_time(out, "since", problem->entry.first_us);
    tlsdiag_json_put_time(out, "last_seen", problem->entry.last_us);
    if (line->example != TLSDIAG_NO_EXAMPLE && tlsdiag_snapshot_failure(&example, page->snapshot, line->example)) {
        tlsdiag_json_put_client(out, "example", tlsdiag_bytes(example.event_id, strlen(example.event_id)));
    }
    tlsdiag_json_begin(out, "hours_ago", '[');
    for (unsigned ago = 0; ago < HOURS; ago++) {
        tlsdiag_json_put_u64(out, NULL, problem->hours[ago]);
    }
    tlsdiag_json_end(out, ']');
}

void tlsdiag_problems_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_json_begin(out, "problems", '[');
    for (unsigned i = 0; i < page->ranked_count; i++) {
        const tlsdiag_ranked_t *line = &page->ranked[i];
        tlsdiag_json_begin(out, NULL, '{');
        tlsdiag_json_put_u64(out, "rank", i + 1);
        tlsdiag_json_put_bool(out, "noise", line->is_noise);
        tlsdiag_json_put_u64(out, "clients_last_day", line->people);
        if (line->finding) {
            tlsdiag_json_put_u64(out, "vhosts", line->vhosts);
            put_finding(out, page, line->finding);
        } else {
            put_cause(out, page, line);
        }
        tlsdiag_json_end(out, '}');
    }
    tlsdiag_json_end(out, ']');
}

void tlsdiag_findings_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    tlsdiag_json_begin(out, "findings", '[');
    for (size_t i = 0; i < page->findings_count; i++) {
        tlsdiag_json_begin(out, NULL, '{');
        put_finding(out, page, &page->findings[i]);
        tlsdiag_json_put_bool(out, "silenced", page->findings[i].silenced);
        tlsdiag_json_put_text(out, "reason", page->findings[i].reason);
        tlsdiag_json_end(out, '}');
    }
    tlsdiag_json_end(out, ']');
}
