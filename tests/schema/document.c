/* schema/document - what the migrations make is what sql/schema.md, the design document, says: its tables and indexes
 * are run as they stand in it, and the two catalogues are compared, line by line.
 *
 * Compared: tables, columns (type, length, default, nullability), primary, unique and foreign keys with their actions,
 * checks, indexes. Whatever the migrations have besides stands in the list below, and nothing of the document may be
 * missing or different, but that a list of values is spelled in another way, and then every one. Row security, policies, rights
 * and triggers are not the document's subject in this form: see sql/grants.md. */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/catalogue.h"
#include "scratch.h"

/* Indexes for foreign keys that have none in the document, and for what policies and pages ask. Sorted by table. */
static const char *const additions[] = {
    "public.ai_interview_sessions index ai_interview_sessions_application_id_idx",
    "public.ai_job_matches index ai_job_matches_candidate_id_job_id_once",
    "public.ai_resume_analysis index ai_resume_analysis_candidate_id_created_at_idx",
    "public.ai_resume_analysis index ai_resume_analysis_document_id_idx",
    "public.analytics_events index analytics_events_job_id_created_at_idx",
    "public.application_timeline index application_timeline_application_id_created_at_idx",
    "public.application_timeline index application_timeline_changed_by_idx",
    "public.application_timeline index application_timeline_hired_idx",
    "public.applications index applications_candidate_id_job_id_once",
    "public.applications index applications_referrer_id_idx",
    "public.applications index applications_rejected_idx",
    "public.audit_logs index audit_logs_actor_idx",
    "public.audit_logs index audit_logs_created_at_idx",
    "public.audit_logs index audit_logs_deleted_idx",
    "public.audit_logs index audit_logs_resource_type_resource_id_created_at_idx",
    "public.audit_logs index audit_logs_user_id_created_at_idx",
    "public.candidate_education index candidate_education_candidate_id_idx",
    "public.candidate_experiences index candidate_experiences_candidate_id_idx",
    "public.candidate_profiles index candidate_profiles_finds_idx",
    "public.candidate_profiles index candidate_profiles_finds_sample_idx",
    "public.candidate_profiles index candidate_profiles_newest_group_idx",
    "public.candidate_profiles index candidate_profiles_newest_group_sample_idx",
    "public.candidate_profiles index candidate_profiles_public_newest_idx",
    "public.candidate_profiles index candidate_profiles_public_years_idx",
    "public.candidate_profiles index candidate_profiles_years_group_idx",
    "public.candidate_profiles index candidate_profiles_years_group_sample_idx",
    "public.candidate_profiles index candidate_profiles_user_id_once",
    "public.candidate_profiles index candidate_profiles_visibility_settings_idx",
    "public.companies index companies_created_at_id_idx",
    "public.companies index companies_finds_idx",
    "public.companies index companies_name_id_idx",
    "public.company_members index company_members_invited_by_idx",
    "public.company_members index company_members_user_id_idx",
    "public.documents index documents_fraud_check_pending_idx",
    "public.documents index documents_user_id_document_type_idx",
    "public.email_logs index email_logs_created_at_email_type_idx",
    "public.email_logs index email_logs_created_at_idx",
    "public.email_logs index email_logs_provider_message_id_idx",
    "public.email_logs index email_logs_recipient_email_idx",
    "public.email_logs index email_logs_user_id_idx",
    "public.freelance_recruiters index freelance_recruiters_user_id_once",
    "public.interviews index interviews_application_id_idx",
    "public.interviews index interviews_interviewer_id_scheduled_at_idx",
    "public.interviews index interviews_scheduled_at_idx",
    "public.job_skills index job_skills_job_id_idx",
    "public.job_skills index job_skills_names_idx",
    "public.job_skills index job_skills_skill_name_lower_idx",
    "public.jobs index jobs_company_id_slug_once",
    "public.jobs index jobs_created_at_id_idx",
    "public.jobs index jobs_open_company_id_idx",
    "public.jobs index jobs_open_deadline_idx",
    "public.jobs index jobs_posted_by_idx",
    "public.notifications index notifications_expires_at_idx",
    "public.notifications index notifications_user_id_created_at_idx",
    "public.oauth_accounts index oauth_accounts_user_id_idx",
    "public.referrals index referrals_candidate_id_job_id_once",
    "public.referrals index referrals_job_id_idx",
    "public.referrals index referrals_recruiter_id_idx",
    "public.system_metrics index system_metrics_metric_name_recorded_at_idx",
    "public.tasks index tasks_assigned_by_idx",
    "public.tasks index tasks_assigned_to_status_idx",
    "public.tasks index tasks_company_id_idx",
    "public.tasks index tasks_related_application_id_idx",
    "public.user_profiles index user_profiles_user_id_once",
    "public.users index users_abandoned_idx",
    "public.users index users_email_lower_idx",
    "public.users index users_name_lower_idx",
    "public.users index users_newest_idx",
    "public.users index users_phone_digits_idx",
    "public.users index users_words_idx",
};

enum { ADDITIONS = sizeof additions / sizeof additions[0], TABLES = 25, DOCUMENT_INDEXES = 20 };

/* ---- The document ----------------------------------------------------------------------------------------------- */

static char *
read_document(void)
{
    FILE *file = fopen("sql/schema.md", "rb");
    static char text[1 << 16];
    size_t len;

    ck_assert_msg(file != NULL, "sql/schema.md is not here; run the tests from the checkout");
    len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    ck_assert_uint_lt(len, sizeof text - 1);
    text[len] = '\0';
    return text;
}

static int
is_wanted(const char *sql)
{
    return strstr(sql, "CREATE TABLE ") != NULL || strstr(sql, "CREATE INDEX ") != NULL;
}

/* CHECK (status IN ('a', 'b')) is CHECK (status = ANY ('{a,b}')) in the migrations: 107_job_skills.sql says why. */
static void
respell_lists(const char *sql, hgi_buffer *out)
{
    static const char opening[] = " IN ('", between[] = "', '", closing[] = "')";
    const char *list;

    for (; (list = strstr(sql, opening)) != NULL; sql = list + strlen(closing)) {
        hgi_buffer_add(out, sql, (size_t)(list - sql));
        hgi_buffer_add_text(out, " = ANY ('{");
        for (list += strlen(opening); strncmp(list, closing, strlen(closing)) != 0; list++) {
            int is_next = strncmp(list, between, strlen(between)) == 0;

            ck_assert_int_ne(*list, '\0');
            hgi_buffer_add_byte(out, is_next ? ',' : *list);
            list += is_next ? strlen(between) - 1 : 0;
        }
        hgi_buffer_add_text(out, "}')");
    }
    hgi_buffer_add_text(out, sql);
    ck_assert(!out->failed);
}

/* The fenced blocks that make tables and indexes, in their order; the last block, policies, needs what is not here. */
static void
run_document(hg_conn *conn)
{
    static const char opening[] = "```sql\n", closing[] = "```";
    char *at = read_document();

    while ((at = strstr(at, opening)) != NULL) {
        char *sql = at + strlen(opening), *end = strstr(sql, closing);

        ck_assert_ptr_nonnull(end);
        *end = '\0';
        if (is_wanted(sql)) {
            hgi_buffer respelled = { 0 };

            respell_lists(sql, &respelled);
            scratch_run(conn, respelled.ptr);
            hgi_buffer_free(&respelled);
        }
        at = end + 1;
    }
}

/* ---- The two catalogues ----------------------------------------------------------------------------------------- */

typedef struct lines {
    char  **items;
    size_t  count;
} lines;

/* A line of public that is about what the document says. Of a table only that it is there. */
static int
is_compared(const char *line)
{
    const char *kind = strchr(line, ' ');

    if (strncmp(line, "public.", 7) != 0 || kind == NULL || strstr(line, " grants: ") != NULL)
        return 0;
    return strncmp(kind, " table:", 7) == 0 || strncmp(kind, " column ", 8) == 0
        || strncmp(kind, " constraint ", 12) == 0 || strncmp(kind, " index ", 7) == 0;
}

static lines
read_lines(hg_conn *conn)
{
    hgi_result *result;
    hg_error err = { 0 };
    lines all;

    assert_status(hgi_catalogue_read(conn, &result, &err), HG_OK, err);
    all = (lines){ .items = calloc((size_t)hgi_result_rows(result), sizeof(char *)) };
    for (int32_t i = 0; i < hgi_result_rows(result); i++) {
        size_t len;
        const char *line = hgi_result_cell(result, i, 0, &len);

        if (!is_compared(line))
            continue;
        if (strstr(line, " table: ") != NULL)
            len = strcspn(line, ":");
        all.items[all.count++] = strndup(line, len);
    }
    hgi_result_free(result);
    return all;
}

static void
free_lines(lines *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->items[i]);
    free(all->items);
}

static int
has_line(const lines *all, const char *line)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i], line) == 0)
            return 1;
    return 0;
}

static int
count_kind(const lines *all, const char *kind)
{
    int count = 0;

    for (size_t i = 0; i < all->count; i++)
        count += strstr(all->items[i], kind) != NULL;
    return count;
}

/* "public.jobs index x: CREATE ..." is the addition "public.jobs index x". */
static int
is_addition(const char *line)
{
    size_t len = strcspn(line, ":");

    for (size_t i = 0; i < ADDITIONS; i++)
        if (strlen(additions[i]) == len && memcmp(additions[i], line, len) == 0)
            return 1;
    return 0;
}

static void
append_line(hgi_buffer *out, const char *what, const char *line)
{
    hgi_buffer_add_text(out, what);
    hgi_buffer_add_text(out, line);
    hgi_buffer_add_byte(out, '\n');
}

START_TEST(the_migrations_make_what_the_document_says)
{
    lines document, made;
    hgi_buffer differences = { 0 };
    hg_error err = { 0 };

    run_document(as_admin());
    document = read_lines(as_admin());
    scratch_run(as_admin(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC");
    assert_status(hg_schema_apply(as_installer(), 0, NULL, &err), HG_OK, err);
    made = read_lines(as_admin());

    for (size_t i = 0; i < document.count; i++)
        if (!has_line(&made, document.items[i]))
            append_line(&differences, "only in the document: ", document.items[i]);
    for (size_t i = 0; i < made.count; i++)
        if (!has_line(&document, made.items[i]) && !is_addition(made.items[i]))
            append_line(&differences, "not in the document: ", made.items[i]);

    ck_assert_msg(differences.len == 0, "\n%s", differences.ptr);
    ck_assert_int_eq((int)(made.count - document.count), ADDITIONS);
    ck_assert_int_eq(count_kind(&document, " table"), TABLES);
    ck_assert_int_eq(count_kind(&document, " index "), DOCUMENT_INDEXES);
    hgi_buffer_free(&differences);
    free_lines(&document);
    free_lines(&made);
}
END_TEST

Suite *
suite_schema_document(void)
{
    Suite *suite = suite_create("schema/document");
    TCase *tcase = tcase_create("document");

    tcase_add_checked_fixture(tcase, scratch_empty, scratch_drop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_migrations_make_what_the_document_says);
    suite_add_tcase(suite, tcase);
    return suite;
}
