/* SPDX-License-Identifier: Apache-2.0 */
/* decode/server_flight.h: what our own messages say of what was negotiated. */
#include "decode/server_flight.h"

#include <string.h>

#include "tap.h"

#define RANDOM "0123456789abcdef0123456789abcdef"
#define RETRY                                                                                                          \
    "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2" \
    "\xc8\xa8\x33\x9c"
#define BODY(text) tlsdiag_bytes(text, sizeof text - 1)

static const char hello13[] = "\x03\x03" RANDOM "\0"
                              "\x13\x02\0"
                              "\0\x34"
                              "\0\x2b\0\x02\x03\x04"
                              "\0\x33\0\x24\0\x1d\0\x20" RANDOM "\0\x29\0\x02\0\0";
static const char hello12[] = "\x03\x03" RANDOM "\0"
                              "\xc0\x2f\0"
                              "\0\x09"
                              "\0\x10\0\x05\0\x03\x02h2";
static const char retry[] = "\x03\x03" RETRY "\0"
                            "\x13\x01\0"
                            "\0\x0c"
                            "\0\x2b\0\x02\x03\x04"
                            "\0\x33\0\x02\0\x18";
static const char key_exchange[] = "\x03\0\x1d\x04"
                                   "1234"
                                   "\x08\x04\0\x02"
                                   "xy";
static const char dhe_hello[] = "\x03\x03" RANDOM "\0"
                                "\0\x9e\0"
                                "\0\0";
static const char dhe_params[] = "\0\x04"
                                 "pppp"
                                 "\0\x01"
                                 "g"
                                 "\0\x04"
                                 "yyyy"
                                 "\x04\x01\0\x02"
                                 "xy";
static const char request13[] = "\0"
                                "\0\x17"
                                "\0\x0d\0\x06\0\x04\x04\x03\x08\x04"
                                "\0\x2f\0\x09\0\x07\0\x05"
                                "abcde";
static const char request12[] = "\x01\x40"
                                "\0\x04\x04\x01\x04\x03"
                                "\0\x0a\0\x03"
                                "abc"
                                "\0\x03"
                                "def";
static const char certificate13[] = "\0"
                                    "\0\0\x10"
                                    "\0\0\x03"
                                    "DER"
                                    "\0\x08"
                                    "\0\x05\0\x04"
                                    "ocsp";
static const char certificates12[] = "\0\0\x0c"
                                     "\0\0\x03"
                                     "one"
                                     "\0\0\x03"
                                     "two";

static void test_tls13(void)
{
    tlsdiag_negotiated_t n = { 0 };

    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_HELLO, BODY(hello13));
    is_int(n.version, 0x0304, "the version is that of supported_versions");
    is_int(n.cipher_suite, 0x1302, "cipher suite");
    is_int(n.group, 0x001d, "group of the key share");
    ok(n.resumed, "pre_shared_key means resumed");
    ok(!n.hello_retry_request, "not a HelloRetryRequest");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_CERTIFICATE_REQUEST, BODY(request13));
    ok(n.certificate_requested, "a client certificate was asked for");
    is_int(n.requested_signature_algorithms_count, 2, "with two signature algorithms");
    is_int(n.requested_signature_algorithms[1], 0x0804, "in order");
    is_int(n.certificate_authorities_count, 1, "and one CA name");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_CERTIFICATE, BODY(certificate13));
    ok(n.ocsp_stapled, "the staple stands with the leaf");
    is_int(n.certificate_message_bytes, sizeof certificate13 - 1, "size of the Certificate message");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_CERTIFICATE_VERIFY, BODY("\x08\x04\0\x02xy"));
    is_int(n.signature_scheme, 0x0804, "signature scheme of CertificateVerify");
}

static void test_retry(void)
{
    tlsdiag_negotiated_t n = { 0 };

    ok(tlsdiag_server_hello_is_retry(BODY(retry)), "that random is a HelloRetryRequest's");
    ok(!tlsdiag_server_hello_is_retry(BODY(hello13)), "any other is not");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_HELLO, BODY(retry));
    is_int(n.hello_retry_group, 0x0018, "the group asked for");
    is_int(n.group, 0, "is not agreed on yet");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_HELLO, BODY(hello13));
    ok(n.hello_retry_request, "the ServerHello that follows does not undo it");
}

static void test_tls12(void)
{
    tlsdiag_negotiated_t n = { 0 };

    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_HELLO, BODY(hello12));
    is_int(n.version, 0x0303, "TLS 1.2");
    is_str(n.alpn, "h2", "ALPN stands in the ServerHello");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_KEY_EXCHANGE, BODY(key_exchange));
    is_int(n.group, 0x001d, "named group of ServerKeyExchange");
    is_int(n.signature_scheme, 0x0804, "and its signature scheme");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_CERTIFICATE_REQUEST, BODY(request12));
    is_int(n.requested_signature_algorithms_count, 2, "signature algorithms of CertificateRequest");
    is_int(n.certificate_authorities_count, 2, "CA names of CertificateRequest");
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_CERTIFICATE_STATUS, BODY(""));
    ok(n.ocsp_stapled, "CertificateStatus is a staple");
    ok(!n.ocsp_staple_is_error, "of which nothing bad is known");
}

/* CertificateStatus with an OCSPResponse of which only the beginning matters. */
static void test_staples(void)
{
    tlsdiag_negotiated_t good = { 0 }, later = { 0 }, cut = { 0 };

    tlsdiag_server_flight_decode(&good, TLSDIAG_MESSAGE_CERTIFICATE_STATUS,
                                 BODY("\1\0\0\x0a\x30\x82\1\x20\x0a\1\0\xa0\x82\1"));
    ok(good.ocsp_stapled && !good.ocsp_staple_is_error, "successful(0)");
    tlsdiag_server_flight_decode(&later, TLSDIAG_MESSAGE_CERTIFICATE_STATUS, BODY("\1\0\0\5\x30\3\x0a\1\3"));
    ok(later.ocsp_stapled && later.ocsp_staple_is_error, "tryLater(3) is an error");
    tlsdiag_server_flight_decode(&cut, TLSDIAG_MESSAGE_CERTIFICATE_STATUS, BODY("\1\0\0\4\x30\3\x0a\1"));
    ok(cut.ocsp_stapled && !cut.ocsp_staple_is_error, "a status that is cut off is not known");
}

static void test_dhe(void)
{
    tlsdiag_negotiated_t n = { 0 };

    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_HELLO, BODY(dhe_hello));
    tlsdiag_server_flight_decode(&n, TLSDIAG_MESSAGE_SERVER_KEY_EXCHANGE, BODY(dhe_params));
    is_int(n.dh_bits, 32, "size of the finite-field group");
    is_int(n.signature_scheme, 0x0401, "the signature scheme comes after the parameters");
}

static void test_counts(void)
{
    is_int(tlsdiag_certificates_count(0x0303, BODY(certificates12)), 2, "two certificates in TLS 1.2");
    is_int(tlsdiag_certificates_count(0x0304, BODY(certificate13)), 1, "one in TLS 1.3");
    is_int(tlsdiag_certificates_count(0x0304, BODY("\0\0\0\0")), 0, "an empty list");
    is_int(tlsdiag_certificates_count(0x0303, BODY("\0\0\0")), 0, "an empty list in TLS 1.2");
}

static void test_letters(void)
{
    is_int(tlsdiag_history_letter(1, true), 'C', "ClientHello from the client");
    is_int(tlsdiag_history_letter(2, false), 's', "ServerHello from us");
    is_int(tlsdiag_history_letter(20, true), 'F', "Finished");
    is_int(tlsdiag_history_letter(24, false), 'p', "KeyUpdate");
    is_int(tlsdiag_history_letter(99, true), 'Z', "an unassigned type");
}

/* Our own messages, cut anywhere: nothing may be read past the end (the sanitizers of unit-sanitize watch). */
static void test_prefixes(void)
{
    static const struct {
        uint8_t type;
        const char *at;
        size_t length;
    } messages[] = {
        { TLSDIAG_MESSAGE_SERVER_HELLO, hello13, sizeof hello13 - 1 },
        { TLSDIAG_MESSAGE_SERVER_HELLO, hello12, sizeof hello12 - 1 },
        { TLSDIAG_MESSAGE_CERTIFICATE_REQUEST, request13, sizeof request13 - 1 },
        { TLSDIAG_MESSAGE_CERTIFICATE, certificate13, sizeof certificate13 - 1 },
        { TLSDIAG_MESSAGE_SERVER_KEY_EXCHANGE, key_exchange, sizeof key_exchange - 1 },
    };
    unsigned wrong = 0;

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        for (size_t length = 0; length < messages[i].length; length++) {
            tlsdiag_negotiated_t n = { .version = 0x0304, .cipher_suite = 0xc02f };
            tlsdiag_server_flight_decode(&n, messages[i].type, tlsdiag_bytes(messages[i].at, length));
            wrong += n.requested_signature_algorithms_count > 2 || n.certificate_authorities_count > 1;
        }
    }
    is_int(wrong, 0, "a message that is cut off says no more than the whole one");
}

int main(void)
{
    test_tls13();
    test_retry();
    test_tls12();
    test_staples();
    test_dhe();
    test_counts();
    test_letters();
    test_prefixes();
    return done_testing();
}
