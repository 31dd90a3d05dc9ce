/* SPDX-License-Identifier: Apache-2.0 */
/**
 * page_input.h knows how to gather what the status page is made from: a snapshot of the statistics, the vhosts of the
 * running configuration, the audit's findings, the request's query. It refuses to know what a page looks like.
 */
#ifndef TLSDIAG_APACHE_PAGE_INPUT_H
#define TLSDIAG_APACHE_PAGE_INPUT_H

#include "apache/module.h"
#include "publish/page.h"

/**
 * Everything for a page under the path base, prepared.
 *
 * Returns  NULL: there are no statistics, or no memory for a copy. Lives as long as the request.
 */
tlsdiag_page_t *tlsdiag_page_input(request_rec *r, const char *base);

#endif
