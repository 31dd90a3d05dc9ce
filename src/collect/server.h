/* SPDX-License-Identifier: Apache-2.0 */
/**
 * server.h knows how to read out of an SSL_CTX what a vhost is really set up to do.
 * It refuses to know httpd: names, directives and files come in as plain values, memory through a function.
 *
 * What is true of the whole host (what this OpenSSL could do, the roots it knows, the system's policy) is found out once
 * and kept in a collector, which all vhosts of one configuration share. One thread at a time: this is for start-up.
 */
#ifndef TLSDIAG_COLLECT_SERVER_H
#define TLSDIAG_COLLECT_SERVER_H

#include <openssl/ssl.h>

#include "posture.h"

/** Memory that lives as long as the posture; zeroed; never NULL (the host aborts when there is none). */
typedef struct tlsdiag_allocator {
    void *(*allocate)(void *context, size_t size);
    void *context;
} tlsdiag_allocator_t;

typedef struct tlsdiag_collector tlsdiag_collector_t;

/**
 * Ask this host's OpenSSL what it could do and what its configuration file limits.
 *
 * Returns  a collector in the allocator's memory, as long-lived as that; what OpenSSL itself allocated for it stays until
 *          tlsdiag_collector_close().
 */
tlsdiag_collector_t *tlsdiag_collector_open(const tlsdiag_allocator_t *allocator);
void tlsdiag_collector_close(tlsdiag_collector_t *collector);

/**
 * Fill in all of posture that OpenSSL knows: versions, suites, groups, signature algorithms, security level, chains,
 * client-certificate mode, session settings. What only httpd knows (names, directives, ALPN) is the caller's, and so is
 * what mod_ssl keeps to itself: verify_depth, TLSDIAG_VERIFY_OPTIONAL_NO_CA (told as OPTIONAL), strict_sni.
 *
 * Shape    ctx as mod_ssl left it at the ssl init_server hook. It is not changed; SSL objects are made from it and freed.
 *          None of its callbacks runs.
 * Broken   what cannot be read stays zero; OpenSSL's error queue is left as it was.
 */
void tlsdiag_posture_collect(tlsdiag_posture_t *posture, SSL_CTX *ctx, tlsdiag_collector_t *collector);

/**
 * Read again what a vhost offers that is not the first of its address. Each connection begins as an SSL of the first
 * vhost, and mod_ssl then moves it to the vhost that the SNI names. OpenSSL moves the certificates, the cipher suites, the
 * signature algorithms and the security level, mod_ssl the options that are on and (only where an SSLProtocol is in force
 * for that vhost) the versions. The groups stay those of the first vhost: SSL_set_SSL_CTX() does not touch them.
 *
 * Shape    first is the SSL_CTX of the first vhost, own_versions says whether an SSLProtocol is set for this vhost or for
 *          the main server.
 * Writes   versions, suites, groups, signature algorithms, server_preference, session_tickets, compression and
 *          insecure_renegotiation.
 * Source   mod_ssl's ssl_find_vhost(), SSL_set_SSL_CTX(3).
 */
void tlsdiag_posture_collect_behind(tlsdiag_posture_t *posture, SSL_CTX *ctx, SSL_CTX *first, bool own_versions,
                                    tlsdiag_collector_t *collector);

/** Would tlsdiag_posture_collect_behind() find anything else than what posture says? Both are read from their own SSL_CTX. */
bool tlsdiag_posture_depends_on(const tlsdiag_posture_t *posture, const tlsdiag_posture_t *first, bool own_versions);

/** Bits of the DH parameters in a PEM file; 0: none in it, or it cannot be read. */
uint16_t tlsdiag_dh_parameters_bits(const char *path);

/** nextUpdate of the CRL in a PEM file (OpenSSL reads no other in such a folder), seconds since 1970; 0: no CRL, or it has none. */
int64_t tlsdiag_crl_file_next_update(const char *path);

#endif
