/* SPDX-License-Identifier: Apache-2.0 */
/* decode/offer.h: hellos that are called alike must be alike in all that is kept for them. Each pair of the table is tried. */
#include "decode/offer.h"

#include "decode/client_hello.h"
#include "decode/fingerprint.h"
#include "hellos.h"
#include "redraw.h"

typedef struct sample {
    tlsdiag_client_hello_t client_hello;
    char ja3_string[4096], ja4_r[4096];
} sample_t;

static sample_t *samples;
static size_t count;
static unsigned changed_offer, changed_text, siblings, equal_siblings;
static unsigned drawn, drawn_wrongly, reordered, missed;

static void read_sample(sample_t *sample, tlsdiag_bytes_t body)
{
    tlsdiag_client_hello_decode(&sample->client_hello, body, (uint32_t)body.length);
    tlsdiag_writer_t ja3 = tlsdiag_writer(sample->ja3_string, sizeof sample->ja3_string);
    tlsdiag_writer_t ja4 = tlsdiag_writer(sample->ja4_r, sizeof sample->ja4_r);
    tlsdiag_ja3_string_write(&ja3, body);
    tlsdiag_ja4_r_write(&ja4, body);
    (void)tlsdiag_writer_text(&ja3);
    (void)tlsdiag_writer_text(&ja4);
}

static void keep_sample(const hello_t *hello)
{
    if (hello->sslv2) {
        return;
    }
    samples = realloc(samples, (count + 1) * sizeof *samples);
    read_sample(&samples[count], hello_body(hello));
    count += tlsdiag_offer_is_whole(&samples[count].client_hello);
}

static void each_pair(void)
{
    unsigned equal = 0, redrawn = 0, wrong = 0, wrong_hash = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            tlsdiag_offer_match_t match = tlsdiag_offer_match(&samples[i].client_hello, &samples[j].client_hello);
            if (match == TLSDIAG_OFFER_ANOTHER) {
                continue;
            }
            equal += match == TLSDIAG_OFFER_SAME;
            redrawn += match != TLSDIAG_OFFER_SAME;
            wrong += (match >= TLSDIAG_OFFER_REGREASED && strcmp(samples[i].ja3_string, samples[j].ja3_string) != 0) ||
                     strcmp(samples[i].ja4_r, samples[j].ja4_r) != 0;
            wrong_hash += tlsdiag_offer_hash(&samples[i].client_hello) != tlsdiag_offer_hash(&samples[j].client_hello);
        }
    }
    is_int(wrong, 0, "hellos of equal offers have the same fingerprints");
    is_int(wrong_hash, 0, "and the same hash");
    printf("# %u pairs of the table make the same offer, %u the same but for what is drawn\n", equal, redrawn);
}

static bool is_same(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b)
{
    return tlsdiag_offer_match(a, b) == TLSDIAG_OFFER_SAME;
}

/* The next hello of the same client: another random. */
static void change_random(const hello_t *hello)
{
    sample_t before, after;

    if (hello->sslv2) {
        return;
    }
    read_sample(&before, hello_body(hello));
    hello->wire[4 + 2] ^= 0xff;
    read_sample(&after, hello_body(hello));
    hello->wire[4 + 2] ^= 0xff;
    if (tlsdiag_offer_is_whole(&before.client_hello)) {
        siblings++;
        equal_siblings += is_same(&before.client_hello, &after.client_hello) &&
                          tlsdiag_offer_hash(&before.client_hello) == tlsdiag_offer_hash(&after.client_hello);
    }
}

/* Each byte of a hello in turn: where the fingerprint's text changes, the offer must be another one. */
static void change_each_byte(const hello_t *hello)
{
    static unsigned tried;
    sample_t before, after;

    if (hello->sslv2 || ++tried % 16 != 0) {
        return;
    }
    tlsdiag_bytes_t body = hello_body(hello);
    read_sample(&before, body);
    for (size_t i = 0; i < body.length; i++) {
        hello->wire[4 + i] ^= 0x01;
        read_sample(&after, body);
        hello->wire[4 + i] ^= 0x01;
        bool same_text = strcmp(before.ja3_string, after.ja3_string) == 0 && strcmp(before.ja4_r, after.ja4_r) == 0;
        if (!same_text && tlsdiag_offer_is_whole(&before.client_hello) && tlsdiag_offer_is_whole(&after.client_hello)) {
            changed_text++;
            changed_offer += !is_same(&before.client_hello, &after.client_hello);
        }
    }
}

static bool ja3_is_reordered(const sample_t *before, const sample_t *after)
{
    static char text[4096];
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_bytes_t string = tlsdiag_bytes((const uint8_t *)before->ja3_string, strlen(before->ja3_string));
    tlsdiag_ja3_string_reorder(&out, string, after->client_hello.extensions, after->client_hello.extensions_count);
    return strcmp(tlsdiag_writer_text(&out), after->ja3_string) == 0;
}

/* The next hello of a browser, which draws anew: whichever match it is, it must be right, and another extension is another offer. */
static void draw_anew(const hello_t *hello)
{
    sample_t before, after;
    static unsigned seed;

    if (hello->sslv2) {
        return;
    }
    read_sample(&before, hello_body(hello));
    if (!tlsdiag_offer_is_whole(&before.client_hello)) {
        return;
    }
    redraw_body(hello->wire + 4, hello->length - 4, ++seed);
    read_sample(&after, hello_body(hello));
    tlsdiag_offer_match_t match = tlsdiag_offer_match(&before.client_hello, &after.client_hello);
    drawn++;
    reordered += match == TLSDIAG_OFFER_REORDERED;
    drawn_wrongly +=
        match == TLSDIAG_OFFER_ANOTHER ||
        tlsdiag_offer_hash(&before.client_hello) != tlsdiag_offer_hash(&after.client_hello) ||
        (strcmp(before.ja3_string, after.ja3_string) != 0 && match != TLSDIAG_OFFER_REORDERED) ||
        (match == TLSDIAG_OFFER_SAME && memcmp(before.client_hello.extensions, after.client_hello.extensions,
                                               sizeof before.client_hello.extensions) != 0) ||
        strcmp(before.ja4_r, after.ja4_r) != 0 || !ja3_is_reordered(&before, &after);
    if (after.client_hello.extensions_count) {
        after.client_hello.extensions[after.client_hello.extensions_count / 2] ^= 0x4000;
        missed += tlsdiag_offer_match(&before.client_hello, &after.client_hello) != TLSDIAG_OFFER_ANOTHER;
    }
}

/* Twice the one and once the other is not once the one and twice the other: JA4 shows each. */
static void each_extension_counts(void)
{
    tlsdiag_client_hello_t a = { .complete = true, .extensions = { 5, 5, 10 }, .extensions_count = 3 }, b = a;

    b.extensions[1] = 10;
    is_int(tlsdiag_offer_match(&a, &b), TLSDIAG_OFFER_ANOTHER, "as many extensions, but not the same ones");
    is_int(tlsdiag_offer_match(&b, &a), TLSDIAG_OFFER_ANOTHER, "... nor the other way about");
    b.extensions[1] = 5;
    b.extensions[0] = 10;
    b.extensions[2] = 5;
    is_int(tlsdiag_offer_match(&a, &b), TLSDIAG_OFFER_REORDERED, "the same in another order");
    a.cipher_suites[0] = 0x1301;
    b.cipher_suites[0] = 0x1302;
    a.cipher_suites_count = b.cipher_suites_count = 1;
    is_int(tlsdiag_offer_match(&a, &b), TLSDIAG_OFFER_ANOTHER, "... with another cipher suite");
}

static void a_long_list_is_not_whole(void)
{
    tlsdiag_client_hello_t hello = { .complete = true, .cipher_suites_count = TLSDIAG_CIPHER_SUITES_KEPT + 1 };

    ok(!tlsdiag_offer_is_whole(&hello), "a list longer than what is kept");
    hello.cipher_suites_count = 1;
    ok(tlsdiag_offer_is_whole(&hello), "the same with a list that fits");
    hello.alpn_count = 2;
    ok(!tlsdiag_offer_is_whole(&hello), "ALPN names that were not kept");
}

int main(void)
{
    for_each_hello(keep_sample);
    each_pair();
    for_each_hello(change_random);
    ok(siblings > 400, "%u hellos came again with another random", siblings);
    is_int(equal_siblings, siblings, "and made the same offer");
    for_each_hello(change_each_byte);
    ok(changed_text > 1000, "%u single bytes change a fingerprint", changed_text);
    is_int(changed_offer, changed_text, "and each of them the offer");
    for_each_hello(draw_anew);
    ok(drawn > 400 && reordered > 300, "%u hellos came again with all drawn anew, %u of them in another order", drawn,
       reordered);
    is_int(drawn_wrongly, 0, "and each is the same client's, with its JA4");
    is_int(missed, 0, "and with another extension none is");
    each_extension_counts();
    a_long_list_is_not_whole();
    free(samples);
    return done_testing();
}
