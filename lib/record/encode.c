/* encode.c - a row's fields as arguments of a statement, all binary, with the column's exact type.
 *
 * Text, uuids and the like stand in the caller's memory as the server wants them, and are pointed to. The others are
 * made in a kilobyte on the stack, and in blocks only when that is full. */
#include "record/record_int.h"

#include <assert.h>
#include <string.h>

void
hgi_params_add(hgi_params *params, const void *ptr, size_t len)
{
    assert(len <= INT32_MAX);                         /* rules.c has seen to it */
    params->values[params->count] = ptr;
    params->lengths[params->count] = (int)len;
    params->count++;
}

char *
hgi_params_room(hgi_params *params, size_t size)
{
    char *room;

    if (size <= sizeof params->local - params->used) {
        room = params->local + params->used;
        params->used += size;
        return room;
    }
    room = hgi_arena_alloc(&params->more, size);
    if (room == NULL)
        params->failed = 1;
    return room;
}

static inline hg_str
enum_text(const hg_column_info *column, const void *field)
{
    int32_t value;

    memcpy(&value, field, sizeof value);
    return (hg_str){ column->values[value - 1], strlen(column->values[value - 1]) };
}

/* {NULL, 0} is the empty string, and NULL would be SQL NULL. */
static inline hg_str
text_of(const void *field)
{
    const hg_str *text = field;

    return (hg_str){ text->ptr != NULL ? text->ptr : "", text->len };
}

size_t
hgi_fixed_encode(int32_t kind, const void *field, char *out)
{
    int32_t integer;
    int64_t wide;

    switch (kind) {
    case HG_KIND_UUID:
        return hgi_uuid_encode(field, out);
    case HG_KIND_BOOL:
        memcpy(&integer, field, sizeof integer);
        out[0] = (char)integer;
        return 1;
    case HG_KIND_INT:
        memcpy(&integer, field, sizeof integer);
        hgi_put32(out, (uint32_t)integer);
        return 4;
    case HG_KIND_BIGINT:
        memcpy(&wide, field, sizeof wide);
        hgi_put64(out, (uint64_t)wide);
        return 8;
    case HG_KIND_DATE:
        memcpy(&integer, field, sizeof integer);
        return hgi_date_encode(integer, out);
    case HG_KIND_TIMESTAMP:
        return hgi_timestamp_encode(*(const hg_timestamp *)field, out);
    case HG_KIND_DECIMAL:
        return hgi_decimal_encode(field, out);
    case HG_KIND_INET:
        return hgi_inet_encode(field, out);
    default:
        return 0;
    }
}

void
hgi_field_encode(const hgi_table *table, int32_t i, const void *row, hgi_buffer *out)
{
    const hg_column_info *column = &table->info.columns[i];
    const void *field = hgi_field(table, i, row);
    char fixed[HGI_FIXED_MAX];
    hg_str text;

    switch (column->kind) {
    case HG_KIND_JSON:
        hgi_buffer_add_byte(out, 1);                     /* jsonb_recv: the version */
        /* fall through */
    case HG_KIND_TEXT:
        text = text_of(field);
        hgi_buffer_add(out, text.ptr, text.len);
        break;
    case HG_KIND_ENUM:
        text = enum_text(column, field);
        hgi_buffer_add(out, text.ptr, text.len);
        break;
    case HG_KIND_TEXT_LIST:
        hgi_text_list_encode(field, out);
        break;
    case HG_KIND_UUID_LIST:
        hgi_uuid_list_encode(field, out);
        break;
    default:
        hgi_buffer_add(out, fixed, hgi_fixed_encode(column->kind, field, fixed));
        break;
    }
}

static void
add_made(hgi_params *params, const hgi_table *table, int32_t i, const void *row)
{
    hgi_buffer made = { 0 };
    char *room;

    hgi_field_encode(table, i, row, &made);
    room = made.failed ? NULL : hgi_params_room(params, made.len);
    if (room != NULL)
        memcpy(room, made.ptr, made.len);
    else
        params->failed = 1;
    hgi_params_add(params, room, made.len);
    hgi_buffer_free(&made);
}

static void
add_json(hgi_params *params, const hg_json *json)
{
    char *room = hgi_params_room(params, json->len + 1);

    if (room != NULL) {
        room[0] = 1;                                     /* jsonb_recv: the version */
        memcpy(room + 1, json->ptr, json->len);
    }
    hgi_params_add(params, room, json->len + 1);
}

static void
add_fixed(hgi_params *params, int32_t kind, const void *field)
{
    char *room = hgi_params_room(params, HGI_FIXED_MAX);

    hgi_params_add(params, room, room != NULL ? hgi_fixed_encode(kind, field, room) : 0);
}

static void
add_column(hgi_params *params, const hgi_table *table, int32_t i, const void *row)
{
    const hg_column_info *column = &table->info.columns[i];
    const void *field = hgi_field(table, i, row);
    hg_str text;

    if (((const hgi_row *)row)->null_mask >> i & 1) {
        hgi_params_add(params, NULL, 0);
        return;
    }
    switch (column->kind) {
    case HG_KIND_TEXT:
        text = text_of(field);
        hgi_params_add(params, text.ptr, text.len);
        break;
    case HG_KIND_ENUM:
        text = enum_text(column, field);
        hgi_params_add(params, text.ptr, text.len);
        break;
    case HG_KIND_UUID:
        hgi_params_add(params, field, sizeof(hg_uuid));  /* already in the server's order */
        break;
    case HG_KIND_JSON:
        add_json(params, field);
        break;
    case HG_KIND_TEXT_LIST:
    case HG_KIND_UUID_LIST:
        add_made(params, table, i, row);
        break;
    default:
        add_fixed(params, column->kind, field);
        break;
    }
}

void
hgi_params_add_columns(hgi_params *params, const hgi_table *table, const void *row, uint64_t set)
{
    for (uint64_t left = set; left != 0; left &= left - 1)
        add_column(params, table, hgi_first_bit(left), row);
}
