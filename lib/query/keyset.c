/* keyset.c - pages by key: the rows behind the one that the last page ended with.
 *
 * A cursor is the sort keys and the id of one row, in the server's binary form, with what order they belong to:
 *
 *     byte 0     version, 1
 *     byte 1     table
 *     byte 2     number of sort keys, without the id
 *     4          a sum over the shape of the filters; 0 without any
 *     4 a key    column, descending, nulls first, 1 if the value is NULL
 *     then       for each key that is not NULL, and for the id: length in 4 bytes, value
 *     last 4     a sum over all before it: a cursor that was cut or altered is refused and not misread
 *
 * written in base64url, so that it may stand in an address. It says nothing that the row did not. */
#include "query/query_int.h"
#include "record/column_text.h"

#include <string.h>

enum { VERSION = 1, HEAD = 7, KEY = 4, SUM = 4 };

static uint32_t
sum_of(const char *ptr, size_t len)
{
    uint32_t sum = 2166136261u;                        /* FNV-1a: against accidents, not against forgers */

    for (size_t i = 0; i < len; i++)
        sum = (sum ^ (uint8_t)ptr[i]) * 16777619u;
    return sum;
}

static uint32_t
sum_of_filters(const hg_query *query)
{
    return query->nodes.len > 0 ? sum_of(query->nodes.ptr, query->nodes.len) : 0;
}

void
hgi_keyset_keep(const hg_query *query, hgi_order *order)
{
    *order = query->order;
    order->filters = sum_of_filters(query);
}

/* ---- base64url ---------------------------------------------------------------------------------------------------------- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
encode_text(const hgi_buffer *bytes, hgi_buffer *text)
{
    const uint8_t *p = (const uint8_t *)bytes->ptr;

    for (size_t i = 0; i < bytes->len; i += 3) {
        size_t left = bytes->len - i;
        uint32_t three = (uint32_t)p[i] << 16;

        three |= left > 1 ? (uint32_t)p[i + 1] << 8 : 0;
        three |= left > 2 ? p[i + 2] : 0;
        hgi_buffer_add_byte(text, digits[three >> 18]);
        hgi_buffer_add_byte(text, digits[three >> 12 & 63]);
        if (left > 1)
            hgi_buffer_add_byte(text, digits[three >> 6 & 63]);
        if (left > 2)
            hgi_buffer_add_byte(text, digits[three & 63]);
    }
}

/* 0: not base64url. */
static int
decode_text(const char *ptr, size_t len, hgi_buffer *bytes)
{
    uint32_t bits = 0, count = 0;

    for (size_t i = 0; i < len; i++) {
        const char *digit = ptr[i] != '\0' ? strchr(digits, ptr[i]) : NULL;

        if (digit == NULL)
            return 0;
        bits = bits << 6 | (uint32_t)(digit - digits);
        count += 6;
        if (count >= 8) {
            count -= 8;
            hgi_buffer_add_byte(bytes, (char)(bits >> count & 255));
        }
    }
    return len % 4 != 1 && (bits & ((1u << count) - 1)) == 0;
}

/* ---- Making --------------------------------------------------------------------------------------------------------------- */

static void
add_value(const hgi_table *table, int32_t column, const void *row, hgi_buffer *bytes)
{
    size_t at = bytes->len;

    hgi_buffer_room(bytes, 4);
    if (table->info.columns[column].kind == HG_KIND_ENUM)
        hgi_column_text(table, column, row, bytes, NULL);        /* also of a value that this build does not know */
    else
        hgi_field_encode(table, column, row, bytes);
    if (!bytes->failed)
        hgi_put32(bytes->ptr + at, (uint32_t)(bytes->len - at - 4));
}

static void
write_cursor(const hgi_list *list, const hgi_row *row, hgi_buffer *bytes)
{
    const hgi_order *order = &list->order;
    char sum[SUM];

    hgi_buffer_add_byte(bytes, VERSION);
    hgi_buffer_add_byte(bytes, (char)list->table->info.table);
    hgi_buffer_add_byte(bytes, (char)order->count);
    hgi_put32(sum, order->filters);
    hgi_buffer_add(bytes, sum, sizeof sum);
    for (int32_t i = 0; i < order->count; i++) {
        hgi_order_key key = order->keys[i];

        hgi_buffer_add_byte(bytes, (char)key.column);
        hgi_buffer_add_byte(bytes, (char)key.descending);
        hgi_buffer_add_byte(bytes, (char)key.nulls_first);
        hgi_buffer_add_byte(bytes, (char)(row->null_mask >> key.column & 1));
    }
    for (int32_t i = 0; i < order->count; i++)
        if (!(row->null_mask >> order->keys[i].column & 1))
            add_value(list->table, order->keys[i].column, row, bytes);
    add_value(list->table, 0, row, bytes);
    if (!bytes->failed)
        hgi_put32(sum, sum_of(bytes->ptr, bytes->len));
    hgi_buffer_add(bytes, sum, sizeof sum);
}

/* All sort keys were read. */
static hg_status
check_keys(const hgi_list *list, const hgi_row *row, hg_error *err)
{
    uint64_t needed = HG_BIT(0);

    for (int32_t i = 0; i < list->order.count; i++)
        needed |= HG_BIT(list->order.keys[i].column);
    if (needed & ~row->loaded_mask)
        return hgi_fail_column(err, HG_E_STATE, list->table, hgi_first_bit(needed & ~row->loaded_mask), "was not read");
    return HG_OK;
}

hg_status
hgi_list_cursor(const hgi_list *list, size_t i, hg_text **out, hg_error *err)
{
    const void *row = hgi_list_at(list, i);
    hgi_buffer bytes = { 0 }, text = { 0 };
    hg_status st;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    if (row == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the list has no row %zu", i);
    st = check_keys(list, row, err);
    if (st != HG_OK)
        return st;
    write_cursor(list, row, &bytes);
    encode_text(&bytes, &text);
    text.failed |= bytes.failed;
    hgi_buffer_free(&bytes);
    return hgi_text_new(&text, out, err);
}

/* ---- Taking ---------------------------------------------------------------------------------------------------------------- */

static int
is_cursor(const hgi_buffer *bytes)
{
    return bytes->len > HEAD + SUM && bytes->ptr[0] == VERSION &&
           hgi_get32(bytes->ptr + bytes->len - SUM) == sum_of(bytes->ptr, bytes->len - SUM);
}

static hg_status
set_cursor(hg_query *query, const char *cursor, size_t len, int backwards, hg_error *err)
{
    hgi_buffer bytes = { 0 };
    hg_status st = HG_OK;

    if (query == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "query is NULL");
    if (cursor == NULL && len > 0)
        return hgi_fail(err, HG_E_INVALID, -1, "cursor is NULL");
    if (len > 0 && (!decode_text(cursor, len, &bytes) || (!bytes.failed && !is_cursor(&bytes))))
        st = hgi_fail(err, HG_E_INVALID, -1, "the cursor is none");
    else if (bytes.failed)
        st = hgi_nomem(err);
    else if (len > 0 && bytes.ptr[1] != (char)query->table->info.table)
        st = hgi_fail(err, HG_E_INVALID, -1, "the cursor is of another table");
    if (st != HG_OK) {
        hgi_buffer_free(&bytes);
        return st;
    }
    hgi_buffer_free(&query->cursor);
    query->cursor = bytes;
    query->backwards = len > 0 && backwards;
    return hgi_ok(err);
}

hg_status
hg_query_after(hg_query *query, const char *cursor, size_t len, hg_error *err)
{
    return set_cursor(query, cursor, len, 0, err);
}

hg_status
hg_query_before(hg_query *query, const char *cursor, size_t len, hg_error *err)
{
    return set_cursor(query, cursor, len, 1, err);
}

/* ---- Running --------------------------------------------------------------------------------------------------------------- */

hgi_order_key
hgi_run_key(const hgi_run *run, int32_t i)
{
    const hg_query *query = run->query;
    hgi_order_key key = { 0 };                         /* the id, ascending */

    if (i < query->order.count)
        key = query->order.keys[i];
    if (!query->table->info.columns[key.column].nullable || i == query->order.count)
        key.nulls_first = key.descending;              /* where the server has them: there are none */
    if (query->backwards) {
        key.descending = !key.descending;
        key.nulls_first = !key.nulls_first;
    }
    return key;
}

static int
is_same_order(const hg_query *query)
{
    const char *p = query->cursor.ptr + HEAD;

    if (query->cursor.ptr[2] != (char)query->order.count || query->cursor.len < HEAD + (size_t)query->order.count * KEY + SUM)
        return 0;
    for (int32_t i = 0; i < query->order.count; i++, p += KEY) {
        hgi_order_key key = query->order.keys[i];

        if (p[0] != (char)key.column || p[1] != (char)key.descending || p[2] != (char)key.nulls_first)
            return 0;
    }
    return 1;
}

/* Whether bytes are a value of that column. The sum is against accidents, and a cursor may come from an address that anyone can
 * write: the server would take a length that is not the type's for a broken protocol and close the connection. */
static int
is_value(const hg_column_info *column, const char *bytes, size_t len)
{
    hg_timestamp time;
    hg_date date;
    hg_decimal decimal;
    hg_inet inet;

    switch (column->kind) {
    case HG_KIND_UUID:
        return len == sizeof(hg_uuid);
    case HG_KIND_INT:
        return len == sizeof(int32_t);
    case HG_KIND_BOOL:
        return len == 1;
    case HG_KIND_TIMESTAMP:
        return hgi_timestamp_decode(bytes, len, &time) == HGI_DECODED;
    case HG_KIND_DATE:
        return hgi_date_decode(bytes, len, &date) == HGI_DECODED;
    case HG_KIND_DECIMAL:
        return hgi_decimal_decode(bytes, len, &decimal) == HGI_DECODED;
    case HG_KIND_INET:
        return hgi_inet_decode(bytes, len, &inet) == HGI_DECODED;
    default:                                           /* texts, and the names of enumerated values */
        return hgi_text_check(bytes, len, NULL) == NULL;
    }
}

hg_status
hgi_keyset_args(hgi_run *run, hg_error *err)
{
    const hg_query *query = run->query;
    const char *key, *p, *end;

    if (!is_same_order(query))
        return hgi_fail(err, HG_E_INVALID, -1, "the cursor is of another order");
    if (hgi_get32(query->cursor.ptr + 3) != sum_of_filters(query))
        return hgi_fail(err, HG_E_INVALID, -1, "the cursor is of a query with other filters");
    key = query->cursor.ptr + HEAD;
    p = key + query->order.count * KEY;
    end = query->cursor.ptr + query->cursor.len - SUM;
    for (int32_t i = 0; i <= query->order.count; i++) {
        int32_t column = i < query->order.count ? query->order.keys[i].column : 0;
        size_t len;

        if (i < query->order.count && key[i * KEY + 3] != 0) {
            run->null_keys |= HG_BIT(i);
            continue;
        }
        len = end - p >= 4 ? hgi_get32(p) : 0;
        if (end - p < 4 || len > (size_t)(end - p) - 4 || !is_value(&query->table->info.columns[column], p + 4, len))
            return hgi_fail(err, HG_E_INVALID, -1, "the cursor is none");
        hgi_run_add(run, p + 4, len, query->table->types[column]);
        p += 4 + len;
    }
    return HG_OK;
}
