/* operations/plans - with 50,000 jobs and 250,000 applications no operation reads a whole table that it need not.
 *
 * What it touches is counted: the pages by EXPLAIN, functions included, with plans for these parameters and with plans for
 * any; and the rows that whole scans gave, triggers included, by the server's own numbers. Each runs as its persona, again if
 * it read too much, since the first time may fill the caches of the catalogue, and is rolled back. The cases are in the files
 * beside this one. */
#include "operations/plans.h"

#include "fixture.h"
#include "hotgigs/operation.h"
#include "suites.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/* More rows than any table has that is not one of the crowd's. */
enum { ROWS_OF_A_SMALL_TABLE = 2000 };

/* After five plans for given parameters the server decides on one for any, or against. */
enum { SETTLED = 7 };

const plan_file plan_files[PLAN_FILES] = {
    { "people", plans_people }, { "jobs", plans_jobs }, { "applications", plans_applications }, { "office", plans_office },
};

const hg_operation_info *
plan_operation(const plan_case *c)
{
    for (int32_t i = 0; i < hg_operation_count(); i++)
        if (strcmp(hg_operation_describe(i)->name, c->operation) == 0)
            return hg_operation_describe(i);
    ck_abort_msg("there is no operation %s", c->operation);
    return NULL;
}

/* What the case gives for a parameter, or NULL. */
static const char *
given(const plan_case *c, const char *param)
{
    const char *prefix = fixture_text("%s => ", param);

    for (const char *at = c->arguments; at != NULL; at = strstr(at, "; ")) {
        at += strncmp(at, "; ", 2) == 0 ? 2 : 0;
        if (strncmp(at, prefix, strlen(prefix)) == 0) {
            const char *value = at + strlen(prefix), *end = strstr(value, "; ");

            return fixture_text("%.*s", (int)(end != NULL ? (size_t)(end - value) : strlen(value)), value);
        }
    }
    return NULL;
}

const char *
plan_arguments(const plan_case *c)
{
    const hg_operation_info *op = plan_operation(c);
    const char *all = "";

    for (int32_t n = 0; n < op->argument_count; n++) {
        const hg_column_info *param = &op->params->columns[op->arguments[n] & ~HG_ARGUMENT_GIVEN];
        const char *value = given(c, param->name);

        ck_assert_msg(value != NULL || param->nullable, "a case of %s lacks %s", op->name, param->name);
        if (op->arguments[n] & HG_ARGUMENT_GIVEN)
            value = value != NULL ? "true" : "false";
        all = fixture_text("%s%s%s", all, n == 0 ? "(" : ", ", value != NULL ? value : "NULL");
    }
    return op->argument_count > 0 ? fixture_text("%s)", all) : "";
}

/* The pages that an EXPLAIN counted; negative, and the reason on the standard error, if the statement failed. */
static double
pages_of(PGresult *explained)
{
    cJSON *json;
    const cJSON *plan;
    double pages = 0;

    if (PQresultStatus(explained) != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s", PQresultErrorMessage(explained));
        return -1;
    }
    json = cJSON_Parse(PQgetvalue(explained, 0, 0));
    plan = cJSON_GetObjectItem(cJSON_GetArrayItem(json, 0), "Plan");
    pages += cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Shared Hit Blocks"));
    pages += cJSON_GetNumberValue(cJSON_GetObjectItem(plan, "Shared Read Blocks"));
    cJSON_Delete(json);
    return pages;
}

static const char rows_of_whole_scans[] =
    "SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables WHERE schemaname IN ('public', 'hotgigs')";

void
plan_become(const plan_case *c)
{
    sql_do("SELECT set_config('request.jwt.claims', '%s', true)",
           c->user[0] != '\0' ? fixture_text("{\"sub\": \"00000000-0000-4000-8000-000000%s\"}", c->user) : "");
    sql_do("SET LOCAL ROLE hotgigs_%s", c->role);
}

/* Once, from a state to which it comes back. */
static void
run_once(const plan_case *c, const char *arguments, double *pages, long *rows)
{
    PGresult *explained;

    sql_do("SAVEPOINT before");
    if (c->before != NULL)
        sql_do("%s", c->before);
    *rows = sql_int(rows_of_whole_scans);
    plan_become(c);
    explained = PQexec(admin, fixture_text("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON) EXECUTE asked%s",
                                           arguments));
    *pages = pages_of(explained);
    PQclear(explained);
    if (*pages >= 0)
        sql_do("RESET ROLE");
    else
        sql_do("ROLLBACK TO before");
    *rows = sql_int(rows_of_whole_scans) - *rows;
    sql_do("ROLLBACK TO before");
}

/* What a case may read: a quarter more than the pages of all that it is about, where that is whole relations. */
static int
bar_of(const plan_case *c)
{
    if (c->most != WHOLE)
        return c->most != 0 ? c->most : MOST_PAGES;
    return (int)sql_int("SELECT sum(pg_relation_size(name::regclass)) / 8192 * 1.25"
                        " FROM unnest(string_to_array(split_part('%s', ':', 1), ', ')) AS name", c->why);
}

/* Whether a case fails, or reads more than it may; what is wrong is told on the standard error. */
static int
is_wrong(const plan_case *c)
{
    const char *const modes[] = { "force_custom_plan", c->settles ? "auto" : "force_generic_plan" };
    const hg_operation_info *op = plan_operation(c);
    int most = bar_of(c), wrong = 0;
    const char *arguments;

    arguments = plan_arguments(c);
    plan_become(c);
    sql_do("PREPARE asked AS %s", op->sql);
    sql_do("RESET ROLE");
    for (int mode = 0; mode < (c->most == WHOLE ? 1 : 2); mode++) {
        int is_settling = c->settles && mode == 1, is_within = 0;
        double pages;
        long rows;

        sql_do("SET LOCAL plan_cache_mode = %s", modes[mode]);
        for (int again = 0; again < (is_settling ? SETTLED : 2) && (!is_within || is_settling); again++) {
            run_once(c, arguments, &pages, &rows);
            is_within = pages >= 0 && pages <= most && (rows <= ROWS_OF_A_SMALL_TABLE || c->most == WHOLE);
        }
        if (is_within)
            continue;
        fprintf(stderr, "%s as %s %s, %s: %.0f pages of %d, %ld rows by whole scans\n", c->operation, c->role, arguments,
                modes[mode], pages, most, rows);
        wrong = 1;
    }
    sql_do("DEALLOCATE asked");
    return wrong;
}

static void
make(void)
{
    ck_assert_msg(crowd_database() != NULL, "the crowd cannot be made");
}

static void
open_crowd(void)
{
    fixture_open();
    PQfinish(admin);
    admin = sql_connect(fixture_dsn_with("ADMIN", "dbname=hotgigs_crowd"));
}

START_TEST(no_operation_reads_a_whole_table)
{
    int wrong = 0;

    sql_do("BEGIN");
    sql_do("SET LOCAL search_path = public");
    /* What a trigram index has not sorted in yet is read from end to end; autovacuum does this. */
    sql_do("SELECT gin_clean_pending_list(c.oid) FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'gin'"
           " AND c.relkind = 'i'");
    for (const plan_case *c = plan_files[_i].cases; c->operation != NULL; c++)
        wrong += is_wrong(c);
    sql_do("ROLLBACK");
    ck_assert_msg(wrong == 0, "%s: %d cases read more than they may, or fail", plan_files[_i].name, wrong);
}
END_TEST

START_TEST(every_operation_has_its_line_and_every_other_bar_its_reason)
{
    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const char *name = hg_operation_describe(i)->name;
        int found = 0;

        for (int f = 0; f < PLAN_FILES; f++)
            for (const plan_case *c = plan_files[f].cases; c->operation != NULL; c++)
                found |= strcmp(c->operation, name) == 0;
        ck_assert_msg(found, "%s has no line among the cases", name);
    }
    for (int f = 0; f < PLAN_FILES; f++)
        for (const plan_case *c = plan_files[f].cases; c->operation != NULL; c++)
            ck_assert_msg((c->most == 0) == (c->why == NULL), "%s: a bar of its own and the reason belong together",
                          c->operation);
}
END_TEST

/* The counting itself: this has to read everything. */
START_TEST(whole_table_is_noticed)
{
    double pages;
    long rows;
    const plan_case c = { .operation = "none", .role = "service", .user = "" };

    sql_do("BEGIN");
    sql_do("PREPARE asked AS SELECT count(*) FROM public.candidate_education WHERE institution_name = 'x'");
    run_once(&c, "", &pages, &rows);
    sql_do("ROLLBACK");
    ck_assert_msg(pages > MOST_PAGES && rows > ROWS_OF_A_SMALL_TABLE, "%.0f pages and %ld rows", pages, rows);
}
END_TEST

Suite *
suite_operations_plans(void)
{
    Suite *suite = suite_create("operations/plans");
    TCase *tcase = tcase_create("plans");

    tcase_add_unchecked_fixture(tcase, make, NULL);
    tcase_add_checked_fixture(tcase, open_crowd, fixture_close);
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, no_operation_reads_a_whole_table, 0, PLAN_FILES);
    tcase_add_test(tcase, every_operation_has_its_line_and_every_other_bar_its_reason);
    tcase_add_test(tcase, whole_table_is_noticed);
    plans_zones(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}
