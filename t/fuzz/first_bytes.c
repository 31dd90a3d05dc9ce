/* SPDX-License-Identifier: Apache-2.0 */
/* The raw bytes of a connection: which protocol, the fields of HTTP, the ClientHello in its records. */
#include "decode/first_bytes.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsdiag_client_hello_t h;
    tlsdiag_bytes_t bytes = tlsdiag_bytes(data, size), line, host;
    tlsdiag_protocol_t protocol = tlsdiag_first_bytes_classify(bytes);
    uint16_t records = 0;
    CHECK(protocol <= TLSDIAG_PROTOCOL_UNKNOWN && *tlsdiag_protocol_name(protocol));
    CHECK((size == 0) == (protocol == TLSDIAG_PROTOCOL_NOTHING));
    tlsdiag_first_bytes_http(bytes, &line, &host);
    CHECK(line.length + host.length <= size && (!line.length || line.at == data));
    bool found = tlsdiag_first_bytes_client_hello(&h, &records, bytes);
    CHECK(!found || (records >= 1 && records <= size / 2));
    CHECK(!found || protocol == TLSDIAG_PROTOCOL_TLS_HANDSHAKE || protocol == TLSDIAG_PROTOCOL_SSLV2);
    return 0;
}
