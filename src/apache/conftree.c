/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/conftree.h"

#include "apr_hash.h"
#include "apr_strings.h"

/* How to tell that a line is about a setting, beside the directive's name. */
typedef enum {
    SELECT_ALL,     /* every line is */
    SELECT_WORD,    /* the one whose first argument is the word; the rest is the value */
    SELECT_DEFAULT, /* the one without a first word, or with the word itself */
    SELECT_PREFIX   /* an argument that begins with the word; what follows in it is the value */
} selection_t;

typedef struct row {
    tlsdiag_setting_t setting;
    const char *directive;
    selection_t selection;
    const char *word;
} row_t;

/* ECDHParameters is OpenSSL's old name for a list of one group: SSL_CONF_cmd(3). */
static const row_t rows[] = {
    { TLSDIAG_SETTING_SERVER_NAME, "ServerName", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_ENGINE, "SSLEngine", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_PROTOCOL, "SSLProtocol", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_CIPHER_SUITE, "SSLCipherSuite", SELECT_DEFAULT, "SSL" },
    { TLSDIAG_SETTING_CIPHER_SUITE_TLS13, "SSLCipherSuite", SELECT_WORD, "TLSv1.3" },
    { TLSDIAG_SETTING_GROUPS, "SSLOpenSSLConfCmd", SELECT_WORD, "Groups" },
    { TLSDIAG_SETTING_GROUPS, "SSLOpenSSLConfCmd", SELECT_WORD, "Curves" },
    { TLSDIAG_SETTING_GROUPS, "SSLOpenSSLConfCmd", SELECT_WORD, "ECDHParameters" },
    { TLSDIAG_SETTING_SIGNATURE_ALGORITHMS, "SSLOpenSSLConfCmd", SELECT_WORD, "SignatureAlgorithms" },
    { TLSDIAG_SETTING_CLIENT_SIGNATURE_ALGORITHMS, "SSLOpenSSLConfCmd", SELECT_WORD, "ClientSignatureAlgorithms" },
    { TLSDIAG_SETTING_CIPHER_STRING_COMMAND, "SSLOpenSSLConfCmd", SELECT_WORD, "CipherString" },
    { TLSDIAG_SETTING_CIPHERSUITES_COMMAND, "SSLOpenSSLConfCmd", SELECT_WORD, "Ciphersuites" },
    { TLSDIAG_SETTING_MIN_PROTOCOL_COMMAND, "SSLOpenSSLConfCmd", SELECT_WORD, "MinProtocol" },
    { TLSDIAG_SETTING_MAX_PROTOCOL_COMMAND, "SSLOpenSSLConfCmd", SELECT_WORD, "MaxProtocol" },
    { TLSDIAG_SETTING_PROTOCOL_COMMAND, "SSLOpenSSLConfCmd", SELECT_WORD, "Protocol" },
    { TLSDIAG_SETTING_DH_PARAMETERS, "SSLOpenSSLConfCmd", SELECT_WORD, "DHParameters" },
    { TLSDIAG_SETTING_PROTOCOLS, "Protocols", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_VERIFY_CLIENT, "SSLVerifyClient", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_VERIFY_DEPTH, "SSLVerifyDepth", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_CA_FILE, "SSLCACertificateFile", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_CA_PATH, "SSLCACertificatePath", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_REVOCATION_FILE, "SSLCARevocationFile", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_REVOCATION_PATH, "SSLCARevocationPath", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_REVOCATION_CHECK, "SSLCARevocationCheck", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_CERTIFICATE_FILE, "SSLCertificateFile", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_KEY_FILE, "SSLCertificateKeyFile", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_CHAIN_FILE, "SSLCertificateChainFile", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_STRICT_SNI, "SSLStrictSNIVHostCheck", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_USE_STAPLING, "SSLUseStapling", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_STAPLING_RESPONDER, "SSLStaplingForceURL", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_TICKET_KEY_FILE, "SSLSessionTicketKeyFile", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_PROXY_PROTOCOL, "RemoteIPProxyProtocol", SELECT_ALL, NULL },
    { TLSDIAG_SETTING_HANDSHAKE_TIMEOUT, "RequestReadTimeout", SELECT_PREFIX, "handshake=" },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

struct tlsdiag_section {
    const tlsdiag_section_t *base;
    tlsdiag_section_t *next;    /* another one that begins at the same line: a file that is included twice */
    const ap_directive_t *node; /* NULL: the main server */
    const char *addresses;
    apr_array_header_t *certificate_files, *key_files; /* NULL: none */
    tlsdiag_directive_t last[TLSDIAG_SETTINGS];        /* settings that nobody wrote have no text */
};

struct tlsdiag_conftree {
    apr_pool_t *pool, *texts;
    apr_hash_t *rows;     /* directive -> its first row */
    apr_hash_t *sections; /* "line file" -> tlsdiag_section_t */
    tlsdiag_section_t main, empty;
};

/* The words of args from the first on, without quotes, one space between them. */
static const char *join_words(apr_pool_t *pool, const char *args)
{
    const char *joined = NULL;
    while (*args) {
        const char *word = ap_getword_conf(pool, &args);
        joined = joined ? apr_pstrcat(pool, joined, " ", word, NULL) : word;
    }
    return joined ? joined : "";
}

static const char *value_with_prefix(apr_pool_t *pool, const char *args, const char *prefix)
{
    apr_size_t length = strlen(prefix);
    while (*args) {
        const char *word = ap_getword_conf(pool, &args);
        if (!strncasecmp(word, prefix, length)) {
            return word + length;
        }
    }
    return NULL;
}

static const char *value_of(apr_pool_t *pool, const row_t *row, const char *args)
{
    const char *rest = args;
    if (row->selection == SELECT_ALL) {
        return join_words(pool, args);
    }
    if (row->selection == SELECT_PREFIX) {
        return value_with_prefix(pool, args, row->word);
    }
    const char *first = ap_getword_conf(pool, &rest);
    if (!strcasecmp(first, row->word) && *rest) {
        return join_words(pool, rest);
    }
    return row->selection == SELECT_DEFAULT && !*rest ? first : NULL;
}

/* All rows of one directive stand together in the table. */
static const row_t *next_row(const row_t *row)
{
    return row + 1 < rows + ROWS && !strcmp(row[1].directive, row->directive) ? row + 1 : NULL;
}

static void add_value(tlsdiag_conftree_t *tree, apr_array_header_t **values, const char *text)
{
    if (!*values) {
        *values = apr_array_make(tree->pool, 2, sizeof(const char *));
    }
    APR_ARRAY_PUSH(*values, const char *) = text;
}

static void read_line(tlsdiag_conftree_t *tree, tlsdiag_section_t *section, const ap_directive_t *line)
{
    const row_t *row = apr_hash_get(tree->rows, line->directive, APR_HASH_KEY_STRING);
    for (; row; row = next_row(row)) {
        const char *text = value_of(tree->texts, row, line->args);
        if (!text) {
            continue;
        }
        section->last[row->setting] =
            (tlsdiag_directive_t){ .text = text, .file = line->filename, .line = line->line_num };
        if (row->setting == TLSDIAG_SETTING_CERTIFICATE_FILE) {
            add_value(tree, &section->certificate_files, text);
        } else if (row->setting == TLSDIAG_SETTING_KEY_FILE) {
            add_value(tree, &section->key_files, text);
        }
    }
}

static bool is_section(const ap_directive_t *node)
{
    return node->directive[0] == '<';
}

static const char *section_key(apr_pool_t *pool, const char *file, unsigned line)
{
    return apr_psprintf(pool, "%u %s", line, file ? file : "");
}

static const char *arguments_of(tlsdiag_conftree_t *tree, const ap_directive_t *node)
{
    const char *end = strrchr(node->args, '>');
    apr_size_t length = end ? (apr_size_t)(end - node->args) : strlen(node->args);
    return apr_pstrmemdup(tree->texts, node->args, length);
}

static void read_vhost(tlsdiag_conftree_t *tree, const ap_directive_t *node)
{
    tlsdiag_section_t *section = apr_pcalloc(tree->pool, sizeof *section);
    const char *key = section_key(tree->pool, node->filename, (unsigned)node->line_num);
    section->base = &tree->main;
    section->node = node;
    section->addresses = arguments_of(tree, node);
    section->next = apr_hash_get(tree->sections, key, APR_HASH_KEY_STRING);
    apr_hash_set(tree->sections, key, APR_HASH_KEY_STRING, section);
    for (const ap_directive_t *line = node->first_child; line; line = line->next) {
        if (!is_section(line)) {
            read_line(tree, section, line);
        }
    }
}

static tlsdiag_conftree_t *make_index(apr_pool_t *pool, apr_pool_t *texts)
{
    tlsdiag_conftree_t *tree = apr_pcalloc(pool, sizeof *tree);
    tree->pool = pool;
    tree->texts = texts;
    tree->rows = apr_hash_make(pool);
    tree->sections = apr_hash_make(pool);
    tree->main.base = tree->empty.base = &tree->main;
    tree->main.addresses = tree->empty.addresses = "";
    for (int i = ROWS - 1; i >= 0; i--) { /* so that the first row of each directive stays */
        apr_hash_set(tree->rows, rows[i].directive, APR_HASH_KEY_STRING, &rows[i]);
    }
    return tree;
}

tlsdiag_conftree_t *tlsdiag_conftree_read(apr_pool_t *pool, apr_pool_t *texts)
{
    tlsdiag_conftree_t *tree = make_index(pool, texts);
    for (const ap_directive_t *node = ap_conftree; node; node = node->next) {
        if (!is_section(node)) {
            read_line(tree, &tree->main, node);
        } else if (!strcasecmp(node->directive, "<VirtualHost")) {
            read_vhost(tree, node);
        }
    }
    return tree;
}

/* httpd keeps the pointer that the tree has, so that two inclusions of one file can be told apart. */
const tlsdiag_section_t *tlsdiag_conftree_section(const tlsdiag_conftree_t *tree, const server_rec *server)
{
    if (!server->is_virtual) {
        return &tree->main;
    }
    const char *key = section_key(tree->pool, server->defn_name, server->defn_line_number);
    const tlsdiag_section_t *first = apr_hash_get(tree->sections, key, APR_HASH_KEY_STRING);
    for (const tlsdiag_section_t *section = first; section; section = section->next) {
        if (section->node->filename == server->defn_name) {
            return section;
        }
    }
    return first ? first : &tree->empty;
}

tlsdiag_directive_t tlsdiag_section_find_own(const tlsdiag_section_t *section, tlsdiag_setting_t setting)
{
    return section->last[setting];
}

tlsdiag_directive_t tlsdiag_section_find(const tlsdiag_section_t *section, tlsdiag_setting_t setting)
{
    return section->last[setting].text ? section->last[setting] : section->base->last[setting];
}

static tlsdiag_values_t values_of(const apr_array_header_t *values)
{
    return values ? (tlsdiag_values_t){ .items = (const char *const *)values->elts, .count = values->nelts }
                  : (tlsdiag_values_t){ .count = 0 };
}

tlsdiag_values_t tlsdiag_section_certificate_files(const tlsdiag_section_t *section)
{
    return values_of(section->certificate_files);
}

tlsdiag_values_t tlsdiag_section_key_files(const tlsdiag_section_t *section)
{
    return values_of(section->key_files);
}

const tlsdiag_section_t *tlsdiag_section_base(const tlsdiag_section_t *section)
{
    return section->base;
}

const char *tlsdiag_section_addresses(const tlsdiag_section_t *section)
{
    return section->addresses;
}
