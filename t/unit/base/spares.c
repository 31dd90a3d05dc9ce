/* SPDX-License-Identifier: Apache-2.0 */
/* base/spares.h: each block that was kept comes back once, to one thread; what has no place is its owner's to free. */
#include "base/spares.h"

#include <pthread.h>

#include "tap.h"

enum { PLACES = 3, BLOCKS = 8, THREADS = 4, TIMES = 50000 };

static tlsdiag_spare_t places[PLACES];
static int blocks[BLOCKS];
static _Atomic int holders[BLOCKS]; /* of each block */
static _Atomic int held_by_two;

static void test_alone(void)
{
    ok(tlsdiag_spare_take(places, PLACES) == NULL, "where nothing was kept there is nothing to take");
    ok(tlsdiag_spare_keep(places, PLACES, &blocks[0]), "a block is kept");
    ok(tlsdiag_spare_take(places, PLACES) == &blocks[0], "... and taken");
    ok(tlsdiag_spare_take(places, PLACES) == NULL, "... once");
    for (unsigned i = 0; i < PLACES; i++) {
        ok(tlsdiag_spare_keep(places, PLACES, &blocks[i]), "there is a place for block %u", i);
    }
    ok(!tlsdiag_spare_keep(places, PLACES, &blocks[PLACES]), "... and none for one more");
    for (unsigned i = 0; i < PLACES; i++) {
        ok(tlsdiag_spare_take(places, PLACES) == &blocks[i], "block %u comes back", i);
    }
    ok(tlsdiag_spare_take(places, PLACES) == NULL, "... which were all");
}

/* Takes a block, holds it for a moment and gives it back; one that has no place stays with its thread. */
static void *take_and_give_back(void *opaque)
{
    int *own = opaque;

    for (unsigned i = 0; i < TIMES; i++) {
        int *block = tlsdiag_spare_take(places, PLACES);
        if (!block) {
            continue;
        }
        held_by_two += holders[block - blocks]++ != 0;
        (*block)++; /* not atomic: who holds it is alone with it */
        holders[block - blocks]--;
        if (!tlsdiag_spare_keep(places, PLACES, block)) {
            *own = (int)(block - blocks);
            return NULL;
        }
    }
    return NULL;
}

static void test_threads(void)
{
    pthread_t threads[THREADS];
    int lost[THREADS];
    unsigned found = 0;

    for (unsigned i = 0; i < PLACES; i++) {
        (void)tlsdiag_spare_keep(places, PLACES, &blocks[i]);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        lost[i] = -1;
        pthread_create(&threads[i], NULL, take_and_give_back, &lost[i]);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        found += lost[i] >= 0;
    }
    while (tlsdiag_spare_take(places, PLACES)) {
        found++;
    }
    is_int(held_by_two, 0, "no block was with two threads at a time");
    is_int(found, PLACES, "and none is missing afterwards");
}

int main(void)
{
    test_alone();
    test_threads();
    return done_testing();
}
