/* search.c - how long a page of 20 of each kind of search takes, among the jobs that the other workloads read: wall time of
 * the whole call by the library, as a recruiter in a session. Printed, and compared with nothing; what a page costs in
 * buffers is tested (tests/operations/search_plans.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

enum { RUNS = 30 };

static hg_str
text(const char *of)
{
    return (hg_str){ of, strlen(of) };
}

static const hg_str sql = { "sql", 3 }, contract = { "contract", 8 }, tool = { "tool 7", 6 }, both[] = { { "skill 7", 7 }, { "tool 7", 6 } },
                    skill = { "skill 7", 7 }, city = { "City 117", 8 };

static const struct {
    const char *name;
    hg_job_search_params params;
} pages[] = {
    { "the newest", { .set = 0 } },
    { "words that all have", { .set = HG_BIT(HG_JOB_SEARCH_TEXT), .text = { "engineer", 8 } } },
    { "words that none has", { .set = HG_BIT(HG_JOB_SEARCH_TEXT), .text = { "xylophone", 9 } } },
    { "words of one title", { .set = HG_BIT(HG_JOB_SEARCH_TEXT), .text = { "engineer 4711", 13 } } },
    { "a place", { .set = HG_BIT(HG_JOB_SEARCH_LOCATION), .location = { "city 117", 8 } } },
    { "a place by title", { .set = HG_BIT(HG_JOB_SEARCH_LOCATION) | HG_BIT(HG_JOB_SEARCH_SORT), .location = { "city 117", 8 },
                            .sort = { "title", 5 } } },
    { "a skill and a type", { .set = HG_BIT(HG_JOB_SEARCH_SKILLS_ALL) | HG_BIT(HG_JOB_SEARCH_JOB_TYPES),
                              .skills_all = { &sql, NULL, 1 }, .job_types = { &contract, NULL, 1 } } },
    { "a skill in job_skills", { .set = HG_BIT(HG_JOB_SEARCH_SKILLS_ALL), .skills_all = { &tool, NULL, 1 } } },
    { "skills in both places", { .set = HG_BIT(HG_JOB_SEARCH_SKILLS_ALL), .skills_all = { both, NULL, 2 } } },
    { "a salary that few pay", { .set = HG_BIT(HG_JOB_SEARCH_SALARY_FROM) | HG_BIT(HG_JOB_SEARCH_SALARY_STATED),
                                 .salary_from = 149990, .salary_stated = 1 } },
    { "the highest salary", { .set = HG_BIT(HG_JOB_SEARCH_SORT), .sort = { "salary", 6 } } },
    { "the most viewed", { .set = HG_BIT(HG_JOB_SEARCH_SORT), .sort = { "views", 5 } } },
};

static const struct {
    const char *name;
    hg_candidate_search_params params;
} candidates[] = {
    { "candidates, the newest", { .set = 0 } },
    { "candidates by words", { .set = HG_BIT(HG_CANDIDATE_SEARCH_TEXT), .text = { "engineer", 8 } } },
    { "candidates by rare words", { .set = HG_BIT(HG_CANDIDATE_SEARCH_TEXT), .text = { "rust", 4 } } },
    { "candidates by a skill", { .set = HG_BIT(HG_CANDIDATE_SEARCH_SKILLS_ALL), .skills_all = { &skill, NULL, 1 } } },
    { "candidates by a place", { .set = HG_BIT(HG_CANDIDATE_SEARCH_LOCATIONS), .locations = { &city, NULL, 1 } } },
    { "candidates by salary", { .set = HG_BIT(HG_CANDIDATE_SEARCH_SALARY_FROM) | HG_BIT(HG_CANDIDATE_SEARCH_SALARY_TO),
                                .salary_from = 140000, .salary_to = 142000 } },
};

static double
milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void
print_runs(const char *name, size_t rows, double *took)
{
    qsort(took, RUNS, sizeof *took, by_value);
    printf("%-28s %3zu rows %9.2f ms median %9.2f ms best\n", name, rows, took[RUNS / 2], took[0]);
    fflush(stdout);
    bench_number(name, (double)rows, "ms of a page, median", took[RUNS / 2]);
}

void
search_pages(bench *b)
{
    hg_skill_suggest_params begins = { .struct_size = sizeof begins, .set = HG_BIT(HG_SKILL_SUGGEST_PREFIX), .prefix = text("to") };
    double took[RUNS];
    hg_error err;
    size_t rows = 0;

    printf("\n# pages of searches among %zu jobs and as many candidates, by the library as a recruiter\n", b->job_count);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        hg_job_search_params params = pages[i].params;

        params.struct_size = sizeof params;
        for (int run = 0; run < RUNS; run++) {
            hg_job_search_list *list = NULL;
            double begun = milliseconds();

            if (hg_job_search(b->tenant, &params, &list, &err) != HG_OK)
                bench_die("hg_job_search", err.message);
            took[run] = milliseconds() - begun;
            rows = hg_job_search_list_count(list);
            hg_job_search_list_free(list);
        }
        print_runs(pages[i].name, rows, took);
    }
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        hg_candidate_search_params params = candidates[i].params;

        params.struct_size = sizeof params;
        for (int run = 0; run < RUNS; run++) {
            hg_candidate_search_list *list = NULL;
            double begun = milliseconds();

            if (hg_candidate_search(b->tenant, &params, &list, &err) != HG_OK)
                bench_die("hg_candidate_search", err.message);
            took[run] = milliseconds() - begun;
            rows = hg_candidate_search_list_count(list);
            hg_candidate_search_list_free(list);
        }
        print_runs(candidates[i].name, rows, took);
    }
    for (int run = 0; run < RUNS; run++) {
        hg_skill_suggest_list *list = NULL;
        double begun = milliseconds();

        if (hg_skill_suggest(b->tenant, &begins, &list, &err) != HG_OK)
            bench_die("hg_skill_suggest", err.message);
        took[run] = milliseconds() - begun;
        rows = hg_skill_suggest_list_count(list);
        hg_skill_suggest_list_free(list);
    }
    print_runs("skills that begin so", rows, took);
}
