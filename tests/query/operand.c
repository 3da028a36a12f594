/* operand.c - what columns are compared with: operand_make(). */
#include "query/filter.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What a pattern would read as syntax, and quotes, and nothing. */
static const char *const parts[] = { "", "%", "_", "\\", "a%", "a_", "a\\", "\\%", "%%", "'", "\"", "';", "A", "\u00e4", "zzz",
                                     "\\\\", "$1", "?" };
static const char *const keys[] = { "a", "b", "", "%", "it's", "c", "\\", "a\" ?| \"b" };
static const char *const documents[] = { "{}", "[]", "1", "[1]", "\"a\"", "{\"a\": 1}", "[\"a\"]", "{\"a\": {\"b\": \"c\"}}",
                                         "null", "{\"%\": \"a_b\"}", "[[\"b\"]]", "{\"a\": {\"b\": [\"d\"]}}", "[2, 1]",
                                         "[null]", "{\"it's\": \"\\\\\"}" };
static const struct { const char *const path[2]; size_t count; const char *text; int32_t op; } paths[] = {
    { { "a" },      1, "x", HG_OP_EQ },     { { "a", "b" }, 2, "c", HG_OP_EQ },     { { "a", "b" }, 2, "c", HG_OP_NE },
    { { "%" },      1, "a_b", HG_OP_EQ },   { { "%" },      1, "a%", HG_OP_PREFIX }, { { "%" },     1, "_", HG_OP_CONTAINS },
    { { "it's" },   1, "\\", HG_OP_EQ },    { { "" },       1, "", HG_OP_EQ },      { { "it's" },   1, "\\", HG_OP_CONTAINS },
    { { "none" },   1, "", HG_OP_NE },      { { "a", "b" }, 2, "d", HG_OP_LT },     { { "%" },      1, "a", HG_OP_GE },
};

/* Field of the i-th row from here on that has one. */
static const void *
field_near(const query_rows *rows, int32_t column, size_t i)
{
    for (size_t n = 0; n < rows->count; n++) {
        size_t at = (i + n) % rows->count;

        if (!query_row_is_null(rows, at, column))
            return hgi_field(rows->of, column, query_row(rows, at));
    }
    return NULL;
}

static hg_str_list
some_keys(size_t i)
{
    hg_str *items = fixture_memory(3 * sizeof *items);
    uint8_t *nulls = fixture_memory(1);

    for (size_t k = 0; k < 3; k++)
        items[k] = str_of(keys[(i * 3 + k * k) % COUNT(keys)]);
    nulls[0] = i % 3 == 2 ? 2 : 0;                         /* a NULL in the middle */
    if (nulls[0] != 0)
        items[1] = (hg_str){ NULL, 0 };
    return (hg_str_list){ items, nulls, i % 4 };
}

static int
json_operand(const query_rows *rows, int32_t column, int32_t op, size_t i, operand *out)
{
    hg_str *items;

    switch (op) {
    case HG_OP_HAS_KEY:
        out->value.text = str_of(keys[i % COUNT(keys)]);
        return i < COUNT(keys);
    case HG_OP_HAS_ANY: case HG_OP_HAS_ALL:
        out->value.list = some_keys(i);
        return i < 9;
    case OP_PATH:
        if (i >= COUNT(paths))
            return 0;
        items = fixture_memory(2 * sizeof *items);
        for (size_t k = 0; k < paths[i].count; k++)
            items[k] = str_of(paths[i].path[k]);
        out->path = (hg_str_list){ items, NULL, paths[i].count };
        out->path_op = paths[i].op;
        out->value.text = str_of(paths[i].text);
        return 1;
    default:
        if (i < COUNT(documents)) {
            out->value.text = str_of(documents[i]);
            return 1;
        }
        i -= COUNT(documents);
        if (field_near(rows, column, i) == NULL)
            return 0;
        out->value.text = *(const hg_str *)field_near(rows, column, i);
        return i < 6;
    }
}

static int
list_operand(const query_rows *rows, int32_t column, int32_t op, size_t i, operand *out)
{
    const hg_str_list *list = field_near(rows, column, i);

    if (op != HG_OP_EQ && op != HG_OP_NE && i >= 8) {
        out->value.list = some_keys(i);
        return i < 14;
    }
    if (list != NULL)
        out->value.list = *list;
    return list != NULL && i < 8;
}

static int
text_operand(const query_rows *rows, int32_t column, int32_t op, size_t i, operand *out)
{
    const hg_str *text = field_near(rows, column, i * 3);
    char *large;

    if (op == HG_OP_PREFIX || op == HG_OP_CONTAINS) {
        if (i < COUNT(parts)) {
            out->value.text = str_of(parts[i]);
            return 1;
        }
        i -= COUNT(parts);
    }
    if (i == 6) {                                          /* 10 kB of what would be syntax */
        large = fixture_memory(10001);
        for (size_t n = 0; n < 10000; n++)
            large[n] = "%_\\'"[n % 4];
        out->value.text = str_of(large);
        return 1;
    }
    if (i == 7) {
        out->value.text = (hg_str){ NULL, 0 };             /* Go's empty string */
        return 1;
    }
    if (text != NULL)
        out->value.text = *text;
    return text != NULL && i < 8;
}

int
operand_make(const query_rows *rows, int32_t column, int32_t op, size_t i, operand *out)
{
    const hg_column_info *info = &rows->of->info.columns[column];
    const void *field = field_near(rows, column, i * 5);

    memset(out, 0, sizeof *out);
    if (op == OP_IS_NULL || op == OP_IS_NOT_NULL)
        return i == 0;
    switch (info->kind) {
    case HG_KIND_TEXT:      return text_operand(rows, column, op, i, out);
    case HG_KIND_JSON:      return json_operand(rows, column, op, i, out);
    case HG_KIND_TEXT_LIST: return list_operand(rows, column, op, i, out);
    default:                break;
    }
    if (field == NULL || i >= 6)
        return 0;
    memcpy(&out->value, field, hgi_kind_size(info->kind));
    return 1;
}
