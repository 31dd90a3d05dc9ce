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

static bool enter(tlsdiag_flood_slot_t *slot, int64_t now_us)
{
    int64_t taken = atomic_load(&slot->taken_us);
    int64_t since = now_us - taken;

    /* A holder that has been inside for so long is dead, or the clock was set back. */
    if (taken != 0 && since >= 0 && since < TLSDIAG_FLOOD_STALE_US) {
        return false;
    }
    return atomic_compare_exchange_strong(&slot->taken_us, &taken, now_us);
}

static void leave(tlsdiag_flood_slot_t *slot)
{
    atomic_store(&slot->taken_us, 0);
}

static bool window_is_over(const tlsdiag_flood_slot_t *slot, int64_t now_us)
{
    return now_us < slot->window_us || now_us - slot->window_us >= TLSDIAG_FLOOD_WINDOW_US;
}

/* The slot of the label, else one that nothing is lost with: free, or its window over and all of it told. */
static tlsdiag_flood_slot_t *find_slot(tlsdiag_flood_t *flood, uint64_t key, int64_t now_us)
{
    tlsdiag_flood_slot_t *ways = &flood->slots[key % (TLSDIAG_FLOOD_SLOTS / TLSDIAG_FLOOD_WAYS) * TLSDIAG_FLOOD_WAYS];
    tlsdiag_flood_slot_t *spare = NULL;

    for (unsigned i = 0; i < TLSDIAG_FLOOD_WAYS; i++) {
        if (ways[i].key == key) {
            return &ways[i];
        }
        if (ways[i].key == 0 || (window_is_over(&ways[i], now_us) && !ways[i].folded.count)) {
            spare = &ways[i];
        }
    }
    return spare;
}

static void begin_window(tlsdiag_flood_slot_t *slot, uint64_t key, const char *label, int64_t now_us)
{
    slot->key = key;
    slot->window_us = now_us;
    slot->told = 0;
    slot->folded.count = 0;
    strncpy(slot->folded.label, label, TLSDIAG_FLOOD_LABEL - 1);
    slot->folded.label[TLSDIAG_FLOOD_LABEL - 1] = '\0';
}

static void fold(tlsdiag_folded_t *folded, int64_t now_us)
{
    if (folded->count++ == 0) {
        folded->first_us = now_us;
    }
    folded->last_us = now_us;
}

/* A copy that is safe to show: a process that runs as the httpd user can write anything into the memory. */
static void copy_folded(tlsdiag_folded_t *to, const tlsdiag_folded_t *from)
{
    *to = *from;
    to->label[TLSDIAG_FLOOD_LABEL - 1] = '\0';
}

/* Inside the slot. Returns whether the line is to be told as far as its label goes. */
static bool judge(tlsdiag_flood_slot_t *slot, uint64_t key, const char *label, int64_t now_us, tlsdiag_folded_t *before)
{
    if (slot->key != key || window_is_over(slot, now_us)) {
        if (slot->key == key) {
            copy_folded(before, &slot->folded);
        }
        begin_window(slot, key, label, now_us);
    }
    if (slot->told < TLSDIAG_FLOOD_TOLD) {
        slot->told++;
        return true;
    }
    fold(&slot->folded, now_us);
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
    }
}

static bool take_folded(tlsdiag_flood_slot_t *slot, int64_t now_us, bool everything, tlsdiag_folded_t *folded)
{
    bool due = slot->key && slot->folded.count && (everything || window_is_over(slot, now_us));

    if (due) {
        copy_folded(folded, &slot->folded);
        slot->folded.count = 0;
        slot->key = 0;
    }
    return due;
}

uint64_t tlsdiag_flood_sweep(tlsdiag_flood_t *flood, int64_t now_us, bool everything,
                             void (*visit)(void *context, const tlsdiag_folded_t *folded), void *context)
{
    for (unsigned i = 0; i < TLSDIAG_FLOOD_SLOTS; i++) {
        tlsdiag_flood_slot_t *slot = &flood->slots[i];
        tlsdiag_folded_t folded;
        if (!slot->folded.count || !enter(slot, now_us)) {
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
