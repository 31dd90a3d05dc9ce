/* SPDX-License-Identifier: Apache-2.0 */
/**
 * openssl_errors.h knows how to put OpenSSL's error queue aside and back, because a handshake of our own would clear it
 * (ERR_clear_error() at the start of each state machine). It refuses to know what the errors mean.
 */
#ifndef TLSDIAG_COLLECT_OPENSSL_ERRORS_H
#define TLSDIAG_COLLECT_OPENSSL_ERRORS_H

#include <openssl/err.h>

enum { TLSDIAG_QUEUE_MAX = 16 /**< OpenSSL's own limit, ERR_NUM_ERRORS */ };

/** One entry: its code and, cut where they are long, its place and its text. */
typedef struct tlsdiag_openssl_entry {
    unsigned long code;
    char file[128], function[64], data[256];
    int line;
} tlsdiag_openssl_entry_t;

/** The calling thread's error queue, oldest entry first. */
typedef struct tlsdiag_openssl_queue {
    tlsdiag_openssl_entry_t entries[TLSDIAG_QUEUE_MAX];
    unsigned count;
} tlsdiag_openssl_queue_t;

/** Take all entries out of the queue. */
void tlsdiag_openssl_queue_save(tlsdiag_openssl_queue_t *queue);
/** Drop what the queue holds now and put back what was saved. Marks (ERR_set_mark) of the caller are lost. */
void tlsdiag_openssl_queue_restore(const tlsdiag_openssl_queue_t *queue);

#endif
