/* operations/analytics.h - a company's history to count, made in SQL, and rows compared as JSON. */
#ifndef TESTS_OPERATIONS_ANALYTICS_H
#define TESTS_OPERATIONS_ANALYTICS_H

#include "fixture.h"

/* Enters a session of the tenant's login. */
void analytics_enter(int32_t role, const hg_uuid *who);

/* 2026-01-31 12:00 as a timestamp. */
hg_timestamp analytics_time(const char *text);

/* A profile of a new user; *user may be NULL. */
hg_uuid analytics_candidate(hg_uuid *user);

/* A job in that state, public or not, with a deadline or NULL. */
hg_uuid analytics_job(const hg_uuid *company, const char *state, int is_public, const char *deadline);

/* An application of a new candidate. steps are its timeline: "screening 2026-01-02,offer 2026-01-05". source may be NULL. */
hg_uuid analytics_application(const hg_uuid *job, const char *status, const char *applied, const char *source,
                              const char *steps);

void analytics_interview(const hg_uuid *application, const hg_uuid *interviewer, const char *status, const char *at);

/* json, which is freed, contains want, each as jsonb: numbers as numbers. */
void analytics_says(hg_text *json, const char *want);

/* The year of a company: nine applications to two of its eight jobs, one in every state and with a history, interviews and
 * tasks. Returns the first job, which has the first six of them. */
hg_uuid analytics_year(const hg_uuid *company, const hg_uuid *recruiter);

#endif
