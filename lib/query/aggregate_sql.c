/* aggregate_sql.c - a query's groups, buckets, measures and conditions on them, as one statement.
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
#include "query/aggregate_int.h"

#include <assert.h>

enum { AVG_DIGITS = 6 };

/* Numbers of arguments behind the filters'. */
typedef struct slots {
    int32_t zone;
    int32_t first;
    int32_t last;
    int32_t having;          /* the first one */
    int32_t limit;
} slots;

static slots
slots_of(const hg_query *query)
{
    int32_t count = (int32_t)(query->values.len / sizeof(hgi_value));
    int has_bucket = hgi_bucket_of(&query->aggregate) >= 0;
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
    const char *name = m->column == HGI_ROWS ? "*" : hgi_column_of(query, m->column)->name;

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
        hgi_buffer_add_int(sql, hgi_column_of(query, m->column)->scale + AVG_DIGITS);
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
    int32_t bucket = hgi_bucket_of(a);

    hgi_buffer_add_text(sql, "SELECT ");
    for (int32_t i = 0; i < a->group_count; i++) {
        const char *name = hgi_column_of(query, a->groups[i].column)->name;

        if (i == bucket)
            write_bucket(sql, a->groups[i].unit, name,
                         hgi_column_of(query, a->groups[i].column)->kind == HG_KIND_DATE ? "::timestamp" : "", s->zone);
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
        add_wrapped(sql, ") IS NOT NULL\n  AND isfinite(", hgi_column_of(query, a->groups[bucket].column)->name, ")");
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
    int32_t kind = hgi_column_of(query, group->column)->kind;

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
    int32_t bucket = hgi_bucket_of(a), others;

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
        int32_t group = hgi_group_of(a, key->column);

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

void
hgi_aggregate_write(const hgi_run *run, hgi_buffer *sql)
{
    const hg_query *query = run->query;
    const hgi_aggregate *a = &query->aggregate;
    slots s = slots_of(query);
    int has_bucket = hgi_bucket_of(a) >= 0;

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

void
hgi_aggregate_key(const hgi_run *run, hgi_buffer *key)
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
