/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "iana/iana.h"
#include "publish/imitation.h"
#include "publish/json_value.h"

enum { VALUE_TEXT = 2048, COMMAND_TEXT = 7000, MISSING_TEXT = 1024 };

static void put_json_text(tlsdiag_stream_t *out, tlsdiag_json_value_t value)
{
    char text[VALUE_TEXT];
    tlsdiag_html_text(out, tlsdiag_json_text_of(text, sizeof text, value));
}

static tlsdiag_json_value_t look(const tlsdiag_view_t *view, const char *path)
{
    return tlsdiag_json_find(view->record->json, path);
}

void tlsdiag_part_record_title(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    char name[64];
    tlsdiag_json_value_t reason = look(view, "event.reason");
    if (reason.length > 0) {
        put_json_text(out, reason);
    } else if (view->record->success) {
        tlsdiag_html(out, "Handshake completed");
    } else {
        tlsdiag_html_text(out, tlsdiag_cause_id(name, view->page, view->record->cause_slot));
    }
}

static void put_evidence(tlsdiag_stream_t *out, tlsdiag_json_value_t evidence)
{
    tlsdiag_json_walk_t walk = tlsdiag_json_walk(evidence);
    tlsdiag_bytes_t name;
    tlsdiag_json_value_t value;
    tlsdiag_html(out, "<table class=\"evidence\"><caption>What the verdict rests on</caption><tbody>\n");
    while (tlsdiag_json_next(&walk, &name, &value)) {
        tlsdiag_html(out, "<tr><th scope=\"row\">");
        tlsdiag_html_client(out, name);
        tlsdiag_html(out, "</th><td>");
        put_json_text(out, value);
        tlsdiag_html(out, "</td></tr>\n");
    }
    tlsdiag_html(out, "</tbody></table>\n");
}

void tlsdiag_part_record_verdict(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    char advice[VALUE_TEXT], remedy[VALUE_TEXT], cost[VALUE_TEXT], name[64];
    const char *cause = tlsdiag_cause_id(name, view->page, view->record->cause_slot);
    tlsdiag_html(out, "<p class=\"place\"><code class=\"cause\"><a href=\"");
    tlsdiag_failures_link(out, view->page, cause, UINT16_MAX, NULL);
    tlsdiag_html(out, "\">");
    tlsdiag_html_text(out, cause);
    tlsdiag_html(out, "</a></code> ");
    tlsdiag_act_badge(out, view->record->act);
    tlsdiag_json_value_t confidence = look(view, "tlsdiag.confidence");
    if (confidence.length > 0) {
        tlsdiag_html(out, " <span class=\"confidence\">this verdict is ");
        put_json_text(out, confidence);
        tlsdiag_html(out, "</span>");
    }
    tlsdiag_html(out, "</p>\n");
    tlsdiag_advice_html(out, tlsdiag_json_text_of(advice, sizeof advice, look(view, "tlsdiag.advice")),
                        tlsdiag_json_text_of(remedy, sizeof remedy, look(view, "tlsdiag.remedy")),
                        tlsdiag_json_text_of(cost, sizeof cost, look(view, "tlsdiag.remedy_cost")));
    tlsdiag_json_value_t evidence = look(view, "tlsdiag.evidence");
    if (evidence.length > 2) {
        put_evidence(out, evidence);
    }
}

static void open_fact(tlsdiag_stream_t *out, const char *name)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html(out, name);
    tlsdiag_html(out, "</th><td>");
}

static void close_fact(tlsdiag_stream_t *out)
{
    tlsdiag_html(out, "</td></tr>\n");
}

/* Facts that stand in the record as they are shown; those that are not there are left out. */
static const struct {
    const char *title, *path;
} plain_facts[] = {
    { "defined at", "tlsdiag.vhost_defined_at" },
    { "how far it came", "tlsdiag.stage" },
    { "what ended it", "tlsdiag.ended_by" },
    { "protocol spoken", "network.protocol" },
    { "first bytes", "tlsdiag.client.first_bytes" },
    { "broken field", "tlsdiag.client.malformed" },
    { "bytes received", "source.bytes" },
    { "bytes sent", "destination.bytes" },
    { "JA3", "tls.client.ja3" },
    { "client certificate", "tls.client.subject" },
    { "... issued by", "tls.client.issuer" },
    { "... verify error", "tlsdiag.verify.name" },
    { "... at depth", "tlsdiag.verify.depth" },
    { "certificate served", "tls.server.subject" },
    { "... valid until", "tls.server.not_after" },
    { "OpenSSL's first error", "error.message" },
    { "round trip, microseconds", "tlsdiag.tcp.rtt_us" },
    { "segments sent again", "tlsdiag.tcp.retransmits" },
    { "segments not acknowledged", "tlsdiag.tcp.unacked" },
    { "path MTU", "tlsdiag.tcp.pmtu" },
    { "httpd's connection id", "tlsdiag.connection" },
    { "process", "process.pid" },
};

static void put_negotiated(tlsdiag_stream_t *out, const tlsdiag_brief_t *record)
{
    const char *suite = tlsdiag_iana_cipher_suite_name(record->cipher_suite);
    const char *group = tlsdiag_iana_group_name(record->group);
    if (record->version == 0) {
        return;
    }
    open_fact(out, "agreed on");
    const char *version = tlsdiag_iana_version_name(record->version);
    tlsdiag_html(out, version ? version : "an unknown version");
    if (suite && record->cipher_suite) {
        tlsdiag_html(out, ", ");
        tlsdiag_html(out, suite);
    }
    if (group && record->group) {
        tlsdiag_html(out, ", ");
        tlsdiag_html(out, group);
    }
    tlsdiag_html(out, record->resumed ? ", resumed" : "");
    close_fact(out);
}

static void put_who(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    const tlsdiag_brief_t *record = view->record;
    open_fact(out, "when (UTC)");
    tlsdiag_html_time(out, record->ended_us);
    tlsdiag_html(out, ", ");
    tlsdiag_html_span(out, record->duration_us);
    tlsdiag_html(out, " after the connection came");
    close_fact(out);
    open_fact(out, "client");
    tlsdiag_address_html(out, view->page, record->address, record->address_bytes);
    tlsdiag_html(out, " port ");
    tlsdiag_stream_write_u64(out, record->port);
    close_fact(out);
    open_fact(out, "vhost");
    tlsdiag_vhost_link(out, view->page, record->vhost);
    close_fact(out);
    open_fact(out, "server name asked for");
    tlsdiag_html_client(out, tlsdiag_bytes(record->server_name, record->server_name_kept));
    tlsdiag_html(out, record->server_name_bytes > record->server_name_kept ? "..."
                      : record->server_name_bytes                          ? ""
                                                                           : "none");
    close_fact(out);
    if (record->ja4[0]) {
        open_fact(out, "JA4");
        tlsdiag_html(out, "<a href=\"");
        tlsdiag_failures_link(out, view->page, NULL, UINT16_MAX, record->ja4);
        tlsdiag_html(out, "\"><code>");
        tlsdiag_html_client(out, tlsdiag_bytes(record->ja4, strlen(record->ja4)));
        tlsdiag_html(out, "</code></a>");
        close_fact(out);
    }
}

void tlsdiag_part_record_facts(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    put_who(out, view);
    put_negotiated(out, view->record);
    for (size_t i = 0; i < sizeof plain_facts / sizeof *plain_facts; i++) {
        tlsdiag_json_value_t value = look(view, plain_facts[i].path);
        if (value.length > 0) {
            open_fact(out, plain_facts[i].title);
            put_json_text(out, value);
            close_fact(out);
        }
    }
}

void tlsdiag_part_record_imitation(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    char command_text[COMMAND_TEXT], missing_text[MISSING_TEXT];
    tlsdiag_writer_t command = tlsdiag_writer(command_text, sizeof command_text);
    tlsdiag_writer_t missing = tlsdiag_writer(missing_text, sizeof missing_text);
    if (!tlsdiag_imitation_write(&command, &missing, view->record->json)) {
        tlsdiag_nothing(out, "There is no ClientHello to imitate.");
        return;
    }
    tlsdiag_html(out, "<pre class=\"directive\" tabindex=\"0\"><code>");
    tlsdiag_html_text(out, tlsdiag_writer_text(&command));
    tlsdiag_html(out, "</code></pre>\n");
    if (missing.length > 0) {
        tlsdiag_html(out, "<p>It leaves out: ");
        tlsdiag_html_text(out, tlsdiag_writer_text(&missing));
        tlsdiag_html(out, missing.truncated ? ", ...</p>\n" : ".</p>\n");
    }
}

void tlsdiag_part_record_json(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    if (view->record->json.length == 0) {
        tlsdiag_nothing(out,
                        "Only the outline of this handshake was kept: records are kept whole when something failed.");
        return;
    }
    tlsdiag_html(out, "<pre class=\"json\" tabindex=\"0\"><code>");
    for (size_t i = 0; i < view->record->json.length; i++) {
        char text[2] = { (char)view->record->json.at[i], '\0' };
        tlsdiag_html_text(out, text);
    }
    tlsdiag_html(out, "</code></pre>\n");
}
