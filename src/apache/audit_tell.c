/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit_tell.h"

#include "apache/config.h"
#include "base/writer.h"

static server_rec *server_of(const tlsdiag_finding_t *finding, const tlsdiag_kept_inventory_t *kept)
{
    return finding->vhost ? kept->servers[finding->vhost - 1] : kept->main_server;
}

static const char *place_of(const tlsdiag_finding_t *finding, const tlsdiag_kept_inventory_t *kept)
{
    return finding->vhost ? kept->inventory.vhosts[finding->vhost - 1]->name : "this server";
}

static const tlsdiag_ignored_t *find_ignored(const tlsdiag_finding_t *finding, const server_rec *server)
{
    const apr_array_header_t *ignored = tlsdiag_config_of(server)->audit_ignored;

    for (int i = 0; ignored && i < ignored->nelts; i++) {
        const tlsdiag_ignored_t *entry = &APR_ARRAY_IDX(ignored, i, tlsdiag_ignored_t);
        if (!strcmp(entry->id, tlsdiag_check_id(finding->check))) {
            return entry;
        }
    }
    return NULL;
}

void tlsdiag_findings_mark_ignored(tlsdiag_finding_t *findings, apr_size_t count, const tlsdiag_kept_inventory_t *kept)
{
    for (apr_size_t i = 0; i < count; i++) {
        const tlsdiag_ignored_t *ignored = find_ignored(&findings[i], server_of(&findings[i], kept));
        tlsdiag_writer_t reason = tlsdiag_writer(findings[i].reason, sizeof findings[i].reason);
        findings[i].silenced = ignored != NULL;
        if (ignored) {
            tlsdiag_write_escaped(&reason, tlsdiag_bytes(ignored->reason, strlen(ignored->reason)), reason.capacity);
        }
        tlsdiag_writer_text(&reason);
    }
}

static int httpd_level(tlsdiag_severity_t severity)
{
    static const int levels[TLSDIAG_SEVERITIES] = { APLOG_ERR, APLOG_WARNING, APLOG_NOTICE, APLOG_INFO };

    return levels[severity];
}

static bool is_wanted(const tlsdiag_finding_t *finding, const server_rec *server)
{
    int least = tlsdiag_config_of(server)->audit;

    return !finding->silenced && (int)finding->severity <= (least == TLSDIAG_UNSET ? TLSDIAG_SEVERITY_WARNING : least);
}

/* A log line has no line feeds: directives stand in one line with " | " between. */
static const char *in_one_line(char *buffer, size_t size, const char *directive)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, size);

    for (tlsdiag_write(&out, *directive ? " Directive: " : ""); *directive; directive++) {
        if (*directive == '\n') {
            tlsdiag_write(&out, " | ");
        } else {
            tlsdiag_write_char(&out, *directive);
        }
    }
    return tlsdiag_writer_text(&out);
}

void tlsdiag_finding_log(const tlsdiag_finding_t *finding, tlsdiag_finding_change_t change,
                         const tlsdiag_kept_inventory_t *kept)
{
    server_rec *server = server_of(finding, kept);
    char directive[TLSDIAG_FINDING_DIRECTIVE + 64];
    tlsdiag_check_text_t check;

    if (change == TLSDIAG_FINDING_SAME || !is_wanted(finding, server) || !tlsdiag_check_get(&check, finding->check)) {
        return;
    }
    if (change == TLSDIAG_FINDING_GONE) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, server, "tlsdiag:%s %s: no longer so. It was: %s", check.id,
                     place_of(finding, kept), finding->text);
        return;
    }
    ap_log_error(APLOG_MARK, httpd_level(finding->severity), 0, server, "tlsdiag:%s %s: %s %s %s%s", check.id,
                 place_of(finding, kept), finding->text, check.why, finding->advice,
                 in_one_line(directive, sizeof directive, finding->directive));
}

static void print_lines(apr_file_t *out, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        apr_file_printf(out, "      %.*s\n", (int)length, lines);
        lines += length + (lines[length] == '\n');
    }
}

void tlsdiag_finding_print(apr_file_t *out, const tlsdiag_finding_t *finding, const tlsdiag_kept_inventory_t *kept)
{
    tlsdiag_check_text_t check;

    if (!tlsdiag_check_get(&check, finding->check)) {
        return;
    }
    apr_file_printf(out, "%s: %s: %s\n  %s\n  %s\n  %s\n", tlsdiag_severity_name(finding->severity),
                    place_of(finding, kept), check.id, finding->text, check.why, finding->advice);
    if (finding->silenced) {
        apr_file_printf(out, "  Ignored here: %s\n", finding->reason);
    }
    print_lines(out, finding->directive);
}
