/* text_list.c - text[]: binary and PostgreSQL's array literal.
 *
 * Binary, as array_send in the server writes it:
 *
 *   0    4   ndim: 0 for an empty array, else the number of dimensions
 *   4    4   1 if an element may be NULL, else 0
 *   8    4   type of the elements: 25, text, or 1043, varchar
 *   12   4   elements              \ once for each
 *   16   4   index of the first    / dimension
 *   20   ... each element: 4 bytes of length, -1 for NULL; then that many bytes
 *
 * The index of the first element is 1 unless someone wrote '[2:3]={x,y}'; a list has no such
 * thing and drops it.
 *
 * Decoding is in place, without a copy of a text:
 *
 *   cell    ... 0001 'a' 0002 'b' 'c' NUL of libpq
 *                     |    ^ first byte of the next length becomes the NUL byte behind 'a',
 *                     |      after that length has been read
 *                     items[0].ptr
 *
 * memory holds the items, then the null bits if the array says that it has any. */
#include "value/value.h"
#include "value/value_int.h"

enum {
    HGI_ARRAY_EMPTY = 12,               /* bytes of an array without dimensions */
    HGI_ARRAY_HEAD = 20,                /* bytes in front of the elements of a list */
    HGI_ARRAY_DIMENSIONS_MAX = 6,       /* MAXDIM of the server */
    HGI_ARRAY_BYTES_MAX = 0x3FFFFFFF    /* MaxAllocSize of the server, 1 GiB - 1 */
};

/* What a cell's head says. */
typedef struct array_head {
    size_t count;
    int    has_nulls;
} array_head;

static inline hgi_decoded
read_head(const char *cell, size_t len, array_head *head)
{
    uint32_t dimensions, flags, type, count;

    *head = (array_head){ 0 };
    if (len < HGI_ARRAY_EMPTY)
        return HGI_MALFORMED;
    dimensions = hgi_get32(cell);
    flags = hgi_get32(cell + 4);
    type = hgi_get32(cell + 8);
    if (dimensions > HGI_ARRAY_DIMENSIONS_MAX || flags > 1 ||
        (type != HGI_OID_TEXT && type != HGI_OID_VARCHAR))
        return HGI_MALFORMED;
    if (dimensions == 0)
        return len == HGI_ARRAY_EMPTY ? HGI_DECODED : HGI_MALFORMED;
    if (dimensions > 1)
        return HGI_OUT_OF_RANGE;
    if (len < HGI_ARRAY_HEAD)
        return HGI_MALFORMED;
    count = hgi_get32(cell + 12);
    /* Each element has 4 bytes at least: a count that lies cannot ask for more memory than four
     * times the cell. */
    if (count > (len - HGI_ARRAY_HEAD) / 4 || (count == 0 && len != HGI_ARRAY_HEAD))
        return HGI_MALFORMED;
    head->count = count;
    head->has_nulls = flags == 1;
    return HGI_DECODED;
}

/* Bytes of the null bits, whole words of them so that what follows is aligned. */
static size_t
null_bytes(size_t count)
{
    return (count + 63) / 64 * 8;
}

static inline size_t
memory_of(const array_head *head)
{
    return head->count * sizeof(hg_str) + (head->has_nulls ? null_bytes(head->count) : 0);
}

hgi_decoded
hgi_text_list_size(const char *cell, size_t len, size_t *size)
{
    array_head head;
    hgi_decoded decoded = read_head(cell, len, &head);

    *size = memory_of(&head);
    return decoded;
}

/* Points items into the cell and ends each text: the first byte of a length, once it has been read, is where the text before
 * ends. nulls is NULL if the head says that none is NULL. */
static hgi_decoded
decode_elements(char *at, const char *end, size_t count, hg_str *items, uint8_t *nulls)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t size;

        if (end - at < 4)
            return HGI_MALFORMED;
        size = hgi_get32(at);
        *at = '\0';
        at += 4;
        if (size <= (size_t)(end - at)) {
            items[i] = (hg_str){ at, size };
            at += size;
        } else if (size == UINT32_MAX && nulls != NULL) {
            items[i] = (hg_str){ NULL, 0 };
            nulls[i / 8] = (uint8_t)(nulls[i / 8] | 1 << i % 8);
        } else {
            return HGI_MALFORMED;
        }
    }
    return at == end ? HGI_DECODED : HGI_MALFORMED;
}

hgi_decoded
hgi_text_list_decode(char *cell, size_t len, hgi_arena *memory, hg_str_list *out)
{
    array_head head;
    hgi_decoded decoded = read_head(cell, len, &head);
    uint8_t *nulls = NULL;
    hg_str *items;

    *out = (hg_str_list){ 0 };
    if (decoded != HGI_DECODED || head.count == 0)
        return decoded;
    items = hgi_arena_alloc(memory, memory_of(&head));
    if (items == NULL)
        return HGI_NO_MEMORY;
    if (head.has_nulls) {
        nulls = (uint8_t *)(items + head.count);
        memset(nulls, 0, null_bytes(head.count));
    }
    decoded = decode_elements(cell + HGI_ARRAY_HEAD, cell + len, head.count, items, nulls);
    if (decoded == HGI_DECODED)
        *out = (hg_str_list){ items, nulls, head.count };
    return decoded;
}

int
hgi_text_list_is_null(const hg_str_list *value, size_t i)
{
    return value->nulls != NULL && (value->nulls[i / 8] >> i % 8 & 1) != 0;
}

/* A phrase about one element: "element 3 is not UTF-8". */
static const char *
element_problem(size_t i, const char *problem, char *buf, size_t buf_size)
{
    char text[64] = "element ";
    char *at = hgi_text_digits(text + 8, i, 1);

    *at++ = ' ';
    if (strlen(problem) >= (size_t)(text + sizeof text - at))
        return problem;
    memcpy(at, problem, strlen(problem) + 1);
    return hgi_text_copy_out(text, strlen(text), buf, buf_size, NULL) == HG_OK ? buf : problem;
}

static const char *
check_element(const hg_str_list *value, size_t i)
{
    const hg_str *item = &value->items[i];

    if (hgi_text_list_is_null(value, i))
        return item->len != 0 ? "is NULL but has a text" : NULL;
    if (item->ptr == NULL)
        return item->len != 0 ? "has a length but no text" : NULL;
    return hgi_text_check(item->ptr, item->len, NULL);
}

const char *
hgi_text_list_check(const hg_str_list *value, char *buf, size_t buf_size)
{
    size_t bytes = HGI_ARRAY_HEAD;

    if (value->count > 0 && value->items == NULL)
        return "has a count but no items";
    for (size_t i = 0; i < value->count; i++) {
        const char *problem = check_element(value, i);

        if (problem != NULL)
            return element_problem(i, problem, buf, buf_size);
        if (value->items[i].len > HGI_ARRAY_BYTES_MAX - 4 - bytes)
            return "is longer than PostgreSQL's 1 GB";
        bytes += 4 + value->items[i].len;
        if (bytes > HGI_ARRAY_BYTES_MAX - 4)
            return "is longer than PostgreSQL's 1 GB";
    }
    return NULL;
}

static void
encode_empty(hgi_buffer *out)
{
    char *at = hgi_buffer_room(out, HGI_ARRAY_EMPTY);

    if (at == NULL)
        return;
    memset(at, 0, 8);
    hgi_put32(at + 8, HGI_OID_TEXT);
}

/* Bytes of the whole array, and whether an element is NULL. */
static size_t
measure(const hg_str_list *value, int *has_nulls)
{
    size_t size = HGI_ARRAY_HEAD;

    *has_nulls = 0;
    for (size_t i = 0; i < value->count; i++) {
        int is_null = hgi_text_list_is_null(value, i);

        size += 4 + (is_null ? 0 : value->items[i].len);
        *has_nulls |= is_null;
    }
    return size;
}

void
hgi_text_list_encode(const hg_str_list *value, hgi_buffer *out)
{
    int has_nulls;
    char *at;

    if (value->count == 0) {
        encode_empty(out);
        return;
    }
    at = hgi_buffer_room(out, measure(value, &has_nulls));
    if (at == NULL)
        return;
    hgi_put32(at, 1);
    hgi_put32(at + 4, (uint32_t)has_nulls);
    hgi_put32(at + 8, HGI_OID_TEXT);
    hgi_put32(at + 12, (uint32_t)value->count);
    hgi_put32(at + 16, 1);
    at += HGI_ARRAY_HEAD;
    for (size_t i = 0; i < value->count; i++) {
        const hg_str *item = &value->items[i];
        int is_null = has_nulls && hgi_text_list_is_null(value, i);

        hgi_put32(at, is_null ? UINT32_MAX : (uint32_t)item->len);
        at += 4;
        if (is_null || item->len == 0)
            continue;
        memcpy(at, item->ptr, item->len);
        at += item->len;
    }
}

/* ---- The literal ----------------------------------------------------------------------------- */

/* array_isspace of the server: no locale's idea of a space. */
static int
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The word in any case, as the server reads it. */
static int
is_null_word(const char *ptr, size_t len)
{
    return len == 4 && (ptr[0] | 0x20) == 'n' && (ptr[1] | 0x20) == 'u' && (ptr[2] | 0x20) == 'l' &&
           (ptr[3] | 0x20) == 'l';
}

/* What array_out of the server quotes. */
static int
needs_quotes(const hg_str *item)
{
    if (item->len == 0 || is_null_word(item->ptr, item->len))
        return 1;
    for (size_t i = 0; i < item->len; i++) {
        char c = item->ptr[i];

        if (c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || is_space(c))
            return 1;
    }
    return 0;
}

/* The runs between the characters that want a backslash are copied whole. */
static void
add_quoted(const hg_str *item, hgi_buffer *out)
{
    size_t start = 0;

    hgi_buffer_add_byte(out, '"');
    for (size_t i = 0; i < item->len; i++) {
        if (item->ptr[i] != '"' && item->ptr[i] != '\\')
            continue;
        hgi_buffer_add(out, item->ptr + start, i - start);
        hgi_buffer_add_byte(out, '\\');
        start = i;
    }
    if (item->len > 0)
        hgi_buffer_add(out, item->ptr + start, item->len - start);
    hgi_buffer_add_byte(out, '"');
}

void
hgi_text_list_literal(const hg_str_list *value, hgi_buffer *out)
{
    hgi_buffer_add_byte(out, '{');
    for (size_t i = 0; i < value->count; i++) {
        const hg_str *item = &value->items[i];

        if (i > 0)
            hgi_buffer_add_byte(out, ',');
        if (hgi_text_list_is_null(value, i))
            hgi_buffer_add(out, "NULL", 4);
        else if (needs_quotes(item))
            add_quoted(item, out);
        else
            hgi_buffer_add(out, item->ptr, item->len);
    }
    hgi_buffer_add_byte(out, '}');
}

/* One element of a literal as it is written: raw[0..len], and what it comes to. */
typedef struct element {
    const char *raw;
    size_t      len;
    size_t      text_len;       /* bytes without the backslashes */
    int         is_null;
} element;

static const char not_a_list[] = "is not an array literal such as {a,\"b c\",NULL}";

static const char *
skip_space(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* "b c" with its first quote already read. Gives back what is behind the last quote; NULL: there
 * is none. */
static const char *
read_quoted(const char *at, const char *end, element *out)
{
    *out = (element){ .raw = at };
    for (; at < end && *at != '"'; at++) {
        if (*at == '\\' && ++at == end)
            return NULL;
        out->text_len++;
    }
    if (at == end)
        return NULL;
    out->len = (size_t)(at - out->raw);
    return at + 1;
}

/* An element without quotes ends at a comma or brace, and spaces at its end do not count unless
 * a backslash makes one count. NULL: a character that does not belong there. */
static const char *
read_bare(const char *at, const char *end, element *out)
{
    size_t text_len = 0;

    *out = (element){ .raw = at };
    for (; at < end && *at != ',' && *at != '}'; at++) {
        int is_escaped = *at == '\\';

        if (*at == '"' || *at == '{' || (is_escaped && ++at == end))
            return NULL;
        text_len++;
        if (!is_escaped && is_space(*at))
            continue;
        out->len = (size_t)(at + 1 - out->raw);
        out->text_len = text_len;
    }
    if (out->len == 0)
        return NULL;
    /* As in the server, a backslash makes it a text: with one the raw bytes are not the word. */
    out->is_null = is_null_word(out->raw, out->len);
    return at;
}

/* Reads the element at *at and moves *at behind it and the spaces there. NULL, or a phrase. */
static const char *
read_element(const char **at, const char *end, element *out)
{
    const char *start = skip_space(*at, end);
    const char *behind;

    if (start < end && *start == '{')
        return "has more than one dimension";
    if (start < end && *start == '"')
        behind = read_quoted(start + 1, end, out);
    else
        behind = read_bare(start, end, out);
    if (behind == NULL)
        return not_a_list;
    *at = skip_space(behind, end);
    return NULL;
}

/* A literal without its braces and the spaces around them. NULL, or a phrase. */
static const char *
cut_braces(const char **at, const char **end)
{
    *at = skip_space(*at, *end);
    while (*end > *at && is_space((*end)[-1]))
        (*end)--;
    if (*end > *at && **at == '[')
        return "has its own bounds, which a list has not; write {...} without them";
    if (*end - *at < 2 || **at != '{' || (*end)[-1] != '}')
        return not_a_list;
    (*at)++;
    (*end)--;
    return NULL;
}

/* What the elements of a literal need. */
typedef struct literal_size {
    size_t count;
    size_t bytes;               /* texts and their NUL bytes */
    int    has_nulls;
} literal_size;

/* The first pass: checks the whole literal and measures it, so that the second cannot fail.
 * NULL, or a phrase. */
static const char *
measure_literal(const char *at, const char *end, literal_size *size)
{
    *size = (literal_size){ 0 };
    if (skip_space(at, end) == end)
        return NULL;
    for (;;) {
        element next;
        const char *problem = read_element(&at, end, &next);

        if (problem != NULL)
            return problem;
        size->count++;
        size->has_nulls |= next.is_null;
        if (!next.is_null)
            size->bytes += next.text_len + 1;
        if (at == end)
            return NULL;
        if (*at != ',')
            return not_a_list;
        at++;
    }
}

/* Copies an element's text without its backslashes and gives back what is behind its NUL byte. */
static char *
copy_text(const element *from, char *to)
{
    size_t i = 0;

    for (size_t n = 0; n < from->text_len; n++) {
        if (from->raw[i] == '\\')
            i++;
        *to++ = from->raw[i++];
    }
    *to = '\0';
    return to + 1;
}

/* The second pass, over a literal that the first has passed. */
static void
fill_list(const char *at, const char *end, size_t count, hg_str *items, uint8_t *nulls, char *texts)
{
    for (size_t i = 0; i < count; i++) {
        element next;

        (void)read_element(&at, end, &next);
        at++;                   /* the comma, or the end */
        items[i] = (hg_str){ NULL, 0 };
        if (next.is_null) {
            nulls[i / 8] = (uint8_t)(nulls[i / 8] | 1 << i % 8);
            continue;
        }
        items[i] = (hg_str){ texts, next.text_len };
        texts = copy_text(&next, texts);
    }
}

hg_status
hg_str_list_parse(const char *ptr, size_t len, void *memory, size_t size, hg_str_list *out,
                  hg_error *err)
{
    const char *at = len > 0 ? ptr : "";
    const char *end = at + len;
    const char *problem = hgi_text_check(at, len, NULL);
    literal_size literal;
    size_t nulls_size, items_size;
    hg_str *items = memory;
    char *behind_items;

    *out = (hg_str_list){ 0 };
    if (problem == NULL)
        problem = cut_braces(&at, &end);
    if (problem == NULL)
        problem = measure_literal(at, end, &literal);
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the list %s", problem);
    if (literal.count == 0)
        return hgi_ok(err);

    /* Items first, which want to be aligned; then the null bits; then the texts. */
    items_size = literal.count * sizeof(hg_str);
    nulls_size = literal.has_nulls ? null_bytes(literal.count) : 0;
    if (size < items_size + nulls_size + literal.bytes)
        return hgi_fail(err, HG_E_INVALID, -1,
                        "the list needs %zu bytes, and the memory given has %zu",
                        items_size + nulls_size + literal.bytes, size);
    if ((uintptr_t)memory % _Alignof(hg_str) != 0)
        return hgi_fail(err, HG_E_INVALID, -1, "the memory given is not aligned as malloc aligns");
    behind_items = (char *)(items + literal.count);
    memset(behind_items, 0, nulls_size);
    out->items = items;
    out->nulls = nulls_size > 0 ? (uint8_t *)behind_items : NULL;
    out->count = literal.count;
    fill_list(at, end, literal.count, items, (uint8_t *)behind_items, behind_items + nulls_size);
    return hgi_ok(err);
}

hg_status
hg_str_list_to_text(const hg_str_list *value, hg_text **out, hg_error *err)
{
    char problem_memory[64];
    const char *problem = hgi_text_list_check(value, problem_memory, sizeof problem_memory);
    hgi_buffer literal = { 0 };

    *out = NULL;
    if (problem != NULL)
        return hgi_fail(err, HG_E_INVALID, -1, "the list %s", problem);
    hgi_text_list_literal(value, &literal);
    return hgi_text_new(&literal, out, err);
}
