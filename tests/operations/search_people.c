/* operations/search_people - hotgigs.company_people holds whom a company has to do with, as the tables say it, whoever writes them and
 * how, and nobody else; user_search finds what the cards show. What a page costs is asked in search_names.c.
 *
 * HOTGIGS_TEST_SEED repeats a run whose seed a failure printed. */
#include "fixture.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static hg_uuid recruiter, company;

/* Who and what the statements below are about: two companies, and people who may have to do with them. */
static void
setup(void)
{
    fixture_open_tenant();
    recruiter = fixture_user(HG_USER_USER_TYPE_COMPANY);
    company = fixture_company(&recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
    sql_do("CREATE TEMP TABLE now AS SELECT 0 AS n;"
           "CREATE TEMP TABLE ours AS SELECT '%s'::uuid AS id;"
           "CREATE TEMP TABLE people (id uuid)", uuid_text(&company));
    sql_do("WITH c AS (INSERT INTO companies (name, slug) VALUES ('Other', md5(random()::text)) RETURNING id) INSERT INTO ours SELECT id FROM c;"
           "WITH u AS (INSERT INTO users (email, user_type, first_name) SELECT md5(random()::text) || g, CASE WHEN g < 5 THEN 'candidate' ELSE"
           " 'company' END, 'P' || g FROM generate_series(1, 8) g RETURNING id) INSERT INTO people SELECT id FROM u;"
           "INSERT INTO candidate_profiles (user_id) SELECT u.id FROM users u JOIN people USING (id) WHERE u.user_type = 'candidate';"
           "INSERT INTO jobs (company_id, title, slug, description, job_type) SELECT o.id, 't', 't' || g, 'd', 'contract' FROM ours o,"
           " generate_series(1, 3) g");
}

/* What the tables say, in words of their own. */
#define SAID \
    "SELECT DISTINCT o.id, u.id, trim(coalesce(u.first_name, '') || ' ' || coalesce(u.last_name, '')), u.email::text, u.user_type::text" \
    " FROM ours o, users u" \
    " WHERE EXISTS (SELECT FROM company_members m WHERE m.company_id = o.id AND m.user_id = u.id AND m.is_active AND m.joined_at IS NOT NULL" \
    " AND u.is_active) OR EXISTS (SELECT FROM applications a WHERE a.job_id IN (SELECT j.id FROM jobs j WHERE j.company_id = o.id)" \
    " AND a.candidate_id IN (SELECT c.id FROM candidate_profiles c WHERE c.user_id = u.id))"
#define KEPT \
    "SELECT DISTINCT company_id, user_id, trim(name), email, user_type FROM hotgigs.company_people WHERE company_id IN (SELECT id FROM ours)"

static void
check(const char *after, unsigned seed)
{
    const char *wrong = sql_text("%s", "SELECT string_agg(w.wrong, '; ') FROM ("
                                 "SELECT 'missing: ' || x::text AS wrong FROM ((" SAID ") EXCEPT (" KEPT ")) x UNION ALL "
                                 "SELECT 'too much: ' || x::text FROM ((" KEPT ") EXCEPT (" SAID ")) x UNION ALL "
                                 "SELECT 'not as due: ' || coalesce(x, d)::text FROM hotgigs.company_people x FULL JOIN hotgigs.company_people_due() d"
                                 " USING (source) WHERE x IS DISTINCT FROM d AND coalesce(x.company_id, d.company_id) IN (SELECT id FROM ours)) w");

    ck_assert_msg(wrong == NULL, "HOTGIGS_TEST_SEED=%u: after %s: %.1000s", seed, after, wrong);
}

/* One of these at random. */
#define N "(SELECT n FROM now)"
#define ONE_OF(table) "(SELECT x.id FROM " table " x ORDER BY md5(x.id::text || " N ") LIMIT 1)"
#define PEOPLE "(SELECT id FROM people JOIN users USING (id))"
#define PERSON ONE_OF(PEOPLE)
#define A_COMPANY ONE_OF("ours")
#define MEMBERS "(SELECT * FROM company_members WHERE company_id IN (SELECT id FROM ours) AND user_id IN (SELECT id FROM people))"
#define JOBS "(SELECT * FROM jobs WHERE company_id IN (SELECT id FROM ours))"
#define PROFILES "(SELECT c.* FROM candidate_profiles c JOIN people p ON p.id = c.user_id)"
#define APPLIED "(SELECT a.* FROM applications a JOIN jobs j ON j.id = a.job_id WHERE j.company_id IN (SELECT id FROM ours))"

static const char *const writes[] = {
    "INSERT INTO company_members (company_id, user_id, role, joined_at) SELECT " A_COMPANY ", p.id, 'viewer', CASE WHEN " N " % 3 > 0 THEN"
    " now() END FROM " PEOPLE " p WHERE md5(p.id::text || " N ") < '6' ON CONFLICT DO NOTHING",
    "UPDATE company_members SET joined_at = now(), is_active = " N " % 3 > 0 WHERE id = " ONE_OF(MEMBERS),
    "UPDATE company_members SET user_id = " PERSON " WHERE id = " ONE_OF(MEMBERS) " AND NOT EXISTS (SELECT FROM company_members m WHERE"
    " m.company_id = company_members.company_id AND m.user_id = " PERSON ")",
    "DELETE FROM company_members WHERE id = " ONE_OF(MEMBERS),
    "INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c WHERE"
    " md5(j.id::text || c.id || " N ") < '4' ON CONFLICT DO NOTHING",
    "INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c WHERE"
    " md5(j.id::text || c.id || " N ") < '4' ON CONFLICT DO NOTHING",
    "UPDATE applications SET status = 'screening' WHERE id = " ONE_OF(APPLIED),
    "DELETE FROM applications WHERE id = " ONE_OF(APPLIED),
    "UPDATE jobs SET company_id = CASE WHEN " N " % 3 > 0 THEN " A_COMPANY " END, slug = md5(random()::text) WHERE id = " ONE_OF(JOBS),
    "UPDATE users SET is_active = " N " % 3 > 0, first_name = CASE WHEN " N " % 4 > 0 THEN 'First' || " N " END WHERE id = " PERSON,
    "UPDATE users SET last_name = 'Last' || " N ", email = md5(random()::text) WHERE id = " PERSON,
    "UPDATE candidate_profiles SET user_id = NULL WHERE id = " ONE_OF(PROFILES) " AND " N " % 4 = 0",
    "INSERT INTO candidate_profiles (user_id) SELECT p FROM " PERSON " v(p) WHERE NOT EXISTS (SELECT FROM candidate_profiles WHERE user_id = p)",
    "DELETE FROM candidate_profiles WHERE id = " ONE_OF(PROFILES) " AND " N " % 4 = 0",
    "DELETE FROM jobs WHERE id = " ONE_OF(JOBS) " AND " N " % 4 = 0",
    "INSERT INTO jobs (company_id, title, slug, description, job_type) SELECT " A_COMPANY ", 't', md5(random()::text), 'd', 'contract'",
    "DELETE FROM users WHERE id = " PERSON " AND " N " % 8 = 0",
};

START_TEST(company_people_is_what_the_tables_say_after_any_write)
{
    const char *wanted = getenv("HOTGIGS_TEST_SEED");
    unsigned seed = wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)time(NULL), next = seed;

    for (int i = 0; i < 150; i++) {
        int which = i == 0 ? 0 : i == 1 ? 4 : rand_r(&next) % (int)(sizeof writes / sizeof *writes);

        sql_do("UPDATE now SET n = %d", rand_r(&next) % 1000);
        sql_do("%s", writes[which]);
        check(writes[which], seed);
    }
}
END_TEST

/* Two at a time: the later waits for the earlier, and what both wrote is there. */
START_TEST(what_two_write_at_a_time_is_kept)
{
    static const char *const pairs[][2] = {
        { "INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c",
          "UPDATE users SET last_name = 'Renamed' WHERE id IN (SELECT id FROM people)" },
        { "UPDATE users SET last_name = 'Renamed' WHERE id IN (SELECT id FROM people)",
          "INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c" },
        { "UPDATE company_members SET joined_at = now() WHERE id IN (SELECT id FROM " MEMBERS " m)",
          "UPDATE users SET is_active = false WHERE id IN (SELECT id FROM people)" },
        { "INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c",
          "UPDATE jobs SET company_id = NULL WHERE id IN (SELECT id FROM " JOBS " j)" },
        { "INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c",
          "UPDATE candidate_profiles SET user_id = NULL WHERE id IN (SELECT id FROM " PROFILES " p)" },
    };
    PGconn *two[2];

    sql_do("INSERT INTO company_members (company_id, user_id, role) SELECT o.id, p.id, 'viewer' FROM ours o, people p");
    for (int i = 0; i < 2; i++) {
        two[i] = sql_connect(fixture_dsn("ADMIN"));
        PQclear(PQexec(two[i], fixture_text("CREATE TEMP TABLE ours AS SELECT unnest('%s'::uuid[]) AS id;"
                                            "CREATE TEMP TABLE people AS SELECT unnest('%s'::uuid[]) AS id; BEGIN",
                                            sql_text("SELECT array_agg(id) FROM ours"), sql_text("SELECT array_agg(id) FROM people"))));
    }
    PQclear(PQexec(two[0], pairs[_i][0]));
    ck_assert_str_eq(PQerrorMessage(two[0]), "");
    ck_assert_int_eq(PQsendQuery(two[1], fixture_text("%s; COMMIT", pairs[_i][1])), 1);
    for (int ms = 0; sql_int("SELECT count(*) FROM pg_locks WHERE pid = %d AND NOT granted", PQbackendPID(two[1])) == 0; ms++) {
        ck_assert_msg(ms < 3000, "this does not wait: %s", pairs[_i][1]);
        usleep(1000);
    }
    PQclear(PQexec(two[0], "COMMIT"));
    for (PGresult *result; (result = PQgetResult(two[1])) != NULL; PQclear(result))
        ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", pairs[_i][1], PQerrorMessage(two[1]));
    check(pairs[_i][1], 0);
    for (int i = 0; i < 2; i++)
        PQfinish(two[i]);
}
END_TEST

/* How many user_search finds, as this role; -1: it is refused. */
static int
finds(int32_t role, const hg_uuid *user)
{
    hg_identity who = identity(role, user);
    hg_user_search_params params = { .struct_size = sizeof params };
    hg_user_search_list *rows = NULL;
    int count = -1;

    ck_ok(hg_session_enter(tenant, &who, &err), err);
    if (hg_user_search(tenant, &params, &rows, &err) == HG_OK)
        count = (int)hg_user_search_list_count(rows);
    hg_user_search_list_free(rows);
    hg_session_leave(tenant);
    return count;
}

/* Applicants are a company's; a freelancer or a candidate who is a member of it too has them not by that. */
START_TEST(leak_applicants_are_found_by_the_company_persona_alone)
{
    static const char *const roles[] = { "hotgigs_anon", "hotgigs_candidate", "hotgigs_company", "hotgigs_freelancer", "hotgigs_service" };
    hg_uuid freelancer = fixture_user(HG_USER_USER_TYPE_FREELANCE_RECRUITER), candidate = fixture_user(HG_USER_USER_TYPE_CANDIDATE);

    sql_do("INSERT INTO applications (job_id, candidate_id) SELECT j.id, c.id FROM " JOBS " j, " PROFILES " c");
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'admin', now())", uuid_text(&company),
           uuid_text(&freelancer));
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) VALUES ('%s', '%s', 'admin', now())", uuid_text(&company),
           uuid_text(&candidate));
    ck_assert_int_eq(finds(HG_ROLE_COMPANY, &recruiter), 3 + 4);
    ck_assert_int_eq(finds(HG_ROLE_FREELANCER, &freelancer), 1);
    ck_assert_int_eq(finds(HG_ROLE_CANDIDATE, &candidate), -1);
    sql_do("UPDATE company_members SET is_active = false WHERE user_id = '%s'", uuid_text(&recruiter));
    ck_assert_int_eq(finds(HG_ROLE_COMPANY, &recruiter), 1);
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        ck_assert_int_eq(sql_int("SELECT has_table_privilege(r, t, 'SELECT, INSERT, UPDATE, DELETE')::int"
                                 " + has_any_column_privilege(r, t, 'SELECT, INSERT, UPDATE')::int"
                                 " FROM CAST('hotgigs.company_people' AS text) t, CAST('%s' AS name) r", roles[i]), 0);
}
END_TEST

/* A row that says less than the tables, as a transaction of an older snapshot leaves it. */
START_TEST(leak_who_is_active_no_more_is_not_shown_though_the_row_still_says_so)
{
    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) SELECT '%s', id, 'viewer', now() FROM people",
           uuid_text(&company));
    ck_assert_int_eq(finds(HG_ROLE_COMPANY, &recruiter), 9);
    sql_do("SET session_replication_role = replica; UPDATE users SET is_active = false WHERE id IN (SELECT id FROM people);"
           "SET session_replication_role = origin");
    ck_assert_int_eq(finds(HG_ROLE_COMPANY, &recruiter), 1);
    sql_do("SELECT hotgigs.refill_company_people()");
    check("a refill", 0);
    ck_assert_int_eq(finds(HG_ROLE_COMPANY, &recruiter), 1);
}
END_TEST

/* Of nine people in the order of their names five are in stale rows: P1 to P8, and before them who asks, who has no name. */
START_TEST(a_page_is_full_though_rows_of_it_are_not_shown)
{
    hg_identity who = identity(HG_ROLE_COMPANY, &recruiter);
    hg_user_search_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_USER_SEARCH_AT_MOST), .at_most = 2 };
    const char *names = "", *last;

    sql_do("INSERT INTO company_members (company_id, user_id, role, joined_at) SELECT '%s', id, 'viewer', now() FROM people;"
           "SET session_replication_role = replica; UPDATE users SET is_active = first_name IN ('P3', 'P6', 'P8') WHERE id IN (SELECT id FROM"
           " people); SET session_replication_role = origin", uuid_text(&company));
    ck_ok(hg_session_enter(tenant, &who, &err), err);
    for (size_t count = 2; count == 2;) {
        hg_user_search_list *rows = NULL;

        ck_ok(hg_user_search(tenant, &params, &rows, &err), err);
        count = hg_user_search_list_count(rows);
        for (size_t i = 0; i < count; i++) {
            last = fixture_text("%s", hg_user_search_list_at(rows, i)->name.ptr);
            names = fixture_text("%s%s ", names, last);
            params.after_name = str_of(last);
            params.after_id = hg_user_search_list_at(rows, i)->id;
        }
        params.set |= HG_BIT(HG_USER_SEARCH_AFTER_NAME) | HG_BIT(HG_USER_SEARCH_AFTER_ID);
        hg_user_search_list_free(rows);
    }
    hg_session_leave(tenant);
    ck_assert_str_eq(names, " P3 P6 P8 ");
}
END_TEST

Suite *
suite_operations_search_people(void)
{
    Suite *suite = suite_create("operations/search_people");
    TCase *tcase = tcase_create("search_people");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, company_people_is_what_the_tables_say_after_any_write);
    tcase_add_loop_test(tcase, what_two_write_at_a_time_is_kept, 0, 5);
    tcase_add_test(tcase, leak_applicants_are_found_by_the_company_persona_alone);
    tcase_add_test(tcase, leak_who_is_active_no_more_is_not_shown_though_the_row_still_says_so);
    tcase_add_test(tcase, a_page_is_full_though_rows_of_it_are_not_shown);
    suite_add_tcase(suite, tcase);
    return suite;
}
