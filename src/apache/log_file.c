/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apache/count.h"
#include "apache/log_search.h"
#include "apache/log_sink.h"
#include "apr_atomic.h"
#include "apr_portable.h"
#include "apr_strings.h"
#include "apr_time.h"

enum { REPORT_EVERY_SECONDS = 60 };

/* Group-readable, as httpd's logs on Debian; never for all. */
static const mode_t log_mode = S_IRUSR | S_IWUSR | S_IRGRP;

const char *tlsdiag_log_check(apr_pool_t *pool, const char *target)
{
    apr_finfo_t found;

    if (target[0] == '|' || !strcmp(target, "none")) {
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

static apr_status_t close_descriptor(void *opaque)
{
    tlsdiag_log_file_t *file = opaque;

    close(file->descriptor);
    file->descriptor = -1;
    return APR_SUCCESS;
}

static apr_status_t open_file(tlsdiag_log_file_t *file, apr_pool_t *pool)
{
    const char *path = ap_server_root_relative(pool, file->target);

    file->descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, log_mode);
    if (file->descriptor < 0) {
        return errno;
    }
    apr_pool_cleanup_register(pool, file, close_descriptor, apr_pool_cleanup_null);
    struct stat what;
    file->is_pipe =
        fstat(file->descriptor, &what) == 0 && S_ISFIFO(what.st_mode); /* a FIFO, or /dev/stdout of a container */
    return APR_SUCCESS;
}

static apr_status_t open_pipe(tlsdiag_log_file_t *file, apr_pool_t *pool)
{
    piped_log *piped = ap_open_piped_log(pool, file->target + 1);
    apr_os_file_t descriptor;

    if (!piped) {
        return APR_EGENERAL;
    }
    apr_os_file_get(&descriptor, ap_piped_log_write_fd(piped));
    file->descriptor = descriptor;
    file->is_pipe = true;
    /* Only the writing end is ours alone; the reader keeps its own flags. */
    return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) < 0 ? errno : APR_SUCCESS;
}

apr_status_t tlsdiag_log_file_open(tlsdiag_log_file_t *file, apr_pool_t *pool)
{
    return file->target[0] == '|' ? open_pipe(file, pool) : open_file(file, pool);
}

/* Told once a minute for each target, whichever process it happens to. A clock that was set back does not silence it. */
static void tell(tlsdiag_log_file_t *file, int reason)
{
    apr_uint32_t now = (apr_uint32_t)apr_time_sec(apr_time_now());
    apr_uint32_t reported_at = apr_atomic_read32(&file->common->reported_at);

    if (now - reported_at < REPORT_EVERY_SECONDS ||
        apr_atomic_cas32(&file->common->reported_at, now, reported_at) != reported_at) {
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_ERR, reason, file->server,
                 "tlsdiag:log.lines_lost TLSDiagLog: cannot write to %s, %u lines are lost so far; handshakes go on",
                 file->target, (unsigned)apr_atomic_read32(&file->common->lost_total));
}

static void lose(tlsdiag_log_file_t *file, apr_uint32_t lines, int reason, tlsdiag_tally_t tally)
{
    if (lines) {
        apr_atomic_add32(&file->common->lost, lines);
        apr_atomic_add32(&file->common->lost_total, lines);
        tlsdiag_count_tally(tally, lines);
        tell(file, reason);
    }
}

apr_uint32_t tlsdiag_log_file_take_lost(tlsdiag_log_file_t *file)
{
    return apr_atomic_read32(&file->common->lost) ? apr_atomic_xchg32(&file->common->lost, 0) : 0;
}

static apr_uint32_t lines_in(const char *bytes, apr_size_t length)
{
    apr_uint32_t lines = 0;

    for (const char *at = bytes; (at = memchr(at, '\n', length - (apr_size_t)(at - bytes))) != NULL; at++) {
        lines++;
    }
    return lines;
}

void tlsdiag_log_file_give_up(tlsdiag_log_file_t *file, const char *bytes, apr_size_t length)
{
    lose(file, lines_in(bytes, length), EAGAIN, TLSDIAG_TALLY_log_lines_pipe_full);
}

void tlsdiag_log_file_was_removed(const char *bytes, apr_size_t length)
{
    tlsdiag_count_tally(TLSDIAG_TALLY_log_lines_of_removed_log, lines_in(bytes, length));
}

static ssize_t write_once(int descriptor, const char *bytes, apr_size_t length)
{
    ssize_t written;

    do {
        written = write(descriptor, bytes, length);
    } while (written < 0 && errno == EINTR);
    return written;
}

/* After a write that was cut off (a full disk) the rest of that line is lost: only that one, whoever writes next. */
static void mend(tlsdiag_log_file_t *file)
{
    if (apr_atomic_read32(&file->common->torn) && apr_atomic_xchg32(&file->common->torn, 0) &&
        write_once(file->descriptor, "\n", 1) != 1) {
        apr_atomic_set32(&file->common->torn, 1);
    }
}

/* As many whole lines as fit into limit bytes; the first one always, it is no longer than that. */
static apr_size_t whole_lines(const char *bytes, apr_size_t length, apr_size_t limit)
{
    apr_size_t end = length;

    if (!limit || length <= limit) {
        return length;
    }
    for (end = limit; end > 0 && bytes[end - 1] != '\n'; end--) {
        continue;
    }
    return end ? end : length;
}

/* Into a pipe no more at once than it takes whole or not at all. */
static apr_size_t one_write(const tlsdiag_log_file_t *file, const char *bytes, apr_size_t length)
{
    return whole_lines(bytes, length, file->is_pipe ? TLSDIAG_PIPE_LINE_BYTES : 0);
}

/* Where the line that byte `at` is in ends. */
static apr_size_t end_of_line(const char *bytes, apr_size_t length, apr_size_t at)
{
    const char *end = at ? memchr(bytes + at - 1, '\n', length - at + 1) : bytes;

    return end ? (apr_size_t)(end - bytes) + (at ? 1 : 0) : length;
}

/* Of a pipe nobody reads it is EPIPE: httpd ended the reader for a restart before its old children were done. The lines can wait for
 * the next one, which the parent has. */
apr_size_t tlsdiag_log_file_put(tlsdiag_log_file_t *file, const char *bytes, apr_size_t available, apr_uint32_t count)
{
    apr_size_t length = one_write(file, bytes, available);

    mend(file);
    ssize_t written = write_once(file->descriptor, bytes, length);
    if (written == (ssize_t)length) {
        tlsdiag_count_tally(TLSDIAG_TALLY_log_lines_written,
                            count && length == available ? count : lines_in(bytes, length));
        return length;
    }
    if (written < 0) {
        int reason = errno;
        if (reason == EAGAIN || (file->is_pipe && reason == EPIPE)) {
            return 0;
        }
        lose(file, lines_in(bytes, length), reason, TLSDIAG_TALLY_log_lines_io_error);
        return length;
    }
    tlsdiag_count_tally(TLSDIAG_TALLY_log_lines_written, lines_in(bytes, (apr_size_t)written));
    apr_size_t lost_to = end_of_line(bytes, length, (apr_size_t)written);
    if (lost_to != (apr_size_t)written) {
        apr_atomic_set32(&file->common->torn, 1);
        lose(file, 1, ENOSPC, TLSDIAG_TALLY_log_lines_short_write);
        mend(file);
    }
    return lost_to;
}

apr_off_t tlsdiag_log_file_size(const tlsdiag_log_file_t *file)
{
    struct stat what;

    return !file->is_pipe && fstat(file->descriptor, &what) == 0 ? what.st_size : 0;
}

void tlsdiag_log_file_cut(tlsdiag_log_file_t *file, apr_off_t size, apr_size_t length)
{
    apr_off_t grown = tlsdiag_log_file_size(file) - size;

    if (!file->is_pipe && grown > 0 && grown != (apr_off_t)length) {
        apr_atomic_set32(&file->common->torn, 1);
    }
}

/* The write that was under way went out whole or not at all, and there is no way to ask which. */
static apr_size_t resume_pipe(tlsdiag_log_file_t *file, const char *bytes, apr_size_t length)
{
    apr_size_t done = one_write(file, bytes, length);

    lose(file, lines_in(bytes, done), EPIPE, TLSDIAG_TALLY_log_lines_killed);
    return done;
}

apr_size_t tlsdiag_log_file_resume(tlsdiag_log_file_t *file, apr_off_t size, const char *bytes, apr_size_t length)
{
    tlsdiag_log_found_t found;

    if (file->is_pipe) {
        return resume_pipe(file, bytes, length);
    }
    tlsdiag_log_search(&found, file->descriptor, size, bytes, length);
    apr_atomic_set32(&file->common->torn, found.torn);
    tlsdiag_count_tally(TLSDIAG_TALLY_log_lines_written, lines_in(bytes, found.bytes));
    return found.bytes;
}
