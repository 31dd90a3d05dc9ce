/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three whole records, as a person would lay them out, are in t/golden/: whoever changes what is told sees it there.
 * `make golden` writes them anew; the difference is reviewed like code.
 */
#include <stdlib.h>

#include "events.h"
#include "json_check.h"

enum { ROOM = 65536 };

static const struct {
    const char *name;
    void (*make)(fixture_t *fixture);
} goldens[] = {
    { "success", make_success },
    { "version_too_old", make_too_old },
    { "plain_http", make_plain_http },
};

static void start_line(tlsdiag_writer_t *out, int depth)
{
    tlsdiag_write(out, "\n");
    for (int i = 0; i < depth; i++) {
        tlsdiag_write(out, "  ");
    }
}

/* A string is copied to its end. */
static const char *copy_string(tlsdiag_writer_t *out, const char *at)
{
    const char *end = json_string_end(at, at + strlen(at));
    tlsdiag_write_bytes(out, at, (size_t)(end - at));
    return end;
}

/* One member a line, arrays in one; still the same JSON. */
static void fold(tlsdiag_writer_t *out, const char *json)
{
    int depth = 0, arrays = 0;
    for (const char *at = json; *at;) {
        if (*at == '"') {
            at = copy_string(out, at);
            continue;
        }
        arrays += (*at == '[') - (*at == ']');
        depth -= *at == '}';
        if (*at == '}' && !arrays) {
            start_line(out, depth);
        }
        tlsdiag_write_char(out, *at);
        depth += *at == '{';
        if ((*at == '{' || *at == ',') && !arrays) {
            start_line(out, depth);
        }
        at++;
    }
    tlsdiag_write(out, "\n");
}

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "t/golden/%s.json", name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    ok(file && fputs(text, file) >= 0 && fclose(file) == 0, "t/golden/%s.json written", name);
}

static const char *read_file(const char *name)
{
    static char text[ROOM];
    FILE *file = fopen(path_of(name), "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file) {
        fclose(file);
    }
    return text;
}

int main(void)
{
    static fixture_t fixture;
    static char json[ROOM], folded[ROOM];
    const char *mode = getenv("TLSDIAG_GOLDEN");
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++) {
        goldens[i].make(&fixture);
        tlsdiag_writer_t out = tlsdiag_writer(json, sizeof json);
        tlsdiag_event_json_write(&out, &fixture.event, 0);
        ok(json_valid(tlsdiag_writer_text(&out), out.length), "%s is valid JSON", goldens[i].name);
        out = tlsdiag_writer(folded, sizeof folded);
        fold(&out, json);
        tlsdiag_writer_text(&out);
        if (mode && strcmp(mode, "write") == 0) {
            write_file(goldens[i].name, folded);
        } else {
            is_str(folded, read_file(goldens[i].name), goldens[i].name);
        }
    }
    return done_testing();
}
