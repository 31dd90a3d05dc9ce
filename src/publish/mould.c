/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/mould.h"

#include <string.h>

#include "publish/event.h"
#include "publish/fields.h"
#include "publish/json.h"

enum {
    SHORT_TEXT = 32,
    ROOM = SHORT_TEXT + TLSDIAG_U64_DIGITS /* behind a text: for what is too much of it, or for a number */
};

void tlsdiag_mould_begin(tlsdiag_mould_t *mould, char *text, size_t size)
{
    mould->text = text;
    mould->size = size;
    mould->holes_count = mould->cuts_count = 0;
    mould->usable = size > SHORT_TEXT && size <= UINT16_MAX;
}

/* Most holes are numbers, some are booleans: those are read eight bytes at a time, whatever their width. */
static bool is_read_at_once(const tlsdiag_field_t *row)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ &&
           (row->kind == TLSDIAG_ROW_NUMBER || row->kind == TLSDIAG_ROW_BOOLEAN) &&
           row->offset + sizeof(uint64_t) <= sizeof(tlsdiag_facts_t);
}

static inline uint64_t value_of(const tlsdiag_hole_t *hole, const tlsdiag_facts_t *facts)
{
    uint64_t value;
    memcpy(&value, (const char *)facts + hole->offset, sizeof value);
    return value & UINT64_MAX >> hole->others;
}

static void describe(tlsdiag_hole_t *hole, const tlsdiag_field_t *row, const tlsdiag_facts_t *facts)
{
    if (row->kind == TLSDIAG_ROW_FRAGMENT) {
        hole->pour = TLSDIAG_POUR_FRAGMENT;
        hole->run = row->run;
        return;
    }
    if (!is_read_at_once(row)) {
        hole->pour = TLSDIAG_POUR_VALUE;
        hole->row = row;
        return;
    }
    bool is_number = row->kind == TLSDIAG_ROW_NUMBER;
    hole->pour = is_number ? TLSDIAG_POUR_NUMBER : TLSDIAG_POUR_BOOLEAN;
    hole->offset = row->offset;
    hole->others = (64u - 8u * (is_number ? row->size : (unsigned)sizeof(bool))) & 63u;
    hole->always = row->when != TLSDIAG_WHEN_KNOWN;
    hole->was = value_of(hole, facts);
}

void tlsdiag_mould_note(tlsdiag_mould_t *mould, const tlsdiag_event_t *event, const tlsdiag_field_t *row, size_t start,
                        size_t end, bool absent)
{
    if (mould->holes_count == TLSDIAG_HOLES) {
        mould->usable = false;
        return;
    }
    tlsdiag_hole_t *hole = &mould->holes[mould->holes_count++];
    *hole = (tlsdiag_hole_t){ .start = (uint16_t)start, .end = (uint16_t)end, .absent = absent };
    describe(hole, row, event->facts);
}

/* What was absent in an object that went, because nothing was left in it, would stand where the object would. */
static void move_into_text(tlsdiag_mould_t *mould)
{
    uint16_t behind = mould->length;
    for (unsigned i = mould->holes_count; i-- > 0; behind = mould->holes[i].start) {
        tlsdiag_hole_t *hole = &mould->holes[i];
        hole->start = hole->start < behind ? hole->start : behind;
        hole->end = hole->end < behind ? hole->end : behind;
    }
}

/* How many holes end before at, or there. */
static uint8_t holes_before(const tlsdiag_mould_t *mould, size_t at)
{
    uint8_t count = 0;
    while (count < mould->holes_count && mould->holes[count].end <= at) {
        count++;
    }
    return count;
}

/* Of a line that turns on the client nothing can be cut: where its fields stand is the client's fragment's to say. */
static bool has_fragment(const tlsdiag_mould_t *mould)
{
    for (unsigned i = 0; i < mould->holes_count; i++) {
        if (mould->holes[i].pour == TLSDIAG_POUR_FRAGMENT) {
            return true;
        }
    }
    return false;
}

static void sort_by_rank(tlsdiag_mould_t *mould)
{
    unsigned sorted = 0;
    for (unsigned cut = TLSDIAG_CUT_NEVER + 1; cut < TLSDIAG_CUT_COUNT; cut++) {
        for (uint8_t i = 0; i < mould->cuts_count; i++) {
            if (mould->cuts[i].cut == cut) {
                mould->by_rank[sorted++] = i;
            }
        }
    }
}

void tlsdiag_mould_finish(tlsdiag_mould_t *mould, size_t length, const tlsdiag_spans_t *spans, uint32_t holds)
{
    mould->length = (uint16_t)length;
    mould->holds = holds;
    mould->usable = mould->usable && length + SHORT_TEXT <= mould->size;
    mould->can_be_cut = !has_fragment(mould);
    move_into_text(mould);
    for (unsigned i = 0; i < spans->count; i++) {
        size_t start = spans->spans[i].start, end = start + spans->spans[i].length;
        mould->cuts[i] = (tlsdiag_mould_cut_t){ .start = (uint16_t)start,
                                                .end = (uint16_t)end,
                                                .begins_at = holes_before(mould, start),
                                                .ends_at = holes_before(mould, end),
                                                .cut = spans->spans[i].cut };
    }
    mould->cuts_count = spans->count;
    sort_by_rank(mould);
}

/* A line under way. Each pour_ function returns the place behind what it wrote; NULL: the mould does not fit. */
typedef struct pouring {
    const tlsdiag_mould_t *mould;
    const tlsdiag_event_t *event;
    tlsdiag_writer_t *out;
    uint32_t places[TLSDIAG_HOLES + 1]; /* of each hole, and of the end, in out */
} pouring_t;

static char *pour_fragment(const pouring_t *pouring, char *to, const tlsdiag_hole_t *hole)
{
    const tlsdiag_fragment_t *made = pouring->event->client ? &pouring->event->client[hole->run] : NULL;
    size_t at = (size_t)(to - pouring->out->start);
    if (!made || made->length < 2 || made->length > pouring->out->capacity - at) {
        return NULL;
    }
    memcpy(to, made->text, made->length - 1); /* its last comma is in the mould */
    return to + made->length - 1;
}

/* A number or a boolean. */
static inline char *pour_read(char *to, const tlsdiag_hole_t *hole, uint64_t value)
{
    bool applies = value != 0 || hole->always;
    if (applies == hole->absent) {
        return NULL;
    }
    if (!applies) {
        return to;
    }
    return hole->pour == TLSDIAG_POUR_NUMBER ? tlsdiag_digits_put(to, value) : tlsdiag_json_bool_put(to, value != 0);
}

/* Of any other kind. */
static char *pour_value(const pouring_t *pouring, char *to, const tlsdiag_hole_t *hole)
{
    tlsdiag_writer_t *out = pouring->out;
    const tlsdiag_field_t *row = hole->row;
    out->length = (size_t)(to - out->start);
    bool applies = row->kind == TLSDIAG_ROW_FIELD ? row->write(out, pouring->event)
                                                  : tlsdiag_field_value_write(out, pouring->event, row);
    if (applies == hole->absent || out->truncated) {
        return NULL;
    }
    return applies ? out->start + out->length : to;
}

/* Most often it is a name and some punctuation: that is copied in one go, and what is too much is overwritten. */
static inline char *pour_text(char *to, const char *text, size_t length)
{
    if (length > SHORT_TEXT) {
        memcpy(to, text, length);
    } else {
        struct {
            char bytes[SHORT_TEXT];
        } block;
        memcpy(&block, text, sizeof block);
        memcpy(to, &block, sizeof block);
    }
    return to + length;
}

/* places: whether to note them. The compiler makes two functions of it: most lines are not cut. */
static inline __attribute__((always_inline)) char *pour_all(pouring_t *pouring, bool places)
{
    const tlsdiag_mould_t *mould = pouring->mould;
    const tlsdiag_hole_t *hole = mould->holes, *last = hole + mould->holes_count;
    const char *begin = mould->text, *text = begin, *end = pouring->out->start + pouring->out->capacity;
    char *start = pouring->out->start, *to = start + pouring->out->length;
    for (uint32_t *place = pouring->places; hole != last; hole++, place++) {
        bool is_read = hole->pour >= TLSDIAG_POUR_NUMBER;
        uint64_t value = is_read ? value_of(hole, pouring->event->facts) : 0;
        size_t length = (size_t)(begin + hole->start - text);
        if (places) {
            *place = (uint32_t)((size_t)(to - start) + length);
        }
        if (is_read && value == hole->was) {
            continue;
        }
        if ((size_t)(end - to) < length + ROOM) {
            return NULL;
        }
        to = pour_text(to, text, length);
        text = begin + hole->end;
        to = is_read                            ? pour_read(to, hole, value)
             : hole->pour == TLSDIAG_POUR_VALUE ? pour_value(pouring, to, hole)
                                                : pour_fragment(pouring, to, hole);
        if (!to) {
            return NULL;
        }
    }
    size_t length = (size_t)(begin + mould->length - text);
    return (size_t)(end - to) < length + ROOM ? NULL : pour_text(to, text, length);
}

/* Where in out that place of the text is that stands behind so many holes. */
static uint32_t place_of(const pouring_t *pouring, unsigned holes, uint16_t at)
{
    const tlsdiag_mould_t *mould = pouring->mould;
    return pouring->places[holes] - (holes < mould->holes_count ? mould->holes[holes].start : mould->length) + at;
}

static inline uint32_t length_of(const pouring_t *pouring, const tlsdiag_mould_cut_t *cut)
{
    if (cut->begins_at == cut->ends_at) {
        return (uint32_t)(cut->end - cut->start);
    }
    return place_of(pouring, cut->ends_at, cut->end) - place_of(pouring, cut->begins_at, cut->start);
}

/* Those that go first, until they make out for excess bytes; in the order of the text. */
static void note_cuts(const pouring_t *pouring, tlsdiag_spans_t *spans, size_t excess)
{
    const tlsdiag_mould_t *mould = pouring->mould;
    uint64_t chosen = 0;
    size_t saved = 0;
    for (unsigned i = 0; i < mould->cuts_count && saved < excess; i++) {
        chosen |= UINT64_C(1) << mould->by_rank[i];
        saved += length_of(pouring, &mould->cuts[mould->by_rank[i]]);
    }
    for (; chosen; chosen &= chosen - 1) {
        const tlsdiag_mould_cut_t *cut = &mould->cuts[__builtin_ctzll(chosen)];
        tlsdiag_spans_add(spans, place_of(pouring, cut->begins_at, cut->start), length_of(pouring, cut), cut->cut);
    }
}

bool tlsdiag_mould_pour(tlsdiag_writer_t *out, const tlsdiag_mould_t *mould, const tlsdiag_event_t *event,
                        uint32_t holds, tlsdiag_spans_t *spans, size_t limit)
{
    if (!mould->usable || mould->holds != holds || (spans && !mould->can_be_cut)) {
        return false;
    }
    pouring_t pouring; /* not zeroed: places are many */
    pouring.mould = mould;
    pouring.event = event;
    pouring.out = out;
    size_t before = out->length;
    const char *end = spans ? pour_all(&pouring, true) : pour_all(&pouring, false);
    if (!end) {
        out->length = before;
        return false;
    }
    out->length = pouring.places[mould->holes_count] = (uint32_t)(end - out->start);
    size_t needed = out->length - before + TLSDIAG_KEY_TEXT; /* with the row that says that something is missing */
    if (spans && needed >= limit) {
        note_cuts(&pouring, spans, needed - limit + 1);
    }
    return true;
}
