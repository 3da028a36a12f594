/* day.h - what the parts of hotgigs-demo share.
 *
 *     day.c       the state: clock, voice, ledger, on whose behalf
 *     rows.c      a function for each kind of row
 *     morning.c   what there is before the day begins: imported files, people, matches
 *     evening.c   what there is in the end: each table's rows, asked for in one call
 *
 * The story itself is hotgigs-demo.c. */
#ifndef EXAMPLES_DAY_H
#define EXAMPLES_DAY_H

#include <hotgigs/hotgigs.h>

enum { TABLES = 25, PEOPLE = 32, JOBS = 32, FIRMS = 4 };

/* A candidate. */
typedef struct person {
    char    key[64];            /* the file's name without .json */
    char    name[201];
    char    email[256];
    hg_uuid user, candidate;
} person;

/* Somebody of a company, who has no file. */
typedef struct colleague {
    const char *first, *last, *email;
    hg_uuid     user;
} colleague;

typedef struct firm {
    const char *company;        /* its name in the job descriptions */
    colleague   admin, recruiter;
    hg_uuid     id;
} firm;

typedef struct posting {
    char        key[64];        /* the file's name without .json */
    char        title[256], company[256];
    hg_uuid     id, company_id;
    const firm *firm;           /* NULL: a company that has nobody here */
} posting;

/* The rows of one table that the day has made. */
typedef struct ledger {
    hg_uuid *ids;
    size_t   count, room;
    double   write_ms;
} ledger;

/* The day. Once st is a failure, every step does nothing, so that a story is a plain list of steps. */
typedef struct day {
    hg_conn     *service, *tenant;
    hg_status    st;
    hg_error     err;
    hg_timestamp now;           /* in the story */
    char         time[8];       /* to be told with the next line, or "" */
    double       clock;         /* when the row being written was begun, in ours */
    person       people[PEOPLE];
    posting      jobs[JOBS];
    firm         firms[FIRMS];
    size_t       person_count, job_count;
    hg_uuid      freelancer_user, freelancer;
    ledger       ledgers[TABLES];
} day;

/* ---- day.c ----------------------------------------------------------------------------------- */

hg_str str(const char *text);
double milliseconds(void);

/* A text, filled up with spaces to that many columns of a terminal. */
void cell(const char *text, int width);

/* The clock of the day, "09:05". */
void at(day *d, const char *time);

/* One line of the story, with the time if it has changed. */
void say(day *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

hg_status fail(day *d, const char *message);

/* The id of a row that is about to be written: noted in the ledger, and the clock is running. */
hg_uuid new_row(day *d, int32_t table);
void note_row(day *d, int32_t table, hg_uuid id);

/* The write is done, or the day is over. */
void wrote(day *d, int32_t table, hg_status st);

/* A transaction of the service's. */
void begin(day *d);
void commit(day *d);

/* The tenants' connection, from now on on behalf of this user. */
hg_conn *as(day *d, int32_t role, hg_uuid user, const char *action);

/* By their files' names; a missing one ends the day. */
const person *person_of(day *d, const char *key);
posting *job_of(day *d, const char *key);

/* ---- rows.c: conn is the service's where none is given --------------------------------------- */

hg_uuid add_user(day *d, const char *first, const char *last, const char *email, int32_t type);
void add_member(day *d, hg_uuid company, hg_uuid user, int32_t role);
void add_oauth_account(day *d, hg_uuid user, const char *provider, const char *id);
hg_uuid add_freelancer(day *d, hg_uuid user);
void add_match(day *d, hg_uuid candidate, hg_uuid job, int32_t percent);
void add_analysis(day *d, hg_uuid candidate, int32_t percent);
void add_timeline(day *d, hg_uuid application, const char *status, const char *notes, hg_uuid by);
hg_uuid add_interview(day *d, hg_conn *conn, hg_uuid application, hg_uuid interviewer,
                      hg_timestamp time);
void add_ai_session(day *d, hg_uuid application, const char *questions, const char *responses,
                    int32_t percent);
hg_uuid add_task(day *d, hg_conn *conn, hg_uuid company, hg_uuid to, hg_uuid by, hg_uuid application,
                 const char *title);
hg_uuid add_referral(day *d, hg_conn *conn, hg_uuid candidate, hg_uuid job, const char *notes);
void notify(day *d, hg_uuid user, const char *type, const char *title, const char *message);
void mail(day *d, hg_uuid user, const char *type, const char *to, const char *subject);
void audit(day *d, hg_uuid actor, const char *action, const char *type, hg_uuid resource,
           const char *new_values);
void track(day *d, hg_conn *conn, const hg_uuid *user, const char *type);
void measure(day *d, const char *name, int64_t value, const char *unit);

/* ---- morning.c ------------------------------------------------------------------------------- */

/* The files of a folder as examples/data has them. */
void import_all(day *d, const char *data);
void tell_what_was_imported(day *d);

/* An admin and a recruiter for each firm, and a freelance recruiter. */
void bring_people_in(day *d);

/* Compares the skills of every candidate with those of every job. */
void match_everyone(day *d);

/* ---- evening.c ------------------------------------------------------------------------------- */

/* Reads all rows of the ledger back, prints the table, and frees the ledger. */
void close_the_ledger(day *d);

#endif
