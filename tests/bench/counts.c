/* counts.c - what single calls cost the client, counted and not timed: the same numbers on every run.
 *
 * A line for each: name, calls or rows, allocations that the library makes itself, the small ones of them, round trips, bytes out
 * and in. Under callgrind counted_calls() is what is collected and dumped (tests/bench/counts/run), in the order of the lines. */
#include <stdio.h>

#include "bench.h"

typedef struct counted {
    const char *name;
    void      (*run)(bench *b);
    int         times;
    size_t      units;          /* rows or calls of one run; 0: a row a job */
} counted;

static void
upsert(bench *b)
{
    static const uint64_t set = HG_BIT(HG_COMPANY_NAME) | HG_BIT(HG_COMPANY_SLUG);
    hg_company row = { .struct_size = sizeof row, .name = { "Company 1", 9 }, .slug = { "company-1", 9 } };
    hg_error err;

    if (hg_company_upsert(b->conn, &row, set, HG_COMPANY_KEY_SLUG, NULL, &err) != HG_OK)
        bench_die("hg_company_upsert", err.message);
}

static void
skills_of_50(bench *b)
{
    static hg_job_list *jobs;
    hg_related *related;
    hg_error err;

    if (jobs == NULL && hg_job_get_many(b->conn, b->job_ids, 50, &jobs, &err) != HG_OK)
        bench_die("hg_job_get_many", err.message);
    if (hg_job_list_related(b->conn, jobs, HG_REL_JOB_JOB_SKILLS, NULL, &related, &err) != HG_OK)
        bench_die("hg_job_list_related", err.message);
    b->checksum += hg_job_skill_list_count(hg_job_skill_related_list(related));
    hg_related_free(related);
}

static void
suggest(bench *b)
{
    hg_skill_suggest_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_SKILL_SUGGEST_PREFIX),
                                       .prefix = { "tool", 4 } };
    hg_skill_suggest_list *list;
    hg_error err;

    if (hg_skill_suggest(b->conn, &params, &list, &err) != HG_OK)
        bench_die("hg_skill_suggest", err.message);
    b->checksum += hg_skill_suggest_list_count(list);
    hg_skill_suggest_list_free(list);
}

static void stream_1(bench *b) { growth_stream(b->conn, 1); }
static void stream_400(bench *b) { growth_stream(b->conn, 400); }
static void stream_4000(bench *b) { growth_stream(b->conn, 4000); }
static void stream_10000(bench *b) { growth_stream(b->conn, 10000); }
static void stream_20000(bench *b) { growth_stream(b->conn, 20000); }
static void stream_50000(bench *b) { growth_stream(b->conn, 50000); }

static const counted reads[] = {
    { "get", library_get, 200, 1 },
    { "get, libpq", libpq_get, 200, 1 },
    { "get_many of 50, a row", library_get_50, 10, 50 },
    { "page of 50", library_page, 4, 1 },
    { "page of 50, libpq", libpq_page, 4, 1 },
    { "list, a row", library_list, 1, 0 },
    { "list, libpq, a row", libpq_list, 1, 0 },
    { "stream, a row", library_stream, 1, 0 },
    { "stream, libpq, a row", libpq_stream, 1, 0 },
};

static const counted writes[] = {
    { "insert", library_insert, 200, 1 },
    { "insert, libpq", libpq_insert, 200, 1 },
    { "insert and back", library_insert_back, 200, 1 },
    { "insert and back, libpq", libpq_insert_back, 200, 1 },
    { "batch of 1000 inserts, a row", library_batch, 1, 1000 },
    { "insert_many of 1000, a row", library_insert_many, 1, 1000 },
    { "COPY, libpq, a row", libpq_copy, 1, 1000 },
    { "transaction of 5", library_transaction, 50, 1 },
    { "transaction of 5, libpq", libpq_transaction, 50, 1 },
    { "transaction of 5 in a batch", library_transaction_batch, 50, 1 },
    { "upsert", upsert, 200, 1 },
};

static const counted sessions[] = {
    { "get of a task", service_get, 200, 1 },
    { "get in a session", tenant_get, 200, 1 },
    { "insert in a session", tenant_insert, 200, 1 },
    { "update in a session", audited_update, 200, 1 },
    { "insert_many in a session, a row", tenant_insert_many, 1, 1000 },
    { "page of 50 cards", library_cards, 4, 1 },
    { "skills of 50 jobs", skills_of_50, 4, 1 },
    { "list of an operation", suggest, 20, 1 },
};

/* A stream of up to 4,095 rows comes row by row, a longer one by COPY. A metric's value is its number, which has two groups of
 * digits from 10,000 on. */
static const counted growths[] = {
    { "stream of 1", stream_1, 1, 1 },
    { "stream of 400", stream_400, 1, 1 },
    { "stream of 4000", stream_4000, 1, 1 },
    { "stream of 10000", stream_10000, 1, 1 },
    { "stream of 20000", stream_20000, 1, 1 },
    { "stream of 50000", stream_50000, 1, 1 },
    { "find, 1 shape", growth_find_one_shape, 1, 1000 },
    { "find, 1000 shapes", growth_find_all_kept, 1, 1000 },
    { "find, 1000 shapes, 256 kept", growth_find_few_kept, 1, 1000 },
};

/* Not static and not inline: callgrind goes by its name. */
__attribute__((noinline)) void counted_calls(bench *b, const counted *one);

void
counted_calls(bench *b, const counted *one)
{
    for (int i = 0; i < one->times; i++)
        one->run(b);
}

static void
count_list(bench *b, const counted *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const counted *one = &list[i];
        double units = (double)(one->units != 0 ? one->units : b->job_count) * one->times;
        bench_counts before, after;

        for (int warm = 0; warm < 3; warm++)
            one->run(b);
        before = bench_counted();
        counted_calls(b, one);
        after = bench_counted();
        printf("%s|%.0f|%.4f|%.4f|%.5f|%.1f|%.1f\n", one->name, units,
               (double)(after.own_allocations - before.own_allocations) / units,
               (double)(after.own_small - before.own_small) / units,
               (double)(after.round_trips - before.round_trips) / units,
               (double)(after.bytes_sent - before.bytes_sent) / units,
               (double)(after.bytes_received - before.bytes_received) / units);
    }
}

#define COUNT_LIST(b, list) count_list(b, list, sizeof (list) / sizeof (list)[0])

/* What each list needs is made ready behind those before it, whose numbers do not go by what lies on the heap for it. */
void
bench_count_all(bench *b, const char *admin_dsn, const char *login_dsn)
{
    COUNT_LIST(b, reads);
    writes_open(b, admin_dsn);
    transactions_open(b);
    COUNT_LIST(b, writes);
    tenant_open(b, login_dsn);
    COUNT_LIST(b, sessions);
    growth_open(b);
    COUNT_LIST(b, growths);
    growth_close();
    tenant_close(b);
    transactions_close();
    writes_close();
}
