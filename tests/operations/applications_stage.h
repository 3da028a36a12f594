/* applications_stage.h - who and what the tests of applications, interviews, documents and referrals begin with, and how
 * they call: by the operation's name and a JSON object, through the library, with one round trip looked for.
 *
 * A company with a member of each rank, a second company, an open public job, a candidate who applied for it and one who
 * did not, and a freelancer whom both candidates let refer them. */
#ifndef TESTS_OPERATIONS_APPLICATIONS_STAGE_H
#define TESTS_OPERATIONS_APPLICATIONS_STAGE_H

#include "fixture.h"

typedef struct actor {
    int32_t role;              /* HG_ROLE_* */
    hg_uuid user;
    char    id[40];            /* of user */
} actor;

extern actor boss, recruiter, manager, viewer, stranger, candidate, other, freelancer, visitor;

/* Ids as text. profile is candidate's, other_profile is other's, agent is freelancer's in freelance_recruiters. */
extern char company_id[40], other_company_id[40], job_id[40], profile[40], other_profile[40], agent[40], application_id[40];

/* What the last play() gave: a row as JSON, rows as a JSON array, a number, or "". */
extern const char *got;

void stage_open(void);         /* with fixture_close() behind it */

/* The tenant's connection acts as this one from now on. */
void as(const actor *who);
/* A connection of its own for this one; fixture_done(). */
hg_conn *stage_conn(const actor *who);

/* Calls an operation with a JSON object of its parameters. OK is one round trip, no other status more than one. */
hg_status play(const char *operation, const char *format, ...) __attribute__((format(printf, 2, 3)));
hg_status play_service(const char *operation, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For threads: nothing is kept of what comes. */
hg_status play_beside(hg_conn *conn, const char *operation, const char *json);
/* Calls it as each, count of them at once, on connections of their own; the statuses go to status. */
void play_at_once(size_t count, const actor *const *who, const char *operation, const char *const *json, hg_status *status);
/* The same while somebody else holds what sql locks, until all of them wait: then nobody comes too late to be at once. */
void play_behind(const char *sql, size_t count, const actor *const *who, const char *operation, const char *const *json,
                 hg_status *status);
/* How many of them are this. */
size_t count_of(const hg_status *status, size_t count, hg_status want);

const hg_operation_info *operation_of(const char *name);

#define ck_plays(call) ck_ok(call, err)
#define ck_refuses(call, want) ck_status(call, want, err)
#define ck_got(part) \
    ck_assert_msg(strstr(got, part) != NULL, "gave %s, want %s in it", got, part)
#define ck_not_got(part) \
    ck_assert_msg(strstr(got, part) == NULL, "gave %s, and %s is in it", got, part)

/* A fresh id as text, and rows that the tests add. */
const char *stage_id(void);
const char *stage_job(const char *company);
const char *stage_profile(actor *who, const char *visibility);
const char *stage_application(const char *job, const char *of_profile, const char *status);
/* Writes moves into the timeline until the application has this status; as if it had gone there. */
void stage_status(const char *application, const char *status);

long steps_of(const char *application);
const char *status_of(const char *application);
/* Whether each move in the timeline begins where the one before it ended, and the last one is the status. */
int is_chain(const char *application);

#endif
