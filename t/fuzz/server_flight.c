/* SPDX-License-Identifier: Apache-2.0 */
/* A flight: messages in the order sent, each a HandshakeType, a length in two bytes and a body. */
#include "decode/server_flight.h"
#include "fuzz.h"

static void check(const tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t body)
{
    CHECK(memchr(negotiated->alpn, 0, sizeof negotiated->alpn) && is_text(negotiated->alpn, strlen(negotiated->alpn)));
    CHECK(!negotiated->ocsp_staple_is_error || negotiated->ocsp_stapled);
    CHECK(!tlsdiag_server_hello_is_retry(body) || body.length >= 34);
    CHECK(tlsdiag_certificates_count(negotiated->version, body) <= body.length / 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsdiag_negotiated_t negotiated = { 0 };
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(data, size));
    while (tlsdiag_remaining(&in)) {
        uint8_t type = tlsdiag_read_u8(&in);
        tlsdiag_bytes_t body = tlsdiag_read_vector(&in, 2);
        tlsdiag_server_flight_decode(&negotiated, type, body);
        check(&negotiated, body);
        char letter = tlsdiag_history_letter(type, type & 1);
        CHECK(is_text(&letter, 1));
    }
    return 0;
}
