/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "apr_hash.h"
#include "apr_shm.h"
#include "apr_strings.h"

static const char userdata_key[] = "tlsdiag_log_spools";

/* Set in the parent before it makes children; inherited by them. */
static tlsdiag_spool_t *spools;

apr_status_t tlsdiag_spools_open(server_rec *main_server)
{
    apr_pool_t *process_pool = main_server->process->pool;
    apr_size_t size = sizeof(tlsdiag_spool_t) * TLSDIAG_SPOOLS;
    void *kept = NULL;

    apr_pool_userdata_get(&kept, userdata_key, process_pool);
    apr_shm_t *segment = kept;
    if (!segment || apr_shm_size_get(segment) != size) {
        /* Anonymous memory comes zeroed, and a page of it costs nothing until a line is written to it. */
        apr_status_t rv = apr_shm_create(&segment, size, NULL, process_pool);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        apr_pool_userdata_set(segment, apr_pstrdup(process_pool, userdata_key), apr_pool_cleanup_null, process_pool);
    }
    spools = apr_shm_baseaddr_get(segment);
    return APR_SUCCESS;
}

apr_uint32_t tlsdiag_spool_log_key(const char *target)
{
    apr_ssize_t length = APR_HASH_KEY_STRING;

    return apr_hashfunc_default(target, &length);
}

tlsdiag_spool_t *tlsdiag_spool_claim(apr_uint32_t log)
{
    for (unsigned i = 0; spools && i < TLSDIAG_SPOOLS; i++) {
        apr_int32_t nobody = 0;
        if (atomic_compare_exchange_strong(&spools[i].owner, &nobody, (apr_int32_t)getpid())) {
            spools[i].log = log;
            return &spools[i];
        }
    }
    return NULL;
}

static bool is_dead(apr_int32_t pid)
{
    return pid != 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

tlsdiag_spool_t *tlsdiag_spool_inherit(unsigned *at)
{
    while (spools && *at < TLSDIAG_SPOOLS) {
        tlsdiag_spool_t *spool = &spools[(*at)++];
        apr_int32_t owner = atomic_load(&spool->owner);
        if (is_dead(owner) && atomic_compare_exchange_strong(&spool->owner, &owner, (apr_int32_t)getpid())) {
            return spool;
        }
    }
    return NULL;
}

/* Dead, though its parent has not heard of it yet: for a second kill() still finds it. Where there is no /proc it counts as alive. */
static bool has_ended(apr_int32_t pid)
{
    char text[256] = "";

    if (pid == 0 || pid == (apr_int32_t)getpid()) {
        return false;
    }
    apr_snprintf(text, sizeof text, "/proc/%d/stat", pid);
    int file = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0) {
        close(file);
    }
    text[length > 0 ? length : 0] = '\0';
    const char *state = strrchr(text, ')'); /* "pid (name) state ..." */
    return state ? state[1] == ' ' && (state[2] == 'Z' || state[2] == 'X') : is_dead(pid);
}

static bool take_cut(tlsdiag_spool_half_t *half)
{
    apr_uint32_t under_way = 1;

    return atomic_compare_exchange_strong(&half->write, &under_way, 2);
}

tlsdiag_spool_half_t *tlsdiag_spool_cut(apr_uint32_t log, unsigned *at)
{
    for (; spools && *at < TLSDIAG_SPOOLS; (*at)++) {
        tlsdiag_spool_t *spool = &spools[*at];
        for (unsigned i = 0; i < 2 && spool->log == log; i++) {
            tlsdiag_spool_half_t *half = &spool->halves[i];
            if (atomic_load(&half->write) == 1 && has_ended(atomic_load(&spool->owner)) && take_cut(half)) {
                return half;
            }
        }
    }
    return NULL;
}

static apr_uint32_t at_most(apr_uint32_t value, apr_uint32_t limit)
{
    return value < limit ? value : limit;
}

static apr_uint32_t used_of(const tlsdiag_spool_half_t *half)
{
    return at_most((apr_uint32_t)atomic_load(&half->filled), TLSDIAG_SPOOL_BYTES);
}

static apr_uint32_t active_of(const tlsdiag_spool_t *spool)
{
    return atomic_load_explicit(&spool->active, memory_order_relaxed) & 1;
}

/* In this order: a process that dies in between leaves lines that count as done with, not lines that come twice. */
static void empty(tlsdiag_spool_half_t *half)
{
    atomic_store(&half->filled, 0);
    atomic_store(&half->done, 0);
    atomic_store(&half->write, 0);
}

void tlsdiag_spool_release(tlsdiag_spool_t *spool)
{
    for (unsigned i = 0; i < 2; i++) {
        empty(&spool->halves[i]);
        atomic_store(&spool->halves[i].writing, 0);
    }
    atomic_store(&spool->owner, 0);
}

bool tlsdiag_spool_add(tlsdiag_spool_t *spool, const char *line, apr_size_t length)
{
    tlsdiag_spool_half_t *half = &spool->halves[active_of(spool)];
    apr_uint64_t filled = atomic_load_explicit(&half->filled, memory_order_relaxed);
    apr_uint32_t used = at_most((apr_uint32_t)filled, TLSDIAG_SPOOL_BYTES);

    if (length > TLSDIAG_SPOOL_BYTES - used) {
        return false;
    }
    memcpy(half->bytes + used, line, length);
    atomic_store_explicit(&half->filled, ((filled >> 32) + 1) << 32 | (used + (apr_uint32_t)length),
                          memory_order_release);
    return true;
}

tlsdiag_spool_lines_t tlsdiag_spool_lines(const tlsdiag_spool_half_t *half)
{
    apr_uint64_t filled = atomic_load(&half->filled);
    apr_uint32_t used = at_most((apr_uint32_t)filled, TLSDIAG_SPOOL_BYTES);
    apr_uint32_t done = at_most(atomic_load(&half->done), used);
    apr_uint32_t count = done ? 0 : at_most((apr_uint32_t)(filled >> 32), used);

    return (tlsdiag_spool_lines_t){ half->bytes + done, used - done, count };
}

static bool half_waits(const tlsdiag_spool_half_t *half)
{
    return used_of(half) != 0;
}

tlsdiag_spool_half_t *tlsdiag_spool_resting(tlsdiag_spool_t *spool)
{
    return &spool->halves[1 - active_of(spool)];
}

bool tlsdiag_spool_waits(const tlsdiag_spool_t *spool)
{
    return half_waits(&spool->halves[0]) || half_waits(&spool->halves[1]);
}

/* It is empty a moment before its writer has let go of it: a line that came then would go with those that are done with. */
static bool takes_lines(const tlsdiag_spool_half_t *half)
{
    return !half_waits(half) && !atomic_load(&half->writing);
}

tlsdiag_spool_half_t *tlsdiag_spool_turn(tlsdiag_spool_t *spool, apr_size_t at_least)
{
    apr_uint32_t active = active_of(spool);

    if (!takes_lines(&spool->halves[1 - active]) || used_of(&spool->halves[active]) < at_least) {
        return NULL;
    }
    atomic_store(&spool->active, 1 - active);
    return &spool->halves[active];
}

void tlsdiag_spool_done(tlsdiag_spool_half_t *half, apr_size_t bytes)
{
    apr_uint32_t used = used_of(half);
    apr_size_t done = at_most(atomic_load(&half->done), used) + bytes;

    if (done < used) {
        atomic_store(&half->done, (apr_uint32_t)done);
    } else {
        empty(half);
    }
}

void tlsdiag_spool_drain(tlsdiag_spool_half_t *half, tlsdiag_drain_t drain, void *context)
{
    tlsdiag_spool_lines_t lines = tlsdiag_spool_lines(half);

    atomic_store(&half->writing, 1);
    while (lines.length > 0) {
        apr_size_t done = drain(context, half, lines);
        if (!done) {
            break;
        }
        tlsdiag_spool_done(half, done);
        lines = tlsdiag_spool_lines(half);
    }
    atomic_store(&half->writing, 0);
}
