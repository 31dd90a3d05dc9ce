/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/server_flight.h"

#include <string.h>

#include "base/writer.h"
#include "iana/iana.h"

enum {
    EXTENSION_ALPN = 16,
    EXTENSION_STATUS_REQUEST = 5,
    EXTENSION_SIGNATURE_ALGORITHMS = 13,
    EXTENSION_PRE_SHARED_KEY = 41,
    EXTENSION_EARLY_DATA = 42,
    EXTENSION_SUPPORTED_VERSIONS = 43,
    EXTENSION_CERTIFICATE_AUTHORITIES = 47,
    EXTENSION_KEY_SHARE = 51,
    RANDOM_BYTES = 32,
    DER_LONG_LENGTH = 0x80,
    DER_ENUMERATED = 0x0a,
    OCSP_SUCCESSFUL = 0,
    EC_CURVE_NAMED = 3, /* ECCurveType named_curve, RFC 8422 5.4 */
    TLS12 = 0x0303,
    TLS13 = 0x0304
};

/* RFC 8446 4.1.3: the random of a ServerHello that is a HelloRetryRequest. */
static const uint8_t hello_retry_random[RANDOM_BYTES] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
                                                          0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
                                                          0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
                                                          0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

bool tlsdiag_server_hello_is_retry(tlsdiag_bytes_t body)
{
    return body.length >= 2 + RANDOM_BYTES && memcmp(body.at + 2, hello_retry_random, RANDOM_BYTES) == 0;
}

static void read_alpn(tlsdiag_negotiated_t *negotiated, tlsdiag_reader_t *in)
{
    tlsdiag_reader_t names = tlsdiag_reader(tlsdiag_read_vector(in, 2));
    tlsdiag_bytes_t name = tlsdiag_read_vector(&names, 1);
    tlsdiag_writer_t out = tlsdiag_writer(negotiated->alpn, sizeof negotiated->alpn);

    tlsdiag_write_escaped(&out, name, sizeof negotiated->alpn - 1);
    (void)tlsdiag_writer_text(&out);
}

/* In a HelloRetryRequest the key_share holds the group alone (RFC 8446 4.2.8). */
static void read_key_share(tlsdiag_negotiated_t *negotiated, bool retry, tlsdiag_reader_t *in)
{
    uint16_t group = tlsdiag_read_u16(in);

    if (retry) {
        negotiated->hello_retry_group = group;
        return;
    }
    negotiated->group = group;
}

static void read_hello_extension(tlsdiag_negotiated_t *negotiated, uint16_t type, bool retry, tlsdiag_bytes_t data)
{
    tlsdiag_reader_t in = tlsdiag_reader(data);

    switch (type) {
    case EXTENSION_SUPPORTED_VERSIONS:
        negotiated->version = tlsdiag_read_u16(&in);
        break;
    case EXTENSION_KEY_SHARE:
        read_key_share(negotiated, retry, &in);
        break;
    case EXTENSION_PRE_SHARED_KEY:
        negotiated->resumed = true;
        break;
    case EXTENSION_ALPN:
        read_alpn(negotiated, &in);
        break;
    case EXTENSION_EARLY_DATA:
        negotiated->early_data = true;
        break;
    default:
        break;
    }
}

static void read_hello_extensions(tlsdiag_negotiated_t *negotiated, bool retry, tlsdiag_bytes_t extensions)
{
    tlsdiag_reader_t in = tlsdiag_reader(extensions);

    while (tlsdiag_remaining(&in) && !in.failed) {
        uint16_t type = tlsdiag_read_u16(&in);
        read_hello_extension(negotiated, type, retry, tlsdiag_read_vector(&in, 2));
    }
}

static void read_server_hello(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t body)
{
    tlsdiag_reader_t in = tlsdiag_reader(body);
    bool retry = tlsdiag_server_hello_is_retry(body);

    negotiated->version = tlsdiag_read_u16(&in);
    tlsdiag_read(&in, RANDOM_BYTES);
    tlsdiag_read_vector(&in, 1); /* legacy_session_id_echo */
    negotiated->cipher_suite = tlsdiag_read_u16(&in);
    tlsdiag_read_u8(&in); /* legacy_compression_method */
    read_hello_extensions(negotiated, retry, tlsdiag_read_vector(&in, 2));
    negotiated->hello_retry_request |= retry;
    /* TLS 1.3: a PSK without key_share (psk_ke) has none, RFC 8446 2.2. */
    negotiated->forward_secrecy = negotiated->version == TLS13
                                      ? negotiated->group != 0
                                      : tlsdiag_iana_suite_traits(negotiated->cipher_suite).forward_secret;
}

/* ServerKeyExchange: ServerECDHParams or ServerDHParams, then from TLS 1.2 on the SignatureAndHashAlgorithm. */
static void read_server_key_exchange(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t body)
{
    tlsdiag_reader_t in = tlsdiag_reader(body);
    tlsdiag_suite_traits_t suite = tlsdiag_iana_suite_traits(negotiated->cipher_suite);

    if (suite.key_exchange == TLSDIAG_KX_ECDHE) {
        if (tlsdiag_read_u8(&in) != EC_CURVE_NAMED) {
            return;
        }
        negotiated->group = tlsdiag_read_u16(&in);
        tlsdiag_read_vector(&in, 1); /* the point */
    } else if (suite.key_exchange == TLSDIAG_KX_DHE) {
        tlsdiag_bytes_t prime = tlsdiag_read_vector(&in, 2);
        negotiated->dh_bits = (uint16_t)(prime.length * 8);
        tlsdiag_read_vector(&in, 2); /* dh_g */
        tlsdiag_read_vector(&in, 2); /* dh_Ys */
    } else {
        return;
    }
    if (negotiated->version == TLS12 && !suite.is_anonymous) {
        negotiated->signature_scheme = tlsdiag_read_u16(&in);
    }
}

/* CertificateStatus (RFC 6066 8): a type and an OCSPResponse, of which the first member is an ENUMERATED, responseStatus;
 * anything but successful(0) comes without a response (RFC 6960 4.2.1). */
static void read_staple(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t status)
{
    tlsdiag_reader_t in = tlsdiag_reader(status);

    negotiated->ocsp_stapled = true;
    tlsdiag_read_u8(&in); /* status_type */
    tlsdiag_reader_t response = tlsdiag_reader(tlsdiag_read_vector(&in, 3));
    tlsdiag_read_u8(&response); /* SEQUENCE */
    uint8_t length = tlsdiag_read_u8(&response);
    tlsdiag_read(&response, length & DER_LONG_LENGTH ? length - DER_LONG_LENGTH : 0);
    bool enumerated = tlsdiag_read_u8(&response) == DER_ENUMERATED && tlsdiag_read_u8(&response) == 1;
    uint8_t response_status = tlsdiag_read_u8(&response);
    negotiated->ocsp_staple_is_error = enumerated && !response.failed && response_status != OCSP_SUCCESSFUL;
}

/* TLS 1.3 puts the staple into the CertificateEntry of the leaf (RFC 8446 4.4.2.1). */
static void read_certificate(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t body)
{
    tlsdiag_reader_t in = tlsdiag_reader(body);

    negotiated->certificate_message_bytes = (uint32_t)body.length;
    if (negotiated->version != TLS13) {
        return;
    }
    tlsdiag_read_vector(&in, 1); /* certificate_request_context */
    tlsdiag_reader_t entries = tlsdiag_reader(tlsdiag_read_vector(&in, 3));
    tlsdiag_read_vector(&entries, 3); /* cert_data of the leaf */
    tlsdiag_reader_t extensions = tlsdiag_reader(tlsdiag_read_vector(&entries, 2));
    while (tlsdiag_remaining(&extensions) && !extensions.failed) {
        bool is_staple = tlsdiag_read_u16(&extensions) == EXTENSION_STATUS_REQUEST;
        tlsdiag_bytes_t data = tlsdiag_read_vector(&extensions, 2);
        if (is_staple) {
            read_staple(negotiated, data);
        }
    }
}

static void read_requested_schemes(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t schemes)
{
    tlsdiag_reader_t in = tlsdiag_reader(schemes);

    negotiated->requested_signature_algorithms_count = 0;
    while (tlsdiag_remaining(&in) >= 2) {
        uint16_t scheme = tlsdiag_read_u16(&in);
        uint16_t n = negotiated->requested_signature_algorithms_count++;
        if (n < TLSDIAG_SIGNATURE_SCHEMES_KEPT) {
            negotiated->requested_signature_algorithms[n] = scheme;
        }
    }
}

static void count_authorities(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t authorities)
{
    tlsdiag_reader_t in = tlsdiag_reader(authorities);

    while (tlsdiag_remaining(&in) && !in.failed) {
        tlsdiag_read_vector(&in, 2); /* DistinguishedName */
        negotiated->certificate_authorities_count++;
    }
}

static void read_certificate_request13(tlsdiag_negotiated_t *negotiated, tlsdiag_reader_t *in)
{
    tlsdiag_read_vector(in, 1); /* certificate_request_context */
    tlsdiag_reader_t extensions = tlsdiag_reader(tlsdiag_read_vector(in, 2));
    while (tlsdiag_remaining(&extensions) && !extensions.failed) {
        uint16_t type = tlsdiag_read_u16(&extensions);
        tlsdiag_reader_t data = tlsdiag_reader(tlsdiag_read_vector(&extensions, 2));
        if (type == EXTENSION_SIGNATURE_ALGORITHMS) {
            read_requested_schemes(negotiated, tlsdiag_read_vector(&data, 2));
        } else if (type == EXTENSION_CERTIFICATE_AUTHORITIES) {
            count_authorities(negotiated, tlsdiag_read_vector(&data, 2));
        }
    }
}

static void read_certificate_request(tlsdiag_negotiated_t *negotiated, tlsdiag_bytes_t body)
{
    tlsdiag_reader_t in = tlsdiag_reader(body);

    negotiated->certificate_requested = true;
    negotiated->certificate_authorities_count = 0;
    negotiated->certificate_request_bytes = (uint16_t)(body.length > UINT16_MAX ? UINT16_MAX : body.length);
    if (negotiated->version == TLS13) {
        read_certificate_request13(negotiated, &in);
        return;
    }
    tlsdiag_read_vector(&in, 1); /* certificate_types */
    if (negotiated->version == TLS12) {
        read_requested_schemes(negotiated, tlsdiag_read_vector(&in, 2));
    }
    count_authorities(negotiated, tlsdiag_read_vector(&in, 2));
}

void tlsdiag_server_flight_decode(tlsdiag_negotiated_t *negotiated, uint8_t type, tlsdiag_bytes_t body)
{
    tlsdiag_reader_t in = tlsdiag_reader(body);

    switch (type) {
    case TLSDIAG_MESSAGE_SERVER_HELLO:
        read_server_hello(negotiated, body);
        break;
    case TLSDIAG_MESSAGE_ENCRYPTED_EXTENSIONS:
        read_hello_extensions(negotiated, false, tlsdiag_read_vector(&in, 2));
        break;
    case TLSDIAG_MESSAGE_CERTIFICATE:
        read_certificate(negotiated, body);
        break;
    case TLSDIAG_MESSAGE_SERVER_KEY_EXCHANGE:
        read_server_key_exchange(negotiated, body);
        break;
    case TLSDIAG_MESSAGE_CERTIFICATE_REQUEST:
        read_certificate_request(negotiated, body);
        break;
    case TLSDIAG_MESSAGE_CERTIFICATE_VERIFY:
        negotiated->signature_scheme = tlsdiag_read_u16(&in);
        break;
    case TLSDIAG_MESSAGE_CERTIFICATE_STATUS:
        read_staple(negotiated, body);
        break;
    default:
        break;
    }
}

uint8_t tlsdiag_certificates_count(uint16_t version, tlsdiag_bytes_t body)
{
    tlsdiag_reader_t in = tlsdiag_reader(body);
    uint8_t count = 0;

    if (version == TLS13) {
        tlsdiag_read_vector(&in, 1); /* certificate_request_context */
    }
    tlsdiag_reader_t entries = tlsdiag_reader(tlsdiag_read_vector(&in, 3));
    while (tlsdiag_remaining(&entries) && count < UINT8_MAX) {
        tlsdiag_read_vector(&entries, 3);
        if (version == TLS13) {
            tlsdiag_read_vector(&entries, 2);
        }
        count = (uint8_t)(count + !entries.failed);
    }
    return count;
}

char tlsdiag_history_letter(uint8_t type, bool from_client)
{
    /* Zeek's ssl_history, by HandshakeType 0 (hello_request) to 24 (key_update). */
    static const char letters[] = "HCSVTE??O??XKRNYG???FWUAP";
    char letter = type < sizeof letters - 1 ? letters[type] : '?';

    if (letter == '?') {
        letter = 'Z';
    }
    return from_client ? letter : (char)(letter - 'A' + 'a');
}
