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
    size_t           part;           /* of these, with the last part */
    size_t           texts[HGI_RESULT_MAX];      /* bytes of a column's texts in the next part */
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

/* The kinds whose values' bytes can be told before they are written: their array gets its room at once. Gives back how many a
 * value has at the most, its length before it included, or but for its text; 0: not one of them. */
static size_t
known_bytes(int32_t kind)
{
    switch (kind) {
    case HG_KIND_TEXT:
        return 4;
    case HG_KIND_JSON:
        return 5;
    case HG_KIND_UUID:
        return 4 + sizeof(hg_uuid);
    case HG_KIND_BOOL:
        return 4 + 1;
    case HG_KIND_INT:
    case HG_KIND_DATE:
        return 4 + 4;
    case HG_KIND_BIGINT:
    case HG_KIND_TIMESTAMP:
        return 4 + 8;
    case HG_KIND_DECIMAL:
        return 4 + HGI_DECIMAL_BYTES;
    case HG_KIND_INET:
        return 4 + HGI_INET_BYTES;
    default:
        return 0;
    }
}

/* One value that is not NULL. In line in a loop of one kind. */
__attribute__((always_inline)) static inline char *
put_value(char *to, int32_t kind, const void *field)
{
    const hg_str *text = field;
    size_t len;

    switch (kind) {
    case HG_KIND_TEXT:
        hgi_put32(to, (uint32_t)text->len);
        to += 4;
        if (text->len > 0)
            memcpy(to, text->ptr, text->len);
        return to + text->len;
    case HG_KIND_JSON:
        hgi_put32(to, (uint32_t)text->len + 1);
        to[4] = 1;                                   /* jsonb_recv: the version before the text */
        memcpy(to + 5, text->ptr, text->len);
        return to + 5 + text->len;
    case HG_KIND_UUID:
        hgi_put32(to, sizeof(hg_uuid));
        memcpy(to + 4, field, sizeof(hg_uuid));
        return to + 4 + sizeof(hg_uuid);
    default:
        len = hgi_fixed_encode(kind, field, to + 4);
        hgi_put32(to, (uint32_t)len);
        return to + 4 + len;
    }
}

/* A column's values of the next rows, where there is room for them. Gives back their end. */
__attribute__((always_inline)) static inline char *
put_values(const hgi_batch *batch, int32_t kind, int32_t column, size_t rows, char *to, int *has_null)
{
    const char *row = row_at(batch, batch->done);
    uint32_t offset = batch->table->info.columns[column].offset;
    uint64_t nulls = 0;

    for (size_t i = 0; i < rows; i++, row += batch->stride) {
        uint64_t mask = ((const hgi_row *)(const void *)row)->null_mask;

        nulls |= mask;
        if (mask >> column & 1) {
            hgi_put32(to, UINT32_MAX);
            to += 4;
        } else {
            to = put_value(to, kind, row + offset);
        }
    }
    *has_null = (int)(nulls >> column & 1);
    return to;
}

/* 1: there is a NULL among the values. */
static int
encode_known(const hgi_batch *batch, int32_t column, size_t rows, hgi_buffer *array)
{
    int32_t kind = batch->table->info.columns[column].kind;
    int has_null = 0;
    char *to;

    if (!hgi_buffer_grow(array, rows * known_bytes(kind) + batch->texts[column]))
        return 0;
    to = array->ptr + array->len;
    switch (kind) {                                  /* a loop for each of those that most are of */
    case HG_KIND_TEXT:
        to = put_values(batch, HG_KIND_TEXT, column, rows, to, &has_null);
        break;
    case HG_KIND_JSON:
        to = put_values(batch, HG_KIND_JSON, column, rows, to, &has_null);
        break;
    case HG_KIND_UUID:
        to = put_values(batch, HG_KIND_UUID, column, rows, to, &has_null);
        break;
    default:
        to = put_values(batch, kind, column, rows, to, &has_null);
        break;
    }
    array->len = (size_t)(to - array->ptr);
    *to = '\0';
    return has_null;
}

static int
encode_elements(const hgi_batch *batch, int32_t column, size_t rows, hgi_buffer *array)
{
    int has_null = 0;

    for (size_t i = batch->done; i < batch->done + rows; i++) {
        const hgi_row *row = row_at(batch, i);

        if (row->null_mask >> column & 1) {
            char *length = hgi_buffer_room(array, 4);

            has_null = 1;
            if (length != NULL)
                hgi_put32(length, UINT32_MAX);
        } else {
            add_element(batch, column, row, array);
        }
    }
    return has_null;
}

static void
encode_ids(const hgi_batch *batch, size_t rows, hgi_buffer *array)
{
    char *to = hgi_buffer_room(array, rows * known_bytes(HG_KIND_UUID));

    for (size_t i = batch->done; to != NULL && i < batch->done + rows; i++)
        to = put_value(to, HG_KIND_UUID, &batch->ids[i]);
}

static void
encode_column(const hgi_batch *batch, int32_t column, size_t rows, hgi_buffer *array)
{
    int has_null = 0;

    hgi_buffer_clear(array);
    hgi_buffer_room(array, ARRAY_HEAD);
    if (column == 0 && batch->ids != NULL)
        encode_ids(batch, rows, array);
    else if (known_bytes(batch->table->info.columns[column].kind) > 0)
        has_null = encode_known(batch, column, rows, array);
    else
        has_null = encode_elements(batch, column, rows, array);
    write_head(batch, column, array, rows, has_null);
}

/* Bytes of a column's texts in the next rows. NULL has none. */
static size_t
text_bytes(const hgi_batch *batch, int32_t column, size_t rows)
{
    const char *field = hgi_field(batch->table, column, row_at(batch, batch->done));
    size_t bytes = 0;

    for (size_t i = 0; i < rows; i++, field += batch->stride)
        bytes += ((const hg_str *)(const void *)field)->len;
    return bytes;
}

/* About what the next rows take: their texts are what differs in size. */
static size_t
measure(hgi_batch *batch, size_t rows)
{
    enum { VALUE_BYTES = 24 };           /* about what any other value takes */
    size_t bytes = rows * VALUE_BYTES * (size_t)__builtin_popcountll(batch->shape.set);

    for (uint64_t left = batch->shape.set; left != 0; left &= left - 1) {
        int32_t column = hgi_first_bit(left), kind = batch->table->info.columns[column].kind;

        batch->texts[column] = kind == HG_KIND_TEXT || kind == HG_KIND_JSON ? text_bytes(batch, column, rows) : 0;
        bytes += batch->texts[column];
    }
    return bytes;
}

/* How many of the rows that are left make one part: half of them, and half of these, until they are small enough. Behind the
 * first part no more than two of its size are looked at. */
static size_t
part_rows(hgi_batch *batch)
{
    size_t rows = batch->count - batch->done, most = batch->done > 0 ? 2 * batch->part : PART_ROWS;

    if (rows > most)
        rows = most;
    while (rows > 0 && measure(batch, rows) > PART_BYTES && rows > 1)
        rows = (rows + 1) / 2;
    return rows;
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
    batch->part = rows;
    return st == HG_OK ? HG_OK : hgi_fail_call(err, batch->table, &batch->shape, st);
}

static hg_status
run_batch(hgi_batch *batch, hgi_list *list, hg_error *err)
{
    size_t rows = part_rows(batch);
    int own = rows < batch->count && batch->conn->tx == HGI_TX_NONE;
    hg_status st = HG_OK;

    if (own)
        st = hgi_tx_begin(batch->conn, "BEGIN", 0, err);
    if (st != HG_OK)
        return st;
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

/* What the role may do is the same for all rows, and told with the first. */
static hg_status
check_inserts(const hgi_batch *batch, hg_error *err)
{
    size_t bad = 0;
    hg_status st = hgi_check_insert(batch->conn, batch->table, batch->rows, batch->given, err);

    if (st != HG_OK)
        return fail_at(err, 0, st);
    st = hgi_check_rows(batch->table, row_at(batch, 1), batch->count - 1, batch->stride, batch->given, &bad, err);
    return st == HG_OK ? HG_OK : fail_at(err, 1 + bad, st);
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
    if (st == HG_OK && count > 0)
        st = check_inserts(&batch, err);
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
