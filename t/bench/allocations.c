/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be preloaded into httpd: counts the bytes that are asked of malloc() and of APR's pools, in all of its processes, in the
 * file that ALLOCATIONS names (two 64-bit numbers). Pools ask malloc() for blocks of 8 KiB and keep them, so both are needed: the
 * first shows what OpenSSL and the C library do, the second what httpd and modules do.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FROM_MALLOC, FROM_POOLS, COUNTERS };

static uint64_t nowhere[COUNTERS];
static uint64_t *counters = nowhere;

/* glibc's own names, so that looking them up allocates nothing. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *memory, size_t bytes);
/* As APR declares it, whose headers are not needed here. */
void *apr_palloc(void *pool, size_t bytes);

__attribute__((constructor)) static void open_counters(void)
{
    const char *name = getenv("ALLOCATIONS");
    int fd = name ? open(name, O_RDWR) : -1;
    void *memory = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory != MAP_FAILED) {
        counters = memory;
    }
    if (fd >= 0) {
        close(fd);
    }
}

static void count(int which, uint64_t bytes)
{
    __atomic_fetch_add(&counters[which], bytes, __ATOMIC_RELAXED);
}

void *malloc(size_t bytes)
{
    count(FROM_MALLOC, bytes);
    return __libc_malloc(bytes);
}

void *calloc(size_t number, size_t bytes)
{
    count(FROM_MALLOC, number * bytes);
    return __libc_calloc(number, bytes);
}

void *realloc(void *memory, size_t bytes)
{
    count(FROM_MALLOC, bytes);
    return __libc_realloc(memory, bytes);
}

/* apr_pcalloc(), apr_pstrdup() and the like call it, most of them through the symbol table, as modules do. */
void *apr_palloc(void *pool, size_t bytes)
{
    static void *(*next)(void *, size_t);
    if (!next) {
        void *found = dlsym(RTLD_NEXT, "apr_palloc");
        memcpy(&next, &found, sizeof next);
    }
    count(FROM_POOLS, bytes);
    return next(pool, bytes);
}
