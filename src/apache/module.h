/* SPDX-License-Identifier: Apache-2.0 */
/**
 * module.h knows what all files of apache/ share: the module record and how to log under its name.
 * It refuses to hold anything else.
 */
#ifndef TLSDIAG_APACHE_MODULE_H
#define TLSDIAG_APACHE_MODULE_H

#include "httpd.h"
#include "http_config.h"
#include "http_log.h"

/* Hidden symbols are the build's default; httpd must find this one. */
extern module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) tlsdiag_module;

#ifndef TLSDIAG_NO_LOG_MODULE
APLOG_USE_MODULE(tlsdiag);
#endif

#endif
