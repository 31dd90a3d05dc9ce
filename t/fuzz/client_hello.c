/* SPDX-License-Identifier: Apache-2.0 */
/* A handshake message with its header: tlsdiag_client_hello_decode() and its SSLv2 sister. */
#include "decode/client_hello.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsdiag_client_hello_t h;
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(data, size));
    bool honest = tlsdiag_read_u8(&in) & 1;
    uint32_t said = tlsdiag_read_u24(&in), declared = honest ? said : (uint32_t)tlsdiag_remaining(&in);
    tlsdiag_client_hello_decode(&h, tlsdiag_bytes(in.at, tlsdiag_remaining(&in)), declared);
    CHECK(h.message_bytes == declared && h.malformed_at <= h.message_bytes);
    CHECK(memchr(h.malformed, 0, sizeof h.malformed) && is_text(h.malformed, strlen(h.malformed)));
    CHECK((!h.complete || tlsdiag_remaining(&in) >= declared) && h.alpn_bytes <= TLSDIAG_ALPN_BYTES_KEPT &&
          h.extensions_count <= size / 4 && h.cipher_suites_count <= size / 2);
    CHECK(tlsdiag_client_hello_lowest_version(&h) <= tlsdiag_client_hello_highest_version(&h));
    tlsdiag_client_hello_decode_sslv2(&h, tlsdiag_bytes(data, size));
    CHECK(h.cipher_suites_count <= size / 3 && h.malformed_at <= h.message_bytes);
    return 0;
}
