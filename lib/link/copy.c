/* copy.c - long reads by COPY: a fifth of the instructions of rows that libpq makes results of, in bounded memory.
 *
 * libpq cannot have COPY in a pipeline and the server takes no parameters for it. So such a call is one simple query,
 *
 *     SELECT set_config(...) ...;  COPY (SELECT ...) TO STDOUT (FORMAT binary)
 *
 * which PostgreSQL runs as one implicit transaction, in one trip; the arguments stand in its text as literals of their
 * types. Nothing is prepared, so that it is for long reads, whose plan does not count.
 *
 * The rows are a signature, flags and an extension, then for each row the number of its columns and each column's length and
 * bytes, -1 for NULL; -1 columns end them (CopyOneRowTo). One message is one row. */
#include "link/link_int.h"

#include <string.h>

enum { SIGNATURE = 11, HEAD = 19 };
enum { BEFORE_ROWS, IN_HEAD, IN_ROWS };

/* ---- Literals ------------------------------------------------------------------------------------------------------ */

static const char *
type_name(uint32_t type)
{
    switch (type) {
    case HGI_OID_TEXT:
        return "pg_catalog.text";
    case HGI_OID_VARCHAR:
        return "pg_catalog.varchar";
    case HGI_OID_UUID:
        return "pg_catalog.uuid";
    case HGI_OID_INT4:
        return "pg_catalog.int4";
    case HGI_OID_INT8:
        return "pg_catalog.int8";
    case HGI_OID_BOOL:
        return "pg_catalog.bool";
    case HGI_OID_TIMESTAMP:
        return "pg_catalog.timestamp";
    case HGI_OID_DATE:
        return "pg_catalog.date";
    default:
        return NULL;
    }
}

int
hgi_copy_can(const hgi_call *call)
{
    for (int32_t i = 0; i < call->statement->param_count; i++)
        if (type_name(call->statement->types[i]) == NULL)
            return 0;
    return 1;
}

static void
add_text(hg_conn *conn, const char *value, size_t len, hgi_buffer *sql)
{
    char *to = hgi_buffer_room(sql, 2 * len + 1);
    int unknown = 0;

    if (to != NULL)
        sql->len -= 2 * len + 1 - PQescapeStringConn(conn->pg, to, value, len, &unknown);
}

static void
add_time(uint32_t type, const char *value, hgi_buffer *sql)
{
    char text[HG_TIMESTAMP_TEXT_SIZE];
    hg_timestamp time;
    hg_date date;

    if (type == HGI_OID_DATE ? hgi_date_decode(value, 4, &date) == HGI_DECODED &&
                               hg_date_to_text(date, text, sizeof text, NULL) == HG_OK
                             : hgi_timestamp_decode(value, 8, &time) == HGI_DECODED &&
                               hg_timestamp_to_text(time, text, sizeof text, NULL) == HG_OK)
        hgi_buffer_add_text(sql, text);
}

/* 'text'::type of an argument in binary form. */
static void
add_literal(hg_conn *conn, uint32_t type, const char *value, size_t len, hgi_buffer *sql)
{
    char text[HG_UUID_TEXT_SIZE];
    hg_uuid id;

    if (value == NULL) {
        hgi_buffer_add_text(sql, "NULL");
        return;
    }
    hgi_buffer_add_byte(sql, '\'');
    switch (type) {
    case HGI_OID_UUID:
        memcpy(id.bytes, value, sizeof id.bytes);
        hg_uuid_to_text(&id, text, sizeof text, NULL);
        hgi_buffer_add_text(sql, text);
        break;
    case HGI_OID_INT4:
        hgi_buffer_add_int(sql, (int32_t)hgi_get32(value));
        break;
    case HGI_OID_INT8:
        hgi_buffer_add_int(sql, (int64_t)hgi_get64(value));
        break;
    case HGI_OID_BOOL:
        hgi_buffer_add_byte(sql, value[0] ? 't' : 'f');
        break;
    case HGI_OID_TEXT:
    case HGI_OID_VARCHAR:
        add_text(conn, value, len, sql);
        break;
    default:
        add_time(type, value, sql);
        break;
    }
    hgi_buffer_add_text(sql, "'::");
    hgi_buffer_add_text(sql, type_name(type));
}

/* The statement with its arguments in their places. Its own text has no '$' but for them. */
static void
add_statement(hg_conn *conn, const hgi_statement *statement, const hgi_args *args, hgi_buffer *sql)
{
    const char *p = statement->sql, *dollar;

    for (; (dollar = strchr(p, '$')) != NULL; ) {
        int32_t number = 0;

        hgi_buffer_add(sql, p, (size_t)(dollar - p));
        for (p = dollar + 1; *p >= '0' && *p <= '9'; p++)
            number = 10 * number + (*p - '0');
        add_literal(conn, statement->types[number - 1], args->values[number - 1], (size_t)args->lengths[number - 1], sql);
    }
    hgi_buffer_add_text(sql, p);
}

/* ---- Sending --------------------------------------------------------------------------------------------------------- */

int
hgi_copy_send(hg_conn *conn, hgi_call *call)
{
    char memory[4096], digits[HGI_DIGITS_MAX];
    int context = conn->context.statement != NULL, sent;
    hgi_buffer sql;

    hgi_buffer_on(&sql, memory, sizeof memory);
    if (context) {
        hgi_args args = hgi_context_args(conn, call, digits);

        add_statement(conn, hgi_context_statement(conn, call), &args, &sql);
        hgi_buffer_add_text(&sql, ";\n");
    }
    hgi_buffer_add_text(&sql, "COPY (");
    add_statement(conn, call->statement, &call->args, &sql);
    hgi_buffer_add_text(&sql, ") TO STDOUT (FORMAT binary)");
    sent = !sql.failed && PQsendQuery(conn->pg, sql.ptr);
    hgi_buffer_free(&sql);
    call->step_count = 0;                              /* no statement of the cache took part */
    call->pipelined = 0;
    conn->stats.context_rows += (uint64_t)context;
    conn->stats.statements += 1 + (uint64_t)context;
    return sent;
}

/* ---- Reading --------------------------------------------------------------------------------------------------------- */

/* Results up to the one that says that rows follow; or, at the end of the rows, all that there are. */
static hg_status
read_results(hg_conn *conn, hgi_call *call, int wanted, hg_error *err)
{
    for (;;) {
        PGresult *result;
        hg_status st = hgi_call_take(conn, call, &result, err);
        int status, again;

        if (st != HG_OK || result == NULL)
            return st != HG_OK || wanted == 0 ? st : hgi_fail(err, HG_E_INTERNAL, -1, "the server did not begin to copy");
        status = (int)PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR)
            st = hgi_call_fail(conn, call, result, &again, err);
        PQclear(result);
        if (st != HG_OK || status == wanted)
            return st;
    }
}

static hg_status
wait_for_more(hg_conn *conn, hgi_call *call, hg_error *err)
{
    hg_status st = hgi_read_socket(conn->pg, call->deadline);
    char why[8];

    if (st == HG_OK)
        return HG_OK;
    if (st == HG_E_CONNECTION || call->asked)
        return hgi_call_fail_unanswered(conn, call, err);
    call->asked = 1;
    hgi_ask_cancel(conn, why, sizeof why);
    call->deadline = hgi_deadline_in(HGI_DRAIN_MS);
    return HG_OK;
}

/* Rows are taken by PQgetlineAsync(), into memory that serves them all: PQgetCopyData() makes and frees a block for each, which
 * of rows of some kB costs as much as all else that libpq does with them. The manual calls it obsolete, since a row that does not
 * fit comes in pieces and nothing says which is the last: in binary the row's own lengths do. */
enum { ROW_FIRST = 16 * 1024, ROW_LAST = 1024 * 1024 * 1024 };        /* the server's own bound of a row */

static int
grow(hgi_copy *copy)
{
    size_t size = copy->size > 0 ? 2 * copy->size : ROW_FIRST;
    char *row = size <= ROW_LAST ? hgi_realloc(copy->row, size) : NULL;

    if (row == NULL)
        return 0;
    copy->row = row;
    copy->size = size;
    return 1;
}

/* Whether a message that fills the memory is a row to its end. One that is none will be refused as it is. */
static int
is_whole(const hgi_copy *copy, size_t len, int32_t count)
{
    size_t at = copy->phase == IN_HEAD ? HEAD + 2 : 2;

    if (len < at || hgi_get16(copy->row + at - 2) != count)
        return len >= at;
    for (int32_t i = 0; i < count && at <= len; i++) {
        uint32_t bytes = len - at >= 4 ? hgi_get32(copy->row + at) : 0;

        at += 4 + (bytes != UINT32_MAX ? (size_t)bytes : 0);
    }
    return at <= len;
}

/* What has come of a row, behind the bytes that are there already: so many bytes, with one to spare; 0: none yet; -1: no more
 * rows. Zero too without memory for it. */
static inline int
take_piece(hg_conn *conn, hgi_copy *copy, size_t taken)
{
    return copy->size > taken + 1 ? PQgetlineAsync(conn->pg, copy->row + taken, (int)(copy->size - taken) - 1) : 0;
}

/* The row that begins with a piece of got bytes, in time. *len: its bytes, -1 at the end of the rows. */
static hg_status
take_row(hg_conn *conn, hgi_call *call, hgi_copy *copy, int got, int32_t count, int *len, hg_error *err)
{
    size_t taken = 0;

    for (;; got = take_piece(conn, copy, taken)) {
        hg_status st = HG_OK;

        taken += got > 0 ? (size_t)got : 0;
        *len = taken > 0 ? (int)taken : -1;
        if (got < 0 || (taken > 0 && (taken < copy->size - 1 || is_whole(copy, taken, count))))
            return HG_OK;
        if (got > 0 || copy->size == 0)
            st = grow(copy) ? HG_OK : hgi_nomem(err);
        else
            st = wait_for_more(conn, call, err);
        if (st != HG_OK)
            return st;
    }
}

/* From the first piece on, whatever it is: the head, a row, the trailer, nothing yet, or the end. */
static hg_status
read_row(hg_conn *conn, hgi_call *call, hgi_copy *copy, int got, int32_t count, hgi_cell *row, hg_error *err)
{
    int len = -1, columns;

    for (;; got = take_piece(conn, copy, 0)) {
        hg_status st = take_row(conn, call, copy, got, count, &len, err);
        char *p = copy->row;

        if (st != HG_OK)
            return st;
        if (len == -1)
            return read_results(conn, call, 0, err);
        if (copy->phase == IN_HEAD) {                  /* alone, or before the first row */
            if (len < HEAD || memcmp(p, "PGCOPY\n\377\r\n", SIGNATURE) != 0)
                break;
            copy->phase = IN_ROWS;
            p += HEAD, len -= HEAD;
            if (len == 0)
                continue;
        }
        columns = len < 2 ? 0 : (int16_t)hgi_get16(p);
        if (columns == -1)
            continue;                                  /* the trailer */
        if (columns != count)
            break;
        *row = (hgi_cell){ p + 2, (size_t)len - 2 };
        return HG_OK;
    }
    return hgi_fail(err, HG_E_SCHEMA, -1, "a copied row does not have the %d columns that were expected", (int)count);
}

/* All but a whole row that has come. */
static hg_status
read_otherwise(hg_conn *conn, hgi_call *call, hgi_copy *copy, int got, int32_t count, hgi_cell *row, hg_error *err)
{
    hg_error unasked;
    hg_status st = HG_OK;

    *row = (hgi_cell){ NULL, 0 };
    if (err == NULL)
        err = &unasked;
    if (copy->phase == BEFORE_ROWS) {
        st = read_results(conn, call, PGRES_COPY_OUT, err);
        copy->phase = IN_HEAD;
    }
    if (st == HG_OK)
        st = read_row(conn, call, copy, got, count, row, err);
    if (st != HG_OK)
        return hgi_call_end_failed(conn, call, st, err);
    if (row->ptr == NULL) {
        call->confirmed = 1;
        hgi_call_settle(conn, call);
    }
    return HG_OK;
}

hg_status
hgi_copy_read(hg_conn *conn, hgi_call *call, hgi_copy *copy, int32_t count, hgi_cell *row, hg_error *err)
{
    int got = take_piece(conn, copy, 0);               /* before the first row there is no memory yet, and nothing is taken */

    if (copy->phase != IN_ROWS || got < 2 || (size_t)got >= copy->size - 1 || hgi_get16(copy->row) != count)
        return read_otherwise(conn, call, copy, got, count, row, err);
    *row = (hgi_cell){ copy->row + 2, (size_t)got - 2 };
    return HG_OK;
}

void
hgi_copy_free(hgi_copy *copy)
{
    hgi_free(copy->row);
    *copy = (hgi_copy){ 0 };
}
