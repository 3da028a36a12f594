/* write.c - insert, update, upsert and delete of one row. */
#include "record/record_int.h"

#include <string.h>

/* A write in the making: what it needs besides its row. */
typedef struct hgi_write {
    hg_conn         *conn;
    const hgi_table *table;
    hgi_shape        shape;
    const hg_uuid   *id;             /* of an update or delete; NULL: an insert */
    uint64_t         version;        /* that its row must have; 0: any */
    hgi_params       params;
    uint32_t         types[HGI_RESULT_MAX];
} hgi_write;

static void
write_begin(hgi_write *write, hg_conn *conn, const hgi_table *table, int operation, int reads)
{
    write->conn = conn;
    write->table = table;
    write->shape = hgi_shape_new(conn, table, operation, reads);
    write->id = NULL;
    write->version = 0;
    hgi_params_begin(&write->params);
}

hg_status
hgi_fail_written(hg_error *err)
{
    hg_error told;

    if (err == NULL)
        return HG_E_IN_DOUBT;
    told = *err;
    hgi_fail(err, HG_E_IN_DOUBT, told.column, "it was written, but cannot be read back: %s", told.message);
    memcpy(err->table, told.table, sizeof err->table);
    return HG_E_IN_DOUBT;
}

/* Sends it. *out, if the shape reads back, gets the row or NULL if none came. *changed counts rows of what finds its row by id:
 * an insert has no use for it. */
static hg_status
write_run(hgi_write *write, hgi_call *call, const void **out, int64_t *changed, hgi_result **probe, hg_error *err)
{
    hgi_result *result = NULL;
    hgi_list *list = NULL;
    hg_status st;

    if (write->params.failed)
        return hgi_nomem(err);
    call->statement = hgi_shape_statement(write->conn, write->table, &write->shape, err);
    if (call->statement == NULL)
        return HG_E_NOMEM;
    call->args = hgi_params_args(&write->params);
    call->flags = HGI_CALL_WRITE;
    if (write->conn->batch != NULL) {
        *changed = 1;
        return hgi_collect(write->conn, write->table, call, write->id, write->version, err);
    }
    hgi_call_expect(call, write->table, &write->shape, write->types);
    st = hgi_call_run(write->conn, call, &result, probe, err);
    if (st != HG_OK)
        return hgi_fail_call(err, write->table, &write->shape, st);
    if (write->id != NULL)
        *changed = hgi_result_changed(result);
    if (hgi_result_rows(result) == 0) {
        hgi_result_free(result);
        return HG_OK;
    }
    st = hgi_list_decode(write->table, &write->shape, result, &list, err);
    if (st != HG_OK)
        return hgi_fail_written(err);
    *out = list->rows;
    return HG_OK;
}


/* ---- insert and upsert --------------------------------------------------------------------------------------------------- */

/* The row's id is the library's where the caller gives none: a version 7 uuid, so that keys stay in index order. */
static void
add_row(hgi_write *write, const void *row, uint64_t set)
{
    int makes_id = !(set & HG_BIT(0)) && write->table->insertable[write->conn->role] & HG_BIT(0);
    char *id;

    write->shape.set = set;
    if (makes_id) {
        hg_uuid made;

        hg_uuid_new(&made);
        id = hgi_params_room(&write->params, sizeof made);
        if (id != NULL)
            memcpy(id, made.bytes, sizeof made);
        hgi_params_add(&write->params, id, sizeof made);
        write->shape.set |= HG_BIT(0);
    }
    hgi_params_add_columns(&write->params, write->table, row, set);
}

/* Both of them: key is -1 for an insert. The row has been checked. */
static hg_status
insert_row(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, int32_t key, const void **out,
           hg_error *err)
{
    const void *made = NULL;
    int64_t changed = 0;
    hgi_call call = { 0 };
    hgi_write write;
    hg_status st;

    write_begin(&write, conn, table, key < 0 ? HGI_INSERT : HGI_UPSERT, out != NULL);
    write.shape.key = (int8_t)(key < 0 ? 0 : key);
    add_row(&write, row, set);
    st = write_run(&write, &call, &made, &changed, NULL, err);
    hgi_params_end(&write.params);
    if (st != HG_OK)
        return st;
    if (out != NULL)
        *out = made;
    return hgi_ok(err);
}

hg_status
hgi_insert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, const void **out, hg_error *err)
{
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = hgi_writable(conn, out, err);
    if (st == HG_OK)
        st = hgi_check_insert(conn, table, row, set, err);
    return st == HG_OK ? insert_row(conn, table, row, set, -1, out, err) : st;
}

hg_status
hgi_upsert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, int32_t key, const void **out,
           hg_error *err)
{
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = hgi_writable(conn, out, err);
    if (st == HG_OK)
        st = hgi_check_upsert(conn, table, row, set, key, err);
    return st == HG_OK ? insert_row(conn, table, row, set, key, out, err) : st;
}

/* ---- Zero rows -------------------------------------------------------------------------------------------------------------
 *
 * A write that changed nothing has three reasons, and a probe behind it in the same trip tells them apart. It is a
 * statement of its own, with a snapshot of its own: inside the write's it would not see what a concurrent writer, for whom
 * the write waited, has made of the row. */

static hgi_statement *
probe_statement(hg_conn *conn, const hgi_table *table, hg_error *err)
{
    hgi_shape shape = { .operation = HGI_PROBE, .role = (uint8_t)conn->role, .table = (uint8_t)table->info.table,
                        .with_version = (table->readable_version >> conn->role & 1) != 0 };

    return hgi_shape_statement(conn, table, &shape, err);
}

/* Behind the write; in a batch, whose writes are undone together, no row is the server's own error instead. The service may
 * change whatever it sees, and sees all: without a version to compare, a row that it does not change is not there. */
static hg_status
add_probe(hgi_write *write, hgi_call *call, hg_error *err)
{
    if (write->conn->batch != NULL) {
        write->shape.must_change = 1;
        return HG_OK;
    }
    if (write->conn->role == HG_ROLE_SERVICE && write->version == 0)
        return HG_OK;
    call->probe = probe_statement(write->conn, write->table, err);
    if (call->probe == NULL)
        return HG_E_NOMEM;
    call->probe_args = (hgi_args){ 1, write->params.values, write->params.lengths };      /* the id comes first */
    return HG_OK;
}

static uint64_t
probed_version(const hgi_table *table, const hgi_result *probe)
{
    size_t len = 0;
    const char *cell = hgi_result_cell(probe, 0, 0, &len);
    hg_timestamp time;

    if (cell == NULL)
        return 0;
    if (table->info.version_column < 0)
        return len == 4 ? hgi_get32(cell) : 0;
    return hgi_timestamp_decode(cell, len, &time) == HGI_DECODED ? (uint64_t)time : 0;
}

static hg_status
explain_zero(hg_conn *conn, const hgi_table *table, const hgi_result *probe, uint64_t version, hg_error *err)
{
    hg_error own;
    hg_status st;

    if (err == NULL)
        err = &own;
    if (probe == NULL || hgi_result_rows(probe) == 0)
        st = hgi_fail_not_found(err, table);
    else if (version != 0 && probed_version(table, probe) != version)
        st = hgi_fail(err, HG_E_CONFLICT, -1, "the row of %s has changed since it was read", table->info.name);
    else
        st = hgi_fail(err, HG_E_DENIED, -1, "the row of %s is visible to this role, but not its to change",
                      table->info.name);
    if (st == HG_E_DENIED)
        hgi_denied(conn, table->info.name, err->message);
    return hgi_at_table(err, table, st);
}

hg_status
hgi_explain_zero(hg_conn *conn, const hgi_table *table, const hg_uuid *id, uint64_t version, hg_error *err)
{
    const char *value = (const char *)id->bytes;
    int length = sizeof *id;
    hgi_call call = { .statement = probe_statement(conn, table, err), .args = { 1, &value, &length } };
    hgi_result *probe = NULL;
    hg_status st;

    if (call.statement == NULL)
        return HG_E_NOMEM;
    st = hgi_call_run(conn, &call, &probe, NULL, err);
    if (st == HG_OK)
        st = explain_zero(conn, table, probe, version, err);
    hgi_result_free(probe);
    return st;
}

/* ---- update and delete ------------------------------------------------------------------------------------------------------- */

static void
add_expected_version(hgi_write *write, uint64_t version)
{
    char *room = hgi_params_room(&write->params, 8);

    write->shape.by_version = 1;
    if (room == NULL)
        return;
    if (write->table->info.version_column < 0) {
        hgi_put32(room, (uint32_t)version);
        hgi_params_add(&write->params, room, 4);
    } else {
        hgi_params_add(&write->params, room, hgi_timestamp_encode((hg_timestamp)version, room));
    }
}

hg_status
hgi_update(hg_conn *conn, const hgi_table *table, const hg_uuid *id, const void *row, uint64_t set, const void **out,
           hg_error *err)
{
    uint64_t version;
    hgi_result *probe = NULL;
    const void *made = NULL;
    int64_t changed = 0;
    hgi_call call = { 0 };
    hgi_write write;
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = hgi_writable(conn, out, err);
    if (st == HG_OK && id == NULL)
        st = hgi_fail(err, HG_E_INVALID, 0, "id is NULL");
    if (st == HG_OK)
        st = hgi_check_update(conn, table, row, set, err);
    if (st != HG_OK)
        return st;

    version = ((const hgi_row *)row)->row_version;
    write_begin(&write, conn, table, HGI_UPDATE, out != NULL);
    write.shape.set = set;
    write.id = id;
    write.version = version;
    hgi_params_add(&write.params, id, sizeof *id);
    hgi_params_add_columns(&write.params, table, row, set);
    if (version != 0)
        add_expected_version(&write, version);
    st = add_probe(&write, &call, err);
    if (st == HG_OK)
        st = write_run(&write, &call, &made, &changed, &probe, err);
    if (st == HG_OK && changed == 0)
        st = explain_zero(conn, table, probe, version, err);
    hgi_result_free(probe);
    hgi_params_end(&write.params);
    if (st != HG_OK)
        return st;
    if (out != NULL)
        *out = made;
    return hgi_ok(err);
}

hg_status
hgi_delete(hg_conn *conn, const hgi_table *table, const hg_uuid *id, hg_error *err)
{
    hgi_result *probe = NULL;
    const void *none = NULL;
    int64_t changed = 0;
    hgi_call call = { 0 };
    hgi_write write;
    hg_status st = hgi_writable(conn, NULL, err);

    if (st == HG_OK && id == NULL)
        st = hgi_fail(err, HG_E_INVALID, 0, "id is NULL");
    if (st == HG_OK && !(table->deletable >> conn->role & 1))
        st = hgi_fail_role(err, table, -1, "deleted from", conn);
    if (st != HG_OK)
        return st;

    write_begin(&write, conn, table, HGI_DELETE, 0);
    write.id = id;
    hgi_params_add(&write.params, id, sizeof *id);
    st = add_probe(&write, &call, err);
    if (st == HG_OK)
        st = write_run(&write, &call, &none, &changed, &probe, err);
    if (st == HG_OK && changed == 0)
        st = explain_zero(conn, table, probe, 0, err);
    hgi_result_free(probe);
    hgi_params_end(&write.params);
    return st == HG_OK ? hgi_ok(err) : st;
}
