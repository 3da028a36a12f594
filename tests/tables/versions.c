/* tables/versions - row_version: what a row that was read is compared with when it is written.
 *
 * The rule runs over all tables; what does and does not move the version is told with users, jobs and applications. */
#include "fixture.h"
#include "suites.h"
#include "tables/doors.h"

#include <stdio.h>
#include <string.h>

/* The first column that the service may change, and that a text or a document fits. */
static int32_t
changeable(const hgi_table *of)
{
    for (int32_t c = 1; c < of->info.column_count; c++) {
        int32_t kind = of->info.columns[c].kind, length = of->info.columns[c].length;

        if (of->updatable[HG_ROLE_SERVICE] >> c & 1 &&
            ((kind == HG_KIND_TEXT && (length == 0 || length >= 20)) || kind == HG_KIND_JSON))
            return c;
    }
    return -1;
}

/* Changes it to something else. made may be NULL. */
static hg_status
change(hg_conn *conn, int32_t table, const hg_uuid *id, uint64_t version, const void **made)
{
    const hgi_table *of = hgi_tables[table];
    int32_t column = changeable(of);
    hgi_row *row = fixture_memory(of->info.row_size);
    hg_str text = unique_text();

    row->struct_size = of->info.row_size;
    row->row_version = version;
    if (of->info.columns[column].kind == HG_KIND_JSON)
        text = str_of(fixture_text("\"%s\"", text.ptr));
    *(hg_str *)field_of(table, column, row) = text;
    return table_doors[table].update(conn, id, row, HG_BIT(column), made, &err);
}

static uint64_t
version_of(const void *row)
{
    return ((const hgi_row *)row)->row_version;
}

static uint64_t
read_version(int32_t table, const hg_uuid *id)
{
    const void *row = NULL;
    uint64_t version;

    ck_ok(table_doors[table].get(service, id, &row, &err), err);
    version = version_of(row);
    table_doors[table].free(row);
    return version;
}

START_TEST(the_version_is_the_time_that_the_table_keeps_or_xmin)
{
    const hgi_table *of = hgi_tables[_i];
    hg_uuid id = fixture_insert(_i);
    uint64_t version = read_version(_i, &id);
    const char *expected;

    if (of->info.version_column >= 0)
        expected = sql_text("SELECT (extract(epoch FROM %s) * 1000000)::bigint FROM public.%s WHERE id = '%s'",
                            of->info.columns[of->info.version_column].name, of->info.name, uuid_text(&id));
    else
        expected = sql_text("SELECT xmin FROM public.%s WHERE id = '%s'", of->info.name, uuid_text(&id));
    ck_assert_msg(strcmp(expected, fixture_text("%llu", (unsigned long long)version)) == 0, "it is %llu, want %s",
                  (unsigned long long)version, expected);
}
END_TEST

START_TEST(an_update_by_version_wins_once)
{
    const hgi_table *of = hgi_tables[_i];
    hg_uuid id = fixture_insert(_i);
    uint64_t first = read_version(_i, &id), trips;
    const void *row = NULL, *none = &first;
    const char *stored;

    if (changeable(of) < 0) {
        ck_assert_msg(of->updatable[HG_ROLE_SERVICE] == 0, "no column to change was found");
        return;
    }
    trips = conn_stats(service).round_trips;
    ck_ok(change(service, _i, &id, first, &row), err);
    ck_assert_msg(version_of(row) != first, "the version did not change");
    ck_assert_msg(of->info.version_column < 0 || version_of(row) > first, "the version did not grow");
    stored = sql_text("SELECT t::text FROM public.%s t WHERE id = '%s'", of->info.name, uuid_text(&id));

    ck_status(change(service, _i, &id, first, &none), HG_E_CONFLICT, err);
    ck_assert_msg(none == NULL, "*out is not NULL after a failure");
    ck_assert_str_eq(err.table, of->info.name);
    ck_assert_msg(strcmp(stored, sql_text("SELECT t::text FROM public.%s t WHERE id = '%s'", of->info.name,
                                          uuid_text(&id))) == 0, "the row changed in spite of the conflict");
    ck_ok(change(service, _i, &id, version_of(row), NULL), err);
    ck_assert_msg(conn_stats(service).round_trips == trips + 3, "%d round trips, want one each",
                  (int)(conn_stats(service).round_trips - trips));
    table_doors[_i].free(row);
}
END_TEST

START_TEST(update_without_version_overwrites)
{
    hg_uuid id = fixture_insert(HG_TABLE_TASKS);

    for (int i = 0; i < 3; i++)
        ck_ok(change(service, HG_TABLE_TASKS, &id, 0, NULL), err);
}
END_TEST

START_TEST(a_version_of_a_row_that_is_gone_is_not_found)
{
    hg_uuid id = fixture_insert(HG_TABLE_TASKS);
    uint64_t version = read_version(HG_TABLE_TASKS, &id);

    ck_ok(hg_task_delete(service, &id, &err), err);
    ck_status(change(service, HG_TABLE_TASKS, &id, version, NULL), HG_E_NOT_FOUND, err);
}
END_TEST

START_TEST(of_two_writers_with_one_version_one_wins)
{
    static const int32_t tables[] = { HG_TABLE_TASKS, HG_TABLE_JOB_SKILLS };
    int32_t table = tables[_i];
    hg_conn *other = fixture_conn(fixture_dsn("SERVICE"), NULL);
    hg_uuid id = fixture_insert(table);
    uint64_t version = read_version(table, &id);

    ck_ok(change(other, table, &id, version, NULL), err);
    ck_status(change(service, table, &id, version, NULL), HG_E_CONFLICT, err);
    fixture_done(other);
}
END_TEST

START_TEST(writing_the_same_again_leaves_the_time_as_it_is)
{
    hg_uuid id = fixture_insert(HG_TABLE_TASKS);
    hg_task row = { .struct_size = sizeof row, .title = { "same", 4 } };
    const hg_task *first = NULL, *second = NULL;

    ck_ok(hg_task_update(service, &id, &row, HG_BIT(HG_TASK_TITLE), &first, &err), err);
    ck_ok(hg_task_update(service, &id, &row, HG_BIT(HG_TASK_TITLE), &second, &err), err);
    ck_assert_msg(first->row_version == second->row_version, "a statement that changed nothing moved the version");
    hg_task_free(first);
    hg_task_free(second);
}
END_TEST

START_TEST(a_page_view_and_a_sign_in_are_no_conflict_for_an_editor)
{
    hg_uuid job = fixture_insert(HG_TABLE_JOBS), user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    uint64_t job_version = read_version(HG_TABLE_JOBS, &job), user_version = read_version(HG_TABLE_USERS, &user);
    hg_job view = { .struct_size = sizeof view, .view_count = 8 };
    hg_user sign_in = { .struct_size = sizeof sign_in, .last_login_at = 5 };
    hg_application application = { .struct_size = sizeof application, .job_id = job };

    ck_ok(hg_job_update(service, &job, &view, HG_BIT(HG_JOB_VIEW_COUNT), NULL, &err), err);
    ck_ok(hg_application_insert(service, &application, HG_BIT(HG_APPLICATION_JOB_ID), NULL, &err), err);
    ck_ok(hg_user_update(service, &user, &sign_in, HG_BIT(HG_USER_LAST_LOGIN_AT), NULL, &err), err);
    ck_assert_msg(read_version(HG_TABLE_JOBS, &job) == job_version, "counting moved the version of the job");
    ck_assert_msg(read_version(HG_TABLE_USERS, &user) == user_version, "signing in moved the version of the user");
    ck_ok(change(service, HG_TABLE_JOBS, &job, job_version, NULL), err);
    ck_ok(change(service, HG_TABLE_USERS, &user, user_version, NULL), err);
}
END_TEST

START_TEST(the_version_grows_within_one_transaction_too)
{
    hg_uuid id = fixture_insert(HG_TABLE_TASKS);
    const void *first = NULL, *second = NULL;

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(change(service, HG_TABLE_TASKS, &id, 0, &first), err);
    ck_ok(change(service, HG_TABLE_TASKS, &id, version_of(first), &second), err);
    ck_assert_msg(version_of(second) > version_of(first), "now() stands still within a transaction, and so did it");
    ck_ok(hg_tx_commit(service, &err), err);
    hg_task_free(first);
    hg_task_free(second);
}
END_TEST

Suite *
suite_tables_versions(void)
{
    Suite *suite = suite_create("tables/versions");
    TCase *tc = tcase_create("versions");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, the_version_is_the_time_that_the_table_keeps_or_xmin, 0, hgi_table_count);
    tcase_add_loop_test(tc, an_update_by_version_wins_once, 0, hgi_table_count);
    tcase_add_test(tc, update_without_version_overwrites);
    tcase_add_test(tc, a_version_of_a_row_that_is_gone_is_not_found);
    tcase_add_loop_test(tc, of_two_writers_with_one_version_one_wins, 0, 2);
    tcase_add_test(tc, writing_the_same_again_leaves_the_time_as_it_is);
    tcase_add_test(tc, a_page_view_and_a_sign_in_are_no_conflict_for_an_editor);
    tcase_add_test(tc, the_version_grows_within_one_transaction_too);
    suite_add_tcase(suite, tc);
    return suite;
}
