/* SPDX-License-Identifier: Apache-2.0 */
/**
 * values.h knows what several rows of the field table, and the log line, pick out of an event.
 * It refuses to know JSON.
 */
#ifndef TLSDIAG_PUBLISH_VALUES_H
#define TLSDIAG_PUBLISH_VALUES_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "publish/event.h"

/** The SNI as sent, as far as it is kept; empty: none was sent. */
tlsdiag_bytes_t tlsdiag_server_name_sent(const tlsdiag_facts_t *facts);

/** The certificate that this server sent; NULL: none, or which one is not known. */
const tlsdiag_certificate_t *tlsdiag_certificate_served(const tlsdiag_event_t *event);

/** The vhost as `ServerName:port` and where it is defined; NULL: not known. */
const char *tlsdiag_vhost_of(const tlsdiag_event_t *event);
const char *tlsdiag_vhost_defined_at_of(const tlsdiag_event_t *event);

enum { TLSDIAG_FIRST_BYTES_SHOWN = 320 };

/**
 * What of the first bytes of something that is not TLS may stand in a log: up to 64 bytes; of plain HTTP the request line
 * and the Host header, "GET / HTTP/1.1\r\nHost: shop.example"; of protocols that may begin with a password, only what names
 * them; of a PROXY header nothing when addresses are masked, since it holds one.
 *
 * Returns  a run in buffer or in facts; empty: nothing to show.
 */
tlsdiag_bytes_t tlsdiag_first_bytes_shown(const tlsdiag_event_t *event, uint8_t buffer[TLSDIAG_FIRST_BYTES_SHOWN]);

/** One of facts' lists or texts was longer than what facts.h keeps. */
bool tlsdiag_facts_were_cut(const tlsdiag_facts_t *facts);

#endif
