/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a verdict on an event that need not be one that may repeat: what the key leaves out because no event that may repeat has it
 * (repeat.h), this one may have, and then it is the same. */
#ifndef TLSDIAG_UNIT_VERDICT_KEY_H
#define TLSDIAG_UNIT_VERDICT_KEY_H

#include <string.h>

#include "diagnose/repeat.h"

static void key_of_any(tlsdiag_facts_t *key, const tlsdiag_facts_t *facts, const tlsdiag_posture_t *posture)
{
    tlsdiag_verdict_key(key, facts, posture);
    memcpy(key->first_bytes, facts->first_bytes, sizeof key->first_bytes);
    key->verification.failed = facts->verification.failed;
    key->client_certificate = facts->client_certificate;
}

#endif
