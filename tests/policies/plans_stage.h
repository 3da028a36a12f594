/* plans_stage.h - one persona at one table: the calls that he makes, what each of them prepares, and how that is planned.
 *
 * Order of calls: begin; a call of the library and what is expected of it, in turn; then check, and end. All calls are in one
 * transaction, which is rolled back. */
#ifndef TESTS_POLICIES_PLANS_STAGE_H
#define TESTS_POLICIES_PLANS_STAGE_H

#include "policies/plan.h"
#include "policies/plans.h"

/* A call, and which of the statements that were prepared on the connection are its own. */
typedef struct plans_sent {
    char      call[100];
    plan_wish wish;
    int       has_wish;
    uint64_t  first, behind;
} plans_sent;

enum { PLANS_SENT_MAX = 200 };

typedef struct plans_stage {
    const hgi_table     *table;
    int32_t              number;      /* of it */
    const policy_person *person;
    int32_t              role;        /* his */
    hg_conn             *conn;
    hg_conn_stats        before;      /* the call in hand */
    plans_sent           sent[PLANS_SENT_MAX];
    int                  count;
    int                  goes_by_own; /* 1: some plan of the table reads his own rows instead: plans_own_column() */
} plans_stage;

void plans_stage_begin(plans_stage *s, const policy_person *person, int32_t number);
/* Ends the transaction, and plans every statement of every call. */
void plans_stage_check(plans_stage *s);
void plans_stage_end(plans_stage *s);

int plans_may_read(const plans_stage *s);
/* By a column of a table; of a view, whose columns may have other names below it, by an argument. */
plan_wish plans_by(const hgi_table *table, int32_t column);

/* Behind a call that the persona may make, whatever came of it: something of its own was prepared. column: that it goes by, for the
 * message, or -1. wish: what its statements are to be asked by; NULL: nothing in particular. */
void plans_expect(plans_stage *s, const char *call, int32_t column, const plan_wish *wish, const hg_error *err);
/* Behind one that he may make or not. If not, nothing was sent. */
void plans_expect_if(plans_stage *s, const char *call, int may, hg_status st, const plan_wish *wish, const hg_error *err);
/* Behind the transaction: a query as text, that a call has sent. */
void plans_check_text(plans_stage *s, const char *call, const char *sql, const plan_wish *wish);

#endif
