/* in.c - filters by a list of values: one array, however many they are. */
#include "query/query_int.h"

#include <string.h>

/* The head of an array of fixed-size elements, as array_recv reads it, and room for them. NULL: out of memory. */
static char *
open_array(hgi_buffer *array, uint32_t element, size_t count, size_t size)
{
    char *p = hgi_buffer_room(array, 20 + count * (4 + size));

    if (p == NULL)
        return NULL;
    hgi_put32(p, 1);
    hgi_put32(p + 4, 0);
    hgi_put32(p + 8, element);
    hgi_put32(p + 12, (uint32_t)count);
    hgi_put32(p + 16, 1);
    for (size_t i = 0; i < count; i++)
        hgi_put32(p + 20 + i * (4 + size), (uint32_t)size);
    return p + 24;
}

static hg_status
check_in(const hg_query *query, int32_t column, int32_t kind, const char *what, const void *values, size_t count,
         hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, HG_OP_EQ, kind, what, err);

    if (st == HG_OK && values == NULL && count > 0)
        st = hgi_fail(err, HG_E_INVALID, column, "values is NULL");
    if (st == HG_OK && count > 10 * 1000 * 1000)
        st = hgi_fail(err, HG_E_INVALID, column, "the list is too long");
    return st;
}

static hg_status
add_array(hg_query *query, int32_t column, uint32_t type, int with_null, hgi_buffer *array, hg_error *err)
{
    hg_status st = array->failed ? hgi_nomem(err)
                                 : hgi_query_add(query, HGI_NODE_IN, with_null, column, type, array->ptr, array->len, err);

    hgi_buffer_free(array);
    return st;
}

hg_status
hg_query_where_in_int(hg_query *query, int32_t column, const int32_t *values, size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_INT, "integers", values, count, err);
    hgi_buffer array = { 0 };
    char *p;

    if (st != HG_OK)
        return st;
    p = open_array(&array, HGI_OID_INT4, count, 4);
    for (size_t i = 0; p != NULL && i < count; i++)
        hgi_put32(p + 8 * i, (uint32_t)values[i]);
    return add_array(query, column, HGI_OID_INT4_ARRAY, 0, &array, err);
}

hg_status
hg_query_where_in_uuid(hg_query *query, int32_t column, const hg_uuid *values, size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_UUID, "uuids", values, count, err);
    hgi_buffer array = { 0 };
    char *p;

    if (st != HG_OK)
        return st;
    p = open_array(&array, HGI_OID_UUID, count, 16);
    for (size_t i = 0; p != NULL && i < count; i++)
        memcpy(p + 20 * i, values[i].bytes, 16);
    return add_array(query, column, HGI_OID_UUID_ARRAY, 0, &array, err);
}

hg_status
hg_query_where_in_date(hg_query *query, int32_t column, const hg_date *values, size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_DATE, "dates", values, count, err);
    hgi_buffer array = { 0 };
    char *p;

    for (size_t i = 0; st == HG_OK && i < count; i++)
        if (hgi_date_check(values[i]) != HG_OK)
            st = hgi_fail(err, HG_E_INVALID, column, "value %zu is a date that PostgreSQL cannot hold", i);
    if (st != HG_OK)
        return st;
    p = open_array(&array, HGI_OID_DATE, count, 4);
    for (size_t i = 0; p != NULL && i < count; i++)
        hgi_date_encode(values[i], p + 8 * i);
    return add_array(query, column, HGI_OID_DATE_ARRAY, 0, &array, err);
}

hg_status
hg_query_where_in_time(hg_query *query, int32_t column, const hg_timestamp *values, size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_TIMESTAMP, "times", values, count, err);
    hgi_buffer array = { 0 };
    char *p;

    for (size_t i = 0; st == HG_OK && i < count; i++)
        if (hgi_timestamp_check(values[i]) != HG_OK)
            st = hgi_fail(err, HG_E_INVALID, column, "value %zu is a time that PostgreSQL cannot hold", i);
    if (st != HG_OK)
        return st;
    p = open_array(&array, HGI_OID_TIMESTAMP, count, 8);
    for (size_t i = 0; p != NULL && i < count; i++)
        hgi_timestamp_encode(values[i], p + 12 * i);
    return add_array(query, column, HGI_OID_TIMESTAMP_ARRAY, 0, &array, err);
}

/* An array of elements that have no fixed size, one after the other: a head, to be completed with the count. */
static void
add_element(hgi_buffer *array, const char *bytes, size_t len)
{
    char *p;

    if (array->len == 0)
        hgi_buffer_room(array, 20);
    p = hgi_buffer_room(array, 4);
    if (p != NULL)
        hgi_put32(p, (uint32_t)len);
    hgi_buffer_add(array, bytes, len);
}

static void
close_array(hgi_buffer *array, uint32_t element, size_t count)
{
    if (array->len == 0)
        hgi_buffer_room(array, 20);
    if (array->failed)
        return;
    hgi_put32(array->ptr, 1);
    hgi_put32(array->ptr + 4, 0);
    hgi_put32(array->ptr + 8, element);
    hgi_put32(array->ptr + 12, (uint32_t)count);
    hgi_put32(array->ptr + 16, 1);
}

hg_status
hg_query_where_in_decimal(hg_query *query, int32_t column, const hg_decimal *values, size_t count, hg_error *err)
{
    enum { ANY_PRECISION = 0 };
    hg_status st = check_in(query, column, HG_KIND_DECIMAL, "decimals", values, count, err);
    hgi_buffer array = { 0 };

    for (size_t i = 0; st == HG_OK && i < count; i++) {
        const char *problem = hgi_decimal_check(&values[i], ANY_PRECISION, 0);
        char bytes[HGI_DECIMAL_BYTES];

        if (problem != NULL)
            st = hgi_fail(err, HG_E_INVALID, column, "value %zu of the list %s", i, problem);
        else
            add_element(&array, bytes, hgi_decimal_encode(&values[i], bytes));
    }
    close_array(&array, HGI_OID_NUMERIC, count);
    if (st == HG_OK)
        return add_array(query, column, HGI_OID_NUMERIC_ARRAY, 0, &array, err);
    hgi_buffer_free(&array);
    return st;
}

hg_status
hg_query_where_in_inet(hg_query *query, int32_t column, const hg_inet *values, size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_INET, "addresses", values, count, err);
    hgi_buffer array = { 0 };

    for (size_t i = 0; st == HG_OK && i < count; i++) {
        const char *problem = hgi_inet_check(&values[i]);
        char bytes[HGI_INET_BYTES];

        if (problem != NULL)
            st = hgi_fail(err, HG_E_INVALID, column, "value %zu of the list %s", i, problem);
        else
            add_element(&array, bytes, hgi_inet_encode(&values[i], bytes));
    }
    close_array(&array, HGI_OID_INET, count);
    if (st == HG_OK)
        return add_array(query, column, HGI_OID_INET_ARRAY, 0, &array, err);
    hgi_buffer_free(&array);
    return st;
}

hg_status
hg_query_where_in_enum(hg_query *query, int32_t column, const int32_t *values, size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_ENUM, "enumerated values", values, count, err);
    hgi_buffer names = { 0 }, ends = { 0 };

    for (size_t i = 0; st == HG_OK && i < count; i++) {
        const char *name = hgi_enum_name(query->table, column, values[i]);
        uint64_t end;

        if (name == NULL)
            st = hgi_fail(err, HG_E_INVALID, column, "value %zu is none of the column's", i);
        else
            hgi_buffer_add_text(&names, name);
        end = names.len;
        hgi_buffer_add(&ends, (const char *)&end, sizeof end);
    }
    if (st == HG_OK && (names.failed || ends.failed))
        st = hgi_nomem(err);
    if (st == HG_OK) {
        hgi_buffer array = { 0 };

        st = hgi_query_encode_list(column, names.ptr, (const uint64_t *)(void *)ends.ptr, NULL, count,
                                   HGI_OID_VARCHAR, &array, err);
        if (st == HG_OK)
            st = add_array(query, column, HGI_OID_VARCHAR_ARRAY, 0, &array, err);
        else
            hgi_buffer_free(&array);
    }
    hgi_buffer_free(&names);
    hgi_buffer_free(&ends);
    return st;
}

hg_status
hg_query_where_in_text(hg_query *query, int32_t column, const char *buf, const uint64_t *ends, const uint8_t *nulls,
                       size_t count, hg_error *err)
{
    hg_status st = check_in(query, column, HG_KIND_TEXT, "texts", ends, count, err);
    hgi_buffer array = { 0 };
    uint32_t element;
    int with_null = 0;

    if (st != HG_OK)
        return st;
    element = query->table->types[column];
    for (size_t i = 0; nulls != NULL && i < count; i++)
        with_null |= nulls[i / 8] >> (i % 8) & 1;
    st = hgi_query_encode_list(column, buf, ends, nulls, count, element, &array, err);
    if (st != HG_OK) {
        hgi_buffer_free(&array);
        return st;
    }
    return add_array(query, column, element == HGI_OID_VARCHAR ? HGI_OID_VARCHAR_ARRAY : HGI_OID_TEXT_ARRAY, with_null,
                     &array, err);
}
