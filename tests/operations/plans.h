/* plans.h - cases of operations/plans: what each operation is asked in the crowd's database, and as whom.
 *
 * Company 777 has user 777 as its admin, 130777 as its recruiter, and ten jobs, 777, 20777 ...; its pipeline is
 *
 *     application 20776   applied, of candidate 45433 (user 65433) for job 20777; its interview is 4155
 *     application 600776  screening, moved there on the way, for job 777
 *     application 640776  offer, for job 40777
 *     application 120776  rejected, of candidate 45433 for job 120777; its interview by machine is 12077
 *
 * Freelancer 777 is user 120777 and has referred to ten jobs of it. */
#ifndef TESTS_OPERATIONS_PLANS_H
#define TESTS_OPERATIONS_PLANS_H

#include "crowd.h"
#include "hotgigs/operation.h"

#include <check.h>

/* A case says what differs from nothing. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef struct plan_case {
    const char *operation, *role;
    const char *user;        /* six digits; "" for nobody and the service */
    const char *arguments;   /* name => value; name => value; what is left out is NULL. NULL: none */
    int         most;        /* pages; 0: MOST_PAGES. WHOLE: those of the relations that why begins with, up to a colon */
    const char *why;         /* of another number */
    const char *before;      /* SQL that makes the state that it wants, as the owner of all; may be NULL */
    int         settles;     /* 1: no plan for any parameters is asked for, but what the server settles on is counted */
} plan_case;

/* applications has 20,000 pages, a table of the others some thousand. */
enum { MOST_PAGES = 700, WHOLE = -1 };

/* Each ends with a case without an operation. */
extern const plan_case plans_people[], plans_jobs[], plans_applications[], plans_office[];

typedef struct plan_file {
    const char *name;
    const plan_case *cases;
} plan_file;

enum { PLAN_FILES = 4 };
extern const plan_file plan_files[PLAN_FILES];

/* The operation of a case; its arguments in their order, in parentheses, or "" of one without any. */
const hg_operation_info *plan_operation(const plan_case *c);
const char *plan_arguments(const plan_case *c);
/* From now on admin acts as the case's persona, up to RESET ROLE or the transaction's end. */
void plan_become(const plan_case *c);

/* Adds what is asked of the cases in several zones (plans_zones.c). */
void plans_zones(TCase *tcase);

#endif
