/* rules.c - whether a caller's row may be written, told before anything is sent.
 *
 * A column takes part when its bit in set is on. The rules are those of the API: a forgotten bit is an error and not a
 * lost value, NULL is a mask bit and nothing else, and a value that the column cannot hold names the column. */
#include "record/record_int.h"

#include <stddef.h>
#include <string.h>

const char *
hgi_role_name(int32_t role)
{
    static const char *const names[HGI_ROLE_COUNT] = { "anon", "candidate", "company", "freelancer", "service", "other" };

    return names[role];
}

hg_status
hgi_at_table(hg_error *err, const hgi_table *table, hg_status status)
{
    if (err != NULL && err->table[0] == '\0')
        strncpy(err->table, table->info.name, sizeof err->table - 1);
    return status;
}

hg_status
hgi_fail_column(hg_error *err, hg_status status, const hgi_table *table, int32_t column, const char *what)
{
    hgi_fail(err, status, column, "%s.%s %s", table->info.name, table->info.columns[column].name, what);
    return hgi_at_table(err, table, status);
}

hg_status
hgi_fail_role(hg_error *err, const hgi_table *table, int32_t column, const char *what, hg_conn *conn)
{
    hg_error own;

    if (err == NULL)
        err = &own;
    if (column >= 0)
        hgi_fail(err, HG_E_DENIED, column, "%s.%s may not be %s by role %s", table->info.name,
                 table->info.columns[column].name, what, hgi_role_name(conn->role));
    else
        hgi_fail(err, HG_E_DENIED, -1, "%s may not be %s by role %s", table->info.name, what, hgi_role_name(conn->role));
    hgi_denied(conn, table->info.name, err->message);
    return hgi_at_table(err, table, HG_E_DENIED);
}

/* The place of a constraint, by its name. A NOT NULL is told by its column, and has no name of its own. */
static void
name_constraint(hg_error *err, const hgi_table *table)
{
    int not_null = strcmp(err->sqlstate, "23502") == 0;

    for (int32_t i = 0; !not_null && i < table->constraint_count; i++)
        if (strcmp(err->constraint, table->constraints[i].name) == 0)
            err->column = table->constraints[i].column;
    for (int32_t i = 0; not_null && i < table->info.column_count; i++)
        if (strcmp(err->constraint, table->info.columns[i].name) == 0)
            err->column = i;
    if (not_null)
        err->constraint[0] = '\0';
}

/* A result of another type is told with the column, not with its place in the result. */
static void
name_result_column(hg_error *err, const hgi_table *table, const hgi_shape *shape)
{
    hg_error told = *err;
    uint64_t left = shape->columns;

    for (int32_t n = told.column; n > 0 && left != 0; n--)
        left &= left - 1;
    if (left != 0)
        hgi_fail(err, told.status, hgi_first_bit(left), "%s.%s: %s", table->info.name,
                 table->info.columns[hgi_first_bit(left)].name, told.message);
}

hg_status
hgi_fail_call(hg_error *err, const hgi_table *table, const hgi_shape *shape, hg_status status)
{
    if (err == NULL)
        return status;
    if (err->sqlstate[0] != '\0' && (err->table[0] == '\0' || strcmp(err->table, table->info.name) == 0))
        name_constraint(err, table);
    else if (status == HG_E_SCHEMA && err->column >= 0)
        name_result_column(err, table, shape);
    return hgi_at_table(err, table, status);
}

/* ---- Values ---------------------------------------------------------------------------------------------------------------- */

/* Of one that is not plain, or not short enough as bytes. */
__attribute__((noinline)) static const char *
odd_text_problem(const hg_column_info *column, const hg_str *text)
{
    size_t characters = 0;
    const char *problem;

    if (text->ptr == NULL && text->len != 0)
        return "has a length but no text";
    if (text->len > HGI_VALUE_MAX)
        return "is longer than PostgreSQL can hold";
    problem = hgi_text_check(text->ptr, text->len, &characters);
    if (problem == NULL && column->length > 0 && characters > (size_t)column->length)
        problem = "is longer than the column allows";
    return problem;
}

static inline const char *
text_problem(const hg_column_info *column, const hg_str *text)
{
    size_t most = column->length > 0 ? (size_t)column->length : HGI_VALUE_MAX;

    if (text->ptr != NULL && text->len <= most && hgi_text_is_plain(text->ptr, text->len))
        return NULL;
    return odd_text_problem(column, text);
}

static const char *
json_problem(const hg_json *json)
{
    if (json->ptr == NULL)
        return "is empty, which is not JSON; for SQL NULL set its bit in null_mask";
    if (json->len >= HGI_VALUE_MAX)
        return "is longer than PostgreSQL can hold";
    return hgi_json_check(json->ptr, json->len);
}

static const char *
list_problem(const hg_str_list *list, char *buf, size_t size)
{
    const char *problem = hgi_text_list_check(list, buf, size);
    size_t total = 0;

    if (problem != NULL)
        return problem;
    for (size_t i = 0; i < list->count && total <= HGI_VALUE_MAX; i++)
        total += 4 + (list->items[i].len <= HGI_VALUE_MAX ? list->items[i].len : HGI_VALUE_MAX);
    return total <= HGI_VALUE_MAX ? NULL : "is longer than PostgreSQL can hold";
}

__attribute__((always_inline)) static inline const char *
value_problem(const hg_column_info *column, int32_t kind, const void *field, char *buf, size_t size)
{
    const int32_t *integer = field;

    if (kind == HG_KIND_TEXT)                    /* as most are */
        return text_problem(column, field);
    switch (kind) {
    case HG_KIND_JSON:
        return json_problem(field);
    case HG_KIND_ENUM:
        return *integer >= 1 && *integer <= column->value_count ? NULL : "is none of the column's values";
    case HG_KIND_BOOL:
        return *integer == 0 || *integer == 1 ? NULL : "is neither 0 nor 1";
    case HG_KIND_DECIMAL:
        return hgi_decimal_check(field, column->length, column->scale);
    case HG_KIND_TIMESTAMP:
        return hgi_timestamp_check(*(const hg_timestamp *)field) == HG_OK ? NULL : "is outside what PostgreSQL can hold";
    case HG_KIND_DATE:
        return hgi_date_check(*integer) == HG_OK ? NULL : "is outside what PostgreSQL can hold";
    case HG_KIND_TEXT_LIST:
        return list_problem(field, buf, size);
    case HG_KIND_UUID_LIST:
        return hgi_uuid_list_check(field);
    case HG_KIND_INET:
        return hgi_inet_check(field);
    default:
        return NULL;
    }
}

_Static_assert(sizeof(int32_t) == 4 && sizeof(hg_uuid) % 8 == 0 && sizeof(hg_str) % 8 == 0 && sizeof(hg_decimal) % 8 == 0 &&
               sizeof(hg_inet) % 8 == 0 && sizeof(hg_str_list) % 8 == 0 && sizeof(hg_uuid_list) % 8 == 0,
               "a field is four bytes, or some times eight");

/* Whether a field is zero. */
static inline int
is_zero(const char *field, size_t size)
{
    uint64_t bits = 0, word;
    uint32_t half;

    if (size == sizeof half) {
        memcpy(&half, field, sizeof half);
        return half == 0;
    }
    for (size_t i = 0; i < size; i += sizeof word) {
        memcpy(&word, field + i, sizeof word);
        bits |= word;
    }
    return bits == 0;
}

static hg_status
check_null(const hgi_table *table, int32_t i, const char *field, hg_error *err)
{
    const hg_column_info *column = &table->info.columns[i];

    if (!is_zero(field, hgi_kind_size(column->kind)))
        return hgi_fail_column(err, HG_E_INVALID, table, i, "is in null_mask, but its field is not zero");
    if (!column->nullable)
        return hgi_fail_column(err, table->info.table < 0 ? HG_E_INVALID : HG_E_CONSTRAINT, table, i, "may not be NULL");
    return HG_OK;
}

/* The columns that a row ends before, since its caller was built with an older header. */
static uint64_t
columns_behind(const hgi_table *table, const hgi_row *row)
{
    const hg_column_info *columns = table->info.columns;
    int32_t i = table->info.column_count;

    while (i > 0 && columns[i - 1].offset + hgi_kind_size(columns[i - 1].kind) > row->struct_size)
        i--;
    return hgi_all_columns(table) & ~(i == 64 ? UINT64_MAX : HG_BIT(i) - 1);
}

/* The first of these columns whose value it cannot hold: *bad, and what is wrong with it; NULL: none. */
static inline const char *
bad_value(const hgi_table *table, const hgi_row *row, uint64_t columns, int32_t *bad, char *buf, size_t size)
{
    const hg_column_info *column = table->info.columns;

    for (; hgi_next_column(&columns, &column); columns >>= 1, column++) {
        const char *problem = value_problem(column, column->kind, (const char *)row + column->offset, buf, size);

        if (problem != NULL) {
            *bad = (int32_t)(column - table->info.columns);
            return problem;
        }
    }
    return NULL;
}

static hg_status
fail_unwritten(const hgi_table *table, const hgi_row *row, int32_t i, hg_error *err)
{
    if (row->null_mask >> i & 1)
        return hgi_fail_column(err, HG_E_INVALID, table, i, "is in null_mask but not in set; add its bit to set");
    return hgi_fail_column(err, HG_E_INVALID, table, i, "has a value but is not in set; add its bit to set");
}

/* A column that is NULL, or not in set. What is not in set is looked at too, unless the row was read: a value that nobody will
 * write is a forgotten bit. */
static inline hg_status
check_no_value(const hgi_table *table, const hgi_row *row, uint64_t set, int32_t i, hg_error *err)
{
    const char *field = hgi_field(table, i, row);

    if (set >> i & 1)
        return check_null(table, i, field, err);
    if (!(row->null_mask >> i & 1) && is_zero(field, hgi_kind_size(table->info.columns[i].kind)))
        return HG_OK;
    return fail_unwritten(table, row, i, err);
}

/* The error is of the first column that anything is wrong with. */
static hg_status
check_columns(const hgi_table *table, const hgi_row *row, uint64_t set, hg_error *err)
{
    uint64_t behind = row->struct_size < table->info.row_size ? columns_behind(table, row) : 0;
    uint64_t left = hgi_all_columns(table) & (set | ~row->loaded_mask) & ~behind, values = left & set & ~row->null_mask;
    int32_t bad = -1;
    char buf[64];
    const char *problem = bad_value(table, row, values, &bad, buf, sizeof buf);

    left &= ~values;
    if (problem != NULL)
        left &= HG_BIT(bad) - 1;
    for (; left != 0; left &= left - 1) {
        hg_status st = check_no_value(table, row, set, hgi_first_bit(left), err);

        if (st != HG_OK)
            return st;
    }
    if (problem != NULL)
        return hgi_fail_column(err, HG_E_INVALID, table, bad, problem);
    if (behind & set)
        return hgi_fail_column(err, HG_E_INVALID, table, hgi_first_bit(behind & set), "is in set, but struct_size ends before it");
    return HG_OK;
}

/* ---- Rows -------------------------------------------------------------------------------------------------------------------- */

static hg_status
check_row(const hgi_table *table, const hgi_row *row, uint64_t set, hg_error *err)
{
    if (row == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "row is NULL");
    if (row->struct_size < sizeof(hgi_row))
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of the row is %s; set it to sizeof(hg_%s)",
                        row->struct_size == 0 ? "zero" : "too small", table->info.singular);
    if (row->reserved0 != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "reserved0 of the row is not zero");
    if (set & ~hgi_all_columns(table))
        return hgi_fail(err, HG_E_INVALID, hgi_first_bit(set & ~hgi_all_columns(table)),
                        "set names a column that %s does not have", table->info.name);
    return check_columns(table, row, set, err);
}

/* ---- Many rows, column by column: half of what row by row takes -------------------------------------------------------------- */

/* Of so many rows those before the first whose head says anything but that its fields may be looked at. */
static size_t
good_heads(const hgi_table *table, const char *row, size_t count, size_t stride, uint64_t *nulls, uint64_t *loaded)
{
    for (size_t i = 0; i < count; i++, row += stride) {
        const hgi_row *head = (const hgi_row *)(const void *)row;

        if (head->struct_size < table->info.row_size || head->reserved0 != 0)
            return i;
        *nulls |= head->null_mask;
        *loaded &= head->loaded_mask;
    }
    return count;
}

/* And those before the first whose value the column cannot hold. In line in a loop of one kind. */
__attribute__((always_inline)) static inline size_t
good_values(const hg_column_info *column, int32_t kind, const char *field, size_t count, size_t stride)
{
    char buf[64];

    for (size_t i = 0; i < count; i++, field += stride)
        if (value_problem(column, kind, field, buf, sizeof buf) != NULL)
            return i;
    return count;
}

/* The same of a column that is not in set, or NULL in some row. */
static size_t
good_others(const hgi_table *table, int32_t i, uint64_t set, const char *row, size_t count, size_t stride)
{
    const hg_column_info *column = &table->info.columns[i];
    char buf[64];

    for (size_t r = 0; r < count; r++, row += stride) {
        const hgi_row *head = (const hgi_row *)(const void *)row;

        if (set & ~head->null_mask & HG_BIT(i)) {
            if (value_problem(column, column->kind, row + column->offset, buf, sizeof buf) != NULL)
                return r;
        } else if ((set | ~head->loaded_mask) & HG_BIT(i) && check_no_value(table, head, set, i, NULL) != HG_OK) {
            return r;
        }
    }
    return count;
}

static size_t
good_rows(const hgi_table *table, const char *rows, size_t count, size_t stride, uint64_t set)
{
    const hg_column_info *column = table->info.columns;
    uint64_t nulls = 0, loaded = UINT64_MAX;
    size_t good = good_heads(table, rows, count, stride, &nulls, &loaded);
    uint64_t left = hgi_all_columns(table) & (set | ~loaded), values = left & set & ~nulls;

    for (left &= ~values; left != 0; left &= left - 1)
        good = good_others(table, hgi_first_bit(left), set, rows, good, stride);
    for (; hgi_next_column(&values, &column); values >>= 1, column++) {
        const char *field = rows + column->offset;

        if (column->kind == HG_KIND_TEXT)                /* as most are */
            good = good_values(column, HG_KIND_TEXT, field, good, stride);
        else
            good = good_values(column, column->kind, field, good, stride);
    }
    return good;
}

/* What is wrong is told by the row, and what cannot be told by the column: rows of an older header. */
hg_status
hgi_check_rows(const hgi_table *table, const void *rows, size_t count, size_t stride, uint64_t set, size_t *bad, hg_error *err)
{
    for (*bad = good_rows(table, rows, count, stride, set); *bad < count; ++*bad) {
        hg_status st = check_row(table, (const hgi_row *)(const void *)((const char *)rows + *bad * stride), set, err);

        if (st != HG_OK)
            return st;
    }
    return HG_OK;
}

static hg_status
check_insertable(hg_conn *conn, const hgi_table *table, uint64_t set, hg_error *err)
{
    uint64_t may = table->insertable[conn->role];

    if (set & ~may)
        return hgi_fail_role(err, table, hgi_first_bit(set & ~may), "written", conn);
    return may != 0 ? HG_OK : hgi_fail_role(err, table, -1, "inserted into", conn);
}

/* A NOT NULL column without a default that nobody gives. */
static hg_status
check_given(const hgi_table *table, uint64_t set, hg_error *err)
{
    uint64_t missing = table->required & ~set;

    if (missing != 0)
        return hgi_fail_column(err, HG_E_CONSTRAINT, table, hgi_first_bit(missing),
                               "may not be NULL and has no default; put it in set");
    return HG_OK;
}

hg_status
hgi_check_params(const hgi_table *params, const void *row, uint64_t set, hg_error *err)
{
    const hgi_row *head = row;

    if (head->struct_size < sizeof *head)
        return hgi_fail(err, HG_E_INVALID, -1, "struct_size of the params is %s; set it to sizeof(hg_%s_params)",
                        head->struct_size == 0 ? "zero" : "too small", params->info.singular);
    return check_row(params, head, set, err);
}

hg_status
hgi_check_read(hg_conn *conn, const hgi_table *table, hg_error *err)
{
    return table->readable[conn->role] != 0 ? HG_OK : hgi_fail_role(err, table, -1, "read", conn);
}

hg_status
hgi_check_insert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, hg_error *err)
{
    hg_status st = check_row(table, row, set, err);

    if (st == HG_OK)
        st = check_insertable(conn, table, set, err);
    return st == HG_OK ? check_given(table, set, err) : st;
}

hg_status
hgi_check_update(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, hg_error *err)
{
    uint64_t may = table->updatable[conn->role];
    hg_status st = check_row(table, row, set, err);

    if (st != HG_OK)
        return st;
    if (set == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "set is empty: there is nothing to change");
    if (set & HG_BIT(0))
        return hgi_fail_column(err, HG_E_INVALID, table, 0, "names the row and cannot be changed; leave it out of set");
    if (set & ~may)
        return hgi_fail_role(err, table, hgi_first_bit(set & ~may), "written", conn);
    return HG_OK;
}

hg_status
hgi_check_upsert(hg_conn *conn, const hgi_table *table, const void *row, uint64_t set, int32_t key, hg_error *err)
{
    const hgi_row *head = row;
    uint64_t columns, updates, denied;
    hg_status st;

    if (key < 0 || key >= table->info.key_count)
        return hgi_fail(err, HG_E_INVALID, -1, "key is none of HG_..._KEY_* of %s", table->info.name);
    st = hgi_check_insert(conn, table, row, set, err);
    if (st != HG_OK)
        return st;
    columns = table->info.keys[key].columns;
    if (columns & (~set | head->null_mask))
        return hgi_fail_column(err, HG_E_INVALID, table, hgi_first_bit(columns & (~set | head->null_mask)),
                               "is part of the key: it must be in set and not NULL");
    updates = set & ~columns & ~HG_BIT(0);
    denied = updates & ~(table->updatable[conn->role] & table->readable[conn->role]);
    denied |= columns & ~table->readable[conn->role];
    updates = hgi_upsert_updates(table, conn->role, set, key);
    if (updates == 0 && denied != 0)
        return hgi_fail_role(err, table, hgi_first_bit(denied), "upserted", conn);
    if (updates == 0)
        return hgi_fail(err, HG_E_INVALID, -1, "set holds nothing that a row already there could take over");
    denied = (updates | columns) & ~table->readable[conn->role];
    return denied == 0 ? HG_OK : hgi_fail_role(err, table, hgi_first_bit(denied), "upserted", conn);
}
