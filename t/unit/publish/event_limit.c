/* SPDX-License-Identifier: Apache-2.0 */
/* publish/event.h: valid JSON, printable ASCII and never too long, whatever the records hold. */
#include <stdlib.h>

#include "json_check.h"
#include "publish/fields.h"
#include "publish/limit.h"
#include "random_event.h"
#include "verdict_key.h"

enum { EVENTS = 20000, LIMIT = TLSDIAG_EVENT_PIPE_LIMIT, ROOM = 200000 };

static fixture_t fixture;
static char whole[ROOM], limited[ROOM], with_fragments[ROOM];
static tlsdiag_client_text_t client_text;
static tlsdiag_outcome_text_t outcome_text;
static tlsdiag_failure_text_t failure_text;
static unsigned failures_remembered, messages_cut, moulds_fit, failures_fit;

static size_t render(char *buffer, size_t size, size_t limit)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, size);
    tlsdiag_event_json_write(&out, &fixture.event, limit);
    tlsdiag_writer_text(&out);
    return out.truncated ? 0 : out.length;
}

/* Whole first, then cut. */
static size_t render_and_cut(char *buffer, size_t size, size_t limit)
{
    tlsdiag_writer_t out = tlsdiag_writer(buffer, size);
    tlsdiag_spans_t spans;
    tlsdiag_event_json_write_whole(&out, &fixture.event, &spans, limit);
    tlsdiag_event_json_cut(&out, &spans, limit);
    tlsdiag_writer_text(&out);
    return out.length;
}

static bool says_truncated(const char *text)
{
    char value[8];
    return json_get(text, "tlsdiag.truncated", value, sizeof value) && strcmp(value, "true") == 0;
}

/* Nothing but circumstance (diagnose/repeat.h) is another, and not all of it; but what is there is there in both. */
static void change_circumstance(tlsdiag_facts_t *facts)
{
    tlsdiag_network_t *network = &facts->network;
    facts->started_us /= 2;
    facts->ended_us /= 3;
    facts->client_port = (uint16_t)(facts->client_port / (coin() ? 10 : 1));
    network->bytes_received /= 7;
    network->bytes_sent /= coin() ? 5 : 1;
    uint32_t *const counts[] = { &network->rtt_us, &network->rttvar_us, &network->retransmits, &network->unacked,
                                 &network->lost,   &network->mss,       &network->pmtu,        &network->bytes_unread };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        *counts[i] += coin() ? 12345 : 0;
    }
    uint32_t *const times[] = { &facts->timing.first_byte_us, &facts->timing.client_hello_us,
                                &facts->timing.server_flight_us, &facts->timing.client_answer_us };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        *times[i] -= *times[i] > 1 && coin();
    }
    facts->timing.total_us /= 100;
    for (size_t i = 0; i < TLSDIAG_ALERTS_KEPT; i++) {
        facts->alerts[i].at_us /= 4;
    }
    memset(facts->connection_id, 'x', facts->connection_id[0] ? 5 : 0);
    memset(facts->client_address, 'y', facts->client_address[0] ? 3 : 0);
}

/* As well as what else varies from one to the next of the same outcome. */
static void change_course(tlsdiag_facts_t *facts)
{
    change_circumstance(facts);
    facts->network.hello_reads++;
    facts->client_hello.session_ticket ^= coin();
    facts->client_hello.message_bytes /= 9;
}

/* An event that was told before this one, of the same outcome or verdict. */
static tlsdiag_event_t event_before(void)
{
    static tlsdiag_facts_t facts;
    tlsdiag_event_t before = fixture.event;
    facts = fixture.facts;
    if (!fixture.diagnosis.failure && !fixture.diagnosis.unknown) {
        change_course(&facts);
    } else if (coin()) {
        key_of_any(&facts, &fixture.facts, before.posture); /* all that it leaves out is another */
    } else {
        change_circumstance(&facts);
    }
    before.facts = &facts;
    before.experience = coin() ? "Another." : NULL;
    before.id = "another";
    before.sequence = before.lost_before = before.repeats.count = 0;
    return before;
}

/* Does the line come from the mould? */
static bool mould_fits(void)
{
    tlsdiag_writer_t out = tlsdiag_writer(with_fragments, sizeof with_fragments);
    const tlsdiag_event_t *event = &fixture.event;
    return tlsdiag_mould_pour(&out, event->mould, event, tlsdiag_when_holds(event), NULL, 0);
}

/* How a failure is told, from another event of the same verdict. */
static void take_failure(void)
{
    tlsdiag_event_t *event = &fixture.event, before = event_before();
    if (tlsdiag_failure_text_make(&failure_text, &before)) {
        event->outcome = failure_text.fragments;
        event->words = &failure_text.words;
        event->mould = &failure_text.mould;
        failures_fit += mould_fits();
        failures_remembered++;
        messages_cut += failure_text.words.length + strlen(event->experience) > failure_text.words.limit;
    }
}

/* Put in fragments, as far as there are any for this event. */
static void take_fragments(void)
{
    tlsdiag_event_t *event = &fixture.event, before = event_before();
    event->client = tlsdiag_client_text_make(&client_text, event);
    event->outcome = NULL;
    if (tlsdiag_outcome_text_make(&outcome_text, &before)) {
        event->outcome = tlsdiag_outcome_text_fits(&outcome_text, event);
        event->mould = &outcome_text.mould;
        moulds_fit += mould_fits();
    } else if (event->diagnosis->failure || event->diagnosis->unknown) {
        take_failure();
    }
}

static const char *what_is_wrong(void)
{
    size_t whole_length = render(whole, sizeof whole, 0);
    size_t limited_length = render(limited, sizeof limited, LIMIT);
    if (!json_valid(whole, whole_length)) {
        return "a whole line is no valid JSON";
    }
    if (!json_valid(limited, limited_length)) {
        return "a limited line is no valid JSON";
    }
    if (limited_length >= LIMIT) {
        return "a limited line is too long";
    }
    if (says_truncated(limited) != (says_truncated(whole) || whole_length >= LIMIT)) {
        return "truncated does not say whether something is missing";
    }
    if (whole_length < LIMIT && strcmp(whole, limited) != 0) {
        return "a short line was changed by the limit";
    }
    take_fragments();
    render(with_fragments, sizeof with_fragments, 0);
    if (strcmp(whole, with_fragments) != 0) {
        return "fragments changed a whole line";
    }
    render(with_fragments, sizeof with_fragments, LIMIT);
    if (strcmp(limited, with_fragments) != 0) {
        return "fragments changed a limited line";
    }
    render_and_cut(with_fragments, sizeof with_fragments, LIMIT);
    return strcmp(limited, with_fragments) == 0 ? NULL : "cut afterwards, a line is not what the limit makes of it";
}

/* Ranks of the fields that the limit took and left. */
typedef struct order {
    uint8_t highest_gone, lowest_left;
} order_t;

static void look_at(const tlsdiag_field_t *row, const char *path, tlsdiag_when_t when, void *context)
{
    static char value[ROOM];
    order_t *order = context;
    (void)when;
    if (row->cut == TLSDIAG_CUT_NEVER || !json_get(whole, path, value, sizeof value)) {
        return;
    }
    if (json_get(limited, path, value, sizeof value)) {
        order->lowest_left = row->cut < order->lowest_left ? row->cut : order->lowest_left;
    } else {
        order->highest_gone = row->cut > order->highest_gone ? row->cut : order->highest_gone;
    }
}

static void test_order(void)
{
    unsigned looked_at = 0, wrong = 0, deepest = 0;
    while (looked_at < 500) {
        random_event(&fixture);
        if (render(whole, sizeof whole, 0) >= LIMIT) {
            order_t order = { 0, UINT8_MAX };
            render(limited, sizeof limited, LIMIT);
            tlsdiag_fields_visit(look_at, &order);
            wrong += order.highest_gone > order.lowest_left;
            deepest = order.highest_gone > deepest ? order.highest_gone : deepest;
            looked_at++;
        }
    }
    is_int(wrong, 0, "fields go in the order of tlsdiag_cut_t");
    ok(deepest >= TLSDIAG_CUT_EVIDENCE, "... down to rank %u of %u", deepest, TLSDIAG_CUT_COUNT - 1);
}

/* Make of it one as most are: nothing was cut, lost, folded or masked. What the client chose stays hostile. */
static void be_ordinary(void)
{
    tlsdiag_facts_t *facts = &fixture.facts;
    tlsdiag_client_hello_t *hello = &facts->client_hello;
#define KEEP_WITHIN(count, kept) count = count < (kept) ? count : (kept)
    KEEP_WITHIN(hello->cipher_suites_count, TLSDIAG_CIPHER_SUITES_KEPT / 8);
    KEEP_WITHIN(hello->extensions_count, TLSDIAG_EXTENSIONS_KEPT / 4);
    KEEP_WITHIN(hello->supported_groups_count, TLSDIAG_GROUPS_KEPT / 4);
    KEEP_WITHIN(hello->key_shares_count, TLSDIAG_KEY_SHARES_KEPT);
    KEEP_WITHIN(hello->supported_versions_count, TLSDIAG_VERSIONS_KEPT);
    KEEP_WITHIN(hello->signature_algorithms_count, TLSDIAG_SIGNATURE_SCHEMES_KEPT / 4);
    KEEP_WITHIN(hello->signature_algorithms_cert_count, TLSDIAG_SIGNATURE_SCHEMES_KEPT / 4);
    KEEP_WITHIN(hello->compression_count, TLSDIAG_COMPRESSION_KEPT);
    KEEP_WITHIN(hello->psk_modes_count, TLSDIAG_PSK_MODES_KEPT);
    KEEP_WITHIN(hello->server_name_length, TLSDIAG_SERVER_NAME_BYTES);
    KEEP_WITHIN(facts->alerts_count, TLSDIAG_ALERTS_KEPT);
    KEEP_WITHIN(facts->openssl_errors_count, TLSDIAG_OPENSSL_ERRORS_KEPT);
#undef KEEP_WITHIN
    fixture.event.mask = (tlsdiag_mask_t){ 0, 0 };
    fixture.event.lost_before = fixture.event.repeats.count = 0;
}

static void test_random_events(void)
{
    const char *wrong = NULL;
    unsigned over = 0, event = 0;
    for (; event < EVENTS && !wrong; event++) {
        random_event(&fixture);
        if (coin()) {
            be_ordinary();
        }
        wrong = what_is_wrong();
        over += strlen(whole) >= LIMIT;
    }
    ok(!wrong, "%d random events: valid, ASCII, within the limit, the same with fragments", EVENTS);
    if (wrong) {
        printf("# event %u: %s\n# whole: %.6000s\n# limited: %s\n# fragments: %s\n", event, wrong, whole, limited,
               with_fragments);
    }
    ok(failures_remembered > EVENTS / 20 && messages_cut > 50,
       "... also with those of %u failures, whose message is cut %u times", failures_remembered, messages_cut);
    ok(moulds_fit > EVENTS / 20, "... and with the moulds of %u successes", moulds_fit);
    ok(failures_fit > EVENTS / 20, "... and of %u failures", failures_fit);
    ok(over > EVENTS / 20 && over < EVENTS / 2, "... of which %u were too long and had to be cut", over);
}

static void test_small_buffers(void)
{
    size_t bad = 0;
    for (size_t size = 1; size < 6000 && !bad; size += 1 + size / 64) {
        random_event(&fixture);
        size_t length = render(limited, size, 0);
        bad = length < size && (length == 0 || json_valid(limited, length)) ? 0 : size;
    }
    if (!ok(!bad, "into a buffer of any size goes valid JSON or nothing")) {
        printf("# size %zu: %s\n", bad, limited);
    }
}

static void fill(char *text, size_t size)
{
    memset(text, '"', size - 1);
    text[size - 1] = '\0';
}

/* Every field that is never cut at its longest: quotes, which JSON doubles, wherever bytes are free. */
static void make_longest(void)
{
    static char own[3000];
    tlsdiag_facts_t *facts = &fixture.facts;
    random_event(&fixture);
    fill(own, sizeof own);
    fixture.posture.name = fixture.event.hostname = fixture.event.id = fixture.event.service_version = own;
    fixture.event.posture = &fixture.posture;
    fixture.event.process_id = INT64_MIN;
    fixture.event.sequence = fixture.event.lost_before = fixture.event.repeats.count = UINT64_MAX;
    fixture.event.mask = (tlsdiag_mask_t){ 0, 0 };
    fixture.diagnosis.cause = "cipher.client_lacks_forward_secrecy";
    fixture.diagnosis.failure = true;
    fill(fixture.diagnosis.says, sizeof fixture.diagnosis.says);
    fill(fixture.diagnosis.advice, sizeof fixture.diagnosis.advice);
    fill(facts->client_address, sizeof facts->client_address);
    fill(facts->local_address, sizeof facts->local_address);
    fill(facts->connection_id, sizeof facts->connection_id);
    fill(facts->client_hello.malformed, sizeof facts->client_hello.malformed);
    fill(facts->ja3, sizeof facts->ja3);
    fill(facts->ja4, sizeof facts->ja4);
    facts->has_client_hello = facts->client_hello.complete = facts->client_hello.has_server_name = true;
    facts->has_second_client_hello = facts->established = facts->renegotiating = facts->network.tcp_known = true;
    facts->openssl_errors_count = 1;
    facts->ended_by = TLSDIAG_ENDED_ALERT_RECEIVED;
    facts->stage = TLSDIAG_HELLO_RETRY_REQUEST;
    facts->second_key_share = 0x11ec;
    facts->negotiated.version = 0x0304;
    facts->negotiated.cipher_suite = 0xd005;
    facts->negotiated.group = 0x11ec;
    memset(&facts->timing, 0xff, sizeof facts->timing);
    facts->network.bytes_received = facts->network.bytes_sent = UINT64_MAX;
    facts->network.hello_reads = facts->network.hello_records = UINT16_MAX;
    facts->client_hello.message_bytes = facts->client_hello.malformed_at = UINT32_MAX;
}

/* What never goes must fit alone: measured on a line from which all else was taken. */
static void test_longest(void)
{
    make_longest();
    size_t length = render(limited, sizeof limited, LIMIT);
    ok(json_valid(limited, length), "fields at their longest make valid JSON");
    ok(length < LIMIT, "... within the limit");
    fixture.posture.defined_at = NULL;
    fixture.facts.has_client_hello = true;
    printf("# %zu bytes\n", length);
}

typedef struct tally {
    unsigned cut[TLSDIAG_CUT_COUNT];
    unsigned spans, most_in_a_fragment;
} tally_t;

static void count_rows(const tlsdiag_field_t *row, tally_t *tally, bool inside_cut)
{
    for (; row->kind != TLSDIAG_ROW_END; row++) {
        unsigned before = tally->spans;
        if (row->cut != TLSDIAG_CUT_NEVER) {
            ok(!inside_cut, "%.*s: what goes with its object has no order of its own", row->key_length, row->key);
            tally->cut[row->cut]++;
            tally->spans++;
        }
        if (row->rows) {
            count_rows(row->rows, tally, inside_cut || row->cut != TLSDIAG_CUT_NEVER);
        }
        if (row->kind == TLSDIAG_ROW_FRAGMENT && tally->spans - before > tally->most_in_a_fragment) {
            tally->most_in_a_fragment = tally->spans - before;
        }
    }
}

static void test_table(void)
{
    tally_t tally = { { 0 }, 0, 0 };
    count_rows(tlsdiag_fields, &tally, false);
    for (unsigned cut = TLSDIAG_CUT_NEVER + 1; cut < TLSDIAG_CUT_COUNT; cut++) {
        ok(tally.cut[cut] > 0, "rank %u of the cutting order belongs to a field", cut);
    }
    ok(tally.spans <= TLSDIAG_SPANS_KEPT, "there is room to note all %u fields that may be cut", tally.spans);
    ok(tally.most_in_a_fragment <= TLSDIAG_FRAGMENT_SPANS, "... and the %u of one fragment", tally.most_in_a_fragment);
    const tlsdiag_field_t *last = tlsdiag_fields;
    while (last[1].kind != TLSDIAG_ROW_END) {
        last++;
    }
    for (last = last->rows; last[1].kind != TLSDIAG_ROW_END;) {
        last++;
    }
    ok(last->kind == TLSDIAG_ROW_TRUNCATED, "the limit is kept at the last row of the last object");
}

int main(void)
{
    test_table();
    test_random_events();
    test_order();
    test_small_buffers();
    test_longest();
    return done_testing();
}
