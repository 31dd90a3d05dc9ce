/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/audit_simulation.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apr_strings.h"
#include "audit/clients.h"
#include "collect/simulate.h"
#include "decode/first_bytes.h"
#include "diagnose/diagnosis.h"
#include "iana/iana.h"

enum { ALPN_BYTES = 256, ALERT_INSUFFICIENT_SECURITY = 71 };

/* Worked out once, before the fork. */
typedef struct plan {
    tlsdiag_kept_inventory_t *kept;
    apr_uint16_t
        *first; /* for each vhost the one that is asked before the name decides: the first one at its address */
    apr_uint16_t *alike; /* for each vhost the first one at which clients with a name meet the same: maybe itself */
    tlsdiag_simulated_t *cells; /* vhosts times clients */
} plan_t;

/* What the forked process writes for each handshake: smaller than PIPE_BUF, so whole or not at all. The cause is a
 * literal of the rule table, at the same address in parent and child. */
typedef struct result {
    apr_uint16_t vhost, client;
    tlsdiag_simulated_t simulated;
} result_t;

/* Of the forked process, which has all its memory for itself and exits. */
static struct {
    tlsdiag_facts_t facts;
    tlsdiag_diagnosis_t diagnosis;
    uint8_t hello[TLSDIAG_HELLO_BYTES];
    uint8_t alpn[ALPN_BYTES];
} work;

typedef struct asker {
    const tlsdiag_known_client_t *client;
    const char *server_name;
} asker_t;

static tlsdiag_bytes_t write_hello(void *context, uint16_t share)
{
    const asker_t *asker = context;
    size_t length = tlsdiag_client_hello_write(work.hello, sizeof work.hello, asker->client, asker->server_name, share);

    return tlsdiag_bytes(work.hello, length);
}

static apr_uint16_t first_at_address(const tlsdiag_inventory_t *all, apr_uint16_t vhost)
{
    for (apr_uint16_t i = 0; i < vhost; i++) {
        if (tlsdiag_vhosts_share_address(all->vhosts[i], all->vhosts[vhost])) {
            return i;
        }
    }
    return vhost;
}

static unsigned write_alpn(const tlsdiag_posture_t *vhost)
{
    unsigned length = 0;

    for (apr_uint16_t i = 0; i < vhost->alpn.count; i++) {
        size_t name = strlen(vhost->alpn.items[i]);
        if (name > 255 || length + 1 + name > ALPN_BYTES) {
            break;
        }
        work.alpn[length] = (uint8_t)name;
        memcpy(work.alpn + length + 1, vhost->alpn.items[i], name);
        length += 1 + (unsigned)name;
    }
    return length;
}

/* httpd offers http/1.1 to clients with ALPN also where Protocols does not name it. */
static tlsdiag_simulated_server_t make_server(const tlsdiag_kept_inventory_t *kept, apr_uint16_t first,
                                              apr_uint16_t chosen)
{
    return (tlsdiag_simulated_server_t){
        .first = kept->ssl_contexts[first],
        .chosen = kept->ssl_contexts[chosen],
        .chosen_has_own_versions = kept->inventory.vhosts[chosen]->ssl_protocol.text != NULL,
        .alpn = work.alpn,
        .alpn_length = write_alpn(kept->inventory.vhosts[chosen]),
    };
}

static bool takes_dh(const tlsdiag_known_client_t *client, uint16_t bits)
{
    return bits == 0 ||
           ((client->dh_bits_at_most == 0 || bits <= client->dh_bits_at_most) && bits >= client->dh_bits_at_least);
}

static bool covers(const tlsdiag_posture_t *served, const char *name)
{
    for (apr_byte_t i = 0; name && i < served->chains_count; i++) {
        if (!tlsdiag_certificate_serves(&served->chains[i].certificates[0], name)) {
            return false;
        }
    }
    return true;
}

/* What the client says to it: nothing, unless it cannot use what it got. */
static const char *judge(const tlsdiag_known_client_t *client, const tlsdiag_posture_t *served,
                         tlsdiag_simulated_t *simulated)
{
    if (work.facts.stage != TLSDIAG_SERVER_FLIGHT_SENT || work.facts.ended_by != TLSDIAG_ENDED_NOT) {
        tlsdiag_diagnose(&work.diagnosis, &work.facts, served, NULL);
        return work.diagnosis.cause;
    }
    if (!takes_dh(client, simulated->dh_bits)) {
        return simulated->dh_bits < client->dh_bits_at_least ? "dh.too_small" : "client_alert.handshake_failure";
    }
    return simulated->other_vhost ? "server_cert.no_sni" : "ok";
}

static void fill_result(tlsdiag_simulated_t *simulated)
{
    const tlsdiag_negotiated_t *negotiated = &work.facts.negotiated;

    simulated->done = true;
    simulated->hello_retry_request = negotiated->hello_retry_request;
    simulated->version = negotiated->version;
    simulated->cipher_suite = negotiated->cipher_suite;
    simulated->group = negotiated->group;
    simulated->dh_bits = negotiated->dh_bits;
    for (apr_uint16_t i = 0; i < work.facts.alerts_count; i++) {
        simulated->alert = work.facts.alerts[i].fatal ? work.facts.alerts[i].description : simulated->alert;
    }
}

static void simulate_one(result_t *result, const plan_t *plan)
{
    const tlsdiag_inventory_t *all = &plan->kept->inventory;
    const tlsdiag_posture_t *vhost = all->vhosts[result->vhost];
    asker_t asker = { tlsdiag_known_client(result->client), vhost->server_name };
    apr_uint16_t first = plan->first[result->vhost];
    apr_uint16_t chosen = asker.client->no_server_name ? first : result->vhost;
    tlsdiag_simulated_server_t server = make_server(plan->kept, first, chosen);

    tlsdiag_simulate(&work.facts, &server, write_hello, &asker);
    fill_result(&result->simulated);
    result->simulated.client = result->client;
    result->simulated.other_vhost = chosen != result->vhost && !covers(all->vhosts[chosen], vhost->server_name);
    result->simulated.cause = judge(asker.client, all->vhosts[chosen], &result->simulated);
    result->simulated.connects = !strcmp(result->simulated.cause, "ok");
}

static bool is_taken_over(const plan_t *plan, apr_uint16_t vhost, apr_uint16_t client)
{
    return plan->alike[vhost] != vhost && !tlsdiag_known_client(client)->no_server_name;
}

static bool simulate_vhost(const plan_t *plan, apr_uint16_t vhost, int out)
{
    for (apr_uint16_t c = 0; c < tlsdiag_known_clients_count(); c++) {
        result_t result = { .vhost = vhost, .client = c };
        if (is_taken_over(plan, vhost, c)) {
            continue;
        }
        simulate_one(&result, plan);
        if (write(out, &result, sizeof result) != sizeof result) {
            return false;
        }
    }
    return true;
}

static void simulate_all(const plan_t *plan, int out)
{
    apr_uint16_t count = plan->kept->inventory.vhosts_count, v = 0;

    for (v = 0; v < count; v++) {
        tlsdiag_simulation_prepare(plan->kept->ssl_contexts[v]);
    }
    for (v = 0; v < count && simulate_vhost(plan, v, out); v++) {
    }
}

/* The forked process: dies quietly if it must, and never runs what httpd would run at exit. */
static void be_the_simulator(const plan_t *plan, int out)
{
    static const int deadly[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTERM, SIGHUP, SIGUSR1, SIGPIPE };
    struct rlimit no_core = { 0, 0 };

    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        signal(deadly[i], SIG_DFL);
    }
    setrlimit(RLIMIT_CORE, &no_core);
    simulate_all(plan, out);
    _exit(0);
}

/* One whole result, or false when there is none before the deadline. */
static bool receive(int in, result_t *result, apr_time_t deadline)
{
    size_t length = 0;

    while (length < sizeof *result) {
        struct pollfd waiting = { .fd = in, .events = POLLIN };
        apr_interval_time_t left = deadline - apr_time_now();
        if (left <= 0 || poll(&waiting, 1, (int)apr_time_as_msec(left) + 1) <= 0) {
            return false;
        }
        ssize_t got = read(in, (char *)result + length, sizeof *result - length);
        if (got <= 0) {
            return false;
        }
        length += (size_t)got;
    }
    return true;
}

static apr_uint16_t first_alike(const plan_t *plan, apr_uint16_t vhost)
{
    const tlsdiag_posture_t *const *vhosts = plan->kept->inventory.vhosts;

    for (apr_uint16_t i = 0; i < vhost; i++) {
        if (tlsdiag_vhosts_negotiate_alike(vhosts[i], vhosts[vhost]) &&
            tlsdiag_vhosts_negotiate_alike(vhosts[plan->first[i]], vhosts[plan->first[vhost]])) {
            return i;
        }
    }
    return vhost;
}

static plan_t make_plan(tlsdiag_kept_inventory_t *kept, apr_pool_t *pool)
{
    apr_size_t vhosts = kept->inventory.vhosts_count, clients = tlsdiag_known_clients_count();
    tlsdiag_simulation_t *simulations = apr_pcalloc(pool, (vhosts + 1) * sizeof *simulations);
    plan_t plan = { .kept = kept,
                    .first = apr_pcalloc(pool, (vhosts + 1) * sizeof *plan.first),
                    .alike = apr_pcalloc(pool, (vhosts + 1) * sizeof *plan.alike),
                    .cells = apr_pcalloc(pool, (vhosts * clients + 1) * sizeof *plan.cells) };

    for (apr_uint16_t v = 0; v < vhosts; v++) {
        plan.first[v] = first_at_address(&kept->inventory, v);
        plan.alike[v] = first_alike(&plan, v);
        simulations[v] = (tlsdiag_simulation_t){ .clients = plan.cells + v * clients, .count = (apr_uint16_t)clients };
        for (apr_uint16_t c = 0; c < clients; c++) {
            plan.cells[v * clients + c].client = c;
        }
    }
    kept->inventory.simulations = simulations;
    return plan;
}

static void collect_results(const plan_t *plan, int in, apr_time_t deadline)
{
    apr_size_t clients = tlsdiag_known_clients_count();
    result_t result;

    while (receive(in, &result, deadline)) {
        if (result.vhost < plan->kept->inventory.vhosts_count && result.client < clients) {
            plan->cells[result.vhost * clients + result.client] = result.simulated;
        }
    }
}

/* Returns how many cells are filled in the end. */
static apr_size_t take_over_results(const plan_t *plan)
{
    apr_size_t clients = tlsdiag_known_clients_count(), done = 0;

    for (apr_uint16_t v = 0; v < plan->kept->inventory.vhosts_count; v++) {
        for (apr_uint16_t c = 0; c < clients; c++) {
            if (is_taken_over(plan, v, c)) {
                plan->cells[v * clients + c] = plan->cells[plan->alike[v] * clients + c];
            }
            done += plan->cells[v * clients + c].done;
        }
    }
    return done;
}

static void report_undone(const tlsdiag_kept_inventory_t *kept, apr_size_t done, int status)
{
    apr_size_t all = (apr_size_t)kept->inventory.vhosts_count * tlsdiag_known_clients_count();

    if (done < all) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, kept->main_server,
                     "tlsdiag:audit.simulation %" APR_SIZE_T_FMT " of %" APR_SIZE_T_FMT
                     " simulated handshakes were done: %s",
                     done, all,
                     WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL ? "the process for it crashed" : "time was up");
    }
}

void tlsdiag_simulations_run(tlsdiag_kept_inventory_t *kept, apr_interval_time_t patience, apr_pool_t *pool)
{
    plan_t plan = make_plan(kept, pool);
    int ends[2], status = 0;

    if (kept->inventory.vhosts_count == 0 || pipe(ends) != 0) {
        return;
    }
    pid_t simulator = fork();
    if (simulator == 0) {
        close(ends[0]);
        be_the_simulator(&plan, ends[1]);
    }
    close(ends[1]);
    if (simulator > 0) {
        collect_results(&plan, ends[0], apr_time_now() + patience);
        kill(simulator, SIGKILL);
        while (waitpid(simulator, &status, 0) < 0 && errno == EINTR) {
        }
        report_undone(kept, take_over_results(&plan), status);
    }
    close(ends[0]);
}

static void print_client(apr_file_t *out, const tlsdiag_simulated_t *simulated)
{
    const tlsdiag_known_client_t *client = tlsdiag_known_client(simulated->client);
    const char *suite = tlsdiag_iana_cipher_suite_name(simulated->cipher_suite);
    const char *group = tlsdiag_iana_group_name(simulated->group);
    const char *version = tlsdiag_iana_version_name(simulated->version);

    if (!simulated->done) {
        apr_file_printf(out, "  %-44s not simulated\n", client->name);
    } else if (!simulated->connects) {
        apr_file_printf(out, "  %-44s fails: %s\n", client->name, simulated->cause);
    } else {
        apr_file_printf(out, "  %-44s %-8s %s%s%s%s\n", client->name, version ? version : "", suite ? suite : "",
                        group ? " " : "", group ? group : "",
                        simulated->hello_retry_request ? " (HelloRetryRequest)" : "");
    }
}

void tlsdiag_simulations_print(apr_file_t *out, const tlsdiag_inventory_t *inventory)
{
    for (apr_uint16_t v = 0; inventory->simulations && v < inventory->vhosts_count; v++) {
        apr_file_printf(out, "%s (%s)\n", inventory->vhosts[v]->name, inventory->vhosts[v]->defined_at);
        for (apr_uint16_t c = 0; c < inventory->simulations[v].count; c++) {
            print_client(out, &inventory->simulations[v].clients[c]);
        }
    }
}
