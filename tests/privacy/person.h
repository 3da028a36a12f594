/* person.h - a person who has left traces in every table, and where they still are. */
#ifndef TESTS_PRIVACY_PERSON_H
#define TESTS_PRIVACY_PERSON_H

#include "fixture.h"

typedef struct person {
    hg_uuid     id;            /* of users: a candidate who recruits, too */
    hg_uuid     candidate;     /* of candidate_profiles */
    hg_uuid     application;
    hg_uuid     job;           /* that he applied to; another posted it */
    hg_uuid     company;       /* whose admin is another */
    hg_uuid     boss;          /* that one */
    hg_uuid     task;          /* open, his to do */
    hg_uuid     paid;          /* a referral whose commission was paid to him */
    const char *mark;          /* in his name, address, telephone number, tokens and all else about him */
    const char *ip;            /* where he came from */
} person;

/* Makes one: a row in every table about him, each with his mark in all columns that the catalogue calls personal and that take
 * a text, JSON or array. */
person person_new(void);

/* How many rows of all tables, and of those of the audit trail's seals, hold text in any cell. */
long rows_that_say(const char *text);
/* Where the first of them is, for messages. */
const char *row_that_says(const char *text);

#endif
