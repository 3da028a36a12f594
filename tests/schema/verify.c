/* schema/verify - every kind of difference is found, and named. */
#include "suites.h"

#include <stdio.h>
#include <string.h>

#include "schema/catalogue.h"
#include "scratch.h"

START_TEST(a_migrated_database_does_not_differ)
{
    hg_error err = { 0 };
    hg_text *text;

    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_OK, err);

    ck_assert_str_eq(hg_text_ptr(text), "");
    ck_assert_uint_eq(hg_text_len(text), 0);
    hg_text_free(text);
}
END_TEST

/* Run by the superuser; table is err's. */
static const struct { const char *name, *sql, *table, *line; } drifts[] = {
    { "table dropped", "DROP TABLE public.tasks CASCADE", "tasks",
      "missing: public.tasks table: owner hotgigs_owner" },
    { "column dropped", "ALTER TABLE public.jobs DROP COLUMN ai_generated_content", "jobs",
      "missing: public.jobs column ai_generated_content: jsonb default '{}'::jsonb\n" },
    { "column added", "ALTER TABLE public.tasks ADD COLUMN more inet", "tasks",
      "extra: public.tasks column more: inet\n" },
    { "type changed", "ALTER TABLE public.job_skills ALTER COLUMN skill_name TYPE text", "job_skills",
      "extra: public.job_skills column skill_name: text not null\n" },
    { "length changed", "ALTER TABLE public.job_skills ALTER COLUMN skill_name TYPE varchar(256)", "job_skills",
      "extra: public.job_skills column skill_name: character varying(256) not null\n" },
    { "default changed", "ALTER TABLE public.companies ALTER COLUMN is_verified SET DEFAULT true", "companies",
      "missing: public.companies column is_verified: boolean default false\n" },
    { "default dropped", "ALTER TABLE public.jobs ALTER COLUMN is_public DROP DEFAULT", "jobs",
      "extra: public.jobs column is_public: boolean\n" },
    { "not null dropped", "ALTER TABLE public.jobs ALTER COLUMN title DROP NOT NULL", "jobs",
      "extra: public.jobs column title: character varying(255)\n" },
    { "not null added", "ALTER TABLE public.jobs ALTER COLUMN location SET NOT NULL", "jobs",
      "extra: public.jobs column location: character varying(255) not null\n" },
    { "primary key dropped", "ALTER TABLE public.job_skills DROP CONSTRAINT job_skills_pkey", "job_skills",
      "missing: public.job_skills constraint job_skills_pkey: PRIMARY KEY (id)\n" },
    { "unique key dropped", "ALTER TABLE public.companies DROP CONSTRAINT companies_slug_key", "companies",
      "missing: public.companies constraint companies_slug_key: UNIQUE (slug)\n" },
    { "foreign key's action", "ALTER TABLE public.job_skills DROP CONSTRAINT job_skills_job_id_fkey,"
      " ADD CONSTRAINT job_skills_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs (id)", "job_skills",
      "extra: public.job_skills constraint job_skills_job_id_fkey:"
      " FOREIGN KEY (job_id) REFERENCES public.jobs(id)\n" },
    { "foreign key not valid", "ALTER TABLE public.job_skills DROP CONSTRAINT job_skills_job_id_fkey,"
      " ADD CONSTRAINT job_skills_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs (id) ON DELETE CASCADE"
      " NOT VALID", "job_skills", "ON DELETE CASCADE NOT VALID\n" },
    { "check dropped", "ALTER TABLE public.jobs DROP CONSTRAINT jobs_job_type_check", "jobs",
      "missing: public.jobs constraint jobs_job_type_check: CHECK " },
    { "check widened", "ALTER TABLE public.job_skills DROP CONSTRAINT job_skills_skill_level_check,"
      " ADD CONSTRAINT job_skills_skill_level_check CHECK (skill_level IN ('none'))", "job_skills",
      "extra: public.job_skills constraint job_skills_skill_level_check: CHECK " },
    { "index dropped", "DROP INDEX public.idx_jobs_location", "jobs",
      "missing: public.jobs index idx_jobs_location: CREATE INDEX " },
    { "index of another kind", "DROP INDEX public.idx_jobs_location;"
      " CREATE INDEX idx_jobs_location ON public.jobs USING hash (location)", "jobs",
      "extra: public.jobs index idx_jobs_location:"
      " CREATE INDEX idx_jobs_location ON public.jobs USING hash (location)\n" },
    { "index added", "CREATE INDEX more_idx ON public.jobs (title)", "jobs",
      "extra: public.jobs index more_idx: CREATE INDEX more_idx ON public.jobs USING btree (title)\n" },
    { "row security disabled", "ALTER TABLE public.users DISABLE ROW LEVEL SECURITY", "users",
      "extra: public.users table: owner hotgigs_owner, row security disabled\n" },
    { "row security not forced", "ALTER TABLE public.users NO FORCE ROW LEVEL SECURITY", "users",
      "extra: public.users table: owner hotgigs_owner, row security enabled\n" },
    { "table's owner", "ALTER TABLE public.users OWNER TO CURRENT_USER", "users",
      "missing: public.users table: owner hotgigs_owner, row security enabled and forced\n" },
    { "policy dropped", "DROP POLICY company_update ON public.jobs", "jobs",
      "missing: public.jobs policy company_update: permissive for UPDATE to hotgigs_company using " },
    { "policy's USING weakened", "ALTER POLICY company_delete ON public.jobs USING (true)", "jobs",
      "extra: public.jobs policy company_delete: permissive for DELETE to hotgigs_company using (true)\n" },
    { "policy's CHECK weakened", "ALTER POLICY company_insert ON public.jobs WITH CHECK (true)", "jobs",
      "extra: public.jobs policy company_insert: permissive for INSERT to hotgigs_company check (true)\n" },
    { "policy for more roles", "ALTER POLICY owner_all ON public.jobs TO hotgigs_owner, hotgigs_anon", "jobs",
      "extra: public.jobs policy owner_all: permissive for ALL to hotgigs_anon, hotgigs_owner using (true)" },
    { "policy for all", "CREATE POLICY more ON public.jobs USING (true)", "jobs",
      "extra: public.jobs policy more: permissive for ALL to PUBLIC using (true)\n" },
    { "grant of a column", "GRANT UPDATE (company_id) ON public.jobs TO hotgigs_company", "jobs",
      "extra: public.jobs column company_id grants: INSERT to hotgigs_company, hotgigs_service;"
      " SELECT to hotgigs_anon, hotgigs_candidate, hotgigs_company, hotgigs_freelancer, hotgigs_service;"
      " UPDATE to hotgigs_company\n" },
    { "grant of a column to all", "GRANT SELECT (password_hash) ON public.users TO PUBLIC", "users",
      "SELECT to PUBLIC" },
    { "grant of a table", "GRANT TRUNCATE ON public.audit_logs TO hotgigs_service", "audit_logs",
      "extra: public.audit_logs grants: TRUNCATE to hotgigs_service\n" },
    { "grant with grant option", "GRANT DELETE ON public.jobs TO hotgigs_company WITH GRANT OPTION", "jobs",
      "DELETE to hotgigs_company with grant option, hotgigs_service" },
    { "grant revoked", "REVOKE SELECT (title) ON public.jobs FROM hotgigs_anon", "jobs",
      "missing: public.jobs column title grants: " },
    { "row version hidden", "REVOKE SELECT (xmin) ON public.job_skills FROM hotgigs_anon", "job_skills",
      "missing: public.job_skills column xmin grants: " },
    { "trigger dropped", "DROP TRIGGER jobs_touch ON public.jobs", "jobs",
      "missing: public.jobs trigger jobs_touch: CREATE TRIGGER " },
    { "trigger disabled", "ALTER TABLE public.audit_logs DISABLE TRIGGER audit_logs_append_only", "audit_logs",
      "audit_logs_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_logs FOR EACH STATEMENT"
      " EXECUTE FUNCTION hotgigs.refuse_audit_change() (disabled)\n" },
    { "function's body", "CREATE OR REPLACE FUNCTION hotgigs.my_user_id() RETURNS uuid LANGUAGE plpgsql STABLE"
      " SECURITY DEFINER PARALLEL SAFE SET search_path = '' AS 'BEGIN RETURN gen_random_uuid(); END'", "",
      "extra: hotgigs.my_user_id() function: returns uuid, language plpgsql, stable, security definer, parallel safe" },
    { "function's search_path", "ALTER FUNCTION hotgigs.my_user_id() SET search_path = public", "",
      "set search_path=public, arguments" },
    { "function's rights", "ALTER FUNCTION hotgigs.my_user_id() SECURITY INVOKER", "",
      "extra: hotgigs.my_user_id() function: returns uuid, language plpgsql, stable, parallel safe" },
    { "function's owner", "ALTER FUNCTION hotgigs.my_user_id() OWNER TO CURRENT_USER", "",
      "missing: hotgigs.my_user_id() function: " },
    { "function granted to all", "GRANT EXECUTE ON FUNCTION hotgigs.user_credentials(text) TO PUBLIC", "",
      "extra: hotgigs.user_credentials(email text) grants: EXECUTE to PUBLIC, hotgigs_service\n" },
    { "function added", "CREATE FUNCTION hotgigs.more(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "",
      "extra: hotgigs.more(integer) grants: EXECUTE to PUBLIC\n" },
    { "function dropped", "DROP FUNCTION hotgigs.member_rank(text)", "",
      "missing: hotgigs.member_rank(role text) function: " },
    { "schema granted to all", "GRANT CREATE ON SCHEMA hotgigs TO PUBLIC", "",
      "extra: schema hotgigs grants: CREATE to PUBLIC; USAGE to " },
    { "history opened", "GRANT INSERT ON hotgigs.schema_history TO hotgigs_company", "",
      "extra: hotgigs.schema_history grants: INSERT to hotgigs_company; SELECT to " },
};

/* As hg_schema_verify does, but in the transaction that the change is made in, and rolled back with. */
START_TEST(a_difference_is_found)
{
    hgi_build build = hgi_own_build();
    hgi_buffer differences = { 0 };
    hgi_result *found;
    hg_error err = { 0 };
    int32_t count;

    scratch_run(as_admin(), "BEGIN");
    scratch_run(as_admin(), drifts[_i].sql);
    scratch_run(as_admin(), hgi_catalogue_settings);
    assert_status(hgi_command(as_admin(), hgi_catalogue_sql, HGI_CALL_BARE, &found, &err), HG_OK, err);
    count = hgi_catalogue_compare(found, &build, &differences);
    scratch_run(as_admin(), "ROLLBACK");

    ck_assert_msg(count > 0, "%s: no difference", drifts[_i].name);
    ck_assert_msg(strstr(differences.ptr, drifts[_i].line) != NULL, "%s: no \"%s\" in\n%s", drifts[_i].name,
                  drifts[_i].line, differences.ptr);
    ck_assert_int_eq(hgi_catalogue_fail(count, &differences, &err), HG_E_SCHEMA);
    ck_assert_msg(strcmp(err.table, drifts[_i].table) == 0, "%s: table is \"%s\" in: %s", drifts[_i].name, err.table,
                  err.message);
    hgi_result_free(found);
    hgi_buffer_free(&differences);
}
END_TEST

START_TEST(a_changed_line_is_told_as_missing_and_extra_and_the_error_names_the_table)
{
    hg_error err = { 0 };
    hg_text *text;

    scratch_run(as_admin(), "ALTER TABLE public.job_skills ALTER COLUMN skill_name TYPE varchar(256)");

    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_E_SCHEMA, err);
    ck_assert_str_eq(hg_text_ptr(text), "missing: public.job_skills column skill_name: character varying(100) not null\n"
                                        "extra: public.job_skills column skill_name: character varying(256) not null\n");
    ck_assert_str_eq(err.message, "2 differences; missing: public.job_skills column skill_name: character varying(100) not null");
    ck_assert_str_eq(err.table, "job_skills");
    hg_text_free(text);
}
END_TEST

/* Roles are the cluster's, so this one is put back, and is a member of nothing that matters. */
START_TEST(a_persona_that_became_a_member_of_another_role_is_found)
{
    hg_error err = { 0 };
    hg_text *text;
    hg_status st;

    scratch_run(as_admin(), "GRANT hotgigs_anon TO hotgigs_candidate");
    st = hg_schema_verify(as_installer(), &text, &err);
    scratch_run(as_admin(), "REVOKE hotgigs_anon FROM hotgigs_candidate");

    assert_status(st, HG_E_SCHEMA, err);
    ck_assert_str_eq(hg_text_ptr(text), "extra: role hotgigs_candidate: member of hotgigs_anon\n");
    hg_text_free(text);
}
END_TEST

START_TEST(tables_and_rights_of_others_are_no_difference)
{
    hg_error err = { 0 };
    hg_text *text;

    scratch_run(as_admin(), "CREATE TABLE public.invoices (id int PRIMARY KEY, job uuid REFERENCES public.jobs);"
                            "CREATE TABLE public.job (id int);"
                            "GRANT SELECT ON public.invoices TO hotgigs_company;"
                            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                            "GRANT SELECT ON public.jobs TO pg_monitor;"
                            "COMMENT ON TABLE public.jobs IS 'x';"
                            "ALTER TABLE public.jobs SET (fillfactor = 70)");

    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_OK, err);
    hg_text_free(text);
}
END_TEST

/* Whoever asks, with whatever settings: the lines are the same. */
START_TEST(settings_of_the_session_do_not_matter)
{
    hg_error err = { 0 };
    hg_text *text;

    scratch_run(as_admin(), "SET search_path = public, hotgigs; SET DateStyle = 'SQL, DMY';"
                            "SET quote_all_identifiers = on;"
                            "SET IntervalStyle = iso_8601; SET standard_conforming_strings = off; SET ROLE hotgigs_anon");

    assert_status(hg_schema_verify(as_admin(), &text, &err), HG_OK, err);
    ck_assert_str_eq(scratch_text(as_admin(), "SELECT current_setting('search_path') || current_setting('DateStyle')"),
                     "public, hotgigsSQL, DMY");
    hg_text_free(text);
}
END_TEST

/* A member who left, and users and a job that came, while the triggers were off. */
START_TEST(what_triggers_keep_is_compared_with_its_source_and_the_remedy_is_named)
{
    static const char load[] =
        "SET ROLE hotgigs_owner;"
        "INSERT INTO public.users (email, user_type) VALUES ('one@x', 'company'), ('two@x', 'candidate');"
        "INSERT INTO public.companies (name, slug) VALUES ('X', 'x');"
        "INSERT INTO public.company_members (company_id, user_id, role, joined_at)"
        " SELECT c.id, u.id, 'viewer', now() FROM public.companies c, public.users u WHERE u.email = 'one@x';"
        "ALTER TABLE public.users DISABLE TRIGGER USER; ALTER TABLE public.company_members DISABLE TRIGGER USER;"
        "ALTER TABLE public.jobs DISABLE TRIGGER USER;"
        "INSERT INTO public.users (email, user_type) VALUES ('three@x', 'company'), ('four@x', 'candidate');"
        "DELETE FROM public.company_members;"
        "INSERT INTO public.jobs (company_id, posted_by, title, slug, description, job_type, skills)"
        " SELECT c.id, u.id, 'T', 't', 'D', 'contract', '[\"SQL\", \"C\"]' FROM public.companies c, public.users u"
        " WHERE u.email = 'three@x';"
        "ALTER TABLE public.users ENABLE TRIGGER USER; ALTER TABLE public.company_members ENABLE TRIGGER USER;"
        "ALTER TABLE public.jobs ENABLE TRIGGER USER; RESET ROLE";
    hg_error err = { 0 };
    hg_text *text;

    scratch_run(as_installer(), load);

    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_E_SCHEMA, err);
    ck_assert_str_eq(hg_text_ptr(text),
                     "derived: users whose callers are not what users, company_members and profiles say: 3;"
                     " run hotgigs.refill_callers()\n"
                     "derived: jobs whose open_jobs are not what jobs, job_skills and companies say: 1;"
                     " run hotgigs.refill_open_jobs()\n"
                     "derived: members and applications that company_people has otherwise than the tables say: 1;"
                     " run hotgigs.refill_company_people()\n");
    assert_contains(err.message, "3 differences; derived: users whose callers");
    hg_text_free(text);

    scratch_run(as_installer(), "SET ROLE hotgigs_owner;"
                "SELECT hotgigs.refill_callers(), hotgigs.refill_open_jobs(), hotgigs.refill_company_people(); RESET ROLE");
    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_OK, err);
    hg_text_free(text);
}
END_TEST

START_TEST(an_empty_database_lacks_everything)
{
    hg_error err = { 0 };
    hg_text *text;

    scratch_run(as_admin(), "DROP SCHEMA hotgigs CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public");

    assert_status(hg_schema_verify(as_installer(), &text, &err), HG_E_SCHEMA, err);
    assert_contains(hg_text_ptr(text), "missing: public.users column email: character varying(255) not null\n");
    assert_contains(hg_text_ptr(text), "missing: schema hotgigs: owner hotgigs_owner\n");
    hg_text_free(text);
}
END_TEST

/* Where the extension was not to be had when the migrations ran, its indexes are not missed; where it was, they are. */
START_TEST(trigram_indexes_are_missed_only_where_the_extension_is)
{
    static const char line[] = "public.jobs index jobs_title_trgm: CREATE INDEX ... (title gin_trgm_ops)";
    const char *lines[] = { "extension pg_trgm", line };
    hgi_build build = { .lines = lines, .line_count = 2 };
    hgi_buffer differences = { 0 };
    hgi_result *found;
    hg_error err = { 0 };

    assert_status(hgi_command(as_admin(), "SELECT 'role x'::text", HGI_CALL_BARE, &found, &err), HG_OK, err);
    ck_assert_int_eq(hgi_catalogue_compare(found, &build, &differences), 1);
    ck_assert_str_eq(differences.ptr, "extra: role x\n");
    hgi_result_free(found);
    hgi_buffer_free(&differences);

    assert_status(hgi_command(as_admin(), "SELECT 'extension pg_trgm'::text", HGI_CALL_BARE, &found, &err), HG_OK, err);
    ck_assert_int_eq(hgi_catalogue_compare(found, &build, &differences), 1);
    assert_contains(differences.ptr, "missing: public.jobs index");
    hgi_result_free(found);
    hgi_buffer_free(&differences);
}
END_TEST

Suite *
suite_schema_verify(void)
{
    Suite *suite = suite_create("schema/verify");
    TCase *shared = tcase_create("shared"), *made = tcase_create("made");

    tcase_add_unchecked_fixture(shared, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(shared, scratch_shared, scratch_drop);
    tcase_set_timeout(shared, 60);
    tcase_add_test(shared, a_migrated_database_does_not_differ);
    tcase_add_loop_test(shared, a_difference_is_found, 0, (int)(sizeof drifts / sizeof drifts[0]));
    tcase_add_test(shared, settings_of_the_session_do_not_matter);
    tcase_add_test(shared, a_persona_that_became_a_member_of_another_role_is_found);
    tcase_add_test(shared, trigram_indexes_are_missed_only_where_the_extension_is);
    suite_add_tcase(suite, shared);

    tcase_add_unchecked_fixture(made, scratch_prepare, scratch_remove);
    tcase_add_checked_fixture(made, scratch_made, scratch_drop);
    tcase_set_timeout(made, 60);
    tcase_add_test(made, a_changed_line_is_told_as_missing_and_extra_and_the_error_names_the_table);
    tcase_add_test(made, tables_and_rights_of_others_are_no_difference);
    tcase_add_test(made, what_triggers_keep_is_compared_with_its_source_and_the_remedy_is_named);
    tcase_add_test(made, an_empty_database_lacks_everything);
    suite_add_tcase(suite, made);
    return suite;
}
