/* jobboard - searches the public jobs and shows them a page at a time.
 *
 * New here: hg_job_search and its params, with only what the arguments name in set; _list_at, _count, _free of its rows;
 *           place and id of the last row for the next page; hg_job_facets.
 *
 * Run:      jobboard [words=TEXT] [place=TEXT] [type=full_time] [remote=remote] [salary=N] [skill=NAME] [industry=NAME]
 *                    [sort=relevance|newest|salary|title] [rows=N] [after=ID/PLACE] [facets=yes] [colour=always] [dsn=DSN]
 *           In words, blanks are and; or, "a phrase" and -word mean what they mean on the web.
 *           DSN of the tenants' login, which sees what a visitor sees, or HOTGIGS_TENANT_DSN, or libpq's environment.
 *
 * Prints how many jobs there are, a page of them, and the argument that gives the next; in colour on a terminal:
 *     2 jobs
 *     Ship's Carpenter
 *       Weser Yards · Bremen · full_time · on_site · 42000 to 51000 EUR
 *     ...
 *     next page: after='018f.../1:2026-...'
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

/* ---- What is asked for ----------------------------------------------------------------------------------------------------- */

/* The same filters for the page and for the facets, so they are kept apart from both. */
typedef struct filters {
    hg_str words, place, type, remote, salary, skill, industry;
} filters;

static hg_str
text_of(int argc, char **argv, const char *name)
{
    const char *text = argument(argc, argv, name);

    return (hg_str){ text, text != NULL ? strlen(text) : 0 };
}

static filters
read_filters(int argc, char **argv)
{
    return (filters){ text_of(argc, argv, "words"),  text_of(argc, argv, "place"), text_of(argc, argv, "type"),
                      text_of(argc, argv, "remote"), text_of(argc, argv, "salary"), text_of(argc, argv, "skill"),
                      text_of(argc, argv, "industry") };
}

static uint64_t
bit_if(const hg_str *text, int32_t parameter)
{
    return text->ptr != NULL ? HG_BIT(parameter) : 0;
}

static hg_str_list
list_of(const hg_str *text)
{
    return text->ptr != NULL ? (hg_str_list){ text, NULL, 1 } : (hg_str_list){ 0 };
}

static hg_job_search_params
page_params(const filters *f)
{
    hg_job_search_params p = { .struct_size = sizeof p, .text = f->words, .location = f->place, .industry = f->industry };

    p.job_types = list_of(&f->type);
    p.remote_types = list_of(&f->remote);
    p.skills_all = list_of(&f->skill);
    p.salary_from = f->salary.ptr != NULL ? (int32_t)strtol(f->salary.ptr, NULL, 10) : 0;
    p.with_total = 1;
    p.set = bit_if(&f->words, HG_JOB_SEARCH_TEXT) | bit_if(&f->place, HG_JOB_SEARCH_LOCATION) |
            bit_if(&f->type, HG_JOB_SEARCH_JOB_TYPES) | bit_if(&f->remote, HG_JOB_SEARCH_REMOTE_TYPES) |
            bit_if(&f->salary, HG_JOB_SEARCH_SALARY_FROM) | bit_if(&f->skill, HG_JOB_SEARCH_SKILLS_ALL) |
            bit_if(&f->industry, HG_JOB_SEARCH_INDUSTRY) | HG_BIT(HG_JOB_SEARCH_WITH_TOTAL);
    return p;
}

/* Which page, and in which order. */
static hg_status
read_page(int argc, char **argv, hg_job_search_params *p, hg_error *err)
{
    const char *rows = argument(argc, argv, "rows"), *after = argument(argc, argv, "after");

    p->sort = text_of(argc, argv, "sort");
    p->set |= bit_if(&p->sort, HG_JOB_SEARCH_SORT) | HG_BIT(HG_JOB_SEARCH_AT_MOST);
    p->at_most = rows != NULL ? (int32_t)strtol(rows, NULL, 10) : 10;
    if (after == NULL)
        return HG_OK;
    p->set |= HG_BIT(HG_JOB_SEARCH_AFTER_PLACE) | HG_BIT(HG_JOB_SEARCH_AFTER_ID);
    p->after_place.ptr = after + strcspn(after, "/") + (strchr(after, '/') != NULL);
    p->after_place.len = strlen(p->after_place.ptr);
    return hg_uuid_parse(after, strcspn(after, "/"), &p->after_id, err);
}

/* ---- What is shown --------------------------------------------------------------------------------------------------------- */

/* A stranger's text, without the control characters that a terminal would obey. */
static void
put_text(const hg_str *text)
{
    for (size_t i = 0; i < text->len; i++)
        putchar((unsigned char)text->ptr[i] < ' ' || text->ptr[i] == 0x7f ? ' ' : text->ptr[i]);
}

/* Behind a dot; nothing if it is NULL. */
static void
put_part(const hg_str *text)
{
    if (text->len > 0) {
        fputs(" \u00b7 ", stdout);
        put_text(text);
    }
}

static void
print_job(const hg_job_search_row *job)
{
    fputs(bold, stdout);
    put_text(&job->title);
    printf("%s%s\n%s  ", plain, job->is_featured ? " \u2605" : "", dim);
    put_text(&job->company_name);
    put_part(&job->location);
    printf(" \u00b7 %s", hg_job_job_type_name(job->job_type));
    if (!(job->null_mask & HG_BIT(HG_JOB_SEARCH_ROW_REMOTE_TYPE)))
        printf(" \u00b7 %s", hg_job_remote_type_name(job->remote_type));
    if (!(job->null_mask & HG_BIT(HG_JOB_SEARCH_ROW_SALARY_MAX))) {
        printf("%s \u00b7 %s%d to %d ", plain, green, (int)job->salary_min, (int)job->salary_max);
        put_text(&job->salary_currency);
    }
    printf("%s\n", plain);
}

static void
print_next(const hg_job_search_row *last)
{
    char id[HG_UUID_TEXT_SIZE];

    hg_uuid_to_text(&last->id, id, sizeof id, NULL);
    printf("%snext page: after='%s/", dim, id);
    put_text(&last->place);
    printf("'%s\n", plain);
}

/* How many of what there are, under the same filters. */
static hg_status
print_facets(hg_conn *conn, const filters *f, hg_error *err)
{
    hg_job_facets_params p = { .struct_size = sizeof p, .text = f->words, .location = f->place, .industry = f->industry };
    hg_job_facets_list *facets = NULL;
    hg_status st;

    p.job_types = list_of(&f->type);
    p.remote_types = list_of(&f->remote);
    p.skills_all = list_of(&f->skill);
    p.salary_from = f->salary.ptr != NULL ? (int32_t)strtol(f->salary.ptr, NULL, 10) : 0;
    p.set = bit_if(&f->words, HG_JOB_FACETS_TEXT) | bit_if(&f->place, HG_JOB_FACETS_LOCATION) |
            bit_if(&f->type, HG_JOB_FACETS_JOB_TYPES) | bit_if(&f->remote, HG_JOB_FACETS_REMOTE_TYPES) |
            bit_if(&f->salary, HG_JOB_FACETS_SALARY_FROM) | bit_if(&f->skill, HG_JOB_FACETS_SKILLS_ALL) |
            bit_if(&f->industry, HG_JOB_FACETS_INDUSTRY);
    st = hg_job_facets(conn, &p, &facets, err);
    for (size_t i = 0; i < hg_job_facets_list_count(facets); i++) {
        const hg_job_facets_row *row = hg_job_facets_list_at(facets, i);

        printf("%s%s%s ", dim, row->facet.ptr, plain);
        put_text(&row->value);
        printf(" %lld\n", (long long)row->jobs);
    }
    hg_job_facets_list_free(facets);
    return st;
}

int
main(int argc, char **argv)
{
    const char *dsn = argument(argc, argv, "dsn");
    filters asked = read_filters(argc, argv);
    hg_job_search_params params = page_params(&asked);
    hg_conn *conn = NULL;
    hg_job_search_list *page = NULL;
    hg_error err = { 0 };
    size_t count;
    hg_status st;

    if (isatty(STDOUT_FILENO) || argument(argc, argv, "colour") != NULL)
        use_colour();
    st = hg_conn_open(dsn != NULL ? dsn : getenv("HOTGIGS_TENANT_DSN"), NULL, &conn, &err);
    if (st == HG_OK)
        st = read_page(argc, argv, &params, &err);
    if (st == HG_OK)
        st = hg_job_search(conn, &params, &page, &err);
    if (st != HG_OK)
        goto out;

    count = hg_job_search_list_count(page);
    if (count == 0)
        printf("no jobs\n");
    else
        printf("%lld job%s\n", (long long)hg_job_search_list_at(page, 0)->total,
               hg_job_search_list_at(page, 0)->total == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++)
        print_job(hg_job_search_list_at(page, i));
    if (count > 0 && count == (size_t)params.at_most)
        print_next(hg_job_search_list_at(page, count - 1));
    if (argument(argc, argv, "facets") != NULL)
        st = print_facets(conn, &asked, &err);
out:
    if (st != HG_OK)
        fprintf(stderr, "jobboard: %s: %s\n", hg_status_name(st), err.message);
    hg_job_search_list_free(page);
    hg_conn_close(conn);
    return st == HG_OK ? 0 : 1;
}
