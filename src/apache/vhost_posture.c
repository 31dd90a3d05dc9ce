/* SPDX-License-Identifier: Apache-2.0 */
/* A first version, so that the module builds: names, place and what OpenSSL knows. The directives follow. */
#include "apache/vhost_posture.h"

#include "apr_strings.h"
#include "collect/server.h"

static void *allocate(void *pool, size_t size)
{
    return apr_pcalloc(pool, size);
}

static tlsdiag_library_t *library_of(apr_pool_t *pool)
{
    static const char key[] = "tlsdiag_posture_library";
    void *kept = NULL;

    apr_pool_userdata_get(&kept, key, pool);
    if (!kept) {
        tlsdiag_allocator_t allocator = { allocate, pool };
        kept = tlsdiag_library_open(&allocator);
        apr_pool_userdata_set(kept, key, NULL, pool);
    }
    return kept;
}

const tlsdiag_posture_t *tlsdiag_posture_make(server_rec *server, apr_pool_t *pool, void *ctx)
{
    tlsdiag_posture_t *posture = apr_pcalloc(pool, sizeof *posture);
    unsigned port = server->port ? server->port : server->addrs ? server->addrs->host_port : 0;

    posture->server_name = server->server_hostname ? server->server_hostname : "";
    posture->name = apr_psprintf(pool, "%s:%u", posture->server_name, port);
    posture->port = (uint16_t)port;
    posture->defined_at = apr_psprintf(pool, "%s:%u", server->defn_name ? server->defn_name : "", server->defn_line_number);
    posture->addresses = "";
    posture->is_default = true;
    tlsdiag_posture_collect(posture, ctx, library_of(pool));
    return posture;
}
