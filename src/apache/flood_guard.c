/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/flood_guard.h"

#include "apache/count.h"

#include "apr_shm.h"
#include "apr_strings.h"
#include "base/writer.h"

static const char userdata_key[] = "tlsdiag_flood_segment";

/* Set in the parent before it makes children; inherited by them. */
static tlsdiag_flood_t *flood;

static void write_time(char text[32], int64_t us)
{
    tlsdiag_writer_t out = tlsdiag_writer(text, 32);

    tlsdiag_write_rfc3339(&out, us);
    (void)tlsdiag_writer_text(&out);
}

static void tell_folded(void *context, const tlsdiag_folded_t *folded)
{
    char first[32], last[32];

    write_time(first, folded->first_us);
    write_time(last, folded->last_us);
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, context,
                 "tlsdiag:%s: %" APR_UINT64_T_FMT " more of the same from %s to %s", folded->label,
                 (apr_uint64_t)folded->count, first, last);
}

static void sweep(server_rec *main_server, bool everything)
{
    uint64_t left_out = tlsdiag_flood_sweep(flood, apr_time_now(), everything, tell_folded, main_server);

    if (left_out) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
                     "tlsdiag:log.left_out %" APR_UINT64_T_FMT " lines on failed handshakes were left out of this log, "
                     "which gets at most %d of them a second; TLSDiagLog and the counters have them all",
                     (apr_uint64_t)left_out, TLSDIAG_FLOOD_LINES_A_SECOND);
    }
}

static apr_status_t tell_the_rest(void *main_server)
{
    sweep(main_server, true);
    return APR_SUCCESS;
}

apr_status_t tlsdiag_flood_guard_open(apr_pool_t *pconf, server_rec *main_server)
{
    apr_pool_t *process_pool = main_server->process->pool;
    void *kept = NULL;

    apr_pool_userdata_get(&kept, userdata_key, process_pool);
    apr_shm_t *segment = kept;
    if (!segment || apr_shm_size_get(segment) != sizeof *flood) {
        apr_status_t rv = apr_shm_create(&segment, sizeof *flood, NULL, process_pool);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        memset(apr_shm_baseaddr_get(segment), 0, sizeof *flood);
        apr_pool_userdata_set(segment, apr_pstrdup(process_pool, userdata_key), apr_pool_cleanup_null, process_pool);
    }
    flood = apr_shm_baseaddr_get(segment);
    apr_pool_cleanup_register(pconf, main_server, tell_the_rest, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

/* A name of any length: what of it leaves no room for the port is cut. */
static void write_label(char label[TLSDIAG_FLOOD_LABEL], const tlsdiag_facts_t *facts,
                        const tlsdiag_diagnosis_t *diagnosis, const server_rec *server)
{
    tlsdiag_writer_t out = tlsdiag_writer(label, TLSDIAG_FLOOD_LABEL);
    const char *name = server->server_hostname ? server->server_hostname : "";

    tlsdiag_write(&out, diagnosis->cause);
    tlsdiag_write_literal(&out, " client ");
    tlsdiag_write(&out, facts->client_address);
    tlsdiag_write_literal(&out, ", vhost ");
    apr_size_t length = strlen(name), room = out.capacity - out.length - sizeof ":65535";
    tlsdiag_write_bytes(&out, name, length < room ? length : room);
    tlsdiag_write_literal(&out, ":");
    tlsdiag_write_u64(&out, facts->local_port);
    (void)tlsdiag_writer_text(&out);
}

bool tlsdiag_flood_guard_admit(const tlsdiag_facts_t *facts, const tlsdiag_diagnosis_t *diagnosis,
                               const server_rec *server, tlsdiag_folded_t *folded)
{
    tlsdiag_flood_verdict_t verdict;
    char label[TLSDIAG_FLOOD_LABEL];

    folded->count = 0;
    if (!flood) {
        return true;
    }
    write_label(label, facts, diagnosis, server);
    tlsdiag_flood_ask(flood, label, facts->ended_us, &verdict);
    if (!verdict.tell) {
        tlsdiag_count_tally(TLSDIAG_TALLY_error_lines_held_back, 1);
        return false;
    }
    *folded = verdict.folded;
    return true;
}

int tlsdiag_flood_guard_monitor(apr_pool_t *pool, server_rec *main_server)
{
    (void)pool;
    if (flood) {
        sweep(main_server, false);
    }
    return OK;
}
