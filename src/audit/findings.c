/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/check.h"

#include <string.h>

/* In the order of the list in README.md. */
static const tlsdiag_checks_t *const families[] = {
    &tlsdiag_certificate_checks, &tlsdiag_chain_checks,   &tlsdiag_file_checks,       &tlsdiag_protocol_checks,
    &tlsdiag_suite_checks,       &tlsdiag_session_checks, &tlsdiag_client_checks,     &tlsdiag_vhost_checks,
    &tlsdiag_host_checks,        &tlsdiag_mozilla_checks, &tlsdiag_simulation_checks,
};
enum { FAMILIES = sizeof families / sizeof families[0] };

/* Where findings go, one severity after the other. */
typedef struct report {
    tlsdiag_finding_t *findings;
    size_t capacity, total;
    tlsdiag_severity_t severity;
} report_t;

static const tlsdiag_check_t *check_at(uint16_t index)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        if (index < families[i]->count) {
            return &families[i]->rows[index];
        }
        index = (uint16_t)(index - families[i]->count);
    }
    return NULL;
}

uint16_t tlsdiag_checks_count(void)
{
    uint16_t count = 0;
    for (size_t i = 0; i < FAMILIES; i++) {
        count = (uint16_t)(count + families[i]->count);
    }
    return count;
}

bool tlsdiag_check_get(tlsdiag_check_text_t *text, uint16_t index)
{
    const tlsdiag_check_t *check = check_at(index);
    if (check == NULL) {
        return false;
    }
    *text = (tlsdiag_check_text_t){ .id = check->id,
                                    .severity = check->severity,
                                    .what = check->what,
                                    .why = check->why,
                                    .advice = check->advice,
                                    .directive = check->directive,
                                    .source = check->source };
    return true;
}

const char *tlsdiag_check_id(uint16_t index)
{
    const tlsdiag_check_t *check = check_at(index);
    return check ? check->id : NULL;
}

const char *tlsdiag_severity_name(tlsdiag_severity_t severity)
{
    static const char *const names[TLSDIAG_SEVERITIES] = { "error", "warning", "notice", "info" };
    return names[severity];
}

/* FNV-1a, 64 bits: enough to tell some thousand places apart, and the same in every process. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ at[i]) * 0x100000001b3u;
    }
    return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    return text ? mix(hash, text, strlen(text) + 1) : hash;
}

static uint64_t identity_of(const tlsdiag_check_t *check, const tlsdiag_scene_t *scene)
{
    uint64_t hash = mix_text(0xcbf29ce484222325u, check->id);
    if (scene->vhost) {
        hash = mix_text(mix_text(hash, scene->vhost->name), scene->vhost->defined_at);
    }
    if (scene->plain) {
        hash = mix_text(mix_text(hash, scene->plain->name), scene->plain->defined_at);
    }
    if (scene->file) {
        return mix_text(hash, scene->file->path);
    }
    return mix(hash, &scene->place, sizeof scene->place);
}

static void write_text(char *buffer, size_t size, const char *template, const tlsdiag_scene_t *scene)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, size);
    tlsdiag_template_write(&out, template ? template : "", scene);
    tlsdiag_writer_text(&out);
}

/* Half a directive would be worse than none. */
static void write_directive(char *buffer, size_t size, const char *template, const tlsdiag_scene_t *scene)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, size);
    if (template == NULL || !tlsdiag_template_write(&out, template, scene) || out.truncated) {
        tlsdiag_writer_rewind(&out, 0);
    }
    tlsdiag_writer_text(&out);
}

static void add(report_t *report, uint16_t index, const tlsdiag_check_t *check, const tlsdiag_scene_t *scene)
{
    if (report->total++ >= report->capacity) {
        return;
    }
    tlsdiag_finding_t *finding = &report->findings[report->total - 1];
    memset(finding, 0, sizeof *finding);
    finding->identity = identity_of(check, scene);
    finding->since = scene->inventory->host.now;
    finding->check = index;
    finding->vhost = scene->vhost ? (uint16_t)(scene->vhost_index + 1) : 0;
    finding->severity = check->severity;
    write_text(finding->text, sizeof finding->text, check->says, scene);
    write_text(finding->advice, sizeof finding->advice, check->advice, scene);
    write_directive(finding->directive, sizeof finding->directive, check->directive, scene);
}

static void ask_one(report_t *report, uint16_t index, const tlsdiag_check_t *check, const tlsdiag_scene_t *about)
{
    tlsdiag_scene_t scene = *about;
    scene.limit = check->limit;
    scene.above = check->above;
    scene.seen = tlsdiag_writer(scene.seen_text, sizeof scene.seen_text);
    if (check->when(&scene)) {
        add(report, index, check, &scene);
    }
}

/* Ask every check of one scope, of the severity whose turn it is, about one scene. */
static void ask(report_t *report, tlsdiag_scope_t scope, const tlsdiag_scene_t *about)
{
    uint16_t index = 0;
    for (size_t i = 0; i < FAMILIES; i++) {
        for (uint16_t row = 0; row < families[i]->count; row++, index++) {
            const tlsdiag_check_t *check = &families[i]->rows[row];
            if (check->scope == scope && check->severity == report->severity) {
                ask_one(report, index, check, about);
            }
        }
    }
}

static void ask_about_chain(report_t *report, tlsdiag_scene_t scene, uint16_t chain_index)
{
    scene.chain = &scene.vhost->chains[chain_index];
    if (scene.chain->count == 0) {
        return;
    }
    for (uint16_t i = 0; i < scene.chain->count; i++) {
        scene.certificate = &scene.chain->certificates[i];
        scene.place = (uint16_t)(chain_index << 8 | i);
        ask(report, i == 0 ? TLSDIAG_EACH_CHAIN : TLSDIAG_EACH_AUTHORITY, &scene);
    }
}

/* The paths of the files that a vhost was set up from, by number; any of them may be NULL. */
static unsigned paths_count(const tlsdiag_posture_t *vhost)
{
    return 3u * vhost->chains_count + 1;
}

static const char *path_at(const tlsdiag_posture_t *vhost, unsigned number)
{
    if (number == 3u * vhost->chains_count) {
        return vhost->session_ticket_key_file;
    }
    const tlsdiag_chain_t *chain = &vhost->chains[number / 3];
    const char *const paths[] = { chain->certificate_file, chain->key_file, chain->chain_file };
    return paths[number % 3];
}

static bool came_before(const tlsdiag_posture_t *vhost, unsigned number)
{
    for (unsigned i = 0; i < number; i++) {
        if (path_at(vhost, i) && strcmp(path_at(vhost, i), path_at(vhost, number)) == 0) {
            return true;
        }
    }
    return false;
}

/* By the vhost's own paths: a server with ten thousand vhosts has as many files and more. */
static void ask_about_files(report_t *report, tlsdiag_scene_t scene)
{
    for (unsigned number = 0; number < paths_count(scene.vhost); number++) {
        scene.file = tlsdiag_inventory_file(scene.inventory, path_at(scene.vhost, number));
        if (scene.file && scene.file->first_vhost == scene.vhost_index && !came_before(scene.vhost, number)) {
            scene.place = (uint16_t)(scene.file - scene.inventory->files);
            ask(report, TLSDIAG_EACH_FILE, &scene);
        }
    }
}

static void ask_about_all(report_t *report, const tlsdiag_inventory_t *inventory)
{
    tlsdiag_scene_t scene = { .inventory = inventory };
    ask(report, TLSDIAG_EACH_SERVER, &scene);
    for (uint16_t i = 0; i < inventory->plain_vhosts_count; i++) {
        scene.plain = &inventory->plain_vhosts[i];
        ask(report, TLSDIAG_EACH_PLAIN_VHOST, &scene);
    }
    scene.plain = NULL;
    for (uint16_t i = 0; i < inventory->vhosts_count; i++) {
        scene.vhost = inventory->vhosts[i];
        scene.vhost_index = i;
        ask(report, TLSDIAG_EACH_VHOST, &scene);
        for (uint8_t chain = 0; chain < scene.vhost->chains_count; chain++) {
            ask_about_chain(report, scene, chain);
        }
        ask_about_files(report, scene);
    }
}

size_t tlsdiag_audit(tlsdiag_finding_t *findings, size_t capacity, const tlsdiag_inventory_t *inventory)
{
    report_t report = { .findings = findings, .capacity = capacity };
    for (int severity = TLSDIAG_SEVERITY_ERROR; severity < TLSDIAG_SEVERITIES; severity++) {
        report.severity = (tlsdiag_severity_t)severity;
        ask_about_all(&report, inventory);
    }
    return report.total;
}
