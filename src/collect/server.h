/* SPDX-License-Identifier: Apache-2.0 */
/**
 * server.h knows how to read out of an SSL_CTX what a vhost is really set up to do.
 * It refuses to know httpd: names, directives and files come in as plain values, memory through a function.
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

/**
 * Fill in all of posture that OpenSSL knows: versions, suites, groups, signature algorithms, security level, chains,
 * client-certificate mode, session settings. What only httpd knows (names, directives, ALPN) is the caller's.
 *
 * Shape    ctx as mod_ssl left it at the ssl init_server hook. It is not changed; one SSL is made from it and freed.
 * Broken   what cannot be read stays zero; OpenSSL's error queue is left as it was.
 */
void tlsdiag_posture_collect(tlsdiag_posture_t *posture, SSL_CTX *ctx, const tlsdiag_allocator_t *allocator);

#endif
