/* tables/unreadable - what the database holds and the C type cannot: the call fails with table, column and the row's id,
 * the connection goes on, and other rows are read as ever. And values of an enumerated column that this build does not
 * know: they are read as -1 with their text, and cannot be written.
 *
 * The list columns, the timestamps and the enumerated columns of all tables, found by the descriptors. Unknown values
 * need the CHECKs gone, which happens in hotgigs_scratch. */
#include "fixture.h"
#include "suites.h"
#include "tables/doors.h"

#include <stdio.h>
#include <string.h>

static int32_t table;
static int32_t column;
static const hgi_table *of;
static const doors *door;

/* The nth column of a kind, over all tables. */
static int
find_column(int32_t kind, int nth)
{
    for (table = 0; table < hgi_table_count; table++) {
        of = hgi_tables[table];
        door = &table_doors[table];
        for (column = 0; column < of->info.column_count; column++)
            if (of->info.columns[column].kind == kind && nth-- == 0)
                return 1;
    }
    return 0;
}

static int
count_columns(int32_t kind)
{
    int n = 0;

    while (find_column(kind, n))
        n++;
    return n;
}

/* Past triggers, which would overwrite a time. */
static void
store(const hg_uuid *id, const char *literal)
{
    sql_do("SET session_replication_role = replica; UPDATE public.%s SET %s = '%s' WHERE id = '%s'; "
           "SET session_replication_role = origin", of->info.name, of->info.columns[column].name, literal, uuid_text(id));
}

static void
expect_unreadable(const hg_uuid *id)
{
    const hg_uuid other = fixture_insert(table), both[] = { other, *id };
    const void *row = &other;
    void *list = &table;
    hg_status st = door->get(service, id, &row, &err);

    ck_status(st, HG_E_INVALID, err);
    ck_assert_msg(row == NULL, "*out is not NULL after a failure");
    ck_column(err, column);
    ck_assert_msg(strcmp(err.table, of->info.name) == 0, "err names table \"%s\"", err.table);
    ck_says(err, uuid_text(id));
    ck_says(err, of->info.columns[column].name);

    ck_status(door->get_many(service, both, 2, &list, &err), HG_E_INVALID, err);
    ck_assert_msg(list == NULL, "*out of get_many is not NULL after a failure");
    ck_ok(door->get_many(service, both, 1, &list, &err), err);
    ck_assert_msg(door->list_count(list) == 1, "the row beside it is not read");
    door->list_free(list);
    sql_do("SET session_replication_role = replica; DELETE FROM public.%s WHERE id = '%s'; "
           "SET session_replication_role = origin", of->info.name, uuid_text(id));
}

START_TEST(a_list_of_two_dimensions_fails_with_its_row)
{
    hg_uuid id;

    ck_assert(find_column(HG_KIND_TEXT_LIST, _i));
    id = fixture_insert(table);
    store(&id, "{{a,b},{c,d}}");
    expect_unreadable(&id);
}
END_TEST

START_TEST(a_list_that_does_not_begin_at_1_is_read_as_one_that_does)
{
    const void *row = NULL;
    const hg_str_list *list;
    hg_uuid id;

    ck_assert(find_column(HG_KIND_TEXT_LIST, _i));
    id = fixture_insert(table);
    store(&id, "[5:6]={a,b}");
    ck_ok(door->get(service, &id, &row, &err), err);
    list = (const void *)((const char *)row + of->info.columns[column].offset);
    ck_assert_msg(list->count == 2 && strcmp(list->items[1].ptr, "b") == 0, "%zu elements were read", list->count);
    door->free(row);
}
END_TEST

START_TEST(a_timestamp_of_the_year_294276_fails_with_its_row)
{
    hg_uuid id;

    ck_assert(find_column(HG_KIND_TIMESTAMP, _i));
    id = fixture_insert(table);
    store(&id, "294276-12-31 23:59:59.999999");
    expect_unreadable(&id);
}
END_TEST

/* ---- Long lists: the row that cannot be read comes after many that can ------------------------------------------- */

START_TEST(one_bad_row_among_a_thousand_fails_the_list_and_not_the_connection)
{
    enum { ROWS = 1000 };
    hg_uuid *ids = fixture_memory(ROWS * sizeof *ids);
    hg_task *rows = fixture_memory(ROWS * sizeof *rows);
    hg_task_list *list = NULL;

    for (size_t i = 0; i < ROWS; i++) {
        hg_uuid_new(&ids[i]);
        rows[i] = (hg_task){ .struct_size = sizeof *rows, .id = ids[i], .title = { "t", 1 } };
    }
    ck_ok(hg_task_insert_many(service, rows, ROWS, sizeof *rows, HG_BIT(HG_TASK_ID) | HG_BIT(HG_TASK_TITLE), NULL, &err),
          err);
    sql_do("UPDATE tasks SET due_date = '294276-12-31' WHERE id = '%s'", uuid_text(&ids[700]));

    ck_status(hg_task_get_many(service, ids, ROWS, &list, &err), HG_E_INVALID, err);
    ck_column(err, HG_TASK_DUE_DATE);
    ck_says(err, uuid_text(&ids[700]));
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_ok(hg_task_get_many(service, ids, 700, &list, &err), err);
    ck_assert_msg(hg_task_list_count(list) == 700, "%zu rows, want 700", hg_task_list_count(list));
    hg_task_list_free(list);
}
END_TEST

/* ---- Values that this build does not know ------------------------------------------------------------------------ */

static hg_conn *scratch;

static void
open_scratch(void)
{
    fixture_open();
    PQfinish(admin);
    admin = sql_connect(fixture_dsn_with("ADMIN", "dbname=hotgigs_scratch"));
    sql_do("SET lock_timeout = '10s'; DO $$ DECLARE c record; BEGIN FOR c IN SELECT conrelid::regclass AS t, conname "
           "FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP "
           "EXECUTE format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.t, c.conname); END LOOP; END $$");
    scratch = fixture_conn(fixture_dsn_with("SERVICE", "dbname=hotgigs_scratch"), NULL);
}

static void
close_scratch(void)
{
    fixture_done(scratch);
    fixture_close();
}

START_TEST(an_unknown_value_is_read_as_minus_1_with_its_text_and_is_never_written)
{
    const char *text = "new \"value\"";
    hgi_row *row, *write;
    const void *got = NULL;
    uint64_t set, trips;
    hg_text *cell = NULL, *json = NULL;
    hg_draft *draft = (hg_draft *)(void *)&set;
    const hg_str *unknown;
    hg_uuid id;

    ck_assert(find_column(HG_KIND_ENUM, _i));
    row = fixture_row(table, &set);
    hg_uuid_new(&id);
    *(hg_uuid *)field_of(table, 0, row) = id;
    ck_ok(door->insert(scratch, row, set | HG_BIT(0), NULL, &err), err);
    store(&id, text);

    ck_ok(door->get(scratch, &id, &got, &err), err);
    ck_assert_msg(*(const int32_t *)(const void *)((const char *)got + of->info.columns[column].offset) == -1,
                  "it is read as a value that is known");
    memcpy(&unknown, (const char *)got + of->unknown_offset, sizeof unknown);
    ck_assert_msg(unknown != NULL && unknown[0].len == strlen(text) && strcmp(unknown[0].ptr, text) == 0,
                  "unknown_text is not its text");
    ck_ok(hg_row_column_text(table, got, column, &cell, &err), err);
    ck_assert_msg(strcmp(hg_text_ptr(cell), text) == 0, "hg_row_column_text gives %s", hg_text_ptr(cell));
    ck_ok(door->to_json(got, &json, &err), err);
    ck_assert_msg(strstr(hg_text_ptr(json), "new \\\"value\\\"") != NULL, "to_json gives %s", hg_text_ptr(json));
    ck_status(door->from_json(hg_text_ptr(json), hg_text_len(json), &draft, &err), HG_E_INVALID, err);
    ck_column(err, column);
    ck_assert_msg(draft == NULL, "*out of from_json is not NULL after a failure");

    write = fixture_memory(of->info.row_size);
    memcpy(write, got, of->info.row_size);
    write->row_version = 0;
    trips = conn_stats(scratch).round_trips;
    ck_status(door->insert(scratch, write, write->loaded_mask, NULL, &err), HG_E_INVALID, err);
    ck_column(err, column);
    ck_assert_msg(conn_stats(scratch).round_trips == trips, "-1 was sent to the server");
    hg_text_free(cell);
    hg_text_free(json);
    door->free(got);
}
END_TEST

START_TEST(several_unknown_values_keep_their_texts_apart)
{
    const hg_task *row = NULL;
    hg_task least = { .struct_size = sizeof least, .title = { "t", 1 } };
    const hg_task *made = NULL;
    hg_text *text = NULL;

    ck_ok(hg_task_insert(scratch, &least, HG_BIT(HG_TASK_TITLE), &made, &err), err);
    sql_do("UPDATE tasks SET task_type = 'x1', priority = 'high', status = 'x3' WHERE id = '%s'", uuid_text(&made->id));
    ck_ok(hg_task_get(scratch, &made->id, &row, &err), err);
    ck_assert_msg(row->task_type == -1 && row->priority == HG_TASK_PRIORITY_HIGH && row->status == -1,
                  "read as %d, %d, %d", row->task_type, row->priority, row->status);
    ck_ok(hg_row_column_text(HG_TABLE_TASKS, row, HG_TASK_TASK_TYPE, &text, &err), err);
    ck_assert_str_eq(hg_text_ptr(text), "x1");
    hg_text_free(text);
    ck_ok(hg_row_column_text(HG_TABLE_TASKS, row, HG_TASK_PRIORITY, &text, &err), err);
    ck_assert_str_eq(hg_text_ptr(text), "high");
    hg_text_free(text);
    ck_ok(hg_row_column_text(HG_TABLE_TASKS, row, HG_TASK_STATUS, &text, &err), err);
    ck_assert_str_eq(hg_text_ptr(text), "x3");
    hg_text_free(text);
    hg_task_free(row);
    hg_task_free(made);
}
END_TEST

START_TEST(unknown_values_are_read_in_long_lists_too)
{
    enum { ROWS = 400 };
    hg_uuid *ids = fixture_memory(ROWS * sizeof *ids);
    hg_task *rows = fixture_memory(ROWS * sizeof *rows);
    hg_task_list *list = NULL;

    for (size_t i = 0; i < ROWS; i++) {
        hg_uuid_new(&ids[i]);
        rows[i] = (hg_task){ .struct_size = sizeof *rows, .id = ids[i], .title = { "t", 1 } };
    }
    ck_ok(hg_task_insert_many(scratch, rows, ROWS, sizeof *rows, HG_BIT(HG_TASK_ID) | HG_BIT(HG_TASK_TITLE), NULL, &err),
          err);
    sql_do("UPDATE tasks SET status = 'for ' || id WHERE id BETWEEN '%s' AND '%s'", uuid_text(&ids[0]),
           uuid_text(&ids[ROWS - 1]));
    ck_ok(hg_task_get_many(scratch, ids, ROWS, &list, &err), err);
    for (size_t i = 0; i < ROWS; i++) {
        const hg_task *row = hg_task_list_at(list, i);

        ck_assert_msg(row->status == -1 && strcmp(row->unknown_text[0].ptr + 4, uuid_text(&row->id)) == 0,
                      "row %zu has not its own text", i);
    }
    hg_task_list_free(list);
}
END_TEST

Suite *
suite_tables_unreadable(void)
{
    Suite *suite = suite_create("tables/unreadable");
    TCase *tc = tcase_create("values");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_list_of_two_dimensions_fails_with_its_row, 0, count_columns(HG_KIND_TEXT_LIST));
    tcase_add_loop_test(tc, a_list_that_does_not_begin_at_1_is_read_as_one_that_does, 0,
                        count_columns(HG_KIND_TEXT_LIST));
    tcase_add_loop_test(tc, a_timestamp_of_the_year_294276_fails_with_its_row, 0, count_columns(HG_KIND_TIMESTAMP));
    tcase_add_test(tc, one_bad_row_among_a_thousand_fails_the_list_and_not_the_connection);
    suite_add_tcase(suite, tc);

    tc = tcase_create("unknown");
    tcase_add_checked_fixture(tc, open_scratch, close_scratch);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, an_unknown_value_is_read_as_minus_1_with_its_text_and_is_never_written, 0,
                        count_columns(HG_KIND_ENUM));
    tcase_add_test(tc, several_unknown_values_keep_their_texts_apart);
    tcase_add_test(tc, unknown_values_are_read_in_long_lists_too);
    suite_add_tcase(suite, tc);
    return suite;
}
