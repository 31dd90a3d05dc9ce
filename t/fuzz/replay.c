/* SPDX-License-Identifier: Apache-2.0 */
/* replay FILE...   gives each file to a fuzz target linked with it: the corpus without libFuzzer, by any compiler. */
#include "fuzz.h"

static uint8_t bytes[1 << 20];

static size_t read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        perror(path);
        exit(1);
    }
    size_t size = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    return size;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t size = read_file(argv[i]);
        uint8_t *exact = malloc(size ? size : 1); /* so that a read of one byte more is seen */
        if (!exact) {
            return 1;
        }
        memcpy(exact, bytes, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    printf("%d inputs replayed\n", argc - 1);
    return argc < 2;
}
