/* SPDX-License-Identifier: Apache-2.0 */
/**
 * json_stream.h knows how the members of a JSON object of any length are written into a stream, one after the other.
 * It refuses to know what they mean; how a single value is written is json.h.
 *
 * Every member ends with a comma; tlsdiag_json_end takes the last one back. A name of NULL is an element of an array.
 */
#ifndef TLSDIAG_PUBLISH_JSON_STREAM_H
#define TLSDIAG_PUBLISH_JSON_STREAM_H

#include "publish/json.h"
#include "publish/stream.h"

/** Open an object ('{') or an array ('['), and close it ('}' or ']'). */
void tlsdiag_json_begin(tlsdiag_stream_t *out, const char *name, char brace);
void tlsdiag_json_end(tlsdiag_stream_t *out, char brace);

void tlsdiag_json_put_u64(tlsdiag_stream_t *out, const char *name, uint64_t value);
void tlsdiag_json_put_bool(tlsdiag_stream_t *out, const char *name, bool value);
/** Text of ours, LF as \n; an empty one is left out. At most some 1,500 bytes are written. */
void tlsdiag_json_put_text(tlsdiag_stream_t *out, const char *name, const char *text);
/** Bytes that somebody else chose, at most some 1,500. */
void tlsdiag_json_put_client(tlsdiag_stream_t *out, const char *name, tlsdiag_bytes_t bytes);
/** Microseconds since 1970 as a date; 0 is left out. */
void tlsdiag_json_put_time(tlsdiag_stream_t *out, const char *name, int64_t us);

#endif
