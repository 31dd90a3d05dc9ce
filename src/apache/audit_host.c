/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit_host.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __linux__
#include <sys/timex.h>
#endif

#include "apr_file_io.h"
#include "apr_strings.h"
#include "apr_time.h"
#include "collect/certificate_file.h"
#include "collect/openssl_state.h"

/* The compiler's date, "Nov 21 2026"; reproducible builds set it by SOURCE_DATE_EPOCH. The day it began in UTC. */
static apr_int64_t build_day(void)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char date[] = __DATE__;
    apr_time_exp_t day = { .tm_mday = atoi(date + 4), .tm_year = atoi(date + 7) - 1900 };
    apr_time_t seconds = 0;

    for (int month = 0; month < 12; month++) {
        if (!strncmp(months + 3 * month, date, 3)) {
            day.tm_mon = month;
        }
    }
    return apr_time_exp_gmt_get(&seconds, &day) == APR_SUCCESS ? apr_time_sec(seconds) : 0;
}

static void read_clock(tlsdiag_host_t *host)
{
#ifdef __linux__
    struct timex state = { .modes = 0 };
    int answer = adjtimex(&state);

    host->clock_known = answer >= 0;
    host->clock_synchronised = answer >= 0 && answer != TIME_ERROR && !(state.status & STA_UNSYNC);
#endif
    host->now = apr_time_sec(apr_time_now());
    host->module_built = build_day();
}

/* A zone's file is below zoneinfo unless TZ gives a path; "EST5EDT,M3..." describes the zone itself (tzset(3)). */
static bool zone_exists(const char *zone, apr_pool_t *pool)
{
    apr_finfo_t found;

    if (!*zone || strpbrk(zone, ",<") || !strcmp(zone, "UTC") || !strcmp(zone, "UTC0")) {
        return true;
    }
    const char *path = zone[0] == '/' ? zone : apr_pstrcat(pool, "/usr/share/zoneinfo/", zone, NULL);
    if (apr_stat(&found, path, APR_FINFO_TYPE, pool) == APR_SUCCESS) {
        return true;
    }
    return strpbrk(zone, "0123456789") != NULL && !strchr(zone, '/'); /* "CET-1CEST" */
}

static void read_time_zone(tlsdiag_host_t *host, apr_pool_t *pool)
{
    const char *zone = getenv("TZ");
    apr_time_exp_t local;
    apr_finfo_t found;

    if (zone) {
        zone += *zone == ':';
        host->time_zone = apr_pstrdup(pool, *zone ? zone : "UTC");
        host->time_zone_found = zone_exists(zone, pool);
    } else if (apr_stat(&found, "/etc/localtime", APR_FINFO_LINK | APR_FINFO_TYPE, pool) == APR_SUCCESS) {
        host->time_zone = "/etc/localtime"; /* a link; without one the C library takes UTC, as intended */
        host->time_zone_found = apr_stat(&found, "/etc/localtime", APR_FINFO_TYPE, pool) == APR_SUCCESS;
    }
    if (apr_time_exp_lt(&local, apr_time_now()) == APR_SUCCESS) {
        host->utc_offset_minutes = local.tm_gmtoff / 60;
    }
}

static apr_int32_t read_entropy(apr_pool_t *pool)
{
    char text[16];
    apr_size_t length = sizeof text - 1;
    apr_file_t *file;

    if (apr_file_open(&file, "/proc/sys/kernel/random/entropy_avail", APR_READ, APR_OS_DEFAULT, pool) != APR_SUCCESS) {
        return -1;
    }
    apr_status_t rv = apr_file_read(file, text, &length);
    apr_file_close(file);
    if (rv != APR_SUCCESS) {
        return -1;
    }
    text[length] = '\0';
    return atoi(text);
}

void tlsdiag_host_read(tlsdiag_host_t *host, apr_pool_t *pool)
{
    tlsdiag_openssl_state_t openssl;

    memset(host, 0, sizeof *host);
    read_clock(host);
    read_time_zone(host, pool);
    host->entropy_bits = read_entropy(pool);
    tlsdiag_openssl_state_read(&openssl);
    host->fips = openssl.fips;
    host->random_ready = openssl.random_ready;
    host->openssl_compiled = openssl.compiled;
    host->openssl_running = openssl.running;
    host->openssl_compiled_text = openssl.compiled_text;
    host->openssl_running_text = openssl.running_text;
}

/* APR's permission digits are hexadecimal, chmod's octal. */
static apr_uint16_t mode_of(apr_fileperms_t permissions)
{
    return (apr_uint16_t)((permissions >> 2 & 0700) | (permissions >> 1 & 0070) | (permissions & 0007));
}

static void read_contents(tlsdiag_file_t *file, const char *path)
{
    tlsdiag_certificate_file_t contents;

    file->watched = tlsdiag_certificate_file_read(&contents, path);
    if (!file->watched) {
        return;
    }
    file->has_key = contents.has_key;
    file->has_certificate = contents.has_certificate;
    file->not_before = contents.not_before;
    file->not_after = contents.not_after;
    memcpy(file->sha256, contents.sha256, sizeof file->sha256);
}

void tlsdiag_file_look(tlsdiag_file_t *file, apr_pool_t *pool)
{
    const char *path = ap_server_root_relative(pool, file->path);
    apr_finfo_t found;
    apr_status_t rv = path ? apr_stat(&found, path, APR_FINFO_NORM, pool) : APR_EBADPATH;

    if (APR_STATUS_IS_ENOENT(rv) || APR_STATUS_IS_ENOTDIR(rv)) {
        file->looked_at = file->watched = file->missing = true;
        return;
    }
    file->watched = false;
    if (rv != APR_SUCCESS && rv != APR_INCOMPLETE) {
        return;
    }
    file->looked_at = true;
    file->missing = false;
    file->modified = apr_time_sec(found.mtime);
    file->mode = mode_of(found.protection);
    if (found.filetype == APR_REG) {
        read_contents(file, path);
    }
}
