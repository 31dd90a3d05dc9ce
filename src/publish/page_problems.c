/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "publish/chart.h"
#include "publish/json_value.h"

enum {
    REASON_TEXT = 1024,
    DIRECTIVE_TEXT = 2048,
    SPARK_HOURS = 48,
    HOURS_OF_DAY = 24,
    QUIET_SECONDS = 3600,
    SHOWN_AT_ONCE = 8
};

/* What is shown of a line, wherever it came from. */
typedef struct card {
    const char *class;
    char says[REASON_TEXT], advice[REASON_TEXT], directive[DIRECTIVE_TEXT], cost[REASON_TEXT];
    char id[64];
    char event_id[41];
} card_t;

static const char *const act_classes[] = {
    [TLSDIAG_ACT_SERVER] = "server", [TLSDIAG_ACT_CLIENT] = "client", [TLSDIAG_ACT_NETWORK] = "network",
    [TLSDIAG_ACT_NOBODY] = "nobody", [TLSDIAG_ACT_EITHER] = "either",
};

static const char *const severity_words[] = {
    [TLSDIAG_SEVERITY_ERROR] = "set-up: error",
    [TLSDIAG_SEVERITY_WARNING] = "set-up: warning",
    [TLSDIAG_SEVERITY_NOTICE] = "set-up: notice",
    [TLSDIAG_SEVERITY_INFO] = "set-up: to know",
};

static void read_example(card_t *card, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    tlsdiag_brief_t record;
    if (line->example == TLSDIAG_NO_EXAMPLE || !tlsdiag_snapshot_failure(&record, page->snapshot, line->example)) {
        return;
    }
    strcpy(card->event_id, record.event_id);
    tlsdiag_json_text_of(card->says, sizeof card->says, tlsdiag_json_find(record.json, "event.reason"));
    if (card->says[0] == '\0') {
        tlsdiag_json_text_of(card->says, sizeof card->says, tlsdiag_json_find(record.json, "message"));
    }
    tlsdiag_json_value_t ours = tlsdiag_json_find(record.json, "tlsdiag");
    tlsdiag_json_text_of(card->advice, sizeof card->advice, tlsdiag_json_find(ours, "advice"));
    tlsdiag_json_text_of(card->directive, sizeof card->directive, tlsdiag_json_find(ours, "remedy"));
    tlsdiag_json_text_of(card->cost, sizeof card->cost, tlsdiag_json_find(ours, "remedy_cost"));
}

static void read_card(card_t *card, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    memset(card, 0, sizeof *card);
    if (line->finding) {
        card->class = line->finding->severity <= TLSDIAG_SEVERITY_WARNING ? "server" : "nobody";
        strcpy(card->says, line->finding->text);
        strcpy(card->advice, line->finding->advice);
        strcpy(card->directive, line->finding->directive);
        const char *id = tlsdiag_check_id(line->finding->check);
        strncat(card->id, id ? id : "audit", sizeof card->id - 1);
        return;
    }
    char name[64];
    card->class = act_classes[line->problem.act];
    strncat(card->id, tlsdiag_cause_id(name, page, line->problem.cause_slot), sizeof card->id - 1);
    read_example(card, page, line);
    if (card->says[0] == '\0') {
        tlsdiag_cause_words(card->says, sizeof card->says, page, line->problem.cause_slot);
    }
}

static void put_figure(tlsdiag_stream_t *out, const char *name)
{
    tlsdiag_html(out, "</dd></div><div><dt>");
    tlsdiag_html(out, name);
    tlsdiag_html(out, "</dt><dd>");
}

static void put_trend(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_problem_t *problem)
{
    uint64_t day_before = 0;
    uint64_t day = 0;
    for (unsigned ago = 0; ago < HOURS_OF_DAY; ago++) {
        day += problem->hours[ago];
        day_before += problem->hours[ago + HOURS_OF_DAY];
    }
    int64_t quiet = (page->snapshot->now_us - problem->entry.last_us) / 1000000;
    if (quiet > QUIET_SECONDS) {
        tlsdiag_html(out, "quiet for ");
        tlsdiag_html_age(out, quiet);
    } else if (day_before == 0) {
        tlsdiag_html(out, "new");
    } else {
        tlsdiag_html(out, day > day_before + day_before / 4 ? "rising"
                          : day + day / 4 < day_before      ? "falling"
                                                            : "steady");
    }
}

static void put_problem_figures(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    const tlsdiag_problem_t *problem = &line->problem;
    tlsdiag_vhost_counts_t counts;
    tlsdiag_snapshot_vhost(&counts, page->snapshot, problem->vhost);
    uint32_t oldest_first[SPARK_HOURS];
    for (unsigned i = 0; i < SPARK_HOURS; i++) {
        oldest_first[i] = problem->hours[SPARK_HOURS - 1 - i];
    }
    tlsdiag_html(out, "<dl class=\"figures\"><div><dt>clients hit, last day</dt><dd><b>");
    tlsdiag_html_count(out, line->people);
    tlsdiag_html(out, "</b>");
    put_figure(out, "handshakes, last day");
    tlsdiag_html_count(out, line->handshakes);
    put_figure(out, "in all");
    tlsdiag_html_count(out, problem->handshakes);
    tlsdiag_html(out, " from ");
    tlsdiag_html_counted(out, problem->clients, "client");
    put_figure(out, "of this vhost's handshakes");
    tlsdiag_html_percent(out, problem->handshakes, counts.succeeded + counts.failed);
    put_figure(out, "since");
    tlsdiag_html_ago(out, problem->entry.first_us, page->snapshot->now_us);
    put_figure(out, "last seen");
    tlsdiag_html_ago(out, problem->entry.last_us, page->snapshot->now_us);
    put_figure(out, "trend, 48 hours");
    put_trend(out, page, problem);
    tlsdiag_html(out, " ");
    tlsdiag_sparkline_write(out, oldest_first, SPARK_HOURS, "handshakes by hour, last 48 hours");
    tlsdiag_html(out, "</dd></div></dl>\n");
}

static void put_finding_figures(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    tlsdiag_html(out, "<dl class=\"figures\"><div><dt>found</dt><dd>");
    tlsdiag_html_ago(out, line->finding->since * 1000000, page->snapshot->now_us);
    if (line->finding->vhost > 0) {
        put_figure(out, "vhosts concerned");
        tlsdiag_html_count(out, line->vhosts);
    }
    if (line->finding->severity == TLSDIAG_SEVERITY_ERROR) {
        put_figure(out, "clients who come there");
        tlsdiag_html_count(out, line->people);
    }
    tlsdiag_html(out, "</dd></div></dl>\n");
}

static void put_place(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    tlsdiag_html(out, "<p class=\"place\">");
    if (!line->finding) {
        tlsdiag_vhost_link(out, page, line->problem.vhost);
    } else if (line->finding->vhost > 0 && line->finding->vhost <= page->vhosts_count) {
        tlsdiag_vhost_link(out, page, page->vhosts[line->finding->vhost - 1].slot);
        if (line->vhosts > 1) {
            tlsdiag_html(out, " and ");
            tlsdiag_html_counted(out, line->vhosts - 1u, "more vhost");
        }
    } else {
        tlsdiag_html(out, "the whole server");
    }
    tlsdiag_html(out, " <code class=\"cause\">");
}

static void put_head(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line,
                     const card_t *card)
{
    tlsdiag_html(out, "<h3>");
    tlsdiag_html_text(out, card->says);
    tlsdiag_html(out, "</h3>\n");
    put_place(out, page, line);
    tlsdiag_html_text(out, card->id);
    tlsdiag_html(out, "</code> ");
    if (line->finding) {
        tlsdiag_html(out, "<span class=\"badge ");
        tlsdiag_html(out, card->class);
        tlsdiag_html(out, "\">");
        tlsdiag_html(out, severity_words[line->finding->severity]);
        tlsdiag_html(out, "</span>");
    } else {
        tlsdiag_act_badge(out, line->problem.act);
    }
    tlsdiag_html(out, "</p>\n");
}

void tlsdiag_advice_html(tlsdiag_stream_t *out, const char *advice, const char *directive, const char *cost)
{
    if (advice[0]) {
        tlsdiag_html(out, "<p class=\"advice\">");
        tlsdiag_html_text(out, advice);
        tlsdiag_html(out, "</p>\n");
    }
    if (directive[0]) {
        tlsdiag_html(out, "<pre class=\"directive\" tabindex=\"0\"><code>");
        tlsdiag_html_text(out, directive);
        tlsdiag_html(out, "</code></pre>\n");
    }
    if (cost[0]) {
        tlsdiag_html(out, "<p class=\"cost\">What it costs: ");
        tlsdiag_html_text(out, cost);
        tlsdiag_html(out, "</p>\n");
    }
}

static void put_links(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line,
                      const card_t *card)
{
    if (line->finding) {
        return;
    }
    tlsdiag_html(out, "<p class=\"links\">");
    if (card->event_id[0]) {
        tlsdiag_html(out, "<a href=\"");
        tlsdiag_html_text(out, page->base);
        tlsdiag_html(out, "/record/");
        tlsdiag_html_query(out, tlsdiag_bytes(card->event_id, strlen(card->event_id)));
        tlsdiag_html(out, "\">An example in full</a> ");
    }
    tlsdiag_html(out, "<a href=\"");
    tlsdiag_failures_link(out, page, card->id, line->problem.vhost, NULL);
    tlsdiag_html(out, "\">Its latest records</a></p>\n");
}

static void put_card(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    card_t card;
    read_card(&card, page, line);
    tlsdiag_html(out, "<li class=\"problem ");
    tlsdiag_html(out, card.class);
    tlsdiag_html(out, "\">");
    put_head(out, page, line, &card);
    if (line->finding) {
        put_finding_figures(out, page, line);
    } else {
        put_problem_figures(out, page, line);
    }
    tlsdiag_advice_html(out, card.advice, card.directive, card.cost);
    put_links(out, page, line, &card);
    tlsdiag_html(out, "</li>\n");
}

static void put_noise_row(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_ranked_t *line)
{
    card_t card;
    read_card(&card, page, line);
    tlsdiag_html(out, "<tr><td>");
    tlsdiag_html_text(out, card.says);
    put_place(out, page, line);
    if (!line->finding) {
        tlsdiag_html(out, "<a href=\"");
        tlsdiag_failures_link(out, page, card.id, line->problem.vhost, NULL);
        tlsdiag_html(out, "\">");
    }
    tlsdiag_html_text(out, card.id);
    tlsdiag_html(out, line->finding ? "</code></p></td>" : "</a></code></p></td>");
    tlsdiag_html(out, "<td class=\"n\">");
    tlsdiag_html_count(out, line->people);
    tlsdiag_html(out, "</td><td class=\"n\">");
    tlsdiag_html_count(out, line->handshakes);
    tlsdiag_html(out, "</td><td>");
    if (line->finding) {
        tlsdiag_html(out, severity_words[line->finding->severity]);
    } else {
        tlsdiag_html_ago(out, line->problem.entry.last_us, page->snapshot->now_us);
    }
    tlsdiag_html(out, "</td></tr>\n");
}

static void put_noise(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned first)
{
    tlsdiag_html(out, "<details class=\"noise\"><summary>Noise, what is over, and notices: ");
    tlsdiag_html_count(out, page->ranked_count - first + page->ranked_left_out);
    tlsdiag_html(
        out,
        "</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Lesser matters\"><table><caption class=\"unseen\">Lesser matters</caption><thead><tr><th scope=\"col\">what"
        "</th><th scope=\"col\" class=\"n\">clients, last day</th><th scope=\"col\" class=\"n\">connections</th>"
        "<th scope=\"col\">last seen</th></tr></thead><tbody>\n");
    for (unsigned i = first; i < page->ranked_count; i++) {
        put_noise_row(out, page, &page->ranked[i]);
    }
    tlsdiag_html(out, "</tbody></table></div></details>\n");
}

static void put_cards(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned from, unsigned to)
{
    tlsdiag_html(out, from ? "<ol class=\"problems more\" start=\"9\">\n" : "<ol class=\"problems\">\n");
    for (unsigned i = from; i < to; i++) {
        put_card(out, page, &page->ranked[i]);
    }
    tlsdiag_html(out, "</ol>\n");
}

void tlsdiag_part_problems(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    unsigned first_noise = 0;
    while (first_noise < page->ranked_count && !page->ranked[first_noise].is_noise) {
        first_noise++;
    }
    if (first_noise == 0) {
        tlsdiag_nothing(out,
                        "Nothing to do: no handshake failed in the last day for a reason that concerns this server, a "
                        "client or the network, and the audit of the vhosts found no error and no warning.");
    } else {
        put_cards(out, page, 0, first_noise < SHOWN_AT_ONCE ? first_noise : SHOWN_AT_ONCE);
    }
    if (first_noise > SHOWN_AT_ONCE) {
        tlsdiag_html(out, "<details><summary>");
        tlsdiag_html_counted(out, first_noise - SHOWN_AT_ONCE, "more problem");
        tlsdiag_html(out, "</summary>\n");
        put_cards(out, page, SHOWN_AT_ONCE, first_noise);
        tlsdiag_html(out, "</details>\n");
    }
    if (first_noise < page->ranked_count) {
        put_noise(out, page, first_noise);
    }
}
