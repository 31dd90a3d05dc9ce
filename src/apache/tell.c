/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/tell.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "apr_general.h"
#include "apr_strings.h"
#include "ap_release.h"

#include "apache/config.h"
#include "apache/flood_guard.h"
#include "apache/known_text.h"
#include "apache/last_facts.h"
#include "apache/shared.h"
#include "diagnose/diagnosis.h"
#include "publish/event.h"

enum { SPARE_BYTES = 2 };

/* What one telling needs, in one allocation and on no stack: OpenSSL's and httpd's frames are below us. */
typedef struct telling {
    tlsdiag_diagnosis_t diagnosis;
    char id[TLSDIAG_EVENT_ID_TEXT];
    char text[TLSDIAG_EVENT_BUFFER_BYTES + SPARE_BYTES];
} telling_t;

/* Of this process; written once, before it has threads. */
static char hostname[APRMAXHOSTLEN + 1];
static apr_uint64_t process_tag;
static atomic_uint records_of_process;

void tlsdiag_tell_child_init(apr_pool_t *pool, server_rec *main_server)
{
    (void)main_server;
    if (apr_gethostname(hostname, sizeof hostname, pool) != APR_SUCCESS) {
        hostname[0] = '\0';
    }
    process_tag = ((apr_uint64_t)apr_time_now() << 16) ^ (apr_uint64_t)getpid();
}

/* Unique over processes and restarts: when this process began, who it is, how many records it has told. */
static void make_id(char id[TLSDIAG_EVENT_ID_TEXT])
{
    tlsdiag_writer_t out = tlsdiag_writer(id, TLSDIAG_EVENT_ID_TEXT);

    tlsdiag_write_hex(&out, process_tag, 16);
    tlsdiag_write_hex(&out, atomic_fetch_add_explicit(&records_of_process, 1, memory_order_relaxed), 8);
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

static void log_json_line(tlsdiag_log_t *log, tlsdiag_event_t *event, telling_t *telling)
{
    tlsdiag_writer_t out = tlsdiag_writer(telling->text, TLSDIAG_EVENT_BUFFER_BYTES);

    event->lost_before = tlsdiag_log_take_lost(log);
    tlsdiag_event_json_write(&out, event, tlsdiag_log_line_limit(log));
    telling->text[out.length] = '\n';
    tlsdiag_log_write(log, telling->text, out.length + 1);
    event->lost_before = 0;
}

static void remember(tlsdiag_event_t *event, telling_t *telling)
{
    tlsdiag_writer_t out = tlsdiag_writer(telling->text, TLSDIAG_EVENT_BUFFER_BYTES);

    tlsdiag_event_json_write(&out, event, TLSDIAG_RECENT_BYTES);
    tlsdiag_shared_remember(telling->text, out.length);
}

/* What requests on this connection may ask for. */
static void keep_for_requests(tlsdiag_connection_t *connection, const tlsdiag_facts_t *facts, const telling_t *telling)
{
    if (connection->event_id[0]) {
        return;
    }
    apr_cpystrn(connection->event_id, telling->id, sizeof connection->event_id);
    apr_cpystrn(connection->ja3, facts->ja3, sizeof connection->ja3);
    apr_cpystrn(connection->ja4, facts->ja4, sizeof connection->ja4);
    connection->cause = telling->diagnosis.cause;
    connection->resumed = facts->negotiated.resumed;
}

static void tell_with(tlsdiag_connection_t *connection, tlsdiag_recording_t *recording, telling_t *telling)
{
    const tlsdiag_posture_t *posture = connection->server ? connection->server->posture : NULL;
    server_rec *server = connection->server ? connection->server->server : connection->c->base_server;
    const tlsdiag_config_t *config = tlsdiag_config_of(server);

    if (!config->enabled) {
        return;
    }
    tlsdiag_last_facts(connection, &recording->facts);
    tlsdiag_diagnose(&telling->diagnosis, &recording->facts, posture, NULL);
    make_id(telling->id);
    keep_for_requests(connection, &recording->facts, telling);
    tlsdiag_event_t event = { .facts = &recording->facts,
                              .posture = posture,
                              .diagnosis = &telling->diagnosis,
                              .hello_message = recording->client_hello_message,
                              .id = telling->id,
                              .sequence = tlsdiag_shared_next_sequence(),
                              .hostname = hostname,
                              .service_version = AP_SERVER_BASEREVISION,
                              .process_id = getpid() };
    log_error_line(connection->c, server, &event, telling);
    tlsdiag_known_text_use(recording->client, &event);
    if (config->log && (telling->diagnosis.failure || !config->log_failures_only)) {
        log_json_line(config->log, &event, telling);
    }
    remember(&event, telling);
}

void tlsdiag_tell(tlsdiag_connection_t *connection, tlsdiag_recording_t *recording)
{
    telling_t *telling = malloc(sizeof *telling);

    if (!telling) {
        return;
    }
    tell_with(connection, recording, telling);
    free(telling);
}
