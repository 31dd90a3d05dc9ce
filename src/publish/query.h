/* SPDX-License-Identifier: Apache-2.0 */
/**
 * query.h knows what can be asked of the page in the query string. It refuses to pass on what it does not know.
 *
 * Unknown names are ignored; a value that is too long, has bytes outside printable ASCII, or comes twice makes the query
 * invalid as a whole, so nothing unexpected is ever filtered by, or shown again.
 */
#ifndef TLSDIAG_PUBLISH_QUERY_H
#define TLSDIAG_PUBLISH_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum {
    TLSDIAG_REFRESH_MOST = 3600,
    TLSDIAG_REFRESH_DEFAULT = 10,
    TLSDIAG_LIMIT_DEFAULT = 50,
    TLSDIAG_LIMIT_MOST = 10000
};

typedef enum {
    TLSDIAG_ANY_OUTCOME,
    TLSDIAG_ONLY_FAILURE,
    TLSDIAG_ONLY_SUCCESS,
    TLSDIAG_ONLY_UNKNOWN
} tlsdiag_asked_outcome_t;

/** Empty texts and zeros: not asked. */
typedef struct tlsdiag_query {
    bool valid;
    char cause[48];  /**< an id, or a family "cipher" or "cipher." */
    char vhost[132]; /**< ServerName:port, or ServerName */
    char client[48]; /**< an address, or its beginning */
    char ja4[48];    /**< a JA4, or its beginning */
    char sni[132];   /**< part of the server name, as the page shows it, without regard to case */
    tlsdiag_asked_outcome_t outcome;
    uint32_t limit; /**< TLSDIAG_LIMIT_DEFAULT unless asked */
    uint32_t
        refresh; /**< seconds, 1 to TLSDIAG_REFRESH_MOST; 0: not asked. `refresh` alone or out of range: as mod_status does it */
    bool json; /**< `json`: the machine form of this path */
} tlsdiag_query_t;

/** Read args (what follows the "?"); an empty run asks for nothing. */
tlsdiag_query_t tlsdiag_query_read(tlsdiag_bytes_t args);

/** Does it filter records? */
bool tlsdiag_query_filters(const tlsdiag_query_t *query);

#endif
