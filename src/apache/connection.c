/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/connection.h"

#include "ap_mpm.h"
#include "apr_strings.h"
#include "http_connection.h"
#include "util_filter.h"

#include "apache/config.h"
#include "apache/count.h"
#include "apache/proxy_header.h"
#include "apache/tell.h"

static const char filter_name[] = "TLSDIAG_OBSERVE";

/* Set once, while httpd registers hooks: to look a filter up by its name takes longer than all else on the way in. */
static ap_filter_rec_t *input_filter, *output_filter;

static apr_status_t observe_input(ap_filter_t *f, apr_bucket_brigade *brigade, ap_input_mode_t mode,
                                  apr_read_type_e block, apr_off_t readbytes);
static apr_status_t observe_output(ap_filter_t *f, apr_bucket_brigade *brigade);

void tlsdiag_filters_register(void)
{
    /* mod_ssl's are AP_FTYPE_CONNECTION + 5, mod_remoteip's + 7, mod_reqtimeout's + 8: just below mod_ssl, above those
     * that decide whether there is a byte to read. */
    input_filter =
        ap_register_input_filter(filter_name, observe_input, NULL, (ap_filter_type)(AP_FTYPE_CONNECTION + 6));
    output_filter =
        ap_register_output_filter(filter_name, observe_output, NULL, (ap_filter_type)(AP_FTYPE_CONNECTION + 6));
    tlsdiag_proxy_header_register();
}

/* Each process's own, set in the last moment of its life, when it has one thread left. */
static int child_is_exiting;

static apr_status_t free_memory(void *unused)
{
    (void)unused;
    tlsdiag_recordings_free();
    return APR_SUCCESS;
}

static apr_status_t note_exit(void *unused)
{
    (void)unused;
    child_is_exiting = 1;
    return APR_SUCCESS;
}

void tlsdiag_connection_child_init(apr_pool_t *pool, server_rec *main_server)
{
    (void)main_server;
    tlsdiag_recordings_open();
    tlsdiag_proxy_header_open();
    /* Before the connections' own pools go, which prefork's are below this one. */
    apr_pool_pre_cleanup_register(pool, NULL, note_exit);
    apr_pool_cleanup_register(pool, NULL, free_memory, apr_pool_cleanup_null);
}

int tlsdiag_server_is_stopping(void)
{
    int state = 0;

    return child_is_exiting || (ap_mpm_query(AP_MPMQ_MPM_STATE, &state) == APR_SUCCESS && state == AP_MPMQ_STOPPING);
}

static void let_go_of_output(tlsdiag_connection_t *connection)
{
    if (connection->output) {
        ap_remove_output_filter(connection->output);
        connection->output = NULL;
    }
}

static void let_go(tlsdiag_connection_t *connection)
{
    if (connection->input) {
        ap_remove_input_filter(connection->input);
        connection->input = NULL;
    }
    let_go_of_output(connection);
}

static void on_outcome(tlsdiag_observer_t *observer, tlsdiag_recording_t *recording)
{
    tlsdiag_connection_t *connection = observer->context;

    connection->server = observer->server;
    tlsdiag_tell(connection, recording);
    /* The filters stay for one more call: this one may come out of the message callback (tlsdiag_observer_quiet). */
}

/* What waits in the socket, without taking it: mod_ssl may still want to answer plain HTTP. */
static size_t peek(tlsdiag_observer_t *observer, uint8_t *buffer, size_t size)
{
    tlsdiag_connection_t *connection = observer->context;
    conn_rec *c = connection->c;
    apr_size_t length = size;

    if (!connection->input || !connection->input->next) {
        return 0;
    }
    apr_bucket_brigade *brigade = apr_brigade_create(c->pool, c->bucket_alloc);
    apr_status_t rv =
        ap_get_brigade(connection->input->next, brigade, AP_MODE_SPECULATIVE, APR_NONBLOCK_READ, (apr_off_t)size);
    if (rv != APR_SUCCESS || apr_brigade_flatten(brigade, (char *)buffer, &length) != APR_SUCCESS) {
        length = 0;
    }
    apr_brigade_destroy(brigade);
    return length;
}

/* worker closes the sockets of its connections when it is stopped the hard way, under the threads that read from them.
 * Linux says EPIPE, not ECONNRESET, when the peer's FIN had come before its RST (tcp_reset() in net/ipv4/tcp_input.c). */
static tlsdiag_transport_end_t meaning_of(apr_status_t rv)
{
    if (APR_STATUS_IS_EOF(rv) || APR_STATUS_IS_EPIPE(rv)) {
        return TLSDIAG_TRANSPORT_CLOSED;
    }
    if (APR_STATUS_IS_TIMEUP(rv)) {
        return TLSDIAG_TRANSPORT_TIMED_OUT;
    }
    if (APR_STATUS_IS_EBADF(rv) && tlsdiag_server_is_stopping()) {
        return TLSDIAG_TRANSPORT_STOPPED;
    }
    if (APR_STATUS_IS_ECONNRESET(rv)) {
        return TLSDIAG_TRANSPORT_RESET;
    }
    return APR_STATUS_IS_ECONNABORTED(rv) ? TLSDIAG_TRANSPORT_ABORTED : TLSDIAG_TRANSPORT_FAILED;
}

/* Not inlined: its locals would bring their stack guard into each call of the filter. */
static __attribute__((noinline)) void report_contents(tlsdiag_observer_t *observer, apr_bucket_brigade *brigade,
                                                      apr_off_t asked)
{
    for (apr_bucket *bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
         bucket = APR_BUCKET_NEXT(bucket)) {
        const char *bytes;
        apr_size_t length;
        if (APR_BUCKET_IS_EOS(bucket)) {
            tlsdiag_observer_transport_ended(observer, TLSDIAG_TRANSPORT_CLOSED, false, APR_EOF);
            return;
        }
        if (APR_BUCKET_IS_METADATA(bucket) ||
            apr_bucket_read(bucket, &bytes, &length, APR_NONBLOCK_READ) != APR_SUCCESS) {
            continue;
        }
        tlsdiag_observer_received(observer, tlsdiag_bytes(bytes, length), asked > 0 ? (size_t)asked : length);
    }
}

/* Once the ClientHello is there, their number is all that counts: buckets that came from the network know it. */
static void report_bytes(tlsdiag_observer_t *observer, apr_bucket_brigade *brigade, apr_off_t asked)
{
    apr_bucket *first = APR_BRIGADE_FIRST(brigade);
    bool is_plain = first != APR_BRIGADE_SENTINEL(brigade) && APR_BUCKET_NEXT(first) == APR_BRIGADE_SENTINEL(brigade) &&
                    !APR_BUCKET_IS_METADATA(first) && first->length != (apr_size_t)-1;

    if (is_plain && !tlsdiag_observer_wants_bytes(observer)) {
        tlsdiag_observer_received(observer, tlsdiag_bytes(NULL, first->length), first->length);
    } else {
        report_contents(observer, brigade, asked);
    }
}

static apr_status_t observe_input(ap_filter_t *f, apr_bucket_brigade *brigade, ap_input_mode_t mode,
                                  apr_read_type_e block, apr_off_t readbytes)
{
    tlsdiag_connection_t *connection = f->ctx;
    ap_filter_t *next = f->next;

    if (!connection->observer.recording) {
        tlsdiag_observer_quiet(&connection->observer);
        let_go(connection);
        return ap_get_brigade(next, brigade, mode, block, readbytes);
    }
    if (!connection->has_read) {
        connection->has_read = true;
        tlsdiag_proxy_header_watch(connection); /* that filter goes below this one: next is still the next */
    }
    tlsdiag_observer_reading(&connection->observer);
    apr_status_t rv = ap_get_brigade(next, brigade, mode, block, readbytes);
    if (mode == AP_MODE_SPECULATIVE) {
        return rv;
    }
    if (rv == APR_SUCCESS) {
        report_bytes(&connection->observer, brigade, readbytes);
    } else if (!APR_STATUS_IS_EAGAIN(rv) && !APR_STATUS_IS_EINTR(rv)) {
        tlsdiag_observer_transport_ended(&connection->observer, meaning_of(rv), false, rv);
    }
    return rv;
}

static apr_size_t bytes_in(apr_bucket_brigade *brigade)
{
    apr_size_t total = 0;

    for (apr_bucket *bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade);
         bucket = APR_BUCKET_NEXT(bucket)) {
        total += bucket->length == (apr_size_t)-1 ? 0 : bucket->length;
    }
    return total;
}

static apr_status_t observe_output(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    tlsdiag_connection_t *connection = f->ctx;
    ap_filter_t *next = f->next;

    if (!connection->observer.recording) {
        /* The other one goes at the next read: only there the message callback can be taken off. */
        let_go_of_output(connection);
        return ap_pass_brigade(next, brigade);
    }
    apr_size_t length = bytes_in(brigade);
    apr_status_t rv = ap_pass_brigade(next, brigade);
    if (rv != APR_SUCCESS || f->c->aborted) {
        tlsdiag_observer_transport_ended(&connection->observer,
                                         rv == APR_SUCCESS ? TLSDIAG_TRANSPORT_RESET : meaning_of(rv), true, rv);
        return rv;
    }
    tlsdiag_observer_sent(&connection->observer, length);
    return rv;
}

/* Most connections have told their outcome long before: then nobody needs to ask how httpd is. */
static void abandon(tlsdiag_connection_t *connection)
{
    tlsdiag_observer_t *observer = &connection->observer;

    tlsdiag_observer_abandon(observer, observer->recording && tlsdiag_server_is_stopping());
}

static apr_status_t cleanup(void *opaque)
{
    tlsdiag_connection_t *connection = opaque;

    connection->input = connection->output = NULL; /* the chains may be gone already */
    abandon(connection);
    return APR_SUCCESS;
}

static void add_filters(tlsdiag_connection_t *connection)
{
    conn_rec *c = connection->c;

    connection->input = ap_add_input_filter_handle(input_filter, connection, NULL, c);
    connection->output = ap_add_output_filter_handle(output_filter, connection, NULL, c);
}

int tlsdiag_pre_handshake(conn_rec *c, void *ssl, int is_proxy)
{
    if (is_proxy || !tlsdiag_config_of(c->base_server)->enabled) {
        return DECLINED;
    }
    tlsdiag_connection_t *connection = apr_pcalloc(c->pool, sizeof *connection);
    connection->c = c;
    connection->observer.context = connection;
    connection->observer.outcome = on_outcome;
    connection->observer.peek = peek;
    tlsdiag_count_begin();
    if (!tlsdiag_observer_attach(&connection->observer, ssl)) {
        tlsdiag_count_unseen();
        return DECLINED;
    }
    ap_set_module_config(c->conn_config, &tlsdiag_module, connection);
    apr_pool_cleanup_register(c->pool, connection, cleanup, apr_pool_cleanup_null);
    add_filters(connection);
    return DECLINED;
}

int tlsdiag_pre_close(conn_rec *c)
{
    tlsdiag_connection_t *connection = c->master ? NULL : tlsdiag_connection_of(c);

    if (connection) {
        abandon(connection);
    }
    return OK;
}
