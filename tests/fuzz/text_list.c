/* text_list.c - fuzzes text[]: the input as a cell of the server, and as an array literal.
 *
 * A list that decodes comes back from its own bytes; one of legal texts also from its literal. */
#include "require.h"

#include "value/value.h"

static void
require_same(const hg_str_list *a, const hg_str_list *b)
{
    REQUIRE(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        REQUIRE(hgi_text_list_is_null(a, i) == hgi_text_list_is_null(b, i));
        REQUIRE(a->items[i].len == b->items[i].len);
        REQUIRE(a->items[i].len == 0 ||
                memcmp(a->items[i].ptr, b->items[i].ptr, a->items[i].len) == 0);
        REQUIRE(hgi_text_list_is_null(b, i) || b->items[i].ptr[b->items[i].len] == '\0');
    }
}

static void
come_back_from_bytes(const hg_str_list *list)
{
    hgi_buffer bytes = { 0 };
    hg_str_list back;
    hgi_arena arena;
    size_t size;
    char *memory;

    hgi_text_list_encode(list, &bytes);
    REQUIRE(!bytes.failed && hgi_text_list_size(bytes.ptr, bytes.len, &size) == HGI_DECODED);
    memory = malloc(size + 1);
    arena = (hgi_arena){ .next = memory, .end = memory + size };
    REQUIRE(hgi_text_list_decode(bytes.ptr, bytes.len, &arena, &back) == HGI_DECODED);
    require_same(list, &back);
    free(memory);
    hgi_buffer_free(&bytes);
}

static void
come_back_from_literal(const hg_str_list *list)
{
    hg_text *text;
    hg_str_list back;
    size_t size;
    void *memory;

    REQUIRE(hg_str_list_to_text(list, &text, NULL) == HG_OK);
    size = 17 * hg_text_len(text) + 64;
    memory = malloc(size);
    REQUIRE(hg_str_list_parse(hg_text_ptr(text), hg_text_len(text), memory, size, &back, NULL) ==
            HG_OK);
    require_same(list, &back);
    free(memory);
    hg_text_free(text);
}

static void
decode_cell(const uint8_t *data, size_t size)
{
    char *cell = malloc(size + 1);      /* with libpq's NUL byte, and changed by decoding */
    hg_str_list list;
    char problem[64];
    size_t memory_size;
    hgi_arena arena;
    char *memory;

    memcpy(cell, data, size);
    cell[size] = '\0';
    if (hgi_text_list_size(cell, size, &memory_size) == HGI_DECODED) {
        memory = malloc(memory_size > 0 ? memory_size : 1);
        arena = (hgi_arena){ .next = memory, .end = memory + memory_size };
        if (hgi_text_list_decode(cell, size, &arena, &list) == HGI_DECODED) {
            come_back_from_bytes(&list);
            if (hgi_text_list_check(&list, problem, sizeof problem) == NULL)
                come_back_from_literal(&list);
        }
        free(memory);
    }
    free(cell);
}

static void
parse_literal(const char *text, size_t len)
{
    size_t size = 17 * len + 64;        /* always enough, says core.h */
    void *memory = malloc(size);
    hg_str_list list;
    hg_error err;

    if (hg_str_list_parse(text, len, memory, size, &list, &err) == HG_OK) {
        come_back_from_bytes(&list);
        come_back_from_literal(&list);
    } else {
        REQUIRE(err.status == HG_E_INVALID && memcmp(err.message, "the list needs", 14) != 0);
    }
    free(memory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    decode_cell(data, size);
    parse_literal((const char *)data, size);
    return 0;
}
