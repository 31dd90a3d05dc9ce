/* SPDX-License-Identifier: Apache-2.0 */
/**
 * handler.h knows the request side: `SetHandler tlsdiag-status`. It refuses to know how a record came about.
 */
#ifndef TLSDIAG_APACHE_HANDLER_H
#define TLSDIAG_APACHE_HANDLER_H

#include "apache/module.h"

/**
 * Content handler for "tlsdiag-status": the page, and behind its path /json, /records, /metrics, /record/<id>,
 * /vhost/<name> and the page's own files. GET and HEAD only; refused where nobody decided who may see it (section.h).
 */
int tlsdiag_handler(request_rec *r);

#endif
