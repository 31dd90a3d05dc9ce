/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handshake_messages.h knows what each handshake message adds to the facts, whoever sent it. It refuses to know when
 * OpenSSL shows it (handshake_callbacks.c) and when the outcome is certain (handshake.c).
 */
#ifndef TLSDIAG_COLLECT_HANDSHAKE_MESSAGES_H
#define TLSDIAG_COLLECT_HANDSHAKE_MESSAGES_H

#include "collect/handshake_callbacks.h"

/**
 * Add one handshake message to the open recording.
 *
 * Shape    message is whole, with its 4-byte header, as the message callback brings it; sent: by us.
 */
void tlsdiag_handshake_message(tlsdiag_observer_t *observer, bool sent, tlsdiag_bytes_t message);

/** An SSLv2-format hello was read: OpenSSL shows it without its record, so it is decoded from the raw bytes. */
void tlsdiag_sslv2_hello(tlsdiag_recording_t *recording);

/**
 * The handshake is complete and no message of it was seen: another module's message callback stands in the place of ours.
 * Then OpenSSL is asked for what was negotiated, which is less: no group, no messages.
 */
void tlsdiag_unheard_handshake(tlsdiag_observer_t *observer);

/** A CertificateRequest went out before the message callback was set. What it asks for is not known; once is enough. */
void tlsdiag_unheard_certificate_request(tlsdiag_observer_t *observer);

/** One more letter of facts.history, dropped when it is full. */
void tlsdiag_history_add(tlsdiag_recording_t *recording, char letter);

#endif
