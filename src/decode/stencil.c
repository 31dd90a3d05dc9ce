/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/stencil.h"

#include <string.h>

#include "decode/hello_lists.h"

enum {
    RANDOM_AT = 2,
    SESSION_ID_AT = 34, /* its length, after legacy_version and random */
    EXTENSION_SERVER_NAME = 0,
    EXTENSION_PADDING = 21,
    EXTENSION_SESSION_TICKET = 35,
    EXTENSION_PRE_SHARED_KEY = 41,
    EXTENSION_KEY_SHARE = 51,
    EXTENSION_ECH = 0xfe0d,
    NAME_IN_SERVER_NAME = 5 /* behind ServerNameList's length, NameType and HostName's length: RFC 6066 3 */
};

/* A stencil under way. */
typedef struct tracing {
    tlsdiag_stencil_t *stencil;
    const uint8_t *start;
    size_t run; /* where the run began that is not closed yet */
    bool too_many;
} tracing_t;

static void close_run(tracing_t *tracing, size_t end)
{
    tlsdiag_stencil_t *stencil = tracing->stencil;
    if (stencil->runs_count == TLSDIAG_STENCIL_RUNS) {
        tracing->too_many = true;
        return;
    }
    stencil->runs[stencil->runs_count].start = (uint16_t)tracing->run;
    stencil->runs[stencil->runs_count++].end = (uint16_t)end;
}

/* These bytes may be anything. */
static void leave_out(tracing_t *tracing, tlsdiag_bytes_t bytes)
{
    size_t at = bytes.length ? (size_t)(bytes.at - tracing->start) : 0;
    if (bytes.length) {
        close_run(tracing, at);
        tracing->run = at + bytes.length;
    }
}

static void leave_out_key_shares(tracing_t *tracing, tlsdiag_bytes_t data)
{
    tlsdiag_reader_t in = tlsdiag_reader(data);
    tlsdiag_reader_t list = tlsdiag_reader(tlsdiag_read_vector(&in, 2));
    while (list.at != list.end) {
        tlsdiag_read_u16(&list);
        leave_out(tracing, tlsdiag_read_vector(&list, 2));
    }
}

/* RFC 8446 4.2.11: identities with their ages, then binders. */
static void leave_out_identities(tracing_t *tracing, tlsdiag_bytes_t data)
{
    tlsdiag_reader_t in = tlsdiag_reader(data);
    tlsdiag_reader_t identities = tlsdiag_reader(tlsdiag_read_vector(&in, 2));
    while (identities.at != identities.end) {
        leave_out(tracing, tlsdiag_read_vector(&identities, 2));
        leave_out(tracing, tlsdiag_read(&identities, 4));
    }
    tlsdiag_reader_t binders = tlsdiag_reader(tlsdiag_read_vector(&in, 2));
    while (binders.at != binders.end) {
        leave_out(tracing, tlsdiag_read_vector(&binders, 1));
    }
}

static void leave_out_name(tracing_t *tracing, tlsdiag_bytes_t data)
{
    if (data.length > NAME_IN_SERVER_NAME) {
        tlsdiag_bytes_t name = tlsdiag_bytes(data.at + NAME_IN_SERVER_NAME, data.length - NAME_IN_SERVER_NAME);
        tracing->stencil->name_at = (uint16_t)(name.at - tracing->start);
        leave_out(tracing, name);
    }
}

static void trace_extension(tracing_t *tracing, uint16_t type, tlsdiag_bytes_t data)
{
    switch (type) {
    case EXTENSION_SERVER_NAME:
        leave_out_name(tracing, data);
        break;
    case EXTENSION_KEY_SHARE:
        leave_out_key_shares(tracing, data);
        break;
    case EXTENSION_PRE_SHARED_KEY:
        leave_out_identities(tracing, data);
        break;
    case EXTENSION_PADDING:
    case EXTENSION_SESSION_TICKET:
    case EXTENSION_ECH:
        leave_out(tracing, data);
        break;
    default:
        break;
    }
}

bool tlsdiag_stencil_make(tlsdiag_stencil_t *stencil, const tlsdiag_client_hello_t *client_hello,
                          tlsdiag_bytes_t message)
{
    if (message.length > TLSDIAG_STENCIL_MESSAGE || client_hello->server_name_length > TLSDIAG_SERVER_NAME_BYTES) {
        return false;
    }
    tracing_t tracing = { .stencil = stencil, .start = message.at };
    tlsdiag_hello_lists_t lists;
    stencil->client_hello = *client_hello;
    stencil->name_at = stencil->runs_count = 0;
    stencil->length = (uint16_t)message.length;
    memcpy(stencil->message, message.at, message.length);
    leave_out(&tracing, tlsdiag_bytes(message.at + RANDOM_AT, SESSION_ID_AT - RANDOM_AT));
    leave_out(&tracing, tlsdiag_bytes(message.at + SESSION_ID_AT + 1, client_hello->session_id_length));

    tlsdiag_hello_lists_find(&lists, message);
    tlsdiag_reader_t block = tlsdiag_reader(lists.extensions);
    uint16_t type;
    tlsdiag_bytes_t data;
    while (tlsdiag_next_extension(&block, &type, &data)) {
        trace_extension(&tracing, type, data);
    }
    close_run(&tracing, message.length);
    return !tracing.too_many;
}

uint64_t tlsdiag_stencil_hash(tlsdiag_bytes_t message)
{
    uint64_t hash = message.length;
    size_t at = message.length > SESSION_ID_AT ? SESSION_ID_AT + 1u + message.at[SESSION_ID_AT] : message.length;
    for (unsigned i = 0; i < 4 && at + sizeof hash <= message.length; i++, at += sizeof hash) {
        uint64_t word;
        memcpy(&word, message.at + at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return hash;
}

bool tlsdiag_stencil_decode(tlsdiag_client_hello_t *client_hello, const tlsdiag_stencil_t *stencil,
                            tlsdiag_bytes_t message)
{
    size_t name_length = stencil->client_hello.server_name_length;
    if (message.length != stencil->length) {
        return false;
    }
    for (unsigned i = 0; i < stencil->runs_count; i++) {
        size_t start = stencil->runs[i].start;
        if (memcmp(stencil->message + start, message.at + start, stencil->runs[i].end - start) != 0) {
            return false;
        }
    }
    if (stencil->name_at && memchr(message.at + stencil->name_at, 0, name_length)) {
        return false; /* which makes a name malformed: decode/extensions.c */
    }
    *client_hello = stencil->client_hello;
    if (stencil->name_at) {
        memcpy(client_hello->server_name, message.at + stencil->name_at, name_length);
    }
    return true;
}
