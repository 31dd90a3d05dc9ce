/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/shared.h"

#include <stdatomic.h>
#include <string.h>

#include "apr_shm.h"

enum { MAGIC = 0x544c5364, LAYOUT_VERSION = 1 };

/* A slot is being written while version is odd: a reader that sees it, or sees it change, skips the slot. */
typedef struct slot {
    atomic_uint version;
    unsigned length;
    char json[TLSDIAG_RECENT_BYTES];
} slot_t;

typedef struct shared {
    unsigned magic, layout_version;
    size_t size;
    atomic_ullong sequence;
    atomic_ullong remembered; /* records that went into slots, ever */
    slot_t slots[TLSDIAG_RECENT_RECORDS];
} shared_t;

static const char userdata_key[] = "tlsdiag_shared_segment";

/* Set in the parent before it makes children; inherited by them. */
static shared_t *shared;

static apr_status_t make_segment(apr_pool_t *process_pool, apr_shm_t **segment)
{
    apr_status_t rv = apr_shm_create(segment, sizeof(shared_t), NULL, process_pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    shared_t *fresh = apr_shm_baseaddr_get(*segment);
    memset(fresh, 0, sizeof *fresh);
    fresh->magic = MAGIC;
    fresh->layout_version = LAYOUT_VERSION;
    fresh->size = sizeof *fresh;
    return APR_SUCCESS;
}

static int is_ours(const shared_t *found)
{
    return found->magic == MAGIC && found->layout_version == LAYOUT_VERSION && found->size == sizeof *found;
}

apr_status_t tlsdiag_shared_open(server_rec *main_server)
{
    apr_pool_t *process_pool = main_server->process->pool;
    void *kept = NULL;

    apr_pool_userdata_get(&kept, userdata_key, process_pool);
    if (kept && is_ours(apr_shm_baseaddr_get(kept))) {
        shared = apr_shm_baseaddr_get(kept);
        return APR_SUCCESS;
    }
    apr_shm_t *segment;
    apr_status_t rv = make_segment(process_pool, &segment);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    shared = apr_shm_baseaddr_get(segment);
    return apr_pool_userdata_set(segment, userdata_key, apr_pool_cleanup_null, process_pool);
}

apr_uint64_t tlsdiag_shared_next_sequence(void)
{
    return shared ? atomic_fetch_add_explicit(&shared->sequence, 1, memory_order_relaxed) + 1 : 0;
}

void tlsdiag_shared_remember(const char *json, apr_size_t length)
{
    if (!shared || length >= TLSDIAG_RECENT_BYTES) {
        return;
    }
    slot_t *slot = &shared->slots[atomic_fetch_add(&shared->remembered, 1) % TLSDIAG_RECENT_RECORDS];
    unsigned version = atomic_load(&slot->version);
    if (version & 1 || !atomic_compare_exchange_strong(&slot->version, &version, version + 1)) {
        return; /* another writer came round the ring at the same moment */
    }
    memcpy(slot->json, json, length);
    slot->length = (unsigned)length;
    atomic_store(&slot->version, version + 2);
}

static int copy_slot(const slot_t *slot, char *json, unsigned *length)
{
    unsigned version = atomic_load(&slot->version);

    *length = slot->length;
    if (version & 1 || !version || *length >= TLSDIAG_RECENT_BYTES) {
        return 0;
    }
    memcpy(json, slot->json, *length);
    json[*length] = '\0';
    return atomic_load(&slot->version) == version;
}

void tlsdiag_shared_recall(void (*visit)(void *context, const char *json, apr_size_t length), void *context)
{
    char json[TLSDIAG_RECENT_BYTES];

    for (unsigned long long newest = shared ? atomic_load(&shared->remembered) : 0, i = 0;
         i < TLSDIAG_RECENT_RECORDS && i < newest; i++) {
        unsigned length;
        if (copy_slot(&shared->slots[(newest - 1 - i) % TLSDIAG_RECENT_RECORDS], json, &length)) {
            visit(context, json, length);
        }
    }
}
