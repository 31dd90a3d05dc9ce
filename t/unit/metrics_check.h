/* SPDX-License-Identifier: Apache-2.0 */
/**
 * metrics_check.h knows what a line of Prometheus' text looks like, as far as hostile texts could break it.
 * It refuses to know which metrics there are: promtool judges that, t/metrics.
 */
#ifndef TLSDIAG_METRICS_CHECK_H
#define TLSDIAG_METRICS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "tap.h"

/* Where the labels that start at at end; length when they do not. */
static size_t metrics_labels_end(const char *line, size_t length, size_t at)
{
    bool quoted = false;
    for (at++; at < length && (quoted || line[at] != '}'); at++) {
        if (quoted && line[at] == '\\') {
            at++;
        } else if (line[at] == '"') {
            quoted = !quoted;
        }
    }
    return at + 1;
}

/** name{label="value",...} number. */
TAP_UNUSED static bool metrics_is_sample(const char *line, size_t length)
{
    size_t at = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (at == 0 || at > length) {
        return false;
    }
    if (line[at] == '{') {
        at = metrics_labels_end(line, length, at);
    }
    return at < length && line[at] == ' ' && strspn(line + at + 1, "0123456789.") == length - at - 1;
}

#endif
