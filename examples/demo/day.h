/* day.h - what the files of the demo share: the day, its people, and the steps of the business.
 *
 * The story itself is in ../hotgigs-demo.c. */
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

/* The day. Once st is a failure, every step does nothing, so that a story is a plain list of steps. */
typedef struct day {
    hg_conn  *service, *tenant;
    hg_status st;
    hg_error  err;
    char      time[8];          /* to be told with the next line, or "" */
    double    began;            /* in milliseconds of our own clock */
    int64_t   rows_before[TABLES];
    person    people[PEOPLE];
    posting   jobs[JOBS];
    firm      firms[FIRMS];
    size_t    person_count, job_count, imported_rows;
    hg_uuid   freelancer_user, freelancer;
} day;

/* ---- day.c ----------------------------------------------------------------------------------- */

hg_str str(const char *text);
double milliseconds(void);

/* So many minutes from now, in the database's time. */
hg_timestamp in_minutes(int minutes);

/* A text, filled up with spaces to that many columns of a terminal. */
void cell(const char *text, int width);

/* The clock of the story, "09:05". */
void at(day *d, const char *time);

/* One line of the story, with the time if it has changed. */
void say(day *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

hg_status fail(day *d, const char *message);

/* A transaction of the service's. */
void begin(day *d);
void commit(day *d);

/* The tenants' connection, from now on on behalf of this user. */
hg_conn *as(day *d, int32_t role, hg_uuid user, const char *action);

/* By their files' names; a missing one ends the day. */
const person *person_of(day *d, const char *key);
posting *job_of(day *d, const char *key);

/* ---- steps.c: a step of the business each, in one call, by whoever may do it -------------------- */

/* inviter NULL: the platform itself. */
void join(day *d, const colleague *inviter, hg_uuid company, const colleague *who, int32_t role);
void sign_in_with_github(day *d, const person *p);
hg_uuid apply(day *d, const person *p, const posting *job);
void move(day *d, const firm *f, hg_uuid application, int32_t from, int32_t to, const char *note);
void set_notes(day *d, const firm *f, hg_uuid application, const char *notes);
void reject(day *d, const firm *f, hg_uuid application, const char *reason, const char *feedback);
void ask_the_ai(day *d, const firm *f, const person *p, hg_uuid application, const char *question,
                const char *response, int percent);
hg_status schedule(day *d, const firm *f, hg_uuid application, hg_uuid interviewer, hg_uuid *interview);
hg_uuid give_task(day *d, const firm *f, hg_uuid application, const char *title);
void finish_task(day *d, const firm *f, hg_uuid task);
void finish_interview(day *d, const firm *f, hg_uuid interview, int score, const char *feedback);

/* The referral that earns by it, or zero. */
hg_uuid hire(day *d, const firm *f, hg_uuid application, int64_t salary);
hg_uuid refer(day *d, const person *p, const posting *job, const char *notes);
hg_uuid accept_referral(day *d, const firm *f, hg_uuid referral);
void record(day *d, hg_uuid actor, const char *action, const char *type, hg_uuid resource);
void write_mail(day *d, const person *p, const char *type, const char *subject);
int32_t send_mail(day *d);
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

/* How many rows each table has. */
void count_rows(day *d, int64_t rows[TABLES], double took_ms[TABLES]);

/* What the day has added to each table; none may be left out. */
void tell_the_rows(day *d);

#endif
