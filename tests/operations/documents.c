/* operations/documents - tags, the queue of fraud checks, documents that go, and matches. */
#include "operations/applications_stage.h"
#include "suites.h"

#include <string.h>

static const char *document;

static const char *
a_document(const actor *who)
{
    const char *id = stage_id();

    sql_do("INSERT INTO documents (id, user_id, document_type, file_name, file_url, created_at) VALUES ('%s', '%s', 'resume',"
           " 'cv.pdf', 'https://files/%s', '2020-01-01')", id, who->id, id);
    return id;
}

static void
setup(void)
{
    stage_open();
    document = a_document(&candidate);
}

static const char *
tags(void)
{
    return sql_text("SELECT array_to_string(tags, '|', '(null)') FROM documents WHERE id = '%s'", document);
}

START_TEST(a_tag_is_there_once_whatever_its_case)
{
    as(&candidate);
    ck_plays(play("document_tag_add", "{\"document_id\":\"%s\",\"tag\":\" Best \"}", document));
    ck_got("\"tags\":[\"Best\"]");
    ck_plays(play("document_tag_add", "{\"document_id\":\"%s\",\"tag\":\"best\"}", document));
    ck_plays(play("document_tag_add", "{\"document_id\":\"%s\",\"tag\":\"new\"}", document));
    ck_assert_str_eq(tags(), "Best|new");
    ck_plays(play("document_tag_remove", "{\"document_id\":\"%s\",\"tag\":\"BEST\"}", document));
    ck_plays(play("document_tag_remove", "{\"document_id\":\"%s\",\"tag\":\"never\"}", document));
    ck_assert_str_eq(tags(), "new");
}
END_TEST

START_TEST(a_tag_is_words_and_the_owners)
{
    as(&candidate);
    ck_refuses(play("document_tag_add", "{\"document_id\":\"%s\",\"tag\":\"  \"}", document), HG_E_INVALID);
    ck_refuses(play("document_tag_remove", "{\"document_id\":\"%s\",\"tag\":\"\"}", document), HG_E_INVALID);
    as(&other);
    ck_refuses(play("document_tag_add", "{\"document_id\":\"%s\",\"tag\":\"t\"}", document), HG_E_NOT_FOUND);
    ck_refuses(play("document_tag_remove", "{\"document_id\":\"%s\",\"tag\":\"t\"}", document), HG_E_NOT_FOUND);
    as(&recruiter);                    /* sees the résumé of an applicant, and writes nothing on it */
    ck_refuses(play("document_tag_add", "{\"document_id\":\"%s\",\"tag\":\"t\"}", document), HG_E_DENIED);
    ck_assert_ptr_null(tags());
}
END_TEST

START_TEST(eight_tags_at_once_are_all_there)
{
    const actor *who[8];
    const char *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = &candidate;
        json[i] = fixture_text("{\"document_id\":\"%s\",\"tag\":\"tag%zu\"}", document, i / 2);     /* each of four twice */
    }
    play_at_once(8, who, "document_tag_add", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 8);
    ck_assert_str_eq(sql_text("SELECT string_agg(t, ' ' ORDER BY t) FROM documents, unnest(tags) AS t WHERE id = '%s'", document),
                     "tag0 tag1 tag2 tag3");
}
END_TEST

START_TEST(a_document_goes_and_its_analyses_stay)
{
    sql_do("INSERT INTO ai_resume_analysis (candidate_id, document_id, overall_score) VALUES ('%s', '%s', 70), ('%s', '%s', 80)",
           profile, document, profile, document);
    as(&other);
    ck_refuses(play("document_remove", "{\"document_id\":\"%s\"}", document), HG_E_NOT_FOUND);
    as(&recruiter);
    ck_refuses(play("document_remove", "{\"document_id\":\"%s\"}", document), HG_E_DENIED);
    as(&candidate);
    ck_plays(play("document_remove", "{\"document_id\":\"%s\"}", document));
    ck_assert_str_eq(got, "2");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM ai_resume_analysis WHERE candidate_id = '%s' AND document_id IS NULL",
                             profile), 2);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM documents WHERE id = '%s'", document), 0);
    ck_refuses(play("document_remove", "{\"document_id\":\"%s\"}", document), HG_E_NOT_FOUND);
}
END_TEST

START_TEST(the_latest_analysis_of_each_document)
{
    sql_do("INSERT INTO ai_resume_analysis (candidate_id, document_id, overall_score, created_at) VALUES"
           " ('%s', '%s', 70, '2026-01-01'), ('%s', '%s', 80, '2026-01-02'), ('%s', NULL, 60, '2026-01-03')",
           profile, document, profile, document, profile);
    as(&candidate);
    ck_plays(play("analysis_latest", "{\"candidate_id\":\"%s\"}", profile));
    ck_got("\"overall_score\":80");
    ck_got("\"overall_score\":60");
    ck_not_got("\"overall_score\":70");
    ck_plays(play("analysis_latest", "{\"candidate_id\":\"%s\",\"document_id\":\"%s\"}", profile, document));
    ck_not_got("\"overall_score\":60");
    as(&other);
    ck_plays(play("analysis_latest", "{\"candidate_id\":\"%s\"}", profile));
    ck_assert_str_eq(got, "[]");
    as(&recruiter);
    ck_refuses(play("analysis_latest", "{\"candidate_id\":\"%s\"}", profile), HG_E_DENIED);
}
END_TEST

/* ---- Fraud checks ---------------------------------------------------------------------------------------------------------- */

START_TEST(of_eight_workers_each_document_has_one)
{
    const actor worker = { .role = HG_ROLE_SERVICE }, *who[8];
    const char *json[8];
    hg_status status[8];
    long before;

    sql_do("UPDATE documents SET fraud_check_status = 'passed' WHERE id <> '%s'", document);
    for (size_t i = 0; i < 8; i++) {
        a_document(&candidate);
        who[i] = &worker;
        json[i] = "{\"at_most\":3}";
    }
    before = sql_int("SELECT count(*) FROM documents WHERE fraud_check_status = 'pending'");
    play_at_once(8, who, "document_fraud_next", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 8);
    ck_assert_int_eq(before, 9);
    ck_plays(play_service("document_fraud_next", "{\"at_most\":100}"));
    ck_assert_str_eq(got, "[]");       /* nine were claimed, by whomever */
    sql_do("UPDATE documents SET fraud_check_results = '{\"claimed_until\": \"2000-01-01T00:00:00.000000\"}' WHERE id = '%s'",
           document);
    ck_plays(play_service("document_fraud_next", "{\"at_most\":100}"));
    ck_got(document);                  /* whoever had it has let it lie */
    as(&candidate);
    ck_refuses(play("document_fraud_next", "{\"at_most\":1}"), HG_E_DENIED);
}
END_TEST

static hg_status
verdict(const char *status, const char *of)
{
    return play_service("document_fraud_set", "{\"document_id\":\"%s\",\"verdict\":\"%s\",\"results\":{\"n\":1},"
                        "\"file_url\":\"https://files/%s\"}", document, status, of);
}

START_TEST(a_verdict_is_on_the_file_that_was_checked)
{
    ck_refuses(verdict("fine", document), HG_E_INVALID);
    ck_refuses(verdict("passed", "another"), HG_E_CONFLICT);
    ck_plays(verdict("review", document));
    ck_got("\"fraud_check_status\":\"review\"");
    ck_refuses(verdict("review", document), HG_E_STATE);
    ck_plays(verdict("passed", document));
    ck_refuses(verdict("failed", document), HG_E_STATE);
    document = stage_id();
    ck_refuses(verdict("passed", document), HG_E_NOT_FOUND);
    as(&candidate);
    ck_refuses(play("document_fraud_set", "{\"document_id\":\"%s\",\"verdict\":\"passed\",\"file_url\":\"x\"}", document),
               HG_E_DENIED);
}
END_TEST

/* ---- Matches ---------------------------------------------------------------------------------------------------------------- */

static const char *
match(const char *of, const char *job, int score)
{
    return fixture_text("{\"candidate_id\":\"%s\",\"job_id\":\"%s\",\"match_score\":%d}", of, job, score);
}

START_TEST(matches_are_written_over_and_stay_seen)
{
    ck_plays(play_service("match_save_batch", "{\"matches\":[%s,%s]}", match(profile, job_id, 70), match(other_profile, job_id, 80)));
    ck_assert_str_eq(got, "{\"inserted\":2,\"updated\":0}");
    as(&candidate);
    ck_plays(play("match_mark_viewed", "{\"match_ids\":%s}",
                  sql_text("SELECT json_agg(id)::text FROM ai_job_matches WHERE job_id = '%s'", job_id)));
    ck_assert_str_eq(got, "1");        /* his own; the other's is left alone */
    ck_plays(play_service("match_save_batch", "{\"matches\":[%s]}", match(profile, job_id, 90)));
    ck_assert_str_eq(got, "{\"inserted\":0,\"updated\":1}");
    ck_assert_str_eq(sql_text("SELECT match_score || ' ' || viewed_by_candidate FROM ai_job_matches WHERE candidate_id = '%s'",
                              profile), "90.00 true");
    ck_assert_int_eq(sql_int("SELECT count(*) FROM ai_job_matches WHERE viewed_by_candidate AND candidate_id = '%s'",
                             other_profile), 0);
}
END_TEST

static const char *const bad_matches[] = { "{}", "[1]", "[{}]", "[{\"candidate_id\":\"x\",\"job_id\":\"y\",\"match_score\":1}]" };

START_TEST(a_batch_is_whole_or_not_at_all)
{
    ck_refuses(play_service("match_save_batch", "{\"matches\":%s}", bad_matches[_i]), HG_E_INVALID);
    ck_refuses(play_service("match_save_batch", "{\"matches\":[%s,%s]}", match(profile, job_id, 70),
                            match(profile, job_id, 71)), HG_E_INVALID);
    ck_refuses(play_service("match_save_batch", "{\"matches\":[%s,%s]}", match(profile, job_id, 70),
                            match(other_profile, job_id, 101)), HG_E_INVALID);
    ck_refuses(play_service("match_save_batch", "{\"matches\":[%s,%s]}", match(profile, job_id, 70),
                            match(other_profile, stage_id(), 10)), HG_E_CONSTRAINT);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM ai_job_matches WHERE job_id = '%s'", job_id), 0);
    as(&candidate);
    ck_refuses(play("match_save_batch", "{\"matches\":[]}"), HG_E_DENIED);
}
END_TEST

START_TEST(eight_batches_at_once_give_one_row_a_pair)
{
    const actor worker = { .role = HG_ROLE_SERVICE }, *who[8];
    const char *json[8];
    hg_status status[8];

    for (size_t i = 0; i < 8; i++) {
        who[i] = &worker;
        json[i] = fixture_text("{\"matches\":[%s,%s]}", match(i % 2 ? profile : other_profile, job_id, 50),
                               match(i % 2 ? other_profile : profile, job_id, 60));
    }
    play_at_once(8, who, "match_save_batch", json, status);
    ck_assert_uint_eq(count_of(status, 8, HG_OK), 8);
    ck_assert_int_eq(sql_int("SELECT count(*) FROM ai_job_matches WHERE job_id = '%s'", job_id), 2);
}
END_TEST

START_TEST(a_candidate_sees_his_matches_with_open_jobs)
{
    const char *closed = stage_job(company_id), *hidden = stage_job(company_id), *low = stage_job(company_id);

    sql_do("UPDATE jobs SET employment_status = 'closed' WHERE id = '%s'", closed);
    sql_do("UPDATE jobs SET is_public = false WHERE id = '%s'", hidden);
    ck_plays(play_service("match_save_batch", "{\"matches\":[%s,%s,%s,%s]}", match(profile, closed, 90), match(profile, hidden, 91),
                          match(profile, low, 20), match(profile, job_id, 70)));
    as(&candidate);
    ck_plays(play("match_list_candidate", "{\"candidate_id\":\"%s\",\"at_most\":10}", profile));
    ck_assert(strstr(got, job_id) < strstr(got, low));
    ck_not_got(closed);
    ck_not_got(hidden);
    ck_got("\"company_name\":\"");
    ck_plays(play("match_list_candidate", "{\"candidate_id\":\"%s\",\"at_most\":10,\"min_score\":50}", profile));
    ck_not_got(low);
    ck_plays(play("match_list_candidate", "{\"candidate_id\":\"%s\",\"at_most\":10,\"after_score\":70,\"after_id\":\"%s\"}",
                  profile, sql_text("SELECT id FROM ai_job_matches WHERE job_id = '%s'", job_id)));
    ck_got(low);
    ck_not_got(job_id);
    ck_plays(play("match_mark_viewed", "{\"match_ids\":[\"%s\"]}",
                  sql_text("SELECT id FROM ai_job_matches WHERE job_id = '%s'", job_id)));
    ck_plays(play("match_list_candidate", "{\"candidate_id\":\"%s\",\"at_most\":10,\"unseen_only\":true}", profile));
    ck_not_got(job_id);
    as(&other);
    ck_plays(play("match_list_candidate", "{\"candidate_id\":\"%s\",\"at_most\":10}", profile));
    ck_assert_str_eq(got, "[]");
}
END_TEST

START_TEST(a_company_sees_matches_with_those_who_let_themselves_be_seen)
{
    actor open;
    const char *open_profile = stage_profile(&open, "{\"profile_public\": true}");

    ck_plays(play_service("match_save_batch", "{\"matches\":[%s,%s,%s]}", match(profile, job_id, 70),
                          match(other_profile, job_id, 80), match(open_profile, job_id, 60)));
    as(&recruiter);
    ck_plays(play("match_list_job", "{\"job_id\":\"%s\",\"at_most\":10}", job_id));
    ck_assert(strstr(got, profile) < strstr(got, open_profile));
    ck_not_got(other_profile);
    ck_plays(play("match_list_job", "{\"job_id\":\"%s\",\"at_most\":10,\"min_score\":65}", job_id));
    ck_not_got(open_profile);
    as(&viewer);
    ck_plays(play("match_list_job", "{\"job_id\":\"%s\",\"at_most\":10}", job_id));
    ck_not_got(open_profile);
    as(&stranger);
    ck_plays(play("match_list_job", "{\"job_id\":\"%s\",\"at_most\":10}", job_id));
    ck_assert_str_eq(got, "[]");
    as(&candidate);
    ck_refuses(play("match_list_job", "{\"job_id\":\"%s\",\"at_most\":10}", job_id), HG_E_DENIED);
    as(&recruiter);
    ck_refuses(play("match_mark_viewed", "{\"match_ids\":[]}"), HG_E_DENIED);
}
END_TEST

Suite *
suite_operations_documents(void)
{
    Suite *suite = suite_create("operations/documents");
    TCase *tcase = tcase_create("documents");

    tcase_add_checked_fixture(tcase, setup, fixture_close);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_tag_is_there_once_whatever_its_case);
    tcase_add_test(tcase, a_tag_is_words_and_the_owners);
    tcase_add_test(tcase, eight_tags_at_once_are_all_there);
    tcase_add_test(tcase, a_document_goes_and_its_analyses_stay);
    tcase_add_test(tcase, the_latest_analysis_of_each_document);
    tcase_add_test(tcase, of_eight_workers_each_document_has_one);
    tcase_add_test(tcase, a_verdict_is_on_the_file_that_was_checked);
    tcase_add_test(tcase, matches_are_written_over_and_stay_seen);
    tcase_add_loop_test(tcase, a_batch_is_whole_or_not_at_all, 0, 4);
    tcase_add_test(tcase, eight_batches_at_once_give_one_row_a_pair);
    tcase_add_test(tcase, a_candidate_sees_his_matches_with_open_jobs);
    tcase_add_test(tcase, a_company_sees_matches_with_those_who_let_themselves_be_seen);
    suite_add_tcase(suite, tcase);
    return suite;
}
