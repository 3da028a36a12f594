/* link/statement - prepared statements: prepared with their first use, kept, thrown out when there are too many, and made
 * anew by themselves when the server has lost them. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

static hg_conn *conn;

static void
open_with(int32_t prepare, int32_t limit)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .prepare = prepare, .statement_limit = limit };

    conn = fixture_conn(fixture_dsn("SERVICE"), &opt);
}

/* What the connection's server process has under a name, asked past the library. */
static long
on_server(const char *sql)
{
    PGresult *result;
    long value;

    PQsetnonblocking(conn->pg, 0);
    result = PQexec(conn->pg, sql);
    value = PQntuples(result) > 0 ? strtol(PQgetvalue(result, 0, 0), NULL, 10) : -1;
    PQclear(result);
    PQsetnonblocking(conn->pg, 1);
    return value;
}

#define COUNT_PREPARED "SELECT count(*) FROM pg_prepared_statements"

static hg_uuid job;

static hg_status
get(void)
{
    const hg_job *row = NULL;
    hg_status st = hg_job_get(conn, &job, &row, &err);

    hg_job_free(row);
    return st;
}

/* Number n of a thousand different statements: an update of another set of columns. */
static hg_status
update_nth(int n)
{
    static const int columns[] = { HG_JOB_REQUIREMENTS, HG_JOB_RESPONSIBILITIES, HG_JOB_BENEFITS, HG_JOB_LOCATION,
                                   HG_JOB_SALARY_MIN, HG_JOB_SALARY_MAX, HG_JOB_SALARY_CURRENCY, HG_JOB_SALARY_PERIOD,
                                   HG_JOB_DEPARTMENT, HG_JOB_SEO_KEYWORDS };
    hg_job row = { .struct_size = sizeof row, .title = { "t", 1 } };

    for (int i = 0; i < 10; i++)
        if (n >> i & 1)
            row.null_mask |= HG_BIT(columns[i]);
    return hg_job_update(conn, &job, &row, row.null_mask | HG_BIT(HG_JOB_TITLE), NULL, &err);
}

static void
setup(void)
{
    fixture_open();
    job = fixture_insert(HG_TABLE_JOBS);
    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", uuid_text(&job));    /* of ten thousand writes no search knows */
    conn = NULL;
}

static void
teardown(void)
{
    fixture_done(conn);
    fixture_close();
}

START_TEST(a_statement_is_prepared_with_its_first_use_in_one_trip)
{
    hg_conn_stats before, first, second;

    open_with(HG_PREPARE_AUTO, 0);
    before = conn_stats(conn);
    ck_ok(get(), err);
    first = conn_stats(conn);
    ck_ok(get(), err);
    second = conn_stats(conn);
    ck_assert_msg(first.round_trips == before.round_trips + 1, "the first use took %d trips",
                  (int)(first.round_trips - before.round_trips));
    ck_assert_msg(first.prepared == before.prepared + 1, "it was not prepared");
    ck_assert_msg(second.round_trips == first.round_trips + 1 && second.prepared == first.prepared,
                  "the second use prepared it again");
    ck_assert_msg(second.statements == first.statements + 1, "the second use ran %d statements",
                  (int)(second.statements - first.statements));
    ck_assert_msg(on_server(COUNT_PREPARED) == 1, "the server has %ld statements", on_server(COUNT_PREPARED));
}
END_TEST

START_TEST(without_preparing_nothing_is_left_on_the_server)
{
    open_with(HG_PREPARE_OFF, 0);
    ck_ok(get(), err);
    ck_ok(update_nth(0), err);
    ck_ok(get(), err);
    ck_assert_msg(on_server(COUNT_PREPARED) == 0, "the server has %ld statements", on_server(COUNT_PREPARED));
    ck_assert_msg(conn_stats(conn).prepared == 0, "some were prepared");
}
END_TEST

START_TEST(a_thousand_shapes_stay_within_the_limit)
{
    static const int32_t limits[] = { 1, 8, 50, 256 };
    int32_t limit = limits[_i] < 8 ? 8 : limits[_i];    /* 8 at least */
    uint64_t trips;

    open_with(HG_PREPARE_AUTO, limits[_i]);
    trips = conn_stats(conn).round_trips;
    for (int n = 0; n < 2000; n++)
        ck_ok(update_nth(n / 2), err);                  /* each twice, for a place */
    ck_assert_msg(conn_stats(conn).round_trips == trips + 2000, "%d trips for 2000 calls",
                  (int)(conn_stats(conn).round_trips - trips));
    ck_assert_msg(conn->statements != NULL && on_server(COUNT_PREPARED) <= limit + 1, "the server has %ld statements, want %d",
                  on_server(COUNT_PREPARED), limit);
    ck_assert_msg(conn_stats(conn).evicted >= (uint64_t)(1000 - limit), "only %d left", (int)conn_stats(conn).evicted);
    for (int n = 0; n < 1000; n += 7)                   /* those that left come back */
        ck_ok(update_nth(n), err);
}
END_TEST

START_TEST(what_is_used_once_drives_nothing_out)
{
    uint64_t prepared;

    open_with(HG_PREPARE_AUTO, 16);
    for (int n = 0; n < 16; n++)
        ck_ok(update_nth(n), err);
    prepared = conn_stats(conn).prepared;
    for (int n = 16; n < 200; n++)
        ck_ok(update_nth(n), err);
    for (int n = 0; n < 16; n++)
        ck_ok(update_nth(n), err);
    ck_assert_msg(conn_stats(conn).prepared == prepared, "%d were prepared for the sake of statements used once",
                  (int)(conn_stats(conn).prepared - prepared));
    ck_assert_msg(conn_stats(conn).evicted == 0, "%d left", (int)conn_stats(conn).evicted);
}
END_TEST

/* Each would come just after it has left, if it left. */
START_TEST(of_more_shapes_in_turn_than_places_those_with_places_keep_them)
{
    uint64_t statements;

    open_with(HG_PREPARE_AUTO, 50);
    for (int n = 0; n < 5 * 60; n++)
        ck_ok(update_nth(n % 60), err);
    ck_assert_msg(conn_stats(conn).prepared == 50 && conn_stats(conn).evicted == 0, "%d were prepared and %d left, want 50 and 0",
                  (int)conn_stats(conn).prepared, (int)conn_stats(conn).evicted);
    statements = conn_stats(conn).statements;
    for (int n = 0; n < 60; n++)
        ck_ok(update_nth(n), err);
    ck_assert_msg(conn_stats(conn).statements == statements + 60, "60 calls ran %d statements",
                  (int)(conn_stats(conn).statements - statements));
}
END_TEST

START_TEST(what_comes_again_takes_the_places_of_what_comes_no_more)
{
    uint64_t prepared;

    open_with(HG_PREPARE_AUTO, 16);
    for (int n = 0; n < 32; n++)
        ck_ok(update_nth(n % 16), err);
    prepared = conn_stats(conn).prepared;
    for (int n = 0; n < 32; n++)
        ck_ok(update_nth(100 + n % 16), err);
    ck_assert_msg(conn_stats(conn).prepared == prepared + 16 && conn_stats(conn).evicted == 16,
                  "%d of 16 were prepared at their second use, and %d of 16 left", (int)(conn_stats(conn).prepared - prepared),
                  (int)conn_stats(conn).evicted);
    for (int n = 0; n < 32; n++)
        ck_ok(update_nth(100 + n % 16), err);
    ck_assert_msg(conn_stats(conn).prepared == prepared + 16, "what has a place was prepared again");
    ck_assert_msg(on_server(COUNT_PREPARED) <= 16, "the server has %ld statements", on_server(COUNT_PREPARED));
}
END_TEST

/* In a session, in a transaction and in a batch, where more come than there are places, for the second time too; with a
 * deadline, which the context row carries, and without. */
START_TEST(what_has_no_place_does_its_work_like_the_others)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    open_with(HG_PREPARE_AUTO, 8);
    ck_ok(hg_conn_set_timeout(conn, _i * 30000, &err), err);
    strcpy(who.request_id, "r1");
    ck_ok(hg_session_enter(conn, &who, &err), err);
    for (int n = 0; n < 8; n++)
        ck_ok(update_nth(n), err);
    ck_ok(update_nth(1 << 4), err);
    ck_assert_msg(on_server(COUNT_PREPARED) <= 8, "the server has %ld statements, want 8 at most", on_server(COUNT_PREPARED));
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    for (int n = 20; n < 60; n++)
        ck_ok(update_nth(n / 2), err);
    ck_ok(hg_tx_commit(conn, &err), err);
    ck_ok(hg_batch_begin(conn, &err), err);
    for (int n = 200; n < 260; n++)
        ck_ok(update_nth(n / 2), err);
    ck_ok(hg_batch_end(conn, NULL, &err), err);
    ck_assert_msg(on_server("SELECT count(*) FROM public.jobs WHERE requirements IS NULL AND title = 't'") > 0, "nothing was written");
    for (int n = 0; n < 200; n++)                       /* those that the batch kept beyond the limit leave again */
        ck_ok(update_nth(300 + n / 2), err);
    ck_assert_msg(on_server(COUNT_PREPARED) <= 8 + 1, "the server has %ld statements, want 8", on_server(COUNT_PREPARED));
    hg_session_leave(conn);
}
END_TEST

START_TEST(by_default_a_thousand_shapes_all_stay)
{
    uint64_t prepared;

    open_with(HG_PREPARE_AUTO, 0);
    for (int n = 0; n < 1000; n++)
        ck_ok(update_nth(n), err);
    prepared = conn_stats(conn).prepared;
    for (int n = 0; n < 1000; n += 7)
        ck_ok(update_nth(n), err);
    ck_assert_msg(conn_stats(conn).prepared == prepared, "%d were prepared anew", (int)(conn_stats(conn).prepared - prepared));
    ck_assert_msg(conn_stats(conn).evicted == 0, "%d left", (int)conn_stats(conn).evicted);
}
END_TEST

START_TEST(the_one_used_longest_ago_leaves)
{
    uint64_t prepared;

    open_with(HG_PREPARE_AUTO, 16);
    ck_ok(get(), err);
    for (int n = 0; n < 200; n++) {
        ck_ok(update_nth(n / 2), err);
        ck_ok(get(), err);                              /* in use all the time: it stays */
    }
    prepared = conn_stats(conn).prepared;
    ck_ok(get(), err);
    ck_assert_msg(conn_stats(conn).prepared == prepared, "the one in use was thrown out");
    ck_ok(update_nth(0), err);
    ck_ok(update_nth(0), err);
    ck_assert_msg(conn_stats(conn).prepared == prepared + 1, "the one used longest ago is still there");
}
END_TEST

START_TEST(the_context_row_is_never_thrown_out)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);

    open_with(HG_PREPARE_AUTO, 8);
    strcpy(who.request_id, "r1");
    ck_ok(hg_session_enter(conn, &who, &err), err);
    for (int n = 0; n < 200; n++)
        ck_ok(update_nth(n), err);
    hg_session_leave(conn);
}
END_TEST

/* ---- The server has lost them ------------------------------------------------------------------------------------ */

static const int32_t modes[] = { HG_PREPARE_AUTO, HG_PREPARE_ON };

START_TEST(after_deallocate_all_the_next_call_works_by_itself)
{
    open_with(modes[_i], 0);
    ck_ok(get(), err);
    ck_ok(update_nth(1), err);
    on_server("DEALLOCATE ALL");
    ck_ok(get(), err);
    ck_ok(update_nth(1), err);
    on_server("DISCARD ALL");
    on_server("SET TimeZone = 'UTC'");
    ck_ok(update_nth(1), err);
    ck_ok(get(), err);
}
END_TEST

/* BEGIN, the context row and two statements of one call are lost at once: that is got over by one trip more, and is one
 * reason, not four, to do without names. */
START_TEST(all_that_deallocate_all_took_is_known_at_the_first_that_is_missing)
{
    hg_identity who = identity(HG_ROLE_SERVICE, NULL);
    uint64_t trips;

    open_with(HG_PREPARE_AUTO, 0);
    strcpy(who.request_id, "r1");
    ck_ok(hg_session_enter(conn, &who, &err), err);
    for (int round = 0; round < 3; round++) {
        if (round > 0)
            on_server("DEALLOCATE ALL");
        trips = conn_stats(conn).round_trips;
        ck_ok(hg_tx_begin(conn, NULL, &err), err);
        ck_ok(update_nth(3), err);
        ck_ok(get(), err);
        ck_ok(hg_tx_commit(conn, &err), err);
        trips = conn_stats(conn).round_trips - trips;
        ck_assert_msg(trips == (round == 0 ? 3 : 4), "round %d took %d trips, want %d", round, (int)trips, round == 0 ? 3 : 4);
    }
    ck_assert_msg(on_server(COUNT_PREPARED) >= 4, "the server has %ld statements: names were given up", on_server(COUNT_PREPARED));
    hg_session_leave(conn);
}
END_TEST

START_TEST(a_statement_that_was_to_leave_and_is_gone_is_no_error)
{
    open_with(HG_PREPARE_AUTO, 8);
    for (int n = 0; n < 8; n++)
        ck_ok(update_nth(n), err);
    ck_ok(update_nth(100), err);
    on_server("DEALLOCATE ALL");
    ck_ok(update_nth(100), err);                        /* takes the place of the oldest, whose DEALLOCATE travels with it */
    ck_assert_msg(conn_stats(conn).evicted == 1, "%d left, want 1", (int)conn_stats(conn).evicted);
    ck_ok(update_nth(0), err);
}
END_TEST

/* Behind a pooler another client may have prepared the very name: the same text, so the same statement. */
START_TEST(a_name_that_is_taken_on_the_server_is_got_over)
{
    PGresult *result;
    char *name, *text;

    open_with(modes[_i], 0);
    ck_ok(get(), err);
    PQsetnonblocking(conn->pg, 0);
    result = PQexec(conn->pg, "SELECT name, statement FROM pg_prepared_statements");
    name = fixture_text("%s", PQgetvalue(result, 0, 0));
    text = fixture_text("%s", PQgetvalue(result, 0, 1));
    PQclear(result);
    PQsetnonblocking(conn->pg, 1);
    fixture_done(conn);

    open_with(modes[_i], 0);
    PQsetnonblocking(conn->pg, 0);
    PQclear(PQprepare(conn->pg, name, text, 1, NULL));
    PQsetnonblocking(conn->pg, 1);
    ck_assert_msg(on_server(COUNT_PREPARED) == 1, "the name could not be taken");
    ck_ok(get(), err);
    ck_ok(get(), err);
}
END_TEST

START_TEST(in_a_transaction_a_lost_statement_fails_it_and_the_next_one_works)
{
    open_with(HG_PREPARE_ON, 0);
    ck_ok(get(), err);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update_nth(3), err);
    on_server("DEALLOCATE ALL");
    ck_assert_msg(get() != HG_OK, "a statement that is gone ran");
    ck_status(update_nth(3), HG_E_STATE, err);
    ck_ok(hg_tx_rollback(conn, &err), err);
    ck_ok(get(), err);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update_nth(3), err);
    ck_ok(hg_tx_commit(conn, &err), err);
}
END_TEST

START_TEST(begin_is_parsed_once_a_connection)
{
    hg_conn_stats first, second;

    open_with(HG_PREPARE_AUTO, 0);
    ck_ok(get(), err);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(get(), err);
    ck_ok(hg_tx_commit(conn, &err), err);
    first = conn_stats(conn);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(get(), err);
    ck_ok(hg_tx_commit(conn, &err), err);
    second = conn_stats(conn);
    ck_assert_msg(second.prepared == first.prepared, "the second transaction prepared %d statements",
                  (int)(second.prepared - first.prepared));
    ck_assert_msg(second.round_trips == first.round_trips + 2, "it took %d trips, want 2",
                  (int)(second.round_trips - first.round_trips));
    ck_assert_msg(on_server("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'BEGIN'") == 1,
                  "BEGIN is not among the server's statements");
}
END_TEST

START_TEST(a_transaction_whose_begin_is_gone_begins_by_itself)
{
    hg_text *notice = NULL;

    open_with(modes[_i], 0);
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update_nth(3), err);
    ck_ok(hg_tx_commit(conn, &err), err);
    on_server("DEALLOCATE ALL");
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    ck_ok(update_nth(3), err);
    ck_assert_msg(PQtransactionStatus(conn->pg) == PQTRANS_INTRANS, "the transaction was not begun");
    ck_ok(hg_tx_commit(conn, &err), err);
    ck_ok(hg_conn_next_notice(conn, &notice, &err), err);
    ck_assert_msg(notice == NULL, "the server warned: %s", hg_text_ptr(notice));
}
END_TEST

START_TEST(a_begin_that_left_the_cache_is_sent_as_text)
{
    open_with(HG_PREPARE_AUTO, 8);
    for (int n = 0; n < 8; n++)
        ck_ok(update_nth(n), err);                      /* all places are taken: what is added has none, and is soon forgotten */
    ck_ok(hg_tx_begin(conn, NULL, &err), err);
    for (int n = 0; n < 20; n++)
        ck_assert_ptr_nonnull(hgi_statement_add(conn, &n, sizeof n, "SELECT 1", 0, NULL, &err));
    ck_assert_msg(hgi_statement_find(conn, "BEGIN", 5) == NULL, "it is in the cache still: nothing is tested");
    ck_ok(update_nth(3), err);
    ck_assert_msg(PQtransactionStatus(conn->pg) == PQTRANS_INTRANS, "the transaction was not begun");
    ck_ok(hg_tx_rollback(conn, &err), err);
}
END_TEST

/* ---- A table that was altered beneath a statement ---------------------------------------------------------------- */

static void
open_scratch(void)
{
    hg_conn_options opt = { .struct_size = sizeof opt };

    setup();
    PQfinish(admin);
    admin = sql_connect(fixture_dsn_with("ADMIN", "dbname=hotgigs_scratch"));
    conn = fixture_conn(fixture_dsn_with("SERVICE", "dbname=hotgigs_scratch"), &opt);
    sql_do("INSERT INTO jobs (id, title, slug, description, job_type) VALUES ('%s', 't', 's', 'd', 'contract')",
           uuid_text(&job));
}

START_TEST(a_type_that_changed_to_one_of_its_kind_is_read_on)
{
    hg_status st;

    const hg_job_skill *skill;
    hg_uuid id;

    hg_uuid_random(&id);
    sql_do("INSERT INTO job_skills (id, skill_name) VALUES ('%s', 'C')", uuid_text(&id));
    ck_ok(hg_job_skill_get(conn, &id, &skill, &err), err);
    hg_job_skill_free(skill);
    sql_do("ALTER TABLE job_skills ALTER skill_name TYPE varchar(300)");
    st = hg_job_skill_get(conn, &id, &skill, &err);
    sql_do("ALTER TABLE job_skills ALTER skill_name TYPE varchar(100)");
    ck_ok(st, err);
    hg_job_skill_free(skill);
}
END_TEST

START_TEST(a_type_that_changed_to_another_is_a_schema_error_with_its_column)
{
    hg_conn_options opt = { .struct_size = sizeof opt, .prepare = _i == 0 ? HG_PREPARE_AUTO : HG_PREPARE_OFF };
    hg_status st;

    fixture_done(conn);
    conn = fixture_conn(fixture_dsn_with("SERVICE", "dbname=hotgigs_scratch"), &opt);
    ck_ok(get(), err);
    sql_do("ALTER TABLE jobs ALTER ai_generated_content TYPE text");
    st = get();
    sql_do("ALTER TABLE jobs ALTER ai_generated_content TYPE jsonb USING ai_generated_content::jsonb");
    ck_status(st, HG_E_SCHEMA, err);
    ck_column(err, HG_JOB_AI_GENERATED_CONTENT);
    ck_assert_str_eq(err.table, "jobs");
    ck_ok(get(), err);
}
END_TEST

START_TEST(a_column_that_is_gone_is_a_schema_error)
{
    hg_status st;

    ck_ok(get(), err);
    sql_do("ALTER TABLE jobs RENAME department TO ward");
    st = get();
    sql_do("ALTER TABLE jobs RENAME ward TO department");
    ck_status(st, HG_E_SCHEMA, err);
    ck_says(err, "department");
    ck_ok(get(), err);
}
END_TEST

Suite *
suite_link_statement(void)
{
    Suite *suite = suite_create("link/statement");
    TCase *tc = tcase_create("statement");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_statement_is_prepared_with_its_first_use_in_one_trip);
    tcase_add_test(tc, without_preparing_nothing_is_left_on_the_server);
    tcase_add_loop_test(tc, a_thousand_shapes_stay_within_the_limit, 0, 4);
    tcase_add_test(tc, what_is_used_once_drives_nothing_out);
    tcase_add_test(tc, of_more_shapes_in_turn_than_places_those_with_places_keep_them);
    tcase_add_test(tc, what_comes_again_takes_the_places_of_what_comes_no_more);
    tcase_add_loop_test(tc, what_has_no_place_does_its_work_like_the_others, 0, 2);
    tcase_add_test(tc, by_default_a_thousand_shapes_all_stay);
    tcase_add_test(tc, the_one_used_longest_ago_leaves);
    tcase_add_test(tc, the_context_row_is_never_thrown_out);
    tcase_add_loop_test(tc, after_deallocate_all_the_next_call_works_by_itself, 0, 2);
    tcase_add_test(tc, all_that_deallocate_all_took_is_known_at_the_first_that_is_missing);
    tcase_add_test(tc, a_statement_that_was_to_leave_and_is_gone_is_no_error);
    tcase_add_loop_test(tc, a_name_that_is_taken_on_the_server_is_got_over, 0, 2);
    tcase_add_test(tc, in_a_transaction_a_lost_statement_fails_it_and_the_next_one_works);
    tcase_add_test(tc, begin_is_parsed_once_a_connection);
    tcase_add_loop_test(tc, a_transaction_whose_begin_is_gone_begins_by_itself, 0, 2);
    tcase_add_test(tc, a_begin_that_left_the_cache_is_sent_as_text);
    suite_add_tcase(suite, tc);

    tc = tcase_create("altered");
    tcase_add_checked_fixture(tc, open_scratch, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_type_that_changed_to_one_of_its_kind_is_read_on);
    tcase_add_loop_test(tc, a_type_that_changed_to_another_is_a_schema_error_with_its_column, 0, 2);
    tcase_add_test(tc, a_column_that_is_gone_is_a_schema_error);
    suite_add_tcase(suite, tc);
    return suite;
}
