/* SPDX-License-Identifier: Apache-2.0 */
/**
 * event.h knows how one handshake is told: as a JSON object for machines, as a line for the error log.
 * It refuses to find anything out (facts, posture and diagnosis are given) and to know where the text goes.
 *
 * All functions are pure: the same event gives the same text. None allocates. What can be shown, under which name
 * and in which order, is the table in fields.h; how a value is written is json.h.
 */
#ifndef TLSDIAG_PUBLISH_EVENT_H
#define TLSDIAG_PUBLISH_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "diagnose/diagnosis.h"
#include "facts.h"
#include "posture.h"
#include "publish/fragment.h"
#include "publish/mask.h"

enum {
    TLSDIAG_EVENT_SCHEMA = 1,          /**< `tlsdiag.schema`: raised when a name or a meaning changes */
    TLSDIAG_EVENT_PIPE_LIMIT = 4096,   /**< PIPE_BUF on Linux: what one write() into a pipe keeps whole */
    TLSDIAG_EVENT_BUFFER_BYTES = 32768 /**< holds what every real client makes; only scanners' lists are longer */
};

/** Several events of one cause and client, folded into this one. */
typedef struct tlsdiag_repeats {
    uint64_t count;   /**< events this one stands for, itself included; 0 or 1: not folded */
    int64_t first_us; /**< wall clock of the first and the last of them, microseconds since 1970 */
    int64_t last_us;
} tlsdiag_repeats_t;

/** One handshake, with all that its telling needs. Every pointer is the caller's and is only read. */
typedef struct tlsdiag_event {
    const tlsdiag_facts_t *facts;
    const tlsdiag_posture_t *posture; /**< of the vhost finally chosen; NULL: unknown */
    const tlsdiag_diagnosis_t *diagnosis;
    const char
        *experience; /**< the end of the advice: tlsdiag_diagnosis_compare(); NULL or empty: nothing was seen before */
    tlsdiag_bytes_t hello_message;     /**< ClientHello body, to make ja3_string and ja4_r from; empty: not kept */
    tlsdiag_bytes_t ja3_string, ja4_r; /**< both as text, where the caller has made them already; empty: not */

    const char *id;              /**< `event.id`, printable; NULL: absent */
    uint64_t sequence;           /**< `event.sequence`, server-wide */
    const char *hostname;        /**< `host.hostname`; NULL: absent */
    const char *service_version; /**< `service.version`, httpd's ("2.4.71"); NULL: absent */
    int64_t process_id;
    const char *vhost;            /**< `tlsdiag.vhost` where posture is NULL; may be NULL */
    const char *vhost_defined_at; /**< likewise */
    uint64_t lost_before;         /**< lines that could not be written to this log since the last one */
    tlsdiag_repeats_t repeats;
    tlsdiag_mask_t mask; /**< how much of the client's address is shown; { 0 }: all */

    /* Parts rendered before (fragment.h), put in as they are; NULL: rendered now. */
    const tlsdiag_fragment_t *client; /**< from tlsdiag_client_text_make(), of this very client's offer */
    const tlsdiag_fragment_t
        *outcome; /**< of an outcome that was the same: tlsdiag_outcome_text_fits(), or tlsdiag_failure_text_make() */
    const tlsdiag_known_words_t *words; /**< of tlsdiag_failure_text_make() */
    const tlsdiag_mould_t *mould;       /**< of the same text that outcome is of */
} tlsdiag_event_t;

/**
 * The event as one JSON object on one line, printable ASCII only, without a line end. Names: README.md.
 *
 * Units    limit is in bytes and counts the line end the caller adds: TLSDIAG_EVENT_PIPE_LIMIT for a pipe, 0: none.
 *          A limit is never below TLSDIAG_EVENT_PIPE_LIMIT.
 * Shape    What is too long for the limit leaves out whole fields, in the order of tlsdiag_cut_t (fields.h), until it
 *          fits; a list is there whole or not at all. `tlsdiag.truncated` then says so.
 * Limits   The writer's buffer should hold TLSDIAG_EVENT_BUFFER_BYTES, also when limit is smaller: the line is written
 *          first and cut afterwards. Into a smaller one the fields come that fit, in the order of the table.
 * Broken   Valid JSON whatever facts hold; out->truncated is left as it was.
 */
void tlsdiag_event_json_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, size_t limit);

struct tlsdiag_spans;

/**
 * The same without a limit, for one that wants the line whole and another who has room for less: up to limit.
 *
 * Writes   spans: where the fields stand that may be cut, for tlsdiag_event_json_cut() with that limit.
 */
void tlsdiag_event_json_write_whole(tlsdiag_writer_t *out, const tlsdiag_event_t *event, struct tlsdiag_spans *spans,
                                    size_t limit);

/** Of which events a mould is: of one outcome, by whatever clients, or of one verdict, which is on one kind of client. */
typedef enum { TLSDIAG_MOULD_OF_OUTCOME, TLSDIAG_MOULD_OF_VERDICT } tlsdiag_mould_of_t;

/** Make a mould of event, as far as it is usable: text of size bytes becomes its. */
void tlsdiag_event_json_cast(tlsdiag_mould_t *mould, char *text, size_t size, const tlsdiag_event_t *event,
                             tlsdiag_mould_of_t of);

/** Make of such a line, which is all of out's text, what tlsdiag_event_json_write() would have written with that limit. */
void tlsdiag_event_json_cut(tlsdiag_writer_t *out, struct tlsdiag_spans *spans, size_t limit);

/** Whether a line names the client's address itself; ap_log_cerror() has put it there already, unmasked. */
typedef enum { TLSDIAG_LINE_WITHOUT_ADDRESS, TLSDIAG_LINE_WITH_ADDRESS } tlsdiag_line_address_t;

/**
 * The event as a line for the error log, printable ASCII only, without a line end:
 *
 *     tlsdiag:version.client_too_old [client 192.0.2.7:51234] TLS handshake failed: The client offers at most TLSv1.1,
 *     this vhost allows TLSv1.2 and TLSv1.3 (vhost shop.example:443, SNI "shop.example", sent alert
 *     protocol_version(70), OpenSSL "unsupported protocol", ja4 t11d...). Update the client. [id 4f2a...]
 *
 * The first word is a stable token to search for. From "TLS handshake" to the last full stop it is the `message` of the
 * JSON object, letter for letter.
 */
void tlsdiag_event_line_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_line_address_t address);

#endif
