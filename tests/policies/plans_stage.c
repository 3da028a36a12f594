/* plans_stage.c - one persona at one table. */
#include "policies/plans_stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hotgigs/hotgigs.h"
#include "hotgigs/pq.h"

#define MUST(call) ck_assert_msg((call) == HG_OK, "%s", err.message)

int
plans_may_read(const plans_stage *s)
{
    return s->table->readable[s->role] != 0;
}

plan_wish
plans_by(const hgi_table *table, int32_t column)
{
    if (table->info.is_view)
        return (plan_wish){ NULL, NULL };
    return (plan_wish){ table->info.name, table->info.columns[column].name };
}

/* ---- What calls prepare ------------------------------------------------------------------------------------------------- */

static hg_conn_stats
stats_of(const plans_stage *s)
{
    hg_conn_stats stats = { .struct_size = sizeof stats };

    hg_conn_get_stats(s->conn, &stats, NULL);
    return stats;
}

/* With a savepoint, so that BEGIN and the session's identity have been sent before the first call, and what a call does is undone. */
void
plans_stage_begin(plans_stage *s, const policy_person *person, int32_t number)
{
    hg_error err;

    *s = (plans_stage){ .table = hgi_table_of(number), .number = number, .person = person, .role = person->role,
                        .conn = plans_connect(person) };
    MUST(hg_tx_begin(s->conn, NULL, &err));
    MUST(hg_tx_savepoint(s->conn, "before", &err));
    s->before = stats_of(s);
}

void
plans_expect(plans_stage *s, const char *call, int32_t column, const plan_wish *wish, const hg_error *why)
{
    const hg_conn_stats now = stats_of(s);
    plans_sent *sent = &s->sent[s->count++];
    hg_error err;

    ck_assert_int_lt(s->count, PLANS_SENT_MAX);
    snprintf(sent->call, sizeof sent->call, "%s%s%s", call, column >= 0 ? " by " : "",
             column >= 0 ? s->table->info.columns[column].name : "");
    ck_assert_msg(now.prepared > s->before.prepared, "%s of %s as %s prepares nothing: %s", sent->call, s->table->info.name,
                  s->person->name, why->message);
    sent->first = s->before.prepared;
    sent->behind = now.prepared;
    sent->has_wish = wish != NULL;
    if (wish != NULL)
        sent->wish = *wish;
    MUST(hg_tx_rollback_to(s->conn, "before", &err));
    s->before = stats_of(s);
}

void
plans_expect_if(plans_stage *s, const char *call, int may, hg_status st, const plan_wish *wish, const hg_error *why)
{
    int trips = (int)(stats_of(s).round_trips - s->before.round_trips);

    if (may)
        plans_expect(s, call, -1, wish, why);
    else
        ck_assert_msg(st != HG_OK && trips == 0, "%s of %s as %s, who may not, gives %s and takes %d round trips", call,
                      s->table->info.name, s->person->name, hg_status_name(st), trips);
}

/* ---- How that is planned --------------------------------------------------------------------------------------------------- */

/* Where it does not go by what it is asked for, it may go by whose the rows are. */
static int
goes_by_own(plans_stage *s, const PGresult *explained, const plan_wish *wish)
{
    const char *own = wish != NULL && wish->relation != NULL ? plans_own_column(wish->relation, s->role) : NULL;
    const plan_wish other = { wish != NULL ? wish->relation : NULL, own };

    if (own == NULL || plan_fault(explained, &other) != NULL)
        return 0;
    s->goes_by_own |= strcmp(wish->relation, s->table->info.name) == 0;
    return 1;
}

static void
check_plan(plans_stage *s, const char *call, const plan_wish *wish, const char *explain, const char *sql)
{
    PGresult *explained = PQexec(hg_conn_pq(s->conn), explain);
    const char *fault = plan_fault(explained, wish);

    if (fault != NULL && !goes_by_own(s, explained, wish)) {
        plan_tell(explained);
        ck_abort_msg("%s of %s as %s: %s: %s", call, s->table->info.name, s->person->name, plan_fault(explained, wish), sql);
    }
    PQclear(explained);
}

/* Every statement in the order in which they were prepared, with arguments of its types: ids, for those are searched for. Then whether
 * it has any; and whether it is a DECLARE, which is planned for its arguments each time. */
#define STATEMENTS \
    "SELECT name, statement, (SELECT '(' || string_agg(CASE type::text WHEN 'uuid' THEN quote_literal(id)" \
    " WHEN 'uuid[]' THEN quote_literal('{' || id || '}') WHEN 'bigint' THEN '1' WHEN 'xid' THEN '''1'''" \
    " WHEN 'timestamp without time zone' THEN '''2024-06-01''' ELSE 'NULL' END, ', ' ORDER BY n) || ')'" \
    " FROM unnest(parameter_types) WITH ORDINALITY AS parameter (type, n))," \
    " parameter_types::oid[] && '{uuid, uuid[]}'::regtype[]::oid[] AND statement !~ '^INSERT', statement ~ '^DECLARE'" \
    " FROM pg_prepared_statements, (SELECT :acme_open::text) AS given (id) ORDER BY prepare_time"

static void
check_statements(plans_stage *s, const plans_sent *sent, PGresult *all, int for_any)
{
    for (int i = (int)sent->first; i < (int)sent->behind; i++) {
        int has_ids = PQgetvalue(all, i, 3)[0] == 't', is_declared = PQgetvalue(all, i, 4)[0] == 't';
        char explain[8192];

        if (for_any ? is_declared : !has_ids && !is_declared)
            continue;
        snprintf(explain, sizeof explain, "EXPLAIN (FORMAT JSON) EXECUTE \"%s\"%s", PQgetvalue(all, i, 0),
                 PQgetvalue(all, i, 2));
        check_plan(s, sent->call, sent->has_wish ? &sent->wish : NULL, explain, PQgetvalue(all, i, 1));
    }
}

void
plans_stage_check(plans_stage *s)
{
    PGconn *raw = hg_conn_pq(s->conn);
    char *sql = policy_sql(STATEMENTS, NULL);
    PGresult *all;
    hg_error err;

    MUST(hg_tx_rollback(s->conn, &err));
    ck_assert_int_eq(policy_do(raw, "BEGIN"), 0);
    all = PQexec(raw, sql);
    ck_assert_int_eq(PQntuples(all), (int)s->before.prepared);
    ck_assert_int_eq(policy_become(raw, s->person), 0);
    for (int for_any = 0; for_any < 2; for_any++) {
        ck_assert_int_eq(policy_do(raw, for_any ? "SET LOCAL plan_cache_mode = force_generic_plan"
                                                : "SET LOCAL plan_cache_mode = force_custom_plan"), 0);
        for (int i = 0; i < s->count; i++)
            check_statements(s, &s->sent[i], all, for_any);
    }
    PQclear(all);
    free(sql);
    policy_do(raw, "ROLLBACK");
}

void
plans_check_text(plans_stage *s, const char *call, const char *sql, const plan_wish *wish)
{
    PGconn *raw = hg_conn_pq(s->conn);
    char *explain = NULL;

    ck_assert_int_ge(asprintf(&explain, "EXPLAIN (FORMAT JSON) %s", sql), 0);
    ck_assert_int_eq(policy_do(raw, "BEGIN"), 0);
    ck_assert_int_eq(policy_become(raw, s->person), 0);
    check_plan(s, call, wish, explain, sql);
    policy_do(raw, "ROLLBACK");
    free(explain);
}

void
plans_stage_end(plans_stage *s)
{
    ck_assert_msg(s->goes_by_own == (plans_own_column(s->table->info.name, s->role) != NULL),
                  "%s goes by what it is asked for and not by the rows of %s alone: take that out", s->table->info.name,
                  s->person->name);
    hg_conn_close(s->conn);
}
