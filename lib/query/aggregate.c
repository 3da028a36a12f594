/* aggregate.c - building an aggregate: groups, buckets, measures, conditions on them and order, each checked when it is said.
 * aggregate_sql.c makes the statement of them, aggregate_run.c asks it, table.c holds the answer. */
#include "query/aggregate_int.h"

#include <string.h>

static hg_status
check_new_group(const hg_query *query, int32_t column, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);

    if (st != HG_OK)
        return st;
    if (hgi_column_of(query, column)->kind == HG_KIND_JSON || hgi_column_of(query, column)->kind == HG_KIND_TEXT_LIST)
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

hg_status
hg_query_bucket(hg_query *query, int32_t column, int32_t unit, const char *zone, hg_error *err)
{
    hg_status st = check_new_group(query, column, err);
    const char *name = zone != NULL && zone[0] != '\0' ? zone : "UTC";
    int32_t kind;

    if (st != HG_OK)
        return st;
    kind = hgi_column_of(query, column)->kind;
    if (kind != HG_KIND_TIMESTAMP && kind != HG_KIND_DATE)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is no time, which buckets are made of");
    if (unit < HG_UNIT_HOUR || unit > HG_UNIT_MONTH)
        return hgi_fail(err, HG_E_INVALID, column, "unit is none of HG_UNIT_*");
    if (kind == HG_KIND_DATE && (unit == HG_UNIT_HOUR || strcmp(name, "UTC") != 0))
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is a date, which has no hours and no time zone");
    if (hgi_bucket_of(&query->aggregate) >= 0)
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
    if (!of_rows && measure_problem(function, hgi_column_of(query, column)->kind) != NULL)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column,
                               measure_problem(function, hgi_column_of(query, column)->kind));
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
    if (m->function == HG_MEASURE_SUM && hgi_column_of(query, m->column)->kind == HG_KIND_INT)
        return HG_KIND_BIGINT;
    return hgi_column_of(query, m->column)->kind;
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
