/* aggregate.c - a query's groups, buckets, measures and conditions on them, as one statement.
 *
 * Without a bucket:
 *
 *     SELECT * FROM (SELECT status AS k0, count(*) AS m0 FROM t WHERE filters GROUP BY 1) AS done
 *     WHERE m0 > $ ORDER BY k0 LIMIT $
 *
 * With one the rows that are missing are added behind the grouping, so that nothing is counted twice and every group that
 * was found has every bucket:
 *
 *     found     the groups and buckets that have rows
 *     numbered  ... with a number for each combination of the groups, to join by: IS NOT DISTINCT FROM, which the groups
 *               themselves would need for NULL, joins by nested loops only
 *     span      first and last bucket: what the filters say, else what was found
 *     series    all buckets between, in local time: adding days to a local midnight is right across a change of clocks,
 *               where adding 24 hours is not. A local day that a zone skipped is left out.
 *     done      numbered, joined to series times groups
 *
 * Hours are steps of absolute time, looked at every 15 minutes, since some zones change their clocks by half an hour.
 *
 * The zone is looked up by a condition on no row at all, which the server checks before it reads the first one. */
#include "hotgigs/aggregate.h"
#include "query/aggregate_int.h"

#include <assert.h>
#include <string.h>

enum { BUCKETS_MAX = 100 * 1000, AVG_DIGITS = 6 };

/* ---- Building ----------------------------------------------------------------------------------------------------- */

static const hg_column_info *
column_of(const hg_query *query, int32_t column)
{
    return &query->table->info.columns[column];
}

static hg_status
check_new_group(const hg_query *query, int32_t column, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);

    if (st != HG_OK)
        return st;
    if (column_of(query, column)->kind == HG_KIND_JSON || column_of(query, column)->kind == HG_KIND_TEXT_LIST)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is JSON or a list, which makes no groups");
    if (query->aggregate.group_count == HGI_GROUPS_MAX)
        return hgi_fail(err, HG_E_INVALID, column, "more than %d groups", HGI_GROUPS_MAX);
    return HG_OK;
}

static void
add_group(hg_query *query, int32_t column, int32_t unit)
{
    query->aggregate.groups[query->aggregate.group_count++] = (hgi_group){ (uint8_t)column, (uint8_t)unit };
    query->used |= HG_BIT(column);
}

hg_status
hg_query_group(hg_query *query, int32_t column, hg_error *err)
{
    hg_status st = check_new_group(query, column, err);

    for (int32_t i = 0; st == HG_OK && i < query->aggregate.group_count; i++)
        if (query->aggregate.groups[i].column == column && query->aggregate.groups[i].unit == 0)
            st = hgi_fail_column(err, HG_E_INVALID, query->table, column, "is grouped by already");
    if (st != HG_OK)
        return st;
    add_group(query, column, 0);
    return hgi_ok(err);
}

/* Names as the time zone database has them. The rest of what PostgreSQL takes for a zone, "<+03>-3" and the like, is
 * more often a slip than meant. */
static int
is_zone_name(const char *zone)
{
    size_t len = strlen(zone);

    return len <= HGI_ZONE_MAX && strspn(zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") == len;
}

static int32_t
bucket_of(const hgi_aggregate *a)
{
    for (int32_t i = 0; i < a->group_count; i++)
        if (a->groups[i].unit != 0)
            return i;
    return -1;
}

hg_status
hg_query_bucket(hg_query *query, int32_t column, int32_t unit, const char *zone, hg_error *err)
{
    hg_status st = check_new_group(query, column, err);
    const char *name = zone != NULL && zone[0] != '\0' ? zone : "UTC";
    int32_t kind;

    if (st != HG_OK)
        return st;
    kind = column_of(query, column)->kind;
    if (kind != HG_KIND_TIMESTAMP && kind != HG_KIND_DATE)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is no time, which buckets are made of");
    if (unit < HG_UNIT_HOUR || unit > HG_UNIT_MONTH)
        return hgi_fail(err, HG_E_INVALID, column, "unit is none of HG_UNIT_*");
    if (kind == HG_KIND_DATE && (unit == HG_UNIT_HOUR || strcmp(name, "UTC") != 0))
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is a date, which has no hours and no time zone");
    if (bucket_of(&query->aggregate) >= 0)
        return hgi_fail(err, HG_E_INVALID, column, "the query has a bucket already");
    if (!is_zone_name(name))
        return hgi_fail(err, HG_E_INVALID, column, "zone is not the name of a time zone, such as Europe/Zurich");
    strcpy(query->aggregate.zone, name);
    add_group(query, column, unit);
    return hgi_ok(err);
}

static int
is_number(int32_t kind)
{
    return kind == HG_KIND_INT || kind == HG_KIND_DECIMAL || kind == HG_KIND_BIGINT;
}

static const char *
measure_problem(int32_t function, int32_t kind)
{
    switch (function) {
    case HG_MEASURE_COUNT:
        return NULL;
    case HG_MEASURE_COUNT_DISTINCT:
        return kind == HG_KIND_JSON || kind == HG_KIND_TEXT_LIST ? "is JSON or a list, which is not compared" : NULL;
    case HG_MEASURE_SUM:
    case HG_MEASURE_AVG:
        return is_number(kind) ? NULL : "is not a number";
    case HG_MEASURE_MIN:
    case HG_MEASURE_MAX:
        return is_number(kind) || kind == HG_KIND_TIMESTAMP || kind == HG_KIND_DATE || kind == HG_KIND_TEXT
                   ? NULL : "has no least and greatest value";
    default:
        return "is asked for a function that is none of HG_MEASURE_*";
    }
}

hg_status
hg_query_measure(hg_query *query, int32_t function, int32_t column, hg_error *err)
{
    int of_rows = column == -1 && function == HG_MEASURE_COUNT && query != NULL;
    hg_status st = of_rows ? HG_OK : hgi_query_column(query, column, err);
    hgi_aggregate *a;

    if (st != HG_OK)
        return st;
    if (!of_rows && measure_problem(function, column_of(query, column)->kind) != NULL)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column,
                               measure_problem(function, column_of(query, column)->kind));
    a = &query->aggregate;
    if (a->measure_count == HGI_MEASURES_MAX)
        return hgi_fail(err, HG_E_INVALID, column, "more than %d measures", HGI_MEASURES_MAX);
    a->measures[a->measure_count++] = (hgi_measure){ (uint8_t)function, of_rows ? HGI_ROWS : (uint8_t)column };
    if (!of_rows)
        query->used |= HG_BIT(column);
    return hgi_ok(err);
}

int32_t
hgi_measure_kind(const hg_query *query, const hgi_measure *m)
{
    if (m->function == HG_MEASURE_COUNT || m->function == HG_MEASURE_COUNT_DISTINCT)
        return HG_KIND_BIGINT;
    if (m->function == HG_MEASURE_AVG)
        return HG_KIND_DECIMAL;
    if (m->function == HG_MEASURE_SUM && column_of(query, m->column)->kind == HG_KIND_INT)
        return HG_KIND_BIGINT;
    return column_of(query, m->column)->kind;
}

static hg_status
check_measure(const hg_query *query, int32_t measure, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (measure < 0 || measure >= query->aggregate.measure_count)
        return hgi_fail(err, HG_E_INVALID, -1, "the query has no measure %d", (int)measure);
    return HG_OK;
}

hg_status
hg_query_having_decimal(hg_query *query, int32_t measure, int32_t op, const hg_decimal *value, hg_error *err)
{
    hg_status st = check_measure(query, measure, err);
    hgi_having *having;
    const char *problem;

    if (st == HG_OK && !is_number(hgi_measure_kind(query, &query->aggregate.measures[measure])))
        st = hgi_fail(err, HG_E_INVALID, query->aggregate.measures[measure].column, "measure %d is not a number",
                      (int)measure);
    if (st == HG_OK && (op < HG_OP_EQ || op > HG_OP_GE))
        st = hgi_fail(err, HG_E_INVALID, -1, "op is none of HG_OP_EQ to HG_OP_GE");
    if (st == HG_OK && value == NULL)
        st = hgi_fail(err, HG_E_INVALID, -1, "value is NULL");
    if (st != HG_OK)
        return st;
    problem = hgi_decimal_check(value, 0, 0);
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the value to compare measure %d with %s", (int)measure, problem);
    if (query->aggregate.having_count == HGI_HAVING_MAX)
        return hgi_fail(err, HG_E_INVALID, -1, "more than %d conditions on measures", HGI_HAVING_MAX);
    having = &query->aggregate.having[query->aggregate.having_count++];
    having->measure = (uint8_t)measure;
    having->op = (uint8_t)op;
    having->len = (uint8_t)hgi_decimal_encode(value, having->value);
    return hgi_ok(err);
}

hg_status
hg_query_having_int(hg_query *query, int32_t measure, int32_t op, int64_t value, hg_error *err)
{
    hg_decimal decimal = { .unscaled = value };

    return hg_query_having_decimal(query, measure, op, &decimal, err);
}

hg_status
hg_query_order_measure(hg_query *query, int32_t measure, int32_t direction, hg_error *err)
{
    hg_status st = check_measure(query, measure, err);

    if (st != HG_OK)
        return st;
    if (direction != HG_ASCENDING && direction != HG_DESCENDING)
        return hgi_fail(err, HG_E_INVALID, -1, "direction is neither HG_ASCENDING nor HG_DESCENDING");
    query->aggregate.by_measure = 1 + measure;
    query->aggregate.descending = direction;
    return hgi_ok(err);
}

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
    int64_t step = column_of(query, column)->kind == HG_KIND_DATE ? INT64_C(86400000000) : 1;
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

/* ---- The statement ------------------------------------------------------------------------------------------------------ */

/* Numbers of arguments behind the filters'. */
typedef struct slots {
    int32_t zone;
    int32_t first;
    int32_t last;
    int32_t having;          /* the first one */
    int32_t limit;
} slots;

static slots
slots_of(const hg_query *query, int32_t count)
{
    int has_bucket = bucket_of(&query->aggregate) >= 0;
    slots s = { 0 };

    if (has_bucket) {
        s.zone = ++count;
        s.first = ++count;
        s.last = ++count;
    }
    s.having = count + 1;
    s.limit = count + query->aggregate.having_count + 1;
    return s;
}

static int32_t
filter_arguments(const hg_query *query)
{
    return (int32_t)(query->values.len / sizeof(hgi_value));
}

static void
add_named(hgi_buffer *sql, const char *prefix, char letter, int32_t i)
{
    hgi_buffer_add_text(sql, prefix);
    hgi_buffer_add_byte(sql, letter);
    hgi_buffer_add_int(sql, i);
}

static void
add_wrapped(hgi_buffer *sql, const char *before, const char *name, const char *behind)
{
    hgi_buffer_add_text(sql, before);
    hgi_buffer_add_text(sql, name);
    hgi_buffer_add_text(sql, behind);
}

static const char *
unit_name(int32_t unit)
{
    static const char *const names[] = { "", "hour", "day", "week", "month" };

    return names[unit];
}

/* The bucket that an expression of type timestamp, in UTC, lies in: its local beginning, or, of hours, its beginning. */
static void
write_bucket(hgi_buffer *sql, int32_t unit, const char *what, const char *cast, int32_t zone)
{
    hgi_buffer_add_text(sql, "date_trunc('");
    hgi_buffer_add_text(sql, unit_name(unit));
    hgi_buffer_add_text(sql, unit == HG_UNIT_HOUR ? "', " : "', (");
    hgi_buffer_add_text(sql, what);
    hgi_buffer_add_text(sql, cast);
    hgi_buffer_add_text(sql, unit == HG_UNIT_HOUR ? " AT TIME ZONE 'UTC', " : " AT TIME ZONE 'UTC') AT TIME ZONE ");
    hgi_write_param(sql, zone);
    hgi_buffer_add_text(sql, unit == HG_UNIT_HOUR ? ") AT TIME ZONE 'UTC'" : ")");
}

static void
write_measure(hgi_buffer *sql, const hg_query *query, const hgi_measure *m)
{
    const char *name = m->column == HGI_ROWS ? "*" : column_of(query, m->column)->name;

    switch (m->function) {
    case HG_MEASURE_COUNT:
        add_wrapped(sql, "count(", name, ")");
        break;
    case HG_MEASURE_COUNT_DISTINCT:
        add_wrapped(sql, "count(DISTINCT ", name, ")");
        break;
    case HG_MEASURE_SUM:
        add_wrapped(sql, "sum(", name, ")");
        break;
    case HG_MEASURE_AVG:
        add_wrapped(sql, "round(avg(", name, "), ");
        hgi_buffer_add_int(sql, column_of(query, m->column)->scale + AVG_DIGITS);
        hgi_buffer_add_byte(sql, ')');
        break;
    default:
        add_wrapped(sql, m->function == HG_MEASURE_MIN ? "min(" : "max(", name, ")");
        break;
    }
}

/* SELECT status AS k0, date_trunc(...) AS k1, count(*) AS m0 FROM t WHERE ... GROUP BY 1, 2 */
static void
write_found(const hgi_run *run, const slots *s, hgi_buffer *sql)
{
    const hg_query *query = run->query;
    const hgi_aggregate *a = &query->aggregate;
    int32_t bucket = bucket_of(a);

    hgi_buffer_add_text(sql, "SELECT ");
    for (int32_t i = 0; i < a->group_count; i++) {
        const char *name = column_of(query, a->groups[i].column)->name;

        if (i == bucket)
            write_bucket(sql, a->groups[i].unit, name,
                         column_of(query, a->groups[i].column)->kind == HG_KIND_DATE ? "::timestamp" : "", s->zone);
        else
            hgi_buffer_add_text(sql, name);
        add_named(sql, " AS ", 'k', i);
        hgi_buffer_add_text(sql, i + 1 < a->group_count || a->measure_count > 0 ? ", " : "");
    }
    for (int32_t i = 0; i < a->measure_count; i++) {
        write_measure(sql, query, &a->measures[i]);
        add_named(sql, " AS ", 'm', i);
        hgi_buffer_add_text(sql, i + 1 < a->measure_count ? ", " : "");
    }
    hgi_buffer_add_text(sql, "\nFROM ");
    hgi_buffer_add_text(sql, query->table->relation);
    if (bucket >= 0) {
        hgi_buffer_add_text(sql, "\nWHERE (now() AT TIME ZONE ");
        hgi_write_param(sql, s->zone);
        add_wrapped(sql, ") IS NOT NULL\n  AND isfinite(", column_of(query, a->groups[bucket].column)->name, ")");
    }
    if (query->nodes.len > 0) {
        hgi_buffer_add_text(sql, bucket >= 0 ? "\n  AND " : "\nWHERE ");
        hgi_query_write_filters(run, sql);
    }
    for (int32_t i = 0; i < a->group_count; i++) {
        hgi_buffer_add_text(sql, i == 0 ? "\nGROUP BY " : ", ");
        hgi_buffer_add_int(sql, i + 1);
    }
}

/* k0, k2: the groups but for the bucket, each with a prefix; how many there are. */
static int32_t
write_other_groups(const hgi_aggregate *a, const char *prefix, hgi_buffer *sql)
{
    int32_t written = 0;

    for (int32_t i = 0; i < a->group_count; i++) {
        if (a->groups[i].unit != 0)
            continue;
        hgi_buffer_add_text(sql, written++ > 0 ? ", " : "");
        add_named(sql, prefix, 'k', i);
    }
    return written;
}

/* coalesce(the bucket of $first, min(k1)) AS first, coalesce(the bucket of $last, max(k1)) AS last */
static void
write_span(const hgi_group *group, int32_t bucket, const slots *s, hgi_buffer *sql)
{
    char slot[2][16];
    hgi_buffer what;

    for (int32_t end = 0; end < 2; end++) {
        hgi_buffer_on(&what, slot[end], sizeof slot[end]);
        hgi_write_param(&what, end == 0 ? s->first : s->last);
        hgi_buffer_add_text(sql, end == 0 ? "coalesce(" : ", coalesce(");
        write_bucket(sql, group->unit, what.ptr, "", s->zone);
        add_named(sql, end == 0 ? ", min(" : ", max(", 'k', bucket);
        hgi_buffer_add_text(sql, end == 0 ? ")) AS first" : ")) AS last");
        hgi_buffer_free(&what);
    }
}

/* SELECT at AS bucket FROM (SELECT generate_series(first, last, interval '1 day') AS at FROM span) AS step
 *
 * A span of too many buckets, by itself or times the groups, is a division by zero: the one way for a plain SELECT to
 * refuse. */
static void
write_series(const hgi_group *group, const slots *s, hgi_buffer *sql)
{
    static const struct { const char *step, *most, *ten_times; } units[] = {
        [HG_UNIT_HOUR]  = { "15 minutes", "100000 hours", "1000000 hours" },
        [HG_UNIT_DAY]   = { "1 day", "100000 days", "1000000 days" },
        [HG_UNIT_WEEK]  = { "1 week", "700000 days", "7000000 days" },
        [HG_UNIT_MONTH] = { "1 month", "3100000 days", "31000000 days" },
    };
    int hours = group->unit == HG_UNIT_HOUR;

    hgi_buffer_add_text(sql, hours ? "SELECT DISTINCT " : "SELECT at");
    if (hours)
        write_bucket(sql, group->unit, "at", "", s->zone);
    add_wrapped(sql, " AS bucket\n    FROM (SELECT generate_series(first, last, interval '", units[group->unit].step, "') AS at");
    add_wrapped(sql, " FROM span\n          WHERE 1 / (last - first < least(interval '", units[group->unit].most, "',");
    add_wrapped(sql, " interval '", units[group->unit].ten_times,
                "' / greatest((SELECT count(*) FROM groups), 1)))::int = 1) AS step");
    if (hours)
        return;
    add_wrapped(sql, "\n    WHERE date_trunc('", unit_name(group->unit), "', (at AT TIME ZONE ");
    hgi_write_param(sql, s->zone);
    hgi_buffer_add_text(sql, ") AT TIME ZONE ");
    hgi_write_param(sql, s->zone);
    hgi_buffer_add_text(sql, ") = at");
}

/* The bucket as the table has it: an instant, or a date. */
static void
write_instant(const hg_query *query, const hgi_group *group, int32_t bucket, const slots *s, hgi_buffer *sql)
{
    int32_t kind = column_of(query, group->column)->kind;

    hgi_buffer_add_text(sql, kind == HG_KIND_DATE ? "series.bucket::date" : group->unit == HG_UNIT_HOUR ? "series.bucket"
                                                                          : "(series.bucket AT TIME ZONE ");
    if (kind != HG_KIND_DATE && group->unit != HG_UNIT_HOUR) {
        hgi_write_param(sql, s->zone);
        hgi_buffer_add_text(sql, ") AT TIME ZONE 'UTC'");
    }
    add_named(sql, " AS ", 'k', bucket);
}

static void
write_filled(const hgi_run *run, const slots *s, hgi_buffer *sql)
{
    const hg_query *query = run->query;
    const hgi_aggregate *a = &query->aggregate;
    int32_t bucket = bucket_of(a), others;

    hgi_buffer_add_text(sql, "WITH found AS MATERIALIZED (\n");
    write_found(run, s, sql);
    hgi_buffer_add_text(sql, "\n), numbered AS MATERIALIZED (\n    SELECT *, ");
    if (a->group_count > 1) {
        hgi_buffer_add_text(sql, "dense_rank() OVER (ORDER BY ");
        write_other_groups(a, "", sql);
        hgi_buffer_add_text(sql, ") AS hg_number FROM found\n), groups AS (\n    SELECT DISTINCT hg_number, ");
        write_other_groups(a, "", sql);
        hgi_buffer_add_text(sql, " FROM numbered\n");
    } else {
        hgi_buffer_add_text(sql, "1 AS hg_number FROM found\n), groups AS (\n    SELECT 1 AS hg_number\n");
    }
    hgi_buffer_add_text(sql, "), span AS (\n    SELECT ");
    write_span(&a->groups[bucket], bucket, s, sql);
    hgi_buffer_add_text(sql, " FROM found\n), series AS (\n    ");
    write_series(&a->groups[bucket], s, sql);
    hgi_buffer_add_text(sql, "\n), done AS (\n    SELECT ");
    write_instant(query, &a->groups[bucket], bucket, s, sql);
    hgi_buffer_add_text(sql, a->group_count > 1 ? ", " : "");
    others = write_other_groups(a, "groups.", sql);
    assert(others == a->group_count - 1);
    (void)others;
    for (int32_t i = 0; i < a->measure_count; i++) {
        int counts = a->measures[i].function == HG_MEASURE_COUNT || a->measures[i].function == HG_MEASURE_COUNT_DISTINCT;

        add_named(sql, counts ? ", coalesce(numbered." : ", numbered.", 'm', i);
        add_named(sql, counts ? ", 0) AS " : " AS ", 'm', i);
    }
    add_named(sql, "\n    FROM series CROSS JOIN groups\n"
                   "    LEFT JOIN numbered ON numbered.hg_number = groups.hg_number AND numbered.", 'k', bucket);
    hgi_buffer_add_text(sql, " = series.bucket\n)\n");
}

static void
write_having(const hgi_aggregate *a, const slots *s, hgi_buffer *sql)
{
    static const char *const operators[] = {
        [HG_OP_EQ] = " = ", [HG_OP_NE] = " <> ", [HG_OP_LT] = " < ", [HG_OP_LE] = " <= ", [HG_OP_GT] = " > ",
        [HG_OP_GE] = " >= ",
    };

    for (int32_t i = 0; i < a->having_count; i++) {
        add_named(sql, i == 0 ? "\nWHERE " : "\n  AND ", 'm', a->having[i].measure);
        hgi_buffer_add_text(sql, operators[a->having[i].op]);
        hgi_write_param(sql, s->having + i);
    }
}

static int32_t
group_of(const hgi_aggregate *a, int32_t column)
{
    for (int32_t i = 0; i < a->group_count; i++)
        if (a->groups[i].column == column)
            return i;
    return -1;
}

/* The measure, what was asked for, and the other groups: a total order. */
static void
write_order(const hg_query *query, hgi_buffer *sql)
{
    const hgi_aggregate *a = &query->aggregate;
    const char *comma = "\nORDER BY ";
    uint32_t done = 0;

    if (a->by_measure != 0) {
        add_named(sql, comma, 'm', a->by_measure - 1);
        hgi_buffer_add_text(sql, a->descending ? " DESC NULLS LAST" : "");
        comma = ", ";
    }
    for (int32_t i = 0; i < query->order.count; i++) {
        const hgi_order_key *key = &query->order.keys[i];
        int32_t group = group_of(a, key->column);

        add_named(sql, comma, 'k', group);
        hgi_buffer_add_text(sql, key->descending ? " DESC" : "");
        hgi_buffer_add_text(sql, key->nulls_first ? " NULLS FIRST" : " NULLS LAST");
        comma = ", ";
        done |= 1u << group;
    }
    for (int32_t i = 0; i < a->group_count; i++) {
        if (done >> i & 1)
            continue;
        add_named(sql, comma, 'k', i);
        comma = ", ";
    }
}

static void
write_aggregate(const hgi_run *run, hgi_buffer *sql)
{
    const hg_query *query = run->query;
    const hgi_aggregate *a = &query->aggregate;
    slots s = slots_of(query, filter_arguments(query));
    int has_bucket = bucket_of(a) >= 0;

    if (has_bucket)
        write_filled(run, &s, sql);
    hgi_buffer_add_text(sql, "SELECT ");
    for (int32_t i = 0; i < a->group_count + a->measure_count; i++) {
        int is_measure = i >= a->group_count;

        add_named(sql, i == 0 ? "" : ", ", is_measure ? 'm' : 'k', is_measure ? i - a->group_count : i);
        hgi_buffer_add_text(sql, " AS c");
    }
    hgi_buffer_add_text(sql, has_bucket ? "\nFROM done" : "\nFROM (");
    if (!has_bucket) {
        write_found(run, &s, sql);
        hgi_buffer_add_text(sql, ") AS done");
    }
    write_having(a, &s, sql);
    write_order(query, sql);
    if (query->limit >= 0) {
        hgi_buffer_add_text(sql, "\nLIMIT ");
        hgi_write_param(sql, s.limit);
    }
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
    int32_t bucket = bucket_of(a);

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

/* All that the text depends on. */
static void
write_key(const hgi_run *run, hgi_buffer *key)
{
    const hg_query *query = run->query;
    const hgi_aggregate *a = &query->aggregate;
    int32_t facts[7] = { a->group_count, a->measure_count, a->having_count, a->by_measure, a->descending,
                         query->order.count, query->limit >= 0 };

    hgi_buffer_add(key, (const char *)&run->shape, sizeof run->shape);
    hgi_buffer_add(key, (const char *)facts, sizeof facts);
    hgi_buffer_add(key, (const char *)a->groups, (size_t)a->group_count * sizeof *a->groups);
    hgi_buffer_add(key, (const char *)a->measures, (size_t)a->measure_count * sizeof *a->measures);
    for (int32_t i = 0; i < a->having_count; i++) {
        hgi_buffer_add_byte(key, (char)a->having[i].measure);
        hgi_buffer_add_byte(key, (char)a->having[i].op);
    }
    hgi_buffer_add(key, (const char *)query->order.keys, (size_t)query->order.count * sizeof(hgi_order_key));
    hgi_buffer_add(key, query->nodes.ptr, query->nodes.len);
}

static hg_status
check_query(const hg_query *query, hg_error *err)
{
    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (query->aggregate.group_count + query->aggregate.measure_count == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the query measures and groups nothing");
    for (int32_t i = 0; i < query->order.count; i++)
        if (group_of(&query->aggregate, query->order.keys[i].column) < 0)
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
    int32_t bucket = bucket_of(a);

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
    write_key(run, &key);
    st = hgi_run_prepare(run, &key, write_aggregate, err);
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
