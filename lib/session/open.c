/* open.c - opening and closing a connection, as callers see it. */
#include "session/session.h"

#include <string.h>

#include "record/check.h"

hg_status
hgi_take_options(const void *given, void *known, size_t size, const char *name, hg_error *err)
{
    uint32_t given_size;

    if (given == NULL)
        return HG_OK;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < sizeof given_size)
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of %s is not set", name);
    for (size_t i = size; i < given_size; i++)
        if (((const char *)given)[i] != 0)
            return hgi_fail(err, HG_E_INVALID, -1, "%s uses a field that this library is too old to know", name);
    memcpy(known, given, given_size < size ? given_size : size);
    return HG_OK;
}

static hg_status
check_options(const hg_conn_options *opt, hg_error *err)
{
    if (opt->prepare < HG_PREPARE_AUTO || opt->prepare > HG_PREPARE_OFF)
        return hgi_fail(err, HG_E_INVALID, -1, "prepare of the options is none of HG_PREPARE_*");
    if (opt->timeout_ms < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "timeout_ms of the options is negative; 0 means no deadline");
    if (opt->statement_limit < 0)
        return hgi_fail(err, HG_E_INVALID, -1, "statement_limit of the options is negative; 0 means the default");
    return HG_OK;
}

hg_status
hgi_open(const char *conninfo, const hg_conn_options *opt, int64_t deadline, hg_conn **out, hg_error *err)
{
    hg_conn *conn = NULL;
    hg_status st = check_options(opt, err);

    *out = NULL;
    if (st == HG_OK)
        st = hgi_connect(conninfo, opt, deadline, &conn, err);
    if (st != HG_OK)
        return st;
    hgi_session_start(conn);
    conn->on_denied = opt->audit_denied ? hgi_apart_denied : NULL;
    if (!opt->skip_check)
        st = hgi_schema_check(conn, hgi_tables, hgi_table_count, err);
    if (st != HG_OK) {
        hgi_disconnect(conn);
        return st;
    }
    *out = conn;
    return HG_OK;
}

hg_status
hg_conn_open(const char *conninfo, const hg_conn_options *opt, hg_conn **out, hg_error *err)
{
    hg_conn_options known = { .struct_size = sizeof known };
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_take_options(opt, &known, sizeof known, "hg_conn_options", err);
    if (st == HG_OK)
        st = hgi_open(conninfo, &known, 0, out, err);
    return st == HG_OK ? hgi_ok(err) : st;
}

void
hg_conn_close(hg_conn *conn)
{
    if (conn == NULL || conn->is_apart)
        return;
    if (conn->pool != NULL)
        hgi_pool_give_back(conn);
    else
        hgi_disconnect(conn);                    /* the server rolls back what is open */
}
