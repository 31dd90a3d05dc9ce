/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/count.h"

#include "apache/shared.h"
#include "publish/mask.h"

void tlsdiag_count_begin(void)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (statistics) {
        tlsdiag_statistics_begin(statistics);
    }
}

static apr_uint16_t slot_of(const tlsdiag_connection_t *connection)
{
    return connection->server ? connection->server->slot : 0;
}

/* The client's, which the text of a PROXY header names, else the socket; statistics/ unwraps an IPv4-mapped one. */
static tlsdiag_bytes_t address_of(uint8_t bytes[16], const tlsdiag_connection_t *connection,
                                  const tlsdiag_facts_t *facts)
{
    const apr_sockaddr_t *peer = connection->c->client_addr;

    if (facts->proxied_address || (peer->family != APR_INET && peer->family != APR_INET6)) {
        return tlsdiag_bytes(bytes, tlsdiag_address_parse(bytes, facts->client_address));
    }
    return tlsdiag_bytes(peer->ipaddr_ptr, (apr_size_t)peer->ipaddr_len);
}

apr_uint64_t tlsdiag_count_fingerprint(tlsdiag_client_t *client, const tlsdiag_facts_t *facts)
{
    const tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (!statistics || !facts->ja4[0]) {
        return 0;
    }
    apr_uint64_t known = client ? atomic_load_explicit(&client->fingerprint, memory_order_relaxed) : 0;
    if (known) {
        return known;
    }
    known = tlsdiag_statistics_fingerprint(statistics, facts->ja4);
    if (client) {
        atomic_store_explicit(&client->fingerprint, known, memory_order_relaxed);
    }
    return known;
}

void tlsdiag_count_event(tlsdiag_connection_t *connection, const tlsdiag_event_t *event, apr_uint64_t fingerprint,
                         tlsdiag_bytes_t json)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();
    uint8_t bytes[16];

    if (!statistics) {
        return;
    }
    if (fingerprint && !event->facts->renegotiating) {
        connection->fingerprint = fingerprint;
    }
    tlsdiag_observation_t observation = { .facts = event->facts,
                                          .diagnosis = event->diagnosis,
                                          .posture = event->posture,
                                          .what_if = connection->server ? connection->server->what_if : 0,
                                          .vhost = slot_of(connection),
                                          .address = address_of(bytes, connection, event->facts),
                                          .sequence = event->sequence,
                                          .fingerprint = fingerprint,
                                          .event_id = event->id,
                                          .json = json };
    tlsdiag_statistics_add(statistics, &observation);
}

void tlsdiag_count_unseen(void)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (statistics) {
        tlsdiag_statistics_abandon(statistics);
    }
}

void tlsdiag_count_lost(const tlsdiag_facts_t *facts)
{
    if (!facts->renegotiating) {
        tlsdiag_count_unseen();
    }
}

void tlsdiag_count_withdraw(const tlsdiag_facts_t *facts)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (statistics && !facts->renegotiating) {
        tlsdiag_statistics_withdraw(statistics);
    }
}

apr_uint64_t tlsdiag_count_sequence(void)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    return statistics ? tlsdiag_statistics_sequence(statistics) : 0;
}

apr_uint64_t tlsdiag_count_revoked_reports(const tlsdiag_connection_t *connection)
{
    const tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    return statistics ? tlsdiag_statistics_revoked_reports(statistics, slot_of(connection)) : 0;
}

bool tlsdiag_count_experience(tlsdiag_experience_t *experience, const tlsdiag_connection_t *connection,
                              const tlsdiag_facts_t *facts, const tlsdiag_diagnosis_t *diagnosis,
                              apr_uint64_t fingerprint)
{
    const tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();
    uint8_t bytes[16];

    if (!statistics) {
        return false;
    }
    tlsdiag_statistics_experience(experience, statistics, slot_of(connection), diagnosis->rule, fingerprint,
                                  address_of(bytes, connection, facts));
    return true;
}

void tlsdiag_count_tally(tlsdiag_tally_t tally, apr_uint64_t n)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (statistics && n > 0) {
        tlsdiag_statistics_count(statistics, tally, n);
    }
}

void tlsdiag_count_request(tlsdiag_connection_t *connection, const request_rec *r)
{
    tlsdiag_statistics_t *statistics = tlsdiag_shared_statistics();

    if (!statistics || !connection->fingerprint || r->status >= HTTP_BAD_REQUEST) {
        return;
    }
    if (atomic_exchange(&connection->said_who, true)) {
        return; /* another HTTP/2 request of this moment was faster */
    }
    const char *user_agent = apr_table_get(r->headers_in, "User-Agent");
    if (user_agent && *user_agent) {
        tlsdiag_statistics_user_agent(statistics, connection->fingerprint,
                                      tlsdiag_bytes(user_agent, strlen(user_agent)));
    }
}
