/* answer.c - whether a value passes a filter, computed in C from the rows as they were read: filter_answer().
 *
 * Source of each rule: PostgreSQL's own function, named beside it. JSON is parsed by cJSON. Texts are ordered by their
 * bytes, which holds where the database's collation is C or C.UTF-8: is_byte_order(). */
#include "query/filter.h"

#include <cjson/cJSON.h>
#include <string.h>

static int
sign_holds(int32_t op, int sign)
{
    switch (op) {
    case HG_OP_EQ: return sign == 0;
    case HG_OP_NE: return sign != 0;
    case HG_OP_LT: return sign < 0;
    case HG_OP_LE: return sign <= 0;
    case HG_OP_GT: return sign > 0;
    default:       return sign >= 0;
    }
}

static int
sign_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* ---- Text ------------------------------------------------------------------------------------------------------------------ */

static int
compare_texts(const hg_str *a, const hg_str *b)
{
    size_t shorter = a->len < b->len ? a->len : b->len;
    int sign = shorter > 0 ? memcmp(a->ptr, b->ptr, shorter) : 0;

    return sign != 0 ? sign : sign_of((int64_t)a->len, (int64_t)b->len);
}

static int
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int
contains_text(const hg_str *a, const hg_str *b)
{
    for (size_t at = 0; at + b->len <= a->len; at++) {
        size_t i = 0;

        while (i < b->len && lower(a->ptr[at + i]) == lower(b->ptr[i]))
            i++;
        if (i == b->len)
            return 1;
    }
    return 0;
}

static int
text_passes(int32_t op, const hg_str *a, const hg_str *b)
{
    if (op == HG_OP_PREFIX)
        return b->len <= a->len && (b->len == 0 || memcmp(a->ptr, b->ptr, b->len) == 0);
    if (op == HG_OP_CONTAINS)
        return contains_text(a, b);
    return sign_holds(op, compare_texts(a, b));
}

/* ---- Numbers and addresses ------------------------------------------------------------------------------------------------ */

/* numeric_cmp: NaN is equal to itself and above all else. */
static int
compare_decimals(const hg_decimal *a, const hg_decimal *b)
{
    __extension__ __int128 x = a->unscaled, y = b->unscaled;

    if (a->kind == HG_DECIMAL_NAN || b->kind == HG_DECIMAL_NAN)
        return (a->kind == HG_DECIMAL_NAN) - (b->kind == HG_DECIMAL_NAN);
    for (int32_t s = a->scale; s < 18; s++)
        x *= 10;
    for (int32_t s = b->scale; s < 18; s++)
        y *= 10;
    return (x > y) - (x < y);
}

/* bitncmp */
static int
compare_bits(const uint8_t *a, const uint8_t *b, int bits)
{
    for (int i = 0; i < bits; i++) {
        int x = a[i / 8] >> (7 - i % 8) & 1, y = b[i / 8] >> (7 - i % 8) & 1;

        if (x != y)
            return x - y;
    }
    return 0;
}

/* network_cmp_internal: family, the bits that both networks have, their lengths, all bits. */
static int
compare_inets(const hg_inet *a, const hg_inet *b)
{
    int shorter = a->prefix < b->prefix ? a->prefix : b->prefix, sign;

    if (a->family != b->family)
        return a->family - b->family;
    sign = compare_bits(a->bytes, b->bytes, shorter);
    if (sign == 0)
        sign = a->prefix - b->prefix;
    return sign != 0 ? sign : compare_bits(a->bytes, b->bytes, a->family == 4 ? 32 : 128);
}

/* network_subeq */
static int
is_within(const hg_inet *a, const hg_inet *b)
{
    return a->family == b->family && a->prefix >= b->prefix && compare_bits(a->bytes, b->bytes, b->prefix) == 0;
}

/* ---- Lists: array_eq takes NULL for equal to NULL, array_contain_compare for equal to nothing -------------------------------- */

static int
lists_equal(const hg_str_list *a, const hg_str_list *b)
{
    if (a->count != b->count)
        return 0;
    for (size_t i = 0; i < a->count; i++) {
        if (hgi_text_list_is_null(a, i) != hgi_text_list_is_null(b, i))
            return 0;
        if (!hgi_text_list_is_null(a, i) && compare_texts(&a->items[i], &b->items[i]) != 0)
            return 0;
    }
    return 1;
}

static int
list_has(const hg_str_list *list, const hg_str *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (!hgi_text_list_is_null(list, i) && compare_texts(&list->items[i], text) == 0)
            return 1;
    return 0;
}

static int
list_passes(int32_t op, const hg_str_list *a, const hg_str_list *b)
{
    size_t had = 0;

    if (op == HG_OP_EQ || op == HG_OP_NE)
        return lists_equal(a, b) == (op == HG_OP_EQ);
    for (size_t i = 0; i < b->count; i++)
        had += !hgi_text_list_is_null(b, i) && list_has(a, &b->items[i]);
    return op == HG_OP_OVERLAPS ? had > 0 : had == b->count;
}

/* ---- JSON ------------------------------------------------------------------------------------------------------------------ */

static int
scalars_equal(const cJSON *a, const cJSON *b)
{
    if (cJSON_IsNumber(a) && cJSON_IsNumber(b))
        return !(a->valuedouble < b->valuedouble) && !(a->valuedouble > b->valuedouble);
    if (cJSON_IsString(a) && cJSON_IsString(b))
        return strcmp(a->valuestring, b->valuestring) == 0;
    return (a->type & 0xff) == (b->type & 0xff) && !cJSON_IsNumber(a) && !cJSON_IsString(a);
}

static int
is_container(const cJSON *a)
{
    return cJSON_IsObject(a) || cJSON_IsArray(a);
}

static int
json_equal(const cJSON *a, const cJSON *b)
{
    const cJSON *x, *y;

    if (!is_container(a) || !is_container(b))
        return !is_container(a) && !is_container(b) && scalars_equal(a, b);
    if (cJSON_IsObject(a) != cJSON_IsObject(b) || cJSON_GetArraySize(a) != cJSON_GetArraySize(b))
        return 0;
    for (x = a->child, y = b->child; x != NULL; x = x->next, y = cJSON_IsArray(a) ? y->next : y) {
        const cJSON *other = cJSON_IsObject(a) ? cJSON_GetObjectItemCaseSensitive(b, x->string) : y;

        if (other == NULL || !json_equal(x, other))
            return 0;
    }
    return 1;
}

/* JsonbDeepContains; and at the top a list contains a bare scalar. */
static int
json_includes(const cJSON *a, const cJSON *b, int top)
{
    const cJSON *x, *y;

    if (!is_container(b)) {
        if (top && cJSON_IsArray(a)) {
            for (x = a->child; x != NULL; x = x->next)
                if (!is_container(x) && scalars_equal(x, b))
                    return 1;
            return 0;
        }
        return !is_container(a) && scalars_equal(a, b);
    }
    if (!is_container(a) || cJSON_IsObject(a) != cJSON_IsObject(b))
        return 0;
    for (y = b->child; y != NULL; y = y->next) {
        int found = 0;

        if (cJSON_IsObject(b)) {
            x = cJSON_GetObjectItemCaseSensitive(a, y->string);
            found = x != NULL && json_includes(x, y, 0);
        } else {
            for (x = a->child; x != NULL && !found; x = x->next)
                found = is_container(x) == is_container(y) && json_includes(x, y, 0);
        }
        if (!found)
            return 0;
    }
    return 1;
}

/* jsonb_exists: a key of an object, a string in a list, or the string itself. */
static int
json_has(const cJSON *a, const hg_str *key)
{
    const char *text = fixture_text("%.*s", (int)key->len, key->len > 0 ? key->ptr : "");

    if (cJSON_IsObject(a))
        return cJSON_GetObjectItemCaseSensitive(a, text) != NULL;
    if (cJSON_IsString(a))
        return strcmp(a->valuestring, text) == 0;
    for (const cJSON *x = cJSON_IsArray(a) ? a->child : NULL; x != NULL; x = x->next)
        if (cJSON_IsString(x) && strcmp(x->valuestring, text) == 0)
            return 1;
    return 0;
}

/* jsonb_exists_any, jsonb_exists_all: NULLs in the list are passed over. */
static int
json_has_of(int32_t op, const cJSON *a, const hg_str_list *keys)
{
    size_t had = 0, asked = 0;

    for (size_t i = 0; i < keys->count; i++) {
        if (hgi_text_list_is_null(keys, i))
            continue;
        asked++;
        had += json_has(a, &keys->items[i]) != 0;
    }
    return op == HG_OP_HAS_ANY ? had > 0 : had == asked;
}

/* #>>: NULL if there is nothing at the path, or JSON's null. -2: the order of what is no string is not foretold here. */
static int
path_passes(const cJSON *a, const operand *with)
{
    hg_str found;

    for (size_t i = 0; a != NULL && i < with->path.count; i++)
        a = cJSON_IsObject(a) ? cJSON_GetObjectItemCaseSensitive(a, fixture_text("%.*s", (int)with->path.items[i].len,
                                                                                   with->path.items[i].ptr))
                              : NULL;
    if (a == NULL || cJSON_IsNull(a))
        return with->path_op == HG_OP_NE ? 1 : -1;
    if (cJSON_IsString(a)) {
        found = str_of(a->valuestring);
    } else {
        ck_assert_msg(cJSON_IsNumber(a) || is_container(a), "the answer knows no such value");
        if (is_container(a))                               /* no operand is a container's text */
            return with->path_op >= HG_OP_LT && with->path_op <= HG_OP_GE ? -2 : with->path_op == HG_OP_NE;
        found = str_of(fixture_text("%g", a->valuedouble));
        if (with->path_op != HG_OP_EQ && with->path_op != HG_OP_NE)
            return -2;
    }
    return text_passes(with->path_op, &found, &with->value.text);
}

static int
json_passes(int32_t op, const hg_json *document, const operand *with)
{
    cJSON *a = cJSON_ParseWithLength(document->ptr, document->len), *b = NULL;
    int passes;

    ck_assert_msg(a != NULL, "no JSON: %s", document->ptr);
    switch (op) {
    case HG_OP_HAS_KEY:
        passes = json_has(a, &with->value.text);
        break;
    case HG_OP_HAS_ANY: case HG_OP_HAS_ALL:
        passes = json_has_of(op, a, &with->value.list);
        break;
    case OP_PATH:
        passes = path_passes(a, with);
        break;
    default:
        b = cJSON_ParseWithLength(with->value.text.ptr, with->value.text.len);
        ck_assert_msg(b != NULL, "no JSON: %s", with->value.text.ptr);
        passes = op == HG_OP_INCLUDES ? json_includes(a, b, 1) : json_equal(a, b) == (op == HG_OP_EQ);
        break;
    }
    cJSON_Delete(a);
    cJSON_Delete(b);
    return passes;
}

/* ---- All -------------------------------------------------------------------------------------------------------------------- */

int
filter_answer(const hg_column_info *column, int32_t op, const void *field, int is_null, const operand *with)
{
    if (op == OP_IS_NULL || op == OP_IS_NOT_NULL)
        return is_null == (op == OP_IS_NULL);
    if (is_null)
        return op == HG_OP_NE || (op == OP_PATH && with->path_op == HG_OP_NE) ? 1 : -1;
    switch (column->kind) {
    case HG_KIND_UUID:      return sign_holds(op, memcmp(field, &with->value.uuid, sizeof(hg_uuid)));
    case HG_KIND_TEXT:      return text_passes(op, field, &with->value.text);
    case HG_KIND_JSON:      return json_passes(op, field, with);
    case HG_KIND_TEXT_LIST: return list_passes(op, field, &with->value.list);
    case HG_KIND_DECIMAL:   return sign_holds(op, compare_decimals(field, &with->value.decimal));
    case HG_KIND_TIMESTAMP: return sign_holds(op, sign_of(*(const hg_timestamp *)field, with->value.time));
    case HG_KIND_INET:      return op == HG_OP_WITHIN ? is_within(field, &with->value.inet)
                                                      : sign_holds(op, compare_inets(field, &with->value.inet));
    default:                return sign_holds(op, sign_of(*(const int32_t *)field, with->value.integer));
    }
}
