/* SPDX-License-Identifier: Apache-2.0 */
/**
 * section.h knows what the sections of the configuration (<Location> and the like) say about the status page: where it is,
 * and whether somebody decided who may see it. It refuses to decide that itself: it is mod_authz_core's job, done before
 * the handler runs.
 *
 * httpd answers "is this request allowed?" but not "did anybody think about it?": without a Require of its own the page
 * would inherit the `Require all granted` of the document root, as on Debian, and show clients' addresses to the world.
 * httpd hands a directive to every module that names it, so we read each Require and SetHandler along with its owner and
 * note in the section's configuration what it says. The page answers where one of these holds:
 *
 *  - a Require that restricts (anything but `all granted`) applies to it, wherever it stands;
 *  - `Require all granted` stands in the very section that sets the handler: then it is meant;
 *  - TLSDiagStatusPublic is On.
 *
 * A Require in .htaccess does not count: who may write that file need not be who may see this page. Neither do the
 * directives of mod_access_compat (Order, Allow, Deny). AuthMerging is not looked at: with `Or`, a Require that is
 * seen to restrict may be outdone by an inherited one.
 */
#ifndef TLSDIAG_APACHE_SECTION_H
#define TLSDIAG_APACHE_SECTION_H

#include "apache/module.h"

/** The module's configuration of a section, and how an inner one inherits. */
void *tlsdiag_section_create(apr_pool_t *pool, char *path);
void *tlsdiag_section_merge(apr_pool_t *pool, void *outer, void *inner);

/** Read a Require along with mod_authz_core, a SetHandler along with the core. */
const char *tlsdiag_note_require(cmd_parms *command, void *section, const char *arguments);
const char *tlsdiag_note_handler(cmd_parms *command, void *section, const char *arguments);

/** Did somebody decide who may see what r asks for? */
int tlsdiag_access_was_decided(const request_rec *r);

/**
 * Part r's URI into the path of the page and what follows it ("", "/json").
 *
 * Returns  the page's path: that of the <Location> which sets the handler, else what httpd found a file for.
 */
const char *tlsdiag_page_path(const request_rec *r, const char **rest);

#endif
