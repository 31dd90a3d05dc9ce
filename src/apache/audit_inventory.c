/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit_inventory.h"

#include <stdlib.h>

#include "ap_listen.h"
#include "apache/audit_host.h"
#include "apache/config.h"
#include "apache/startup.h"
#include "apr_hash.h"
#include "apr_strings.h"

enum { HTTPS_PORT = 443 };

static void add_vhost(tlsdiag_kept_inventory_t *kept, const tlsdiag_posture_t **vhosts, const tlsdiag_server_t *server)
{
    if (server->posture && tlsdiag_config_of(server->server)->audit != TLSDIAG_AUDIT_OFF) {
        apr_uint16_t at = kept->inventory.vhosts_count++;
        vhosts[at] = server->posture;
        kept->servers[at] = server->server;
        kept->ssl_contexts[at] = server->ssl_context;
    }
}

/* httpd's list is the main server, then the vhosts from the last one in the configuration to the first. */
static void add_vhosts(tlsdiag_kept_inventory_t *kept, apr_pool_t *pool)
{
    const apr_array_header_t *known = tlsdiag_servers();
    int count = known ? known->nelts : 0;
    const tlsdiag_posture_t **vhosts = apr_pcalloc(pool, (apr_size_t)(count + 1) * sizeof *vhosts);

    kept->servers = apr_pcalloc(pool, (apr_size_t)(count + 1) * sizeof *kept->servers);
    kept->ssl_contexts = apr_pcalloc(pool, (apr_size_t)(count + 1) * sizeof *kept->ssl_contexts);
    kept->inventory.vhosts = vhosts;
    for (int i = count - 1; i >= 0; i--) {
        add_vhost(kept, vhosts, APR_ARRAY_IDX(known, i, tlsdiag_server_t *));
    }
}

static bool has_tls(const server_rec *server)
{
    const apr_array_header_t *known = tlsdiag_servers();

    for (int i = 0; known && i < known->nelts; i++) {
        if (APR_ARRAY_IDX(known, i, tlsdiag_server_t *)->server == server) {
            return true;
        }
    }
    return false;
}

/* Others that speak TLS: what has no SSLEngine may have theirs. */
static bool other_tls_modules(void)
{
    return ap_find_linked_module("mod_tls.c") || ap_find_linked_module("mod_gnutls.c") ||
           ap_find_linked_module("mod_nss.c") || !ap_find_linked_module("mod_ssl.c");
}

static bool same_address(const server_addr_rec *a, const server_addr_rec *b)
{
    return a->host_port == b->host_port && a->host_addr && b->host_addr &&
           apr_sockaddr_equal(a->host_addr, b->host_addr);
}

static bool share_address(const server_rec *a, const server_rec *b)
{
    for (const server_addr_rec *x = a->addrs; x; x = x->next) {
        for (const server_addr_rec *y = b->addrs; y; y = y->next) {
            if (same_address(x, y)) {
                return true;
            }
        }
    }
    return false;
}

static const tlsdiag_posture_t *tls_beside(const tlsdiag_kept_inventory_t *kept, const server_rec *server)
{
    for (apr_uint16_t i = 0; server->is_virtual && i < kept->inventory.vhosts_count; i++) {
        if (kept->servers[i]->is_virtual && share_address(server, kept->servers[i])) {
            return kept->inventory.vhosts[i];
        }
    }
    return NULL;
}

/* Port 443 counts wherever it stands among the vhost's addresses. */
static apr_port_t port_of(const server_rec *server)
{
    for (const server_addr_rec *address = server->addrs; address; address = address->next) {
        if (address->host_port == HTTPS_PORT) {
            return HTTPS_PORT;
        }
    }
    return server->addrs ? server->addrs->host_port : server->port;
}

static void add_plain_vhost(apr_array_header_t *plain, const tlsdiag_kept_inventory_t *kept, const server_rec *server,
                            apr_port_t port)
{
    apr_pool_t *pool = plain->pool;
    tlsdiag_plain_vhost_t *vhost = apr_array_push(plain);

    vhost->name = apr_psprintf(pool, "%s:%u", server->server_hostname ? server->server_hostname : "", port);
    vhost->beside = tls_beside(kept, server);
    vhost->defined_at =
        server->defn_name ? apr_psprintf(pool, "%s:%u", server->defn_name, server->defn_line_number) : "main server";
    vhost->port = port;
}

static bool is_claimed(const server_rec *main_server, apr_port_t port)
{
    for (const server_rec *server = main_server->next; server; server = server->next) {
        for (const server_addr_rec *address = server->addrs; address; address = address->next) {
            if (address->host_port == port || address->host_port == 0) {
                return true;
            }
        }
    }
    return false;
}

/* httpd listens on 443 and no vhost is meant for it: the main server answers. */
static void add_main_server(apr_array_header_t *plain, const tlsdiag_kept_inventory_t *kept)
{
    for (const ap_listen_rec *listener = ap_listeners; listener; listener = listener->next) {
        if (listener->bind_addr && listener->bind_addr->port == HTTPS_PORT &&
            !is_claimed(kept->main_server, HTTPS_PORT)) {
            add_plain_vhost(plain, kept, kept->main_server, HTTPS_PORT);
            return;
        }
    }
}

static void add_plain_vhosts(tlsdiag_kept_inventory_t *kept, apr_pool_t *pool)
{
    apr_array_header_t *plain = apr_array_make(pool, 8, sizeof(tlsdiag_plain_vhost_t));

    if (other_tls_modules()) {
        return;
    }
    for (const server_rec *server = kept->main_server->next; server; server = server->next) {
        if (!has_tls(server) && tlsdiag_config_of(server)->audit != TLSDIAG_AUDIT_OFF) {
            add_plain_vhost(plain, kept, server, port_of(server));
        }
    }
    if (!has_tls(kept->main_server)) {
        add_main_server(plain, kept);
    }
    kept->inventory.plain_vhosts = (const tlsdiag_plain_vhost_t *)plain->elts;
    kept->inventory.plain_vhosts_count = (apr_uint16_t)plain->nelts;
}

/* Of which each is taken once. */
typedef struct files {
    apr_hash_t *seen;
    apr_array_header_t *list;
    apr_uint16_t vhost;
} files_t;

static void add_file(files_t *files, const char *path)
{
    if (!path || !strncmp(path, "pkcs11:", 7) || files->list->nelts == APR_UINT16_MAX ||
        apr_hash_get(files->seen, path, APR_HASH_KEY_STRING)) {
        return;
    }
    apr_hash_set(files->seen, path, APR_HASH_KEY_STRING, path);
    APR_ARRAY_PUSH(files->list, tlsdiag_file_t) = (tlsdiag_file_t){ .path = path, .first_vhost = files->vhost };
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const tlsdiag_file_t *)a)->path, ((const tlsdiag_file_t *)b)->path);
}

static void add_files(tlsdiag_kept_inventory_t *kept, apr_pool_t *pool)
{
    files_t files = { .seen = apr_hash_make(pool), .list = apr_array_make(pool, 32, sizeof(tlsdiag_file_t)) };

    for (; files.vhost < kept->inventory.vhosts_count; files.vhost++) {
        const tlsdiag_posture_t *vhost = kept->inventory.vhosts[files.vhost];
        for (apr_byte_t c = 0; c < vhost->chains_count; c++) {
            add_file(&files, vhost->chains[c].certificate_file);
            add_file(&files, vhost->chains[c].key_file);
            add_file(&files, vhost->chains[c].chain_file);
        }
        add_file(&files, vhost->session_ticket_key_file);
    }
    qsort(files.list->elts, (size_t)files.list->nelts, sizeof(tlsdiag_file_t), by_path);
    kept->files = (tlsdiag_file_t *)files.list->elts;
    kept->inventory.files = kept->files;
    kept->inventory.files_count = (apr_uint16_t)files.list->nelts;
}

tlsdiag_kept_inventory_t *tlsdiag_inventory_make(server_rec *main_server, apr_pool_t *pool)
{
    tlsdiag_kept_inventory_t *kept = apr_pcalloc(pool, sizeof *kept);

    kept->main_server = main_server;
    add_vhosts(kept, pool);
    add_plain_vhosts(kept, pool);
    add_files(kept, pool);
    tlsdiag_inventory_refresh(kept, pool);
    return kept;
}

void tlsdiag_inventory_refresh(tlsdiag_kept_inventory_t *kept, apr_pool_t *pool)
{
    tlsdiag_host_read(&kept->inventory.host, pool);
    for (apr_uint16_t i = 0; i < kept->inventory.files_count; i++) {
        tlsdiag_file_look(&kept->files[i], pool);
    }
}
