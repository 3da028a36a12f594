/* operations/races - eight callers of one step at once: it is done once, or each call's part of it is there, and who came too
 * late is told so. Races of the steps that are told of at length stand in their own files. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

enum { CALLERS = 8 };

static const actor a_service = { .role = HG_ROLE_SERVICE };

/* In SQL and parameters stand #app, #job, #company, #user (the candidate's), #profile for the stage's ids, #one for an id of
 * the case's own, and #n for the caller's number, from 1 to 8. */
static const struct {
    const char  *operation;
    const actor *who;
    const char  *before, *params;
    size_t       done;         /* how many succeed */
    hg_status    too_late;     /* what the others hear */
    const char  *after, *want;
} races[] = {
    { "job_expire_due", &a_service,
      "INSERT INTO jobs (company_id, title, slug, description, job_type, application_deadline) SELECT '#company', 't', 'due' || n,"
      " 'd', 'full_time', '1999-01-01' FROM generate_series(1, 40) n",
      "{\"now\":\"1999-01-02T00:00:00\",\"at_most\":20}", CALLERS, HG_OK,
      "SELECT count(DISTINCT j.id) || ' ' || count(*) FROM jobs j JOIN audit_logs l ON l.resource_id = j.id AND l.new_values #>>"
      " '{_meta,op}' = 'update' WHERE j.company_id = '#company' AND j.slug LIKE 'due%' AND j.employment_status = 'closed'", "40 40" },
    { "interview_reschedule", &recruiter,
      "INSERT INTO interviews (id, application_id, scheduled_at) VALUES ('#one', '#app', '2031-01-01 10:00')",
      "{\"interview_id\":\"#one\",\"scheduled_at\":\"2031-02-0#nT10:00:00\",\"expected\":\"2031-01-01T10:00:00\"}", 1, HG_E_CONFLICT,
      "SELECT count(*) FROM interviews WHERE id = '#one' AND scheduled_at >= '2031-02-01'", "1" },
    { "ai_session_complete", &a_service,
      "INSERT INTO ai_interview_sessions (id, application_id, questions, responses) VALUES ('#one', '#app', '[]', '[]')",
      "{\"session_id\":\"#one\",\"overall_score\":#n}", 1, HG_E_STATE,
      "SELECT count(*) FROM ai_interview_sessions WHERE id = '#one' AND completed_at IS NOT NULL AND overall_score > 0", "1" },
    { "oauth_unlink", &candidate,
      "UPDATE users SET password_hash = NULL WHERE id = '#user'; INSERT INTO oauth_accounts (user_id, provider, provider_user_id)"
      " SELECT '#user', (ARRAY['google', 'github', 'linkedin'])[n], '#one' FROM generate_series(1, 3) n",
      "{\"provider\":\"#provider\"}", 2, HG_E_STATE,
      "SELECT count(*) FROM oauth_accounts WHERE user_id = '#user'", "1" },
    { "company_settings_merge", &boss, NULL, "{\"company_id\":\"#company\",\"settings\":{\"k#n\":#n}}", CALLERS, HG_OK,
      "SELECT count(*) FROM companies c, jsonb_object_keys(c.settings) k WHERE c.id = '#company' AND k LIKE 'k_'", "8" },
    { "candidate_visibility_merge", &candidate, "UPDATE candidate_profiles SET visibility_settings = '{}' WHERE id = '#profile'",
      "{\"candidate_id\":\"#profile\",\"patch\":{\"#flag\":true}}", CALLERS, HG_OK,
      "SELECT count(*) FROM candidate_profiles c, jsonb_each(c.visibility_settings) e WHERE c.id = '#profile' AND e.value = 'true'",
      "3" },
    { "commission_approve", &boss,
      "INSERT INTO referrals (id, candidate_id, job_id, referral_status, commission_amount) VALUES ('#one', '#profile', '#job',"
      " 'hired', 5)",
      "{\"referral_id\":\"#one\",\"amount\":#n}", 1, HG_E_STATE,
      "SELECT commission_status FROM referrals WHERE id = '#one'", "approved" },
    { "application_set_notes", &recruiter, NULL,
      "{\"application_id\":\"#app\",\"notes\":\"#n\",\"expected\":\"#version\"}", 1, HG_E_CONFLICT,
      "SELECT count(*) FROM applications WHERE id = '#app' AND recruiter_notes BETWEEN '1' AND '8'", "1" },
    { "job_bulk_set_state", &recruiter,
      "INSERT INTO jobs (company_id, title, slug, description, job_type) SELECT '#company', 't', 'bulk' || n, 'd', 'full_time'"
      " FROM generate_series(1, 60) n",
      "{\"company_id\":\"#company\",\"job_ids\":#jobs,\"is_public\":false}", CALLERS, HG_OK,
      "SELECT count(*) FROM jobs WHERE company_id = '#company' AND slug LIKE 'bulk%' AND NOT is_public", "60" },
};
enum { RACES = sizeof races / sizeof races[0] };

static const char *one;

static const char *
replaced(const char *text, const char *token, const char *by)
{
    const char *at;

    while ((at = strstr(text, token)) != NULL)
        text = fixture_text("%.*s%s%s", (int)(at - text), text, by, at + strlen(token));
    return text;
}

/* The ids of the company's jobs of the bulk, for every other caller the other way round. */
static const char *
jobs_of(int caller)
{
    return sql_text("SELECT coalesce(json_agg(id ORDER BY slug %s)::text, '') FROM jobs WHERE company_id = '%s' AND slug LIKE 'bulk%%'",
                    caller % 2 == 0 ? "ASC" : "DESC", company_id);
}

static const char *
filled(const char *text, int caller)
{
    static const char *const providers[] = { "google", "github", "linkedin" };
    static const char *const flags[] = { "profile_public", "salary_visible", "contact_visible" };

    text = replaced(text, "#app", application_id);
    text = replaced(text, "#jobs", jobs_of(caller));
    text = replaced(text, "#job", job_id);
    text = replaced(text, "#company", company_id);
    text = replaced(text, "#user", candidate.id);
    text = replaced(text, "#profile", profile);
    text = replaced(text, "#one", one);
    text = replaced(text, "#provider", providers[caller % 3]);
    text = replaced(text, "#flag", flags[caller % 3]);
    text = replaced(text, "#version", sql_text("SELECT to_char(last_updated_at, 'YYYY-MM-DD HH24:MI:SS.US')"
                                                " FROM applications WHERE id = '%s'", application_id));
    return replaced(text, "#n", fixture_text("%d", caller));
}

START_TEST(of_eight_at_once_each_has_his_part_or_one_has_all)
{
    const actor *who[CALLERS];
    const char *json[CALLERS];
    hg_status status[CALLERS];
    size_t done;

    one = stage_id();
    if (races[_i].before != NULL)
        sql_do("%s", filled(races[_i].before, 0));
    for (int i = 0; i < CALLERS; i++) {
        who[i] = races[_i].who;
        json[i] = filled(races[_i].params, i + 1);
    }
    play_at_once(CALLERS, who, races[_i].operation, json, status);

    done = count_of(status, CALLERS, HG_OK);
    ck_assert_msg(done == races[_i].done, "%s: %zu of them succeed, want %zu", races[_i].operation, done, races[_i].done);
    for (int i = 0; i < CALLERS; i++)          /* what a caller wants unlinked may be gone already */
        ck_assert_msg(status[i] == HG_OK || status[i] == races[_i].too_late || status[i] == HG_E_NOT_FOUND, "%s: caller %d gets %s",
                      races[_i].operation, i, hg_status_name(status[i]));
    ck_assert_str_eq(sql_text("%s", filled(races[_i].after, 0)), races[_i].want);
}
END_TEST

Suite *
suite_operations_races(void)
{
    Suite *suite = suite_create("operations/races");
    TCase *tcase = tcase_create("races");

    tcase_add_checked_fixture(tcase, stage_open, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, of_eight_at_once_each_has_his_part_or_one_has_all, 0, RACES);
    suite_add_tcase(suite, tcase);
    return suite;
}
