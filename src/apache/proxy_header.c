/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/proxy_header.h"

#include "apr_strings.h"
#include "decode/proxy_header.h"
#include "util_filter.h"

/* Our filter, and mod_remoteip's; NULL: it is not loaded. Set before a process serves. */
static ap_filter_rec_t *filter, *taker;

typedef struct header {
    tlsdiag_connection_t *connection;
    apr_size_t length;
    unsigned char bytes[TLSDIAG_PROXY_HEADER_BYTES];
} header_t;

/* mod_remoteip puts its filter on those connections only from which it takes a header. */
static int expects_header(const conn_rec *c)
{
    for (const ap_filter_t *f = c->input_filters; f; f = f->next) {
        if (f->frec == taker) {
            return 1;
        }
    }
    return 0;
}

static void keep(header_t *header, apr_bucket_brigade *brigade)
{
    apr_size_t length = sizeof header->bytes - header->length;

    if (apr_brigade_flatten(brigade, (char *)header->bytes + header->length, &length) == APR_SUCCESS) {
        header->length += length;
    }
}

static tlsdiag_proxy_result_t decode(header_t *header)
{
    tlsdiag_connection_t *connection = header->connection;
    uint16_t port = 0;
    tlsdiag_proxy_result_t result =
        tlsdiag_proxy_header_decode(connection->proxied_address, sizeof connection->proxied_address, &port,
                                    tlsdiag_bytes(header->bytes, header->length));

    if (result == TLSDIAG_PROXY_CLIENT) {
        connection->proxied_port = port;
    } else {
        connection->proxied_address[0] = '\0';
    }
    return result;
}

static apr_status_t watch_header(ap_filter_t *f, apr_bucket_brigade *brigade, ap_input_mode_t mode,
                                 apr_read_type_e block, apr_off_t readbytes)
{
    header_t *header = f->ctx;
    apr_status_t rv = ap_get_brigade(f->next, brigade, mode, block, readbytes);

    if (rv != APR_SUCCESS || (mode != AP_MODE_READBYTES && mode != AP_MODE_GETLINE)) {
        return rv;
    }
    keep(header, brigade);
    header->connection->proxy_header_began = tlsdiag_proxy_header_begins(tlsdiag_bytes(header->bytes, header->length));
    if (decode(header) != TLSDIAG_PROXY_INCOMPLETE || header->length == sizeof header->bytes) {
        ap_remove_input_filter(f);
    }
    return rv;
}

void tlsdiag_proxy_header_register(void)
{
    /* Below mod_remoteip (AP_FTYPE_CONNECTION + 7) and mod_reqtimeout (+ 8). */
    filter =
        ap_register_input_filter("TLSDIAG_PROXY_HEADER", watch_header, NULL, (ap_filter_type)(AP_FTYPE_CONNECTION + 9));
}

void tlsdiag_proxy_header_open(void)
{
    taker = ap_get_input_filter_handle("REMOTEIP_INPUT");
}

void tlsdiag_proxy_header_watch(tlsdiag_connection_t *connection)
{
    conn_rec *c = connection->c;

    if (!taker || !expects_header(c)) {
        return;
    }
    header_t *header = apr_pcalloc(c->pool, sizeof *header);
    header->connection = connection;
    connection->expects_proxy_header = 1;
    ap_add_input_filter_handle(filter, header, NULL, c);
}
