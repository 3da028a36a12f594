/* tables/property - every column of every table keeps what it can hold and refuses the rest before anything is sent.
 *
 * Columns and values come from the descriptors (sample.c), so that a new column is tested by being there. Each column is
 * one row of output, and two more tests are for each whole table. What is stored is compared by PostgreSQL itself, with
 * the value as text, over a connection that the library has no part in. */
#include "fixture.h"
#include "suites.h"
#include "tables/doors.h"
#include "tables/sample.h"

#include <stdio.h>
#include <string.h>

/* A test's number says table and column. */
enum { COLUMNS_A_TABLE = 100 };

typedef struct place {
    int32_t               table;
    int32_t               column;
    const hgi_table      *of;
    const hg_column_info *info;
    const doors          *door;
} place;

static place
place_of(int number)
{
    place at = { .table = number / COLUMNS_A_TABLE, .column = number % COLUMNS_A_TABLE };

    at.of = hgi_tables[at.table];
    at.info = &at.of->info.columns[at.column];
    at.door = &table_doors[at.table];
    return at;
}

static int
may(const uint64_t *masks, int32_t column)
{
    return (int)(masks[HG_ROLE_SERVICE] >> column & 1);
}

/* What PostgreSQL stores, compared by PostgreSQL. text NULL: SQL NULL. */
static int
stores(const place *at, const hg_uuid *id, const char *text)
{
    const char *params[] = { text, uuid_text(id) };
    const char *sql = fixture_text("SELECT %s::%s IS NOT DISTINCT FROM $1::text::%s FROM public.%s WHERE id = $2::uuid",
                                   at->info->name, bare_type(at->info), bare_type(at->info), at->of->info.name);
    PGresult *result = PQexecParams(admin, sql, 2, NULL, params, NULL, NULL, 0);
    int same;

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql, PQerrorMessage(admin));
    ck_assert_msg(PQntuples(result) == 1, "there is no row %s", uuid_text(id));
    same = PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    return same;
}

static hg_uuid
id_of(const place *at, const void *row)
{
    hg_uuid id;

    memcpy(&id, (const char *)row + at->of->info.columns[0].offset, sizeof id);
    return id;
}

static int
is_zero(const void *field, size_t size)
{
    const char *p = field;

    for (size_t i = 0; i < size; i++)
        if (p[i] != 0)
            return 0;
    return 1;
}

static size_t
field_size(int32_t kind)
{
    switch (kind) {
    case HG_KIND_UUID:      return sizeof(hg_uuid);
    case HG_KIND_TEXT:
    case HG_KIND_JSON:      return sizeof(hg_str);
    case HG_KIND_DECIMAL:   return sizeof(hg_decimal);
    case HG_KIND_TIMESTAMP: return sizeof(hg_timestamp);
    case HG_KIND_TEXT_LIST: return sizeof(hg_str_list);
    case HG_KIND_INET:      return sizeof(hg_inet);
    default:                return sizeof(int32_t);
    }
}

/* A row as it was read holds the value, or says that it was not read. */
static void
check_read(const place *at, const sample *s, const void *row, const char *by)
{
    const hgi_row *head = row;
    const void *field = (const char *)row + at->info->offset;
    hg_uuid id = id_of(at, row);

    if (!may(at->of->readable, at->column)) {
        ck_assert_msg(!(head->loaded_mask >> at->column & 1), "%s: %s loads a hidden column", s->what, by);
        ck_assert_msg(is_zero(field, field_size(at->info->kind)), "%s: %s fills a hidden column", s->what, by);
        return;
    }
    ck_assert_msg(head->loaded_mask >> at->column & 1, "%s: %s does not load the column", s->what, by);
    ck_assert_msg(!(head->null_mask >> at->column & 1), "%s: %s gives NULL", s->what, by);
    if (at->info->kind == HG_KIND_JSON) {             /* jsonb has its own order and spacing */
        const hg_json *json = field;

        ck_assert_msg(json->ptr[json->len] == '\0', "%s: %s: no NUL byte behind it", s->what, by);
        ck_assert_msg(sql_column_is(at->of, at->column, &id, json->ptr), "%s: %s gives %.80s", s->what, by, json->ptr);
        return;
    }
    ck_assert_msg(fields_equal(at->info->kind, field, &s->value), "%s: %s gives another value", s->what, by);
    if (at->info->kind == HG_KIND_TEXT)
        ck_assert_msg(((const hg_str *)field)->ptr[((const hg_str *)field)->len] == '\0',
                      "%s: %s: no NUL byte behind it", s->what, by);
    if (at->info->kind == HG_KIND_DECIMAL && ((const hg_decimal *)field)->kind == HG_DECIMAL_FINITE)
        ck_assert_msg(((const hg_decimal *)field)->scale == at->info->scale, "%s: %s gives the scale %d, want %d", s->what,
                      by, (int)((const hg_decimal *)field)->scale, (int)at->info->scale);
}

static void
check_got(const place *at, const sample *s, const hg_uuid *id)
{
    const void *row = NULL;
    hg_status st = at->door->get(service, id, &row, &err);

    ck_assert_msg(st == HG_OK, "%s: get: %s", s->what, err.message);
    check_read(at, s, row, "get");
    at->door->free(row);
}

static void *
row_with(const place *at, const sample *s, uint64_t *set)
{
    void *row = fixture_row(at->table, set);

    memcpy(field_of(at->table, at->column, row), &s->value, field_size(at->info->kind));
    *set |= HG_BIT(at->column);
    return row;
}

static void
remove_row(const place *at, const hg_uuid *id)
{
    sql_do("SET session_replication_role = replica; DELETE FROM public.%s WHERE id = '%s'; "
           "SET session_replication_role = origin", at->of->info.name, uuid_text(id));
}

/* A CHECK of the schema document that is no list of values refuses a number: the server says so, and err names both. */
static int
is_refused_by_check(const place *at, hg_status st)
{
    if (st != HG_E_CONSTRAINT || at->info->kind != HG_KIND_INT)
        return 0;
    return sql_int("SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conname = '%s' "
                   "AND conrelid = 'public.%s'::regclass AND pg_get_constraintdef(oid) LIKE '%%%s%%'",
                   err.constraint, at->of->info.name, at->info->name) == 1 && err.column == at->column;
}

/* Inserted, read back in the same call, looked at with SQL, and read again. 0: a CHECK refuses it. */
static int
insert_keeps(const place *at, const sample *s)
{
    uint64_t set;
    void *row = row_with(at, s, &set);
    const void *made = NULL;
    hg_status st = at->door->insert(service, row, set, &made, &err);
    hg_uuid id;

    if (is_refused_by_check(at, st))
        return 0;
    ck_assert_msg(st == HG_OK, "%s: insert: %s", s->what, err.message);
    id = id_of(at, made);
    ck_assert_msg(stores(at, &id, s->text), "%s: insert stored another value", s->what);
    check_read(at, s, made, "insert");
    at->door->free(made);
    check_got(at, s, &id);
    remove_row(at, &id);
    return 1;
}

static void
update_keeps(const place *at, const sample *s, const hg_uuid *id)
{
    hgi_row *row = fixture_memory(at->of->info.row_size);
    const void *made = NULL;
    hg_status st;

    row->struct_size = at->of->info.row_size;
    memcpy(field_of(at->table, at->column, row), &s->value, field_size(at->info->kind));
    st = at->door->update(service, id, row, HG_BIT(at->column), &made, &err);
    ck_assert_msg(st == HG_OK, "%s: update: %s", s->what, err.message);
    ck_assert_msg(stores(at, id, s->text), "%s: update stored another value", s->what);
    check_read(at, s, made, "update");
    at->door->free(made);
}

static void
expect_unsent(const place *at, hg_status st, hg_status want, uint64_t trips, const char *what, const char *says)
{
    const char *name = fixture_text("%s.%s", at->of->info.name, at->info->name);

    ck_assert_msg(st == want, "%s: gave %s (%s), want %s", what, hg_status_name(st), err.message, hg_status_name(want));
    ck_assert_msg(conn_stats(service).round_trips == trips, "%s: was sent to the server", what);
    ck_assert_msg(err.column == at->column, "%s: err names column %d", what, (int)err.column);
    ck_assert_msg(strcmp(err.table, at->of->info.name) == 0, "%s: err names table \"%s\"", what, err.table);
    ck_assert_msg(strstr(err.message, name) != NULL && (says == NULL || strstr(err.message, says) != NULL),
                  "%s: the message is \"%s\", want \"%s ... %s\"", what, err.message, name, says != NULL ? says : "");
    ck_assert_msg(err.sqlstate[0] == '\0', "%s: has a SQLSTATE, but nothing was sent", what);
}

static void
refuses(const place *at, const sample *s, const hg_uuid *id)
{
    uint64_t set, trips = conn_stats(service).round_trips;
    void *row = row_with(at, s, &set);
    const void *made = &set;
    void *list = &set;
    hg_status st = at->door->insert(service, row, set, &made, &err);

    expect_unsent(at, st, HG_E_INVALID, trips, s->what, s->says);
    ck_assert_msg(made == NULL, "%s: *out is not NULL after a failure", s->what);
    st = at->door->insert_many(service, row, 1, at->of->info.row_size, set, &list, &err);
    expect_unsent(at, st, HG_E_INVALID, trips, s->what, s->says);
    ck_assert_msg(list == NULL, "%s: *out of insert_many is not NULL after a failure", s->what);
    ck_assert_msg(strncmp(err.message, "row 0: ", 7) == 0, "%s: \"%s\" does not tell the row", s->what, err.message);
    if (!may(at->of->updatable, at->column))
        return;
    made = &set;
    row = fixture_memory(at->of->info.row_size);
    ((hgi_row *)row)->struct_size = at->of->info.row_size;
    memcpy(field_of(at->table, at->column, row), &s->value, field_size(at->info->kind));
    st = at->door->update(service, id, row, HG_BIT(at->column), &made, &err);
    expect_unsent(at, st, HG_E_INVALID, trips, s->what, s->says);
    ck_assert_msg(made == NULL, "%s: *out of update is not NULL after a failure", s->what);
}

static void
takes_null(const place *at, const hg_uuid *id)
{
    uint64_t set, trips = conn_stats(service).round_trips;
    hgi_row *row = fixture_row(at->table, &set);
    const void *made = NULL;
    const sample null = { .what = "NULL" };
    hg_status st;
    hg_uuid new_id;

    memset(field_of(at->table, at->column, row), 0, field_size(at->info->kind));
    row->null_mask = HG_BIT(at->column);
    st = at->door->insert(service, row, set | HG_BIT(at->column), &made, &err);
    if (!at->info->nullable) {
        expect_unsent(at, st, HG_E_CONSTRAINT, trips, "NULL", "NULL");
        return;
    }
    ck_assert_msg(st == HG_OK, "NULL: insert: %s", err.message);
    new_id = id_of(at, made);
    ck_assert_msg(stores(at, &new_id, NULL), "NULL: insert stored a value");
    if (may(at->of->readable, at->column)) {
        ck_assert_msg(((const hgi_row *)made)->null_mask >> at->column & 1, "NULL is not read as NULL");
        ck_assert_msg(((const hgi_row *)made)->loaded_mask >> at->column & 1, "NULL is not loaded");
        ck_assert_msg(is_zero((const char *)made + at->info->offset, field_size(at->info->kind)),
                      "the field of a NULL is not zero");
    }
    at->door->free(made);
    remove_row(at, &new_id);
    if (!may(at->of->updatable, at->column))
        return;
    row = fixture_memory(at->of->info.row_size);
    row->struct_size = at->of->info.row_size;
    row->null_mask = HG_BIT(at->column);
    ck_ok(at->door->update(service, id, row, HG_BIT(at->column), NULL, &err), err);
    ck_assert_msg(stores(at, id, NULL), "%s: update left a value", null.what);
}

/* Not in set: the column's DEFAULT, as PostgreSQL computes it; now() is UTC whatever the server's zone is. */
static void
takes_default(const place *at)
{
    const hg_uuid id = fixture_insert(at->table);
    const char *by_default = at->info->default_sql;

    if (at->column == 0 || (by_default == NULL && !at->info->nullable))
        return;
    if (by_default != NULL && strstr(by_default, "now()") != NULL)
        ck_assert_msg(sql_int("SELECT abs(extract(epoch FROM %s - (now() AT TIME ZONE 'UTC')))::int FROM public.%s "
                              "WHERE id = '%s'", at->info->name, at->of->info.name, uuid_text(&id)) < 120,
                      "the default now() is not now in UTC");
    else
        ck_assert_msg(sql_text("SELECT 1 FROM public.%s WHERE id = '%s' AND %s::%s IS NOT DISTINCT FROM (%s)::%s",
                               at->of->info.name, uuid_text(&id), at->info->name, bare_type(at->info),
                               by_default != NULL ? by_default : "NULL", bare_type(at->info)) != NULL,
                      "not in set, it is not its default %s", by_default != NULL ? by_default : "NULL");
}

/* A reference to nothing is the server's to refuse, and err still names the column. */
static void
refuses_a_stranger(const place *at)
{
    sample s = { .what = "the key of nothing" };
    uint64_t set;
    void *row;

    hg_uuid_random(&s.value.uuid);
    row = row_with(at, &s, &set);
    ck_status(at->door->insert(service, row, set, NULL, &err), HG_E_CONSTRAINT, err);
    ck_column(err, at->column);
    ck_assert_msg(strcmp(err.sqlstate, "23503") == 0, "the SQLSTATE is %s, want 23503", err.sqlstate);
    ck_assert_msg(strstr(err.message, uuid_text(&s.value.uuid)) == NULL, "the message tells the value");
}

static void
column_test(int number)
{
    place at = place_of(number);
    int can_update = may(at.of->updatable, at.column), is_key = 0;
    hg_uuid id;
    const sample *samples;
    size_t count;
    int kept = 0;

    for (int32_t k = 0; k < at.of->info.key_count; k++)
        is_key |= (int)(at.of->info.keys[k].columns >> at.column & 1);
    samples = samples_of(at.table, at.column, &count);
    id = fixture_insert(at.table);
    for (size_t i = 0; i < count; i++) {
        if (samples[i].text == NULL) {
            refuses(&at, &samples[i], &id);
        } else if (insert_keeps(&at, &samples[i])) {
            kept++;
            if (can_update)
                update_keeps(&at, &samples[i], &id);
            if (can_update && is_key) {                /* or the next one meets its value there */
                remove_row(&at, &id);
                id = fixture_insert(at.table);
            }
        }
    }
    ck_assert_msg(kept > 0, "no value at all was kept");
    takes_null(&at, &id);
    takes_default(&at);
    if (at.info->kind == HG_KIND_UUID && at.column > 0 && fixture_parent(at.table, at.column) >= 0)
        refuses_a_stranger(&at);
}

/* ---- Whole rows -------------------------------------------------------------------------------------------------- */

/* Column by column a value that it keeps: the first, second, ... of its samples. JSON's own null is left out, since a
 * row as JSON cannot tell it from SQL NULL. */
static void
fill(const place *at, hgi_row *row, uint64_t *set, size_t nth)
{
    for (int32_t i = 0; i < at->of->info.column_count; i++) {
        const hg_column_info *info = &at->of->info.columns[i];
        const sample *samples, *chosen = NULL;
        size_t count, seen = 0;

        if (!may(at->of->insertable, i))
            continue;
        samples = samples_of(at->table, i, &count);
        for (size_t s = 0; s < count && seen <= nth; s++) {
            if (samples[s].text == NULL || strcmp(samples[s].text, "null") == 0)
                continue;
            if (info->kind == HG_KIND_INT && (samples[s].value.integer < 1 || samples[s].value.integer > 10))
                continue;
            chosen = &samples[s];
            seen++;
        }
        memcpy(field_of(at->table, i, row), &chosen->value, field_size(info->kind));
        if (info->kind == HG_KIND_UUID && i == 0)
            hg_uuid_new(field_of(at->table, i, row));
        if (info->kind == HG_KIND_TEXT && !info->nullable)
            *(hg_str *)field_of(at->table, i, row) = unique_text();
        *set |= HG_BIT(i);
    }
    row->struct_size = at->of->info.row_size;
}

static const char *
stored_row(const place *at, const hg_uuid *id)
{
    return sql_text("SELECT to_jsonb(t) - '{password_hash,access_token,refresh_token}'::text[] FROM public.%s t "
                    "WHERE id = '%s'", at->of->info.name, uuid_text(id));
}

/* Every column of a row that was read, as its text, means to PostgreSQL what it stores. */
static void
check_texts(const place *at, const void *row)
{
    hg_uuid id = id_of(at, row);

    for (int32_t i = 0; i < at->of->info.column_count; i++) {
        place cell = { at->table, i, at->of, &at->of->info.columns[i], at->door };
        hg_text *text = NULL;

        if (!may(at->of->readable, i))
            continue;
        ck_ok(hg_row_column_text(at->table, row, i, &text, &err), err);
        ck_assert_msg(stores(&cell, &id, text != NULL ? hg_text_ptr(text) : NULL), "%s as text is \"%.60s\"",
                      cell.info->name, text != NULL ? hg_text_ptr(text) : "NULL");
        hg_text_free(text);
    }
}

/* Out as JSON, in as JSON, written by the draft: the same row. */
static void
check_json(const place *at, const void *row)
{
    hg_uuid id = id_of(at, row);
    const char *before = stored_row(at, &id);
    hg_text *json = NULL;
    hg_draft *draft = NULL;
    const void *rows;
    size_t count, stride;
    uint64_t set;

    ck_ok(at->door->to_json(row, &json, &err), err);
    ck_ok(at->door->from_json(hg_text_ptr(json), hg_text_len(json), &draft, &err), err);
    rows = at->door->draft_rows(draft, &count, &stride, &set);
    ck_assert_msg(count == 1 && rows != NULL, "the draft has %zu rows, want 1", count);
    ck_assert_msg(set == ((const hgi_row *)row)->loaded_mask, "the draft does not set what was read");
    remove_row(at, &id);
    ck_ok(at->door->insert_many(service, rows, count, stride, set, NULL, &err), err);
    ck_assert_msg(strcmp(stored_row(at, &id), before) == 0, "through JSON came %s, want %s", stored_row(at, &id), before);
    hg_draft_free(draft);
    hg_text_free(json);
}

enum { ROWS = 3 };

static void
whole_row_test(int table)
{
    place at = place_of(table * COLUMNS_A_TABLE);
    size_t size = at.of->info.row_size, count, stride;
    char *rows = fixture_memory(ROWS * size);
    void *list = NULL;
    const char *first;
    uint64_t set = 0;

    for (size_t i = 0; i < ROWS; i++)
        fill(&at, (hgi_row *)(void *)(rows + i * size), &set, i);
    ck_ok(at.door->insert_many(service, rows, ROWS, size, set, &list, &err), err);
    first = at.door->list_rows(list, &count, &stride);
    ck_assert_msg(count == ROWS && at.door->list_count(list) == ROWS, "%zu rows came back, want %d", count, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        const char *row = first + i * stride;

        ck_assert_msg(at.door->list_at(list, i) == row, "row %zu is not where base and stride say", i);
        for (int32_t c = 0; c < at.of->info.column_count; c++) {
            place cell = { at.table, c, at.of, &at.of->info.columns[c], at.door };
            sample s = { .what = cell.info->name };

            if (!(set >> c & 1))
                continue;
            memcpy(&s.value, rows + i * size + cell.info->offset, field_size(cell.info->kind));
            check_read(&cell, &s, row, "insert_many");
        }
        check_texts(&at, row);
        check_json(&at, row);
    }
    ck_assert_msg(at.door->list_at(list, ROWS) == NULL, "there is a row behind the last");
    at.door->list_free(list);
}

/* An empty batch, an absent row and a row that is deleted, through each table's own calls. */
static void
absent_row_test(int table)
{
    place at = place_of(table * COLUMNS_A_TABLE);
    const void *row = &at;
    void *list = NULL;
    hg_uuid id;

    hg_uuid_random(&id);
    ck_status(at.door->get(service, &id, &row, &err), HG_E_NOT_FOUND, err);
    ck_assert_msg(row == NULL, "*out is not NULL after a failure");
    ck_assert_msg(strcmp(err.table, at.of->info.name) == 0, "err names table \"%s\"", err.table);
    ck_ok(at.door->get_many(service, &id, 1, &list, &err), err);
    ck_assert_msg(at.door->list_count(list) == 0 && at.door->list_rows(list, NULL, NULL) == NULL, "a row came");
    at.door->list_free(list);
    ck_ok(at.door->get_many(service, NULL, 0, &list, &err), err);
    ck_assert_msg(at.door->list_count(list) == 0, "a row came of no ids");
    at.door->list_free(list);
    if (at.of->deletable >> HG_ROLE_SERVICE & 1) {
        ck_status(at.door->delete(service, &id, &err), HG_E_NOT_FOUND, err);
        id = fixture_insert(table);
        ck_ok(at.door->delete(service, &id, &err), err);
        ck_status(at.door->delete(service, &id, &err), HG_E_NOT_FOUND, err);
    } else {
        ck_status(at.door->delete(service, &id, &err), HG_E_DENIED, err);
    }
}

/* ---- The suite --------------------------------------------------------------------------------------------------- */

static TTest tests[25 * 40 + 100];
static char names[25 * 40 + 100][120];
static int test_count;

static void
add_test(TCase *tc, void (*fn)(int), int number, const char *name, const char *rest)
{
    TTest *test = &tests[test_count];

    snprintf(names[test_count], sizeof names[0], "%s%s", name, rest);
    *test = (TTest){ .name = names[test_count], .fn = fn, .file = __FILE__, .line = __LINE__ };
    test_count++;
    _tcase_add_test(tc, test, 0, 0, number, number + 1);
}

static TCase *
table_case(const hgi_table *of)
{
    TCase *tc = tcase_create(of->info.name);

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 120);
    return tc;
}

Suite *
suite_tables_property(void)
{
    Suite *suite = suite_create("tables/property");

    for (int table = 0; table < hgi_table_count; table++) {
        const hgi_table *of = hgi_tables[table];
        TCase *tc = table_case(of);
        char name[100];

        for (int column = 0; column < of->info.column_count; column++) {
            snprintf(name, sizeof name, "%s.%s", of->info.name, of->info.columns[column].name);
            add_test(tc, column_test, table * COLUMNS_A_TABLE + column, name,
                     " keeps what it can hold and refuses the rest unsent");
        }
        add_test(tc, whole_row_test, table, of->info.name, ": whole rows survive insert_many, text, JSON and draft");
        add_test(tc, absent_row_test, table, of->info.name, ": a row that is not there is told apart from none");
        suite_add_tcase(suite, tc);
    }
    return suite;
}
