/* SPDX-License-Identifier: Apache-2.0 */
/**
 * tap.h knows how a C test tells prove what it found (Test Anything Protocol, https://testanything.org).
 * It refuses to know what is tested.
 *
 * A test is a program: it calls ok(), is_int() and is_str() with a name that says the promise, and returns
 * done_testing() from main. A failing row prints both values, so the name of a table row belongs into its name.
 * Everything is static: one test program is one file.
 */
#ifndef TLSDIAG_TAP_H
#define TLSDIAG_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__GNUC__)
#define TAP_UNUSED __attribute__((unused))
#define TAP_PRINTF(text, first) __attribute__((format(printf, text, first), unused))
#else
#define TAP_UNUSED
#define TAP_PRINTF(text, first)
#endif

static struct {
    unsigned run;    /**< results printed */
    unsigned failed; /**< of them, "not ok" */
} tap;

/** One result. name is a printf format. Returns passed, so a test can stop early. */
TAP_PRINTF(2, 3) static bool ok(bool passed, const char *name, ...)
{
    va_list arguments;
    tap.run++;
    tap.failed += !passed;
    printf("%sok %u - ", passed ? "" : "not ", tap.run);
    va_start(arguments, name);
    vprintf(name, arguments);
    va_end(arguments);
    putchar('\n');
    return passed;
}

/** got and expected are the same number; both are printed when they are not. */
TAP_UNUSED static bool is_int(int64_t got, int64_t expected, const char *name)
{
    if (ok(got == expected, "%s", name)) {
        return true;
    }
    printf("#      got: %" PRId64 " (0x%" PRIx64 ")\n# expected: %" PRId64 " (0x%" PRIx64 ")\n", got, (uint64_t)got,
           expected, (uint64_t)expected);
    return false;
}

/** got and expected are the same text, NULL being equal to NULL only. */
TAP_UNUSED static bool is_str(const char *got, const char *expected, const char *name)
{
    bool same = got && expected ? strcmp(got, expected) == 0 : got == expected;
    if (ok(same, "%s", name)) {
        return true;
    }
    printf("#      got: %s\n# expected: %s\n", got ? got : "(NULL)", expected ? expected : "(NULL)");
    return false;
}

/** The plan line. Returns what main returns: 0 when at least one result came and none failed. */
TAP_UNUSED static int done_testing(void)
{
    printf("1..%u\n", tap.run);
    return tap.run == 0 || tap.failed > 0;
}

#endif
