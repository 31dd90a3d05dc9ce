/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gcov writes what it counted when a program exits, and _exit() is no such end: the process that simulates clients ends by it.
 * Linked into what make cover builds, in place of _exit() (ld's --wrap).
 */
void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
