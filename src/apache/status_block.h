/* SPDX-License-Identifier: Apache-2.0 */
/**
 * status_block.h knows how mod_status' page shows a summary of TLS handshakes (TLSDiagServerStatus).
 * It refuses to show what could name a client.
 */
#ifndef TLSDIAG_APACHE_STATUS_BLOCK_H
#define TLSDIAG_APACHE_STATUS_BLOCK_H

#include "apache/module.h"

/** mod_status' status_hook: HTML, or with AP_STATUS_SHORT (?auto) lines "TLSDiag...: number" and nothing else. */
int tlsdiag_status_block(request_rec *r, int flags);

#endif
