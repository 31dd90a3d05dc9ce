/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/shape.h"

#include "statistics/table.h"

enum {
    TABLES_SMALLEST = 256 * 1024,
    TABLES_DEFAULT = 2 * 1024 * 1024,
    ENTRIES_FEWEST = 4 * TLSDIAG_WAYS,
    ENTRIES_MOST = 1 << 20,
    SPARE_VHOSTS = 16, /* for those that a later graceful restart adds */
    CHILDREN_MOST = 65534
};

static const struct {
    uint16_t cells;
    uint16_t share; /* of the tables' bytes, in percent */
} tables[TLSDIAG_TABLES] = {
    [TLSDIAG_TABLE_problems] = { sizeof(tlsdiag_problem_cells_t) / 8, 20 },
    [TLSDIAG_TABLE_fingerprints] = { sizeof(tlsdiag_fingerprint_cells_t) / 8, 35 },
    [TLSDIAG_TABLE_pairs] = { sizeof(tlsdiag_pair_cells_t) / 8, 10 },
    [TLSDIAG_TABLE_networks] = { sizeof(tlsdiag_network_cells_t) / 8, 20 },
    [TLSDIAG_TABLE_names] = { sizeof(tlsdiag_name_cells_t) / 8, 15 },
};

static uint32_t *entries_of(tlsdiag_shape_t *shape, tlsdiag_table_kind_t table)
{
    uint32_t *const entries[TLSDIAG_TABLES] = { &shape->problems, &shape->fingerprints, &shape->pairs, &shape->networks,
                                                &shape->names };
    return entries[table];
}

uint32_t tlsdiag_shape_entry_cells(tlsdiag_table_kind_t table)
{
    return tables[table].cells;
}

uint32_t tlsdiag_shape_entries(const tlsdiag_shape_t *shape, tlsdiag_table_kind_t table)
{
    tlsdiag_shape_t copy = *shape;
    return *entries_of(&copy, table);
}

size_t tlsdiag_shape_bytes(const tlsdiag_shape_t *shape)
{
    size_t bytes = sizeof(tlsdiag_segment_t) + shape->children * sizeof(tlsdiag_child_t) +
                   shape->vhosts * sizeof(tlsdiag_vhost_cells_t) + shape->records * sizeof(tlsdiag_record_cells_t) +
                   shape->failures * sizeof(tlsdiag_failure_cells_t);
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        bytes += 8 * tlsdiag_table_cells(tlsdiag_shape_entries(shape, table), tables[table].cells);
    }
    return bytes;
}

static uint32_t within(uint64_t value, uint32_t least, uint32_t most)
{
    return value < least ? least : value > most ? most : (uint32_t)value;
}

static void share_out(tlsdiag_shape_t *shape, uint64_t bytes)
{
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        uint64_t bucket_bytes = 8 * (1 + (uint64_t)TLSDIAG_WAYS * tables[table].cells);
        uint64_t buckets = bytes * tables[table].share / 100 / bucket_bytes;
        *entries_of(shape, table) = within(buckets * TLSDIAG_WAYS, ENTRIES_FEWEST, ENTRIES_MOST);
    }
}

bool tlsdiag_shape_choose(tlsdiag_shape_t *shape, const tlsdiag_wish_t *wish)
{
    *shape = (tlsdiag_shape_t){
        /* old children live on beside the new ones during a graceful restart */
        .children = within(2 * (uint64_t)wish->processes + 2, 8, CHILDREN_MOST),
        .vhosts = within(1 + (uint64_t)wish->vhosts + SPARE_VHOSTS, 1 + SPARE_VHOSTS, TLSDIAG_VHOSTS_MOST),
        .failures = wish->failures ? within(wish->failures, 1, TLSDIAG_FAILURES_MOST) : TLSDIAG_FAILURES_DEFAULT,
    };
    shape->records = within(2 * (uint64_t)shape->failures, 64, 4096);
    uint64_t fixed = tlsdiag_shape_bytes(shape);
    uint64_t for_tables = wish->bytes == 0 ? TABLES_DEFAULT : wish->bytes > fixed ? wish->bytes - fixed : 0;
    share_out(shape, for_tables < TABLES_SMALLEST ? TABLES_SMALLEST : for_tables);
    return for_tables >= TABLES_SMALLEST;
}

bool tlsdiag_shape_is_sane(const tlsdiag_shape_t *shape)
{
    for (tlsdiag_table_kind_t table = 0; table < TLSDIAG_TABLES; table++) {
        uint32_t entries = tlsdiag_shape_entries(shape, table);
        if (entries < TLSDIAG_WAYS || entries > ENTRIES_MOST || entries % TLSDIAG_WAYS != 0) {
            return false;
        }
    }
    return shape->children > 0 && shape->children <= CHILDREN_MOST && shape->vhosts > 0 &&
           shape->vhosts <= TLSDIAG_VHOSTS_MOST && shape->records > 0 && shape->records <= TLSDIAG_FAILURES_MOST &&
           shape->failures > 0 && shape->failures <= TLSDIAG_FAILURES_MOST;
}
