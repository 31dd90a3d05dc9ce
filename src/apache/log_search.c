/* SPDX-License-Identifier: Apache-2.0 */
#include "apache/log_search.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What other processes may have appended between the look at the size and the write. */
enum { SEARCHED_BYTES = 1 << 20 };

/* The log is open for writing only: open the same file once more, whatever its name is by now. */
static int open_to_read(int descriptor)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static bool ends_torn(int reader)
{
    off_t end = lseek(reader, 0, SEEK_END);
    char last;

    return end > 0 && pread(reader, &last, 1, end - 1) == 1 && last != '\n';
}

static apr_size_t read_from(int reader, apr_off_t offset, char *to)
{
    apr_size_t got = 0;

    while (got < SEARCHED_BYTES) {
        ssize_t now = pread(reader, to + got, SEARCHED_BYTES - got, offset + (apr_off_t)got);
        if (now <= 0) {
            break;
        }
        got += (apr_size_t)now;
    }
    return got;
}

/* How far two runs of bytes are the same, in whole lines. */
static apr_size_t same_lines(const char *here, apr_size_t available, const char *lines, apr_size_t length)
{
    apr_size_t same = 0, whole = 0;

    while (same < available && same < length && here[same] == lines[same]) {
        whole = lines[same] == '\n' ? same + 1 : whole;
        same++;
    }
    return whole;
}

/* One write puts its lines side by side, and the first has an event.id that no other line has. */
static apr_size_t find(const char *text, apr_size_t text_length, const char *lines, apr_size_t length)
{
    const char *end = memchr(lines, '\n', length);
    const char *at = end ? memmem(text, text_length, lines, (apr_size_t)(end - lines) + 1) : NULL;

    return at ? same_lines(at, text_length - (apr_size_t)(at - text), lines, length) : 0;
}

void tlsdiag_log_search(tlsdiag_log_found_t *found, int descriptor, apr_off_t size, const char *lines,
                        apr_size_t length)
{
    int reader = open_to_read(descriptor);
    char *text = malloc(SEARCHED_BYTES);

    *found = (tlsdiag_log_found_t){ 0 };
    if (reader >= 0 && text) {
        found->bytes = find(text, read_from(reader, size, text), lines, length);
        found->torn = ends_torn(reader);
    }
    free(text);
    if (reader >= 0) {
        close(reader);
    }
}
