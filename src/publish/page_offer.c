/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "iana/iana.h"
#include "publish/json_value.h"

enum { NAME_TEXT = 80 };

typedef const char *name_of_t(uint16_t code);

static const struct {
    uint8_t bit;
    const char *name;
} versions[] = { { TLSDIAG_TLS13, "TLSv1.3" },
                 { TLSDIAG_TLS12, "TLSv1.2" },
                 { TLSDIAG_TLS11, "TLSv1.1" },
                 { TLSDIAG_TLS10, "TLSv1" },
                 { TLSDIAG_SSL30, "SSLv3" } };

/* What the vhost allows, in one of the forms that a posture has for lists. */
typedef struct allowed {
    const tlsdiag_code_list_t *codes;
    name_of_t *name_of;
    const tlsdiag_text_list_t *texts;
    uint8_t versions;
} allowed_t;

static unsigned count_of(const allowed_t *allowed)
{
    return allowed->codes   ? allowed->codes->count
           : allowed->texts ? allowed->texts->count
                            : (unsigned)(sizeof versions / sizeof *versions);
}

static const char *allowed_name(char name[NAME_TEXT], const allowed_t *allowed, unsigned i)
{
    if (allowed->texts) {
        return allowed->texts->items[i];
    }
    if (!allowed->codes) {
        return allowed->versions & versions[i].bit ? versions[i].name : NULL;
    }
    tlsdiag_writer_t text = tlsdiag_writer(name, NAME_TEXT);
    tlsdiag_write_code(&text, allowed->codes->codes[i], allowed->name_of(allowed->codes->codes[i]));
    return tlsdiag_writer_text(&text);
}

static bool allows(const allowed_t *allowed, const char *wanted)
{
    char name[NAME_TEXT];
    for (unsigned i = 0; i < count_of(allowed); i++) {
        const char *there = allowed_name(name, allowed, i);
        if (there && strcmp(there, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* A single string is taken for a list of one. */
static bool next_offered(tlsdiag_json_walk_t *walk, tlsdiag_json_value_t *offered, tlsdiag_json_value_t *value)
{
    if (offered->length > 0 && offered->at[0] == '"') {
        *value = *offered;
        offered->length = 0;
        return true;
    }
    return tlsdiag_json_next(walk, NULL, value);
}

static bool offers(tlsdiag_json_value_t offered, const char *wanted)
{
    char name[NAME_TEXT];
    tlsdiag_json_walk_t walk = tlsdiag_json_walk(offered);
    tlsdiag_json_value_t value;
    while (next_offered(&walk, &offered, &value)) {
        if (strcmp(tlsdiag_json_text_of(name, sizeof name, value), wanted) == 0) {
            return true;
        }
    }
    return false;
}

static void put_element(tlsdiag_stream_t *out, const char *name, bool common)
{
    tlsdiag_html(out, common ? "<li class=\"common\">" : "<li>");
    tlsdiag_html_text(out, name);
    tlsdiag_html(out, common ? " <span class=\"mark\">in common</span></li>" : "</li>");
}

static void put_offered(tlsdiag_stream_t *out, tlsdiag_json_value_t offered, const allowed_t *allowed)
{
    char name[NAME_TEXT];
    tlsdiag_json_walk_t walk = tlsdiag_json_walk(offered);
    tlsdiag_json_value_t value;
    if (offered.length <= 2) {
        tlsdiag_html(out, "<span class=\"nothing\">nothing</span>");
        return;
    }
    tlsdiag_html(out, "<ul>");
    while (next_offered(&walk, &offered, &value)) {
        tlsdiag_json_text_of(name, sizeof name, value);
        put_element(out, name, allowed && allows(allowed, name));
    }
    tlsdiag_html(out, "</ul>");
}

static void put_allowed(tlsdiag_stream_t *out, tlsdiag_json_value_t offered, const allowed_t *allowed)
{
    char name[NAME_TEXT];
    tlsdiag_html(out, "<ul>");
    for (unsigned i = 0; i < count_of(allowed); i++) {
        const char *there = allowed_name(name, allowed, i);
        if (there) {
            put_element(out, there, offers(offered, there));
        }
    }
    tlsdiag_html(out, "</ul>");
}

static void put_row(tlsdiag_stream_t *out, const char *title, tlsdiag_json_value_t offered, const allowed_t *allowed)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html(out, title);
    tlsdiag_html(out, "</th><td>");
    put_offered(out, offered, allowed);
    tlsdiag_html(out, "</td><td>");
    if (allowed) {
        put_allowed(out, offered, allowed);
    } else {
        tlsdiag_html(out, "<span class=\"nothing\">not known: the vhost is no longer configured</span>");
    }
    tlsdiag_html(out, "</td></tr>\n");
}

static void put_rows(tlsdiag_stream_t *out, tlsdiag_json_value_t record, const tlsdiag_posture_t *posture)
{
    static const tlsdiag_posture_t none = { 0 };
    const tlsdiag_posture_t *ours = posture ? posture : &none;
    const struct {
        const char *title, *path;
        allowed_t allowed;
    } rows[] = {
        { "Protocol versions", "tlsdiag.client.versions", { .versions = ours->versions } },
        { "Cipher suites",
          "tls.client.supported_ciphers",
          { &ours->cipher_suites, tlsdiag_iana_cipher_suite_name, NULL, 0 } },
        { "Groups", "tlsdiag.client.groups", { &ours->groups, tlsdiag_iana_group_name, NULL, 0 } },
        { "Key shares", "tlsdiag.client.key_shares", { &ours->groups, tlsdiag_iana_group_name, NULL, 0 } },
        { "Signature algorithms",
          "tlsdiag.client.signature_algorithms",
          { &ours->signature_algorithms, tlsdiag_iana_signature_scheme_name, NULL, 0 } },
        { "ALPN", "tlsdiag.client.alpn", { NULL, NULL, &ours->alpn, 0 } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tlsdiag_json_value_t offered = tlsdiag_json_find(record, rows[i].path);
        if (offered.length == 0 && i == 0) { /* without supported_versions (RFC 8446 4.2.1) this one counts */
            offered = tlsdiag_json_find(record, "tlsdiag.client.legacy_version");
        }
        put_row(out, rows[i].title, offered, posture ? &rows[i].allowed : NULL);
    }
}

/* Which lists are cut first is tlsdiag_cut_t in fields.h; a hello of TLS 1.2 and later has these three. */
static bool lacks_a_list(tlsdiag_json_value_t record)
{
    return tlsdiag_json_is_true(tlsdiag_json_find(record, "tlsdiag.truncated")) &&
           (tlsdiag_json_find(record, "tls.client.supported_ciphers").length == 0 ||
            tlsdiag_json_find(record, "tlsdiag.client.signature_algorithms").length == 0 ||
            tlsdiag_json_find(record, "tlsdiag.client.groups").length == 0);
}

void tlsdiag_part_record_offer(tlsdiag_stream_t *out, const tlsdiag_view_t *view)
{
    tlsdiag_json_value_t record = view->record->json;
    if (tlsdiag_json_find(record, "tlsdiag.client").length == 0) {
        tlsdiag_nothing_row(out, 3, "There is no ClientHello to compare.");
        return;
    }
    if (lacks_a_list(record)) {
        tlsdiag_nothing_row(out, 3,
                            "This record was too long to be kept whole: a list that is missing here may have been "
                            "offered.");
    }
    put_rows(out, record, tlsdiag_page_posture(view->page, view->record->vhost));
}
