/* SPDX-License-Identifier: Apache-2.0 */
/**
 * config.h knows what the directives say, for the main server and for each vhost, and how a vhost inherits.
 * It refuses to act on it: log_sink.c opens the log, connection.c observes.
 */
#ifndef TLSDIAG_APACHE_CONFIG_H
#define TLSDIAG_APACHE_CONFIG_H

#include "apache/log_sink.h"
#include "apache/module.h"
#include "publish/mask.h"

enum { TLSDIAG_UNSET = -1 };

/** One server's settings. Lives in the configuration's pool. */
typedef struct tlsdiag_config {
    int enabled;            /**< TLSDiag On|Off; UNSET: inherit, On at the top */
    int env;                /**< TLSDiagEnv On|Off; UNSET: inherit, Off at the top */
    const char *log_target; /**< TLSDiagLog: file, "|command"; "none" or "off": no log here; NULL: inherit */
    int log_failures_only;  /**< TLSDiagLog's second argument */
    tlsdiag_log_t *log;     /**< opened by tlsdiag_logs_open(); NULL: none */
    int audit;         /**< TLSDiagAudit: TLSDIAG_AUDIT_OFF, or the least severity that is logged; UNSET: inherit */
    int audit_seconds; /**< TLSDiagAuditInterval, of the main server; UNSET: 3600 */
    int simulate;      /**< TLSDiagSimulate On|Off, of the main server; UNSET: On */
    apr_array_header_t *audit_ignored; /**< TLSDiagAuditIgnore, of tlsdiag_ignored_t; NULL: none here */
    apr_uint32_t records;              /**< TLSDiagRecords, of the main server; 0: default */
    apr_uint64_t shared_bytes;         /**< TLSDiagSharedMemory, of the main server; 0: default */
    const char *state_file;            /**< TLSDiagStateFile, of the main server; NULL: none */
    int status_public;                 /**< TLSDiagStatusPublic On|Off; UNSET: inherit, Off at the top */
    int status_block;                  /**< TLSDiagServerStatus On|Off, of the main server; UNSET: On */
    tlsdiag_mask_t mask;               /**< TLSDiagMaskClient, of the main server */
} tlsdiag_config_t;

/** `audit` below the severities of audit/findings.h. */
enum { TLSDIAG_AUDIT_OFF = -2 };

/** One finding nobody wants to hear of again. */
typedef struct tlsdiag_ignored {
    const char *id;     /**< of the check */
    const char *reason; /**< in the administrator's words */
} tlsdiag_ignored_t;

void *tlsdiag_config_create(apr_pool_t *pool, server_rec *server);
void *tlsdiag_config_merge(apr_pool_t *pool, void *base, void *vhost);

/** The settings of server, inheritance done. */
tlsdiag_config_t *tlsdiag_config_of(const server_rec *server);

/** The settings that are made once for all servers. */
tlsdiag_config_t *tlsdiag_main_config(void);

/** Setters of the directives about shared memory and the status page (config_status.c). */
const char *tlsdiag_set_records(cmd_parms *command, void *unused, const char *count);
const char *tlsdiag_set_shared_memory(cmd_parms *command, void *unused, const char *size);
const char *tlsdiag_set_state_file(cmd_parms *command, void *unused, const char *path);
const char *tlsdiag_set_mask_client(cmd_parms *command, void *unused, const char *ipv4_bits, const char *ipv6_bits);

/** The directive table of the module record. */
extern const command_rec tlsdiag_directives[];

#endif
