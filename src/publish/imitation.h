/* SPDX-License-Identifier: Apache-2.0 */
/**
 * imitation.h knows the openssl s_client command that offers what a client offered, as far as its options can say it.
 * It refuses to run anything, and to put a byte of the client's where a shell could take it for more than text.
 */
#ifndef TLSDIAG_PUBLISH_IMITATION_H
#define TLSDIAG_PUBLISH_IMITATION_H

#include "base/writer.h"
#include "publish/json_value.h"

/**
 * Write the command for a record (the JSON object of one handshake).
 *
 * Returns  false, nothing written: there was no ClientHello to imitate.
 * Writes   *missing: what the command leaves out because openssl s_client cannot offer it, separated by ", "; may stay empty.
 */
bool tlsdiag_imitation_write(tlsdiag_writer_t *command, tlsdiag_writer_t *missing, tlsdiag_json_value_t record);

#endif
