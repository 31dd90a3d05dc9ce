/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/openssl_errors.h"

#include <string.h>

static void keep(char *to, size_t size, const char *text)
{
    strncpy(to, text ? text : "", size - 1);
    to[size - 1] = '\0';
}

#if OPENSSL_VERSION_NUMBER >= 0x30000000L

static unsigned long take(tlsdiag_openssl_entry_t *entry)
{
    const char *file = NULL, *function = NULL, *data = NULL;
    int flags = 0;
    entry->code = ERR_get_error_all(&file, &entry->line, &function, &data, &flags);
    keep(entry->file, sizeof entry->file, file);
    keep(entry->function, sizeof entry->function, function);
    keep(entry->data, sizeof entry->data, flags & ERR_TXT_STRING ? data : "");
    return entry->code;
}

static void put(const tlsdiag_openssl_entry_t *entry)
{
    ERR_new();
    ERR_set_debug(entry->file, entry->line, entry->function);
    ERR_set_error(ERR_GET_LIB(entry->code), ERR_GET_REASON(entry->code), entry->data[0] ? "%s" : NULL, entry->data);
}

#else

static unsigned long take(tlsdiag_openssl_entry_t *entry)
{
    const char *file = NULL, *data = NULL;
    int flags = 0;
    entry->code = ERR_get_error_line_data(&file, &entry->line, &data, &flags);
    keep(entry->data, sizeof entry->data, flags & ERR_TXT_STRING ? data : "");
    return entry->code;
}

/* OpenSSL 1.1.1 keeps only a pointer to the name of the file, which therefore is not put back. */
static void put(const tlsdiag_openssl_entry_t *entry)
{
    ERR_put_error(ERR_GET_LIB(entry->code), ERR_GET_FUNC(entry->code), ERR_GET_REASON(entry->code), "", entry->line);
    if (entry->data[0]) {
        ERR_add_error_data(1, entry->data);
    }
}

#endif

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
