/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_parts.h"

#include <string.h>

#include "iana/iana.h"
#include "publish/json_stream.h"
#include "publish/names.h"

/* A record of which only the outline was kept, under the names that a whole one has (schema.md). */
static void put_negotiated(tlsdiag_stream_t *out, const tlsdiag_brief_t *record)
{
    const char *suite = record->cipher_suite ? tlsdiag_iana_cipher_suite_name(record->cipher_suite) : NULL;
    const char *group = record->group ? tlsdiag_iana_group_name(record->group) : NULL;
    tlsdiag_json_begin(out, "tls", '{');
    tlsdiag_json_put_bool(out, "established", record->success);
    if (record->version) {
        tlsdiag_json_put_text(out, "version", tlsdiag_version_number(record->version));
        tlsdiag_json_put_text(out, "version_protocol", tlsdiag_version_protocol(record->version));
        tlsdiag_json_put_text(out, "cipher", suite);
        tlsdiag_json_put_text(out, "curve", group);
        tlsdiag_json_put_bool(out, "resumed", record->resumed);
    }
    if (record->server_name_bytes) {
        tlsdiag_json_begin(out, "client", '{');
        tlsdiag_json_put_client(out, "server_name", tlsdiag_bytes(record->server_name, record->server_name_kept));
        tlsdiag_json_end(out, '}');
    }
    tlsdiag_json_end(out, '}');
}

static void put_event(tlsdiag_stream_t *out, const tlsdiag_brief_t *record)
{
    tlsdiag_json_begin(out, "event", '{');
    tlsdiag_json_put_client(out, "id", tlsdiag_bytes(record->event_id, strlen(record->event_id)));
    tlsdiag_json_put_u64(out, "sequence", record->sequence);
    tlsdiag_json_put_text(out, "dataset", "tlsdiag.handshake");
    tlsdiag_json_put_text(out, "outcome", record->success ? "success" : record->failure ? "failure" : "unknown");
    tlsdiag_json_put_u64(out, "duration", record->duration_us * 1000);
    tlsdiag_json_end(out, '}');
}

static void put_outline(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_brief_t *record)
{
    char address[TLSDIAG_ADDRESS_TEXT], cause[64], vhost[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    tlsdiag_json_begin(out, NULL, '{');
    tlsdiag_json_put_time(out, "@timestamp", record->ended_us);
    put_event(out, record);
    tlsdiag_json_begin(out, "source", '{');
    if (tlsdiag_address_text(address, record->address, record->address_bytes, page->mask)) {
        tlsdiag_json_put_text(out, "ip", address);
    }
    tlsdiag_json_put_u64(out, "port", record->port);
    tlsdiag_json_end(out, '}');
    put_negotiated(out, record);
    tlsdiag_json_begin(out, "tlsdiag", '{');
    tlsdiag_json_put_text(out, "cause", tlsdiag_cause_id(cause, page, record->cause_slot));
    tlsdiag_json_put_text(out, "act", tlsdiag_act_name(record->act));
    tlsdiag_slot_name(vhost, page, record->vhost);
    tlsdiag_json_put_client(out, "vhost", tlsdiag_bytes(vhost, strlen(vhost)));
    tlsdiag_json_put_client(out, "ja4", tlsdiag_bytes(record->ja4, strlen(record->ja4)));
    tlsdiag_json_put_bool(out, "outline", true);
    tlsdiag_json_end(out, '}');
    tlsdiag_json_close(tlsdiag_stream_room(out, 1), '}');
}

/* What was kept whole passes through; every byte of it that could not stand in a line becomes a question mark. */
static void put_whole(tlsdiag_stream_t *out, const tlsdiag_brief_t *record)
{
    for (size_t i = 0; i < record->json.length; i++) {
        uint8_t byte = record->json.at[i];
        tlsdiag_write_char(tlsdiag_stream_room(out, 1), byte >= 0x20 && byte <= 0x7e ? (char)byte : '?');
    }
}

void tlsdiag_page_record_json_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_brief_t *record)
{
    if (record->json.length > 0) {
        put_whole(out, record);
    } else {
        put_outline(out, page, record);
    }
    tlsdiag_stream_write(out, "\n");
}

static uint32_t put_kept_whole(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    uint32_t count = 0;
    for (uint32_t age = 0; age < tlsdiag_snapshot_failures(page->snapshot) && count < page->query.limit; age++) {
        tlsdiag_brief_t record;
        if (tlsdiag_snapshot_failure(&record, page->snapshot, age) && tlsdiag_page_wants(page, &record)) {
            tlsdiag_page_record_json_write(out, page, &record);
            count++;
        }
    }
    return count;
}

/* The whole record of what may stand here in outline only. */
static bool is_kept_whole(const tlsdiag_page_t *page, const tlsdiag_brief_t *record, tlsdiag_brief_t *whole)
{
    for (uint32_t age = 0; age < tlsdiag_snapshot_failures(page->snapshot); age++) {
        if (tlsdiag_snapshot_failure(whole, page->snapshot, age) && whole->sequence == record->sequence) {
            return true;
        }
    }
    return false;
}

static void put_recent(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    uint32_t count = 0;
    for (uint32_t age = 0; age < tlsdiag_snapshot_records(page->snapshot) && count < page->query.limit; age++) {
        tlsdiag_brief_t record, whole;
        if (tlsdiag_snapshot_record(&record, page->snapshot, age) && tlsdiag_page_wants(page, &record)) {
            bool problem = !record.success || record.act != TLSDIAG_ACT_NOBODY;
            bool kept = problem && is_kept_whole(page, &record, &whole);
            tlsdiag_page_record_json_write(out, page, kept ? &whole : &record);
            count++;
        }
    }
}

/* Failures are kept whole and for longer; asked for anything else, the ring of all recent records answers. */
void tlsdiag_page_records_write(tlsdiag_stream_t *out, const tlsdiag_page_t *page)
{
    if (page->query.outcome == TLSDIAG_ONLY_FAILURE) {
        put_kept_whole(out, page);
    } else {
        put_recent(out, page);
    }
}
