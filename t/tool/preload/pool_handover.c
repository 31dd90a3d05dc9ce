/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD behind ThreadSanitizer's library: tells it how httpd hands memory on. Who is done with a connection clears its
 * pool and puts it on a list, by a compare-and-swap of APR; another thread takes it from there, and the first that it makes for
 * the next connection is a bucket allocator in that pool. APR is not instrumented, so the order of the two is invisible, and
 * each first write to a new connection looks like a race with the last use of the one before. All that is claimed here is that
 * a pool was cleared before the next bucket allocator is made in it.
 *
 * And it keeps both libraries from the programs that httpd starts: Debian's /bin/sh dies of ThreadSanitizer's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

/* Of ThreadSanitizer's library. */
void __tsan_acquire(void *address);
void __tsan_release(void *address);
void __tsan_init(void);

/* As apr_pools.h and apr_buckets.h have them, without their types. */
void apr_pool_clear(void *pool);
void *apr_bucket_alloc_create(void *pool);

/* First the other library, which may start the program anew. */
__attribute__((constructor)) static void start(void)
{
    __tsan_init();
    unsetenv("LD_PRELOAD");
}

void apr_pool_clear(void *pool)
{
    void (*real)(void *) = (void (*)(void *))dlsym(RTLD_NEXT, "apr_pool_clear");

    real(pool);
    __tsan_release(pool);
}

void *apr_bucket_alloc_create(void *pool)
{
    void *(*real)(void *) = (void *(*)(void *))dlsym(RTLD_NEXT, "apr_bucket_alloc_create");

    __tsan_acquire(pool);
    return real(pool);
}
