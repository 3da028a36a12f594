/* bulk - ten thousand rows in one call, and read back in one.
 *
 * insert_many takes an array, its length and its stride, writes all rows or none, and gives them back
 * in the order of the input. The rows are rolled back at the end: the example leaves nothing behind.
 *
 * New here: hg_system_metric_insert_many, _list_count, _list_rows, _list_free, _get_many;
 *           walking a list by base and stride; hg_tx_rollback.
 *
 * Run:      bulk [DSN]
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment.
 *
 * Prints:
 *     inserted 10000 rows in 115.2 ms, 86802 rows/s, round trips: 1
 *     read back 10000 rows in 56.5 ms, 176854 rows/s, round trips: 1
 *     the sum of their values: 4999500.0000
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 10000 };

static double
milliseconds(void)
{
    struct timespec now;

    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
report(hg_conn *conn, const char *what, size_t rows, double start, uint64_t trips_before)
{
    hg_conn_stats stats = { .struct_size = sizeof stats };
    double took = milliseconds() - start;

    hg_conn_get_stats(conn, &stats, NULL);
    printf("%s %zu rows in %.1f ms, %.0f rows/s, round trips: %d\n", what, rows, took,
           (double)rows / took * 1e3, (int)(stats.round_trips - trips_before));
}

int
main(int argc, char **argv)
{
    const char *dsn = argc > 1 ? argv[1] : getenv("HOTGIGS_SERVICE_DSN");
    hg_system_metric *rows = calloc(ROWS, sizeof *rows);
    hg_uuid *ids = calloc(ROWS, sizeof *ids);
    hg_system_metric_list *list = NULL;
    hg_conn_stats stats = { .struct_size = sizeof stats };
    hg_conn *conn = NULL;
    hg_error err = { .message = "out of memory" };
    hg_status st = HG_E_NOMEM;
    size_t count, stride;
    double start;

    if (rows == NULL || ids == NULL)
        goto out;
    for (size_t i = 0; i < ROWS; i++) {
        rows[i].struct_size = sizeof *rows;
        rows[i].metric_name = (hg_str){ "example.bulk", 12 };
        rows[i].metric_value = (hg_decimal){ .unscaled = (int64_t)i * 100, .scale = 3 };   /* i / 10 */
    }
    st = hg_conn_open(dsn, NULL, &conn, &err);
    if (st == HG_OK)
        st = hg_tx_begin(conn, NULL, &err);
    if (st != HG_OK)
        goto out;

    hg_conn_get_stats(conn, &stats, NULL);
    start = milliseconds();
    st = hg_system_metric_insert_many(conn, rows, ROWS, sizeof *rows,
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_NAME) |
                                      HG_BIT(HG_SYSTEM_METRIC_METRIC_VALUE), &list, &err);
    if (st != HG_OK)
        goto out;
    report(conn, "inserted", hg_system_metric_list_count(list), start, stats.round_trips);
    for (size_t i = 0; i < ROWS; i++)
        ids[i] = hg_system_metric_list_at(list, i)->id;
    hg_system_metric_list_free(list);
    list = NULL;

    hg_conn_get_stats(conn, &stats, NULL);
    start = milliseconds();
    st = hg_system_metric_get_many(conn, ids, ROWS, &list, &err);
    if (st != HG_OK)
        goto out;
    report(conn, "read back", hg_system_metric_list_count(list), start, stats.round_trips);

    /* Not rows[i]: a newer library's rows may be longer than this program's hg_system_metric. */
    const char *at = (const char *)hg_system_metric_list_rows(list, &count, &stride);
    hg_decimal sum = { .scale = 4 };                        /* numeric(15,4): all have this scale */
    char text[HG_DECIMAL_TEXT_SIZE];
    for (size_t i = 0; i < count; i++)
        sum.unscaled += ((const hg_system_metric *)(const void *)(at + i * stride))->metric_value.unscaled;
    st = hg_decimal_to_text(&sum, text, sizeof text, &err);
    if (st == HG_OK)
        st = hg_tx_rollback(conn, &err);
    if (st == HG_OK)
        printf("the sum of their values: %s\n", text);
out:
    if (st != HG_OK)
        fprintf(stderr, "bulk: %s: %s\n", hg_status_name(st), err.message);
    hg_system_metric_list_free(list);                       /* with all its rows */
    hg_conn_close(conn);                                    /* after a failure this rolls back, too */
    free(ids);
    free(rows);
    return st == HG_OK ? 0 : 1;
}
