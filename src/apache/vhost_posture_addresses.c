/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd chooses among name-based vhosts by name, and takes the first of an address for who gives no name or an unknown one.
 */
#include "apache/vhost_posture_parts.h"

#include "apr_strings.h"

struct tlsdiag_addresses {
    apr_pool_t *pool;
    apr_hash_t *first; /* "address port" -> server_rec */
};

static const char *address_key(apr_pool_t *pool, const server_addr_rec *address)
{
    char *ip = NULL;
    if (!address->host_addr || apr_sockaddr_ip_get(&ip, address->host_addr) != APR_SUCCESS) {
        ip = address->virthost;
    }
    return apr_psprintf(pool, "%s %u", ip ? ip : "", (unsigned)address->host_port);
}

tlsdiag_addresses_t *tlsdiag_addresses_read(apr_pool_t *pool, server_rec *main_server)
{
    tlsdiag_addresses_t *addresses = apr_palloc(pool, sizeof *addresses);
    addresses->pool = pool;
    addresses->first = apr_hash_make(pool);
    /* httpd lists vhosts in the reverse order of the configuration, so the last one to be entered is the first. */
    for (server_rec *server = main_server->next; server; server = server->next) {
        for (server_addr_rec *address = server->addrs; address; address = address->next) {
            apr_hash_set(addresses->first, address_key(pool, address), APR_HASH_KEY_STRING, server);
        }
    }
    return addresses;
}

static server_rec *first_at(const tlsdiag_addresses_t *addresses, const server_addr_rec *address)
{
    return apr_hash_get(addresses->first, address_key(addresses->pool, address), APR_HASH_KEY_STRING);
}

server_rec *tlsdiag_addresses_first(const tlsdiag_addresses_t *addresses, server_rec *server)
{
    server_rec *first = server->is_virtual && server->addrs ? first_at(addresses, server->addrs) : NULL;
    return first ? first : server;
}

bool tlsdiag_addresses_is_first(const tlsdiag_addresses_t *addresses, server_rec *server)
{
    for (server_addr_rec *address = server->addrs; server->is_virtual && address; address = address->next) {
        if (first_at(addresses, address) == server) {
            return true;
        }
    }
    return !server->is_virtual;
}
