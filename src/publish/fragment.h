/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fragment.h knows how the parts of an event's JSON that come again and again are rendered once and put in many times:
 * what a client offers (the same for each of its hellos), how a plain success went (the same for all that agreed on the
 * same on that vhost), and how a failure went (the same for all of the same verdict). It refuses to be the cache: keys of
 * clients and verdicts, memory and lifetime are the caller's.
 *
 * A fragment is a run of `"name":value,` inside one object. It remembers where those of its fields stand that may be cut.
 * With them at hand about a third of the work is left: time, id, addresses, counts.
 */
#ifndef TLSDIAG_PUBLISH_FRAGMENT_H
#define TLSDIAG_PUBLISH_FRAGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/writer.h"
#include "facts.h"
#include "posture.h"
#include "publish/limit.h"
#include "publish/mould.h"

struct tlsdiag_event;

/** Which run of fields. */
typedef enum {
    /* what the client offers: */
    TLSDIAG_FRAGMENT_CIPHERS,      /**< in `tls.client`: ja3, supported_ciphers */
    TLSDIAG_FRAGMENT_FINGERPRINTS, /**< in `tlsdiag`: ja4, ja4_r, ja3_string */
    TLSDIAG_FRAGMENT_OFFER, /**< in `tlsdiag.client`: versions, groups, ... all that does not vary between a client's hellos */
    /* how it went: */
    TLSDIAG_FRAGMENT_SUMMARY, /**< at the top: log, message; of a success only: a failure's message varies at its end */
    TLSDIAG_FRAGMENT_OUTCOME, /**< in `event`: kind to outcome */
    TLSDIAG_FRAGMENT_REASON,  /**< in `event`: reason */
    TLSDIAG_FRAGMENT_ERROR,   /**< at the top: error */
    TLSDIAG_FRAGMENT_PROCESS, /**< at the top: network, ecs, host, process, service */
    TLSDIAG_FRAGMENT_NEGOTIATED, /**< in `tls`: version, cipher, curve, ... */
    TLSDIAG_FRAGMENT_SERVER,     /**< in `tls`: the certificate served */
    TLSDIAG_FRAGMENT_VERDICT, /**< in `tlsdiag`: cause to negotiated; of a success only, as a failure's advice varies */
    TLSDIAG_FRAGMENT_GROUNDS, /**< what of it is behind the advice: remedy, evidence, vhost, stage, history, negotiated */
    TLSDIAG_FRAGMENT_OPENSSL, /**< in `tlsdiag`: openssl */
    TLSDIAG_FRAGMENTS
} tlsdiag_fragment_run_t;

enum {
    TLSDIAG_CLIENT_FRAGMENTS = TLSDIAG_FRAGMENT_OFFER + 1, /**< the first ones */
    TLSDIAG_OUTCOME_FRAGMENTS = TLSDIAG_FRAGMENTS - TLSDIAG_CLIENT_FRAGMENTS,
    TLSDIAG_FRAGMENT_SPANS = 12,
    TLSDIAG_DRAWN_VALUES = 12,
    TLSDIAG_CLIENT_TEXT_BYTES = 6144, /**< holds the offer of all but scanners */
    TLSDIAG_OUTCOME_TEXT_BYTES = 2560,
    TLSDIAG_OUTCOME_LINE_BYTES = 3072,  /**< of a line without what the client offers */
    TLSDIAG_FAILURE_LINE_BYTES = 10240, /**< with it */
    TLSDIAG_FAILURE_TEXT_BYTES = 6144   /**< some 3,000 are usual; long remedies and lists of evidence take more */
};

typedef struct tlsdiag_fragment {
    const char *text; /**< not NUL-terminated; belongs to whoever made it; NULL: this run was not rendered */
    uint32_t length;
    uint8_t spans_count;
    tlsdiag_span_t spans[TLSDIAG_FRAGMENT_SPANS];
} tlsdiag_fragment_t;

/** Where a value stands in a client's text that another hello of the client may have otherwise, and is as long then. */
typedef struct tlsdiag_drawn_value {
    const struct tlsdiag_field *row;
    uint16_t start, end; /**< in the text */
} tlsdiag_drawn_value_t;

typedef struct tlsdiag_drawn_values {
    bool fits; /**< all are here */
    uint8_t count;
    tlsdiag_drawn_value_t values[TLSDIAG_DRAWN_VALUES];
} tlsdiag_drawn_values_t;

/** What a client offers, rendered. Belongs to the caller, who finds it again by the client's hello. Not to be moved. */
typedef struct tlsdiag_client_text {
    tlsdiag_fragment_t fragments[TLSDIAG_CLIENT_FRAGMENTS];
    tlsdiag_drawn_values_t drawn;
    uint32_t length;
    char text[TLSDIAG_CLIENT_TEXT_BYTES];
} tlsdiag_client_text_t;

/**
 * Render what event's client offers. Afterwards kept is read only: many threads may use it at a time.
 *
 * Reads    facts->has_client_hello, client_hello without server_name, session_id, session_ticket and message_bytes; ja3, ja4;
 *          hello_message. Hellos that are equal in these have the same text.
 * Returns  kept->fragments, for event->client; NULL when it does not fit: then it is rendered anew for each line.
 */
const tlsdiag_fragment_t *tlsdiag_client_text_make(tlsdiag_client_text_t *kept, const struct tlsdiag_event *event);

/**
 * The text of event's client from kept, which was made of another hello of the same client: their offers are the same but for what
 * is drawn (tlsdiag_offer_match() says no TLSDIAG_OFFER_ANOTHER). A quarter of the work of rendering it.
 *
 * Returns  redrawn->fragments; NULL when it cannot be made so: then render it.
 */
const tlsdiag_fragment_t *tlsdiag_client_text_redraw(tlsdiag_client_text_t *redrawn, const tlsdiag_client_text_t *kept,
                                                     const struct tlsdiag_event *event);

/** All that the text of a plain success turns on. To be compared as bytes. */
typedef struct tlsdiag_outcome_key {
    const tlsdiag_posture_t *posture;
    uint32_t flags;  /**< fragment.c says which bit is what */
    uint32_t no_gap; /**< 0: makes every byte of the struct count */
    uint16_t version, cipher_suite, group, signature_scheme, hello_retry_group, dh_bits;
    uint8_t stage, ended_by, level, certificate;
    char alpn[sizeof(((tlsdiag_negotiated_t *)0)->alpn)];
    char history[TLSDIAG_HISTORY_KEPT];
} tlsdiag_outcome_key_t;

/**
 * How it went, rendered. Belongs to the caller. Not to be moved.
 */
typedef struct tlsdiag_outcome_text {
    tlsdiag_outcome_key_t key;
    tlsdiag_fragment_t fragments[TLSDIAG_OUTCOME_FRAGMENTS];
    char text[TLSDIAG_OUTCOME_TEXT_BYTES];
    tlsdiag_mould_t mould; /**< the line that it was rendered for, for event->mould */
    char line[TLSDIAG_OUTCOME_LINE_BYTES];
} tlsdiag_outcome_text_t;

/** The key of event. Returns false when it is no plain success: then there is none. */
bool tlsdiag_outcome_key_make(tlsdiag_outcome_key_t *key, const struct tlsdiag_event *event);

/**
 * Render how event went. Returns false when it is no plain success (tlsdiag.cause "ok") or does not fit: *kept is then not
 * to be used.
 */
bool tlsdiag_outcome_text_make(tlsdiag_outcome_text_t *kept, const struct tlsdiag_event *event);

/**
 * Did event go like the one that kept was made from? hostname, service_version, process_id, vhost and vhost_defined_at must
 * be the same in all events that are asked for.
 *
 * Returns  kept->fragments, for event->outcome; NULL when it went otherwise, or kept is NULL. Reads only: many threads may
 *          ask at a time.
 */
const tlsdiag_fragment_t *tlsdiag_outcome_text_fits(const tlsdiag_outcome_text_t *kept,
                                                    const struct tlsdiag_event *event);

/** The `message` of a failure, up to the end of the verdict's own advice: what was seen before follows, and varies. */
typedef struct tlsdiag_known_words {
    const char *text;   /**< as in a JSON string; not NUL-terminated */
    uint16_t length;    /**< bytes */
    uint16_t advice_at; /**< where the advice begins in it */
    uint16_t limit;     /**< how long the whole message may become */
} tlsdiag_known_words_t;

/** How a failure went, rendered. Belongs to the caller, who finds it again by the verdict. Not to be moved. */
typedef struct tlsdiag_failure_text {
    tlsdiag_fragment_t fragments[TLSDIAG_OUTCOME_FRAGMENTS];
    tlsdiag_known_words_t words;
    char text[TLSDIAG_FAILURE_TEXT_BYTES];
    tlsdiag_mould_t mould;
    char line[TLSDIAG_FAILURE_LINE_BYTES];
} tlsdiag_failure_text_t;

/**
 * Render how event, which failed, went. Afterwards kept is read only: many threads may use it at a time.
 *
 * Reads    diagnosis, posture, hostname, service_version, process_id; of facts what tlsdiag_verdict_key() keeps. Events that
 *          are equal in these have the same text. experience and repeats are left out of it. There is a mould only if
 *          event->client is there: then the client's offer, which is in the key as well, is part of it.
 * Returns  true: then event->outcome may be kept->fragments, event->words &kept->words and event->mould &kept->mould. false: it does not fit.
 */
bool tlsdiag_failure_text_make(tlsdiag_failure_text_t *kept, const struct tlsdiag_event *event);

#endif
