/* fuzz/corpus - the targets of this folder, each over its corpus and over mutants of it, which another seed makes anew.
 *
 * A target is a fuzzer's: linked with libFuzzer instead of with this file it searches by itself. What it finds belongs into its
 * corpus. Here each has its name behind LLVMFuzzerTestOneInput (Makefile). */
#include "suites.h"
#include "unit/random.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TARGETS(X) X(decimal) X(inet) X(json) X(row_from_json) X(text_list) X(timestamp) X(uuid)

#define DECLARE(name) int LLVMFuzzerTestOneInput_##name(const uint8_t *data, size_t size);
TARGETS(DECLARE)

#define ROW(name) { #name, LLVMFuzzerTestOneInput_##name },
static const struct { const char *name; int (*run)(const uint8_t *data, size_t size); } targets[] = { TARGETS(ROW) };

enum { MUTANTS = 3000, LARGEST_MUTANT = 512, LARGEST_INPUT = 1 << 16, TARGET_COUNT = sizeof targets / sizeof targets[0] };

/* The input that is looked at, in memory of its very size: a sanitizer sees a read behind the end. */
static uint8_t *input;
static size_t input_size;
static char input_name[300];

/* A target aborts where something does not hold. */
static void
tell_input(int signal_number)
{
    dprintf(STDERR_FILENO, "%s, SEED=%llu:", input_name, (unsigned long long)test_seed);
    for (size_t i = 0; i < input_size && i < LARGEST_MUTANT; i++)
        dprintf(STDERR_FILENO, " %02x", input[i]);
    dprintf(STDERR_FILENO, "\n");
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void
run(int target, const uint8_t *data, size_t size)
{
    input = malloc(size > 0 ? size : 1);
    ck_assert_ptr_nonnull(input);
    memcpy(input, data, size);
    input_size = size;
    (void)targets[target].run(input, size);
    free(input);
}

/* One to four bytes are changed, taken out, put in or doubled. Gives back the new size. */
static size_t
mutate(uint8_t *data, size_t size, uint64_t *state)
{
    static const uint8_t telling[] = { 0x00, 0x7F, 0x80, 0xFF, '"', '\\', '{', '}', '[', ']', ',', ':', '-', '.', '0', '9', 'e', ' ' };

    for (uint64_t changes = 1 + random_next(state) % 4; changes > 0; changes--) {
        size_t at = size > 0 ? random_next(state) % size : 0;
        uint8_t byte = random_next(state) % 2 == 0 ? telling[random_next(state) % sizeof telling] : (uint8_t)random_next(state);

        switch (random_next(state) % 5) {
        case 0:                                          /* cut off */
            size = at;
            break;
        case 1:                                          /* taken out */
            if (size > 0)
                memmove(data + at, data + at + 1, --size - at);
            break;
        case 2:                                          /* put in */
            if (size < LARGEST_MUTANT) {
                memmove(data + at + 1, data + at, size++ - at);
                data[at] = byte;
            }
            break;
        case 3:
            if (size > 0)
                data[at] ^= (uint8_t)(1 << random_next(state) % 8);
            break;
        default:
            if (size > 0)
                data[at] = byte;
            break;
        }
    }
    return size;
}

static void
run_file(int target, const char *path, uint64_t *state)
{
    static uint8_t data[LARGEST_INPUT], mutant[LARGEST_MUTANT];
    FILE *file = fopen(path, "rb");
    size_t size;

    ck_assert_msg(file != NULL, "cannot open %s", path);
    size = fread(data, 1, sizeof data, file);
    ck_assert_msg(size < sizeof data, "%s is longer than is read here", path);
    fclose(file);
    snprintf(input_name, sizeof input_name, "%s", path);
    run(target, data, size);
    snprintf(input_name, sizeof input_name, "a mutant of %s", path);
    for (int i = 0; i < MUTANTS && size <= LARGEST_MUTANT; i++) {
        memcpy(mutant, data, size);
        run(target, mutant, mutate(mutant, size, state));
    }
}

START_TEST(what_must_hold_holds_for_the_corpus_and_its_mutants)
{
    char folder[64], path[300];
    uint64_t state = test_seed;
    int files = 0;
    DIR *dir;

    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", targets[_i].name);
    dir = opendir(folder);
    ck_assert_msg(dir != NULL, "cannot open %s", folder);
    signal(SIGABRT, tell_input);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%.200s", folder, entry->d_name);
        run_file(_i, path, &state);
        files++;
    }
    closedir(dir);
    ck_assert_msg(files > 0, "%s has no files", folder);
}
END_TEST

Suite *
suite_fuzz_corpus(void)
{
    Suite *suite = suite_create("fuzz/corpus");
    TCase *tc = tcase_create("corpus");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, what_must_hold_holds_for_the_corpus_and_its_mutants, 0, TARGET_COUNT);
    suite_add_tcase(suite, tc);
    return suite;
}
