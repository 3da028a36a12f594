/* decode.c - a result's row as a table's row.
 *
 * Text stays where libpq put it, or is copied into blocks, whichever the list is for; everything else is decoded into
 * the row. The columns come in the order of their ordinals, xmin last. */
#include "record/record_int.h"

#include <string.h>

/* Where a text goes: in place, or behind the others with a NUL byte. NULL: out of memory. */
static inline const char *
keep_text(hgi_decoder *decoder, const char *cell, size_t len)
{
    return decoder->copy == NULL ? cell : hgi_arena_copy(decoder->copy, cell, len);
}

static hg_status
put_text(hgi_decoder *decoder, const char *cell, size_t len, hg_str *field)
{
    field->ptr = keep_text(decoder, cell, len);
    field->len = len;
    return field->ptr != NULL ? HG_OK : HG_E_NOMEM;
}

/* A list's header and items go to the memory that was counted for them, or to the list's blocks. */
static hgi_decoded
put_list(hgi_decoder *decoder, char *cell, size_t len, hg_str_list *field, hg_status *st)
{
    size_t size = 0;
    hgi_decoded said = hgi_text_list_size(cell, len, &size);
    char *memory = NULL;

    if (said != HGI_DECODED)
        return said;
    if (decoder->copy != NULL && len > 0) {
        cell = hgi_arena_copy(decoder->copy, cell, len);
        memory = cell != NULL && size > 0 ? hgi_arena_alloc(decoder->copy, size) : cell;
    } else {
        memory = decoder->lists;
        decoder->lists += size;
    }
    if (memory == NULL) {
        *st = HG_E_NOMEM;
        return HGI_DECODED;
    }
    return hgi_text_list_decode(cell, len, memory, field);
}

/* Uuids stand apart from each other in the cell, so they are copied in either kind of list. */
static hgi_decoded
put_uuid_list(hgi_decoder *decoder, const char *cell, size_t len, hg_uuid_list *field, hg_status *st)
{
    size_t count;
    hgi_decoded said = hgi_uuid_list_size(cell, len, &count);
    hg_uuid *items = NULL;

    if (said != HGI_DECODED || count == 0)
        return said;
    items = hgi_arena_alloc(decoder->texts, count * sizeof *items);
    if (items == NULL) {
        *st = HG_E_NOMEM;
        return HGI_DECODED;
    }
    hgi_uuid_list_decode(cell, count, items);
    *field = (hg_uuid_list){ items, count };
    return HGI_DECODED;
}

static hg_status
remember_unknown(hgi_decoder *decoder, hgi_row *row, const char *cell, size_t len, int32_t known_before)
{
    const hg_str **all = (const hg_str **)(void *)((char *)row + decoder->table->unknown_offset);
    hg_str *texts = hgi_arena_alloc(decoder->texts, (size_t)(known_before + 1) * sizeof *texts);
    hg_str text;

    if (texts == NULL || put_text(decoder, cell, len, &text) != HG_OK)
        return HG_E_NOMEM;
    if (known_before > 0)
        memcpy(texts, *all, (size_t)known_before * sizeof *texts);
    texts[known_before] = text;
    *all = texts;
    return HG_OK;
}

/* The number of an enumerated column's value; one that this build does not know is -1, and its text is kept. */
static hg_status
put_enum(hgi_decoder *decoder, int32_t i, const char *cell, size_t len, hgi_row *row, int32_t *unknown)
{
    int32_t value = hgi_enum_parse(decoder->table, i, cell, len);

    memcpy((char *)row + decoder->table->info.columns[i].offset, &value, sizeof value);
    return value > 0 ? HG_OK : remember_unknown(decoder, row, cell, len, (*unknown)++);
}

static hgi_decoded
put_int(const char *cell, size_t len, int32_t *field)
{
    if (len != 4)
        return HGI_MALFORMED;
    *field = (int32_t)hgi_get32(cell);
    return HGI_DECODED;
}

static hgi_decoded
put_bigint(const char *cell, size_t len, int64_t *field)
{
    if (len != 8)
        return HGI_MALFORMED;
    *field = (int64_t)hgi_get64(cell);
    return HGI_DECODED;
}

static hgi_decoded
put_bool(const char *cell, size_t len, int32_t *field)
{
    if (len != 1)
        return HGI_MALFORMED;
    *field = cell[0] != 0;
    return HGI_DECODED;
}

/* jsonb_send: one version byte, then the text. */
static hgi_decoded
put_json(hgi_decoder *decoder, const char *cell, size_t len, hg_json *field, hg_status *st)
{
    if (len < 1 || cell[0] != 1)
        return HGI_MALFORMED;
    *st = put_text(decoder, cell + 1, len - 1, field);
    return HGI_DECODED;
}

/* The row's own id helps to find a value that cannot be read; it is a key, not a value. */
static hg_status
fail_cell(hgi_decoder *decoder, int32_t i, const hgi_row *row, hgi_decoded said, hg_error *err)
{
    const hg_table_info *info = &decoder->table->info;
    char id[HG_UUID_TEXT_SIZE] = "?";
    hg_status st = said == HGI_OUT_OF_RANGE ? HG_E_INVALID : HG_E_INTERNAL;

    if (i > 0 && decoder->columns & HG_BIT(0) && info->columns[0].kind == HG_KIND_UUID)
        hg_uuid_to_text(hgi_field(decoder->table, 0, row), id, sizeof id, NULL);
    hgi_fail(err, st, i, "%s.%s of row %s %s", info->name, info->columns[i].name, id,
             st == HG_E_INVALID ? "holds a value that its C type cannot; leave the column out to read the rest"
                                : "did not come in its binary form");
    return hgi_at_table(err, decoder->table, st);
}

static hg_status
put_cell(hgi_decoder *decoder, int32_t i, char *cell, size_t len, hgi_row *row, int32_t *unknown, hg_error *err)
{
    const hg_column_info *column = &decoder->table->info.columns[i];
    void *field = (char *)row + column->offset;
    hgi_decoded said = HGI_DECODED;
    hg_status st = HG_OK;

    switch (column->kind) {
    case HG_KIND_UUID:
        said = hgi_uuid_decode(cell, len, field);
        break;
    case HG_KIND_TEXT:
        st = put_text(decoder, cell, len, field);
        break;
    case HG_KIND_JSON:
        said = put_json(decoder, cell, len, field, &st);
        break;
    case HG_KIND_ENUM:
        st = put_enum(decoder, i, cell, len, row, unknown);
        break;
    case HG_KIND_INT:
        said = put_int(cell, len, field);
        break;
    case HG_KIND_BOOL:
        said = put_bool(cell, len, field);
        break;
    case HG_KIND_DECIMAL:
        said = hgi_decimal_decode(cell, len, field);
        break;
    case HG_KIND_TIMESTAMP:
        said = hgi_timestamp_decode(cell, len, field);
        break;
    case HG_KIND_DATE:
        said = hgi_date_decode(cell, len, field);
        break;
    case HG_KIND_BIGINT:
        said = put_bigint(cell, len, field);
        break;
    case HG_KIND_UUID_LIST:
        said = put_uuid_list(decoder, cell, len, field, &st);
        break;
    case HG_KIND_TEXT_LIST:
        said = put_list(decoder, cell, len, field, &st);
        break;
    default:
        said = hgi_inet_decode(cell, len, field);
        break;
    }
    if (said != HGI_DECODED)
        return fail_cell(decoder, i, row, said, err);
    return st == HG_OK ? HG_OK : hgi_nomem(err);
}

/* xmin, or the time that the table keeps; NULL there is no version. */
static void
put_version(const hgi_decoder *decoder, const hgi_cell *xmin, hgi_row *row)
{
    int32_t column = decoder->table->info.version_column;

    if (decoder->with_version) {
        row->row_version = xmin->ptr != NULL && xmin->len == 4 ? hgi_get32(xmin->ptr) : 0;
    } else if (column >= 0 && decoder->columns >> column & 1 && !(row->null_mask >> column & 1)) {
        memcpy(&row->row_version, (const char *)row + decoder->table->info.columns[column].offset, 8);
    }
}

hg_status
hgi_cells_decode(hgi_decoder *decoder, const hgi_cell *cell, void *out, hg_error *err)
{
    hgi_row *row = out;
    int32_t unknown = 0;

    memset(row, 0, decoder->table->info.row_size);
    row->struct_size = decoder->table->info.row_size;
    for (uint64_t left = decoder->columns; left != 0; left &= left - 1, cell++) {
        int32_t i = hgi_first_bit(left);

        if (cell->ptr == NULL) {
            row->null_mask |= HG_BIT(i);
        } else {
            hg_status st = put_cell(decoder, i, cell->ptr, cell->len, row, &unknown, err);

            if (st != HG_OK)
                return st;
        }
    }
    row->loaded_mask = decoder->columns;
    put_version(decoder, cell, row);
    return HG_OK;
}

hg_status
hgi_row_decode(hgi_decoder *decoder, const hgi_result *result, int32_t r, void *out, hg_error *err)
{
    hgi_cell cells[HGI_RESULT_MAX];

    hgi_result_row(result, r, hgi_decoder_cells(decoder), cells);
    return hgi_cells_decode(decoder, cells, out, err);
}
