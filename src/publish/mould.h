/* SPDX-License-Identifier: Apache-2.0 */
/**
 * mould.h knows how a whole line is told again by one that was rendered before: most of it is the same in every line of such an
 * outcome, and where it is not there are holes. It refuses to know which outcome is the same (fragment.h), and the rows
 * (fields.h): each hole names the row whose value goes there.
 *
 * A mould only saves the way through the table of fields. It fits or it does not, and then the line is rendered as ever: each
 * row that was absent must be absent again, each that was there must be there.
 */
#ifndef TLSDIAG_PUBLISH_MOULD_H
#define TLSDIAG_PUBLISH_MOULD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "publish/limit.h"

struct tlsdiag_event;
struct tlsdiag_field;

enum { TLSDIAG_HOLES = 64 };

/** What goes into a hole. Those from TLSDIAG_POUR_NUMBER on are read from the facts: most are as they were in the line that the
 * mould was cast of, and then so is their text. */
typedef enum {
    TLSDIAG_POUR_VALUE,    /**< what the row writes */
    TLSDIAG_POUR_FRAGMENT, /**< what is rendered already */
    TLSDIAG_POUR_NUMBER,   /**< an unsigned number */
    TLSDIAG_POUR_BOOLEAN
} tlsdiag_pour_t;

/** Where a value stands, or would stand if it were there. What pouring needs of a number's row, and of a fragment's, is here: the
 * table of rows is larger than a processor's cache likes. */
typedef struct tlsdiag_hole {
    union {
        const struct tlsdiag_field *row; /**< of a value */
        uint64_t was;                    /**< of a number or boolean: the one that stands in the text */
    };
    uint16_t start, end; /**< in the mould's text */
    union {
        uint16_t offset; /**< of a number or boolean, in tlsdiag_facts_t */
        uint16_t run;    /**< of a fragment */
    };
    uint8_t pour;       /**< tlsdiag_pour_t */
    uint8_t others : 6; /**< of the 64 bits at offset, those above its own */
    bool absent : 1;
    bool always : 1; /**< a number that is there though it is 0, a boolean though it is false */
} tlsdiag_hole_t;

_Static_assert(sizeof(void *) != 8 || sizeof(tlsdiag_hole_t) == 16, "four in a cache line");

/** What of the line may be cut. In the order of the text. */
typedef struct tlsdiag_mould_cut {
    uint16_t start, end;        /**< in the mould's text */
    uint8_t begins_at, ends_at; /**< behind how many holes */
    uint8_t cut;                /**< tlsdiag_cut_t */
} tlsdiag_mould_cut_t;

typedef struct tlsdiag_mould {
    char *text; /**< the line as it was; belongs to whoever made the mould */
    size_t size;
    uint16_t length;
    uint8_t holes_count, cuts_count;
    bool usable;
    bool can_be_cut; /**< no: what the client offers is not part of it */
    uint32_t holds;  /**< tlsdiag_when_holds() of that line */
    tlsdiag_hole_t holes[TLSDIAG_HOLES];
    tlsdiag_mould_cut_t cuts[TLSDIAG_SPANS_KEPT];
    uint8_t by_rank[TLSDIAG_SPANS_KEPT]; /**< numbers of cuts, those first that go first */
} tlsdiag_mould_t;

/** Begin: text of size bytes is where the line will be rendered. */
void tlsdiag_mould_begin(tlsdiag_mould_t *mould, char *text, size_t size);

/** The value of row stands from start to end, event's; or it is absent, and would stand at start. In the order of the text. */
void tlsdiag_mould_note(tlsdiag_mould_t *mould, const struct tlsdiag_event *event, const struct tlsdiag_field *row,
                        size_t start, size_t end, bool absent);

/** The line is complete: length bytes, whole, and spans may be cut of it. Sets usable. */
void tlsdiag_mould_finish(tlsdiag_mould_t *mould, size_t length, const tlsdiag_spans_t *spans, uint32_t holds);

/**
 * Write event as mould was, with its own values.
 *
 * Shape    spans may be NULL: nothing will be cut. Else they become those that have to go for the line to be shorter than
 *          limit bytes, for tlsdiag_spans_cut() to choose from.
 * Returns  false when it does not fit: out is then as it was, *spans is not.
 */
bool tlsdiag_mould_pour(tlsdiag_writer_t *out, const tlsdiag_mould_t *mould, const struct tlsdiag_event *event,
                        uint32_t holds, tlsdiag_spans_t *spans, size_t limit);

#endif
