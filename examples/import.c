/* import - a JSON Resume or a JSON Resume job description into the tables.
 *
 * Which of the two a file is, its members tell. The work is done in json/resume.c and json/job.c:
 * they build JSON objects whose members are named like columns, and the library reads those, since
 * it knows every column's type. One file is one transaction: all of its rows, or none.
 *
 * New here: hg_<singular>_from_json with hg_<singular>_draft_rows; hg_company_upsert by its slug;
 *           hg_date_parse, hg_decimal_parse.
 *
 * Run:      import FILE [DSN]
 *           DSN of the service's login, or HOTGIGS_SERVICE_DSN, or libpq's environment. A résumé can be
 *           imported once: its e-mail address is taken the second time.
 *
 * Prints (for examples/data/resume.json):
 *     users                   1
 *     user_profiles           1
 *     candidate_profiles      1
 *     candidate_experiences   1
 *     candidate_education     1
 *     documents               1
 */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <stdlib.h>

#include "json/import.h"

int
main(int argc, char **argv)
{
    const char *dsn = argc > 2 ? argv[2] : getenv("HOTGIGS_SERVICE_DSN");
    cJSON *json = argc > 1 ? import_file(argv[1]) : NULL;
    import_result result = { .count = 0 };
    hg_conn *conn = NULL;
    hg_error err = { .message = "usage: import FILE [DSN], FILE being a résumé or a job in JSON" };
    hg_status st = HG_E_INVALID;

    if (json == NULL)
        goto out;
    st = hg_conn_open(dsn, NULL, &conn, &err);
    if (st == HG_OK)
        st = hg_tx_begin(conn, NULL, &err);
    if (st != HG_OK)
        goto out;
    if (cJSON_HasObjectItem(json, "basics"))
        st = import_resume(conn, json, argv[1], &result, &err);
    else
        st = import_job(conn, json, &result, &err);
    if (st == HG_OK)
        st = hg_tx_commit(conn, &err);
    if (st != HG_OK)
        goto out;

    for (int32_t table = 0; table < hg_table_count(); table++) {
        int rows = 0;

        for (size_t i = 0; i < result.count; i++)
            rows += result.rows[i].table == table;
        if (rows > 0)
            printf("%-22s %2d\n", hg_table_describe(table)->name, rows);
    }
out:
    if (st != HG_OK)
        fprintf(stderr, "import: %s: %s\n", hg_status_name(st), err.message);
    hg_conn_close(conn);                /* rolls back what was not committed */
    cJSON_Delete(json);
    return st == HG_OK ? 0 : 1;
}
