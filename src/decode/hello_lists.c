/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/hello_lists.h"

/* The first vector in an extension's data. */
static tlsdiag_bytes_t list_in(tlsdiag_bytes_t data, unsigned length_bytes)
{
    tlsdiag_reader_t in = tlsdiag_reader(data);
    return tlsdiag_read_vector(&in, length_bytes);
}

static void find_list(tlsdiag_hello_lists_t *lists, uint16_t type, tlsdiag_bytes_t data)
{
    switch (type) {
    case 0:
        lists->has_server_name = true;
        break;
    case 10:
        lists->supported_groups = list_in(data, 2);
        break;
    case 11:
        lists->ec_point_formats = list_in(data, 1);
        break;
    case 13:
        lists->signature_algorithms = list_in(data, 2);
        break;
    case 16:
        lists->alpn = list_in(data, 2);
        break;
    case 43:
        lists->supported_versions = list_in(data, 1);
        break;
    default:
        break;
    }
}

void tlsdiag_hello_lists_find(tlsdiag_hello_lists_t *lists, tlsdiag_bytes_t message)
{
    *lists = (tlsdiag_hello_lists_t){ 0 };
    tlsdiag_reader_t in = tlsdiag_reader(message);
    lists->legacy_version = tlsdiag_read_u16(&in);
    tlsdiag_read(&in, 32);                              /* Random random; */
    tlsdiag_read_vector(&in, 1);                        /* opaque legacy_session_id<0..32>; */
    lists->cipher_suites = tlsdiag_read_vector(&in, 2); /* CipherSuite cipher_suites<2..2^16-2>; */
    tlsdiag_read_vector(&in, 1);                        /* opaque legacy_compression_methods<1..2^8-1>; */
    lists->extensions = tlsdiag_read_vector(&in, 2);    /* Extension extensions<8..2^16-1>; */

    tlsdiag_reader_t block = tlsdiag_reader(lists->extensions);
    uint16_t type;
    tlsdiag_bytes_t data;
    while (tlsdiag_next_extension(&block, &type, &data)) {
        find_list(lists, type, data);
        lists->extensions_count += !tlsdiag_iana_is_grease(type);
    }
}
