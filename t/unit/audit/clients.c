/* SPDX-License-Identifier: Apache-2.0 */
/* Each client's ClientHello, written by hello.c and read back by our own decoder, says what the table says. */
#include "audit/clients.h"
#include "decode/client_hello.h"
#include "tap.h"

enum { RECORD_HEADER = 5, HANDSHAKE_HEADER = 4 };

static tlsdiag_client_hello_t hello;
static uint8_t bytes[TLSDIAG_HELLO_BYTES];

static bool same(const uint16_t *codes, uint16_t count, tlsdiag_code_list_t list)
{
    return count == list.count && (count == 0 || memcmp(codes, list.codes, count * sizeof *codes) == 0);
}

static bool decode(const tlsdiag_known_client_t *client, const char *server_name, uint16_t share)
{
    size_t length = tlsdiag_client_hello_write(bytes, sizeof bytes, client, server_name, share);
    size_t headers = RECORD_HEADER + HANDSHAKE_HEADER;
    if (length < headers || bytes[0] != 0x16 || (size_t)(bytes[3] << 8 | bytes[4]) != length - RECORD_HEADER) {
        return false;
    }
    uint32_t declared = (uint32_t)bytes[6] << 16 | (uint32_t)bytes[7] << 8 | bytes[8];
    tlsdiag_client_hello_decode(&hello, tlsdiag_bytes(bytes + headers, length - headers), declared);
    return declared == length - headers && hello.complete && hello.malformed[0] == '\0';
}

static void judge_client(const tlsdiag_known_client_t *client)
{
    ok(decode(client, "www.example.net", 0), "%s: the hello is well formed", client->id);
    is_int(hello.legacy_version, client->legacy_version, client->id);
    ok(same(hello.cipher_suites, hello.cipher_suites_count, client->cipher_suites), "%s: cipher suites", client->id);
    ok(same(hello.supported_versions, hello.supported_versions_count, client->versions), "%s: versions", client->id);
    ok(same(hello.supported_groups, hello.supported_groups_count, client->groups), "%s: groups", client->id);
    ok(same(hello.key_shares, hello.key_shares_count, client->key_shares), "%s: key shares", client->id);
    ok(same(hello.signature_algorithms, hello.signature_algorithms_count, client->signature_algorithms),
       "%s: signature algorithms", client->id);
    ok(hello.has_server_name == !client->no_server_name, "%s: server name", client->id);
    ok(hello.has_alpn == (client->alpn != NULL), "%s: ALPN", client->id);
    ok(hello.extended_master_secret == client->extended_master_secret, "%s: extended master secret", client->id);
    ok(client->source && client->name, "%s: has a name and a source", client->id);
}

static void judge_details(void)
{
    const tlsdiag_known_client_t *chrome = tlsdiag_known_client(0);
    decode(chrome, "www.example.net", 0);
    ok(hello.server_name_length == 15 && memcmp(hello.server_name, "www.example.net", 15) == 0, "the server name");
    is_int(hello.alpn_count, 2, "h2 and http/1.1");
    ok(decode(chrome, NULL, 24), "an answer to HelloRetryRequest");
    ok(!hello.has_server_name, "no server name was given");
    ok(hello.key_shares_count == 1 && hello.key_shares[0] == 24, "its only key share is the one asked for");
    for (size_t size = 0; size < 300; size++) {
        if (tlsdiag_client_hello_write(bytes, size, chrome, "www.example.net", 0) != 0) {
            ok(false, "%zu bytes cannot hold it", size);
        }
    }
    ok(tlsdiag_known_client(tlsdiag_known_clients_count()) == NULL, "no client beyond the last");
}

static void judge_ids(void)
{
    for (uint16_t i = 0; i < tlsdiag_known_clients_count(); i++) {
        for (uint16_t j = 0; j < i; j++) {
            if (strcmp(tlsdiag_known_client(i)->id, tlsdiag_known_client(j)->id) == 0) {
                ok(false, "%s is there twice", tlsdiag_known_client(i)->id);
            }
        }
    }
}

int main(void)
{
    for (uint16_t i = 0; i < tlsdiag_known_clients_count(); i++) {
        judge_client(tlsdiag_known_client(i));
    }
    judge_details();
    judge_ids();
    return done_testing();
}
