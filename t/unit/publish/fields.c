/* SPDX-License-Identifier: Apache-2.0 */
/* publish/fields.h: the table is whole, and each row alone writes what stands in the JSON object. */
#include "publish/fields.h"
#include "json_check.h"
#include "decode/client_hello.h"
#include "hellos.h"
#include "random_event.h"
#include "redraw.h"

static fixture_t fixture;
static char json[262144];

static void check_row(const tlsdiag_field_t *field, const char *path, tlsdiag_when_t when, void *context)
{
    unsigned *fields = context;
    (*fields)++;
    bool described = field->rows || field->kind == TLSDIAG_ROW_CONSTANT || *field->help;
    ok(described && *tlsdiag_when_name(when) && *tlsdiag_type_name((tlsdiag_type_t)field->type),
       "%s has a type, a condition and a meaning", path);
    ok(field->rows || !strchr(field->help, '\n'), "%s: its meaning is one line", path);
}

/* Fields that differ, written one by one and as part of the whole. */
static void compare(const tlsdiag_field_t *field, const char *path, tlsdiag_when_t when, void *context)
{
    static char value[65536], alone[65536];
    unsigned *different = context;
    (void)when;
    if (field->rows || field->kind == TLSDIAG_ROW_CONSTANT || field->kind == TLSDIAG_ROW_TRUNCATED ||
        !json_get(json, path, value, sizeof value)) {
        return;
    }
    tlsdiag_writer_t out = tlsdiag_writer(alone, sizeof alone);
    bool there = tlsdiag_field_value_write(&out, &fixture.event, field);
    *different += !there || strcmp(tlsdiag_writer_text(&out), value) != 0;
}

static void test_values_alone(void)
{
    unsigned different = 0;
    for (int i = 0; i < 300; i++) {
        random_event(&fixture);
        tlsdiag_writer_t out = tlsdiag_writer(json, sizeof json);
        tlsdiag_event_json_write(&out, &fixture.event, 0);
        tlsdiag_writer_text(&out);
        tlsdiag_fields_visit(compare, &different);
    }
    is_int(different, 0, "a field written alone is what stands in the object");
    ok(!tlsdiag_field_value_write(&(tlsdiag_writer_t){ .start = json }, &fixture.event, &tlsdiag_fields[1]),
       "a row that is no field has no value");
    is_str(tlsdiag_when_name(TLSDIAG_WHEN_COUNT), "", "no condition");
    is_str(tlsdiag_type_name(TLSDIAG_TYPE_COUNT), "", "no type");
}

static void test_fragments(void)
{
    static tlsdiag_client_text_t client;
    static tlsdiag_outcome_text_t outcome, other;
    make_success(&fixture);
    ok(tlsdiag_client_text_make(&client, &fixture.event) != NULL, "an offer is rendered");
    ok(tlsdiag_outcome_text_make(&outcome, &fixture.event), "a plain success is rendered");
    ok(tlsdiag_outcome_text_fits(&outcome, &fixture.event) == outcome.fragments, "... and fits the next one");
    ok(!tlsdiag_outcome_text_fits(NULL, &fixture.event), "what is not there does not fit");
    fixture.facts.negotiated.resumed = true;
    ok(!tlsdiag_outcome_text_fits(&outcome, &fixture.event), "a resumed one is another outcome");
    fixture.facts.negotiated.resumed = false;
    strcpy(fixture.facts.history, "Cs");
    ok(!tlsdiag_outcome_text_fits(&outcome, &fixture.event), "another history is another outcome");
    make_too_old(&fixture);
    ok(!tlsdiag_outcome_text_make(&other, &fixture.event), "a failure is no plain success");
    ok(!tlsdiag_outcome_text_fits(&outcome, &fixture.event), "... and nothing fits it");
    make_success(&fixture);
    fixture.facts.client_hello.cipher_suites_count = TLSDIAG_CIPHER_SUITES_KEPT;
    for (uint16_t i = 0; i < TLSDIAG_CIPHER_SUITES_KEPT; i++) {
        fixture.facts.client_hello.cipher_suites[i] = i;
    }
    ok(!tlsdiag_client_text_make(&client, &fixture.event), "a scanner's offer does not fit");
    make_success(&fixture);
    fixture.posture.defined_at = json; /* a path longer than a fragment takes */
    memset(json, 'a', sizeof json);
    json[5000] = '\0';
    fixture.certificate.subject = json;
    ok(!tlsdiag_outcome_text_make(&other, &fixture.event), "an outcome that is too long does not fit");
}

static unsigned redrawn, redrawn_wrongly, not_redrawn;

static bool same_spans(const tlsdiag_fragment_t *a, const tlsdiag_fragment_t *b)
{
    bool same = a->spans_count == b->spans_count;
    for (unsigned i = 0; same && i < a->spans_count; i++) {
        same = a->spans[i].start == b->spans[i].start && a->spans[i].length == b->spans[i].length &&
               a->spans[i].cut == b->spans[i].cut;
    }
    return same;
}

static bool same_text(const tlsdiag_client_text_t *a, const tlsdiag_client_text_t *b)
{
    for (unsigned i = 0; i < TLSDIAG_CLIENT_FRAGMENTS; i++) {
        const tlsdiag_fragment_t *one = &a->fragments[i], *other = &b->fragments[i];
        if (one->length != other->length || memcmp(one->text, other->text, one->length) != 0 ||
            one->text - a->text != other->text - b->text || !same_spans(one, other)) {
            return false;
        }
    }
    return true;
}

static void read_hello(tlsdiag_bytes_t body, const char *ja3)
{
    tlsdiag_client_hello_decode(&fixture.facts.client_hello, body, (uint32_t)body.length);
    fixture.event.hello_message = body;
    strcpy(fixture.facts.ja3, ja3);
}

/* A browser's next hello, told from the text of the last one. */
static void redraw(const hello_t *hello)
{
    static tlsdiag_client_text_t before, after, again;
    static unsigned seed;
    if (hello->sslv2) {
        return;
    }
    make_success(&fixture);
    read_hello(hello_body(hello), "0123456789abcdef0123456789abcdef");
    if (!tlsdiag_client_text_make(&before, &fixture.event)) {
        return;
    }
    redraw_body(hello->wire + 4, hello->length - 4, ++seed);
    read_hello(hello_body(hello), "fedcba9876543210fedcba9876543210");
    bool made = tlsdiag_client_text_redraw(&again, &before, &fixture.event) == again.fragments;
    redrawn_wrongly +=
        !made || tlsdiag_client_text_make(&after, &fixture.event) != after.fragments || !same_text(&again, &after);
    redrawn++;
    strcpy(fixture.facts.ja3, "short");
    not_redrawn += tlsdiag_client_text_redraw(&again, &before, &fixture.event) == NULL;
}

int main(void)
{
    unsigned fields = 0;
    tlsdiag_fields_visit(check_row, &fields);
    ok(fields > 110, "%u fields and objects visited", fields);
    test_values_alone();
    test_fragments();
    for_each_hello(redraw);
    ok(redrawn > 400, "%u offers came again, drawn anew", redrawn);
    is_int(redrawn_wrongly, 0, "and each has the text that rendering makes of it");
    is_int(not_redrawn, redrawn, "but where a value is not as long there is none");
    return done_testing();
}
