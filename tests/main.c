/* main.c - runs the suites, one line a test; the last line is Check's own.
 *
 *   build/asan/check                  all of them
 *   T=value/time build/asan/check     one suite
 *   T='value link' build/asan/check   all of some folders
 *   PART=server build/asan/check      those that are of the server alone (suites.h); PART=rest: the others
 *   SEED=7 build/asan/check           repeats what a run with random values printed
 *   FAILED=FILE build/asan/check      writes there what has failed, as settings for another run
 *
 * Suites that need a database want what `sql/cluster env NAME` prints; tests/run gives it to them. */
#include "called.h"
#include "kept.h"
#include "memory/memory.h"
#include "suites.h"
#include "unit/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct {
    const char *name;
    Suite *(*make)(void);
    int needs;
} suites[] = {
#define SUITE_ROW(name, make, needs) { name, make, needs },
    SUITES(SUITE_ROW)
#undef SUITE_ROW
};

uint64_t test_seed;

#if defined(__SANITIZE_ADDRESS__)
static long blocks_at_fork;            /* what the connections that are kept for all tests hold */

/* What is freed is kept away for a while, up to 256 MB by default: here up to 2, since a fresh page is dear. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "quarantine_size_mb=2:malloc_context_size=12";
}

/* Asked by LeakSanitizer at the end of each test's process. To look through all memory takes it longer than most tests take, so
 * it does where a block of the library's is left, and beyond that in one test of thirty-two, or wherever a failed case is repeated. */
int __lsan_is_turned_off(void);
void __lsan_do_leak_check(void);

int
__lsan_is_turned_off(void)
{
    return hgi_live_blocks() <= blocks_at_fork && ((uint64_t)getpid() + test_seed) % 32 != 0 && getenv("CK_RUN_CASE") == NULL;
}
#endif

static pid_t process_that_forks;

/* A test's process ends here, and not in what each library has to tidy up: most pages of what that touches would be copied first. */
static void
end_at_once(int status, void *unused)
{
    (void)unused;
    if (getpid() == process_that_forks)
        return;
    fflush(NULL);
#if defined(__SANITIZE_ADDRESS__)
    __lsan_do_leak_check();
#endif
    _exit(status);
}

/* Whether one of the words of wanted is the suite, or a folder that it is in; no word at all wants everything. */
static int
is_wanted(const char *name, const char *wanted)
{
    size_t len;
    int any = 0;

    for (; wanted != NULL && wanted[strspn(wanted, " ")] != '\0'; wanted += len) {
        wanted += strspn(wanted, " ");
        len = strcspn(wanted, " ");
        any = 1;
        if (strncmp(name, wanted, len) == 0 && (name[len] == '\0' || name[len] == '/'))
            return 1;
    }
    return !any;
}

/* Whether suites of these needs run here, or in another process that has the rest. */
static int
is_in_part(int needs)
{
    const char *part = getenv("PART");

    return part == NULL || (strcmp(part, "server") == 0) == (needs == OF_THE_SERVER);
}

static uint64_t
choose_seed(void)
{
    const char *given = getenv("SEED");

    return given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
}

/* What is to be set to run the failed cases again, with the same random values, one a line: for tests/run. */
static void
write_failed_cases(SRunner *runner, const char *path)
{
    TestResult **failed = srunner_failures(runner);
    FILE *file = fopen(path, "w");

    for (int i = 0; i < srunner_ntests_failed(runner) && file != NULL; i++)
        fprintf(file, "SEED=%llu CK_RUN_CASE=%s\n", (unsigned long long)test_seed, tr_tcname(failed[i]));
    if (file != NULL)
        fclose(file);
    free(failed);
}

int
main(void)
{
    const char *wanted = getenv("T"), *failed = getenv("FAILED");
    int has_database = getenv("HOTGIGS_TEST_SERVICE_DSN") != NULL;
    SRunner *runner = srunner_create(NULL);
    int tests, failures, skipped = 0, left_out = 0;

    test_seed = choose_seed();
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        if (!is_wanted(suites[i].name, wanted) || !is_in_part(suites[i].needs))
            continue;
        if (suites[i].make == NULL)                      /* suites.h: with ThreadSanitizer */
            left_out++;
        else if (suites[i].needs != NO_DATABASE && !has_database)
            skipped++;
        else
            srunner_add_suite(runner, suites[i].make());
    }
    if (skipped > 0)
        printf("skipped: %d suites need a database; run them with make check\n", skipped);
    if (left_out > 0)
        printf("left out: %d suites, which are not built with this sanitizer\n", left_out);
    called_begin();
    if (has_database)
        kept_open();
#if defined(__SANITIZE_ADDRESS__)
    blocks_at_fork = hgi_live_blocks();
#endif
    process_that_forks = getpid();
    on_exit(end_at_once, NULL);
    fflush(stdout);                    /* or each test's process writes it once more */
    srunner_run_all(runner, CK_VERBOSE);
    kept_close();
    tests = srunner_ntests_run(runner);
    failures = srunner_ntests_failed(runner);
    if (failed != NULL)
        write_failed_cases(runner, failed);
    srunner_free(runner);
    if ((wanted == NULL || wanted[strspn(wanted, " ")] == '\0') && getenv("CK_RUN_CASE") == NULL && is_in_part(NEEDS_DATABASE))
        failures += skipped + left_out == 0 ? called_missing() : 0;

    if (tests == 0 && skipped == 0)
        fprintf(stderr, "no suite is called %s\n", wanted != NULL ? wanted : "anything");
    if (failures > 0)
        fprintf(stderr, "repeat with SEED=%llu\n", (unsigned long long)test_seed);
    return failures == 0 && tests > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
