/* decode.c - a row that the server sent as a table's row.
 *
 * It comes as cells of a libpq result or as COPY sends it, the columns in the order of their ordinals, xmin last. Text stays
 * where libpq put it, or is copied into blocks, whichever the list is for; everything else is decoded into the row. Every row
 * read passes through put_cell(), so it is one switch, with the small types in line. */
#include "record/record_int.h"

#include <string.h>

/* Where a text goes: in place, or behind the others with a NUL byte. */
static inline hgi_decoded
put_text(hgi_arena *copy, const char *cell, size_t len, hg_str *field)
{
    field->len = len;
    field->ptr = cell;
    if (copy == NULL)
        return HGI_DECODED;
    field->ptr = hgi_arena_copy(copy, cell, len);
    return field->ptr != NULL ? HGI_DECODED : HGI_NO_MEMORY;
}

/* The items point into the cell, or into its copy. */
static inline hgi_decoded
put_list(hgi_decoder *decoder, hgi_arena *copy, char *cell, size_t len, hg_str_list *field)
{
    if (copy != NULL)
        cell = hgi_arena_copy(copy, cell, len);
    return cell != NULL ? hgi_text_list_decode(cell, len, decoder->texts, field) : HGI_NO_MEMORY;
}

/* Uuids stand apart from each other in the cell, so they are copied in either kind of list. */
static hgi_decoded
put_uuid_list(hgi_decoder *decoder, const char *cell, size_t len, hg_uuid_list *field)
{
    size_t count;
    hgi_decoded said = hgi_uuid_list_size(cell, len, &count);
    hg_uuid *items;

    if (said != HGI_DECODED || count == 0)
        return said;
    items = hgi_arena_alloc(decoder->texts, count * sizeof *items);
    if (items == NULL)
        return HGI_NO_MEMORY;
    hgi_uuid_list_decode(cell, count, items);
    *field = (hg_uuid_list){ items, count };
    return HGI_DECODED;
}

/* The text of an enumerated column's value that this build does not know, behind the row's others. */
static hgi_decoded
remember_unknown(hgi_decoder *decoder, hgi_row *row, const char *cell, size_t len)
{
    const hg_str **all = (const hg_str **)(void *)((char *)row + decoder->table->unknown_offset);
    hg_str *texts = hgi_arena_alloc(decoder->texts, (size_t)(decoder->unknown + 1) * sizeof *texts);
    hg_str text;

    if (texts == NULL || put_text(decoder->copy, cell, len, &text) != HGI_DECODED)
        return HGI_NO_MEMORY;
    if (decoder->unknown > 0)
        memcpy(texts, *all, (size_t)decoder->unknown * sizeof *texts);
    texts[decoder->unknown++] = text;
    *all = texts;
    return HGI_DECODED;
}

static inline hgi_decoded
put_enum(hgi_decoder *decoder, const hg_column_info *column, const char *cell, size_t len, hgi_row *row, int32_t *field)
{
    *field = hgi_enum_value(column, cell, len);
    return *field > 0 ? HGI_DECODED : remember_unknown(decoder, row, cell, len);
}

/* jsonb_send: one version byte, then the text. */
static inline hgi_decoded
put_json(hgi_arena *copy, const char *cell, size_t len, hg_json *field)
{
    if (len < 1 || cell[0] != 1)
        return HGI_MALFORMED;
    return put_text(copy, cell + 1, len - 1, field);
}

static inline hgi_decoded
put_bigint(const char *cell, size_t len, int64_t *field)
{
    if (len != 8)
        return HGI_MALFORMED;
    *field = (int64_t)hgi_get64(cell);
    return HGI_DECODED;
}

/* The kinds that a row has few of. */
static hgi_decoded
put_other(hgi_decoder *decoder, int32_t kind, char *cell, size_t len, void *field)
{
    switch (kind) {
    case HG_KIND_DECIMAL:
        return hgi_decimal_decode(cell, len, field);
    case HG_KIND_DATE:
        return hgi_date_decode(cell, len, field);
    case HG_KIND_BIGINT:
        return put_bigint(cell, len, field);
    case HG_KIND_UUID_LIST:
        return put_uuid_list(decoder, cell, len, field);
    default:
        return hgi_inet_decode(cell, len, field);
    }
}

static inline hgi_decoded
put_int(const char *cell, size_t len, int32_t *field)
{
    if (len != 4)
        return HGI_MALFORMED;
    *field = (int32_t)hgi_get32(cell);
    return HGI_DECODED;
}

static inline hgi_decoded
put_bool(const char *cell, size_t len, int32_t *field)
{
    if (len != 1)
        return HGI_MALFORMED;
    *field = cell[0] != 0;
    return HGI_DECODED;
}

/* In line in both loops below: a call for each cell would be a third of what a row costs. */
__attribute__((always_inline)) static inline hgi_decoded
put_cell(hgi_decoder *decoder, hgi_arena *copy, const hg_column_info *column, char *cell, size_t len, hgi_row *row)
{
    void *field = (char *)row + column->offset;

    if (column->kind == HG_KIND_TEXT)            /* as most are */
        return put_text(copy, cell, len, field);
    switch (column->kind) {
    case HG_KIND_JSON:
        return put_json(copy, cell, len, field);
    case HG_KIND_UUID:
        return hgi_uuid_decode(cell, len, field);
    case HG_KIND_ENUM:
        return put_enum(decoder, column, cell, len, row, field);
    case HG_KIND_INT:
        return put_int(cell, len, field);
    case HG_KIND_BOOL:
        return put_bool(cell, len, field);
    case HG_KIND_TIMESTAMP:
        return hgi_timestamp_decode(cell, len, field);
    case HG_KIND_TEXT_LIST:
        return put_list(decoder, copy, cell, len, field);
    case HG_KIND_DECIMAL:
    case HG_KIND_DATE:
    case HG_KIND_INET:
    case HG_KIND_BIGINT:
    case HG_KIND_UUID_LIST:
        return put_other(decoder, column->kind, cell, len, field);
    default:
        __builtin_unreachable();
    }
}

/* The row's own id helps to find a value that cannot be read; it is a key, not a value. */
static hg_status
fail_cell(const hgi_decoder *decoder, const hg_column_info *column, const hgi_row *row, hgi_decoded said, hg_error *err)
{
    const hg_table_info *info = &decoder->table->info;
    int32_t i = (int32_t)(column - info->columns);
    char id[HG_UUID_TEXT_SIZE] = "?";
    hg_status st = said == HGI_OUT_OF_RANGE ? HG_E_INVALID : HG_E_INTERNAL;

    if (said == HGI_NO_MEMORY)
        return hgi_nomem(err);
    if (i > 0 && decoder->columns & HG_BIT(0) && info->columns[0].kind == HG_KIND_UUID)
        hg_uuid_to_text(hgi_field(decoder->table, 0, row), id, sizeof id, NULL);
    hgi_fail(err, st, i, "%s.%s of row %s %s", info->name, info->columns[i].name, id,
             st == HG_E_INVALID ? "holds a value that its C type cannot; leave the column out to read the rest"
                                : "did not come in its binary form");
    return hgi_at_table(err, decoder->table, st);
}

/* ---- Rows -------------------------------------------------------------------------------------------------------------- */

static inline void
begin_row(hgi_decoder *decoder, hgi_row *row)
{
    memset(row, 0, decoder->table->info.row_size);
    row->struct_size = decoder->table->info.row_size;
    row->loaded_mask = decoder->columns;
    decoder->unknown = 0;
}

/* The version is xmin where that came along, else the time of the last change if the table keeps it. */
static inline hg_status
end_row(const hgi_decoder *decoder, const char *xmin, size_t len, hgi_row *row)
{
    int32_t column = decoder->table->info.version_column;

    if (xmin != NULL && len == 4)
        row->row_version = hgi_get32(xmin);
    else if (column >= 0 && decoder->columns >> column & 1)
        memcpy(&row->row_version, (const char *)row + decoder->table->info.columns[column].offset, sizeof row->row_version);
    return HG_OK;
}

hg_status
hgi_row_decode(hgi_decoder *decoder, const hgi_result *result, int32_t r, void *out, hg_error *err)
{
    const hg_column_info *columns = decoder->table->info.columns, *column = columns;
    hgi_arena *copy = decoder->copy;
    hgi_cell cells[HGI_RESULT_MAX], *cell = cells;
    hgi_row *row = out;

    hgi_result_row(result, r, decoder->cells, cells);
    begin_row(decoder, row);
    for (uint64_t left = decoder->columns; hgi_next_column(&left, &column); left >>= 1, column++, cell++) {
        hgi_decoded said;

        if (cell->ptr == NULL) {
            row->null_mask |= HG_BIT(column - columns);
            continue;
        }
        said = put_cell(decoder, copy, column, cell->ptr, cell->len, row);
        if (said != HGI_DECODED)
            return fail_cell(decoder, column, row, said, err);
    }
    return end_row(decoder, decoder->with_version ? cell->ptr : NULL, decoder->with_version ? cell->len : 0, row);
}

/* ---- Copied rows --------------------------------------------------------------------------------------------------------
 *
 * Of each column its length, -1 for NULL, and so many bytes. Where a length stood is, once it has been read, the place of the
 * NUL byte behind the text before. With each column it is checked that there is room for the next one's length, so that only
 * the last one, which has none behind it, needs a second look. */

/* What does not leave room for another length: the last column, if xmin does not follow, NULL, or a row that is too short. Gives
 * back where the next length stands, NULL: too short. *len is -1 for NULL. */
static char *
unusual_cell(char *cell, const char *end, int is_last, int64_t *len)
{
    if (*len == UINT32_MAX)
        *len = -1;
    if (*len == -1)
        return end - cell >= (is_last ? 0 : 4) ? cell : NULL;
    return is_last && *len == end - cell ? cell + *len : NULL;
}

static hg_status
fail_size(const hgi_decoder *decoder, hg_error *err)
{
    return hgi_fail(err, HG_E_INTERNAL, -1, "a copied row of %s is too short or too long", decoder->table->info.name);
}

hg_status
hgi_copied_decode(hgi_decoder *decoder, char *at, size_t size, void *out, hg_error *err)
{
    const hg_column_info *columns = decoder->table->info.columns, *column = columns;
    const char *end = at + size, *xmin = NULL;
    hgi_row *row = out;
    int64_t len = 0;

    if (size < 4)
        return fail_size(decoder, err);
    begin_row(decoder, row);
    for (uint64_t left = decoder->columns; hgi_next_column(&left, &column); left >>= 1, column++) {
        char *cell = at + 4, *next;
        hgi_decoded said;

        len = hgi_get32(at);
        *at = '\0';
        next = cell + len;
        if (next > end - 4) {
            next = unusual_cell(cell, end, left == 1 && !decoder->with_version, &len);
            if (next == NULL)
                return fail_size(decoder, err);
        }
        at = next;
        if (len < 0) {
            row->null_mask |= HG_BIT(column - columns);
            continue;
        }
        said = put_cell(decoder, NULL, column, cell, (size_t)len, row);
        if (said != HGI_DECODED)
            return fail_cell(decoder, column, row, said, err);
    }
    if (decoder->with_version) {
        len = hgi_get32(at);
        xmin = at + 4;
        at = unusual_cell(at + 4, end, 1, &len);
    }
    if (at != end)
        return fail_size(decoder, err);
    return end_row(decoder, len >= 0 ? xmin : NULL, (size_t)len, row);
}
