/* resume.c - a JSON Resume (jsonresume.org, schema 1.0.0) as rows of six tables. */
#include "import.h"

#include <stdio.h>
#include <string.h>

/* "2014", "2014-06" and "2014-06-29" are dates there; ours have a day. "" stays "". */
static const char *
whole_date(const char *text, char buf[11])
{
    size_t len = strlen(text);

    if (len != 4 && len != 7 && len != 10)
        len = 0;
    memcpy(buf, text, len);
    memcpy(buf + len, &"0000-01-01"[len], 11 - len);
    if (len == 0)
        buf[0] = '\0';
    return buf;
}

/* A column that every row of the batch has: NULL where there is no text. */
static void
add_or_null(cJSON *row, const char *column, const char *text)
{
    if (text[0] != '\0')
        cJSON_AddStringToObject(row, column, text);
    else
        cJSON_AddNullToObject(row, column);
}

static void
add_list(cJSON *row, const char *column, const cJSON *list)
{
    cJSON_AddItemToObject(row, column,
                          cJSON_IsArray(list) ? cJSON_Duplicate(list, 1) : cJSON_CreateArray());
}

static const cJSON *
member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *
profile_url(const cJSON *basics, const char *network)
{
    const cJSON *profile;

    cJSON_ArrayForEach(profile, member(basics, "profiles"))
        if (strcmp(import_text(profile, "network"), network) == 0)
            return import_text(profile, "url");
    return "";
}

/* There is one name in the format: what is behind its last space is taken for the family's. A name
 * without space, as in Chinese, stays whole. */
static void
add_names(cJSON *row, const char *name)
{
    const char *space = strrchr(name, ' ');
    char first[101];

    if (space == NULL || (size_t)(space - name) >= sizeof first) {
        import_add(row, "first_name", name);
        return;
    }
    memcpy(first, name, (size_t)(space - name));
    first[space - name] = '\0';
    import_add(row, "first_name", first);
    import_add(row, "last_name", space + 1);
}

/* From the first day of the first job to the last day of the last, or to the date of the résumé. */
static void
add_experience_years(cJSON *row, const cJSON *resume)
{
    hg_date first = INT32_MAX, last = INT32_MIN, date;
    const cJSON *job;
    char today[11], buf[11];

    snprintf(today, sizeof today, "%.10s", import_text(member(resume, "meta"), "lastModified"));
    cJSON_ArrayForEach(job, member(resume, "work")) {
        const char *end = import_text(job, "endDate");

        whole_date(import_text(job, "startDate"), buf);
        if (hg_date_parse(buf, strlen(buf), &date, NULL) == HG_OK && date < first)
            first = date;
        whole_date(end[0] ? end : today, buf);
        if (hg_date_parse(buf, strlen(buf), &date, NULL) == HG_OK && date > last)
            last = date;
    }
    if (first < last)
        cJSON_AddNumberToObject(row, "experience_years", (last - first) / 365);
}

static cJSON *
user_of(const cJSON *basics)
{
    cJSON *row = cJSON_CreateObject();

    add_names(row, import_text(basics, "name"));
    import_add(row, "email", import_text(basics, "email"));
    import_add(row, "phone", import_text(basics, "phone"));
    import_add(row, "profile_image_url", import_text(basics, "image"));
    cJSON_AddStringToObject(row, "user_type", "candidate");
    return row;
}

static cJSON *
user_profile_of(const cJSON *basics, const hg_uuid *user_id)
{
    cJSON *row = cJSON_CreateObject();
    char place[300];

    import_add_id(row);
    import_add_uuid(row, "user_id", user_id);
    import_add(row, "bio", import_text(basics, "summary"));
    import_add(row, "location", import_place(basics, place, sizeof place));
    import_add(row, "website_url", import_text(basics, "url"));
    import_add(row, "github_url", profile_url(basics, "GitHub"));
    import_add(row, "linkedin_url", profile_url(basics, "LinkedIn"));
    return row;
}

/* The skills as the schema's documentation has them, {name, level}, and each keyword as one more. */
static cJSON *
skills_of(const cJSON *resume)
{
    cJSON *skills = cJSON_CreateArray();
    const cJSON *skill, *keyword;

    cJSON_ArrayForEach(skill, member(resume, "skills")) {
        cJSON *entry = cJSON_CreateObject();

        import_add(entry, "name", import_text(skill, "name"));
        import_add(entry, "level", import_text(skill, "level"));
        cJSON_AddItemToArray(skills, entry);
        cJSON_ArrayForEach(keyword, member(skill, "keywords")) {
            entry = cJSON_CreateObject();
            cJSON_AddItemToObject(entry, "name", cJSON_Duplicate(keyword, 1));
            cJSON_AddItemToArray(skills, entry);
        }
    }
    return skills;
}

static cJSON *
candidate_profile_of(const cJSON *resume, const hg_uuid *user_id, const char *url)
{
    const cJSON *basics = member(resume, "basics");
    const cJSON *newest = cJSON_GetArrayItem(member(resume, "work"), 0);
    const cJSON *degree = cJSON_GetArrayItem(member(resume, "education"), 0);
    cJSON *row = cJSON_CreateObject();
    cJSON *visibility;

    import_add_uuid(row, "user_id", user_id);
    import_add(row, "headline", import_text(basics, "label"));
    import_add(row, "summary", import_text(basics, "summary"));
    import_add(row, "current_title", import_text(newest, "position"));
    import_add(row, "current_company", import_text(newest, "name"));
    add_experience_years(row, resume);
    import_add(row, "education_level", import_text(degree, "studyType"));
    cJSON_AddItemToObject(row, "skills", skills_of(resume));
    add_list(row, "languages", member(resume, "languages"));
    import_add(row, "portfolio_url", import_text(basics, "url"));
    import_add(row, "resume_url", url);
    visibility = cJSON_AddObjectToObject(row, "visibility_settings");
    cJSON_AddTrueToObject(visibility, "profile_public");
    return row;
}

/* A batch has one set of columns for all its rows, so what is missing in one is NULL there. */
static cJSON *
experiences_of(const cJSON *resume, const hg_uuid *candidate_id)
{
    cJSON *rows = cJSON_CreateArray();
    const cJSON *job;
    char start[11], end[11];

    cJSON_ArrayForEach(job, member(resume, "work")) {
        cJSON *row = cJSON_CreateObject();

        if (whole_date(import_text(job, "startDate"), start)[0] == '\0') {
            cJSON_Delete(row);          /* the schema wants a first day */
            continue;
        }
        whole_date(import_text(job, "endDate"), end);
        import_add_id(row);
        import_add_uuid(row, "candidate_id", candidate_id);
        cJSON_AddStringToObject(row, "company_name", import_text(job, "name"));
        cJSON_AddStringToObject(row, "job_title", import_text(job, "position"));
        add_or_null(row, "description", import_text(job, "summary"));
        cJSON_AddStringToObject(row, "start_date", start);
        add_or_null(row, "end_date", end);
        cJSON_AddBoolToObject(row, "is_current", end[0] == '\0');
        add_or_null(row, "location", import_text(job, "location"));
        add_list(row, "achievements", member(job, "highlights"));
        cJSON_AddItemToArray(rows, row);
    }
    return rows;
}

/* "4.0" is a grade point average; "first class" and "92 %" are grades, too, but not numbers below 10. */
static int
is_gpa(const char *score)
{
    hg_decimal gpa;

    return hg_decimal_parse(score, strlen(score), &gpa, NULL) == HG_OK &&
           gpa.kind == HG_DECIMAL_FINITE && gpa.scale <= 2 && strlen(score) <= 4 &&
           score[0] != '-' && (score[1] == '.' || score[1] == '\0');
}

static cJSON *
education_of(const cJSON *resume, const hg_uuid *candidate_id)
{
    cJSON *rows = cJSON_CreateArray();
    const cJSON *school;
    char start[11], end[11];

    cJSON_ArrayForEach(school, member(resume, "education")) {
        cJSON *row = cJSON_CreateObject();
        const char *score = import_text(school, "score");

        import_add_id(row);
        import_add_uuid(row, "candidate_id", candidate_id);
        cJSON_AddStringToObject(row, "institution_name", import_text(school, "institution"));
        add_or_null(row, "degree", import_text(school, "studyType"));
        add_or_null(row, "field_of_study", import_text(school, "area"));
        add_or_null(row, "start_date", whole_date(import_text(school, "startDate"), start));
        add_or_null(row, "end_date", whole_date(import_text(school, "endDate"), end));
        add_or_null(row, "gpa", is_gpa(score) ? score : "");
        add_or_null(row, "description", is_gpa(score) ? "" : score);
        add_list(row, "achievements", member(school, "courses"));
        cJSON_AddItemToArray(rows, row);
    }
    return rows;
}

static cJSON *
document_of(const char *url, const hg_uuid *user_id)
{
    cJSON *row = cJSON_CreateObject();
    const char *slash = strrchr(url, '/');

    import_add_id(row);
    import_add_uuid(row, "user_id", user_id);
    cJSON_AddStringToObject(row, "document_type", "resume");
    cJSON_AddStringToObject(row, "file_name", slash != NULL ? slash + 1 : url);
    cJSON_AddStringToObject(row, "file_url", url);
    cJSON_AddStringToObject(row, "mime_type", "application/json");
    return row;
}

hg_status
import_resume(hg_conn *conn, const cJSON *resume, const char *url, import_result *out, hg_error *err)
{
    const cJSON *basics = member(resume, "basics");
    enum { STEPS = 6 };
    static const int32_t tables[STEPS] = {
        HG_TABLE_USERS, HG_TABLE_USER_PROFILES, HG_TABLE_CANDIDATE_PROFILES,
        HG_TABLE_CANDIDATE_EXPERIENCES, HG_TABLE_CANDIDATE_EDUCATION, HG_TABLE_DOCUMENTS,
    };
    cJSON *rows[STEPS];
    hg_status st = HG_OK;

    memset(out, 0, sizeof *out);
    rows[0] = user_of(basics);
    out->user_id = import_add_id(rows[0]);
    rows[1] = user_profile_of(basics, &out->user_id);
    rows[2] = candidate_profile_of(resume, &out->user_id, url);
    out->candidate_id = import_add_id(rows[2]);
    rows[3] = experiences_of(resume, &out->candidate_id);
    rows[4] = education_of(resume, &out->candidate_id);
    rows[5] = document_of(url, &out->user_id);

    for (int i = 0; i < STEPS; i++) {
        if (st == HG_OK)
            st = import_rows(conn, tables[i], rows[i], out, err);
        cJSON_Delete(rows[i]);
    }
    return st;
}
