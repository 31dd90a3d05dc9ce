/* SPDX-License-Identifier: Apache-2.0 */
/* decode/offer.h: hellos that are called equal must be equal in all that is kept for them. Each pair of the table is tried. */
#include "decode/offer.h"

#include "decode/client_hello.h"
#include "decode/fingerprint.h"
#include "hellos.h"

typedef struct sample {
    tlsdiag_client_hello_t client_hello;
    char ja3_string[4096], ja4_r[4096];
} sample_t;

static sample_t *samples;
static size_t count;
static unsigned changed_offer, changed_text, siblings, equal_siblings;

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
    unsigned equal = 0, wrong = 0, wrong_hash = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (!tlsdiag_offer_equals(&samples[i].client_hello, &samples[j].client_hello)) {
                continue;
            }
            equal++;
            wrong += strcmp(samples[i].ja3_string, samples[j].ja3_string) != 0 ||
                     strcmp(samples[i].ja4_r, samples[j].ja4_r) != 0;
            wrong_hash += tlsdiag_offer_hash(&samples[i].client_hello) != tlsdiag_offer_hash(&samples[j].client_hello);
        }
    }
    is_int(wrong, 0, "hellos of equal offers have the same fingerprints");
    is_int(wrong_hash, 0, "and the same hash");
    printf("# %u pairs of the table make the same offer\n", equal);
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
        equal_siblings += tlsdiag_offer_equals(&before.client_hello, &after.client_hello) &&
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
            changed_offer += !tlsdiag_offer_equals(&before.client_hello, &after.client_hello);
        }
    }
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
    a_long_list_is_not_whole();
    free(samples);
    return done_testing();
}
