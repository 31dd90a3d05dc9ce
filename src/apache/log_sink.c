/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_sink.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "apache/config.h"
#include "apache/log_file.h"
#include "apache/log_orphans.h"
#include "apache/log_spool.h"
#include "apr_atomic.h"
#include "apr_shm.h"
#include "apr_strings.h"
#include "apr_thread_mutex.h"
#include "apr_thread_proc.h"
#include "http_core.h"

enum { GATHER_NS = 100000000, WORTH_A_WRITE = TLSDIAG_SPOOL_BYTES / 2 };

struct tlsdiag_log {
    tlsdiag_log_file_t file;
    tlsdiag_log_t *next;              /* of all that are open */
    apr_thread_mutex_t *mutex;        /* around adding to the spool */
    _Atomic(tlsdiag_spool_t *) spool; /* this process's; NULL: lines are written at once */
};

/* The one thread of a child that writes its spools out. APR's condition variables wait for a wall-clock time: a clock
 * that is set back would keep it asleep, so it has one of its own. */
typedef struct writer {
    apr_thread_t *thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    apr_uint32_t sleeps; /* until it is woken: no line waits */
    bool half_is_full;   /* it is time to write that */
    bool stopping;
} writer_t;

/* Set in the parent while the configuration is read, inherited by children; the writer is each child's own. */
static tlsdiag_log_t *open_logs;
static writer_t *writer;

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

static void flush_all(apr_size_t at_least)
{
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (log->spool) {
            flush(log, log->spool, at_least);
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

/* A tenth of a second, or until a half is full or we are to stop. Returns whether a half is. */
static bool gather(writer_t *self)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += GATHER_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!self->stopping && !self->half_is_full && pthread_cond_timedwait(&self->wake, &self->mutex, &until) == 0) {
        continue;
    }
    bool half_is_full = self->half_is_full;
    self->half_is_full = false;
    return half_is_full;
}

/* Who adds a line looks whether we sleep after it is in; we look for lines after we have said so. */
static void sleep_until_woken(writer_t *self)
{
    apr_atomic_xchg32(&self->sleeps, 1);
    while (!self->stopping && apr_atomic_read32(&self->sleeps) && !lines_remain()) {
        pthread_cond_wait(&self->wake, &self->mutex);
    }
    apr_atomic_set32(&self->sleeps, 0);
}

/* Gathers for a moment and writes, over and over; sleeps when nothing came. On a busy site it has to be woken for a half that is
 * full only, and then the few lines behind that go on gathering. What a stalled reader does not take is tried again. */
static void *APR_THREAD_FUNC write_spools(apr_thread_t *thread, void *opaque)
{
    writer_t *self = opaque;

    (void)thread;
    pthread_mutex_lock(&self->mutex);
    while (!self->stopping) {
        apr_size_t at_least = gather(self) ? WORTH_A_WRITE : 1;
        if (!lines_remain()) {
            sleep_until_woken(self);
            continue;
        }
        pthread_mutex_unlock(&self->mutex);
        flush_all(at_least);
        pthread_mutex_lock(&self->mutex);
    }
    pthread_mutex_unlock(&self->mutex);
    return NULL;
}

/* Signalled without the mutex: the thread that wakes would at once wait for it. */
static void wake_writer(bool half_is_full)
{
    pthread_mutex_lock(&writer->mutex);
    writer->half_is_full |= half_is_full;
    pthread_mutex_unlock(&writer->mutex);
    pthread_cond_signal(&writer->wake);
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
    if (apr_atomic_cas32(&writer->sleeps, 0, 1) || half_is_full) {
        wake_writer(half_is_full);
    }
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
    apr_status_t ended;

    (void)unused;
    pthread_mutex_lock(&writer->mutex);
    writer->stopping = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->mutex);
    apr_thread_join(&ended, writer->thread);
    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        close_spool(log);
    }
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
    pthread_condattr_t monotonic;

    pthread_mutex_init(&fresh->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&fresh->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return failed ? failed : start_thread(fresh, pool);
}

void tlsdiag_logs_child_init(apr_pool_t *pool, server_rec *main_server)
{
    writer_t *fresh = apr_pcalloc(pool, sizeof *fresh);

    for (tlsdiag_log_t *log = open_logs; log; log = log->next) {
        if (apr_thread_mutex_create(&log->mutex, APR_THREAD_MUTEX_DEFAULT, pool) == APR_SUCCESS) {
            log->spool = tlsdiag_spool_claim(log->file.key);
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
