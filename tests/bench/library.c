/* library.c - the same workloads through the library. */
#include "bench.h"

static inline void
get(bench *b, hg_conn *conn)
{
    const hg_job *job;
    hg_error err;

    if (hg_job_get(conn, &b->job_ids[b->next++ % b->job_count], &job, &err) != HG_OK)
        bench_die("hg_job_get", err.message);
    b->checksum += bench_sum_job(job);
    hg_job_free(job);
}

void library_get(bench *b) { get(b, b->conn); }
void library_get_as_tenant(bench *b) { get(b, b->tenant); }

void
library_list(bench *b)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *list;
    const hg_job *row;
    size_t count, stride;
    hg_error err;

    if (query == NULL || hg_job_find(b->conn, query, &list, &err) != HG_OK)
        bench_die("hg_job_find", query == NULL ? "out of memory" : err.message);
    row = hg_job_list_rows(list, &count, &stride);
    for (size_t i = 0; i < count; i++, row = (const hg_job *)((const char *)row + stride))
        b->checksum += bench_sum_job(row);
    hg_job_list_free(list);
    hg_query_free(query);
}

/* So many of the newest of those that are open to everybody, every column. */
static hg_query *
newest_query(int64_t limit)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_error err;

    if (hg_query_where_bool(query, HG_JOB_IS_PUBLIC, HG_OP_EQ, 1, &err) != HG_OK ||
        hg_query_where_text(query, HG_JOB_EMPLOYMENT_STATUS, HG_OP_EQ, "open", 4, &err) != HG_OK ||
        hg_query_order(query, HG_JOB_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err) != HG_OK ||
        hg_query_limit(query, limit, &err) != HG_OK)
        bench_die("the page's query", err.message);
    return query;
}

/* In bounded memory. */
static void
stream(bench *b, const hg_query *query)
{
    hg_cursor *cursor;
    const hg_job *row;
    hg_error err;

    if (hg_job_stream(b->conn, query, &cursor, &err) != HG_OK)
        bench_die("hg_job_stream", err.message);
    do {
        if (hg_job_next(cursor, &row, &err) != HG_OK)
            bench_die("hg_job_next", err.message);
        if (row != NULL)
            b->checksum += bench_sum_job(row);
    } while (row != NULL);
    hg_cursor_close(cursor);
}

/* By COPY. */
void
library_stream(bench *b)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);

    if (query == NULL)
        bench_die("hg_query_new", "out of memory");
    stream(b, query);
    hg_query_free(query);
}

void
library_stream_some(bench *b)
{
    static hg_query *query;

    if (query == NULL)
        query = newest_query(BENCH_SOME);
    stream(b, query);
}

static void
get_50(bench *b, hg_conn *conn)
{
    hg_uuid ids[50];
    hg_job_list *list;
    const hg_job *row;
    hg_error err;

    for (int i = 0; i < 50; i++)
        ids[i] = b->job_ids[b->next++ % b->job_count];
    if (hg_job_get_many(conn, ids, 50, &list, &err) != HG_OK)
        bench_die("hg_job_get_many", err.message);
    for (size_t i = 0; (row = hg_job_list_at(list, i)) != NULL; i++)
        b->checksum += bench_sum_job(row);
    hg_job_list_free(list);
}

void library_get_50(bench *b) { get_50(b, b->conn); }
void library_get_50_as_tenant(bench *b) { get_50(b, b->tenant); }

/* Of a list of that limit the first so many count, so that lists of different lengths come to the same. */
static void
find_newest(bench *b, hg_query **query, int64_t limit, size_t count)
{
    hg_job_list *list;
    const hg_job *row;
    hg_error err;

    if (*query == NULL)
        *query = newest_query(limit);
    if (hg_job_find(b->conn, *query, &list, &err) != HG_OK)
        bench_die("hg_job_find", err.message);
    for (size_t i = 0; i < count && (row = hg_job_list_at(list, i)) != NULL; i++)
        b->checksum += bench_sum_job(row);
    hg_job_list_free(list);
}

static hg_query *page, *short_list, *long_list;        /* once made */

void library_page(bench *b) { find_newest(b, &page, 50, 50); }
void library_short(bench *b) { find_newest(b, &short_list, 256, 256); }
void library_long(bench *b) { find_newest(b, &long_list, 257, 256); }

static hg_query *
cards_query(uint64_t columns)
{
    hg_query *query = hg_query_new(HG_VIEW_JOB_CARDS);
    hg_error err;

    if (hg_query_order(query, HG_JOB_CARD_CREATED_AT, HG_DESCENDING, HG_NULLS_DEFAULT, &err) != HG_OK ||
        hg_query_limit(query, 50, &err) != HG_OK || (columns != 0 && hg_query_columns(query, columns, &err) != HG_OK))
        bench_die("the cards' query", query == NULL ? "out of memory" : err.message);
    return query;
}

static void
find_cards(bench *b, hg_conn *conn, const hg_query *query)
{
    hg_job_card_list *list;
    const hg_job_card *row;
    hg_error err;

    if (hg_job_card_find(conn, query, &list, &err) != HG_OK)
        bench_die("hg_job_card_find", err.message);
    for (size_t i = 0; (row = hg_job_card_list_at(list, i)) != NULL; i++)
        b->checksum += row->id.bytes[15];
    hg_job_card_list_free(list);
}

/* The same jobs as a listing shows them to a visitor, who is the login's default: 16 of the card's columns and no context row,
 * as the goal was found with. */
void
library_cards(bench *b)
{
    static const uint64_t listing =
        HG_BIT(HG_JOB_CARD_ID) | HG_BIT(HG_JOB_CARD_COMPANY_NAME) | HG_BIT(HG_JOB_CARD_COMPANY_SLUG) |
        HG_BIT(HG_JOB_CARD_COMPANY_LOGO_URL) | HG_BIT(HG_JOB_CARD_COMPANY_IS_VERIFIED) | HG_BIT(HG_JOB_CARD_TITLE) |
        HG_BIT(HG_JOB_CARD_SLUG) | HG_BIT(HG_JOB_CARD_JOB_TYPE) | HG_BIT(HG_JOB_CARD_EXPERIENCE_LEVEL) |
        HG_BIT(HG_JOB_CARD_LOCATION) | HG_BIT(HG_JOB_CARD_REMOTE_TYPE) | HG_BIT(HG_JOB_CARD_SALARY_MIN) |
        HG_BIT(HG_JOB_CARD_SALARY_MAX) | HG_BIT(HG_JOB_CARD_SALARY_CURRENCY) | HG_BIT(HG_JOB_CARD_SALARY_PERIOD) |
        HG_BIT(HG_JOB_CARD_CREATED_AT);
    static hg_query *query;

    if (query == NULL)
        query = cards_query(listing);
    find_cards(b, b->visitor, query);
}

/* All of the card, in the recruiter's session. */
void
library_whole_cards(bench *b)
{
    static hg_query *query;

    if (query == NULL)
        query = cards_query(0);
    find_cards(b, b->tenant, query);
}
