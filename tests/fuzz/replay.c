/* replay.c - runs a fuzz target over the files of its corpus, as an ordinary test without a
 * fuzzer.
 *
 *   replay tests/fuzz/corpus/json/{...}       one line at the end; a file that breaks the target is the last one named
 *
 * A target is linked with this file instead of with libFuzzer's main. */
#include "require.h"

#include <stdio.h>
#include <string.h>

enum { LARGEST_INPUT = 1 << 20 };

/* 0: the file cannot be read. */
static int
run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    uint8_t *exact;
    size_t size;

    if (file == NULL) {
        fprintf(stderr, "cannot open %s\n", path);
        return 0;
    }
    data = malloc(LARGEST_INPUT);
    if (data == NULL)
        abort();
    size = fread(data, 1, LARGEST_INPUT, file);
    fclose(file);
    exact = malloc(size > 0 ? size : 1);    /* so that the sanitizer sees a read behind the end */
    if (exact == NULL)
        abort();
    memcpy(exact, data, size);
    free(data);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

int
main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++) {
        fprintf(stderr, "%s\n", argv[i]);
        failed += !run_file(argv[i]);
    }
    printf("%d inputs, %d unreadable\n", argc - 1, failed);
    return failed == 0 && argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
