/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_spool.h knows how lines wait in shared memory until many of them go out in one write: a write(2) for each
 * handshake would cost more than all else that is done for it (performance.md: 8 to 11 us of a 50 us refusal).
 * It refuses to know where they go: who owns a spool drains it through a function.
 *
 * A spool belongs to one process and one log. It has two halves: lines are added to one while the other is written out,
 * so no lock is held across I/O. Being shared memory, what a killed child had in it can still be drained by others; what
 * it was just writing is marked, so that nobody writes it twice. And being shared memory, a process that runs as the
 * httpd user can write anything into it: no number in it is used without a bounds check.
 */
#ifndef TLSDIAG_APACHE_LOG_SPOOL_H
#define TLSDIAG_APACHE_LOG_SPOOL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "apache/module.h"

enum { TLSDIAG_SPOOLS = 128, TLSDIAG_SPOOL_BYTES = 65536 };

typedef struct tlsdiag_spool_half {
    _Atomic apr_uint64_t filled;  /**< lines << 32 | their bytes, in one store after they are in */
    _Atomic apr_uint32_t done;    /**< of the bytes, those that are done with */
    _Atomic apr_uint32_t writing; /**< its owner is writing it out: it is not turned to, empty or not */
    _Atomic apr_uint32_t
        write; /**< of the log's file: 0 none, 1 under way, 2 its process died in it and somebody saw */
    _Atomic apr_int64_t log_size; /**< of the log's file, before the write that is under way */
    char bytes[TLSDIAG_SPOOL_BYTES];
} tlsdiag_spool_half_t;

typedef struct tlsdiag_spool {
    _Atomic apr_int32_t owner;   /**< process id; 0: free */
    apr_uint32_t log;            /**< which log, by tlsdiag_spool_log_key() */
    _Atomic apr_uint32_t active; /**< the half that lines are added to */
    tlsdiag_spool_half_t halves[2];
} tlsdiag_spool_t;

/** Lines of a half that are not done with yet; empty: there are none. */
typedef struct tlsdiag_spool_lines {
    const char *bytes;
    apr_size_t length;
    apr_uint32_t count; /**< how many lines; 0: not known, some of the half are done with */
} tlsdiag_spool_lines_t;

/** Writes some of these lines; returns how many of their bytes are done with: written or given up. 0: no more now. */
typedef apr_size_t (*tlsdiag_drain_t)(void *context, tlsdiag_spool_half_t *half, tlsdiag_spool_lines_t lines);

/** Make the shared memory, or find that of the generation before. In the parent. Without it there are no spools. */
apr_status_t tlsdiag_spools_open(server_rec *main_server);

apr_uint32_t tlsdiag_spool_log_key(const char *target);

/** A spool for this process and that log; NULL: none is free, write directly. */
tlsdiag_spool_t *tlsdiag_spool_claim(apr_uint32_t log);
/** The next spool from *at on (0 at first) whose owner is dead, whatever its log; it is now ours to drain and release. NULL: none. */
tlsdiag_spool_t *tlsdiag_spool_inherit(unsigned *at);
void tlsdiag_spool_release(tlsdiag_spool_t *spool);

/** The next half from spool *at on (0 at first) that was being written to that log when its owner died; given out once. NULL: none. */
tlsdiag_spool_half_t *tlsdiag_spool_cut(apr_uint32_t log, unsigned *at);

/** Add one line. To be called with the log's own lock held. Returns false when the active half has no room. */
bool tlsdiag_spool_add(tlsdiag_spool_t *spool, const char *line, apr_size_t length);

/**
 * Turn to the other half, so that the active one can be drained without the lock. With the log's own lock held.
 *
 * Returns  the half to drain; NULL: the other half still has lines or its writer, or not at_least so many bytes are to drain.
 */
tlsdiag_spool_half_t *tlsdiag_spool_turn(tlsdiag_spool_t *spool, apr_size_t at_least);

/** Write a half out. Without the lock; by one thread at a time. What drain does not take stays. */
void tlsdiag_spool_drain(tlsdiag_spool_half_t *half, tlsdiag_drain_t drain, void *context);

tlsdiag_spool_lines_t tlsdiag_spool_lines(const tlsdiag_spool_half_t *half);

/** These bytes, the first of the half's lines, are done with. */
void tlsdiag_spool_done(tlsdiag_spool_half_t *half, apr_size_t bytes);

/** The half that lines are not added to. */
tlsdiag_spool_half_t *tlsdiag_spool_resting(tlsdiag_spool_t *spool);

/** Whether any line waits. */
bool tlsdiag_spool_waits(const tlsdiag_spool_t *spool);

#endif
