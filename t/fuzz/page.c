/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status page in all its forms, where everybody chose their texts to hurt: who asks (the query string), clients (server
 * name, JA4, User-Agent), certificates, the configuration, and a record as JSON.
 *
 * The first byte chooses the form, the second the cause; then come the texts, each with its length in a byte; the rest is the
 * record.
 */
#define _DEFAULT_SOURCE
#include "forms.h"

enum { TEXT = 256 };

/* The texts of one input, NUL-terminated. */
typedef struct texts {
    char name[TEXT], ja4[TEXT], user_agent[TEXT], id[TEXT], vhost[TEXT], subject[TEXT], finding[TEXT], hostname[TEXT];
} texts_t;

static void read_text(char text[TEXT], tlsdiag_reader_t *in)
{
    tlsdiag_bytes_t bytes = tlsdiag_read_vector(in, 1);
    memcpy(text, bytes.length ? (const char *)bytes.at : "", bytes.length);
    text[bytes.length] = '\0';
}

static void read_texts(texts_t *texts, tlsdiag_reader_t *in)
{
    read_text(texts->name, in);
    read_text(texts->ja4, in);
    read_text(texts->user_agent, in);
    read_text(texts->id, in);
    read_text(texts->vhost, in);
    read_text(texts->subject, in);
    read_text(texts->finding, in);
    read_text(texts->hostname, in);
}

static void open_tiny(scenery_t *scenery)
{
    static void *memory;
    size_t bytes = tlsdiag_shape_bytes(&tiny_shape);
    if (!memory) {
        memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    }
    memset(memory, 0, bytes);
    memset(scenery, 0, sizeof *scenery);
    tlsdiag_statistics_format(&scenery->statistics, memory, &tiny_shape, 1, noon);
    scenery->page.vhosts = scenery->vhosts;
    scenery->page.findings = scenery->findings;
    scenery->page.base = "/tlsdiag-status";
    scenery->page.host =
        (tlsdiag_page_host_t){ .httpd_version = "2.4.71", .openssl_version = "OpenSSL 3.0.22", .started_us = noon };
}

static void play_texts(scenery_t *scenery, const texts_t *texts, uint8_t cause, tlsdiag_bytes_t record)
{
    handshake_t bad;
    uint16_t rule = cause % tlsdiag_rules_count();
    bad_handshake(&bad, tlsdiag_rule_id(rule), tlsdiag_rule_act(rule));
    set_name(&bad, texts->name);
    memcpy(bad.facts.ja4, texts->ja4, sizeof bad.facts.ja4 - 1);
    bad.facts.ja4[sizeof bad.facts.ja4 - 1] = '\0';
    bad.facts.negotiated.certificate = 1;
    bad.observation.event_id = texts->id;
    bad.observation.vhost = scenery->vhosts[0].slot;
    bad.observation.json = record;
    play(&scenery->statistics, &bad);
    tlsdiag_statistics_user_agent(&scenery->statistics,
                                  tlsdiag_statistics_fingerprint(&scenery->statistics, bad.facts.ja4),
                                  tlsdiag_bytes(texts->user_agent, strlen(texts->user_agent)));
    good_handshake(&bad);
    set_name(&bad, texts->name);
    bad.observation.event_id = texts->id;
    play(&scenery->statistics, &bad);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static scenery_t scenery;
    static texts_t texts;
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(data, size));
    form_t form = (form_t)(tlsdiag_read_u8(&in) % FORM_CHOICES);
    uint8_t cause = tlsdiag_read_u8(&in);
    tlsdiag_query_t query = tlsdiag_query_read(tlsdiag_read_vector(&in, 1));
    read_texts(&texts, &in);
    open_tiny(&scenery);
    scenery.page.query = query;
    scenery.page.host.hostname = texts.hostname;
    set_up_vhost(&scenery, 0, texts.vhost, texts.subject, 10);
    scenery.page.vhosts_count = 1;
    tlsdiag_bytes_t record = tlsdiag_bytes(in.at, tlsdiag_remaining(&in));
    play_texts(&scenery, &texts, cause, record);
    find(&scenery, 1, "audit.cert.expired", TLSDIAG_SEVERITY_ERROR, texts.finding);
    close_scenery(&scenery);
    if (query.valid) {
        check_form(&scenery, form, record.length == 0 || json_valid((const char *)record.at, record.length));
    }
    forget(&scenery.snapshot);
    return 0;
}
