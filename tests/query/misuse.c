/* query/misuse - wrong use is an error before anything is sent, names the column, and leaves the query as it was. */
#include "query/filter.h"
#include "suites.h"
#include "tables/sample.h"

#include <string.h>

/* What a building call may change. */
typedef struct snapshot {
    size_t    nodes, values, data, cursor;
    uint64_t  columns, used;
    int64_t   limit;
    int32_t   lock, depth, backwards;
    hgi_order order;
} snapshot;

static snapshot
look(const hg_query *query)
{
    snapshot seen;

    memset(&seen, 0, sizeof seen);
    seen.nodes = query->nodes.len, seen.values = query->values.len, seen.data = query->data.len;
    seen.cursor = query->cursor.len, seen.columns = query->columns, seen.used = query->used, seen.limit = query->limit;
    seen.lock = query->lock, seen.depth = query->depth, seen.backwards = query->backwards, seen.order = query->order;
    return seen;
}

static void
check_unchanged(const hg_query *query, const snapshot *before, const char *what)
{
    snapshot now = look(query);

    if (memcmp(&now, before, sizeof now) != 0 || query->nodes.failed || query->values.failed || query->data.failed)
        ck_abort_msg("%s: the query was changed", what);
}

/* ---- Every where call on every column with every operator --------------------------------------------------------------- */

typedef hg_status (*where)(hg_query *query, int32_t column, int32_t op);

static hg_status
try_int(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_int(query, column, op, 1, &err);
}
static hg_status
try_bool(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_bool(query, column, op, 1, &err);
}
static hg_status
try_enum(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_enum(query, column, op, 1, &err);
}
static hg_status
try_uuid(hg_query *query, int32_t column, int32_t op)
{
    hg_uuid value = { { 1 } };

    return hg_query_where_uuid(query, column, op, &value, &err);
}
static hg_status
try_text(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_text(query, column, op, "no such value", 13, &err);
}
static hg_status
try_time(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_time(query, column, op, 0, &err);
}
static hg_status
try_date(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_date(query, column, op, 0, &err);
}
static hg_status
try_decimal(hg_query *query, int32_t column, int32_t op)
{
    hg_decimal value = { .unscaled = 1 };

    return hg_query_where_decimal(query, column, op, &value, &err);
}
static hg_status
try_inet(hg_query *query, int32_t column, int32_t op)
{
    hg_inet value = { .family = 4, .prefix = 32 };

    return hg_query_where_inet(query, column, op, &value, &err);
}
static hg_status
try_json(hg_query *query, int32_t column, int32_t op)
{
    return hg_query_where_json(query, column, op, "{}", 2, &err);
}
static hg_status
try_list(hg_query *query, int32_t column, int32_t op)
{
    uint64_t end = 1;

    return hg_query_where_text_list(query, column, op, "a", &end, NULL, 1, &err);
}
static hg_status
try_path(hg_query *query, int32_t column, int32_t op)
{
    uint64_t end = 1;

    return hg_query_where_json_path(query, column, "a", &end, 1, op, "x", 1, &err);
}

static const struct { const char *name; where call; int32_t kind; } calls[] = {
    { "int", try_int, HG_KIND_INT },                { "bool", try_bool, HG_KIND_BOOL },
    { "enum", try_enum, HG_KIND_ENUM },             { "uuid", try_uuid, HG_KIND_UUID },
    { "text", try_text, HG_KIND_TEXT },             { "time", try_time, HG_KIND_TIMESTAMP },
    { "date", try_date, HG_KIND_DATE },             { "decimal", try_decimal, HG_KIND_DECIMAL },
    { "inet", try_inet, HG_KIND_INET },             { "json", try_json, HG_KIND_JSON },
    { "text_list", try_list, HG_KIND_TEXT_LIST },   { "json_path", try_path, HG_KIND_JSON },
};
enum { CALLS = sizeof calls / sizeof *calls };

/* Whether the call with that operator is right for the kind: written down here once more, from hotgigs/query.h. */
static int
is_right(size_t call, int32_t kind, int32_t op)
{
    if (op < HG_OP_EQ || op > HG_OP_WITHIN)
        return 0;
    if (calls[call].call == try_path)
        return kind == HG_KIND_JSON && op <= HG_OP_CONTAINS;
    if (kind == HG_KIND_JSON) {
        if (calls[call].call == try_text)
            return op == HG_OP_HAS_KEY;
        if (calls[call].call == try_list)
            return op == HG_OP_HAS_ANY || op == HG_OP_HAS_ALL;
        return calls[call].call == try_json && (op == HG_OP_EQ || op == HG_OP_NE || op == HG_OP_INCLUDES);
    }
    return calls[call].kind == kind && kind_has_operator(kind, op);
}

START_TEST(every_wrong_type_and_operator_is_refused_with_its_column)
{
    const hgi_table *table = hgi_tables[_i];

    for (int32_t c = 0; c < table->info.column_count; c++)
        for (size_t k = 0; k < CALLS; k++)
            for (int32_t op = -1; op <= HG_OP_WITHIN + 1; op++) {
                hg_query *query = hg_query_new(_i);
                snapshot before = look(query);
                int32_t kind = table->info.columns[c].kind;
                const char *what;
                hg_status st;

                memset(&err, 0, sizeof err);
                st = calls[k].call(query, c, op);
                if (st == HG_OK && is_right(k, kind, op)) {
                    hg_query_free(query);
                    continue;
                }
                what = fixture_text("%s.%s with where_%s and operator %d", table->info.name, table->info.columns[c].name,
                                    calls[k].name, (int)op);
                if (st != HG_E_INVALID || err.column != c || is_right(k, kind, op))
                    ck_abort_msg("%s gave %s, column %d (%s)", what, hg_status_name(st), (int)err.column, err.message);
                /* Of an enumerated column a text that is no value is said first. */
                if (calls[k].call != try_path && kind != HG_KIND_ENUM && !kind_has_operator(kind, op) &&
                    strstr(err.message, "operator") == NULL)
                    ck_abort_msg("%s says %s, and not that the column has no such operator", what, err.message);
                check_unchanged(query, &before, what);
                hg_query_free(query);
            }
}
END_TEST

START_TEST(every_wrong_list_is_refused_with_its_column)
{
    const hgi_table *table = hgi_tables[_i];
    hg_query *query = hg_query_new(_i);
    snapshot before = look(query);
    int32_t one = 1;
    int64_t time = 0;
    hg_uuid id = { { 1 } };
    hg_decimal decimal = { .unscaled = 1 };
    hg_inet inet = { .family = 4, .prefix = 32 };
    uint64_t end = 1;

    for (int32_t c = 0; c < table->info.column_count; c++) {
        int32_t kind = table->info.columns[c].kind;

#define CK_LIST(of, call) \
        if (kind != (of)) { \
            ck_status(call, HG_E_INVALID, err); \
            ck_column(err, c); \
        }
        CK_LIST(HG_KIND_INT, hg_query_where_in_int(query, c, &one, 1, &err))
        CK_LIST(HG_KIND_ENUM, hg_query_where_in_enum(query, c, &one, 1, &err))
        CK_LIST(HG_KIND_UUID, hg_query_where_in_uuid(query, c, &id, 1, &err))
        CK_LIST(HG_KIND_DATE, hg_query_where_in_date(query, c, &one, 1, &err))
        CK_LIST(HG_KIND_TIMESTAMP, hg_query_where_in_time(query, c, &time, 1, &err))
        CK_LIST(HG_KIND_DECIMAL, hg_query_where_in_decimal(query, c, &decimal, 1, &err))
        CK_LIST(HG_KIND_INET, hg_query_where_in_inet(query, c, &inet, 1, &err))
        CK_LIST(HG_KIND_TEXT, hg_query_where_in_text(query, c, "a", &end, NULL, 1, &err))
#undef CK_LIST
    }
    check_unchanged(query, &before, table->info.name);
    hg_query_free(query);
}
END_TEST

START_TEST(column_that_is_none_is_refused_everywhere)
{
    static const int32_t none[] = { -1, INT32_MIN, INT32_MAX, 64, 29 };   /* jobs has 29 */
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    snapshot before = look(query);

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        for (size_t k = 0; k < CALLS; k++)
            ck_status(calls[k].call(query, none[i], HG_OP_EQ), HG_E_INVALID, err);
        ck_status(hg_query_where_null(query, none[i], 1, &err), HG_E_INVALID, err);
        ck_status(hg_query_where_in_int(query, none[i], NULL, 0, &err), HG_E_INVALID, err);
        ck_status(hg_query_order(query, none[i], 0, 0, &err), HG_E_INVALID, err);
    }
    check_unchanged(query, &before, "a column that is none");
    hg_query_free(query);
}
END_TEST

START_TEST(query_that_is_none_is_refused_everywhere)
{
    hg_uuid id = { { 1 } };

    for (size_t k = 0; k < CALLS; k++) {
        ck_status(calls[k].call(NULL, 0, HG_OP_EQ), HG_E_INVALID, err);
        ck_says(err, "query is NULL");
    }
    ck_status(hg_query_where_null(NULL, 0, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_in_uuid(NULL, 0, &id, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_any(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_all(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_not(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_end(NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_order(NULL, 0, 0, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_limit(NULL, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_after(NULL, "", 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_before(NULL, "", 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_columns(NULL, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_lock(NULL, 0, &err), HG_E_INVALID, err);
    ck_assert_ptr_null(hg_query_copy(NULL));
    hg_query_free(NULL);
    ck_assert_ptr_null(hg_query_new(-1));
    ck_assert_ptr_null(hg_query_new(hgi_table_count));
    ck_assert_int_eq(hg_query_limit(NULL, 1, NULL), HG_E_INVALID);          /* err may be NULL */
}
END_TEST

/* ---- Values -------------------------------------------------------------------------------------------------------------- */

/* A value that no row can hold, but that is one: beyond a column's length or precision, it just finds nothing. */
static int
is_only_too_large(const hg_column_info *column, const sample *s)
{
    return strncmp(s->what, "longest plus", 12) == 0 || strcmp(s->what, "a blank too many") == 0 ||
           (column->kind == HG_KIND_DECIMAL && s->value.decimal.scale >= 0 && s->value.decimal.scale <= 18 &&
            s->value.decimal.kind <= HG_DECIMAL_NEGATIVE_INFINITY &&
            (s->value.decimal.kind == HG_DECIMAL_FINITE || s->value.decimal.unscaled == 0));
}

START_TEST(values_that_are_none_are_refused)
{
    const hgi_table *table = hgi_tables[_i];

    for (int32_t c = 0; c < table->info.column_count; c++) {
        const hg_column_info *info = &table->info.columns[c];
        hg_query *query = hg_query_new(_i);
        const sample *samples;
        size_t count;
        snapshot before = look(query);

        if (info->kind == HG_KIND_UUID || info->kind == HG_KIND_TEXT_LIST) {       /* no bad one; packed by the test */
            hg_query_free(query);
            continue;
        }
        samples = samples_of(_i, c, &count);
        for (size_t i = 0; i < count; i++) {
            operand with = { .path_op = 0 };
            hg_status st;

            if (samples[i].text != NULL || is_only_too_large(info, &samples[i]))
                continue;
            memcpy(&with.value, &samples[i].value, sizeof samples[i].value);
            memset(&err, 0, sizeof err);
            st = filter_add(query, info->kind, c, HG_OP_EQ, &with);
            if (st != HG_E_INVALID || err.column != c)
                ck_abort_msg("%s.%s with %s gave %s (%s)", table->info.name, info->name, samples[i].what, hg_status_name(st),
                             err.message);
            check_unchanged(query, &before, samples[i].what);
        }
        hg_query_free(query);
    }
}
END_TEST

START_TEST(pointers_and_ends_that_make_no_sense_are_refused)
{
    static const uint64_t falls[] = { 2, 1 }, far[] = { UINT64_MAX };
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    snapshot before = look(query);

    ck_status(hg_query_where_uuid(query, HG_JOB_ID, HG_OP_EQ, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_text(query, HG_JOB_TITLE, HG_OP_EQ, NULL, 5, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_json(query, HG_JOB_SKILLS, HG_OP_EQ, NULL, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_EQ, INT64_C(1) << 31, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_EQ, INT64_MIN, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_null(query, HG_JOB_SALARY_MIN, 2, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_text_list(query, HG_JOB_SEO_KEYWORDS, HG_OP_EQ, "ab", NULL, NULL, 2, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_text_list(query, HG_JOB_SEO_KEYWORDS, HG_OP_EQ, "ab", falls, NULL, 2, &err), HG_E_INVALID, err);
    ck_says(err, "ascend");
    ck_status(hg_query_where_text_list(query, HG_JOB_SEO_KEYWORDS, HG_OP_EQ, NULL, far, NULL, 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_text_list(query, HG_JOB_SEO_KEYWORDS, HG_OP_EQ, "\xff\xff", (const uint64_t[]){ 1, 2 }, NULL, 2,
                                       &err), HG_E_INVALID, err);
    ck_says(err, "element 0");
    /* A length that was never one, such as -1: nothing of it is read. */
    ck_status(hg_query_where_text(query, HG_JOB_TITLE, HG_OP_EQ, "x", SIZE_MAX, &err), HG_E_INVALID, err);
    ck_says(err, "longer than PostgreSQL can hold");
    ck_status(hg_query_where_json(query, HG_JOB_SKILLS, HG_OP_EQ, "1", SIZE_MAX, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_text_list(query, HG_JOB_SEO_KEYWORDS, HG_OP_EQ, "ab", far, NULL, 1, &err), HG_E_INVALID, err);
    ck_says(err, "element 0");
    ck_status(hg_query_where_json_path(query, HG_JOB_SKILLS, "a", NULL, 1, HG_OP_EQ, "x", 1, &err), HG_E_INVALID, err);
    ck_status(hg_query_where_text(query, HG_JOB_JOB_TYPE, HG_OP_EQ, "full time", 9, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_JOB_TYPE);
    check_unchanged(query, &before, "bad arguments");
    hg_query_free(query);
}
END_TEST

/* ---- Groups, order, limits ------------------------------------------------------------------------------------------------- */

START_TEST(groups_must_balance)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_cursor *cursor = NULL;
    hg_job_list *list = NULL;
    uint64_t trips = conn_stats(service).round_trips;
    int64_t count;

    ck_status(hg_query_end(query, &err), HG_E_STATE, err);
    for (int i = 0; i < 16; i++)
        ck_ok(i % 3 == 0 ? hg_query_any(query, &err) : i % 3 == 1 ? hg_query_all(query, &err) : hg_query_not(query, &err), err);
    ck_status(hg_query_any(query, &err), HG_E_INVALID, err);
    ck_ok(hg_query_where_null(query, HG_JOB_TITLE, 0, &err), err);
    for (int i = 0; i < 16; i++) {
        ck_status(hg_job_find(service, query, &list, &err), HG_E_INVALID, err);
        ck_says(err, "hg_query_end");
        ck_status(hg_job_count(service, query, &count, &err), HG_E_INVALID, err);
        ck_status(hg_job_stream(service, query, &cursor, &err), HG_E_INVALID, err);
        ck_assert(list == NULL && cursor == NULL);
        ck_ok(hg_query_end(query, &err), err);
    }
    ck_assert_uint_eq(conn_stats(service).round_trips, trips);
    ck_status(hg_query_end(query, &err), HG_E_STATE, err);
    ck_ok(hg_job_count(service, query, &count, &err), err);
    hg_query_free(query);
}
END_TEST

START_TEST(two_hundred_filters_are_the_most_and_still_run)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    int added = 0;
    int64_t count;

    while (hg_query_where_text(query, HG_JOB_TITLE, HG_OP_NE, "x", 1, &err) == HG_OK)
        ck_assert_int_le(++added, 200);
    ck_status(err.status, HG_E_INVALID, err);
    ck_assert_int_ge(added, 199);
    for (int i = 0; i < 8; i++)
        ck_ok(hg_query_order(query, HG_JOB_CREATED_AT, i % 2, 0, &err), err);
    ck_status(hg_query_order(query, HG_JOB_TITLE, 0, 0, &err), HG_E_INVALID, err);
    ck_ok(hg_query_limit(query, 1, &err), err);
    ck_ok(hg_job_count(service, query, &count, &err), err);
    {
        hg_job_list *list;

        ck_ok(hg_job_find(service, query, &list, &err), err);
        hg_job_list_free(list);
    }
    hg_query_free(query);
}
END_TEST

START_TEST(many_groups_are_bounded_and_can_always_be_closed)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    int64_t count;
    int groups = 0;

    while (hg_query_any(query, &err) == HG_OK) {
        hg_status st = hg_query_where_null(query, HG_JOB_TITLE, 0, &err);
        hg_error closing;

        ck_ok(hg_query_end(query, &closing), closing);
        if (st != HG_OK)
            break;
        ck_assert_int_le(++groups, 1000);
    }
    ck_status(err.status, HG_E_INVALID, err);
    ck_assert_int_ge(groups, 100);
    ck_assert_int_eq(query->depth, 0);
    ck_ok(hg_job_count(service, query, &count, &err), err);
    hg_query_free(query);
}
END_TEST

START_TEST(order_limit_columns_and_lock_are_checked)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    snapshot before = look(query);

    ck_status(hg_query_order(query, HG_JOB_SKILLS, 0, 0, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SKILLS);
    ck_status(hg_query_order(query, HG_JOB_SEO_KEYWORDS, 0, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_order(query, HG_JOB_TITLE, 2, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_order(query, HG_JOB_TITLE, -1, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_order(query, HG_JOB_TITLE, 0, 3, &err), HG_E_INVALID, err);
    ck_status(hg_query_order(query, HG_JOB_TITLE, 0, -1, &err), HG_E_INVALID, err);
    ck_status(hg_query_limit(query, -1, &err), HG_E_INVALID, err);
    ck_status(hg_query_columns(query, 0, &err), HG_E_INVALID, err);
    ck_status(hg_query_columns(query, HG_BIT(29), &err), HG_E_INVALID, err);
    ck_column(err, 29);
    ck_status(hg_query_columns(query, UINT64_MAX, &err), HG_E_INVALID, err);
    ck_status(hg_query_lock(query, 3, &err), HG_E_INVALID, err);
    ck_status(hg_query_lock(query, -1, &err), HG_E_INVALID, err);
    check_unchanged(query, &before, "order and the like");
    hg_query_free(query);
}
END_TEST

START_TEST(limits_of_nothing_and_of_everything_are_fine)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *list;

    ck_ok(hg_query_limit(query, 0, &err), err);
    ck_ok(hg_job_find(service, query, &list, &err), err);
    ck_assert_uint_eq(hg_job_list_count(list), 0);
    hg_job_list_free(list);
    ck_ok(hg_query_limit(query, INT64_MAX, &err), err);
    ck_ok(hg_job_find(service, query, &list, &err), err);
    hg_job_list_free(list);
    hg_query_free(query);
}
END_TEST

/* ---- Roles and tables -------------------------------------------------------------------------------------------------------- */

static hg_status
hide_filter(hg_query *query)
{
    return hg_query_where_null(query, HG_JOB_AI_GENERATED_CONTENT, 1, &err);
}
static hg_status
hide_nested(hg_query *query)
{
    return hg_query_not(query, &err) != HG_OK || hide_filter(query) != HG_OK ? err.status : hg_query_end(query, &err);
}
static hg_status
hide_columns(hg_query *query)
{
    return hg_query_columns(query, HG_BIT(HG_JOB_AI_GENERATED_CONTENT), &err);
}

START_TEST(hidden_column_is_denied_before_anything_is_sent)
{
    static hg_status (*const hide[])(hg_query *) = { hide_filter, hide_nested, hide_columns };
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_CANDIDATE, &user);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *list = (hg_job_list *)(void *)&query;
    hg_cursor *cursor = (hg_cursor *)(void *)&query;
    int64_t count;
    int32_t exists;
    uint64_t trips;

    ck_ok(hide[_i](query), err);
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    trips = conn_stats(tenant).round_trips;

    ck_status(hg_job_find(tenant, query, &list, &err), HG_E_DENIED, err);
    ck_column(err, HG_JOB_AI_GENERATED_CONTENT);
    ck_assert_str_eq(err.table, "jobs");
    ck_assert_ptr_null(list);
    ck_status(hg_job_count(tenant, query, &count, &err), HG_E_DENIED, err);
    ck_status(hg_job_exists(tenant, query, &exists, &err), HG_E_DENIED, err);
    ck_status(hg_job_stream(tenant, query, &cursor, &err), HG_E_DENIED, err);
    ck_assert_ptr_null(cursor);
    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
    hg_session_leave(tenant);
    ck_ok(hg_job_count(service, query, &count, &err), err);                 /* another role may */
    hg_query_free(query);
}
END_TEST

/* For each role and each column that it may not read: as filter, and as sort key where it can be one. */
START_TEST(every_hidden_column_is_denied_to_each_role)
{
    static const int32_t types[] = { 0, HG_USER_USER_TYPE_CANDIDATE, HG_USER_USER_TYPE_COMPANY,
                                     HG_USER_USER_TYPE_FREELANCE_RECRUITER };
    const hgi_table *table = hgi_tables[_i];

    for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_FREELANCER; role++) {
        hg_uuid user = { { 0 } };
        hg_identity who;
        uint64_t trips;

        if (role != HG_ROLE_ANON)
            user = fixture_user(types[role]);
        who = identity(role, &user);
        ck_ok(hg_session_enter(tenant, &who, &err), err);
        trips = conn_stats(tenant).round_trips;
        for (int32_t c = 0; c < table->info.column_count; c++) {
            hg_query *query = hg_query_new(_i), *ordered = hg_query_new(_i);
            int64_t count;
            hgi_list *list = NULL;

            if (!(table->readable[role] >> c & 1)) {
                ck_ok(hg_query_where_null(query, c, 1, &err), err);
                ck_status(hgi_count(tenant, table, query, &count, &err), HG_E_DENIED, err);
                ck_assert_msg(err.column == c || table->readable[role] == 0, "%s: column %d", err.message, err.column);
                if (hg_query_order(ordered, c, 0, 0, &err) == HG_OK)
                    ck_status(hgi_find(tenant, table, ordered, &list, &err), HG_E_DENIED, err);
            }
            hg_query_free(query);
            hg_query_free(ordered);
        }
        ck_assert_uint_eq(conn_stats(tenant).round_trips, trips);
        hg_session_leave(tenant);
    }
}
END_TEST

START_TEST(query_of_another_table_is_refused)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    uint64_t trips = conn_stats(service).round_trips;
    hg_user_list *list = NULL;
    hg_cursor *cursor = NULL;
    int64_t count;
    int32_t exists;

    ck_status(hg_user_find(service, query, &list, &err), HG_E_INVALID, err);
    ck_says(err, "jobs, not of users");
    ck_status(hg_user_count(service, query, &count, &err), HG_E_INVALID, err);
    ck_status(hg_user_exists(service, query, &exists, &err), HG_E_INVALID, err);
    ck_status(hg_user_stream(service, query, &cursor, &err), HG_E_INVALID, err);
    ck_status(hg_user_find(service, NULL, &list, &err), HG_E_INVALID, err);
    ck_status(hg_user_find(NULL, query, &list, &err), HG_E_INVALID, err);
    ck_status(hg_job_find(service, query, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_count(service, query, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_exists(service, query, NULL, &err), HG_E_INVALID, err);
    ck_assert_uint_eq(conn_stats(service).round_trips, trips);
    hg_query_free(query);
}
END_TEST

START_TEST(role_that_may_not_update_cannot_lock)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *list = NULL;

    ck_ok(hg_query_lock(query, HG_LOCK_UPDATE, &err), err);
    ck_ok(hg_query_limit(query, 1, &err), err);
    ck_status(hg_job_find(tenant, query, &list, &err), HG_E_DENIED, err);          /* anon */
    ck_assert_ptr_null(list);
    hg_query_free(query);
}
END_TEST

/* ---- No memory ---------------------------------------------------------------------------------------------------------------- */

static hg_status
build_all(hg_query *query, int step)
{
    static const uint64_t ends[] = { 1, 3 };
    int32_t number = 1;
    hg_uuid id = { { 1 } };
    int64_t time = 0;

    switch (step) {
    case 0:  return hg_query_where_text(query, HG_JOB_TITLE, HG_OP_CONTAINS, "a%b", 3, &err);
    case 1:  return hg_query_where_int(query, HG_JOB_SALARY_MIN, HG_OP_GT, 5, &err);
    case 2:  return hg_query_any(query, &err);
    case 3:  return hg_query_where_json(query, HG_JOB_SKILLS, HG_OP_INCLUDES, "[1]", 3, &err);
    case 4:  return hg_query_where_text_list(query, HG_JOB_SKILLS, HG_OP_HAS_ANY, "abc", ends, NULL, 2, &err);
    case 5:  return hg_query_where_json_path(query, HG_JOB_SKILLS, "abc", ends, 2, HG_OP_PREFIX, "x", 1, &err);
    case 6:  return hg_query_where_in_int(query, HG_JOB_SALARY_MIN, &number, 1, &err);
    case 7:  return hg_query_where_in_enum(query, HG_JOB_JOB_TYPE, &number, 1, &err);
    case 8:  return hg_query_where_in_uuid(query, HG_JOB_ID, &id, 1, &err);
    case 9:  return hg_query_where_in_time(query, HG_JOB_CREATED_AT, &time, 1, &err);
    case 10: return hg_query_where_in_text(query, HG_JOB_TITLE, "abc", ends, NULL, 2, &err);
    case 11: return hg_query_where_null(query, HG_JOB_TITLE, 1, &err);
    case 12: return hg_query_end(query, &err);
    default: return hg_query_where_text(query, HG_JOB_TITLE, HG_OP_EQ, fixture_text("%5000d", 1), 5000, &err);
    }
}
enum { STEPS = 14 };

/* Each call fails for want of memory at each of its allocations, is repeated, and the query is as if nothing had been. */
START_TEST(building_call_without_memory_leaves_the_query_unchanged)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS), *smooth = hg_query_new(HG_TABLE_JOBS);
    long faults = 0;
    int64_t count;

    for (int round = 0; round < 3; round++)
        for (int step = 0; step < STEPS; step++) {
            ck_ok(build_all(smooth, step), err);
            for (long n = 1;; n++) {
                snapshot before = look(query);
                hg_status st;

                hgi_fault_at(n);
                st = build_all(query, step);
                hgi_fault_at(0);
                if (st == HG_OK)
                    break;
                ck_status(st, HG_E_NOMEM, err);
                check_unchanged(query, &before, fixture_text("step %d, allocation %ld", step, n));
                faults++;
            }
        }
    ck_assert_int_gt(faults, 20);
    ck_assert_uint_eq(query->data.len, smooth->data.len);
    ck_assert_mem_eq(query->data.ptr, smooth->data.ptr, smooth->data.len);
    ck_assert_mem_eq(query->nodes.ptr, smooth->nodes.ptr, smooth->nodes.len);
    ck_ok(hg_job_count(service, query, &count, &err), err);
    hg_query_free(smooth);
    hg_query_free(query);
}
END_TEST

START_TEST(queries_and_copies_without_memory_are_null)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS), *copy = NULL;
    long blocks;

    for (int step = 0; step < STEPS; step++)
        ck_ok(build_all(query, step), err);
    blocks = hgi_live_blocks();
    hgi_fault_at(1);
    ck_assert_ptr_null(hg_query_new(HG_TABLE_JOBS));
    for (long n = 1; copy == NULL; n++) {
        ck_assert_int_lt(n, 10);
        hgi_fault_at(n);
        copy = hg_query_copy(query);
        hgi_fault_at(0);
        if (copy == NULL)
            ck_assert_int_eq(hgi_live_blocks(), blocks);
    }
    hg_query_free(copy);
    hg_query_free(query);
}
END_TEST

static hg_status
run_find(hg_query *query)
{
    hg_job_list *list = (hg_job_list *)(void *)&query;
    hg_status st = hg_job_find(service, query, &list, &err);

    if (st != HG_OK)
        ck_assert_ptr_null(list);
    hg_job_list_free(list);
    return st;
}

static hg_status
run_stream(hg_query *query)
{
    hg_cursor *cursor = (hg_cursor *)(void *)&query;
    const hg_job *row = NULL;
    hg_status st = hg_job_stream(service, query, &cursor, &err);

    if (st != HG_OK)
        ck_assert_ptr_null(cursor);
    while (st == HG_OK && (st = hg_job_next(cursor, &row, &err)) == HG_OK && row != NULL)
        ;
    if (st != HG_OK)
        ck_assert_ptr_null(row);
    hg_cursor_close(cursor);
    return st;
}

static hg_status
run_count(hg_query *query)
{
    int64_t count;

    return hg_job_count(service, query, &count, &err);
}

static hg_status
run_update(hg_query *query)
{
    hg_str words[] = { str_of("a") };
    hg_job row = { .struct_size = sizeof row, .title = str_of("x"), .seo_keywords = { words, NULL, 1 } };

    return hg_job_update_where(service, query, &row, HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SEO_KEYWORDS), 100, NULL, &err);
}

static const struct { const char *what; hg_status (*run)(hg_query *); int inside; int is_large; } runs[] = {
    { "find",                    run_find,   0, 0 }, { "find in a transaction",   run_find,   1, 0 },
    { "find of many",            run_find,   0, 1 },
    { "stream",                  run_stream, 0, 0 }, { "stream in a transaction", run_stream, 1, 0 },
    { "count",                   run_count,  0, 0 }, { "update_where",            run_update, 0, 0 },
};
enum { RUNS = sizeof runs / sizeof *runs };

START_TEST(run_without_memory_fails_cleanly_at_every_allocation)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_status st = HG_E_NOMEM;
    long n;

    for (int i = 0; i < 3; i++)
        fixture_job(&company, 1);
    sql_do("UPDATE public.jobs SET seo_keywords = '{a,NULL,b}' WHERE company_id = '%s'", uuid_text(&company));
    ck_ok(hg_query_where_uuid(query, HG_JOB_COMPANY_ID, HG_OP_EQ, &company, &err), err);
    if (runs[_i].run != run_update && !runs[_i].is_large)
        ck_ok(hg_query_limit(query, 100, &err), err);

    for (n = 1; st != HG_OK; n++) {
        ck_assert_int_lt(n, 200);
        if (runs[_i].inside)
            ck_ok(hg_tx_begin(service, NULL, &err), err);
        hgi_fault_at(n);
        st = runs[_i].run(query);
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || st == HG_E_NOMEM, "%s, allocation %ld: %s (%s)", runs[_i].what, n, hg_status_name(st),
                      err.message);
        if (runs[_i].inside)
            ck_ok(hg_tx_rollback(service, &err), err);
        ck_ok(hg_conn_ping(service, &err), err);
    }
    ck_assert_msg(n > 2, "%s never allocated", runs[_i].what);
    hg_query_free(query);
}
END_TEST

START_TEST(cursor_text_without_memory_is_null)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES);
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_status st = HG_E_NOMEM;

    fixture_job(&company, 1);
    ck_ok(hg_query_where_uuid(query, HG_JOB_COMPANY_ID, HG_OP_EQ, &company, &err), err);
    ck_ok(hg_query_order(query, HG_JOB_JOB_TYPE, 0, 0, &err), err);
    for (long n = 1; st != HG_OK; n++) {
        hg_job_list *list = NULL;
        hg_text *text = (hg_text *)(void *)&query;

        ck_ok(hg_job_find(service, query, &list, &err), err);
        hgi_fault_at(n);
        st = hg_job_list_cursor(list, 0, &text, &err);
        hgi_fault_at(0);
        ck_assert_msg(st == HG_OK || st == HG_E_NOMEM, "%s", hg_status_name(st));
        ck_assert_msg((st == HG_OK) == (text != NULL), "allocation %ld", n);
        hg_text_free(text);
        hg_job_list_free(list);
    }
    hg_query_free(query);
}
END_TEST

Suite *
suite_query_misuse(void)
{
    Suite *suite = suite_create("query/misuse");
    TCase *tcase = query_case(suite, "building", 60);

    tcase_add_loop_test(tcase, every_wrong_type_and_operator_is_refused_with_its_column, 0, hgi_table_count);
    tcase_add_loop_test(tcase, every_wrong_list_is_refused_with_its_column, 0, hgi_table_count);
    tcase_add_loop_test(tcase, values_that_are_none_are_refused, 0, hgi_table_count);
    tcase_add_test(tcase, column_that_is_none_is_refused_everywhere);
    tcase_add_test(tcase, query_that_is_none_is_refused_everywhere);
    tcase_add_test(tcase, pointers_and_ends_that_make_no_sense_are_refused);
    tcase_add_test(tcase, groups_must_balance);
    tcase_add_test(tcase, two_hundred_filters_are_the_most_and_still_run);
    tcase_add_test(tcase, many_groups_are_bounded_and_can_always_be_closed);
    tcase_add_test(tcase, order_limit_columns_and_lock_are_checked);
    tcase_add_test(tcase, limits_of_nothing_and_of_everything_are_fine);
    tcase = query_case(suite, "running", 60);
    tcase_add_loop_test(tcase, hidden_column_is_denied_before_anything_is_sent, 0, 3);
    tcase_add_loop_test(tcase, every_hidden_column_is_denied_to_each_role, 0, hgi_table_count);
    tcase_add_test(tcase, query_of_another_table_is_refused);
    tcase_add_test(tcase, role_that_may_not_update_cannot_lock);
    tcase = query_case(suite, "memory", 60);
    tcase_add_test(tcase, building_call_without_memory_leaves_the_query_unchanged);
    tcase_add_test(tcase, queries_and_copies_without_memory_are_null);
    tcase_add_loop_test(tcase, run_without_memory_fails_cleanly_at_every_allocation, 0, RUNS);
    tcase_add_test(tcase, cursor_text_without_memory_is_null);
    return suite;
}
