/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status page of three servers in all its forms lies in t/golden/page/: whoever changes what is shown sees it there.
 * `make golden` writes the files anew; the difference is reviewed like code.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>

#include "publish/snapshots.h"

static const struct {
    const char *name;
    void (*make)(scenery_t *scenery);
} goldens[] = { { "empty", make_empty }, { "busy", make_busy }, { "hostile", make_hostile } };

/* What changes with every edit of the style sheet, and with every version, is no news. */
static void blank_versions(char *text)
{
    for (char *at = strstr(text, "?v="); at; at = strstr(at + 1, "?v=")) {
        memset(at + 3, '.', strspn(at + 3, "0123456789abcdef"));
    }
    for (char *at = strstr(text, TLSDIAG_VERSION); at; at = strstr(at + 1, TLSDIAG_VERSION)) {
        memset(at, 'x', strlen(TLSDIAG_VERSION));
    }
}

/* A cause that was not counted is no news either: the table of rules grows. */
static void drop_causes_at_zero(void)
{
    char *to = written.text;
    for (char *line = written.text; *line;) {
        size_t length = strcspn(line, "\n") + 1;
        bool at_zero = strncmp(line, "tlsdiag_handshake_failures_total", 32) == 0 && line[length - 2] == '0' &&
                       line[length - 3] == ' ';
        if (!at_zero) {
            memmove(to, line, length);
            to += length;
        }
        line += length;
    }
    *to = '\0';
    written.length = (size_t)(to - written.text);
}

static FILE *open_golden(const char *name, form_t form, const char *mode)
{
    char path[256];
    snprintf(path, sizeof path, "t/golden/page/%s.%s", name, form_names[form]);
    return fopen(path, mode);
}

static void write_golden(const char *name, form_t form)
{
    FILE *file = open_golden(name, form, "w");
    ok(file && fwrite(written.text, 1, written.length, file) == written.length && fclose(file) == 0, "%s.%s written",
       name, form_names[form]);
}

static void show_difference(const char *expected)
{
    size_t line = 1, start = 0, at = 0;
    for (; expected[at] && expected[at] == written.text[at]; at++) {
        if (expected[at] == '\n') {
            line++;
            start = at + 1;
        }
    }
    printf("# they part in line %zu\n#      got: %.*s\n# expected: %.*s\n", line,
           (int)strcspn(written.text + start, "\n"), written.text + start, (int)strcspn(expected + start, "\n"),
           expected + start);
}

static void compare_golden(const char *name, form_t form)
{
    static char expected[PAGE_ROOM];
    FILE *file = open_golden(name, form, "r");
    size_t length = file ? fread(expected, 1, sizeof expected - 1, file) : 0;
    expected[length] = '\0';
    if (file) {
        fclose(file);
    }
    if (!ok(strcmp(expected, written.text) == 0, "%s.%s is as it was", name, form_names[form])) {
        show_difference(expected);
    }
}

int main(void)
{
    static scenery_t scenery;
    const char *mode = getenv("TLSDIAG_GOLDEN");
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
        goldens[i].make(&scenery);
        for (form_t form = AS_OVERVIEW; form < FORMS; form++) {
            if (render(&scenery, form) == 0) {
                continue;
            }
            blank_versions(written.text);
            drop_causes_at_zero();
            if (mode && strcmp(mode, "write") == 0) {
                write_golden(goldens[i].name, form);
            } else {
                compare_golden(goldens[i].name, form);
            }
        }
    }
    leave(&scenery);
    return done_testing();
}
