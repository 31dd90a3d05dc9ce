/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A handshake message with its header: the ClientHello as fields (tlsdiag_client_hello_decode() and its SSLv2 sister), as an
 * offer and as the texts of JA3 and JA4, which have their shape whatever the message is.
 */
#include "decode/client_hello.h"
#include "decode/fingerprint.h"
#include "decode/offer.h"
#include "fuzz.h"
#include "redraw.h"

/* A digest that reads what it is given. */
static bool start(void *state, tlsdiag_digest_kind_t kind)
{
    return *(size_t *)state = kind, true;
}

static void add(void *state, tlsdiag_bytes_t data)
{
    CHECK(is_text((const char *)data.at, data.length));
    *(size_t *)state += data.length;
}

static bool finish(void *state, uint8_t *out)
{
    memset(out, (int)*(size_t *)state, TLSDIAG_MD5_BYTES);
    return true;
}

static void check_fingerprints(tlsdiag_bytes_t message)
{
    static char text[1 << 14];
    tlsdiag_writer_t out = tlsdiag_writer(text, sizeof text);
    tlsdiag_ja3_string_write(&out, message);
    CHECK(out.length == 0 ? out.truncated : strspn(tlsdiag_writer_text(&out), "0123456789,-") == out.length);
    out = tlsdiag_writer(text, sizeof text);
    tlsdiag_ja4_r_write(&out, message);
    CHECK(out.length == 0 ? out.truncated : out.length >= 12 && text[0] == 't' && is_text(text, out.length));
    size_t state;
    tlsdiag_digest_t digest = { start, add, finish, &state };
    CHECK(tlsdiag_ja3(text, message, &digest) && strspn(text, "0123456789abcdef") == 32 && !text[32]);
    CHECK(tlsdiag_ja4(text, message, &digest) && is_text(text, 36) && !text[36]);
}

/* An offer that stands whole in the fields is the same as itself, also in another place, and drawn anew. */
static void check_offer(const tlsdiag_client_hello_t *hello)
{
    static tlsdiag_client_hello_t other;
    if (tlsdiag_offer_is_whole(hello)) {
        other = *hello;
        CHECK(tlsdiag_offer_match(hello, &other) == TLSDIAG_OFFER_SAME);
        CHECK(tlsdiag_offer_hash(hello) == tlsdiag_offer_hash(&other));
        redraw_hello(&other, hello->message_bytes);
        CHECK(tlsdiag_offer_match(hello, &other) != TLSDIAG_OFFER_ANOTHER);
        CHECK(tlsdiag_offer_hash(hello) == tlsdiag_offer_hash(&other));
        other.cipher_suites_count--;
        CHECK(tlsdiag_offer_match(hello, &other) == TLSDIAG_OFFER_ANOTHER);
    }
}

static void check_fields(const tlsdiag_client_hello_t *h, size_t size)
{
    CHECK(h->malformed_at <= h->message_bytes && memchr(h->malformed, 0, sizeof h->malformed));
    CHECK(is_text(h->malformed, strlen(h->malformed)) && h->alpn_bytes <= TLSDIAG_ALPN_BYTES_KEPT);
    CHECK(h->extensions_count <= size / 4 && h->cipher_suites_count <= size / 2);
    CHECK(tlsdiag_client_hello_lowest_version(h) <= tlsdiag_client_hello_highest_version(h));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsdiag_client_hello_t h;
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(data, size));
    bool honest = tlsdiag_read_u8(&in) & 1;
    uint32_t said = tlsdiag_read_u24(&in), declared = honest ? said : (uint32_t)tlsdiag_remaining(&in);
    tlsdiag_bytes_t message = tlsdiag_bytes(in.at, tlsdiag_remaining(&in));
    tlsdiag_client_hello_decode(&h, message, declared);
    CHECK(h.message_bytes == declared && (!h.complete || message.length >= declared));
    check_fields(&h, size);
    check_offer(&h);
    check_fingerprints(message);
    tlsdiag_client_hello_decode_sslv2(&h, tlsdiag_bytes(data, size));
    CHECK(h.cipher_suites_count <= size / 3 && h.malformed_at <= h.message_bytes);
    return 0;
}
