/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/imitation.h"

#include <string.h>

#include "iana/iana.h"
#include "iana/openssl_names.h"

enum { NAME_TEXT = 96, SERVER_NAME_TEXT = 300 };

/* A command under way. */
typedef struct imitation {
    tlsdiag_writer_t *command, *missing;
    unsigned count; /* elements of the list that is being written */
} imitation_t;

/* What writes one element of a list in OpenSSL's words; false: it has none. */
typedef bool element_t(tlsdiag_writer_t *out, const char *name);

static bool is_tls13_suite(const char *name)
{
    uint16_t code;
    return tlsdiag_iana_cipher_suite_find(&code, name) && tlsdiag_iana_suite_traits(code).tls13;
}

static bool write_tls13_suite(tlsdiag_writer_t *out, const char *name)
{
    tlsdiag_write(out, name);
    return true;
}

static bool write_suite(tlsdiag_writer_t *out, const char *name)
{
    uint16_t code;
    const char *openssl = tlsdiag_iana_cipher_suite_find(&code, name) ? tlsdiag_openssl_suite_name(code) : NULL;
    tlsdiag_write(out, openssl ? openssl : "");
    return openssl != NULL;
}

/* OpenSSL refuses the whole list for one name that it does not know, and ML-KEM came with 3.5 only. */
static bool write_group(tlsdiag_writer_t *out, const char *name)
{
    uint16_t code;
    const char *openssl = tlsdiag_iana_group_find(&code, name) ? tlsdiag_openssl_group_name(code) : NULL;
    if (!openssl || strstr(openssl, "MLKEM")) {
        return false;
    }
    tlsdiag_write(out, openssl);
    return true;
}

static bool write_signature(tlsdiag_writer_t *out, const char *name)
{
    uint16_t code;
    size_t before = out->length;
    if (tlsdiag_iana_signature_scheme_find(&code, name)) {
        tlsdiag_write_openssl_signature(out, code);
    }
    return out->length > before;
}

static bool is_safe(const char *text)
{
    return text[0] != '\0' && text[0] != '-' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")] == '\0';
}

static bool write_safe(tlsdiag_writer_t *out, const char *name)
{
    if (is_safe(name)) {
        tlsdiag_write(out, name);
    }
    return is_safe(name);
}

static void note_missing(imitation_t *imitation, const char *what)
{
    tlsdiag_write(imitation->missing, imitation->missing->length > 0 ? ", " : "");
    tlsdiag_write(imitation->missing, what);
}

static void add_element(imitation_t *imitation, const char *before, element_t *write, const char *name)
{
    size_t length = imitation->command->length;
    tlsdiag_write(imitation->command, before);
    if (write(imitation->command, name)) {
        imitation->count++;
    } else {
        tlsdiag_writer_rewind(imitation->command, length);
        note_missing(imitation, name);
    }
}

static void add_list(imitation_t *imitation, const char *option, char separator, tlsdiag_json_value_t names,
                     element_t *write, bool (*wanted)(const char *name))
{
    tlsdiag_json_walk_t walk = tlsdiag_json_walk(names);
    tlsdiag_json_value_t value;
    char name[NAME_TEXT];
    char between[] = { separator, '\0' };
    imitation->count = 0;
    while (tlsdiag_json_next(&walk, NULL, &value)) {
        tlsdiag_json_text_of(name, sizeof name, value);
        if (!wanted || wanted(name)) {
            add_element(imitation, imitation->count ? between : option, write, name);
        }
    }
}

static bool is_old_suite(const char *name)
{
    uint16_t code;
    bool signalling = tlsdiag_iana_cipher_suite_find(&code, name) &&
                      tlsdiag_iana_suite_traits(code).key_exchange == TLSDIAG_KX_SIGNALLING;
    return !signalling && !is_tls13_suite(name);
}

/* @SECLEVEL=0, else the OpenSSL that runs this may leave out what the client offered. */
static void add_suites(imitation_t *imitation, tlsdiag_json_value_t names)
{
    add_list(imitation, " -cipher '", ':', names, write_suite, is_old_suite);
    tlsdiag_write(imitation->command, imitation->count ? ":@SECLEVEL=0'" : "");
    add_list(imitation, " -ciphersuites ", ':', names, write_tls13_suite, is_tls13_suite);
}

static bool is_protocol_name(const char *name)
{
    return strcmp(name, "TLSv1") == 0 || strcmp(name, "TLSv1.1") == 0 || strcmp(name, "TLSv1.2") == 0 ||
           strcmp(name, "TLSv1.3") == 0;
}

/* The names sort as their versions do. */
static void add_versions(imitation_t *imitation, tlsdiag_json_value_t client)
{
    char lowest[NAME_TEXT] = "", highest[NAME_TEXT] = "", name[NAME_TEXT];
    tlsdiag_json_walk_t walk = tlsdiag_json_walk(tlsdiag_json_find(client, "versions"));
    tlsdiag_json_value_t value;
    while (tlsdiag_json_next(&walk, NULL, &value)) {
        if (is_protocol_name(tlsdiag_json_text_of(name, sizeof name, value))) {
            if (!lowest[0] || strcmp(name, lowest) < 0) {
                strcpy(lowest, name);
            }
            if (strcmp(name, highest) > 0) {
                strcpy(highest, name);
            }
        }
    }
    tlsdiag_json_text_of(name, sizeof name, tlsdiag_json_find(client, "legacy_version"));
    if (!highest[0] && is_protocol_name(name)) {
        strcpy(highest, name);
    }
    tlsdiag_write(imitation->command, lowest[0] ? " -min_protocol " : "");
    tlsdiag_write(imitation->command, lowest);
    tlsdiag_write(imitation->command, highest[0] ? " -max_protocol " : "");
    tlsdiag_write(imitation->command, highest);
}

static void add_server_name(imitation_t *imitation, tlsdiag_json_value_t record)
{
    char name[SERVER_NAME_TEXT];
    tlsdiag_json_text_of(name, sizeof name, tlsdiag_json_find(record, "tls.client.server_name"));
    if (name[0] == '\0') {
        tlsdiag_write(imitation->command, " -noservername");
    } else if (is_safe(name)) {
        tlsdiag_write(imitation->command, " -servername ");
        tlsdiag_write(imitation->command, name);
    } else {
        note_missing(imitation, "the server name (its characters are not safe to paste)");
    }
}

static void add_address(imitation_t *imitation, tlsdiag_json_value_t record)
{
    char address[NAME_TEXT], port[NAME_TEXT];
    tlsdiag_json_text_of(address, sizeof address, tlsdiag_json_find(record, "destination.ip"));
    tlsdiag_json_text_of(port, sizeof port, tlsdiag_json_find(record, "destination.port"));
    bool known = address[0] && address[strspn(address, "0123456789abcdef.:")] == '\0' && port[0] &&
                 port[strspn(port, "0123456789")] == '\0';
    bool ipv6 = known && strchr(address, ':') != NULL;
    tlsdiag_write(imitation->command, ipv6 ? "[" : "");
    tlsdiag_write(imitation->command, known ? address : "localhost");
    tlsdiag_write(imitation->command, ipv6 ? "]:" : ":");
    tlsdiag_write(imitation->command, known ? port : "443");
}

bool tlsdiag_imitation_write(tlsdiag_writer_t *command, tlsdiag_writer_t *missing, tlsdiag_json_value_t record)
{
    imitation_t imitation = { command, missing, 0 };
    tlsdiag_json_value_t client = tlsdiag_json_find(record, "tlsdiag.client");
    tlsdiag_json_value_t suites = tlsdiag_json_find(record, "tls.client.supported_ciphers");
    if (suites.length == 0 && tlsdiag_json_find(client, "legacy_version").length == 0) {
        return false;
    }
    tlsdiag_write(command, "openssl s_client -connect ");
    add_address(&imitation, record);
    add_server_name(&imitation, record);
    add_versions(&imitation, client);
    add_suites(&imitation, suites);
    add_list(&imitation, " -groups ", ':', tlsdiag_json_find(client, "groups"), write_group, NULL);
    add_list(&imitation, " -sigalgs ", ':', tlsdiag_json_find(client, "signature_algorithms"), write_signature, NULL);
    add_list(&imitation, " -alpn ", ',', tlsdiag_json_find(client, "alpn"), write_safe, NULL);
    if (tlsdiag_json_is_true(tlsdiag_json_find(client, "status_request"))) {
        tlsdiag_write(command, " -status");
    }
    tlsdiag_write(command, " </dev/null");
    return true;
}
