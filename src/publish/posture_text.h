/* SPDX-License-Identifier: Apache-2.0 */
/**
 * posture_text.h knows how to tell a person what a vhost is really set up to do (`httpd -t -D DUMP_TLSDIAG`).
 * It refuses to judge it: the audit does.
 */
#ifndef TLSDIAG_PUBLISH_POSTURE_TEXT_H
#define TLSDIAG_PUBLISH_POSTURE_TEXT_H

#include "base/writer.h"
#include "posture.h"

/**
 * A paragraph for one vhost: a headline, then `name: value` lines, indented by four blanks. Names and words do not change
 * between versions, so that scripts can read them.
 */
void tlsdiag_posture_write(tlsdiag_writer_t *out, const tlsdiag_posture_t *posture);

#endif
