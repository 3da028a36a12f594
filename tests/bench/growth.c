/* growth.c - what grows with the work and what must not: the cost of a row from one to ten million that are streamed, with the
 * memory of it; and of a call from one to a thousand shapes of query, which a connection keeps all, beside as many by hand, and
 * where it is told to keep a quarter of them. */
#include <stdio.h>

#include "bench.h"

enum { SHAPES = 1000, KEYS = 5, FEW_KEPT = 256, KEPT = 1024 };      /* as many as are kept by default */

/* Narrow rows, in the order of their ids: a metric a second. */
void
growth_fill(PGconn *beside, size_t rows)
{
    char sql[512];

    snprintf(sql, sizeof sql,
             "INSERT INTO public.system_metrics (id, metric_name, metric_value, recorded_at)"
             " SELECT lpad(to_hex(i), 32, '0')::uuid, 'metric ' || i %% 100, i, timestamp '2020-01-01' + i * interval '1 second'"
             " FROM generate_series(1, %zu) i", rows);
    bench_send(beside, sql);
}

/* Gives back how many there were. */
size_t
growth_stream(hg_conn *conn, int64_t limit)
{
    hg_query *query = hg_query_new(HG_TABLE_SYSTEM_METRICS);
    const hg_system_metric *row;
    hg_cursor *cursor;
    size_t rows = 0;
    hg_error err;

    if (hg_query_limit(query, limit, &err) != HG_OK || hg_system_metric_stream(conn, query, &cursor, &err) != HG_OK)
        bench_die("hg_system_metric_stream", err.message);
    for (;; rows++) {
        if (hg_system_metric_next(cursor, &row, &err) != HG_OK)
            bench_die("hg_system_metric_next", err.message);
        if (row == NULL)
            break;
    }
    hg_cursor_close(cursor);
    hg_query_free(query);
    return rows;
}

static void
measure_stream(bench *b)
{
    printf("stream of metrics by rows: us a row, the client's CPU, MiB at the most\n");
    for (int64_t limit = 1; limit <= 10000000; limit *= 10) {
        int times = limit < 1000 ? 200 : limit < 100000 ? 10 : 1;
        double wall, cpu, peak = memory_of_stream(b, limit);
        size_t rows = growth_stream(b->conn, limit);

        wall = bench_seconds(BENCH_WALL), cpu = bench_seconds(BENCH_CPU);
        for (int i = 0; i < times; i++)
            growth_stream(b->conn, limit);
        wall = (bench_seconds(BENCH_WALL) - wall) * 1e6 / times / (double)rows;
        cpu = (bench_seconds(BENCH_CPU) - cpu) * 1e6 / times / (double)rows;
        printf("  %8zu %8.2f %8.2f %6.1f\n", rows, wall, cpu, peak);
        fflush(stdout);
        bench_number("stream", (double)rows, "us a row", wall);
        bench_number("stream", (double)rows, "us of CPU a row", cpu);
        bench_number("stream", (double)rows, "MiB at the most", peak);
        if ((int64_t)rows < limit)
            break;
    }
}

/* A shape is its order, so that all of them read the same columns: two bits of number for each of five keys. One row of one
 * company. */
static hg_query *
make_shape(bench *b, unsigned number)
{
    hg_query *query = hg_query_new(HG_TABLE_TASKS);
    hg_error err;

    if (hg_query_where_uuid(query, HG_TASK_ID, HG_OP_EQ, &b->task_ids[0], &err) != HG_OK ||
        hg_query_columns(query, HG_BIT(HG_TASK_ID), &err) != HG_OK)
        bench_die("a shape", err.message);
    for (int32_t i = 0; i < KEYS; i++, number >>= 2)
        if (hg_query_order(query, HG_TASK_TITLE + i, number & 1 ? HG_DESCENDING : HG_ASCENDING,
                           number & 2 ? HG_NULLS_FIRST : HG_NULLS_LAST, &err) != HG_OK)
            bench_die("a shape", err.message);
    return query;
}

/* The side that runs: a connection of the library's, or one with the same statements by hand. */
typedef struct side {
    hg_conn *conn;
    PGconn  *pg;
    char     id[HG_UUID_TEXT_SIZE];
} side;

static hg_query *shapes[SHAPES];
static side all, few;

static void
find_shapes(const side *s, size_t count, size_t calls)
{
    hg_error err;

    for (size_t i = 0; i < calls; i++) {
        hg_task_list *list;

        if (hg_task_find(s->conn, shapes[i % count], &list, &err) != HG_OK)
            bench_die("hg_task_find", err.message);
        hg_task_list_free(list);
    }
}

static void
run_shapes(const side *s, size_t count, size_t calls)
{
    for (size_t i = 0; i < calls; i++) {
        char name[32];

        snprintf(name, sizeof name, "shape%zu", i % count);
        PQclear(libpq_run(s->pg, name, 1, (const char *const[]){ s->id }, PGRES_TUPLES_OK));
    }
}

static void
prepare_shapes(const side *s)
{
    const hg_column_info *keys = hg_table_describe(HG_TABLE_TASKS)->columns + HG_TASK_TITLE;

    for (unsigned number = 0; number < SHAPES; number++) {
        char name[32], sql[512];
        int len = snprintf(sql, sizeof sql, "SELECT id, title, description, task_type, priority, status FROM public.tasks"
                                            " WHERE id = $1 ORDER BY ");

        snprintf(name, sizeof name, "shape%u", number);
        for (int i = 0; i < KEYS; i++)
            len += snprintf(sql + len, sizeof sql - (size_t)len, "%s%s NULLS %s, ", keys[i].name,
                            number >> 2 * i & 1 ? " DESC" : "", number >> 2 * i & 2 ? "FIRST" : "LAST");
        snprintf(sql + len, sizeof sql - (size_t)len, "id");
        libpq_prepare_one(s->pg, name, sql, 1);
    }
}

static void
measure_calls(bench *b, void (*run)(const side *, size_t, size_t), const side *s, size_t count, const char *what)
{
    size_t calls = b->is_quick ? 2000 : 10000;
    double wall, cpu;

    run(s, count, 7 * count);                            /* parses each, and plans it until it keeps its plan */
    wall = bench_seconds(BENCH_WALL), cpu = bench_seconds(BENCH_CPU);
    run(s, count, calls);
    wall = (bench_seconds(BENCH_WALL) - wall) * 1e6 / (double)calls;
    cpu = (bench_seconds(BENCH_CPU) - cpu) * 1e6 / (double)calls;
    printf(" %9.2f %6.2f", wall, cpu);
    bench_number(what, (double)count, "us a call", wall);
    bench_number(what, (double)count, "us of CPU a call", cpu);
}

static void
connect_side(bench *b, side *s, int32_t kept)
{
    hg_conn_options options = { .struct_size = sizeof options, .statement_limit = kept };
    hg_error err;

    if (hg_conn_open(b->service_dsn, &options, &s->conn, &err) != HG_OK)
        bench_die("hg_conn_open", err.message);
    bench_watch(hg_conn_pq(s->conn));
}

static void
disconnect_side(side *s)
{
    bench_unwatch(hg_conn_pq(s->conn));
    hg_conn_close(s->conn);
}

void
growth_open(bench *b)
{
    for (unsigned i = 0; i < SHAPES; i++)
        shapes[i] = make_shape(b, i);
    connect_side(b, &all, KEPT);
    connect_side(b, &few, FEW_KEPT);
}

void
growth_close(void)
{
    disconnect_side(&few);
    disconnect_side(&all);
    for (unsigned i = 0; i < SHAPES; i++)
        hg_query_free(shapes[i]);
}

void growth_find_one_shape(bench *b) { (void)b, find_shapes(&all, 1, SHAPES); }
void growth_find_all_kept(bench *b) { (void)b, find_shapes(&all, SHAPES, SHAPES); }
void growth_find_few_kept(bench *b) { (void)b, find_shapes(&few, SHAPES, SHAPES); }

/* What statements that are many cost the server, they cost it by hand, too. */
static void
measure_shapes(bench *b)
{
    side hand = { .pg = PQconnectdb(b->service_dsn) };

    bench_watch(hand.pg);
    hg_uuid_to_text(&b->task_ids[0], hand.id, sizeof hand.id, NULL);
    prepare_shapes(&hand);
    bench_pin(1);
    printf("find of one task by shapes of query: us a call and the client's CPU; %d kept, by hand, %d kept\n", KEPT, FEW_KEPT);
    for (size_t count = 1; count <= SHAPES; count *= 10) {
        printf("  %8zu", count);
        measure_calls(b, find_shapes, &all, count, "shapes, all kept");
        measure_calls(b, run_shapes, &hand, count, "shapes, by hand");
        measure_calls(b, find_shapes, &few, count, "shapes, 256 kept");
        printf("\n");
    }
    bench_pin(0);
    bench_unwatch(hand.pg);
    PQfinish(hand.pg);
}

void
bench_growth(bench *b)
{
    growth_open(b);
    measure_shapes(b);
    growth_close();
    measure_stream(b);
}
