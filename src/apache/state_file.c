/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/state_file.h"

#include <unistd.h>

#include "apr_file_io.h"
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
static apr_status_t put(apr_file_t *file, const void *memory, apr_size_t bytes, apr_pool_t *pool)
{
    void *copy = apr_pmemdup(pool, memory, bytes);
    trailer_t trailer = { sum_over(copy, bytes) };
    apr_status_t rv = apr_file_write_full(file, copy, bytes, NULL);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_file_write_full(file, &trailer, sizeof trailer, NULL);
    return rv == APR_SUCCESS ? apr_file_datasync(file) : rv;
}

apr_status_t tlsdiag_state_file_write(const char *path, const void *memory, apr_size_t bytes, apr_pool_t *pool)
{
    const char *fresh = apr_psprintf(pool, "%s.%ld.new", path, (long)getpid());
    apr_file_t *file;

    apr_file_remove(fresh, pool);
    apr_status_t rv =
        apr_file_open(&file, fresh, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_EXCL | APR_FOPEN_BINARY,
                      APR_FPROT_UREAD | APR_FPROT_UWRITE, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = put(file, memory, bytes, pool);
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

apr_status_t tlsdiag_state_file_read(void **memory, apr_size_t *bytes, const char *path, apr_pool_t *pool)
{
    apr_file_t *file;
    apr_status_t rv = apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY, APR_FPROT_OS_DEFAULT, pool);

    if (rv != APR_SUCCESS) {
        return APR_STATUS_IS_ENOENT(rv) ? APR_ENOENT : rv;
    }
    rv = take(memory, bytes, file, pool);
    apr_file_close(file);
    return rv;
}
