/* libpqtypes.c - libpqtypes: results in binary, each value fetched by its type's name. */
#include <libpqtypes.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

static const peer_write writes[] = { PEER_SQL_OF_WRITES("$1", "$2", "$3", "$4", "$5", "$6", "$7") };
static PGconn *pg;

void
peer_open(const char *dsn)
{
    pg = PQconnectdb(dsn);
    if (PQstatus(pg) != CONNECTION_OK || !PQinitTypes(pg))
        peer_die(PQerrorMessage(pg));
    PQclear(PQprepare(pg, "get", PEER_GET "$1", 1, NULL));
    PQclear(PQprepare(pg, "list", PEER_LIST, 0, NULL));
    PQclear(PQprepare(pg, "page", PEER_PAGE, 0, NULL));
    for (int i = 0; i < PEER_WRITES; i++)
        PQclear(PQprepare(pg, (char[]){ 'w', (char)('0' + i), '\0' }, writes[i].sql, writes[i].values, NULL));
}

void
peer_close(void)
{
    PQfinish(pg);
}

static hg_timestamp
time_of(const PGtimestamp *time)
{
    return (hg_timestamp)time->epoch * 1000000 + time->time.usec;
}

static hg_str
text_of(const PGresult *result, int r, int c)
{
    PGtext text = NULL;

    PQgetf(result, r, PQftype(result, c) == 1043 ? "%varchar" : "%text", c, &text);
    return (hg_str){ text, (size_t)PQgetlength(result, r, c) };
}

/* jsonb has no type there: one version byte, then the text. */
static hg_str
json_of(const PGresult *result, int r, int c)
{
    return (hg_str){ PQgetvalue(result, r, c) + 1, (size_t)PQgetlength(result, r, c) - 1 };
}

static void
read_keywords(const PGresult *result, int r, bench_job *job)
{
    PGarray array;

    PQgetf(result, r, "%text[]", 26, &array);
    for (int i = 0; i < PQntuples(array.res) && i < 8; i++) {
        job->keywords[i].len = (size_t)PQgetlength(array.res, i, 0);
        job->keywords[i].ptr = memcpy(job->texts + 32 * i, PQgetvalue(array.res, i, 0), job->keywords[i].len);
        job->row.seo_keywords.count = (size_t)i + 1;
    }
    job->row.seo_keywords.items = job->keywords;
    PQclear(array.res);
}

static uint64_t
sum_row(const PGresult *result, int r)
{
    static const char *const types[] = { "full_time", "part_time", "contract", "freelance", "internship" };
    static const char *const levels[] = { "entry", "mid", "senior", "executive" };
    static const char *const remotes[] = { "on_site", "remote", "hybrid" };
    PGtimestamp deadline, created, updated;
    PGuuid id, company, author = NULL;
    bench_job job;
    hg_job *row = &job.row;

    memset(row, 0, sizeof *row);
    for (int c = 0; c < PEER_COLUMNS; c++)
        row->null_mask |= (uint64_t)PQgetisnull(result, r, c) << c;
    PQgetf(result, r, "%uuid %uuid", 0, &id, 1, &company);
    memcpy(row->id.bytes, id, 16);
    memcpy(row->company_id.bytes, company, 16);
    if (!PQgetisnull(result, r, 2) && PQgetf(result, r, "%uuid", 2, &author))
        memcpy(row->posted_by.bytes, author, 16);
    row->title = text_of(result, r, 3), row->slug = text_of(result, r, 4), row->description = text_of(result, r, 5);
    row->requirements = text_of(result, r, 6), row->responsibilities = text_of(result, r, 7);
    row->benefits = text_of(result, r, 8), row->location = text_of(result, r, 11);
    row->job_type = bench_parse_enum(text_of(result, r, 9).ptr, types, 5);
    row->experience_level = bench_parse_enum(text_of(result, r, 10).ptr, levels, 4);
    row->remote_type = bench_parse_enum(text_of(result, r, 12).ptr, remotes, 3);
    PQgetf(result, r, "%int4 %int4 %timestamp %bool %bool %int4 %int4 %timestamp %timestamp", 13, &row->salary_min, 14,
           &row->salary_max, 20, &deadline, 21, &row->is_featured, 22, &row->is_public, 23, &row->view_count, 24,
           &row->application_count, 27, &created, 28, &updated);
    row->salary_currency = text_of(result, r, 15), row->salary_period = text_of(result, r, 16);
    row->skills = json_of(result, r, 17), row->ai_generated_content = json_of(result, r, 25);
    row->department = text_of(result, r, 18), row->employment_status = text_of(result, r, 19);
    row->application_deadline = time_of(&deadline), row->created_at = time_of(&created), row->updated_at = time_of(&updated);
    read_keywords(result, r, &job);
    return bench_sum_job(row);
}

static uint64_t
sum_of(PGresult *result)
{
    uint64_t sum = 0;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        peer_die(PQgeterror());
    for (int r = 0; r < PQntuples(result); r++)
        sum += sum_row(result, r);
    PQclear(result);
    return sum;
}

uint64_t
peer_get(const char *id)
{
    PGparam *params = PQparamCreate(pg);
    uint64_t sum;
    hg_uuid key;
    PGresult *result;

    hg_uuid_parse(id, 36, &key, NULL);
    PQputf(params, "%uuid", key.bytes);
    result = PQparamExecPrepared(pg, params, "get", 1);
    PQparamClear(params);
    sum = sum_of(result);
    return sum;
}

uint64_t
peer_list(void)
{
    return sum_of(PQexecPrepared(pg, "list", 0, NULL, NULL, NULL, 1));
}

uint64_t
peer_page(void)
{
    return sum_of(PQexecPrepared(pg, "page", 0, NULL, NULL, NULL, 1));
}

static void
command(PGresult *result, const char *rows)
{
    if (PQresultStatus(result) != PGRES_COMMAND_OK || strcmp(PQcmdTuples(result), rows) != 0)
        peer_die(PQresultErrorMessage(result));
    PQclear(result);
}

void
peer_begin(void)
{
    command(PQexec(pg, "BEGIN"), "");
}

void
peer_commit(void)
{
    command(PQexec(pg, "COMMIT"), "");
}

/* As strings: JSON and addresses have no type there. */
void
peer_write_row(int which, const char *const *values)
{
    PGparam *params = PQparamCreate(pg);

    for (int i = 0; i < writes[which].values; i++)
        PQputf(params, "%str", values[i]);
    command(PQparamExecPrepared(pg, params, (char[]){ 'w', (char)('0' + which), '\0' }, 1), "1");
    PQparamClear(params);
}
