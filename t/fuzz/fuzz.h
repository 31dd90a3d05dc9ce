/* SPDX-License-Identifier: Apache-2.0 */
/**
 * fuzz.h is what a fuzz target needs: libFuzzer's entry point and a check that stops with its own text.
 * It refuses to know who calls: libFuzzer, or replay.c with a folder of files.
 */
#ifndef TLSDIAG_FUZZ_FUZZ_H
#define TLSDIAG_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** claim holds for every input; otherwise stop here, so that the fuzzer keeps the input. */
#define CHECK(claim)                                                    \
    do {                                                                \
        if (!(claim)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #claim); \
            abort();                                                    \
        }                                                               \
    } while (0)

/** Printable ASCII, and nothing else. */
static inline int is_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e) {
            return 0;
        }
    }
    return 1;
}

#endif
