/* json_out.c - a row as a JSON object.
 *
 *     {"id":"0190c0de-...","company_id":null,"salary_min":90000.00,"skills":["C",null],"metadata":{}}
 *
 * Members are the columns' names in the database, in the table's order. Numbers carry every digit
 * that the database holds, and JSON columns stand as they are; what has no form of its own in JSON
 * is a string in the text form of its type: uuid, timestamp, date, inet, enumerated values, NaN and
 * the infinities. json_in.c reads it back to the same row, with two exceptions: JSON's own null in
 * a JSON column becomes SQL NULL, and a value that this build does not know is refused, since it is
 * not writable.
 *
 * Which columns: of a row that was read, those that were. A caller's own row does not say what it
 * sets, so the fields tell: what is not zero, and what is NULL by its bit. What the database sent is
 * printed without a look at it; a caller's text is checked, so that the outcome is always JSON. */
#include "record/column_text.h"

#include <string.h>

static int
is_zero(const void *field, size_t size)
{
    const uint8_t *p = field;

    for (size_t i = 0; i < size; i++)
        if (p[i] != 0)
            return 0;
    return 1;
}

/* A caller's own row: what it tells. */
static uint64_t
given_columns(const hgi_table *table, const hgi_row *row)
{
    uint64_t given = 0;

    for (int32_t i = 0; i < table->info.column_count; i++) {
        if (!hgi_column_is_covered(table, i, row))
            continue;
        if (row->null_mask >> i & 1 ||
            !is_zero(hgi_field(table, i, row), hgi_kind_size(table->info.columns[i].kind)))
            given |= HG_BIT(i);
    }
    return given;
}

static uint64_t
printed_columns(const hgi_table *table, const hgi_row *row)
{
    uint64_t columns = row->loaded_mask & hgi_all_columns(table);

    if (row->loaded_mask == 0)
        return given_columns(table, row);
    for (uint64_t left = columns; left != 0; left &= left - 1)
        if (!hgi_column_is_covered(table, hgi_first_bit(left), row))
            columns &= ~HG_BIT(hgi_first_bit(left));
    return columns;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static const char *
text_problem(const hg_str *text)
{
    if (text->ptr == NULL)
        return text->len > 0 ? "has a length but no text" : NULL;
    return hgi_text_check(text->ptr, text->len, NULL);
}

/* NULL, or why a caller's own field would not give JSON. */
static const char *
problem_of(int32_t kind, const void *field, char *buf, size_t size)
{
    const hg_str *text = field;

    switch (kind) {
    case HG_KIND_TEXT:
        return text_problem(text);
    case HG_KIND_JSON:
        return text->ptr == NULL ? "has a length but no text" : hgi_json_check(text->ptr, text->len);
    case HG_KIND_TEXT_LIST:
        return hgi_text_list_check(field, buf, size);
    case HG_KIND_UUID_LIST:
        return hgi_uuid_list_check(field);
    default:
        return NULL;
    }
}

static void
print_list(const hg_str_list *list, hgi_buffer *json)
{
    hgi_buffer_add_byte(json, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            hgi_buffer_add_byte(json, ',');
        if (hgi_text_list_is_null(list, i))
            hgi_buffer_add_text(json, "null");
        else
            hgi_json_escape(list->items[i].ptr, list->items[i].len, json);
    }
    hgi_buffer_add_byte(json, ']');
}

static void
print_uuid_list(const hg_uuid_list *list, hgi_buffer *json)
{
    char text[HG_UUID_TEXT_SIZE];

    hgi_buffer_add_byte(json, '[');
    for (size_t i = 0; i < list->count; i++) {
        hg_uuid_to_text(&list->items[i], text, sizeof text, NULL);
        hgi_buffer_add_text(json, i > 0 ? ",\"" : "\"");
        hgi_buffer_add_text(json, text);
        hgi_buffer_add_byte(json, '"');
    }
    hgi_buffer_add_byte(json, ']');
}

/* A text form as a string. Only that of an unknown enumerated value may need an escape. */
static hg_status
print_quoted(const hgi_table *table, int32_t column, const void *row, hgi_buffer *json, hg_error *err)
{
    char memory[128];
    hgi_buffer text;
    hg_status st;

    hgi_buffer_on(&text, memory, sizeof memory);
    st = hgi_column_text(table, column, row, &text, err);
    if (st == HG_OK && text.failed)
        st = hgi_nomem(err);
    if (st == HG_OK)
        hgi_json_escape(text.ptr, text.len, json);
    hgi_buffer_free(&text);
    return st;
}

static hg_status
print_value(const hgi_table *table, int32_t column, const void *row, hgi_buffer *json, hg_error *err)
{
    const void *field = hgi_field(table, column, row);
    const hg_str *text = field;

    switch (table->info.columns[column].kind) {
    case HG_KIND_TEXT:
        hgi_json_escape(text->ptr, text->len, json);
        return HG_OK;
    case HG_KIND_TEXT_LIST:
        print_list(field, json);
        return HG_OK;
    case HG_KIND_UUID_LIST:
        print_uuid_list(field, json);
        return HG_OK;
    case HG_KIND_DECIMAL:
        if (((const hg_decimal *)field)->kind != HG_DECIMAL_FINITE)
            return print_quoted(table, column, row, json, err);
        return hgi_column_text(table, column, row, json, err);
    case HG_KIND_JSON:
    case HG_KIND_INT:
    case HG_KIND_BIGINT:
    case HG_KIND_BOOL:
        return hgi_column_text(table, column, row, json, err);
    default:
        return print_quoted(table, column, row, json, err);
    }
}

/* ---- Members --------------------------------------------------------------------------------- */

static hg_status
print_column(const hgi_table *table, int32_t column, const hgi_row *row, hgi_buffer *json, hg_error *err)
{
    const hg_column_info *info = &table->info.columns[column];
    const char *problem;
    char buf[64];

    hgi_json_escape(info->name, strlen(info->name), json);
    hgi_buffer_add_byte(json, ':');
    if (row->null_mask >> column & 1) {
        hgi_buffer_add_text(json, "null");
        return HG_OK;
    }
    problem = row->loaded_mask == 0
                  ? problem_of(info->kind, hgi_field(table, column, row), buf, sizeof buf)
                  : NULL;
    if (problem != NULL)
        return hgi_fail_column(err, HG_E_INVALID, table, column, problem);
    return print_value(table, column, row, json, err);
}

hg_status
hgi_row_to_json(const hgi_table *table, const void *row, hg_text **out, hg_error *err)
{
    hgi_buffer json = { 0 };
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    st = hgi_column_row_check(table, row, err);
    if (st != HG_OK)
        return st;

    hgi_buffer_add_byte(&json, '{');
    for (uint64_t left = printed_columns(table, row); st == HG_OK && left != 0; left &= left - 1) {
        if (json.len > 1)
            hgi_buffer_add_byte(&json, ',');
        st = print_column(table, hgi_first_bit(left), row, &json, err);
    }
    hgi_buffer_add_byte(&json, '}');
    if (st == HG_OK)
        return hgi_text_new(&json, out, err);
    hgi_buffer_free(&json);
    return st;
}
