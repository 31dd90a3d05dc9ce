/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/clients.h"

#define COUNT(...) (sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t))
#define CODES(...)                                                              \
    {                                                                           \
        .codes = (const uint16_t[]){ __VA_ARGS__ }, .count = COUNT(__VA_ARGS__) \
    }

static const tlsdiag_known_client_t clients[] = {
#include "audit/clients.inc"
};

uint16_t tlsdiag_known_clients_count(void)
{
    return sizeof clients / sizeof clients[0];
}

const tlsdiag_known_client_t *tlsdiag_known_client(uint16_t index)
{
    return index < tlsdiag_known_clients_count() ? &clients[index] : NULL;
}
