/* lints.c - what holds for every table, policy, function and grant, asked of the catalogue: each lint is a query that names
 * what breaks the rule, and finds nothing. */
#include <stdlib.h>
#include <string.h>

#include "policies/policies.h"
#include "suites.h"

#define TABLES "c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
#define OURS   "p.pronamespace IN ('hotgigs'::regnamespace, 'auth'::regnamespace)"
#define ROLES  "('hotgigs_anon', 'hotgigs_candidate', 'hotgigs_company', 'hotgigs_freelancer', 'hotgigs_service')"
#define TEXT   "concat_ws(' ', pg_get_expr(q.polqual, q.polrelid), pg_get_expr(q.polwithcheck, q.polrelid))"

/* broken: makes something that breaks the rule, in a transaction that is rolled back; the lint must find it then. */
static const struct lint { const char *name, *sql, *broken; } lints[] = {
    { "every_table_forces_row_level_security",
      "SELECT c.relname FROM pg_class c WHERE " TABLES " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
      "ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY" },
    { "every_table_has_a_policy_of_its_owner",
      "SELECT c.relname FROM pg_class c WHERE " TABLES " AND NOT EXISTS (SELECT FROM pg_policy q WHERE q.polrelid ="
      " c.oid"
      " AND q.polcmd = '*' AND pg_get_expr(q.polqual, q.polrelid) = 'true' AND q.polroles ="
      " ARRAY['hotgigs_owner'::regrole::oid])",
      "DROP POLICY owner_all ON jobs" },
    { "every_table_is_the_owners",
      "SELECT c.relname FROM pg_class c WHERE (" TABLES " OR c.relnamespace = 'hotgigs'::regnamespace AND c.relkind"
      " IN ('r', 'v'))"
      " AND c.relowner <> 'hotgigs_owner'::regrole",
      "ALTER TABLE jobs OWNER TO postgres" },
    { "every_policy_names_its_roles",
      "SELECT q.polname FROM pg_policy q WHERE 0 = ANY (q.polroles) OR cardinality(q.polroles) = 0"
      " OR EXISTS (SELECT FROM unnest(q.polroles) r WHERE r::regrole::text NOT IN " ROLES " AND r <>"
      " 'hotgigs_owner'::regrole)",
      "CREATE POLICY x ON jobs FOR SELECT USING (is_public)" },
    { "every_policy_adds_and_none_subtracts",
      "SELECT q.polname FROM pg_policy q WHERE NOT q.polpermissive",
      "CREATE POLICY x ON jobs AS RESTRICTIVE FOR SELECT TO hotgigs_anon USING (is_public)" },
    { "true_is_for_owner_and_service_only",
      "SELECT q.polrelid::regclass || '.' || q.polname FROM pg_policy q WHERE ('true' IN (pg_get_expr(q.polqual,"
      " q.polrelid),"
      " pg_get_expr(q.polwithcheck, q.polrelid))) AND NOT q.polroles <@ ARRAY['hotgigs_owner'::regrole,"
      " 'hotgigs_service'::regrole]::oid[]",
      "CREATE POLICY x ON jobs FOR INSERT TO hotgigs_company WITH CHECK (true)" },
    /* The library takes it for granted: a row that the service does not change is not there. */
    { "the_service_sees_and_changes_every_row_of_what_it_may_change",
      "SELECT t.relname || ' ' || c.command FROM pg_class t CROSS JOIN (VALUES ('r'), ('w'), ('d')) c (command)"
      " WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r'"
      " AND (has_any_column_privilege('hotgigs_service', t.oid, 'UPDATE') AND c.command <> 'd'"
      "      OR has_table_privilege('hotgigs_service', t.oid, 'DELETE') AND c.command <> 'w')"
      " AND NOT EXISTS (SELECT FROM pg_policy q WHERE q.polrelid = t.oid AND q.polcmd::text IN ('*', c.command)"
      "                 AND q.polroles @> ARRAY['hotgigs_service'::regrole]::oid[]"
      "                 AND pg_get_expr(q.polqual, q.polrelid) = 'true')",
      "ALTER POLICY service_all ON jobs USING (is_public)" },
    { "owner_and_service_share_no_policy_with_tenants",
      "SELECT q.polname FROM pg_policy q WHERE q.polroles && ARRAY['hotgigs_owner'::regrole,"
      " 'hotgigs_service'::regrole]::oid[]"
      " AND cardinality(q.polroles) > 1",
      "CREATE POLICY x ON jobs FOR SELECT TO hotgigs_service, hotgigs_anon USING (is_public)" },
    { "every_policy_that_changes_rows_says_which_rows_may_result",
      "SELECT q.polname FROM pg_policy q WHERE q.polcmd IN ('w', 'a', '*') AND q.polwithcheck IS NULL",
      "CREATE POLICY x ON jobs FOR UPDATE TO hotgigs_company USING (is_public)" },
    { "whoever_changes_rows_may_see_rows",
      "SELECT q.polrelid::regclass || '.' || q.polname FROM pg_policy q CROSS JOIN unnest(q.polroles) r WHERE"
      " q.polcmd IN ('w', 'd')"
      " AND NOT EXISTS (SELECT FROM pg_policy s WHERE s.polrelid = q.polrelid AND s.polcmd IN ('r', '*') AND r ="
      " ANY (s.polroles))",
      "CREATE POLICY x ON system_metrics FOR UPDATE TO hotgigs_company USING (metric_name = '') WITH CHECK"
      " (metric_name = '')" },
    { "no_policy_calls_auth_uid_or_a_setting",
      "SELECT q.polrelid::regclass || '.' || q.polname FROM pg_policy q WHERE " TEXT " ~"
      " '(auth\\.uid|current_setting|current_user)' AND q.polrelid <> 'hotgigs.callers'::regclass",
      "CREATE POLICY x ON jobs FOR SELECT TO hotgigs_anon USING (posted_by = auth.uid())" },
    { "no_policy_opens_to_nobody",
      "SELECT q.polrelid::regclass || '.' || q.polname FROM pg_policy q WHERE " TEXT
      " ~ '(caller_id|my_user_id\\(\\))[^)]*\\)+ IS NULL'",
      "CREATE POLICY x ON jobs FOR SELECT TO hotgigs_company USING ((SELECT caller_id FROM hotgigs.callers) IS NULL)" },
    /* The one table that is asked who calls. As the owner, which views and definer functions are, it shows everybody. */
    { "what_is_derived_from_users_and_memberships_is_true",
      "SELECT coalesce(u.id::text, c.subject) FROM hotgigs.callers c FULL JOIN users u ON u.id::text = c.subject"
      " CROSS JOIN LATERAL (SELECT"
      "  coalesce(array_agg(m.company_id ORDER BY m.company_id), '{}') AS viewer_of,"
      "  coalesce(array_agg(m.company_id ORDER BY m.company_id) FILTER (WHERE hotgigs.member_rank(m.role) >= 2), '{}') AS manager_of,"
      "  coalesce(array_agg(m.company_id ORDER BY m.company_id) FILTER (WHERE hotgigs.member_rank(m.role) >= 3), '{}') AS recruiter_of,"
      "  coalesce(array_agg(m.company_id ORDER BY m.company_id) FILTER (WHERE hotgigs.member_rank(m.role) >= 4), '{}') AS admin_of"
      "  FROM company_members m WHERE m.user_id = u.id AND m.is_active AND m.joined_at IS NOT NULL) p"
      " WHERE (u.id, CASE WHEN u.is_active THEN hotgigs.persona_of(u.user_type) END,"
      "        p.viewer_of, p.manager_of, p.recruiter_of, p.admin_of,"
      "        ARRAY(SELECT id FROM candidate_profiles WHERE user_id = u.id ORDER BY 1),"
      "        ARRAY(SELECT id FROM freelance_recruiters WHERE user_id = u.id ORDER BY 1)) IS DISTINCT FROM"
      " (c.caller_id, c.persona, ARRAY(SELECT unnest(c.viewer_of) ORDER BY 1), ARRAY(SELECT unnest(c.account_manager_of) ORDER BY 1),"
      "        ARRAY(SELECT unnest(c.recruiter_of) ORDER BY 1), ARRAY(SELECT unnest(c.admin_of) ORDER BY 1),"
      "        ARRAY(SELECT unnest(c.candidates) ORDER BY 1), ARRAY(SELECT unnest(c.freelancers) ORDER BY 1))",
      "ALTER TABLE company_members DISABLE TRIGGER company_members_caller_changed;"
      " UPDATE company_members SET is_active = false WHERE role = 'viewer'" },
    { "no_view_reads_callers",
      "SELECT v.viewname FROM pg_views v WHERE v.definition LIKE '%hotgigs.callers%'",
      "CREATE VIEW hotgigs.x AS SELECT caller_id FROM hotgigs.callers" },
    { "no_definer_function_reads_callers_without_saying_whose",
      "SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND p.prosrc LIKE '%hotgigs.callers%' AND p.prorettype <>"
      " 'trigger'::regtype AND p.prosrc !~ 'me\\.subject = hotgigs\\.claimed_subject\\(\\)\\s+AND\\s+me\\.persona ="
      " current_setting\\(''role''\\)'",
      "CREATE FUNCTION hotgigs.x() RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''"
      " AS 'BEGIN RETURN (SELECT caller_id FROM hotgigs.callers); END'" },
    /* Called once a statement: in a sub-select of its own. interview_takes and task_takes are asked by WITH CHECK alone. */
    { "every_helper_in_a_policy_is_wrapped_in_a_sub_select",
      "SELECT q.polrelid::regclass || '.' || q.polname FROM pg_policy q"
      " WHERE q.polrelid <> 'hotgigs.callers'::regclass AND (regexp_replace(" TEXT ", '\\( SELECT hotgigs\\.\\w+\\(', '', 'g') ~"
      " 'hotgigs\\.(?!interview_takes|task_takes)\\w+\\('"
      " OR pg_get_expr(q.polqual, q.polrelid) ~ 'hotgigs\\.(interview_takes|task_takes)')",
      "CREATE POLICY x ON jobs FOR SELECT TO hotgigs_company USING (posted_by = hotgigs.my_user_id())" },
    { "no_function_that_a_policy_asks_is_volatile",
      "SELECT p.proname FROM pg_proc p WHERE " OURS " AND p.provolatile = 'v' AND p.prorettype <> 'trigger'::regtype"
      " AND EXISTS (SELECT FROM pg_policy q WHERE " TEXT " LIKE '%' || p.proname || '(%')",
      "ALTER FUNCTION hotgigs.company_jobs(text) VOLATILE" },
    { "no_function_that_a_policy_asks_forbids_parallel_plans",
      "SELECT p.proname FROM pg_proc p WHERE " OURS " AND p.proparallel <> 's'"
      " AND EXISTS (SELECT FROM pg_policy q WHERE " TEXT " LIKE '%' || p.proname || '(%')",
      "ALTER FUNCTION hotgigs.claimed_subject() PARALLEL UNSAFE" },
    { "every_definer_function_has_an_empty_search_path",
      "SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND p.pronamespace NOT IN ('pg_catalog'::regnamespace,"
      " 'information_schema'::regnamespace) AND NOT coalesce(p.proconfig @> ARRAY['search_path=\"\"'], false)",
      "ALTER FUNCTION hotgigs.my_user_id() SET search_path = public" },
    { "every_definer_function_is_the_owners",
      "SELECT p.proname FROM pg_proc p WHERE p.prosecdef AND p.pronamespace NOT IN ('pg_catalog'::regnamespace,"
      " 'information_schema'::regnamespace) AND p.proowner <> 'hotgigs_owner'::regrole",
      "ALTER FUNCTION hotgigs.my_user_id() OWNER TO postgres" },
    { "public_executes_no_function_of_ours",
      "SELECT p.proname FROM pg_proc p WHERE " OURS " AND (p.proacl IS NULL OR EXISTS (SELECT FROM"
      " aclexplode(p.proacl) a"
      " WHERE a.grantee = 0))",
      "GRANT EXECUTE ON FUNCTION hotgigs.user_credentials(text) TO PUBLIC" },
    /* The searches assemble their statements in functions that nobody but the owner may call, value by value through %L. */
    { "no_function_that_others_may_call_runs_text_as_sql",
      "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'hotgigs'::regnamespace AND p.prosrc ~* '\\mEXECUTE\\M'"
      " AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
      " WHERE a.grantee <> p.proowner)",
      "CREATE FUNCTION hotgigs.x(t text) RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE t; END'" },
    { "no_function_calls_another_helper_that_reads",
      "SELECT p.proname FROM pg_proc p WHERE " OURS " AND p.prosecdef AND p.prosrc ~"
      " 'hotgigs\\.(my_|company_|applied_|referred_)'"
      " AND EXISTS (SELECT FROM pg_policy q WHERE " TEXT " LIKE '%' || p.proname || '(%')",
      "CREATE OR REPLACE FUNCTION hotgigs.applied_jobs() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET"
      " search_path = ''"
      " AS 'BEGIN RETURN QUERY SELECT hotgigs.my_companies(); END'" },
    { "nobody_truncates_references_or_triggers",
      "SELECT c.relname || ' ' || a.privilege_type FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE (" TABLES
      " OR c.relnamespace = 'hotgigs'::regnamespace) AND a.grantee <> c.relowner AND a.privilege_type NOT IN"
      " ('SELECT', 'DELETE')",
      "GRANT TRUNCATE ON jobs TO hotgigs_service" },
    /* Then a column that is added later would be everybody's. */
    { "nobody_selects_a_whole_table",
      "SELECT c.relname FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE " TABLES
      " AND a.grantee <> c.relowner AND a.privilege_type = 'SELECT'",
      "GRANT SELECT ON jobs TO hotgigs_anon" },
    { "public_has_no_right_on_a_relation",
      "SELECT c.relname FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE c.relnamespace IN"
      " ('public'::regnamespace,"
      " 'hotgigs'::regnamespace) AND a.grantee = 0",
      "GRANT SELECT ON hotgigs.company_cards TO PUBLIC" },
    { "nobody_passes_a_right_on",
      "SELECT c.relname FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE c.relnamespace IN"
      " ('public'::regnamespace,"
      " 'hotgigs'::regnamespace) AND a.grantee <> c.relowner AND a.is_grantable",
      "GRANT DELETE ON jobs TO hotgigs_company WITH GRANT OPTION" },
    { "nobody_makes_anything_in_our_schemas",
      "SELECT n.nspname FROM pg_namespace n CROSS JOIN (VALUES ('hotgigs_login'), ('hotgigs_service_login'),"
      " ('hotgigs_anon'),"
      " ('hotgigs_candidate'), ('hotgigs_company'), ('hotgigs_freelancer'), ('hotgigs_service')) r (name)"
      " WHERE n.nspname IN ('public', 'hotgigs', 'auth') AND has_schema_privilege(r.name, n.oid, 'CREATE')",
      "GRANT CREATE ON SCHEMA public TO hotgigs_anon" },
    { "nobody_makes_temporary_tables",
      "SELECT r.name FROM (VALUES ('hotgigs_login'), ('hotgigs_service_login'), ('hotgigs_candidate'),"
      " ('hotgigs_service')) r (name)"
      " WHERE has_database_privilege(r.name, current_database(), 'TEMPORARY')"
      " OR has_database_privilege(r.name, current_database(), 'CREATE')",
      "DO 'BEGIN EXECUTE format(''GRANT TEMPORARY ON DATABASE %I TO hotgigs_login'', current_database()); END'" },
    /* A view of the owner's that leaves rows out could be peeked through without the barrier. The invoker's own needs none, from 15
     * on: it shows no more than its tables do. */
    { "every_view_with_a_rule_is_a_barrier_or_the_invokers",
      "SELECT c.relname FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN ('public'::regnamespace,"
      " 'hotgigs'::regnamespace)"
      " AND (NOT coalesce(c.reloptions && '{security_barrier=true,security_invoker=true}', false)"
      "      AND pg_get_viewdef(c.oid) ~ '\\mWHERE\\M' OR c.relowner <> 'hotgigs_owner'::regrole)",
      "ALTER VIEW hotgigs.user_cards RESET (security_barrier)" },
    { "nobody_writes_through_a_view",
      "SELECT c.relname FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE c.relkind = 'v'"
      " AND c.relnamespace = 'hotgigs'::regnamespace AND a.grantee <> c.relowner AND a.privilege_type <> 'SELECT'",
      "GRANT UPDATE ON hotgigs.company_cards TO hotgigs_company" },
    { "there_is_no_materialised_view",
      "SELECT c.relname FROM pg_class c WHERE c.relkind = 'm' AND c.relnamespace IN ('public'::regnamespace,"
      " 'hotgigs'::regnamespace)",
      "CREATE MATERIALIZED VIEW hotgigs.x AS SELECT 1 AS y" },
    /* The columns that policies compare with a set or with oneself. Flags and states are no way to find rows. */
    { "every_column_that_a_policy_filters_by_is_indexed",
      "SELECT DISTINCT c.relname || '.' || a.attname FROM pg_policy q JOIN pg_class c ON c.oid = q.polrelid"
      " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid = 'uuid'::regtype"
      " WHERE pg_get_expr(q.polqual, q.polrelid) ~ ('\\m' || a.attname || '\\M')"
      " AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indpred IS"
      " NULL)",
      "DROP INDEX jobs_posted_by_idx; CREATE POLICY x ON jobs FOR SELECT TO hotgigs_company"
      " USING (posted_by = (SELECT hotgigs.my_user_id()))" },
    { "every_foreign_key_is_indexed",
      "SELECT k.conrelid::regclass || ' ' || k.conname FROM pg_constraint k WHERE k.contype = 'f'"
      " AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1] AND"
      " i.indpred IS NULL)",
      "DROP INDEX jobs_posted_by_idx" },
    /* Column values that policies rely on do not change. */
    { "no_tenant_changes_a_column_that_says_whose_a_row_is",
      "SELECT c.relname || '.' || a.attname || ' ' || r.name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
      " CROSS JOIN (VALUES ('hotgigs_anon'), ('hotgigs_candidate'), ('hotgigs_company'), ('hotgigs_freelancer'),"
      " ('hotgigs_service')) r (name) WHERE " TABLES " AND a.attname IN ('id', 'company_id', 'user_id',"
      " 'candidate_id', 'job_id',"
      " 'application_id', 'recruiter_id') AND has_column_privilege(r.name, c.oid, a.attnum, 'UPDATE')"
      " AND NOT (c.relname = 'email_logs' AND r.name = 'hotgigs_service')",
      "GRANT UPDATE (company_id) ON jobs TO hotgigs_service" },
    { "no_login_is_a_member_of_owner_or_of_both_kinds",
      "SELECT l.rolname FROM pg_roles l WHERE l.rolcanlogin AND NOT l.rolsuper AND l.rolname LIKE 'hotgigs\\_%login'"
      " AND (pg_has_role(l.oid, 'hotgigs_owner', 'MEMBER') OR l.rolinherit OR l.rolbypassrls"
      " OR (pg_has_role(l.oid, 'hotgigs_service', 'MEMBER') AND pg_has_role(l.oid, 'hotgigs_candidate', 'MEMBER')))",
      "GRANT hotgigs_service TO hotgigs_login" },
    { "every_login_begins_as_the_least_persona",
      "SELECT l.rolname FROM pg_roles l WHERE l.rolname IN ('hotgigs_login', 'hotgigs_service_login') AND NOT"
      " coalesce(l.rolconfig"
      " && ARRAY['role=hotgigs_anon', 'role=hotgigs_service'], false)",
      "ALTER ROLE hotgigs_login RESET role" },
    { "no_persona_logs_in_or_steps_over_policies",
      "SELECT rolname FROM pg_roles WHERE rolname IN " ROLES " AND (rolcanlogin OR rolsuper OR rolbypassrls OR"
      " rolcreaterole OR rolcreatedb"
      " OR rolreplication)",
      "ALTER ROLE hotgigs_anon BYPASSRLS" },
};

enum { LINTS = sizeof lints / sizeof lints[0] };

static PGconn *admin;

static void
make(void)
{
    ck_assert_msg(policy_databases_make() == 0, "the fixture's databases cannot be made");
}

static void
open_connection(void)
{
    admin = policy_connect("ADMIN", policy_db);
    ck_assert_ptr_nonnull(admin);
}

static void
close_connection(void)
{
    PQfinish(admin);
}

/* What breaks the rule, one after the other; to be freed. */
static char *
find(const struct lint *lint)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    PGresult *result = PQexec(admin, lint->sql);

    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", lint->name, PQerrorMessage(admin));
    for (int i = 0; i < PQntuples(result); i++)
        fprintf(stream, " %s", PQgetvalue(result, i, 0));
    PQclear(result);
    fclose(stream);
    return text;
}

START_TEST(lint_holds)
{
    char *found = find(&lints[_i]);

    ck_assert_msg(found[0] == '\0', "%s, but for:%s", lints[_i].name, found);
    free(found);
}
END_TEST

START_TEST(lint_finds_what_breaks_it)
{
    char *found;

    ck_assert_int_eq(policy_do(admin, "BEGIN"), 0);
    ck_assert_msg(policy_do(admin, lints[_i].broken) == 0, "%s cannot be broken", lints[_i].name);
    found = find(&lints[_i]);
    policy_do(admin, "ROLLBACK");
    ck_assert_msg(found[0] != '\0', "%s does not notice: %s", lints[_i].name, lints[_i].broken);
    free(found);
}
END_TEST

static TTest named[LINTS];

Suite *
suite_policies_lints(void)
{
    Suite *suite = suite_create("policies/lints");
    TCase *holds = tcase_create("hold");
    TCase *finds = tcase_create("find");

    tcase_add_unchecked_fixture(holds, make, NULL);
    tcase_add_unchecked_fixture(holds, open_connection, close_connection);
    for (int i = 0; i < LINTS; i++) {
        named[i] = *lint_holds;
        named[i].name = lints[i].name;
        _tcase_add_test(holds, &named[i], 0, 0, i, i + 1);
    }
    suite_add_tcase(suite, holds);

    tcase_add_unchecked_fixture(finds, make, NULL);
    tcase_add_unchecked_fixture(finds, open_connection, close_connection);       /* what is broken is rolled back */
    tcase_add_loop_test(finds, lint_finds_what_breaks_it, 0, LINTS);
    suite_add_tcase(suite, finds);
    return suite;
}
