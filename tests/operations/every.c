/* operations/every - what holds for every operation of the library, as its description says: whom it is not for the library
 * refuses before anything is sent, and the database by itself; what it requires is required; and it is one round trip, for
 * everybody it is for. What each of them does is in the files beside this one. */
#include "called.h"
#include "operations/applications_stage.h"
#include "hotgigs/operation.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static hg_status
run_any(hg_conn *conn, const hg_operation_info *op, const void *params)
{
    if (op->rows == HG_ROWS_ONE || op->rows == HG_ROWS_MAYBE)
        return hg_operation_run_row(conn, op, params, NULL, &err);
    if (op->rows == HG_ROWS_MANY)
        return hg_operation_run_list(conn, op, params, NULL, &err);
    if (op->rows == HG_ROWS_NONE)
        return hg_operation_run(conn, op, params, &err);
    return hg_operation_run_count(conn, op, params, NULL, &err);
}

static const actor *
someone_of(int32_t role)
{
    static const actor *const people[] = { &visitor, &candidate, &boss, &freelancer };

    return people[role];
}

/* The connection on which somebody of this role acts. */
static hg_conn *
conn_of(int32_t role)
{
    if (role == HG_ROLE_SERVICE)
        return service;
    as(someone_of(role));
    return tenant;
}

static void
setup(void)
{
    called_count(0);
    stage_open();
}

static void
teardown(void)
{
    fixture_close();
    called_count(1);
}

START_TEST(whom_an_operation_is_not_for_nothing_is_sent)
{
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);

        for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_SERVICE; role++) {
            hg_conn *conn = conn_of(role);
            uint64_t trips = conn_stats(conn).round_trips;
            hg_status st;

            if (op->roles >> role & 1)
                continue;
            st = run_any(conn, op, NULL);
            ck_assert_msg(st == HG_E_DENIED && err.sqlstate[0] == '\0', "%s as role %d gave %s", op->name, (int)role,
                          hg_status_name(st));
            ck_assert_msg(conn_stats(conn).round_trips == trips, "%s as role %d was sent", op->name, (int)role);
            count++;
        }
    }
    ck_assert_int_gt(count, 200);
}
END_TEST

/* With raw libpq, as the login that tenants have: EXPLAIN wants the rights and runs nothing. */
START_TEST(whom_a_step_is_not_for_the_database_refuses)
{
    static const char *const roles[] = { "hotgigs_anon", "hotgigs_candidate", "hotgigs_company", "hotgigs_freelancer" };
    PGconn *raw = sql_connect(fixture_dsn("LOGIN"));
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);
        const char *nulls = "";

        if (op->rights != HG_RIGHTS_DEFINER)        /* others are the tables' own statements: their policies decide */
            continue;
        for (int32_t n = 0; n < op->argument_count; n++)
            nulls = fixture_text("%s%sNULL", nulls, n == 0 ? "(" : ", ");
        if (op->argument_count > 0)
            nulls = fixture_text("%s)", nulls);
        for (int role = 0; role < 4; role++) {
            PGresult *result;

            if (op->roles >> role & 1)
                continue;
            PQclear(PQexec(raw, fixture_text("SET ROLE %s", roles[role])));
            result = PQexec(raw, fixture_text("DEALLOCATE ALL; PREPARE it AS %s; EXPLAIN EXECUTE it%s", op->sql, nulls));
            ck_assert_msg(PQresultStatus(result) == PGRES_FATAL_ERROR
                          && strcmp(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501") == 0,
                          "%s as %s: %s", op->name, roles[role], PQresultErrorMessage(result));
            PQclear(result);
            count++;
        }
    }
    PQfinish(raw);
    ck_assert_int_gt(count, 100);
}
END_TEST

/* A value of the parameter's kind, as JSON; of nobody's row. */
static const char *
any_value(const hg_column_info *param)
{
    switch (param->kind) {
    case HG_KIND_UUID:      return fixture_text("\"%s\"", stage_id());
    case HG_KIND_JSON:      return "{}";
    case HG_KIND_ENUM:      return fixture_text("\"%s\"", param->values[0]);
    case HG_KIND_INT:
    case HG_KIND_BIGINT:
    case HG_KIND_DECIMAL:   return "1";
    case HG_KIND_BOOL:      return "false";
    case HG_KIND_TIMESTAMP: return "\"2031-01-01T10:00:00\"";
    case HG_KIND_DATE:      return "\"2031-01-01\"";
    case HG_KIND_INET:      return "\"192.0.2.1\"";
    case HG_KIND_UUID_LIST:
    case HG_KIND_TEXT_LIST: return "[]";
    default:                return "\"x\"";
    }
}

/* What an operation requires, and nothing else; but for one. -1: with all of it. */
static hg_draft *
what_it_requires(const hg_operation_info *op, int32_t but_for)
{
    const char *json = "";
    hg_draft *draft = NULL;

    for (int32_t p = 0; p < op->params->column_count; p++)
        if (!op->params->columns[p].nullable && p != but_for)
            json = fixture_text("%s%s\"%s\": %s", json, *json != '\0' ? ", " : "", op->params->columns[p].name,
                                any_value(&op->params->columns[p]));
    json = fixture_text("{%s}", json);
    ck_assert_msg(hg_operation_params_from_json(op, json, strlen(json), &draft, &err) == HG_OK, "%s of %s: %s", op->name, json,
                  err.message);
    return draft;
}

START_TEST(what_is_required_is_told_by_its_ordinal_and_nothing_is_sent)
{
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);

        for (int32_t p = 0; p < op->params->column_count; p++) {
            hg_draft *draft;

            if (op->params->columns[p].nullable)
                continue;
            draft = what_it_requires(op, p);
            for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_SERVICE; role++) {
                hg_conn *conn;
                uint64_t trips;
                hg_status st;

                if (!(op->roles >> role & 1))
                    continue;
                conn = conn_of(role);
                trips = conn_stats(conn).round_trips;
                st = run_any(conn, op, hg_operation_draft_params(op, draft));
                ck_assert_msg(st == HG_E_INVALID && err.column == p, "%s without %s gave %s about column %d", op->name,
                              op->params->columns[p].name, hg_status_name(st), (int)err.column);
                ck_assert_msg(strstr(err.message, op->params->columns[p].name) != NULL, "%s: \"%s\" does not name %s", op->name,
                              err.message, op->params->columns[p].name);
                ck_assert_msg(conn_stats(conn).round_trips == trips, "%s without %s was sent", op->name,
                              op->params->columns[p].name);
                count++;
            }
            hg_draft_free(draft);
        }
    }
    ck_assert_int_gt(count, 200);
}
END_TEST

/* Whatever it comes to, for nobody's rows: the answer is there after one trip, and it is one that a caller can do something
 * with. Inside a transaction that is given up, since some of them need no row to do something. */
START_TEST(each_is_one_round_trip)
{
    int count = 0;

    for (int32_t i = 0; i < hg_operation_count(); i++) {
        const hg_operation_info *op = hg_operation_describe(i);

        for (int32_t role = HG_ROLE_ANON; role <= HG_ROLE_SERVICE; role++) {
            hg_draft *draft;
            hg_conn *conn;
            uint64_t trips;
            hg_status st;

            if (!(op->roles >> role & 1))
                continue;
            draft = what_it_requires(op, -1);
            conn = conn_of(role);
            ck_ok(hg_tx_begin(conn, NULL, &err), err);
            trips = conn_stats(conn).round_trips;
            st = run_any(conn, op, hg_operation_draft_params(op, draft));
            trips = conn_stats(conn).round_trips - trips;
            ck_assert_msg(trips == 1, "%s as role %d took %d round trips (%s: %s)", op->name, (int)role, (int)trips,
                          hg_status_name(st), err.message);
            ck_assert_msg(st == HG_OK || st == HG_E_NOT_FOUND || st == HG_E_INVALID || st == HG_E_CONFLICT || st == HG_E_STATE
                          || st == HG_E_DENIED || st == HG_E_CONSTRAINT,
                          "%s as role %d gave %s: %s", op->name, (int)role, hg_status_name(st), err.message);
            ck_ok(hg_tx_rollback(conn, &err), err);
            hg_draft_free(draft);
            count++;
        }
    }
    ck_assert_int_gt(count, 200);
}
END_TEST

Suite *
suite_operations_every(void)
{
    Suite *suite = suite_create("operations/every");
    TCase *tcase = tcase_create("every");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, whom_an_operation_is_not_for_nothing_is_sent);
    tcase_add_test(tcase, whom_a_step_is_not_for_the_database_refuses);
    tcase_add_test(tcase, what_is_required_is_told_by_its_ordinal_and_nothing_is_sent);
    tcase_add_test(tcase, each_is_one_round_trip);
    suite_add_tcase(suite, tcase);
    return suite;
}
