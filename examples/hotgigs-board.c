/* hotgigs-board - the board of a job in a terminal: a column for each status, a card for each application.
 *
 * What it shows: a program for people on a view that is made for it, and on steps that answer HG_E_STATE to whoever comes
 * too late. It acts as one recruiter, and sees and moves what PostgreSQL lets him.
 *
 * New here: hg_pipeline_card_find; hg_application_set_status, hg_application_hire, hg_application_reject as somebody.
 *
 * Run:      hotgigs-board USER                                 the jobs that he sees, with their ids
 *           hotgigs-board USER JOB                             the board; on a terminal the keys move the cards
 *           hotgigs-board USER JOB move NAME STATUS [NOTE]     moves the card of that name, and shows the board
 *           USER and JOB are ids. DSN of the tenants' login in HOTGIGS_TENANT_DSN, or libpq's environment.
 *
 * Prints what tests/examples/hotgigs-board.expected has, after the demo's day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board/board.h"

enum { PAPER = 133 };       /* columns where there is no terminal */

static hg_status
enter(hg_conn *conn, const char *user, hg_error *err)
{
    hg_identity who = { .struct_size = sizeof who, .role = HG_ROLE_COMPANY, .action = "board" };
    hg_status st = hg_uuid_parse(user, strlen(user), &who.user_id, err);

    return st == HG_OK ? hg_session_enter(conn, &who, err) : st;
}

/* One that applications were sent for comes first. */
static hg_status
list_jobs(hg_conn *conn, hg_error *err)
{
    hg_query *query = hg_query_new(HG_TABLE_JOBS);
    hg_job_list *jobs = NULL;
    char id[37];
    hg_status st = hg_query_order(query, HG_JOB_APPLICATION_COUNT, HG_DESCENDING, HG_NULLS_LAST, err);

    if (st == HG_OK)
        st = hg_query_order(query, HG_JOB_TITLE, HG_ASCENDING, HG_NULLS_DEFAULT, err);
    if (st == HG_OK)
        st = hg_query_limit(query, 50, err);
    if (st == HG_OK)
        st = hg_job_find(conn, query, &jobs, err);
    for (size_t i = 0; st == HG_OK && i < hg_job_list_count(jobs); i++) {
        const hg_job *job = hg_job_list_at(jobs, i);

        hg_uuid_to_text(&job->id, id, sizeof id, NULL);
        printf("%s %5d  %s\n", id, (int)job->application_count, job->title.ptr);
    }
    hg_job_list_free(jobs);
    hg_query_free(query);
    return st;
}

/* By the name as it stands on the card. */
static hg_status
move(board *b, const char *name, const char *status, const char *note, hg_error *err)
{
    const hg_pipeline_card *card = board_find(b, name);
    int32_t to = hg_application_status_parse(status, strlen(status));
    hg_status st = HG_OK;

    if (card == NULL || to <= 0) {
        snprintf(err->message, sizeof err->message, "%s", card == NULL ? "no card, or more than one, has that name"
                                                                       : "that is no status");
        return err->status = HG_E_INVALID;
    }
    st = board_move(b, card, to, note, err);
    return st == HG_OK ? board_read(b, err) : st;
}

int
main(int argc, char **argv)
{
    static board b;
    hg_error err = { 0 };
    hg_status st;
    int is_play = argc == 3 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

    if (argc < 2 || argc == 4 || argc == 5 || argc > 7 || (argc > 3 && strcmp(argv[3], "move") != 0)) {
        fputs("usage: hotgigs-board USER [JOB [move NAME STATUS [NOTE]]]\n", stderr);
        return 2;
    }
    st = hg_conn_open(getenv("HOTGIGS_TENANT_DSN"), NULL, &b.conn, &err);
    if (st == HG_OK)
        st = enter(b.conn, argv[1], &err);
    if (st == HG_OK && argc == 2)
        st = list_jobs(b.conn, &err);
    if (st != HG_OK || argc == 2)
        goto out;
    st = hg_uuid_parse(argv[2], strlen(argv[2]), &b.job, &err);
    if (st == HG_OK)
        st = board_read(&b, &err);
    if (st == HG_OK && argc > 3)
        st = move(&b, argv[4], argv[5], argc > 6 ? argv[6] : "", &err);
    if (st == HG_OK && is_play)
        st = board_play(&b, &err);
    else if (st == HG_OK)
        board_draw(&b, PAPER, NULL, 0);
out:
    if (st != HG_OK)
        fprintf(stderr, "hotgigs-board: %s: %s\n", hg_status_name(st), err.message);
    board_close(&b);
    hg_conn_close(b.conn);
    return st == HG_OK ? 0 : 1;
}
