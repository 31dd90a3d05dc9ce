/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apache/config.h"
#include "apr_atomic.h"
#include "apr_hash.h"
#include "apr_portable.h"
#include "apr_strings.h"
#include "apr_time.h"

struct tlsdiag_log {
    const char *target;        /* as configured */
    int descriptor;
    int is_pipe;
    apr_uint32_t lost;         /* lines lost since the last whole one */
    apr_uint32_t lost_total;
    apr_uint32_t reported_at;  /* second at which a loss was last told */
    apr_uint32_t torn;         /* the last write was cut off: the next line starts on a new one */
};

enum { REPORT_EVERY_SECONDS = 60 };

/* Group-readable, as httpd's logs on Debian; never for all. */
static const mode_t log_mode = S_IRUSR | S_IWUSR | S_IRGRP;

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

static apr_status_t close_descriptor(void *opaque)
{
    tlsdiag_log_t *log = opaque;

    close(log->descriptor);
    log->descriptor = -1;
    return APR_SUCCESS;
}

static apr_status_t open_file(tlsdiag_log_t *log, apr_pool_t *pool)
{
    const char *path = ap_server_root_relative(pool, log->target);

    log->descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, log_mode);
    if (log->descriptor < 0) {
        return errno;
    }
    apr_pool_cleanup_register(pool, log, close_descriptor, apr_pool_cleanup_null);
    struct stat what;
    log->is_pipe = fstat(log->descriptor, &what) == 0 && S_ISFIFO(what.st_mode); /* a FIFO, or /dev/stdout of a container */
    return APR_SUCCESS;
}

static apr_status_t open_pipe(tlsdiag_log_t *log, apr_pool_t *pool)
{
    piped_log *piped = ap_open_piped_log(pool, log->target + 1);
    apr_os_file_t descriptor;

    if (!piped) {
        return APR_EGENERAL;
    }
    apr_os_file_get(&descriptor, ap_piped_log_write_fd(piped));
    log->descriptor = descriptor;
    log->is_pipe = 1;
    /* Only the writing end is ours alone; the reader keeps its own flags. */
    return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) < 0 ? errno : APR_SUCCESS;
}

static apr_status_t open_log(tlsdiag_log_t **opened, const char *target, apr_pool_t *pool)
{
    tlsdiag_log_t *log = apr_pcalloc(pool, sizeof *log);

    log->target = target;
    *opened = log;
    return target[0] == '|' ? open_pipe(log, pool) : open_file(log, pool);
}

apr_status_t tlsdiag_logs_open(apr_pool_t *pool, server_rec *main_server)
{
    apr_hash_t *open_logs = apr_hash_make(pool);

    for (server_rec *server = main_server; server; server = server->next) {
        tlsdiag_config_t *config = tlsdiag_config_of(server);
        if (!config->log_target || is_off(config->log_target)) {
            continue;
        }
        config->log = apr_hash_get(open_logs, config->log_target, APR_HASH_KEY_STRING);
        if (config->log) {
            continue;
        }
        apr_status_t rv = open_log(&config->log, config->log_target, pool);
        if (rv != APR_SUCCESS) {
            ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_CRIT, rv, server,
                         "tlsdiag:log.cannot_open TLSDiagLog: cannot open %s", config->log_target);
            return rv;
        }
        apr_hash_set(open_logs, config->log_target, APR_HASH_KEY_STRING, config->log);
    }
    return APR_SUCCESS;
}

apr_size_t tlsdiag_log_line_limit(const tlsdiag_log_t *log)
{
    return log->is_pipe ? TLSDIAG_PIPE_LINE_BYTES : 0;
}

apr_uint32_t tlsdiag_log_lost(const tlsdiag_log_t *log)
{
    return apr_atomic_read32((volatile apr_uint32_t *)&log->lost);
}

static void note_loss(tlsdiag_log_t *log, int reason, server_rec *server)
{
    apr_uint32_t now = (apr_uint32_t)apr_time_sec(apr_time_now());
    apr_uint32_t reported_at = apr_atomic_read32(&log->reported_at);

    apr_atomic_inc32(&log->lost);
    apr_atomic_inc32(&log->lost_total);
    if (now - reported_at < REPORT_EVERY_SECONDS || apr_atomic_cas32(&log->reported_at, now, reported_at) != reported_at) {
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_ERR, reason, server,
                 "tlsdiag:log.lines_lost TLSDiagLog: cannot write to %s, %u lines of this process are lost so far; "
                 "handshakes go on", log->target, (unsigned)apr_atomic_read32(&log->lost_total));
}

static ssize_t write_once(int descriptor, const char *bytes, apr_size_t length)
{
    ssize_t written;

    do {
        written = write(descriptor, bytes, length);
    } while (written < 0 && errno == EINTR);
    return written;
}

/* After a write that was cut off (a full disk) the rest of that line is lost: only that one. */
static void mend(tlsdiag_log_t *log)
{
    if (apr_atomic_read32(&log->torn) && write_once(log->descriptor, "\n", 1) == 1) {
        apr_atomic_set32(&log->torn, 0);
    }
}

void tlsdiag_log_write(tlsdiag_log_t *log, const char *line, apr_size_t length, server_rec *server)
{
    mend(log);
    ssize_t written = write_once(log->descriptor, line, length);
    if (written == (ssize_t)length) {
        apr_atomic_set32(&log->lost, 0);
        return;
    }
    int reason = written < 0 ? errno : ENOSPC;
    if (written > 0) {
        apr_atomic_set32(&log->torn, 1);
        mend(log);
    }
    note_loss(log, reason, server);
}
