/* old_client.c - a program that was compiled against the first headers, tests/abi/first, and runs with a library that has
 * since learned a column of jobs and a table (tests/abi/grown/run).
 *
 *     old_client SERVICE_DSN
 *
 * It writes and reads jobs through its own, shorter struct: what it knows must be where it was, lists must be walked by the
 * library's stride, and a row that it gives must be taken for as long as it says. */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static hg_error err;
static int failed;

static void
want(int holds, const char *sentence)
{
    printf("%s  %s\n", holds ? "pass" : "FAIL", sentence);
    failed |= !holds;
}

static void
must(hg_status st, const char *what)
{
    if (st == HG_OK)
        return;
    printf("FAIL  %s: %s: %s\n", what, hg_status_name(st), err.message);
    exit(1);
}

static hg_str
str(const char *text)
{
    return (hg_str){ text, strlen(text) };
}

enum { JOBS = 10 };
#define WRITTEN (HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SLUG) | HG_BIT(HG_JOB_DESCRIPTION) | HG_BIT(HG_JOB_JOB_TYPE) | \
                 HG_BIT(HG_JOB_SALARY_MIN))

static void
fill(hg_job *job, int i)
{
    static const char *const titles[JOBS] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };

    *job = (hg_job){ .struct_size = sizeof *job, .title = str(titles[i]), .slug = str("slug"), .description = str("text"),
                     .job_type = HG_JOB_JOB_TYPE_CONTRACT, .salary_min = i };
}

static int
is_as_filled(const hg_job *job, int i)
{
    return job->title.len == 1 && job->title.ptr[0] == '0' + i && strcmp(job->slug.ptr, "slug") == 0 &&
           job->job_type == HG_JOB_JOB_TYPE_CONTRACT && job->salary_min == i && job->updated_at != 0 &&
           job->null_mask & HG_BIT(HG_JOB_LOCATION) && job->loaded_mask & HG_BIT(HG_JOB_SEO_KEYWORDS);
}

int
main(int argc, char **argv)
{
    hg_conn *conn = NULL;
    hg_job rows[JOBS], change;
    hg_job_list *list = NULL;
    const hg_job *job = NULL, *changed = NULL;
    size_t count, stride;
    int in_order = 1;

    if (argc != 2)
        return 2;
    must(hg_conn_open(argv[1], NULL, &conn, &err), "connecting");
    want(hg_table_count() > 25, "the library knows more tables than this program");
    want(hg_table_describe(HG_TABLE_JOBS)->row_size > sizeof(hg_job), "its rows of jobs are longer than this program's");
    want(hg_table_describe(HG_TABLE_JOBS)->column_count > HG_JOB_UPDATED_AT + 1, "they have a column more");

    for (int i = 0; i < JOBS; i++)
        fill(&rows[i], i);
    must(hg_job_insert_many(conn, rows, JOBS, sizeof rows[0], WRITTEN, &list, &err), "insert_many");
    job = hg_job_list_rows(list, &count, &stride);
    want(count == JOBS && stride > sizeof(hg_job), "a list tells its own stride");
    for (size_t i = 0; i < count; i++) {
        in_order &= is_as_filled((const hg_job *)(const void *)((const char *)job + i * stride), (int)i);
        in_order &= is_as_filled(hg_job_list_at(list, i), (int)i);
    }
    want(in_order, "rows of its length are written, and read back by stride");

    must(hg_job_get(conn, &hg_job_list_at(list, 3)->id, &job, &err), "get");
    want(is_as_filled(job, 3), "a row is read");
    change = (hg_job){ .struct_size = sizeof change, .salary_min = 4711, .row_version = job->row_version };
    must(hg_job_update(conn, &job->id, &change, HG_BIT(HG_JOB_SALARY_MIN), &changed, &err), "update");
    want(changed->salary_min == 4711 && changed->row_version > job->row_version, "a row is changed, by its version");
    want(hg_job_update(conn, &job->id, &change, HG_BIT(HG_JOB_SALARY_MIN), NULL, &err) == HG_E_CONFLICT,
         "and not by one that is past");
    must(hg_job_delete(conn, &job->id, &err), "delete");
    hg_job_free(job);
    want(hg_job_get(conn, &changed->id, &job, &err) == HG_E_NOT_FOUND, "a row is deleted");

    hg_job_free(changed);
    hg_job_list_free(list);
    hg_conn_close(conn);
    return failed;
}
