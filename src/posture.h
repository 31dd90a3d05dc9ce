/* SPDX-License-Identifier: Apache-2.0 */
/**
 * posture.h knows what one vhost is really set up to do, after OpenSSL and the system's policy had their say:
 * record number two of the two that everything turns on (facts.h is the other). It refuses to judge.
 *
 * Read from the SSL_CTX at start-up by collect/server.h, then read only. All pointers live as long as the
 * configuration (the allocator that made them); strings are never NULL unless their comment says so.
 */
#ifndef TLSDIAG_POSTURE_H
#define TLSDIAG_POSTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Bits of a set of protocol versions. */
enum {
    TLSDIAG_SSL30 = 1 << 0,
    TLSDIAG_TLS10 = 1 << 1,
    TLSDIAG_TLS11 = 1 << 2,
    TLSDIAG_TLS12 = 1 << 3,
    TLSDIAG_TLS13 = 1 << 4
};

/** Code points in order of preference. */
typedef struct tlsdiag_code_list {
    const uint16_t *codes;
    uint16_t count;
} tlsdiag_code_list_t;

/** Text lines: names, addresses. */
typedef struct tlsdiag_text_list {
    const char *const *items;
    uint16_t count;
} tlsdiag_text_list_t;

/** Byte by byte. */
static inline bool tlsdiag_texts_contain(tlsdiag_text_list_t list, const char *text)
{
    for (uint16_t i = 0; i < list.count; i++) {
        if (strcmp(list.items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

typedef enum {
    TLSDIAG_KEY_NONE,
    TLSDIAG_KEY_RSA,
    TLSDIAG_KEY_RSA_PSS,
    TLSDIAG_KEY_ECDSA,
    TLSDIAG_KEY_ED25519,
    TLSDIAG_KEY_ED448,
    TLSDIAG_KEY_DSA,
    TLSDIAG_KEY_ML_DSA,
    TLSDIAG_KEY_OTHER
} tlsdiag_key_type_t;

/** How a certificate is signed. */
typedef enum {
    TLSDIAG_HASH_OTHER, /**< EdDSA, ML-DSA and what is not listed: no separate hash to judge */
    TLSDIAG_HASH_MD5,
    TLSDIAG_HASH_SHA1,
    TLSDIAG_HASH_SHA2
} tlsdiag_hash_t;

/** One certificate of a chain. */
typedef struct tlsdiag_certificate {
    const char *subject, *issuer;  /**< RFC 2253 */
    const char *common_name;       /**< NULL: none */
    const char *serial;            /**< hex */
    uint8_t sha256[32];            /**< of the DER form */
    uint8_t public_key_sha256[32]; /**< of the SubjectPublicKeyInfo: the same key used again, pins */
    int64_t not_before, not_after; /**< seconds since 1970 */
    tlsdiag_key_type_t key_type;
    uint16_t key_bits;               /**< RSA modulus or field size */
    uint16_t key_group;              /**< IANA named group of an EC key; 0: not EC or not named */
    const char *signature_algorithm; /**< OpenSSL's long name */
    tlsdiag_hash_t signature_hash;
    bool self_issued; /**< subject equals issuer */
    bool self_signed; /**< and its own key made the signature */
    bool is_ca;       /**< basicConstraints CA:TRUE */
    bool has_basic_constraints;
    bool has_key_usage, usage_digital_signature, usage_key_encipherment, usage_key_agreement, usage_cert_sign;
    bool has_extended_key_usage, usage_server_auth, usage_client_auth, usage_any;
    bool must_staple;             /**< TLS feature extension, status_request (RFC 7633) */
    const char *unknown_critical; /**< OID of a critical extension that common libraries do not know; NULL: none */
    bool has_name_constraints;
    bool
        name_constraints_violated; /**< (CA certificates) its name constraints forbid a name of the leaf (RFC 5280 4.2.1.10) */
    bool
        links_to_next; /**< the next certificate in the chain as sent issued this one (name, and signature where checked) */
    const char *issuer_url;           /**< AIA caIssuers; NULL: none */
    const char *ocsp_url;             /**< AIA OCSP; NULL: none */
    bool has_sct;                     /**< embedded signed certificate timestamps */
    tlsdiag_text_list_t dns_names;    /**< subjectAltName dNSName */
    tlsdiag_text_list_t ip_addresses; /**< subjectAltName iPAddress, as text */
    bool has_subject_alt_name;
} tlsdiag_certificate_t;

/** A certificate with what is sent along. */
typedef struct tlsdiag_chain {
    const void *identity; /**< OpenSSL's object of the leaf, to be compared only: which chain a connection was served */
    const tlsdiag_certificate_t *certificates; /**< [0] is the leaf, then as sent */
    uint16_t count;
    uint32_t message_bytes; /**< size of the Certificate message (TLS 1.2 form) that this makes */
    bool
        complete; /**< every link holds and the last certificate is self-signed, or a root of this host's trust store issued it */
    bool root_known;                /**< this host's trust store verified it */
    bool root_sent;                 /**< the last one sent is self-signed (and is not the leaf) */
    bool wrong_order;               /**< all links are there, but not in the order of issue */
    bool issuer_sent;               /**< the leaf's issuer is among those sent */
    const char *missing_issuer;     /**< issuer name of the last certificate that links; NULL: nothing is missing */
    const char *missing_issuer_url; /**< where it can be fetched (AIA); NULL: not said */
    bool missing_is_intermediate; /**< the missing issuer's certificate is known on this host (another vhost's chain, a
                                         CA file) and is not self-signed: clients cannot be expected to have it */
    const char *missing_found_in; /**< the file on this host that holds it; NULL: not known */
    const char *certificate_file; /**< SSLCertificateFile as configured; NULL: not found */
    const char *key_file;         /**< NULL: not found or inside certificate_file */
    const char *chain_file;       /**< SSLCertificateChainFile, which holds the rest of the chain; NULL: not set */
} tlsdiag_chain_t;

typedef enum {
    TLSDIAG_VERIFY_NONE,
    TLSDIAG_VERIFY_OPTIONAL,
    TLSDIAG_VERIFY_REQUIRE,
    TLSDIAG_VERIFY_OPTIONAL_NO_CA
} tlsdiag_verify_mode_t;

/** A directive as the administrator wrote it; text is NULL where the vhost has none and inherits none. */
typedef struct tlsdiag_directive {
    const char *text; /**< the value as written: without quotes, without the word that selects it (TLSv1.3, Groups) */
    const char *file;
    int line;
} tlsdiag_directive_t;

typedef struct tlsdiag_posture {
    const char *name;                   /**< ServerName:port */
    const char *server_name;            /**< without the port */
    uint16_t port;                      /**< 0: not said */
    const char *defined_at;             /**< file:line of its <VirtualHost>, or of the main server */
    const char *addresses;              /**< the <VirtualHost ...> arguments */
    tlsdiag_text_list_t server_aliases; /**< ServerAlias, wildcards as written */
    bool server_name_guessed;           /**< no ServerName is set: httpd took the name of the machine */
    const struct tlsdiag_posture
        *first_vhost; /**< the first vhost of the address, at which each connection begins before
                                                  the SNI moves it here; its groups stay in force; NULL: this one */
    bool is_default;  /**< first for its address and port: serves who asks for no name or an unknown one */

    uint8_t versions_configured; /**< bits: what SSLProtocol lets through */
    uint8_t versions;            /**< bits: what a client can really get (security level, system policy, suites) */
    int security_level;
    tlsdiag_code_list_t
        cipher_suites; /**< allowed by level and versions, TLS 1.3 first, in order of preference; whether a
                                          certificate and a group fit is for who looks at an offer to say */
    tlsdiag_code_list_t cipher_suites_configured; /**< before the security level and the versions took some away */
    tlsdiag_code_list_t cipher_suites_known;      /**< every suite this OpenSSL build could do at security level 0 */
    tlsdiag_code_list_t groups;       /**< in force, in order; each for the versions that have it: iana/traits.h */
    tlsdiag_code_list_t groups_known; /**< every group this OpenSSL could do */
    tlsdiag_code_list_t signature_algorithms; /**< in force, in order, for our signatures, whatever keys there are */
    tlsdiag_code_list_t signature_algorithms_known; /**< what this OpenSSL could do by default at security level 0 */
    tlsdiag_text_list_t alpn;                       /**< Protocols, in order of preference, without h2c */
    uint16_t dh_bits;                               /**< of own DH parameters; 0: automatic */
    bool server_preference;                         /**< SSLHonorCipherOrder on */

    const tlsdiag_chain_t *chains; /**< one for each key type loaded */
    uint8_t chains_count;

    tlsdiag_verify_mode_t verify_client;
    int verify_depth;
    tlsdiag_text_list_t client_authorities; /**< names of the CAs advertised in CertificateRequest */
    uint32_t client_authorities_bytes;      /**< their size in CertificateRequest */
    uint32_t trusted_authorities_count;     /**< CAs in the vhost's own store */
    bool crl_check;                         /**< leaf or chain */
    bool crl_loaded;
    int64_t crl_next_update; /**< earliest nextUpdate among the CRLs, seconds since 1970; 0: unknown */

    bool session_cache;
    bool session_tickets;
    const char
        *session_ticket_key_file; /**< SSLSessionTicketKeyFile, absolute; NULL: OpenSSL makes a key at each start */
    bool stapling;
    bool stapling_responder_set; /**< SSLStaplingForceURL names a responder */
    bool compression;
    bool insecure_renegotiation;
    bool strict_sni;
    bool http2_loaded,
        remoteip_loaded; /**< mod_http2 and mod_remoteip are there, so that a remedy may name their directives */
    bool optional_tls;   /**< SSLEngine optional */
    bool proxy_protocol; /**< RemoteIPProxyProtocol On */
    int64_t timeout_us;  /**< Timeout */
    int64_t handshake_timeout_us; /**< RequestReadTimeout handshake=; 0: none, -1: unknown */

    /* what the administrator wrote, for remedies that change no more than they must */
    tlsdiag_directive_t ssl_protocol, ssl_cipher_suite, ssl_cipher_suite_tls13;
    /** SSLOpenSSLConfCmd of these names, which mod_ssl hands to OpenSSL last: what they say is in force. */
    tlsdiag_directive_t cipher_string_command, ciphersuites_command, min_protocol_command, max_protocol_command,
        protocol_command;
    tlsdiag_directive_t groups_directive, signature_algorithms_directive, client_signature_algorithms_directive,
        protocols, verify_client_directive, verify_depth_directive, ca_certificate_file, ca_certificate_path,
        revocation_file, revocation_check, use_stapling;
    tlsdiag_directive_t
        groups_directive_ignored; /**< own Groups or Curves without effect: those of first_vhost count, where
                                                     groups_directive stands; text NULL: none */

    /* of the host */
    const char *openssl_version; /**< of the library in use */
    const char *openssl_config;  /**< path of openssl.cnf in use */
    bool system_policy_limits;   /**< openssl.cnf sets MinProtocol, CipherString or Groups for everybody */
} tlsdiag_posture_t;

#endif
