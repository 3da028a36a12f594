/* ask.h - operations by their name, with parameters and answers as JSON: how tests of many operations stay readable.
 *
 * The typed calls are the same engine with the same descriptions (job_set_state.c tests that); a test says
 *
 *     act_as(HG_ROLE_COMPANY, &boss);
 *     ck_ok(ask(tenant, "member_invite", "{'company_id': '%s', 'user_id': '%s', 'role': 'viewer'}", ...), err);
 *     ck_answer("role", "viewer");
 *
 * with ' for ". The answer is that of the last call; the call is one round trip, which ask() checks. */
#ifndef TESTS_OPERATIONS_ASK_H
#define TESTS_OPERATIONS_ASK_H

#include "fixture.h"
#include "hotgigs/operation.h"

/* Runs an operation; err is the fixture's. */
hg_status ask(hg_conn *conn, const char *operation, const char *params, ...) __attribute__((format(printf, 3, 4)));

/* Runs it without parameters: what a role hears that it is not for. */
hg_status ask_bare(hg_conn *conn, const char *operation);

/* Its answer: the member of the row, or of row i of the list, as text; NULL is JSON null. The count, of a count. */
const char *answer(const char *member);
const char *answer_at(int i, const char *member);
int         answer_count(void);         /* rows of the list; 0 or 1 of a row; the number of a count */
hg_uuid     answer_uuid(const char *member);

#define ck_answer(member, want) \
    do { \
        const char *ck_got = answer(member); \
        ck_assert_msg(ck_got != NULL && strcmp(ck_got, (want)) == 0, "%s is %s, want %s", member, \
                      ck_got != NULL ? ck_got : "null", want); \
    } while (0)
#define ck_no_answer(member) \
    ck_assert_msg(answer(member) == NULL, "%s is %s, want null", member, answer(member))

/* The tenant's connection acts as this user from now on. user may be NULL for the visitor. */
void act_as(int32_t role, const hg_uuid *user);

/* ---- Several at once ------------------------------------------------------------------------------------------------ */

enum { CROWD = 8 };

typedef struct caller {
    hg_conn   *conn;       /* its own, made and closed by at_once() */
    int32_t    role;       /* HG_ROLE_* */
    hg_uuid    user;       /* unless the service */
    const char *params;    /* as ask()'s */
    hg_status  status;
    hg_error   err;
    char      *answer;     /* JSON, or NULL */
    int64_t    count;
} caller;

/* Runs one operation by n callers in threads of their own, all set off together. */
void at_once(caller *callers, int n, const char *operation);
int  how_many(const caller *callers, int n, hg_status status);

#endif
