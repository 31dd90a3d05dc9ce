/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/client_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collect/digest.h"
#include "decode/fingerprint.h"
#include "decode/offer.h"
#include "decode/stencil.h"

enum { WAYS = 4, SETS = TLSDIAG_CLIENTS_KEPT / WAYS };

/* How the hellos of one client look, byte by byte. Holds the client. */
typedef struct known_hello {
    tlsdiag_client_t *client;
    uint64_t number;
    tlsdiag_stencil_t stencil;
} known_hello_t;

/* Each process's own, behind its lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static tlsdiag_client_t *clients[SETS][WAYS];
static known_hello_t *known_hellos[TLSDIAG_STENCILS_KEPT];
static uint64_t clock_ticks, stencils_made;

static void free_client(tlsdiag_client_t *client)
{
    free(atomic_load(&client->text));
    free(client);
}

static void free_known_hello(known_hello_t *known)
{
    if (known) {
        tlsdiag_client_release(known->client);
        free(known);
    }
}

void tlsdiag_client_release(tlsdiag_client_t *client)
{
    if (client && tlsdiag_let_go(&client->holders)) {
        free_client(client);
    }
}

void *tlsdiag_client_keep_text(tlsdiag_client_t *client, void *text)
{
    void *there = NULL;

    if (atomic_compare_exchange_strong(&client->text, &there, text)) {
        return text;
    }
    free(text);
    return there;
}

static void fingerprint(char ja3[33], char ja4[40], tlsdiag_bytes_t message)
{
    tlsdiag_digest_t digest = tlsdiag_digest_open();

    tlsdiag_ja3(ja3, message, &digest);
    tlsdiag_ja4(ja4, message, &digest);
    tlsdiag_digest_close(&digest);
}

/* With the lock held. */
static void hold(tlsdiag_client_t *client)
{
    client->asked_at = ++clock_ticks;
    tlsdiag_hold(&client->holders);
}

/* With the lock held. The caller holds what is returned. */
static tlsdiag_client_t *find(tlsdiag_offer_match_t *match, const tlsdiag_client_hello_t *offer, uint64_t hash)
{
    for (unsigned i = 0; i < WAYS; i++) {
        tlsdiag_client_t *client = clients[hash % SETS][i];
        *match = client && client->hash == hash ? tlsdiag_offer_match(&client->offer, offer) : TLSDIAG_OFFER_ANOTHER;
        if (*match != TLSDIAG_OFFER_ANOTHER) {
            hold(client);
            return client;
        }
    }
    return NULL;
}

/* The place that is free or was not asked for for the longest time. */
static tlsdiag_client_t **place_for(uint64_t hash)
{
    tlsdiag_client_t **set = clients[hash % SETS], **oldest = &set[0];

    for (unsigned i = 0; i < WAYS; i++) {
        if (!set[i]) {
            return &set[i];
        }
        if (set[i]->asked_at < (*oldest)->asked_at) {
            oldest = &set[i];
        }
    }
    return oldest;
}

/* Each text is hashed as it was written: to make it a second time costs as much as to hash it. */
static void fingerprint_client(tlsdiag_client_t *client, tlsdiag_bytes_t message)
{
    tlsdiag_writer_t out = tlsdiag_writer(client->texts, sizeof client->texts);
    tlsdiag_ja3_string_write(&out, message);
    client->ja3_string = tlsdiag_bytes(client->texts, out.length);
    tlsdiag_ja4_r_write(&out, message);
    client->ja4_r = tlsdiag_bytes(client->texts + client->ja3_string.length, out.length - client->ja3_string.length);
    if (out.truncated) {
        client->ja3_string = client->ja4_r = tlsdiag_bytes(NULL, 0);
        fingerprint(client->ja3, client->ja4, message);
        return;
    }
    tlsdiag_digest_t digest = tlsdiag_digest_open();
    tlsdiag_ja3_of_text(client->ja3, client->ja3_string, &digest);
    tlsdiag_ja4_of_text(client->ja4, client->ja4_r, &digest);
    tlsdiag_digest_close(&digest);
}

static tlsdiag_client_t *make(const tlsdiag_client_hello_t *offer, uint64_t hash, tlsdiag_bytes_t message)
{
    tlsdiag_client_t *client = malloc(sizeof *client);

    if (!client) {
        return NULL;
    }
    client->offer = *offer;
    client->hash = hash;
    memset(client->ja3, 0, sizeof client->ja3); /* they are copied and compared whole, with what is behind their end */
    memset(client->ja4, 0, sizeof client->ja4);
    fingerprint_client(client, message);
    client->asked_at = 0;
    atomic_init(&client->holders, 2); /* the cache and the caller */
    atomic_init(&client->fingerprint, 0);
    atomic_init(&client->text, NULL);
    return client;
}

static void put(tlsdiag_client_t *client)
{
    pthread_mutex_lock(&lock);
    tlsdiag_client_t **place = place_for(client->hash), *replaced = *place;
    client->asked_at = ++clock_ticks;
    *place = client;
    pthread_mutex_unlock(&lock);
    tlsdiag_client_release(replaced);
}

static void copy_fingerprints(char ja3[33], char ja4[40], const tlsdiag_client_t *client)
{
    memcpy(ja3, client->ja3, sizeof client->ja3);
    memcpy(ja4, client->ja4, sizeof client->ja4);
}

tlsdiag_client_t *tlsdiag_client_recognise(tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message, char ja3[33],
                                           char ja4[40], uint64_t *stencil)
{
    uint64_t hash = tlsdiag_stencil_hash(message);
    tlsdiag_client_t *client = NULL;
    pthread_mutex_lock(&lock);
    const known_hello_t *known = known_hellos[hash % TLSDIAG_STENCILS_KEPT];
    if (known && tlsdiag_stencil_decode(client_hello, &known->stencil, message)) {
        client = known->client;
        *stencil = known->number;
        hold(client);
    }
    pthread_mutex_unlock(&lock);
    if (client) {
        copy_fingerprints(ja3, ja4, client);
    }
    return client;
}

/* Of a client that came again. One that never makes the same offer twice is not worth it. */
static void keep_hello(tlsdiag_client_t *client, const tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message)
{
    known_hello_t *known = malloc(sizeof *known);
    if (!known || !tlsdiag_stencil_make(&known->stencil, client_hello, message)) {
        free(known);
        return;
    }
    known->client = client;
    known_hello_t **place = &known_hellos[tlsdiag_stencil_hash(message) % TLSDIAG_STENCILS_KEPT];
    pthread_mutex_lock(&lock);
    known_hello_t *replaced = *place;
    known->number = ++stencils_made;
    *place = known;
    hold(client);
    pthread_mutex_unlock(&lock);
    free_known_hello(replaced);
}

static tlsdiag_client_t *make_and_put(const tlsdiag_client_hello_t *client_hello, uint64_t hash,
                                      tlsdiag_bytes_t message, char ja3[33], char ja4[40])
{
    tlsdiag_client_t *client = make(client_hello, hash, message);

    if (!client) {
        fingerprint(ja3, ja4, message);
        return NULL;
    }
    copy_fingerprints(ja3, ja4, client);
    put(client);
    return client;
}

/* The JA3 of extensions in another order. */
static void fingerprint_again(char ja3[33], tlsdiag_drawn_t *drawn, const tlsdiag_client_t *client,
                              const tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message)
{
    tlsdiag_writer_t out = tlsdiag_writer(drawn->ja3_string, sizeof drawn->ja3_string);
    tlsdiag_digest_t digest = tlsdiag_digest_open();

    if (client->ja3_string.length) {
        tlsdiag_ja3_string_reorder(&out, client->ja3_string, client_hello->extensions, client_hello->extensions_count);
        drawn->ja3_string_length = (uint16_t)out.length;
        tlsdiag_ja3_of_text(ja3, tlsdiag_bytes(drawn->ja3_string, out.length), &digest);
    } else {
        tlsdiag_ja3(ja3, message, &digest);
    }
    tlsdiag_digest_close(&digest);
}

static tlsdiag_client_t *find_any(tlsdiag_offer_match_t *match, const tlsdiag_client_hello_t *offer, uint64_t hash)
{
    pthread_mutex_lock(&lock);
    tlsdiag_client_t *client = find(match, offer, hash);
    pthread_mutex_unlock(&lock);
    return client;
}

tlsdiag_client_t *tlsdiag_client_find(const tlsdiag_client_hello_t *client_hello, tlsdiag_bytes_t message, char ja3[33],
                                      char ja4[40], tlsdiag_drawn_t *drawn)
{
    tlsdiag_offer_match_t match;

    if (!tlsdiag_offer_is_whole(client_hello)) {
        fingerprint(ja3, ja4, message);
        return NULL;
    }
    uint64_t hash = tlsdiag_offer_hash(client_hello);
    tlsdiag_client_t *client = find_any(&match, client_hello, hash);
    if (!client) {
        return make_and_put(client_hello, hash, message, ja3, ja4);
    }
    copy_fingerprints(ja3, ja4, client);
    drawn->anew = match != TLSDIAG_OFFER_SAME;
    if (match == TLSDIAG_OFFER_SAME) {
        keep_hello(client, client_hello, message);
    } else if (match == TLSDIAG_OFFER_REORDERED) {
        fingerprint_again(ja3, drawn, client, client_hello, message);
    }
    return client;
}
