/* table.c - what an aggregate answers: cells, each decoded once, so that reading one cannot fail for what it holds.
 *
 *     [ hg_table | cell 0,0 | cell 0,1 | ... | cell 1,0 | ... ]      [ PGresult: the texts ] */
#include "query/aggregate_int.h"

#include <string.h>

enum { COLUMNS_MAX = HGI_GROUPS_MAX + HGI_MEASURES_MAX };

typedef struct cell {
    union {
        int64_t    integer;
        hg_decimal decimal;
        hg_uuid    uuid;
        hg_inet    inet;
        hg_str     text;             /* of an enumerated value its name */
    } value;
    int64_t is_null;
} cell;

struct hg_table {
    const hgi_table *table;
    hgi_result *result;
    size_t      rows;
    int32_t     columns;
    int32_t     kinds[COLUMNS_MAX];
    int32_t     ordinals[COLUMNS_MAX]; /* of the table's column that it is of; -1: none */
    cell        cells[];
};

/* ---- Decoding -------------------------------------------------------------------------------------------------------- */

static hgi_decoded
decode_integer(int32_t kind, const char *bytes, size_t len, int64_t *out)
{
    static const size_t sizes[] = { [HG_KIND_INT] = 4, [HG_KIND_BOOL] = 1, [HG_KIND_BIGINT] = 8 };

    if (len != sizes[kind])
        return HGI_MALFORMED;
    *out = kind == HG_KIND_BIGINT ? (int64_t)hgi_get64(bytes) : kind == HG_KIND_INT ? (int32_t)hgi_get32(bytes) : bytes[0] != 0;
    return HGI_DECODED;
}

static hgi_decoded
decode_date(const char *bytes, size_t len, int64_t *out)
{
    hg_date date = 0;
    hgi_decoded said = hgi_date_decode(bytes, len, &date);

    *out = date;
    return said;
}

static hgi_decoded
decode_cell(int32_t kind, const char *bytes, size_t len, cell *out)
{
    switch (kind) {
    case HG_KIND_UUID:
        return hgi_uuid_decode(bytes, len, &out->value.uuid);
    case HG_KIND_DECIMAL:
        return hgi_decimal_decode(bytes, len, &out->value.decimal);
    case HG_KIND_TIMESTAMP:
        return hgi_timestamp_decode(bytes, len, &out->value.integer);
    case HG_KIND_DATE:
        return decode_date(bytes, len, &out->value.integer);
    case HG_KIND_INET:
        return hgi_inet_decode(bytes, len, &out->value.inet);
    case HG_KIND_TEXT:
    case HG_KIND_ENUM:
        out->value.text = (hg_str){ bytes, len };
        return HGI_DECODED;
    default:
        return decode_integer(kind, bytes, len, &out->value.integer);
    }
}

static hg_status
fail_cell(const hg_table *table, int32_t column, hgi_decoded said, hg_error *err)
{
    int32_t ordinal = table->ordinals[column];
    const char *name = ordinal >= 0 ? table->table->info.columns[ordinal].name : "*";

    if (said == HGI_OUT_OF_RANGE)
        hgi_fail(err, HG_E_INVALID, ordinal, "a measure of %s.%s has more digits than hg_decimal holds", table->table->info.name,
                 name);
    else
        hgi_fail(err, HG_E_INTERNAL, ordinal, "an aggregate of %s.%s did not come in its binary form",
                 table->table->info.name, name);
    return hgi_at_table(err, table->table, said == HGI_OUT_OF_RANGE ? HG_E_INVALID : HG_E_INTERNAL);
}

static hg_status
decode_cells(hg_table *table, hg_error *err)
{
    cell *to = table->cells;

    for (size_t row = 0; row < table->rows; row++)
        for (int32_t column = 0; column < table->columns; column++, to++) {
            size_t len;
            const char *bytes = hgi_result_cell(table->result, (int32_t)row, column, &len);
            hgi_decoded said;

            to->is_null = bytes == NULL;
            if (bytes == NULL)
                continue;
            said = decode_cell(table->kinds[column], bytes, len, to);
            if (said != HGI_DECODED)
                return fail_cell(table, column, said, err);
        }
    return HG_OK;
}

static void
describe_columns(hg_table *table, const hg_query *query)
{
    const hgi_aggregate *a = &query->aggregate;

    table->table = query->table;
    for (int32_t i = 0; i < a->group_count; i++) {
        table->ordinals[table->columns] = a->groups[i].column;
        table->kinds[table->columns++] = query->table->info.columns[a->groups[i].column].kind;
    }
    for (int32_t i = 0; i < a->measure_count; i++) {
        table->ordinals[table->columns] = a->measures[i].column == HGI_ROWS ? -1 : a->measures[i].column;
        table->kinds[table->columns++] = hgi_measure_kind(query, &a->measures[i]);
    }
}

hg_status
hgi_aggregate_decode(const hg_query *query, hgi_result *result, hg_table **out, hg_error *err)
{
    size_t rows = (size_t)hgi_result_rows(result);
    size_t columns = (size_t)(query->aggregate.group_count + query->aggregate.measure_count);
    hg_table *table = hgi_alloc_zero(sizeof *table + rows * columns * sizeof(cell));
    hg_status st;

    if (table == NULL) {
        hgi_result_free(result);
        return hgi_nomem(err);
    }
    table->result = result;
    table->rows = rows;
    describe_columns(table, query);
    st = decode_cells(table, err);
    if (st != HG_OK) {
        hg_table_free(table);
        return st;
    }
    *out = table;
    return HG_OK;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------------- */

size_t
hg_table_rows(const hg_table *table)
{
    return table != NULL ? table->rows : 0;
}

int32_t
hg_table_columns(const hg_table *table)
{
    return table != NULL ? table->columns : 0;
}

int32_t
hg_table_kind(const hg_table *table, int32_t column)
{
    return table != NULL && column >= 0 && column < table->columns ? table->kinds[column] : 0;
}

static const cell *
cell_at(const hg_table *table, size_t row, int32_t column)
{
    if (table == NULL || row >= table->rows || column < 0 || column >= table->columns)
        return NULL;
    return &table->cells[row * (size_t)table->columns + (size_t)column];
}

int32_t
hg_table_is_null(const hg_table *table, size_t row, int32_t column)
{
    const cell *at = cell_at(table, row, column);

    return at == NULL || at->is_null;
}

/* The cell, if it is of one of the kinds in a mask of them. */
static hg_status
find_cell(const hg_table *table, size_t row, int32_t column, uint32_t kinds, const void *out, const cell **at,
          hg_error *err)
{
    *at = cell_at(table, row, column);
    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    if (*at == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the table has no cell in row %zu, column %d", row, (int)column);
    if (!(kinds >> table->kinds[column] & 1))
        return hgi_fail(err, HG_E_INVALID, table->ordinals[column], "column %d of the table is of another kind", (int)column);
    return hgi_ok(err);
}

#define KIND(kind) (1u << (kind))

hg_status
hg_table_int(const hg_table *table, size_t row, int32_t column, int64_t *out, hg_error *err)
{
    const uint32_t kinds = KIND(HG_KIND_BIGINT) | KIND(HG_KIND_INT) | KIND(HG_KIND_BOOL) | KIND(HG_KIND_ENUM);
    const cell *at;
    hg_status st = find_cell(table, row, column, kinds, out, &at, err);

    if (out != NULL)
        *out = 0;
    if (st != HG_OK || at->is_null)
        return st;
    if (table->kinds[column] == HG_KIND_ENUM)
        *out = hgi_enum_parse(table->table, table->ordinals[column], at->value.text.ptr, at->value.text.len);
    else
        *out = at->value.integer;
    return HG_OK;
}

hg_status
hg_table_decimal(const hg_table *table, size_t row, int32_t column, hg_decimal *out, hg_error *err)
{
    const uint32_t kinds = KIND(HG_KIND_DECIMAL) | KIND(HG_KIND_BIGINT) | KIND(HG_KIND_INT);
    const cell *at;
    hg_status st = find_cell(table, row, column, kinds, out, &at, err);

    if (out != NULL)
        *out = (hg_decimal){ 0 };
    if (st != HG_OK || at->is_null)
        return st;
    if (table->kinds[column] == HG_KIND_DECIMAL)
        *out = at->value.decimal;
    else
        out->unscaled = at->value.integer;
    return HG_OK;
}

hg_status
hg_table_time(const hg_table *table, size_t row, int32_t column, hg_timestamp *out, hg_error *err)
{
    const cell *at;
    hg_status st = find_cell(table, row, column, KIND(HG_KIND_TIMESTAMP), out, &at, err);

    if (out != NULL)
        *out = st == HG_OK ? at->value.integer : 0;
    return st;
}

hg_status
hg_table_date(const hg_table *table, size_t row, int32_t column, hg_date *out, hg_error *err)
{
    const cell *at;
    hg_status st = find_cell(table, row, column, KIND(HG_KIND_DATE), out, &at, err);

    if (out != NULL)
        *out = st == HG_OK ? (hg_date)at->value.integer : 0;
    return st;
}

hg_status
hg_table_uuid(const hg_table *table, size_t row, int32_t column, hg_uuid *out, hg_error *err)
{
    const cell *at;
    hg_status st = find_cell(table, row, column, KIND(HG_KIND_UUID), out, &at, err);

    if (out != NULL)
        *out = st == HG_OK ? at->value.uuid : (hg_uuid){ { 0 } };
    return st;
}

hg_status
hg_table_inet(const hg_table *table, size_t row, int32_t column, hg_inet *out, hg_error *err)
{
    const cell *at;
    hg_status st = find_cell(table, row, column, KIND(HG_KIND_INET), out, &at, err);

    if (out != NULL)
        *out = st == HG_OK ? at->value.inet : (hg_inet){ { 0 }, 0, 0, { 0 } };
    return st;
}

hg_status
hg_table_text(const hg_table *table, size_t row, int32_t column, hg_str *out, hg_error *err)
{
    const cell *at;
    hg_status st = find_cell(table, row, column, KIND(HG_KIND_TEXT) | KIND(HG_KIND_ENUM), out, &at, err);

    if (out != NULL)
        *out = st == HG_OK ? at->value.text : (hg_str){ NULL, 0 };
    return st;
}

void
hg_table_free(hg_table *table)
{
    if (table == NULL)
        return;
    hgi_result_free(table->result);
    hgi_free(table);
}
