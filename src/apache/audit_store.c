/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit_store.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "apr_shm.h"
#include "apr_strings.h"

enum {
    MAGIC = 0x544c5361,
    LAYOUT_VERSION = 2,
    FINDINGS_MIN = 64,
    FINDINGS_PER_VHOST = 12,
    FINDINGS_MAX = 4096,
    RETRIES = 100
};

/* Being written while version is odd; writer is who does it. */
typedef struct store {
    unsigned magic, layout_version;
    size_t size;
    atomic_uint version;
    atomic_int writer;
    tlsdiag_audit_summary_t summary;
    tlsdiag_finding_t findings[];
} store_t;

static const char userdata_key[] = "tlsdiag_audit_store";

/* Set in the parent before it makes children; inherited by them. */
static store_t *store;
/* Findings it has room for. Our own number: a process that runs as the httpd user can write anything into the memory. */
static size_t room;

static size_t room_in(apr_shm_t *segment)
{
    return (apr_shm_size_get(segment) - sizeof(store_t)) / sizeof(tlsdiag_finding_t);
}

static int fits(apr_shm_t *segment, size_t capacity)
{
    const store_t *found = apr_shm_baseaddr_get(segment);

    return found->magic == MAGIC && found->layout_version == LAYOUT_VERSION && room_in(segment) >= capacity &&
           found->size == sizeof(store_t) + room_in(segment) * sizeof(tlsdiag_finding_t);
}

static apr_status_t make_store(apr_pool_t *process_pool, size_t capacity, apr_shm_t **segment)
{
    size_t size = sizeof(store_t) + capacity * sizeof(tlsdiag_finding_t);
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
    return true;
}

static void end_writing(void)
{
    atomic_store(&store->version, (atomic_load(&store->version) | 1) + 1);
}

static const tlsdiag_finding_t *find(const tlsdiag_finding_t *findings, apr_size_t count, apr_uint64_t identity)
{
    for (apr_size_t i = 0; i < count; i++) {
        if (findings[i].identity == identity) {
            return &findings[i];
        }
    }
    return NULL;
}

static apr_size_t count_stored(void)
{
    apr_size_t kept = store ? store->summary.kept : 0;

    return kept < room ? kept : room;
}

static const tlsdiag_finding_t *find_stored(apr_uint64_t identity)
{
    return store ? find(store->findings, count_stored(), identity) : NULL;
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

static void tell_gone(const tlsdiag_finding_t *findings, apr_size_t count, tlsdiag_finding_visit_t visit, void *context)
{
    apr_size_t stored = count_stored();

    for (apr_size_t i = 0; i < stored; i++) {
        tlsdiag_finding_t copy;
        memcpy(&copy, &store->findings[i], sizeof copy);
        if (tidy(&copy) && !find(findings, count, copy.identity)) {
            visit(context, &copy, TLSDIAG_FINDING_GONE);
        }
    }
}

/* Before the store is touched: nobody waits while lines are logged. */
static void tell_changes(tlsdiag_finding_t *findings, apr_size_t count, bool at_start, tlsdiag_finding_visit_t visit,
                         void *context)
{
    if (!at_start) {
        tell_gone(findings, count, visit, context);
    }
    for (apr_size_t i = 0; i < count; i++) {
        const tlsdiag_finding_t *before = find_stored(findings[i].identity);
        findings[i].since = before && is_time(before->since) ? before->since : findings[i].since;
        visit(context, &findings[i], before && !at_start ? TLSDIAG_FINDING_SAME : TLSDIAG_FINDING_NEW);
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
    memcpy(store->findings, findings, kept * sizeof *findings);
    store->summary = summarize(findings, kept);
    store->summary.total = total;
    store->summary.audited = audited;
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
        *summary = store->summary;
        apr_size_t count = summary->kept < room ? summary->kept : room;
        count = count < capacity ? count : capacity;
        memcpy(findings, store->findings, count * sizeof *findings);
        if (atomic_load(&store->version) == version) {
            return tidy_all(findings, count);
        }
    }
    memset(summary, 0, sizeof *summary);
    return 0;
}
