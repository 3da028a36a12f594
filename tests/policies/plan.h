/* plan.h - a plan, read strictly: what it does with large tables, node by node of EXPLAIN (FORMAT JSON).
 *
 * A large table is read by a condition on the first column of an index, or in the order of an index under a LIMIT that soon ends it.
 * Anything else reads all of it, be that a sequential scan or an index from end to end with a filter. */
#ifndef TESTS_POLICIES_PLAN_H
#define TESTS_POLICIES_PLAN_H

#include <libpq-fe.h>

/* What a statement is asked by: some node must have a condition of an index on it. */
typedef struct plan_wish {
    const char *relation;     /* the node is of this table; NULL: of any, where a view may name it otherwise */
    const char *column;       /* the condition is on this column; NULL: on any, but with an argument of the statement */
} plan_wish;

/* Learns from the catalogue which tables are large, and what their indexes begin with. */
void plan_learn(PGconn *conn);

/* What is wrong with a plan, the result of an EXPLAIN; NULL: nothing. The text is the next call's to change. wish may be NULL. */
const char *plan_fault(const PGresult *explained, const plan_wish *wish);

/* Writes it to the standard error. */
void plan_tell(const PGresult *explained);

#endif
