/* aggregate_run.c - asks an aggregate: from when to when its buckets go, the arguments behind the filters', the answer. */
#include "query/aggregate_int.h"

#include <string.h>

enum { BUCKETS_MAX = 100 * 1000 };

/* ---- From when to when ------------------------------------------------------------------------------------------------ */

/* Microseconds since 2000, as the server has them; what is not known yet is the type's end. */
typedef struct span {
    int64_t first;
    int64_t last;
} span;

static int64_t
filter_time(const hg_query *query, const hgi_value *value)
{
    const char *bytes = query->data.ptr + value->offset;

    if (value->type == HGI_OID_TIMESTAMP)
        return (int64_t)hgi_get64(bytes);
    switch ((int32_t)hgi_get32(bytes)) {
    case INT32_MIN: return INT64_MIN;
    case INT32_MAX: return INT64_MAX;
    default:        return (int32_t)hgi_get32(bytes) * INT64_C(86400000000);
    }
}

static void
narrow(span *s, int32_t op, int64_t time, int64_t step)
{
    int is_finite = time != INT64_MIN && time != INT64_MAX;
    int64_t first = op == HG_OP_GT && is_finite ? time + step : time;
    int64_t last = op == HG_OP_LT && is_finite ? time - step : time;

    if ((op == HG_OP_GE || op == HG_OP_GT || op == HG_OP_EQ) && first > s->first)
        s->first = first;
    if ((op == HG_OP_LE || op == HG_OP_LT || op == HG_OP_EQ) && last < s->last)
        s->last = last;
}

static int32_t
value_count(const hgi_node *node)
{
    return node->kind == HGI_NODE_PATH ? 2 : node->kind == HGI_NODE_COMPARE || node->kind == HGI_NODE_IN;
}

/* What the filters that stand side by side at the top say of the bucket's column. */
static span
filtered_span(const hg_query *query, int32_t column)
{
    const hgi_node *node = (const hgi_node *)(const void *)query->nodes.ptr;
    const hgi_node *end = node + query->nodes.len / sizeof *node;
    const hgi_value *value = (const hgi_value *)(const void *)query->values.ptr;
    int64_t step = hgi_column_of(query, column)->kind == HG_KIND_DATE ? INT64_C(86400000000) : 1;
    span s = { INT64_MIN, INT64_MAX };
    int32_t depth = 0;

    for (; node < end; node++) {
        if (node->kind == HGI_NODE_COMPARE && depth == 0 && node->column == column)
            narrow(&s, node->op, filter_time(query, value), step);
        depth += node->kind == HGI_NODE_END ? -1 : node->kind >= HGI_NODE_ANY;
        value += value_count(node);
    }
    return s;
}

static hg_status
fail_buckets(int32_t column, hg_error *err)
{
    return hgi_fail(err, HG_E_INVALID, column, "more than %d buckets lie between the first and the last, or ten times as many in all groups",
                    BUCKETS_MAX);
}

static hg_status
check_span(const span *s, const hgi_group *bucket, hg_error *err)
{
    static const int64_t hours[] = { [HG_UNIT_HOUR] = 1, [HG_UNIT_DAY] = 24, [HG_UNIT_WEEK] = 168, [HG_UNIT_MONTH] = 744 };
    int64_t step = hours[bucket->unit] * INT64_C(3600000000);

    if (s->first == INT64_MIN || s->last == INT64_MAX || s->last / step - s->first / step < BUCKETS_MAX)
        return HG_OK;
    return fail_buckets(bucket->column, err);
}

/* ---- Running -------------------------------------------------------------------------------------------------------------- */

/* What the arguments behind the filters' point to. */
typedef struct arguments {
    char first[8];
    char last[8];
    char limit[8];
} arguments;

static void
add_time(hgi_run *run, char *bytes, int64_t time)
{
    int is_known = time != INT64_MIN && time != INT64_MAX;

    hgi_put64(bytes, (uint64_t)time);
    hgi_run_add(run, is_known ? bytes : NULL, 8, HGI_OID_TIMESTAMP);
}

static hg_status
add_arguments(hgi_run *run, arguments *made, hg_error *err)
{
    const hg_query *query = run->query;
    const hgi_aggregate *a = &query->aggregate;
    int32_t bucket = hgi_bucket_of(a);

    hgi_run_add_filters(run);
    if (bucket >= 0) {
        span s = filtered_span(query, a->groups[bucket].column);
        hg_status st = check_span(&s, &a->groups[bucket], err);

        if (st != HG_OK)
            return st;
        hgi_run_add(run, a->zone, strlen(a->zone), HGI_OID_TEXT);
        add_time(run, made->first, s.first);
        add_time(run, made->last, s.last);
    }
    for (int32_t i = 0; i < a->having_count; i++)
        hgi_run_add(run, a->having[i].value, a->having[i].len, HGI_OID_NUMERIC);
    if (query->limit >= 0) {
        hgi_put64(made->limit, (uint64_t)query->limit);
        hgi_run_add(run, made->limit, 8, HGI_OID_INT8);
    }
    return HG_OK;
}

static hg_status
check_query(const hg_query *query, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (query->aggregate.group_count + query->aggregate.measure_count == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the query measures and groups nothing");
    for (int32_t i = 0; i < query->order.count; i++)
        if (hgi_group_of(&query->aggregate, query->order.keys[i].column) < 0)
            return hgi_fail_column(err, HG_E_INVALID, query->table, query->order.keys[i].column,
                                   "is ordered by and not grouped by");
    if (query->cursor.len > 0 || query->lock != HG_LOCK_NONE)
        return hgi_fail(err, HG_E_INVALID, -1, "an aggregate has neither pages nor locks");
    return HG_OK;
}

static hg_status
fail_run(const hgi_run *run, hg_status st, hg_error *err)
{
    const hgi_aggregate *a = &run->query->aggregate;
    int32_t bucket = hgi_bucket_of(a);

    if (err != NULL && bucket >= 0 && strcmp(err->sqlstate, "22023") == 0) {
        hgi_fail(err, HG_E_INVALID, a->groups[bucket].column, "the server knows no time zone %s", a->zone);
        return hgi_at_table(err, run->query->table, HG_E_INVALID);
    }
    if (err != NULL && bucket >= 0 && strcmp(err->sqlstate, "22012") == 0) {
        fail_buckets(a->groups[bucket].column, err);
        return hgi_at_table(err, run->query->table, HG_E_INVALID);
    }
    return hgi_fail_call(err, run->query->table, &run->shape, st);
}

static hg_status
run_aggregate(hgi_run *run, hgi_result **out, hg_error *err)
{
    char memory[1024];
    hgi_call call = { 0 };
    arguments made;
    hgi_buffer key;
    hg_status st = add_arguments(run, &made, err);

    if (st != HG_OK)
        return st;
    hgi_buffer_on(&key, memory, sizeof memory);
    hgi_aggregate_key(run, &key);
    st = hgi_run_prepare(run, &key, hgi_aggregate_write, err);
    hgi_buffer_free(&key);
    if (st != HG_OK)
        return st;
    call.statement = run->statement;
    call.args = hgi_run_args(run);
    st = hgi_call_run(run->conn, &call, out, NULL, err);
    return st == HG_OK ? HG_OK : fail_run(run, st, err);
}

hg_status
hg_aggregate_run(hg_conn *conn, const hg_query *query, hg_table **out, hg_error *err)
{
    hgi_result *result = NULL;
    hgi_run run;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = check_query(query, err);
    if (st == HG_OK)
        st = hgi_run_begin(&run, conn, query->table, query, HGI_QUERY_AGGREGATE, err);
    if (st == HG_OK)
        st = run_aggregate(&run, &result, err);
    if (st == HG_OK)
        st = hgi_aggregate_decode(query, result, out, err);
    return st == HG_OK ? hgi_ok(err) : st;
}
