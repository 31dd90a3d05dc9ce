/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/shared.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ap_mpm.h"
#include "apr_shm.h"
#include "apr_strings.h"
#include "apr_time.h"
#include "http_core.h"
#include "http_main.h"

#include "apache/config.h"
#include "apache/startup.h"
#include "apache/state_file.h"
#include "statistics/shape.h"
#include "statistics/snapshot.h"
#include "statistics/what_if.h"

enum { SAVE_SECONDS = 300 };

/* What outlives a configuration: in the process's pool, without a pointer into this module's code. */
typedef struct kept {
    apr_shm_t *segment;
    apr_uint32_t records; /* TLSDiagRecords and TLSDiagSharedMemory as they were when it was made */
    apr_uint64_t shared_bytes;
} kept_t;

static const char userdata_key[] = "tlsdiag_statistics";

/* Set in the parent before it makes children; inherited by them. */
static tlsdiag_statistics_t statistics;
static apr_size_t segment_bytes;
static bool ready;

/* Of the parent alone. */
static struct {
    pid_t parent;
    const char *path; /* NULL: no state file, or it cannot be written */
    time_t saved;     /* monotonic seconds: the wall clock may be set back */
} state;

tlsdiag_statistics_t *tlsdiag_shared_statistics(void)
{
    return ready ? &statistics : NULL;
}

apr_size_t tlsdiag_shared_bytes(void)
{
    return segment_bytes;
}

static bool is_alive(apr_uint32_t pid)
{
    return kill((pid_t)pid, 0) == 0 || errno != ESRCH;
}

static apr_uint64_t make_seed(void)
{
    apr_uint64_t seed;

    ap_random_insecure_bytes(&seed, sizeof seed);
    return seed;
}

static apr_uint32_t count_vhosts(void)
{
    const apr_array_header_t *servers = tlsdiag_servers();

    return servers ? (apr_uint32_t)servers->nelts : 0;
}

static tlsdiag_wish_t wish_of(const tlsdiag_config_t *config)
{
    int processes = 0;

    if (ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &processes) != APR_SUCCESS || processes < 1) {
        processes = 1;
    }
    return (tlsdiag_wish_t){ .processes = (apr_uint32_t)processes,
                             .vhosts = count_vhosts(),
                             .failures = config->records,
                             .bytes = config->shared_bytes };
}

static void choose_shape(tlsdiag_shape_t *shape, const tlsdiag_config_t *config, server_rec *main_server)
{
    tlsdiag_wish_t wish = wish_of(config);

    if (!tlsdiag_shape_choose(shape, &wish)) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
                     "tlsdiag:start.shared_memory_small TLSDiagSharedMemory is too small for %u records, %u vhosts and "
                     "%u processes: %" APR_SIZE_T_FMT " bytes are used, tables are as small as can be",
                     shape->failures, wish.vhosts, wish.processes, tlsdiag_shape_bytes(shape));
    }
}

static apr_status_t map(kept_t *kept, apr_size_t bytes, apr_pool_t *process_pool)
{
    apr_status_t rv = apr_shm_create(&kept->segment, bytes, NULL, process_pool);

    if (rv == APR_SUCCESS) {
        memset(apr_shm_baseaddr_get(kept->segment), 0, bytes);
        segment_bytes = bytes;
    }
    return rv;
}

/* A saved segment is taken up as it is: it must have been made for the same wishes, and be large enough. */
static bool fits(const tlsdiag_statistics_t *saved, const tlsdiag_shape_t *wanted, const tlsdiag_config_t *config)
{
    return saved->shape.failures == wanted->failures && saved->shape.children >= wanted->children &&
           saved->shape.vhosts >= wanted->vhosts &&
           tlsdiag_cell_get(&saved->segment->wished_bytes) == config->shared_bytes;
}

static bool read_state(kept_t *kept, const tlsdiag_shape_t *wanted, const tlsdiag_config_t *config,
                       server_rec *main_server, apr_pool_t *pool)
{
    void *memory;
    apr_size_t bytes;
    tlsdiag_statistics_t saved;
    apr_status_t rv = tlsdiag_state_file_read(&memory, &bytes, config->state_file, pool);

    if (rv == APR_ENOENT) {
        return false;
    }
    if (rv != APR_SUCCESS || !tlsdiag_statistics_attach(&saved, memory, bytes) || !fits(&saved, wanted, config)) {
        ap_log_error(
            APLOG_MARK, APLOG_NOTICE, rv == APR_EGENERAL ? 0 : rv, main_server,
            "tlsdiag:start.state_not_used TLSDiagStateFile %s is not a regular file, or damaged, or of another version or "
            "size: statistics start from zero",
            config->state_file);
        return false;
    }
    if (map(kept, bytes, main_server->process->pool) != APR_SUCCESS) {
        return false;
    }
    memcpy(apr_shm_baseaddr_get(kept->segment), memory, bytes);
    return tlsdiag_statistics_attach(&statistics, apr_shm_baseaddr_get(kept->segment), bytes);
}

static apr_status_t make(kept_t *kept, const tlsdiag_config_t *config, server_rec *main_server, apr_pool_t *pool)
{
    tlsdiag_shape_t shape;

    choose_shape(&shape, config, main_server);
    if (config->state_file && read_state(kept, &shape, config, main_server, pool)) {
        return APR_SUCCESS;
    }
    apr_status_t rv = map(kept, tlsdiag_shape_bytes(&shape), main_server->process->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    tlsdiag_statistics_format(&statistics, apr_shm_baseaddr_get(kept->segment), &shape, make_seed(), apr_time_now());
    tlsdiag_cell_set(&statistics.segment->wished_bytes, config->shared_bytes);
    return APR_SUCCESS;
}

static void tell_unchanged(const kept_t *kept, const tlsdiag_config_t *config, server_rec *main_server)
{
    if (kept->records != config->records || kept->shared_bytes != config->shared_bytes) {
        ap_log_error(
            APLOG_MARK, APLOG_NOTICE, 0, main_server,
            "tlsdiag:start.size_kept TLSDiagRecords and TLSDiagSharedMemory take effect when httpd is stopped and "
            "started: until then the shared memory keeps its %" APR_SIZE_T_FMT " bytes",
            segment_bytes);
    }
}

static bool take_up(kept_t *kept, const tlsdiag_config_t *config, server_rec *main_server)
{
    apr_size_t bytes = apr_shm_size_get(kept->segment);

    if (!tlsdiag_statistics_attach(&statistics, apr_shm_baseaddr_get(kept->segment), bytes)) {
        return false; /* another version of this module made it: its children go on with it, we make our own */
    }
    segment_bytes = bytes;
    tell_unchanged(kept, config, main_server);
    return true;
}

static apr_status_t find_or_make(const tlsdiag_config_t *config, server_rec *main_server, apr_pool_t *pool)
{
    apr_pool_t *process_pool = main_server->process->pool;
    void *found = NULL;

    apr_pool_userdata_get(&found, userdata_key, process_pool);
    if (found && take_up(found, config, main_server)) {
        return APR_SUCCESS;
    }
    kept_t *kept = apr_pcalloc(process_pool, sizeof *kept);
    kept->records = config->records;
    kept->shared_bytes = config->shared_bytes;
    apr_status_t rv = make(kept, config, main_server, pool);
    if (rv == APR_SUCCESS) {
        apr_pool_userdata_set(kept, userdata_key, apr_pool_cleanup_null, process_pool);
    }
    return rv;
}

static void place_vhosts(void)
{
    const apr_array_header_t *servers = tlsdiag_servers();

    for (int i = servers ? servers->nelts - 1 : -1; i >= 0; i--) {
        tlsdiag_server_t *server = APR_ARRAY_IDX(servers, i, tlsdiag_server_t *);
        if (server->posture) {
            server->slot = tlsdiag_statistics_vhost(&statistics, server->posture->name);
            server->what_if = tlsdiag_what_if_concerns(server->posture);
        }
    }
}

static time_t monotonic_seconds(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* A failure is told once; until it works again nothing more is said. */
static void save(const char *path, tlsdiag_durability_t durability, server_rec *main_server, apr_pool_t *pool)
{
    static bool failed;
    apr_status_t rv = tlsdiag_state_file_write(path, statistics.segment, segment_bytes, durability, pool);

    if (rv != APR_SUCCESS && !failed) {
        ap_log_error(
            APLOG_MARK, APLOG_ERR, rv, main_server,
            "tlsdiag:state.not_written TLSDiagStateFile %s cannot be written: statistics are lost when httpd stops",
            path);
    }
    failed = rv != APR_SUCCESS;
    state.saved = monotonic_seconds();
}

/* The end of a configuration: at a restart nothing would be lost, at the end of httpd everything. Nobody accepts
 * connections during a restart, so it does not wait for the disk. */
static apr_status_t save_at_end(void *unused)
{
    apr_pool_t *pool;

    (void)unused;
    if (getpid() == state.parent && ready && state.path && ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_EXITING &&
        apr_pool_create(&pool, NULL) == APR_SUCCESS) {
        tlsdiag_process_settle_all(&statistics.processes, is_alive);
        save(state.path, TLSDIAG_ON_DISK, ap_server_conf, pool);
        apr_pool_destroy(pool);
    }
    ready = false;
    return APR_SUCCESS;
}

apr_status_t tlsdiag_shared_open(apr_pool_t *pconf, server_rec *main_server)
{
    const tlsdiag_config_t *config = tlsdiag_config_of(main_server);
    apr_pool_t *pool;
    apr_status_t rv = apr_pool_create(&pool, pconf);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = find_or_make(config, main_server, pool);
    ready = rv == APR_SUCCESS;
    if (ready) {
        tlsdiag_process_settle_all(&statistics.processes, is_alive);
        place_vhosts();
        state.parent = getpid();
        state.path = config->state_file;
        apr_pool_cleanup_register(pconf, NULL, save_at_end, apr_pool_cleanup_null);
        if (state.path) {
            tlsdiag_state_file_tidy(state.path, pool);
            save(state.path, TLSDIAG_IN_CACHE, main_server, pool);
        }
    }
    apr_pool_destroy(pool);
    return rv;
}

void tlsdiag_shared_child_init(apr_pool_t *pool, server_rec *main_server)
{
    (void)pool;
    (void)main_server;
    if (ready) {
        tlsdiag_process_claim(&statistics.processes, (apr_uint32_t)getpid(), is_alive);
    }
}

void tlsdiag_shared_child_status(server_rec *main_server, pid_t pid, ap_generation_t generation, int slot,
                                 mpm_child_status child_state)
{
    (void)main_server;
    (void)generation;
    (void)slot;
    if (ready && child_state == MPM_CHILD_EXITED) {
        tlsdiag_process_settle(&statistics.processes, (apr_uint32_t)pid);
    }
}

int tlsdiag_shared_monitor(apr_pool_t *unused, server_rec *main_server)
{
    apr_pool_t *pool;

    (void)unused;
    if (ready && state.path && monotonic_seconds() - state.saved >= SAVE_SECONDS &&
        apr_pool_create(&pool, NULL) == APR_SUCCESS) {
        save(state.path, TLSDIAG_ON_DISK, main_server, pool);
        apr_pool_destroy(pool);
    }
    return OK;
}
