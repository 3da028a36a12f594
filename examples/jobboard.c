/* jobboard - searches the public jobs and shows them a page at a time.
 *
 * New here: hg_query_where_bool, _text, _enum, _int, _text_list, _null; hg_query_any, _end; hg_query_order, _limit, _after,
 *           _columns; hg_job_find, hg_job_list_at, _count, _cursor, _free; hg_job_job_type_parse, _name.
 *
 * Run:      jobboard [words=TEXT] [place=TEXT] [type=full_time] [remote=remote] [salary=N] [skill=NAME]
 *                    [rows=N] [after=CURSOR] [dsn=DSN]
 *           DSN of the tenants' login, which sees what a visitor sees, or HOTGIGS_TENANT_DSN, or libpq's environment.
 *
 * Prints a page, newest first, and the argument that gives the next; in colour on a terminal:
 *     Ship's Carpenter
 *       Bremen · full_time · on_site · 42000 to 51000 EUR
 *     ...
 *     next page: after=AQUB...
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *bold = "", *dim = "", *green = "", *plain = "";

static void
use_colour(void)
{
    bold = "\033[1m", dim = "\033[2m", green = "\033[32m", plain = "\033[0m";
}

/* The text behind name= in the arguments, or NULL. */
static const char *
argument(int argc, char **argv, const char *name)
{
    size_t len = strlen(name);

    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], name, len) == 0 && argv[i][len] == '=')
            return argv[i] + len + 1;
    return NULL;
}

/* Words in the title or in the description: one of the two must hold. */
static hg_status
find_words(hg_query *query, const char *words, hg_error *err)
{
    hg_status st = hg_query_any(query, err);

    if (st == HG_OK)
        st = hg_query_where_text(query, HG_JOB_TITLE, HG_OP_CONTAINS, words, strlen(words), err);
    if (st == HG_OK)
        st = hg_query_where_text(query, HG_JOB_DESCRIPTION, HG_OP_CONTAINS, words, strlen(words), err);
    return st == HG_OK ? hg_query_end(query, err) : st;
}

/* At least so much, where a salary is said at all. */
static hg_status
find_salary(hg_query *query, const char *text, hg_error *err)
{
    hg_status st = hg_query_any(query, err);

    if (st == HG_OK)
        st = hg_query_where_int(query, HG_JOB_SALARY_MAX, HG_OP_GE, strtol(text, NULL, 10), err);
    if (st == HG_OK)
        st = hg_query_where_null(query, HG_JOB_SALARY_MAX, 1, err);
    return st == HG_OK ? hg_query_end(query, err) : st;
}

static hg_status
find_skill(hg_query *query, const char *name, hg_error *err)
{
    return hg_query_where_text(query, HG_JOB_SKILLS, HG_OP_HAS_KEY, name, strlen(name), err);
}

/* What the arguments ask for. That the job is public is said too: the policy alone would not let an index help. */
static hg_status
build(hg_query *query, int argc, char **argv, hg_error *err)
{
    const char *words = argument(argc, argv, "words"), *place = argument(argc, argv, "place");
    const char *type = argument(argc, argv, "type"), *remote = argument(argc, argv, "remote");
    const char *salary = argument(argc, argv, "salary"), *skill = argument(argc, argv, "skill");
    const char *rows = argument(argc, argv, "rows"), *after = argument(argc, argv, "after");
    hg_status st = hg_query_where_bool(query, HG_JOB_IS_PUBLIC, HG_OP_EQ, 1, err);

    if (st == HG_OK)
        st = hg_query_where_text(query, HG_JOB_EMPLOYMENT_STATUS, HG_OP_EQ, "open", 4, err);
    if (st == HG_OK && words != NULL)
        st = find_words(query, words, err);
    if (st == HG_OK && place != NULL)
        st = hg_query_where_text(query, HG_JOB_LOCATION, HG_OP_PREFIX, place, strlen(place), err);
    if (st == HG_OK && type != NULL)
        st = hg_query_where_text(query, HG_JOB_JOB_TYPE, HG_OP_EQ, type, strlen(type), err);
    if (st == HG_OK && remote != NULL)
        st = hg_query_where_text(query, HG_JOB_REMOTE_TYPE, HG_OP_EQ, remote, strlen(remote), err);
    if (st == HG_OK && salary != NULL)
        st = find_salary(query, salary, err);
    if (st == HG_OK && skill != NULL)
        st = find_skill(query, skill, err);
    if (st == HG_OK)
        st = hg_query_order(query, HG_JOB_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, err);
    if (st == HG_OK)
        st = hg_query_limit(query, rows != NULL ? strtol(rows, NULL, 10) : 10, err);
    if (st == HG_OK)                                   /* not the long texts: a page of titles */
        st = hg_query_columns(query, HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_LOCATION) | HG_BIT(HG_JOB_JOB_TYPE) |
                              HG_BIT(HG_JOB_REMOTE_TYPE) | HG_BIT(HG_JOB_SALARY_MIN) | HG_BIT(HG_JOB_SALARY_MAX) |
                              HG_BIT(HG_JOB_SALARY_CURRENCY) | HG_BIT(HG_JOB_IS_FEATURED), err);
    if (st == HG_OK && after != NULL)
        st = hg_query_after(query, after, strlen(after), err);
    return st;
}

/* A stranger's text, without the control characters that a terminal would obey. */
static void
put_text(const hg_str *text)
{
    for (size_t i = 0; i < text->len; i++)
        putchar((unsigned char)text->ptr[i] < ' ' || text->ptr[i] == 0x7f ? ' ' : text->ptr[i]);
}

static void
print_job(const hg_job *job)
{
    fputs(bold, stdout);
    put_text(&job->title);
    printf("%s%s\n%s  ", plain, job->is_featured ? " \u2605" : "", dim);
    if (job->null_mask & HG_BIT(HG_JOB_LOCATION))
        fputs("anywhere", stdout);
    else
        put_text(&job->location);
    printf(" \u00b7 %s", hg_job_job_type_name(job->job_type));
    if (!(job->null_mask & HG_BIT(HG_JOB_REMOTE_TYPE)))
        printf(" \u00b7 %s", hg_job_remote_type_name(job->remote_type));
    if (!(job->null_mask & HG_BIT(HG_JOB_SALARY_MAX)))
        printf("%s \u00b7 %s%d to %d ", plain, green, (int)job->salary_min, (int)job->salary_max);
    if (!(job->null_mask & HG_BIT(HG_JOB_SALARY_MAX)))
        put_text(&job->salary_currency);
    printf("%s\n", plain);
}

int
main(int argc, char **argv)
{
    const char *dsn = argument(argc, argv, "dsn");
    hg_conn *conn = NULL;
    hg_query *query = NULL;
    hg_job_list *page = NULL;
    hg_text *cursor = NULL;
    hg_error err = { 0 };
    const char *rows = argument(argc, argv, "rows");
    size_t wanted = rows != NULL ? (size_t)strtoul(rows, NULL, 10) : 10;
    hg_status st;

    if (isatty(STDOUT_FILENO))
        use_colour();
    st = hg_conn_open(dsn != NULL ? dsn : getenv("HOTGIGS_TENANT_DSN"), NULL, &conn, &err);
    if (st != HG_OK)
        goto out;
    query = hg_query_new(HG_TABLE_JOBS);
    st = build(query, argc, argv, &err);               /* a query of NULL is refused by each call */
    if (st == HG_OK)
        st = hg_job_find(conn, query, &page, &err);
    if (st != HG_OK)
        goto out;

    for (size_t i = 0; i < hg_job_list_count(page); i++)
        print_job(hg_job_list_at(page, i));
    if (hg_job_list_count(page) == 0)
        printf("no jobs\n");
    if (hg_job_list_count(page) > 0 && hg_job_list_count(page) == wanted) {
        st = hg_job_list_cursor(page, wanted - 1, &cursor, &err);
        if (st == HG_OK)
            printf("%snext page: after=%s%s\n", dim, hg_text_ptr(cursor), plain);
    }
out:
    if (st != HG_OK)
        fprintf(stderr, "jobboard: %s: %s\n", hg_status_name(st), err.message);
    hg_text_free(cursor);
    hg_job_list_free(page);
    hg_query_free(query);
    hg_conn_close(conn);
    return st == HG_OK ? 0 : 1;
}
