/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD: the wall clock is off by as many seconds as the file named by TLSDIAG_CLOCK says (an int64), from one moment
 * to the next. The monotonic clock is right, and so is the kernel's own: who waits for a wall-clock time waits as long as if
 * the clock had been set while he waited. (libfaketime turns such waits into relative ones, so nobody could be seen to hang.)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offset;

__attribute__((constructor)) static void start(void)
{
    const char *path = getenv("TLSDIAG_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *memory = file >= 0 ? mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;

    offset = memory != MAP_FAILED ? memory : NULL;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, now);

    if (!failed && offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += *offset;
    }
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec precise;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    *now = (struct timeval){ .tv_sec = precise.tv_sec, .tv_usec = precise.tv_nsec / 1000 };
    return 0;
}

time_t time(time_t *also)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (also) {
        *also = now.tv_sec;
    }
    return now.tv_sec;
}
