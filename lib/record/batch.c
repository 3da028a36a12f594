/* batch.c - many writes in one round trip: what was collected, so that the one that fails can be told. */
#include "hotgigs/batch.h"

#include <string.h>

#include "record/record_int.h"

/* One write of the open batch. */
typedef struct collected {
    const hgi_table *table;
    uint64_t         version;
    hg_uuid          id;
    uint64_t         by_id;          /* 1: it finds its row by id, and may find none */
} collected;

hg_status
hgi_writable(hg_conn *conn, const void *out, hg_error *err)
{
    if (conn == NULL || conn->batch == NULL || conn->broken)
        return hgi_usable(conn, err);
    if (out != NULL)
        return hgi_fail(err, HG_E_STATE, -1, "a batch is open on this connection, which takes writes without out; end it first");
    return HG_OK;
}

hg_status
hgi_collect(hg_conn *conn, const hgi_table *table, hgi_call *call, const hg_uuid *id, uint64_t version, hg_error *err)
{
    collected one = { .table = table, .version = version, .by_id = id != NULL };
    hg_status st;

    if (id != NULL)
        one.id = *id;
    hgi_buffer_add(&conn->collected, (const char *)&one, sizeof one);
    if (conn->collected.failed) {
        conn->collected.failed = 0;
        return hgi_nomem(err);
    }
    st = hgi_batch_add(conn, call, err);
    if (st != HG_OK)
        conn->collected.len -= sizeof one;
    return st;
}

hg_status
hg_batch_begin(hg_conn *conn, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st == HG_OK)
        st = hgi_batch_open(conn, err);
    return st == HG_OK ? hgi_ok(err) : st;
}

/* The failed write's own answer: which constraint's column, and for one that found no row, why. In a transaction, which has
 * failed, nobody can be asked. */
static hg_status
explain(hg_conn *conn, const collected *one, hg_status st, hg_error *err)
{
    hgi_shape none = { 0 };

    if (!one->by_id || strcmp(err->sqlstate, "22012") != 0)
        return hgi_fail_call(err, one->table, &none, st);
    if (conn->tx == HGI_TX_NONE && !conn->broken)
        return hgi_explain_zero(conn, one->table, &one->id, one->version, err);
    hgi_fail(err, HG_E_NOT_FOUND, -1, "the row of %s is not there, not visible, changed, or not this role's to change",
             one->table->info.name);
    return hgi_at_table(err, one->table, HG_E_NOT_FOUND);
}

/* Which write failed is told by its reason, even where the caller does not ask for that. */
HGI_COLD static hg_status
end_unasked(hg_conn *conn, int64_t *failed)
{
    hg_error err;

    return hg_batch_end(conn, failed, &err);
}

hg_status
hg_batch_end(hg_conn *conn, int64_t *failed, hg_error *err)
{
    const collected *all;
    int64_t number;
    hg_status st;

    if (err == NULL)
        return end_unasked(conn, failed);
    if (failed != NULL)
        *failed = -1;
    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    if (conn->batch == NULL)
        return hgi_fail(err, HG_E_STATE, -1, "no batch is open");
    st = hgi_batch_close(conn, &number, err);
    all = (const collected *)(const void *)conn->collected.ptr;
    if (st != HG_OK && number >= 0 && (size_t)number < conn->collected.len / sizeof *all)
        st = explain(conn, &all[number], st, err);
    hgi_buffer_empty(&conn->collected);
    if (st == HG_OK)
        return hgi_ok(err);
    if (failed != NULL)
        *failed = number;
    return st;
}

/* The server undoes a pipeline that has an error in it; so it gets one, which in its log tells what it is. */
hg_status
hg_batch_drop(hg_conn *conn, hg_error *err)
{
    hgi_call error = { .command = "ROLLBACK TO SAVEPOINT hotgigs_batch_given_up" };
    hg_error told;
    int64_t number;
    hg_status st = HG_OK;

    if (conn == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "conn is NULL");
    if (conn->batch == NULL)
        return hgi_fail(err, HG_E_STATE, -1, "no batch is open");
    if (conn->collected.len > 0 && !conn->broken)
        st = hgi_batch_add(conn, &error, &told);
    st = hgi_batch_close(conn, &number, st == HG_OK ? &told : NULL);
    hgi_buffer_empty(&conn->collected);
    if (st == HG_OK || !conn->broken)
        return hgi_ok(err);
    if (err != NULL)
        *err = told;
    return HG_E_CONNECTION;
}
