/* SPDX-License-Identifier: Apache-2.0 */
#include "publish/event.h"

#include <string.h>

#include "publish/escape.h"
#include "publish/words.h"

enum { ID_SHOWN = 64 };

static void write_own(tlsdiag_writer_t *out, const char *text, size_t max_output)
{
    tlsdiag_escape_write(out, tlsdiag_bytes(text, strlen(text)), TLSDIAG_ESCAPE_LINE_OWN, max_output);
}

static void write_client(tlsdiag_writer_t *out, const tlsdiag_event_t *event)
{
    char masked[TLSDIAG_ADDRESS_TEXT];
    if (!tlsdiag_address_mask(masked, event->facts->client_address, event->mask)) {
        return;
    }
    tlsdiag_write_literal(out, " [client ");
    write_own(out, masked, sizeof masked);
    tlsdiag_write_literal(out, ":");
    tlsdiag_write_u64(out, event->facts->client_port);
    tlsdiag_write_literal(out, "]");
}

void tlsdiag_event_line_write(tlsdiag_writer_t *out, const tlsdiag_event_t *event, tlsdiag_line_address_t address)
{
    tlsdiag_write_literal(out, "tlsdiag:");
    tlsdiag_write(out, event->diagnosis->cause);
    if (address == TLSDIAG_LINE_WITH_ADDRESS) {
        write_client(out, event);
    }
    tlsdiag_write_literal(out, " ");
    tlsdiag_words_write(out, event, TLSDIAG_WORDS_PLAIN);
    if (event->id) {
        tlsdiag_write_literal(out, " [id ");
        write_own(out, event->id, ID_SHOWN);
        tlsdiag_write_literal(out, "]");
    }
}
