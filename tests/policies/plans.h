/* plans.h - what the files of the suite policies/plans share. */
#ifndef TESTS_POLICIES_PLANS_H
#define TESTS_POLICIES_PLANS_H

#include <check.h>

#include "policies/policies.h"
#include "record/record.h"

/* ---- plans.c ---- */

/* The tenants' login, in no session. */
extern PGconn *plans_login;

/* Whose calls are planned: a persona of each role, and the service. */
enum { PLANS_TENANTS = 4, PLANS_PERSONAS };
extern const char *const plans_personas[PLANS_PERSONAS];

/* A connection to the crowd's database in the session of a person; the service's own. */
hg_conn *plans_connect(const policy_person *person);

/* ---- plans_exempt.c: what is not read by an index, by name and with the reason ---- */

/* What is asked of all rows that one sees. */
enum { PLANS_NEWEST = 1, PLANS_COUNT = 2, PLANS_EXISTS = 4 };

/* Whether all of the table may be read for it. */
int plans_may_read_all(const hgi_table *table, int32_t role, int asked);
/* Whether rows are not found by that column of a table. */
int plans_is_without_index(const hgi_table *table, int32_t column, int32_t role);
/* The column of a table that says whose a row is, where the role's own rows may be read instead of those that are asked for; or NULL. */
const char *plans_own_column(const char *relation, int32_t role);
/* The column that the newest come first by; -1: there is none, or an older server does not find them. */
int32_t plans_newest_column(const hgi_table *table, int32_t role);
/* 14 has no views of the invoker's: there job cards are behind a barrier, which hides their order from the indexes. */
int plans_has_invokers_views(void);

/* Adds the tests that each of them is needed. */
void plans_exempt(TCase *tcase);

/* ---- plans_calls.c ---- */

/* Adds the calls of each table and view. */
void plans_calls(TCase *tcase);

#endif
