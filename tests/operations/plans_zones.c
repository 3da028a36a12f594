/* plans_zones.c - whatever the zone of a session and of the server, an operation says and does the same: what is asked in
 * operations/plans is asked again in zones on both sides of UTC, and in one in which the clock is put on.
 *
 * Before that, what is compared with the time comes near to it: of every kind some rows are a few hours ago, others a few
 * hours ahead, so that a moment taken from another clock changes the answer. All in one transaction, hence at one now(). What
 * is about whole tables is not run: tests/lint asks of all SQL that it takes the time from no other clock than UTC's. */
#include "operations/plans.h"

#include "fixture.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const zones[] = { "UTC", "Pacific/Kiritimati", "America/New_York" };
enum { ZONES = sizeof zones / sizeof zones[0] };

/* Of row n of its kind: half an hour ago, in half an hour, an hour and a half ago ...; and likewise of a moment days ago.
 * The clock of New York does not show half past two on 10 March 2024. */
static const char near_now[] =
    "CREATE FUNCTION pg_temp.near(n bigint, days integer DEFAULT 0) RETURNS timestamp LANGUAGE sql AS"
    " $$ SELECT now() AT TIME ZONE 'UTC' - make_interval(days => days)"
    "           + (CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END) * (n / 2 % 12 + 0.5) * interval '1 hour' $$;"
    "SET LOCAL session_replication_role = replica;"
    "WITH near AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM jobs WHERE company_id = " COMPANY("000777")
    "              UNION ALL (SELECT job_id, row_number() OVER (ORDER BY job_id) FROM ai_job_matches"
    "                         WHERE candidate_id = " CANDIDATE("045433") "))"
    "UPDATE jobs j SET application_deadline = pg_temp.near(n.n) FROM near n WHERE j.id = n.id AND j.id <> " JOB("000777") ";"
    "UPDATE jobs SET application_deadline = pg_temp.near(0) WHERE id = " JOB("000777") ";"
    "UPDATE jobs SET created_at = '2024-03-10 02:30' WHERE id = " JOB("020777") ";"
    "WITH near AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM interviews WHERE interviewer_id = " USER("000777")
    "              AND id <> " CROWD_ID("c300", "004155") ")"
    "UPDATE interviews i SET scheduled_at = pg_temp.near(n.n), status = 'scheduled' FROM near n WHERE i.id = n.id;"
    "WITH near AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM tasks WHERE company_id = " COMPANY("000777") ")"
    "UPDATE tasks t SET due_date = pg_temp.near(n.n), status = 'pending' FROM near n WHERE t.id = n.id;"
    "UPDATE notifications SET expires_at = pg_temp.near(('x' || right(id::text, 1))::bit(4)::integer::bigint)"
    " WHERE user_id = " USER("065433") ";"
    "WITH near AS (SELECT t.id, row_number() OVER (ORDER BY t.id) AS n FROM application_timeline t"
    "              JOIN applications a ON a.id = t.application_id JOIN jobs j ON j.id = a.job_id"
    "              WHERE j.company_id = " COMPANY("000777") ")"
    "UPDATE application_timeline t SET created_at = pg_temp.near(n.n, 7) FROM near n WHERE t.id = n.id;"
    "UPDATE applications SET applied_at = pg_temp.near(('x' || right(id::text, 1))::bit(4)::integer::bigint, 30)"
    " WHERE job_id IN (SELECT id FROM jobs WHERE company_id = " COMPANY("000777") ");"
    "WITH near AS (SELECT id, row_number() OVER (ORDER BY created_at) AS n FROM email_logs WHERE status = 'pending' LIMIT 8)"
    "UPDATE email_logs e SET sent_at = pg_temp.near(n.n) FROM near n WHERE e.id = n.id;"
    "WITH near AS (SELECT id, row_number() OVER (ORDER BY created_at) AS n FROM documents WHERE fraud_check_status = 'pending'"
    "              LIMIT 8)"
    "UPDATE documents d SET fraud_check_results = jsonb_build_object('claimed_until', to_char(pg_temp.near(n.n),"
    " 'YYYY-MM-DD\"T\"HH24:MI:SS.US')) FROM near n WHERE d.id = n.id;"
    "SET LOCAL session_replication_role = origin;";

/* The seconds of a moment that begins there, or -1; *length is its length. */
static long
moment_at(const char *text, size_t *length)
{
    int y, mo, d, h, mi, s, used = 0;

    if (!isdigit((unsigned char)*text)
        || sscanf(text, "%4d-%2d-%2d%*1[ T]%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &used) != 6 || used != 19)
        return -1;
    *length = 19 + strspn(text + 19, ".0123456789");
    return ((((y * 12L + mo) * 31 + d) * 24 + h) * 60 + mi) * 60 + s;
}

/* Whether an id begins there that the crowd did not bring. */
static int
drawn_id_at(const char *text)
{
    return strspn(text, "0123456789abcdef") == 8 && text[8] == '-' && strspn(text, "0123456789abcdef-") >= 36
           && strncmp(text, "00000000-0000-4000", 18) != 0;
}

/* The same, but for moments of the running clock and ids that were drawn. */
static int
alike(const char *one, const char *other)
{
    while (*one != '\0' && *other != '\0') {
        size_t length = 1, others = 1;
        long at = moment_at(one, &length), others_at = moment_at(other, &others);

        if (at >= 0 && others_at >= 0) {
            if (labs(at - others_at) > 60)
                return 0;
        } else if (drawn_id_at(one) && drawn_id_at(other)) {
            length = others = 36;
        } else if (*one != *other) {
            return 0;
        } else {
            length = others = 1;
        }
        one += length;
        other += others;
    }
    return *one == *other;
}

/* A column that says when its row was made has DEFAULT NOW() in the document, which is the session's clock; the library's
 * sessions are all in UTC. */
static int
is_made_now(const char *column, const char *value, const char *clock)
{
    const char *const columns[] = { "created_at", "updated_at", "applied_at", "last_updated_at" };

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (strcmp(column, columns[i]) == 0)
            return strcmp(value, clock) == 0;
    return 0;
}

/* Whether the cells of a row and a column agree; clock is what the other's session shows. */
static int
same_cell(const PGresult *one, const PGresult *other, int row, int column, const char *clock)
{
    const char *value = PQgetvalue(other, row, column);

    return alike(PQgetvalue(one, row, column), value) || is_made_now(PQfname(other, column), value, clock);
}

static int
same_result(const PGresult *one, const PGresult *other, const char *clock)
{
    if (PQresultStatus(one) != PQresultStatus(other) || PQntuples(one) != PQntuples(other)
        || strcmp(PQcmdTuples((PGresult *)one), PQcmdTuples((PGresult *)other)) != 0
        || !alike(PQresultErrorMessage(one), PQresultErrorMessage(other)))
        return 0;
    for (int row = 0; row < PQntuples(one); row++)
        for (int column = 0; column < PQnfields(one); column++)
            if (!same_cell(one, other, row, column, clock))
                return 0;
    return 1;
}

/* What differs, on the standard error. */
static void
tell(const plan_case *c, const char *zone, const PGresult *in_utc, const PGresult *in_zone, const char *clock)
{
    fprintf(stderr, "%s as %s differs in %s: %d rows and %d %s%s\n", c->operation, c->role, zone, PQntuples(in_utc),
            PQntuples(in_zone), PQresultErrorMessage(in_utc), PQresultErrorMessage(in_zone));
    for (int row = 0; row < PQntuples(in_utc) && row < PQntuples(in_zone); row++)
        for (int column = 0; column < PQnfields(in_utc); column++)
            if (!same_cell(in_utc, in_zone, row, column, clock))
                fprintf(stderr, "    %s: %s, in UTC %s\n", PQfname(in_utc, column), PQgetvalue(in_zone, row, column),
                        PQgetvalue(in_utc, row, column));
}

/* How many zones say something else. */
static int
differs(const plan_case *c)
{
    const char *arguments = plan_arguments(c);
    PGresult *in_utc = NULL;
    int wrong = 0;

    plan_become(c);
    sql_do("SET LOCAL plan_cache_mode = %s", c->settles ? "auto" : "force_generic_plan");     /* one plan for all zones */
    sql_do("PREPARE asked AS %s", plan_operation(c)->sql);
    sql_do("RESET ROLE");
    for (int zone = 0; zone < ZONES; zone++) {
        const char *clock;
        PGresult *result;

        sql_do("SAVEPOINT before; SET LOCAL TimeZone TO '%s'; %s", zones[zone], c->before != NULL ? c->before : "");
        clock = sql_text("SELECT now()::timestamp");
        plan_become(c);
        result = PQexec(admin, fixture_text("EXECUTE asked%s", arguments));
        sql_do("ROLLBACK TO before");
        if (zone == 0) {
            in_utc = result;
            continue;
        }
        if (!same_result(in_utc, result, clock)) {
            tell(c, zones[zone], in_utc, result, clock);
            wrong++;
        }
        PQclear(result);
    }
    PQclear(in_utc);
    sql_do("DEALLOCATE asked");
    return wrong;
}

START_TEST(in_every_zone_an_operation_says_the_same)
{
    int wrong = 0;

    sql_do("BEGIN");
    sql_do("%s", near_now);
    sql_do("SET LOCAL search_path = public");
    for (const plan_case *c = plan_files[_i].cases; c->operation != NULL; c++)
        if (c->most != WHOLE)
            wrong += differs(c);
    sql_do("ROLLBACK");
    ck_assert_msg(wrong == 0, "%s: %d answers depend on the zone", plan_files[_i].name, wrong);
}
END_TEST

void
plans_zones(TCase *tcase)
{
    tcase_add_loop_test(tcase, in_every_zone_an_operation_says_the_same, 0, PLAN_FILES);
}
