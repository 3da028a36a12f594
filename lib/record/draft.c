/* draft.c - rows for writing, filled by calls.
 *
 *     rows    [ row 0 | row 1 | ... | the current row | room ]       one piece, grown by realloc
 *     texts   [ whatever the rows point to, each text with a NUL byte behind it ]
 *
 * A setter makes its copy first and changes the row last: one that fails changes nothing. What a
 * column held before stays in the blocks until the draft is freed.
 *
 * A write has one set mask for all its rows. So the current row collects its own mask, and it is
 * compared with that of the first row when the next one begins and when the rows are asked for. */
#include "record/record_int.h"

#include <string.h>

enum { ROWS_SECOND = 8 };                /* room after the first row: most drafts have one */

struct hg_draft {
    const hgi_table *table;
    char            *rows;
    size_t           count;              /* rows, the current one included: never 0 */
    size_t           capacity;
    uint64_t         set;                /* columns of the rows before the current one, if any */
    uint64_t         current;            /* columns of the current row so far */
    hgi_arena        texts;
    hgi_table        own;                /* of an operation's parameters: table is this one */
    const hg_table_info *of;             /* and this is whose */
};

/* ---- Rows ------------------------------------------------------------------------------------ */

static hgi_row *
row_at(const hg_draft *draft, size_t i)
{
    return (hgi_row *)(void *)(draft->rows + i * draft->table->info.row_size);
}

/* Room for one more row. 0: out of memory, and everything is as it was. */
static int
make_room(hg_draft *draft)
{
    size_t size = draft->table->info.row_size;
    size_t wanted = draft->capacity < ROWS_SECOND ? ROWS_SECOND : 2 * draft->capacity;
    char *rows;

    if (draft->count < draft->capacity)
        return 1;
    if (draft->capacity > SIZE_MAX / 4 / size)
        return 0;
    rows = hgi_realloc(draft->rows, wanted * size);
    if (rows == NULL)
        return 0;
    draft->rows = rows;
    draft->capacity = wanted;
    return 1;
}

static void
begin_row(hg_draft *draft)
{
    hgi_row *row = row_at(draft, draft->count++);

    memset(row, 0, draft->table->info.row_size);
    row->struct_size = draft->table->info.row_size;
    draft->current = 0;
}

/* Whether all rows set the same columns. */
static int
is_even(const hg_draft *draft)
{
    return draft->count == 1 || draft->current == draft->set;
}

static hg_draft *
begin(hg_draft *draft, const hgi_table *table)
{
    draft->table = table;
    draft->rows = hgi_alloc(table->info.row_size);
    if (draft->rows == NULL) {
        hgi_free(draft);
        return NULL;
    }
    draft->capacity = 1;
    begin_row(draft);
    return draft;
}

hg_draft *
hgi_draft_new(const hgi_table *table)
{
    hg_draft *draft = hgi_alloc_zero(sizeof *draft);

    return draft != NULL ? begin(draft, table) : NULL;
}

hg_draft *
hgi_draft_new_params(const hg_table_info *params)
{
    hg_draft *draft = hgi_alloc_zero(sizeof *draft);

    if (draft == NULL)
        return NULL;
    draft->own.info = *params;
    draft->of = params;
    return begin(draft, &draft->own);
}

const hgi_table *
hgi_draft_table(const hg_draft *draft)
{
    return draft->table;
}

const void *
hgi_draft_params(const hg_table_info *params, const hg_draft *draft)
{
    return draft != NULL && draft->of == params && draft->count == 1 ? draft->rows : NULL;
}

void
hg_draft_free(hg_draft *draft)
{
    if (draft == NULL)
        return;
    hgi_arena_free(&draft->texts);
    hgi_free(draft->rows);
    hgi_free(draft);
}

const void *
hgi_draft_rows(const hgi_table *table, const hg_draft *draft, size_t *count, size_t *stride,
               uint64_t *set)
{
    int is_mine = draft != NULL && draft->table == table;

    if (count != NULL)
        *count = is_mine ? draft->count : 0;
    if (stride != NULL)
        *stride = is_mine ? table->info.row_size : 0;
    if (set != NULL)
        *set = !is_mine ? 0 : draft->count == 1 ? draft->current : draft->set;
    return is_mine && is_even(draft) ? draft->rows : NULL;
}

static hg_status
fail_uneven(const hg_draft *draft, hg_error *err)
{
    int32_t column = hgi_first_bit(draft->current ^ draft->set);

    return hgi_fail_column(err, HG_E_INVALID, draft->table, column,
                           draft->set >> column & 1
                               ? "is not set in this row, but in the first; all rows set the same columns"
                               : "is set in this row, but not in the first; all rows set the same columns");
}

hg_status
hg_draft_next_row(hg_draft *draft, hg_error *err)
{
    if (draft == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "draft is NULL");
    if (!is_even(draft))
        return fail_uneven(draft, err);
    if (!make_room(draft))
        return hgi_nomem(err);
    draft->set = draft->current;
    begin_row(draft);
    return hgi_ok(err);
}

/* ---- Columns --------------------------------------------------------------------------------- */

/* By HG_KIND_*: what a setter says that is none of the column's. */
static const char *const other_kind[] = {
    [HG_KIND_UUID] = "is a uuid; set it with hg_draft_set_uuid",
    [HG_KIND_TEXT] = "is text; set it with hg_draft_set_text",
    [HG_KIND_JSON] = "is JSON; set it with hg_draft_set_json",
    [HG_KIND_ENUM] = "is an enumerated column; set it with hg_draft_set_enum or hg_draft_set_text",
    [HG_KIND_INT] = "is an integer; set it with hg_draft_set_int",
    [HG_KIND_BOOL] = "is a boolean; set it with hg_draft_set_bool",
    [HG_KIND_DECIMAL] = "is a decimal; set it with hg_draft_set_decimal",
    [HG_KIND_TIMESTAMP] = "is a timestamp; set it with hg_draft_set_time",
    [HG_KIND_DATE] = "is a date; set it with hg_draft_set_date",
    [HG_KIND_TEXT_LIST] = "is a list of texts; set it with hg_draft_set_text_list",
    [HG_KIND_INET] = "is an IP address; set it with hg_draft_set_inet",
    [HG_KIND_BIGINT] = "is an integer; set it with hg_draft_set_int",
    [HG_KIND_UUID_LIST] = "is a list of uuids; set it with hg_draft_set_uuid_list",
};

static int32_t
kind_of(const hg_draft *draft, int32_t column)
{
    return draft->table->info.columns[column].kind;
}

static hg_status
check_column(const hg_draft *draft, int32_t column, hg_error *err)
{
    if (draft == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "draft is NULL");
    if (column < 0 || column >= draft->table->info.column_count)
        return hgi_fail(err, HG_E_INVALID, column, "%s has no column %d", draft->table->info.name,
                        (int)column);
    return HG_OK;
}

static hg_status
check_kind(const hg_draft *draft, int32_t column, int32_t kind, hg_error *err)
{
    hg_status st = check_column(draft, column, err);

    if (st == HG_OK && kind_of(draft, column) != kind)
        st = hgi_fail_column(err, HG_E_INVALID, draft->table, column,
                             other_kind[kind_of(draft, column)]);
    return st;
}

/* A value that comes by its address. */
static hg_status
check_given(const hg_draft *draft, int32_t column, int32_t kind, const void *value, hg_error *err)
{
    hg_status st = check_kind(draft, column, kind, err);

    if (st == HG_OK && value == NULL)
        st = hgi_fail_column(err, HG_E_INVALID, draft->table, column,
                             "is given as NULL; for SQL NULL use hg_draft_set_null");
    return st;
}

static hg_status
check_bytes(const hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err)
{
    if (ptr == NULL && len > 0)
        return hgi_fail_column(err, HG_E_INVALID, draft->table, column, "has a length but no text");
    return HG_OK;
}

/* Stores what is as large as the column's field. */
static hg_status
put(hg_draft *draft, int32_t column, const void *value, hg_error *err)
{
    const hg_column_info *info = &draft->table->info.columns[column];
    hgi_row *row = row_at(draft, draft->count - 1);

    memcpy((char *)row + info->offset, value, hgi_kind_size(info->kind));
    row->null_mask &= ~HG_BIT(column);
    draft->current |= HG_BIT(column);
    if (draft->of != NULL)
        row->row_version = draft->current;           /* where params have their set */
    return hgi_ok(err);
}

static hg_status
put_text(hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err)
{
    hg_str text = { hgi_arena_copy(&draft->texts, ptr, len), len };

    return text.ptr != NULL ? put(draft, column, &text, err) : hgi_nomem(err);
}

static hg_status
put_enum_text(hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err)
{
    int32_t value = hgi_enum_parse(draft->table, column, ptr, len);

    if (value < 1)
        return hgi_fail_column(err, HG_E_INVALID, draft->table, column,
                               "is none of the column's values");
    return put(draft, column, &value, err);
}

hg_status
hg_draft_set_null(hg_draft *draft, int32_t column, hg_error *err)
{
    static const char zeros[32];         /* as large as the largest field */
    hg_status st = check_column(draft, column, err);

    _Static_assert(sizeof(hg_str_list) <= sizeof zeros && sizeof(hg_inet) <= sizeof zeros,
                   "every field fits into zeros");
    if (st != HG_OK)
        return st;
    put(draft, column, zeros, NULL);
    row_at(draft, draft->count - 1)->null_mask |= HG_BIT(column);
    return hgi_ok(err);
}

hg_status
hg_draft_set_int(hg_draft *draft, int32_t column, int64_t value, hg_error *err)
{
    hg_status st = check_column(draft, column, err);
    int32_t narrow = (int32_t)value;

    if (st == HG_OK && kind_of(draft, column) == HG_KIND_BIGINT)
        return put(draft, column, &value, err);
    if (st == HG_OK)
        st = check_kind(draft, column, HG_KIND_INT, err);
    if (st == HG_OK && narrow != value)
        st = hgi_fail_column(err, HG_E_INVALID, draft->table, column,
                             "is outside -2147483648 to 2147483647");
    return st == HG_OK ? put(draft, column, &narrow, err) : st;
}

hg_status
hg_draft_set_bool(hg_draft *draft, int32_t column, int32_t value, hg_error *err)
{
    hg_status st = check_kind(draft, column, HG_KIND_BOOL, err);

    return st == HG_OK ? put(draft, column, &value, err) : st;
}

hg_status
hg_draft_set_uuid(hg_draft *draft, int32_t column, const hg_uuid *value, hg_error *err)
{
    hg_status st = check_given(draft, column, HG_KIND_UUID, value, err);

    return st == HG_OK ? put(draft, column, value, err) : st;
}

hg_status
hg_draft_set_text(hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err)
{
    hg_status st = check_column(draft, column, err);
    int is_enum = st == HG_OK && kind_of(draft, column) == HG_KIND_ENUM;

    if (st == HG_OK && !is_enum)
        st = check_kind(draft, column, HG_KIND_TEXT, err);
    if (st == HG_OK)
        st = check_bytes(draft, column, ptr, len, err);
    if (st != HG_OK)
        return st;
    return is_enum ? put_enum_text(draft, column, ptr, len, err)
                   : put_text(draft, column, ptr, len, err);
}

hg_status
hg_draft_set_enum(hg_draft *draft, int32_t column, int32_t value, hg_error *err)
{
    hg_status st = check_kind(draft, column, HG_KIND_ENUM, err);

    return st == HG_OK ? put(draft, column, &value, err) : st;
}

hg_status
hg_draft_set_json(hg_draft *draft, int32_t column, const char *ptr, size_t len, hg_error *err)
{
    hg_status st = check_kind(draft, column, HG_KIND_JSON, err);

    if (st == HG_OK)
        st = check_bytes(draft, column, ptr, len, err);
    return st == HG_OK ? put_text(draft, column, ptr, len, err) : st;
}

hg_status
hg_draft_set_time(hg_draft *draft, int32_t column, hg_timestamp value, hg_error *err)
{
    hg_status st = check_kind(draft, column, HG_KIND_TIMESTAMP, err);

    return st == HG_OK ? put(draft, column, &value, err) : st;
}

hg_status
hg_draft_set_date(hg_draft *draft, int32_t column, hg_date value, hg_error *err)
{
    hg_status st = check_kind(draft, column, HG_KIND_DATE, err);

    return st == HG_OK ? put(draft, column, &value, err) : st;
}

hg_status
hg_draft_set_decimal(hg_draft *draft, int32_t column, const hg_decimal *value, hg_error *err)
{
    hg_status st = check_given(draft, column, HG_KIND_DECIMAL, value, err);

    return st == HG_OK ? put(draft, column, value, err) : st;
}

hg_status
hg_draft_set_inet(hg_draft *draft, int32_t column, const hg_inet *value, hg_error *err)
{
    hg_status st = check_given(draft, column, HG_KIND_INET, value, err);

    return st == HG_OK ? put(draft, column, value, err) : st;
}

/* ---- Lists of texts -------------------------------------------------------------------------- */

static int
is_null_bit(const uint8_t *nulls, size_t i)
{
    return nulls != NULL && (nulls[i / 8] >> i % 8 & 1) != 0;
}

/* NULL, or what is wrong with the elements. */
static const char *
list_problem(const char *buf, const uint64_t *ends, const uint8_t *nulls, size_t count)
{
    uint64_t start = 0;

    if (count > 0 && ends == NULL)
        return "has a count but no ends";
    for (size_t i = 0; i < count; i++) {
        if (ends[i] < start)
            return "has ends that do not ascend";
        if (ends[i] > start && is_null_bit(nulls, i))
            return "has an element that is NULL in nulls but has a text in buf";
        start = ends[i];
    }
    if (start > 0 && buf == NULL)
        return "has ends but no text";
    return NULL;
}

/* Items, null bits and texts in one piece, so that there is one thing that can fail:
 *
 *     [ items | null bits, if nulls is given | text NUL text NUL ... ] */
static hg_status
put_list(hg_draft *draft, int32_t column, const char *buf, const uint64_t *ends,
         const uint8_t *nulls, size_t count, hg_error *err)
{
    size_t bytes = count > 0 ? (size_t)ends[count - 1] : 0;
    size_t null_bytes = nulls != NULL ? (count + 7) / 8 : 0;
    uint64_t start = 0;
    hg_str *items = NULL;
    uint8_t *bits;
    char *at;

    if (count <= SIZE_MAX / 64 && bytes <= SIZE_MAX / 2)
        items = hgi_arena_alloc(&draft->texts, count * (sizeof *items + 1) + null_bytes + bytes);
    if (items == NULL)
        return hgi_nomem(err);
    bits = (uint8_t *)(items + count);
    if (null_bytes > 0)
        memcpy(bits, nulls, null_bytes);
    at = (char *)bits + null_bytes;
    for (size_t i = 0; i < count; start = ends[i++]) {
        size_t len = (size_t)(ends[i] - start);

        items[i] = (hg_str){ is_null_bit(nulls, i) ? NULL : at, len };
        if (len > 0)
            memcpy(at, buf + start, len);
        at[len] = '\0';
        at += len + 1;
    }
    return put(draft, column, &(hg_str_list){ items, nulls != NULL ? bits : NULL, count }, err);
}

hg_status
hg_draft_set_text_list(hg_draft *draft, int32_t column, const char *buf, const uint64_t *ends,
                       const uint8_t *nulls, size_t count, hg_error *err)
{
    hg_status st = check_kind(draft, column, HG_KIND_TEXT_LIST, err);
    const char *problem;

    if (st != HG_OK)
        return st;
    problem = list_problem(buf, ends, nulls, count);
    if (problem != NULL)
        return hgi_fail_column(err, HG_E_INVALID, draft->table, column, problem);
    return put_list(draft, column, buf, ends, nulls, count, err);
}

hg_status
hg_draft_set_uuid_list(hg_draft *draft, int32_t column, const hg_uuid *items, size_t count, hg_error *err)
{
    hg_uuid_list list = { NULL, count };
    hg_status st = check_kind(draft, column, HG_KIND_UUID_LIST, err);

    if (st == HG_OK && items == NULL && count > 0)
        st = hgi_fail_column(err, HG_E_INVALID, draft->table, column, "has a count but no items");
    if (st != HG_OK)
        return st;
    if (count > 0) {
        if (count <= SIZE_MAX / 2 / sizeof *items)
            list.items = (const hg_uuid *)hgi_arena_copy(&draft->texts, (const char *)items, count * sizeof *items);
        if (list.items == NULL)
            return hgi_nomem(err);
    }
    return put(draft, column, &list, err);
}
