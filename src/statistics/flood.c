/* SPDX-License-Identifier: Apache-2.0 */
#include "statistics/flood.h"

#include <string.h>

#include "statistics/estimate.h"

enum { SECOND_US = 1000000 };

/* 0 marks a free slot. */
static uint64_t hash(const char *label)
{
    uint64_t value = tlsdiag_hash(0, label, strlen(label));

    return value ? value : 1;
}

/* The memory may hold any number: unsigned ones do not overflow, and an end before its start is very far away. */
static uint64_t between(int64_t start_us, int64_t end_us)
{
    return (uint64_t)end_us - (uint64_t)start_us;
}

/* Whether so much has passed. Who looked at the clock a moment before the other is at the same time; long before: it was set. */
static bool has_passed(int64_t since_us, int64_t now_us, uint64_t duration_us)
{
    return between(since_us, now_us) >= duration_us && between(now_us, since_us) >= TLSDIAG_FLOOD_STALE_US;
}

static bool enter(tlsdiag_flood_slot_t *slot, int64_t now_us)
{
    int64_t taken = atomic_load(&slot->taken_us);

    /* A holder that has been inside for so long is dead. */
    if (taken != 0 && !has_passed(taken, now_us, TLSDIAG_FLOOD_STALE_US)) {
        return false;
    }
    return atomic_compare_exchange_strong(&slot->taken_us, &taken, now_us);
}

static void leave(tlsdiag_flood_slot_t *slot)
{
    atomic_store(&slot->taken_us, 0);
}

static bool window_is_over(tlsdiag_flood_slot_t *slot, int64_t now_us)
{
    return has_passed(atomic_load(&slot->window_us), now_us, TLSDIAG_FLOOD_WINDOW_US);
}

/* Nothing is lost with it: no label has it, or the window is over and all of it told. */
static bool is_to_be_had(tlsdiag_flood_slot_t *slot, int64_t now_us)
{
    return atomic_load(&slot->key) == 0 || (window_is_over(slot, now_us) && atomic_load(&slot->count) == 0);
}

/* The slot of the label, else one that is to be had. Nobody is inside yet: judge() looks again. */
static tlsdiag_flood_slot_t *find_slot(tlsdiag_flood_t *flood, uint64_t key, int64_t now_us)
{
    tlsdiag_flood_slot_t *ways = &flood->slots[key % (TLSDIAG_FLOOD_SLOTS / TLSDIAG_FLOOD_WAYS) * TLSDIAG_FLOOD_WAYS];
    tlsdiag_flood_slot_t *spare = NULL;

    for (unsigned i = 0; i < TLSDIAG_FLOOD_WAYS; i++) {
        if (atomic_load(&ways[i].key) == key) {
            return &ways[i];
        }
        if (is_to_be_had(&ways[i], now_us)) {
            spare = &ways[i];
        }
    }
    return spare;
}

static void begin_window(tlsdiag_flood_slot_t *slot, uint64_t key, const char *label, int64_t now_us)
{
    atomic_store(&slot->key, key);
    atomic_store(&slot->window_us, now_us);
    atomic_store(&slot->count, 0);
    slot->told = 0;
    strncpy(slot->label, label, TLSDIAG_FLOOD_LABEL - 1);
    slot->label[TLSDIAG_FLOOD_LABEL - 1] = '\0';
}

static void fold(tlsdiag_flood_slot_t *slot, int64_t now_us)
{
    if (atomic_fetch_add(&slot->count, 1) == 0) {
        slot->first_us = now_us;
    }
    slot->last_us = now_us;
}

/* A copy that is safe to show: a process that runs as the httpd user can write anything into the memory. */
static void copy_folded(tlsdiag_folded_t *to, tlsdiag_flood_slot_t *from)
{
    to->count = atomic_load(&from->count);
    to->first_us = from->first_us;
    to->last_us = from->last_us;
    memcpy(to->label, from->label, TLSDIAG_FLOOD_LABEL - 1);
    to->label[TLSDIAG_FLOOD_LABEL - 1] = '\0';
}

/* Inside the slot. Returns whether the line is to be told as far as its label goes. */
static bool judge(tlsdiag_flood_slot_t *slot, uint64_t key, const char *label, int64_t now_us, tlsdiag_folded_t *before)
{
    bool is_its_own = atomic_load(&slot->key) == key;

    if (!is_its_own && !is_to_be_had(slot, now_us)) {
        return true; /* another label was faster */
    }
    if (!is_its_own || window_is_over(slot, now_us)) {
        if (is_its_own) {
            copy_folded(before, slot);
        }
        begin_window(slot, key, label, now_us);
    }
    if (slot->told < TLSDIAG_FLOOD_TOLD) {
        slot->told++;
        return true;
    }
    fold(slot, now_us);
    return false;
}

static bool within_rate(tlsdiag_flood_t *flood, int64_t now_us)
{
    int64_t now = now_us / SECOND_US;
    int64_t second = atomic_load(&flood->second);

    if (second != now && atomic_compare_exchange_strong(&flood->second, &second, now)) {
        atomic_store(&flood->lines_in_second, 0);
    }
    if (atomic_fetch_add(&flood->lines_in_second, 1) < TLSDIAG_FLOOD_LINES_A_SECOND) {
        return true;
    }
    atomic_fetch_add(&flood->left_out, 1);
    return false;
}

void tlsdiag_flood_ask(tlsdiag_flood_t *flood, const char *label, int64_t now_us, tlsdiag_flood_verdict_t *verdict)
{
    uint64_t key = hash(label);
    tlsdiag_flood_slot_t *slot = find_slot(flood, key, now_us);

    verdict->folded.count = 0;
    verdict->tell = true;
    if (slot && enter(slot, now_us)) {
        verdict->tell = judge(slot, key, label, now_us, &verdict->folded);
        leave(slot);
    }
    if (verdict->tell && !within_rate(flood, now_us)) {
        verdict->tell = false;
        atomic_fetch_add(&flood->left_out, verdict->folded.count);
        verdict->folded.count = 0;
    }
}

static bool take_folded(tlsdiag_flood_slot_t *slot, int64_t now_us, bool everything, tlsdiag_folded_t *folded)
{
    bool due =
        atomic_load(&slot->key) != 0 && atomic_load(&slot->count) > 0 && (everything || window_is_over(slot, now_us));

    if (due) {
        copy_folded(folded, slot);
        atomic_store(&slot->count, 0);
        atomic_store(&slot->key, 0);
    }
    return due;
}

uint64_t tlsdiag_flood_sweep(tlsdiag_flood_t *flood, int64_t now_us, bool everything,
                             void (*visit)(void *context, const tlsdiag_folded_t *folded), void *context)
{
    for (unsigned i = 0; i < TLSDIAG_FLOOD_SLOTS; i++) {
        tlsdiag_flood_slot_t *slot = &flood->slots[i];
        tlsdiag_folded_t folded;
        if (atomic_load(&slot->count) == 0 || !enter(slot, now_us)) {
            continue;
        }
        bool due = take_folded(slot, now_us, everything, &folded);
        leave(slot);
        if (due) {
            visit(context, &folded);
        }
    }
    return atomic_exchange(&flood->left_out, 0);
}
