/* leaks_sessions.c - leaks that need more than one statement: roles, races, messages, shadowed names, caches. */
#include "policies/leaks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "policies/attack.h"

static PGconn *login, *service, *admin, *bare;

static void
make(void)
{
    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
}

static void
open_connections(void)
{
    login = policy_connect("LOGIN", policy_db);
    service = policy_connect("SERVICE", policy_db);
    admin = policy_connect("ADMIN", policy_db);
    bare = policy_connect("LOGIN", policy_bare_db);
    ck_assert(login != NULL && service != NULL && admin != NULL && bare != NULL);
}

static void
close_connections(void)
{
    PQfinish(login);
    PQfinish(service);
    PQfinish(admin);
    PQfinish(bare);
}

static void
check_answer(PGconn *conn, const char *sql, const char *want)
{
    char *got = policy_ask(conn, sql);

    ck_assert_msg(strcmp(got, want) == 0, "%s gave %s, want %s", sql, got, want);
    free(got);
}

/* The SQLSTATE of a statement that must fail. */
static void
check_fails(PGconn *conn, const char *sql, const char *state)
{
    PGresult *result = PQexec(conn, sql);
    const char *got = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    ck_assert_msg(got != NULL && strcmp(got, state) == 0, "%s gave %s, want %s", sql, got != NULL ? got : "no error",
        state);
    PQclear(result);
}

/* ---- 13. The tests are no superuser's ---------------------------------------------------------------------------- */

START_TEST(leak_13_tests_run_as_the_login_and_not_as_owner_or_superuser)
{
    static const char sql[] =
        "SELECT session_user || ' ' || current_user || ' ' || rolsuper::int || rolbypassrls::int || rolcreaterole::int"
        " || pg_has_role(session_user, 'hotgigs_owner', 'MEMBER')::int FROM pg_roles WHERE rolname = session_user";

    check_answer(login, sql, "hotgigs_login hotgigs_anon 0000");
    check_answer(service, sql, "hotgigs_service_login hotgigs_service 0000");
    check_answer(bare, sql, "hotgigs_login hotgigs_anon 0000");
}
END_TEST

/* ---- SET and RESET ROLE ------------------------------------------------------------------------------------------ */

START_TEST(leak_role_tenant_becomes_no_stronger_role)
{
    static const char *const stronger[] = { "hotgigs_service", "hotgigs_owner", "hotgigs_installer", "postgres",
                                            "hotgigs_service_login" };

    for (size_t i = 0; i < sizeof stronger / sizeof stronger[0]; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "SET ROLE %s", stronger[i]);
        check_fails(login, sql, "42501");
        snprintf(sql, sizeof sql, "SELECT set_config('role', '%s', true)", stronger[i]);
        check_fails(login, sql, "42501");
        snprintf(sql, sizeof sql, "SET SESSION AUTHORIZATION %s", stronger[i]);
        check_fails(login, sql, "42501");
    }
}
END_TEST

START_TEST(leak_role_service_becomes_no_tenant_and_no_owner)
{
    static const char *const others[] = { "hotgigs_owner", "hotgigs_installer", "postgres", "hotgigs_candidate",
        "hotgigs_company",
                                          "hotgigs_freelancer", "hotgigs_anon" };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char sql[128];

        snprintf(sql, sizeof sql, "SET ROLE %s", others[i]);
        check_fails(service, sql, "42501");
    }
}
END_TEST

/* RESET ROLE gives what the login begins as, and SET ROLE NONE the login itself, which has nothing. */
START_TEST(leak_role_reset_falls_back_to_the_least_persona)
{
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("acme_admin")), 0);
    ck_assert_int_eq(policy_do(login, "RESET ROLE"), 0);
    check_answer(login, "SELECT current_user", "hotgigs_anon");
    check_fails(login, "SELECT id FROM applications", "42501");
    policy_do(login, "ROLLBACK");

    ck_assert_int_eq(policy_do(login, "SET ROLE NONE"), 0);
    check_answer(login, "SELECT current_user", "hotgigs_login");
    check_fails(login, "SELECT id FROM public.jobs", "42501");
    check_fails(login, "SELECT hotgigs.my_user_id()", "42501");
}
END_TEST

START_TEST(leak_role_nothing_outlives_the_transaction)
{
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("acme_admin")), 0);
    check_answer(login, "SELECT count(*) FROM applications", "4");
    policy_do(login, "COMMIT");

    check_answer(login, "SELECT current_user || coalesce(current_setting('request.jwt.claims', true), '')",
        "hotgigs_anon");
    check_fails(login, "SELECT id FROM applications", "42501");
}
END_TEST

START_TEST(leak_role_savepoint_gives_the_earlier_identity_back)
{
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("ada")), 0);
    ck_assert_int_eq(policy_do(login, "SAVEPOINT s"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("acme_admin")), 0);
    check_answer(login, "SELECT count(*) FROM applications", "4");
    ck_assert_int_eq(policy_do(login, "ROLLBACK TO SAVEPOINT s"), 0);
    check_answer(login, "SELECT count(*) FROM applications", "2");
    policy_do(login, "ROLLBACK");
}
END_TEST

START_TEST(leak_role_library_enters_no_service_session_over_a_tenants_login)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_SERVICE };
    hg_conn *conn = attack_open("visitor_plain");
    hg_error err;

    ck_assert_int_eq(hg_session_enter(conn, &who, &err), HG_OK);
    ck_assert_int_eq(attack_call(conn, "get users ada", NULL, &err), HG_E_DENIED);
    hg_session_leave(conn);
    ck_assert_int_eq(attack_call(conn, "get jobs acme_open", NULL, &err), HG_OK);
    hg_conn_close(conn);
}
END_TEST

/* ---- TRUNCATE, REFERENCES, TRIGGER; the audit trail -------------------------------------------------------------- */

START_TEST(leak_8_nobody_truncates)
{
    PGresult *tables = PQexec(admin, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND"
    " relkind = 'r'");

    ck_assert_int_eq(PQntuples(tables), 25);
    for (int i = 0; i < PQntuples(tables); i++)
        for (int p = 0; p < policy_people_count; p++) {
            const policy_person *person = &policy_people[p];
            char sql[128], got[24];

            if (person->group[0] != '\0' && person->claims != NULL)
                continue;               /* one of each group will do */
            snprintf(sql, sizeof sql, "TRUNCATE %s CASCADE", PQgetvalue(tables, i, 0));
            attack_raw(person->role == HG_ROLE_SERVICE ? service : login, person, sql, got);
            ck_assert_msg(strcmp(got, "denied") == 0, "%s: %s gave %s", person->name, sql, got);
        }
    PQclear(tables);
}
END_TEST

START_TEST(leak_8_maintenance_setting_opens_the_audit_trail_to_nobody)
{
    char got[24];

    attack_raw(service, policy_person_find("service"),
               "SELECT set_config('hotgigs.audit_maintenance', 'on', true); DELETE FROM audit_logs", got);
    ck_assert_str_eq(got, "denied");
    attack_raw(bare, policy_person_find("acme_admin"),
               "SELECT set_config('hotgigs.audit_maintenance', 'on', true); DELETE FROM audit_logs", got);
    ck_assert_str_eq(got, "refused");
}
END_TEST

/* ---- 5. Two admins at once --------------------------------------------------------------------------------------- */

/* The empty company gets two admins, for the time of a test. */
static void
begin_duel(void)
{
    char *sql = policy_sql("DELETE FROM company_members WHERE company_id = :empty;"
                           "INSERT INTO company_members (id, company_id, user_id, role, joined_at) VALUES"
                           " (:mail_sent, :empty, :acme_pending, 'admin', now()),"
                           " (:mail_failed, :empty, :acme_inactive, 'admin', now())", NULL);

    ck_assert_int_eq(policy_do(admin, sql), 0);
    free(sql);
}

static char *
count_admins(void)
{
    char *sql = policy_sql("SELECT count(*) FROM company_members WHERE company_id = :empty AND role = 'admin' AND"
    " is_active", NULL);
    char *count = policy_ask(admin, sql);

    free(sql);
    return count;
}

static void
end_duel(void)
{
    char *sql = policy_sql("ALTER TABLE company_members DISABLE TRIGGER company_members_last_admin_removed;"
                           "DELETE FROM company_members WHERE company_id = :empty;"
                           "ALTER TABLE company_members ENABLE TRIGGER company_members_last_admin_removed", NULL);

    ck_assert_int_eq(policy_do(admin, sql), 0);
    free(sql);
}

START_TEST(leak_5_two_admins_demoting_each_other_leave_one_raw)
{
    PGconn *second = policy_connect("LOGIN", policy_db);
    char *first_sql = policy_sql("UPDATE company_members SET role = 'viewer' WHERE id = :mail_failed", NULL);
    char *second_sql = policy_sql("UPDATE company_members SET role = 'viewer' WHERE id = :mail_sent", NULL);
    PGresult *result;
    const char *state;
    char *count;

    begin_duel();
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("acme_pending")), 0);
    ck_assert_int_eq(policy_do(second, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(second, policy_person_find("acme_inactive")), 0);
    ck_assert_int_eq(policy_do(login, first_sql), 0);
    ck_assert_int_eq(PQsendQuery(second, second_sql), 1);      /* waits for the first */
    ck_assert_int_eq(policy_do(login, "COMMIT"), 0);
    result = PQgetResult(second);
    state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    ck_assert_msg(state != NULL ? strcmp(state, "55000") == 0 || strcmp(state,
        "40P01") == 0 : strcmp(PQcmdTuples(result), "0") == 0,
                  "the second admin was demoted, too (%s)", state != NULL ? state : "no error");
    PQclear(result);
    PQfinish(second);

    count = count_admins();
    ck_assert_str_eq(count, "1");
    free(count);
    free(first_sql);
    free(second_sql);
    end_duel();
}
END_TEST

typedef struct duellist {
    const char *who, *call;
    pthread_barrier_t *start;
    hg_status st;
} duellist;

static void *
duel(void *context)
{
    duellist *me = context;
    hg_conn *conn = attack_open(me->who);

    pthread_barrier_wait(me->start);
    me->st = attack_call(conn, me->call, NULL, NULL);
    hg_conn_close(conn);
    return NULL;
}

START_TEST(leak_5_two_admins_demoting_each_other_leave_one_through_the_library)
{
    for (int round = 0; round < 10; round++) {
        pthread_barrier_t start;
        duellist a = { "acme_pending", "update company_members mail_failed role=viewer", &start, 0 };
        duellist b = { "acme_inactive", "update company_members mail_sent role=viewer", &start, 0 };
        pthread_t threads[2];
        char *count;

        begin_duel();
        pthread_barrier_init(&start, NULL, 2);
        pthread_create(&threads[0], NULL, duel, &a);
        pthread_create(&threads[1], NULL, duel, &b);
        pthread_join(threads[0], NULL);
        pthread_join(threads[1], NULL);
        pthread_barrier_destroy(&start);
        count = count_admins();

        ck_assert_msg(strcmp(count, "0") != 0, "round %d: nobody is left (%d, %d)", round, a.st, b.st);
        ck_assert_msg(a.st == HG_OK || b.st == HG_OK, "round %d: neither went through (%d, %d)", round, a.st, b.st);
        free(count);
        end_duel();
    }
}
END_TEST

/* ---- 5. One user's memberships, changed at once ------------------------------------------------------------------ */

/* What policies know of a user is one row. Two companies take him in at the same time: he is in both afterwards, or the
 * second is refused and nothing of it stays. */
START_TEST(leak_5_memberships_made_at_once_are_both_known)
{
    static const struct { const char *begin, *state, *known; } ways[] = {
        { "BEGIN", NULL, "2" }, { "BEGIN ISOLATION LEVEL REPEATABLE READ", "40001", "1" },
    };
    char *into_empty = policy_sql("INSERT INTO company_members (company_id, user_id, role, joined_at)"
                                  " VALUES (:empty, :gus, 'viewer', now())", NULL);
    char *into_beta = policy_sql("INSERT INTO company_members (company_id, user_id, role, joined_at)"
                                 " VALUES (:beta, :gus, 'viewer', now())", NULL);
    char *known = policy_sql("SELECT cardinality(viewer_of) FROM hotgigs.callers WHERE caller_id = :gus", NULL);
    char *away = policy_sql("DELETE FROM company_members WHERE user_id = :gus", NULL);
    PGconn *second = policy_connect("SERVICE", policy_db);

    for (int i = 0; i < 2; i++) {
        PGresult *result;
        char state[6] = "";

        ck_assert_int_eq(policy_do(service, "BEGIN"), 0);
        ck_assert_int_eq(policy_do(second, ways[i].begin), 0);
        check_answer(second, "SELECT 1", "1");                     /* its snapshot, if it keeps one */
        ck_assert_int_eq(policy_do(service, into_empty), 0);
        ck_assert_int_eq(PQsendQuery(second, into_beta), 1);       /* waits for the first */
        ck_assert_int_eq(policy_do(service, "COMMIT"), 0);
        result = PQgetResult(second);
        if (PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL)
            memcpy(state, PQresultErrorField(result, PG_DIAG_SQLSTATE), 5);
        PQclear(result);
        PQclear(PQgetResult(second));
        policy_do(second, "COMMIT");                               /* after an error: ROLLBACK */
        ck_assert_msg(strcmp(state, ways[i].state != NULL ? ways[i].state : "") == 0, "%s: the second gave %s", ways[i].begin,
                      state[0] != '\0' ? state : "no error");
        check_answer(admin, known, ways[i].known);
        ck_assert_int_eq(policy_do(admin, away), 0);
        check_answer(admin, known, "0");
    }
    PQfinish(second);
    free(into_empty);
    free(into_beta);
    free(known);
    free(away);
}
END_TEST

/* ---- 6. A checked file is not swapped ---------------------------------------------------------------------------- */

START_TEST(leak_6_another_file_is_unchecked_again)
{
    char *sql = policy_sql("UPDATE documents SET file_url = 'https://evil.test' WHERE id = :d_ada_resume", NULL);
    char *look = policy_sql("SELECT fraud_check_status || coalesce(ocr_text, '') FROM documents WHERE id ="
    " :d_ada_resume", NULL);
    char *back = policy_sql("UPDATE documents SET file_url = 'https://f.test/a', fraud_check_status = 'passed',"
    " ocr_text = 'text a'"
                            " WHERE id = :d_ada_resume", NULL);

    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("ada")), 0);
    ck_assert_int_eq(policy_do(login, sql), 0);
    policy_do(login, "COMMIT");

    check_answer(service, look, "pending");
    ck_assert_int_eq(policy_do(admin, back), 0);
    free(sql);
    free(look);
    free(back);
}
END_TEST

/* ---- 7. Messages ------------------------------------------------------------------------------------------------- */

/* The same error for a row that is hidden and one that is not there. */
static void
check_same(const char *who, const char *hidden, const char *missing)
{
    hg_conn *conn = attack_open(who);
    hg_error a, b;
    hg_status first = attack_call(conn, hidden, NULL, &a), second = attack_call(conn, missing, NULL, &b);

    hg_conn_close(conn);
    ck_assert_msg(first != HG_OK && first == second, "%s gave %d, %s gave %d", hidden, first, missing, second);
    ck_assert_msg(strcmp(a.message, b.message) == 0, "%s: \"%s\"\n%s: \"%s\"", hidden, a.message, missing, b.message);
    ck_assert(a.column == b.column && a.flags == b.flags && strcmp(a.sqlstate, b.sqlstate) == 0 &&
              strcmp(a.constraint, b.constraint) == 0 && strcmp(a.table, b.table) == 0);
}

START_TEST(leak_7_hidden_and_missing_rows_give_the_same_error)
{
    check_same("ada", "get users ben", "get users log_nobody");
    check_same("ada", "update users ben first_name=x", "update users log_nobody first_name=x");
    check_same("ada", "delete documents d_ben_letter", "delete documents log_nobody");
    check_same("acme_recruiter", "insert job_skills job_id=beta_filled skill_name=x",
        "insert job_skills job_id=log_nobody skill_name=x");
    check_same("acme_recruiter", "insert interviews application_id=gus_filled scheduled_at=2026-01-01T00:00:00",
               "insert interviews application_id=log_nobody scheduled_at=2026-01-01T00:00:00");
    check_same("acme_manager", "update tasks task_manager related_application_id=gus_filled",
               "update tasks task_manager related_application_id=log_nobody");
    check_same("acme_manager", "update tasks task_manager assigned_to=beta_admin",
        "update tasks task_manager assigned_to=log_nobody");
    check_same("fred", "insert referrals recruiter_id=f_fred candidate_id=p_dan job_id=acme_open",
               "insert referrals recruiter_id=f_fred candidate_id=log_nobody job_id=acme_open");
    check_same("fred", "insert referrals recruiter_id=f_fred candidate_id=p_gus job_id=beta_filled",
               "insert referrals recruiter_id=f_fred candidate_id=p_gus job_id=log_nobody");
}
END_TEST

/* A unique key, met by somebody who may meet it: an admin invites a member again. */
START_TEST(leak_7_errors_carry_no_values)
{
    static const char call[] = "insert company_members company_id=acme user_id=acme_viewer role=viewer"
    " invited_by=acme_admin";
    char *sql = policy_sql("INSERT INTO company_members (company_id, user_id, role, invited_by)"
                           " VALUES (:acme, :acme_viewer, 'viewer', :acme_admin)", NULL);
    hg_conn *conn = attack_open("acme_admin");
    PGresult *result;
    hg_error err;

    ck_assert_int_eq(attack_call(conn, call, NULL, &err), HG_E_CONFLICT);
    ck_assert_msg(strstr(err.message, "00000101-") == NULL, "%s", err.message);
    hg_conn_close(conn);

    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("acme_admin")), 0);
    result = PQexec(login, sql);
    ck_assert_str_eq(PQresultErrorField(result, PG_DIAG_SQLSTATE), "23505");
    ck_assert_ptr_null(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    PQclear(result);
    policy_do(login, "ROLLBACK");
    free(sql);
}
END_TEST

/* ---- 9. Shadowed names, search_path, functions that peek --------------------------------------------------------- */

/* In the copied database TEMPORARY is still everyone's, so that the attack can be made at all. */
START_TEST(leak_9_temporary_tables_shadow_nothing)
{
    static const char shadows[] =
        "SET LOCAL ROLE NONE; SET LOCAL search_path = pg_temp, public;"
        "CREATE TEMP TABLE users AS SELECT '00000101-0000-4000-8000-c00000000001'::uuid AS id, 'company'::text AS"
        " user_type,"
        "  true AS is_active;"
        "CREATE TEMP TABLE company_members AS SELECT '00000104-0000-4000-8000-b00000000000'::uuid AS company_id,"
        "  '00000101-0000-4000-8000-c00000000001'::uuid AS user_id, 'admin'::text AS role, true AS is_active, now()"
        " AS joined_at;"
        "CREATE TEMP TABLE candidate_profiles AS SELECT '00000201-0000-4000-8000-c00000000002'::uuid AS id,"
        "  '00000101-0000-4000-8000-c00000000001'::uuid AS user_id;"
        "CREATE FUNCTION pg_temp.persona_of(text) RETURNS text LANGUAGE sql AS 'SELECT current_setting(''role'')';"
        "CREATE TEMP TABLE callers AS SELECT '00000101-0000-4000-8000-c00000000001'::text AS subject,"
        "  '00000101-0000-4000-8000-a00000000004'::uuid AS caller_id, p AS persona,"
        "  ARRAY['00000104-0000-4000-8000-b00000000000']::uuid[] AS viewer_of FROM unnest(ARRAY['hotgigs_candidate',"
        "  'hotgigs_company']) p;"
        "CREATE FUNCTION pg_temp.claimed_subject() RETURNS text LANGUAGE sql"
        "  AS 'SELECT ''00000101-0000-4000-8000-a00000000004''';"
        "GRANT ALL ON pg_temp.users, pg_temp.company_members, pg_temp.candidate_profiles, pg_temp.callers TO hotgigs_candidate,"
        " hotgigs_company";

    ck_assert_int_eq(policy_do(bare, "BEGIN"), 0);
    ck_assert_int_eq(policy_do(bare, shadows), 0);
    ck_assert_int_eq(policy_become(bare, policy_person_find("ada")), 0);
    check_answer(bare, "SELECT count(*) FROM users", "1");             /* the temporary one, which holds one row */
    check_answer(bare, "SELECT string_agg(email, ' ') FROM public.users", "ada@mail.test");
    check_answer(bare, "SELECT count(*) FROM public.applications", "2");
    check_answer(bare, "SELECT count(*) FROM public.candidate_profiles", "1");
    check_answer(bare, "SELECT count(*) FROM hotgigs.my_companies()", "0");
    ck_assert_int_eq(policy_become(bare, policy_person_find("ada_as_company")), 0);
    check_answer(bare, "SELECT count(*) FROM public.applications", "0");
    check_answer(bare, "SELECT count(*) FROM public.companies", "0");
    check_answer(bare, "SELECT count(*) FROM hotgigs.candidate_cards", "0");
    policy_do(bare, "ROLLBACK");
}
END_TEST

static int peeks;

static void
count_peek(void *context, const PGresult *result)
{
    (void)context;
    if (strstr(PQresultErrorMessage(result), "peeked") != NULL)
        peeks++;
}

/* A function that costs nothing would be asked before the policy, if the policy were no barrier. */
START_TEST(leak_9_cheap_function_sees_only_rows_that_its_caller_sees)
{
    static const char make_peek[] =
        "SET LOCAL ROLE NONE;"
        "CREATE FUNCTION pg_temp.peek(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0000001"
        " AS $$ BEGIN RAISE NOTICE 'peeked %', $1; RETURN true; END $$;"
        "GRANT EXECUTE ON FUNCTION pg_temp.peek(text) TO PUBLIC";
    static const struct { const char *who, *sql; int rows; } looks[] = {
        { "ada",        "SELECT count(*) FROM public.users WHERE pg_temp.peek(email)", 1 },
        { "ada",        "SELECT count(*) FROM public.applications WHERE pg_temp.peek(recruiter_notes)", 2 },
        { "acme_admin", "SELECT count(*) FROM public.documents WHERE pg_temp.peek(file_url)", 4 },
        { "fred",       "SELECT count(*) FROM hotgigs.candidate_cards WHERE pg_temp.peek(headline)", 2 },
        { "fred",       "SELECT count(*) FROM hotgigs.user_cards WHERE pg_temp.peek(first_name)", 2 },
        { "beta_admin", "SELECT count(*) FROM hotgigs.company_settings WHERE pg_temp.peek(settings::text)", 1 },
        { "acme_viewer", "SELECT count(*) FROM hotgigs.referral_cards WHERE pg_temp.peek(notes)", 3 },
    };

    PQsetNoticeReceiver(bare, count_peek, NULL);
    ck_assert_int_eq(policy_do(bare, "BEGIN"), 0);
    ck_assert_int_eq(policy_do(bare, make_peek), 0);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        char want[16];

        peeks = 0;
        ck_assert_int_eq(policy_become(bare, policy_person_find(looks[i].who)), 0);
        snprintf(want, sizeof want, "%d", looks[i].rows);
        check_answer(bare, looks[i].sql, want);
        ck_assert_msg(peeks <= looks[i].rows, "%s: %s looked at %d rows of %d", looks[i].who, looks[i].sql, peeks,
            looks[i].rows);
        ck_assert_int_gt(peeks, 0);
    }
    policy_do(bare, "ROLLBACK");
}
END_TEST

/* COPY TO is filtered like SELECT. */
START_TEST(leak_copy_gives_only_visible_rows)
{
    PGresult *result;
    char *line;
    int lines = 0, length;

    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, policy_person_find("acme_viewer")), 0);
    result = PQexec(login, "COPY applications (id) TO STDOUT");
    ck_assert_int_eq(PQresultStatus(result), PGRES_COPY_OUT);
    PQclear(result);
    while ((length = PQgetCopyData(login, &line, 0)) > 0) {
        lines++;
        PQfreemem(line);
    }
    while ((result = PQgetResult(login)) != NULL)
        PQclear(result);
    ck_assert_int_eq(lines, 4);
    policy_do(login, "ROLLBACK");
}
END_TEST

/* ---- 12. One connection, one prepared statement, many identities ------------------------------------------------- */

static void
become(hg_conn *conn, const char *who)
{
    const policy_person *person = policy_person_find(who);
    hg_identity identity = { .struct_size = sizeof identity, .role = person->role };

    if (policy_person_id(person) != NULL)
        hg_uuid_parse(policy_person_id(person), 36, &identity.user_id, NULL);
    ck_assert_int_eq(hg_session_enter(conn, &identity, NULL), HG_OK);
}

START_TEST(leak_12_one_connection_gives_each_identity_its_own_rows)
{
    static const struct { const char *who, *call; hg_status st; } turns[] = {
        { "ada",         "get applications ada_acme",    HG_OK },
        { "ben",         "get applications ada_acme",    HG_E_NOT_FOUND },
        { "acme_viewer", "get applications ada_acme",    HG_OK },
        { "beta_admin",  "get applications ada_acme",    HG_E_NOT_FOUND },
        { "fred",        "get applications ada_acme",    HG_E_DENIED },
        { "visitor_plain", "get applications ada_acme",  HG_E_DENIED },
        { "visitor_plain", "get jobs acme_draft",        HG_E_NOT_FOUND },
        { "ben",         "get jobs acme_draft",          HG_OK },
        { "ada",         "get jobs acme_draft",          HG_E_NOT_FOUND },
        { "dan_as_company", "get jobs beta_filled",      HG_E_NOT_FOUND },
        { "dan",         "get jobs beta_filled",         HG_OK },
    };
    hg_conn *conn = attack_open("visitor_plain");

    for (int round = 0; round < 12; round++)          /* beyond the sixth the server may take a generic plan */
        for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
            hg_status st;

            become(conn, turns[i].who);
            st = attack_call(conn, turns[i].call, NULL, NULL);
            hg_session_leave(conn);
            ck_assert_msg(st == turns[i].st, "round %d: %s: %s gave %d, want %d", round, turns[i].who, turns[i].call,
                st, turns[i].st);
        }
    hg_conn_close(conn);
}
END_TEST

TCase *
tcase_leaks_sessions(void)
{
    TCase *tcase = tcase_create("sessions");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_checked_fixture(tcase, open_connections, close_connections);
    tcase_add_test(tcase, leak_13_tests_run_as_the_login_and_not_as_owner_or_superuser);
    tcase_add_test(tcase, leak_role_tenant_becomes_no_stronger_role);
    tcase_add_test(tcase, leak_role_service_becomes_no_tenant_and_no_owner);
    tcase_add_test(tcase, leak_role_reset_falls_back_to_the_least_persona);
    tcase_add_test(tcase, leak_role_nothing_outlives_the_transaction);
    tcase_add_test(tcase, leak_role_savepoint_gives_the_earlier_identity_back);
    tcase_add_test(tcase, leak_role_library_enters_no_service_session_over_a_tenants_login);
    tcase_add_test(tcase, leak_8_nobody_truncates);
    tcase_add_test(tcase, leak_8_maintenance_setting_opens_the_audit_trail_to_nobody);
    tcase_add_test(tcase, leak_5_two_admins_demoting_each_other_leave_one_raw);
    tcase_add_test(tcase, leak_5_two_admins_demoting_each_other_leave_one_through_the_library);
    tcase_add_test(tcase, leak_5_memberships_made_at_once_are_both_known);
    tcase_add_test(tcase, leak_6_another_file_is_unchecked_again);
    tcase_add_test(tcase, leak_7_hidden_and_missing_rows_give_the_same_error);
    tcase_add_test(tcase, leak_7_errors_carry_no_values);
    tcase_add_test(tcase, leak_9_temporary_tables_shadow_nothing);
    tcase_add_test(tcase, leak_9_cheap_function_sees_only_rows_that_its_caller_sees);
    tcase_add_test(tcase, leak_copy_gives_only_visible_rows);
    tcase_add_test(tcase, leak_12_one_connection_gives_each_identity_its_own_rows);
    return tcase;
}
