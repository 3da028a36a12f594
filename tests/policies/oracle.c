/* oracle.c - no operation tells whether an id that its caller cannot see exists.
 *
 * Every operation, as every tenant who may run it, is asked twice for each of its ids: with the id of a row that exists and
 * that he can read nowhere, in no table and in no card, and with one that nobody has. Both answers, errors with their texts
 * and rows alike, must be the same. His other parameters are such as let the call go as far as it can: ids of his own rows, in
 * several mixes. The operations and their parameters come from their descriptions, so that a new one is asked as well.
 *
 * The tables are asked as well: each foreign key that a tenant may write, in a copy of a row that he sees and in the row
 * itself. The server's own check of a key sees every row, so a policy must have turned him away before it.
 *
 * One thing is known by right: a candidate's id, to the freelancer whom he lets refer him. */
#include <stdlib.h>
#include <string.h>

#include "hotgigs/describe.h"
#include "policies/policies.h"
#include "record/record.h"
#include "suites.h"

enum { IDS_MAX = 512, ARGUMENTS_MAX = 40, MIXES = 2 };

static const char nobody_has[] = "99999999-0000-4000-8000-000000000009";

/* Ids of the fixture's rows of one table that a person may, or may not, read of. */
typedef struct id_list {
    char *ids[IDS_MAX];
    int   count;
} id_list;

typedef struct person_ids {
    id_list seen, hidden;
} person_ids;

/* What stands for the table in a parameter's name, and the number in its rows' ids. Longer names first. */
static const struct { const char *word, *table; } kinds[] = {
    { "related_application_id", "00000204" }, { "application_id", "00000204" }, { "job_id", "00000106" },
    { "not_applied_to", "00000106" },         { "company_id", "00000104" },     { "candidate_id", "00000201" },
    { "education_id", "00000203" },           { "experience_id", "00000202" },  { "interview_id", "00000206" },
    { "document_id", "00000207" },            { "session_id", "00000301" },     { "match_id", "00000302" },
    { "recruiter_id", "00000401" },           { "referral_id", "00000402" },    { "notification_id", "00000403" },
    { "task_id", "00000405" },                { "resource_id", "00000106" },    { "user_id", "00000101" },
    { "interviewer_id", "00000101" },         { "successor_id", "00000101" },   { "referrer_id", "00000101" },
    { "inviter", "00000101" },                { "creator", "00000101" },        { "posted_by", "00000101" },
    { "assigned_", "00000101" },
};

/* The table's number of an id that a parameter takes; NULL: the place in a list, which is any row's. */
static const char *
kind_of(const hg_column_info *param)
{
    if (strncmp(param->sql_type, "uuid", 4) != 0 || strcmp(param->name, "after_id") == 0)
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(param->name, kinds[i].word, strlen(kinds[i].word)) == 0)
            return kinds[i].table;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)         /* job_ids, match_ids */
        if (strncmp(param->name, kinds[i].word, strlen(kinds[i].word) - 1) == 0)
            return kinds[i].table;
    ck_abort_msg("%s: of which table's rows is it the id? Say so in oracle.c", param->name);
    return NULL;
}

/* ---- What a person can read ---------------------------------------------------------------------------------------- */

static int
has_id(const id_list *list, const char *id)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->ids[i], id) == 0)
            return 1;
    return 0;
}

static void
add_id(id_list *list, const char *id)
{
    if (!has_id(list, id) && list->count < IDS_MAX)
        list->ids[list->count++] = strdup(id);
}

/* Every uuid of every table and card, as far as the person's grants and policies go. */
static const char readable_sql[] =
    "SELECT format('SELECT %I::text FROM %I.%I WHERE %1$I IS NOT NULL', a.attname, n.nspname, c.relname)"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname IN ('public', 'hotgigs') AND c.relkind IN ('r', 'v') AND a.atttypid = 'uuid'::regtype"
    " AND has_column_privilege(current_user, c.oid, a.attnum, 'SELECT')";

static void
read_ids(PGconn *conn, const policy_person *person, PGresult *all, person_ids *out)
{
    PGresult *queries = PQexec(conn, readable_sql);

    ck_assert_msg(PQresultStatus(queries) == PGRES_TUPLES_OK, "%s", PQerrorMessage(conn));
    if (policy_person_id(person) != NULL)
        add_id(&out->seen, policy_person_id(person));
    for (int i = 0; i < PQntuples(queries); i++) {
        PGresult *rows = PQexec(conn, PQgetvalue(queries, i, 0));

        ck_assert_msg(PQresultStatus(rows) == PGRES_TUPLES_OK, "%s", PQerrorMessage(conn));
        for (int r = 0; r < PQntuples(rows); r++)
            add_id(&out->seen, PQgetvalue(rows, r, 0));
        PQclear(rows);
    }
    PQclear(queries);
    if (person->role == HG_ROLE_FREELANCER) {
        PGresult *rows = PQexec(conn, "SELECT hotgigs.consenting_candidates()");

        for (int r = 0; r < PQntuples(rows); r++)
            add_id(&out->seen, PQgetvalue(rows, r, 0));
        PQclear(rows);
    }
    for (int i = 0; i < PQntuples(all); i++)
        if (!has_id(&out->seen, PQgetvalue(all, i, 0)))
            add_id(&out->hidden, PQgetvalue(all, i, 0));
}

static void
forget_ids(person_ids *ids)
{
    for (int i = 0; i < ids->seen.count; i++)
        free(ids->seen.ids[i]);
    for (int i = 0; i < ids->hidden.count; i++)
        free(ids->hidden.ids[i]);
}

/* ---- One question -------------------------------------------------------------------------------------------------- */

/* The nth id of that table, going round; that of nobody if there is none. */
static const char *
id_of(const id_list *list, const char *table, int n)
{
    const char *found[IDS_MAX];
    int count = 0;

    for (int i = 0; i < list->count; i++)
        if (strncmp(list->ids[i], table, 8) == 0)
            found[count++] = list->ids[i];
    return count > 0 ? found[n % count] : nobody_has;
}

/* A value for a parameter that is not the one in question. Mix 0 leaves out what may be left out. */
static void
fill(const hg_column_info *param, const person_ids *ids, int mix, char value[64], int *given)
{
    const char *table = kind_of(param);
    int is_list = strstr(param->sql_type, "[]") != NULL;

    *given = !(param->nullable && (mix == 0 || strncmp(param->name, "after_", 6) == 0));
    if (table != NULL)
        snprintf(value, 64, is_list ? "{%s}" : "%s", id_of(&ids->seen, table, mix));
    else if (is_list)
        strcpy(value, "{}");
    else if (param->kind == HG_KIND_ENUM)
        strcpy(value, param->values[mix % param->value_count]);
    else if (param->kind == HG_KIND_JSON)
        strcpy(value, mix % 2 == 0 ? "{}" : "[]");
    else if (param->kind == HG_KIND_BOOL)
        strcpy(value, mix % 2 == 0 ? "true" : "false");
    else if (strncmp(param->sql_type, "timestamp", 9) == 0 || strcmp(param->sql_type, "date") == 0)
        strcpy(value, mix % 2 == 0 ? "2030-01-01" : "2031-01-01");
    else if (param->kind == HG_KIND_TEXT)
        strcpy(value, strcmp(param->name, "resource_type") == 0 ? "jobs" : "x");
    else
        strcpy(value, "1");
}

/* The text of an answer without any id in it: what a call makes gets another one each time. To be freed. */
static char *
answer_of(PGresult *result)
{
    char *out = NULL, *to;
    size_t size;
    FILE *text = open_memstream(&out, &size);

    if (PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL)
        fprintf(text, "%s %s / %s", PQresultErrorField(result, PG_DIAG_SQLSTATE),
                PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
                PQresultErrorField(result, PG_DIAG_COLUMN_NAME) != NULL ?
                PQresultErrorField(result, PG_DIAG_COLUMN_NAME) : "");
    else
        fprintf(text, "%d rows", PQntuples(result));
    for (int r = 0; r < PQntuples(result); r++)
        for (int f = 0; f < PQnfields(result); f++)
            fprintf(text, "|%s", PQgetvalue(result, r, f));
    fclose(text);
    for (char *from = to = out; ; from++)
        if (strspn(from, "0123456789abcdef-") >= 36 && from[8] == '-' && from[23] == '-') {
            *to++ = '?';
            from += 35;
        } else if ((*to++ = *from) == '\0') {
            return out;
        }
}

/* Runs op, prepared as "asked", with id for its parameter of that number, and gives back the answer; whatever it changed is undone. */
static char *
put_question(PGconn *conn, const hg_operation_info *op, int asked, const char *id, const person_ids *ids, int mix)
{
    char texts[ARGUMENTS_MAX][64];
    const char *values[ARGUMENTS_MAX];
    PGresult *result;
    char *out;

    ck_assert_int_le(op->argument_count, ARGUMENTS_MAX);
    for (int i = 0; i < op->argument_count; i++) {
        int ordinal = op->arguments[i] & ~HG_ARGUMENT_GIVEN, given;
        const hg_column_info *param = &op->params->columns[ordinal];

        fill(param, ids, mix, texts[i], &given);
        if (ordinal == asked) {
            given = 1;
            snprintf(texts[i], sizeof texts[i], strstr(param->sql_type, "[]") != NULL ? "{%s}" : "%s", id);
        }
        if (op->arguments[i] & HG_ARGUMENT_GIVEN)
            strcpy(texts[i], given ? "true" : "false");
        values[i] = given || (op->arguments[i] & HG_ARGUMENT_GIVEN) ? texts[i] : NULL;
    }
    PQclear(PQexec(conn, "SAVEPOINT question"));
    result = PQexecPrepared(conn, "asked", op->argument_count, values, NULL, NULL, 0);
    out = answer_of(result);
    PQclear(result);
    PQclear(PQexec(conn, "ROLLBACK TO question"));
    return out;
}

/* ---- All of them --------------------------------------------------------------------------------------------------- */

static PGconn *login;
static PGresult *all_ids;
static int questions, found;

/* One parameter of one operation, which is prepared as "asked". Of the many who are nobody one mix tells enough. */
static void
ask_about(const policy_person *person, const person_ids *ids, const hg_operation_info *op, int asked)
{
    const char *table = kind_of(&op->params->columns[asked]);
    int mixes = person->group[0] != '\0' ? 1 : MIXES;

    if (table == NULL)
        return;
    for (int mix = 0; mix < mixes; mix++) {
        char *nothing = put_question(login, op, asked, nobody_has, ids, mix);

        for (int i = 0; i < ids->hidden.count; i++) {
            char *something;

            if (strncmp(ids->hidden.ids[i], table, 8) != 0)
                continue;
            something = put_question(login, op, asked, ids->hidden.ids[i], ids, mix);
            questions++;
            if (strcmp(something, nothing) != 0 && ++found <= 40)
                fprintf(stderr, "%s asks %s by %s (mix %d) for %s, which is hidden from him: %.200s\n"
                        "    for an id that nobody has: %.200s\n", person->name, op->name,
                        op->params->columns[asked].name, mix, policy_name(ids->hidden.ids[i]), something, nothing);
            free(something);
        }
        free(nothing);
    }
}

/* One plan for all its questions: making one for each was most of the time. */
static void
ask_operation(const policy_person *person, const person_ids *ids, const hg_operation_info *op)
{
    PGresult *prepared = PQprepare(login, "asked", op->sql, op->argument_count, op->argument_types);

    ck_assert_msg(PQresultStatus(prepared) == PGRES_COMMAND_OK, "%s: %s", op->name, PQerrorMessage(login));
    PQclear(prepared);
    for (int32_t p = 0; p < op->params->column_count; p++)
        ask_about(person, ids, op, p);
    PQclear(PQexec(login, "DEALLOCATE asked"));
}

START_TEST(no_operation_tells_an_id_that_is_hidden_from_one_that_is_missing)
{
    const policy_person *person = &policy_people[_i];
    person_ids ids = { .seen.count = 0 };

    if (person->role == HG_ROLE_SERVICE)
        return;
    questions = found = 0;
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, person), 0);
    read_ids(login, person, all_ids, &ids);
    for (int32_t o = 0; o < hgi_operation_count; o++)
        if (hgi_operations[o]->roles & HG_BIT(person->role))
            ask_operation(person, &ids, hgi_operations[o]);
    ck_assert_int_eq(policy_do(login, "ROLLBACK"), 0);
    forget_ids(&ids);
    ck_assert_msg(found == 0, "%d of %d questions of %s tell hidden from missing", found, questions, person->name);
    ck_assert_int_gt(questions, 0);
}
END_TEST

/* ---- Foreign keys -------------------------------------------------------------------------------------------------- */

/* Asks for each hidden id ($hidden) and for one that nobody has, as whoever runs it, and raises at the first difference. */
static const char keys_sql[] =
    "DO $keys$ DECLARE k record; r record; x uuid; missing text; got text; verb text; columns text; list text; "
    " BEGIN"
    " FOR k IN SELECT c.conrelid::regclass AS tab, a.attname AS col, t.number FROM pg_constraint c"
    "          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
    "          JOIN (VALUES ('users', '00000101'), ('companies', '00000104'), ('jobs', '00000106'),"
    "                       ('candidate_profiles', '00000201'), ('applications', '00000204'), ('interviews', '00000206'),"
    "                       ('freelance_recruiters', '00000401')) t (name, number) ON t.name::regclass = c.confrelid"
    "          WHERE c.contype = 'f' AND has_any_column_privilege(c.conrelid, 'SELECT') LOOP"
    "  FOREACH verb IN ARRAY ARRAY['INSERT', 'UPDATE'] LOOP"
    "   CONTINUE WHEN NOT has_column_privilege(k.tab, k.col, verb);"
    "   SELECT string_agg(quote_ident(attname), ', '), string_agg(CASE WHEN attname = k.col THEN '$1'"
    "           WHEN attname = 'id' THEN 'gen_random_uuid()' WHEN attname = 'slug' THEN 'gen_random_uuid()::text'"
    "           WHEN attname IN ('posted_by', 'assigned_by', 'invited_by') THEN 'hotgigs.my_user_id()'"
    "           ELSE quote_ident(attname) END, ', ') INTO columns, list"
    "   FROM pg_attribute WHERE attrelid = k.tab AND attnum > 0 AND NOT attisdropped AND has_column_privilege(k.tab, attnum,"
    "    'INSERT') AND (attname = k.col OR has_column_privilege(k.tab, attnum, 'SELECT'));"
    "   FOR r IN EXECUTE format('SELECT id FROM %%s LIMIT 3', k.tab) LOOP"
    "    missing := NULL;"
    "    FOREACH x IN ARRAY ARRAY['%s'::uuid] || ARRAY(SELECT h FROM unnest('{%s}'::uuid[]) h WHERE left(h::text, 8) = k.number) LOOP"
    "     BEGIN"
    "      IF verb = 'INSERT' THEN EXECUTE format('INSERT INTO %%s (%%s) SELECT %%s FROM %%1$s WHERE id = %%4$L', k.tab, columns, list,"
    "       r.id) USING x;"
    "      ELSE EXECUTE format('UPDATE %%s SET %%I = $1 WHERE id = %%L', k.tab, k.col, r.id) USING x; END IF;"
    "      RAISE EXCEPTION 'done' USING ERRCODE = 'ZZ001';"
    "     EXCEPTION WHEN OTHERS THEN got := SQLSTATE || ' ' || regexp_replace(SQLERRM, '[0-9a-f-]{36}', '?');"
    "     END;"
    "     missing := coalesce(missing, got);"
    "     IF got <> missing THEN RAISE EXCEPTION '%% %%.%% of %%: for %% it says %%, for none %%', verb, k.tab, k.col, r.id, x, got,"
    "      missing USING ERRCODE = 'ZZ002'; END IF;"
    "    END LOOP; END LOOP; END LOOP; END LOOP;"
    " END $keys$";

START_TEST(no_foreign_key_tells_an_id_that_is_hidden_from_one_that_is_missing)
{
    const policy_person *person = &policy_people[_i];
    person_ids ids = { .seen.count = 0 };
    char *sql = NULL, *hidden = NULL;
    size_t size;
    FILE *text;

    if (person->role == HG_ROLE_SERVICE || person->role == HG_ROLE_ANON || person->group[0] != '\0')
        return;
    ck_assert_int_eq(policy_do(login, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(login, person), 0);
    read_ids(login, person, all_ids, &ids);
    text = open_memstream(&hidden, &size);
    for (int i = 0; i < ids.hidden.count; i++)
        fprintf(text, "%s%s", i > 0 ? "," : "", ids.hidden.ids[i]);
    fclose(text);
    text = open_memstream(&sql, &size);
    fprintf(text, keys_sql, nobody_has, hidden);
    fclose(text);
    ck_assert_msg(policy_do(login, sql) == 0, "%s: %s", person->name, PQerrorMessage(login));
    policy_do(login, "ROLLBACK");
    free(sql);
    free(hidden);
    forget_ids(&ids);
}
END_TEST

static void
open_login(void)
{
    PGconn *admin;

    ck_assert_int_eq(policy_databases_make(), 0);
    admin = policy_connect("ADMIN", policy_db);
    all_ids = PQexec(admin,
        "SELECT xpath.id FROM (SELECT unnest(xpath('//id/text()', query_to_xml(format('SELECT id FROM public.%I',"
        " relname), false, false, '')))::text AS id FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r') xpath ORDER BY 1");
    ck_assert_msg(PQresultStatus(all_ids) == PGRES_TUPLES_OK, "%s", PQerrorMessage(admin));
    PQfinish(admin);
    login = policy_connect("LOGIN", policy_db);
    ck_assert_ptr_nonnull(login);
    PQclear(PQexec(login, "SET plan_cache_mode = force_generic_plan"));
}

static void
close_login(void)
{
    PQclear(all_ids);
    PQfinish(login);
}

Suite *
suite_policies_oracle(void)
{
    Suite *suite = suite_create("policies/oracle");
    TCase *tcase = tcase_create("ids");

    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, open_login, close_login);
    tcase_add_loop_test(tcase, no_operation_tells_an_id_that_is_hidden_from_one_that_is_missing, 0, policy_people_count);
    tcase_add_loop_test(tcase, no_foreign_key_tells_an_id_that_is_hidden_from_one_that_is_missing, 0, policy_people_count);
    suite_add_tcase(suite, tcase);
    return suite;
}
