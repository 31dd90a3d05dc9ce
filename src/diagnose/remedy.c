/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/remedy.h"

#include <string.h>

#include "decode/proxy_header.h"
#include "diagnose/cipher_string.h"
#include "diagnose/plan.h"
#include "diagnose/predicates.h"
#include "iana/iana.h"
#include "iana/openssl_names.h"

enum { TLS11 = 0x0302 };

static void start_line(tlsdiag_writer_t *text)
{
    tlsdiag_write(text, text->length ? "\n" : "");
}

static void add_cost(tlsdiag_writer_t *cost, const char *what)
{
    tlsdiag_write(cost, cost->length ? " " : "");
    tlsdiag_write(cost, what);
}

/* mod_ssl allows no hole between the lowest and the highest version: what is below one is off (ssl_init_ctx_protocol). */
static uint8_t without_holes(uint8_t bits)
{
    unsigned filled = bits, lowest = filled & (0u - filled);
    for (unsigned bit = TLSDIAG_TLS13; bit > lowest; bit >>= 1) {
        filled |= filled >= bit ? bit : 0;
    }
    return (uint8_t)filled;
}

/* A leading -all makes the line independent of what stands above it and of httpd's default. */
static void write_ssl_protocol(tlsdiag_writer_t *text, uint8_t bits)
{
    start_line(text);
    tlsdiag_write(text, "SSLProtocol -all");
    for (uint16_t v = TLSDIAG_VERSION_SSL30 + 1; v <= TLSDIAG_VERSION_TLS13; v++) {
        if (bits & tlsdiag_version_bit(v)) {
            tlsdiag_write(text, " +");
            tlsdiag_write(text, tlsdiag_iana_version_name(v));
        }
    }
}

static void write_version_command(tlsdiag_writer_t *text, const char *command, uint16_t version)
{
    start_line(text);
    tlsdiag_write(text, "SSLOpenSSLConfCmd ");
    tlsdiag_write(text, command);
    tlsdiag_write_char(text, ' ');
    tlsdiag_write(text, tlsdiag_iana_version_name(version));
}

/* SSLProtocol sets the lowest and the highest version, and each command takes its end of that away from it. The command
 * Protocol switches single versions off, whatever the ends are: no line is known that is right for all of its forms. */
static bool write_protocol(tlsdiag_writer_t *text, const tlsdiag_posture_t *posture, uint16_t version)
{
    uint8_t bits = without_holes(posture->versions_configured | tlsdiag_version_bit(version));
    bool lower = version < tlsdiag_version_lowest(posture->versions_configured);
    bool by_command = lower ? posture->min_protocol_command.text : posture->max_protocol_command.text;
    if (posture->protocol_command.text) {
        return false;
    }
    if (by_command) {
        write_version_command(text, lower ? "MinProtocol" : "MaxProtocol", version);
    } else {
        write_ssl_protocol(text, bits);
    }
    return true;
}

static void write_separator(tlsdiag_writer_t *text, size_t start)
{
    tlsdiag_write(text, text->length > start ? ":" : "");
}

static void write_tls13_suites(tlsdiag_writer_t *text, const tlsdiag_posture_t *posture, uint16_t suite)
{
    start_line(text);
    tlsdiag_write(text,
                  posture->ciphersuites_command.text ? "SSLOpenSSLConfCmd Ciphersuites " : "SSLCipherSuite TLSv1.3 ");
    size_t start = text->length;
    for (uint16_t i = 0; i < posture->cipher_suites_configured.count; i++) {
        uint16_t code = posture->cipher_suites_configured.codes[i];
        if (tlsdiag_iana_suite_traits(code).tls13 && tlsdiag_openssl_suite_name(code)) {
            write_separator(text, start);
            tlsdiag_write(text, tlsdiag_openssl_suite_name(code));
        }
    }
    write_separator(text, start);
    tlsdiag_write(text, tlsdiag_iana_cipher_suite_name(suite));
}

static bool write_cipher_suites(tlsdiag_writer_t *text, const tlsdiag_posture_t *posture, uint16_t suite, int level)
{
    const char *command = posture->cipher_string_command.text;
    start_line(text);
    tlsdiag_write(text, command ? "SSLOpenSSLConfCmd CipherString " : "SSLCipherSuite ");
    return tlsdiag_cipher_string_write(text, command ? command : posture->ssl_cipher_suite.text, suite, level);
}

static bool write_groups(tlsdiag_writer_t *text, const tlsdiag_posture_t *posture, uint16_t group)
{
    const char *added = tlsdiag_openssl_group_name(group);
    start_line(text);
    tlsdiag_write(text, "SSLOpenSSLConfCmd Groups ");
    size_t start = text->length;
    for (uint16_t i = 0; i < posture->groups.count && added; i++) {
        if (tlsdiag_openssl_group_name(posture->groups.codes[i])) {
            write_separator(text, start);
            tlsdiag_write(text, tlsdiag_openssl_group_name(posture->groups.codes[i]));
        }
    }
    write_separator(text, start);
    tlsdiag_write(text, added ? added : "");
    return added;
}

static void write_signatures(tlsdiag_writer_t *text, const tlsdiag_posture_t *posture, uint16_t scheme)
{
    start_line(text);
    tlsdiag_write(text, "SSLOpenSSLConfCmd SignatureAlgorithms ");
    size_t start = text->length;
    for (uint16_t i = 0; i < posture->signature_algorithms.count; i++) {
        write_separator(text, start);
        tlsdiag_write_openssl_signature(text, posture->signature_algorithms.codes[i]);
    }
    write_separator(text, start);
    tlsdiag_write_openssl_signature(text, scheme);
}

/* Without a list of its own the vhost gets OpenSSL's, which has SHA-1 again at level 0. */
static bool needs_signature_line(const tlsdiag_plan_t *plan, const tlsdiag_posture_t *posture)
{
    return plan->add_signature &&
           (posture->signature_algorithms_directive.text || !tlsdiag_signature_is_legacy(plan->add_signature));
}

static bool write_plan(tlsdiag_writer_t *text, const tlsdiag_plan_t *plan, const tlsdiag_posture_t *posture)
{
    bool tls13 = plan->version == TLSDIAG_VERSION_TLS13, done = true;
    uint16_t suite = plan->add_suite && !tls13 ? plan->suite : 0;
    if (plan->add_version) {
        done &= write_protocol(text, posture, plan->version);
    }
    if (suite || plan->lower_level_to >= 0) {
        done &= write_cipher_suites(text, posture, suite, plan->lower_level_to);
    }
    if (plan->add_suite && tls13) {
        write_tls13_suites(text, posture, plan->suite);
    }
    if (plan->add_group) {
        done &= write_groups(text, posture, plan->add_group);
    }
    if (needs_signature_line(plan, posture)) {
        write_signatures(text, posture, plan->add_signature);
    }
    return done && !text->truncated;
}

static void write_costs(tlsdiag_writer_t *cost, const tlsdiag_plan_t *plan)
{
    tlsdiag_suite_traits_t traits = tlsdiag_iana_suite_traits(plan->suite);
    if (plan->add_version && plan->version <= TLS11) {
        add_cost(cost, "TLS 1.0 and 1.1 are deprecated (RFC 8996).");
    }
    if (plan->lower_level_to >= 0) {
        add_cost(cost, "A lower security level lets weak keys and signatures in, for all clients of this vhost.");
    }
    if (plan->add_suite && !traits.forward_secret) {
        add_cost(cost, "No forward secrecy: who gets the private key can read recorded connections.");
    }
    if (plan->add_suite && traits.is_cbc) {
        add_cost(cost, "CBC suites have a history of padding attacks.");
    }
}

void close_every_gap(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    if (!scene->plan.possible) {
        return;
    }
    if (!write_plan(text, &scene->plan, scene->posture)) {
        tlsdiag_writer_rewind(text, 0);
        return;
    }
    write_costs(cost, &scene->plan);
}

/* `+kDHE` moves the DHE suites to the end (openssl-ciphers(1)); with the server's order first, ECDHE is taken. */
void offer_stronger_exchange(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    const tlsdiag_posture_t *posture = scene->posture;
    tlsdiag_plan_t plan = { 0 };
    (void)cost;
    if (scene->facts->negotiated.dh_bits && scene->facts->negotiated.version < TLSDIAG_VERSION_TLS13) {
        plan = tlsdiag_plan_for_ecdhe(scene);
    }
    if (!plan.possible || plan.lower_level_to >= 0) {
        return;
    }
    bool done = write_cipher_suites(text, posture, plan.add_suite ? plan.suite : 0, TLSDIAG_LEVEL_STAYS);
    tlsdiag_write(text, ":+kDHE\nSSLHonorCipherOrder on");
    done &= !plan.add_group || write_groups(text, posture, plan.add_group);
    if (needs_signature_line(&plan, posture)) {
        write_signatures(text, posture, plan.add_signature);
    }
    if (!done || text->truncated) {
        tlsdiag_writer_rewind(text, 0);
    }
}

static bool offers(const tlsdiag_client_hello_t *hello, const char *protocol)
{
    tlsdiag_reader_t in = tlsdiag_reader(tlsdiag_bytes(hello->alpn, hello->alpn_bytes));
    while (tlsdiag_remaining(&in)) {
        tlsdiag_bytes_t name = tlsdiag_read_vector(&in, 1);
        if (name.length == strlen(protocol) && name.length && memcmp(name.at, protocol, name.length) == 0) {
            return true;
        }
    }
    return false;
}

/* httpd speaks these two; h2 is mod_http2's. */
static const char *protocol_to_add(const tlsdiag_scene_t *scene)
{
    const tlsdiag_client_hello_t *hello = &scene->facts->client_hello;
    if (scene->posture->http2_loaded && offers(hello, "h2")) {
        return "h2";
    }
    return offers(hello, "http/1.1") ? "http/1.1" : NULL;
}

void speak_its_protocol(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    tlsdiag_text_list_t spoken = scene->posture->alpn;
    const char *added = protocol_to_add(scene);
    (void)cost;
    if (!added || tlsdiag_texts_contain(spoken, added)) {
        return;
    }
    tlsdiag_write(text, "Protocols ");
    tlsdiag_write(text, added);
    for (uint16_t i = 0; i < spoken.count; i++) {
        tlsdiag_text_list_t before = { spoken.items, i };
        if (!tlsdiag_texts_contain(before, spoken.items[i])) {
            tlsdiag_write_char(text, ' ');
            tlsdiag_write(text, spoken.items[i]);
        }
    }
}

/* mod_remoteip takes those that name a client over TCP, and refuses UNKNOWN and UNIX sockets. */
static bool header_would_be_taken(const tlsdiag_facts_t *facts)
{
    char address[TLSDIAG_ADDRESS_TEXT];
    uint16_t port;
    tlsdiag_bytes_t bytes = tlsdiag_bytes(facts->first_bytes, facts->first_bytes_length);
    return tlsdiag_proxy_header_decode(address, sizeof address, &port, bytes) == TLSDIAG_PROXY_CLIENT;
}

void expect_proxy_header(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    if (scene->posture->remoteip_loaded && !scene->posture->proxy_protocol && header_would_be_taken(scene->facts)) {
        tlsdiag_write(text, "RemoteIPProxyProtocol On");
        add_cost(
            cost,
            "Clients that connect to this address directly, without the header, are refused then; and whoever may connect "
            "directly can claim any address.");
    }
}

void expect_no_proxy_header(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    if (scene->posture->remoteip_loaded) {
        tlsdiag_write(text, "RemoteIPProxyProtocol Off");
        add_cost(cost, "Connections that do bring the header are refused then.");
    }
}

/* Of no help to a client that goes away when it is asked: it would be asked all the same. */
void make_certificate_optional(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    if (scene->posture->verify_client == TLSDIAG_VERIFY_REQUIRE && !scene->facts->renegotiating &&
        openssl_missed_certificate(scene)) {
        tlsdiag_write(text, "SSLVerifyClient optional");
        add_cost(cost, "Clients without a certificate get in: guard the content with Require ssl-verify-client.");
    }
}

/* Not optional: mod_ssl asks again wherever a directory's SSLVerifyClient differs from the vhost's (AH10129). Where the vhost
 * has asked before, the client may have had no certificate to send. */
void ask_for_certificate_at_once(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    if (scene->facts->certificate_wanted && scene->posture->verify_client == TLSDIAG_VERIFY_NONE &&
        scene->posture->trusted_authorities_count) {
        tlsdiag_write(text, "SSLVerifyClient require");
        add_cost(cost, "Every client of this vhost needs a certificate then, for whatever it asks.");
    }
}

void verify_deeper(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    (void)cost;
    /* A directory may have a depth of its own. */
    if (!scene->facts->renegotiating && scene->facts->verification.depth > scene->posture->verify_depth) {
        tlsdiag_write(text, "SSLVerifyDepth ");
        tlsdiag_write_i64(text, scene->facts->verification.depth);
    }
}

void do_without_crl(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    if (scene->posture->crl_check) {
        tlsdiag_write(text, "SSLCARevocationCheck none");
        add_cost(cost, "Revoked certificates are accepted until the list is renewed and the check is on again.");
    }
}

void do_without_missing_crl(tlsdiag_writer_t *text, tlsdiag_writer_t *cost, const tlsdiag_scene_t *scene)
{
    const char *check = scene->posture->revocation_check.text;
    if (scene->posture->crl_check && check) {
        bool chain = strstr(check, "chain");
        tlsdiag_write(text, chain ? "SSLCARevocationCheck chain no_crl_for_cert_ok"
                                  : "SSLCARevocationCheck leaf no_crl_for_cert_ok");
        add_cost(cost, "Revoked certificates of a CA without a list are accepted.");
    }
}
