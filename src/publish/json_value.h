/* SPDX-License-Identifier: Apache-2.0 */
/**
 * json_value.h knows how to find a value inside a JSON text, such as a record that was kept as it was logged, so that
 * its page shows what a machine gets. It refuses to build anything: a value is the run of its bytes.
 *
 * The text may be damaged (it lies in shared memory): nothing is read outside of it, and what cannot be understood is not there.
 */
#ifndef TLSDIAG_PUBLISH_JSON_VALUE_H
#define TLSDIAG_PUBLISH_JSON_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/** The bytes of one value; length 0: there is none. */
typedef tlsdiag_bytes_t tlsdiag_json_value_t;

/** The value at a path of member names with dots between them, "tlsdiag.client.versions". */
tlsdiag_json_value_t tlsdiag_json_find(tlsdiag_json_value_t object, const char *path);

/** Walks over the members of an object or the elements of an array. */
typedef struct tlsdiag_json_walk {
    tlsdiag_bytes_t rest;
    bool in_object;
} tlsdiag_json_walk_t;

tlsdiag_json_walk_t tlsdiag_json_walk(tlsdiag_json_value_t container);
/** The next one. Returns false at the end. *name is the member's name without quotes, empty in an array; may be NULL. */
bool tlsdiag_json_next(tlsdiag_json_walk_t *walk, tlsdiag_bytes_t *name, tlsdiag_json_value_t *value);

/**
 * Copy a string's text, its escapes undone, or a number or literal as it stands.
 *
 * Returns  text, NUL-terminated; what does not fit is cut; empty when there is none.
 * Shape    our own records hold no other escapes than \" \\ \/ \n \t \r; of others the letter remains.
 */
const char *tlsdiag_json_text_of(char *text, size_t size, tlsdiag_json_value_t value);

/** A whole number; 0 when it is none. */
uint64_t tlsdiag_json_number_of(tlsdiag_json_value_t value);

/** Is it the literal true? */
bool tlsdiag_json_is_true(tlsdiag_json_value_t value);

#endif
