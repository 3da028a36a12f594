/* query/random - query shapes nobody thought of, against hand-assembled SQL with literals.
 *
 * A seed makes a table, a tree of groups and filters, an order, a limit and a set of columns. The answer of find must be
 * the ids that the superuser's SQL gives, in that order; count and a stream must agree. A failure prints the seed: run
 * again with SEED set to it, which the first round then uses. */
#include "query/filter.h"
#include "suites.h"
#include "unit/random.h"

#include <string.h>

enum { ROWS = 30, ROUNDS = 20, LOOPS = 10 };

typedef struct maker {
    query_rows *rows;
    hg_query   *query;
    uint64_t    state;
    int         filters;
} maker;

static size_t
pick(maker *m, size_t count)
{
    return (size_t)(random_next(&m->state) % count);
}

/* ---- Filters --------------------------------------------------------------------------------------------------------------- */

static const char *
add_filter(maker *m)
{
    for (;;) {
        int32_t column = (int32_t)pick(m, (size_t)m->rows->of->info.column_count);
        const hg_column_info *info = &m->rows->of->info.columns[column];
        int32_t op = (int32_t)pick(m, OP_COUNT) + 1;
        operand with;

        if (!kind_has_operator(info->kind, op) || !operand_make(m->rows, column, op, pick(m, 8), &with))
            continue;
        ck_assert_msg(filter_add(m->query, info->kind, column, op, &with) == HG_OK, "%s", err.message);
        m->filters++;
        return filter_sql(info, op, &with);
    }
}

static const char *
join(const char *all, const char *by, const char *one)
{
    return all[0] == '\0' ? one : fixture_text("%s %s %s", all, by, one);
}

static const char *add_members(maker *m, int depth, const char *by, size_t count);

static const char *
add_group(maker *m, int depth)
{
    const char *members;
    size_t kind = pick(m, 3), count = pick(m, 4);

    ck_ok(kind == 0 ? hg_query_any(m->query, &err) : kind == 1 ? hg_query_all(m->query, &err) : hg_query_not(m->query, &err),
          err);
    members = add_members(m, depth + 1, kind == 0 ? "OR" : "AND", count);
    ck_ok(hg_query_end(m->query, &err), err);
    if (members[0] == '\0')
        members = kind == 0 ? "false" : "true";
    /* Written otherwise than the library writes it: NULL is made false first, then NOT. */
    return kind == 2 ? fixture_text("(NOT coalesce((%s), false))", members) : fixture_text("(%s)", members);
}

static const char *
add_members(maker *m, int depth, const char *by, size_t count)
{
    const char *all = "";

    for (size_t i = 0; i < count && m->filters < 40; i++)
        all = join(all, by, depth < 6 && pick(m, 3) == 0 ? add_group(m, depth) : add_filter(m));
    return all;
}

/* ---- Order and page -------------------------------------------------------------------------------------------------------- */

static const char *
add_order(maker *m)
{
    const char *all = "";
    size_t count = pick(m, 4);

    for (size_t i = 0; i < count; i++) {
        int32_t column = (int32_t)pick(m, (size_t)m->rows->of->info.column_count);
        int32_t kind = m->rows->of->info.columns[column].kind, down = (int32_t)pick(m, 2), nulls = (int32_t)pick(m, 3);
        int first = nulls == HG_NULLS_DEFAULT ? down : nulls == HG_NULLS_FIRST;

        if (kind == HG_KIND_JSON || kind == HG_KIND_TEXT_LIST)
            continue;
        ck_ok(hg_query_order(m->query, column, down, nulls, &err), err);
        all = fixture_text("%s%s %s NULLS %s, ", all, m->rows->of->info.columns[column].name, down ? "DESC" : "ASC",
                           first ? "FIRST" : "LAST");
    }
    return fixture_text("%sid", all);
}

/* ---- Comparing ------------------------------------------------------------------------------------------------------------- */

static const char *
ids_of(const hgi_table *table, const hgi_list *list)
{
    const char *all = "";

    for (size_t i = 0; i < hgi_list_count(list); i++) {
        hg_uuid id;

        memcpy(&id, hgi_field(table, 0, hgi_list_at(list, i)), sizeof id);
        all = fixture_text("%s%s%s", all, i > 0 ? "," : "", uuid_text(&id));
    }
    return all;
}

static const char *
streamed_ids(maker *m)
{
    const char *all = "";
    const void *row = NULL;
    hg_cursor *cursor;

    ck_ok(hgi_stream(owner, m->rows->of, m->query, &cursor, &err), err);
    for (int i = 0; hgi_next(cursor, m->rows->of, &row, &err) == HG_OK && row != NULL; i++) {
        hg_uuid id;

        memcpy(&id, hgi_field(m->rows->of, 0, row), sizeof id);
        all = fixture_text("%s%s%s", all, i > 0 ? "," : "", uuid_text(&id));
    }
    ck_assert_msg(err.status == HG_OK, "%s", err.message);
    hg_cursor_close(cursor);
    return all;
}

static void
check_seed(query_rows *rows, uint64_t seed)
{
    maker m = { .rows = rows, .query = query_rows_only(rows), .state = seed };
    const char *only = sql_text("SELECT string_agg(quote_literal(i), ',') FROM unnest('{%s}'::text[]) AS i",
                                ids_of(rows->of, rows->list));
    const char *filters, *order, *want, *got, *limit = "";
    hgi_list *list = NULL;
    int64_t count;
    long total;

    filters = join(fixture_text("id IN (%s)", only), "AND", "true");
    {
        const char *more = add_members(&m, 0, "AND", pick(&m, 5));

        if (more[0] != '\0')
            filters = join(filters, "AND", more);
    }
    order = add_order(&m);
    total = sql_int("SELECT count(*) FROM public.%s WHERE %s", rows->of->info.name, filters);
    ck_ok(hgi_count(owner, rows->of, m.query, &count, &err), err);
    if (count != total)
        ck_abort_msg("SEED=%llu: count gives %lld, want %ld: %s", (unsigned long long)seed, (long long)count, total, filters);

    if (pick(&m, 2) == 0) {
        int64_t most = (int64_t)pick(&m, ROWS);

        ck_ok(hg_query_limit(m.query, most, &err), err);
        limit = fixture_text("LIMIT %lld", (long long)most);
    } else {
        ck_ok(hg_query_limit(m.query, ROWS, &err), err);
    }
    if (pick(&m, 2) == 0)
        ck_ok(hg_query_columns(m.query, 1 | (random_next(&m.state) & hgi_all_columns(rows->of)), &err), err);
    want = sql_text("SELECT string_agg(id::text, ',') FROM (SELECT id FROM public.%s WHERE %s ORDER BY %s %s) AS f",
                    rows->of->info.name, filters, order, limit);
    want = want != NULL ? want : "";
    ck_assert_msg(hgi_find(owner, rows->of, m.query, &list, &err) == HG_OK, "SEED=%llu: %s", (unsigned long long)seed,
                  err.message);
    got = ids_of(rows->of, list);
    if (strcmp(got, want) != 0)
        ck_abort_msg("SEED=%llu: find gives %s, want %s: WHERE %s ORDER BY %s %s", (unsigned long long)seed, got, want,
                     filters, order, limit);
    got = streamed_ids(&m);
    if (strcmp(got, want) != 0)
        ck_abort_msg("SEED=%llu: a stream gives %s, want %s", (unsigned long long)seed, got, want);
    hgi_list_free(list);
    hg_query_free(m.query);
}

START_TEST(random_shapes_answer_as_hand_written_sql)
{
    uint64_t first = test_seed + (uint64_t)_i * ROUNDS;

    for (uint64_t seed = first; seed < first + ROUNDS; seed++) {
        uint64_t state = ~seed;
        query_rows rows;

        query_rows_make(&rows, (int32_t)(random_next(&state) % (uint64_t)hgi_table_count), ROWS);
        check_seed(&rows, seed);
        query_rows_free(&rows);
    }
}
END_TEST

Suite *
suite_query_random(void)
{
    Suite *suite = suite_create("query/random");
    TCase *tcase = query_case(suite, "shapes", 120);

    tcase_add_loop_test(tcase, random_shapes_answer_as_hand_written_sql, 0, LOOPS);
    return suite;
}
