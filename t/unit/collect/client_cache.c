/* SPDX-License-Identifier: Apache-2.0 */
/* collect/client_cache.h: whoever is found has the fingerprints of the hello that was shown, whatever the client draws anew. */
#include "collect/client_cache.h"

#include "collect/digest.h"
#include "decode/client_hello.h"
#include "decode/fingerprint.h"
#include "hellos.h"
#include "redraw.h"

static tlsdiag_client_hello_t client_hello;
static char ja3[33], ja4[40];
static tlsdiag_drawn_t drawn;
static unsigned found, found_wrongly, anew, without, strings;

static tlsdiag_client_t *find(tlsdiag_bytes_t body)
{
    drawn.anew = false;
    drawn.ja3_string_length = 0;
    tlsdiag_client_hello_decode(&client_hello, body, (uint32_t)body.length);
    return client_hello.complete ? tlsdiag_client_find(&client_hello, body, ja3, ja4, &drawn) : NULL;
}

/* Made from the message, without any memory. */
static bool fingerprints_are_of(tlsdiag_bytes_t body)
{
    char own_ja3[33], own_ja4[40];
    tlsdiag_digest_t digest = tlsdiag_digest_open();
    tlsdiag_ja3(own_ja3, body, &digest);
    tlsdiag_ja4(own_ja4, body, &digest);
    tlsdiag_digest_close(&digest);
    return strcmp(own_ja3, ja3) == 0 && strcmp(own_ja4, ja4) == 0;
}

static bool string_is_of(const tlsdiag_client_t *client, tlsdiag_bytes_t body)
{
    static char text[4096];
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_ja3_string_write(&out, body);
    tlsdiag_bytes_t said = drawn.ja3_string_length
                               ? tlsdiag_bytes((const uint8_t *)drawn.ja3_string, drawn.ja3_string_length)
                               : client->ja3_string;
    strings += drawn.ja3_string_length > 0;
    return said.length == 0 || (said.length == out.length && memcmp(said.at, text, said.length) == 0);
}

static void try_hello(const hello_t *hello)
{
    tlsdiag_bytes_t body = hello_body(hello);
    if (hello->sslv2) {
        return;
    }
    tlsdiag_client_t *first = find(body);
    for (unsigned seed = 1; first && seed < 4; seed++) {
        redraw_body(hello->wire + 4, hello->length - 4, seed);
        tlsdiag_client_t *again = find(body);
        found += again != NULL;
        without += again == NULL;
        anew += drawn.anew;
        found_wrongly += (again && (again != first || !string_is_of(again, body))) || !fingerprints_are_of(body);
        tlsdiag_client_release(again);
    }
    tlsdiag_client_release(first);
}

/* More than the room for its texts takes: a scanner. It is known all the same. */
static void a_long_string(void)
{
    enum { SUITES = 150, EXTENSIONS = 60, HEAD = 2 + 32 + 1 + 2 + 2 * SUITES + 2 };
    static uint8_t message[HEAD + 2 + 4 * EXTENSIONS] = { 3, 3 };
    message[35] = 2 * SUITES >> 8;
    message[36] = 2 * SUITES & 0xff;
    for (unsigned i = 0; i < SUITES; i++) {
        message[37 + 2 * i] = 0xc1;
        message[38 + 2 * i] = (uint8_t)i;
    }
    message[HEAD - 2] = 1; /* compression: null alone */
    message[HEAD + 1] = 4 * EXTENSIONS;
    for (unsigned i = 0; i < EXTENSIONS; i++) {
        message[HEAD + 2 + 4 * i] = 0xd1;
        message[HEAD + 3 + 4 * i] = (uint8_t)i;
    }
    tlsdiag_bytes_t body = tlsdiag_bytes(message, sizeof message);
    tlsdiag_client_t *first = find(body);
    ok(first && first->ja3_string.length == 0, "a client whose JA3 string is too long to be kept");
    redraw_body(message, sizeof message, 5);
    tlsdiag_client_t *again = find(body);
    ok(again == first && drawn.anew && !drawn.ja3_string_length, "... is known by another order of extensions");
    ok(fingerprints_are_of(body), "... with the fingerprints of that");
    tlsdiag_client_release(again);
    tlsdiag_client_release(first);
}

int main(void)
{
    ok(tlsdiag_digest_start(), "there are digests");
    for_each_hello(try_hello);
    ok(found > 1200 && anew > found / 2, "%u hellos drawn anew are known, %u of them with other values", found, anew);
    ok(strings > 900, "%u in another order", strings);
    is_int(without, 0, "none is not");
    is_int(found_wrongly, 0, "each has its own JA3, its client's JA4, and the string that JA3 is made of");
    a_long_string();
    tlsdiag_digest_stop();
    return done_testing();
}
