/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_orphans.h"

#include "apr_atomic.h"

/* Does a write that its process was killed in lie before the next one? Else this is a look at one number. */
void tlsdiag_log_look_for_cut(tlsdiag_log_file_t *file)
{
    tlsdiag_spool_half_t *half;
    unsigned at = 0;

    while (apr_atomic_read32(&file->common->writes) > 0 && (half = tlsdiag_spool_cut(file->key, &at)) != NULL) {
        tlsdiag_log_file_cut(file, atomic_load(&half->log_size), tlsdiag_spool_lines(half).length);
        apr_atomic_dec32(&file->common->writes);
    }
}

apr_size_t tlsdiag_log_drain(void *context, tlsdiag_spool_half_t *half, tlsdiag_spool_lines_t lines)
{
    tlsdiag_log_file_t *file = context;

    tlsdiag_log_look_for_cut(file);
    atomic_store(&half->log_size, tlsdiag_log_file_size(file));
    apr_atomic_inc32(&file->common->writes);
    atomic_store(&half->write, 1);
    apr_size_t done = tlsdiag_log_file_put(file, lines.bytes, lines.length, lines.count);
    atomic_store(&half->write, 0);
    apr_atomic_dec32(&file->common->writes);
    return done;
}

/* What a dead process had in it: first find out about the write it was in, then write the rest. There is no later try. */
static void drain_orphan(tlsdiag_log_file_t *file, tlsdiag_spool_half_t *half)
{
    tlsdiag_spool_lines_t lines = tlsdiag_spool_lines(half);

    if (lines.length > 0 && atomic_load(&half->writing)) {
        tlsdiag_spool_done(half,
                           tlsdiag_log_file_resume(file, atomic_load(&half->log_size), lines.bytes, lines.length));
    }
    tlsdiag_spool_drain(half, tlsdiag_log_drain, file);
    lines = tlsdiag_spool_lines(half);
    tlsdiag_log_file_give_up(file, lines.bytes, lines.length);
}

void tlsdiag_log_recover(tlsdiag_log_file_t *file, tlsdiag_spool_t *orphan)
{
    tlsdiag_spool_half_t *older = tlsdiag_spool_resting(orphan);

    drain_orphan(file, older);
    drain_orphan(file, older == &orphan->halves[0] ? &orphan->halves[1] : &orphan->halves[0]);
    tlsdiag_spool_release(orphan);
}

void tlsdiag_log_give_up_orphan(tlsdiag_spool_t *orphan)
{
    for (unsigned i = 0; i < 2; i++) {
        tlsdiag_spool_lines_t lines = tlsdiag_spool_lines(&orphan->halves[i]);
        tlsdiag_log_file_was_removed(lines.bytes, lines.length);
    }
    tlsdiag_spool_release(orphan);
}
