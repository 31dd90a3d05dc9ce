/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a vhost trusts to vouch for clients: the names it advertises, the CAs and CRLs in its own store.
 */
#include "collect/server_parts.h"

#include <openssl/x509.h>

enum { LENGTH_BYTES = 2 };

static STACK_OF(X509_NAME) * advertised(SSL_CTX *ctx)
{
    STACK_OF(X509_NAME) *names = SSL_CTX_get_client_CA_list(ctx);
    /* The same order as OpenSSL when it writes CertificateRequest: get_ca_names(). */
    return sk_X509_NAME_num(names) > 0 ? names : (STACK_OF(X509_NAME) *)SSL_CTX_get0_CA_list(ctx);
}

static void read_authorities(tlsdiag_posture_t *posture, SSL_CTX *ctx, tlsdiag_collector_t *collector)
{
    STACK_OF(X509_NAME) *names = advertised(ctx);
    int count = sk_X509_NAME_num(names);
    if (count <= 0) {
        return;
    }
    count = count < UINT16_MAX ? count : UINT16_MAX;
    const char **items = tlsdiag_collector_allocate(collector, (size_t)count * sizeof *items);
    for (int i = 0; i < count; i++) {
        X509_NAME *name = sk_X509_NAME_value(names, i);
        int bytes = i2d_X509_NAME(name, NULL);
        items[i] = tlsdiag_name_text(collector, name);
        posture->client_authorities_bytes += LENGTH_BYTES + (uint32_t)(bytes > 0 ? bytes : 0);
    }
    posture->client_authorities = (tlsdiag_text_list_t){ .items = items, .count = (uint16_t)count };
}

static void read_crl(tlsdiag_posture_t *posture, const X509_CRL *crl)
{
    int64_t next = tlsdiag_time_seconds(X509_CRL_get0_nextUpdate(crl));
    posture->crl_loaded = true;
    if (next && (!posture->crl_next_update || next < posture->crl_next_update)) {
        posture->crl_next_update = next;
    }
}

static void read_objects(tlsdiag_posture_t *posture, STACK_OF(X509_OBJECT) * objects)
{
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509_OBJECT *object = sk_X509_OBJECT_value(objects, i);
        X509_LOOKUP_TYPE type = X509_OBJECT_get_type(object);
        if (type == X509_LU_X509) {
            posture->trusted_authorities_count++;
        } else if (type == X509_LU_CRL) {
            read_crl(posture, X509_OBJECT_get0_X509_CRL(object));
        }
    }
}

void tlsdiag_trust_collect(tlsdiag_posture_t *posture, SSL_CTX *ctx, tlsdiag_collector_t *collector)
{
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);
    read_authorities(posture, ctx, collector);
    if (store) {
        read_objects(posture, X509_STORE_get0_objects(store));
        posture->crl_check = X509_VERIFY_PARAM_get_flags(X509_STORE_get0_param(store)) & X509_V_FLAG_CRL_CHECK;
    }
}
