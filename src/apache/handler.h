/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handler.h knows the request side: `SetHandler tlsdiag-status`. It refuses to know how a record came about.
 */
#ifndef TLSDIAG_APACHE_HANDLER_H
#define TLSDIAG_APACHE_HANDLER_H

#include "apache/module.h"

/** Content handler for "tlsdiag-status": the last records as HTML, or as a JSON array under /json. GET and HEAD only. */
int tlsdiag_handler(request_rec *r);

#endif
