/* SPDX-License-Identifier: Apache-2.0 */
/**
 * log_search.h knows how to find out whether what a killed process was writing has reached the log file.
 * It refuses to know what is done about it.
 *
 * Children may only append to the log; the parent, being root, may look into it.
 */
#ifndef TLSDIAG_APACHE_LOG_SEARCH_H
#define TLSDIAG_APACHE_LOG_SEARCH_H

#include <stdbool.h>

#include "apache/module.h"

typedef struct tlsdiag_log_found {
    apr_size_t bytes; /**< of the lines that were looked for, how many are in the file: whole lines from the first on */
    bool torn;        /**< the file does not end with a whole line */
} tlsdiag_log_found_t;

/**
 * Look for lines in the open file, which had size bytes when their write began.
 *
 * Broken   a file that cannot be read, or has become shorter since: nothing is found.
 */
void tlsdiag_log_search(tlsdiag_log_found_t *found, int descriptor, apr_off_t size, const char *lines,
                        apr_size_t length);

#endif
