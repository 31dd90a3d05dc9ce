/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/config.h"

#include "apr_strings.h"

#include "apache/state_file.h"
#include "statistics/shape.h"

const char *tlsdiag_set_records(cmd_parms *command, void *unused, const char *count)
{
    const char *misplaced = ap_check_cmd_context(command, GLOBAL_ONLY);
    char *end;

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    apr_int64_t value = apr_strtoi64(count, &end, 10);
    if (*end || value < 1 || value > TLSDIAG_FAILURES_MOST) {
        return apr_psprintf(command->pool, "TLSDiagRecords: \"%s\" is no number from 1 to %d (each takes 4.3 KiB)",
                            count, TLSDIAG_FAILURES_MOST);
    }
    tlsdiag_config_of(command->server)->records = (apr_uint32_t)value;
    return NULL;
}

/* "8M", "512K", "4194304". Returns 0 when it is none of these. */
static apr_uint64_t size_of(const char *text)
{
    char *end;
    apr_int64_t value = apr_strtoi64(text, &end, 10);
    apr_int64_t unit = 1;

    if (*end) {
        unit = !ap_cstr_casecmp(end, "K") ? 1024 : !ap_cstr_casecmp(end, "M") ? 1024 * 1024 : 0;
    }
    return value > 0 && value <= (APR_INT64_C(1) << 32) ? (apr_uint64_t)(value * unit) : 0;
}

const char *tlsdiag_set_shared_memory(cmd_parms *command, void *unused, const char *size)
{
    const apr_uint64_t least = APR_UINT64_C(1) << 20, most = APR_UINT64_C(1) << 32;
    const char *misplaced = ap_check_cmd_context(command, GLOBAL_ONLY);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    apr_uint64_t bytes = size_of(size);
    if (bytes < least || bytes > most) {
        return apr_psprintf(command->pool, "TLSDiagSharedMemory: \"%s\" is no size from 1M to 4096M", size);
    }
    tlsdiag_config_of(command->server)->shared_bytes = bytes;
    return NULL;
}

#if AP_MODULE_MAGIC_AT_LEAST(20180906, 2)
#define STATE_FILE_PATH(pool, path) ap_state_dir_relative(pool, path)
#else
#define STATE_FILE_PATH(pool, path) ap_server_root_relative(pool, path)
#endif

const char *tlsdiag_set_state_file(cmd_parms *command, void *unused, const char *path)
{
    const char *misplaced = ap_check_cmd_context(command, GLOBAL_ONLY);

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    if (!ap_cstr_casecmp(path, "none")) {
        tlsdiag_config_of(command->server)->state_file = NULL;
        return NULL;
    }
    const char *full = STATE_FILE_PATH(command->pool, path);
    if (!full || !*path) {
        return apr_psprintf(command->pool, "TLSDiagStateFile: \"%s\" is no file name", path);
    }
    const char *mistaken = tlsdiag_state_file_mistaken(full);
    if (mistaken) {
        return apr_psprintf(command->pool, "TLSDiagStateFile: %s %s", full, mistaken);
    }
    tlsdiag_config_of(command->server)->state_file = full;
    return NULL;
}

/* Returns 0 when it is no number of bits from 1 to most. */
static apr_byte_t bits_of(const char *text, apr_int64_t most)
{
    char *end;
    apr_int64_t value = apr_strtoi64(text, &end, 10);

    return *end || value < 1 || value > most ? 0 : (apr_byte_t)value;
}

const char *tlsdiag_set_mask_client(cmd_parms *command, void *unused, const char *ipv4_bits, const char *ipv6_bits)
{
    const char *misplaced = ap_check_cmd_context(command, GLOBAL_ONLY);
    tlsdiag_mask_t mask = { bits_of(ipv4_bits, 32), bits_of(ipv6_bits, 128) };

    (void)unused;
    if (misplaced) {
        return misplaced;
    }
    if (!mask.ipv4_bits || !mask.ipv6_bits) {
        return apr_psprintf(command->pool,
                            "TLSDiagMaskClient: \"%s %s\" is no number of bits from 1 to 32 and one from 1 to 128, "
                            "such as 24 48",
                            ipv4_bits, ipv6_bits);
    }
    tlsdiag_config_of(command->server)->mask = mask;
    return NULL;
}
