/* audit/trail - the audit trail writes itself: for every table that is no log, whoever writes and by whatever way, what
 * changed, who did it and from where; and it is never the reason why a write fails. */
#include "fixture.h"
#include "suites.h"

#include <string.h>

static const int32_t logs[] = {
    HG_TABLE_ANALYTICS_EVENTS, HG_TABLE_SYSTEM_METRICS, HG_TABLE_EMAIL_LOGS, HG_TABLE_APPLICATION_TIMELINE, HG_TABLE_AUDIT_LOGS,
};

static int
is_log(int32_t table)
{
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++)
        if (logs[i] == table)
            return 1;
    return 0;
}

/* Of a row's entries, by the index, which begins with the table. */
#define OF_ROW "resource_type IN (SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND resource_id = '%s'"

/* A member of the last entry about a row, such as "new_values ->> 'phone'". */
static const char *
last(const hg_uuid *id, const char *what)
{
    return sql_text("SELECT %s FROM audit_logs WHERE " OF_ROW " ORDER BY created_at DESC LIMIT 1", what, uuid_text(id));
}

static long
entries(const hg_uuid *id)
{
    return sql_int("SELECT count(*) FROM audit_logs WHERE " OF_ROW, uuid_text(id));
}

static void
ck_last(const hg_uuid *id, const char *what, const char *want)
{
    const char *got = last(id, what);

    ck_assert_msg((got == NULL) == (want == NULL) && (got == NULL || strcmp(got, want) == 0), "%s of the last entry is %s, want %s",
                  what, got != NULL ? got : "NULL", want != NULL ? want : "NULL");
}

/* ---- Every table ---------------------------------------------------------------------------------------------------- */

START_TEST(every_table_leaves_what_was_inserted_changed_and_deleted)
{
    const hg_table_info *info = hg_table_describe(_i);
    hg_uuid id = fixture_insert(_i);

    if (is_log(_i)) {
        ck_assert_int_eq(entries(&id), 0);
        ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'public.%s'::regclass AND tgname LIKE"
                                 " '%%\\_audit\\_%%'", info->name), 0);
        return;
    }
    ck_last(&id, "resource_type", info->name);
    ck_last(&id, "action", "insert");
    ck_last(&id, "new_values #>> '{_meta,op}'", "insert");
    ck_last(&id, "old_values", NULL);
    ck_assert_msg(sql_int("SELECT count(*) FROM jsonb_object_keys('%s'::jsonb)", last(&id, "new_values - '_meta'"))
                  == info->column_count, "the entry of an insert into %s has not all its columns", info->name);

    sql_do("UPDATE public.%s SET created_at = '2020-01-02 03:04:05' WHERE id = '%s'", info->name, uuid_text(&id));
    ck_last(&id, "action", "update");
    ck_last(&id, "new_values ->> 'created_at'", "2020-01-02T03:04:05");
    ck_last(&id, "(new_values - '_meta' - 'updated_at' - 'last_updated_at')::text", "{\"created_at\": \"2020-01-02T03:04:05\"}");
    ck_last(&id, "(SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(old_values - 'updated_at' - 'last_updated_at') k)::text",
            "{created_at}");

    sql_do("DELETE FROM public.%s WHERE id = '%s'", info->name, uuid_text(&id));
    ck_last(&id, "action", "delete");
    ck_last(&id, "old_values ->> 'created_at'", "2020-01-02T03:04:05");
    ck_last(&id, "(SELECT array_agg(k) FROM jsonb_object_keys(new_values) k)::text", "{_meta}");
    ck_assert_int_eq(entries(&id), 3);
}
END_TEST

/* ---- What is written ------------------------------------------------------------------------------------------------ */

START_TEST(a_change_of_nothing_or_of_the_time_alone_leaves_nothing)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), company = fixture_insert(HG_TABLE_COMPANIES);
    hg_uuid job = fixture_job(&company, 1);
    long before = entries(&user), of_job = entries(&job);

    sql_do("UPDATE users SET first_name = first_name WHERE id = '%s'", uuid_text(&user));
    sql_do("ALTER TABLE users DISABLE TRIGGER users_touch; UPDATE users SET updated_at = '2001-01-01' WHERE id = '%s';"
           " ALTER TABLE users ENABLE TRIGGER users_touch", uuid_text(&user));
    sql_do("UPDATE jobs SET view_count = view_count + 1, application_count = 7 WHERE id = '%s'", uuid_text(&job));
    ck_assert_int_eq(entries(&user), before);
    ck_assert_int_eq(entries(&job), of_job);

    sql_do("UPDATE jobs SET view_count = view_count + 1, title = 'another' WHERE id = '%s'", uuid_text(&job));
    ck_assert_int_eq(entries(&job), of_job + 1);
    ck_last(&job, "new_values ->> 'title'", "another");
    sql_do("UPDATE users SET last_login_at = '2020-01-01' WHERE id = '%s'", uuid_text(&user));
    ck_assert_int_eq(entries(&user), before + 1);
}
END_TEST

START_TEST(a_secret_is_a_marker_and_a_large_text_its_length_and_hash)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), document = fixture_insert(HG_TABLE_DOCUMENTS);

    ck_last(&user, "new_values -> 'password_hash'", "null");
    sql_do("UPDATE users SET password_hash = 'hunter2', phone = '1' WHERE id = '%s'", uuid_text(&user));
    ck_last(&user, "new_values ->> 'password_hash'", "(secret)");
    ck_last(&user, "new_values ->> 'phone'", "1");
    sql_do("UPDATE users SET password_hash = 'hunter3' WHERE id = '%s'", uuid_text(&user));
    ck_last(&user, "old_values ->> 'password_hash' || (new_values ->> 'password_hash')", "(secret)(secret)");

    sql_do("UPDATE documents SET ocr_text = 'grün' WHERE id = '%s'", uuid_text(&document));
    ck_last(&document, "new_values -> 'ocr_text' ->> 'length'", "4");
    ck_last(&document, "new_values -> 'ocr_text' ->> 'sha256' = encode(sha256(convert_to('grün', 'UTF8')), 'hex')", "t");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE old_values::text || new_values::text LIKE '%%hunter%%'"), 0);
}
END_TEST

/* The plan that was kept for one row must not be the one for many: 4,000 rows took minutes as a nested loop. */
START_TEST(a_large_update_after_small_ones_is_quick_and_complete)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES);
    const char *of = uuid_text(&company);
    long ms;

    sql_do("INSERT INTO tasks (company_id, title) SELECT '%s', 't' || i FROM generate_series(1, 4000) i", of);
    for (int i = 0; i < 8; i++)
        sql_do("UPDATE tasks SET notes = '%d' WHERE id = (SELECT id FROM tasks WHERE company_id = '%s' LIMIT 1)", i, of);
    ms = sql_int("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint %% 100000000");
    sql_do("UPDATE tasks SET status = 'completed' WHERE company_id = '%s'", of);
    ms = sql_int("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint %% 100000000") - ms;

    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs a JOIN tasks t ON t.id = a.resource_id WHERE t.company_id = '%s'"
                             " AND a.new_values ->> 'status' = 'completed' AND a.old_values ->> 'status' = 'pending'", of), 4000);
    ck_assert_msg(ms < 8000, "4,000 rows took %ld ms", ms);
}
END_TEST

START_TEST(cascades_leave_entries_too)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES), job = fixture_job(&company, 1);

    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'C'), ('%s', 'SQL')", uuid_text(&job), uuid_text(&job));
    sql_do("DELETE FROM companies WHERE id = '%s'", uuid_text(&company));

    ck_last(&job, "action", "delete");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE resource_type = 'job_skills' AND action = 'delete'"
                             " AND old_values ->> 'job_id' = '%s'", uuid_text(&job)), 2);
}
END_TEST

/* From one random number a statement, which no other has. */
START_TEST(the_ids_of_a_statement_s_entries_count_on)
{
    hg_uuid company = fixture_insert(HG_TABLE_COMPANIES), job = fixture_job(&company, 1);
    const char *of = fixture_text("FROM audit_logs WHERE resource_type = 'job_skills' AND resource_id IN (SELECT resource_id"
                                  " FROM audit_logs WHERE resource_type = 'job_skills' AND new_values ->> 'job_id' = '%s')",
                                  uuid_text(&job));

    sql_do("INSERT INTO job_skills (job_id, skill_name) SELECT '%s', 's' || i FROM generate_series(1, 40) i", uuid_text(&job));
    sql_do("INSERT INTO job_skills (job_id, skill_name) VALUES ('%s', 'C')", uuid_text(&job));
    sql_do("UPDATE job_skills SET skill_name = skill_name || '+' WHERE job_id = '%s'", uuid_text(&job));
    sql_do("DELETE FROM job_skills WHERE job_id = '%s'", uuid_text(&job));

    ck_assert_int_eq(sql_int("SELECT count(*) %s", of), 40 + 1 + 41 + 41);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT left(id::text, 28)) %s", of), 4);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM (SELECT ('x' || right(id::text, 8))::bit(32)::bigint - x'10000000'::bigint AS number,"
                             " row_number() OVER (PARTITION BY left(id::text, 28) ORDER BY id) AS place %s) n"
                             " WHERE number = place", of), 123);
    ck_assert_int_eq(sql_int("SELECT count(*) %s AND id::text ~ '^.{14}4.{4}[89ab]'", of), 123);
}
END_TEST

/* ---- By whom and which way ------------------------------------------------------------------------------------------ */

START_TEST(who_where_and_why_come_from_the_session)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_CANDIDATE, &user);
    hg_user row = { .struct_size = sizeof row, .phone = str_of("+49 1") };
    uint64_t trips;

    strcpy(who.ip, "192.0.2.7");
    strcpy(who.user_agent, "Firefox");
    strcpy(who.request_id, "r-1");
    strcpy(who.action, "profile.edit");
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    trips = conn_stats(tenant).round_trips;
    ck_ok(hg_user_update(tenant, &user, &row, HG_BIT(HG_USER_PHONE), NULL, &err), err);

    ck_assert_uint_eq(conn_stats(tenant).round_trips, trips + 1);
    ck_last(&user, "user_id::text", uuid_text(&user));
    ck_last(&user, "action", "profile.edit");
    ck_last(&user, "ip_address::text", "192.0.2.7/32");
    ck_last(&user, "user_agent", "Firefox");
    ck_last(&user, "new_values #>> '{_meta,role}'", "hotgigs_candidate");
    ck_last(&user, "new_values #>> '{_meta,request_id}'", "r-1");
    ck_last(&user, "new_values #>> '{_meta,op}'", "update");
    ck_last(&user, "(new_values #>> '{_meta,txid}')::bigint > 0", "t");
}
END_TEST

START_TEST(bulk_calls_and_operations_leave_an_entry_a_row)
{
    hg_uuid recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    hg_uuid company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER), job = fixture_job(&company, 1);
    hg_identity who = identity(HG_ROLE_COMPANY, &recruiter);
    hg_job_skill rows[3];
    hg_job_set_state_params params = { .struct_size = sizeof params, .job_id = job,
                                       .set = HG_BIT(HG_JOB_SET_STATE_JOB_ID) | HG_BIT(HG_JOB_SET_STATE_IS_PUBLIC) };

    for (int i = 0; i < 3; i++)
        rows[i] = (hg_job_skill){ .struct_size = sizeof rows[i], .job_id = job, .skill_name = unique_text() };
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    ck_ok(hg_job_skill_insert_many(tenant, rows, 3, sizeof rows[0], HG_BIT(HG_JOB_SKILL_JOB_ID) |
                                   HG_BIT(HG_JOB_SKILL_SKILL_NAME), NULL, &err), err);
    ck_ok(hg_job_set_state(tenant, &params, NULL, &err), err);

    ck_assert_int_eq(sql_int("SELECT count(*) FROM audit_logs WHERE resource_type = 'job_skills' AND user_id = '%s' AND"
                             " new_values ->> 'job_id' = '%s'", uuid_text(&recruiter), uuid_text(&job)), 3);
    ck_assert_int_eq(sql_int("SELECT count(DISTINCT left(id::text, 28)) FROM audit_logs WHERE resource_type = 'job_skills' AND"
                             " user_id = '%s' AND new_values ->> 'job_id' = '%s'", uuid_text(&recruiter), uuid_text(&job)), 1);
    ck_last(&job, "(new_values ->> 'is_public') || (old_values ->> 'is_public')", "falsetrue");
    ck_last(&job, "user_id::text", uuid_text(&recruiter));
}
END_TEST

START_TEST(what_is_rolled_back_leaves_nothing)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    long before = entries(&user);
    hg_user row = { .struct_size = sizeof row, .phone = str_of("2") };

    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_user_update(service, &user, &row, HG_BIT(HG_USER_PHONE), NULL, &err), err);
    ck_ok(hg_tx_rollback(service, &err), err);
    ck_assert_int_eq(entries(&user), before);
}
END_TEST

START_TEST(psql_leaves_its_login)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);

    sql_do("UPDATE users SET phone = '3' WHERE id = '%s'", uuid_text(&user));
    ck_last(&user, "new_values #>> '{_meta,role}' = session_user", "t");
    ck_last(&user, "user_id::text", NULL);
}
END_TEST

/* ---- It is never the reason why a write fails ------------------------------------------------------------------------ */

#define UNKNOWN "00000000-dead-4000-8000-000000000000"
static const struct { const char *name, *setting, *value; } nonsense[] = {
    { "an address that is none",    "hotgigs.ip",             "localhost; DROP" },
    { "an action that is too long", "hotgigs.action",         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                                              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
    { "a subject that is none",     "request.jwt.claim.sub",  "42" },
    { "an unknown subject",         "request.jwt.claim.sub",  UNKNOWN },
    { "claims that are no JSON",    "request.jwt.claims",     "{" },
    { "claims without a subject",   "request.jwt.claims",     "[1]" },
};

START_TEST(nonsense_in_the_session_does_not_break_the_write)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE);

    sql_do("SELECT set_config('%s', '%s', false)", nonsense[_i].setting, nonsense[_i].value);
    sql_do("UPDATE users SET phone = '4' WHERE id = '%s'", uuid_text(&user));
    sql_do("SELECT set_config('%s', '', false)", nonsense[_i].setting);

    ck_last(&user, "new_values ->> 'phone'", "4");
    ck_last(&user, "user_id::text", NULL);
    ck_last(&user, "ip_address::text", NULL);
    if (strcmp(nonsense[_i].value, UNKNOWN) == 0)
        ck_last(&user, "new_values #>> '{_meta,actor}'", UNKNOWN);
}
END_TEST

START_TEST(a_user_who_deletes_himself_is_recorded)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), other = fixture_user(HG_USER_USER_TYPE_CANDIDATE);
    hg_identity who = identity(HG_ROLE_SERVICE, &user);
    hg_user row = { .struct_size = sizeof row, .phone = str_of("5") };

    ck_ok(hg_session_enter(service, &who, &err), err);
    ck_ok(hg_tx_begin(service, NULL, &err), err);
    ck_ok(hg_user_update(service, &other, &row, HG_BIT(HG_USER_PHONE), NULL, &err), err);
    ck_ok(hg_user_delete(service, &user, &err), err);
    ck_ok(hg_tx_commit(service, &err), err);
    hg_session_leave(service);

    ck_last(&user, "action", "delete");
    ck_last(&user, "user_id::text", NULL);
    ck_last(&user, "new_values #>> '{_meta,actor}'", uuid_text(&user));
    ck_last(&other, "user_id::text", NULL);
    ck_last(&other, "new_values #>> '{_meta,actor}'", uuid_text(&user));
    ck_last(&other, "new_values ->> 'phone'", "5");
}
END_TEST

/* Between the look at users and the check of the key he could vanish: the trail waits for him, and then knows that he is gone. */
START_TEST(a_user_who_is_being_deleted_does_not_break_his_last_write)
{
    hg_uuid user = fixture_user(HG_USER_USER_TYPE_CANDIDATE), task = fixture_insert(HG_TABLE_TASKS);
    PGconn *his = sql_connect(fixture_dsn("ADMIN"));
    int pid = PQbackendPID(his);
    PGresult *result;

    sql_do("BEGIN");
    sql_do("DELETE FROM users WHERE id = '%s'", uuid_text(&user));
    PQclear(PQexec(his, fixture_text("SET request.jwt.claim.sub = '%s'", uuid_text(&user))));
    ck_assert_int_eq(PQsendQuery(his, fixture_text("UPDATE tasks SET notes = 'last' WHERE id = '%s'", uuid_text(&task))), 1);
    wait_until("EXISTS (SELECT FROM pg_locks WHERE pid = %d AND NOT granted)", pid);
    sql_do("COMMIT");
    result = PQgetResult(his);
    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(his));
    PQclear(result);
    PQfinish(his);

    ck_last(&task, "new_values ->> 'notes'", "last");
    ck_last(&task, "user_id::text", NULL);
    ck_last(&task, "new_values #>> '{_meta,actor}'", uuid_text(&user));
}
END_TEST

/* ---- Nobody changes it ------------------------------------------------------------------------------------------------ */

static const char *const changes[] = { "UPDATE audit_logs SET action = 'x'", "DELETE FROM audit_logs", "TRUNCATE audit_logs" };

START_TEST(nobody_changes_or_removes_entries)
{
    static const char *const who[] = { "hotgigs_service", "hotgigs_company", "hotgigs_owner" };
    PGresult *result;

    sql_do("SET ROLE %s; SET hotgigs.audit_maintenance = '%s'", who[_i % 3], _i % 3 == 2 ? "" : "on");
    result = PQexec(admin, changes[_i / 3]);
    ck_assert_msg(strcmp(PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : "",
                         "42501") == 0, "%s as %s: %s", changes[_i / 3], who[_i % 3], PQerrorMessage(admin));
    PQclear(result);
    sql_do("RESET ROLE");
}
END_TEST

START_TEST(what_makes_the_seals_is_nobodys_to_read)
{
    static const char *const tables[] = { "audit_seals", "audit_leaves", "audit_salts", "audit_turn", "audit_unsealed" };
    static const char *const roles[] = { "hotgigs_service", "hotgigs_company" };
    PGresult *result;

    sql_do("SET ROLE %s", roles[_i % 2]);
    result = PQexec(admin, fixture_text("SELECT * FROM hotgigs.%s", tables[_i / 2]));
    ck_assert_msg(PQresultStatus(result) == PGRES_FATAL_ERROR, "%s reads %s", roles[_i % 2], tables[_i / 2]);
    ck_assert_str_eq(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501");
    PQclear(result);
    sql_do("RESET ROLE");
}
END_TEST

Suite *
suite_audit_trail(void)
{
    Suite *suite = suite_create("audit/trail");
    TCase *tc = tcase_create("trail");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, fixture_open_tenant, fixture_close);
    tcase_add_loop_test(tc, every_table_leaves_what_was_inserted_changed_and_deleted, 0, hg_table_count());
    tcase_add_test(tc, a_change_of_nothing_or_of_the_time_alone_leaves_nothing);
    tcase_add_test(tc, a_secret_is_a_marker_and_a_large_text_its_length_and_hash);
    tcase_add_test(tc, a_large_update_after_small_ones_is_quick_and_complete);
    tcase_add_test(tc, the_ids_of_a_statement_s_entries_count_on);
    tcase_add_test(tc, cascades_leave_entries_too);
    tcase_add_test(tc, who_where_and_why_come_from_the_session);
    tcase_add_test(tc, bulk_calls_and_operations_leave_an_entry_a_row);
    tcase_add_test(tc, what_is_rolled_back_leaves_nothing);
    tcase_add_test(tc, psql_leaves_its_login);
    tcase_add_loop_test(tc, nonsense_in_the_session_does_not_break_the_write, 0, sizeof nonsense / sizeof nonsense[0]);
    tcase_add_test(tc, a_user_who_deletes_himself_is_recorded);
    tcase_add_test(tc, a_user_who_is_being_deleted_does_not_break_his_last_write);
    tcase_add_loop_test(tc, what_makes_the_seals_is_nobodys_to_read, 0, 10);
    tcase_add_loop_test(tc, nobody_changes_or_removes_entries, 0, 9);
    suite_add_tcase(suite, tc);
    return suite;
}
