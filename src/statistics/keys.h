/* SPDX-License-Identifier: Apache-2.0 */
/**
 * keys.h knows under which key a table keeps what, and which slot of a counter stands for which value.
 * It refuses to count. For statistics/ alone.
 */
#ifndef TLSDIAG_STATISTICS_KEYS_H
#define TLSDIAG_STATISTICS_KEYS_H

#include "statistics/statistics.h"

/** A client's network: address bytes with all bits behind the prefix cleared. */
typedef struct tlsdiag_network_address {
    uint8_t bytes[16];
    uint8_t length; /**< 4 or 16; 0: unknown */
    uint8_t prefix; /**< bits */
} tlsdiag_network_address_t;

/** Keys, never 0. */
uint64_t tlsdiag_key_of_pair(uint64_t fingerprint_key, uint16_t vhost);
uint64_t tlsdiag_key_of_problem(const tlsdiag_statistics_t *statistics, uint16_t vhost, unsigned cause_slot);
uint64_t tlsdiag_key_of_network(const tlsdiag_statistics_t *statistics, const tlsdiag_network_address_t *network);
/** Without regard to the case of letters, as names are compared (RFC 6066 3). */
uint64_t tlsdiag_key_of_name(const tlsdiag_statistics_t *statistics, tlsdiag_bytes_t name);

/** The network of an address; an IPv4-mapped IPv6 address (RFC 4291 2.5.5.2) is its IPv4 address. */
tlsdiag_network_address_t tlsdiag_network_of(const tlsdiag_statistics_t *statistics, tlsdiag_bytes_t address);
/** The address itself, IPv4-mapped ones unwrapped. */
tlsdiag_bytes_t tlsdiag_address_unwrap(tlsdiag_bytes_t address);

/** Slot of a code in a dictionary, taken when it has none; the last slot when there is no other left. */
unsigned tlsdiag_slot_of_code(tlsdiag_cell_t *codes, unsigned slots, uint16_t code);
/** Slot of an alert; those that IANA has no name for share the last one: a client may send any. */
unsigned tlsdiag_slot_of_alert(tlsdiag_cell_t *alerts, uint8_t description);
unsigned tlsdiag_slot_of_version(uint16_t version);
/** The last slot when the cause is unknown to the segment. */
unsigned tlsdiag_slot_of_cause(const tlsdiag_statistics_t *statistics, const char *cause);

/** Take a slot for each rule of this build. At start. */
void tlsdiag_causes_learn(tlsdiag_statistics_t *statistics);

#endif
