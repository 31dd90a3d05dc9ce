/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

const char *tlsdiag_cause_id(char name[64], const tlsdiag_page_t *page, unsigned cause_slot)
{
    return tlsdiag_snapshot_label(name, page->snapshot, TLSDIAG_LABELS_CAUSES, cause_slot);
}

const tlsdiag_posture_t *tlsdiag_page_posture(const tlsdiag_page_t *page, unsigned slot)
{
    for (uint16_t i = 0; i < page->vhosts_count; i++) {
        if (page->vhosts[i].slot == slot) {
            return page->vhosts[i].posture;
        }
    }
    return NULL;
}

const char *tlsdiag_slot_name(char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1], const tlsdiag_page_t *page, unsigned slot)
{
    if (!tlsdiag_snapshot_vhost_name(name, page->snapshot, slot)) {
        strcpy(name, "_other");
    }
    return name;
}

void tlsdiag_vhost_link(tlsdiag_stream_t *out, const tlsdiag_page_t *page, unsigned slot)
{
    char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    tlsdiag_slot_name(name, page, slot);
    for (uint16_t i = 0; i < page->vhosts_count; i++) {
        if (page->vhosts[i].slot == slot) {
            tlsdiag_html(out, "<a href=\"");
            tlsdiag_html_text(out, page->base);
            tlsdiag_html(out, "/vhost/");
            tlsdiag_html_query(out, tlsdiag_bytes(name, strlen(name)));
            tlsdiag_html(out, "\">");
            tlsdiag_html_client(out, tlsdiag_bytes(name, strlen(name)));
            tlsdiag_html(out, "</a>");
            return;
        }
    }
    tlsdiag_html_client(out, tlsdiag_bytes(name, strlen(name)));
}

static void put_argument(tlsdiag_stream_t *out, const char **separator, const char *name, const char *value)
{
    if (value && *value) {
        tlsdiag_html(out, *separator);
        tlsdiag_html(out, name);
        tlsdiag_html(out, "=");
        tlsdiag_html_query(out, tlsdiag_bytes(value, strlen(value)));
        *separator = "&amp;";
    }
}

void tlsdiag_failures_link(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const char *cause, unsigned vhost_slot,
                           const char *ja4)
{
    char name[TLSDIAG_VHOST_NAME_CELLS * 8 + 1] = "";
    const char *separator = "?";
    if (vhost_slot != UINT16_MAX) {
        tlsdiag_slot_name(name, page, vhost_slot);
    }
    tlsdiag_html_text(out, page->base);
    put_argument(out, &separator, "cause", cause);
    put_argument(out, &separator, "vhost", name);
    put_argument(out, &separator, "ja4", ja4);
    tlsdiag_html(out, "#failures");
}

void tlsdiag_act_badge(tlsdiag_stream_t *out, tlsdiag_act_t act)
{
    static const struct {
        const char *class, *text;
    } badges[] = {
        [TLSDIAG_ACT_SERVER] = { "server", "this server must act" },
        [TLSDIAG_ACT_CLIENT] = { "client", "the client must act" },
        [TLSDIAG_ACT_NETWORK] = { "network", "look at the network" },
        [TLSDIAG_ACT_NOBODY] = { "nobody", "nobody needs to act" },
        [TLSDIAG_ACT_EITHER] = { "either", "unclear who must act" },
    };
    tlsdiag_html(out, "<span class=\"badge ");
    tlsdiag_html(out, badges[act].class);
    tlsdiag_html(out, "\">");
    tlsdiag_html(out, badges[act].text);
    tlsdiag_html(out, "</span>");
}

void tlsdiag_address_html(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const uint8_t *address, unsigned bytes)
{
    char text[TLSDIAG_ADDRESS_TEXT];
    if (tlsdiag_address_text(text, address, bytes, page->mask)) {
        tlsdiag_html_text(out, text);
    } else {
        tlsdiag_html(out, "unknown");
    }
}

void tlsdiag_bar(tlsdiag_stream_t *out, uint64_t part, uint64_t whole)
{
    /* Counters of damaged memory may say that a part is more than the whole. */
    uint64_t thousandths = part < whole ? (uint64_t)((double)part * 1000 / (double)whole) : whole ? 1000 : 0;
    tlsdiag_html(out,
                 "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
                 "class=\"track\" width=\"1000\" height=\"10\"/><rect class=\"fill\" width=\"");
    tlsdiag_stream_write_u64(out, part > 0 && thousandths < 4 ? 4 : thousandths);
    tlsdiag_html(out, "\" height=\"10\"/></svg>");
}

void tlsdiag_nothing(tlsdiag_stream_t *out, const char *why)
{
    tlsdiag_html(out, "<p class=\"nothing\">");
    tlsdiag_html_text(out, why);
    tlsdiag_html(out, "</p>\n");
}

void tlsdiag_setting_open(tlsdiag_stream_t *out, const char *name)
{
    tlsdiag_html(out, "<tr><th scope=\"row\">");
    tlsdiag_html(out, name);
    tlsdiag_html(out, "</th><td>");
}

void tlsdiag_setting_close(tlsdiag_stream_t *out)
{
    tlsdiag_html(out, "</td></tr>\n");
}

void tlsdiag_setting_text(tlsdiag_stream_t *out, const char *name, const char *text)
{
    if (text) {
        tlsdiag_setting_open(out, name);
        tlsdiag_html_text(out, text);
        tlsdiag_setting_close(out);
    }
}

void tlsdiag_setting_texts(tlsdiag_stream_t *out, const char *name, const tlsdiag_text_list_t *list)
{
    if (list->count == 0) {
        return;
    }
    tlsdiag_setting_open(out, name);
    for (unsigned i = 0; i < list->count; i++) {
        tlsdiag_html(out, i ? ", " : "");
        tlsdiag_html_text(out, list->items[i]);
    }
    tlsdiag_setting_close(out);
}

void tlsdiag_nothing_row(tlsdiag_stream_t *out, unsigned columns, const char *why)
{
    tlsdiag_html(out, "<tr><td class=\"nothing\" colspan=\"");
    tlsdiag_stream_write_u64(out, columns);
    tlsdiag_html(out, "\">");
    tlsdiag_html_text(out, why);
    tlsdiag_html(out, "</td></tr>\n");
}

/* A rule's sentence with its {values} left open; a {?value} is one that the sentence can do without. */
void tlsdiag_cause_words(char *text, size_t size, const tlsdiag_page_t *page, unsigned cause_slot)
{
    int rule = tlsdiag_snapshot_rule(page->snapshot, cause_slot);
    const char *says =
        rule < 0 ? "A cause that this version of mod_tlsdiag does not know." : tlsdiag_rule_says((uint16_t)rule);
    tlsdiag_writer_t out = tlsdiag_writer(text, size);
    while (*says) {
        size_t plain = strcspn(says, "{");
        tlsdiag_write_bytes(&out, says, plain);
        says += plain;
        if (*says == '{') {
            tlsdiag_write(&out, says[1] == '?' ? "" : "...");
            says += strcspn(says, "}");
            says += *says == '}';
        }
    }
    (void)tlsdiag_writer_text(&out);
}
