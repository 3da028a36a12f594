/* main.c - does the matrix notice? Weakens every policy, every function that a policy or a card asks, and every card, one
 * change at a time, and runs the matrix against it. A change that nobody notices is a survivor.
 *
 *   hotgigs-mutation             all of them
 *   hotgigs-mutation jobs        those whose name contains the word
 *
 * Survivors that change nothing (two conditions of which each implies the other, say) stand in equivalent.txt with the
 * reason; any other fails the run, and so does a line of that file whose mutant does not survive. Databases of its own. */
#include <stdlib.h>
#include <string.h>

#include "policies/mutation/mutation.h"
#include "policies/policies.h"

/* Something that can be weakened. */
typedef struct target {
    char *name;        /* policy jobs.company_update */
    char *table;       /* section to try first; "" if there is none */
    char *restore;     /* SQL that brings it back */
    mutant_list mutants;
} target;

typedef struct mutation {
    policy_matrix *matrix;
    policy_stage   stage;
    PGconn        *owner, *bare_owner;
    const char    *wanted;
    const policy_section *last;      /* that noticed a mutant of this target */
    char          *equivalents[256];
    char           used[256];
    int            equivalent_count;
    int            mutants, killed, excused, survivors;
} mutation;

static PGresult *
ask(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
        exit(1);
    }
    return result;
}

/* ---- Policies ---------------------------------------------------------------------------------------------------- */

static const char policies_sql[] =
    "SELECT p.polname, p.polrelid::regclass, coalesce(pg_get_expr(p.polqual, p.polrelid), ''),"
    " coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''),"
    " CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'"
    " ELSE 'ALL' END,"
    " (SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM pg_roles WHERE oid = ANY (p.polroles))"
    " FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid ORDER BY c.relname, p.polname";

typedef struct policy_context {
    mutant_list *list;
    const char  *policy, *table, *clause;
} policy_context;

static void
add_policy_mutant(void *context, char *what, char *mutated)
{
    policy_context *c = context;

    mutant_add(c->list, mutant_text("%s %s", c->clause, what),
               mutant_text("ALTER POLICY \"%s\" ON %s %s (%s)", c->policy, c->table, c->clause, mutated));
    free(what);
    free(mutated);
}

static void
mutate_clause(mutant_list *list, const char *policy, const char *table, const char *clause, const char *expression)
{
    policy_context context = { list, policy, table, clause };

    if (expression[0] == '\0' || strcmp(expression, "true") == 0)
        return;
    add_policy_mutant(&context, strdup("true"), strdup("true"));
    mutate_expression(expression, add_policy_mutant, &context);
}

/* Without one of its roles. */
static void
mutate_roles(mutant_list *list, const char *policy, const char *table, const char *roles)
{
    char *all = strdup(roles), *save = NULL;

    for (char *role = strtok_r(all, ", ", &save); role != NULL; role = strtok_r(NULL, ", ", &save)) {
        char *fewer = calloc(1, strlen(roles) + 1), *copy = strdup(roles), *inner = NULL;

        for (char *other = strtok_r(copy, ", ", &inner); other != NULL; other = strtok_r(NULL, ", ", &inner))
            if (strcmp(other, role) != 0)
                sprintf(fewer + strlen(fewer), "%s%s", fewer[0] != '\0' ? ", " : "", other);
        if (fewer[0] != '\0')
            mutant_add(list, mutant_text("not for %s", role),
                       mutant_text("ALTER POLICY \"%s\" ON %s TO %s", policy, table, fewer));
        free(copy);
        free(fewer);
    }
    free(all);
}

static char *
clause(const char *name, const char *expression)
{
    return expression[0] != '\0' ? mutant_text(" %s (%s)", name, expression) : strdup("");
}

static target
policy_target(const PGresult *r, int i)
{
    const char *name = PQgetvalue(r, i, 0), *table = PQgetvalue(r, i, 1);
    char *using = clause("USING", PQgetvalue(r, i, 2)), *check = clause("WITH CHECK", PQgetvalue(r, i, 3));
    target t = { .name = mutant_text("policy %s.%s", table, name), .table = strdup(table) };

    t.restore = mutant_text("DROP POLICY IF EXISTS \"%s\" ON %s; CREATE POLICY \"%s\" ON %s FOR %s TO %s%s%s", name,
        table, name,
                            table, PQgetvalue(r, i, 4), PQgetvalue(r, i, 5), using, check);
    mutant_add(&t.mutants, strdup("dropped"), mutant_text("DROP POLICY \"%s\" ON %s", name, table));
    mutate_roles(&t.mutants, name, table, PQgetvalue(r, i, 5));
    mutate_clause(&t.mutants, name, table, "USING", PQgetvalue(r, i, 2));
    mutate_clause(&t.mutants, name, table, "WITH CHECK", PQgetvalue(r, i, 3));
    free(using);
    free(check);
    return t;
}

/* ---- Functions that policies and cards ask, and cards ------------------------------------------------------------ */

static const char functions_sql[] =
    "SELECT p.proname, pg_get_functiondef(p.oid), p.prosrc FROM pg_proc p"
    " WHERE p.pronamespace = 'hotgigs'::regnamespace AND p.prosecdef AND p.prorettype <> 'trigger'::regtype"
    " AND (EXISTS (SELECT FROM pg_policy q WHERE concat(pg_get_expr(q.polqual, q.polrelid),"
    "                     pg_get_expr(q.polwithcheck, q.polrelid)) LIKE '%hotgigs.' || p.proname || '(%')"
    "  OR EXISTS (SELECT FROM pg_views v WHERE v.schemaname = 'hotgigs' AND v.definition LIKE '%' || p.proname ||"
    " '(%'))"
    " ORDER BY p.proname";

static const char cards_sql[] =
    "SELECT 'hotgigs.' || relname, rtrim(pg_get_viewdef(oid), ';'), coalesce('WITH (' || array_to_string(reloptions, ', ') || ')', '')"
    " FROM pg_class WHERE relnamespace = 'hotgigs'::regnamespace AND relkind = 'v' ORDER BY relname";

typedef struct text_context {
    mutant_list *list;
    const char  *before, *after;
} text_context;

static void
add_text_mutant(void *context, char *what, char *mutated)
{
    text_context *c = context;

    mutant_add(c->list, what, mutant_text("%s%s%s", c->before, mutated, c->after));
    free(mutated);
}

static target
function_target(const PGresult *r, int i)
{
    const char *definition = PQgetvalue(r, i, 1), *body = PQgetvalue(r, i, 2), *at = strstr(definition, body);
    target t = { .name = mutant_text("function %s", PQgetvalue(r, i, 0)), .table = strdup("") };
    char *before = mutant_text("%.*s", (int)(at - definition), definition);
    text_context context = { &t.mutants, before, at + strlen(body) };

    t.restore = strdup(definition);
    mutate_body(body, add_text_mutant, &context);
    free(before);
    return t;
}

static target
card_target(const PGresult *r, int i)
{
    const char *name = PQgetvalue(r, i, 0), *definition = PQgetvalue(r, i, 1);
    target t = { .name = mutant_text("card %s", name), .table = strdup(name) };
    char *before = mutant_text("CREATE OR REPLACE VIEW %s %s AS ", name, PQgetvalue(r, i, 2));
    text_context context = { &t.mutants, before, "" };

    t.restore = mutant_text("%s%s", before, definition);
    mutate_expression(definition, add_text_mutant, &context);
    free(before);
    return t;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

/* Whether any cell fails. What told last time tells most often: then the table's own section, then all others. */
static int
is_noticed(mutation *run, const char *table, FILE *report)
{
    const policy_section *own = policy_section_find(run->matrix, table), *last = run->last;

    if (last != NULL && policy_section_run(last, &run->stage, report, 1) > 0)
        return 1;
    if (own != NULL && own != last && policy_section_run(own, &run->stage, report, 1) > 0) {
        run->last = own;
        return 1;
    }
    for (int i = 0; i < run->matrix->count; i++) {
        const policy_section *section = &run->matrix->sections[i];

        if (section != own && section != last && policy_section_run(section, &run->stage, report, 1) > 0) {
            run->last = section;
            return 1;
        }
    }
    return 0;
}

static int
is_equivalent(mutation *run, const char *name, const char *what)
{
    char *line = mutant_text("%s: %s", name, what);
    int found = 0;

    for (int i = 0; i < run->equivalent_count; i++)
        if (strcmp(run->equivalents[i], line) == 0)
            found = run->used[i] = 1;
    free(line);
    return found;
}

static void
run_mutant(mutation *run, const target *weak, const mutant *change)
{
    char *text = NULL;
    size_t size;
    FILE *report;

    if (policy_do(run->owner, change->sql) != 0 || policy_do(run->bare_owner, change->sql) != 0) {
        fprintf(stderr, "%s: %s cannot be made\n", weak->name, change->what);
        exit(1);
    }
    run->mutants++;
    report = open_memstream(&text, &size);
    if (is_noticed(run, weak->table, report)) {
        run->killed++;
        fclose(report);
        if (getenv("V") != NULL)
            printf("killed    %s: %s\n          by %s", weak->name, change->what, text);
    } else {
        fclose(report);
        if (is_equivalent(run, weak->name, change->what)) {
            run->excused++;
        } else {
            run->survivors++;
            printf("SURVIVED  %s: %s\n", weak->name, change->what);
        }
    }
    free(text);
    if (policy_do(run->owner, weak->restore) != 0 || policy_do(run->bare_owner, weak->restore) != 0) {
        fprintf(stderr, "%s cannot be restored\n", weak->name);
        exit(1);
    }
}

static void
run_targets(mutation *run, const char *sql, target (*make)(const PGresult *r, int i))
{
    PGresult *r = ask(run->owner, sql);

    for (int i = 0; i < PQntuples(r); i++) {
        target t = make(r, i);

        run->last = NULL;
        for (int m = 0; m < t.mutants.count && (run->wanted == NULL || strstr(t.name, run->wanted) != NULL); m++)
            run_mutant(run, &t, &t.mutants.items[m]);
        fflush(stdout);
        mutant_list_free(&t.mutants);
        free(t.name);
        free(t.table);
        free(t.restore);
    }
    PQclear(r);
}

/* A mutant a line, above each group the reason. */
static void
read_equivalents(mutation *run)
{
    FILE *file = fopen("tests/policies/mutation/equivalent.txt", "r");
    char *line = NULL;
    size_t size = 0;

    while (file != NULL && getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && line[0] != '\0' && run->equivalent_count < 256)
            run->equivalents[run->equivalent_count++] = strdup(line);
    }
    free(line);
    if (file != NULL)
        fclose(file);
}

static int
report_stale(const mutation *run)
{
    int stale = 0;

    for (int i = 0; i < run->equivalent_count; i++)
        if (!run->used[i] && run->wanted == NULL) {
            printf("STALE     equivalent.txt: %s\n", run->equivalents[i]);
            stale++;
        }
    return stale;
}

static PGconn *
connect_owner(const char *database)
{
    PGconn *conn = policy_connect("INSTALLER", database);

    if (conn == NULL || policy_do(conn, "SET ROLE hotgigs_owner") != 0)
        exit(1);
    return conn;
}

int
main(int argc, char **argv)
{
    mutation run = { .wanted = argc > 1 && argv[1][0] != '\0' ? argv[1] : NULL };
    int stale;

    policy_db = "hotgigs_mutation";
    policy_bare_db = "hotgigs_mutation_bare";
    if (policy_databases_make() != 0 || (run.matrix = policy_matrix_read("tests/policies/matrix.txt")) == NULL ||
        policy_stage_open(&run.stage) != 0)
        return 1;
    run.owner = connect_owner(policy_db);
    run.bare_owner = connect_owner(policy_bare_db);
    read_equivalents(&run);
    if (is_noticed(&run, "", stderr)) {
        printf("the matrix fails before anything is changed; make check T=policies/matrix\n");
        return 1;
    }

    run_targets(&run, policies_sql, policy_target);
    run_targets(&run, functions_sql, function_target);
    run_targets(&run, cards_sql, card_target);

    stale = report_stale(&run);
    if (is_noticed(&run, "", stderr)) {
        printf("the matrix fails after all was restored\n");
        stale++;
    }
    printf("%d mutants: %d killed, %d equivalent, %d survived\n", run.mutants, run.killed, run.excused, run.survivors);
    policy_stage_close(&run.stage);
    policy_matrix_free(run.matrix);
    for (int i = 0; i < run.equivalent_count; i++)
        free(run.equivalents[i]);
    PQfinish(run.owner);
    PQfinish(run.bare_owner);
    return run.survivors == 0 && stale == 0 && run.mutants > 0 ? 0 : 1;
}
