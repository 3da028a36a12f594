/* main.c - runs the unit suites, one line a test.
 *
 *   ./unit                    all of them
 *   T=value/time ./unit       one suite
 *   T=value ./unit            all of a folder
 *   SEED=7 ./unit             repeats what a run with random values printed */
#include "suites.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* In the order of the layers: what fails first is what the rest stands on. */
static const struct {
    const char *name;
    Suite *(*make)(void);
} suites[] = {
    { "memory/alloc",            suite_memory_alloc },
    { "memory/buffer",           suite_memory_buffer },
    { "memory/arena",            suite_memory_arena },
    { "value/error",             suite_value_error },
    { "value/bytes",             suite_value_bytes },
    { "value/text",              suite_value_text },
    { "value/text_handle",       suite_value_text_handle },
    { "value/uuid",              suite_value_uuid },
    { "value/date",              suite_value_date },
    { "value/time",              suite_value_time },
    { "value/decimal",           suite_value_decimal },
    { "value/decimal_malformed", suite_value_decimal_malformed },
    { "value/inet",              suite_value_inet },
    { "value/text_list",         suite_value_text_list },
    { "value/json",              suite_value_json },
    { "value/json_walk",         suite_value_json_walk },
    { "value/json_escape",       suite_value_json_escape },
};

uint64_t test_seed;

/* Whether wanted is the suite, or a folder that it is in. */
static int
is_wanted(const char *name, const char *wanted)
{
    size_t len;

    if (wanted == NULL || wanted[0] == '\0')
        return 1;
    len = strlen(wanted);
    return strncmp(name, wanted, len) == 0 && (name[len] == '\0' || name[len] == '/');
}

static uint64_t
choose_seed(void)
{
    const char *given = getenv("SEED");

    return given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
}

int
main(void)
{
    const char *wanted = getenv("T");
    SRunner *runner = srunner_create(NULL);
    int tests, failures;

    test_seed = choose_seed();
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (is_wanted(suites[i].name, wanted))
            srunner_add_suite(runner, suites[i].make());
    srunner_run_all(runner, CK_VERBOSE);
    tests = srunner_ntests_run(runner);
    failures = srunner_ntests_failed(runner);
    srunner_free(runner);

    if (tests == 0)
        printf("no suite is called %s\n", wanted != NULL ? wanted : "anything");
    if (failures > 0)
        printf("repeat with SEED=%llu\n", (unsigned long long)test_seed);
    return failures == 0 && tests > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
