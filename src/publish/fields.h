/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fields.h knows what a row of the field table is: every fact about a handshake that can be shown, its name, type, help,
 * when it is there and who writes it. JSON, the README's list of fields and the page come from this one table.
 * It refuses to know what a whole event looks like: event_json.c walks the table.
 *
 * The table is drawn as the JSON object is: a C array for each object, its rows in the order of output, and in it rows
 * that name the arrays of inner objects. So `tls.client.ja3` is the row "ja3" of the array that the row "client" names, of
 * the array that the row "tls" of tlsdiag_fields names. To show one more fact, add one row.
 */
#ifndef TLSDIAG_PUBLISH_FIELDS_H
#define TLSDIAG_PUBLISH_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "publish/event.h"
#include "publish/fragment.h"

/** When a field is there. Asked once for each event; the words for each are in fields_about.c. */
typedef enum {
    TLSDIAG_WHEN_ALWAYS,
    TLSDIAG_WHEN_KNOWN,         /**< whenever its value is there: not 0, not false, not empty */
    TLSDIAG_WHEN_FAILURE,       /**< event.outcome is failure */
    TLSDIAG_WHEN_EXPLAINED,     /**< a failure, or a success with a cause: what was completed and then dropped */
    TLSDIAG_WHEN_OPENSSL_ERROR, /**< OpenSSL raised one */
    TLSDIAG_WHEN_NEGOTIATED,    /**< a ServerHello was sent */
    TLSDIAG_WHEN_ESTABLISHED,   /**< the handshake completed */
    TLSDIAG_WHEN_NAME_SENT,     /**< SNI */
    TLSDIAG_WHEN_HELLO,         /**< a ClientHello, or part of one, was decoded */
    TLSDIAG_WHEN_COMPLETE_HELLO,
    TLSDIAG_WHEN_BROKEN_HELLO,
    TLSDIAG_WHEN_NOT_TLS,            /**< bytes, but no ClientHello */
    TLSDIAG_WHEN_CLIENT_BYTES,       /**< any of the two before */
    TLSDIAG_WHEN_CLIENT_CERTIFICATE, /**< the client sent one */
    TLSDIAG_WHEN_SERVER_CERTIFICATE, /**< we sent one */
    TLSDIAG_WHEN_VERIFIED,           /**< a client certificate was checked */
    TLSDIAG_WHEN_ALERTS,
    TLSDIAG_WHEN_TCP, /**< the kernel gave TCP_INFO */
    TLSDIAG_WHEN_FOLDED,
    TLSDIAG_WHEN_COUNT
} tlsdiag_when_t;

/**
 * What goes first when a line must be short: in this order, each field whole, until the rest fits.
 * First what says the same as another field, then what serves statistics, last what explains a failure.
 */
typedef enum {
    TLSDIAG_CUT_NEVER,
    TLSDIAG_CUT_JA4_R,
    TLSDIAG_CUT_JA3_STRING,
    TLSDIAG_CUT_CIPHER_CODES,
    TLSDIAG_CUT_SIGNATURE_ALGORITHMS_CERT,
    TLSDIAG_CUT_EXTENSIONS,
    TLSDIAG_CUT_COMPRESSION,
    TLSDIAG_CUT_SIGNATURE_ALGORITHMS,
    TLSDIAG_CUT_SUPPORTED_CIPHERS,
    TLSDIAG_CUT_PSK_MODES,
    TLSDIAG_CUT_ALPN,
    TLSDIAG_CUT_KEY_SHARES,
    TLSDIAG_CUT_GROUPS,
    TLSDIAG_CUT_VERSIONS,
    TLSDIAG_CUT_TCP,
    TLSDIAG_CUT_SERVER_CERTIFICATE, /**< tls.server */
    TLSDIAG_CUT_CLIENT_CERTIFICATE, /**< the client certificate's fields */
    TLSDIAG_CUT_HISTORY,
    TLSDIAG_CUT_FIRST_BYTES,
    TLSDIAG_CUT_REASON, /**< says what `message` says */
    TLSDIAG_CUT_OPENSSL,
    TLSDIAG_CUT_ERROR_MESSAGE,
    TLSDIAG_CUT_ALERTS,
    TLSDIAG_CUT_NEGOTIATED,
    TLSDIAG_CUT_DEFINED_AT,
    TLSDIAG_CUT_REMEDY_COST,
    TLSDIAG_CUT_ADVICE,
    TLSDIAG_CUT_EVIDENCE,
    TLSDIAG_CUT_REMEDY,
    TLSDIAG_CUT_VERIFY,
    TLSDIAG_CUT_SERVER_NAME, /**< SNI */
    TLSDIAG_CUT_COUNT
} tlsdiag_cut_t;

/** The type a store should give the field; words as in Elasticsearch's mappings. */
typedef enum {
    TLSDIAG_TYPE_KEYWORD,
    TLSDIAG_TYPE_KEYWORDS, /**< array */
    TLSDIAG_TYPE_TEXT,
    TLSDIAG_TYPE_LONG,
    TLSDIAG_TYPE_BOOLEAN,
    TLSDIAG_TYPE_DATE,
    TLSDIAG_TYPE_IP,
    TLSDIAG_TYPE_OBJECT,
    TLSDIAG_TYPE_OBJECTS, /**< array */
    TLSDIAG_TYPE_COUNT
} tlsdiag_type_t;

typedef enum {
    TLSDIAG_ROW_END,      /**< closes each array */
    TLSDIAG_ROW_FIELD,    /**< `write` writes the value */
    TLSDIAG_ROW_BOOLEAN,  /**< the bool at `offset` of the facts */
    TLSDIAG_ROW_NUMBER,   /**< the unsigned number at `offset`, `size` bytes */
    TLSDIAG_ROW_TEXT,     /**< the NUL-terminated text at `offset`; an empty one is absent */
    TLSDIAG_ROW_CONSTANT, /**< the value stands in `key` */
    TLSDIAG_ROW_OBJECT,   /**< an inner object, `rows` */
    TLSDIAG_ROW_FRAGMENT, /**< more rows of the same object, `rows`, that may be rendered already (`run`) */
    TLSDIAG_ROW_TRUNCATED /**< the last row of the last object: here the limit is kept, and what was cut is told */
} tlsdiag_row_kind_t;

enum {
    TLSDIAG_KEY_TEXT = 32,
    TLSDIAG_FIELD_CLOSING = 1 /**< bytes that the last two braces of a line add: the first takes the place of a comma */
};

/** One row; 64 bytes, one cache line. */
typedef struct tlsdiag_field {
    char key[TLSDIAG_KEY_TEXT]; /**< as it stands in the text: `"ja3":`, `"kind":"event",`, `"client":{` */
    uint8_t key_length;         /**< 0: none (a fragment) */
    uint8_t kind;               /**< tlsdiag_row_kind_t */
    uint8_t when;               /**< tlsdiag_when_t; for an object and a fragment it holds for all its rows */
    uint8_t cut;                /**< tlsdiag_cut_t; of an object: it goes whole, its rows then have none */
    uint8_t type;               /**< tlsdiag_type_t */
    union {
        uint8_t run;          /**< tlsdiag_fragment_run_t of a fragment */
        uint8_t size;         /**< bytes of a number */
        struct {              /**< of a field with a function: */
            bool settled : 1; /**< it turns on the verdict and its key alone (diagnose/repeat.h) */
            bool greased : 1; /**< code points, of which some may be GREASE, as `0x1a1a` */
            bool ordered : 1; /**< it turns on the order of the extensions, and is as long in any other */
        };
    };
    uint16_t offset; /**< in tlsdiag_facts_t */
    /** Write the value, JSON. Returns false when there is none: what it wrote is then taken back, and the field is absent. */
    bool (*write)(tlsdiag_writer_t *out, const tlsdiag_event_t *event);
    const struct tlsdiag_field *rows;
    const char *help; /**< meaning, unit, an example: for a reader who knows TLS */
} tlsdiag_field_t;

_Static_assert(sizeof(void *) != 8 || sizeof(tlsdiag_field_t) == 64, "one cache line");

/** The whole object. Its parts are in files of their own (fields_rows.h). */
extern const tlsdiag_field_t tlsdiag_fields[];

/** Where the value of a row stands that needs no function. */
static inline const void *tlsdiag_field_place(const tlsdiag_event_t *event, const tlsdiag_field_t *field)
{
    return (const char *)event->facts + field->offset;
}

/** The value of a number's row. */
static inline uint64_t tlsdiag_field_number(const tlsdiag_event_t *event, const tlsdiag_field_t *field)
{
    const void *at = tlsdiag_field_place(event, field);
    return field->size == sizeof(uint32_t)   ? *(const uint32_t *)at
           : field->size == sizeof(uint16_t) ? *(const uint16_t *)at
                                             : *(const uint64_t *)at;
}

/** Is the value the same, or absent, in all events of one verdict (diagnose/repeat.h)? Not so where nobody said that it is. */
bool tlsdiag_field_is_settled(const tlsdiag_field_t *field);

/** Which tlsdiag_when_t hold for event: bit n is condition n. */
uint32_t tlsdiag_when_holds(const tlsdiag_event_t *event);

/** "always", "failure", "if OpenSSL raised one": a condition, type or cutting rank in words. */
const char *tlsdiag_when_name(tlsdiag_when_t when);
const char *tlsdiag_type_name(tlsdiag_type_t type);

/**
 * Write the value of one field, JSON, whatever its kind but an object or a fragment. It is not asked whether `when` holds.
 * Returns  false when there is none; what was written is then to be taken back.
 */
bool tlsdiag_field_value_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, const tlsdiag_field_t *field);

enum { TLSDIAG_PATH_TEXT = 80 };

/** Called for each field, with its whole path, "tls.client.ja3", and with its condition or that of the object it is in. */
typedef void (*tlsdiag_field_visitor_t)(const tlsdiag_field_t *field, const char *path, tlsdiag_when_t when,
                                        void *context);

/** Visit every field that has a value of its own, in the order of output, and each object that may be cut as one. */
void tlsdiag_fields_visit(tlsdiag_field_visitor_t visit, void *context);

/** The name alone, `ja3` of `"ja3":`; empty for a fragment. It points into the row. */
tlsdiag_bytes_t tlsdiag_field_name(const tlsdiag_field_t *field);

#endif
