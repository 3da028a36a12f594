/* read.c - get and get_many. */
#include "record/record_int.h"

#include <string.h>

hg_status
hgi_fail_not_found(hg_error *err, const hgi_table *table)
{
    hgi_fail(err, HG_E_NOT_FOUND, -1, "%s has no such row, or it is not visible to this role", table->info.name);
    return hgi_at_table(err, table, HG_E_NOT_FOUND);
}

/* What every call asks first. */
static hg_status
check_call(hg_conn *conn, const void *out, hg_error *err)
{
    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    return hgi_usable(conn, err);
}

static hg_status
find_row(hgi_list *list, const hgi_table *table, const void **out, hg_error *err)
{
    if (list->count > 0) {
        *out = list->rows;
        return hgi_ok(err);
    }
    hgi_list_free(list);
    return hgi_fail_not_found(err, table);
}

hg_status
hgi_get(hg_conn *conn, const hgi_table *table, const hg_uuid *id, const void **out, hg_error *err)
{
    hgi_call call = { .flags = 0 };
    uint32_t types[HGI_RESULT_MAX];
    const char *value = (const char *)id;
    int length = sizeof *id;
    hgi_list *list = NULL;
    hgi_shape shape;
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = check_call(conn, out, err);
    if (st == HG_OK && id == NULL)
        st = hgi_fail(err, HG_E_INVALID, 0, "id is NULL");
    if (st == HG_OK)
        st = hgi_check_read(conn, table, err);
    if (st != HG_OK)
        return st;

    shape = hgi_shape_new(conn, table, HGI_GET, 1);
    call.statement = hgi_shape_statement(conn, table, &shape, err);
    if (call.statement == NULL)
        return HG_E_NOMEM;
    call.args = (hgi_args){ 1, &value, &length };
    hgi_call_expect(&call, table, &shape, types);
    st = hgi_list_read(conn, table, &shape, &call, 1, &list, err);
    if (st != HG_OK)
        return hgi_fail_call(err, table, &shape, st);
    return find_row(list, table, out, err);
}

static hg_status
run_get_many(hg_conn *conn, const hgi_table *table, const hgi_buffer *array, size_t count, hgi_list **out, hg_error *err)
{
    hgi_shape shape = hgi_shape_new(conn, table, HGI_GET_MANY, 1);
    const char *value = array->ptr;
    int length = (int)array->len;
    uint32_t types[HGI_RESULT_MAX];
    hgi_call call = { .statement = hgi_shape_statement(conn, table, &shape, err), .args = { 1, &value, &length } };
    hg_status st;

    if (call.statement == NULL)
        return HG_E_NOMEM;
    hgi_call_expect(&call, table, &shape, types);
    st = hgi_list_read(conn, table, &shape, &call, (int64_t)count, out, err);
    return st == HG_OK ? hgi_ok(err) : hgi_fail_call(err, table, &shape, st);
}

hg_status
hgi_get_many(hg_conn *conn, const hgi_table *table, const hg_uuid *ids, size_t count, hgi_list **out, hg_error *err)
{
    hg_uuid_list list = { ids, count };
    const char *problem = hgi_uuid_list_check(&list);
    hgi_buffer array = { 0 };
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = check_call(conn, out, err);
    if (st == HG_OK && problem != NULL)
        st = hgi_fail(err, HG_E_INVALID, 0, "ids %s", ids == NULL ? "is NULL" : problem);
    if (st == HG_OK)
        st = hgi_check_read(conn, table, err);
    if (st != HG_OK)
        return st;
    hgi_uuid_list_encode(&list, &array);
    if (array.failed)
        st = hgi_nomem(err);
    else
        st = run_get_many(conn, table, &array, count, out, err);
    hgi_buffer_free(&array);
    return st;
}
