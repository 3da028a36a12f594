/* libpq.c - hand-written libpq: a prepared statement, text results, every column decoded into hg_job.
 *
 * It reads as an engineer would write it for one table: text points into the result, numbers are parsed by hand. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <uuid/uuid.h>

#include "bench.h"

#define COLUMNS BENCH_JOB_COLUMNS
#define NEWEST_OF(jobs) \
    "SELECT " COLUMNS " FROM " jobs " WHERE is_public AND employment_status = 'open' ORDER BY created_at DESC, id LIMIT "
#define PAGE_OF(jobs) NEWEST_OF(jobs) "50"

void
libpq_prepare_one(PGconn *pg, const char *name, const char *sql, int params)
{
    PGresult *result = PQprepare(pg, name, sql, params, NULL);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        bench_die(name, PQerrorMessage(pg));
    PQclear(result);
}

void
libpq_prepare(PGconn *pg)
{
    libpq_prepare_one(pg, "get", "SELECT " COLUMNS " FROM public.jobs WHERE id = $1", 1);
    libpq_prepare_one(pg, "all", "SELECT " COLUMNS " FROM public.jobs", 0);
    libpq_prepare_one(pg, "some", NEWEST_OF("public.jobs") "$1", 1);
    libpq_prepare_one(pg, "page", PAGE_OF("public.jobs"), 0);
}

void
libpq_prepare_document(PGconn *pg)
{
    libpq_prepare_one(pg, "page of the document's", PAGE_OF("document.jobs"), 0);
}

static void
decode(const PGresult *result, int r, bench_job *job)
{
    static const char *const types[] = { "full_time", "part_time", "contract", "freelance", "internship" };
    static const char *const levels[] = { "entry", "mid", "senior", "executive" };
    static const char *const remotes[] = { "on_site", "remote", "hybrid" };
    hg_job *row = &job->row;
    int c = 0;

    memset(row, 0, sizeof *row);
#define NEXT(assign) \
    do { \
        if (PQgetisnull(result, r, c)) { \
            row->null_mask |= HG_BIT(c); \
        } else { \
            const char *v = PQgetvalue(result, r, c); \
            size_t n = (size_t)PQgetlength(result, r, c); \
            (void)n; \
            assign; \
        } \
        row->loaded_mask |= HG_BIT(c); \
        c++; \
    } while (0)
#define TEXT(field) NEXT(row->field = ((hg_str){ v, n }))
    NEXT(hg_uuid_parse(v, n, &row->id, NULL));
    NEXT(hg_uuid_parse(v, n, &row->company_id, NULL));
    NEXT(hg_uuid_parse(v, n, &row->posted_by, NULL));
    TEXT(title);
    TEXT(slug);
    TEXT(description);
    TEXT(requirements);
    TEXT(responsibilities);
    TEXT(benefits);
    NEXT(row->job_type = bench_parse_enum(v, types, 5));
    NEXT(row->experience_level = bench_parse_enum(v, levels, 4));
    TEXT(location);
    NEXT(row->remote_type = bench_parse_enum(v, remotes, 3));
    NEXT(row->salary_min = bench_parse_int(v));
    NEXT(row->salary_max = bench_parse_int(v));
    TEXT(salary_currency);
    TEXT(salary_period);
    TEXT(skills);
    TEXT(department);
    TEXT(employment_status);
    NEXT(hg_timestamp_parse(v, n, &row->application_deadline, NULL));
    NEXT(row->is_featured = *v == 't');
    NEXT(row->is_public = *v == 't');
    NEXT(row->view_count = bench_parse_int(v));
    NEXT(row->application_count = bench_parse_int(v));
    TEXT(ai_generated_content);
    NEXT(bench_parse_list(v, job));
    NEXT(hg_timestamp_parse(v, n, &row->created_at, NULL));
    NEXT(hg_timestamp_parse(v, n, &row->updated_at, NULL));
#undef TEXT
#undef NEXT
}

/* Version 7, as the library makes it, so that the indexes grow alike. */
void
libpq_new_id(char text[HG_UUID_TEXT_SIZE])
{
    unsigned char bytes[16];
    struct timespec now;
    uint64_t ms;

    clock_gettime(CLOCK_REALTIME, &now);
    ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++)
        bytes[i] = (unsigned char)(ms >> (40 - 8 * i));
    if (getrandom(bytes + 8, 8, 0) != 8)
        bench_die("getrandom", strerror(errno));
    ms = (uint64_t)now.tv_nsec % 1000000 * 4096 / 1000000;     /* the fraction of the millisecond */
    bytes[6] = (unsigned char)(0x70 | ms >> 8);
    bytes[7] = (unsigned char)ms;
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3F));
    uuid_unparse_lower(bytes, text);
}

PGresult *
libpq_run(PGconn *pg, const char *name, int count, const char *const *values, int expected)
{
    PGresult *result = PQexecPrepared(pg, name, count, values, NULL, NULL, 0);

    if ((int)PQresultStatus(result) != expected)
        bench_die(name, PQresultErrorMessage(result));
    return result;
}

uint64_t
libpq_get_one(PGconn *pg, const hg_uuid *id)
{
    char text[HG_UUID_TEXT_SIZE];
    const char *values[] = { text };
    bench_job *job = malloc(sizeof *job);
    PGresult *result;
    uint64_t sum;

    hg_uuid_to_text(id, text, sizeof text, NULL);
    result = libpq_run(pg, "get", 1, values, PGRES_TUPLES_OK);
    if (job == NULL || PQntuples(result) != 1)
        bench_die("get", "no row");
    decode(result, 0, job);
    sum = bench_sum_job(&job->row);
    PQclear(result);
    free(job);
    return sum;
}

void
libpq_get(bench *b)
{
    b->checksum += libpq_get_one(b->pg, &b->job_ids[b->next++ % b->job_count]);
}

void
libpq_get_50(bench *b)
{
    for (int i = 0; i < 50; i++)
        libpq_get(b);
}

/* The rows into one block, as a list is kept. */
static void
read_rows(bench *b, PGresult *result, int only_ids)
{
    int count = PQntuples(result);
    bench_job *jobs = malloc((size_t)count * sizeof *jobs);

    if (jobs == NULL)
        bench_die("list", "out of memory");
    for (int r = 0; r < count; r++)
        decode(result, r, &jobs[r]);
    for (int r = 0; r < count; r++)
        b->checksum += only_ids ? jobs[r].row.id.bytes[15] : bench_sum_job(&jobs[r].row);
    PQclear(result);
    free(jobs);
}

void
libpq_list(bench *b)
{
    read_rows(b, libpq_run(b->pg, "all", 0, NULL, PGRES_TUPLES_OK), 0);
}

void
libpq_list_some(bench *b)
{
    char count[16];
    const char *values[] = { count };

    snprintf(count, sizeof count, "%d", BENCH_SOME);
    read_rows(b, libpq_run(b->pg, "some", 1, values, PGRES_TUPLES_OK), 0);
}

void
libpq_page(bench *b)
{
    read_rows(b, libpq_run(b->pg, "page", 0, NULL, PGRES_TUPLES_OK), 0);
}

void
libpq_page_ids(bench *b)
{
    read_rows(b, libpq_run(b->pg, "page", 0, NULL, PGRES_TUPLES_OK), 1);
}

void
libpq_page_ids_document(bench *b)
{
    read_rows(b, libpq_run(b->pg, "page of the document's", 0, NULL, PGRES_TUPLES_OK), 1);
}

void
libpq_stream(bench *b)
{
    bench_job job;
    PGresult *result;

    if (!PQsendQueryPrepared(b->pg, "all", 0, NULL, NULL, NULL, 0) || !PQsetSingleRowMode(b->pg))
        bench_die("stream", PQerrorMessage(b->pg));
    while ((result = PQgetResult(b->pg)) != NULL) {
        if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
            decode(result, 0, &job);
            b->checksum += bench_sum_job(&job.row);
        } else if (PQresultStatus(result) != PGRES_TUPLES_OK) {
            bench_die("stream", PQresultErrorMessage(result));
        }
        PQclear(result);
    }
}
