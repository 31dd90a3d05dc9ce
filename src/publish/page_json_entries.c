/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/page_json_parts.h"

#include <string.h>

#include "publish/json_stream.h"
#include "publish/page_parts.h"

static void put_entry(tlsdiag_stream_t *out, const tlsdiag_entry_t *entry)
{
    tlsdiag_json_put_time(out, "first_seen", entry->first_us);
    tlsdiag_json_put_time(out, "last_seen", entry->last_us);
    if (entry->error > 0) {
        tlsdiag_json_put_u64(out, "may_lack", entry->error);
    }
}

static void put_causes(tlsdiag_stream_t *out, const tlsdiag_page_t *page, const tlsdiag_causes_of_entry_t *causes)
{
    char name[64];
    uint64_t other = causes->other;
    tlsdiag_json_begin(out, "causes", '{');
    for (unsigned i = 0; i < causes->count; i++) {
        if (causes->causes[i].cause_slot == TLSDIAG_CAUSE_SLOTS - 1) {
            other += causes->causes[i].count; /* causes without a slot of their own: no name twice */
        } else {
            tlsdiag_json_put_u64(out, tlsdiag_cause_id(name, page, causes->causes[i].cause_slot),
                                 causes->causes[i].count);
        }
    }
    if (other > 0) {
        tlsdiag_json_put_u64(out, "_other", other);
    }
    tlsdiag_json_end(out, '}');
}

void tlsdiag_fingerprint_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint32_t number)
{
    tlsdiag_fingerprint_t fingerprint;
    if (!tlsdiag_snapshot_fingerprint(&fingerprint, page->snapshot, number)) {
        return;
    }
    tlsdiag_json_begin(out, NULL, '{');
    tlsdiag_json_put_client(out, "ja4", tlsdiag_bytes(fingerprint.ja4, strlen(fingerprint.ja4)));
    tlsdiag_json_put_u64(out, "succeeded", fingerprint.succeeded);
    tlsdiag_json_put_u64(out, "failed", fingerprint.failed);
    tlsdiag_json_put_u64(out, "clients", fingerprint.clients);
    tlsdiag_json_put_time(out, "last_failed", fingerprint.last_failed_us);
    put_entry(out, &fingerprint.entry);
    put_causes(out, page, &fingerprint.causes);
    tlsdiag_json_begin(out, "user_agents", '[');
    for (unsigned i = 0; i < fingerprint.user_agents_count; i++) {
        const char *text = fingerprint.user_agents[i].text;
        tlsdiag_json_begin(out, NULL, '{');
        tlsdiag_json_put_client(out, "text", tlsdiag_bytes(text, strlen(text)));
        tlsdiag_json_put_u64(out, "connections", fingerprint.user_agents[i].requests);
        tlsdiag_json_end(out, '}');
    }
    tlsdiag_json_end(out, ']');
    tlsdiag_json_end(out, '}');
}

void tlsdiag_network_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint32_t number)
{
    tlsdiag_client_network_t network;
    char address[TLSDIAG_ADDRESS_TEXT];
    if (!tlsdiag_snapshot_network(&network, page->snapshot, number)) {
        return;
    }
    tlsdiag_address_text(address, network.address, network.address_bytes, page->mask);
    tlsdiag_json_begin(out, NULL, '{');
    tlsdiag_json_put_text(out, "address", address);
    tlsdiag_json_put_u64(out, "prefix", network.prefix);
    tlsdiag_json_put_u64(out, "succeeded", network.succeeded);
    tlsdiag_json_put_u64(out, "failed", network.failed);
    tlsdiag_json_put_u64(out, "clients", network.clients);
    put_entry(out, &network.entry);
    put_causes(out, page, &network.causes);
    tlsdiag_json_end(out, '}');
}

void tlsdiag_name_json(tlsdiag_stream_t *out, const tlsdiag_page_t *page, uint32_t number)
{
    tlsdiag_uncovered_name_t name;
    char vhost[TLSDIAG_VHOST_NAME_CELLS * 8 + 1];
    if (!tlsdiag_snapshot_name(&name, page->snapshot, number)) {
        return;
    }
    tlsdiag_slot_name(vhost, page, name.vhost);
    tlsdiag_json_begin(out, NULL, '{');
    tlsdiag_json_put_client(out, "name", tlsdiag_bytes(name.name, name.name_kept));
    tlsdiag_json_put_bool(out, "cut", name.name_bytes > name.name_kept);
    tlsdiag_json_put_client(out, "vhost", tlsdiag_bytes(vhost, strlen(vhost)));
    tlsdiag_json_put_u64(out, "asked", name.asked);
    tlsdiag_json_put_u64(out, "failed", name.failed);
    tlsdiag_json_put_u64(out, "clients", name.clients);
    put_entry(out, &name.entry);
    tlsdiag_json_end(out, '}');
}
