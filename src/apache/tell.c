/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/tell.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "apr_general.h"
#include "apr_strings.h"
#include "ap_release.h"

#include "apache/config.h"
#include "apache/count.h"
#include "apache/flood_guard.h"
#include "apache/known_text.h"
#include "apache/known_verdict.h"
#include "apache/last_facts.h"
#include "base/spares.h"
#include "diagnose/diagnosis.h"
#include "publish/event.h"
#include "publish/limit.h"
#include "statistics/statistics.h"

enum { SPARE_BYTES = 2 };

enum { PROCESS_DIGITS = 16, RECORD_DIGITS = 8 };

/* What one telling needs, in one allocation and on no stack: OpenSSL's and httpd's frames are below us. */
typedef struct telling {
    tlsdiag_diagnosis_t diagnosis;
    tlsdiag_spans_t spans;
    tlsdiag_client_text_t client_text;
    char experience[TLSDIAG_ADVICE_TEXT];
    char id[TLSDIAG_EVENT_ID_TEXT];
    char text[TLSDIAG_EVENT_BUFFER_BYTES + SPARE_BYTES];
} telling_t;

/* That were used, for the next: seldom are as many threads at it at the same time. */
enum { SPARES = 4 };
static tlsdiag_spare_t spares[SPARES];

/* Of this process; written once, before it has threads. */
static char hostname[APRMAXHOSTLEN + 1];
static char process_tag[PROCESS_DIGITS + 1];
static pid_t process_id; /* asking for it is a system call */
static atomic_uint records_of_process;

static telling_t *take_telling(void)
{
    telling_t *telling = tlsdiag_spare_take(spares, SPARES);

    return telling ? telling : malloc(sizeof *telling);
}

static apr_status_t free_spares(void *unused)
{
    (void)unused;
    tlsdiag_spares_free(spares, SPARES);
    return APR_SUCCESS;
}

void tlsdiag_tell_child_init(apr_pool_t *pool, server_rec *main_server)
{
    tlsdiag_writer_t out = tlsdiag_writer(process_tag, sizeof process_tag);

    (void)main_server;
    if (apr_gethostname(hostname, sizeof hostname, pool) != APR_SUCCESS) {
        hostname[0] = '\0';
    }
    process_id = getpid();
    tlsdiag_write_hex(&out, ((apr_uint64_t)apr_time_now() << 16) ^ (apr_uint64_t)process_id, PROCESS_DIGITS);
    apr_pool_cleanup_register(pool, NULL, free_spares, apr_pool_cleanup_null);
}

/* Unique over processes and restarts: when this process began, who it is, how many records it has told. */
static void make_id(char id[TLSDIAG_EVENT_ID_TEXT])
{
    tlsdiag_writer_t out = tlsdiag_writer(id, TLSDIAG_EVENT_ID_TEXT);

    tlsdiag_write_bytes(&out, process_tag, PROCESS_DIGITS);
    tlsdiag_write_hex(&out, atomic_fetch_add_explicit(&records_of_process, 1, memory_order_relaxed), RECORD_DIGITS);
    (void)tlsdiag_writer_text(&out);
}

static int httpd_level(tlsdiag_level_t level)
{
    return level == TLSDIAG_LEVEL_ERROR ? APLOG_ERR : level == TLSDIAG_LEVEL_WARN ? APLOG_WARNING : APLOG_INFO;
}

/* In the error log of the vhost that was chosen, at that vhost's LogLevel; httpd adds the client's address. */
static void log_error_line(conn_rec *c, server_rec *server, tlsdiag_event_t *event, telling_t *telling)
{
    server_rec *base_server = c->base_server;
    int level = httpd_level(event->diagnosis->level);

    tlsdiag_folded_t folded;

    if (!event->diagnosis->failure && level > APLOG_WARNING) {
        return;
    }
    c->base_server = server;
    if (APLOG_C_IS_LEVEL(c, level) && tlsdiag_flood_guard_admit(event->facts, event->diagnosis, server, &folded)) {
        event->repeats = (tlsdiag_repeats_t){ folded.count, folded.first_us, folded.last_us };
        tlsdiag_writer_t out = tlsdiag_writer(telling->text, sizeof telling->text);
        tlsdiag_event_line_write(
            &out, event, event->facts->proxied_address ? TLSDIAG_LINE_WITH_ADDRESS : TLSDIAG_LINE_WITHOUT_ADDRESS);
        ap_log_cerror(APLOG_MARK, level, 0, c, "%s", tlsdiag_writer_text(&out));
        event->repeats.count = 0;
    }
    c->base_server = base_server;
}

/* Returns the JSON object, which is still in telling->text, and in telling->spans where it may be cut, if it is whole. */
static tlsdiag_writer_t log_json_line(tlsdiag_log_t *log, tlsdiag_event_t *event, telling_t *telling)
{
    tlsdiag_writer_t out = tlsdiag_writer(telling->text, TLSDIAG_EVENT_BUFFER_BYTES);
    apr_size_t limit = tlsdiag_log_line_limit(log);

    event->lost_before = tlsdiag_log_take_lost(log);
    if (limit || !tlsdiag_is_problem(event->diagnosis)) {
        tlsdiag_event_json_write(&out, event, limit);
    } else {
        tlsdiag_event_json_write_whole(&out, event, &telling->spans, TLSDIAG_JSON_BYTES);
    }
    telling->text[out.length] = '\n';
    tlsdiag_log_write(log, telling->text, out.length + 1);
    event->lost_before = 0;
    return out;
}

/* What is kept whole for the status page: the log's words, made short enough. */
static tlsdiag_bytes_t render_to_keep(tlsdiag_event_t *event, telling_t *telling, const tlsdiag_writer_t *logged)
{
    tlsdiag_writer_t out = *logged;
    if (!logged->length) {
        out = tlsdiag_writer(telling->text, TLSDIAG_EVENT_BUFFER_BYTES);
        tlsdiag_event_json_write_whole(&out, event, &telling->spans, TLSDIAG_JSON_BYTES);
    }
    tlsdiag_event_json_cut(&out, &telling->spans, TLSDIAG_JSON_BYTES);
    return tlsdiag_bytes(telling->text, out.length);
}

/* What requests on this connection may ask for. */
static void keep_for_requests(tlsdiag_connection_t *connection, const tlsdiag_facts_t *facts, const telling_t *telling,
                              const char *cause)
{
    if (connection->event_id[0]) {
        return;
    }
    memcpy(connection->event_id, telling->id, sizeof connection->event_id);
    memcpy(connection->ja3, facts->ja3, sizeof connection->ja3);
    memcpy(connection->ja4, facts->ja4, sizeof connection->ja4);
    connection->cause = cause;
    connection->resumed = facts->negotiated.resumed;
}

static const tlsdiag_diagnosis_t *diagnose(const tlsdiag_connection_t *connection, const tlsdiag_recording_t *recording,
                                           apr_uint64_t fingerprint, telling_t *telling,
                                           tlsdiag_known_verdict_t **known)
{
    const tlsdiag_facts_t *facts = &recording->facts;
    const tlsdiag_posture_t *posture = connection->server ? connection->server->posture : NULL;
    const tlsdiag_diagnosis_t *diagnosis;
    tlsdiag_experience_t experience;

    diagnosis =
        tlsdiag_known_verdict_find(known, &telling->diagnosis, recording, posture,
                                   tlsdiag_is_plain_success(facts) ? 0 : tlsdiag_count_revoked_reports(connection));
    telling->experience[0] = '\0';
    if (tlsdiag_diagnosis_wants_experience(diagnosis) &&
        tlsdiag_count_experience(&experience, connection, facts, diagnosis, fingerprint)) {
        tlsdiag_diagnosis_compare(telling->experience, diagnosis, &experience, facts->ja4[0]);
    }
    return diagnosis;
}

/* Put into event what was rendered before of such ones. Returns what has to be given back for it. */
static tlsdiag_known_outcome_t *use_known(tlsdiag_event_t *event, const tlsdiag_recording_t *recording,
                                          telling_t *telling, tlsdiag_known_verdict_t *known)
{
    tlsdiag_known_outcome_t *outcome = tlsdiag_known_text_use(event, recording, &telling->client_text);

    if (known) {
        tlsdiag_known_verdict_use(event, known);
    }
    return outcome;
}

static bool is_logged(const tlsdiag_config_t *config, bool is_failure)
{
    return config->log && (is_failure || !config->log_failures_only);
}

/* The JSON object, made for the log and for the status page where they want it. Returns what is to be kept of it. */
static tlsdiag_bytes_t show(tlsdiag_connection_t *connection, tlsdiag_recording_t *recording, tlsdiag_event_t *event,
                            telling_t *telling, tlsdiag_known_verdict_t *known)
{
    const tlsdiag_config_t *config =
        tlsdiag_config_of(connection->server ? connection->server->server : connection->c->base_server);
    bool goes_to_log = is_logged(config, event->diagnosis->failure);
    bool is_kept = tlsdiag_is_problem(event->diagnosis);
    tlsdiag_writer_t logged = { .length = 0 };

    if (!goes_to_log && !is_kept) {
        return tlsdiag_bytes(NULL, 0);
    }
    tlsdiag_last_facts_identify(connection->c, &recording->facts);
    tlsdiag_known_outcome_t *outcome = use_known(event, recording, telling, known);
    if (goes_to_log) {
        logged = log_json_line(config->log, event, telling);
    }
    tlsdiag_bytes_t kept = is_kept ? render_to_keep(event, telling, &logged) : tlsdiag_bytes(NULL, 0);
    event->outcome = NULL;
    event->mould = NULL;
    tlsdiag_known_outcome_release(outcome);
    return kept;
}

static tlsdiag_bytes_t ja3_string_of(const tlsdiag_recording_t *recording)
{
    const tlsdiag_drawn_t *drawn = &recording->drawn;

    return drawn->ja3_string_length ? tlsdiag_bytes(drawn->ja3_string, drawn->ja3_string_length)
                                    : recording->client->ja3_string;
}

static void tell_with(tlsdiag_connection_t *connection, tlsdiag_recording_t *recording, telling_t *telling)
{
    const tlsdiag_posture_t *posture = connection->server ? connection->server->posture : NULL;
    server_rec *server = connection->server ? connection->server->server : connection->c->base_server;
    const tlsdiag_config_t *config = tlsdiag_config_of(server);

    if (!config->enabled) {
        tlsdiag_count_withdraw(&recording->facts);
        return;
    }
    bool is_counted_only = tlsdiag_is_plain_success(&recording->facts) && !is_logged(config, false);
    tlsdiag_last_facts(connection, &recording->facts, !is_counted_only);
    tlsdiag_known_verdict_t *known;
    apr_uint64_t fingerprint = tlsdiag_count_fingerprint(recording->client, &recording->facts);
    const tlsdiag_diagnosis_t *diagnosis = diagnose(connection, recording, fingerprint, telling, &known);
    make_id(telling->id);
    keep_for_requests(connection, &recording->facts, telling, diagnosis->cause);
    tlsdiag_event_t event = { .facts = &recording->facts,
                              .posture = posture,
                              .diagnosis = diagnosis,
                              .experience = telling->experience,
                              .hello_message = recording->client_hello_message,
                              .id = telling->id,
                              .sequence = tlsdiag_count_sequence(),
                              .hostname = hostname,
                              .service_version = AP_SERVER_BASEREVISION,
                              .process_id = process_id,
                              .mask = tlsdiag_main_config()->mask };
    if (recording->client) {
        event.ja3_string = ja3_string_of(recording);
        event.ja4_r = recording->client->ja4_r;
    }
    log_error_line(connection->c, server, &event, telling);
    tlsdiag_count_event(connection, &event, fingerprint, show(connection, recording, &event, telling, known));
    tlsdiag_known_verdict_release(known);
}

void tlsdiag_tell(tlsdiag_connection_t *connection, tlsdiag_recording_t *recording)
{
    telling_t *telling = take_telling();

    if (!telling) {
        tlsdiag_count_lost(&recording->facts);
        return;
    }
    tell_with(connection, recording, telling);
    tlsdiag_spare_give_back(spares, SPARES, telling);
}
