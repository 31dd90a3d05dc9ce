/* SPDX-License-Identifier: Apache-2.0 */
/* replay FILE...   gives each file to a fuzz target linked with it: the corpus without libFuzzer, by any compiler. */
#include "fuzz.h"

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t got;
    *size = 0;
    if (!in) {
        perror(path);
        exit(1);
    }
    do {
        bytes = realloc(bytes, *size + 65536);
        got = bytes ? fread(bytes + *size, 1, 65536, in) : 0;
        *size += got;
    } while (got > 0);
    fclose(in);
    return bytes;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size;
        uint8_t *bytes = read_file(argv[i], &size);
        uint8_t *exact = malloc(size ? size : 1); /* so that a read of one byte more is seen */
        if (!bytes || !exact) {
            return 1;
        }
        memcpy(exact, bytes, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
        free(bytes);
    }
    printf("%d inputs replayed\n", argc - 1);
    return argc < 2;
}
