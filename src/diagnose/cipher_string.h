/* SPDX-License-Identifier: Apache-2.0 */
/**
 * cipher_string.h knows how to add one cipher suite to an SSLCipherSuite string, or to lower its security level, and change
 * nothing else. It refuses to know which suites a string selects; where that matters it takes the way that is right either way.
 */
#ifndef TLSDIAG_DIAGNOSE_CIPHER_STRING_H
#define TLSDIAG_DIAGNOSE_CIPHER_STRING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/writer.h"

enum { TLSDIAG_LEVEL_STAYS = -1 };

/**
 * Write the string as it must be.
 *
 * Shape    configured is the directive's arguments as written, quotes and a leading `SSL` included; NULL: there is none, then
 *          mod_ssl uses OpenSSL's DEFAULT. suite 0 adds none; level TLSDIAG_LEVEL_STAYS changes none.
 * Returns  false when it cannot be done: the suite has no OpenSSL name, or the string is a distribution's PROFILE=.
 * Source   openssl-ciphers(1): `!` removes for good, also what stands behind it, and so does DEFAULT; `-` removes and lets
 *          later items add again. So a `!` that hits the new suite becomes a `-`, and DEFAULT is written out with `-`.
 */
bool tlsdiag_cipher_string_write(tlsdiag_writer_t *out, const char *configured, uint16_t suite, int level);

#endif
