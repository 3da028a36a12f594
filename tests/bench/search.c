/* search.c - how long a page of 20 of each kind of search takes, by the library as a recruiter in a session: wall time of the whole call,
 * and how many pages of tables and indexes it reads. Printed, and compared with nothing; what a page may cost is tested
 * (tests/operations/search_plans.c).
 *
 * Meanwhile there are twice the jobs that the other workloads read: each once more, a year older and with a sentence for its texts, since
 * what makes the words of a job that are searched goes by how much it says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "hotgigs/operation.h"

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
print_runs(const char *name, size_t rows, double *took, long buffers)
{
    qsort(took, RUNS, sizeof *took, by_value);
    printf("%-28s %3zu rows %9.2f ms median %9.2f ms best %6ld pages\n", name, rows, took[RUNS / 2], took[0], buffers);
    fflush(stdout);
    bench_number(name, (double)rows, "ms of a page, median", took[RUNS / 2]);
    bench_number(name, (double)rows, "pages read", (double)buffers);
}

static void
run(PGconn *pg, const char *statement)
{
    PGresult *result = PQexec(pg, statement);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_die("the jobs to search", PQresultErrorMessage(result));
    PQclear(result);
}

/* Jobs, and what is kept of them for searches. */
static void
vacuum(PGconn *admin)
{
    PGresult *result = PQexec(admin, "SELECT 'VACUUM ANALYZE public.jobs, ' || string_agg(oid::regclass::text, ', ') FROM pg_class"
                                     " WHERE relkind = 'r' AND relnamespace = 'hotgigs'::regnamespace");

    run(admin, PQgetvalue(result, 0, 0));
    PQclear(result);
}

/* The trail is to know nothing of these jobs, so the owner keeps it from looking. */
static void
add_jobs(PGconn *admin)
{
    double begun = milliseconds();

    run(admin, "SET ROLE hotgigs_owner");
    run(admin, "ALTER TABLE public.jobs DISABLE TRIGGER jobs_audit_insert, DISABLE TRIGGER jobs_audit_delete");
    run(admin, "INSERT INTO public.jobs (company_id, title, slug, description, job_type, experience_level, location, remote_type, salary_min,"
               " salary_max, skills, department, application_deadline, created_at)"
               " SELECT company_id, title, 'again-' || slug, left(description, 200), job_type, experience_level, location, remote_type,"
               " salary_min, salary_max, skills, department, application_deadline, created_at - interval '1 year' FROM public.jobs");
    vacuum(admin);
    printf("# as many jobs more: made in %.1f s\n", (milliseconds() - begun) / 1e3);
}

static void
remove_jobs(PGconn *admin)
{
    run(admin, "DELETE FROM public.jobs WHERE slug LIKE 'again-%'");
    run(admin, "ALTER TABLE public.jobs ENABLE TRIGGER jobs_audit_insert, ENABLE TRIGGER jobs_audit_delete");
    vacuum(admin);
    run(admin, "RESET ROLE");
}

/* Pages of our tables and indexes that the tenant's transaction has read so far. */
static long
pages_read(bench *b)
{
    PGresult *result = PQexec(hg_conn_pq(b->tenant), "SELECT sum(pg_stat_get_xact_blocks_fetched(oid)) FROM pg_class WHERE relnamespace IN"
                              " ('public'::regnamespace, 'hotgigs'::regnamespace, 'pg_toast'::regnamespace)");
    long count;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_die("how many pages", PQresultErrorMessage(result));
    count = atol(PQgetvalue(result, 0, 0));
    PQclear(result);
    return count;
}

static size_t
run_search(bench *b, const hg_operation_info *op, const void *params)
{
    hg_operation_list *list = NULL;
    hg_error err;
    size_t rows;

    if (hg_operation_run_list(b->tenant, op, params, &list, &err) != HG_OK)
        bench_die(op->name, err.message);
    rows = hg_operation_list_count(list);
    hg_operation_list_free(list);
    return rows;
}

static void
measure(bench *b, const char *name, const char *operation, const void *params)
{
    const hg_operation_info *op = NULL;
    double took[RUNS];
    size_t rows = 0;
    hg_error err;
    long before;

    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, operation) == 0)
            op = hg_operation_describe(i);
    for (int run = 0; run < RUNS; run++) {
        double begun = milliseconds();

        rows = run_search(b, op, params);
        took[run] = milliseconds() - begun;
    }
    if (hg_tx_begin(b->tenant, NULL, &err) != HG_OK)
        bench_die("hg_tx_begin", err.message);
    before = pages_read(b);
    run_search(b, op, params);
    print_runs(name, rows, took, pages_read(b) - before);
    if (hg_tx_rollback(b->tenant, &err) != HG_OK)
        bench_die("hg_tx_rollback", err.message);
}

void
search_pages(bench *b, const char *admin_dsn)
{
    const hg_skill_suggest_params begins = { .struct_size = sizeof begins, .set = HG_BIT(HG_SKILL_SUGGEST_PREFIX), .prefix = text("to") };
    const hg_company_search_params company = { .struct_size = sizeof company, .set = HG_BIT(HG_COMPANY_SEARCH_WORDS), .words = text("any 47") };
    PGconn *admin = PQconnectdb(admin_dsn);

    printf("\n# pages of searches, by the library as a recruiter\n");
    add_jobs(admin);
    printf("# among %zu jobs and %zu candidates\n", 2 * b->job_count, b->job_count / 5);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        hg_job_search_params params = pages[i].params;

        params.struct_size = sizeof params;
        measure(b, pages[i].name, "job_search", &params);
    }
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        hg_candidate_search_params params = candidates[i].params;

        params.struct_size = sizeof params;
        measure(b, candidates[i].name, "candidate_search", &params);
    }
    measure(b, "skills that begin so", "skill_suggest", &begins);
    measure(b, "companies by name", "company_search", &company);
    measure(b, "people whom one knows", "user_search", NULL);
    remove_jobs(admin);
    PQfinish(admin);
}
