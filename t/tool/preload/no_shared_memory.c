/* SPDX-License-Identifier: Apache-2.0 */
/* For LD_PRELOAD: the system has no shared memory left when mod_tlsdiag asks for it. Everybody else gets theirs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

typedef int create_t(void **segment, size_t size, const char *file, void *pool);

create_t apr_shm_create;

int apr_shm_create(void **segment, size_t size, const char *file, void *pool)
{
    static create_t *theirs;
    Dl_info caller;

    if (dladdr(__builtin_return_address(0), &caller) && strstr(caller.dli_fname, "mod_tlsdiag")) {
        return ENOMEM;
    }
    if (!theirs) {
        *(void **)&theirs = dlsym(RTLD_NEXT, "apr_shm_create");
    }
    return theirs(segment, size, file, pool);
}
