/* json_in.c - JSON as rows for writing: one object, or an array of objects.
 *
 * Members are named as the columns are in the database, and none may be missing in one object of an
 * array that is in another, since a write has one set mask. Nothing is converted through a double:
 * a JSON column gets its member's text as it stands, and numbers are read digit by digit.
 *
 *     uuid, timestamp, date, inet    a string in the type's text form
 *     text, enumerated column        a string
 *     integer, bigint                a number without point or exponent
 *     decimal                        a number without exponent, or a string: "NaN", "12.50"
 *     boolean                        true, false
 *     text list                      an array of strings and nulls
 *     uuid list                      an array of strings
 *     JSON                           anything but null
 *     NULL of any column             null
 *
 * The outer two levels are read here, strictly; each member's value is a slice of the text that
 * hgi_json_check() has passed. So a JSON column may be nested as deep as when it is written alone. */
#include "record/column_text.h"

#include <string.h>

typedef struct reader {
    const hgi_table *table;
    const char      *at;
    const char      *end;
    hg_draft        *draft;
    hg_error        *err;
    int32_t          is_array;
    int32_t          column;          /* of the member being read */
    size_t           object;          /* number of the object being read, from 0 */
    uint64_t         seen;            /* members of this object, */
    uint64_t         expected;        /* and of the first */
    hgi_buffer       text;            /* a string without its escapes; the texts of a list */
    hgi_buffer       ends;            /* of a list of texts: uint64_t each; of one of uuids: they */
    hgi_buffer       nulls;           /* of a list: a bit each */
} reader;

/* ---- Failures: the place and the rule, never the value ------------------------------------------ */

static hg_status
fail_json(const reader *in, const char *problem)
{
    if (in->is_array)
        return hgi_fail(in->err, HG_E_INVALID, -1, "the JSON for %s %s (object %zu)",
                        in->table->info.name, problem, in->object);
    return hgi_fail(in->err, HG_E_INVALID, -1, "the JSON for %s %s", in->table->info.name, problem);
}

static hg_status
fail_member(const reader *in, int32_t column, const char *problem)
{
    const hg_table_info *info = &in->table->info;

    if (!in->is_array)
        return hgi_fail_column(in->err, HG_E_INVALID, in->table, column, problem);
    hgi_fail(in->err, HG_E_INVALID, column, "%s.%s %s (object %zu)", info->name,
             info->columns[column].name, problem, in->object);
    if (in->err != NULL)
        strncpy(in->err->table, info->name, sizeof in->err->table - 1);
    return HG_E_INVALID;
}

/* A name that no column or parameter has is the caller's, and shown as far as it is short. */
static hg_status
fail_name(const reader *in, const char *name, size_t len)
{
    return hgi_fail(in->err, HG_E_INVALID, -1, "%s has no %s %.*s, which the JSON has a member for",
                    in->table->info.name, in->table->info.table < 0 ? "parameter" : "column", (int)hgi_text_cut(name, len, 64), name);
}

/* What the type's own parser said: "the date has something behind the day". */
static hg_status
fail_value(const reader *in, const hg_error *said)
{
    return hgi_column_fail_value(in->err, in->table, in->column, said);
}

/* ---- Slices of the text ------------------------------------------------------------------------- */

static void
skip_space(reader *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\n' || *in->at == '\r' || *in->at == '\t'))
        in->at++;
}

/* Goes on behind c if it is what comes next. */
static int
take(reader *in, char c)
{
    skip_space(in);
    if (in->at == in->end || *in->at != c)
        return 0;
    in->at++;
    return 1;
}

/* The value that begins here. The walk finds where it would end, without knowing whether it is
 * JSON, and the check tells whether it is: of what is not, NULL is not given back. */
static const char *
take_value(reader *in, hg_str *value)
{
    hgi_json_walk walk = { .at = in->at, .end = in->end };
    hg_str none;

    skip_space(in);
    walk.at = in->at;
    if (in->at == in->end)
        return "ends where a value should be";
    if (*in->at == ',' || !hgi_json_next(&walk, &none, value) || value->len == 0)
        return "has something that is no JSON value";
    in->at = walk.at;
    return hgi_json_check(value->ptr, value->len);
}

/* ---- Values ------------------------------------------------------------------------------------- */

/* in->text becomes the string's text. */
static hg_status
unescape(reader *in, const hg_str *value)
{
    hgi_buffer_clear(&in->text);
    hgi_json_unescape(value, &in->text);
    return in->text.failed ? hgi_nomem(in->err) : HG_OK;
}

static hg_status
read_enum(reader *in)
{
    int32_t value = hgi_enum_parse(in->table, in->column, in->text.ptr, in->text.len);

    if (value < 1)
        return fail_member(in, in->column, "is none of the column's values");
    return hg_draft_set_enum(in->draft, in->column, value, in->err);
}

/* A string that holds a value of a type with a text form. */
static hg_status
read_string(reader *in, int32_t kind, const hg_str *value)
{
    const char *ptr;
    hg_timestamp time;
    hg_uuid uuid;
    hg_inet inet;
    hg_date date;
    hg_error said;
    hg_status st;

    if (!hgi_json_is_string(value))
        return fail_member(in, in->column, "is given by a string, which the JSON has not");
    st = unescape(in, value);
    if (st != HG_OK)
        return st;
    ptr = in->text.len > 0 ? in->text.ptr : "";
    switch (kind) {
    case HG_KIND_TEXT:
        return hg_draft_set_text(in->draft, in->column, ptr, in->text.len, in->err);
    case HG_KIND_ENUM:
        return read_enum(in);
    case HG_KIND_UUID:
        st = hg_uuid_parse(ptr, in->text.len, &uuid, &said);
        return st == HG_OK ? hg_draft_set_uuid(in->draft, in->column, &uuid, in->err) : fail_value(in, &said);
    case HG_KIND_TIMESTAMP:
        st = hg_timestamp_parse(ptr, in->text.len, &time, &said);
        return st == HG_OK ? hg_draft_set_time(in->draft, in->column, time, in->err) : fail_value(in, &said);
    case HG_KIND_DATE:
        st = hg_date_parse(ptr, in->text.len, &date, &said);
        return st == HG_OK ? hg_draft_set_date(in->draft, in->column, date, in->err) : fail_value(in, &said);
    default:
        st = hg_inet_parse(ptr, in->text.len, &inet, &said);
        return st == HG_OK ? hg_draft_set_inet(in->draft, in->column, &inet, in->err) : fail_value(in, &said);
    }
}

static int
is_number(const hg_str *value)
{
    return value->ptr[0] == '-' || (value->ptr[0] >= '0' && value->ptr[0] <= '9');
}

static hg_status
read_int(reader *in, const hg_str *value)
{
    int is_wide = in->table->info.columns[in->column].kind == HG_KIND_BIGINT;
    int is_negative = value->ptr[0] == '-';
    int64_t number = 0, most = is_wide ? INT64_MAX : INT32_MAX;
    int is_outside = 0;

    if (!is_number(value))
        return fail_member(in, in->column, "is given by a number, which the JSON has not");
    for (size_t i = (size_t)is_negative; i < value->len; i++) {
        if (value->ptr[i] < '0' || value->ptr[i] > '9')
            return fail_member(in, in->column, "is an integer; write it without point and exponent");
        /* counted down, since there is one more below zero than above */
        if (number < (-most - 1 + (value->ptr[i] - '0')) / 10)
            is_outside = 1;
        if (!is_outside)
            number = number * 10 - (value->ptr[i] - '0');
    }
    if (is_outside || (!is_negative && number < -most))
        return fail_member(in, in->column, is_wide ? "is outside what a bigint can hold"
                                                   : "is outside -2147483648 to 2147483647");
    return hg_draft_set_int(in->draft, in->column, is_negative ? number : -number, in->err);
}

static hg_status
read_bool(reader *in, const hg_str *value)
{
    if (value->ptr[0] != 't' && value->ptr[0] != 'f')
        return fail_member(in, in->column, "is given by true or false, which the JSON has not");
    return hg_draft_set_bool(in->draft, in->column, value->ptr[0] == 't', in->err);
}

static hg_status
read_decimal(reader *in, const hg_str *value)
{
    hg_str text = *value;
    hg_decimal decimal;
    hg_error said;

    if (hgi_json_is_string(value)) {
        hg_status st = unescape(in, value);

        if (st != HG_OK)
            return st;
        text = (hg_str){ in->text.len > 0 ? in->text.ptr : "", in->text.len };
    } else if (!is_number(value)) {
        return fail_member(in, in->column, "is given by a number or a string, which the JSON has not");
    }
    if (hg_decimal_parse(text.ptr, text.len, &decimal, &said) != HG_OK)
        return fail_value(in, &said);
    return hg_draft_set_decimal(in->draft, in->column, &decimal, in->err);
}

/* One element behind the others: its text, its end, and its null bit. */
static void
add_element(reader *in, size_t i, const hg_str *value)
{
    uint64_t end;

    if (i % 8 == 0)
        hgi_buffer_add_byte(&in->nulls, 0);
    if (hgi_json_is_null(value) && !in->nulls.failed)
        in->nulls.ptr[i / 8] = (char)(in->nulls.ptr[i / 8] | 1 << i % 8);
    hgi_json_unescape(value, &in->text);
    end = in->text.len;
    hgi_buffer_add(&in->ends, (const char *)&end, sizeof end);
}

static hg_status
read_list(reader *in, const hg_str *value)
{
    hgi_json_walk walk;
    hg_str none, element;
    size_t count = 0;

    if (!hgi_json_open(&walk, value->ptr, value->len) || walk.is_object)
        return fail_member(in, in->column, "is given by an array of strings, which the JSON has not");
    hgi_buffer_clear(&in->text);
    hgi_buffer_clear(&in->ends);
    hgi_buffer_clear(&in->nulls);
    for (; hgi_json_next(&walk, &none, &element); count++) {
        if (!hgi_json_is_string(&element) && !hgi_json_is_null(&element))
            return fail_member(in, in->column, "has an element that is neither a string nor null");
        add_element(in, count, &element);
    }
    if (in->text.failed || in->ends.failed || in->nulls.failed)
        return hgi_nomem(in->err);
    return hg_draft_set_text_list(in->draft, in->column, in->text.ptr,
                                  (const uint64_t *)(const void *)in->ends.ptr,
                                  (const uint8_t *)in->nulls.ptr, count, in->err);
}

static hg_status
read_uuid_list(reader *in, const hg_str *value)
{
    hgi_json_walk walk;
    hg_str none, element;
    hg_error said;
    size_t count = 0;

    if (!hgi_json_open(&walk, value->ptr, value->len) || walk.is_object)
        return fail_member(in, in->column, "is given by an array of strings, which the JSON has not");
    hgi_buffer_clear(&in->ends);
    for (; hgi_json_next(&walk, &none, &element); count++) {
        hg_uuid uuid;
        hg_status st;

        if (!hgi_json_is_string(&element))
            return fail_member(in, in->column, "has an element that is no string");
        st = unescape(in, &element);
        if (st != HG_OK)
            return st;
        if (hg_uuid_parse(in->text.len > 0 ? in->text.ptr : "", in->text.len, &uuid, &said) != HG_OK)
            return fail_value(in, &said);
        hgi_buffer_add(&in->ends, (const char *)&uuid, sizeof uuid);
    }
    if (in->ends.failed)
        return hgi_nomem(in->err);
    return hg_draft_set_uuid_list(in->draft, in->column, (const hg_uuid *)in->ends.ptr, count, in->err);
}

static hg_status
read_value(reader *in, const hg_str *value)
{
    int32_t kind = in->table->info.columns[in->column].kind;

    if (hgi_json_is_null(value))
        return hg_draft_set_null(in->draft, in->column, in->err);
    switch (kind) {
    case HG_KIND_JSON:
        return hg_draft_set_json(in->draft, in->column, value->ptr, value->len, in->err);
    case HG_KIND_INT:
    case HG_KIND_BIGINT:
        return read_int(in, value);
    case HG_KIND_BOOL:
        return read_bool(in, value);
    case HG_KIND_DECIMAL:
        return read_decimal(in, value);
    case HG_KIND_TEXT_LIST:
        return read_list(in, value);
    case HG_KIND_UUID_LIST:
        return read_uuid_list(in, value);
    default:
        return read_string(in, kind, value);
    }
}

/* ---- Objects ------------------------------------------------------------------------------------ */

/* The column of that name; -1: none. Members mostly come in the columns' order, so the search
 * begins behind the last one that was found. */
static int32_t
find_column(const reader *in, const char *name, size_t len)
{
    const hg_table_info *info = &in->table->info;
    int32_t i = in->column;

    for (int32_t tried = 0; tried < info->column_count; tried++) {
        i = i + 1 < info->column_count ? i + 1 : 0;
        if (strlen(info->columns[i].name) == len && memcmp(info->columns[i].name, name, len) == 0)
            return i;
    }
    return -1;
}

/* A member's name and its colon: in->column. */
static hg_status
read_name(reader *in)
{
    const char *problem;
    hg_str name;
    int32_t column;
    hg_status st;

    skip_space(in);
    if (in->at == in->end || *in->at != '"')
        return fail_json(in, "has an object with a member without a name");
    problem = take_value(in, &name);
    if (problem == NULL && !take(in, ':'))
        problem = "has a member's name without a colon behind it";
    if (problem != NULL)
        return fail_json(in, problem);
    st = unescape(in, &name);
    if (st != HG_OK)
        return st;
    column = find_column(in, in->text.len > 0 ? in->text.ptr : "", in->text.len);
    if (column < 0)
        return fail_name(in, in->text.len > 0 ? in->text.ptr : "", in->text.len);
    if (in->seen >> column & 1)
        return fail_member(in, column, "is a member of the JSON twice");
    in->column = column;
    in->seen |= HG_BIT(column);
    return HG_OK;
}

static hg_status
read_member(reader *in)
{
    const char *problem;
    hg_str value;
    hg_status st = read_name(in);

    if (st != HG_OK)
        return st;
    problem = take_value(in, &value);
    return problem == NULL ? read_value(in, &value) : fail_member(in, in->column, problem);
}

/* Every object of an array must have what the first has. */
static hg_status
check_members(reader *in)
{
    uint64_t other = in->seen ^ in->expected;

    if (in->object == 0) {
        in->expected = in->seen;
        return HG_OK;
    }
    if (other == 0)
        return HG_OK;
    return fail_member(in, hgi_first_bit(other),
                       in->seen & other & (~other + 1)
                           ? "is a member of this object, but not of the first"
                           : "is not a member of this object, but of the first");
}

static hg_status
read_object(reader *in)
{
    hg_status st = HG_OK;

    if (!take(in, '{'))
        return fail_json(in, in->at == in->end ? "ends where an object should be"
                                               : "has something other than an object");
    in->column = -1;
    in->seen = 0;
    if (take(in, '}'))
        return check_members(in);
    do
        st = read_member(in);
    while (st == HG_OK && take(in, ','));
    if (st != HG_OK)
        return st;
    if (!take(in, '}'))
        return fail_json(in, in->at == in->end ? "ends inside an object"
                                               : "has a value without a comma or an end behind it");
    return check_members(in);
}

/* ---- The document ------------------------------------------------------------------------------- */

static hg_status
read_array(reader *in)
{
    hg_status st = HG_OK;

    in->is_array = 1;
    if (take(in, ']'))
        return fail_json(in, "is an empty array; it takes one object at least");
    do {
        if (in->object > 0)
            st = hg_draft_next_row(in->draft, in->err);
        if (st == HG_OK)
            st = read_object(in);
        in->object++;
    } while (st == HG_OK && take(in, ','));
    if (st == HG_OK && !take(in, ']'))
        st = fail_json(in, in->at == in->end ? "ends inside an array"
                                             : "has an object without a comma or an end behind it");
    return st;
}

static hg_status
read_document(reader *in)
{
    hg_status st;

    skip_space(in);
    if (in->at == in->end)
        return fail_json(in, "is empty");
    st = take(in, '[') ? read_array(in) : read_object(in);
    if (st != HG_OK)
        return st;
    in->is_array = 0;
    skip_space(in);
    return in->at == in->end ? hgi_ok(in->err) : fail_json(in, "has something behind its end");
}

hg_status
hgi_draft_from_json(hg_draft *draft, const char *ptr, size_t len, hg_draft **out, hg_error *err)
{
    reader in = { .table = hgi_draft_table(draft), .draft = draft, .err = err };
    hg_status st;

    *out = NULL;
    if (ptr == NULL && len > 0) {
        hg_draft_free(draft);
        return hgi_fail(err, HG_E_INVALID, -1, "the JSON is NULL");
    }
    in.at = len > 0 ? ptr : "";
    in.end = in.at + len;
    st = read_document(&in);
    if (st == HG_OK) {
        *out = in.draft;
        in.draft = NULL;                             /* the caller's now */
    }
    hgi_buffer_free(&in.text);
    hgi_buffer_free(&in.ends);
    hgi_buffer_free(&in.nulls);
    hg_draft_free(in.draft);
    return st;
}

hg_status
hgi_row_from_json(const hgi_table *table, const char *ptr, size_t len, hg_draft **out, hg_error *err)
{
    hg_draft *draft;

    if (out == NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "out is NULL");
    *out = NULL;
    draft = hgi_draft_new(table);
    return draft != NULL ? hgi_draft_from_json(draft, ptr, len, out, err) : hgi_nomem(err);
}
