/* job.c - a job description (job-schema.json beside JSON Resume's) as rows of three tables. */
#define _POSIX_C_SOURCE 200809L

#include "import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A word of the format, and ours for it. The first word that the text begins with counts. */
typedef struct word {
    const char *theirs, *ours;
} word;

static const word types[] = {
    { "Full", "full_time" }, { "Part", "part_time" }, { "Contract", "contract" },
    { "Freelance", "freelance" }, { "Intern", "internship" }, { "", "full_time" },
};
static const word levels[] = {
    { "Junior", "entry" }, { "Entry", "entry" }, { "Mid", "mid" }, { "Senior", "senior" },
    { "Lead", "senior" }, { "Executive", "executive" }, { "", "" },
};
static const word remotes[] = {
    { "Full", "remote" }, { "Hybrid", "hybrid" }, { "None", "on_site" }, { "", "" },
};
static const word skill_levels[] = {
    { "Beginner", "beginner" }, { "Intermediate", "intermediate" }, { "Advanced", "advanced" },
    { "Master", "expert" }, { "Expert", "expert" }, { "", "" },
};

static const char *
translate(const word *words, const char *text)
{
    while (strncasecmp(words->theirs, text, strlen(words->theirs)) != 0)
        words++;                        /* the last one is "", with which every text begins */
    return words->ours;
}

/* Lower-case letters, digits and hyphens; letters beyond ASCII stay as they are. */
static void
slug_of(const char *name, char *slug, size_t size)
{
    size_t n = 0;

    for (; *name != '\0' && n + 1 < size; name++) {
        unsigned char c = (unsigned char)*name;

        if (c >= 'A' && c <= 'Z')
            slug[n++] = (char)(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            slug[n++] = (char)c;
        else if (n > 0 && slug[n - 1] != '-')
            slug[n++] = '-';
    }
    while (n > 0 && slug[n - 1] == '-')
        n--;
    slug[n] = '\0';
}

/* A list of sentences as one text, a line each. Yours: free(). NULL if there are none. */
static char *
lines_of(const cJSON *list)
{
    const cJSON *item;
    size_t size = 1;
    char *text;

    cJSON_ArrayForEach(item, list)
        if (cJSON_IsString(item))
            size += strlen(item->valuestring) + 1;
    text = size > 1 ? calloc(1, size) : NULL;
    if (text == NULL)
        return NULL;
    cJSON_ArrayForEach(item, list)
        if (cJSON_IsString(item)) {
            strcat(text, item->valuestring);
            strcat(text, "\n");
        }
    return text;
}

/* "100000", and as our own files have it "60000-80000 EUR". */
static void
add_salary(cJSON *row, const char *text)
{
    char currency[4];
    int min, max;

    if (sscanf(text, "%9d-%9d", &min, &max) == 2) {
        cJSON_AddNumberToObject(row, "salary_min", min);
        cJSON_AddNumberToObject(row, "salary_max", max);
    } else if (sscanf(text, "%9d", &min) == 1) {
        cJSON_AddNumberToObject(row, "salary_min", min);
        cJSON_AddNumberToObject(row, "salary_max", min);
    }
    if (sscanf(text, "%*[0-9-] %3[A-Z]", currency) == 1)
        cJSON_AddStringToObject(row, "salary_currency", currency);
}

static cJSON *
job_of(const cJSON *job, const hg_uuid *company_id)
{
    cJSON *row = cJSON_CreateObject();
    cJSON *skills, *words;
    const cJSON *skill, *keyword;
    const char *canonical = import_text(cJSON_GetObjectItemCaseSensitive(job, "meta"), "canonical");
    const char *slash = strrchr(canonical, '/');
    char slug[200], place[300];
    char *lines;

    slug_of(slash != NULL ? slash + 1 : import_text(job, "title"), slug, sizeof slug);
    import_add_uuid(row, "company_id", company_id);
    cJSON_AddStringToObject(row, "title", import_text(job, "title"));
    cJSON_AddStringToObject(row, "slug", slug);
    cJSON_AddStringToObject(row, "description", import_text(job, "description"));
    lines = lines_of(cJSON_GetObjectItemCaseSensitive(job, "qualifications"));
    import_add(row, "requirements", lines != NULL ? lines : "");
    free(lines);
    lines = lines_of(cJSON_GetObjectItemCaseSensitive(job, "responsibilities"));
    import_add(row, "responsibilities", lines != NULL ? lines : "");
    free(lines);
    cJSON_AddStringToObject(row, "job_type", translate(types, import_text(job, "type")));
    import_add(row, "experience_level", translate(levels, import_text(job, "experience")));
    import_add(row, "location", import_place(job, place, sizeof place));
    import_add(row, "remote_type", translate(remotes, import_text(job, "remote")));
    add_salary(row, import_text(job, "salary"));

    skills = cJSON_AddArrayToObject(row, "skills");
    words = cJSON_AddArrayToObject(row, "seo_keywords");
    cJSON_ArrayForEach(skill, cJSON_GetObjectItemCaseSensitive(job, "skills")) {
        cJSON_AddItemToArray(skills, cJSON_CreateString(import_text(skill, "name")));
        cJSON_ArrayForEach(keyword, cJSON_GetObjectItemCaseSensitive(skill, "keywords"))
            cJSON_AddItemToArray(words, cJSON_Duplicate(keyword, 1));
    }
    return row;
}

static cJSON *
job_skills_of(const cJSON *job, const hg_uuid *job_id)
{
    cJSON *rows = cJSON_CreateArray();
    const cJSON *skill;

    cJSON_ArrayForEach(skill, cJSON_GetObjectItemCaseSensitive(job, "skills")) {
        cJSON *row = cJSON_CreateObject();
        const char *level = translate(skill_levels, import_text(skill, "level"));

        import_add_id(row);
        import_add_uuid(row, "job_id", job_id);
        cJSON_AddStringToObject(row, "skill_name", import_text(skill, "name"));
        if (level[0] != '\0')
            cJSON_AddStringToObject(row, "skill_level", level);
        else
            cJSON_AddNullToObject(row, "skill_level");
        cJSON_AddItemToArray(rows, row);
    }
    return rows;
}

/* The company of that name, made if it is the first time. */
static hg_status
company_of(hg_conn *conn, const cJSON *job, import_result *out, hg_error *err)
{
    const char *name = import_text(job, "company");
    hg_company row = { .struct_size = sizeof row };
    const hg_company *company = NULL;
    char slug[200];
    hg_status st;

    slug_of(name, slug, sizeof slug);
    hg_uuid_new(&row.id);
    row.name = (hg_str){ name, strlen(name) };
    row.slug = (hg_str){ slug, strlen(slug) };
    st = hg_company_upsert(conn, &row, HG_BIT(HG_COMPANY_ID) | HG_BIT(HG_COMPANY_NAME) |
                           HG_BIT(HG_COMPANY_SLUG), HG_COMPANY_KEY_SLUG, &company, err);
    if (st != HG_OK)
        return st;
    out->company_id = company->id;
    if (memcmp(&company->id, &row.id, sizeof row.id) == 0) {        /* it was not there before */
        out->rows[out->count].table = HG_TABLE_COMPANIES;
        out->rows[out->count++].id = company->id;
    }
    hg_company_free(company);
    return HG_OK;
}

hg_status
import_job(hg_conn *conn, const cJSON *job, import_result *out, hg_error *err)
{
    cJSON *row = NULL, *skills = NULL;
    hg_status st;

    memset(out, 0, sizeof *out);
    st = company_of(conn, job, out, err);
    if (st != HG_OK)
        return st;
    row = job_of(job, &out->company_id);
    out->job_id = import_add_id(row);
    skills = job_skills_of(job, &out->job_id);
    st = import_rows(conn, HG_TABLE_JOBS, row, out, err);
    if (st == HG_OK)
        st = import_rows(conn, HG_TABLE_JOB_SKILLS, skills, out, err);
    cJSON_Delete(skills);
    cJSON_Delete(row);
    return st;
}
