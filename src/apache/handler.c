/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/handler.h"

#include "apr_strings.h"
#include "http_protocol.h"
#include "http_request.h"
#include "util_script.h"

#include "apache/page_input.h"
#include "apache/section.h"
#include "apache/shared.h"
#include "publish/page.h"

enum { TLSDIAG_ASSET_SECONDS = 86400 };

/* Nothing but the page's own files, no inline script or style, in nobody's frame. */
static const char policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

typedef int answer_t(request_rec *r, tlsdiag_page_t *page, const char *rest);

static void send_piece(void *context, const char *bytes, size_t length)
{
    ap_rwrite(bytes, (int)length, context);
}

static tlsdiag_stream_t *open_stream(request_rec *r, const char *content_type)
{
    tlsdiag_stream_t *out = apr_palloc(r->pool, sizeof *out);

    ap_set_content_type(r, content_type);
    tlsdiag_stream_open(out, send_piece, r);
    return out;
}

static int answer_overview(request_rec *r, tlsdiag_page_t *page, const char *rest)
{
    tlsdiag_stream_t *out = open_stream(r, "text/html; charset=utf-8");

    (void)rest;
    if (page->query.refresh > 0) {
        apr_table_setn(r->headers_out, "Refresh", apr_itoa(r->pool, (int)page->query.refresh));
    }
    tlsdiag_page_overview_write(out, page);
    tlsdiag_stream_flush(out);
    return OK;
}

static int answer_vhost(request_rec *r, tlsdiag_page_t *page, const char *rest)
{
    for (uint16_t vhost = 0; vhost < page->vhosts_count; vhost++) {
        if (!strcmp(page->vhosts[vhost].posture->name, rest)) {
            tlsdiag_stream_t *out = open_stream(r, "text/html; charset=utf-8");
            tlsdiag_page_vhost_write(out, page, vhost);
            tlsdiag_stream_flush(out);
            return OK;
        }
    }
    return HTTP_NOT_FOUND;
}

static int answer_record(request_rec *r, tlsdiag_page_t *page, const char *rest)
{
    tlsdiag_brief_t *record = apr_palloc(r->pool, sizeof *record);

    if (!tlsdiag_page_find(record, page, rest)) {
        return HTTP_NOT_FOUND;
    }
    tlsdiag_stream_t *out = open_stream(r, page->query.json ? "application/json" : "text/html; charset=utf-8");
    if (page->query.json) {
        tlsdiag_page_record_json_write(out, page, record);
    } else {
        tlsdiag_page_record_write(out, page, record);
    }
    tlsdiag_stream_flush(out);
    return OK;
}

static int answer_json(request_rec *r, tlsdiag_page_t *page, const char *rest)
{
    tlsdiag_stream_t *out = open_stream(r, "application/json");

    (void)rest;
    tlsdiag_page_json_write(out, page);
    tlsdiag_stream_flush(out);
    return OK;
}

static int answer_records(request_rec *r, tlsdiag_page_t *page, const char *rest)
{
    tlsdiag_stream_t *out = open_stream(r, "application/x-ndjson");

    (void)rest;
    tlsdiag_page_records_write(out, page);
    tlsdiag_stream_flush(out);
    return OK;
}

/* Prometheus asks for OpenMetrics by name when it wants it; whoever takes anything gets the older text. */
static int answer_metrics(request_rec *r, tlsdiag_page_t *page, const char *rest)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    bool openmetrics = accept && strstr(accept, "application/openmetrics-text");
    tlsdiag_stream_t *out = open_stream(r, openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                                       : "text/plain; version=0.0.4; charset=utf-8");

    (void)rest;
    apr_table_setn(r->headers_out, "Vary", "Accept");
    tlsdiag_page_metrics_write(out, page, openmetrics);
    tlsdiag_stream_flush(out);
    return OK;
}

/* What can stand behind the path of the page. */
static const struct {
    const char *path; /* one that ends with a slash takes a name behind it */
    answer_t *answer;
} paths[] = {
    { "", answer_overview },        { "/", answer_overview },       { "/json", answer_json },
    { "/records", answer_records }, { "/metrics", answer_metrics }, { "/record/", answer_record },
    { "/vhost/", answer_vhost },
};

/* Only their own name is asked of them, so they may be kept by the browser. */
static int send_asset(request_rec *r, const tlsdiag_asset_t *asset)
{
    apr_table_setn(r->headers_out, "ETag", apr_pstrcat(r->pool, "\"", asset->version, "\"", NULL));
    apr_table_setn(r->headers_out, "Cache-Control",
                   apr_psprintf(r->pool, "private, max-age=%d", TLSDIAG_ASSET_SECONDS));
    int status = ap_meets_conditions(r);
    if (status != OK) {
        return status;
    }
    ap_set_content_type(r, asset->content_type);
    ap_set_content_length(r, (apr_off_t)asset->length);
    ap_rwrite(asset->bytes, (int)asset->length, r);
    return OK;
}

/* In words, for whoever looks: httpd's own page for this status speaks of overload. */
static int answer_without_statistics(request_rec *r)
{
    r->status = HTTP_SERVICE_UNAVAILABLE;
    ap_set_content_type(r, "text/plain; charset=utf-8");
    ap_rputs(tlsdiag_shared_statistics()
                 ? "There is no memory to show the statistics: try again later.\n"
                 : "There are no statistics: httpd got no shared memory for them when it started "
                   "(tlsdiag:start.no_shared_memory in the error log). Records are logged.\n",
             r);
    return OK;
}

static int answer(request_rec *r, const char *base, const char *path)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t length = strlen(paths[i].path);
        bool named = length > 1 && paths[i].path[length - 1] == '/';
        if (named ? !strncmp(path, paths[i].path, length) && path[length] : !strcmp(path, paths[i].path)) {
            tlsdiag_page_t *page = tlsdiag_page_input(r, base);
            return !page                ? answer_without_statistics(r)
                   : !page->query.valid ? HTTP_BAD_REQUEST
                                        : paths[i].answer(r, page, path + length);
        }
    }
    return HTTP_NOT_FOUND;
}

static void set_headers(request_rec *r)
{
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Referrer-Policy", "no-referrer");
    apr_table_setn(r->headers_out, "Content-Security-Policy", policy);
}

static int refuse(request_rec *r)
{
    ap_log_rerror(
        APLOG_MARK, APLOG_ERR, 0, r,
        "tlsdiag:page.not_protected %s is refused: it shows clients' addresses and no Require says who may see it. "
        "Write for instance \"Require local\" beside \"SetHandler tlsdiag-status\", or set TLSDiagStatusPublic On",
        r->uri);
    return HTTP_FORBIDDEN;
}

/* Not inlined: what it needs would have to be saved for each request of others. */
static __attribute__((noinline)) int serve(request_rec *r)
{
    const char *path;

    ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, -1);
    if (r->method_number != M_GET) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    if (!tlsdiag_access_was_decided(r)) {
        return refuse(r);
    }
    set_headers(r);
    const char *base = tlsdiag_page_path(r, &path);
    const tlsdiag_asset_t *asset = path[0] == '/' ? tlsdiag_asset_find(path + 1) : NULL;
    if (asset && asset->content_type) {
        return send_asset(r, asset);
    }
    return answer(r, base, path);
}

int tlsdiag_handler(request_rec *r)
{
    /* Asked for each request: most handlers differ in their first letter. */
    bool is_ours = r->handler && r->handler[0] == 't' && !strcmp(r->handler, "tlsdiag-status");

    return is_ours ? serve(r) : DECLINED;
}
