/* SPDX-License-Identifier: Apache-2.0 */
/**
 * mask.h knows how to show only the network part of a client's address.
 * It refuses to know whose address it is and why it is hidden.
 */
#ifndef TLSDIAG_PUBLISH_MASK_H
#define TLSDIAG_PUBLISH_MASK_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"

/** How many leading bits of an address are shown; 0: all of it, the address is not masked. */
typedef struct tlsdiag_mask {
    uint8_t ipv4_bits; /**< 1 to 32 */
    uint8_t ipv6_bits; /**< 1 to 128 */
} tlsdiag_mask_t;

/**
 * Write address with all bits after the mask's cleared: "192.0.2.77" with 24 bits gives "192.0.2.0", "2001:db8:1:2::7"
 * with 48 gives "2001:db8:1::" (RFC 5952). An IPv4-mapped address (::ffff:192.0.2.77) is masked as IPv4. A zone
 * (fe80::1%eth0) is left out of a masked address.
 *
 * Returns  false, and an empty text, when address is none (RFC 4291 2.2) and a mask is set: better nothing than too much.
 *          Without a mask the text is copied as it is.
 */
bool tlsdiag_address_mask(char masked[TLSDIAG_ADDRESS_TEXT], const char *address, tlsdiag_mask_t mask);

/**
 * The same for an address as bytes in network order: 4 of IPv4, 16 of IPv6. Returns false, and an empty text, for any
 * other length.
 */
bool tlsdiag_address_text(char text[TLSDIAG_ADDRESS_TEXT], const uint8_t *address, unsigned length,
                          tlsdiag_mask_t mask);

/**
 * The bytes of an address in network order; an IPv4-mapped one gives its IPv4 address.
 *
 * Returns  4 or 16; 0: address is none, bytes is then untouched.
 */
unsigned tlsdiag_address_parse(uint8_t bytes[16], const char *address);

#endif
