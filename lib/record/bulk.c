/* bulk.c - insert_many and upsert_many: a column of all rows is one argument, an array that the server unnests.
 *
 * It works for every role: COPY FROM is refused under forced row security. One statement a part of the batch, since
 * policies are initialised once a statement, and several parts only when an array would be too large to keep around;
 * then they are one transaction: the whole batch happens or nothing of it. */
#include "record/record_int.h"

#include <string.h>

/* A part ends when its arrays hold so many bytes: large enough that the trip does not count, small enough for memory. */
enum { PART_BYTES = 32 * 1024 * 1024, PART_ROWS = 1000 * 1000 };

/* The batch, and where it is. */
typedef struct hgi_batch {
    hg_conn         *conn;
    const hgi_table *table;
    const char      *rows;
    size_t           count;
    size_t           stride;
    uint64_t         given;          /* columns of the caller's rows */
    hg_uuid         *ids;            /* made here, where the caller gives none; else NULL */
    hgi_shape        shape;
    size_t           done;           /* rows sent */
    hgi_buffer       arrays[HGI_RESULT_MAX];
} hgi_batch;

static const void *
row_at(const hgi_batch *batch, size_t i)
{
    return batch->rows + i * batch->stride;
}

/* The same failure, with the row's index before the message. */
static hg_status
fail_at(hg_error *err, size_t i, hg_status st)
{
    hg_error told;

    if (err == NULL)
        return st;
    told = *err;
    hgi_fail(err, st, told.column, "row %zu: %s", i, told.message);
    memcpy(err->table, told.table, sizeof err->table);
    return st;
}

/* ---- Arrays ------------------------------------------------------------------------------------------------------------- */

enum { ARRAY_HEAD = 20 };

static uint32_t
element_type(const hgi_table *table, int32_t column)
{
    uint32_t type = table->types[column];

    return type == HGI_OID_TEXT_ARRAY ? HGI_OID_TEXT : type;         /* a list travels as its literal */
}

/* array_recv: dimensions, whether any element is NULL, the element's type, count, lower bound; then length and bytes of each
 * element, length -1 for NULL. The head is written when the elements are known. */
static void
write_head(const hgi_batch *batch, int32_t column, hgi_buffer *array, size_t elements, int has_null)
{
    char *p = array->ptr;

    if (array->failed)
        return;
    hgi_put32(p, 1);
    hgi_put32(p + 4, (uint32_t)has_null);
    hgi_put32(p + 8, element_type(batch->table, column));
    hgi_put32(p + 12, (uint32_t)elements);
    hgi_put32(p + 16, 1);
}

/* One value with its length before it, whatever its kind. */
static void
add_element(const hgi_batch *batch, int32_t column, const void *row, hgi_buffer *array)
{
    size_t length_at = array->len;

    if (hgi_buffer_room(array, 4) == NULL)
        return;
    if (batch->table->info.columns[column].kind == HG_KIND_TEXT_LIST)
        hgi_text_list_literal(hgi_field(batch->table, column, row), array);
    else
        hgi_field_encode(batch->table, column, row, array);
    if (!array->failed)
        hgi_put32(array->ptr + length_at, (uint32_t)(array->len - length_at - 4));
}

/* The kinds that most values are of, without a call each. */
static void
add_text(const hg_str *text, hgi_buffer *array)
{
    char *p = hgi_buffer_room(array, 4 + text->len);

    if (p == NULL)
        return;
    hgi_put32(p, (uint32_t)text->len);
    if (text->len > 0)
        memcpy(p + 4, text->ptr, text->len);
}

/* jsonb_recv: the version before the text. */
static void
add_json(const hg_json *json, hgi_buffer *array)
{
    char *p = hgi_buffer_room(array, 5 + json->len);

    if (p == NULL)
        return;
    hgi_put32(p, (uint32_t)json->len + 1);
    p[4] = 1;
    memcpy(p + 5, json->ptr, json->len);
}

static void
add_uuid(const hg_uuid *id, hgi_buffer *array)
{
    char *p = hgi_buffer_room(array, 4 + sizeof *id);

    if (p == NULL)
        return;
    hgi_put32(p, sizeof *id);
    memcpy(p + 4, id->bytes, sizeof *id);
}

static void
add_fixed(int32_t kind, const void *field, hgi_buffer *array)
{
    char *p = hgi_buffer_room(array, 4 + HGI_FIXED_MAX);
    size_t len;

    if (p == NULL)
        return;
    len = hgi_fixed_encode(kind, field, p + 4);
    hgi_put32(p, (uint32_t)len);
    array->len -= HGI_FIXED_MAX - len;
}

static void
add_null(hgi_buffer *array)
{
    char *length = hgi_buffer_room(array, 4);

    if (length != NULL)
        hgi_put32(length, UINT32_MAX);
}

static void
encode_ids(const hgi_batch *batch, size_t rows, hgi_buffer *array)
{
    for (size_t i = batch->done; i < batch->done + rows; i++)
        add_uuid(&batch->ids[i], array);
}

static void
add_field(const hgi_batch *batch, int32_t kind, int32_t column, const void *row, hgi_buffer *array)
{
    const void *field = hgi_field(batch->table, column, row);

    switch (kind) {
    case HG_KIND_TEXT:
        add_text(field, array);
        break;
    case HG_KIND_UUID:
        add_uuid(field, array);
        break;
    case HG_KIND_JSON:
        add_json(field, array);
        break;
    case HG_KIND_ENUM:
    case HG_KIND_TEXT_LIST:
    case HG_KIND_UUID_LIST:
        add_element(batch, column, row, array);
        break;
    default:
        add_fixed(kind, field, array);
        break;
    }
}

/* Room for the values behind the first, were they as long: the array is then hardly ever moved. */
static void
make_room(size_t rows, hgi_buffer *array)
{
    enum { AT_MOST = 64 };               /* bytes a value: a long first one says nothing of the others */
    size_t first = array->len - ARRAY_HEAD;
    size_t more = (rows - 1) * (first < AT_MOST ? first : AT_MOST);

    if (!array->failed && array->capacity - array->len <= more)
        hgi_buffer_grow(array, more);
}

/* 1: there is a NULL among the values. */
static int
encode_fields(const hgi_batch *batch, int32_t column, size_t rows, hgi_buffer *array)
{
    int32_t kind = batch->table->info.columns[column].kind;
    int has_null = 0;

    for (size_t i = batch->done; i < batch->done + rows; i++) {
        const hgi_row *row = row_at(batch, i);

        if (row->null_mask >> column & 1) {
            has_null = 1;
            add_null(array);
        } else {
            add_field(batch, kind, column, row, array);
        }
        if (i == batch->done)
            make_room(rows, array);
    }
    return has_null;
}

static void
encode_column(const hgi_batch *batch, int32_t column, size_t rows, hgi_buffer *array)
{
    int has_null = 0;

    hgi_buffer_clear(array);
    hgi_buffer_room(array, ARRAY_HEAD);
    if (column == 0 && batch->ids != NULL)
        encode_ids(batch, rows, array);
    else
        has_null = encode_fields(batch, column, rows, array);
    write_head(batch, column, array, rows, has_null);
}

/* The columns of set whose values are as long as their text. */
static uint64_t
columns_of_text(const hgi_batch *batch)
{
    uint64_t texts = 0;

    for (uint64_t left = batch->shape.set; left != 0; left &= left - 1) {
        int32_t kind = batch->table->info.columns[hgi_first_bit(left)].kind;

        if (kind == HG_KIND_TEXT || kind == HG_KIND_JSON)
            texts |= left & -left;
    }
    return texts;
}

/* How many of the rows that are left make one part: their texts are what differs in size. */
static size_t
part_rows(const hgi_batch *batch)
{
    enum { VALUE_BYTES = 24 };           /* about what any other value takes */
    size_t bytes = 0, n = 0, least = VALUE_BYTES * (size_t)__builtin_popcountll(batch->shape.set);
    uint64_t texts = columns_of_text(batch);

    while (batch->done + n < batch->count && n < PART_ROWS && (n == 0 || bytes < PART_BYTES)) {
        const void *row = row_at(batch, batch->done + n);

        bytes += least;
        for (uint64_t left = texts; left != 0; left &= left - 1)
            bytes += ((const hg_str *)hgi_field(batch->table, hgi_first_bit(left), row))->len;
        n++;
    }
    return n;
}

/* ---- Sending ------------------------------------------------------------------------------------------------------------ */

static hg_status
encode_part(hgi_batch *batch, size_t rows, const char **values, int *lengths, hg_error *err)
{
    int32_t n = 0;

    for (uint64_t left = batch->shape.set; left != 0; left &= left - 1, n++) {
        hgi_buffer *array = &batch->arrays[n];

        encode_column(batch, hgi_first_bit(left), rows, array);
        if (array->failed)
            return hgi_nomem(err);
        if (array->len > INT32_MAX)
            return hgi_fail_column(err, HG_E_INVALID, batch->table, hgi_first_bit(left), "is too large for one call");
        values[n] = array->ptr;
        lengths[n] = (int)array->len;
    }
    return HG_OK;
}

/* One part of the batch, its rows behind those of the list, if any come back. */
static hg_status
run_part(hgi_batch *batch, size_t rows, hgi_list *list, hg_error *err)
{
    const char *values[HGI_RESULT_MAX];
    int lengths[HGI_RESULT_MAX];
    uint32_t types[HGI_RESULT_MAX];
    hgi_call call = { .flags = HGI_CALL_WRITE };
    hg_status st = encode_part(batch, rows, values, lengths, err);

    if (st != HG_OK)
        return st;
    call.statement = hgi_shape_statement(batch->conn, batch->table, &batch->shape, err);
    if (call.statement == NULL)
        return HG_E_NOMEM;
    call.args = (hgi_args){ __builtin_popcountll(batch->shape.set), values, lengths };
    if (list != NULL) {
        hgi_call_expect(&call, batch->table, &batch->shape, types);
        st = hgi_list_append(batch->conn, &batch->shape, &call, rows, list, err);
    } else {
        st = hgi_call_run(batch->conn, &call, NULL, NULL, err);
    }
    batch->done += rows;
    return st == HG_OK ? HG_OK : hgi_fail_call(err, batch->table, &batch->shape, st);
}

static hg_status
run_batch(hgi_batch *batch, hgi_list *list, hg_error *err)
{
    size_t rows = part_rows(batch);
    int own = rows < batch->count && batch->conn->tx == HGI_TX_NONE;
    hg_status st = HG_OK;

    if (own)
        hgi_tx_begin(batch->conn, "BEGIN", 0);
    for (; st == HG_OK && rows > 0; rows = part_rows(batch))
        st = run_part(batch, rows, list, err);
    if (own && st == HG_OK)
        st = hgi_tx_commit(batch->conn, err);
    else if (own)
        hgi_tx_rollback(batch->conn, NULL);
    return st;
}

/* ---- Before --------------------------------------------------------------------------------------------------------------- */

static hg_status
check_batch(hg_conn *conn, const hgi_table *table, const void *rows, size_t count, size_t stride, hg_error *err)
{
    hg_status st = hgi_usable(conn, err);

    if (st != HG_OK)
        return st;
    if (rows == NULL && count > 0)
        return hgi_fail(err, HG_E_INVALID, -1, "rows is NULL");
    if (stride < sizeof(hgi_row) || stride % 8 != 0)           /* also of a draft of another table, which has none */
        return hgi_fail(err, HG_E_INVALID, -1, "stride is not the distance between rows; pass sizeof(hg_%s)",
                        table->info.singular);
    if ((uintptr_t)rows % 8 != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "rows is not aligned as a struct of the table is");
    if (count > INT32_MAX)
        return hgi_fail(err, HG_E_INVALID, -1, "%zu rows are too many for one call", count);
    for (size_t i = 0; i < count; i++)
        if (((const hgi_row *)(const void *)((const char *)rows + i * stride))->struct_size > stride)
            return hgi_fail(err, HG_E_INVALID, -1, "row %zu is longer than stride", i);
    return HG_OK;
}

static hg_status
make_ids(hgi_batch *batch, hg_error *err)
{
    if (batch->given & HG_BIT(0) || !(batch->table->insertable[batch->conn->role] & HG_BIT(0)))
        return HG_OK;
    batch->ids = hgi_alloc(batch->count * sizeof(hg_uuid));
    if (batch->ids == NULL)
        return hgi_nomem(err);
    hgi_uuid_new_many(batch->ids, batch->count, sizeof(hg_uuid));
    batch->shape.set |= HG_BIT(0);
    return HG_OK;
}

static void
batch_end(hgi_batch *batch)
{
    for (int i = 0; i < HGI_RESULT_MAX; i++)
        hgi_buffer_free(&batch->arrays[i]);
    hgi_free(batch->ids);
}

static hg_status
write_many(hgi_batch *batch, int operation, int32_t key, hgi_list **out, hg_error *err)
{
    hgi_list *list = NULL;
    hg_status st;

    batch->shape = hgi_shape_new(batch->conn, batch->table, operation, out != NULL);
    batch->shape.key = (int8_t)key;
    batch->shape.set = batch->given;
    if (out != NULL && (list = hgi_list_long(batch->table)) == NULL)
        return hgi_nomem(err);
    st = batch->count > 0 ? make_ids(batch, err) : HG_OK;
    if (st == HG_OK && batch->count > 0 && batch->shape.set == 0)
        st = hgi_fail(err, HG_E_INVALID, -1, "set is empty");
    if (st == HG_OK && batch->count > 0)
        st = run_batch(batch, list, err);
    batch_end(batch);
    if (st != HG_OK) {
        hgi_list_free(list);
        return st;
    }
    if (out != NULL)
        *out = list;
    return hgi_ok(err);
}

hg_status
hgi_insert_many(hg_conn *conn, const hgi_table *table, const void *rows, size_t count, size_t stride, uint64_t set,
                hgi_list **out, hg_error *err)
{
    hgi_batch batch = { .conn = conn, .table = table, .rows = rows, .count = count, .stride = stride, .given = set };
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = check_batch(conn, table, rows, count, stride, err);
    for (size_t i = 0; st == HG_OK && i < count; i++) {
        st = i == 0 ? hgi_check_insert(conn, table, rows, set, err) : hgi_check_row(table, row_at(&batch, i), set, err);
        if (st != HG_OK)
            fail_at(err, i, st);
    }
    return st == HG_OK ? write_many(&batch, HGI_INSERT_MANY, 0, out, err) : st;
}

/* ---- One key twice ---------------------------------------------------------------------------------------------------------
 *
 * Within one statement PostgreSQL refuses to update a row a second time, and in two parts the later row would silently win:
 * so such a batch is refused before, with the index. */

typedef struct hgi_keyed {
    size_t offset;               /* of the key's bytes in the buffer */
    size_t len;
    size_t index;
} hgi_keyed;

static int
compare_keys(const char *bytes, const hgi_keyed *a, const hgi_keyed *b)
{
    int order = memcmp(bytes + a->offset, bytes + b->offset, a->len < b->len ? a->len : b->len);

    if (order == 0)
        order = (a->len > b->len) - (a->len < b->len);
    return order;
}

/* Heap sort: no memory, no worst case, and equal keys end up side by side. */
static void
sift_down(const char *bytes, hgi_keyed *keys, size_t at, size_t count)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        hgi_keyed kept = keys[at];

        if (child + 1 < count && compare_keys(bytes, &keys[child], &keys[child + 1]) < 0)
            child++;
        if (compare_keys(bytes, &kept, &keys[child]) >= 0)
            return;
        keys[at] = keys[child];
        keys[child] = kept;
    }
}

static void
sort_keys(const char *bytes, hgi_keyed *keys, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(bytes, keys, i, count);
    for (size_t last = count; last-- > 1;) {
        hgi_keyed greatest = keys[0];

        keys[0] = keys[last];
        keys[last] = greatest;
        sift_down(bytes, keys, 0, last);
    }
}

/* Each value with its length before it, so that no two different keys have the same bytes. */
static void
add_key(const hgi_batch *batch, uint64_t columns, size_t i, hgi_buffer *bytes)
{
    for (uint64_t left = columns; left != 0; left &= left - 1)
        add_element(batch, hgi_first_bit(left), row_at(batch, i), bytes);
}

static hg_status
check_keys(const hgi_batch *batch, int32_t key, hg_error *err)
{
    uint64_t columns = batch->table->info.keys[key].columns;
    hgi_keyed *keys = hgi_alloc(batch->count * sizeof *keys);
    hgi_buffer bytes = { 0 };
    hg_status st = HG_OK;

    for (size_t i = 0; keys != NULL && i < batch->count; i++) {
        keys[i] = (hgi_keyed){ .offset = bytes.len, .index = i };
        add_key(batch, columns, i, &bytes);
        keys[i].len = bytes.len - keys[i].offset;
    }
    if (keys == NULL || bytes.failed) {
        st = hgi_nomem(err);
    } else {
        sort_keys(bytes.ptr, keys, batch->count);
        for (size_t i = 1; st == HG_OK && i < batch->count; i++)
            if (compare_keys(bytes.ptr, &keys[i - 1], &keys[i]) == 0)
                st = hgi_fail(err, HG_E_INVALID, hgi_first_bit(columns), "rows %zu and %zu of the batch have the same %s",
                              keys[i - 1].index < keys[i].index ? keys[i - 1].index : keys[i].index,
                              keys[i - 1].index < keys[i].index ? keys[i].index : keys[i - 1].index,
                              batch->table->info.keys[key].name);
    }
    hgi_buffer_free(&bytes);
    hgi_free(keys);
    return st;
}

hg_status
hgi_upsert_many(hg_conn *conn, const hgi_table *table, const void *rows, size_t count, size_t stride, uint64_t set,
                int32_t key, hgi_list **out, hg_error *err)
{
    hgi_batch batch = { .conn = conn, .table = table, .rows = rows, .count = count, .stride = stride, .given = set };
    hg_status st;

    if (out != NULL)
        *out = NULL;
    st = check_batch(conn, table, rows, count, stride, err);
    for (size_t i = 0; st == HG_OK && i < count; i++) {
        st = hgi_check_upsert(conn, table, row_at(&batch, i), set, key, err);
        if (st != HG_OK)
            fail_at(err, i, st);
    }
    if (st == HG_OK && count > 1)
        st = check_keys(&batch, key, err);
    return st == HG_OK ? write_many(&batch, HGI_UPSERT_MANY, key, out, err) : st;
}
