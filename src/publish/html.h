/* SPDX-License-Identifier: Apache-2.0 */
/**
 * html.h knows how a value becomes HTML text: escaped, counted, dated, in words. It refuses to know what page it is on.
 *
 * All text that is not a literal of ours goes through one of these functions. Whatever bytes come in, what goes out is
 * printable ASCII without a markup character, fit for element content and for a double-quoted attribute.
 */
#ifndef TLSDIAG_PUBLISH_HTML_H
#define TLSDIAG_PUBLISH_HTML_H

#include "base/bytes.h"
#include "publish/stream.h"

/** Our own markup, as it is. */
static inline void tlsdiag_html(tlsdiag_stream_t *out, const char *markup)
{
    tlsdiag_stream_write(out, markup);
}

/** Text of ours (diagnosis, names, directives): & < > " ' escaped, LF kept, other control bytes as \xHH. */
void tlsdiag_html_text(tlsdiag_stream_t *out, const char *text);

/** Bytes that someone else chose: as text, and the backslash and what is not printable ASCII as \xHH. */
void tlsdiag_html_client(tlsdiag_stream_t *out, tlsdiag_bytes_t bytes);

/** A value inside a query string, percent-encoded (RFC 3986 2.1); fit for an attribute as well. */
void tlsdiag_html_query(tlsdiag_stream_t *out, tlsdiag_bytes_t bytes);

/** 1234567 as "1,234,567". */
void tlsdiag_html_count(tlsdiag_stream_t *out, uint64_t count);

/** part of whole as "12.5 %"; "0 %" and "100 %" only when it is exactly that, "-" when whole is 0. */
void tlsdiag_html_percent(tlsdiag_stream_t *out, uint64_t part, uint64_t whole);

/** A time span in the unit that suits it: "850 us", "1.2 ms", "3.4 s". */
void tlsdiag_html_span(tlsdiag_stream_t *out, uint64_t us);

/** Seconds as "5 s", "3 min", "2 h", "4 d". */
void tlsdiag_html_age(tlsdiag_stream_t *out, int64_t seconds);

/** A moment as <time datetime="2026-11-21T01:02:03Z">2026-11-21 01:02:03</time>; "-" for 0. Units: microseconds since 1970. */
void tlsdiag_html_time(tlsdiag_stream_t *out, int64_t us);

/** The same without seconds. */
void tlsdiag_html_minute(tlsdiag_stream_t *out, int64_t us);

/** The same, in words: "3 min ago". now_us as in the snapshot. */
void tlsdiag_html_ago(tlsdiag_stream_t *out, int64_t us, int64_t now_us);

/** "client" or "clients", "1" or "12": count, a space and the word, with an s unless count is 1. */
void tlsdiag_html_counted(tlsdiag_stream_t *out, uint64_t count, const char *word);

#endif
