/* SPDX-License-Identifier: Apache-2.0 */
/**
 * server_parts.h knows the seams between the files that read a server's set-up. It is nobody else's business: the way in
 * is server.h.
 */
#ifndef TLSDIAG_COLLECT_SERVER_PARTS_H
#define TLSDIAG_COLLECT_SERVER_PARTS_H

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "collect/server.h"

/* server_collector.c */

enum { TLSDIAG_CODES_MAX = 512 };

/** A list under construction. What does not fit is left out; no OpenSSL comes near it. */
typedef struct tlsdiag_codes {
    uint16_t codes[TLSDIAG_CODES_MAX];
    uint16_t count;
} tlsdiag_codes_t;

/** Append a code that is not in the list yet. */
void tlsdiag_codes_add(tlsdiag_codes_t *list, uint16_t code);

/** Append the code of each cipher suite. */
void tlsdiag_suites_add(tlsdiag_codes_t *list, STACK_OF(SSL_CIPHER) * suites);

/** Zeroed memory that lives as long as the collector. */
void *tlsdiag_collector_allocate(tlsdiag_collector_t *collector, size_t size);
/** A NUL-terminated copy of length bytes. */
const char *tlsdiag_collector_text(tlsdiag_collector_t *collector, const char *text, size_t length);
/** A copy of the list that vhosts with equal lists share. */
tlsdiag_code_list_t tlsdiag_collector_codes(tlsdiag_collector_t *collector, const tlsdiag_codes_t *list);
/** Fill in the fields of posture that are the same for every vhost of the host. */
void tlsdiag_collector_describe(tlsdiag_collector_t *collector, tlsdiag_posture_t *posture);

/** What this host's own trust store makes of a certificate. */
typedef enum {
    TLSDIAG_TRUST_NOT_ASKED,
    TLSDIAG_TRUST_NONE,         /**< its issuer is not there */
    TLSDIAG_TRUST_INTERMEDIATE, /**< its issuer is there, and is no root: clients need not have it */
    TLSDIAG_TRUST_ROOT          /**< it is a root there, or a root there issued it */
} tlsdiag_trust_t;

/** What was found out about one certificate, however many vhosts send it. */
typedef struct tlsdiag_known_certificate {
    struct tlsdiag_known_certificate *next;
    tlsdiag_certificate_t certificate; /**< without what depends on the chain */
    tlsdiag_trust_t trust;
    uint8_t issuer_sha256[32]; /**< the certificate that was last found to have signed this one; zero: none yet */
} tlsdiag_known_certificate_t;

/** The entry for a certificate, read at its first use. */
tlsdiag_known_certificate_t *tlsdiag_collector_certificate(tlsdiag_collector_t *collector, X509 *certificate);
/** Ask the trust store, once for each certificate. Validity dates do not matter here. */
tlsdiag_trust_t tlsdiag_collector_trust(tlsdiag_collector_t *collector, X509 *certificate,
                                        tlsdiag_known_certificate_t *known);

/* server_known.c */

/** Append everything this OpenSSL could do without a policy. Costs a few hundred look-ups by name. */
void tlsdiag_known_collect(tlsdiag_codes_t *suites, tlsdiag_codes_t *known_groups, tlsdiag_codes_t *signatures);

/* server_certificate.c */

/** All that one certificate says by itself. */
void tlsdiag_certificate_read(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector);
/** A distinguished name, RFC 2253, ASCII only. */
const char *tlsdiag_name_text(tlsdiag_collector_t *collector, const X509_NAME *name);
/** Seconds since 1970; 0: not a time. */
int64_t tlsdiag_time_seconds(const ASN1_TIME *time);

/* server_names.c */

/** Writes   dns_names, ip_addresses and has_subject_alt_name. */
void tlsdiag_subject_alt_names_read(tlsdiag_certificate_t *out, X509 *certificate, tlsdiag_collector_t *collector);

/* server_chain.c */

/** Writes   posture->chains. ssl is of ctx; its current certificate is moved. */
void tlsdiag_chains_collect(tlsdiag_posture_t *posture, SSL *ssl, SSL_CTX *ctx, tlsdiag_collector_t *collector);

/* server.c */

/** Where a connection to a vhost begins, and where mod_ssl moves it. */
typedef struct tlsdiag_origin {
    SSL_CTX *ctx;      /**< the vhost's */
    SSL_CTX *first;    /**< of the vhost that is first at the address; the same where that is the vhost itself */
    bool own_versions; /**< the move takes the versions along */
} tlsdiag_origin_t;

/** A new SSL in the state in which mod_ssl hands it to the handshake. */
SSL *tlsdiag_origin_ssl(const tlsdiag_origin_t *origin);

/* server_offer.c */

/** Writes   suites, groups and signature algorithms. ssl is new, of the same origin, and is of no other use afterwards. */
void tlsdiag_offer_collect(tlsdiag_posture_t *posture, const tlsdiag_origin_t *origin, SSL *ssl,
                           tlsdiag_collector_t *collector);

/* server_versions.c */

/** The versions that the SSL's own range and options let through. */
uint8_t tlsdiag_versions_configured(SSL *ssl);
/** Those of them in which at least one suite, group, signature algorithm and certificate go together. */
uint8_t tlsdiag_versions_effective(const tlsdiag_posture_t *posture, const SSL *ssl);

/* server_trust.c */

/** Writes   client_authorities, trusted_authorities_count and the crl_ fields. */
void tlsdiag_trust_collect(tlsdiag_posture_t *posture, SSL_CTX *ctx, tlsdiag_collector_t *collector);

#endif
