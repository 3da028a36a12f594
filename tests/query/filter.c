/* filter.c - filters through the library and as hand-written SQL; see filter.h. */
#include "query/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
kind_has_operator(int32_t kind, int32_t op)
{
    if (op == HG_OP_EQ || op == HG_OP_NE || op == OP_IS_NULL || op == OP_IS_NOT_NULL)
        return 1;
    switch (op) {
    case HG_OP_LT: case HG_OP_LE: case HG_OP_GT: case HG_OP_GE:
        return kind != HG_KIND_JSON && kind != HG_KIND_TEXT_LIST && kind != HG_KIND_BOOL && kind != HG_KIND_ENUM;
    case HG_OP_PREFIX: case HG_OP_CONTAINS:
        return kind == HG_KIND_TEXT;
    case HG_OP_INCLUDES:
        return kind == HG_KIND_JSON || kind == HG_KIND_TEXT_LIST;
    case HG_OP_OVERLAPS:
        return kind == HG_KIND_TEXT_LIST;
    case HG_OP_HAS_KEY: case HG_OP_HAS_ANY: case HG_OP_HAS_ALL: case OP_PATH:
        return kind == HG_KIND_JSON;
    default:
        return kind == HG_KIND_INET;
    }
}

const char *
op_name(int32_t op)
{
    static const char *const names[] = { "?", "=", "<>", "<", "<=", ">", ">=", "prefix", "contains", "@>", "&&", "?", "?|",
                                         "?&", "<<=", "is null", "is not null", "path" };

    return names[op];
}

packed_list
pack_list(const hg_str_list *list)
{
    packed_list packed = { .count = list->count };
    size_t total = 0, at = 0;

    for (size_t i = 0; i < list->count; i++)
        total += list->items[i].len;
    packed.buf = fixture_memory(total + 1);
    packed.ends = fixture_memory(list->count * sizeof *packed.ends + 8);
    packed.nulls = fixture_memory(list->count / 8 + 1);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].len > 0)
            memcpy(packed.buf + at, list->items[i].ptr, list->items[i].len);
        at += list->items[i].len;
        packed.ends[i] = at;
    }
    if (list->nulls != NULL)
        memcpy(packed.nulls, list->nulls, (list->count + 7) / 8);
    return packed;
}

/* ---- The library's calls ----------------------------------------------------------------------------------------------- */

static hg_status
add_list(hg_query *query, int32_t column, int32_t op, const hg_str_list *list)
{
    packed_list packed = pack_list(list);

    return hg_query_where_text_list(query, column, op, packed.buf, packed.ends, packed.nulls, packed.count, &err);
}

static hg_status
add_json(hg_query *query, int32_t column, int32_t op, const operand *with)
{
    packed_list path;

    switch (op) {
    case HG_OP_HAS_KEY:
        return hg_query_where_text(query, column, op, with->value.text.ptr, with->value.text.len, &err);
    case HG_OP_HAS_ANY: case HG_OP_HAS_ALL:
        return add_list(query, column, op, &with->value.list);
    case OP_PATH:
        path = pack_list(&with->path);
        return hg_query_where_json_path(query, column, path.buf, path.ends, path.count, with->path_op,
                                        with->value.text.ptr, with->value.text.len, &err);
    default:
        return hg_query_where_json(query, column, op, with->value.text.ptr, with->value.text.len, &err);
    }
}

hg_status
filter_add(hg_query *query, int32_t kind, int32_t column, int32_t op, const operand *with)
{
    if (op == OP_IS_NULL || op == OP_IS_NOT_NULL)
        return hg_query_where_null(query, column, op == OP_IS_NULL, &err);
    switch (kind) {
    case HG_KIND_UUID:      return hg_query_where_uuid(query, column, op, &with->value.uuid, &err);
    case HG_KIND_TEXT:      return hg_query_where_text(query, column, op, with->value.text.ptr, with->value.text.len, &err);
    case HG_KIND_JSON:      return add_json(query, column, op, with);
    case HG_KIND_ENUM:      return hg_query_where_enum(query, column, op, with->value.integer, &err);
    case HG_KIND_INT:       return hg_query_where_int(query, column, op, with->value.integer, &err);
    case HG_KIND_BOOL:      return hg_query_where_bool(query, column, op, with->value.integer, &err);
    case HG_KIND_DECIMAL:   return hg_query_where_decimal(query, column, op, &with->value.decimal, &err);
    case HG_KIND_TIMESTAMP: return hg_query_where_time(query, column, op, with->value.time, &err);
    case HG_KIND_DATE:      return hg_query_where_date(query, column, op, with->value.integer, &err);
    case HG_KIND_TEXT_LIST: return add_list(query, column, op, &with->value.list);
    default:                return hg_query_where_inet(query, column, op, &with->value.inet, &err);
    }
}

/* ---- The same by hand ------------------------------------------------------------------------------------------------------ */

static const char *
text_literal(const hg_str *text)
{
    return sql_literal(fixture_text("%.*s", (int)text->len, text->len > 0 ? text->ptr : ""));
}

static const char *
list_literal(const hg_str_list *list)
{
    const char *all = "ARRAY[";

    for (size_t i = 0; i < list->count; i++)
        all = fixture_text("%s%s%s", all, i > 0 ? "," : "",
                           hgi_text_list_is_null(list, i) ? "NULL" : text_literal(&list->items[i]));
    return fixture_text("%s]::text[]", all);
}

/* The column's value as a literal, made by the public to_text calls, which have tests of their own. */
static const char *
value_literal(const hg_column_info *column, const operand *with)
{
    char text[128];

    switch (column->kind) {
    case HG_KIND_UUID:
        return fixture_text("'%s'::uuid", uuid_text(&with->value.uuid));
    case HG_KIND_TEXT:
        return text_literal(&with->value.text);
    case HG_KIND_JSON:
        return fixture_text("%s::jsonb", text_literal(&with->value.text));
    case HG_KIND_ENUM:
        return sql_literal(column->values[with->value.integer - 1]);
    case HG_KIND_INT:
        return fixture_text("(%d)", (int)with->value.integer);
    case HG_KIND_BOOL:
        return with->value.integer ? "true" : "false";
    case HG_KIND_DECIMAL:
        ck_ok(hg_decimal_to_text(&with->value.decimal, text, sizeof text, &err), err);
        return fixture_text("'%s'::numeric", text);
    case HG_KIND_TIMESTAMP:
        ck_ok(hg_timestamp_to_text(with->value.time, text, sizeof text, &err), err);
        return fixture_text("'%s'::timestamp", text);
    case HG_KIND_DATE:
        ck_ok(hg_date_to_text(with->value.integer, text, sizeof text, &err), err);
        return fixture_text("'%s'::date", text);
    case HG_KIND_TEXT_LIST:
        return list_literal(&with->value.list);
    default:
        ck_ok(hg_inet_to_text(&with->value.inet, text, sizeof text, &err), err);
        return fixture_text("'%s'::inet", text);
    }
}

/* starts_with and strpos know no pattern at all. */
static const char *
text_sql(const char *name, int32_t op, const char *literal)
{
    static const char *const simple[] = { [HG_OP_EQ] = "=", [HG_OP_NE] = "IS DISTINCT FROM", [HG_OP_LT] = "<",
                                          [HG_OP_LE] = "<=", [HG_OP_GT] = ">", [HG_OP_GE] = ">=" };

    if (op == HG_OP_PREFIX)
        return fixture_text("starts_with(%s, %s)", name, literal);
    if (op == HG_OP_CONTAINS)
        return fixture_text("strpos(lower(%s), lower(%s)) > 0", name, literal);
    return fixture_text("%s %s %s", name, simple[op], literal);
}

const char *
filter_sql(const hg_column_info *column, int32_t op, const operand *with)
{
    static const char *const special[] = { [HG_OP_INCLUDES] = "@>", [HG_OP_OVERLAPS] = "&&", [HG_OP_HAS_KEY] = "?",
                                           [HG_OP_HAS_ANY] = "?|", [HG_OP_HAS_ALL] = "?&", [HG_OP_WITHIN] = "<<=" };

    switch (op) {
    case OP_IS_NULL:
        return fixture_text("%s IS NULL", column->name);
    case OP_IS_NOT_NULL:
        return fixture_text("%s IS NOT NULL", column->name);
    case OP_PATH:
        return text_sql(fixture_text("(%s #>> %s)", column->name, list_literal(&with->path)), with->path_op,
                        text_literal(&with->value.text));
    case HG_OP_HAS_KEY:
        return fixture_text("%s ? %s", column->name, text_literal(&with->value.text));
    case HG_OP_HAS_ANY: case HG_OP_HAS_ALL:
        return fixture_text("%s %s %s", column->name, special[op], list_literal(&with->value.list));
    case HG_OP_INCLUDES: case HG_OP_OVERLAPS: case HG_OP_WITHIN:
        return fixture_text("%s %s %s", column->name, special[op], value_literal(column, with));
    default:
        return text_sql(column->name, op, value_literal(column, with));
    }
}
