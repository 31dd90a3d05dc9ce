/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What httpd knows of a server, and what follows from its directives alone.
 */
#include "apache/vhost_posture_parts.h"

#include "apr_strings.h"
#include "http_core.h"
#include "http_protocol.h"

static tlsdiag_directive_t find(const tlsdiag_making_t *making, tlsdiag_setting_t setting)
{
    return tlsdiag_section_find(making->section, setting);
}

static bool is_on(const tlsdiag_making_t *making, tlsdiag_setting_t setting)
{
    tlsdiag_directive_t directive = find(making, setting);
    return directive.text && !strcasecmp(directive.text, "on");
}

/* Where ServerName is missing httpd takes the main server's name for a wildcard address, else asks the DNS. */
static bool is_guessed(const tlsdiag_making_t *making)
{
    bool inherited = making->server->server_hostname == making->main_server->server_hostname &&
                     find(making, TLSDIAG_SETTING_SERVER_NAME).text;
    return !tlsdiag_section_find_own(making->section, TLSDIAG_SETTING_SERVER_NAME).text && !inherited;
}

/* A port in ServerName is what clients are told. Without a ServerName httpd hands down the main server's, which says
 * nothing of where this vhost listens. */
static uint16_t port_of(const tlsdiag_making_t *making)
{
    const server_rec *server = making->server;
    apr_port_t listening = server->addrs ? server->addrs->host_port : 0;
    bool has_name = tlsdiag_section_find_own(making->section, TLSDIAG_SETTING_SERVER_NAME).text != NULL;
    return server->port && (has_name || !listening) ? server->port : listening;
}

static const char *place_of(const tlsdiag_making_t *making)
{
    const server_rec *server = making->server;
    if (server->defn_name) {
        return apr_psprintf(making->pool, "%s:%u", server->defn_name, server->defn_line_number);
    }
    tlsdiag_directive_t engine = find(making, TLSDIAG_SETTING_ENGINE);
    return engine.file ? apr_psprintf(making->pool, "%s:%d", engine.file, engine.line) : "";
}

static int add_texts(const char **items, const apr_array_header_t *texts)
{
    int count = 0;
    for (int i = 0; texts && i < texts->nelts; i++) {
        const char *text = APR_ARRAY_IDX(texts, i, const char *);
        if (text) {
            items[count++] = text;
        }
    }
    return count;
}

static tlsdiag_text_list_t aliases_of(const tlsdiag_making_t *making)
{
    const server_rec *server = making->server;
    int room = (server->names ? server->names->nelts : 0) + (server->wild_names ? server->wild_names->nelts : 0);
    const char **items = apr_palloc(making->pool, (apr_size_t)room * sizeof *items);
    int count = add_texts(items, server->names);
    count += add_texts(items + count, server->wild_names);
    return (tlsdiag_text_list_t){ .items = items, .count = (uint16_t)count };
}

/* As ap_select_protocol() sees it: http/1.1 where nothing is configured; h2c is for connections without TLS. */
static tlsdiag_text_list_t alpn_of(const tlsdiag_making_t *making)
{
    static const char *const http11[] = { AP_PROTOCOL_HTTP1 };
    const core_server_config *core = ap_get_core_module_config(making->server->module_config);
    const apr_array_header_t *protocols = core->protocols;
    uint16_t count = 0;
    if (apr_is_empty_array(protocols)) {
        return (tlsdiag_text_list_t){ .items = http11, .count = 1 };
    }
    const char **items = apr_palloc(making->pool, (apr_size_t)protocols->nelts * sizeof *items);
    for (int i = 0; i < protocols->nelts; i++) {
        const char *name = APR_ARRAY_IDX(protocols, i, const char *);
        if (strcmp(name, "h2c") != 0 && (strcmp(name, "h2") != 0 || making->posture->http2_loaded)) {
            items[count++] = name;
        }
    }
    return (tlsdiag_text_list_t){ .items = items, .count = count };
}

/* RequestReadTimeout handshake=5 or 5-10,MinRate=500: the time that a client has which sends nothing. */
static int64_t handshake_timeout_us(const tlsdiag_making_t *making)
{
    tlsdiag_directive_t directive = find(making, TLSDIAG_SETTING_HANDSHAKE_TIMEOUT);
    return directive.text ? apr_time_from_sec(apr_atoi64(directive.text)) : 0;
}

void tlsdiag_posture_add_server(const tlsdiag_making_t *making)
{
    const server_rec *server = making->server;
    tlsdiag_posture_t *posture = making->posture;
    posture->server_name = server->server_hostname ? server->server_hostname : "";
    posture->server_name_guessed = is_guessed(making);
    posture->port = port_of(making);
    posture->name =
        posture->port ? apr_psprintf(making->pool, "%s:%u", posture->server_name, posture->port) : posture->server_name;
    posture->defined_at = place_of(making);
    posture->addresses = tlsdiag_section_addresses(making->section);
    posture->server_aliases = aliases_of(making);
    /* mod_http2 refuses to work with prefork (AH10034). */
    posture->http2_loaded = ap_find_linked_module("mod_http2.c") != NULL && strcmp(ap_show_mpm(), "prefork") != 0;
    posture->remoteip_loaded = ap_find_linked_module("mod_remoteip.c") != NULL;
    posture->alpn = alpn_of(making);
    posture->timeout_us = server->timeout;
    posture->handshake_timeout_us = handshake_timeout_us(making);
}

/* mod_ssl counts the depth itself, with 1 as the default: ssl_init_ctx_verify(). */
static int verify_depth(const tlsdiag_making_t *making)
{
    tlsdiag_directive_t directive = find(making, TLSDIAG_SETTING_VERIFY_DEPTH);
    return directive.text ? (int)apr_atoi64(directive.text) : 1;
}

static void copy_directives(const tlsdiag_making_t *making)
{
    tlsdiag_posture_t *posture = making->posture;
    posture->ssl_protocol = find(making, TLSDIAG_SETTING_PROTOCOL);
    posture->ssl_cipher_suite = find(making, TLSDIAG_SETTING_CIPHER_SUITE);
    posture->ssl_cipher_suite_tls13 = find(making, TLSDIAG_SETTING_CIPHER_SUITE_TLS13);
    posture->cipher_string_command = find(making, TLSDIAG_SETTING_CIPHER_STRING_COMMAND);
    posture->ciphersuites_command = find(making, TLSDIAG_SETTING_CIPHERSUITES_COMMAND);
    posture->min_protocol_command = find(making, TLSDIAG_SETTING_MIN_PROTOCOL_COMMAND);
    posture->max_protocol_command = find(making, TLSDIAG_SETTING_MAX_PROTOCOL_COMMAND);
    posture->protocol_command = find(making, TLSDIAG_SETTING_PROTOCOL_COMMAND);
    posture->groups_directive = find(making, TLSDIAG_SETTING_GROUPS);
    posture->signature_algorithms_directive = find(making, TLSDIAG_SETTING_SIGNATURE_ALGORITHMS);
    posture->client_signature_algorithms_directive = find(making, TLSDIAG_SETTING_CLIENT_SIGNATURE_ALGORITHMS);
    posture->protocols = find(making, TLSDIAG_SETTING_PROTOCOLS);
    posture->verify_client_directive = find(making, TLSDIAG_SETTING_VERIFY_CLIENT);
    posture->verify_depth_directive = find(making, TLSDIAG_SETTING_VERIFY_DEPTH);
    posture->ca_certificate_file = find(making, TLSDIAG_SETTING_CA_FILE);
    posture->ca_certificate_path = find(making, TLSDIAG_SETTING_CA_PATH);
    posture->revocation_file = find(making, TLSDIAG_SETTING_REVOCATION_FILE);
    posture->revocation_check = find(making, TLSDIAG_SETTING_REVOCATION_CHECK);
    posture->use_stapling = find(making, TLSDIAG_SETTING_USE_STAPLING);
}

void tlsdiag_posture_add_directives(const tlsdiag_making_t *making)
{
    tlsdiag_posture_t *posture = making->posture;
    tlsdiag_directive_t engine = find(making, TLSDIAG_SETTING_ENGINE);
    tlsdiag_directive_t verify = find(making, TLSDIAG_SETTING_VERIFY_CLIENT);
    copy_directives(making);
    if (posture->verify_client == TLSDIAG_VERIFY_OPTIONAL && verify.text &&
        !strcasecmp(verify.text, "optional_no_ca")) {
        posture->verify_client = TLSDIAG_VERIFY_OPTIONAL_NO_CA;
    }
    posture->verify_depth = verify_depth(making);
    posture->strict_sni = is_on(making, TLSDIAG_SETTING_STRICT_SNI);
    posture->proxy_protocol = posture->remoteip_loaded && is_on(making, TLSDIAG_SETTING_PROXY_PROTOCOL);
    posture->optional_tls = engine.text && !strcasecmp(engine.text, "optional");
    posture->stapling_responder_set = find(making, TLSDIAG_SETTING_STAPLING_RESPONDER).text != NULL;
}
