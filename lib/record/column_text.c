/* column_text.c - one column of a row as text, by ordinal.
 *
 * Text and JSON come as they are, whatever is in them; all other types in their own text form. */
#include "record/column_text.h"

#include <string.h>

/* ---- Enumerated columns ---------------------------------------------------------------------- */

static int32_t
int_of(const hgi_table *table, int32_t column, const void *row)
{
    int32_t value;

    memcpy(&value, hgi_field(table, column, row), sizeof value);
    return value;
}

/* The texts of unknown values stand in the order of their columns: decode.c. */
static hg_str
unknown_text(const hgi_table *table, int32_t column, const void *row)
{
    const hgi_row *head = row;
    const hg_str *texts = NULL;
    size_t before = 0;

    if (table->unknown_offset + sizeof texts <= head->struct_size)
        memcpy(&texts, (const char *)row + table->unknown_offset, sizeof texts);
    if (texts == NULL)
        return (hg_str){ NULL, 0 };
    for (int32_t i = 0; i < column; i++)
        before += table->info.columns[i].kind == HG_KIND_ENUM &&
                  hgi_column_is_covered(table, i, row) && int_of(table, i, row) == -1;
    return texts[before];
}

/* {NULL, 0}: the field holds none of the column's values. */
static hg_str
enum_text(const hgi_table *table, int32_t column, const void *row)
{
    int32_t value = int_of(table, column, row);
    const char *name = hgi_enum_name(table, column, value);

    if (name != NULL)
        return (hg_str){ name, strlen(name) };
    return value == -1 ? unknown_text(table, column, row) : (hg_str){ NULL, 0 };
}

static hg_status
add_enum(const hgi_table *table, int32_t column, const void *row, hgi_buffer *out, hg_error *err)
{
    hg_str text = enum_text(table, column, row);

    if (text.ptr == NULL)
        return hgi_fail_column(err, HG_E_INVALID, table, column, "is none of the column's values");
    hgi_buffer_add(out, text.ptr, text.len);
    return HG_OK;
}

/* ---- The other types ------------------------------------------------------------------------- */

static hg_status
add_bool(const hgi_table *table, int32_t column, const void *row, hgi_buffer *out, hg_error *err)
{
    int32_t value = int_of(table, column, row);

    if (value != 0 && value != 1)
        return hgi_fail_column(err, HG_E_INVALID, table, column, "is neither 0 nor 1");
    hgi_buffer_add_text(out, value ? "true" : "false");
    return HG_OK;
}

static int64_t
bigint_of(const void *field)
{
    int64_t value;

    memcpy(&value, field, sizeof value);
    return value;
}

static hg_status
add_uuid_list(const hgi_table *table, int32_t column, const hg_uuid_list *list, hgi_buffer *out, hg_error *err)
{
    const char *problem = hgi_uuid_list_check(list);

    if (problem != NULL)
        return hgi_fail_column(err, HG_E_INVALID, table, column, problem);
    hgi_uuid_list_literal(list, out);
    return HG_OK;
}

static hg_status
add_list(const hgi_table *table, int32_t column, const hg_str_list *list, hgi_buffer *out, hg_error *err)
{
    char buf[64];
    const char *problem = hgi_text_list_check(list, buf, sizeof buf);

    if (problem != NULL)
        return hgi_fail_column(err, HG_E_INVALID, table, column, problem);
    hgi_text_list_literal(list, out);
    return HG_OK;
}

/* Types whose text has a bounded size. */
static hg_status
add_fixed(const hgi_table *table, int32_t column, const void *row, hgi_buffer *out, hg_error *err)
{
    const void *field = hgi_field(table, column, row);
    char text[64] = "";
    hg_error said;
    hg_status st = HG_E_INTERNAL;

    hgi_fail(&said, st, -1, "no text form");
    switch (table->info.columns[column].kind) {
    case HG_KIND_UUID:
        st = hg_uuid_to_text(field, text, sizeof text, &said);
        break;
    case HG_KIND_DECIMAL:
        st = hg_decimal_to_text(field, text, sizeof text, &said);
        break;
    case HG_KIND_TIMESTAMP:
        st = hg_timestamp_to_text(*(const hg_timestamp *)field, text, sizeof text, &said);
        break;
    case HG_KIND_DATE:
        st = hg_date_to_text(*(const hg_date *)field, text, sizeof text, &said);
        break;
    case HG_KIND_INET:
        st = hg_inet_to_text(field, text, sizeof text, &said);
        break;
    default:
        break;
    }
    if (st != HG_OK)
        return hgi_column_fail_value(err, table, column, &said);
    hgi_buffer_add_text(out, text);
    return HG_OK;
}

/* ---- Shared with JSON ------------------------------------------------------------------------ */

hg_status
hgi_column_row_check(const hgi_table *table, const void *row, hg_error *err)
{
    const hgi_row *head = row;

    if (row == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "row is NULL");
    if (head->struct_size < sizeof *head)
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of the row is %s; set it to sizeof(hg_%s)",
                        head->struct_size == 0 ? "zero" : "too small", table->info.singular);
    return HG_OK;
}

int
hgi_column_is_covered(const hgi_table *table, int32_t column, const void *row)
{
    const hg_column_info *info = &table->info.columns[column];

    return info->offset + hgi_kind_size(info->kind) <= ((const hgi_row *)row)->struct_size;
}

hg_status
hgi_column_fail_value(hg_error *err, const hgi_table *table, int32_t column, const hg_error *said)
{
    hgi_fail(err, said->status, column, "%s.%s: %s", table->info.name,
             table->info.columns[column].name, said->message);
    if (err != NULL)
        strncpy(err->table, table->info.name, sizeof err->table - 1);
    return said->status;
}

hg_status
hgi_column_text(const hgi_table *table, int32_t column, const void *row, hgi_buffer *out, hg_error *err)
{
    const void *field = hgi_field(table, column, row);
    const hg_str *text = field;

    switch (table->info.columns[column].kind) {
    case HG_KIND_TEXT:
    case HG_KIND_JSON:
        hgi_buffer_add(out, text->ptr, text->ptr != NULL ? text->len : 0);
        return HG_OK;
    case HG_KIND_ENUM:
        return add_enum(table, column, row, out, err);
    case HG_KIND_INT:
        hgi_buffer_add_int(out, int_of(table, column, row));
        return HG_OK;
    case HG_KIND_BOOL:
        return add_bool(table, column, row, out, err);
    case HG_KIND_BIGINT:
        hgi_buffer_add_int(out, bigint_of(field));
        return HG_OK;
    case HG_KIND_TEXT_LIST:
        return add_list(table, column, field, out, err);
    case HG_KIND_UUID_LIST:
        return add_uuid_list(table, column, field, out, err);
    default:
        return add_fixed(table, column, row, out, err);
    }
}

/* ---- The public call ------------------------------------------------------------------------- */

/* Whether there is a text to give: not where the column is NULL, was not read, or is not known to
 * the row; a caller's own row has read nothing, and there every field tells but 0 of an enumerated
 * column, which is no value. */
static int
has_text(const hgi_table *table, int32_t column, const void *row)
{
    const hgi_row *head = row;

    if (head->null_mask >> column & 1 || !hgi_column_is_covered(table, column, row))
        return 0;
    if (head->loaded_mask != 0)
        return (int)(head->loaded_mask >> column & 1);
    return table->info.columns[column].kind != HG_KIND_ENUM || int_of(table, column, row) != 0;
}

hg_status
hgi_column_text_new(const hgi_table *table, int32_t column, const void *row, hg_text **out, hg_error *err)
{
    hgi_buffer text = { 0 };
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    if (column < 0 || column >= table->info.column_count)
        return hgi_fail(err, HG_E_INVALID, column, "%s has no column %d", table->info.name, (int)column);
    st = hgi_column_row_check(table, row, err);
    if (st != HG_OK)
        return st;
    if (!has_text(table, column, row))
        return hgi_ok(err);
    st = hgi_column_text(table, column, row, &text, err);
    if (st == HG_OK)
        return hgi_text_new(&text, out, err);
    hgi_buffer_free(&text);
    return st;
}

hg_status
hg_row_column_text(int32_t table, const void *row, int32_t column, hg_text **out, hg_error *err)
{
    const hgi_table *found = hgi_table_of(table);

    if (found != NULL)
        return hgi_column_text_new(found, column, row, out, err);
    if (out != NULL)
        *out = NULL;
    return hgi_fail(err, HG_E_INVALID, -1, "there is no table %d", (int)table);
}
