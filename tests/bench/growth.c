/* growth.c - what grows with the work and what must not: the cost of a row from one to all of the largest table, and of a call
 * from one to a thousand shapes of query, of which the connection keeps 256. */
#include <stdio.h>

#include "bench.h"

enum { SHAPES = 1000 };

static double
stream_tasks(bench *b, int64_t limit, size_t *rows)
{
    hg_query *query = hg_query_new(HG_TABLE_TASKS);
    double begun = bench_seconds(BENCH_WALL);
    const hg_task *row;
    hg_cursor *cursor;
    hg_error err;

    if (hg_query_limit(query, limit, &err) != HG_OK || hg_task_stream(b->conn, query, &cursor, &err) != HG_OK)
        bench_die("hg_task_stream", err.message);
    for (*rows = 0;; ++*rows) {
        if (hg_task_next(cursor, &row, &err) != HG_OK)
            bench_die("hg_task_next", err.message);
        if (row == NULL)
            break;
    }
    hg_cursor_close(cursor);
    hg_query_free(query);
    return bench_seconds(BENCH_WALL) - begun;
}

static void
measure_stream(bench *b)
{
    printf("stream of tasks, us a row by rows\n ");
    for (int64_t limit = 1; limit <= 10000000; limit *= 10) {
        int times = limit < 1000 ? 200 : limit < 100000 ? 10 : 1;
        size_t rows = 0;
        double took = 0;

        stream_tasks(b, limit, &rows);
        for (int i = 0; i < times; i++)
            took += stream_tasks(b, limit, &rows);
        printf(" %zu: %.2f", rows, took * 1e6 / times / (double)rows);
        bench_number("stream", (double)rows, "us a row", took * 1e6 / times / (double)rows);
        if ((int64_t)rows < limit)
            break;
    }
    printf("\n");
}

/* A shape is its columns: the bits of number choose among ten. One row of one company. */
static hg_query *
make_shape(bench *b, unsigned number)
{
    hg_query *query = hg_query_new(HG_TABLE_TASKS);
    hg_error err;

    if (hg_query_where_uuid(query, HG_TASK_ID, HG_OP_EQ, &b->task_ids[0], &err) != HG_OK ||
        hg_query_columns(query, HG_BIT(HG_TASK_ID) | (uint64_t)number << HG_TASK_TITLE, &err) != HG_OK)
        bench_die("a shape", err.message);
    return query;
}

static void
measure_shapes(bench *b)
{
    static hg_query *shapes[SHAPES];
    hg_error err;

    for (unsigned i = 0; i < SHAPES; i++)
        shapes[i] = make_shape(b, i % 1024);
    printf("find of one task, us a call by shapes of query\n ");
    for (size_t count = 1; count <= SHAPES; count *= 10) {
        size_t calls = b->is_quick ? 2000 : 10000;
        double begun = 0;

        for (size_t i = 0; i < count + calls; i++) {
            hg_task_list *list;

            if (i == count)                              /* the first of each prepare it */
                begun = bench_seconds(BENCH_WALL);
            if (hg_task_find(b->conn, shapes[i % count], &list, &err) != HG_OK)
                bench_die("hg_task_find", err.message);
            hg_task_list_free(list);
        }
        begun = bench_seconds(BENCH_WALL) - begun;
        printf(" %zu: %.2f", count, begun * 1e6 / (double)calls);
        bench_number("shapes", (double)count, "us a call", begun * 1e6 / (double)calls);
    }
    printf("\n");
    for (unsigned i = 0; i < SHAPES; i++)
        hg_query_free(shapes[i]);
}

void
bench_growth(bench *b)
{
    bench_pin(1);
    measure_shapes(b);
    bench_pin(0);
    measure_stream(b);
}
