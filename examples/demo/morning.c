/* morning.c - what there is before the day begins: the imported files, the companies' people. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hotgigs/json.h>

#include "../json/import.h"
#include "day.h"

/* ---- Files ----------------------------------------------------------------------------------- */

static int
is_json(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".json") == 0;
}

/* One file, in one transaction. */
static void
import_one(day *d, const char *folder, const char *name, int is_resume)
{
    char path[1024], key[64];
    import_result result;
    cJSON *json;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(key, sizeof key, "%.*s", (int)(strlen(name) - 5), name);
    json = import_file(path);
    if (json == NULL || d->person_count == PEOPLE || d->job_count == JOBS) {
        fail(d, json == NULL ? "a file of the data folder is not JSON" : "too many files");
        cJSON_Delete(json);
        return;
    }
    begin(d);
    if (d->st == HG_OK && is_resume)
        d->st = import_resume(d->service, json, path, &result, &d->err);
    else if (d->st == HG_OK)
        d->st = import_job(d->service, json, &result, &d->err);
    commit(d);
    if (d->st == HG_OK && is_resume) {
        person *p = &d->people[d->person_count++];

        *p = (person){ .user = result.user_id, .candidate = result.candidate_id };
        snprintf(p->key, sizeof p->key, "%s", key);
        snprintf(p->name, sizeof p->name, "%s",
                 import_text(cJSON_GetObjectItemCaseSensitive(json, "basics"), "name"));
        snprintf(p->email, sizeof p->email, "%s",
                 import_text(cJSON_GetObjectItemCaseSensitive(json, "basics"), "email"));
    } else if (d->st == HG_OK) {
        posting *job = &d->jobs[d->job_count++];

        *job = (posting){ .id = result.job_id, .company_id = result.company_id };
        snprintf(job->key, sizeof job->key, "%s", key);
        snprintf(job->title, sizeof job->title, "%s", import_text(json, "title"));
        snprintf(job->company, sizeof job->company, "%s", import_text(json, "company"));
    }
    if (d->st == HG_OK)
        d->imported_rows += result.count;
    cJSON_Delete(json);
}

static void
import_folder(day *d, const char *folder, int is_resume)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_json, alphasort);

    if (count < 0)
        fail(d, "the data folder cannot be read");
    for (int i = 0; i < count; i++) {
        if (d->st == HG_OK)
            import_one(d, folder, entries[i]->d_name, is_resume);
        free(entries[i]);
    }
    free(entries);
}

void
import_all(day *d, const char *data)
{
    char folder[900];

    import_one(d, data, "resume.json", 1);
    snprintf(folder, sizeof folder, "%s/resumes", data);
    import_folder(d, folder, 1);
    if (d->st == HG_OK)
        import_one(d, data, "job.json", 0);
    snprintf(folder, sizeof folder, "%s/jobs", data);
    if (d->st == HG_OK)
        import_folder(d, folder, 0);
}

void
tell_what_was_imported(day *d)
{
    const hg_candidate_profile *profile = NULL;
    const hg_job *job = NULL;

    say(d, "%zu résumés and %zu job descriptions have become %zu rows.", d->person_count,
        d->job_count, d->imported_rows);
    for (size_t i = 0; d->st == HG_OK && i < d->person_count; i++) {
        d->st = hg_candidate_profile_get(d->service, &d->people[i].candidate, &profile, &d->err);
        if (d->st == HG_OK) {
            printf("         ");
            cell(d->people[i].name, 22);
            cell(profile->headline.ptr, 32);
            printf("years of work: %2d\n", (int)profile->experience_years);
        }
        hg_candidate_profile_free(profile);
        profile = NULL;
    }
    for (size_t i = 0; d->st == HG_OK && i < d->job_count; i++) {
        d->st = hg_job_get(d->service, &d->jobs[i].id, &job, &d->err);
        if (d->st == HG_OK) {
            printf("         ");
            cell(d->jobs[i].company, 22);
            cell(job->title.ptr, 32);
            printf("%s, %d-%d %s\n", job->location.ptr, (int)job->salary_min, (int)job->salary_max,
                   job->salary_currency.ptr);
        }
        hg_job_free(job);
        job = NULL;
    }
}

/* ---- People ---------------------------------------------------------------------------------- */

static const firm all_firms[FIRMS] = {
    { .company = "Hafenlicht Logistik",
      .admin = { .first = "Jörg", .last = "Großmann", .email = "joerg@hafenlicht.example.com" },
      .recruiter = { .first = "Wiebke", .last = "Jürgensen", .email = "wiebke@hafenlicht.example.com" } },
    { .company = "北辰机器人",
      .admin = { .first = "李娜", .last = "", .email = "lina@beichen.example.com" },
      .recruiter = { .first = "陈伟", .last = "", .email = "chenwei@beichen.example.com" } },
    { .company = "Αιγαίο Δεδομένα",
      .admin = { .first = "Νίκος", .last = "Αλεξίου", .email = "nikos@aigaio.example.com" },
      .recruiter = { .first = "Μαρία", .last = "Βλάχου", .email = "maria@aigaio.example.com" } },
    { .company = "Casa Jacarandá Saúde",
      .admin = { .first = "Inês", .last = "Araújo", .email = "ines@jacaranda.example.com" },
      .recruiter = { .first = "Caetano", .last = "Brandão", .email = "caetano@jacaranda.example.com" } },
};

/* A user with both profiles of his kind. Gives the persona's profile, where it has one. */
static hg_uuid
register_user(day *d, const char *first, const char *last, const char *email, int32_t type, hg_uuid *user)
{
    hg_user_register_params params = {
        .struct_size = sizeof params,
        .set = HG_BIT(HG_USER_REGISTER_EMAIL) | HG_BIT(HG_USER_REGISTER_USER_TYPE) |
               HG_BIT(HG_USER_REGISTER_FIRST_NAME) | HG_BIT(HG_USER_REGISTER_LAST_NAME),
        .email = str(email), .user_type = type, .first_name = str(first), .last_name = str(last),
    };
    const hg_user_register_row *row = NULL;
    hg_uuid profile = { { 0 } };

    if (d->st == HG_OK)
        d->st = hg_user_register(d->service, &params, &row, &d->err);
    if (d->st == HG_OK) {
        *user = row->id;
        profile = row->persona_profile_id;
    }
    hg_user_register_row_free(row);
    return profile;
}

/* The platform invites the first admin, he the recruiter; each accepts as himself. */
static void
bring_in(day *d, firm *f)
{
    hg_job posted = { .struct_size = sizeof posted };

    register_user(d, f->admin.first, f->admin.last, f->admin.email, HG_USER_USER_TYPE_COMPANY, &f->admin.user);
    register_user(d, f->recruiter.first, f->recruiter.last, f->recruiter.email, HG_USER_USER_TYPE_COMPANY,
                  &f->recruiter.user);
    posted.posted_by = f->recruiter.user;
    for (size_t j = 0; j < d->job_count && d->st == HG_OK; j++) {
        if (strcmp(d->jobs[j].company, f->company) != 0)
            continue;
        f->id = d->jobs[j].company_id;
        d->jobs[j].firm = f;
        d->st = hg_job_update(d->service, &d->jobs[j].id, &posted, HG_BIT(HG_JOB_POSTED_BY), NULL, &d->err);
    }
    join(d, NULL, f->id, &f->admin, HG_COMPANY_MEMBER_ROLE_ADMIN);
    join(d, &f->admin, f->id, &f->recruiter, HG_COMPANY_MEMBER_ROLE_RECRUITER);
}

void
bring_people_in(day *d)
{
    hg_freelance_recruiter verified = { .struct_size = sizeof verified, .experience_years = 8, .is_verified = 1 };

    for (int i = 0; i < FIRMS; i++) {
        d->firms[i] = all_firms[i];
        bring_in(d, &d->firms[i]);
    }
    d->freelancer = register_user(d, "Chloé", "Œuvrard", "chloe@example.com", HG_USER_USER_TYPE_FREELANCE_RECRUITER,
                                  &d->freelancer_user);
    if (d->st == HG_OK)
        d->st = hg_freelance_recruiter_update(d->service, &d->freelancer, &verified,
                                              HG_BIT(HG_FREELANCE_RECRUITER_EXPERIENCE_YEARS) |
                                              HG_BIT(HG_FREELANCE_RECRUITER_IS_VERIFIED), NULL, &d->err);
}

/* ---- Matches --------------------------------------------------------------------------------- */

static int
has_skill(const cJSON *skills, const char *wanted)
{
    const cJSON *skill;

    cJSON_ArrayForEach(skill, skills)           /* the candidate's are objects with a name */
        if (strcmp(import_text(skill, "name"), wanted) == 0)
            return 1;
    return 0;
}

/* How many percent of the job's skills the candidate has. */
static int32_t
percent_of(const cJSON *candidate, const cJSON *job)
{
    const cJSON *skill;
    int32_t wanted = 0, had = 0;

    cJSON_ArrayForEach(skill, job) {            /* the job's are their names */
        wanted++;
        had += has_skill(candidate, cJSON_GetStringValue(skill));
    }
    return wanted > 0 ? 100 * had / wanted : 0;
}

/* The skills of a job, as cJSON has them. Yours: cJSON_Delete(). */
static cJSON *
skills_of_job(day *d, const hg_uuid *id)
{
    const hg_job *job = NULL;
    cJSON *skills = NULL;

    if (d->st == HG_OK)
        d->st = hg_job_get(d->service, id, &job, &d->err);
    if (d->st == HG_OK)
        d->st = hg_json_tree(&job->skills, &skills, &d->err);
    hg_job_free(job);
    return skills;
}

static void
add_match(cJSON *matches, const hg_uuid *candidate, const hg_uuid *job, int32_t percent)
{
    cJSON *match = cJSON_CreateObject();

    import_add_uuid(match, "candidate_id", candidate);
    import_add_uuid(match, "job_id", job);
    cJSON_AddNumberToObject(match, "match_score", percent);
    cJSON_AddNumberToObject(match, "skill_match_score", percent);
    cJSON_AddBoolToObject(match, "is_recommended", percent >= 75);
    cJSON_AddItemToArray(matches, match);
}

static void
add_analysis(day *d, hg_uuid candidate, int32_t percent)
{
    hg_ai_resume_analysis row = { .struct_size = sizeof row, .candidate_id = candidate,
                                  .overall_score = { .unscaled = percent },
                                  .improvement_suggestions = str("[\"name the year\"]") };

    if (d->st == HG_OK)
        d->st = hg_ai_resume_analysis_insert(d->service, &row, HG_BIT(HG_AI_RESUME_ANALYSIS_CANDIDATE_ID) |
                                             HG_BIT(HG_AI_RESUME_ANALYSIS_OVERALL_SCORE) |
                                             HG_BIT(HG_AI_RESUME_ANALYSIS_IMPROVEMENT_SUGGESTIONS), NULL, &d->err);
}

/* Matches of half the skills and more. */
static void
match_one(day *d, const person *p, cJSON *const *job_skills, cJSON *matches)
{
    const hg_candidate_profile *profile = NULL;
    cJSON *skills = NULL;

    if (d->st == HG_OK)
        d->st = hg_candidate_profile_get(d->service, &p->candidate, &profile, &d->err);
    if (d->st == HG_OK)
        d->st = hg_json_tree(&profile->skills, &skills, &d->err);
    for (size_t j = 0; d->st == HG_OK && j < d->job_count; j++) {
        int32_t percent = percent_of(skills, job_skills[j]);

        if (percent >= 50)
            add_match(matches, &p->candidate, &d->jobs[j].id, percent);
    }
    if (d->st == HG_OK)
        add_analysis(d, p->candidate, 60 + 2 * profile->experience_years);
    cJSON_Delete(skills);
    hg_candidate_profile_free(profile);
}

/* All of them in one call. Gives how many. */
static int64_t
save_matches(day *d, const cJSON *matches)
{
    char *text = cJSON_PrintUnformatted(matches);
    hg_match_save_batch_params params = { .struct_size = sizeof params, .set = HG_BIT(HG_MATCH_SAVE_BATCH_MATCHES) };
    const hg_match_save_batch_row *row = NULL;
    int64_t saved = 0;

    if (text == NULL)
        fail(d, "out of memory");
    else
        params.matches = str(text);
    if (d->st == HG_OK)
        d->st = hg_match_save_batch(d->service, &params, &row, &d->err);
    if (d->st == HG_OK)
        saved = row->inserted;
    hg_match_save_batch_row_free(row);
    cJSON_free(text);
    return saved;
}

void
match_everyone(day *d)
{
    cJSON *job_skills[JOBS] = { NULL }, *matches = cJSON_CreateArray();
    int64_t saved;

    for (size_t j = 0; j < d->job_count; j++)
        job_skills[j] = skills_of_job(d, &d->jobs[j].id);
    for (size_t i = 0; i < d->person_count; i++)
        match_one(d, &d->people[i], job_skills, matches);
    saved = save_matches(d, matches);
    measure(d, "matches_kept", saved, "rows");
    say(d, "The night's run has compared %zu pairs of candidate and job, and kept %lld.",
        d->person_count * d->job_count, (long long)saved);
    for (size_t j = 0; j < d->job_count; j++)
        cJSON_Delete(job_skills[j]);
    cJSON_Delete(matches);
}
