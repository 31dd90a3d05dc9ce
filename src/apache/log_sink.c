/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_sink.h"

#include <stdatomic.h>

#include "apache/config.h"
#include "apache/log_file.h"
#include "apache/log_orphans.h"
#include "apache/log_spool.h"
#include "apache/log_writer.h"
#include "apr_shm.h"
#include "apr_strings.h"
#include "apr_thread_mutex.h"
#include "http_core.h"

enum { WORTH_A_WRITE = TLSDIAG_SPOOL_BYTES / 2 };

struct tlsdiag_log {
    tlsdiag_log_file_t file;
    tlsdiag_log_t *next;              /* of all that are open */
    apr_thread_mutex_t *mutex;        /* around adding to the spool */
    _Atomic(tlsdiag_spool_t *) spool; /* this process's; NULL: lines are written at once */
};

/* Set in the parent while the configuration is read, inherited by children; the writer is each child's own. */
static tlsdiag_log_t *open_logs;
static tlsdiag_log_writer_t *writer;

static tlsdiag_log_t *find_open(const char *target)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (!strcmp(log->file.target, target)) {
            return log;
        }
    }
    return NULL;
}

static apr_status_t open_log(tlsdiag_log_t **opened, server_rec *server, const char *target, apr_pool_t *pool)
{
    tlsdiag_log_t *log = apr_pcalloc(pool, sizeof *log);

    log->file.target = target;
    log->file.server = server;
    log->file.key = tlsdiag_spool_log_key(target);
    log->next = open_logs;
    open_logs = log;
    *opened = log;
    return tlsdiag_log_file_open(&log->file, pool);
}

static apr_status_t open_log_of(server_rec *server, apr_pool_t *pool)
{
    tlsdiag_config_t *config = tlsdiag_config_of(server);

    if (!config->log_target || !strcmp(config->log_target, "none")) {
        return APR_SUCCESS;
    }
    config->log = find_open(config->log_target);
    if (config->log) {
        return APR_SUCCESS;
    }
    apr_status_t rv = open_log(&config->log, server, config->log_target, pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_CRIT, rv, server,
                     "tlsdiag:log.cannot_open TLSDiagLog: cannot open %s", config->log_target);
    }
    return rv;
}

static unsigned count_logs(void)
{
    unsigned count = 0;

    for (const tlsdiag_log_t *log = open_logs; log; log = log->next) {
        count++;
    }
    return count;
}

/* Children share what they know of a log; without shared memory each knows its own. Old children of a graceful restart
 * keep what they have. */
static void make_common(apr_pool_t *pool)
{
    apr_size_t bytes = count_logs() * sizeof(tlsdiag_log_common_t);
    apr_shm_t *segment;
    tlsdiag_log_common_t *common;

    if (bytes && apr_shm_create(&segment, bytes, NULL, pool) == APR_SUCCESS) {
        common = apr_shm_baseaddr_get(segment);
    } else {
        common = apr_palloc(pool, bytes);
    }
    memset(common, 0, bytes);
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        log->file.common = common++;
    }
}

static apr_status_t forget_logs(void *unused)
{
    (void)unused;
    tlsdiag_logs_recover();
    open_logs = NULL;
    return APR_SUCCESS;
}

apr_status_t tlsdiag_logs_open(apr_pool_t *pool, server_rec *main_server)
{
    open_logs = NULL;
    for (server_rec *server = main_server; server; server = server->next) {
        apr_status_t rv = open_log_of(server, pool);
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
    /* httpd opens its logs twice at start, and serves nobody the first time. */
    bool serves = ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG;
    if (open_logs && serves && tlsdiag_spools_open(main_server) != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, main_server,
                     "tlsdiag:log.no_spool TLSDiagLog: no shared memory to gather lines in, each will be one write");
    }
    make_common(pool);
    /* Registered last, so it runs before the logs are closed. */
    apr_pool_cleanup_register(pool, NULL, forget_logs, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

apr_size_t tlsdiag_log_line_limit(const tlsdiag_log_t *log)
{
    return log->file.is_pipe ? TLSDIAG_PIPE_LINE_BYTES : 0;
}

apr_uint32_t tlsdiag_log_take_lost(tlsdiag_log_t *log)
{
    return tlsdiag_log_file_take_lost(&log->file);
}

/* A half that others may not turn to meanwhile, because it has lines; NULL: there is none to write. */
static tlsdiag_spool_half_t *half_to_write(tlsdiag_log_t *log, tlsdiag_spool_t *spool, apr_size_t at_least)
{
    apr_thread_mutex_lock(log->mutex);
    tlsdiag_spool_half_t *half = tlsdiag_spool_resting(spool);
    if (!tlsdiag_spool_lines(half).length) {
        half = tlsdiag_spool_turn(spool, at_least);
    }
    apr_thread_mutex_unlock(log->mutex);
    return half;
}

/* First the half that is not in use: it was full, or a stalled reader left something in it. Then the half in use, if there are
 * at_least so many bytes in it. */
static void flush(tlsdiag_log_t *log, tlsdiag_spool_t *spool, apr_size_t at_least)
{
    for (int i = 0; i < 2; i++) {
        tlsdiag_spool_half_t *half = half_to_write(log, spool, at_least);
        if (half) {
            tlsdiag_spool_drain(half, tlsdiag_log_drain, &log->file);
        }
    }
}

static void write_out(bool full_only)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->spool) {
            flush(log, log->spool, full_only ? WORTH_A_WRITE : 1);
        }
    }
}

static bool lines_wait(void)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->spool && tlsdiag_spool_waits(log->spool)) {
            return true;
        }
    }
    return false;
}

static void write_at_once(tlsdiag_log_t *log, const char *line, apr_size_t length)
{
    tlsdiag_log_look_for_cut(&log->file);
    if (tlsdiag_log_file_put(&log->file, line, length, 1) < length) {
        tlsdiag_log_file_give_up(&log->file, line, length);
    }
}

/* In the half in use, else in the other one, which is empty unless the disk or the reader is slow: *half_is_full then, and to
 * wait for more would leave the lines that follow no room. */
static bool add_to(tlsdiag_spool_t *spool, const char *line, apr_size_t length, bool *half_is_full)
{
    if (tlsdiag_spool_add(spool, line, length)) {
        return true;
    }
    *half_is_full = tlsdiag_spool_turn(spool, 1) != NULL;
    return *half_is_full && tlsdiag_spool_add(spool, line, length);
}

/* Returns false when there is no room, or no spool any more. */
static bool add(tlsdiag_log_t *log, const char *line, apr_size_t length, bool *half_is_full)
{
    if (!log->spool) {
        return false;
    }
    apr_thread_mutex_lock(log->mutex);
    tlsdiag_spool_t *spool = log->spool;
    bool added = spool && add_to(spool, line, length, half_is_full);
    apr_thread_mutex_unlock(log->mutex);
    return added;
}

void tlsdiag_log_write(tlsdiag_log_t *log, const char *line, apr_size_t length)
{
    bool half_is_full = false;

    if (!writer || !add(log, line, length, &half_is_full)) {
        write_at_once(log, line, length);
        return;
    }
    tlsdiag_log_writer_line_added(writer, half_is_full);
}

static tlsdiag_log_t *log_of(apr_uint32_t key)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->file.key == key) {
            return log;
        }
    }
    return NULL;
}

void tlsdiag_logs_recover(void)
{
    tlsdiag_spool_t *orphan;
    unsigned at = 0;

    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        tlsdiag_log_look_for_cut(&log->file);
    }
    while ((orphan = tlsdiag_spool_inherit(&at)) != NULL) {
        tlsdiag_log_t *log = log_of(orphan->log);
        if (log) {
            tlsdiag_log_recover(&log->file, orphan);
        } else {
            tlsdiag_log_give_up_orphan(orphan);
        }
    }
}

/* A child that httpd stops the hard way still has threads that serve: what they tell from now on is written at once. */
static void close_spool(tlsdiag_log_t *log)
{
    if (!log->spool) {
        return;
    }
    apr_thread_mutex_lock(log->mutex);
    tlsdiag_spool_t *spool = atomic_exchange(&log->spool, NULL);
    apr_thread_mutex_unlock(log->mutex);
    flush(log, spool, 1);
    if (!tlsdiag_spool_waits(spool)) {
        tlsdiag_spool_release(spool); /* one that still waits is drained by the parent when we are gone */
    }
}

static apr_status_t stop_writer(void *unused)
{
    (void)unused;
    tlsdiag_log_writer_stop(writer);
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        close_spool(log);
    }
    return APR_SUCCESS;
}

void tlsdiag_logs_child_init(apr_pool_t *pool, server_rec *main_server)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (apr_thread_mutex_create(&log->mutex, APR_THREAD_MUTEX_DEFAULT, pool) == APR_SUCCESS) {
            log->spool = tlsdiag_spool_claim(log->file.key);
        }
    }
    if (!open_logs) {
        return;
    }
    apr_status_t rv = tlsdiag_log_writer_start(&writer, lines_wait, write_out, pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, rv, main_server,
                     "tlsdiag:log.no_writer TLSDiagLog: no thread to gather lines, each will be one write");
        return;
    }
    apr_pool_pre_cleanup_register(pool, NULL, stop_writer);
}
