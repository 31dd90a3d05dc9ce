/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flood PORT COUNT [FIRST] [PARALLEL]: COUNT handshakes, each from another address of 127.0.0.0/8, with another server name and
 * another JA4. Each offers one suite that a vhost with RSA key exchange takes, so that it is sent a certificate without a
 * signature being made, and goes away. Prints how many got a certificate and how many did not.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PARALLEL_MOST = 256, PATIENCE_MS = 20000, HELLO_BYTES = 256, SERVER_HELLO_DONE = 14 };

typedef struct client {
    unsigned number;
    bool got_certificate;
    unsigned char tail[4]; /* the last bytes that came */
} client_t;

static unsigned answered, unanswered;

static unsigned char *put16(unsigned char *to, unsigned value)
{
    *to++ = (unsigned char)(value >> 8);
    *to++ = (unsigned char)value;
    return to;
}

/* The two bytes before `end` bytes get their number. */
static void close_length(unsigned char *length, const unsigned char *end)
{
    put16(length, (unsigned)(end - length - 2));
}

/* Three code points that IANA has given to nobody make each list of suites, and so each JA4, another one. */
static unsigned char *put_suites(unsigned char *at, unsigned number)
{
    at = put16(at, 8);
    at = put16(at, 0x009c); /* TLS_RSA_WITH_AES_128_GCM_SHA256 */
    at = put16(at, 0x6000 + number % 256);
    at = put16(at, 0x7000 + number / 256 % 256);
    return put16(at, 0x8000 + number / 65536 % 256);
}

static unsigned char *put_server_name(unsigned char *at, unsigned number)
{
    char name[32];
    unsigned length = (unsigned)snprintf(name, sizeof name, "flood-%u.example", number);

    at = put16(at, 0); /* server_name, RFC 6066 3 */
    at = put16(at, length + 5);
    at = put16(at, length + 3);
    *at++ = 0;
    at = put16(at, length);
    memcpy(at, name, length);
    return at + length;
}

/* RFC 5246 7.4.1.2. Returns its bytes. */
static size_t make_hello(unsigned char hello[HELLO_BYTES], unsigned number)
{
    static const unsigned char start[] = { 22, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3 };
    unsigned char *at = hello, *extensions;

    memcpy(at, start, sizeof start);
    at += sizeof start;
    memset(at, 0x5a, 32);
    at += 32;
    *at++ = 0; /* no session id */
    at = put_suites(at, number);
    *at++ = 1; /* no compression */
    *at++ = 0;
    extensions = at;
    at = put_server_name(at + 2, number);
    at = put16(at, 13); /* signature_algorithms: rsa_pkcs1_sha256 */
    at = put16(at, 4);
    at = put16(at, 2);
    at = put16(at, 0x0401);
    close_length(extensions, at);
    close_length(hello + 7, at);
    close_length(hello + 3, at);
    return (size_t)(at - hello);
}

/* 167 has no factor in common with the number of addresses: all differ, and neighbours lie in networks of their own. */
static int connect_from(unsigned number, unsigned port)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
    int one = 1, socket_ = socket(AF_INET, SOCK_STREAM, 0);

    from.sin_addr.s_addr = htonl(0x7f010000u + number * 167 % 0xfe0000u);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(socket_, (struct sockaddr *)&from, sizeof from) || connect(socket_, (struct sockaddr *)&to, sizeof to)) {
        perror("flood: connect");
        exit(1);
    }
    return socket_;
}

static int begin(client_t *client, unsigned number, unsigned port)
{
    unsigned char hello[HELLO_BYTES];
    size_t length = make_hello(hello, number);
    int socket_ = connect_from(number, port);

    *client = (client_t){ .number = number };
    if (send(socket_, hello, length, MSG_NOSIGNAL) != (ssize_t)length) {
        perror("flood: send");
        exit(1);
    }
    return socket_;
}

static void remember_tail(client_t *client, const unsigned char *bytes, size_t length)
{
    for (size_t i = length > 4 ? length - 4 : 0; i < length; i++) {
        memmove(client->tail, client->tail + 1, 3);
        client->tail[3] = bytes[i];
    }
}

/* Returns whether this client is done: the ServerHelloDone came, or the end. */
static bool hear(client_t *client, int socket_)
{
    unsigned char bytes[16384];
    ssize_t length = recv(socket_, bytes, sizeof bytes, 0);

    if (length <= 0) {
        return true;
    }
    remember_tail(client, bytes, (size_t)length);
    client->got_certificate = !memcmp(client->tail, (const unsigned char[]){ SERVER_HELLO_DONE, 0, 0, 0 }, 4);
    return client->got_certificate;
}

static void end(const client_t *client, int socket_)
{
    static const unsigned char alert[] = { 21, 3, 3, 0, 2, 2, 42 }; /* fatal, bad_certificate */

    if (client->got_certificate) {
        send(socket_, alert, sizeof alert, MSG_NOSIGNAL);
        answered++;
    } else {
        unanswered++;
    }
    close(socket_);
}

int main(int argc, char **argv)
{
    static client_t clients[PARALLEL_MOST];
    static struct pollfd polled[PARALLEL_MOST];
    unsigned port = argc > 2 ? (unsigned)atoi(argv[1]) : 0, left = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
    unsigned next = argc > 3 ? (unsigned)atoi(argv[3]) : 0, parallel = argc > 4 ? (unsigned)atoi(argv[4]) : 32;
    unsigned open_ = 0;

    parallel = parallel < PARALLEL_MOST ? parallel : PARALLEL_MOST;
    while (left || open_) {
        while (left && open_ < parallel) {
            polled[open_] = (struct pollfd){ .fd = begin(&clients[open_], next++, port), .events = POLLIN };
            open_++;
            left--;
        }
        if (poll(polled, open_, PATIENCE_MS) <= 0) {
            fprintf(stderr, "flood: no answer for %d s\n", PATIENCE_MS / 1000);
            return 1;
        }
        for (unsigned i = open_; i-- > 0;) {
            if (polled[i].revents && hear(&clients[i], polled[i].fd)) {
                end(&clients[i], polled[i].fd);
                polled[i] = polled[--open_];
                clients[i] = clients[open_];
            }
        }
    }
    printf("%u %u\n", answered, unanswered);
    return 0;
}
