/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_writer.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "apr_atomic.h"
#include "apr_thread_proc.h"
#include "collect/handshake.h"

enum { GATHER_US = 100000 };

/* APR's condition variables wait for a wall-clock time: a clock that is set back would keep the thread asleep, so it has one
 * of its own. */
struct tlsdiag_log_writer {
    apr_thread_t *thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool (*lines_wait)(void);
    void (*write_out)(bool full_only);
    int64_t until_us;    /* monotonic: when all lines that wait are to go */
    apr_uint32_t sleeps; /* until it is woken: no line waits */
    bool half_is_full;   /* it is time to write that */
    bool stopping;
};

static void begin_to_gather(tlsdiag_log_writer_t *self)
{
    self->until_us = tlsdiag_monotonic_us() + GATHER_US;
}

/* Until it is time for all lines, a half is full or we are to stop. Returns whether it is time for all: halves of a busy log that
 * fill one after the other do not put it off, for there may be another log with one line. */
static bool gather(tlsdiag_log_writer_t *self)
{
    struct timespec until = { .tv_sec = (time_t)(self->until_us / 1000000),
                              .tv_nsec = (long)(self->until_us % 1000000) * 1000 };

    while (!self->stopping && !self->half_is_full && pthread_cond_timedwait(&self->wake, &self->mutex, &until) == 0) {
        continue;
    }
    self->half_is_full = false;
    return tlsdiag_monotonic_us() >= self->until_us;
}

/* Until there is a line, which begins to gather. Who adds one looks whether we sleep after it is in; we look for lines after we
 * have said so. */
static void sleep_until_woken(tlsdiag_log_writer_t *self)
{
    apr_atomic_xchg32(&self->sleeps, 1);
    while (!self->stopping && apr_atomic_read32(&self->sleeps) && !self->lines_wait()) {
        pthread_cond_wait(&self->wake, &self->mutex);
    }
    apr_atomic_set32(&self->sleeps, 0);
    begin_to_gather(self);
}

/* Gathers for a moment and writes, over and over; sleeps when nothing came. The few lines behind a full half go on gathering.
 * What a stalled reader does not take is tried again. */
static void *APR_THREAD_FUNC work(apr_thread_t *thread, void *opaque)
{
    tlsdiag_log_writer_t *self = opaque;

    (void)thread;
    pthread_mutex_lock(&self->mutex);
    sleep_until_woken(self);
    while (!self->stopping) {
        bool is_time = gather(self);
        if (!self->lines_wait()) {
            sleep_until_woken(self);
            continue;
        }
        if (is_time) {
            begin_to_gather(self);
        }
        pthread_mutex_unlock(&self->mutex);
        self->write_out(!is_time);
        pthread_mutex_lock(&self->mutex);
    }
    pthread_mutex_unlock(&self->mutex);
    return NULL;
}

/* Signalled without the mutex: the thread that wakes would at once wait for it. */
static void wake(tlsdiag_log_writer_t *self, bool half_is_full)
{
    pthread_mutex_lock(&self->mutex);
    self->half_is_full |= half_is_full;
    pthread_mutex_unlock(&self->mutex);
    pthread_cond_signal(&self->wake);
}

void tlsdiag_log_writer_line_added(tlsdiag_log_writer_t *writer, bool half_is_full)
{
    if (apr_atomic_cas32(&writer->sleeps, 0, 1) || half_is_full) {
        wake(writer, half_is_full);
    }
}

void tlsdiag_log_writer_stop(tlsdiag_log_writer_t *writer)
{
    apr_status_t ended;

    pthread_mutex_lock(&writer->mutex);
    writer->stopping = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->mutex);
    apr_thread_join(&ended, writer->thread);
}

/* httpd's own threads take the signals; a process without threads of its own must not have them taken by ours. */
static apr_status_t start_thread(tlsdiag_log_writer_t *self, apr_pool_t *pool)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    apr_status_t rv = apr_thread_create(&self->thread, NULL, work, self, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rv;
}

static apr_status_t make_clocked_condition(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return failed;
}

apr_status_t tlsdiag_log_writer_start(tlsdiag_log_writer_t **writer, bool (*lines_wait)(void),
                                      void (*write_out)(bool full_only), apr_pool_t *pool)
{
    tlsdiag_log_writer_t *self = apr_pcalloc(pool, sizeof *self);

    self->lines_wait = lines_wait;
    self->write_out = write_out;
    pthread_mutex_init(&self->mutex, NULL);
    apr_status_t rv = make_clocked_condition(&self->wake);
    if (rv == APR_SUCCESS) {
        rv = start_thread(self, pool);
    }
    if (rv == APR_SUCCESS) {
        *writer = self;
    }
    return rv;
}
