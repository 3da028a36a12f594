/* export.c - a person's document, read piece by piece.
 *
 * The database says what is in it: hotgigs.privacy_export_begin() puts the export on record and gives the entry's id, for
 * which alone hotgigs.privacy_export_rows() gives the members and rows, once the entry is committed. So not even raw SQL gets
 * a row without a record of it. The rows are one statement, and thereby one snapshot; they come a few at a time, and are
 * framed and summed here. */
#include "hotgigs/privacy.h"

#include <string.h>

#include "link/link.h"
#include "privacy/document.h"

enum { PIECE_BYTES = 32 * 1024 };

static const char begin_sql[] = "SELECT hotgigs.privacy_export_begin($1, $2)";
static const char rows_sql[] = "SELECT r.table_name, r.member, r.item FROM hotgigs.privacy_export_rows($1) r";

enum { TABLE_NAME, MEMBER, ITEM, ROW_COLUMNS };

struct hg_export {
    hgi_guest    guest;          /* first: the connection, NULL once that is gone */
    hgi_call     call;
    char         entry[16];      /* id of the audit trail's entry: the call's argument */
    const char  *value;
    int          length;
    int32_t      row_number;     /* the next row of result */
    hgi_result  *result;         /* the rows in hand */
    hgi_document document;
    hgi_sha256   sum;
    uint8_t      sha256[HG_EXPORT_SHA256_SIZE];
    int32_t      done;           /* 1: the last row has been read */
    int32_t      ended;          /* 1: so has the document */
    int32_t      failed;
};

/* ---- Opening ---------------------------------------------------------------------------------------------------------- */

static hgi_statement *
statement_of(hg_conn *conn, const char *sql, int32_t param_count, const uint32_t *types, hg_error *err)
{
    hgi_statement *statement = hgi_statement_find(conn, sql, strlen(sql));

    return statement != NULL ? statement : hgi_statement_add(conn, sql, strlen(sql), sql, param_count, types, err);
}

/* Puts it on record. */
static hg_status
begin(hg_export *export_, hg_conn *conn, const hg_uuid *user_id, int32_t scope, hg_error *err)
{
    static const uint32_t types[] = { HGI_OID_UUID, HGI_OID_BOOL }, gives[] = { HGI_OID_UUID };
    char id[16], is_portable = (char)(scope == HG_EXPORT_PORTABLE);
    const char *values[] = { id, &is_portable }, *cell;
    int lengths[] = { (int)hgi_uuid_encode(user_id, id), 1 };
    hgi_call call = { .args = { 2, values, lengths }, .flags = HGI_CALL_WRITE, .result_types = gives, .result_count = 1 };
    hgi_result *result = NULL;
    size_t len = 0;
    hg_status st = HG_E_NOMEM;

    call.statement = statement_of(conn, begin_sql, 2, types, err);
    if (call.statement != NULL)
        st = hgi_call_run(conn, &call, &result, NULL, err);
    if (st != HG_OK)
        return st;
    cell = hgi_result_rows(result) == 1 ? hgi_result_cell(result, 0, 0, &len) : NULL;
    if (cell != NULL && len == sizeof export_->entry)
        memcpy(export_->entry, cell, len);
    else
        st = hgi_fail(err, HG_E_INTERNAL, -1, "the export was not given the id of its entry");
    hgi_result_free(result);
    return st;
}

static hg_status
send(hg_export *export_, hg_conn *conn, hg_error *err)
{
    static const uint32_t types[] = { HGI_OID_UUID };
    static const uint32_t gives[ROW_COLUMNS] = { HGI_OID_TEXT, HGI_OID_TEXT, HGI_OID_TEXT };
    hg_status st;

    export_->value = export_->entry;
    export_->length = sizeof export_->entry;
    export_->call.statement = statement_of(conn, rows_sql, 1, types, err);
    if (export_->call.statement == NULL)
        return HG_E_NOMEM;
    export_->call.args = (hgi_args){ 1, &export_->value, &export_->length };
    export_->call.flags = HGI_CALL_BY_ROW;
    export_->call.result_types = gives;
    export_->call.result_count = ROW_COLUMNS;
    st = hgi_call_send(conn, &export_->call, err);
    conn->busy = st == HG_OK;
    return st;
}

static hg_status
check_open(hg_conn *conn, const hg_uuid *user_id, int32_t scope, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    if (user_id == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "user_id is NULL");
    if (scope != HG_EXPORT_ACCESS && scope != HG_EXPORT_PORTABLE)
        return hgi_fail(err, HG_E_INVALID, -1, "scope is none of HG_EXPORT_*");
    if (conn->tx != HGI_TX_NONE)
        return hgi_fail(err, HG_E_STATE, -1,
                        "a transaction is open, whose rollback would take away the record of the export; end it first");
    return HG_OK;
}

hg_status
hg_privacy_export_open(hg_conn *conn, const hg_uuid *user_id, int32_t scope, hg_export **out, hg_error *err)
{
    hg_export *export_;
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = check_open(conn, user_id, scope, err);
    if (st != HG_OK)
        return st;
    export_ = hgi_alloc_zero(sizeof *export_);
    if (export_ == NULL)
        return hgi_nomem(err);
    hgi_sha256_begin(&export_->sum);
    st = begin(export_, conn, user_id, scope, err);
    if (st == HG_OK)
        st = send(export_, conn, err);
    if (st != HG_OK) {
        hg_privacy_export_close(export_);
        return st;
    }
    hgi_guest_enter(conn, &export_->guest);
    *out = export_;
    return hgi_ok(err);
}

/* ---- Reading ---------------------------------------------------------------------------------------------------------- */

static hg_str
cell_text(const hgi_cell *cell)
{
    return (hg_str){ cell->ptr, cell->len };
}

static hg_status
add_row(hg_export *export_, hg_error *err)
{
    hgi_document *document = &export_->document;
    hgi_cell cells[ROW_COLUMNS];

    hgi_result_row(export_->result, export_->row_number++, ROW_COLUMNS, cells);
    if (cells[TABLE_NAME].ptr != NULL)
        hgi_document_row(document, cell_text(&cells[TABLE_NAME]), cell_text(&cells[ITEM]));
    else if (cells[MEMBER].ptr != NULL && cells[ITEM].ptr != NULL)
        hgi_document_member(document, cell_text(&cells[MEMBER]), cell_text(&cells[ITEM]));
    else
        return hgi_fail(err, HG_E_INTERNAL, -1, "a row of the export belongs nowhere");
    return document->text.failed || document->table.failed ? hgi_nomem(err) : HG_OK;
}

/* The next rows into hand, or the end. */
static hg_status
read_more(hg_export *export_, hg_error *err)
{
    hg_conn *conn = export_->guest.conn;
    hg_status st;

    hgi_result_free(export_->result);
    export_->result = NULL;
    export_->row_number = 0;
    st = hgi_call_read(conn, &export_->call, &export_->result, err);
    export_->done = st != HG_OK || export_->result == NULL;
    conn->busy = !export_->done;
    return st;
}

/* Rows until there are enough of them for a piece, or no more. */
static hg_status
fill(hg_export *export_, hg_error *err)
{
    hg_status st = HG_OK;

    while (st == HG_OK && !export_->done && export_->document.text.len < PIECE_BYTES) {
        if (export_->result != NULL && export_->row_number < hgi_result_rows(export_->result))
            st = add_row(export_, err);
        else
            st = read_more(export_, err);
    }
    if (st == HG_OK && export_->done) {
        hgi_document_end(&export_->document);
        export_->ended = 1;
        st = export_->document.text.failed ? hgi_nomem(err) : HG_OK;
    }
    return st;
}

static hg_status
check_next(const hg_export *export_, hg_error *err)
{
    if (export_ == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "export is NULL");
    if (export_->failed)
        return hgi_fail(err, HG_E_STATE, -1, "a piece of the document was lost; close the export and begin another");
    if (!export_->ended && export_->guest.conn == NULL)
        return hgi_fail(err, HG_E_STATE, -1, "the export's connection has been closed");
    return HG_OK;
}

hg_status
hg_privacy_export_next(hg_export *export_, const char **ptr, size_t *len, hg_error *err)
{
    hgi_buffer *text;
    hg_status st;

    if (ptr == NULL || len == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, ptr == NULL ? "ptr is NULL" : "len is NULL");
    *ptr = NULL;
    *len = 0;
    st = check_next(export_, err);
    if (st != HG_OK)
        return st;
    text = &export_->document.text;
    hgi_buffer_clear(text);
    if (export_->ended)
        return hgi_ok(err);
    st = fill(export_, err);
    export_->failed = st != HG_OK;
    if (st != HG_OK)
        return st;
    hgi_sha256_add(&export_->sum, text->ptr, text->len);
    if (export_->ended)
        hgi_sha256_end(&export_->sum, export_->sha256);
    *ptr = text->ptr;
    *len = text->len;
    return hgi_ok(err);
}

hg_status
hg_privacy_export_sha256(const hg_export *export_, uint8_t *sha256, hg_error *err)
{
    if (sha256 == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "sha256 is NULL");
    memset(sha256, 0, HG_EXPORT_SHA256_SIZE);
    if (export_ == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "export is NULL");
    if (export_->failed || !export_->ended)
        return hgi_fail(err, HG_E_STATE, -1, "the document has not been read to its end");
    memcpy(sha256, export_->sha256, HG_EXPORT_SHA256_SIZE);
    return hgi_ok(err);
}

void
hg_privacy_export_close(hg_export *export_)
{
    hg_conn *conn;

    if (export_ == NULL)
        return;
    conn = export_->guest.conn;
    hgi_guest_leave(&export_->guest);
    if (conn != NULL && !export_->done) {
        hgi_call_drop(conn, &export_->call);
        conn->busy = 0;
    }
    hgi_result_free(export_->result);
    hgi_document_free(&export_->document);
    hgi_free(export_);
}
