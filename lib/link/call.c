/* call.c - one call, one trip.
 *
 * In the steady state outside a session a call is Bind, Describe, Execute, Sync of one named statement, just as bare
 * libpq sends it. Whatever else must travel first makes it a pipeline of steps up to one Sync:
 *
 *     parse, BEGIN     the transaction was begun, and this is its first statement
 *     DEALLOCATE       a statement left the cache to make room
 *     parse, context   the session's identity, which holds up to Sync or to the end of the transaction
 *     parse, main      the call's own statement
 *     parse, probe     what tells apart the reasons for zero rows
 *
 * PostgreSQL runs them up to Sync as one implicit transaction. An error skips the rest; an error that only the Sync
 * raises (a deferred constraint, a serialization failure) comes after the rows, so that a whole result counts only
 * once the Sync has been confirmed. */
#include "link/link_int.h"

#include <assert.h>
#include <string.h>

enum { STEP_BEGIN, STEP_DEALLOCATE, STEP_PARSE, STEP_CONTEXT, STEP_MAIN, STEP_PROBE };

enum { ROWS_A_CHUNK = 64, STATEMENTS_OF_A_CALL = 4 };

/* All arguments and results are binary. */
#define ONES_8 1, 1, 1, 1, 1, 1, 1, 1
#define ONES_64 ONES_8, ONES_8, ONES_8, ONES_8, ONES_8, ONES_8, ONES_8, ONES_8
static const int binary[HGI_ARGS_MAX] = { ONES_64, ONES_64, ONES_64, ONES_64, ONES_64 };

hg_status
hgi_works(hg_conn *conn, hg_error *err)
{
    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    if (conn->broken || PQstatus(conn->pg) != CONNECTION_OK) {
        hg_status st = hgi_fail(err, HG_E_CONNECTION, -1, "the connection was lost; close it and open another");

        if (err != NULL)
            err->flags = HG_ERROR_RETRY;
        conn->tx_failure.status = st;
        conn->tx_failure.flags = HG_ERROR_RETRY;
        return st;
    }
    if (conn->busy)
        return hgi_fail(err, HG_E_STATE, -1, "a cursor is open on this connection; close it first");
    if (conn->batch != NULL)
        return hgi_fail(err, HG_E_STATE, -1, "a batch is open on this connection, which takes writes without out; end it first");
    return HG_OK;
}

hg_status
hgi_usable(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_works(conn, err);

    if (st == HG_OK && conn->tx == HGI_TX_FAILED)
        st = hgi_fail(err, HG_E_STATE, -1, "a statement of this transaction failed; roll it back, or to a savepoint");
    return st;
}

/* ---- Sending ------------------------------------------------------------------------------------------------------------ */

static int64_t
earlier(int64_t a, int64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

int
hgi_step_is_main(const hgi_step *step)
{
    return step->kind == STEP_MAIN;
}

int
hgi_step_is_parse(const hgi_step *step)
{
    return step->kind == STEP_PARSE;
}

int64_t
hgi_call_deadline(const hg_conn *conn)
{
    return earlier(hgi_deadline_in(conn->timeout_ms), conn->tx != HGI_TX_NONE ? conn->tx_deadline : 0);
}

/* Behind a pooler nothing has a name, and else what is passing has none. */
static int
has_name(const hg_conn *conn, const hgi_statement *s)
{
    return conn->named && s->kept;
}

static int
send_parse(hg_conn *conn, const hgi_statement *s)
{
    return PQsendPrepare(conn->pg, s->name, s->sql, s->param_count, s->types);
}

static int
send_statement(hg_conn *conn, const hgi_statement *s, const hgi_args *args)
{
    assert(args->count <= HGI_ARGS_MAX && args->count == s->param_count);
    if (has_name(conn, s))
        return PQsendQueryPrepared(conn->pg, s->name, args->count, args->values, args->lengths, binary, 1);
    return PQsendQueryParams(conn->pg, s->sql, args->count, s->types, args->values, args->lengths, binary, 1);
}

/* A command alone is one message, where it would be five as a statement: COMMIT then costs the server 2 us less. */
static int
send_main(hg_conn *conn, const hgi_call *call)
{
    if (call->command != NULL && call->flags & HGI_CALL_NO_ROWS && !call->pipelined)
        return PQsendQuery(conn->pg, call->command);
    if (call->command != NULL)
        return PQsendQueryParams(conn->pg, call->command, 0, NULL, NULL, NULL, NULL, 1);
    return send_statement(conn, call->statement, &call->args);
}

/* As text, should its statement be known no more. */
static int
send_begin(hg_conn *conn, const hgi_statement *s)
{
    static const hgi_args none;

    return s != NULL ? send_statement(conn, s, &none) : PQsendQueryParams(conn->pg, conn->begin_sql, 0, NULL, NULL, NULL, NULL, 1);
}

/* The first of those that leave; it is taken off the list once the server has confirmed it. */
static int
send_deallocate(hg_conn *conn)
{
    char sql[48] = "DEALLOCATE ";

    memcpy(sql + 11, conn->statements->leaving[0], sizeof conn->statements->leaving[0]);
    return PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 1);
}

static int64_t
context_deadline(const hg_conn *conn, const hgi_call *call)
{
    return conn->tx == HGI_TX_NONE ? call->deadline : conn->tx_deadline;
}

hgi_statement *
hgi_context_statement(const hg_conn *conn, const hgi_call *call)
{
    return context_deadline(conn, call) != 0 ? conn->context.timed : conn->context.statement;
}

hgi_args
hgi_context_args(hg_conn *conn, const hgi_call *call, char digits[HGI_DIGITS_MAX])
{
    hgi_context *context = &conn->context;
    int64_t deadline = context_deadline(conn, call);

    if (deadline != 0) {
        int64_t left_ms = (deadline - hgi_now_us()) / 1000;
        size_t at = HGI_DIGITS_MAX;

        for (left_ms = left_ms > 0 ? left_ms : 1; left_ms > 0; left_ms /= 10)
            digits[--at] = (char)('0' + left_ms % 10);
        context->values[context->count] = digits + at;
        context->lengths[context->count] = (int)(HGI_DIGITS_MAX - at);
    }
    return (hgi_args){ context->count + (deadline != 0), context->values, context->lengths };
}

static int
send_context(hg_conn *conn, const hgi_call *call)
{
    char digits[HGI_DIGITS_MAX];
    hgi_args args = hgi_context_args(conn, call, digits);

    return send_statement(conn, hgi_context_statement(conn, call), &args);
}

int
hgi_call_send_step(hg_conn *conn, const hgi_call *call, int32_t i)
{
    switch (call->steps[i].kind) {
    case STEP_BEGIN:
        return send_begin(conn, call->steps[i].statement);
    case STEP_DEALLOCATE:
        return send_deallocate(conn);
    case STEP_PARSE:
        return send_parse(conn, call->steps[i].statement);
    case STEP_CONTEXT:
        return send_context(conn, call);
    case STEP_MAIN:
        return send_main(conn, call);
    default:
        return send_statement(conn, call->probe, &call->probe_args);
    }
}

static int
must_parse(const hg_conn *conn, const hgi_statement *s)
{
    return has_name(conn, s) && s->state == HGI_STATEMENT_NEW;
}

static void
add_step(hg_conn *conn, hgi_call *call, int32_t kind, hgi_statement *statement)
{
    assert(call->step_count < HGI_STEPS_MAX);
    conn->steps[call->step_count++] = (hgi_step){ .kind = kind, .statement = statement };
}

/* A statement, and before it its Parse if the server does not have it yet. */
static void
add_statement(hg_conn *conn, hgi_call *call, int32_t kind, hgi_statement *statement)
{
    if (statement != NULL && must_parse(conn, statement))
        add_step(conn, call, STEP_PARSE, statement);
    add_step(conn, call, kind, statement);
}

void
hgi_call_plan(hg_conn *conn, hgi_call *call, int alone)
{
    int begin = alone && conn->tx == HGI_TX_BEGUN;
    int context = alone && conn->context.statement != NULL && (begin || conn->tx == HGI_TX_NONE);

    call->steps = conn->steps;
    call->step_count = 0;
    call->step = 0;
    if (begin)
        add_statement(conn, call, STEP_BEGIN, hgi_statement_find(conn, conn->begin_sql, strlen(conn->begin_sql)));
    if (alone && conn->statements->leaving_count > 0)
        add_step(conn, call, STEP_DEALLOCATE, NULL);
    if (context)
        add_statement(conn, call, STEP_CONTEXT, hgi_context_statement(conn, call));
    if (call->command != NULL)
        add_step(conn, call, STEP_MAIN, NULL);
    else
        add_statement(conn, call, STEP_MAIN, call->statement);
    if (call->probe != NULL)
        add_statement(conn, call, STEP_PROBE, call->probe);
    call->pipelined = call->step_count > 1;
    conn->stats.context_rows += (uint64_t)context;
    conn->stats.statements += (uint64_t)call->step_count;
}

static int
plan_and_send(hg_conn *conn, hgi_call *call)
{
    hgi_call_plan(conn, call, !(call->flags & HGI_CALL_BARE));
    if (!call->pipelined)
        return send_main(conn, call);
    if (!PQenterPipelineMode(conn->pg))
        return 0;
    for (int i = 0; i < call->step_count; i++)
        if (!hgi_call_send_step(conn, call, i))
            return 0;
    return PQpipelineSync(conn->pg);
}

HGI_COLD static hg_status
fail_sending(hg_conn *conn, hg_error *err)
{
    int lost = PQstatus(conn->pg) != CONNECTION_OK;

    hgi_fail_lost(conn, HG_ERROR_RETRY, &conn->tx_failure);      /* a half-sent pipeline cannot be taken back */
    if (!lost)
        hgi_nomem(&conn->tx_failure);                            /* what PQsend says of a good connection */
    if (err != NULL)
        *err = conn->tx_failure;
    return conn->tx_failure.status;
}

static hg_status
send_call(hg_conn *conn, hgi_call *call, hg_error *err)
{
    call->asked = 0;
    call->confirmed = 0;
    call->tries++;
    conn->stats.round_trips++;
    if (call->flags & HGI_CALL_COPY ? hgi_copy_send(conn, call) : plan_and_send(conn, call))
        return HG_OK;
    return fail_sending(conn, err);
}

hg_status
hgi_call_send(hg_conn *conn, hgi_call *call, hg_error *err)
{
    hg_status st = call->flags & HGI_CALL_BARE ? hgi_works(conn, err) : hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    call->deadline = hgi_call_deadline(conn);
    if (call->deadline != 0 && call->deadline <= hgi_now_us() && !(call->flags & HGI_CALL_BARE))
        return hgi_fail(err, HG_E_CANCELLED, -1, "the deadline has passed; nothing was sent");

    call->tries = 0;
    return send_call(conn, call, err);
}

/* ---- Reading ------------------------------------------------------------------------------------------------------------- */

hg_status
hgi_call_fail_unanswered(hg_conn *conn, const hgi_call *call, hg_error *err)
{
    if (call->flags & HGI_CALL_COMMIT || (call->flags & HGI_CALL_WRITE && conn->tx == HGI_TX_NONE))
        return hgi_fail_lost(conn, HG_ERROR_OUTCOME_UNKNOWN, err);
    if (PQstatus(conn->pg) == CONNECTION_OK && !call->asked) {         /* libpq had no memory for the result */
        conn->broken = 1;
        return hgi_nomem(err);
    }
    if (call->asked) {
        conn->broken = 1;
        return hgi_fail(err, HG_E_CANCELLED, -1, "the deadline passed and the server did not answer; close the connection");
    }
    return hgi_fail_lost(conn, HG_ERROR_RETRY, err);
}

/* Time is up: the server is asked to stop, and has a while to say so. */
HGI_COLD static hg_status
take_late(hg_conn *conn, hgi_call *call, PGresult **out)
{
    char why[8];

    call->asked = 1;
    hgi_ask_cancel(conn, why, sizeof why);
    call->deadline = hgi_deadline_in(HGI_DRAIN_MS);
    return hgi_next_result(conn, call->deadline, out);
}

hg_status
hgi_call_take(hg_conn *conn, hgi_call *call, PGresult **out, hg_error *err)
{
    hg_status st = hgi_next_result(conn, call->deadline, out);

    if (st == HG_E_CANCELLED && !call->asked)
        st = take_late(conn, call, out);
    if (st == HG_OK && *out == NULL && PQstatus(conn->pg) != CONNECTION_OK)
        st = HG_E_CONNECTION;
    return st == HG_OK ? HG_OK : hgi_call_fail_unanswered(conn, call, err);
}

/* Whether a failure means only that the server has the statement otherwise than we thought: behind a pooler, after a
 * DEALLOCATE by somebody else, or after the table was altered. Nothing ran then. What we think is put right. One that is not
 * there is not missing alone: the session was reset, or is another's. */
static int
is_stale(hg_conn *conn, hgi_call *call, const PGresult *result)
{
    enum { TOO_OFTEN = 3 };                  /* a pooler does it at every turn */
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    const hgi_step *step = call->step < call->step_count ? &call->steps[call->step] : NULL;
    hgi_statement *statement = step != NULL && step->statement != NULL && has_name(conn, step->statement) ? step->statement : NULL;

    if (strcmp(state, "26000") == 0 && step != NULL && (statement != NULL || step->kind == STEP_DEALLOCATE)) {
        hgi_statements_forget(conn->statements);
    } else if (statement == NULL) {
        return 0;
    } else if (strcmp(state, "42P05") == 0) {
        statement->state = HGI_STATEMENT_PREPARED;
    } else if (strcmp(state, "0A000") == 0 && function != NULL && strcmp(function, "RevalidateCachedQuery") == 0) {
        statement->state = HGI_STATEMENT_NEW;
        statement->checked = 0;
        hgi_statement_rename(statement);     /* the server keeps the old name with the old result */
    } else {
        return 0;
    }
    if (++conn->stale >= TOO_OFTEN && conn->prepare == HG_PREPARE_AUTO)
        conn->named = 0;
    return 1;
}

/* In doubt, where the reply might have been that it happened. */
hg_status
hgi_call_fail(hg_conn *conn, hgi_call *call, const PGresult *result, int *again, hg_error *err)
{
    hg_status st;

    if (PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL)          /* libpq's own: the connection, or its memory */
        return hgi_call_fail_unanswered(conn, call, err);
    st = hgi_fail_result(conn, result, err);
    if (is_stale(conn, call, result)) {
        *again = conn->tx != HGI_TX_OPEN && call->tries <= STATEMENTS_OF_A_CALL;
        err->status = st = HG_E_RETRY;
        err->flags = HG_ERROR_RETRY;
    }
    if (st == HG_E_CONNECTION && call->flags & HGI_CALL_COMMIT) {
        err->status = st = HG_E_IN_DOUBT;
        err->flags = HG_ERROR_OUTCOME_UNKNOWN;
    }
    return st;
}

static void
confirm_step(hg_conn *conn, hgi_call *call)
{
    switch (call->steps[call->step].kind) {
    case STEP_DEALLOCATE:
        hgi_statement_left(conn->statements);
        break;
    case STEP_PARSE:
        call->steps[call->step].statement->state = HGI_STATEMENT_PREPARED;
        conn->stats.prepared++;
        break;
    default:
        break;
    }
}

static int
begins(const hgi_call *call)
{
    int32_t i = call->step_count > 0 && hgi_step_is_parse(&call->steps[0]);

    return i < call->step_count && call->steps[i].kind == STEP_BEGIN;
}

/* What the server says of the transaction, once a call is over. One whose BEGIN has not been sent is not its concern. */
void
hgi_call_settle(hg_conn *conn, const hgi_call *call)
{
    int unsent = conn->tx == HGI_TX_BEGUN && !begins(call);

    if (conn->doomed)
        conn->broken = 1;
    if (conn->tx == HGI_TX_NONE || unsent)
        return;
    conn->tx = !conn->broken && PQtransactionStatus(conn->pg) == PQTRANS_INTRANS ? HGI_TX_OPEN : HGI_TX_FAILED;
}

/* Ends a failed call: what is still to come is dropped. Gives st back. */
hg_status
hgi_call_end_failed(hg_conn *conn, hgi_call *call, hg_status st, const hg_error *err)
{
    PQclear(call->probe_result);
    call->probe_result = NULL;
    if (!conn->broken && !hgi_drain(conn, HGI_DRAIN_MS))
        conn->broken = 1;
    hgi_call_settle(conn, call);
    if (err != NULL)
        conn->tx_failure = *err;                       /* for hg_tx_again() */
    return st;
}

/* Whether the server gave the columns that were expected. */
HGI_COLD static hg_status
compare_types(hgi_statement *statement, const hgi_call *call, const PGresult *result, hg_error *err)
{
    if (statement->expected == NULL && !hgi_statement_expect(statement, call->result_types, call->result_count))
        return hgi_nomem(err);
    if (PQnfields(result) != statement->expected_count)
        return hgi_fail(err, HG_E_SCHEMA, -1, "the server gave %d columns where %d were expected", PQnfields(result),
                        (int)statement->expected_count);
    for (int i = 0; i < statement->expected_count; i++)
        if (PQftype(result, i) != statement->expected[i])
            return hgi_fail(err, HG_E_SCHEMA, i, "type id %d came where %d was expected", (int)PQftype(result, i),
                            (int)statement->expected[i]);
    statement->checked = 1;
    return HG_OK;
}

/* Once for each Parse. One without a name is parsed at each call. */
static hg_status
check_types(const hg_conn *conn, hgi_call *call, const PGresult *result, hg_error *err)
{
    hgi_statement *statement = call->statement;

    if (statement == NULL || (call->result_types == NULL && statement->expected == NULL))
        return HG_OK;
    if (statement->checked && has_name(conn, statement))
        return HG_OK;
    return compare_types(statement, call, result, err);
}

/* Reads the steps up to the main one's first result, or, from behind it, up to the end of the Sync. *out is NULL at the
 * end. */
static hg_status
read_steps(hg_conn *conn, hgi_call *call, PGresult **out, int *again, hg_error *err)
{
    *out = NULL;
    while (call->step < call->step_count) {
        int32_t step = call->steps[call->step].kind;
        PGresult *result;
        hg_status st;

        if (step == STEP_MAIN && call->flags & HGI_CALL_BY_ROW && !hgi_set_chunked(conn->pg, ROWS_A_CHUNK))
            PQsetSingleRowMode(conn->pg);              /* each says no once the rows have begun: no harm */
        st = hgi_call_take(conn, call, &result, err);
        if (st != HG_OK)
            return st;
        if (result == NULL) {                          /* the end of this step's results */
            confirm_step(conn, call);
            call->step++;
            continue;
        }
        switch ((int)PQresultStatus(result)) {
        case PGRES_EMPTY_QUERY:
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_SINGLE_TUPLE:
        case HGI_TUPLES_CHUNK:
            break;
        default:
            st = hgi_call_fail(conn, call, result, again, err);
            PQclear(result);
            return st;
        }
        if (step == STEP_MAIN) {
            st = check_types(conn, call, result, err);
            if (st == HG_OK)
                *out = result;
            else
                PQclear(result);
            return st;
        }
        if (step == STEP_PROBE)
            call->probe_result = result;
        else
            PQclear(result);
    }
    return HG_OK;
}

/* In a pipeline: the Sync's own answer, where late errors come. */
static hg_status
read_sync(hg_conn *conn, hgi_call *call, int *again, hg_error *err)
{
    PGresult *result = NULL;
    hg_status st = HG_OK;

    if (!call->pipelined)
        return HG_OK;
    while (st == HG_OK && result == NULL)
        st = hgi_call_take(conn, call, &result, err);
    if (st != HG_OK)
        return st;
    if (PQresultStatus(result) != PGRES_PIPELINE_SYNC)
        st = hgi_call_fail(conn, call, result, again, err);
    else if (!PQexitPipelineMode(conn->pg))
        st = hgi_fail_lost(conn, 0, err);
    PQclear(result);
    return st;
}

/* Once more, where the server had a statement otherwise than we thought. The transaction may have begun already. */
HGI_COLD static hg_status
send_again(hg_conn *conn, hgi_call *call, hg_error *err)
{
    if (conn->tx == HGI_TX_FAILED) {
        hg_status st = hgi_is_idle(conn) ? HG_OK : hgi_command(conn, "ROLLBACK", HGI_CALL_BARE | HGI_CALL_NO_ROWS, NULL, err);

        if (st != HG_OK)
            return st;
        conn->tx = HGI_TX_BEGUN;
    }
    return send_call(conn, call, err);
}

/* hg_tx_again() wants to know why, even where the caller does not. Apart, so that reading stands on the stack where sending has
 * just stood. */
HGI_COLD static hg_status
read_unasked(hg_conn *conn, hgi_call *call, hgi_result **out)
{
    hg_error err;

    return hgi_call_read(conn, call, out, &err);
}

hg_status
hgi_call_read(hg_conn *conn, hgi_call *call, hgi_result **out, hg_error *err)
{
    hg_status st;
    int again;

    if (err == NULL)
        return read_unasked(conn, call, out);
    do {
        again = 0;
        st = read_steps(conn, call, out, &again, err);
        if (st == HG_OK && *out == NULL)
            st = read_sync(conn, call, &again, err);
        if (st != HG_OK)
            hgi_call_end_failed(conn, call, st, err);
        again = again && !conn->broken && (st = send_again(conn, call, err)) == HG_OK;
    } while (again);
    if (st == HG_OK && *out == NULL) {
        call->confirmed = 1;
        hgi_call_settle(conn, call);
    }
    return st;
}

void
hgi_call_drop(hg_conn *conn, hgi_call *call)
{
    char why[8];

    if (PQtransactionStatus(conn->pg) == PQTRANS_ACTIVE)
        hgi_ask_cancel(conn, why, sizeof why);
    hgi_call_end_failed(conn, call, HG_E_CANCELLED, NULL);
}

hg_status
hgi_call_run(hg_conn *conn, hgi_call *call, hgi_result **out, hgi_result **probe_out, hg_error *err)
{
    hgi_result *result = NULL, *more = NULL;
    hg_status st = hgi_call_send(conn, call, err);

    if (st == HG_OK)
        st = hgi_call_read(conn, call, &result, err);
    while (st == HG_OK && !call->confirmed) {
        st = hgi_call_read(conn, call, &more, err);
        PQclear(more);                                 /* a statement has one result: no more is expected */
    }
    if (st != HG_OK || out == NULL) {
        PQclear(result);
        result = NULL;
    }
    if (out != NULL)
        *out = result;
    if (probe_out != NULL)
        *probe_out = call->probe_result;
    else
        PQclear(call->probe_result);
    call->probe_result = NULL;
    return st;
}

hg_status
hgi_command(hg_conn *conn, const char *sql, uint32_t flags, hgi_result **out, hg_error *err)
{
    hgi_call call = { .command = sql, .flags = flags };

    return hgi_call_run(conn, &call, out, NULL, err);
}

hg_status
hgi_script(hg_conn *conn, const char *sql, hg_error *err)
{
    hgi_call call = { .flags = HGI_CALL_BARE | HGI_CALL_WRITE };
    hg_error unasked;
    hg_status st;
    PGresult *result = NULL;
    int again = 0;

    if (err == NULL)
        err = &unasked;
    st = hgi_usable(conn, err);
    if (st != HG_OK)
        return st;
    conn->stats.round_trips++;
    if (!PQsendQuery(conn->pg, sql))
        return hgi_fail_lost(conn, HG_ERROR_RETRY, err);
    while (st == HG_OK && (st = hgi_call_take(conn, &call, &result, err)) == HG_OK && result != NULL) {
        if (PQresultStatus(result) == PGRES_FATAL_ERROR)
            st = hgi_call_fail(conn, &call, result, &again, err);
        PQclear(result);
    }
    return st == HG_OK ? HG_OK : hgi_call_end_failed(conn, &call, st, err);
}
