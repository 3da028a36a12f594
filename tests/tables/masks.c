/* tables/masks - set, null_mask, loaded_mask and struct_size: a forgotten bit is an error and not a lost value.
 *
 * The rules that hold for any column run over every column of every table; the rest is told with jobs. Whatever can be
 * told without the server is told before anything is sent, which the round trips prove. */
#include "fixture.h"
#include "suites.h"
#include "tables/doors.h"
#include "tables/sample.h"

#include <stdio.h>
#include <string.h>

static uint64_t trips;

/* Counts from here on. */
static void
from_here(void)
{
    trips = conn_stats(service).round_trips;
}

#define ck_unsent() \
    ck_assert_msg(conn_stats(service).round_trips == trips, "%d round trips, want none", \
                  (int)(conn_stats(service).round_trips - trips))

static hg_job
a_job(void)
{
    return (hg_job){ .struct_size = sizeof(hg_job), .title = { "Title", 5 }, .slug = unique_text(),
                     .description = { "Text", 4 }, .job_type = HG_JOB_JOB_TYPE_CONTRACT };
}

static const uint64_t least = HG_BIT(HG_JOB_TITLE) | HG_BIT(HG_JOB_SLUG) | HG_BIT(HG_JOB_DESCRIPTION) |
                              HG_BIT(HG_JOB_JOB_TYPE);

/* ---- Every column of every table --------------------------------------------------------------------------------- */

/* Runs insert, insert_many and update with the row; all of them must refuse it alike, unsent. */
static void
expect_refused(int32_t table, int32_t column, const void *row, uint64_t set, const char *says)
{
    const hgi_table *of = hgi_tables[table];
    const void *made = row;
    void *list = &table;
    hg_uuid id = { { 1 } };
    hg_status st[3];
    hg_error errs[3];

    from_here();
    st[0] = table_doors[table].insert(service, row, set, &made, &errs[0]);
    st[1] = table_doors[table].insert_many(service, row, 1, of->info.row_size, set, &list, &errs[1]);
    st[2] = table_doors[table].update(service, &id, row, set, &made, &errs[2]);
    for (int i = 0; i < 3; i++) {
        ck_assert_msg(st[i] == HG_E_INVALID, "%s.%s, call %d: gave %s (%s)", of->info.name, of->info.columns[column].name,
                      i, hg_status_name(st[i]), errs[i].message);
        ck_assert_msg(errs[i].column == column, "%s.%s: err names column %d (%s)", of->info.name,
                      of->info.columns[column].name, (int)errs[i].column, errs[i].message);
        ck_assert_msg(strstr(errs[i].message, says) != NULL, "\"%s\" does not say \"%s\"", errs[i].message, says);
    }
    ck_assert_msg(made == NULL && list == NULL, "*out is not NULL after a failure");
    ck_unsent();
}

/* Something that is not zero. */
static void
put_any(int32_t table, int32_t column, void *row)
{
    size_t count;
    const sample *s = samples_of(table, column, &count);
    const hg_column_info *info = &hgi_tables[table]->info.columns[column];

    *(char *)field_of(table, column, row) = 1;
    if (info->kind == HG_KIND_TEXT || info->kind == HG_KIND_JSON)
        *(hg_str *)field_of(table, column, row) = s[2].value.text;
}

START_TEST(a_value_without_its_bit_is_refused)
{
    const hgi_table *of = hgi_tables[_i];

    for (int32_t c = 0; c < of->info.column_count; c++) {
        uint64_t set;
        void *row = fixture_row(_i, &set);

        if (set >> c & 1 || of->info.columns[c].kind == HG_KIND_UUID)
            continue;
        put_any(_i, c, row);
        expect_refused(_i, c, row, set, "not in set");
    }
}
END_TEST

START_TEST(a_null_bit_without_its_set_bit_is_refused)
{
    const hgi_table *of = hgi_tables[_i];

    for (int32_t c = 1; c < of->info.column_count; c++) {
        uint64_t set;
        hgi_row *row = fixture_row(_i, &set);

        if (set >> c & 1)
            continue;
        row->null_mask = HG_BIT(c);
        expect_refused(_i, c, row, set, "null_mask but not in set");
    }
}
END_TEST

START_TEST(null_with_a_value_in_its_field_is_refused)
{
    const hgi_table *of = hgi_tables[_i];

    for (int32_t c = 1; c < of->info.column_count; c++) {
        uint64_t set;
        hgi_row *row = fixture_row(_i, &set);

        if (of->info.columns[c].kind == HG_KIND_UUID)
            continue;
        put_any(_i, c, row);
        row->null_mask = HG_BIT(c);
        expect_refused(_i, c, row, set | HG_BIT(c), "field is not zero");
    }
}
END_TEST

START_TEST(a_column_that_must_be_given_is_named)
{
    const hgi_table *of = hgi_tables[_i];
    uint64_t all;
    void *row = fixture_row(_i, &all);

    for (uint64_t left = all; left != 0; left &= left - 1) {
        int32_t c = __builtin_ctzll(left);
        char *without = fixture_memory(of->info.row_size);

        memcpy(without, row, of->info.row_size);
        memset(field_of(_i, c, without), 0, of->info.columns[c].kind == HG_KIND_TEXT ||
               of->info.columns[c].kind == HG_KIND_JSON ? sizeof(hg_str) :
               of->info.columns[c].kind == HG_KIND_DECIMAL ? sizeof(hg_decimal) :
               of->info.columns[c].kind == HG_KIND_TIMESTAMP ? 8 : 4);
        from_here();
        ck_status(table_doors[_i].insert(service, without, all & ~HG_BIT(c), NULL, &err), HG_E_CONSTRAINT, err);
        ck_column(err, c);
        ck_unsent();
    }
}
END_TEST

START_TEST(set_may_name_only_columns_that_there_are)
{
    uint64_t set;
    void *row = fixture_row(_i, &set);
    int32_t beyond = hgi_tables[_i]->info.column_count;

    from_here();
    ck_status(table_doors[_i].insert(service, row, set | HG_BIT(beyond), NULL, &err), HG_E_INVALID, err);
    ck_column(err, beyond);
    ck_status(table_doors[_i].insert(service, row, set | HG_BIT(63), NULL, &err), HG_E_INVALID, err);
    ck_column(err, 63);
    ck_unsent();
}
END_TEST

/* ---- struct_size ------------------------------------------------------------------------------------------------- */

START_TEST(struct_size_zero_or_less_than_the_head_is_refused)
{
    static const uint32_t sizes[] = { 0, 4, 39 };
    hg_job row = a_job();

    row.struct_size = sizes[_i];
    from_here();
    ck_status(hg_job_insert(service, &row, least, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "struct_size");
    ck_unsent();
}
END_TEST

START_TEST(a_row_of_an_older_header_is_read_as_far_as_it_goes)
{
    hg_job row = a_job();
    const hg_job *made = NULL;

    row.struct_size = offsetof(hg_job, view_count);
    row.view_count = 7;                     /* beyond its end: not looked at */
    row.updated_at = 7;
    row.unknown_text = (const hg_str *)8;
    ck_ok(hg_job_insert(service, &row, least, &made, &err), err);
    ck_assert_msg(made->view_count == 0, "the default is %d, want 0", made->view_count);
    ck_assert_msg(made->struct_size == sizeof(hg_job), "the library's own row says %u", made->struct_size);
    hg_job_free(made);

    from_here();
    ck_status(hg_job_insert(service, &row, least | HG_BIT(HG_JOB_VIEW_COUNT), NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_VIEW_COUNT);
    ck_says(err, "struct_size");
    ck_unsent();
}
END_TEST

START_TEST(a_row_whose_end_cuts_a_field_does_not_have_that_field)
{
    hg_job row = a_job();

    row.struct_size = offsetof(hg_job, seo_keywords) + 8;
    from_here();
    ck_status(hg_job_insert(service, &row, least | HG_BIT(HG_JOB_SEO_KEYWORDS), NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_SEO_KEYWORDS);
    ck_unsent();
}
END_TEST

START_TEST(a_row_of_a_newer_header_is_taken)
{
    struct { hg_job row; char more[64]; } newer = { .row = a_job() };
    struct { hg_job row; char more[64]; } many[3];
    hg_job_list *list = NULL;

    newer.row.struct_size = sizeof newer;
    memset(newer.more, 0x55, sizeof newer.more);
    ck_ok(hg_job_insert(service, &newer.row, least, NULL, &err), err);
    for (int i = 0; i < 3; i++)
        memcpy(&many[i], &newer, sizeof newer);
    ck_ok(hg_job_insert_many(service, &many[0].row, 3, sizeof many[0], least, &list, &err), err);
    ck_assert_msg(hg_job_list_count(list) == 3, "%zu rows came back", hg_job_list_count(list));
    hg_job_list_free(list);
}
END_TEST

START_TEST(reserved_bytes_are_zero)
{
    hg_job row = a_job();

    row.reserved0 = 1;
    from_here();
    ck_status(hg_job_insert(service, &row, least, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "reserved0");
    ck_unsent();
}
END_TEST

/* ---- Rows that were read ----------------------------------------------------------------------------------------- */

START_TEST(a_row_that_was_read_can_be_changed_and_written_back)
{
    hg_job row = a_job(), copy;
    const hg_job *made = NULL, *changed = NULL;

    ck_ok(hg_job_insert(service, &row, least, &made, &err), err);
    copy = *made;                           /* all its fields are in loaded_mask, so none of them is a forgotten bit */
    copy.title = str_of("Another");
    ck_ok(hg_job_update(service, &made->id, &copy, HG_BIT(HG_JOB_TITLE), &changed, &err), err);
    ck_assert_msg(strcmp(changed->title.ptr, "Another") == 0, "the title is %s", changed->title.ptr);
    ck_assert_msg(strcmp(changed->slug.ptr, row.slug.ptr) == 0, "what is not in set changed");
    hg_job_free(made);
    hg_job_free(changed);
}
END_TEST

START_TEST(a_row_that_was_read_can_be_inserted_again_under_another_id)
{
    hg_job row = a_job(), copy;
    const hg_job *made = NULL, *twin = NULL;

    ck_ok(hg_job_insert(service, &row, least, &made, &err), err);
    copy = *made;
    copy.loaded_mask &= ~HG_BIT(HG_JOB_ID);
    memset(&copy.id, 0, sizeof copy.id);
    ck_ok(hg_job_insert(service, &copy, made->loaded_mask & ~HG_BIT(HG_JOB_ID), &twin, &err), err);
    ck_assert_msg(memcmp(&twin->id, &made->id, sizeof twin->id) != 0, "it has the same id");
    ck_assert_msg(twin->created_at == made->created_at && twin->null_mask == made->null_mask, "it is not the same row");
    hg_job_free(made);
    hg_job_free(twin);
}
END_TEST

/* ---- id ---------------------------------------------------------------------------------------------------------- */

START_TEST(id_cannot_be_changed)
{
    hg_job row = a_job();
    hg_uuid id = fixture_insert(HG_TABLE_JOBS);

    hg_uuid_new(&row.id);
    from_here();
    ck_status(hg_job_update(service, &id, &row, least | HG_BIT(HG_JOB_ID), NULL, &err), HG_E_INVALID, err);
    ck_column(err, HG_JOB_ID);
    ck_unsent();
}
END_TEST

START_TEST(a_row_without_id_gets_a_version_7_uuid_that_grows)
{
    hg_uuid before = { { 0 } };

    for (int i = 0; i < 5; i++) {
        hg_job row = a_job();
        const hg_job *made = NULL;

        ck_ok(hg_job_insert(service, &row, least, &made, &err), err);
        ck_assert_msg(made->id.bytes[6] >> 4 == 7, "its version is %d", made->id.bytes[6] >> 4);
        ck_assert_msg(memcmp(&before, &made->id, sizeof before) < 0, "it is not greater than the one before");
        before = made->id;
        hg_job_free(made);
    }
}
END_TEST

START_TEST(an_id_that_is_taken_is_a_conflict_with_its_constraint)
{
    hg_job row = a_job();
    const hg_job *made = &row;

    row.id = fixture_insert(HG_TABLE_JOBS);
    ck_status(hg_job_insert(service, &row, least | HG_BIT(HG_JOB_ID), &made, &err), HG_E_CONFLICT, err);
    ck_column(err, HG_JOB_ID);
    ck_assert_str_eq(err.constraint, "jobs_pkey");
    ck_assert_str_eq(err.table, "jobs");
    ck_assert_str_eq(err.sqlstate, "23505");
    ck_assert_msg(strstr(err.message, uuid_text(&row.id)) == NULL, "the message tells a value: %s", err.message);
    ck_assert_msg(made == NULL, "*out is not NULL after a failure");
}
END_TEST

START_TEST(messages_tell_no_values_of_rows)
{
    hg_user row = { .struct_size = sizeof row, .email = unique_text(), .user_type = 1 };
    uint64_t set = HG_BIT(HG_USER_EMAIL) | HG_BIT(HG_USER_USER_TYPE);
    hg_conn_options opt = { .struct_size = sizeof opt, .with_detail = 1 };
    hg_conn *conn = fixture_conn(fixture_dsn("ADMIN"), &opt);   /* row-level security hides keys of itself */

    ck_ok(hg_user_insert(service, &row, set, NULL, &err), err);
    ck_status(hg_user_insert(service, &row, set, NULL, &err), HG_E_CONFLICT, err);
    ck_column(err, HG_USER_EMAIL);
    ck_assert_msg(strstr(err.message, row.email.ptr) == NULL, "the message tells the value: %s", err.message);
    ck_status(hg_user_insert(conn, &row, set, NULL, &err), HG_E_CONFLICT, err);
    ck_assert_msg(strstr(err.message, row.email.ptr) != NULL, "with_detail, but no detail: %s", err.message);
    fixture_done(conn);
}
END_TEST

/* ---- out --------------------------------------------------------------------------------------------------------- */

/* Statements of the service's session that begin so. */
static const char *
prepared(const char *like)
{
    PGresult *result;
    const char *text = "";

    PQsetnonblocking(service->pg, 0);
    result = PQexec(service->pg, fixture_text("SELECT string_agg(statement, ';') FROM pg_prepared_statements "
                                              "WHERE statement LIKE '%s'", like));
    if (PQntuples(result) > 0)
        text = fixture_text("%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    PQsetnonblocking(service->pg, 1);
    return text;
}

START_TEST(out_NULL_reads_nothing_back)
{
    hg_job row = a_job();
    hg_uuid id;

    row.slug = unique_text();
    hg_uuid_new(&row.id);
    id = row.id;
    ck_ok(hg_job_insert(service, &row, least | HG_BIT(HG_JOB_ID), NULL, &err), err);
    memset(&row.id, 0, sizeof row.id);
    ck_ok(hg_job_insert_many(service, &row, 1, sizeof row, least, NULL, &err), err);
    ck_ok(hg_job_update(service, &id, &row, least, NULL, &err), err);
    ck_assert_msg(strstr(prepared("INSERT%"), "INSERT") != NULL, "no statement was prepared");
    ck_assert_msg(strstr(prepared("%"), "RETURNING") == NULL, "a statement returns rows: %s", prepared("%"));
}
END_TEST

START_TEST(a_statement_names_its_columns_and_no_star)
{
    hg_job row = a_job();
    const hg_job *made = NULL;

    ck_ok(hg_job_insert(service, &row, least, &made, &err), err);
    hg_job_free(made);
    ck_assert_msg(strstr(prepared("INSERT%"), "RETURNING id") != NULL, "it is: %s", prepared("INSERT%"));
    ck_assert_msg(strchr(prepared("INSERT%"), '*') == NULL, "it is: %s", prepared("INSERT%"));
}
END_TEST

/* ---- Arguments that the header forbids --------------------------------------------------------------------------- */

START_TEST(what_the_header_forbids_is_refused_by_name)
{
    hg_job row = a_job();
    const hg_job *made = &row;
    hg_job_list *list = (hg_job_list *)(void *)&row;
    hg_uuid id = { { 1 } };

    from_here();
    ck_status(hg_job_get(NULL, &id, &made, &err), HG_E_INVALID, err);
    ck_says(err, "conn is NULL");
    ck_assert_msg(made == NULL, "*out is not NULL after a failure");
    ck_status(hg_job_get(service, NULL, &made, &err), HG_E_INVALID, err);
    ck_says(err, "id is NULL");
    ck_status(hg_job_get(service, &id, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "out is NULL");
    ck_status(hg_job_get_many(service, NULL, 2, &list, &err), HG_E_INVALID, err);
    ck_says(err, "ids is NULL");
    ck_assert_msg(list == NULL, "*out is not NULL after a failure");
    ck_status(hg_job_get_many(service, &id, 1, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_get_many(service, &id, SIZE_MAX, &list, &err), HG_E_INVALID, err);
    ck_status(hg_job_insert(NULL, &row, least, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_insert(service, NULL, least, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "row is NULL");
    ck_status(hg_job_update(service, NULL, &row, least, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_update(service, &id, NULL, least, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_update(service, &id, &(hg_job){ .struct_size = sizeof row }, 0, NULL, &err), HG_E_INVALID, err);
    ck_says(err, "set is empty");
    ck_status(hg_job_delete(service, NULL, &err), HG_E_INVALID, err);
    ck_status(hg_job_delete(NULL, &id, &err), HG_E_INVALID, err);
    ck_status(hg_job_insert_many(service, NULL, 2, sizeof row, least, &list, &err), HG_E_INVALID, err);
    ck_says(err, "rows is NULL");
    ck_status(hg_job_insert_many(service, &row, 1, 0, least, &list, &err), HG_E_INVALID, err);
    ck_says(err, "stride");
    ck_status(hg_job_insert_many(service, &row, 1, 41, least, &list, &err), HG_E_INVALID, err);
    ck_unsent();
}
END_TEST

START_TEST(err_may_be_NULL_in_every_call)
{
    hg_job row = a_job();
    hg_uuid id = { { 1 } };
    const hg_job *made = NULL;

    ck_assert(hg_job_insert(service, &row, 0, NULL, NULL) == HG_E_INVALID);
    ck_assert(hg_job_insert(service, &row, least, &made, NULL) == HG_OK);
    row.id = made->id;
    ck_assert(hg_job_insert(service, &row, least | HG_BIT(0), NULL, NULL) == HG_E_CONFLICT);
    hg_job_free(made);
    ck_assert(hg_job_get(service, &id, &made, NULL) == HG_E_NOT_FOUND);
    ck_assert(hg_job_delete(service, &id, NULL) == HG_E_NOT_FOUND);
    ck_assert(hg_job_get(NULL, &id, &made, NULL) == HG_E_INVALID);
}
END_TEST

START_TEST(a_call_that_succeeds_sets_the_status_of_err_and_nothing_else)
{
    hg_uuid id = fixture_insert(HG_TABLE_JOBS);
    const hg_job *made = NULL;

    memset(&err, 0x5a, sizeof err);
    ck_assert(hg_job_get(service, &id, &made, &err) == HG_OK);
    ck_assert_msg(err.status == HG_OK && err.column == 0x5a5a5a5a && err.message[0] == 0x5a, "err was overwritten");
    hg_job_free(made);
}
END_TEST

START_TEST(frees_accept_NULL)
{
    hg_job_free(NULL);
    hg_job_list_free(NULL);
    hg_draft_free(NULL);
    hg_text_free(NULL);
    hg_conn_close(NULL);
    hg_pool_close(NULL);
    hg_session_leave(NULL);
    ck_assert_msg(hg_job_list_count(NULL) == 0 && hg_job_list_at(NULL, 0) == NULL, "a NULL list has rows");
    ck_assert_msg(hg_job_list_rows(NULL, NULL, NULL) == NULL, "a NULL list has rows");
}
END_TEST

Suite *
suite_tables_masks(void)
{
    Suite *suite = suite_create("tables/masks");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_value_without_its_bit_is_refused, 0, hgi_table_count);
    tcase_add_loop_test(tc, a_null_bit_without_its_set_bit_is_refused, 0, hgi_table_count);
    tcase_add_loop_test(tc, null_with_a_value_in_its_field_is_refused, 0, hgi_table_count);
    tcase_add_loop_test(tc, a_column_that_must_be_given_is_named, 0, hgi_table_count);
    tcase_add_loop_test(tc, set_may_name_only_columns_that_there_are, 0, hgi_table_count);
    suite_add_tcase(suite, tc);

    tc = tcase_create("rows");
    tcase_add_checked_fixture(tc, fixture_open, fixture_close);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, struct_size_zero_or_less_than_the_head_is_refused, 0, 3);
    tcase_add_test(tc, a_row_of_an_older_header_is_read_as_far_as_it_goes);
    tcase_add_test(tc, a_row_whose_end_cuts_a_field_does_not_have_that_field);
    tcase_add_test(tc, a_row_of_a_newer_header_is_taken);
    tcase_add_test(tc, reserved_bytes_are_zero);
    tcase_add_test(tc, a_row_that_was_read_can_be_changed_and_written_back);
    tcase_add_test(tc, a_row_that_was_read_can_be_inserted_again_under_another_id);
    tcase_add_test(tc, id_cannot_be_changed);
    tcase_add_test(tc, a_row_without_id_gets_a_version_7_uuid_that_grows);
    tcase_add_test(tc, an_id_that_is_taken_is_a_conflict_with_its_constraint);
    tcase_add_test(tc, messages_tell_no_values_of_rows);
    tcase_add_test(tc, out_NULL_reads_nothing_back);
    tcase_add_test(tc, a_statement_names_its_columns_and_no_star);
    tcase_add_test(tc, what_the_header_forbids_is_refused_by_name);
    tcase_add_test(tc, err_may_be_NULL_in_every_call);
    tcase_add_test(tc, a_call_that_succeeds_sets_the_status_of_err_and_nothing_else);
    tcase_add_test(tc, frees_accept_NULL);
    suite_add_tcase(suite, tc);
    return suite;
}
