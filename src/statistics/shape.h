/* SPDX-License-Identifier: Apache-2.0 */
/**
 * shape.h knows how large each part of the segment should be, and what that costs in bytes.
 * It refuses to know where the wish comes from.
 */
#ifndef TLSDIAG_STATISTICS_SHAPE_H
#define TLSDIAG_STATISTICS_SHAPE_H

#include "statistics/layout.h"

enum { TLSDIAG_FAILURES_DEFAULT = 256, TLSDIAG_FAILURES_MOST = 65536, TLSDIAG_VHOSTS_MOST = 4096 };

/** What an administrator and the server's size ask for. */
typedef struct tlsdiag_wish {
    uint32_t processes; /**< of the MPM at most */
    uint32_t vhosts;    /**< with TLS */
    uint32_t failures;  /**< TLSDiagRecords; 0: default */
    uint64_t bytes;     /**< TLSDiagSharedMemory; 0: default */
} tlsdiag_wish_t;

/**
 * The shape that serves a wish: what vhosts, processes and records need, and the rest for the tables.
 *
 * Returns  false when the bytes asked for cannot even hold the smallest tables; *shape is then that smallest one.
 */
bool tlsdiag_shape_choose(tlsdiag_shape_t *shape, const tlsdiag_wish_t *wish);

/** Bytes of a segment of that shape. */
size_t tlsdiag_shape_bytes(const tlsdiag_shape_t *shape);

/** Are all members within what this code can address? Asked of a shape that was read from memory or a file. */
bool tlsdiag_shape_is_sane(const tlsdiag_shape_t *shape);

/** Size of one entry of a table, in cells. */
uint32_t tlsdiag_shape_entry_cells(tlsdiag_table_kind_t table);
/** Entries of a table. */
uint32_t tlsdiag_shape_entries(const tlsdiag_shape_t *shape, tlsdiag_table_kind_t table);

#endif
