/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_sink.h"

#include <errno.h>
#include <signal.h>

#include "apache/config.h"
#include "apache/log_file.h"
#include "apache/log_spool.h"
#include "apr_atomic.h"
#include "apr_strings.h"
#include "apr_thread_cond.h"
#include "apr_thread_mutex.h"
#include "apr_thread_proc.h"

enum { GATHER_US = 100000 };

struct tlsdiag_log {
    tlsdiag_log_file_t file;
    tlsdiag_log_t *next;       /* of all that are open */
    apr_uint32_t key;          /* of the target, for the spools */
    apr_thread_mutex_t *mutex; /* around adding to the spool */
    tlsdiag_spool_t *spool;    /* this process's; NULL: lines are written at once */
};

/* The one thread of a child that writes its spools out. */
typedef struct writer {
    apr_thread_t *thread;
    apr_thread_mutex_t *mutex;
    apr_thread_cond_t *wake;
    apr_uint32_t lines_wait; /* something was added since the last round began */
    bool stopping;
} writer_t;

/* Set in the parent while the configuration is read, inherited by children; the writer is each child's own. */
static tlsdiag_log_t *open_logs;
static writer_t *writer;

static int is_off(const char *target)
{
    return !strcmp(target, "none");
}

const char *tlsdiag_log_check(apr_pool_t *pool, const char *target)
{
    apr_finfo_t found;

    if (target[0] == '|' || is_off(target)) {
        return NULL;
    }
    const char *path = ap_server_root_relative(pool, target);
    if (!path) {
        return apr_pstrcat(pool, "TLSDiagLog: invalid path ", target, NULL);
    }
    if (apr_stat(&found, path, APR_FINFO_TYPE, pool) == APR_SUCCESS && found.filetype == APR_DIR) {
        return apr_pstrcat(pool, "TLSDiagLog: ", path, " is a directory, name a file in it", NULL);
    }
    const char *directory = ap_make_dirstr_parent(pool, path);
    if (apr_stat(&found, directory, APR_FINFO_TYPE, pool) != APR_SUCCESS || found.filetype != APR_DIR) {
        return apr_pstrcat(pool, "TLSDiagLog: there is no directory ", directory, ", create it first", NULL);
    }
    return NULL;
}

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
    log->key = tlsdiag_spool_log_key(target);
    log->next = open_logs;
    open_logs = log;
    *opened = log;
    return tlsdiag_log_file_open(&log->file, pool);
}

static apr_status_t open_log_of(server_rec *server, apr_pool_t *pool)
{
    tlsdiag_config_t *config = tlsdiag_config_of(server);

    if (!config->log_target || is_off(config->log_target)) {
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
    if (open_logs && tlsdiag_spools_open(main_server) != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, main_server,
                     "tlsdiag:log.no_spool TLSDiagLog: no shared memory to gather lines in, each will be one write");
    }
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
    return apr_atomic_read32(&log->file.lost) ? apr_atomic_xchg32(&log->file.lost, 0) : 0;
}

static apr_size_t drain(void *context, const char *bytes, apr_size_t length)
{
    return tlsdiag_log_file_put(context, bytes, length);
}

/* First what a stalled reader left in the half that is not in use, then the half in use. */
static void flush(tlsdiag_log_t *log)
{
    apr_thread_mutex_lock(log->mutex);
    tlsdiag_spool_half_t *resting = tlsdiag_spool_resting(log->spool);
    apr_thread_mutex_unlock(log->mutex);
    tlsdiag_spool_drain(resting, drain, &log->file);

    apr_thread_mutex_lock(log->mutex);
    tlsdiag_spool_half_t *turned = tlsdiag_spool_turn(log->spool);
    apr_thread_mutex_unlock(log->mutex);
    if (turned) {
        tlsdiag_spool_drain(turned, drain, &log->file);
    }
}

static void flush_all(void)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->spool) {
            flush(log);
        }
    }
}

static bool lines_remain(void)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->spool && tlsdiag_spool_waits(log->spool)) {
            return true;
        }
    }
    return false;
}

/* Sleeps until there is a line, gathers for a moment, writes. What a stalled reader does not take is tried again. */
static void *APR_THREAD_FUNC write_spools(apr_thread_t *thread, void *opaque)
{
    writer_t *self = opaque;

    (void)thread;
    apr_thread_mutex_lock(self->mutex);
    while (!self->stopping) {
        if (!apr_atomic_read32(&self->lines_wait) && !lines_remain()) {
            apr_thread_cond_wait(self->wake, self->mutex);
            continue;
        }
        apr_thread_cond_timedwait(self->wake, self->mutex, GATHER_US);
        apr_atomic_set32(&self->lines_wait, 0);
        apr_thread_mutex_unlock(self->mutex);
        flush_all();
        apr_thread_mutex_lock(self->mutex);
    }
    apr_thread_mutex_unlock(self->mutex);
    return NULL;
}

static void wake_writer(void)
{
    apr_thread_mutex_lock(writer->mutex);
    apr_thread_cond_signal(writer->wake);
    apr_thread_mutex_unlock(writer->mutex);
}

static void write_at_once(tlsdiag_log_t *log, const char *line, apr_size_t length)
{
    if (tlsdiag_log_file_put(&log->file, line, length) < length) {
        tlsdiag_log_file_lose(&log->file, 1, EAGAIN);
    }
}

/* In the half in use, else in the other one, which is empty unless the disk or the reader is slow. */
static bool add(tlsdiag_log_t *log, const char *line, apr_size_t length)
{
    apr_thread_mutex_lock(log->mutex);
    bool added = tlsdiag_spool_add(log->spool, line, length) ||
                 (tlsdiag_spool_turn(log->spool) && tlsdiag_spool_add(log->spool, line, length));
    apr_thread_mutex_unlock(log->mutex);
    return added;
}

void tlsdiag_log_write(tlsdiag_log_t *log, const char *line, apr_size_t length)
{
    if (!writer || !log->spool || !add(log, line, length)) {
        write_at_once(log, line, length);
        return;
    }
    if (!apr_atomic_cas32(&writer->lines_wait, 1, 0)) {
        wake_writer();
    }
}

static void recover(tlsdiag_log_t *log)
{
    tlsdiag_spool_t *orphan;

    while ((orphan = tlsdiag_spool_inherit(log->key)) != NULL) {
        tlsdiag_spool_drain(tlsdiag_spool_resting(orphan), drain, &log->file);
        tlsdiag_spool_drain(tlsdiag_spool_turn(orphan), drain, &log->file);
        tlsdiag_spool_release(orphan);
    }
}

void tlsdiag_logs_recover(void)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        recover(log);
    }
}

static apr_status_t stop_writer(void *unused)
{
    apr_status_t ended;

    (void)unused;
    apr_thread_mutex_lock(writer->mutex);
    writer->stopping = true;
    apr_thread_cond_signal(writer->wake);
    apr_thread_mutex_unlock(writer->mutex);
    apr_thread_join(&ended, writer->thread);
    flush_all();
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->spool && !tlsdiag_spool_waits(log->spool)) {
            tlsdiag_spool_release(log->spool);
        }
        log->spool = NULL; /* one that still waits is drained by the parent when we are gone */
    }
    writer = NULL;
    return APR_SUCCESS;
}

/* httpd's own threads take the signals; a process without threads of its own must not have them taken by ours. */
static apr_status_t start_thread(writer_t *fresh, apr_pool_t *pool)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    apr_status_t rv = apr_thread_create(&fresh->thread, NULL, write_spools, fresh, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rv;
}

static apr_status_t start_writer(writer_t *fresh, apr_pool_t *pool)
{
    apr_status_t rv = apr_thread_mutex_create(&fresh->mutex, APR_THREAD_MUTEX_DEFAULT, pool);

    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&fresh->wake, pool);
    }
    return rv == APR_SUCCESS ? start_thread(fresh, pool) : rv;
}

void tlsdiag_logs_child_init(apr_pool_t *pool, server_rec *main_server)
{
    writer_t *fresh = apr_pcalloc(pool, sizeof *fresh);

    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (apr_thread_mutex_create(&log->mutex, APR_THREAD_MUTEX_DEFAULT, pool) == APR_SUCCESS) {
            log->spool = tlsdiag_spool_claim(log->key);
        }
    }
    if (!open_logs) {
        return;
    }
    apr_status_t rv = start_writer(fresh, pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, rv, main_server,
                     "tlsdiag:log.no_writer TLSDiagLog: no thread to gather lines, each will be one write");
        return;
    }
    writer = fresh;
    apr_pool_pre_cleanup_register(pool, NULL, stop_writer);
}
