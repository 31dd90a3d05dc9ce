/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/handler.h"

#include "apache/shared.h"
#include "http_protocol.h"
#include "util_script.h"

typedef struct visit {
    request_rec *r;
    int count;
} visit_t;

static void put_json(void *context, const char *json, apr_size_t length)
{
    visit_t *visit = context;

    ap_rputs(visit->count++ ? ",\n" : "", visit->r);
    ap_rwrite(json, (int)length, visit->r);
}

static void put_row(void *context, const char *json, apr_size_t length)
{
    visit_t *visit = context;

    (void)length;
    visit->count++;
    ap_rvputs(visit->r, "<li><code>", ap_escape_html(visit->r->pool, json), "</code></li>\n", NULL);
}

static void send_json(request_rec *r)
{
    visit_t visit = { .r = r };

    ap_set_content_type(r, "application/json");
    ap_rputs("[", r);
    tlsdiag_shared_recall(put_json, &visit);
    ap_rputs("]\n", r);
}

static void send_html(request_rec *r)
{
    visit_t visit = { .r = r };

    ap_set_content_type(r, "text/html; charset=utf-8");
    ap_rputs("<!DOCTYPE html>\n<html lang=\"en\"><head><title>TLS handshakes</title></head><body>\n"
             "<h1>The last TLS handshakes</h1>\n<ol>\n",
             r);
    tlsdiag_shared_recall(put_row, &visit);
    ap_rputs(visit.count ? "</ol>\n" : "</ol>\n<p>None yet.</p>\n", r);
    ap_rputs("</body></html>\n", r);
}

static void set_headers(request_rec *r)
{
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Referrer-Policy", "no-referrer");
    apr_table_setn(r->headers_out, "Content-Security-Policy",
                   "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
}

int tlsdiag_handler(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "tlsdiag-status")) {
        return DECLINED;
    }
    r->allowed = (AP_METHOD_BIT << M_GET);
    if (r->method_number != M_GET) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    set_headers(r);
    if (r->path_info && !strcmp(r->path_info, "/json")) {
        send_json(r);
    } else {
        send_html(r);
    }
    return OK;
}
