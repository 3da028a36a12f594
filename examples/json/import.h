/* import.h - a JSON Resume or a job description as rows; shared by import and hotgigs-demo.
 *
 * Both work within the caller's transaction, or, without one, within one of each call. A member that
 * the format knows and the schema does not is left out; examples/data/README.md has the list. */
#ifndef EXAMPLES_IMPORT_H
#define EXAMPLES_IMPORT_H

#include <cjson/cJSON.h>
#include <hotgigs/hotgigs.h>

enum { IMPORT_ROWS = 64 };

/* What one file became. */
typedef struct import_result {
    hg_uuid user_id;                /* of a résumé */
    hg_uuid candidate_id;
    hg_uuid company_id;             /* of a job: made, or found by its slug */
    hg_uuid job_id;
    size_t  count;
    struct {
        int32_t table;              /* HG_TABLE_* */
        hg_uuid id;
    } rows[IMPORT_ROWS];            /* each row that was written, in the order of writing */
} import_result;

/* A résumé becomes a user, his two profiles, his experiences, education, and the document itself.
 * url  where the file is to be found
 * HG_E_CONFLICT  there is a user with this e-mail address */
hg_status import_resume(hg_conn *conn, const cJSON *resume, const char *url, import_result *out,
                        hg_error *err);

/* A job description becomes a job and its skills; the company is made if there is none of that name. */
hg_status import_job(hg_conn *conn, const cJSON *job, import_result *out, hg_error *err);

/* A file's JSON, yours: cJSON_Delete(). NULL: it cannot be read, or is no JSON. */
cJSON *import_file(const char *path);

/* For the two above: writes rows, an object or an array of objects whose members are named as the
 * columns, into a table, and notes their ids. An empty array is nothing to do. */
hg_status import_rows(hg_conn *conn, int32_t table, const cJSON *rows, import_result *out,
                      hg_error *err);

/* A text member of an object, "" if it is missing or something else. Borrowed from the object. */
const char *import_text(const cJSON *object, const char *name);

/* Adds a member unless text is "". */
void import_add(cJSON *row, const char *column, const char *text);

/* Adds a member "id", a new uuid, which it also gives back. */
hg_uuid import_add_id(cJSON *row);
void import_add_uuid(cJSON *row, const char *column, const hg_uuid *id);

/* "city, country" of an object that has a location, in the caller's buffer. */
const char *import_place(const cJSON *object, char *buf, size_t size);

#endif
