/* SPDX-License-Identifier: Apache-2.0 */
/* decode/stencil.h: a message that fits a stencil must decode as it would have without. Each byte of each hello is tried. */
#include "decode/stencil.h"

#include "decode/client_hello.h"
#include "decode/offer.h"
#include "hellos.h"

static tlsdiag_stencil_t stencil;
static unsigned made, not_made, wrong, fitting_names;
static unsigned long fitting, tried;

static bool same_hello(const tlsdiag_client_hello_t *a, const tlsdiag_client_hello_t *b)
{
    const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
    for (size_t i = 0; i < sizeof *a; i++) {
        if (x[i] != y[i]) {
            return false;
        }
    }
    return true;
}

static void decode(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t body)
{
    memset(client_hello, 0, sizeof *client_hello);
    tlsdiag_client_hello_decode(client_hello, body, (uint32_t)body.length);
}

/* Returns whether the stencil fits; then it must tell the truth. */
static bool compare(tlsdiag_bytes_t body)
{
    static tlsdiag_client_hello_t by_stencil, decoded;
    tried++;
    memset(&by_stencil, 0, sizeof by_stencil);
    if (!tlsdiag_stencil_decode(&by_stencil, &stencil, body)) {
        return false;
    }
    fitting++;
    decode(&decoded, body);
    if (!same_hello(&decoded, &by_stencil)) {
        wrong++;
    }
    return true;
}

/* Each byte in turn: as it is in the next hello of the same client, or as nobody would send it. */
static void change_each_byte(const hello_t *hello, tlsdiag_bytes_t body)
{
    static const uint8_t changes[] = { 0x01, 0x80, 0xff };
    for (size_t i = 0; i < body.length; i++) {
        uint8_t before = hello->wire[4 + i];
        for (size_t c = 0; c < sizeof changes; c++) {
            hello->wire[4 + i] = before ^ changes[c];
            compare(body);
        }
        hello->wire[4 + i] = 0;
        compare(body);
        hello->wire[4 + i] = before;
    }
}

/* Each length that a client could have cut it to. */
static void cut(tlsdiag_bytes_t body)
{
    for (size_t length = 0; length < body.length; length++) {
        wrong += compare(tlsdiag_bytes(body.at, length));
    }
}

static void try_hello(const hello_t *hello)
{
    static tlsdiag_client_hello_t client_hello;
    tlsdiag_bytes_t body = hello_body(hello);
    if (hello->sslv2) {
        return;
    }
    decode(&client_hello, body);
    if (!tlsdiag_offer_is_whole(&client_hello)) {
        return;
    }
    if (!tlsdiag_stencil_make(&stencil, &client_hello, body)) {
        not_made++;
        return;
    }
    made++;
    wrong += !compare(body);
    change_each_byte(hello, body);
    cut(body);
    if (stencil.name_at) {
        hello->wire[4 + stencil.name_at] ^= 2;
        fitting_names += compare(body);
        hello->wire[4 + stencil.name_at] ^= 2;
    }
}

int main(void)
{
    for_each_hello(try_hello);
    ok(made > 400 && not_made < made / 20, "%u hellos have a stencil, %u are too long for one", made, not_made);
    ok(fitting > tried / 4 && fitting < tried, "%lu of %lu changed hellos fit", fitting, tried);
    ok(fitting_names > 100, "%u of them with another name", fitting_names);
    is_int(wrong, 0, "and each is what decoding makes of it");
    return done_testing();
}
