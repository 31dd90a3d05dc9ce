/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fields_rows.h knows how a row of the field table (fields.h) is spelled, and the arrays that the table is made of.
 * It refuses to know the rows: they stand in fields.c (the top), fields_tls.c, fields_tlsdiag.c, fields_course.c and
 * fields_client.c.
 *
 * Arguments, as far as a row has them: its name; the endings of TLSDIAG_TYPE_, TLSDIAG_WHEN_ and TLSDIAG_CUT_; the function
 * that writes the value, or the member of tlsdiag_facts_t where it stands, so that what needs no thought needs no function;
 * the help. A key that is too long for tlsdiag_field_t.key does not compile.
 */
#ifndef TLSDIAG_PUBLISH_FIELDS_ROWS_H
#define TLSDIAG_PUBLISH_FIELDS_ROWS_H

#include "publish/fields.h"

/** What all rows have. */
#define TLSDIAG_ROW(key_, kind_, type_, when_, cut_)                                                        \
    .key = key_, .key_length = sizeof(key_) - 1, .kind = TLSDIAG_ROW_##kind_, .type = TLSDIAG_TYPE_##type_, \
    .when = TLSDIAG_WHEN_##when_, .cut = TLSDIAG_CUT_##cut_

/** A value that needs a function. */
#define TLSDIAG_FIELD(name, type_, when_, cut_, write_, help_)                                  \
    {                                                                                           \
        TLSDIAG_ROW("\"" name "\":", FIELD, type_, when_, cut_), .write = write_, .help = help_ \
    }

/** ... that is the same for all clients that fail with the same verdict: no time, size, address, number or text before it. */
#define TLSDIAG_SETTLED(name, type_, when_, cut_, write_, help_)                                                 \
    {                                                                                                            \
        TLSDIAG_ROW("\"" name "\":", FIELD, type_, when_, cut_), .settled = true, .write = write_, .help = help_ \
    }

/** ... that a client draws for each hello (decode/offer.h): which GREASE values stand in it, or in which order the extensions do. */
#define TLSDIAG_GREASED(name, type_, when_, cut_, write_, help_)                                                 \
    {                                                                                                            \
        TLSDIAG_ROW("\"" name "\":", FIELD, type_, when_, cut_), .greased = true, .write = write_, .help = help_ \
    }
#define TLSDIAG_ORDERED(name, type_, when_, cut_, write_, help_)                                                 \
    {                                                                                                            \
        TLSDIAG_ROW("\"" name "\":", FIELD, type_, when_, cut_), .ordered = true, .write = write_, .help = help_ \
    }

/** A value that stands in the facts: a bool, an unsigned number of any width, a text. */
#define TLSDIAG_BOOLEAN(name, when_, member, help_)                                                                \
    {                                                                                                              \
        TLSDIAG_ROW("\"" name "\":", BOOLEAN, BOOLEAN, when_, NEVER), .offset = offsetof(tlsdiag_facts_t, member), \
                                                                      .help = help_                                \
    }
#define TLSDIAG_NUMBER(name, when_, member, help_)                                                                     \
    {                                                                                                                  \
        TLSDIAG_ROW("\"" name "\":", NUMBER, LONG, when_, NEVER),                                                      \
            .offset = offsetof(tlsdiag_facts_t, member), .size = sizeof(((tlsdiag_facts_t *)0)->member), .help = help_ \
    }
#define TLSDIAG_TEXT(name, type_, when_, cut_, member, help_)                                                \
    {                                                                                                        \
        TLSDIAG_ROW("\"" name "\":", TEXT, type_, when_, cut_), .offset = offsetof(tlsdiag_facts_t, member), \
                                                                .help = help_                                \
    }

/** Always the same value, given as JSON. */
#define TLSDIAG_CONSTANT(name, type_, value, help_)                                           \
    {                                                                                         \
        TLSDIAG_ROW("\"" name "\":" value ",", CONSTANT, type_, ALWAYS, NEVER), .help = help_ \
    }

/** An object, and the array of its rows. */
#define TLSDIAG_OBJECT(name, when_, cut_, rows_)                                  \
    {                                                                             \
        TLSDIAG_ROW("\"" name "\":{", OBJECT, OBJECT, when_, cut_), .rows = rows_ \
    }

/** More rows of the same object, which may be rendered already: the ending of TLSDIAG_FRAGMENT_, and their array. */
#define TLSDIAG_FRAGMENT(run_, when_, rows_)                                                                      \
    {                                                                                                             \
        .kind = TLSDIAG_ROW_FRAGMENT, .when = TLSDIAG_WHEN_##when_, .run = TLSDIAG_FRAGMENT_##run_, .rows = rows_ \
    }

/** The last row of the last object. */
#define TLSDIAG_TRUNCATED(name, help_)                                                     \
    {                                                                                      \
        TLSDIAG_ROW("\"" name "\":true,", TRUNCATED, BOOLEAN, KNOWN, NEVER), .help = help_ \
    }

/** Ends each array. */
#define TLSDIAG_END             \
    {                           \
        .kind = TLSDIAG_ROW_END \
    }

/* The objects that have a file of their own. */
extern const tlsdiag_field_t tlsdiag_fields_tls[];
extern const tlsdiag_field_t tlsdiag_fields_tlsdiag[];
extern const tlsdiag_field_t tlsdiag_fields_client[]; /**< tlsdiag.client */
/** tlsdiag.negotiated, tlsdiag.tcp and tlsdiag.timing, of fields_course.c. */
extern const tlsdiag_field_t tlsdiag_fields_agreed[], tlsdiag_fields_tcp[], tlsdiag_fields_timing[];

/* The runs (fragment.h). Each row says for itself when it is there. */
extern const tlsdiag_field_t tlsdiag_fields_ciphers[], tlsdiag_fields_fingerprints[], tlsdiag_fields_offer[],
    tlsdiag_fields_summary[], tlsdiag_fields_outcome[], tlsdiag_fields_reason[], tlsdiag_fields_error[],
    tlsdiag_fields_process[], tlsdiag_fields_negotiated[], tlsdiag_fields_server[], tlsdiag_fields_verdict[],
    tlsdiag_fields_grounds[], tlsdiag_fields_openssl[];

#endif
