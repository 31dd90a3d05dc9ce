/* SPDX-License-Identifier: Apache-2.0 */
/**
 * facts.h knows what can be known about one handshake as this server saw it: record number one of the
 * two that everything turns on (posture.h is the other). It refuses to judge.
 *
 * Plain data without a pointer: it can be copied, written as a literal in a test, or put in shared memory.
 * collect/ and decode/ fill it, diagnose/ reads it, publish/ shows it. Zero means "not seen" for every field
 * unless its comment says otherwise, so `tlsdiag_facts_t facts = { 0 }` is a connection of which nothing is known.
 *
 * Lists are kept in the order sent, GREASE (RFC 8701) included, up to a fixed number; `_count` is how many
 * the peer sent and may be more than what is kept.
 */
#ifndef TLSDIAG_FACTS_H
#define TLSDIAG_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits real clients do not reach; scanners offer up to about 350 cipher suites. */
enum {
    TLSDIAG_CIPHER_SUITES_KEPT = 384,
    TLSDIAG_EXTENSIONS_KEPT = 64,
    TLSDIAG_GROUPS_KEPT = 48,
    TLSDIAG_KEY_SHARES_KEPT = 16,
    TLSDIAG_SIGNATURE_SCHEMES_KEPT = 64,
    TLSDIAG_VERSIONS_KEPT = 16,
    TLSDIAG_COMPRESSION_KEPT = 8,
    TLSDIAG_PSK_MODES_KEPT = 4,
    TLSDIAG_POINT_FORMATS_KEPT = 4,
    TLSDIAG_ALPN_BYTES_KEPT = 128,
    TLSDIAG_ALERTS_KEPT = 8,
    TLSDIAG_OPENSSL_ERRORS_KEPT = 6,
    TLSDIAG_HISTORY_KEPT = 64,
    TLSDIAG_FIRST_BYTES_KEPT = 512,
    TLSDIAG_SERVER_NAME_BYTES = 256,
    TLSDIAG_ADDRESS_TEXT = 48, /**< INET6_ADDRSTRLEN and a little */
    TLSDIAG_NAME_TEXT = 256,   /**< a distinguished name, RFC 2253 order, cut at that */
};

/** A list of 16-bit code points, capacity KEPT. */
#define TLSDIAG_CODES(name, kept) \
    uint16_t name[kept];          \
    uint16_t name##_count

/** How many entries of a list are there to be read, when the peer sent count and we keep up to capacity. */
static inline size_t tlsdiag_kept(size_t count, size_t capacity)
{
    return count < capacity ? count : capacity;
}

/** What the ClientHello holds (RFC 8446 4.1.2, RFC 5246 7.4.1.2). Filled by decode/client_hello.h alone. */
typedef struct tlsdiag_client_hello {
    bool complete; /**< the whole message was there and was read to its end */
    bool
        sslv2_format; /**< SSLv2-format hello (RFC 8446 D.5); cipher_suites then holds the 3-byte specs that start with 0 */
    uint16_t legacy_version; /**< 0x0303 for TLS 1.2 and later */
    uint8_t session_id_length;
    TLSDIAG_CODES(cipher_suites, TLSDIAG_CIPHER_SUITES_KEPT);
    uint8_t compression[TLSDIAG_COMPRESSION_KEPT]; /**< legacy_compression_methods */
    uint8_t compression_count;
    bool has_extensions; /**< the extensions block is there, empty or not */
    TLSDIAG_CODES(extensions, TLSDIAG_EXTENSIONS_KEPT);
    TLSDIAG_CODES(supported_versions, TLSDIAG_VERSIONS_KEPT); /**< 0: extension absent */
    TLSDIAG_CODES(supported_groups, TLSDIAG_GROUPS_KEPT);     /**< 0: extension absent or empty */
    TLSDIAG_CODES(key_shares, TLSDIAG_KEY_SHARES_KEPT);       /**< groups a key share came for */
    TLSDIAG_CODES(signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT);
    TLSDIAG_CODES(signature_algorithms_cert, TLSDIAG_SIGNATURE_SCHEMES_KEPT);
    uint8_t alpn[TLSDIAG_ALPN_BYTES_KEPT]; /**< ProtocolNameList as sent, whole names only, each with its length byte */
    uint8_t alpn_bytes;                    /**< bytes used in alpn */
    uint16_t alpn_count;                   /**< names sent */
    uint8_t server_name[TLSDIAG_SERVER_NAME_BYTES];    /**< host_name bytes as sent, hostile; no NUL added */
    uint16_t server_name_length;                       /**< bytes sent; may exceed what is kept */
    uint8_t point_formats[TLSDIAG_POINT_FORMATS_KEPT]; /**< ec_point_formats, which JA3 counts in */
    uint8_t point_formats_count;
    uint8_t psk_modes[TLSDIAG_PSK_MODES_KEPT];
    uint8_t psk_modes_count;
    bool has_server_name; /**< extension 0 is there, even if empty or broken */
    bool has_supported_groups, has_key_share, has_signature_algorithms, has_supported_versions;
    bool has_alpn;
    bool early_data;             /**< extension 42 */
    bool ech;                    /**< extension 0xfe0d; GREASE ECH cannot be told from real */
    bool session_ticket;         /**< extension 35 present with a non-empty ticket */
    bool offers_tickets;         /**< extension 35 present */
    bool pre_shared_key;         /**< extension 41 */
    bool status_request;         /**< extension 5: asks for an OCSP staple */
    bool post_handshake_auth;    /**< extension 49 */
    bool extended_master_secret; /**< extension 23 */
    bool secure_renegotiation;   /**< extension 0xff01 or the SCSV 0x00ff */
    bool fallback_scsv;          /**< 0x5600 among the cipher suites (RFC 7507) */
    bool grease;                 /**< a GREASE value somewhere */
    uint32_t message_bytes;      /**< length of the handshake body that was declared */
    uint32_t malformed_at;       /**< offset in the body of the first impossible length or value */
    char malformed[40];          /**< which field it is, as the RFC names it ("key_share"); empty: well formed */
} tlsdiag_client_hello_t;

/** How far the handshake came. In order. */
typedef enum {
    TLSDIAG_CONNECTED,
    TLSDIAG_BYTES_RECEIVED,
    TLSDIAG_CLIENT_HELLO,
    TLSDIAG_HELLO_RETRY_REQUEST, /**< sent, and no second ClientHello since */
    TLSDIAG_SERVER_FLIGHT_SENT,
    TLSDIAG_CLIENT_FLIGHT, /**< something of the client's answer was read */
    TLSDIAG_FINISHED
} tlsdiag_stage_t;

/** What ended it, from the transport's and the protocol's point of view. */
typedef enum {
    TLSDIAG_ENDED_NOT = 0,        /**< still open */
    TLSDIAG_ENDED_FINISHED,       /**< completed, then the first application bytes came or it was closed in peace */
    TLSDIAG_ENDED_ALERT_SENT,     /**< a fatal alert of ours */
    TLSDIAG_ENDED_ALERT_RECEIVED, /**< a fatal alert, close_notify or user_canceled of theirs, before completion */
    TLSDIAG_ENDED_CLOSED,         /**< FIN */
    TLSDIAG_ENDED_RESET,          /**< RST */
    TLSDIAG_ENDED_TIMEOUT,        /**< Timeout or RequestReadTimeout handshake= */
    TLSDIAG_ENDED_SERVER_STOP,    /**< our own shutdown */
    TLSDIAG_ENDED_ERROR           /**< OpenSSL or a filter gave up without an alert */
} tlsdiag_ended_by_t;

typedef struct tlsdiag_alert {
    bool received;       /**< from the client; else sent by us */
    bool fatal;          /**< AlertLevel fatal(2); TLS 1.3 ignores the level (RFC 8446 6) */
    bool after_finished; /**< came when the handshake was complete */
    uint8_t description; /**< AlertDescription */
    uint32_t at_us;      /**< microseconds after the connection was accepted */
} tlsdiag_alert_t;

/** One entry of OpenSSL's error queue, first to last. */
typedef struct tlsdiag_openssl_error {
    uint64_t code; /**< packed, as ERR_peek_error gives it */
    uint16_t library;
    uint32_t reason;
    char text[64]; /**< ERR_reason_error_string; empty when OpenSSL has none */
} tlsdiag_openssl_error_t;

/** A certificate as a person needs it in a log line. */
typedef struct tlsdiag_certificate_summary {
    bool present;
    char subject[TLSDIAG_NAME_TEXT]; /**< RFC 2253, bytes as X509_NAME_print_ex escapes them */
    char issuer[TLSDIAG_NAME_TEXT];
    char serial[48];               /**< hex */
    uint8_t sha256[32];            /**< of the DER form */
    int64_t not_before, not_after; /**< seconds since 1970 */
} tlsdiag_certificate_summary_t;

/** How the bytes travelled. */
typedef struct tlsdiag_network {
    uint64_t bytes_received, bytes_sent; /**< on the wire below TLS, until the outcome */
    uint16_t hello_reads;                /**< reads that delivered bytes until the ClientHello was complete */
    uint16_t hello_records;              /**< TLS records it came in */
    int read_status;                     /**< apr_status_t of the read that ended it; 0: none did */
    int write_status;                    /**< likewise for writes */
    bool end_of_file, reset, timed_out, write_failed, aborted; /**< what read_status and write_status mean */
    bool tcp_known;                                            /**< the fields below were read (Linux TCP_INFO) */
    uint32_t rtt_us, rttvar_us, retransmits, unacked, lost, mss, pmtu;
    uint32_t bytes_unread; /**< bytes of ours the peer has not acknowledged; 0 when unknown */
} tlsdiag_network_t;

/** Microseconds on the monotonic clock after the connection was handed to us; 0: it did not happen. */
typedef struct tlsdiag_timing {
    uint32_t first_byte_us;    /**< first bytes read */
    uint32_t client_hello_us;  /**< ClientHello complete */
    uint32_t server_flight_us; /**< our flight handed to the kernel */
    uint32_t client_answer_us; /**< first bytes after that */
    uint32_t total_us;         /**< until the outcome was known */
} tlsdiag_timing_t;

/** What both sides settled on. Valid as far as the handshake came. */
typedef struct tlsdiag_negotiated {
    uint16_t version;          /**< of the ServerHello: 0x0304, 0x0303, ...; 0: no ServerHello was sent */
    uint16_t cipher_suite;     /**< 0: none chosen */
    char cipher_openssl[48];   /**< OpenSSL's name */
    uint16_t group;            /**< IANA named group used for the key exchange; 0: none (RSA key exchange) or unknown */
    uint16_t dh_bits;          /**< size of the finite-field DH group we sent; 0: none */
    uint16_t signature_scheme; /**< that we signed with */
    char alpn[64];             /**< what we answered, escaped; empty: nothing */
    bool hello_retry_request;  /**< we asked for another key share */
    uint16_t hello_retry_group; /**< the group we asked for */
    bool resumed;
    bool resumed_by_session_id; /**< TLS 1.2 session id; else a ticket */
    bool early_data;            /**< accepted */
    bool ocsp_stapled;          /**< we sent an OCSP staple */
    bool ocsp_staple_is_error;  /**< ... and it is an error such as tryLater(3) in place of a response: of no use to a
                                  client. RFC 6960 4.2.1 */
    bool forward_secrecy;
    bool certificate_requested; /**< we sent CertificateRequest */
    uint16_t certificate_request_bytes, certificate_authorities_count;
    TLSDIAG_CODES(requested_signature_algorithms, TLSDIAG_SIGNATURE_SCHEMES_KEPT); /**< of our CertificateRequest */
    uint32_t certificate_message_bytes; /**< size of the Certificate message we sent */
    bool sni_matched;                   /**< a ServerName or ServerAlias of the chosen vhost is the name asked for */
    bool name_covered;                  /**< the certificate served covers the name asked for (RFC 6125) */
    int8_t certificate; /**< index into posture->certificates of the one served, plus 1; 0: none or unknown */
} tlsdiag_negotiated_t;

/** The verification of the client's certificate. */
typedef struct tlsdiag_verification {
    bool checked;         /**< the verify callback ran */
    int32_t error;        /**< first X509_V_ERR_* that stood when verification went on or ended; 0: none */
    char text[64];        /**< X509_verify_cert_error_string(error): "certificate has expired"; empty: no error */
    int32_t depth;        /**< at which the error stood; 0 is the client's own certificate */
    bool empty;           /**< the client answered our CertificateRequest with no certificate */
    uint8_t sent_count;   /**< certificates the client sent */
    bool issuer_is_known; /**< issuer of the last certificate sent is a subject we trust or advertise */
    tlsdiag_certificate_summary_t failed; /**< the certificate that failed; not present when verification went well */
} tlsdiag_verification_t;

/** Everything about one handshake. */
typedef struct tlsdiag_facts {
    /* who and where */
    int64_t started_us; /**< wall clock, microseconds since 1970: connection accepted */
    int64_t ended_us;   /**< wall clock: outcome known */
    char client_address[TLSDIAG_ADDRESS_TEXT], local_address[TLSDIAG_ADDRESS_TEXT];
    uint16_t client_port, local_port;
    bool ipv6;
    bool proxied_address;   /**< client_address came from a PROXY header */
    bool is_backend;        /**< we are the client (SSLProxyEngine) */
    char connection_id[48]; /**< httpd's %{c}L */

    /* what came */
    uint8_t first_bytes[TLSDIAG_FIRST_BYTES_KEPT]; /**< what came before a ClientHello was complete, raw */
    uint16_t first_bytes_length;                   /**< bytes kept of it; 0 once a complete ClientHello came first */
    bool has_client_hello; /**< a ClientHello message came whole, well formed or not, or part of one was decoded */
    tlsdiag_client_hello_t client_hello;
    bool has_second_client_hello; /**< after HelloRetryRequest */
    uint16_t second_key_share;    /**< first group of the second ClientHello's key_share */
    char ja3[33], ja4[40];        /**< empty: no complete hello, or no digest on this host */

    /* what happened */
    tlsdiag_stage_t stage;
    tlsdiag_ended_by_t ended_by;
    bool established;                   /**< both Finished messages were good */
    bool request_seen;                  /**< application bytes came after that */
    bool renegotiating;                 /**< this record is about a handshake on an already established connection */
    bool client_renegotiation_refused;  /**< the client asked for one and we answered no_renegotiation */
    bool post_handshake_authentication; /**< ... and that it was for a client certificate (TLS 1.3) */
    bool certificate_wanted;            /**< ... and that it is to ask for a client certificate, in any version */
    char history[TLSDIAG_HISTORY_KEPT]; /**< handshake messages in order, Zeek's letters, upper case: client */
    tlsdiag_alert_t alerts[TLSDIAG_ALERTS_KEPT];
    uint16_t alerts_count;
    tlsdiag_openssl_error_t openssl_errors[TLSDIAG_OPENSSL_ERRORS_KEPT]; /**< the first ones and, last, the newest */
    uint16_t openssl_errors_count;

    tlsdiag_negotiated_t negotiated;
    tlsdiag_verification_t verification;
    tlsdiag_certificate_summary_t client_certificate; /**< the client's own, also when it was rejected */
    tlsdiag_network_t network;
    tlsdiag_timing_t timing;
    bool server_stopping;        /**< httpd was going down when it ended */
    bool proxy_protocol_enabled; /**< mod_remoteip expects a PROXY header on this connection */
    bool proxy_header_began;     /**< ... and what came begins as one does */
} tlsdiag_facts_t;

/* Zeek's letters for handshake messages in facts.history (ssl.log's ssl_history): upper case from the client. */

#endif
