/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/traits.h"

#include "statistics/what_if.h"

static bool resumed_by_ticket(const tlsdiag_facts_t *facts)
{
    return facts->negotiated.resumed && !facts->negotiated.resumed_by_session_id;
}

static bool resumed_by_id(const tlsdiag_facts_t *facts)
{
    return facts->negotiated.resumed && facts->negotiated.resumed_by_session_id;
}

static bool forward_secret(const tlsdiag_facts_t *facts)
{
    return facts->negotiated.forward_secrecy;
}

static bool post_quantum(const tlsdiag_facts_t *facts)
{
    return tlsdiag_group_is_post_quantum(facts->negotiated.group);
}

static bool offered_post_quantum(const tlsdiag_facts_t *facts)
{
    return tlsdiag_offers_post_quantum(&facts->client_hello);
}

static bool hello_retry(const tlsdiag_facts_t *facts)
{
    return facts->negotiated.hello_retry_request;
}

static bool early_data(const tlsdiag_facts_t *facts)
{
    return facts->negotiated.early_data;
}

static bool ocsp_stapled(const tlsdiag_facts_t *facts)
{
    return facts->negotiated.ocsp_stapled;
}

static bool client_certificate(const tlsdiag_facts_t *facts)
{
    return facts->client_certificate.present;
}

static bool no_server_name(const tlsdiag_facts_t *facts)
{
    return !facts->client_hello.has_server_name;
}

bool tlsdiag_name_not_covered(const tlsdiag_facts_t *facts)
{
    return facts->client_hello.server_name_length > 0 && facts->negotiated.certificate > 0 &&
           !facts->negotiated.resumed && !facts->negotiated.name_covered;
}

static bool name_not_covered(const tlsdiag_facts_t *facts)
{
    return tlsdiag_name_not_covered(facts);
}

static bool alpn_h2(const tlsdiag_facts_t *facts)
{
    return strcmp(facts->negotiated.alpn, "h2") == 0;
}

static bool hello_split(const tlsdiag_facts_t *facts)
{
    return facts->network.hello_reads > 1;
}

void tlsdiag_traits_add(tlsdiag_vhost_cells_t *vhost, const tlsdiag_facts_t *facts)
{
#define TLSDIAG_TRAIT(name, title, help)   \
    if (name(facts)) {                     \
        tlsdiag_cell_add(&vhost->name, 1); \
    }
#include "statistics/counters.inc"
}
