/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD: how often OpenSSL and httpd call mod_tlsdiag. Its callbacks pass through here when it sets them on an SSL,
 * its filters are found by their names in httpd's registry at that moment, which is before the first connection has them.
 * The counts lie in the file that TLSDIAG_COUNTS names, as five 64-bit numbers: message callback, info callback, input
 * filters, output filter; and how often the kernel was asked for TCP_INFO. For one process that serves one connection after the
 * other.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MESSAGES, INFOS, INPUTS, OUTPUTS, TCP_INFOS, COUNTS };

typedef void message_callback_t(int, int, int, const void *, size_t, SSL *, void *);
typedef void info_callback_t(const SSL *, int, int);
typedef int filter_t(void *, void *, int, int, int64_t); /* an output filter takes the first two only */

/* The head of httpd's ap_filter_rec_t (util_filter.h): all that is needed to stand between. */
typedef struct filter_record {
    const char *name;
    filter_t *function;
} filter_record_t;

filter_record_t *ap_get_input_filter_handle(const char *name);
filter_record_t *ap_get_output_filter_handle(const char *name);

static uint64_t nowhere[COUNTS], *counts;
static message_callback_t *message_callback;
static info_callback_t *info_callback;
static filter_t *input, *header, *output;

static void count(int what)
{
    __atomic_add_fetch(&counts[what], 1, __ATOMIC_RELAXED);
}

static void on_message(int sent, int version, int type, const void *bytes, size_t length, SSL *ssl, void *opaque)
{
    count(MESSAGES);
    message_callback(sent, version, type, bytes, length, ssl, opaque);
}

static void on_info(const SSL *ssl, int where, int ret)
{
    count(INFOS);
    info_callback(ssl, where, ret);
}

static int on_input(void *filter, void *brigade, int mode, int block, int64_t bytes)
{
    count(INPUTS);
    return input(filter, brigade, mode, block, bytes);
}

static int on_header(void *filter, void *brigade, int mode, int block, int64_t bytes)
{
    count(INPUTS);
    return header(filter, brigade, mode, block, bytes);
}

static int on_output(void *filter, void *brigade, int mode, int block, int64_t bytes)
{
    count(OUTPUTS);
    return output(filter, brigade, mode, block, bytes);
}

static void stand_between(filter_record_t *record, filter_t **theirs, filter_t *ours)
{
    if (record && record->function != ours) {
        *theirs = record->function;
        record->function = ours;
    }
}

static void open_counts(void)
{
    const char *name = getenv("TLSDIAG_COUNTS");
    int file = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    void *shared = file >= 0 ? mmap(NULL, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;

    counts = shared == MAP_FAILED ? nowhere : shared;
    if (file >= 0) {
        close(file);
    }
}

static void begin(void)
{
    if (!counts) {
        open_counts();
    }
    stand_between(ap_get_input_filter_handle("tlsdiag_observe"), &input, on_input);
    stand_between(ap_get_input_filter_handle("tlsdiag_proxy_header"), &header, on_header);
    stand_between(ap_get_output_filter_handle("tlsdiag_observe"), &output, on_output);
}

int getsockopt(int socket, int level, int name, void *value, socklen_t *length)
{
    if (counts && level == IPPROTO_TCP && name == TCP_INFO) {
        count(TCP_INFOS);
    }
    return (int)syscall(SYS_getsockopt, socket, level, name, value, length);
}

void SSL_set_msg_callback(SSL *ssl, message_callback_t *callback)
{
    void (*theirs)(SSL *, message_callback_t *);

    *(void **)&theirs = dlsym(RTLD_NEXT, "SSL_set_msg_callback");
    if (callback) {
        message_callback = callback;
    }
    theirs(ssl, callback ? on_message : NULL);
}

void SSL_set_info_callback(SSL *ssl, info_callback_t *callback)
{
    void (*theirs)(SSL *, info_callback_t *);

    begin();
    *(void **)&theirs = dlsym(RTLD_NEXT, "SSL_set_info_callback");
    info_callback = callback;
    theirs(ssl, on_info);
}
