/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/keys.h"

#include "iana/iana.h"
#include "statistics/estimate.h"

enum { VERSION_TLS10 = 0x0301, VERSION_SSL30 = 0x0300, VERSION_TLS13 = 0x0304 };

static uint64_t not_zero(uint64_t key)
{
    return key ? key : 1;
}

uint64_t tlsdiag_statistics_fingerprint(const tlsdiag_statistics_t *statistics, const char *ja4)
{
    return not_zero(tlsdiag_hash(statistics->seed, ja4, strlen(ja4)));
}

uint64_t tlsdiag_key_of_pair(uint64_t fingerprint_key, uint16_t vhost)
{
    return not_zero(tlsdiag_hash(fingerprint_key, &vhost, sizeof vhost));
}

uint64_t tlsdiag_key_of_problem(const tlsdiag_statistics_t *statistics, uint16_t vhost, unsigned cause_slot)
{
    uint64_t both = (uint64_t)vhost << 32 | cause_slot;
    return not_zero(tlsdiag_hash(statistics->seed, &both, sizeof both));
}

uint64_t tlsdiag_key_of_network(const tlsdiag_statistics_t *statistics, const tlsdiag_network_address_t *network)
{
    return not_zero(tlsdiag_hash(statistics->seed + network->length, network->bytes, sizeof network->bytes));
}

uint64_t tlsdiag_key_of_name(const tlsdiag_statistics_t *statistics, tlsdiag_bytes_t name)
{
    uint8_t lower[TLSDIAG_SERVER_NAME_BYTES];
    size_t length = name.length < sizeof lower ? name.length : sizeof lower;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = name.at[i];
        lower[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
    }
    return not_zero(tlsdiag_hash(statistics->seed, lower, length));
}

tlsdiag_bytes_t tlsdiag_address_unwrap(tlsdiag_bytes_t address)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    bool is_mapped = address.length == 16 && memcmp(address.at, mapped, sizeof mapped) == 0;
    return is_mapped ? tlsdiag_bytes(address.at + 12, 4) : address;
}

tlsdiag_network_address_t tlsdiag_network_of(const tlsdiag_statistics_t *statistics, tlsdiag_bytes_t address)
{
    tlsdiag_network_address_t network = { .length = 0 };
    tlsdiag_bytes_t bytes = tlsdiag_address_unwrap(address);
    if (bytes.length != 4 && bytes.length != 16) {
        return network;
    }
    network.length = (uint8_t)bytes.length;
    network.prefix = bytes.length == 4 ? statistics->ipv4_prefix : statistics->ipv6_prefix;
    size_t whole = network.prefix / 8;
    memcpy(network.bytes, bytes.at, whole);
    if (network.prefix % 8 != 0) {
        network.bytes[whole] = (uint8_t)(bytes.at[whole] & (0xff00 >> network.prefix % 8));
    }
    return network;
}

unsigned tlsdiag_slot_of_code(tlsdiag_cell_t *codes, unsigned slots, uint16_t code)
{
    unsigned usable = slots - 1;
    uint64_t wanted = UINT64_C(0x10000) | code;
    for (unsigned i = 0; i < usable; i++) {
        unsigned slot = (code + i) % usable;
        uint64_t seen = tlsdiag_cell_get(&codes[slot]);
        if (seen == wanted || (seen == 0 && atomic_compare_exchange_strong(&codes[slot], &seen, wanted)) ||
            seen == wanted) {
            return slot;
        }
    }
    return usable;
}

unsigned tlsdiag_slot_of_alert(tlsdiag_cell_t *alerts, uint8_t description)
{
    return tlsdiag_iana_alert_name(description) ? tlsdiag_slot_of_code(alerts, TLSDIAG_ALERT_SLOTS, description)
                                                : TLSDIAG_ALERT_SLOTS - 1;
}

unsigned tlsdiag_slot_of_version(uint16_t version)
{
    bool named = version >= VERSION_SSL30 && version <= VERSION_TLS13;
    return named ? version - VERSION_SSL30 : TLSDIAG_VERSION_SLOTS - 1;
}

static bool same(const tlsdiag_cell_t *a, const tlsdiag_cell_t *b, unsigned cells)
{
    for (unsigned i = 0; i < cells; i++) {
        if (tlsdiag_cell_get(&a[i]) != tlsdiag_cell_get(&b[i])) {
            return false;
        }
    }
    return true;
}

unsigned tlsdiag_slot_of_cause(const tlsdiag_statistics_t *statistics, const char *cause)
{
    tlsdiag_cell_t wanted[TLSDIAG_CAUSE_ID_CELLS];
    tlsdiag_cells_put(wanted, TLSDIAG_CAUSE_ID_CELLS, cause, strlen(cause));
    for (unsigned slot = 0; slot < TLSDIAG_CAUSE_SLOTS - 1; slot++) {
        if (same(statistics->segment->dictionary.causes[slot], wanted, TLSDIAG_CAUSE_ID_CELLS)) {
            return slot;
        }
    }
    return TLSDIAG_CAUSE_SLOTS - 1;
}

static unsigned take_cause_slot(tlsdiag_statistics_t *statistics, const char *cause)
{
    unsigned slot = tlsdiag_slot_of_cause(statistics, cause);
    if (slot == TLSDIAG_CAUSE_SLOTS - 1) {
        slot = tlsdiag_slot_of_cause(statistics, "");
        if (slot < TLSDIAG_CAUSE_SLOTS - 1) {
            tlsdiag_cells_put(statistics->segment->dictionary.causes[slot], TLSDIAG_CAUSE_ID_CELLS, cause,
                              strlen(cause));
        }
    }
    return slot;
}

void tlsdiag_causes_learn(tlsdiag_statistics_t *statistics)
{
    memset(statistics->cause_slots, TLSDIAG_CAUSE_SLOTS - 1, sizeof statistics->cause_slots);
    for (uint16_t rule = 0; rule < tlsdiag_rules_count() && rule < TLSDIAG_CAUSE_SLOTS; rule++) {
        statistics->cause_slots[rule] = (uint8_t)take_cause_slot(statistics, tlsdiag_rule_id(rule));
    }
}
