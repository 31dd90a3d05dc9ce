/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/names.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const stages[] = {
    [TLSDIAG_CONNECTED] = "connected",
    [TLSDIAG_BYTES_RECEIVED] = "bytes_received",
    [TLSDIAG_CLIENT_HELLO] = "client_hello",
    [TLSDIAG_HELLO_RETRY_REQUEST] = "hello_retry_request",
    [TLSDIAG_SERVER_FLIGHT_SENT] = "server_flight_sent",
    [TLSDIAG_CLIENT_FLIGHT] = "client_flight",
    [TLSDIAG_FINISHED] = "finished",
};

static const char *const ends[] = {
    [TLSDIAG_ENDED_FINISHED] = "finished",
    [TLSDIAG_ENDED_ALERT_SENT] = "alert_sent",
    [TLSDIAG_ENDED_ALERT_RECEIVED] = "alert_received",
    [TLSDIAG_ENDED_CLOSED] = "closed",
    [TLSDIAG_ENDED_RESET] = "reset",
    [TLSDIAG_ENDED_TIMEOUT] = "timeout",
    [TLSDIAG_ENDED_SERVER_STOP] = "server_stop",
    [TLSDIAG_ENDED_ERROR] = "error",
};

typedef struct version_row {
    uint16_t version;
    const char *number, *protocol;
} version_row_t;

static const version_row_t versions[] = {
    { 0x0304, "1.3", "tls" }, { 0x0303, "1.2", "tls" }, { 0x0302, "1.1", "tls" },
    { 0x0301, "1.0", "tls" }, { 0x0300, "3.0", "ssl" }, { 0x0002, "2.0", "ssl" },
};

const char *tlsdiag_stage_name(tlsdiag_stage_t stage)
{
    return (unsigned)stage < COUNT(stages) ? stages[stage] : NULL;
}

const char *tlsdiag_ended_by_name(tlsdiag_ended_by_t ended_by)
{
    return (unsigned)ended_by < COUNT(ends) ? ends[ended_by] : NULL;
}

const char *tlsdiag_outcome_name(const tlsdiag_diagnosis_t *diagnosis)
{
    return diagnosis->unknown ? "unknown" : diagnosis->failure ? "failure" : "success";
}

const char *tlsdiag_resumption_name(const tlsdiag_negotiated_t *negotiated)
{
    if (!negotiated->resumed) {
        return NULL;
    }
    return negotiated->version == 0x0304 ? "psk" : negotiated->resumed_by_session_id ? "session_id" : "ticket";
}

static const version_row_t *find_version(uint16_t version)
{
    for (size_t i = 0; i < COUNT(versions); i++) {
        if (versions[i].version == version) {
            return &versions[i];
        }
    }
    return NULL;
}

const char *tlsdiag_version_number(uint16_t version)
{
    const version_row_t *row = find_version(version);
    return row ? row->number : NULL;
}

const char *tlsdiag_version_protocol(uint16_t version)
{
    const version_row_t *row = find_version(version);
    return row ? row->protocol : NULL;
}
