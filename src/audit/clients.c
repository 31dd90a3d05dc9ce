/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/clients.h"

#define COUNT(...) (sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t))
#define CODES(...)                                                              \
    {                                                                           \
        .codes = (const uint16_t[]){ __VA_ARGS__ }, .count = COUNT(__VA_ARGS__) \
    }

static const tlsdiag_client_t clients[] = {
#include "audit/clients.inc"
};

uint16_t tlsdiag_clients_count(void)
{
    return sizeof clients / sizeof clients[0];
}

const tlsdiag_client_t *tlsdiag_client(uint16_t index)
{
    return index < tlsdiag_clients_count() ? &clients[index] : NULL;
}
