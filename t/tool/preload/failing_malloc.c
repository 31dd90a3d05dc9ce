/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LD_PRELOAD library for t/limits/memory.t: an operating system that has no memory for one allocation of mod_tlsdiag.
 *
 * The file named by TLSDIAG_MEMORY holds three numbers that the test and httpd's processes share: which allocation fails
 * (0: none), how many were asked for since the test cleared it, how many failed. An allocation is mod_tlsdiag's when the
 * module asked for it, or when libcrypto or libssl did on the module's behalf; httpd's and mod_ssl's are always granted.
 */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FRAMES = 24 };

typedef struct control {
    _Atomic unsigned fails, asked, failed;
} control_t;

static control_t *control;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

__attribute__((constructor)) static void open_control(void)
{
    const char *name = getenv("TLSDIAG_MEMORY");
    int file = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    void *frames[1];

    /* Its first call loads a library and allocates. */
    (void)backtrace(frames, 1);
    if (file < 0) {
        return;
    }
    void *memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    control = memory == MAP_FAILED ? NULL : memory;
    (void)close(file);
}

/* Where the libraries lie whose frames matter, once httpd has loaded them: looked up when an allocation first may fail. */
static struct library {
    const char *name;
    const char *from, *to;
} libraries[] = {
    { .name = "mod_tlsdiag.so" }, { .name = "failing_malloc.so" }, { .name = "libcrypto.so" }, { .name = "libssl.so" }
};

enum { LIBRARIES = sizeof libraries / sizeof *libraries, MODULE = 0, NOBODY = -1 };

static int note_library(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < LIBRARIES; i++) {
        for (int j = 0; strstr(info->dlpi_name, libraries[i].name) && j < info->dlpi_phnum; j++) {
            const ElfW(Phdr) *part = &info->dlpi_phdr[j];
            if (part->p_type == PT_LOAD && part->p_flags & PF_X) {
                libraries[i].from = (const char *)info->dlpi_addr + part->p_vaddr;
                libraries[i].to = libraries[i].from + part->p_memsz;
            }
        }
    }
    return 0;
}

static int library_of(const void *address)
{
    for (int i = 0; i < LIBRARIES; i++) {
        if ((const char *)address >= libraries[i].from && (const char *)address < libraries[i].to) {
            return i;
        }
    }
    return NOBODY;
}

/* Whoever stands on the stack behind this library and OpenSSL. */
static bool module_asks(void)
{
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES), library = NOBODY;

    for (int i = 0; i < count && (i == 0 || library > MODULE); i++) {
        library = library_of(frames[i]);
    }
    return library == MODULE;
}

static void find_libraries(void)
{
    dl_iterate_phdr(note_library, NULL);
}

static bool fails_now(void)
{
    static _Thread_local bool looking;
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (!control || !atomic_load(&control->fails) || looking) {
        return false;
    }
    looking = true;
    (void)pthread_once(&once, find_libraries);
    bool ours = module_asks();
    looking = false;
    if (!ours || atomic_fetch_add(&control->asked, 1) + 1 != atomic_load(&control->fails)) {
        return false;
    }
    atomic_fetch_add(&control->failed, 1);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails_now() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __libc_realloc(old, size);
}
