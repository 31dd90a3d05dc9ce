/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/snapshot.h"

/* What decides an entry's place: first the first number, then the second, then the smaller entry number. */
typedef struct rank {
    uint64_t first, second;
} rank_t;

static rank_t rank_of(const tlsdiag_entry_cells_t *entry, tlsdiag_table_kind_t table)
{
    switch (table) {
    case TLSDIAG_TABLE_fingerprints: {
        const tlsdiag_fingerprint_cells_t *cells = (const tlsdiag_fingerprint_cells_t *)entry;
        return (rank_t){ tlsdiag_cell_get(&cells->failed), tlsdiag_cell_get(&cells->succeeded) };
    }
    case TLSDIAG_TABLE_networks: {
        const tlsdiag_network_cells_t *cells = (const tlsdiag_network_cells_t *)entry;
        return (rank_t){ tlsdiag_cell_get(&cells->failed), tlsdiag_cell_get(&cells->succeeded) };
    }
    case TLSDIAG_TABLE_names:
        return (rank_t){ tlsdiag_cell_get(&((const tlsdiag_name_cells_t *)entry)->asked), 0 };
    case TLSDIAG_TABLE_problems:
        return (rank_t){ tlsdiag_cell_get(&((const tlsdiag_problem_cells_t *)entry)->handshakes), 0 };
    default:
        return (rank_t){ tlsdiag_cell_get(&entry->weight), 0 };
    }
}

static bool outranks(rank_t a, rank_t b)
{
    return a.first != b.first ? a.first > b.first : a.second > b.second;
}

unsigned tlsdiag_snapshot_top(uint32_t *numbers, unsigned most, const tlsdiag_snapshot_t *snapshot,
                              tlsdiag_table_kind_t kind)
{
    const tlsdiag_table_t *table = &snapshot->copy.tables[kind];
    unsigned count = 0;
    for (uint32_t number = 0; number < table->entries; number++) {
        const tlsdiag_entry_cells_t *entry = tlsdiag_table_entry(table, number);
        if (tlsdiag_cell_get(&entry->key) == 0) {
            continue;
        }
        rank_t rank = rank_of(entry, kind);
        unsigned at = count;
        while (at > 0 && outranks(rank, rank_of(tlsdiag_table_entry(table, numbers[at - 1]), kind))) {
            at--;
        }
        if (at == most) {
            continue;
        }
        count += count < most;
        memmove(&numbers[at + 1], &numbers[at], (count - 1 - at) * sizeof *numbers);
        numbers[at] = number;
    }
    return count;
}
