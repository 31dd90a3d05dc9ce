/* SPDX-License-Identifier: Apache-2.0 */
/**
 * words.h knows how a handshake is told to people in one line: what happened, the facts to search by, the advice.
 * It refuses to know which line it stands in; event_line.c and the `message` of the JSON object both take it from here.
 *
 *     TLS handshake failed: The client offers at most TLSv1.1, this vhost allows TLSv1.2 and TLSv1.3
 *     (vhost shop.example:443, SNI "shop.example", offered TLSv1.1, sent alert protocol_version(70),
 *     OpenSSL "unsupported protocol", ja4 t11d...). Update the client.
 */
#ifndef TLSDIAG_PUBLISH_WORDS_H
#define TLSDIAG_PUBLISH_WORDS_H

#include "base/writer.h"
#include "publish/event.h"

/** Where the words go: as they are, or between the quotes of a JSON string. */
typedef enum { TLSDIAG_WORDS_PLAIN, TLSDIAG_WORDS_IN_JSON } tlsdiag_words_t;

enum { TLSDIAG_WORDS_TEXT = 1024 };

/**
 * The words for event, printable ASCII.
 *
 * Limits   TLSDIAG_WORDS_TEXT characters: a fact in the parentheses that does not fit is left out, the advice is cut
 *          with "...". out->truncated is set, and nothing written, when out has less room than the words need.
 */
void tlsdiag_words_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_words_t where);

/**
 * Render what tlsdiag_words_write() begins the message of each event with that differs from this one, a failure, in experience
 * only. With known as event->words the rest is put behind it.
 *
 * Returns  false when there is no advice, or it is cut before experience begins: *known is then not to be used.
 */
bool tlsdiag_words_begin(tlsdiag_known_words_t *known, tlsdiag_writer_t *out, const tlsdiag_event_t *event);

#endif
