/* SPDX-License-Identifier: Apache-2.0 */
/**
 * vhost_posture.h knows how to join what OpenSSL says of a vhost with what httpd says of it. It refuses to judge.
 */
#ifndef TLSDIAG_APACHE_VHOST_POSTURE_H
#define TLSDIAG_APACHE_VHOST_POSTURE_H

#include "apache/module.h"
#include "posture.h"

/** The posture of server, whose SSL_CTX is ctx; lives in pool. */
const tlsdiag_posture_t *tlsdiag_posture_make(server_rec *server, apr_pool_t *pool, void *ctx);

#endif
