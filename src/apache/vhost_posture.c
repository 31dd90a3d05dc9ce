/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/vhost_posture.h"

#include "apache/vhost_posture_parts.h"
#include "apr_strings.h"
#include "http_main.h"

/* One posture made, with what it takes to correct it. */
typedef struct made {
    server_rec *server;
    void *ctx;
    tlsdiag_posture_t *posture;
} made_t;

/* Everything that is needed until the last posture is settled. */
typedef struct workshop {
    apr_pool_t *pool; /* below pconf, destroyed when all is done */
    server_rec *main_server;
    tlsdiag_conftree_t *tree;
    tlsdiag_addresses_t *addresses;
    tlsdiag_collector_t *collector;
    apr_hash_t *files;
    apr_hash_t *made_for; /* server_rec -> made_t */
    apr_array_header_t *made;
} workshop_t;

static const char workshop_key[] = "tlsdiag_posture_workshop";

static void *allocate(void *pool, size_t size)
{
    return apr_pcalloc(pool, size);
}

static apr_status_t close_collector(void *collector)
{
    tlsdiag_collector_close(collector);
    return APR_SUCCESS;
}

static server_rec *main_server_of(server_rec *server)
{
    return server->is_virtual ? ap_server_conf : server;
}

static workshop_t *open_workshop(apr_pool_t *pconf, server_rec *server)
{
    tlsdiag_allocator_t allocator = { .allocate = allocate, .context = pconf };
    apr_pool_t *pool = NULL;
    apr_pool_create(&pool, pconf);
    workshop_t *workshop = apr_pcalloc(pool, sizeof *workshop);
    workshop->pool = pool;
    workshop->main_server = main_server_of(server);
    workshop->tree = tlsdiag_conftree_read(pool, pconf);
    workshop->addresses = tlsdiag_addresses_read(pool, workshop->main_server);
    workshop->collector = tlsdiag_collector_open(&allocator);
    workshop->files = apr_hash_make(pool);
    workshop->made_for = apr_hash_make(pool);
    workshop->made = apr_array_make(pool, 64, sizeof(made_t *));
    apr_pool_cleanup_register(pool, workshop->collector, close_collector, apr_pool_cleanup_null);
    apr_pool_userdata_set(workshop, workshop_key, apr_pool_cleanup_null, pconf);
    return workshop;
}

static workshop_t *find_workshop(apr_pool_t *pconf)
{
    void *workshop = NULL;
    apr_pool_userdata_get(&workshop, workshop_key, pconf);
    return workshop;
}

static void note_made(workshop_t *workshop, server_rec *server, void *ctx, tlsdiag_posture_t *posture)
{
    made_t *made = apr_palloc(workshop->pool, sizeof *made);
    *made = (made_t){ .server = server, .ctx = ctx, .posture = posture };
    apr_hash_set(workshop->made_for, &made->server, sizeof(void *), made);
    APR_ARRAY_PUSH(workshop->made, made_t *) = made;
}

const tlsdiag_posture_t *tlsdiag_posture_make(server_rec *server, apr_pool_t *pconf, void *ctx)
{
    workshop_t *workshop = find_workshop(pconf);
    if (!workshop) {
        workshop = open_workshop(pconf, server);
    }
    const tlsdiag_making_t making = { .server = server,
                                      .main_server = workshop->main_server,
                                      .pool = pconf,
                                      .section = tlsdiag_conftree_section(workshop->tree, server),
                                      .files = workshop->files,
                                      .posture = apr_pcalloc(pconf, sizeof(tlsdiag_posture_t)) };
    tlsdiag_posture_add_server(&making);
    tlsdiag_posture_collect(making.posture, ctx, workshop->collector);
    tlsdiag_posture_add_directives(&making);
    tlsdiag_posture_add_files(&making);
    making.posture->is_default = tlsdiag_addresses_is_first(workshop->addresses, server);
    note_made(workshop, server, ctx, making.posture);
    return making.posture;
}

/* Connections to this vhost begin at another one, and not all of their settings come along. */
static void bend(workshop_t *workshop, const made_t *made)
{
    const server_rec *first_server = tlsdiag_addresses_first(workshop->addresses, made->server);
    const made_t *first = apr_hash_get(workshop->made_for, &first_server, sizeof(void *));
    tlsdiag_posture_t *posture = made->posture;
    bool own_versions = posture->ssl_protocol.text != NULL;
    if (!first || first == made) {
        return;
    }
    posture->first_vhost = first->posture;
    posture->proxy_protocol |= first->posture->proxy_protocol; /* it belongs to the address: mod_remoteip */
    if (tlsdiag_posture_depends_on(posture, first->posture, own_versions)) {
        tlsdiag_posture_collect_behind(posture, made->ctx, first->ctx, own_versions, workshop->collector);
    }
    posture->groups_directive_ignored =
        tlsdiag_section_find_own(tlsdiag_conftree_section(workshop->tree, made->server), TLSDIAG_SETTING_GROUPS);
    posture->groups_directive = first->posture->groups_directive;
}

/* An intermediate that some vhost sends, and the file it sends it from. */
typedef struct intermediate {
    const tlsdiag_certificate_t *certificate;
    const char *file;
} intermediate_t;

static void remember_intermediates(apr_hash_t *known, apr_pool_t *pool, const tlsdiag_chain_t *chain)
{
    for (uint16_t i = 1; i < chain->count; i++) {
        const tlsdiag_certificate_t *certificate = &chain->certificates[i];
        if (certificate->is_ca && !certificate->self_signed) {
            intermediate_t *intermediate = apr_palloc(pool, sizeof *intermediate);
            intermediate->certificate = certificate;
            intermediate->file = chain->chain_file ? chain->chain_file : chain->certificate_file;
            apr_hash_set(known, certificate->subject, APR_HASH_KEY_STRING, intermediate);
        }
    }
}

static void find_missing(const apr_hash_t *known, tlsdiag_chain_t *chain)
{
    const intermediate_t *found =
        chain->missing_issuer ? apr_hash_get((apr_hash_t *)known, chain->missing_issuer, APR_HASH_KEY_STRING) : NULL;
    if (found) {
        chain->missing_is_intermediate = true;
        chain->missing_found_in = found->file;
    }
}

/* The chains of a posture that is still being made. */
static tlsdiag_chain_t *chains_of(const tlsdiag_posture_t *posture)
{
    return (tlsdiag_chain_t *)posture->chains;
}

static void join_chains(workshop_t *workshop)
{
    apr_hash_t *known = apr_hash_make(workshop->pool);
    for (int i = 0; i < workshop->made->nelts; i++) {
        const tlsdiag_posture_t *posture = APR_ARRAY_IDX(workshop->made, i, made_t *)->posture;
        for (uint8_t chain = 0; chain < posture->chains_count; chain++) {
            remember_intermediates(known, workshop->pool, &posture->chains[chain]);
        }
    }
    for (int i = 0; i < workshop->made->nelts; i++) {
        const tlsdiag_posture_t *posture = APR_ARRAY_IDX(workshop->made, i, made_t *)->posture;
        for (uint8_t chain = 0; chain < posture->chains_count; chain++) {
            find_missing(known, &chains_of(posture)[chain]);
        }
    }
}

void tlsdiag_postures_settle(apr_pool_t *pconf)
{
    workshop_t *workshop = find_workshop(pconf);
    if (!workshop) {
        return;
    }
    for (int i = 0; i < workshop->made->nelts; i++) {
        bend(workshop, APR_ARRAY_IDX(workshop->made, i, made_t *));
    }
    join_chains(workshop);
    apr_pool_userdata_set(NULL, workshop_key, apr_pool_cleanup_null, pconf);
    apr_pool_destroy(workshop->pool);
}
