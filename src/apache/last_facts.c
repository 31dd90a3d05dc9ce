/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/last_facts.h"

#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include "apr_portable.h"
#include "http_core.h"

#include "apache/text.h"
#include "diagnose/diagnosis.h"
#include "pki/names.h"

static void add_addresses(const tlsdiag_connection_t *connection, tlsdiag_facts_t *facts)
{
    conn_rec *c = connection->c;
    int proxied = connection->proxied_address[0] != '\0';

    tlsdiag_text_copy(facts->client_address, sizeof facts->client_address,
                      proxied ? connection->proxied_address : c->client_ip);
    tlsdiag_text_copy(facts->local_address, sizeof facts->local_address, c->local_ip);
    facts->client_port = (uint16_t)(proxied ? connection->proxied_port : c->client_addr->port);
    facts->local_port = c->local_addr->port;
    facts->ipv6 = strchr(facts->client_address, ':') != NULL;
    facts->proxied_address = proxied;
    facts->proxy_protocol_enabled = connection->expects_proxy_header;
    facts->proxy_header_began = connection->proxy_header_began;
}

#ifdef __linux__
static void add_tcp_facts(conn_rec *c, tlsdiag_network_t *network)
{
    apr_socket_t *socket = ap_get_conn_socket(c);
    apr_os_sock_t descriptor;
    struct tcp_info info;
    socklen_t length = sizeof info;

    if (!socket || apr_os_sock_get(&descriptor, socket) != APR_SUCCESS ||
        getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) {
        return;
    }
    network->tcp_known = true;
    network->rtt_us = info.tcpi_rtt;
    network->rttvar_us = info.tcpi_rttvar;
    network->retransmits = info.tcpi_total_retrans;
    network->unacked = info.tcpi_unacked;
    network->lost = info.tcpi_lost;
    network->mss = info.tcpi_snd_mss;
    network->pmtu = info.tcpi_pmtu;
}
#else
static void add_tcp_facts(conn_rec *c, tlsdiag_network_t *network)
{
    (void)c;
    (void)network;
}
#endif

/* As httpd itself matches a name to a vhost: ServerName, then ServerAlias, wildcards in the latter only. */
static bool vhost_has_name(const server_rec *server, const char *name)
{
    if (server->server_hostname && !strcasecmp(server->server_hostname, name)) {
        return true;
    }
    for (int i = 0; server->names && i < server->names->nelts; i++) {
        const char *alias = APR_ARRAY_IDX(server->names, i, const char *);
        if (alias && !strcasecmp(alias, name)) {
            return true;
        }
    }
    for (int i = 0; server->wild_names && i < server->wild_names->nelts; i++) {
        const char *alias = APR_ARRAY_IDX(server->wild_names, i, const char *);
        if (alias && !ap_strcasecmp_match(name, alias)) {
            return true;
        }
    }
    return false;
}

/* What was found out about a name. Clients of a site ask for the same one again and again. */
typedef struct name_facts {
    int generation; /* of the configuration: the next one may have its vhosts at the same addresses */
    const tlsdiag_server_t *server;
    const tlsdiag_posture_t *posture;
    int8_t certificate; /* as in negotiated.certificate */
    bool sni_matched, name_covered;
    uint16_t length;
    uint8_t name[TLSDIAG_SERVER_NAME_BYTES];
} name_facts_t;

static void find_out(name_facts_t *found)
{
    char name[TLSDIAG_SERVER_NAME_BYTES + 1];

    memcpy(name, found->name, found->length);
    name[found->length] = '\0';
    found->sni_matched = vhost_has_name(found->server->server, name);
    found->name_covered = found->certificate > 0 &&
                          tlsdiag_certificate_covers(found->posture->chains[found->certificate - 1].certificates,
                                                     tlsdiag_bytes(found->name, found->length));
}

static bool is_about(const name_facts_t *found, const tlsdiag_server_t *server, const tlsdiag_facts_t *facts)
{
    const tlsdiag_client_hello_t *hello = &facts->client_hello;

    return found->generation == ap_state_query(AP_SQ_CONFIG_GEN) && found->server == server &&
           found->posture == server->posture && found->certificate == facts->negotiated.certificate &&
           found->length == hello->server_name_length && !memcmp(found->name, hello->server_name, found->length);
}

static void add_name_facts(tlsdiag_facts_t *facts, const tlsdiag_server_t *server)
{
    static _Thread_local name_facts_t last;
    const tlsdiag_client_hello_t *hello = &facts->client_hello;

    if (!hello->server_name_length || hello->server_name_length > sizeof hello->server_name ||
        memchr(hello->server_name, '\0', hello->server_name_length)) {
        return;
    }
    if (!is_about(&last, server, facts)) {
        last = (name_facts_t){ .generation = ap_state_query(AP_SQ_CONFIG_GEN),
                               .server = server,
                               .posture = server->posture,
                               .certificate = facts->negotiated.certificate,
                               .length = hello->server_name_length };
        memcpy(last.name, hello->server_name, hello->server_name_length);
        find_out(&last);
    }
    facts->negotiated.sni_matched = last.sni_matched;
    facts->negotiated.name_covered = last.name_covered;
}

static void add_certificate_facts(tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture, const void *served)
{
    /* Before a Certificate message OpenSSL names one too, the first that is configured. */
    if (!facts->negotiated.certificate_message_bytes) {
        return;
    }
    for (uint8_t i = 0; served && i < posture->chains_count; i++) {
        if (posture->chains[i].identity == served) {
            facts->negotiated.certificate = (int8_t)(i + 1);
        }
    }
}

void tlsdiag_last_facts(tlsdiag_connection_t *connection, tlsdiag_facts_t *facts, bool with_tcp)
{
    const tlsdiag_server_t *server = connection->server;

    add_addresses(connection, facts);
    if (with_tcp) {
        add_tcp_facts(connection->c, &facts->network);
    }
    if (!tlsdiag_is_plain_success(facts)) {
        facts->server_stopping |= tlsdiag_server_is_stopping(); /* only a failure is judged by it */
    }
    if (server && server->posture) {
        add_certificate_facts(facts, server->posture, connection->observer.served);
        add_name_facts(facts, server);
    }
}

void tlsdiag_last_facts_identify(conn_rec *c, tlsdiag_facts_t *facts)
{
    if (!c->log_id) {
        ap_run_generate_log_id(c, NULL, &c->log_id);
    }
    if (c->log_id) {
        tlsdiag_text_copy(facts->connection_id, sizeof facts->connection_id, c->log_id);
    }
}
