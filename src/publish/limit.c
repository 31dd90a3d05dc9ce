/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/limit.h"

#include <string.h>

#include "publish/fields.h"

_Static_assert(TLSDIAG_SPANS_KEPT <= 64, "a set of spans is 64 bits");

void tlsdiag_spans_add(tlsdiag_spans_t *noted, size_t start, size_t length, uint8_t cut)
{
    if (noted->count < TLSDIAG_SPANS_KEPT) {
        noted->spans[noted->count++] =
            (tlsdiag_span_t){ .start = (uint32_t)start, .length = (uint32_t)length, .cut = cut };
    }
}

/* Which spans are of each rank: rank by rank, they need not all be looked at again. */
typedef struct ranks {
    uint64_t spans[TLSDIAG_CUT_COUNT];
} ranks_t;

static void sort_by_rank(ranks_t *ranks, const tlsdiag_spans_t *noted)
{
    *ranks = (ranks_t){ .spans = { 0 } };
    for (size_t i = 0; i < noted->count; i++) {
        ranks->spans[noted->spans[i].cut] |= UINT64_C(1) << i;
    }
}

/* Which spans have to go. Sets *saved to the bytes that are gained, at least excess if there is so much. */
static uint64_t choose(const tlsdiag_spans_t *noted, size_t excess, size_t *saved)
{
    ranks_t ranks;
    uint64_t chosen = 0;
    *saved = 0;
    sort_by_rank(&ranks, noted);
    for (unsigned cut = TLSDIAG_CUT_NEVER + 1; cut < TLSDIAG_CUT_COUNT; cut++) {
        for (uint64_t left = ranks.spans[cut]; left && *saved < excess; left &= left - 1) {
            unsigned first = (unsigned)__builtin_ctzll(left);
            chosen |= UINT64_C(1) << first;
            *saved += noted->spans[first].length;
        }
    }
    return chosen;
}

/* to stands behind `"name":{`. Returns where that name began. */
static char *step_back_over_name(char *to)
{
    to -= sizeof "\":{" - 1;
    while (to[-1] != '"') {
        to--;
    }
    return to - 1;
}

/*
 * Append what stays. Where it starts by closing an object, the field before it may have been the last one that was left:
 * `"a":1,` + `},` gives `"a":1},`. Or there may be none: then `"name":{` + `},` gives nothing.
 */
static char *append(char *to, const char *from, const char *end)
{
    while (from < end && *from == '}' && to[-1] == '{') {
        to = step_back_over_name(to);
        from++;
        from += from < end && *from == ',';
    }
    if (from < end && *from == '}' && to[-1] == ',') {
        to--;
    }
    memmove(to, from, (size_t)(end - from));
    return to + (end - from);
}

/* Behind a field. The comma of an object's last one has become the brace that closes the object, which stays. */
static const char *end_of(const tlsdiag_writer_t *out, const tlsdiag_span_t *span)
{
    const char *end = out->start + span->start + span->length;
    return end[-1] == '}' ? end - 1 : end;
}

/* Of a line from a mould just those are noted that have to go (mould.c). Sets *saved to what all of them gain. */
static bool must_all_go(const tlsdiag_spans_t *noted, size_t excess, size_t *saved)
{
    const tlsdiag_span_t *last = noted->spans; /* to go */
    *saved = 0;
    for (size_t i = 0; i < noted->count; i++) {
        const tlsdiag_span_t *span = &noted->spans[i];
        *saved += span->length;
        last = span->cut >= last->cut ? span : last;
    }
    return noted->count > 0 && *saved - last->length < excess;
}

bool tlsdiag_spans_cut(tlsdiag_spans_t *noted, tlsdiag_writer_t *out, size_t excess)
{
    size_t saved;
    uint64_t chosen = must_all_go(noted, excess, &saved) ? UINT64_MAX : choose(noted, excess, &saved);
    const char *stays = out->start;
    char *to = out->start;
    for (size_t i = 0; i < noted->count; i++) {
        if (chosen >> i & 1) {
            const tlsdiag_span_t *gone = &noted->spans[i];
            to = append(to, stays, out->start + gone->start);
            stays = end_of(out, gone);
        }
    }
    to = append(to, stays, out->start + out->length);
    out->length = (size_t)(to - out->start);
    noted->count = 0;
    return saved >= excess;
}
