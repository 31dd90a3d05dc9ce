/* SPDX-License-Identifier: Apache-2.0 */
/**
 * conftree.h knows what the administrator wrote about TLS, server by server, and where: it reads httpd's configuration
 * tree, because mod_ssl keeps its settings to itself. It refuses to know what OpenSSL made of it.
 *
 * The tree (ap_conftree) holds what is active: <IfModule> and its kin, Include and macros are already resolved in it. It
 * lives in the configuration's pool, so it is there from post_config on, after each restart a new one. What stands in
 * <Directory>, <Location>, <If> or another section of a vhost is about requests and is not read.
 */
#ifndef TLSDIAG_APACHE_CONFTREE_H
#define TLSDIAG_APACHE_CONFTREE_H

#include "apache/module.h"
#include "posture.h"

/** The settings that are read. To add one: a line here and a row in conftree.c. */
typedef enum {
    TLSDIAG_SETTING_SERVER_NAME,
    TLSDIAG_SETTING_ENGINE,
    TLSDIAG_SETTING_PROTOCOL,
    TLSDIAG_SETTING_CIPHER_SUITE, /**< for TLS 1.2 and below */
    TLSDIAG_SETTING_CIPHER_SUITE_TLS13,
    TLSDIAG_SETTING_CIPHER_STRING_COMMAND, /**< these of SSLOpenSSLConfCmd, which come after SSLCipherSuite and SSLProtocol */
    TLSDIAG_SETTING_CIPHERSUITES_COMMAND,
    TLSDIAG_SETTING_MIN_PROTOCOL_COMMAND,
    TLSDIAG_SETTING_MAX_PROTOCOL_COMMAND,
    TLSDIAG_SETTING_PROTOCOL_COMMAND,
    TLSDIAG_SETTING_GROUPS,
    TLSDIAG_SETTING_SIGNATURE_ALGORITHMS,
    TLSDIAG_SETTING_CLIENT_SIGNATURE_ALGORITHMS,
    TLSDIAG_SETTING_DH_PARAMETERS,
    TLSDIAG_SETTING_PROTOCOLS, /**< of HTTP: h2, http/1.1 */
    TLSDIAG_SETTING_VERIFY_CLIENT,
    TLSDIAG_SETTING_VERIFY_DEPTH,
    TLSDIAG_SETTING_CA_FILE,
    TLSDIAG_SETTING_CA_PATH,
    TLSDIAG_SETTING_REVOCATION_FILE,
    TLSDIAG_SETTING_REVOCATION_PATH,
    TLSDIAG_SETTING_REVOCATION_CHECK,
    TLSDIAG_SETTING_CERTIFICATE_FILE, /**< the last one; all of them: below */
    TLSDIAG_SETTING_KEY_FILE,
    TLSDIAG_SETTING_CHAIN_FILE,
    TLSDIAG_SETTING_STRICT_SNI,
    TLSDIAG_SETTING_USE_STAPLING,
    TLSDIAG_SETTING_STAPLING_RESPONDER,
    TLSDIAG_SETTING_TICKET_KEY_FILE,
    TLSDIAG_SETTING_PROXY_PROTOCOL,
    TLSDIAG_SETTING_HANDSHAKE_TIMEOUT, /**< of RequestReadTimeout: "5" or "5-10,MinRate=500" */
    TLSDIAG_SETTINGS
} tlsdiag_setting_t;

/** What stands outside of all vhosts, and in each of them. */
typedef struct tlsdiag_conftree tlsdiag_conftree_t;
/** What stands in one <VirtualHost>, or outside of all. */
typedef struct tlsdiag_section tlsdiag_section_t;

/**
 * Read the configuration tree once, in one pass over all its lines.
 *
 * Returns  an index in pool. Its values and texts live as long as texts, the configuration's own pool.
 */
tlsdiag_conftree_t *tlsdiag_conftree_read(apr_pool_t *pool, apr_pool_t *texts);

/** The section of a server; one without a line where the tree does not have it. main_server's is what stands outside. */
const tlsdiag_section_t *tlsdiag_conftree_section(const tlsdiag_conftree_t *tree, const server_rec *server);

/**
 * What is in force: the section's last line, else the main server's last one.
 *
 * Returns  the value without quotes and without the word that selects it (`TLSv1.3`, `Groups`, `handshake=`); text is
 *          NULL where nobody wrote anything.
 */
tlsdiag_directive_t tlsdiag_section_find(const tlsdiag_section_t *section, tlsdiag_setting_t setting);
/** The same without the main server's. */
tlsdiag_directive_t tlsdiag_section_find_own(const tlsdiag_section_t *section, tlsdiag_setting_t setting);

/** A number of values. */
typedef struct tlsdiag_values {
    const char *const *items;
    int count;
} tlsdiag_values_t;

/** All SSLCertificateFile and all SSLCertificateKeyFile lines of the section itself, in order. */
tlsdiag_values_t tlsdiag_section_certificate_files(const tlsdiag_section_t *section);
tlsdiag_values_t tlsdiag_section_key_files(const tlsdiag_section_t *section);
/** The main server's section, from which this one inherits; itself when it is that one. */
const tlsdiag_section_t *tlsdiag_section_base(const tlsdiag_section_t *section);

/** The arguments of the <VirtualHost>; "" for the main server. */
const char *tlsdiag_section_addresses(const tlsdiag_section_t *section);

#endif
