/* SPDX-License-Identifier: Apache-2.0 */
/**
 * experience.h knows how to say in a sentence what this server has seen before: "this client or everybody?".
 * It refuses to count.
 */
#ifndef TLSDIAG_DIAGNOSE_EXPERIENCE_H
#define TLSDIAG_DIAGNOSE_EXPERIENCE_H

#include "base/writer.h"
#include "diagnose/diagnosis.h"

/**
 * Appends one sentence, whole or not at all; nothing when nothing was counted.
 *
 * Shape    fingerprint_known says whether this client has a JA4, so that its kind can have been seen before.
 */
void tlsdiag_experience_write(tlsdiag_writer_t *out, const tlsdiag_experience_t *experience, bool fingerprint_known);

#endif
