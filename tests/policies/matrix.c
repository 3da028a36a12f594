/* matrix.c - every table, card and step, every verb, every identity: matrix.txt against a real server, as raw SQL; and a
 * sample of it, get by id, through the library. */
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#include "policies/policies.h"
#include "record/record.h"

static policy_matrix *matrix;
static policy_stage stage;

static void
make(void)
{
    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
    matrix = policy_matrix_read("tests/policies/matrix.txt");
    ck_assert_msg(matrix != NULL, "matrix.txt has mistakes");
}

static void
unmake(void)
{
    policy_matrix_free(matrix);
    matrix = NULL;
}

static void
open_stage(void)
{
    ck_assert_msg(policy_stage_open(&stage) == 0, "no connection");
}

static void
close_stage(void)
{
    policy_stage_close(&stage);
}

/* ---- Raw SQL ----------------------------------------------------------------------------------------------------- */

START_TEST(everyone_sees_and_changes_what_the_matrix_says)
{
    const policy_section *section = &matrix->sections[_i];
    char *text = NULL;
    size_t size;
    FILE *report = open_memstream(&text, &size);
    int failed = policy_section_run(section, &stage, report, 0);

    fclose(report);
    if (failed > 0)
        fprintf(stderr, "%s", text);
    text[strcspn(text, "\n")] = '\0';
    ck_assert_msg(failed == 0, "%s: %d of %d cells differ, the first: %s", section->table, failed,
                  policy_section_cells(section), text);
    free(text);
}
END_TEST

START_TEST(every_table_has_a_section_with_every_verb)
{
    PGconn *conn = policy_connect("ADMIN", policy_db);
    PGresult *tables = PQexec(conn, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                                    " AND relkind IN ('r', 'p') UNION ALL SELECT 'hotgigs.' || relname FROM pg_class"
                                    " WHERE relnamespace = 'hotgigs'::regnamespace AND relkind = 'v'");

    ck_assert_int_ge(PQntuples(tables), 25);
    for (int i = 0; i < PQntuples(tables); i++) {
        const char *name = PQgetvalue(tables, i, 0);
        const policy_section *section = policy_section_find(matrix, name);
        unsigned kinds = 0;

        ck_assert_msg(section != NULL, "matrix.txt says nothing of %s", name);
        for (int v = 0; v < section->verb_count; v++) {
            kinds |= 1u << section->verbs[v].kind;
            if (strncmp(section->verbs[v].sql, "INSERT", 6) == 0)
                kinds |= 1u << 8;
        }
        ck_assert_msg(strchr(name, '.') != NULL || (kinds & 0x107u) == 0x107u, "%s lacks a verb", name);
    }
    PQclear(tables);
    PQfinish(conn);
}
END_TEST

/* ---- Steps ------------------------------------------------------------------------------------------------------- */

/* The cells that security.md marks fn, row by row of its matrix, and the functions that are the step. */
static const struct { const char *table, *step; } steps[] = {
    { "users", "user_register" },                           { "oauth_accounts", "oauth_unlink" },
    { "companies", "company_create" },                      { "companies", "company_view" },
    { "companies", "company_remove" },                      { "company_members", "member_invite" },
    { "company_members", "member_answer" },                 { "company_members", "member_leave" },
    { "company_members", "member_set_role" },               { "company_members", "member_remove" },
    { "applications", "application_submit" },
    { "applications", "application_withdraw" },             { "applications", "application_set_notes" },
    { "applications", "application_set_status" },           { "applications", "application_reject" },
    { "applications", "application_submit_on_behalf" },     { "applications", "application_list_referred" },
    { "application_timeline", "timeline_add_note" },        { "interviews", "interview_finish" },
    { "ai_interview_sessions", "ai_session_append" },       { "ai_interview_sessions", "ai_session_create" },
    { "ai_job_matches", "match_mark_viewed" },              { "freelance_recruiters", "my_payment_info" },
    { "referrals", "referral_decide" },                     { "referrals", "commission_approve" },
    { "analytics_events", "event_counts" },                 { "tasks", "task_set_status" },
    { "audit_logs", "audit_history" },
};

static int
is_step(const policy_verb *verb, const char *step)
{
    size_t n = strlen(step);

    for (const char *at = verb->sql; (at = strstr(at, "hotgigs.")) != NULL; at++)
        if (verb->kind == POLICY_TRY && strncmp(at + 8, step, n) == 0 && at[8 + n] == '(')
            return 1;
    return 0;
}

/* Let in: it did something, or found the row in another state than asked for. Else he was turned away. */
static int
is_let_in(const policy_outcome *outcome)
{
    return strcmp(outcome->word, "ok") == 0 || strcmp(outcome->word, "HG002") == 0 ||
           strcmp(outcome->word, "HG012") == 0 || strcmp(outcome->word, "55000") == 0;
}

START_TEST(every_step_that_the_design_names_says_who_may_and_who_may_not)
{
    policy_section *section = policy_section_find(matrix, steps[_i].table);
    int may = 0, may_not = 0;

    ck_assert_msg(section != NULL, "matrix.txt says nothing of %s", steps[_i].table);
    for (int v = 0; v < section->verb_count; v++)
        for (int person = 0; is_step(&section->verbs[v], steps[_i].step) && person < policy_people_count; person++)
            ++*(is_let_in(&section->verbs[v].wanted[person]) ? &may : &may_not);
    ck_assert_msg(may > 0 && may_not > 0, "matrix.txt: %s names %d who may call hotgigs.%s() and %d who may not;"
                  " want some of both",
                  steps[_i].table, may, steps[_i].step, may_not);
}
END_TEST

/* ---- Through the library ----------------------------------------------------------------------------------------- */

/* A table, or the view whose name follows "hotgigs." */
static const hgi_table *
table_called(const char *name)
{
    static const char schema[] = "hotgigs.";

    for (int32_t i = 0; i < hgi_table_count; i++)
        if (strcmp(hgi_tables[i]->info.name, name) == 0)
            return hgi_tables[i];
    for (int32_t i = 0; i < hgi_view_count; i++)
        if (strncmp(name, schema, sizeof schema - 1) == 0 &&
            strcmp(hgi_views[i]->info.name, name + sizeof schema - 1) == 0)
            return hgi_views[i];
    return NULL;
}

static hg_conn *
open_library(const char *login)
{
    char *dsn = policy_dsn(login, policy_db);
    hg_conn *conn = NULL;
    hg_error err;

    ck_assert_msg(hg_conn_open(dsn, NULL, &conn, &err) == HG_OK, "%s", err.message);
    free(dsn);
    return conn;
}

/* The library takes only identities that could be true; the others it refuses before anything is sent. */
static hg_status
enter(hg_conn *conn, const policy_person *person)
{
    hg_identity who = { .struct_size = sizeof who, .role = person->role };
    const char *id = policy_person_id(person);

    if (id != NULL)
        hg_uuid_parse(id, strlen(id), &who.user_id, NULL);
    return hg_session_enter(conn, &who, NULL);
}

static int
is_plausible(const policy_person *person)
{
    if (person->role == HG_ROLE_ANON)
        return policy_person_id(person) == NULL;
    return person->role == HG_ROLE_SERVICE || policy_person_id(person) != NULL;
}

/* What get must answer for a row, by the section's first verb, which is the select of all. */
static hg_status
wanted_of_get(const policy_section *section, int person, int row)
{
    const policy_outcome *wanted = &section->verbs[0].wanted[person];

    if (wanted->word[0] != '\0')
        return HG_E_DENIED;
    return wanted->rows & (UINT64_C(1) << row) ? HG_OK : HG_E_NOT_FOUND;
}

static int
check_gets(hg_conn *conn, const hgi_table *table, const policy_section *section, int person)
{
    int failed = 0;

    for (int row = 0; row < section->row_count; row++) {
        hg_uuid id = policy_uuid(section->rows[row]);
        const void *out = NULL;
        hg_status got = hgi_get(conn, table, &id, &out, NULL), want = wanted_of_get(section, person, row);

        if (got != want || (out != NULL) != (want == HG_OK)) {
            fprintf(stderr, "%s: get %s of %s gave %d, want %d\n", policy_people[person].name, section->rows[row],
                    section->table, got, want);
            failed++;
        }
        hgi_row_free(out);
    }
    return failed;
}

START_TEST(get_through_the_library_agrees_with_the_matrix)
{
    const policy_section *section = &matrix->sections[_i];
    const hgi_table *table = table_called(section->table);
    hg_conn *login, *service;
    int failed = 0;

    ck_assert_msg(table != NULL, "the library does not know %s", section->table);
    if (strcmp(section->key, "id") != 0)     /* company_settings: get goes by a column id */
        return;
    login = open_library("LOGIN");
    service = open_library("SERVICE");
    for (int i = 0; i < policy_people_count; i++) {
        const policy_person *person = &policy_people[i];
        hg_conn *conn = person->role == HG_ROLE_SERVICE ? service : login;

        if (!is_plausible(person)) {
            if (person->role != HG_ROLE_ANON || policy_person_id(person) != NULL)
                ck_assert_msg(enter(conn, person) == HG_E_INVALID, "%s was let in", person->name);
            continue;
        }
        ck_assert_msg(enter(conn, person) == HG_OK, "%s was not let in", person->name);
        failed += check_gets(conn, table, section, i);
        hg_session_leave(conn);
    }
    hg_conn_close(login);
    hg_conn_close(service);
    ck_assert_msg(failed == 0, "%s: %d gets differ from the matrix", section->table, failed);
}
END_TEST

/* Not counted before the matrix is read; 25 tables, 8 cards and 8 screens. */
enum { SECTIONS = 41 };

START_TEST(the_matrix_has_all_its_sections)
{
    ck_assert_int_eq(matrix->count, SECTIONS);
}
END_TEST

Suite *
suite_policies_matrix(void)
{
    Suite *suite = suite_create("policies/matrix");
    TCase *raw = tcase_create("raw");
    TCase *library = tcase_create("library");

    tcase_set_timeout(raw, 120);
    tcase_add_unchecked_fixture(raw, make, unmake);
    tcase_add_unchecked_fixture(raw, open_stage, close_stage);                   /* each cell is rolled back */
    tcase_add_test(raw, the_matrix_has_all_its_sections);
    tcase_add_test(raw, every_table_has_a_section_with_every_verb);
    tcase_add_loop_test(raw, every_step_that_the_design_names_says_who_may_and_who_may_not, 0,
                        (int)(sizeof steps / sizeof steps[0]));
    tcase_add_loop_test(raw, everyone_sees_and_changes_what_the_matrix_says, 0, SECTIONS);
    suite_add_tcase(suite, raw);

    tcase_set_timeout(library, 120);
    tcase_add_unchecked_fixture(library, make, unmake);
    tcase_add_loop_test(library, get_through_the_library_agrees_with_the_matrix, 0, SECTIONS);
    suite_add_tcase(suite, library);
    return suite;
}
