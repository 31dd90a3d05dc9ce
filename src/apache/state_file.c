/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apr_file_io.h"
#include "apr_lib.h"
#include "apr_portable.h"
#include "apr_strings.h"

#include "statistics/estimate.h"

enum { LARGEST_MEBIBYTES = 4200 };

/* Stands behind the segment. */
typedef struct trailer {
    apr_uint64_t sum;
} trailer_t;

static apr_uint64_t sum_over(const void *memory, apr_size_t bytes)
{
    return tlsdiag_hash(APR_UINT64_C(0x746c7364696167), memory, bytes);
}

/* A copy first: children go on counting, and the sum must fit what is written. */
static apr_status_t put(apr_file_t *file, const void *memory, apr_size_t bytes, tlsdiag_durability_t durability,
                        apr_pool_t *pool)
{
    void *copy = apr_pmemdup(pool, memory, bytes);
    trailer_t trailer = { sum_over(copy, bytes) };
    apr_status_t rv = apr_file_write_full(file, copy, bytes, NULL);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_file_write_full(file, &trailer, sizeof trailer, NULL);
    return rv == APR_SUCCESS && durability == TLSDIAG_ON_DISK ? apr_file_datasync(file) : rv;
}

static const char *name_of_fresh(const char *path, long pid, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s.%ld.new", path, pid);
}

/* A name that a process which is gone gave to what it was writing. */
static bool is_left_behind(const char *found, const char *path, apr_pool_t *pool)
{
    const char *base = apr_filepath_name_get(path);
    size_t length = strlen(base);
    char *end;

    if (strncmp(found, base, length) != 0 || found[length] != '.') {
        return false;
    }
    long pid = strtol(found + length + 1, &end, 10);
    return pid > 0 && !strcmp(found, apr_filepath_name_get(name_of_fresh(path, pid, pool))) &&
           kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void tlsdiag_state_file_tidy(const char *path, apr_pool_t *pool)
{
    const char *folder = ap_make_dirstr_parent(pool, path);
    apr_dir_t *dir;
    apr_finfo_t entry;

    if (apr_dir_open(&dir, folder, pool) != APR_SUCCESS) {
        return;
    }
    while (apr_dir_read(&entry, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (is_left_behind(entry.name, path, pool)) {
            apr_file_remove(apr_pstrcat(pool, folder, entry.name, NULL), pool);
        }
    }
    apr_dir_close(dir);
}

const char *tlsdiag_state_file_mistaken(const char *path)
{
    struct stat what;

    if (lstat(path, &what) != 0) {
        return NULL;
    }
    return S_ISDIR(what.st_mode)                            ? "is a directory, name a file in it"
           : S_ISCHR(what.st_mode) || S_ISBLK(what.st_mode) ? "is a device, name a file of its own or none"
                                                            : NULL;
}

/* A rename would put a file in the place of whatever has the name: of /dev/null, too. */
static bool may_replace(const char *path)
{
    struct stat what;

    return lstat(path, &what) != 0 || S_ISREG(what.st_mode);
}

apr_status_t tlsdiag_state_file_write(const char *path, const void *memory, apr_size_t bytes,
                                      tlsdiag_durability_t durability, apr_pool_t *pool)
{
    const char *fresh = name_of_fresh(path, (long)getpid(), pool);
    apr_file_t *file;

    if (!may_replace(path)) {
        return APR_EEXIST;
    }
    apr_file_remove(fresh, pool);
    apr_status_t rv =
        apr_file_open(&file, fresh, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_EXCL | APR_FOPEN_BINARY,
                      APR_FPROT_UREAD | APR_FPROT_UWRITE, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = put(file, memory, bytes, durability, pool);
    apr_file_close(file);
    if (rv == APR_SUCCESS) {
        rv = apr_file_rename(fresh, path, pool);
    }
    if (rv != APR_SUCCESS) {
        apr_file_remove(fresh, pool);
    }
    return rv;
}

static apr_status_t take(void **memory, apr_size_t *bytes, apr_file_t *file, apr_pool_t *pool)
{
    apr_finfo_t info;
    trailer_t trailer;
    apr_status_t rv = apr_file_info_get(&info, APR_FINFO_SIZE, file);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (info.size <= (apr_off_t)sizeof trailer || info.size >> 20 > LARGEST_MEBIBYTES) {
        return APR_EGENERAL;
    }
    *bytes = (apr_size_t)info.size - sizeof trailer;
    *memory = apr_palloc(pool, *bytes);
    rv = apr_file_read_full(file, *memory, *bytes, NULL);
    if (rv == APR_SUCCESS) {
        rv = apr_file_read_full(file, &trailer, sizeof trailer, NULL);
    }
    return rv != APR_SUCCESS ? rv : trailer.sum == sum_over(*memory, *bytes) ? APR_SUCCESS : APR_EGENERAL;
}

/* Nothing that is waited for, nothing that points elsewhere: another user may have put it there. */
static apr_status_t open_regular(apr_file_t **file, const char *path, apr_pool_t *pool)
{
    struct stat what;
    apr_os_file_t descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (descriptor < 0) {
        return errno;
    }
    if (fstat(descriptor, &what) != 0 || !S_ISREG(what.st_mode)) {
        close(descriptor);
        return APR_EGENERAL;
    }
    return apr_os_file_put(file, &descriptor, APR_FOPEN_READ | APR_FOPEN_BINARY, pool);
}

apr_status_t tlsdiag_state_file_read(void **memory, apr_size_t *bytes, const char *path, apr_pool_t *pool)
{
    apr_file_t *file = NULL;
    apr_status_t rv = open_regular(&file, path, pool);

    if (rv != APR_SUCCESS) {
        return APR_STATUS_IS_ENOENT(rv) ? APR_ENOENT : rv;
    }
    rv = take(memory, bytes, file, pool);
    apr_file_close(file);
    return rv;
}
