/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshakes KIND PORT COUNT [OPTION=VALUE ...]: makes COUNT connections of one kind to 127.0.0.1:PORT, and prints one line
 * of "name value" pairs. A connection that does not end as its kind must is an error: no figure is about something else.
 *
 *   threads=1    connections at a time
 *   requests=1   on each connection whose handshake succeeds; 0: it is closed at once
 *   fresh=1      each hello offers another set of cipher suites, so it has a JA3 and JA4 of its own
 *   drawn=1      each hello has extensions in another order and other GREASE values, as browsers' have: a JA3 of its own, one JA4
 *   spread=1     each comes from another network of 127.0.0.0/8 and asks for another server name
 *   hold=1       all stay open until the program is killed
 *   first=0      number of the first one, for those three
 *   distance=0   microseconds to the server. With any, the client looks for an answer that much later, and until there is
 *                one; it never waits inside read(), where on one machine the server's thread would pay for waking it up
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

typedef enum { FULL, RESUMED, REFUSED, REJECTING } outcome_t;

static const struct kind {
    const char *name;
    int newest;         /* protocol version that is offered; 1.2 is the oldest */
    outcome_t outcome;  /* how each connection must end */
    const char *suites; /* offered first, of TLS 1.2 */
} kinds[] = {
    { "tls13-full", TLS1_3_VERSION, FULL, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256" },
    { "tls13-resumed", TLS1_3_VERSION, RESUMED, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256" },
    { "tls12-full", TLS1_2_VERSION, FULL, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256" },
    { "tls12-resumed", TLS1_2_VERSION, RESUMED, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256" },
    { "no-common-suite", TLS1_2_VERSION, REFUSED, "AES128-SHA" }, /* t/bench's vhosts have ECDHE with GCM only */
    { "client-alert", TLS1_3_VERSION, REJECTING,
      "ECDHE-ECDSA-AES128-GCM-SHA256" }, /* it trusts nobody: unknown_ca(48) */
};

/* What a fresh hello offers some of besides: nothing that t/bench's vhosts would agree to. */
static const char *const more_suites[] = {
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-ECDSA-CAMELLIA256-SHA384",
    "ECDHE-RSA-CAMELLIA256-SHA384",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-ECDSA-CAMELLIA128-SHA256",
    "ECDHE-RSA-CAMELLIA128-SHA256",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES256-SHA",
    "DHE-RSA-AES256-SHA",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "DHE-RSA-AES128-SHA",
    "AES256-GCM-SHA384",
    "AES128-GCM-SHA256",
    "AES256-SHA256",
    "AES128-SHA256",
    "AES256-SHA",
    "CAMELLIA256-SHA",
};

static struct {
    const struct kind *kind;
    uint16_t port;
    unsigned count, threads, requests, fresh, drawn, spread, hold, first, distance;
} plan = { .threads = 1, .requests = 1 };

static unsigned next;       /* number of the next connection; atomic */
static uint32_t *durations; /* of each handshake, in microseconds */

static void die(const char *what, unsigned number)
{
    fprintf(stderr, "handshakes: %s, connection %u: %s\n", plan.kind->name, number, what);
    ERR_print_errors_fp(stderr);
    _exit(1); /* exit() would clean up OpenSSL below the other threads, which can hang */
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static SSL_CTX *make_context(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(ctx, plan.kind->newest);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_cipher_list(ctx, plan.kind->suites);
    SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_verify(ctx, plan.kind->outcome == REJECTING ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    return ctx;
}

/* The bits of number choose from more_suites. */
static void offer_fresh_suites(SSL *ssl, unsigned number)
{
    char list[1024];
    size_t length = (size_t)snprintf(list, sizeof list, "%s", plan.kind->suites);
    for (size_t i = 0; i < sizeof more_suites / sizeof *more_suites; i++) {
        if (number >> i & 1) {
            length += (size_t)snprintf(list + length, sizeof list - length, ":%s", more_suites[i]);
        }
    }
    if (!SSL_set_cipher_list(ssl, list)) {
        die("cipher suites", number);
    }
}

/* Extensions that OpenSSL does not know, in an order that number says, between two of GREASE (RFC 8701). Browsers shuffle all
 * theirs, and have GREASE in other lists as well; OpenSSL lets nobody do so. */
static void draw_extensions(SSL_CTX *ctx, unsigned number)
{
    unsigned types[] = { 0x0018, 0x0019, 0x001c, 0x0022, 0x44cd };
    const unsigned count = sizeof types / sizeof *types;
    unsigned grease = 0x0a0a + 0x1010 * (number / 120 % 15);
    SSL_CTX_add_custom_ext(ctx, grease, SSL_EXT_CLIENT_HELLO, NULL, NULL, NULL, NULL, NULL);
    for (unsigned left = count, rest = number; left > 0; rest /= left--) {
        unsigned *drawn = &types[count - left + rest % left], type = *drawn;
        *drawn = types[count - left];
        if (!SSL_CTX_add_custom_ext(ctx, type, SSL_EXT_CLIENT_HELLO, NULL, NULL, NULL, NULL, NULL)) {
            die("extension", number);
        }
    }
    SSL_CTX_add_custom_ext(ctx, grease + 0x1010, SSL_EXT_CLIENT_HELLO, NULL, NULL, NULL, NULL, NULL);
}

static void travel(void)
{
    struct timespec way = { .tv_nsec = (long)plan.distance * 1000 };
    nanosleep(&way, NULL);
}

/* Whether an operation of OpenSSL that returned result is to be called again: its answer is still under way. */
static bool is_under_way(SSL *ssl, int result)
{
    if (result > 0 || plan.distance == 0 || SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ) {
        return false;
    }
    travel();
    return true;
}

static bool shake_hands(SSL *ssl)
{
    int result;
    do {
        result = SSL_connect(ssl);
    } while (is_under_way(ssl, result));
    return result == 1;
}

static bool is_answered(SSL *ssl, const char *request)
{
    char answer[4096];
    int result;
    if (SSL_write(ssl, request, (int)strlen(request)) <= 0) {
        return false;
    }
    do {
        result = SSL_read(ssl, answer, sizeof answer);
    } while (is_under_way(ssl, result));
    return result > 0;
}

static int connect_to_port(unsigned number)
{
    int one = 1;
    struct timeval patience = { 60, 0 };
    struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f010001 + (number % 0xfd00 << 8)) };
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(plan.port),
                              .sin_addr.s_addr = htonl(0x7f000001) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (plan.spread && bind(fd, (struct sockaddr *)&from, sizeof from) != 0) {
        die("bind", number);
    }
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        die("connect", number);
    }
    if (plan.distance) {
        fcntl(fd, F_SETFL, O_NONBLOCK);
    }
    return fd;
}

static void ask(SSL *ssl, unsigned number)
{
    static const char again[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    static const char last[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (unsigned i = plan.hold ? 0 : 1; i < plan.requests; i++) {
        if (!is_answered(ssl, again)) {
            die("no answer on a connection kept alive", number);
        }
    }
    if (plan.requests > 0 && !plan.hold && !is_answered(ssl, last)) {
        die("no answer", number);
    }
}

static void read_to_end(int fd)
{
    char rest[4096];
    ssize_t length;
    while ((length = read(fd, rest, sizeof rest)) > 0 || (length < 0 && plan.distance && errno == EAGAIN)) {
        if (length < 0) {
            travel();
        }
    }
}

/* Half closed first, and read to the end: a reset would hide our alert from the server. From a distance a client hears of
 * the end, which the server makes of it after a last answer or an alert, before it can make its own. */
static void leave(SSL *ssl, int fd)
{
    bool server_ends = !SSL_is_init_finished(ssl) || plan.requests > 0;
    if (plan.distance && server_ends) {
        read_to_end(fd);
    }
    if (SSL_is_init_finished(ssl)) {
        SSL_shutdown(ssl);
    }
    shutdown(fd, SHUT_WR);
    read_to_end(fd);
    close(fd);
}

/* What is known of the outcome must be what the kind says. */
static void check(SSL *ssl, bool connected, bool has_session, unsigned number)
{
    int reason = ERR_GET_REASON(ERR_peek_error());
    switch (plan.kind->outcome) {
    case FULL:
    case RESUMED:
        if (!connected || SSL_version(ssl) != plan.kind->newest || (bool)SSL_session_reused(ssl) != has_session) {
            die("did not connect as it must", number);
        }
        break;
    case REFUSED:
        if (connected || reason != SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE) {
            die("was not refused with handshake_failure", number);
        }
        break;
    case REJECTING:
        if (connected || reason != SSL_R_CERTIFICATE_VERIFY_FAILED) {
            die("did not reject the certificate", number);
        }
        break;
    }
    ERR_clear_error();
}

/* Returns the handshake's microseconds. *session is resumed, or, when there is none yet, kept for the next. */
static uint32_t make_connection(SSL_CTX *ctx, SSL_SESSION **session, unsigned number)
{
    char name[64] = "localhost";
    SSL_CTX *own = plan.drawn ? make_context() : NULL;
    if (own) {
        draw_extensions(own, number);
    }
    SSL *ssl = SSL_new(own ? own : ctx);
    SSL_CTX_free(own);
    int fd = connect_to_port(number);

    if (plan.fresh) {
        offer_fresh_suites(ssl, number);
    }
    if (plan.spread) {
        snprintf(name, sizeof name, "host-%u.example.test", number);
    }
    SSL_set_tlsext_host_name(ssl, name);
    if (*session) {
        SSL_set_session(ssl, *session);
    }
    SSL_set_fd(ssl, fd);
    int64_t began = now_us();
    bool connected = shake_hands(ssl);
    int64_t took = now_us() - began;
    check(ssl, connected, *session != NULL, number);
    if (connected) {
        ask(ssl, number);
    }
    if (plan.hold) {
        return (uint32_t)took;
    }
    if (plan.kind->outcome == RESUMED && !*session) {
        *session = SSL_get1_session(ssl);
    }
    leave(ssl, fd);
    SSL_free(ssl);
    return (uint32_t)took;
}

static void *work(void *unused)
{
    SSL_CTX *ctx = make_context();
    SSL_SESSION *session = NULL;

    if (plan.kind->outcome == RESUMED) {
        make_connection(ctx, &session, plan.first); /* not counted; the driver warms up with at least as many */
    }
    for (;;) {
        unsigned mine = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED);
        if (mine >= plan.count) {
            break;
        }
        durations[mine] = make_connection(ctx, &session, plan.first + mine);
    }
    SSL_SESSION_free(session);
    SSL_CTX_free(ctx);
    return unused;
}

static bool read_option(const char *option)
{
    static const struct {
        const char *name;
        unsigned *value;
    } options[] = { { "threads=", &plan.threads },   { "requests=", &plan.requests }, { "fresh=", &plan.fresh },
                    { "spread=", &plan.spread },     { "first=", &plan.first },       { "hold=", &plan.hold },
                    { "distance=", &plan.distance }, { "drawn=", &plan.drawn } };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t length = strlen(options[i].name);
        if (strncmp(option, options[i].name, length) == 0) {
            *options[i].value = (unsigned)strtoul(option + length, NULL, 10);
            return true;
        }
    }
    return false;
}

static bool read_arguments(int argc, char **argv)
{
    for (size_t i = 0; argc > 3 && i < sizeof kinds / sizeof *kinds; i++) {
        plan.kind = strcmp(argv[1], kinds[i].name) == 0 ? &kinds[i] : plan.kind;
    }
    if (!plan.kind) {
        return false;
    }
    plan.port = (uint16_t)strtoul(argv[2], NULL, 10);
    plan.count = (unsigned)strtoul(argv[3], NULL, 10);
    for (int i = 4; i < argc; i++) {
        if (!read_option(argv[i])) {
            return false;
        }
    }
    return plan.count > 0 && plan.threads > 0 && plan.threads <= 64;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    pthread_t threads[64];

    if (!read_arguments(argc, argv)) {
        fputs("usage: handshakes KIND PORT COUNT [threads= requests= fresh= spread= first= distance=]\nkinds:", stderr);
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            fprintf(stderr, " %s", kinds[i].name);
        }
        return fputs("\n", stderr), 2;
    }
    prctl(PR_SET_TIMERSLACK, 1000); /* nanoseconds, for travel() */
    durations = calloc(plan.count, sizeof *durations);
    int64_t began = now_us();
    for (unsigned i = 0; i < plan.threads; i++) {
        pthread_create(&threads[i], NULL, work, NULL);
    }
    for (unsigned i = 0; i < plan.threads; i++) {
        pthread_join(threads[i], NULL);
    }
    if (plan.hold) {
        pause();
    }
    double seconds = (double)(now_us() - began) / 1e6;
    qsort(durations, plan.count, sizeof *durations, by_size);
    printf("count %u seconds %.3f median_us %u p99_us %u most_us %u\n", plan.count, seconds, durations[plan.count / 2],
           durations[plan.count - 1 - plan.count / 100], durations[plan.count - 1]);
    free(durations);
    return 0;
}
