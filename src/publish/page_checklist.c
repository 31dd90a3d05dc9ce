/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

enum { PREFIXES = 8, MINUTES_OF_HOUR = 60, HOURS_OF_DAY = 24, FEW = 5, ENOUGH = 10 };

/* The list that every article on failed handshakes gives, and what would speak for each item. A prefix that ends with a dot
 * stands for a family of causes or checks. */
static const struct item {
    const char *title;
    uint64_t least_clients; /* fewer than so many only make it suspected: they may be the reason themselves */
    const char *causes[PREFIXES];
    const char *checks[PREFIXES];
} items[] = {
    { "Protocol versions do not match", 1, { "version." }, { "audit.version." } },
    { "Cipher suites, groups or signatures do not match",
      1,
      { "cipher.", "cert_type.", "sigalg.", "group.", "dh." },
      { "audit.suite.", "audit.group.", "audit.h2." } },
    { "A certificate has expired or is not valid yet",
      1,
      { "server_cert.expired", "server_cert.not_yet_valid", "server_cert.revoked" },
      { "audit.cert.expire", "audit.cert.not_yet_valid", "audit.file.", "audit.chain.ca_expire",
        "audit.chain.root_expired" } },
    { "The certificate chain is incomplete or unknown",
      1,
      { "server_cert.chain", "server_cert.unknown_ca", "server_cert.self_signed", "server_cert.rejected" },
      { "audit.chain.incomplete", "audit.chain.issuer", "audit.chain.wrong", "audit.chain.not_a_ca",
        "audit.chain.unrelated", "audit.cert.self_signed", "audit.cert.ca_as_leaf" } },
    { "The certificate does not cover the name",
      1,
      { "server_cert.name", "server_cert.no_sni", "sni." },
      { "audit.cert.name_not_covered", "audit.cert.alias_not_covered", "audit.cert.no_san", "audit.vhost.shadowed",
        "audit.vhost.alias_shadowed" } },
    { "The system clock or time zone is wrong",
      1,
      { "server_cert.client_clock" },
      { "audit.host.clock", "audit.host.time_zone", "audit.host.utc_offset" } },
    { "The network cuts or delays connections",
      FEW,
      { "network.", "record.bad_length", "protocol.bad_record" },
      { NULL } },
    { "Client certificates are missing or refused", 1, { "client_cert." }, { "audit.client_cert.", "audit.crl." } },
    { "Other settings of this server are at fault",
      1,
      { "server.", "alpn.", "protocol.post_handshake_auth", "not_tls.proxy_protocol", "network.proxy_header_missing" },
      { "audit.session.", "audit.vhost.", "audit.host.no_randomness" } },
};

typedef enum { UNKNOWN, RULED_OUT, SUSPECTED, CONFIRMED } state_t;

static const struct {
    const char *class, *text;
} states[] = {
    [UNKNOWN] = { "unknown", "not known yet" },
    [RULED_OUT] = { "ruledout", "ruled out" },
    [SUSPECTED] = { "suspected", "suspected" },
    [CONFIRMED] = { "confirmed", "confirmed" },
};

/* What speaks for one item. */
typedef struct evidence {
    const tlsdiag_ranked_t *line;     /* the weightiest line about it; NULL: none */
    const tlsdiag_finding_t *finding; /* the worst finding about it; NULL: none */
    uint64_t handshakes, over;        /* of the last day; of earlier days, or noise */
} evidence_t;

static bool begins_with_one_of(const char *id, const char *const *prefixes)
{
    for (unsigned i = 0; i < PREFIXES && prefixes[i]; i++) {
        if (strncmp(id, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void weigh_lines(evidence_t *evidence, const tlsdiag_page_t *page, const struct item *item)
{
    char name[64];
    for (unsigned i = 0; i < page->ranked_count; i++) {
        const tlsdiag_ranked_t *line = &page->ranked[i];
        if (line->finding ||
            !begins_with_one_of(tlsdiag_cause_id(name, page, line->problem.cause_slot), item->causes)) {
            continue;
        }
        evidence->line = evidence->line ? evidence->line : line;
        evidence->handshakes += line->is_noise ? 0 : line->handshakes;
        evidence->over += line->is_noise ? line->problem.handshakes : 0;
    }
}

static void weigh_findings(evidence_t *evidence, const tlsdiag_page_t *page, const struct item *item)
{
    for (size_t i = 0; i < page->findings_count; i++) {
        const tlsdiag_finding_t *finding = &page->findings[i];
        const char *id = tlsdiag_check_id(finding->check);
        if (id && !finding->silenced && finding->severity <= TLSDIAG_SEVERITY_WARNING &&
            begins_with_one_of(id, item->checks) &&
            (!evidence->finding || finding->severity < evidence->finding->severity)) {
            evidence->finding = finding;
        }
    }
}

static uint64_t completed_last_day(const tlsdiag_page_t *page)
{
    uint64_t sum = 0;
    for (unsigned ago = 0; ago < HOURS_OF_DAY; ago++) {
        sum += tlsdiag_snapshot_hour(page->snapshot, TLSDIAG_SERIES_SUCCEEDED, ago);
    }
    return sum;
}

static state_t state_of(const evidence_t *evidence, const struct item *item, uint64_t completed)
{
    bool error = evidence->finding && evidence->finding->severity == TLSDIAG_SEVERITY_ERROR;
    bool proven = evidence->handshakes && evidence->line->people >= item->least_clients;
    return proven || error                                               ? CONFIRMED
           : evidence->handshakes || evidence->finding || evidence->over ? SUSPECTED
           : completed                                                   ? RULED_OUT
                                                                         : UNKNOWN;
}

static void open_item(tlsdiag_stream_t *out, const char *title, state_t state)
{
    tlsdiag_html(out, "<tr class=\"");
    tlsdiag_html(out, states[state].class);
    tlsdiag_html(out, "\"><th scope=\"row\">");
    tlsdiag_html(out, title);
    tlsdiag_html(out, "</th><td><span class=\"state\">");
    tlsdiag_html(out, states[state].text);
    tlsdiag_html(out, "</span></td><td>");
}

static void close_item(tlsdiag_stream_t *out)
{
    tlsdiag_html(out, "</td></tr>\n");
}

static void put_cause_evidence(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const evidence_t *evidence)
{
    char name[64];
    const char *cause = tlsdiag_cause_id(name, page, evidence->line->problem.cause_slot);
    if (evidence->handshakes) {
        tlsdiag_html_counted(out, evidence->handshakes, "handshake");
        tlsdiag_html(out, " in the last day, ");
        tlsdiag_html_counted(out, evidence->line->people, "client");
        tlsdiag_html(out, " by ");
    } else {
        tlsdiag_html_counted(out, evidence->over, "connection");
        tlsdiag_html(out, ", lesser or longer ago: ");
    }
    tlsdiag_html(out, "<a href=\"");
    tlsdiag_failures_link(out, page, cause, UINT16_MAX, NULL);
    tlsdiag_html(out, "\">");
    tlsdiag_html_text(out, cause);
    tlsdiag_html(out, "</a>. ");
}

static void put_finding_evidence(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_finding_t *finding)
{
    tlsdiag_html(out, "The audit says");
    if (finding->vhost > 0 && finding->vhost <= page->vhosts_count) {
        tlsdiag_html(out, " of ");
        tlsdiag_vhost_link(out, page, page->vhosts[finding->vhost - 1].slot);
    }
    tlsdiag_html(out, ": ");
    tlsdiag_html_text(out, finding->text);
}

static void put_item(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const struct item *item, uint64_t completed)
{
    evidence_t evidence = { 0 };
    weigh_lines(&evidence, page, item);
    weigh_findings(&evidence, page, item);
    state_t state = state_of(&evidence, item, completed);
    open_item(out, item->title, state);
    if (evidence.line && (evidence.handshakes || evidence.over)) {
        put_cause_evidence(out, page, &evidence);
    }
    if (evidence.finding) {
        put_finding_evidence(out, page, evidence.finding);
    }
    if (state == RULED_OUT) {
        tlsdiag_html_counted(out, completed, "handshake");
        tlsdiag_html(out, " completed in the last day and none failed for this reason");
        tlsdiag_html(out, page->inventory && item->checks[0] ? "; the audit found nothing." : ".");
    }
    if (state == UNKNOWN) {
        tlsdiag_html(out, "Nobody has connected in the last day.");
    }
    close_item(out);
}

typedef struct spread {
    unsigned fingerprints, with_problem, never_well; /* of those in the table */
} spread_t;

static spread_t spread_of(const tlsdiag_page_t *page)
{
    spread_t spread = { 0 };
    for (uint32_t number = 0; number < page->snapshot->copy.shape.fingerprints; number++) {
        tlsdiag_fingerprint_t fingerprint;
        if (tlsdiag_snapshot_fingerprint(&fingerprint, page->snapshot, number)) {
            spread.fingerprints++;
            spread.with_problem += fingerprint.failed > 0;
            spread.never_well += fingerprint.failed > 0 && fingerprint.succeeded == 0;
        }
    }
    return spread;
}

static void put_everybody(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    uint64_t good = 0, bad = 0;
    for (unsigned ago = 0; ago < MINUTES_OF_HOUR; ago++) {
        good += tlsdiag_snapshot_minute(page->snapshot, TLSDIAG_SERIES_SUCCEEDED, ago);
        for (tlsdiag_series_kind_t kind = TLSDIAG_SERIES_SERVER; kind < TLSDIAG_SERIES_NOISE; kind++) {
            bad += tlsdiag_snapshot_minute(page->snapshot, kind, ago);
        }
    }
    spread_t spread = spread_of(page);
    state_t state = good + bad < ENOUGH ? UNKNOWN : good < bad ? CONFIRMED : good < 9 * bad ? SUSPECTED : RULED_OUT;
    open_item(out, "Everybody is affected, not single clients", state);
    tlsdiag_html_percent(out, good, good + bad);
    tlsdiag_html(out, " of ");
    tlsdiag_html_counted(out, good + bad, "handshake");
    tlsdiag_html(out, " in the last hour completed. ");
    tlsdiag_html_count(out, spread.with_problem);
    tlsdiag_html(out, " of ");
    tlsdiag_html_counted(out, spread.fingerprints, "fingerprint");
    tlsdiag_html(out, " ever had a problem, ");
    tlsdiag_html_count(out, spread.never_well);
    tlsdiag_html(out, " never anything else.");
    close_item(out);
}

static void put_blocked(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint64_t completed)
{
    static const struct item policy = { "", 1, { "policy." }, { NULL } };
    evidence_t evidence = { 0 };
    unsigned only_fail = 0;
    weigh_lines(&evidence, page, &policy);
    for (uint32_t number = 0; number < page->snapshot->copy.shape.networks; number++) {
        tlsdiag_client_network_t network;
        only_fail += tlsdiag_snapshot_network(&network, page->snapshot, number) && network.failed >= FEW &&
                     network.succeeded == 0;
    }
    state_t state = evidence.handshakes ? CONFIRMED : only_fail ? SUSPECTED : completed ? RULED_OUT : UNKNOWN;
    open_item(out, "Addresses are blocked", state);
    if (evidence.handshakes) {
        put_cause_evidence(out, page, &evidence);
    }
    if (only_fail) {
        tlsdiag_html_counted(out, only_fail, "client network");
        tlsdiag_html(out, only_fail == 1 ? " has" : " have");
        tlsdiag_html(out, " never completed a handshake. ");
    } else {
        tlsdiag_html(out, "Every network that failed often completed handshakes too. ");
    }
    tlsdiag_html(out, "What a firewall drops before it arrives cannot be seen here.");
    close_item(out);
}

void tlsdiag_part_checklist(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_page_t *page = view->page;
    uint64_t completed = completed_last_day(page);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        put_item(out, page, &items[i], completed);
    }
    put_everybody(out, page);
    put_blocked(out, page, completed);
}
