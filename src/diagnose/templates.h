/* SPDX-License-Identifier: Apache-2.0 */
/**
 * templates.h knows how to put facts into the sentences of the rules: `{client.versions}` becomes what the client offered.
 * It refuses to know the rules and who reads the text.
 *
 * A name that gives nothing becomes "(none)"; with a question mark, `{?name.hint}`, it becomes nothing.
 * Everything written is printable ASCII, whatever bytes the client sent.
 */
#ifndef TLSDIAG_DIAGNOSE_TEMPLATES_H
#define TLSDIAG_DIAGNOSE_TEMPLATES_H

#include "base/writer.h"
#include "diagnose/scene.h"

/** How many items of a list stand in a sentence; evidence has as many as there is room for. */
enum { TLSDIAG_ITEMS_IN_SENTENCE = 5, TLSDIAG_ITEMS_IN_EVIDENCE = 1000 };

/** Writes what a name stands for, or nothing; items is how many of a list may be named. */
typedef void tlsdiag_field_writer_t(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene, unsigned items);

/** The head of such a function: most have no list to cut, and then no use for items. */
#define TLSDIAG_FIELD(function) \
    static void function(tlsdiag_writer_t *out, const tlsdiag_scene_t *scene, __attribute__((unused)) unsigned items)

typedef struct tlsdiag_field {
    const char *name;
    size_t length; /**< of name */
    tlsdiag_field_writer_t *write;
    bool varies; /**< from one handshake to the next of the same kind: repeat.h leaves out what it is made of */
} tlsdiag_field_t;

/** A row: the name and its function. */
#define TLSDIAG_NAMED(name, write) name, sizeof(name) - 1, write, false
#define TLSDIAG_VARYING(name, write) name, sizeof(name) - 1, write, true

/** The tables of names, each ends with a NULL name. One file for each side of the story. */
extern const tlsdiag_field_t tlsdiag_client_fields[];      /**< what the client sent */
extern const tlsdiag_field_t tlsdiag_server_fields[];      /**< what this vhost allows, and the gap */
extern const tlsdiag_field_t tlsdiag_certificate_fields[]; /**< our certificate and its health */
extern const tlsdiag_field_t tlsdiag_verify_fields[];      /**< the client's certificate and its verification */
extern const tlsdiag_field_t tlsdiag_course_fields[];      /**< what happened, when and how */

/** The row of a name; NULL: no table has it. */
const tlsdiag_field_t *tlsdiag_field_find(const char *name, size_t length);

/**
 * Write template with its names filled in.
 *
 * Returns  whether it names anything that varies.
 * Limits   what does not fit whole is left out, as tlsdiag_writer_t does.
 */
bool tlsdiag_template_expand(tlsdiag_writer_t *out, const char *text, const tlsdiag_scene_t *scene, unsigned items);

/* Words that several tables write with. */

/** Text of ours or of a certificate: printable ASCII as it is, other bytes as \xHH; NULL writes nothing. */
void tlsdiag_write_clean(tlsdiag_writer_t *out, const char *text);
/** Code points as a list of names, GREASE left out: "x25519, secp256r1 and 3 more". */
void tlsdiag_write_codes(tlsdiag_writer_t *out, tlsdiag_code_list_t list, unsigned items,
                         const char *(*name)(uint16_t));
/** A version as "TLSv1.2"; 0 writes nothing. */
void tlsdiag_write_version(tlsdiag_writer_t *out, uint16_t version);
/** A set of version bits as "TLSv1.2, TLSv1.3". */
void tlsdiag_write_versions(tlsdiag_writer_t *out, uint8_t bits);
/** Names in a list of texts. */
void tlsdiag_write_texts(tlsdiag_writer_t *out, tlsdiag_text_list_t list, unsigned items);
/** A date without fractions, 2026-11-21T01:02:03Z. Units: seconds since 1970; 0 writes nothing. */
void tlsdiag_write_date(tlsdiag_writer_t *out, int64_t seconds);

#endif
