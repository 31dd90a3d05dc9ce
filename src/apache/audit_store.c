/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit_store.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "apr_shm.h"
#include "apr_strings.h"

#include "statistics/cells.h"

enum {
    MAGIC = 0x544c5361,
    LAYOUT_VERSION = 3,
    SUMMARY_CELLS = TLSDIAG_TEXT_CELLS(sizeof(tlsdiag_audit_summary_t)),
    FINDING_CELLS = TLSDIAG_TEXT_CELLS(sizeof(tlsdiag_finding_t)),
    FINDINGS_MIN = 64,
    FINDINGS_PER_VHOST = 12,
    FINDINGS_MAX = 4096,
    RETRIES = 100
};

typedef struct finding_cells {
    tlsdiag_cell_t cells[FINDING_CELLS];
} finding_cells_t;

/* Being written while version is odd; writer is who does it. Who reads meanwhile throws away what he read. */
typedef struct store {
    unsigned magic, layout_version;
    size_t size;
    atomic_uint version;
    atomic_int writer;
    tlsdiag_cell_t summary[SUMMARY_CELLS];
    finding_cells_t findings[];
} store_t;

static const char userdata_key[] = "tlsdiag_audit_store";

/* Set in the parent before it makes children; inherited by them. */
static store_t *store;
/* Findings it has room for. Our own number: a process that runs as the httpd user can write anything into the memory. */
static size_t room;

static size_t room_in(apr_shm_t *segment)
{
    return (apr_shm_size_get(segment) - sizeof(store_t)) / sizeof(finding_cells_t);
}

static int fits(apr_shm_t *segment, size_t capacity)
{
    const store_t *found = apr_shm_baseaddr_get(segment);

    return found->magic == MAGIC && found->layout_version == LAYOUT_VERSION && room_in(segment) >= capacity &&
           found->size == sizeof(store_t) + room_in(segment) * sizeof(finding_cells_t);
}

static apr_status_t make_store(apr_pool_t *process_pool, size_t capacity, apr_shm_t **segment)
{
    size_t size = sizeof(store_t) + capacity * sizeof(finding_cells_t);
    apr_status_t rv = apr_shm_create(segment, size, NULL, process_pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    store = apr_shm_baseaddr_get(*segment);
    memset(store, 0, sizeof *store);
    store->magic = MAGIC;
    store->layout_version = LAYOUT_VERSION;
    store->size = size;
    room = capacity;
    return APR_SUCCESS;
}

/* A store that is too small for a larger configuration is given up; old children keep it until they are gone. */
apr_status_t tlsdiag_audit_store_open(server_rec *main_server, apr_size_t vhosts)
{
    apr_pool_t *process_pool = main_server->process->pool;
    size_t wanted = FINDINGS_MIN + vhosts * FINDINGS_PER_VHOST;
    size_t capacity = wanted < FINDINGS_MAX ? wanted : FINDINGS_MAX;
    void *kept = NULL;

    apr_pool_userdata_get(&kept, userdata_key, process_pool);
    if (kept && fits(kept, capacity)) {
        store = apr_shm_baseaddr_get(kept);
        room = room_in(kept);
        return APR_SUCCESS;
    }
    apr_shm_t *segment;
    apr_status_t rv = make_store(process_pool, capacity, &segment);
    if (rv != APR_SUCCESS) {
        store = NULL;
        return rv;
    }
    if (kept) {
        apr_shm_destroy(kept);
    }
    /* A copied key: this one's memory goes away when httpd unloads the module. */
    return apr_pool_userdata_set(segment, apr_pstrdup(process_pool, userdata_key), apr_pool_cleanup_null, process_pool);
}

apr_size_t tlsdiag_audit_store_capacity(void)
{
    return store ? room : 0;
}

/* A writer that was killed in the middle leaves the version odd: the next one takes over from a dead process only. */
static bool begin_writing(void)
{
    unsigned version = atomic_load(&store->version);
    int writer = atomic_load(&store->writer), self = (int)getpid();

    if (version & 1 && writer != self && (kill(writer, 0) == 0 || errno == EPERM)) {
        return false;
    }
    if (!atomic_compare_exchange_strong(&store->writer, &writer, self)) {
        return false;
    }
    atomic_store(&store->version, version | 1);
    /* no store below may be seen before this one is */
    atomic_thread_fence(memory_order_release);
    return true;
}

static void end_writing(void)
{
    atomic_store(&store->version, (atomic_load(&store->version) | 1) + 1);
}

static bool has(const tlsdiag_finding_t *findings, apr_size_t count, apr_uint64_t identity)
{
    for (apr_size_t i = 0; i < count; i++) {
        if (findings[i].identity == identity) {
            return true;
        }
    }
    return false;
}

static apr_size_t load_summary(tlsdiag_audit_summary_t *summary)
{
    tlsdiag_cells_load(summary, store->summary, sizeof *summary);
    return summary->kept < room ? summary->kept : room;
}

static apr_size_t count_stored(void)
{
    tlsdiag_audit_summary_t summary;

    return store ? load_summary(&summary) : 0;
}

/* Not the whole of each: there may be thousands, and each is looked for. */
static uint64_t stored_number(apr_size_t i, size_t offset)
{
    return tlsdiag_cell_get(&store->findings[i].cells[offset / sizeof(uint64_t)]);
}

/* Since when the finding has been there, of those stored. Returns false when it was not. */
static bool find_stored(apr_size_t stored, apr_uint64_t identity, apr_int64_t *since)
{
    for (apr_size_t i = 0; i < stored; i++) {
        if (stored_number(i, offsetof(tlsdiag_finding_t, identity)) == identity) {
            *since = (apr_int64_t)stored_number(i, offsetof(tlsdiag_finding_t, since));
            return true;
        }
    }
    return false;
}

static bool is_set(const bool *flag)
{
    unsigned char byte;

    memcpy(&byte, flag, sizeof byte);
    return byte != 0;
}

/* Seconds since 1970 that can be shown as a date: up to the end of the year 9999. */
static bool is_time(apr_int64_t seconds)
{
    return seconds >= 0 && seconds <= APR_INT64_C(253402300799);
}

/* Whatever lies in the memory, what is shown of it is a finding. Returns false when it cannot be one. */
static bool tidy(tlsdiag_finding_t *finding)
{
    finding->reason[sizeof finding->reason - 1] = '\0';
    finding->text[sizeof finding->text - 1] = '\0';
    finding->advice[sizeof finding->advice - 1] = '\0';
    finding->directive[sizeof finding->directive - 1] = '\0';
    finding->silenced = is_set(&finding->silenced);
    return (unsigned)finding->severity < TLSDIAG_SEVERITIES && tlsdiag_check_id(finding->check) &&
           is_time(finding->since);
}

static void tell_gone(apr_size_t stored, const tlsdiag_finding_t *findings, apr_size_t count,
                      tlsdiag_finding_visit_t visit, void *context)
{
    for (apr_size_t i = 0; i < stored; i++) {
        tlsdiag_finding_t copy;
        tlsdiag_cells_load(&copy, store->findings[i].cells, sizeof copy);
        if (tidy(&copy) && !has(findings, count, copy.identity)) {
            visit(context, &copy, TLSDIAG_FINDING_GONE);
        }
    }
}

/* Before the store is touched: nobody waits while lines are logged. */
static void tell_changes(tlsdiag_finding_t *findings, apr_size_t count, bool at_start, tlsdiag_finding_visit_t visit,
                         void *context)
{
    apr_size_t stored = count_stored();

    if (!at_start) {
        tell_gone(stored, findings, count, visit, context);
    }
    for (apr_size_t i = 0; i < count; i++) {
        apr_int64_t since;
        bool was_there = find_stored(stored, findings[i].identity, &since);
        findings[i].since = was_there && is_time(since) ? since : findings[i].since;
        visit(context, &findings[i], was_there && !at_start ? TLSDIAG_FINDING_SAME : TLSDIAG_FINDING_NEW);
    }
}

static tlsdiag_audit_summary_t summarize(const tlsdiag_finding_t *findings, apr_size_t kept)
{
    tlsdiag_audit_summary_t summary = { .kept = kept };

    for (apr_size_t i = 0; i < kept; i++) {
        if (findings[i].silenced) {
            summary.silenced++;
        } else {
            summary.by_severity[findings[i].severity]++;
        }
    }
    return summary;
}

void tlsdiag_audit_store_replace(tlsdiag_finding_t *findings, apr_size_t kept, apr_size_t total, apr_int64_t audited,
                                 bool at_start, tlsdiag_finding_visit_t visit, void *context)
{
    tell_changes(findings, kept, at_start, visit, context);
    if (!store || !begin_writing()) {
        return;
    }
    kept = kept < room ? kept : room;
    tlsdiag_audit_summary_t summary = summarize(findings, kept);
    summary.total = total;
    summary.audited = audited;
    tlsdiag_cells_put(store->summary, SUMMARY_CELLS, &summary, sizeof summary);
    for (apr_size_t i = 0; i < kept; i++) {
        tlsdiag_cells_put(store->findings[i].cells, FINDING_CELLS, &findings[i], sizeof findings[i]);
    }
    end_writing();
}

static apr_size_t tidy_all(tlsdiag_finding_t *findings, apr_size_t count)
{
    apr_size_t good = 0;

    for (apr_size_t i = 0; i < count; i++) {
        if (tidy(&findings[i])) {
            memmove(&findings[good++], &findings[i], sizeof *findings);
        }
    }
    return good;
}

apr_size_t tlsdiag_audit_findings(tlsdiag_finding_t *findings, apr_size_t capacity, tlsdiag_audit_summary_t *summary)
{
    memset(summary, 0, sizeof *summary);
    for (int i = 0; store && i < RETRIES; i++) {
        unsigned version = atomic_load(&store->version);
        if (version & 1) {
            apr_sleep(1000);
            continue;
        }
        apr_size_t stored = load_summary(summary);
        apr_size_t count = stored < capacity ? stored : capacity;
        for (apr_size_t k = 0; k < count; k++) {
            tlsdiag_cells_load(&findings[k], store->findings[k].cells, sizeof findings[k]);
        }
        atomic_thread_fence(memory_order_acquire);
        if (atomic_load(&store->version) == version) {
            return tidy_all(findings, count);
        }
    }
    memset(summary, 0, sizeof *summary);
    return 0;
}
