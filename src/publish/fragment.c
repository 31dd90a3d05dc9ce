/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/fragment.h"

#include <string.h>

#include "publish/event.h"
#include "publish/fields_rows.h"
#include "publish/rendering.h"
#include "publish/words.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

typedef uint8_t run_t; /* tlsdiag_fragment_run_t, small */

static const run_t of_clients[] = { TLSDIAG_FRAGMENT_CIPHERS, TLSDIAG_FRAGMENT_FINGERPRINTS, TLSDIAG_FRAGMENT_OFFER };

static const run_t of_successes[] = { TLSDIAG_FRAGMENT_SUMMARY,    TLSDIAG_FRAGMENT_OUTCOME, TLSDIAG_FRAGMENT_PROCESS,
                                      TLSDIAG_FRAGMENT_NEGOTIATED, TLSDIAG_FRAGMENT_SERVER,  TLSDIAG_FRAGMENT_VERDICT };

static const run_t of_failures[] = { TLSDIAG_FRAGMENT_OUTCOME, TLSDIAG_FRAGMENT_REASON,     TLSDIAG_FRAGMENT_ERROR,
                                     TLSDIAG_FRAGMENT_PROCESS, TLSDIAG_FRAGMENT_NEGOTIATED, TLSDIAG_FRAGMENT_SERVER,
                                     TLSDIAG_FRAGMENT_GROUNDS, TLSDIAG_FRAGMENT_OPENSSL };

static const tlsdiag_field_t *const rows_of[TLSDIAG_FRAGMENTS] = {
    [TLSDIAG_FRAGMENT_CIPHERS] = tlsdiag_fields_ciphers,
    [TLSDIAG_FRAGMENT_FINGERPRINTS] = tlsdiag_fields_fingerprints,
    [TLSDIAG_FRAGMENT_OFFER] = tlsdiag_fields_offer,
    [TLSDIAG_FRAGMENT_SUMMARY] = tlsdiag_fields_summary,
    [TLSDIAG_FRAGMENT_OUTCOME] = tlsdiag_fields_outcome,
    [TLSDIAG_FRAGMENT_REASON] = tlsdiag_fields_reason,
    [TLSDIAG_FRAGMENT_ERROR] = tlsdiag_fields_error,
    [TLSDIAG_FRAGMENT_PROCESS] = tlsdiag_fields_process,
    [TLSDIAG_FRAGMENT_NEGOTIATED] = tlsdiag_fields_negotiated,
    [TLSDIAG_FRAGMENT_SERVER] = tlsdiag_fields_server,
    [TLSDIAG_FRAGMENT_VERDICT] = tlsdiag_fields_verdict,
    [TLSDIAG_FRAGMENT_GROUNDS] = tlsdiag_fields_grounds,
    [TLSDIAG_FRAGMENT_OPENSSL] = tlsdiag_fields_openssl,
};

static bool describe(tlsdiag_fragment_t *fragment, const tlsdiag_rendering_t *rendering, size_t from)
{
    const tlsdiag_writer_t *out = rendering->out;
    fragment->text = out->start + from;
    fragment->length = (uint32_t)(out->length - from);
    fragment->spans_count = rendering->spans->count;
    if (rendering->truncated || rendering->spans->count > TLSDIAG_FRAGMENT_SPANS) {
        return false;
    }
    for (size_t i = 0; i < fragment->spans_count; i++) {
        fragment->spans[i] = rendering->spans->spans[i];
        fragment->spans[i].start -= (uint32_t)from;
    }
    return true;
}

/* Render one run of event into out, not from a fragment. Returns false when it did not fit or has too many fields that may be cut. */
static bool write_run(tlsdiag_fragment_t *fragment, tlsdiag_writer_t *out, run_t run, const tlsdiag_event_t *event,
                      tlsdiag_drawn_values_t *drawn)
{
    tlsdiag_rendering_t rendering;
    tlsdiag_spans_t spans;
    size_t before = out->length;
    tlsdiag_rendering_start(&rendering, out, event, &spans);
    rendering.room_for_cut = out->capacity;
    rendering.keeps_spans = true;
    rendering.drawn = drawn;
    tlsdiag_rendering_write(&rendering, rows_of[run]);
    out->capacity = rendering.capacity;
    return describe(fragment, &rendering, before);
}

/* What a text is rendered from: nothing of it may have been rendered before. */
static tlsdiag_event_t bare(const tlsdiag_event_t *event)
{
    tlsdiag_event_t stripped = *event;
    stripped.client = stripped.outcome = NULL;
    stripped.words = NULL;
    stripped.mould = NULL;
    return stripped;
}

/* Render runs, one behind the other; first is the run of fragments[0]. */
static bool write_runs(tlsdiag_fragment_t *fragments, unsigned first, const run_t *runs, size_t count,
                       tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_drawn_values_t *drawn)
{
    tlsdiag_event_t stripped = bare(event);
    for (size_t i = 0; i < count; i++) {
        if (!write_run(&fragments[runs[i] - first], out, runs[i], &stripped, drawn)) {
            return false;
        }
    }
    return true;
}

/* As not rendered: then only those are that are. */
static void clear(tlsdiag_fragment_t fragments[TLSDIAG_OUTCOME_FRAGMENTS])
{
    for (unsigned i = 0; i < TLSDIAG_OUTCOME_FRAGMENTS; i++) {
        fragments[i].text = NULL;
    }
}

const tlsdiag_fragment_t *tlsdiag_client_text_make(tlsdiag_client_text_t *kept, const tlsdiag_event_t *event)
{
    tlsdiag_writer_t out = tlsdiag_writer(kept->text, sizeof kept->text);
    kept->drawn = (tlsdiag_drawn_values_t){ .fits = true };
    bool made = write_runs(kept->fragments, 0, of_clients, COUNT(of_clients), &out, event, &kept->drawn);
    kept->length = (uint32_t)out.length;
    return made ? kept->fragments : NULL;
}

/* In the place of one that is as long. Whatever a row writes, nothing behind it changes. */
static bool write_again(char *text, const tlsdiag_drawn_value_t *value, const tlsdiag_event_t *event)
{
    tlsdiag_writer_t out = { .start = text + value->start, .capacity = (size_t)(value->end - value->start) };
    return value->row->write(&out, event) && !out.truncated && out.length == out.capacity;
}

static void copy_fragments(tlsdiag_client_text_t *to, const tlsdiag_client_text_t *from)
{
    memcpy(to->text, from->text, from->length);
    for (unsigned i = 0; i < TLSDIAG_CLIENT_FRAGMENTS; i++) {
        to->fragments[i] = from->fragments[i];
        to->fragments[i].text = to->text + (from->fragments[i].text - from->text);
    }
}

const tlsdiag_fragment_t *tlsdiag_client_text_redraw(tlsdiag_client_text_t *redrawn, const tlsdiag_client_text_t *kept,
                                                     const tlsdiag_event_t *event)
{
    if (!kept->drawn.fits) {
        return NULL;
    }
    copy_fragments(redrawn, kept);
    for (unsigned i = 0; i < kept->drawn.count; i++) {
        if (!write_again(redrawn->text, &kept->drawn.values[i], event)) {
            return NULL;
        }
    }
    return redrawn->fragments;
}

/* The event that a mould is cast of: what is not in the lines that come often is not in it. */
static tlsdiag_event_t ordinary(const tlsdiag_event_t *event)
{
    tlsdiag_event_t again = *event;
    again.lost_before = again.repeats.count = 0;
    return again;
}

/* Every yes or no that a row of the outcome's runs shows. */
static uint32_t flags_of(const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    const tlsdiag_negotiated_t *negotiated = &facts->negotiated;
    const bool flags[] = {
        facts->established,
        facts->request_seen,
        facts->renegotiating,
        facts->client_renegotiation_refused,
        facts->post_handshake_authentication,
        facts->is_backend,
        facts->ipv6,
        facts->has_client_hello,
        facts->client_hello.has_server_name && facts->client_hello.server_name_length > 0,
        negotiated->resumed,
        negotiated->resumed_by_session_id,
        negotiated->hello_retry_request,
        negotiated->early_data,
        negotiated->ocsp_stapled,
        negotiated->forward_secrecy,
        negotiated->certificate_requested,
        negotiated->sni_matched,
        negotiated->name_covered,
    };
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        bits |= (uint32_t)flags[i] << i;
    }
    return bits;
}

_Static_assert(sizeof(tlsdiag_outcome_key_t) == sizeof(void *) + 2 * sizeof(uint32_t) + 6 * sizeof(uint16_t) + 4 +
                                                    sizeof(((tlsdiag_negotiated_t *)0)->alpn) + TLSDIAG_HISTORY_KEPT,
               "keys are compared as bytes: no padding");

static void set_key(tlsdiag_outcome_key_t *key, const tlsdiag_event_t *event)
{
    const tlsdiag_facts_t *facts = event->facts;
    const tlsdiag_negotiated_t *negotiated = &facts->negotiated;
    *key = (tlsdiag_outcome_key_t){
        .posture = event->posture,
        .flags = flags_of(event),
        .version = negotiated->version,
        .cipher_suite = negotiated->cipher_suite,
        .group = negotiated->group,
        .signature_scheme = negotiated->signature_scheme,
        .hello_retry_group = negotiated->hello_retry_group,
        .dh_bits = negotiated->dh_bits,
        .stage = (uint8_t)facts->stage,
        .ended_by = (uint8_t)facts->ended_by,
        .level = (uint8_t)event->diagnosis->level,
        .certificate = (uint8_t)negotiated->certificate,
    };
    memcpy(key->alpn, negotiated->alpn, sizeof key->alpn);
    memcpy(key->history, facts->history, sizeof key->history);
}

static bool is_plain_success(const tlsdiag_event_t *event)
{
    const tlsdiag_diagnosis_t *diagnosis = event->diagnosis;
    bool speaks_tls = event->facts->has_client_hello || event->facts->first_bytes_length == 0;
    return !diagnosis->failure && !diagnosis->unknown && speaks_tls && strcmp(diagnosis->cause, "ok") == 0;
}

bool tlsdiag_outcome_key_make(tlsdiag_outcome_key_t *key, const tlsdiag_event_t *event)
{
    bool plain = is_plain_success(event);
    if (plain) {
        set_key(key, event);
    }
    return plain;
}

bool tlsdiag_outcome_text_make(tlsdiag_outcome_text_t *kept, const tlsdiag_event_t *event)
{
    tlsdiag_writer_t out = tlsdiag_writer(kept->text, sizeof kept->text);
    if (!is_plain_success(event)) {
        return false;
    }
    set_key(&kept->key, event);
    clear(kept->fragments);
    if (!write_runs(kept->fragments, TLSDIAG_CLIENT_FRAGMENTS, of_successes, COUNT(of_successes), &out, event, NULL)) {
        return false;
    }
    tlsdiag_event_t again = ordinary(event);
    again.outcome = kept->fragments;
    tlsdiag_event_json_cast(&kept->mould, kept->line, sizeof kept->line, &again, TLSDIAG_MOULD_OF_OUTCOME);
    return true;
}

/* Only of an offer that is known in full: of a longer one the same facts may be another text. */
static void cast_failure(tlsdiag_failure_text_t *kept, const tlsdiag_event_t *event)
{
    kept->mould.usable = false;
    if (event->client) {
        tlsdiag_event_t again = ordinary(event);
        again.outcome = kept->fragments;
        again.words = &kept->words;
        tlsdiag_event_json_cast(&kept->mould, kept->line, sizeof kept->line, &again, TLSDIAG_MOULD_OF_VERDICT);
    }
}

bool tlsdiag_failure_text_make(tlsdiag_failure_text_t *kept, const tlsdiag_event_t *event)
{
    tlsdiag_writer_t out = tlsdiag_writer(kept->text, sizeof kept->text);
    clear(kept->fragments);
    if (!tlsdiag_words_begin(&kept->words, &out, event) ||
        !write_runs(kept->fragments, TLSDIAG_CLIENT_FRAGMENTS, of_failures, COUNT(of_failures), &out, event, NULL)) {
        return false;
    }
    cast_failure(kept, event);
    return true;
}

const tlsdiag_fragment_t *tlsdiag_outcome_text_fits(const tlsdiag_outcome_text_t *kept, const tlsdiag_event_t *event)
{
    tlsdiag_outcome_key_t key;
    if (!kept || !is_plain_success(event)) {
        return NULL;
    }
    set_key(&key, event);
    return memcmp(&key, &kept->key, sizeof key) == 0 ? kept->fragments : NULL;
}
