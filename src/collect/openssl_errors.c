/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/openssl_errors.h"

#include <string.h>

#include "collect/openssl_compat.h"

static void keep(char *to, size_t size, const char *text)
{
    strncpy(to, text ? text : "", size - 1);
    to[size - 1] = '\0';
}

static bool take(tlsdiag_openssl_entry_t *entry)
{
    tlsdiag_openssl_noted_t error = tlsdiag_openssl_noted_take();
    entry->code = error.code;
    entry->line = error.line;
    keep(entry->file, sizeof entry->file, error.file);
    keep(entry->function, sizeof entry->function, error.function);
    keep(entry->data, sizeof entry->data, error.data);
    return error.code != 0;
}

static void put(const tlsdiag_openssl_entry_t *entry)
{
    tlsdiag_openssl_noted_t error = {
        .code = entry->code, .file = entry->file, .function = entry->function, .data = entry->data, .line = entry->line
    };
    tlsdiag_openssl_noted_put(&error);
}

void tlsdiag_openssl_queue_save(tlsdiag_openssl_queue_t *queue)
{
    queue->count = 0;
    while (queue->count < TLSDIAG_QUEUE_MAX && take(&queue->entries[queue->count])) {
        queue->count++;
    }
}

void tlsdiag_openssl_queue_restore(const tlsdiag_openssl_queue_t *queue)
{
    ERR_clear_error();
    for (unsigned i = 0; i < queue->count; i++) {
        put(&queue->entries[i]);
    }
}
