/* report.c - an operation of one's own: what waits for a company's recruiter.
 *
 * New in it: acme_job_backlog(), which hotgigs-gen has written from job_backlog.sql; a list of its rows.
 *
 *     report DSN USER_ID       DSN of a login that may act as a company user, and whose id he has
 *
 * Prints a line for each open job: how many applications wait, and the job's title. */
#include <hotgigs/hotgigs.h>

#include <stdio.h>
#include <string.h>

#include "backlog.h"

static int
fail(const hg_error *err)
{
    fprintf(stderr, "%s: %s\n", hg_status_name(err->status), err->message);
    return 1;
}

int
main(int argc, char **argv)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_COMPANY };
    acme_job_backlog_params params = { .struct_size = sizeof params };
    acme_job_backlog_list *list = NULL;
    hg_conn *conn = NULL;
    hg_error err;
    int status = 1;

    if (argc != 3) {
        fputs("usage: report DSN USER_ID\n", stderr);
        return 2;
    }
    if (hg_uuid_parse(argv[2], strlen(argv[2]), &who.user_id, &err) != HG_OK
        || hg_conn_open(argv[1], NULL, &conn, &err) != HG_OK || hg_session_enter(conn, &who, &err) != HG_OK
        || acme_job_backlog(conn, &params, &list, &err) != HG_OK) {
        status = fail(&err);
        goto out;
    }
    for (size_t i = 0; i < acme_job_backlog_list_count(list); i++) {
        const acme_job_backlog_row *row = acme_job_backlog_list_at(list, i);

        printf("%3lld  %s\n", (long long)row->waiting, row->title.ptr);
    }
    status = 0;
out:
    acme_job_backlog_list_free(list);        /* with its rows */
    hg_conn_close(conn);
    return status;
}
