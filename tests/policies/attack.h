/* attack.h - an attack is data: who tries what, as raw SQL and as a call of the library, and what must come of it. */
#ifndef TESTS_POLICIES_ATTACK_H
#define TESTS_POLICIES_ATTACK_H

#include "hotgigs/conn.h"
#include "policies/policies.h"
#include "record/record.h"

typedef struct attack {
    const char *name;      /* leak_3_recruiter_cannot_move_a_job_to_another_company: the number is security.md's */
    const char *who;       /* of people.c */
    const char *sql;       /* with :names, or NULL */
    const char *want;      /* ok, zero, refused, denied or a SQLSTATE, as in matrix.txt */
    const char *bare;      /* the same where tenants have every grant; NULL: not tried */
    const char *call;      /* get TABLE ROW, insert TABLE column=value ..., update TABLE ROW column=value ..., delete TABLE ROW */
    hg_status   status;    /* of the call */
    const char *column;    /* that the error names; NULL: none is looked for. Then nothing may have been sent */
} attack;

/* Runs sql as person in a transaction that is rolled back; the outcome's word goes to word. */
void attack_raw(PGconn *conn, const policy_person *person, const char *sql, char word[24]);
/* Runs a call as written above; round trips that it took go to trips, if not NULL. */
hg_status attack_call(hg_conn *conn, const char *call, uint64_t *trips, hg_error *err);
/* A connection of the library as person, to the fixture's database. Fails the test if there is none. */
hg_conn *attack_open(const char *who);
const hgi_table *attack_table(const char *name);

#endif
