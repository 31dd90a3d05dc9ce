/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the metrics for README.md, from what a server that has just started tells. t/document/update puts it there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "publish/page.h"
#include "statistics/shape.h"

enum { ROOM = 1 << 20 };

static char text[ROOM];
static size_t length;

static void collect(void *context, const char *bytes, size_t count)
{
    (void)context;
    if (length + count < sizeof text) {
        memcpy(text + length, bytes, count);
        length += count;
    }
}

static void render(void)
{
    static tlsdiag_statistics_t statistics;
    static tlsdiag_page_t page;
    static tlsdiag_stream_t out;
    static const tlsdiag_certificate_t certificate = { .key_type = TLSDIAG_KEY_RSA };
    static const tlsdiag_chain_t chain = { .certificates = &certificate, .count = 1 };
    static const tlsdiag_posture_t posture = { .name = "www.example:443", .chains = &chain, .chains_count = 1 };
    static const tlsdiag_page_vhost_t vhost = { &posture, 1 };
    tlsdiag_shape_t shape;
    tlsdiag_wish_t wish = { .processes = 1, .vhosts = 1 };
    tlsdiag_shape_choose(&shape, &wish);
    void *memory = calloc(1, tlsdiag_shape_bytes(&shape));
    tlsdiag_statistics_format(&statistics, memory, &shape, 1, 1);
    tlsdiag_statistics_begin(&statistics);
    tlsdiag_snapshot_t snapshot = tlsdiag_snapshot_live(&statistics, 1);
    page = (tlsdiag_page_t){ .snapshot = &snapshot, .vhosts = &vhost, .vhosts_count = 1 };
    page.host = (tlsdiag_page_host_t){ .httpd_version = "", .openssl_version = "" };
    tlsdiag_page_prepare(&page);
    tlsdiag_stream_open(&out, collect, NULL);
    tlsdiag_page_metrics_write(&out, &page, false);
    tlsdiag_stream_flush(&out);
    free(memory);
}

/* name="value",other="value" without the values. */
static void print_labels(const char *sample, size_t bytes)
{
    const char *at = memchr(sample, '{', bytes);
    const char *separator = "";
    while (at && *at != '}') {
        const char *name = at + 1;
        size_t name_length = strcspn(name, "=");
        if (strncmp(name, "le", name_length) != 0) {
            printf("%s`%.*s`", separator, (int)name_length, name);
            separator = ", ";
        }
        at = strchr(name + name_length + 2, '"') + 1;
    }
}

static const char *first_sample(const char *line, const char *name, size_t name_length)
{
    for (; *line; line += strcspn(line, "\n") + 1) {
        if (*line != '#' && strncmp(line, name, name_length) == 0) {
            return line;
        }
    }
    return NULL;
}

/* Of what was not counted yet there is no sample: its row in the table says what one would look like. */
static void print_labels_of_row(const char *name, size_t name_length)
{
    char sample[128];
    for (const tlsdiag_family_t *family = tlsdiag_families; family->name; family++) {
        if (strlen(family->metric) == name_length && memcmp(family->metric, name, name_length) == 0) {
            int bytes = snprintf(sample, sizeof sample, "{%s%s=\"\"}", family->fixed_label, family->label);
            print_labels(sample, (size_t)bytes);
            return;
        }
    }
}

int main(void)
{
    render();
    printf("| Metric | Type | Labels | What |\n|---|---|---|---|\n");
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, "# HELP ", 7) != 0) {
            continue;
        }
        const char *name = line + 7;
        size_t name_length = strcspn(name, " ");
        const char *help = name + name_length + 1;
        const char *type = strchr(help, '\n') + sizeof "\n# TYPE " - 1 + name_length + 1;
        printf("| `%.*s` | %.*s | ", (int)name_length, name, (int)strcspn(type, "\n"), type);
        const char *sample = first_sample(type, name, name_length);
        if (sample) {
            print_labels(sample, strcspn(sample, "\n"));
        } else {
            print_labels_of_row(name, name_length);
        }
        printf(" | %.*s |\n", (int)strcspn(help, "\n"), help);
    }
    return 0;
}
