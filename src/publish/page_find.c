/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

enum { SHOWN_NAME = 4 * TLSDIAG_SERVER_NAME_KEPT + 1 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool contains(const char *text, const char *part)
{
    for (; *text; text++) {
        size_t n = 0;
        while (part[n] && lower(text[n]) == lower(part[n])) {
            n++;
        }
        if (part[n] == '\0') {
            return true;
        }
    }
    return false;
}

/* "cipher" and "cipher." stand for the family; "cipher.none_common" does not match "cipher.none_common_tls13". */
static bool cause_fits(const char *asked, const char *cause)
{
    size_t length = strlen(asked);
    return strcmp(asked, cause) == 0 ||
           (begins_with(cause, asked) && (asked[length - 1] == '.' || cause[length] == '.'));
}

static bool vhost_fits(const char *asked, const char *vhost)
{
    size_t length = strlen(asked);
    return begins_with(vhost, asked) && (vhost[length] == '\0' || vhost[length] == ':');
}

static bool name_fits(const char *asked, const tlsdiag_brief_t *record)
{
    char shown[SHOWN_NAME];
    tlsdiag_writer_t text = tlsdiag_writer(shown, sizeof shown);
    tlsdiag_write_escaped(&text, tlsdiag_bytes(record->server_name, record->server_name_kept), sizeof shown);
    return contains(tlsdiag_writer_text(&text), asked);
}

static bool outcome_fits(tlsdiag_asked_outcome_t asked, const tlsdiag_brief_t *record)
{
    switch (asked) {
    case TLSDIAG_ONLY_FAILURE:
        return record->failure;
    case TLSDIAG_ONLY_SUCCESS:
        return record->success;
    case TLSDIAG_ONLY_UNKNOWN:
        return !record->failure && !record->success;
    case TLSDIAG_ANY_OUTCOME:
        break;
    }
    return true;
}

/* By the address as it is shown: who may not see a whole address cannot search for one either. */
static bool client_fits(const tlsdiag_page_t *page, const tlsdiag_brief_t *record)
{
    char address[TLSDIAG_ADDRESS_TEXT];
    return tlsdiag_address_text(address, record->address, record->address_bytes, page->mask) &&
           begins_with(address, page->query.client);
}

bool tlsdiag_page_wants(const tlsdiag_page_t *page, const tlsdiag_brief_t *record)
{
    const tlsdiag_query_t *query = &page->query;
    char cause[64], vhost[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    return outcome_fits(query->outcome, record) &&
           (!query->cause[0] || cause_fits(query->cause, tlsdiag_cause_id(cause, page, record->cause_slot))) &&
           (!query->vhost[0] || vhost_fits(query->vhost, tlsdiag_slot_name(vhost, page, record->vhost))) &&
           (!query->ja4[0] || begins_with(record->ja4, query->ja4)) &&
           (!query->client[0] || client_fits(page, record)) && (!query->sni[0] || name_fits(query->sni, record));
}

bool tlsdiag_page_find(tlsdiag_brief_t *record, const tlsdiag_page_t *page, const char *event_id)
{
    for (uint32_t age = 0; age < tlsdiag_snapshot_failures(page->snapshot); age++) {
        if (tlsdiag_snapshot_failure(record, page->snapshot, age) && strcmp(record->event_id, event_id) == 0) {
            return true;
        }
    }
    for (uint32_t age = 0; age < tlsdiag_snapshot_records(page->snapshot); age++) {
        if (tlsdiag_snapshot_record(record, page->snapshot, age) && strcmp(record->event_id, event_id) == 0) {
            return true;
        }
    }
    return false;
}
