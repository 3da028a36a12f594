/* matrix_run.c - runs the cells of a section and tells which differ from what the matrix says.
 *
 * A transaction an identity, a savepoint a statement; everything is rolled back. "ROLLBACK TO" travels with the next
 * statement, so that a cell is one round trip. */
#include "policies/policies.h"

#include <stdlib.h>
#include <string.h>

int
policy_stage_open(policy_stage *stage)
{
    stage->login = policy_connect("LOGIN", policy_db);
    stage->service = policy_connect("SERVICE", policy_db);
    stage->bare_login = policy_connect("LOGIN", policy_bare_db);
    stage->bare_service = policy_connect("SERVICE", policy_bare_db);
    stage->owner = policy_connect("INSTALLER", policy_db);
    if (stage->login == NULL || stage->service == NULL || stage->bare_login == NULL || stage->bare_service == NULL)
        return -1;
    return stage->owner != NULL ? policy_do(stage->owner, "SET ROLE hotgigs_owner") : -1;
}

void
policy_stage_close(policy_stage *stage)
{
    PQfinish(stage->login);
    PQfinish(stage->service);
    PQfinish(stage->bare_login);
    PQfinish(stage->bare_service);
    PQfinish(stage->owner);
    memset(stage, 0, sizeof *stage);
}

static PGresult *
send_cell(PGconn *conn, const char *sql)
{
    char *whole = NULL;
    PGresult *result;

    if (asprintf(&whole, "ROLLBACK TO SAVEPOINT cell; %s", sql) < 0)
        exit(1);
    result = PQexec(conn, whole);
    free(whole);
    return result;
}

/* A grant says "permission denied"; a policy, and the audit trail's trigger, say something else with the same SQLSTATE. */
static void
set_error(policy_outcome *outcome, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    if (state != NULL && strcmp(state, "42501") == 0)
        snprintf(outcome->word, sizeof outcome->word, "%s",
                 message != NULL && strncmp(message, "permission denied", 17) == 0 ? "denied" : "refused");
    else
        snprintf(outcome->word, sizeof outcome->word, "%s", state != NULL ? state : "lost");
}

/* A row of the answer that the section does not list, or that comes twice, is marked with bit 63. */
static uint64_t
bit_of(const policy_section *section, const char *id)
{
    const char *name = policy_name(id);

    for (int i = 0; i < section->row_count; i++)
        if (strcmp(section->rows[i], name) == 0)
            return UINT64_C(1) << i;
    return UINT64_C(1) << 63;
}

static int
is_kept(const policy_outcome *outcome)
{
    return strcmp(outcome->word, "23503") == 0 || strcmp(outcome->word, "55000") == 0;
}

static policy_outcome
outcome_of(const policy_section *section, const PGresult *result, int is_rows)
{
    policy_outcome outcome = { .word = "" };

    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        set_error(&outcome, result);
    else if (is_rows)
        for (int i = 0; i < PQntuples(result); i++) {
            uint64_t bit = bit_of(section, PQgetvalue(result, i, 0));

            outcome.rows |= outcome.rows & bit ? UINT64_C(1) << 63 : bit;
        }
    else
        snprintf(outcome.word, sizeof outcome.word, "%s",
                 strtol(PQcmdTuples((PGresult *)(uintptr_t)result), NULL, 10) > 0 ? "ok" : "zero");
    return outcome;
}

/* Row by row, where a foreign key or the last-admin rule refused the whole. */
static policy_outcome
run_row_by_row(PGconn *conn, const policy_section *section, const policy_verb *verb)
{
    policy_outcome all = { .word = "" };

    for (int i = 0; i < section->row_count; i++) {
        char *sql = NULL;
        const char *returning = strstr(verb->sql, " RETURNING ");
        policy_outcome one;
        PGresult *result;

        if (asprintf(&sql, "%.*s WHERE %s = '%s'%s", (int)(returning - verb->sql), verb->sql, section->key,
                     policy_id(section->rows[i]), returning) < 0)
            exit(1);
        result = send_cell(conn, sql);
        one = outcome_of(section, result, 1);
        if (is_kept(&one) || one.rows != 0)
            all.rows |= UINT64_C(1) << i;
        else if (one.word[0] != '\0')
            memcpy(all.word, one.word, sizeof all.word);
        PQclear(result);
        free(sql);
    }
    return all;
}

/* A change that reads no column is not held back by the policies for SELECT: the same number of rows must be reached without
 * RETURNING. If not, that is the outcome. */
static void
run_blind(PGconn *conn, const char *sql, policy_outcome *outcome)
{
    char *blind = NULL;
    PGresult *result;
    policy_outcome error = { .word = "" };
    int count = 0;

    if (asprintf(&blind, "%.*s", (int)(strstr(sql, " RETURNING ") - sql), sql) < 0)
        exit(1);
    for (uint64_t rows = outcome->rows; rows != 0; rows &= rows - 1)
        count++;
    result = send_cell(conn, blind);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        set_error(&error, result);
        snprintf(outcome->word, sizeof outcome->word, "blind %.16s", error.word);
    } else if (strtol(PQcmdTuples(result), NULL, 10) != count) {
        snprintf(outcome->word, sizeof outcome->word, "blind %.16s", PQcmdTuples(result));
    }
    PQclear(result);
    free(blind);
}

static policy_outcome
run_cell(PGconn *conn, const policy_section *section, const policy_verb *verb, const policy_person *person)
{
    char *sql = policy_sql(verb->sql, policy_person_id(person));
    PGresult *result = send_cell(conn, sql);
    policy_outcome outcome = outcome_of(section, result, verb->kind <= POLICY_DELETE);

    if (verb->kind == POLICY_DELETE && is_kept(&outcome))
        outcome = run_row_by_row(conn, section, verb);
    else if ((verb->kind == POLICY_UPDATE || verb->kind == POLICY_DELETE) && outcome.word[0] == '\0')
        run_blind(conn, sql, &outcome);
    PQclear(result);
    free(sql);
    return outcome;
}

static void
print_rows(const policy_section *section, uint64_t rows, FILE *report)
{
    for (int i = 0; i < section->row_count; i++)
        if (rows & (UINT64_C(1) << i))
            fprintf(report, " %s", section->rows[i]);
    if (rows >> 63)
        fprintf(report, " (a row that the section does not list)");
}

/* matrix.txt:412: acme_viewer, update SET title = 'X' on jobs: reached acme_open, which he must not */
static void
tell(const policy_section *section, const policy_verb *verb, int person, const policy_outcome *got, FILE *report)
{
    const policy_outcome *wanted = &verb->wanted[person];
    uint64_t more = got->rows & ~wanted->rows, less = wanted->rows & ~got->rows;

    fprintf(report, "matrix.txt:%d: %s: %s on %s:", verb->line, policy_people[person].name, verb->text, section->table);
    if (got->word[0] != '\0' || wanted->word[0] != '\0') {
        fprintf(report, " got %s", got->word[0] != '\0' ? got->word : "rows");
        print_rows(section, got->rows, report);
        fprintf(report, ", want %s", wanted->word[0] != '\0' ? wanted->word : "rows");
        print_rows(section, wanted->rows, report);
    } else {
        if (more != 0) {
            fprintf(report, " must not, but did:");
            print_rows(section, more, report);
        }
        if (less != 0) {
            fprintf(report, " must, but did not:");
            print_rows(section, less, report);
        }
    }
    fputc('\n', report);
}

static int
run_person(const policy_section *section, PGconn *conn, int person, int bare, FILE *report)
{
    int failed = 0;

    if (policy_do(conn, "BEGIN") != 0 || policy_become(conn, &policy_people[person]) != 0 ||
        policy_do(conn, "SAVEPOINT cell") != 0)
        return 1;
    for (int v = 0; v < section->verb_count; v++) {
        const policy_verb *verb = &section->verbs[v];
        policy_outcome got;

        if ((verb->kind == POLICY_BARE_TRY) != bare)
            continue;
        got = run_cell(conn, section, verb, &policy_people[person]);
        if (strcmp(got.word, verb->wanted[person].word) != 0 || got.rows != verb->wanted[person].rows) {
            tell(section, verb, person, &got, report);
            failed++;
        }
    }
    policy_do(conn, "ROLLBACK");
    return failed;
}

/* hotgigs_owner's own policy: helpers and definer functions read as he does. */
static int
check_owner(const policy_section *section, PGconn *owner, FILE *report)
{
    char sql[128], *count;
    int failed = 0;

    if (strchr(section->table, '.') != NULL)
        return 0;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", section->table);
    count = policy_ask(owner, sql);
    if (strtol(count, NULL, 10) != section->row_count) {
        fprintf(report, "matrix.txt: hotgigs_owner sees %s rows of %s, the section lists %d\n", count, section->table,
                section->row_count);
        failed = 1;
    }
    free(count);
    return failed;
}

int
policy_section_run(const policy_section *section, const policy_stage *stage, FILE *report, int limit)
{
    int failed = check_owner(section, stage->owner, report), has_bare = 0;

    for (int v = 0; v < section->verb_count; v++)
        has_bare |= section->verbs[v].kind == POLICY_BARE_TRY;
    for (int i = 0; i < policy_people_count && (limit == 0 || failed < limit); i++) {
        int service = policy_people[i].role == HG_ROLE_SERVICE;

        failed += run_person(section, service ? stage->service : stage->login, i, 0, report);
        if (has_bare && stage->bare_login != NULL)
            failed += run_person(section, service ? stage->bare_service : stage->bare_login, i, 1, report);
    }
    return failed;
}

int
policy_section_cells(const policy_section *section)
{
    return section->verb_count * policy_people_count;
}
