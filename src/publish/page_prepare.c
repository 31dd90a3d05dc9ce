/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page.h"

#include <string.h>

enum { HOURS_OF_DAY = 24 };

static uint64_t last_day(const tlsdiag_problem_t *problem)
{
    uint64_t sum = 0;
    for (unsigned ago = 0; ago < HOURS_OF_DAY; ago++) {
        sum += problem->hours[ago];
    }
    return sum;
}

static unsigned urgency(const tlsdiag_ranked_t *line)
{
    return line->finding ? line->finding->severity == TLSDIAG_SEVERITY_ERROR : line->problem.act == TLSDIAG_ACT_SERVER;
}

/* By people hit, then by handshakes, then what this server's administrator can change first. Noise stands below. */
static bool outranks(const tlsdiag_ranked_t *a, const tlsdiag_ranked_t *b)
{
    if (a->is_noise != b->is_noise) {
        return b->is_noise;
    }
    if (a->people != b->people) {
        return a->people > b->people;
    }
    if (a->handshakes != b->handshakes) {
        return a->handshakes > b->handshakes;
    }
    return urgency(a) > urgency(b);
}

static void rank(tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    unsigned at = page->ranked_count;
    while (at > 0 && outranks(line, &page->ranked[at - 1])) {
        at--;
    }
    page->ranked_left_out += page->ranked_count == TLSDIAG_RANKED_MOST;
    if (at == TLSDIAG_RANKED_MOST) {
        return;
    }
    page->ranked_count = (uint16_t)(page->ranked_count + (page->ranked_count < TLSDIAG_RANKED_MOST));
    memmove(&page->ranked[at + 1], &page->ranked[at], (page->ranked_count - 1u - at) * sizeof *line);
    page->ranked[at] = *line;
}

static void rank_problems(tlsdiag_page_t *page)
{
    for (uint32_t number = 0; number < page->snapshot->copy.shape.problems; number++) {
        tlsdiag_ranked_t line = { .finding = NULL };
        if (tlsdiag_snapshot_problem(&line.problem, page->snapshot, number)) {
            line.handshakes = last_day(&line.problem);
            line.people = line.problem.recent_clients;
            line.is_noise = line.problem.level == TLSDIAG_LEVEL_INFO || line.handshakes == 0;
            rank(page, &line);
        }
    }
}

static uint64_t clients_of(const tlsdiag_page_t *page, const tlsdiag_finding_t *finding)
{
    if (finding->vhost == 0 || finding->vhost > page->vhosts_count) {
        return page->all.clients;
    }
    tlsdiag_vhost_counts_t counts;
    tlsdiag_snapshot_vhost(&counts, page->snapshot, page->vhosts[finding->vhost - 1].slot);
    return counts.clients;
}

/* One line for each check: the same fault on a hundred vhosts is one problem. */
static tlsdiag_ranked_t line_of_check(const tlsdiag_page_t *page, size_t first)
{
    const tlsdiag_finding_t *finding = &page->findings[first];
    tlsdiag_ranked_t line = { .finding = finding, .is_noise = finding->severity > TLSDIAG_SEVERITY_WARNING };
    for (size_t i = first; i < page->findings_count; i++) {
        if (page->findings[i].check != finding->check || page->findings[i].silenced) {
            continue;
        }
        line.vhosts++;
        if (finding->severity == TLSDIAG_SEVERITY_ERROR) { /* clients fail now: all who come */
            line.people += clients_of(page, &page->findings[i]);
        }
    }
    if (finding->severity == TLSDIAG_SEVERITY_ERROR && line.people == 0) {
        line.people = 1; /* nobody came yet; the next one will be hit */
    }
    return line;
}

static void rank_findings(tlsdiag_page_t *page)
{
    bool came_before[TLSDIAG_CHECKS_MOST] = { false };
    for (size_t i = 0; i < page->findings_count; i++) {
        const tlsdiag_finding_t *finding = &page->findings[i];
        if (finding->silenced || finding->severity == TLSDIAG_SEVERITY_INFO || finding->check >= TLSDIAG_CHECKS_MOST ||
            came_before[finding->check]) {
            continue;
        }
        came_before[finding->check] = true;
        tlsdiag_ranked_t line = line_of_check(page, i);
        rank(page, &line);
    }
}

static bool is_about(const tlsdiag_ranked_t *line, const tlsdiag_brief_t *record)
{
    return !line->finding && line->problem.vhost == record->vhost && line->problem.cause_slot == record->cause_slot;
}

static void find_examples(tlsdiag_page_t *page)
{
    for (unsigned i = 0; i < page->ranked_count; i++) {
        page->ranked[i].example = TLSDIAG_NO_EXAMPLE;
    }
    for (uint32_t age = 0; age < tlsdiag_snapshot_failures(page->snapshot); age++) {
        tlsdiag_brief_t record;
        if (!tlsdiag_snapshot_failure(&record, page->snapshot, age)) {
            continue;
        }
        for (unsigned i = 0; i < page->ranked_count; i++) {
            if (page->ranked[i].example == TLSDIAG_NO_EXAMPLE && is_about(&page->ranked[i], &record)) {
                page->ranked[i].example = age;
            }
        }
    }
}

void tlsdiag_page_prepare(tlsdiag_page_t *page)
{
    page->totals = tlsdiag_snapshot_totals(page->snapshot);
    tlsdiag_snapshot_all_vhosts(&page->all, page->snapshot);
    page->ranked_count = 0;
    page->ranked_left_out = 0;
    rank_problems(page);
    rank_findings(page);
    find_examples(page);
}
