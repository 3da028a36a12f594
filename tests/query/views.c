/* views.c - the views as relations: who sees which rows and columns of them. A case is the labels that a persona finds. */
#include "fixture.h"
#include "query/query.h"
#include "query/views_scene.h"
#include "record/record_int.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Rows ---------------------------------------------------------------------------------------------------------------- */

static const struct { int who; int32_t view; const char *labels; } rows[] = {
    { NOBODY,      HG_VIEW_JOB_CARDS,          "open openY" },
    { ADA,         HG_VIEW_JOB_CARDS,          "open openY" },
    { RECRUITER_X, HG_VIEW_JOB_CARDS,          "open openY" },
    { FRITZ,       HG_VIEW_JOB_CARDS,          "open openY" },
    { NOBODY,      HG_VIEW_COMPANY_CARDS,      "X Y" },

    { ADA,         HG_VIEW_APPLICATION_CARDS,  "adaX adaY" },
    { BOB,         HG_VIEW_APPLICATION_CARDS,  "bobX" },
    { ADMIN_X,     HG_VIEW_APPLICATION_CARDS,  "adaX bobX" },
    { VIEWER_X,    HG_VIEW_APPLICATION_CARDS,  "adaX bobX" },
    { RECRUITER_Y, HG_VIEW_APPLICATION_CARDS,  "adaY" },
    { PENDING_X,   HG_VIEW_APPLICATION_CARDS,  "" },
    { OUTSIDER,    HG_VIEW_APPLICATION_CARDS,  "" },
    { FRITZ,       HG_VIEW_APPLICATION_CARDS,  NULL },
    { NOBODY,      HG_VIEW_APPLICATION_CARDS,  NULL },

    { VIEWER_X,    HG_VIEW_PIPELINE_CARDS,     "adaX bobX" },
    { RECRUITER_Y, HG_VIEW_PIPELINE_CARDS,     "adaY" },
    { PENDING_X,   HG_VIEW_PIPELINE_CARDS,     "" },
    { ADA,         HG_VIEW_PIPELINE_CARDS,     NULL },
    { FRITZ,       HG_VIEW_PIPELINE_CARDS,     NULL },

    { ADA,         HG_VIEW_AGENDA_ITEMS,       "byRita byFritz byYuri" },
    { BOB,         HG_VIEW_AGENDA_ITEMS,       "" },
    { RECRUITER_X, HG_VIEW_AGENDA_ITEMS,       "byRita byFritz" },
    { VIEWER_X,    HG_VIEW_AGENDA_ITEMS,       "byRita byFritz" },
    { RECRUITER_Y, HG_VIEW_AGENDA_ITEMS,       "byYuri" },
    { FRITZ,       HG_VIEW_AGENDA_ITEMS,       "byFritz" },
    { OUTSIDER,    HG_VIEW_AGENDA_ITEMS,       "" },
    { NOBODY,      HG_VIEW_AGENDA_ITEMS,       NULL },

    { FRITZ,       HG_VIEW_NAMED_REFERRALS,    "refAda refBob" },
    { ADA,         HG_VIEW_NAMED_REFERRALS,    "refAda" },
    { BOB,         HG_VIEW_NAMED_REFERRALS,    "refBob" },
    { VIEWER_X,    HG_VIEW_NAMED_REFERRALS,    "refAda" },
    { RECRUITER_Y, HG_VIEW_NAMED_REFERRALS,    "refBob" },
    { PENDING_X,   HG_VIEW_NAMED_REFERRALS,    "" },
    { NOBODY,      HG_VIEW_NAMED_REFERRALS,    NULL },

    { VIEWER_X,    HG_VIEW_TASK_CARDS,         "taskFritz taskVera" },
    { RECRUITER_Y, HG_VIEW_TASK_CARDS,         "taskY" },
    { FRITZ,       HG_VIEW_TASK_CARDS,         "taskFritz" },
    { PENDING_X,   HG_VIEW_TASK_CARDS,         "" },
    { ADA,         HG_VIEW_TASK_CARDS,         NULL },

    { VIEWER_X,    HG_VIEW_MEMBER_CARDS,       "mAdmin mRecruiter mViewer mPending" },
    { PENDING_X,   HG_VIEW_MEMBER_CARDS,       "mPending" },
    { FRITZ,       HG_VIEW_MEMBER_CARDS,       "mFritz" },
    { ADA,         HG_VIEW_MEMBER_CARDS,       "" },
    { NOBODY,      HG_VIEW_MEMBER_CARDS,       NULL },

    { ADA,         HG_VIEW_NOTIFICATION_CARDS, "told" },
    { RECRUITER_X, HG_VIEW_NOTIFICATION_CARDS, "toldRita" },
    { BOB,         HG_VIEW_NOTIFICATION_CARDS, "" },
    { NOBODY,      HG_VIEW_NOTIFICATION_CARDS, NULL },

    { ADA,         HG_VIEW_CANDIDATE_CARDS,    "profileAda" },
    { VIEWER_X,    HG_VIEW_CANDIDATE_CARDS,    "profileAda profileBob" },
    { FRITZ,       HG_VIEW_CANDIDATE_CARDS,    "profileAda" },
    { VIEWER_X,    HG_VIEW_USER_CARDS,         "ada bob adminX recruiterX viewerX" },
    { OUTSIDER,    HG_VIEW_USER_CARDS,         "outsider" },
    { ADMIN_X,     HG_VIEW_COMPANY_SETTINGS,   "X" },
    { RECRUITER_X, HG_VIEW_COMPANY_SETTINGS,   "" },
};

static int
has_word(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (const char *p = words; (p = strstr(p, word)) != NULL; p += len)
        if ((p == words || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return 1;
    return 0;
}

START_TEST(each_persona_finds_his_rows)
{
    const hgi_table *view = hgi_table_of(rows[_i].view);
    hg_query *query = hg_query_new(rows[_i].view);
    hgi_list *list = NULL;
    int64_t count = -1, found = 0;

    scene_act_as(rows[_i].who);
    if (rows[_i].labels == NULL) {
        ck_status(hgi_find(tenant, view, query, &list, &err), HG_E_DENIED, err);
        hg_query_free(query);
        return;
    }
    ck_ok(hgi_find(tenant, view, query, &list, &err), err);
    ck_ok(hgi_count(tenant, view, query, &count, &err), err);

    for (int i = 0; i < scene_thing_count; i++) {
        int wanted = has_word(rows[_i].labels, scene_things[i].label);

        found += scene_is_in(list, &scene_things[i].id);
        ck_assert_msg(scene_is_in(list, &scene_things[i].id) == wanted, "person %d, %s: %s is %s", rows[_i].who, view->info.name,
                      scene_things[i].label, wanted ? "missing" : "there, and should not be");
    }
    ck_assert_int_eq(count, (int64_t)hgi_list_count(list));
    if (rows[_i].view != HG_VIEW_JOB_CARDS && rows[_i].view != HG_VIEW_COMPANY_CARDS)
        ck_assert_int_eq(found, count);
    hgi_list_free(list);
    hg_query_free(query);
}
END_TEST

/* ---- Columns ------------------------------------------------------------------------------------------------------------- */

#define IS_NULL(row, column) (((row)->null_mask & HG_BIT(column)) != 0)

START_TEST(a_candidate_does_not_read_the_companys_side_of_his_application)
{
    hg_uuid id = scene_id("adaX");
    const hg_application_card *row = NULL;

    scene_act_as(ADA);
    ck_ok(hg_application_card_get(tenant, &id, &row, &err), err);
    ck_assert(IS_NULL(row, HG_APPLICATION_CARD_RECRUITER_NOTES));
    ck_assert(IS_NULL(row, HG_APPLICATION_CARD_REJECTION_REASON));
    ck_assert(IS_NULL(row, HG_APPLICATION_CARD_AI_MATCH_SCORE));
    ck_assert_str_eq(row->job_title.ptr, "open");
    ck_assert_str_eq(row->company_name.ptr, "Company X");
    ck_assert_int_eq(row->status, HG_APPLICATION_CARD_STATUS_APPLIED);
    hg_application_card_free(row);
}
END_TEST

START_TEST(a_viewer_reads_the_companys_side_with_names_and_version)
{
    hg_uuid id = scene_id("adaX");
    const hg_application_card *row = NULL;
    const hg_application *base = NULL;

    scene_act_as(VIEWER_X);
    ck_ok(hg_application_card_get(tenant, &id, &row, &err), err);
    ck_ok(hg_application_get(tenant, &id, &base, &err), err);
    ck_assert_str_eq(row->recruiter_notes.ptr, "secret");
    ck_assert_int_eq(row->ai_match_score.unscaled, 5550);
    ck_assert_int_eq(row->ai_match_score.scale, 2);
    ck_assert_str_eq(row->candidate_first_name.ptr, "Ada");
    ck_assert_str_eq(row->candidate_headline.ptr, "Engineer");
    ck_assert_uint_eq(row->row_version, base->row_version);
    hg_application_card_free(row);
    hg_application_free(base);
}
END_TEST

START_TEST(the_board_tells_activity_interviews_and_rating)
{
    hg_uuid id = scene_id("adaX"), bob = scene_id("bobX");
    const hg_pipeline_card *row = NULL;
    char text[HG_TIMESTAMP_TEXT_SIZE];

    scene_act_as(RECRUITER_X);
    ck_ok(hg_pipeline_card_get(tenant, &id, &row, &err), err);
    ck_ok(hg_timestamp_to_text(row->last_activity_at, text, sizeof text, &err), err);
    ck_assert_str_eq(text, "2026-01-02T10:00:00Z");
    ck_assert(!IS_NULL(row, HG_PIPELINE_CARD_NEXT_INTERVIEW_AT));
    ck_assert_int_eq(row->rating.unscaled, 700);
    ck_assert_int_eq(row->rating.scale, 2);
    hg_pipeline_card_free(row);

    ck_ok(hg_pipeline_card_get(tenant, &bob, &row, &err), err);
    ck_assert(IS_NULL(row, HG_PIPELINE_CARD_LAST_ACTIVITY_AT));
    ck_assert(IS_NULL(row, HG_PIPELINE_CARD_NEXT_INTERVIEW_AT));
    ck_assert(IS_NULL(row, HG_PIPELINE_CARD_RATING));
    hg_pipeline_card_free(row);
}
END_TEST

START_TEST(an_interviewer_learns_the_candidate_and_a_candidate_not_the_interviewer)
{
    hg_uuid id = scene_id("byFritz");
    const hg_agenda_item *row = NULL;

    scene_act_as(FRITZ);
    ck_ok(hg_agenda_item_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->candidate_first_name.ptr, "Ada");
    ck_assert_str_eq(row->interviewer_first_name.ptr, "Fritz");
    ck_assert_int_eq(row->ends_at - row->scheduled_at, INT64_C(3600000000));
    hg_agenda_item_free(row);

    scene_act_as(ADA);
    ck_ok(hg_agenda_item_get(tenant, &id, &row, &err), err);
    ck_assert(IS_NULL(row, HG_AGENDA_ITEM_INTERVIEWER_FIRST_NAME));
    ck_assert(IS_NULL(row, HG_AGENDA_ITEM_INTERVIEWER_LAST_NAME));
    ck_assert_str_eq(row->job_title.ptr, "open");
    hg_agenda_item_free(row);

    scene_act_as(VIEWER_X);
    ck_ok(hg_agenda_item_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->interviewer_first_name.ptr, "Fritz");
    hg_agenda_item_free(row);
}
END_TEST

static void
referral_shows(int who, const char *label, int commission, int name)
{
    hg_uuid id = scene_id(label);
    const hg_named_referral *row = NULL;

    scene_act_as(who);
    ck_ok(hg_named_referral_get(tenant, &id, &row, &err), err);
    ck_assert_msg(IS_NULL(row, HG_NAMED_REFERRAL_NOTES) == !commission, "person %d and the notes of %s", who, label);
    ck_assert_msg(IS_NULL(row, HG_NAMED_REFERRAL_COMMISSION_STATUS) == !commission, "person %d, commission of %s", who,
                  label);
    ck_assert_msg(IS_NULL(row, HG_NAMED_REFERRAL_CANDIDATE_FIRST_NAME) == !name, "person %d and the name in %s", who,
                  label);
    ck_assert_str_eq(row->recruiter_first_name.ptr, "Fritz");
    hg_named_referral_free(row);
}

START_TEST(a_referral_shows_commission_to_freelancer_and_admin_and_a_name_with_consent)
{
    referral_shows(FRITZ, "refAda", 1, 1);
    referral_shows(FRITZ, "refBob", 1, 0);         /* Bob names nobody among his referrers */
    referral_shows(ADMIN_X, "refAda", 1, 1);
    referral_shows(VIEWER_X, "refAda", 0, 1);
    referral_shows(RECRUITER_Y, "refBob", 0, 0);
    referral_shows(ADA, "refAda", 0, 1);
    referral_shows(BOB, "refBob", 0, 1);
}
END_TEST

START_TEST(leak_2_an_invitation_does_not_tell_who_is_invited)
{
    hg_uuid pending = scene_id("mPending"), joined = scene_id("mViewer");
    const hg_member_card *row = NULL;

    scene_act_as(ADMIN_X);
    ck_ok(hg_member_card_get(tenant, &pending, &row, &err), err);
    ck_assert(IS_NULL(row, HG_MEMBER_CARD_FIRST_NAME) && IS_NULL(row, HG_MEMBER_CARD_EMAIL));
    hg_member_card_free(row);
    ck_ok(hg_member_card_get(tenant, &joined, &row, &err), err);
    ck_assert_str_eq(row->first_name.ptr, "Vera");
    ck_assert_int_eq(row->role, HG_MEMBER_CARD_ROLE_VIEWER);
    hg_member_card_free(row);
}
END_TEST

START_TEST(leak_2_a_task_shows_its_freelancer_nobodys_application)
{
    hg_uuid id = scene_id("taskFritz");
    const hg_task_card *row = NULL;

    scene_act_as(FRITZ);
    ck_ok(hg_task_card_get(tenant, &id, &row, &err), err);
    ck_assert(IS_NULL(row, HG_TASK_CARD_JOB_ID) && IS_NULL(row, HG_TASK_CARD_CANDIDATE_FIRST_NAME));
    ck_assert(IS_NULL(row, HG_TASK_CARD_ASSIGNED_BY_FIRST_NAME));
    ck_assert_str_eq(row->assigned_to_first_name.ptr, "Fritz");
    ck_assert_str_eq(row->company_name.ptr, "Company X");
    hg_task_card_free(row);

    scene_act_as(VIEWER_X);
    ck_ok(hg_task_card_get(tenant, &id, &row, &err), err);
    ck_assert_str_eq(row->candidate_first_name.ptr, "Ada");
    ck_assert_str_eq(row->job_title.ptr, "open");
    ck_assert_str_eq(row->assigned_by_first_name.ptr, "Rita");
    ck_assert(IS_NULL(row, HG_TASK_CARD_ASSIGNED_TO_FIRST_NAME));   /* Fritz is no co-worker */
    hg_task_card_free(row);
}
END_TEST

START_TEST(feedback_and_salary_are_masked_by_row)
{
    hg_uuid scheduled = scene_id("byFritz"), completed = scene_id("byRita"), ada = scene_id("profileAda");
    const hg_interview_card *interview = NULL;
    const hg_candidate_card *candidate = NULL;

    scene_act_as(VIEWER_X);
    ck_ok(hg_interview_card_get(tenant, &scheduled, &interview, &err), err);
    ck_assert(IS_NULL(interview, HG_INTERVIEW_CARD_SCORE));
    hg_interview_card_free(interview);
    ck_ok(hg_interview_card_get(tenant, &completed, &interview, &err), err);
    ck_assert_int_eq(interview->score, 7);
    hg_interview_card_free(interview);
    ck_ok(hg_candidate_card_get(tenant, &ada, &candidate, &err), err);
    ck_assert(IS_NULL(candidate, HG_CANDIDATE_CARD_DESIRED_SALARY_MIN));
    ck_assert(!IS_NULL(candidate, HG_CANDIDATE_CARD_EMAIL));
    hg_candidate_card_free(candidate);

    scene_act_as(ADA);
    ck_ok(hg_candidate_card_get(tenant, &ada, &candidate, &err), err);
    ck_assert_int_eq(candidate->desired_salary_min, 100);
    hg_candidate_card_free(candidate);
}
END_TEST

/* ---- Calls ----------------------------------------------------------------------------------------------------------------- */

START_TEST(a_view_is_paged_streamed_and_printed_like_a_table)
{
    hg_query *query = hg_query_new(HG_VIEW_APPLICATION_CARDS);
    hg_application_card_list *first = NULL, *second = NULL;
    const hg_application_card *row = NULL;
    hg_cursor *cursor = NULL;
    hg_text *place = NULL, *json = NULL, *text = NULL;
    int32_t exists = 0;
    int streamed = 0;

    scene_act_as(ADA);
    ck_ok(hg_query_where_enum(query, HG_APPLICATION_CARD_STATUS, HG_OP_EQ, HG_APPLICATION_CARD_STATUS_APPLIED, &err), err);
    ck_ok(hg_query_order(query, HG_APPLICATION_CARD_JOB_TITLE, HG_DESCENDING, HG_NULLS_DEFAULT, &err), err);
    ck_ok(hg_application_card_exists(tenant, query, &exists, &err), err);
    ck_assert_int_eq(exists, 1);
    ck_ok(hg_application_card_stream(tenant, query, &cursor, &err), err);
    for (;;) {
        ck_ok(hg_application_card_next(cursor, &row, &err), err);
        if (row == NULL)
            break;
        streamed++;
    }
    hg_cursor_close(cursor);
    ck_assert_int_eq(streamed, 2);

    ck_ok(hg_query_limit(query, 1, &err), err);
    ck_ok(hg_application_card_find(tenant, query, &first, &err), err);
    ck_assert_str_eq(hg_application_card_list_at(first, 0)->job_title.ptr, "openY");
    ck_ok(hg_application_card_list_cursor(first, 0, &place, &err), err);
    ck_ok(hg_query_after(query, hg_text_ptr(place), hg_text_len(place), &err), err);
    ck_ok(hg_application_card_find(tenant, query, &second, &err), err);
    ck_assert_str_eq(hg_application_card_list_at(second, 0)->job_title.ptr, "open");
    ck_ok(hg_application_card_to_json(hg_application_card_list_at(second, 0), &json, &err), err);
    ck_assert(strstr(hg_text_ptr(json), "\"company_name\":\"Company X\"") != NULL ||
              strstr(hg_text_ptr(json), "\"company_name\": \"Company X\"") != NULL);
    ck_ok(hg_row_column_text(HG_VIEW_APPLICATION_CARDS, hg_application_card_list_at(second, 0),
                             HG_APPLICATION_CARD_STATUS, &text, &err), err);
    ck_assert_str_eq(hg_text_ptr(text), "applied");

    hg_text_free(text);
    hg_text_free(json);
    hg_text_free(place);
    hg_application_card_list_free(first);
    hg_application_card_list_free(second);
    hg_query_free(query);
}
END_TEST

START_TEST(get_many_gives_what_is_visible)
{
    hg_uuid ids[] = { scene_id("adaX"), scene_id("adaY"), scene_id("bobX") };
    hg_application_card_list *list = NULL;

    scene_act_as(RECRUITER_Y);
    ck_ok(hg_application_card_get_many(tenant, ids, 3, &list, &err), err);
    ck_assert_uint_eq(hg_application_card_list_count(list), 1);
    hg_application_card_list_free(list);
}
END_TEST

START_TEST(a_view_describes_itself_and_cannot_be_written)
{
    ck_assert_int_ge(hg_view_count(), 16);
    ck_assert_ptr_null(hg_table_describe(hg_table_count()));
    ck_assert_ptr_null(hg_table_describe(HG_VIEW_FIRST - 1));
    ck_assert_ptr_null(hg_table_describe(HG_VIEW_FIRST + hg_view_count()));
    ck_assert_ptr_null(hg_query_new(HG_VIEW_FIRST + hg_view_count()));
    for (int32_t v = HG_VIEW_FIRST; v < HG_VIEW_FIRST + hg_view_count(); v++) {
        const hg_table_info *info = hg_table_describe(v);

        ck_assert_int_eq(info->table, v);
        ck_assert_int_eq(info->is_view, 1);
        ck_assert_str_eq(info->schema, "hotgigs");
        ck_assert_int_eq(info->key_count, 0);
        ck_assert_int_eq(info->columns[0].nullable, 0);
        for (int32_t c = 0; c < info->column_count; c++)
            ck_assert_msg(info->columns[c].inserters == 0 && info->columns[c].updaters == 0, "%s.%s may be written",
                          info->name, info->columns[c].name);
        for (int role = 0; role < HGI_ROLE_COUNT; role++)
            ck_assert(hgi_table_of(v)->insertable[role] == 0 && hgi_table_of(v)->updatable[role] == 0 &&
                      (hgi_table_of(v)->deletable >> role & 1) == 0);
    }
    ck_assert_int_eq(hg_table_describe(HG_TABLE_JOBS)->is_view, 0);
    ck_assert_str_eq(hg_table_describe(HG_TABLE_JOBS)->schema, "public");
}
END_TEST

START_TEST(update_where_of_a_view_is_refused)
{
    hg_query *query = hg_query_new(HG_VIEW_MEMBER_CARDS);
    hg_member_card row = { .struct_size = sizeof row, .role = 1 };

    scene_act_as(ADMIN_X);
    ck_status(hgi_update_where(tenant, hgi_table_of(HG_VIEW_MEMBER_CARDS), query, &row, HG_BIT(HG_MEMBER_CARD_ROLE), 10, NULL,
                               &err), HG_E_DENIED, err);
    ck_status(hgi_delete_where(tenant, hgi_table_of(HG_VIEW_MEMBER_CARDS), query, 10, NULL, &err), HG_E_DENIED, err);
    hg_query_free(query);
}
END_TEST

/* Every view that leaves rows out is a barrier, but job_cards, which is the invoker's where the server has that; all are the
 * owner's, in the order of their descriptors. */
START_TEST(the_views_are_barriers_of_the_owners)
{
    ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_class WHERE relnamespace = 'hotgigs'::regnamespace AND relkind = 'v' "
                      "AND NOT (pg_get_userbyid(relowner) = 'hotgigs_owner' AND coalesce(reloptions, '{}') = CASE "
                      "         WHEN relname = 'company_cards' THEN '{}'::text[] "
                      "         WHEN relname = 'job_cards' AND current_setting('server_version_num')::int >= 150000 "
                      "         THEN '{security_invoker=true}' ELSE '{security_barrier=true}' END)"), 0);
    for (int32_t v = 0; v < hgi_view_count; v++) {
        const hg_table_info *info = &hgi_views[v]->info;

        ck_assert_int_eq(sql_int("SELECT count(*) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0",
                          hgi_views[v]->relation), info->column_count);
        for (int32_t c = 0; c < info->column_count; c++)
            ck_assert_int_eq(sql_int("SELECT attnum FROM pg_attribute WHERE attrelid = '%s'::regclass AND attname = '%s'",
                              hgi_views[v]->relation, info->columns[c].name), c + 1);
    }
}
END_TEST

Suite *
suite_query_views(void)
{
    Suite *s = suite_create("query/views");
    TCase *tc = tcase_create("personas");

    tcase_add_checked_fixture(tc, scene_open, fixture_close);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, each_persona_finds_his_rows, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tc, a_candidate_does_not_read_the_companys_side_of_his_application);
    tcase_add_test(tc, a_viewer_reads_the_companys_side_with_names_and_version);
    tcase_add_test(tc, the_board_tells_activity_interviews_and_rating);
    tcase_add_test(tc, an_interviewer_learns_the_candidate_and_a_candidate_not_the_interviewer);
    tcase_add_test(tc, a_referral_shows_commission_to_freelancer_and_admin_and_a_name_with_consent);
    tcase_add_test(tc, leak_2_an_invitation_does_not_tell_who_is_invited);
    tcase_add_test(tc, leak_2_a_task_shows_its_freelancer_nobodys_application);
    tcase_add_test(tc, feedback_and_salary_are_masked_by_row);
    tcase_add_test(tc, a_view_is_paged_streamed_and_printed_like_a_table);
    tcase_add_test(tc, get_many_gives_what_is_visible);
    tcase_add_test(tc, a_view_describes_itself_and_cannot_be_written);
    tcase_add_test(tc, update_where_of_a_view_is_refused);
    tcase_add_test(tc, the_views_are_barriers_of_the_owners);
    suite_add_tcase(s, tc);
    return s;
}
