/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handshake_callbacks.h knows what stands between handshake.c (the life of a recording) and handshake_callbacks.c (what
 * OpenSSL calls). It is of no use to anybody else.
 */
#ifndef TLSDIAG_COLLECT_HANDSHAKE_CALLBACKS_H
#define TLSDIAG_COLLECT_HANDSHAKE_CALLBACKS_H

#include "collect/handshake.h"

/** Hang observer on ssl, and our message and info callbacks with it. Returns false when OpenSSL has no memory for it. */
bool tlsdiag_callbacks_attach(tlsdiag_observer_t *observer, SSL *ssl);

/** Microseconds since the recording began; at least 1. */
uint32_t tlsdiag_recording_elapsed_us(const tlsdiag_recording_t *recording);

/** Note which vhost and which certificate SNI has chosen by now. Only while the SSL is alive. */
void tlsdiag_observer_note_server(tlsdiag_observer_t *observer);

/** The observer that hangs on ssl; NULL: none. */
tlsdiag_observer_t *tlsdiag_observer_of(const SSL *ssl);

/** Drop the open recording untold: a second handshake that went well. */
void tlsdiag_observer_forget(tlsdiag_observer_t *observer);

/** Write who the client proved to be into the open recording, if it sent a certificate now or when the session began. */
void tlsdiag_client_certificate_collect(tlsdiag_observer_t *observer);

/** Wrap the verify callback that ssl has now, so that the error is read at its place. See client_certificate.c. */
void tlsdiag_verification_watch(tlsdiag_observer_t *observer);

#endif
