/* filter.c - filters of one value each: checked, encoded and kept. */
#include "query/query_int.h"

#include <string.h>

#define BIT(op) (1u << (op))
#define ORDERED (BIT(HG_OP_EQ) | BIT(HG_OP_NE) | BIT(HG_OP_LT) | BIT(HG_OP_LE) | BIT(HG_OP_GT) | BIT(HG_OP_GE))
#define EQUAL (BIT(HG_OP_EQ) | BIT(HG_OP_NE))

/* The operators of a kind of column. */
static uint32_t
operators_of(int32_t kind)
{
    switch (kind) {
    case HG_KIND_TEXT:      return ORDERED | BIT(HG_OP_PREFIX) | BIT(HG_OP_CONTAINS);
    case HG_KIND_JSON:      return EQUAL | BIT(HG_OP_INCLUDES) | BIT(HG_OP_HAS_KEY) | BIT(HG_OP_HAS_ANY) |
                                   BIT(HG_OP_HAS_ALL);
    case HG_KIND_TEXT_LIST: return EQUAL | BIT(HG_OP_INCLUDES) | BIT(HG_OP_OVERLAPS);
    case HG_KIND_INET:      return ORDERED | BIT(HG_OP_WITHIN);
    case HG_KIND_ENUM:
    case HG_KIND_BOOL:      return EQUAL;
    default:                return ORDERED;
    }
}

hg_status
hgi_query_operator(const hg_query *query, int32_t column, int32_t op, int32_t kind, const char *what, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);
    const hg_column_info *info;

    if (st != HG_OK)
        return st;
    info = &query->table->info.columns[column];
    if (op < HG_OP_EQ || op > HG_OP_WITHIN || !(operators_of(info->kind) & BIT(op)))
        return hgi_fail(err, HG_E_INVALID, column, "%s.%s is %s, which does not have that operator",
                        query->table->info.name, info->name, info->sql_type);
    if (info->kind != kind)
        return hgi_fail(err, HG_E_INVALID, column, "%s.%s is %s and cannot be compared with %s", query->table->info.name,
                        info->name, info->sql_type, what);
    return HG_OK;
}

/* What was appended is taken back if not all of it could be. */
static hg_status
settle(hg_query *query, size_t nodes, size_t values, size_t data, hg_error *err)
{
    if (!query->nodes.failed && !query->values.failed && !query->data.failed)
        return hgi_ok(err);
    query->nodes.len = nodes;
    query->values.len = values;
    query->data.len = data;
    query->nodes.failed = query->values.failed = query->data.failed = 0;
    return hgi_nomem(err);
}

static void
add_value(hg_query *query, uint32_t type, const char *value, size_t len)
{
    hgi_value kept = { .offset = query->data.len, .len = (int32_t)len, .type = type };

    hgi_buffer_add(&query->data, value, len);
    hgi_buffer_add(&query->values, (const char *)&kept, sizeof kept);
}

static void
add_node(hg_query *query, int kind, int32_t op, int32_t column)
{
    hgi_node node = { (uint8_t)kind, (uint8_t)op, (uint8_t)column, 0 };

    hgi_buffer_add(&query->nodes, (const char *)&node, sizeof node);
}

static hg_status
check_room(const hg_query *query, int32_t column, size_t len, hg_error *err)
{
    if (query->values.len / sizeof(hgi_value) >= HGI_VALUES_MAX - 1 ||
        query->nodes.len / sizeof(hgi_node) >= 2 * HGI_VALUES_MAX)
        return hgi_fail(err, HG_E_INVALID, column, "a query has %d filters at most", HGI_VALUES_MAX);
    if (len > HGI_VALUE_MAX)
        return hgi_fail(err, HG_E_INVALID, column, "the value is longer than PostgreSQL can hold");
    return HG_OK;
}

hg_status
hgi_query_add(hg_query *query, int kind, int32_t op, int32_t column, uint32_t type, const char *value, size_t len,
              hg_error *err)
{
    size_t nodes = query->nodes.len, values = query->values.len, data = query->data.len;
    hg_status st = check_room(query, column, len, err);

    if (st != HG_OK)
        return st;
    add_value(query, type, value, len);
    add_node(query, kind, op, column);
    st = settle(query, nodes, values, data, err);
    if (st == HG_OK)
        query->used |= HG_BIT(column);
    return st;
}

static hg_status
add_compare(hg_query *query, int32_t op, int32_t column, const char *value, size_t len, hg_error *err)
{
    return hgi_query_add(query, HGI_NODE_COMPARE, op, column, query->table->types[column], value, len, err);
}

/* ---- Numbers, times, keys ---------------------------------------------------------------------------------------------- */

hg_status
hg_query_where_int(hg_query *query, int32_t column, int32_t op, int64_t value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_INT, "an integer", err);
    char bytes[4];

    if (st == HG_OK && (value < INT32_MIN || value > INT32_MAX))
        st = hgi_fail_column(err, HG_E_INVALID, query->table, column, "is an integer of 32 bits, which the value does not fit");
    if (st != HG_OK)
        return st;
    hgi_put32(bytes, (uint32_t)(int32_t)value);
    return add_compare(query, op, column, bytes, sizeof bytes, err);
}

hg_status
hg_query_where_bool(hg_query *query, int32_t column, int32_t op, int32_t value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_BOOL, "a boolean", err);
    char byte = (char)value;

    if (st == HG_OK && value != 0 && value != 1)
        st = hgi_fail_column(err, HG_E_INVALID, query->table, column, "is compared with a value that is neither 0 nor 1");
    return st == HG_OK ? add_compare(query, op, column, &byte, 1, err) : st;
}

hg_status
hg_query_where_enum(hg_query *query, int32_t column, int32_t op, int32_t value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_ENUM, "an enumerated value", err);
    const char *name;

    if (st != HG_OK)
        return st;
    name = hgi_enum_name(query->table, column, value);
    if (name == NULL)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "does not have that value");
    return add_compare(query, op, column, name, strlen(name), err);
}

hg_status
hg_query_where_uuid(hg_query *query, int32_t column, int32_t op, const hg_uuid *value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_UUID, "a uuid", err);

    if (st == HG_OK && value == NULL)
        st = hgi_fail(err, HG_E_INVALID, column, "value is NULL");
    return st == HG_OK ? add_compare(query, op, column, (const char *)value->bytes, sizeof *value, err) : st;
}

hg_status
hg_query_where_time(hg_query *query, int32_t column, int32_t op, hg_timestamp value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_TIMESTAMP, "a time", err);
    char bytes[8];

    if (st == HG_OK && hgi_timestamp_check(value) != HG_OK)
        st = hgi_fail_column(err, HG_E_INVALID, query->table, column, "is compared with a time that PostgreSQL cannot hold");
    if (st != HG_OK)
        return st;
    hgi_timestamp_encode(value, bytes);
    return add_compare(query, op, column, bytes, sizeof bytes, err);
}

hg_status
hg_query_where_date(hg_query *query, int32_t column, int32_t op, hg_date value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_DATE, "a date", err);
    char bytes[4];

    if (st == HG_OK && hgi_date_check(value) != HG_OK)
        st = hgi_fail_column(err, HG_E_INVALID, query->table, column, "is compared with a date that PostgreSQL cannot hold");
    if (st != HG_OK)
        return st;
    hgi_date_encode(value, bytes);
    return add_compare(query, op, column, bytes, sizeof bytes, err);
}

hg_status
hg_query_where_decimal(hg_query *query, int32_t column, int32_t op, const hg_decimal *value, hg_error *err)
{
    enum { ANY_PRECISION = 0 };
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_DECIMAL, "a decimal", err);
    char bytes[HGI_DECIMAL_BYTES];
    const char *problem;

    if (st == HG_OK && value == NULL)
        st = hgi_fail(err, HG_E_INVALID, column, "value is NULL");
    if (st != HG_OK)
        return st;
    problem = hgi_decimal_check(value, ANY_PRECISION, 0);
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, column, "the value to compare %s.%s with %s", query->table->info.name,
                        query->table->info.columns[column].name, problem);
    return add_compare(query, op, column, bytes, hgi_decimal_encode(value, bytes), err);
}

hg_status
hg_query_where_inet(hg_query *query, int32_t column, int32_t op, const hg_inet *value, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_INET, "an address", err);
    char bytes[HGI_INET_BYTES];
    const char *problem;

    if (st == HG_OK && value == NULL)
        st = hgi_fail(err, HG_E_INVALID, column, "value is NULL");
    if (st != HG_OK)
        return st;
    problem = hgi_inet_check(value);
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, column, "the address to compare with %s", problem);
    return add_compare(query, op, column, bytes, hgi_inet_encode(value, bytes), err);
}

hg_status
hg_query_where_null(hg_query *query, int32_t column, int32_t is_null, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);
    size_t nodes;

    if (st == HG_OK && is_null != 0 && is_null != 1)
        st = hgi_fail(err, HG_E_INVALID, column, "is_null is neither 0 nor 1");
    if (st == HG_OK)
        st = check_room(query, column, 0, err);
    if (st != HG_OK)
        return st;
    nodes = query->nodes.len;
    add_node(query, HGI_NODE_NULL, is_null, column);
    st = settle(query, nodes, query->values.len, query->data.len, err);
    if (st == HG_OK)
        query->used |= HG_BIT(column);
    return st;
}

/* ---- Text ------------------------------------------------------------------------------------------------------------------ */

static hg_status
check_text(const hg_query *query, int32_t column, const char *ptr, size_t len, hg_error *err)
{
    const char *problem = ptr == NULL && len > 0 ? "has a length but no text"
                          : len > HGI_VALUE_MAX ? "is longer than PostgreSQL can hold" : hgi_text_check(ptr, len, NULL);

    if (problem == NULL)
        return HG_OK;
    return hgi_fail(err, HG_E_INVALID, column, "the text to compare %s.%s with %s", query->table->info.name,
                    query->table->info.columns[column].name, problem);
}

/* A pattern that means the text itself: LIKE's own characters are escaped. */
static void
add_pattern(hgi_buffer *pattern, int32_t op, const char *ptr, size_t len)
{
    if (op == HG_OP_CONTAINS)
        hgi_buffer_add_byte(pattern, '%');
    for (size_t i = 0; i < len; i++) {
        if (ptr[i] == '%' || ptr[i] == '_' || ptr[i] == '\\')
            hgi_buffer_add_byte(pattern, '\\');
        hgi_buffer_add_byte(pattern, ptr[i]);
    }
    hgi_buffer_add_byte(pattern, '%');
}

/* A text, or for PREFIX and CONTAINS its pattern, as the value of a filter. */
static hg_status
add_text(hg_query *query, int kind, int32_t op, int32_t column, uint32_t type, const char *ptr, size_t len, hg_error *err)
{
    hgi_buffer pattern = { 0 };
    hg_status st;

    if (op != HG_OP_PREFIX && op != HG_OP_CONTAINS)
        return hgi_query_add(query, kind, op, column, type, ptr != NULL ? ptr : "", len, err);
    add_pattern(&pattern, op, ptr, len);
    st = pattern.failed ? hgi_nomem(err)
                        : hgi_query_add(query, kind, op, column, HGI_OID_TEXT, pattern.ptr, pattern.len, err);
    hgi_buffer_free(&pattern);
    return st;
}

/* The name of a value of an enumerated column. */
static hg_status
where_enum_name(hg_query *query, int32_t column, int32_t op, const char *ptr, size_t len, hg_error *err)
{
    int32_t value = hgi_enum_parse(query->table, column, ptr, len);

    if (value < 0)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "does not have that value");
    return hg_query_where_enum(query, column, op, value, err);
}

hg_status
hg_query_where_text(hg_query *query, int32_t column, int32_t op, const char *ptr, size_t len, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);
    int32_t kind;

    if (st == HG_OK)
        st = check_text(query, column, ptr, len, err);
    if (st != HG_OK)
        return st;
    kind = query->table->info.columns[column].kind;
    if (kind == HG_KIND_ENUM)
        return where_enum_name(query, column, op, ptr, len, err);
    if (kind == HG_KIND_JSON && op == HG_OP_HAS_KEY)
        return add_text(query, HGI_NODE_COMPARE, op, column, HGI_OID_TEXT, ptr, len, err);
    st = hgi_query_operator(query, column, op, HG_KIND_TEXT, "a text", err);
    return st == HG_OK ? add_text(query, HGI_NODE_COMPARE, op, column, query->table->types[column], ptr, len, err) : st;
}

/* ---- JSON and lists ---------------------------------------------------------------------------------------------------------- */

hg_status
hg_query_where_json(hg_query *query, int32_t column, int32_t op, const char *ptr, size_t len, hg_error *err)
{
    hg_status st = hgi_query_operator(query, column, op, HG_KIND_JSON, "JSON", err);
    hgi_buffer value = { 0 };
    const char *problem;

    if (st == HG_OK && op != HG_OP_EQ && op != HG_OP_NE && op != HG_OP_INCLUDES)
        st = hgi_fail_column(err, HG_E_INVALID, query->table, column, "is asked for keys with a text or a list of them");
    if (st != HG_OK)
        return st;
    problem = ptr == NULL ? "is empty"
              : len >= HGI_VALUE_MAX ? "is longer than PostgreSQL can hold" : hgi_json_check(ptr, len);
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, column, "the JSON to compare %s.%s with %s", query->table->info.name,
                        query->table->info.columns[column].name, problem);
    hgi_buffer_add_byte(&value, 1);                    /* jsonb_recv: the version */
    hgi_buffer_add(&value, ptr, len);
    st = value.failed ? hgi_nomem(err) : add_compare(query, op, column, value.ptr, value.len, err);
    hgi_buffer_free(&value);
    return st;
}

hg_status
hgi_query_encode_list(int32_t column, const char *buf, const uint64_t *ends, const uint8_t *nulls, size_t count,
                      uint32_t element, hgi_buffer *out, hg_error *err)
{
    size_t start = 0;
    int has_null = 0;
    char *p;

    if (count > 0 && ends == NULL)
        return hgi_fail(err, HG_E_INVALID, column, "ends is NULL");
    if (count > INT32_MAX)
        return hgi_fail(err, HG_E_INVALID, column, "the list is too long");
    hgi_buffer_room(out, 20);
    for (size_t i = 0; i < count; i++) {
        int is_null = nulls != NULL && (nulls[i / 8] >> (i % 8) & 1) != 0;
        size_t len = (size_t)ends[i] - start;

        if (ends[i] < start || (buf == NULL && len > 0))
            return hgi_fail(err, HG_E_INVALID, column, "ends does not ascend");
        if (len > HGI_VALUE_MAX)
            return hgi_fail(err, HG_E_INVALID, column, "element %zu of the list is longer than PostgreSQL can hold", i);
        if (!is_null && hgi_text_check(buf + start, len, NULL) != NULL)
            return hgi_fail(err, HG_E_INVALID, column, "element %zu of the list %s", i, hgi_text_check(buf + start, len, NULL));
        p = hgi_buffer_room(out, 4);
        if (p != NULL)
            hgi_put32(p, is_null ? UINT32_MAX : (uint32_t)len);
        if (!is_null && len > 0)
            hgi_buffer_add(out, buf + start, len);
        has_null |= is_null;
        start = (size_t)ends[i];
    }
    if (out->failed)
        return hgi_nomem(err);
    hgi_put32(out->ptr, 1);
    hgi_put32(out->ptr + 4, (uint32_t)has_null);
    hgi_put32(out->ptr + 8, element);
    hgi_put32(out->ptr + 12, (uint32_t)count);
    hgi_put32(out->ptr + 16, 1);
    return HG_OK;
}

hg_status
hg_query_where_text_list(hg_query *query, int32_t column, int32_t op, const char *buf, const uint64_t *ends,
                         const uint8_t *nulls, size_t count, hg_error *err)
{
    int keys = op == HG_OP_HAS_ANY || op == HG_OP_HAS_ALL;
    hg_status st = hgi_query_operator(query, column, op, keys ? HG_KIND_JSON : HG_KIND_TEXT_LIST, "a list", err);
    hgi_buffer array = { 0 };

    if (st == HG_OK)
        st = hgi_query_encode_list(column, buf, ends, nulls, count, HGI_OID_TEXT, &array, err);
    if (st == HG_OK)
        st = hgi_query_add(query, HGI_NODE_COMPARE, op, column, HGI_OID_TEXT_ARRAY, array.ptr, array.len, err);
    hgi_buffer_free(&array);
    return st;
}

static hg_status
check_path(const hg_query *query, int32_t column, int32_t op, hg_error *err)
{
    hg_status st = hgi_query_column(query, column, err);

    if (st != HG_OK)
        return st;
    if (query->table->info.columns[column].kind != HG_KIND_JSON)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "is not JSON and has no paths");
    if (op < HG_OP_EQ || op > HG_OP_CONTAINS)
        return hgi_fail_column(err, HG_E_INVALID, query->table, column, "compares what is at a path as text");
    return HG_OK;
}

hg_status
hg_query_where_json_path(hg_query *query, int32_t column, const char *path_buf, const uint64_t *path_ends,
                         size_t path_count, int32_t op, const char *ptr, size_t len, hg_error *err)
{
    hg_status st = check_path(query, column, op, err);
    hgi_buffer path = { 0 };
    size_t nodes, values, data;

    if (st == HG_OK)
        st = check_text(query, column, ptr, len, err);
    if (st == HG_OK)
        st = hgi_query_encode_list(column, path_buf, path_ends, NULL, path_count, HGI_OID_TEXT, &path, err);
    if (st == HG_OK)
        st = check_room(query, column, path.len, err);
    if (st != HG_OK) {
        hgi_buffer_free(&path);
        return st;
    }
    nodes = query->nodes.len, values = query->values.len, data = query->data.len;
    add_value(query, HGI_OID_TEXT_ARRAY, path.ptr, path.len);
    hgi_buffer_free(&path);
    st = settle(query, nodes, values, data, err);
    if (st == HG_OK)
        st = add_text(query, HGI_NODE_PATH, op, column, HGI_OID_TEXT, ptr, len, err);
    if (st != HG_OK) {
        query->values.len = values;
        query->data.len = data;
    }
    return st;
}

/* ---- Groups ---------------------------------------------------------------------------------------------------------------- */

static hg_status
open_group(hg_query *query, int kind, hg_error *err)
{
    size_t nodes;
    hg_status st;

    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (query->depth == HGI_DEPTH_MAX)
        return hgi_fail(err, HG_E_INVALID, -1, "groups are nested more than %d deep", HGI_DEPTH_MAX);
    st = check_room(query, -1, 0, err);
    if (st != HG_OK)
        return st;
    nodes = query->nodes.len;
    add_node(query, kind, 0, 0);
    st = settle(query, nodes, query->values.len, query->data.len, err);
    query->depth += st == HG_OK;
    return st;
}

hg_status
hg_query_any(hg_query *query, hg_error *err)
{
    return open_group(query, HGI_NODE_ANY, err);
}

hg_status
hg_query_all(hg_query *query, hg_error *err)
{
    return open_group(query, HGI_NODE_ALL, err);
}

hg_status
hg_query_not(hg_query *query, hg_error *err)
{
    return open_group(query, HGI_NODE_NOT, err);
}

hg_status
hg_query_end(hg_query *query, hg_error *err)
{
    size_t nodes;
    hg_status st;

    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (query->depth == 0)
        return hgi_fail(err, HG_E_STATE, -1, "no group of the query is open");
    nodes = query->nodes.len;
    add_node(query, HGI_NODE_END, 0, 0);
    st = settle(query, nodes, query->values.len, query->data.len, err);
    query->depth -= st == HG_OK;
    return st;
}
