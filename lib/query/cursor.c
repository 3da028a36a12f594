/* cursor.c - rows one after the other, in bounded memory however many they are.
 *
 * Outside a transaction the rows come as the server sends them, and the connection is the cursor's until it is closed:
 * closing early cancels and drains. A stream that may be long comes by COPY, where its arguments allow it; another in chunks
 * where libpq has them (17 and later), else row by row. Inside one it is a portal that is fetched in batches: other calls may
 * come between, and closing costs nothing, since the portal goes with its transaction. Rows that one batch holds come by their
 * statement, in one trip and not two: it keeps its plan, where what a portal is declared for is planned at each DECLARE. There
 * is no other way to a portal that leaves the connection free: DECLARE takes a query's text and no prepared statement, and
 * the portal that libpq binds a statement to has no name and runs to its end.
 *
 * Of 1,000 jobs (29 columns, 3 kB a row) through libpq 17, from a server on the same machine:
 *
 *     chunks of 64 beside single rows    0.71 of the instructions, 0.75 of the client's CPU, about 0.9 of the wall
 *     COPY beside chunks                 0.40                      0.5 to 0.6                about 0.9
 *
 * Through libpq 15, COPY beside single rows: 0.16 and 0.40 of the first two. Of 100,000 that are decoded as well, beside single rows
 * by hand, it is 0.78 of the client's CPU and 1.0 to 1.1 of the wall, where the server is what one waits for (`make bench`); over a
 * network, or with more clients than cores, the CPU decides. So COPY first, whatever libpq it is. */
#include "query/query_int.h"

enum { BATCH_ROWS = 256 };

/* A stream that cannot have so many rows is not copied: the plan of a prepared statement, which it keeps, is worth more. */
enum { COPY_ROWS = 4096 };

struct hg_cursor {
    hgi_guest        guest;          /* first: the connection, NULL once that is gone */
    const hgi_table *table;
    hgi_call         call;
    hgi_run          run;            /* the arguments point into the query's copy */
    hg_query        *query;
    hgi_result      *result;         /* the rows in hand */
    int32_t          row_number;     /* the next of them */
    hgi_copy         copy;           /* the row in hand, if it was copied */
    int32_t          is_copy;
    int32_t          is_inside;      /* 1: of a transaction, which it ends with */
    int32_t          is_portal;
    int32_t          done;           /* 1: the last row has been read */
    int32_t          failed;         /* 1: rows were lost, of memory that was short or of a connection that went */
    uint32_t         transaction;    /* that it is inside of */
    uint32_t         types[HGI_RESULT_MAX];
    hgi_arena        texts;          /* of the current row */
    hgi_decoder      decoder;
    void            *row;
};

/* ---- Opening ---------------------------------------------------------------------------------------------------------- */

/* Declares the portal; with the transaction's first statement, BEGIN and the context travel along. */
static hg_status
open_portal(hg_cursor *cursor, hg_conn *conn, hg_error *err)
{
    cursor->run.portal = ++conn->portals;
    return hgi_run_statement(&cursor->run, err);
}

static int
is_short(const hg_query *query)
{
    return query->limit >= 0 && query->limit <= BATCH_ROWS;
}

static int
may_be_long(const hg_query *query)
{
    return query->lock == HG_LOCK_NONE && (query->limit < 0 || query->limit >= COPY_ROWS);
}

static hg_status
send(hg_cursor *cursor, hg_conn *conn, hg_error *err)
{
    hg_status st;

    cursor->call.statement = cursor->run.statement;
    cursor->call.args = hgi_run_args(&cursor->run);
    cursor->transaction = conn->transactions;
    if (cursor->is_portal)
        return hgi_call_run(conn, &cursor->call, NULL, NULL, err);
    if (cursor->is_inside) {
        cursor->done = 1;
        hgi_call_expect(&cursor->call, cursor->table, &cursor->run.shape, cursor->types);
        return hgi_call_run(conn, &cursor->call, &cursor->result, NULL, err);
    }
    cursor->is_copy = may_be_long(cursor->query) && hgi_copy_can(&cursor->call);
    cursor->call.flags = cursor->is_copy ? HGI_CALL_COPY : HGI_CALL_BY_ROW;
    hgi_call_expect(&cursor->call, cursor->table, &cursor->run.shape, cursor->types);
    st = hgi_call_send(conn, &cursor->call, err);
    conn->busy = st == HG_OK;
    return st;
}

static hg_status
open(hg_cursor *cursor, hg_conn *conn, const hg_query *query, hg_error *err)
{
    hg_status st;

    cursor->is_inside = conn->tx != HGI_TX_NONE;
    cursor->is_portal = cursor->is_inside && !is_short(query);
    cursor->query = hg_query_copy(query);
    cursor->row = hgi_alloc(cursor->table->info.row_size);
    if (cursor->query == NULL || cursor->row == NULL)
        return hgi_nomem(err);
    st = hgi_run_begin(&cursor->run, conn, cursor->table, cursor->query,
                       cursor->is_portal ? HGI_QUERY_DECLARE : HGI_QUERY_FIND, err);
    if (st == HG_OK)
        st = cursor->is_portal ? open_portal(cursor, conn, err) : hgi_run_statement(&cursor->run, err);
    cursor->decoder = hgi_decoder_of(cursor->table, &cursor->run.shape, &cursor->texts);
    if (st == HG_OK)
        st = send(cursor, conn, err);
    return st == HG_OK ? HG_OK : hgi_fail_call(err, cursor->table, &cursor->run.shape, st);
}

hg_status
hgi_stream(hg_conn *conn, const hgi_table *table, const hg_query *query, hg_cursor **out, hg_error *err)
{
    hg_cursor *cursor;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_usable(conn, err);
    if (st == HG_OK && query == NULL)
        st = hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (st == HG_OK && query->backwards)
        st = hgi_fail(err, HG_E_INVALID, -1, "a page backwards is found, not streamed");
    if (st != HG_OK)
        return st;
    cursor = hgi_alloc_zero(sizeof *cursor);
    if (cursor == NULL)
        return hgi_nomem(err);
    cursor->table = table;
    st = open(cursor, conn, query, err);
    if (st != HG_OK) {
        hg_cursor_close(cursor);
        return st;
    }
    hgi_guest_enter(conn, &cursor->guest);
    *out = cursor;
    return hgi_ok(err);
}

/* ---- Reading ---------------------------------------------------------------------------------------------------------- */

/* One batch. Not prepared: there would be a statement for each portal's number. */
static hg_status
fetch(hg_cursor *cursor, hg_error *err)
{
    hg_conn *conn = cursor->guest.conn;
    hgi_call call = { 0 };
    char memory[96];
    hgi_buffer sql;
    hg_status st;

    hgi_buffer_on(&sql, memory, sizeof memory);
    hgi_buffer_add_text(&sql, "FETCH FORWARD ");
    hgi_buffer_add_int(&sql, BATCH_ROWS);
    hgi_buffer_add_text(&sql, " FROM hg_portal_");
    hgi_buffer_add_int(&sql, cursor->run.portal);
    call.command = sql.ptr;
    st = hgi_call_run(conn, &call, &cursor->result, NULL, err);
    hgi_buffer_free(&sql);
    cursor->done = st == HG_OK && hgi_result_rows(cursor->result) < BATCH_ROWS;
    return st;
}

/* The next rows into hand, or the end. */
static hg_status
read_more(hg_cursor *cursor, hg_error *err)
{
    hg_conn *conn = cursor->guest.conn;
    hg_status st = HG_OK;

    hgi_result_free(cursor->result);
    cursor->result = NULL;
    cursor->row_number = 0;
    if (cursor->done)                                  /* the connection may be another cursor's by now */
        return HG_OK;
    if (cursor->is_portal)
        return fetch(cursor, err);
    while (!cursor->done) {
        st = hgi_call_read(conn, &cursor->call, &cursor->result, err);
        cursor->done = st != HG_OK || cursor->result == NULL;
        if (cursor->result != NULL && hgi_result_rows(cursor->result) > 0)
            break;
        hgi_result_free(cursor->result);               /* the result that ends the rows has none */
        cursor->result = NULL;
    }
    conn->busy = !cursor->done;
    return st;
}

/* Decodes the next row; *is_row 0: the end. One that cannot be read is passed over by the next call. */
static hg_status
next_row(hg_cursor *cursor, int *is_row, hg_error *err)
{
    hg_status st = HG_OK;

    if (cursor->result == NULL || cursor->row_number >= hgi_result_rows(cursor->result))
        st = read_more(cursor, err);
    *is_row = st == HG_OK && cursor->result != NULL && cursor->row_number < hgi_result_rows(cursor->result);
    return *is_row ? hgi_row_decode(&cursor->decoder, cursor->result, cursor->row_number++, cursor->row, err) : st;
}

static hg_status
next_copied(hg_cursor *cursor, int *is_row, hg_error *err)
{
    hg_conn *conn = cursor->guest.conn;
    hgi_cell copied;
    hg_status st;

    *is_row = 0;
    if (cursor->done)
        return HG_OK;
    st = hgi_copy_read(conn, &cursor->call, &cursor->copy, cursor->decoder.cells, &copied, err);
    *is_row = st == HG_OK && copied.ptr != NULL;
    cursor->done = !*is_row;
    conn->busy = *is_row;
    return *is_row ? hgi_copied_decode(&cursor->decoder, copied.ptr, copied.len, cursor->row, err) : st;
}

static hg_status
check_cursor(const hg_cursor *cursor, const hgi_table *table, hg_error *err)
{
    const hg_conn *conn;

    if (cursor == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "cursor is NULL");
    if (cursor->table != table)
        return hgi_fail(err, HG_E_INVALID, -1, "the cursor is of %s, not of %s", cursor->table->info.name, table->info.name);
    if (cursor->failed)
        return hgi_fail(err, HG_E_STATE, -1, "rows were lost by an earlier failure; close the cursor");
    conn = cursor->guest.conn;
    if (conn == NULL)
        return hgi_fail(err, HG_E_STATE, -1, "the cursor's connection has been closed");
    if (cursor->is_inside && (conn->tx == HGI_TX_NONE || conn->transactions != cursor->transaction))
        return hgi_fail(err, HG_E_STATE, -1, "the cursor's transaction has ended");
    return HG_OK;
}

hg_status
hgi_next(hg_cursor *cursor, const hgi_table *table, const void **row, hg_error *err)
{
    int is_row = 0;
    hg_status st;

    if (row == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "row is NULL");
    *row = NULL;
    st = check_cursor(cursor, table, err);
    if (st != HG_OK)
        return st;
    hgi_arena_clear(&cursor->texts);
    st = cursor->is_copy ? next_copied(cursor, &is_row, err) : next_row(cursor, &is_row, err);
    if (st != HG_OK) {
        cursor->failed = !is_row || st == HG_E_NOMEM;  /* a row that merely cannot be read is passed over */
        return is_row || st == HG_E_STATE || st == HG_E_INVALID ? st : hgi_fail_call(err, table, &cursor->run.shape, st);
    }
    if (is_row)
        *row = cursor->row;
    return hgi_ok(err);
}

void
hg_cursor_close(hg_cursor *cursor)
{
    hg_conn *conn;

    if (cursor == NULL)
        return;
    conn = cursor->guest.conn;
    hgi_guest_leave(&cursor->guest);
    if (conn != NULL && !cursor->is_portal && !cursor->done) {
        hgi_call_drop(conn, &cursor->call);
        conn->busy = 0;
    }
    hgi_result_free(cursor->result);
    hgi_copy_free(&cursor->copy);
    hg_query_free(cursor->query);
    hgi_arena_free(&cursor->texts);
    hgi_free(cursor->row);
    hgi_free(cursor);
}
