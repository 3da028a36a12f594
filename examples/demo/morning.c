/* morning.c - what there is before the day begins: the imported files, the companies' people. */
#include "day.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../json/import.h"

/* ---- Morning ------------------------------------------------------------------------------------------ */

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
    d->clock = milliseconds();
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
    } else if (d->st == HG_OK) {
        posting *job = &d->jobs[d->job_count++];

        *job = (posting){ .id = result.job_id, .company_id = result.company_id };
        snprintf(job->key, sizeof job->key, "%s", key);
        snprintf(job->title, sizeof job->title, "%s", import_text(json, "title"));
        snprintf(job->company, sizeof job->company, "%s", import_text(json, "company"));
    }
    for (size_t i = 0; d->st == HG_OK && i < result.count; i++) {
        note_row(d, result.rows[i].table, result.rows[i].id);
        d->ledgers[result.rows[i].table].write_ms += (milliseconds() - d->clock) / (double)result.count;
    }
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

static void
import_all(day *d, const char *data)
{
    char folder[900];
    size_t rows = 0;

    import_one(d, data, "resume.json", 1);
    snprintf(folder, sizeof folder, "%s/resumes", data);
    import_folder(d, folder, 1);
    if (d->st == HG_OK)
        import_one(d, data, "job.json", 0);
    snprintf(folder, sizeof folder, "%s/jobs", data);
    if (d->st == HG_OK)
        import_folder(d, folder, 0);

    for (int32_t i = 0; i < TABLES; i++)
        rows += d->ledgers[i].count;
    say(d, "07:30", "%zu résumés and %zu job descriptions become %zu rows of %zu companies' and "
        "candidates' tables.", d->person_count, d->job_count, rows, d->ledgers[HG_TABLE_COMPANIES].count);
}
