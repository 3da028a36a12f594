/* evening.c - the ledger against the database: each table is asked for all rows that the day made. */
#include <stdio.h>
#include <stdlib.h>

#include "day.h"

/* How many rows with these ids there are: one call, whatever their number. */
#define COUNT(singular)                                                                                 \
    static hg_status count_##singular(hg_conn *conn, const ledger *l, size_t *found, hg_error *err)     \
    {                                                                                                   \
        hg_##singular##_list *list = NULL;                                                              \
        hg_status st = hg_##singular##_get_many(conn, l->ids, l->count, &list, err);                    \
        *found = hg_##singular##_list_count(list);                                                      \
        hg_##singular##_list_free(list);                                                                \
        return st;                                                                                      \
    }
COUNT(user) COUNT(user_profile) COUNT(oauth_account) COUNT(company) COUNT(company_member) COUNT(job)
COUNT(job_skill) COUNT(candidate_profile) COUNT(candidate_experience) COUNT(candidate_education)
COUNT(application) COUNT(application_timeline) COUNT(interview) COUNT(ai_interview_session)
COUNT(document) COUNT(ai_job_match) COUNT(ai_resume_analysis) COUNT(freelance_recruiter)
COUNT(referral) COUNT(analytics_event) COUNT(system_metric) COUNT(notification) COUNT(email_log)
COUNT(task) COUNT(audit_log)

/* In the order of HG_TABLE_*. */
static hg_status (*const counts[TABLES])(hg_conn *, const ledger *, size_t *, hg_error *) = {
    count_user, count_user_profile, count_oauth_account, count_company, count_company_member,
    count_job, count_job_skill, count_candidate_profile, count_candidate_experience,
    count_candidate_education, count_application, count_application_timeline, count_interview,
    count_ai_interview_session, count_document, count_ai_job_match, count_ai_resume_analysis,
    count_freelance_recruiter, count_referral, count_analytics_event, count_system_metric,
    count_notification, count_email_log, count_task, count_audit_log,
};

void
close_the_ledger(day *d)
{
    size_t rows = 0, touched = 0;
    double write_ms = 0, read_ms = 0;

    if (d->st == HG_OK)
        printf("\n%-24s %6s %12s %12s\n", "table", "rows", "written in", "read back in");
    for (int32_t i = 0; i < TABLES; i++) {
        ledger *l = &d->ledgers[i];
        size_t found = 0;
        double start = milliseconds();

        if (d->st == HG_OK)
            d->st = counts[i](d->service, l, &found, &d->err);
        if (d->st == HG_OK && found != l->count)
            fail(d, "a table does not have the rows that the day has written");
        if (d->st == HG_OK) {
            double took = milliseconds() - start;

            printf("%-24s %6zu %9.1f ms %9.1f ms\n", hg_table_describe(i)->name, found, l->write_ms, took);
            rows += found;
            touched += found > 0;
            write_ms += l->write_ms;
            read_ms += took;
        }
        free(l->ids);
        *l = (ledger){ 0 };
    }
    if (d->st == HG_OK)
        printf("%-24s %6zu %9.1f ms %9.1f ms\n", "all", rows, write_ms, read_ms);
    if (d->st == HG_OK && touched != TABLES)
        fail(d, "a table has been left out");
}
