/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/statistics.h"

#include "statistics/keys.h"
#include "statistics/shape.h"

enum {
    IPV4_PREFIX = 24,
    IPV6_PREFIX = 48,
    OWNER_OF_SLOT_0 = 1 << 16,
    SHAPE_CELLS = TLSDIAG_TEXT_CELLS(sizeof(tlsdiag_shape_t))
};

static void *take_part(char **at, size_t bytes)
{
    void *part = *at;
    *at += bytes;
    return part;
}

/* Where each part begins follows from the shape alone; the order is the one drawn in layout.h. */
void tlsdiag_statistics_place(tlsdiag_statistics_t *statistics, void *memory, const tlsdiag_shape_t *shape)
{
    char *at = memory;
    statistics->shape = *shape;
    statistics->segment = take_part(&at, sizeof(tlsdiag_segment_t));
    statistics->processes.children = take_part(&at, shape->children * sizeof(tlsdiag_child_t));
    statistics->processes.count = shape->children;
    statistics->vhosts = take_part(&at, shape->vhosts * sizeof(tlsdiag_vhost_cells_t));
    for (tlsdiag_table_kind_t kind = 0; kind < TLSDIAG_TABLES; kind++) {
        tlsdiag_table_t *table = &statistics->tables[kind];
        table->entries = tlsdiag_shape_entries(shape, kind);
        table->entry_cells = tlsdiag_shape_entry_cells(kind);
        table->evictions = &statistics->segment->evictions[kind];
        table->cells = take_part(&at, 8 * tlsdiag_table_cells(table->entries, table->entry_cells));
    }
    statistics->records = take_part(&at, shape->records * sizeof(tlsdiag_record_cells_t));
    statistics->failures = take_part(&at, shape->failures * sizeof(tlsdiag_failure_cells_t));
}

static void start_handle(tlsdiag_statistics_t *statistics, void *memory, const tlsdiag_shape_t *shape)
{
    *statistics = (tlsdiag_statistics_t){ .ipv4_prefix = IPV4_PREFIX, .ipv6_prefix = IPV6_PREFIX };
    statistics->processes.owner = OWNER_OF_SLOT_0;
    tlsdiag_statistics_place(statistics, memory, shape);
}

void tlsdiag_statistics_format(tlsdiag_statistics_t *statistics, void *memory, const tlsdiag_shape_t *shape,
                               uint64_t seed, int64_t now_us)
{
    start_handle(statistics, memory, shape);
    tlsdiag_segment_t *segment = statistics->segment;
    tlsdiag_cells_put(segment->shape, SHAPE_CELLS, shape, sizeof *shape);
    tlsdiag_cell_set(&segment->layout_version, TLSDIAG_LAYOUT_VERSION);
    tlsdiag_cell_set(&segment->header_bytes, sizeof *segment);
    tlsdiag_cell_set(&segment->segment_bytes, tlsdiag_shape_bytes(shape));
    tlsdiag_cell_set(&segment->since_us, (uint64_t)now_us);
    tlsdiag_cell_set(&segment->seed, seed);
    statistics->seed = seed;
    tlsdiag_cells_put(statistics->vhosts[0].name, TLSDIAG_VHOST_NAME_CELLS, "_other", 6);
    tlsdiag_causes_learn(statistics);
    atomic_store_explicit(&segment->magic, TLSDIAG_SEGMENT_MAGIC, memory_order_release);
}

static void read_shape(tlsdiag_shape_t *shape, const tlsdiag_segment_t *segment)
{
    uint64_t words[SHAPE_CELLS];
    tlsdiag_cells_get(words, segment->shape, SHAPE_CELLS);
    memcpy(shape, words, sizeof *shape);
}

bool tlsdiag_statistics_attach(tlsdiag_statistics_t *statistics, void *memory, size_t bytes)
{
    tlsdiag_segment_t *segment = memory;
    tlsdiag_shape_t shape;
    if (bytes < sizeof *segment || tlsdiag_cell_get(&segment->magic) != TLSDIAG_SEGMENT_MAGIC ||
        tlsdiag_cell_get(&segment->layout_version) != TLSDIAG_LAYOUT_VERSION ||
        tlsdiag_cell_get(&segment->header_bytes) != sizeof *segment) {
        return false;
    }
    read_shape(&shape, segment);
    if (!tlsdiag_shape_is_sane(&shape) || tlsdiag_shape_bytes(&shape) != bytes) {
        return false;
    }
    start_handle(statistics, memory, &shape);
    statistics->seed = tlsdiag_cell_get(&segment->seed);
    tlsdiag_causes_learn(statistics);
    return true;
}

static bool is_named(const tlsdiag_vhost_cells_t *vhost, const tlsdiag_cell_t *name)
{
    for (unsigned i = 0; i < TLSDIAG_VHOST_NAME_CELLS; i++) {
        if (tlsdiag_cell_get(&vhost->name[i]) != tlsdiag_cell_get(&name[i])) {
            return false;
        }
    }
    return true;
}

uint16_t tlsdiag_statistics_vhost(tlsdiag_statistics_t *statistics, const char *name)
{
    tlsdiag_cell_t wanted[TLSDIAG_VHOST_NAME_CELLS];
    tlsdiag_cells_put(wanted, TLSDIAG_VHOST_NAME_CELLS, name, strlen(name));
    for (uint16_t slot = 1; slot < statistics->shape.vhosts; slot++) {
        tlsdiag_vhost_cells_t *vhost = &statistics->vhosts[slot];
        if (tlsdiag_cell_get(&vhost->name[0]) == 0) {
            tlsdiag_cells_put(vhost->name, TLSDIAG_VHOST_NAME_CELLS, name, strlen(name));
        }
        if (is_named(vhost, wanted)) {
            return slot;
        }
    }
    return 0;
}

uint64_t tlsdiag_statistics_sequence(tlsdiag_statistics_t *statistics)
{
    return atomic_fetch_add_explicit(&statistics->segment->sequence, 1, memory_order_relaxed) + 1;
}

static tlsdiag_child_t *own_books(tlsdiag_statistics_t *statistics)
{
    return &statistics->processes.children[statistics->processes.slot];
}

void tlsdiag_statistics_begin(tlsdiag_statistics_t *statistics)
{
    tlsdiag_cell_add(&own_books(statistics)->started, 1);
}

void tlsdiag_statistics_abandon(tlsdiag_statistics_t *statistics)
{
    tlsdiag_cell_add(&own_books(statistics)->abandoned, 1);
}

void tlsdiag_statistics_withdraw(tlsdiag_statistics_t *statistics)
{
    tlsdiag_cell_add(&own_books(statistics)->started, UINT64_MAX);
}

void tlsdiag_statistics_count(tlsdiag_statistics_t *statistics, tlsdiag_tally_t tally, uint64_t n)
{
    tlsdiag_cell_add(&statistics->segment->tallies[tally], n);
}

int64_t tlsdiag_statistics_since_us(const tlsdiag_statistics_t *statistics)
{
    return (int64_t)tlsdiag_cell_get(&statistics->segment->since_us);
}
