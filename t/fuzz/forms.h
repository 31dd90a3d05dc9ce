/* SPDX-License-Identifier: Apache-2.0 */
/**
 * forms.h knows what must hold of the status page in each of its forms, whatever is in it: HTML has only markup of ours, JSON
 * is JSON, metrics are samples. It refuses to know what is in it.
 */
#ifndef TLSDIAG_FUZZ_FORMS_H
#define TLSDIAG_FUZZ_FORMS_H

#include "fuzz.h"
#include "html_check.h"
#include "json_check.h"
#include "metrics_check.h"
#include "publish/snapshots.h"

enum { FORM_CHOICES = FORMS };

/** The smallest segment: quick to copy, and soon full. */
static const tlsdiag_shape_t tiny_shape = { .children = 1,
                                            .vhosts = 3,
                                            .problems = 8,
                                            .fingerprints = 8,
                                            .pairs = 8,
                                            .networks = 8,
                                            .names = 8,
                                            .records = 4,
                                            .failures = 2 };

static void check_html(void)
{
    const char *fault = html_fault(written.text);
    if (fault) {
        fprintf(stderr, "no markup of ours: %.200s\n", fault);
    }
    CHECK(!fault);
}

static bool is_metric(const char *line, size_t length)
{
    return line[0] == '#' || metrics_is_sample(line, length);
}

static bool is_printable(const char *line, size_t length)
{
    return is_text(line, length);
}

static void check_lines(bool (*is_right)(const char *line, size_t length))
{
    for (char *line = written.text; *line;) {
        size_t length = strcspn(line, "\n");
        if (!is_right(line, length)) {
            fprintf(stderr, "broken line: %.*s\n", (int)length, line);
            abort();
        }
        CHECK(is_printable(line, length));
        line += length + (line[length] == '\n');
    }
}

/**
 * The page in that form holds what it promises. A record that was kept whole passes through as it lies there: when it may be
 * damaged, its line is only known to be printable.
 */
static inline void check_form(const scenery_t *scenery, form_t form, bool records_are_whole)
{
    if (render(scenery, form) == 0) {
        return; /* no record is kept */
    }
    CHECK(written.length < PAGE_ROOM - 1 && strlen(written.text) == written.length);
    if (form <= AS_RECORD) {
        check_html();
    } else {
        bool as_kept = form == AS_RECORDS || form == AS_RECORD_JSON;
        check_lines(form > AS_RECORD_JSON ? is_metric : as_kept && !records_are_whole ? is_printable : json_valid);
    }
}

#endif
