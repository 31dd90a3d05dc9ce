/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `tlsdiag.negotiated`, `tlsdiag.tcp` and `tlsdiag.timing`: what was agreed on, and what was measured on the way. */
#include "publish/fields_rows.h"

#include "iana/iana.h"
#include "publish/json.h"
#include "publish/names.h"
#include "publish/values.h"

static bool write_signature_scheme(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_code(out, event->facts->negotiated.signature_scheme, tlsdiag_iana_signature_scheme_name);
}

static bool write_resumption(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    return tlsdiag_json_name(out, tlsdiag_resumption_name(&event->facts->negotiated));
}

static bool write_hello_retry_group(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    const tlsdiag_negotiated_t *negotiated = &event->facts->negotiated;
    return negotiated->hello_retry_request &&
           tlsdiag_json_code(out, negotiated->hello_retry_group, tlsdiag_iana_group_name);
}

static bool write_name_covered(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    tlsdiag_json_bool(out, event->facts->negotiated.name_covered);
    return event->facts->negotiated.certificate > 0;
}

/* clang-format off */
const tlsdiag_field_t tlsdiag_fields_agreed[] = {
    TLSDIAG_FIELD("signature_scheme", KEYWORD, ALWAYS, NEVER, write_signature_scheme, "that this server signed with"),
    TLSDIAG_FIELD("resumption", KEYWORD, KNOWN, NEVER, write_resumption, "`ticket`, `session_id` or `psk`"),
    TLSDIAG_BOOLEAN("forward_secrecy", ALWAYS, negotiated.forward_secrecy,
                    "the key exchange is ephemeral: a stolen key opens no recorded traffic"),
    TLSDIAG_BOOLEAN("hello_retry_request", ALWAYS, negotiated.hello_retry_request, "we asked for another key share"),
    TLSDIAG_FIELD("hello_retry_group", KEYWORD, KNOWN, NEVER, write_hello_retry_group, "for which group"),
    TLSDIAG_NUMBER("dh_bits", KNOWN, negotiated.dh_bits, "size of our finite-field DH group"),
    TLSDIAG_BOOLEAN("early_data", ALWAYS, negotiated.early_data, "accepted"),
    TLSDIAG_BOOLEAN("ocsp_stapled", ALWAYS, negotiated.ocsp_stapled, "an OCSP response was sent along"),
    TLSDIAG_BOOLEAN("certificate_requested", KNOWN, negotiated.certificate_requested,
                    "we asked for a client certificate"),
    TLSDIAG_BOOLEAN("sni_matched", NAME_SENT, negotiated.sni_matched, "a name of the vhost is the name asked for"),
    TLSDIAG_FIELD("name_covered", BOOLEAN, NAME_SENT, NEVER, write_name_covered,
                  "the certificate served covers the name asked for (RFC 6125)"),
    TLSDIAG_TEXT("cipher_openssl", KEYWORD, ALWAYS, NEVER, negotiated.cipher_openssl,
                 "OpenSSL's name of the cipher suite"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_tcp[] = {
    TLSDIAG_NUMBER("rtt_us", ALWAYS, network.rtt_us, "round-trip time, smoothed"),
    TLSDIAG_NUMBER("rttvar_us", ALWAYS, network.rttvar_us, "its variation"),
    TLSDIAG_NUMBER("retransmits", ALWAYS, network.retransmits, "segments sent again"),
    TLSDIAG_NUMBER("unacked", ALWAYS, network.unacked, "segments on the way"),
    TLSDIAG_NUMBER("lost", ALWAYS, network.lost, "segments held for lost"),
    TLSDIAG_NUMBER("mss", ALWAYS, network.mss, "bytes"),
    TLSDIAG_NUMBER("pmtu", ALWAYS, network.pmtu, "bytes"),
    TLSDIAG_END
};

const tlsdiag_field_t tlsdiag_fields_timing[] = {
    TLSDIAG_NUMBER("first_byte", KNOWN, timing.first_byte_us, "us from accept to the first bytes"),
    TLSDIAG_NUMBER("client_hello", KNOWN, timing.client_hello_us, "us from accept to the whole ClientHello"),
    TLSDIAG_NUMBER("server_flight", KNOWN, timing.server_flight_us, "us from accept until our flight was sent"),
    TLSDIAG_NUMBER("client_answer", KNOWN, timing.client_answer_us, "us from accept to the first bytes after it"),
    TLSDIAG_NUMBER("total", ALWAYS, timing.total_us, "us from accept to the outcome"),
    TLSDIAG_END
};
/* clang-format on */
