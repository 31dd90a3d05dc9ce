/* SPDX-License-Identifier: Apache-2.0 */
/**
 * flood_guard.h knows how statistics/flood.h is put between the records and httpd's error log: where its memory is, and
 * when what was folded gets its own line. It refuses to know the lines themselves.
 */
#ifndef TLSDIAG_APACHE_FLOOD_GUARD_H
#define TLSDIAG_APACHE_FLOOD_GUARD_H

#include "apache/module.h"
#include "diagnose/diagnosis.h"
#include "facts.h"
#include "statistics/flood.h"

/** Make the shared memory, or find that of the generation before. For post_config. Without it every line is told. */
apr_status_t tlsdiag_flood_guard_open(apr_pool_t *pconf, server_rec *main_server);

/** Whether the record's line is to be written now; folded is what was folded under its label before. */
bool tlsdiag_flood_guard_admit(const tlsdiag_facts_t *facts, const tlsdiag_diagnosis_t *diagnosis,
                               const server_rec *server, tlsdiag_folded_t *folded);

/** monitor hook, in the parent every few seconds: tells what was folded and left out. */
int tlsdiag_flood_guard_monitor(apr_pool_t *pool, server_rec *main_server);

#endif
