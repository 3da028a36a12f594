/* rows.c - JSON objects, named like columns, as rows: hg_<singular>_from_json() knows all types. */
#include "import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each table has its own row type, so each has its own two calls: read the rows, write them. */
#define WRITE(singular)                                                                            \
    static hg_status write_##singular(hg_conn *conn, const char *json, hg_error *err)              \
    {                                                                                              \
        hg_draft *draft = NULL;                                                                    \
        hg_status st = hg_##singular##_from_json(json, strlen(json), &draft, err);                 \
        if (st == HG_OK) {                                                                         \
            size_t count, stride;                                                                  \
            uint64_t set;                                                                          \
            const hg_##singular *rows = hg_##singular##_draft_rows(draft, &count, &stride, &set);  \
            st = hg_##singular##_insert_many(conn, rows, count, stride, set, NULL, err);           \
        }                                                                                          \
        hg_draft_free(draft);                                                                      \
        return st;                                                                                 \
    }
WRITE(user)
WRITE(user_profile)
WRITE(candidate_profile)
WRITE(candidate_experience)
WRITE(candidate_education)
WRITE(document)
WRITE(job)
WRITE(job_skill)

static hg_status
write_rows(hg_conn *conn, int32_t table, const char *json, hg_error *err)
{
    switch (table) {
    case HG_TABLE_USERS:                 return write_user(conn, json, err);
    case HG_TABLE_USER_PROFILES:         return write_user_profile(conn, json, err);
    case HG_TABLE_CANDIDATE_PROFILES:    return write_candidate_profile(conn, json, err);
    case HG_TABLE_CANDIDATE_EXPERIENCES: return write_candidate_experience(conn, json, err);
    case HG_TABLE_CANDIDATE_EDUCATION:   return write_candidate_education(conn, json, err);
    case HG_TABLE_DOCUMENTS:             return write_document(conn, json, err);
    case HG_TABLE_JOBS:                  return write_job(conn, json, err);
    case HG_TABLE_JOB_SKILLS:            return write_job_skill(conn, json, err);
    default:                             return HG_E_INVALID;
    }
}

static void
note_row(import_result *out, int32_t table, const cJSON *row)
{
    const char *id = import_text(row, "id");

    if (out->count < IMPORT_ROWS &&
        hg_uuid_parse(id, strlen(id), &out->rows[out->count].id, NULL) == HG_OK)
        out->rows[out->count++].table = table;
}

hg_status
import_rows(hg_conn *conn, int32_t table, const cJSON *rows, import_result *out, hg_error *err)
{
    const cJSON *row;
    char *json;
    hg_status st;

    if (cJSON_IsArray(rows) && cJSON_GetArraySize(rows) == 0)
        return HG_OK;
    json = cJSON_PrintUnformatted(rows);
    if (json == NULL)
        return HG_E_NOMEM;
    st = write_rows(conn, table, json, err);
    cJSON_free(json);
    if (st == HG_OK && !cJSON_IsArray(rows))
        note_row(out, table, rows);
    else if (st == HG_OK)
        cJSON_ArrayForEach(row, rows)
            note_row(out, table, row);
    return st;
}

const char *
import_text(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text != NULL ? text : "";
}

void
import_add(cJSON *row, const char *column, const char *text)
{
    if (text[0] != '\0')
        cJSON_AddStringToObject(row, column, text);
}

void
import_add_uuid(cJSON *row, const char *column, const hg_uuid *id)
{
    char text[HG_UUID_TEXT_SIZE];

    hg_uuid_to_text(id, text, sizeof text, NULL);
    cJSON_AddStringToObject(row, column, text);
}

hg_uuid
import_add_id(cJSON *row)
{
    hg_uuid id;

    hg_uuid_new(&id);
    import_add_uuid(row, "id", &id);
    return id;
}

const char *
import_place(const cJSON *object, char *buf, size_t size)
{
    const cJSON *location = cJSON_GetObjectItemCaseSensitive(object, "location");
    const char *city = import_text(location, "city");
    const char *country = import_text(location, "countryCode");

    snprintf(buf, size, "%s%s%s", city, city[0] && country[0] ? ", " : "", country);
    return buf;
}

cJSON *
import_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    cJSON *json = NULL;
    long size;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        text = calloc(1, (size_t)size + 1);
        if (text != NULL && fread(text, 1, (size_t)size, file) == (size_t)size)
            json = cJSON_Parse(text);
    }
    free(text);
    fclose(file);
    return json;
}
